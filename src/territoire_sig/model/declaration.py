"""The declaration of an analysis: one text from which the call, the CLI, QGIS and the documentation come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, TypeAlias

import geopandas as gpd
import pandas as pd

from ..errors import ParameterError
from ..texts import Text
from .families import Family, family_of
from .policies import Policy

__all__ = [
    "READINGS",
    "Declaration",
    "Indicators",
    "Input",
    "Measurement",
    "Output",
    "Parameter",
    "Table",
    "Value",
    "Whole",
]

#: Value of a parameter: a number, or one of its choices.
Value: TypeAlias = float | str
#: What an analysis may read of the results of others: the indicators of the units (:class:`Indicators`), the matrix
#: of located findings by pair of policies.
READINGS = ("indicators", "matrix")


@dataclass(frozen=True)
class Input:
    """A layer that the analysis reads, by role. Without a required one, the analysis is not answered."""

    role: str
    required: bool = True
    text: Text | None = None


@dataclass(frozen=True)
class Parameter:
    """What the user may change: a number, or one of `choices` (word → text), whose unit is ``"choix"``."""

    name: str
    text: Text
    unit: str
    default: Value
    minimum: float | None = None
    maximum: float | None = None
    choices: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True)
class Output:
    """A column of the result: one value a unit, or one for the whole territory, or one a row of a table.

    ``unit`` is ``"part"`` for a share in [0, 1], or ``"m2"``, ``"m"``, ``"nombre"``, ``"habitants"``, ``"min"``…;
    ``"texte"`` for the words of a table. ``better`` tells whether a high value is good (+1), bad (-1) or neither (0):
    maps take their colours from it. ``minimum`` is the lowest value there can be; None where there is no bound.
    ``same_as`` names an output that tells the same thing, or its contrary: where both are told, it alone is a criterion
    of the overall coherence, so that one fact is not counted twice.
    """

    name: str
    text: Text
    unit: str
    better: int = 0
    minimum: float | None = 0.0
    same_as: str = ""


@dataclass(frozen=True)
class Table:
    """A table of the result that is not one row a unit: the points of a curve, one row an action of the plan…

    ``curve``: the rows are the points of curves, whose abscissa is the first column; the report draws them.
    """

    name: str
    text: Text
    columns: tuple[Output, ...]
    curve: bool = False


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


@dataclass(frozen=True, eq=False)
class Indicators:
    """The indicators of the units that other analyses gave: what an analysis that reads ``"indicators"`` is handed.

    Attributes
    ----------
    values, known_share : DataFrame
        Indexed like the units; one column an indicator: see :class:`Measurement`.
    outputs : mapping of str to Output
        The declaration of each column, in the same order.
    families : mapping of str to Family
        The family of the analysis that gave each column.
    """

    values: pd.DataFrame
    known_share: pd.DataFrame
    outputs: Mapping[str, Output]
    families: Mapping[str, Family]


@dataclass(frozen=True)
class Declaration:
    """An analysis: identifier, texts, policies crossed, inputs, parameters, outputs, reference, function.

    ``outputs`` has one column a unit, ``overall`` one value for the whole territory; one of the two may be empty.

    ``one_of``: groups of optional roles of which at least one must be there for the analysis to be answered.

    ``reads``: the results of other analyses and of the rules that this one reads (:data:`READINGS`); it is run after
    them. ``apart``: whether the values of a unit rest on the layers around it alone, so that units may be measured
    apart from one another; False where they rest on other units (ranks, neighbours' means, shares of the territory).

    ``family``: under which the analysis is shown; told from its policies where it is not given.

    ``function(units, *, <role>=layer…, <reading>=results…, <parameter>=value…) -> Measurement``: each input is
    passed under the name of its role (``None`` for an optional one that is absent), each reading and each parameter
    under its own.
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
    reads: tuple[str, ...] = ()
    apart: bool = True
    family: Family = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        object.__setattr__(self, "family", self.family or family_of(self.policies))

    def missing(self, roles: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the required roles that `roles` lacks; a group of :attr:`one_of` as ``"cable|site_mobile"``."""
        alone = [need.role for need in self.inputs if need.required and need.role not in roles]
        groups = ["|".join(group) for group in self.one_of if not any(role in roles for role in group)]
        return (*alone, *groups)

    def checked_parameters(self, given: Mapping[str, Any]) -> dict[str, Value]:
        """Return every parameter with its value: the given one, checked, or the default.

        Raises
        ------
        ParameterError
            When a given value is not a number within its bounds, or not one of the choices.
        """
        return {
            parameter.name: _checked(self.id, parameter, given.get(parameter.name)) for parameter in self.parameters
        }

    def to_dict(self) -> dict[str, Any]:
        """Return every field as JSON can hold it: each text as ``{"fr": …, "en": …}``, the function left out."""
        return {item.name: _plain(getattr(self, item.name)) for item in fields(self) if item.name != "function"}

    def __call__(
        self,
        units: gpd.GeoDataFrame,
        *,
        layers: Mapping[str, Any],
        read: Mapping[str, Any] | None = None,
        **parameters: Value,
    ) -> Measurement:
        """Measure `units` with `layers` (frames by role); unknown parameters are refused.

        Parameters
        ----------
        read : mapping, optional
            The results of others that the analysis reads, by name: see :data:`READINGS`.

        Raises
        ------
        ParameterError
            When a required layer or reading is absent, or a parameter unknown or out of bounds.
        """
        results = dict(read or {})
        absent = (*self.missing(layers), *(name for name in self.reads if name not in results))
        known = {parameter.name for parameter in self.parameters}
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
        readings = {name: results[name] for name in self.reads}
        return self.function(units, **inputs, **readings, **self.checked_parameters(parameters))


def _checked(analysis: str, parameter: Parameter, value: Any) -> Value:
    if value is None:
        return parameter.default
    if parameter.choices:
        return _chosen(analysis, parameter, value)
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


def _chosen(analysis: str, parameter: Parameter, value: Any) -> str:
    if isinstance(value, str) and value in parameter.choices:
        return value
    words = ", ".join(parameter.choices)
    raise ParameterError(
        Text(
            f"{analysis} : «{parameter.name}» vaut «{value}» ; attendu : l'un de {words}",
            f"{analysis}: «{parameter.name}» is «{value}»; expected: one of {words}",
        ),
        Text(f"valeur par défaut : {parameter.default}.", f"default: {parameter.default}."),
    )


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
