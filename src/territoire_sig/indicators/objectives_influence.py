"""Which objective carries the others, which depends on them, and what their effects on each other come to."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Parameter, Table, Whole
from ..model.families import Family
from ..model.policies import Policy
from ..texts import Text
from .entrance import opened
from .knowledge import measurement
from .rated import Rated, rated, total_influence

__all__ = ["ANALYSIS", "objectives_influence"]

OVERALL = (
    Output("objectives_count", Text("Objectifs notés", "Objectives rated"), "nombre"),
    Output(
        "objectives_mean_rating",
        Text("Note moyenne des couples (de −3 à 3)", "Mean rating of the pairs (from −3 to 3)"),
        "note",
        better=1,
        minimum=-3.0,
    ),
    Output(
        "objectives_conflict_share",
        Text("Part des couples notés négatifs", "Share of the rated pairs that are negative"),
        "part",
        better=-1,
    ),
)
TABLES = (
    Table(
        "objectifs",
        Text(
            "Les objectifs, du plus porteur au plus contrariant", "The objectives, from helping most to hindering most"
        ),
        (
            Output("objectif", Text("Objectif", "Objective"), "texte"),
            Output("politique", Text("Politique", "Policy"), "texte"),
            Output("influence", Text("Influence nette", "Net influence"), "note", minimum=None),
            Output("dependance", Text("Dépendance nette", "Net dependence"), "note", minimum=None),
            Output(
                "influence_totale",
                Text("Influence avec effets de second ordre", "Influence with second-order effects"),
                "note",
                minimum=None,
            ),
            Output("aide", Text("Objectifs qu'il aide", "Objectives that it helps"), "nombre"),
            Output("contrarie", Text("Objectifs qu'il contrarie", "Objectives that it hinders"), "nombre"),
            Output("part_notee", Text("Part de ses couples qui est notée", "Share of its pairs that is rated"), "part"),
        ),
    ),
)
_HALF = 0.5


def objectives_influence(
    units: gpd.GeoDataFrame, *, note_objectif: pd.DataFrame | None, poids_second_ordre: float = _HALF
) -> Measurement:
    """Sum up, for each objective, what it does to the others, what they do to it, and what that does in turn.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    note_objectif : DataFrame or None
        ``objectif_a``, ``objectif_b``, ``note`` (−3 to 3), and optional ``evaluateur``, ``politique_a``,
        ``politique_b``.

    Returns
    -------
    Measurement
        For the whole territory, the values of the declaration; the table ``objectifs``. The known share is that of the
        pairs that someone has rated.

    Raises
    ------
    InvalidValueError
        When ratings are out of −3…3, or given twice.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 9, 9)], index=["1"], crs=2154)
    >>> told = pd.DataFrame({"objectif_a": ["x", "y"], "objectif_b": ["y", "x"], "note": [2.0, -1.0]})
    >>> found = objectives_influence(units, note_objectif=told).tables["objectifs"]
    >>> found[["objectif", "influence", "dependance", "influence_totale"]].values.tolist()
    [['x', 2.0, -1.0, 1.0], ['y', -1.0, 2.0, -2.0]]
    """
    units, told = opened(units, note_objectif=note_objectif)
    found = None if told is None else rated(told)
    if found is None or not len(found.names):
        empty = pd.DataFrame(columns=[column.name for column in TABLES[0].columns])
        nothing = {output.name: Whole(float("nan"), 0.0) for output in OVERALL}
        return measurement(units, {}, overall=nothing, tables={"objectifs": empty})
    values = found.mean[~np.isnan(found.mean)]
    known = found.rated_share
    overall = {
        "objectives_count": Whole(float(len(found.names)), 1.0),
        "objectives_mean_rating": Whole(float(values.mean()), known),
        "objectives_conflict_share": Whole(float((values < 0).mean()), known),
    }
    return measurement(units, {}, overall=overall, tables={"objectifs": _table(found, poids_second_ordre)})


def _table(found: Rated, weight: float) -> pd.DataFrame:
    mean, others = found.mean, max(len(found.names) - 1, 1)
    told, received = ~np.isnan(mean), ~np.isnan(mean.T)
    acts, acted = told.any(axis=1), received.any(axis=1)
    filled = np.nan_to_num(mean)
    table = pd.DataFrame(
        {
            "objectif": found.names,
            "politique": [_policy(found.policies.get(name)) for name in found.names],
            "influence": np.where(acts, filled.sum(axis=1), np.nan),
            "dependance": np.where(acted, filled.sum(axis=0), np.nan),
            "influence_totale": np.where(acts, total_influence(mean, weight), np.nan),
            "aide": (filled > 0).sum(axis=1).astype(float),
            "contrarie": (filled < 0).sum(axis=1).astype(float),
            "part_notee": (told.sum(axis=1) + received.sum(axis=1)) / (2 * others),
        }
    )
    return table.sort_values(["influence", "objectif"], ascending=[False, True], kind="stable", ignore_index=True)


def _policy(value: str | None) -> str:
    return str(Policy(value).text) if value in set(Policy) else (value or "")


ANALYSIS = Declaration(
    id="objectives_influence",
    title=Text("Objectifs : influence et dépendance", "Objectives: influence and dependence"),
    summary=Text(
        "Parmi les objectifs des documents, lesquels portent les autres, et lesquels les contrarient ?",
        "Among the objectives of the documents, which carry the others, and which hinder them?",
    ),
    policies=tuple(Policy),
    family=Family.GOUVERNANCE,
    inputs=(Input("note_objectif"),),
    outputs=(),
    overall=OVERALL,
    tables=TABLES,
    formula=Text(
        "a_ij : ce que l'objectif i fait à l'objectif j, moyenne des évaluateurs, de −3 (annule) à +3 "
        "(indissociable). Influence nette D_i = Σ_j a_ij ; dépendance nette = Σ_j a_ji. Avec les effets de second "
        "ordre : D_i + poids_second_ordre × Σ_j a_ij × D_j. Un couple non noté n'ajoute rien, et se dit. Exemple : x "
        "fait +2 à y, y fait −1 à x : influences 2 et −1 ; au second ordre 2 + 0,5 × 2 × (−1) = 1 et −1 + 0,5 × (−1) "
        "× 2 = −2.",
        "a_ij: what objective i does to objective j, mean of the raters, from −3 (cancels) to +3 (indivisible). Net "
        "influence D_i = Σ_j a_ij; net dependence = Σ_j a_ji. With second-order effects: D_i + poids_second_ordre × "
        "Σ_j a_ij × D_j. A pair that is not rated adds nothing, and is told. Example: x does +2 to y, y does −1 to x: "
        "influences 2 and −1; at second order 2 + 0.5 × 2 × (−1) = 1 and −1 + 0.5 × (−1) × 2 = −2.",
    ),
    reading=Text(
        "Une influence de 4 signifie que l'objectif aide les autres, toutes notes additionnées, bien plus qu'il ne les "
        "contrarie ; une part de couples négatifs de 0,42, que 42 % des couples notés se gênent.",
        "An influence of 4 means that the objective helps the others, all ratings summed, far more than it hinders "
        "them; a share of negative pairs of 0.42, that 42 % of the rated pairs hinder each other.",
    ),
    limits=Text(
        "Des notes sont des avis : voir le désaccord des évaluateurs et la confrontation aux constats. La moyenne "
        "efface les désaccords. Les sommes dépendent du nombre d'objectifs et des couples notés ; l'effet de second "
        "ordre revient en partie sur l'objectif lui-même.",
        "Ratings are opinions: see the disagreement of the raters and the check against findings. The mean hides "
        "disagreements. Sums depend on the number of objectives and of rated pairs; part of the second-order effect "
        "comes back on the objective itself.",
    ),
    reference="Nilsson M., Griggs D., Visbeck M. (2016), Map the interactions between Sustainable Development Goals, "
    "Nature 534 ; Weitz N., Carlsen H., Nilsson M., Skånberg K. (2018), Sustainability Science 13.",
    function=objectives_influence,
    apart=False,
    parameters=(
        Parameter(
            "poids_second_ordre",
            Text("Force des effets de second ordre", "Strength of second-order effects"),
            "rapport",
            _HALF,
            0.0,
            1.0,
        ),
    ),
)
