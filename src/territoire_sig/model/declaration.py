"""The declaration of an analysis: one text from which the call, the CLI, QGIS and the documentation come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from ..errors import ParameterError
from ..texts import Text
from .policies import Policy

__all__ = ["Declaration", "Input", "Measurement", "Output", "Parameter", "Table", "Whole"]


@dataclass(frozen=True)
class Input:
    """A layer that the analysis reads, by role. Without a required one, the analysis is not answered."""

    role: str
    required: bool = True
    text: Text | None = None


@dataclass(frozen=True)
class Parameter:
    """A number that the user may change."""

    name: str
    text: Text
    unit: str
    default: float
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class Output:
    """A column of the result: one value a unit, or one for the whole territory, or one a row of a table.

    ``unit`` is ``"part"`` for a share in [0, 1], or ``"m2"``, ``"m"``, ``"nombre"``, ``"habitants"``, ``"min"``…;
    ``"texte"`` for the words of a table. ``better`` tells whether a high value is good (+1), bad (-1) or neither (0):
    maps take their colours from it. ``minimum`` is the lowest value there can be; None where there is no bound.
    """

    name: str
    text: Text
    unit: str
    better: int = 0
    minimum: float | None = 0.0


@dataclass(frozen=True)
class Table:
    """A table of the result that is not one row a unit: the points of a curve, one row an action of the plan…"""

    name: str
    text: Text
    columns: tuple[Output, ...]


@dataclass(frozen=True)
class Whole:
    """A value of the territory as a whole, with the share (0 to 1) of it that the data reach; NaN is unknown."""

    value: float
    known_share: float


@dataclass(frozen=True, eq=False)
class Measurement:
    """What an analysis returns.

    Attributes
    ----------
    values : DataFrame
        Indexed like the units; one column per declared output; NaN is unknown.
    known_share : DataFrame
        Same shape as `values`: the share of the unit that the data reach, in [0, 1].
    map : GeoDataFrame, optional
        A layer to draw, with column ``classe`` and what the analysis wants to show.
    overall : mapping of str to Whole
        One value of the whole territory for each output of :attr:`Declaration.overall`.
    tables : mapping of str to DataFrame
        One table for each of :attr:`Declaration.tables`, with its declared columns.
    """

    values: pd.DataFrame
    known_share: pd.DataFrame
    map: gpd.GeoDataFrame | None = None
    overall: Mapping[str, Whole] = field(default_factory=dict)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)


@dataclass(frozen=True)
class Declaration:
    """An analysis: identifier, texts, policies crossed, inputs, parameters, outputs, reference, function.

    ``outputs`` has one column a unit, ``overall`` one value for the whole territory; one of the two may be empty.

    ``one_of``: groups of optional roles of which at least one must be there for the analysis to be answered.

    ``function(units, *, <role>=layer…, <parameter>=value…) -> Measurement``: each input is passed under the name
    of its role (``None`` for an optional one that is absent), each parameter under its own.
    """

    id: str
    title: Text
    summary: Text
    policies: tuple[Policy, ...]
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    formula: Text
    reading: Text
    limits: Text
    reference: str
    function: Callable[..., Measurement]
    parameters: tuple[Parameter, ...] = ()
    map_classes: Mapping[str, tuple[Text, str]] = field(default_factory=dict)
    one_of: tuple[tuple[str, ...], ...] = ()
    overall: tuple[Output, ...] = ()
    tables: tuple[Table, ...] = ()

    def missing(self, roles: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the required roles that `roles` lacks; a group of :attr:`one_of` as ``"cable|site_mobile"``."""
        alone = [need.role for need in self.inputs if need.required and need.role not in roles]
        groups = ["|".join(group) for group in self.one_of if not any(role in roles for role in group)]
        return (*alone, *groups)

    def checked_parameters(self, given: Mapping[str, Any]) -> dict[str, float]:
        """Return every parameter with its value: the given one, checked, or the default.

        Raises
        ------
        ParameterError
            When a given value is not a number within its bounds.
        """
        return {
            parameter.name: _checked(self.id, parameter, given.get(parameter.name)) for parameter in self.parameters
        }

    def to_dict(self) -> dict[str, Any]:
        """Return every field as JSON can hold it: each text as ``{"fr": …, "en": …}``, the function left out."""
        return {item.name: _plain(getattr(self, item.name)) for item in fields(self) if item.name != "function"}

    def __call__(self, units: gpd.GeoDataFrame, *, layers: Mapping[str, Any], **parameters: float) -> Measurement:
        """Measure `units` with `layers` (frames by role); unknown parameters are refused.

        Raises
        ------
        ParameterError
            When a required layer is absent, or a parameter unknown or out of bounds.
        """
        absent, known = self.missing(layers), {parameter.name for parameter in self.parameters}
        if absent:
            raise ParameterError(
                Text(f"{self.id} : il manque {', '.join(absent)}", f"{self.id}: {', '.join(absent)} missing"),
                Text("ajoutez une couche de ce rôle.", "add a layer of that role."),
            )
        if unknown := set(parameters) - known:
            raise ParameterError(
                Text(
                    f"{self.id} : paramètre inconnu {', '.join(sorted(unknown))}",
                    f"{self.id}: unknown parameter {', '.join(sorted(unknown))}",
                ),
                Text(
                    f"paramètres admis : {', '.join(sorted(known)) or '-'}.",
                    f"accepted: {', '.join(sorted(known)) or '-'}.",
                ),
            )
        inputs = {need.role: layers.get(need.role) for need in self.inputs}
        return self.function(units, **inputs, **self.checked_parameters(parameters))


def _checked(analysis: str, parameter: Parameter, value: Any) -> float:
    if value is None:
        return parameter.default
    low, high = parameter.minimum, parameter.maximum
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or value != value or (low is not None and value < low) or (high is not None and value > high):
        raise ParameterError(
            Text(
                f"{analysis} : «{parameter.name}» vaut «{value}» ; attendu : de {low} à {high} ({parameter.unit})",
                f"{analysis}: «{parameter.name}» is «{value}»; expected: from {low} to {high} ({parameter.unit})",
            ),
            Text(f"valeur par défaut : {parameter.default}.", f"default: {parameter.default}."),
        )
    return float(value)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
