"""Concentration of fibre by living standard and by digital fragility: to whom did fibre come first?"""

from __future__ import annotations

import geopandas as gpd

from ..model.declaration import Declaration, Input, Measurement
from ..model.policies import Policy
from ..texts import Text
from .coverage_concentration import FORMULA, LIMITS, READING, REFERENCE, measured, outputs, overall, tables
from .draws import DRAWS, SEED

__all__ = ["ANALYSES", "fibre_fragility", "fibre_income"]


def fibre_income(
    units: gpd.GeoDataFrame,
    *,
    population: gpd.GeoDataFrame | None,
    immeuble: gpd.GeoDataFrame | None = None,
    couverture_fixe: gpd.GeoDataFrame | None = None,
    revenu: gpd.GeoDataFrame | None = None,
    tirages: float = 200.0,
    graine: float = 0.0,
) -> Measurement:
    """Measure whether fibre comes to the well-off (above 0) or to the poor (below 0).

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    population : GeoDataFrame or None
        Polygons with ``habitants`` and, for the rank, ``somme_niveaux_vie``.
    immeuble, couverture_fixe : GeoDataFrame, optional
        Buildings with ``etat``: the rate of a place is that of its premises. Without them, the rate by commune.
    revenu : GeoDataFrame, optional
        Polygons with ``revenu_median``: the rank where no population polygon tells a living standard.
    tirages, graine : float
        Draws of the interval, and seed.

    Returns
    -------
    Measurement
        See :func:`~territoire_sig.indicators.coverage_concentration.measured`.

    References
    ----------
    Wagstaff A., Paci P., van Doorslaer E. (1991), Social Science and Medicine 33(5).

    Examples
    --------
    >>> import shapely
    >>> squares = [shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)]
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un", "Deux"]}, geometry=squares, index=["1", "2"], crs=2154)
    >>> told = {"habitants": [50.0, 50.0], "somme_niveaux_vie": [50 * 15000.0, 50 * 25000.0]}
    >>> people = gpd.GeoDataFrame(told, geometry=squares, crs=2154)
    >>> rates = gpd.GeoDataFrame({"taux_fibre": [0.5, 1.0]}, geometry=squares, crs=2154)
    >>> found = fibre_income(units, population=people, couverture_fixe=rates)
    >>> round(found.overall["fibre_income_index"].value, 6), round(found.overall["fibre_income_erreygers"].value, 6)
    (0.166667, 0.5)
    """
    layers = {"population": population, "immeuble": immeuble, "couverture_fixe": couverture_fixe, "revenu": revenu}
    return measured("fibre_income", units, layers, tirages=tirages, graine=graine)


def fibre_fragility(
    units: gpd.GeoDataFrame,
    *,
    population: gpd.GeoDataFrame | None,
    fragilite: gpd.GeoDataFrame | None,
    immeuble: gpd.GeoDataFrame | None = None,
    couverture_fixe: gpd.GeoDataFrame | None = None,
    tirages: float = 200.0,
    graine: float = 0.0,
) -> Measurement:
    """Measure whether fibre comes to fragile places (above 0) or to the others (below 0).

    As :func:`fibre_income`, the people ordered by the ``indice`` (0 to 10) of the place where they live.

    Examples
    --------
    >>> import shapely
    >>> squares = [shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)]
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un", "Deux"]}, geometry=squares, index=["1", "2"], crs=2154)
    >>> people = gpd.GeoDataFrame({"habitants": [50.0, 50.0]}, geometry=squares, crs=2154)
    >>> index = gpd.GeoDataFrame({"indice": [7.0, 3.0]}, geometry=squares, crs=2154)
    >>> rates = gpd.GeoDataFrame({"taux_fibre": [0.5, 1.0]}, geometry=squares, crs=2154)
    >>> found = fibre_fragility(units, population=people, fragilite=index, couverture_fixe=rates)
    >>> found.values["fibre_fragility_contribution"].round(6).tolist()
    [0.166667, -0.333333]
    """
    layers = {
        "population": population,
        "fragilite": fragilite,
        "immeuble": immeuble,
        "couverture_fixe": couverture_fixe,
    }
    return measured("fibre_fragility", units, layers, tirages=tirages, graine=graine)


_FIBRE, _RATE = (
    Text("la fibre", "fibre"),
    Text("la part des locaux atteints par la fibre", "the share of premises reached by fibre"),
)
_INCOME, _FRAGILITY = Text("niveau de vie", "living standard"), Text("indice de fragilité", "fragility index")
_BY_COMMUNE = Text(
    "Sans fichier d'immeubles, tous les habitants d'une commune ont le taux de celle-ci.",
    "Without a file of buildings, all the people of a commune have its rate.",
)

ANALYSES = (
    Declaration(
        id="fibre_income",
        title=Text("Fibre et niveau de vie", "Fibre and living standard"),
        summary=Text(
            "La fibre arrive-t-elle d'abord chez les plus aisés ou chez les plus modestes ?",
            "Does fibre come first to the well-off or to the poor?",
        ),
        policies=(Policy.INCLUSION, Policy.NUMERIQUE),
        inputs=(
            Input("population"),
            Input("immeuble", required=False),
            Input("couverture_fixe", required=False),
            Input("revenu", required=False),
        ),
        outputs=outputs("fibre_income", _FIBRE, _INCOME),
        formula=FORMULA.fill(rate=_RATE, order=_INCOME),
        reading=READING.fill(
            order=Text("le niveau de vie", "the living standard"),
            high=Text("ceux qui vivent dans les lieux aisés", "those who live in well-off places"),
            low=Text("ceux qui vivent dans les lieux modestes", "those who live in poor places"),
        ),
        limits=LIMITS.fill(own=_BY_COMMUNE),
        reference=REFERENCE,
        function=fibre_income,
        parameters=(DRAWS, SEED),
        apart=False,
        one_of=(("immeuble", "couverture_fixe"),),
        overall=overall("fibre_income", _FIBRE, _INCOME),
        tables=tables("fibre_income", _FIBRE, _INCOME),
    ),
    Declaration(
        id="fibre_fragility",
        title=Text("Fibre et fragilité numérique", "Fibre and digital fragility"),
        summary=Text(
            "La fibre arrive-t-elle d'abord dans les secteurs numériquement fragiles ou dans les autres ?",
            "Does fibre come first to digitally fragile areas or to the others?",
        ),
        policies=(Policy.INCLUSION, Policy.NUMERIQUE),
        inputs=(
            Input("population"),
            Input("fragilite"),
            Input("immeuble", required=False),
            Input("couverture_fixe", required=False),
        ),
        outputs=outputs("fibre_fragility", _FIBRE, _FRAGILITY),
        formula=FORMULA.fill(rate=_RATE, order=_FRAGILITY),
        reading=READING.fill(
            order=Text("la fragilité", "fragility"),
            high=Text(
                "ceux qui vivent dans les secteurs les plus fragiles", "those who live in the most fragile areas"
            ),
            low=Text(
                "ceux qui vivent dans les secteurs les moins fragiles", "those who live in the least fragile areas"
            ),
        ),
        limits=LIMITS.fill(
            own=Text(
                "$t L'indice de fragilité compte parfois lui-même l'absence de très haut débit : un indice négatif est "
                "alors attendu.",
                "$t The fragility index sometimes counts the lack of very high speed itself: a negative index is then "
                "expected.",
            ).fill(t=_BY_COMMUNE)
        ),
        reference=REFERENCE,
        function=fibre_fragility,
        parameters=(DRAWS, SEED),
        apart=False,
        one_of=(("immeuble", "couverture_fixe"),),
        overall=overall("fibre_fragility", _FIBRE, _FRAGILITY),
        tables=tables("fibre_fragility", _FIBRE, _FRAGILITY),
    ),
)
