"""What a diagnosis holds, whoever shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd

from .declaration import Declaration
from .territory import Territory

__all__ = ["INDICATOR_COLUMNS", "OVERALL_COLUMNS", "UNANSWERED_COLUMNS", "Results"]

#: Columns of ``indicateurs.csv``.
INDICATOR_COLUMNS = ("indicateur", "code_unite", "valeur", "unite_mesure", "millesime", "part_connue")
#: Columns of ``indicateurs_territoire.csv``: the values of the territory as a whole.
OVERALL_COLUMNS = ("indicateur", "valeur", "unite_mesure", "millesime", "part_connue")
#: Columns of the table of what could not be answered.
UNANSWERED_COLUMNS = ("genre", "id", "titre", "roles_manquants")


@dataclass(frozen=True, eq=False)
class Results:
    """The answers of a diagnosis.

    Attributes
    ----------
    units : GeoDataFrame
        Index ``code_unite``; ``nom_unite``, one column an indicator, geometry, in the territory's CRS.
    indicators : DataFrame
        Long form: :data:`INDICATOR_COLUMNS`.
    overall : DataFrame
        Values of the territory as a whole: :data:`OVERALL_COLUMNS`.
    tables : mapping of str to mapping of str to DataFrame
        The tables of each analysis that has some, by analysis identifier, then by name.
    findings : GeoDataFrame
        One row a finding, with its exact geometry (points, lines or surfaces);
        columns: ``territoire_sig.coherence.engine.FINDING_COLUMNS``.
    matrix, register : DataFrame
        Policies × policies; ranked conflicts.
    maps : mapping of str to GeoDataFrame
        One layer an analysis that draws a map, by analysis identifier; column ``classe``.
    unanswered : DataFrame
        Rules and analyses whose layers are missing: :data:`UNANSWERED_COLUMNS`.
    analyses : tuple of Declaration
        The analyses that were answered.
    record : mapping
        What ``execution.json`` holds.
    """

    territory: Territory
    units: gpd.GeoDataFrame
    indicators: pd.DataFrame
    findings: gpd.GeoDataFrame
    matrix: pd.DataFrame
    register: pd.DataFrame
    maps: Mapping[str, gpd.GeoDataFrame]
    unanswered: pd.DataFrame
    analyses: tuple[Declaration, ...]
    record: Mapping[str, Any]
    overall: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(OVERALL_COLUMNS)))
    tables: Mapping[str, Mapping[str, pd.DataFrame]] = field(default_factory=dict)
