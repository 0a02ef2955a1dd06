"""Clusters of digital fragility: where do fragile units gather, and which stand out among their neighbours?"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Parameter, Whole
from ..model.policies import Policy
from ..texts import Text
from .bounds import bounded
from .draws import PERMUTATIONS, SEED
from .entrance import opened
from .inhabited import inhabited, known_people, mean_by_unit, spread
from .knowledge import Known, measurement, reached_share, unknown
from .neighbours import Neighbours, contiguity, k_nearest
from .spatial_association import adjusted, clusters, local_moran, moran

__all__ = ["ANALYSIS", "fragility_clusters"]

TOUCHING, NEAREST = "contiguite", "plus_proches"
NO_CORRECTION, DISCOVERIES = "aucune", "fausses_decouvertes"
#: Class → code in the column of results.
CODES = {"non_significatif": 0.0, "haut_haut": 1.0, "bas_bas": 2.0, "haut_bas": 3.0, "bas_haut": 4.0}

OUTPUTS = (
    Output(
        "fragility_mean",
        Text("Fragilité moyenne des habitants (0 à 10)", "Mean fragility of the people (0 to 10)"),
        "indice (0 à 10)",
        better=-1,
    ),
    Output(
        "fragility_local_moran",
        Text("Indice de Moran local de la fragilité", "Local Moran's I of fragility"),
        "indice",
        minimum=None,
    ),
    Output(
        "fragility_local_p",
        Text("Pseudo-valeur p, après correction s'il y en a une", "Pseudo p-value, after correction if any"),
        "part",
    ),
    Output(
        "fragility_cluster_code",
        Text(
            "Classe (0 : non significatif, 1 : haut-haut, 2 : bas-bas, 3 : haut-bas, 4 : bas-haut)",
            "Class (0: not significant, 1: high-high, 2: low-low, 3: high-low, 4: low-high)",
        ),
        "code",
    ),
)
OVERALL = (
    Output(
        "fragility_moran", Text("Indice de Moran de la fragilité", "Moran's I of fragility"), "indice", minimum=None
    ),
    Output("fragility_moran_p", Text("Sa pseudo-valeur p", "Its pseudo p-value"), "part"),
)


def fragility_clusters(
    units: gpd.GeoDataFrame,
    *,
    fragilite: gpd.GeoDataFrame | None,
    population: gpd.GeoDataFrame | None = None,
    voisinage: str = TOUCHING,
    voisins: float = 5.0,
    tolerance_m: float = 0.0,
    permutations: float = 999.0,
    graine: float = 0.0,
    seuil_p: float = 0.05,
    correction: str = DISCOVERIES,
) -> Measurement:
    """Find the units whose fragility and that of their neighbours go together more than chance would have it.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    fragilite : GeoDataFrame or None
        Polygons with ``indice`` (0 to 10).
    population : GeoDataFrame, optional
        Polygons with ``habitants``, by which the index of a unit is weighted; by area without it.
    voisinage : {'contiguite', 'plus_proches'}
        Units that touch (by a corner too), or the ``voisins`` nearest by their centroids.
    tolerance_m : float
        Distance within which two units touch.
    permutations, graine : float
        Draws of the neighbours, and seed.
    seuil_p : float
        p-value up to which an association is significant.
    correction : {'aucune', 'fausses_decouvertes'}
        Whether p-values are corrected for the number of units (Benjamini and Hochberg).

    Returns
    -------
    Measurement
        Mean index, local Moran's I, p-value and class of each unit; NaN where the index is unknown, and, but for the
        index, where no neighbour has one. Over all, Moran's I and its p-value; the map of the classes.

    References
    ----------
    Anselin L. (1995), Local indicators of spatial association: LISA, Geographical Analysis 27(2).

    Examples
    --------
    >>> import shapely
    >>> row = [shapely.box(x, 0, x + 10, 10) for x in range(0, 40, 10)]
    >>> units = gpd.GeoDataFrame({"nom_unite": list("abcd")}, geometry=row, index=list("ABCD"), crs=2154)
    >>> index = gpd.GeoDataFrame({"indice": [8.0, 8.0, 2.0, 2.0]}, geometry=row, crs=2154)
    >>> fragility_clusters(units, fragilite=index).values["fragility_local_moran"].round(6).tolist()
    [0.75, 0.0, -0.0, 0.75]
    """
    units, fragilite, population = opened(units, fragilite=fragilite, population=population)
    if fragilite is None:
        return _untold(units)
    mean, reached = _mean(units, fragilite, population)
    links = _links(units, voisinage, int(voisins), tolerance_m)
    draws = {"permutations": int(permutations), "seed": int(graine)}
    found = local_moran(mean.round(9), links, **draws).set_axis(units.index)
    p_value = pd.Series(
        adjusted(found["p_value"]) if correction == DISCOVERIES else found["p_value"].to_numpy(), index=units.index
    )
    named = pd.Series(clusters(found["value"], found["lag"], p_value, level=seuil_p), index=units.index)
    told = reached.where(found["statistic"].notna(), 0.0)
    columns = {
        "fragility_mean": Known(mean, reached.where(mean.notna(), 0.0)),
        "fragility_local_moran": Known(found["statistic"], told),
        "fragility_local_p": Known(p_value, told),
        "fragility_cluster_code": Known(named.map(CODES).astype(float), told),
    }
    statistic, chance = moran(mean.round(9), links, **draws)
    share = float(mean.notna().mean()) if len(units) else 0.0
    overall = {"fragility_moran": Whole(statistic, share), "fragility_moran_p": Whole(chance, share)}
    return measurement(units, columns, _drawn(units, mean, p_value, named), overall)


def _mean(
    units: gpd.GeoDataFrame, fragilite: gpd.GeoDataFrame, population: gpd.GeoDataFrame | None
) -> tuple[pd.Series[float], pd.Series[float]]:
    """Return the mean index of each unit, of its people or else of its area, and how much of it is known."""
    layer = fragilite.assign(indice=bounded(fragilite, "fragilite", "indice"))
    if population is None:
        known = layer[layer["indice"].notna()]
        return spread(units, layer, "indice"), reached_share(units, known)
    places = inhabited(units, population)
    index = spread(places, layer, "indice")
    return mean_by_unit(units, places, index), known_people(units, places, index)


def _links(units: gpd.GeoDataFrame, voisinage: str, voisins: int, tolerance_m: float) -> Neighbours:
    return k_nearest(units, voisins) if voisinage == NEAREST else contiguity(units, tolerance_m=tolerance_m)


def _drawn(
    units: gpd.GeoDataFrame, mean: pd.Series[float], p_value: pd.Series[float], named: pd.Series[str]
) -> gpd.GeoDataFrame:
    table = {"code_unite": units.index, "indice": mean.to_numpy(), "p": p_value.to_numpy(), "classe": named.to_numpy()}
    return gpd.GeoDataFrame(table, geometry=units.geometry.array, crs=units.crs)


def _untold(units: gpd.GeoDataFrame) -> Measurement:
    overall = {output.name: Whole(np.nan, 0.0) for output in OVERALL}
    return measurement(units, {output.name: unknown(units) for output in OUTPUTS}, None, overall)


ANALYSIS = Declaration(
    id="fragility_clusters",
    title=Text("Regroupements de fragilité numérique", "Clusters of digital fragility"),
    summary=Text(
        "Où les unités fragiles se regroupent-elles, et lesquelles tranchent sur leurs voisines ?",
        "Where do fragile units gather, and which stand out among their neighbours?",
    ),
    policies=(Policy.INCLUSION, Policy.NUMERIQUE),
    inputs=(Input("fragilite"), Input("population", required=False)),
    outputs=OUTPUTS,
    formula=Text(
        "Iᵢ = (n − 1) zᵢ Σⱼ wᵢⱼ zⱼ ÷ Σ z² : zᵢ est l'écart de l'indice de l'unité à la moyenne des unités, Σⱼ wᵢⱼ zⱼ "
        "celui, moyen, de ses voisines. p = 2 × (tirages au moins aussi extrêmes du même côté + 1) ÷ (tirages + 1), "
        "les voisines étant tirées au hasard parmi toutes les autres unités ; puis, si on le demande, correction de "
        "Benjamini et Hochberg. Exemple : quatre unités en file, d'indices 8, 8, 2, 2 ; z = 3, 3, −3, −3 ; pour la "
        "première, I = 3 × 3 × 3 ÷ 36 = 0,75 ; pour la deuxième, dont les voisines sont à 3 et −3, I = 0.",
        "Iᵢ = (n − 1) zᵢ Σⱼ wᵢⱼ zⱼ ÷ Σ z²: zᵢ is how far the index of the unit is from the mean of the units, Σⱼ wᵢⱼ "
        "zⱼ how far, on average, those of its neighbours are. p = 2 × (draws at least as extreme on the same side + "
        "1) ÷ (draws + 1), neighbours being drawn at random among all the other units; then, if asked, the correction "
        "of Benjamini and Hochberg. Example: four units in a row, of index 8, 8, 2, 2; z = 3, 3, −3, −3; for the "
        "first, I = 3 × 3 × 3 ÷ 36 = 0.75; for the second, whose neighbours are at 3 and −3, I = 0.",
    ),
    reading=Text(
        "Haut-haut signifie que l'unité et ses voisines sont plus fragiles que la moyenne : un foyer, où agir "
        "ensemble. Haut-bas signifie que l'unité est fragile au milieu de voisines qui ne le sont pas. Non "
        "significatif : rien que le hasard ne puisse faire. Un p de 0,04 signifie que le hasard en ferait autant "
        "quatre fois sur cent.",
        "High-high means that the unit and its neighbours are more fragile than the mean: a hot spot, where to act "
        "together. High-low means that the unit is fragile among neighbours that are not. Not significant: nothing "
        "that chance could not do. A p of 0.04 means that chance would do as much four times in a hundred.",
    ),
    limits=Text(
        "Haut et bas sont relatifs à la moyenne du territoire, et changent avec le périmètre ; les voisines hors du "
        "territoire ne comptent pas. Sous une trentaine d'unités, peu de choses peuvent être significatives. Les "
        "valeurs p sont des deux côtés : d'autres logiciels montrent la moitié. Aucune ne descend sous 2 ÷ (tirages + "
        "1) : avec la correction, pour n unités, un foyer isolé ne peut être significatif à 0,05 que si les "
        "permutations sont 2n ÷ 0,05 au moins, soit 40 par unité (999 suffisent à 25 unités ; 100 en veulent 4 000). "
        "Une unité sans voisine d'indice "
        "connu, ou d'indice inconnu, n'a pas de classe. Sans couche de population, la moyenne est celle de la surface.",
        "High and low are relative to the mean of the territory, and change with the perimeter; neighbours out of the "
        "territory do not count. Below some thirty units, little can be significant. p-values are two-sided: other "
        "software shows half of them. No p-value is below 2 ÷ (draws + 1): with the correction, for n units, a lone "
        "hot spot can only be significant at 0.05 if permutations are at least 2n ÷ 0.05, that is 40 a unit (999 are "
        "enough for 25 units; 100 ask for 4,000). A unit "
        "without a neighbour of known index, or of unknown index, has no class. "
        "Without a population layer, the mean is that of the area.",
    ),
    reference="Anselin L. (1995), Local indicators of spatial association, Geographical Analysis 27(2) ; "
    "Benjamini Y., Hochberg Y. (1995), JRSS B 57(1).",
    function=fragility_clusters,
    parameters=(
        Parameter(
            "voisinage",
            Text("quelles unités sont voisines", "which units are neighbours"),
            "choix",
            default=TOUCHING,
            choices={
                TOUCHING: Text("celles qui se touchent, même par un coin", "those that touch, be it by a corner"),
                NEAREST: Text("les plus proches par leur centre", "the nearest by their centre"),
            },
        ),
        Parameter(
            "voisins",
            Text("nombre de voisines, pour les plus proches", "number of neighbours, for the nearest"),
            "nombre",
            default=5.0,
            minimum=1.0,
            maximum=100.0,
        ),
        Parameter(
            "tolerance_m",
            Text("écart sous lequel deux unités se touchent", "gap under which two units touch"),
            "m",
            default=0.0,
            minimum=0.0,
            maximum=1000.0,
        ),
        PERMUTATIONS,
        SEED,
        Parameter(
            "seuil_p",
            Text(
                "valeur p jusqu'à laquelle une association est significative",
                "p-value up to which an association is significant",
            ),
            "part",
            default=0.05,
            minimum=0.0001,
            maximum=0.5,
        ),
        Parameter(
            "correction",
            Text("correction des valeurs p pour le nombre d'unités", "correction of p-values for the number of units"),
            "choix",
            default=DISCOVERIES,
            choices={
                NO_CORRECTION: Text("aucune", "none"),
                DISCOVERIES: Text("taux de fausses découvertes", "false discovery rate"),
            },
        ),
    ),
    map_classes={
        "haut_haut": (Text("haut-haut : foyer de fragilité", "high-high: hot spot of fragility"), "#d7191c"),
        "bas_bas": (Text("bas-bas : peu de fragilité", "low-low: little fragility"), "#2c7bb6"),
        "haut_bas": (
            Text("haut-bas : fragile parmi d'autres qui ne le sont pas", "high-low: fragile among others that are not"),
            "#fdae61",
        ),
        "bas_haut": (
            Text("bas-haut : peu fragile parmi des fragiles", "low-high: hardly fragile among fragile ones"),
            "#abd9e9",
        ),
        "non_significatif": (Text("non significatif", "not significant"), "#eeeeee"),
        "inconnu": (Text("indice ou voisines inconnus", "index or neighbours unknown"), "#999999"),
    },
    overall=OVERALL,
    apart=False,
)
