"""Do those who rate the objectives agree, and on which pairs do they not?"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Table, Whole
from ..model.families import Family
from ..model.policies import Policy
from ..texts import Text
from .entrance import opened
from .knowledge import measurement
from .rated import kendall_w, rated

__all__ = ["ANALYSIS", "objectives_agreement"]

OVERALL = (
    Output("raters_count", Text("Évaluateurs", "Raters"), "nombre"),
    Output(
        "raters_kendall_w",
        Text("Concordance des évaluateurs (W de Kendall)", "Concordance of the raters (Kendall's W)"),
        "indice",
        better=1,
    ),
    Output("raters_kendall_p", Text("Probabilité d'un tel W au hasard", "Probability of such a W by chance"), "part"),
    Output(
        "raters_opposed_share",
        Text("Part des couples où les signes s'opposent", "Share of pairs where signs are opposed"),
        "part",
        better=-1,
    ),
)
TABLES = (
    Table(
        "desaccords",
        Text("Les couples, du plus au moins disputé", "The pairs, from most to least disputed"),
        (
            Output("objectif_a", Text("Objectif qui agit", "Objective that acts"), "texte"),
            Output("objectif_b", Text("Objectif qui subit", "Objective acted upon"), "texte"),
            Output("moyenne", Text("Note moyenne", "Mean rating"), "note", minimum=None),
            Output("minimum", Text("Plus basse note", "Lowest rating"), "note", minimum=None),
            Output("maximum", Text("Plus haute note", "Highest rating"), "note", minimum=None),
            Output("ecart", Text("Écart", "Spread"), "note"),
            Output("evaluateurs", Text("Évaluateurs du couple", "Raters of the pair"), "nombre"),
        ),
    ),
)


def objectives_agreement(units: gpd.GeoDataFrame, *, note_objectif: pd.DataFrame | None) -> Measurement:
    """Measure how far the raters agree, and list the pairs on which they differ.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    note_objectif : DataFrame or None
        ``objectif_a``, ``objectif_b``, ``note`` (−3 to 3) and ``evaluateur``.

    Returns
    -------
    Measurement
        For the whole territory, the values of the declaration; the table ``desaccords``. The known share is that of the
        pairs that all the raters have rated, among those that one has.

    Raises
    ------
    InvalidValueError
        When ratings are out of −3…3, or given twice.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 9, 9)], index=["1"], crs=2154)
    >>> pairs = {"objectif_a": ["x", "x", "y"] * 2, "objectif_b": ["y", "z", "z"] * 2}
    >>> told = pd.DataFrame(pairs | {"note": [1.0, 2, 3, 3, 2, 1], "evaluateur": ["one"] * 3 + ["two"] * 3})
    >>> objectives_agreement(units, note_objectif=told).overall["raters_kendall_w"].value
    0.0
    """
    units, told = opened(units, note_objectif=note_objectif)
    found = None if told is None else rated(told)
    if found is None or found.by_rater.empty:
        empty = pd.DataFrame(columns=[column.name for column in TABLES[0].columns])
        nothing = {output.name: Whole(float("nan"), 0.0) for output in OVERALL}
        return measurement(units, {}, overall=nothing, tables={"desaccords": empty})
    ratings = found.by_rater
    agreement, probability, pairs = kendall_w(ratings)
    several = ratings.notna().sum(axis="columns") > 1
    opposed = (ratings.min(axis="columns") < 0) & (ratings.max(axis="columns") > 0)
    known, compared = pairs / len(ratings), float(several.mean())
    told_of = known if agreement == agreement else 0.0
    overall = {
        "raters_count": Whole(float(ratings.shape[1]), 1.0),
        "raters_kendall_w": Whole(agreement, told_of),
        "raters_kendall_p": Whole(probability, told_of),
        "raters_opposed_share": Whole(float(opposed[several].mean()) if compared else float("nan"), compared),
    }
    return measurement(units, {}, overall=overall, tables={"desaccords": _table(ratings)})


def _table(ratings: pd.DataFrame) -> pd.DataFrame:
    low, high = ratings.min(axis="columns"), ratings.max(axis="columns")
    table = pd.DataFrame(
        {
            "objectif_a": ratings.index.get_level_values(0).astype(str),
            "objectif_b": ratings.index.get_level_values(1).astype(str),
            "moyenne": ratings.mean(axis="columns").to_numpy(),
            "minimum": low.to_numpy(),
            "maximum": high.to_numpy(),
            "ecart": (high - low).to_numpy(),
            "evaluateurs": ratings.notna().sum(axis="columns").to_numpy(dtype=float),
        }
    )
    order = ["ecart", "objectif_a", "objectif_b"]
    return table.sort_values(order, ascending=[False, True, True], kind="stable", ignore_index=True)


ANALYSIS = Declaration(
    id="objectives_agreement",
    title=Text("Objectifs : accord des évaluateurs", "Objectives: agreement of the raters"),
    summary=Text(
        "Ceux qui notent les objectifs sont-ils d'accord, et sur quels couples ne le sont-ils pas ?",
        "Do those who rate the objectives agree, and on which pairs do they not?",
    ),
    policies=tuple(Policy),
    family=Family.GOUVERNANCE,
    inputs=(Input("note_objectif"),),
    outputs=(),
    overall=OVERALL,
    tables=TABLES,
    formula=Text(
        "Chaque évaluateur range les couples que tous ont notés ; W = 12 S ÷ (m² (n³ − n) − m Σ T), S étant la somme "
        "des carrés des écarts des sommes de rangs, m les évaluateurs, n les couples, T = Σ (t³ − t) pour les ex "
        "aequo de chacun. p : khi-deux de m (n − 1) W à n − 1 degrés. Exemple : deux évaluateurs rangent trois "
        "couples dans le même ordre : W = 1 ; en ordre inverse : W = 0.",
        "Each rater ranks the pairs that all have rated; W = 12 S ÷ (m² (n³ − n) − m Σ T), S being the sum of squared "
        "deviations of the sums of ranks, m the raters, n the pairs, T = Σ (t³ − t) for the ties of each. p: "
        "chi-square of m (n − 1) W with n − 1 degrees. Example: two raters rank three pairs in the same order: W = 1; "
        "in reverse order: W = 0.",
    ),
    reading=Text(
        "Un W de 0,42 signifie que les évaluateurs rangent les couples d'une façon qui ne s'accorde qu'à moitié ; une "
        "part opposée de 0,2, que sur un couple sur cinq l'un voit une aide où l'autre voit une gêne.",
        "A W of 0.42 means that the raters rank the pairs in ways that agree by half only; an opposed share of 0.2, "
        "that on one pair in five one sees help where another sees hindrance.",
    ),
    limits=Text(
        "W compare des rangs : deux évaluateurs, l'un sévère et l'autre clément, peuvent s'accorder tout à fait. "
        "Seuls les couples notés par tous comptent : la part connue le dit. La probabilité est approchée, et peu sûre "
        "sous sept couples. Un accord n'est pas une preuve.",
        "W compares ranks: two raters, one severe and the other lenient, may agree entirely. Only pairs rated by all "
        "count: the known share says so. The probability is approximate, and little reliable under seven pairs. "
        "Agreement is no proof.",
    ),
    reference="Kendall M. G., Babington Smith B. (1939), The problem of m rankings ; Siegel S., Castellan N. J. "
    "(1988), Nonparametric Statistics for the Behavioral Sciences ; Nilsson et al. (2016), Nature 534.",
    function=objectives_agreement,
    apart=False,
)
