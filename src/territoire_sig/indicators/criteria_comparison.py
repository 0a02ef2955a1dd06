"""The weights that comparisons of criteria hold, and whether the comparisons agree with each other."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Table, Whole
from ..model.families import Family
from ..model.policies import Policy
from ..texts import Text
from .entrance import opened
from .knowledge import measurement
from .weights import Compared, compared_weights

__all__ = ["ANALYSIS", "criteria_comparison"]

OVERALL = (
    Output("ahp_criteria_count", Text("Critères comparés", "Criteria compared"), "nombre"),
    Output(
        "ahp_consistency_ratio",
        Text("Rapport de cohérence des comparaisons", "Consistency ratio of the comparisons"),
        "rapport",
        better=-1,
    ),
)
TABLES = (
    Table(
        "poids",
        Text("Les poids que les comparaisons contiennent", "The weights that the comparisons hold"),
        (Output("critere", Text("Critère", "Criterion"), "texte"), Output("poids", Text("Poids", "Weight"), "part")),
    ),
)


def criteria_comparison(units: gpd.GeoDataFrame, *, comparaison: pd.DataFrame | None) -> Measurement:
    """Return the weights held by comparisons two by two, and their consistency ratio.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    comparaison : DataFrame or None
        ``critere_a``, ``critere_b``, ``importance``.

    Returns
    -------
    Measurement
        For the whole territory: ``ahp_criteria_count``, ``ahp_consistency_ratio``; the table ``poids``.

    Raises
    ------
    InvalidValueError
        When a pair is missing, or is given twice.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 9, 9)], index=["1"], crs=2154)
    >>> told = pd.DataFrame({"critere_a": ["social"], "critere_b": ["environnement"], "importance": [3.0]})
    >>> criteria_comparison(units, comparaison=told).tables["poids"].round(2).values.tolist()
    [['social', 0.75], ['environnement', 0.25]]
    """
    units, compared = opened(units, comparaison=comparaison)
    if compared is None:
        nothing = {output.name: Whole(float("nan"), 0.0) for output in OVERALL}
        return measurement(units, {}, overall=nothing, tables={"poids": _table(Compared(pd.Series(dtype=float), 0.0))})
    found = compared_weights(compared)
    overall = {
        "ahp_criteria_count": Whole(float(len(found.weights)), 1.0),
        "ahp_consistency_ratio": Whole(found.ratio, 1.0),
    }
    return measurement(units, {}, overall=overall, tables={"poids": _table(found)})


def _table(found: Compared) -> pd.DataFrame:
    ordered = found.weights.sort_index().sort_values(ascending=False, kind="stable")
    return pd.DataFrame({"critere": ordered.index.astype(str), "poids": ordered.to_numpy()})


ANALYSIS = Declaration(
    id="criteria_comparison",
    title=Text("Comparaison des critères (AHP)", "Comparison of criteria (AHP)"),
    summary=Text(
        "Quels poids les comparaisons deux à deux donnent-elles aux critères, et se tiennent-elles entre elles ?",
        "Which weights do comparisons two by two give the criteria, and do they hold together?",
    ),
    policies=tuple(Policy),
    family=Family.GOUVERNANCE,
    inputs=(Input("comparaison"),),
    outputs=(),
    overall=OVERALL,
    tables=TABLES,
    formula=Text(
        "Matrice A : a_ij = importance de i face à j, a_ji = 1 ÷ a_ij. Poids = vecteur propre principal, ramené à une "
        "somme de 1. Indice de cohérence CI = (λmax − n) ÷ (n − 1) ; rapport CR = CI ÷ RI(n), RI étant l'indice moyen "
        "de matrices tirées au hasard (0,58 pour n = 3 ; 0,90 pour 4). Exemple : a vaut 2 b, a vaut 4 c, b vaut 2 c : "
        "poids 4/7, 2/7, 1/7 et CR = 0.",
        "Matrix A: a_ij = importance of i against j, a_ji = 1 ÷ a_ij. Weights = principal eigenvector, its sum brought "
        "to 1. Consistency index CI = (λmax − n) ÷ (n − 1); ratio CR = CI ÷ RI(n), RI being the mean index of random "
        "matrices (0.58 for n = 3; 0.90 for 4). Example: a is worth 2 b, a is worth 4 c, b is worth 2 c: weights 4/7, "
        "2/7, 1/7 and CR = 0.",
    ),
    reading=Text(
        "Un rapport de 0,04 signifie que les comparaisons se contredisent 25 fois moins que des réponses au hasard ; "
        "au-dessus de 0,1, on les revoit.",
        "A ratio of 0.04 means that the comparisons contradict each other 25 times less than random answers; above "
        "0.1, they are looked at again.",
    ),
    limits=Text(
        "Les poids disent une préférence, non un fait. Un rapport bas dit que le juge est constant, non qu'il a "
        "raison. Au-delà d'une quinzaine de critères, l'indice de référence n'est pas établi : comparez des familles.",
        "Weights tell a preference, not a fact. A low ratio says that the judge is constant, not that they are right. "
        "Beyond fifteen criteria or so, the index of reference is not established: compare families.",
    ),
    reference="Saaty T. L. (1980), The Analytic Hierarchy Process, McGraw-Hill ; OECD/JRC (2008), Handbook on "
    "Constructing Composite Indicators, étape 6.",
    function=criteria_comparison,
    apart=False,
)
