"""The answers of a diagnosis, from what each analysis and each rule gave: its tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from ..coherence.engine import FINDING_COLUMNS, Judgement
from ..coherence.rule import Rule
from ..model.declaration import Declaration, Indicators, Measurement
from ..model.results import INDICATOR_COLUMNS, OVERALL_COLUMNS, UNANSWERED_COLUMNS
from ..model.territory import Territory
from ..texts import Text
from .ground import Prepared

__all__ = [
    "indicators_read",
    "indicators_table",
    "overall_table",
    "stacked_findings",
    "unanswered",
    "units_table",
]


def unanswered(
    rules: Sequence[Rule], judgements: Sequence[Judgement], analyses: Sequence[Declaration], prepared: Prepared
) -> pd.DataFrame:
    """Return what was not answered: for want of layers, or of any value in the column that a rule turns on."""
    rows = [("regle", r.id, str(r.titre.text), _named(r.missing(prepared.ground.layers))) for r in rules]
    rows += [("regle", j.rule.id, str(j.rule.titre.text), j.unknown_column) for j in judgements if j.unknown_column]
    rows += [("analyse", a.id, str(a.title), _named(a.missing(prepared.inputs))) for a in analyses]
    return pd.DataFrame(rows, columns=list(UNANSWERED_COLUMNS))


def _named(roles: Sequence[str]) -> str:
    """Return roles as read: «a ; b ou c», the last being two of which one is enough."""
    return " ; ".join(roles).replace("|", str(Text(" ou ", " or ")))


def stacked_findings(judgements: Sequence[Judgement], territory: Territory) -> gpd.GeoDataFrame:
    """Return the findings of every rule, one under the other."""
    frames = [judgement.findings for judgement in judgements if len(judgement.findings)]
    if not frames:
        empty = pd.DataFrame(columns=list(FINDING_COLUMNS))
        return gpd.GeoDataFrame(empty, geometry=gpd.GeoSeries([], crs=territory.crs), crs=territory.crs)
    stacked = pd.concat([frame.astype({"nombre": "Int64"}) for frame in frames], ignore_index=True)
    return gpd.GeoDataFrame(stacked, geometry="geometry", crs=territory.crs)


def units_table(
    units: gpd.GeoDataFrame, analyses: Sequence[Declaration], results: Mapping[str, Measurement]
) -> gpd.GeoDataFrame:
    """Return the units with one column an indicator."""
    columns = [results[analysis.id].values for analysis in analyses]
    joined = pd.concat([units.drop(columns="geometry"), *columns], axis="columns")
    return gpd.GeoDataFrame(joined, geometry=units.geometry, crs=units.crs)


def indicators_table(
    analyses: Sequence[Declaration], results: Mapping[str, Measurement], territory: Territory
) -> pd.DataFrame:
    """Return the indicators of the units in their long form, one row an indicator and a unit."""
    rows = [
        pd.DataFrame(
            {
                "indicateur": output.name,
                "code_unite": results[analysis.id].values.index,
                "valeur": results[analysis.id].values[output.name].to_numpy(dtype=float, na_value=np.nan),
                "unite_mesure": output.unit,
                "millesime": _vintages(analysis, territory),
                "part_connue": results[analysis.id].known_share[output.name].to_numpy(dtype=float, na_value=np.nan),
            }
        )
        for analysis in analyses
        for output in analysis.outputs
    ]
    if not rows:
        return pd.DataFrame(columns=list(INDICATOR_COLUMNS))
    return pd.concat(rows, ignore_index=True)[list(INDICATOR_COLUMNS)]


def _vintages(analysis: Declaration, territory: Territory) -> str:
    layers = [territory.layers[need.role] for need in analysis.inputs if need.role in territory.layers]
    found = {item.vintage for layer in layers for item in layer.provenance if item.vintage}
    return " ; ".join(sorted(found)) or (territory.vintage or "")


def overall_table(
    analyses: Sequence[Declaration], results: Mapping[str, Measurement], territory: Territory
) -> pd.DataFrame:
    """Return the values of the territory as a whole, one row an indicator."""
    rows = [
        (
            output.name,
            results[analysis.id].overall[output.name].value,
            output.unit,
            _vintages(analysis, territory),
            results[analysis.id].overall[output.name].known_share,
        )
        for analysis in analyses
        for output in analysis.overall
    ]
    return pd.DataFrame(rows, columns=list(OVERALL_COLUMNS)).astype({"valeur": float, "part_connue": float})


def indicators_read(
    units: gpd.GeoDataFrame, analyses: Sequence[Declaration], results: Mapping[str, Measurement]
) -> Indicators:
    """Return the indicators of the units, as an analysis that reads those of others takes them."""
    first = [analysis for analysis in analyses if not analysis.reads]
    none = pd.DataFrame(index=units.index)
    return Indicators(
        pd.concat([none, *(results[analysis.id].values for analysis in first)], axis="columns"),
        pd.concat([none, *(results[analysis.id].known_share for analysis in first)], axis="columns"),
        {output.name: output for analysis in first for output in analysis.outputs},
        {output.name: analysis.family for analysis in first for output in analysis.outputs},
    )
