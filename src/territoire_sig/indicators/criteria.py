"""The criteria of a composite index: which indicators they are, and the weight of each."""

from __future__ import annotations

import re
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from ..errors import ParameterError
from ..model.declaration import Indicators
from ..texts import Text
from .composite import normalised
from .weights import compared_weights, spread_over, told_weights

__all__ = ["KEPT", "Criteria", "criteria_in_force", "relative"]

#: Units of measure that do not grow with the unit: a count or an area would rank units by their size.
_RELATIVE = re.compile(
    r"part|%|min|points|indice.*|score|note|rapport|années|lieux équivalents|pour 1000.*|µg/m3|dB.*"
    r"|.*/(km2|m2|hab|habitant|1000.*|élève)(/an)?"
)
KEPT = Text("retenu", "kept")
_CONSTANT = Text("écarté : même valeur dans toutes les unités", "set aside: same value in all units")
_NOWHERE = Text("inconnu partout", "unknown everywhere")
_NO_WEIGHT = Text("sans poids", "without weight")
_REPEATED = Text("écarté : redit $other", "set aside: tells again $other")


@dataclass(frozen=True, eq=False)
class Criteria:
    """The criteria in force.

    Attributes
    ----------
    values, scaled : DataFrame
        Where a unit knows enough of a criterion, its value, as it is and brought to [0, 1]; NaN elsewhere.
    reach : DataFrame
        How much each unit knows of each criterion, 0 to 1; 0 where it does not know enough.
    weights : Series
        Their sum is 1 but for what no indicator holds.
    states : Series
        What became of each criterion, in words.
    """

    values: pd.DataFrame
    reach: pd.DataFrame
    scaled: pd.DataFrame
    weights: pd.Series[float]
    states: pd.Series[str]

    @property
    def weighing(self) -> list[str]:
        """The criteria that have a weight."""
        return list(self.weights.index[self.weights > 0])


def relative(unit: str) -> bool:
    """Tell whether a unit of measure does not grow with the size of what is measured.

    Examples
    --------
    >>> relative("part"), relative("nombre/km2"), relative("kWh/m2/an"), relative("habitants"), relative("MWh/an")
    (True, True, True, False, False)
    """
    return _RELATIVE.fullmatch(unit) is not None


def criteria_in_force(
    indicators: Indicators,
    units: gpd.GeoDataFrame,
    told: pd.DataFrame | None,
    compared: pd.DataFrame | None,
    source: str,
    ratio_max: float,
    *,
    known_min: float = 0.0,
    peopled: pd.Series[float] | None = None,
) -> Criteria:
    """Return the criteria with their weights; those of one value only are set aside, and their weight with them.

    A value whose known share is below `known_min` is unknown. Shares are those of the part of each unit that the
    population reaches (`peopled`, 0 to 1; all of it by default): between inhabited squares nothing is to be known.
    """
    better = {name: output.better for name, output in indicators.outputs.items()}
    reach = _reach(indicators, units, peopled)
    known = indicators.values.reindex(units.index).where(reach >= known_min)
    able = [name for name, output in indicators.outputs.items() if output.better and relative(output.unit)]
    repeated = _repeated(indicators, able, known)
    wanted = [name for name in able if name not in repeated]
    asked = _asked_weights(indicators, wanted, told, compared, source, ratio_max)
    named = asked.reindex([name for name in indicators.outputs if name in asked.index or name in able]).fillna(0.0)
    values = known[list(named.index)]
    scaled = normalised(values, better)
    constant = values.notna().any() & scaled.isna().all()
    states = pd.Series(str(KEPT), index=named.index, dtype=object)
    states = states.mask(named <= 0, str(_NO_WEIGHT))
    states.update(pd.Series({name: str(_REPEATED.fill(other=other)) for name, other in repeated.items()}, dtype=object))
    states = states.mask(named > 0, str(KEPT)).mask(values.isna().all(), str(_NOWHERE))
    weights = named.where(~constant, 0.0)
    left = 1.0 - float(named[constant].sum())
    weights = weights / left if left > 0 else weights
    told = reach[list(named.index)].where(values.notna(), 0.0)
    return Criteria(values, told, scaled, weights, states.mask(constant, str(_CONSTANT)))


def _reach(indicators: Indicators, units: gpd.GeoDataFrame, peopled: pd.Series[float] | None) -> pd.DataFrame:
    """Return how much each unit knows of each indicator, out of the part of it that the population reaches."""
    share = indicators.known_share.reindex(index=units.index, columns=indicators.values.columns).astype(float)
    whole = pd.Series(1.0, index=units.index) if peopled is None else peopled.where(peopled > 0, 1.0)
    return share.fillna(0.0).div(whole, axis=0).clip(0, 1)


def _repeated(indicators: Indicators, able: list[str], known: pd.DataFrame) -> dict[str, str]:
    """Return the criteria that tell again what another one, known somewhere, tells."""
    told = {name for name in able if known[name].notna().any()}
    pairs = {name: indicators.outputs[name].same_as for name in able}
    return {name: other for name, other in pairs.items() if other in told}


def _asked_weights(
    indicators: Indicators,
    wanted: list[str],
    told: pd.DataFrame | None,
    compared: pd.DataFrame | None,
    source: str,
    ratio_max: float,
) -> pd.Series[float]:
    """Return the weight of each indicator, as the user wants it to be told."""
    usable = {name: indicators.families[name] for name, output in indicators.outputs.items() if output.better}
    if source == "utilisateur":
        given = told_weights(_needed(told, "ponderation", source))
        return spread_over(given, usable, wanted, layer="ponderation")
    if source == "ahp":
        found = compared_weights(_needed(compared, "comparaison", source), ratio_max=ratio_max).weights
        return spread_over(found, usable, wanted, layer="comparaison")
    if source == "familles":
        there = sorted({indicators.families[name].value for name in wanted})
        return spread_over(pd.Series(1 / max(len(there), 1), index=there), usable, wanted, layer="indicators")
    return pd.Series(1 / max(len(wanted), 1), index=wanted)


def _needed(table: pd.DataFrame | None, role: str, source: str) -> pd.DataFrame:
    if table is not None:
        return table
    raise ParameterError(
        Text(
            f"overall_coherence : «poids» vaut «{source}» et la couche «{role}» manque",
            f"overall_coherence: «poids» is «{source}» and the layer «{role}» is missing",
        ),
        Text(f"ajoutez une table de rôle {role}.", f"add a table of role {role}."),
    )
