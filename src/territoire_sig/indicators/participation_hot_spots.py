"""Hot spots: where do contributions gather, beyond what chance would do?"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Parameter
from ..model.families import Family
from ..model.policies import Policy
from ..texts import Text
from .contributions import inhabitants, placed
from .entrance import opened
from .knowledge import Known, measurement, unknown
from .neighbours import contiguity
from .spatial_association import adjusted, getis_ord_star

__all__ = ["ANALYSIS", "participation_hot_spots"]

_PER = 1_000.0
LEVEL = Parameter(
    "seuil",
    Text(
        "probabilité (corrigée des comparaisons multiples) sous laquelle un amas n'est pas dû au hasard",
        "probability (adjusted for multiple comparisons) under which a cluster is not due to chance",
    ),
    "probabilité",
    default=0.05,
    minimum=0.001,
    maximum=0.2,
)


def participation_hot_spots(
    units: gpd.GeoDataFrame,
    *,
    contribution: gpd.GeoDataFrame | None,
    population: gpd.GeoDataFrame | None,
    seuil: float = 0.05,
) -> Measurement:
    """Find the units that, with those that touch them, make many contributions an inhabitant, or few.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, with ``nom_unite``, projected, in metres.
    contribution : GeoDataFrame or None
        Points, or no geometry and a ``lieu``.
    population : GeoDataFrame or None
        Polygons with ``habitants``.
    seuil : float
        Adjusted p-value under which a unit is a hot or a cold spot.

    Returns
    -------
    Measurement
        ``participation_gi_star`` (z-score, signed) and ``participation_gi_p_share`` (its two-sided p-value under the
        normal law, adjusted for the number of units); NaN where inhabitants are unknown, or none, and everywhere where
        rates do not vary.

    Notes
    -----
    Getis and Ord's Gi* on contributions for 1,000 inhabitants, units that touch weighing 1, the unit itself included.

    References
    ----------
    Ord J. K., Getis A. (1995), Geographical Analysis 27(4).

    Examples
    --------
    >>> import shapely
    >>> shapes = [shapely.box(9 * i, 0, 9 * i + 9, 9) for i in range(4)]
    >>> units = gpd.GeoDataFrame({"nom_unite": list("ABCD")}, geometry=shapes, index=list("ABCD"), crs=2154)
    >>> people = gpd.GeoDataFrame({"habitants": [1000.0] * 4}, geometry=shapes, crs=2154)
    >>> points = gpd.GeoDataFrame(geometry=gpd.points_from_xy([1, 12], [1, 1]), crs=2154)
    >>> found = participation_hot_spots(units, contribution=points, population=people).values
    >>> found["participation_gi_star"].round(3).tolist()
    [1.732, 1.0, -1.0, -1.732]
    """
    units, contribution, population = opened(units, contribution=contribution, population=population)
    if contribution is None or population is None or not len(units):
        return measurement(units, {output.name: unknown(units) for output in OUTPUTS})
    where = placed(units, contribution)
    people, reach = inhabitants(units, population)
    rate = _PER * where.count(units) / people.where(people > 0)
    found = getis_ord_star(rate, contiguity(units), permutations=0)
    score = pd.Series(found["statistic"].to_numpy(), index=units.index)
    probability = pd.Series(adjusted(found["p_normal"]), index=units.index)
    share = (where.known_share * reach).where(score.notna(), 0.0)
    columns = {
        "participation_gi_star": Known(score, share),
        "participation_gi_p_share": Known(probability, share),
    }
    return measurement(units, columns, _drawn(units, score, probability, seuil))


def _drawn(
    units: gpd.GeoDataFrame, score: pd.Series[float], probability: pd.Series[float], level: float
) -> gpd.GeoDataFrame:
    cases = [score.isna(), ~(probability <= level), score > 0]
    told = np.select(cases, ["inconnu", "non_significatif", "point_chaud"], "point_froid")
    return gpd.GeoDataFrame({"code_unite": units.index, "classe": told}, geometry=units.geometry.array, crs=units.crs)


OUTPUTS = (
    Output(
        "participation_gi_star",
        Text("Gi* de la participation (écarts-types)", "Gi* of participation (standard deviations)"),
        "écarts-types",
        minimum=None,
    ),
    Output(
        "participation_gi_p_share",
        Text("Probabilité d'un tel amas par hasard, corrigée", "Probability of such a cluster by chance, adjusted"),
        "part",
    ),
)

ANALYSIS = Declaration(
    id="participation_hot_spots",
    title=Text("Points chauds de la participation", "Hot spots of participation"),
    summary=Text(
        "Où la participation se concentre-t-elle, et où manque-t-elle, au-delà de ce que ferait le hasard ?",
        "Where does participation gather, and where is it lacking, beyond what chance would do?",
    ),
    policies=(Policy.INCLUSION, Policy.NUMERIQUE),
    inputs=(Input("contribution"), Input("population")),
    outputs=OUTPUTS,
    formula=Text(
        "Gi* = (Σj x_j − W x̄) ÷ (s √((n W − W²) ÷ (n − 1))) : x, contributions pour 1 000 habitants ; j, l'unité et "
        "celles qui la touchent, W leur nombre ; x̄ et s, moyenne et écart-type des n unités. La probabilité est "
        "celle, bilatérale, de la loi normale, corrigée par Benjamini et Hochberg. Exemple : quatre unités en ligne, "
        "de taux 1, 1, 0, 0. x̄ = 0,5, s = 0,5 ; première : Σ = 2, W = 2, (2 − 1) ÷ (0,5 × √((8 − 4) ÷ 3)) = 1,73.",
        "Gi* = (Σj x_j − W x̄) ÷ (s √((n W − W²) ÷ (n − 1))): x, contributions for 1,000 inhabitants; j, the unit and "
        "those that touch it, W how many they are; x̄ and s, mean and standard deviation of the n units. The "
        "probability is the two-sided one of the normal law, adjusted after Benjamini and Hochberg. Example: four "
        "units in a row, of rates 1, 1, 0, 0. x̄ = 0.5, s = 0.5; first: Σ = 2, W = 2, (2 − 1) ÷ (0.5 × √((8 − 4) ÷ 3)) "
        "= 1.73.",
    ),
    reading=Text(
        "1,73 signifie que la participation de l'unité et de ses voisines dépasse de 1,73 écart-type ce que donnerait "
        "un tirage au hasard ; au-dessous de 0, elle est plus faible. Un point chaud sur la carte est un amas que le "
        "hasard n'explique guère (probabilité sous le seuil).",
        "1.73 means that the participation of the unit and its neighbours exceeds by 1.73 standard deviations what a "
        "draw at random would give; under 0, it is lower. A hot spot on the map is a cluster that chance hardly "
        "explains (probability under the threshold).",
    ),
    limits=Text(
        "La loi normale n'est qu'approchée : elle demande quelques dizaines d'unités, et un taux d'une unité de peu "
        "d'habitants varie au hasard. Une unité qui touche toutes les autres n'a pas de score : rien ne reste à quoi "
        "la comparer. Un point chaud dit où l'on participe, non qui a raison. "
        "Les habitants d'une unité sont inconnus si la population en couvre moins de la moitié sans qu'un de ses "
        "polygones y soit pour l'essentiel.",
        "The normal law is only close: it needs some tens of units, and the rate of a unit of few inhabitants varies "
        "by chance. A unit that touches all the others has no score: nothing is left to compare it with. A hot spot "
        "tells where people take part, not who is right. "
        "The inhabitants of a unit are unknown where the population covers less than half of it and none of its "
        "polygons lies mainly in it.",
    ),
    reference="Getis A., Ord J. K. (1992), The analysis of spatial association by use of distance statistics, "
    "Geographical Analysis 24(3) ; Ord J. K., Getis A. (1995), Local spatial autocorrelation statistics, Geographical "
    "Analysis 27(4) ; Brown G., Raymond C. M. (2014), Landscape and Urban Planning 122, p. 196-208.",
    function=participation_hot_spots,
    apart=False,
    family=Family.SATISFACTION,
    parameters=(LEVEL,),
    map_classes={
        "point_chaud": (Text("point chaud : participation concentrée", "hot spot: participation gathers"), "#d55e00"),
        "non_significatif": (Text("pas d'amas net", "no clear cluster"), "#cccccc"),
        "point_froid": (Text("point froid : participation faible", "cold spot: low participation"), "#0072b2"),
        "inconnu": (Text("inconnu", "unknown"), "#999999"),
    },
)
