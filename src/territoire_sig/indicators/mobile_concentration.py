"""Concentration of 4G by living standard and by digital fragility: whom does mobile coverage serve first?"""

from __future__ import annotations

import geopandas as gpd

from ..model.declaration import Declaration, Input, Measurement
from ..model.policies import Policy
from ..texts import Text
from .coverage_concentration import FORMULA, LIMITS, READING, REFERENCE, measured, outputs, overall, tables
from .draws import DRAWS, SEED

__all__ = ["ANALYSES", "mobile_fragility", "mobile_income"]


def mobile_income(
    units: gpd.GeoDataFrame,
    *,
    population: gpd.GeoDataFrame | None,
    couverture_mobile: gpd.GeoDataFrame | None,
    revenu: gpd.GeoDataFrame | None = None,
    tirages: float = 200.0,
    graine: float = 0.0,
) -> Measurement:
    """Measure whether 4G covers the well-off (above 0) or the poor (below 0) more.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    population : GeoDataFrame or None
        Polygons with ``habitants`` and, for the rank, ``somme_niveaux_vie``.
    couverture_mobile : GeoDataFrame or None
        Polygons with ``techno``; the rate of a place is the share of its area that 4G covers.
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
    >>> cover = gpd.GeoDataFrame({"techno": ["4G"]}, geometry=[shapely.box(5, 0, 20, 10)], crs=2154)
    >>> found = mobile_income(units, population=people, couverture_mobile=cover)
    >>> round(found.overall["mobile_income_index"].value, 6)
    0.166667
    """
    layers = {"population": population, "couverture_mobile": couverture_mobile, "revenu": revenu}
    return measured("mobile_income", units, layers, tirages=tirages, graine=graine)


def mobile_fragility(
    units: gpd.GeoDataFrame,
    *,
    population: gpd.GeoDataFrame | None,
    fragilite: gpd.GeoDataFrame | None,
    couverture_mobile: gpd.GeoDataFrame | None,
    tirages: float = 200.0,
    graine: float = 0.0,
) -> Measurement:
    """Measure whether 4G covers fragile places (above 0) or the others (below 0) more.

    As :func:`mobile_income`, the people ordered by the ``indice`` (0 to 10) of the place where they live.

    Examples
    --------
    >>> import shapely
    >>> squares = [shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)]
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un", "Deux"]}, geometry=squares, index=["1", "2"], crs=2154)
    >>> people = gpd.GeoDataFrame({"habitants": [50.0, 50.0]}, geometry=squares, crs=2154)
    >>> index = gpd.GeoDataFrame({"indice": [7.0, 3.0]}, geometry=squares, crs=2154)
    >>> cover = gpd.GeoDataFrame({"techno": ["4G"]}, geometry=[shapely.box(5, 0, 20, 10)], crs=2154)
    >>> found = mobile_fragility(units, population=people, fragilite=index, couverture_mobile=cover)
    >>> round(found.overall["mobile_fragility_index"].value, 6)
    -0.166667
    """
    layers = {"population": population, "fragilite": fragilite, "couverture_mobile": couverture_mobile}
    return measured("mobile_fragility", units, layers, tirages=tirages, graine=graine)


_MOBILE, _RATE = (
    Text("la 4G", "4G"),
    Text("la part de la surface couverte en 4G", "the share of the area that 4G covers"),
)
_INCOME, _FRAGILITY = Text("niveau de vie", "living standard"), Text("indice de fragilité", "fragility index")
_THEORY = Text(
    "La couverture est théorique, à l'extérieur, de n'importe quel opérateur ; sous un polygone qui ne nomme pas sa "
    "technologie, elle est inconnue.",
    "Coverage is theoretical, outdoors, of any operator; under a polygon that does not name its technology, it is "
    "unknown.",
)

ANALYSES = (
    Declaration(
        id="mobile_income",
        title=Text("Couverture 4G et niveau de vie", "4G coverage and living standard"),
        summary=Text(
            "La 4G couvre-t-elle mieux les plus aisés ou les plus modestes ?",
            "Does 4G cover the well-off or the poor better?",
        ),
        policies=(Policy.INCLUSION, Policy.NUMERIQUE),
        inputs=(Input("population"), Input("couverture_mobile"), Input("revenu", required=False)),
        outputs=outputs("mobile_income", _MOBILE, _INCOME),
        formula=FORMULA.fill(rate=_RATE, order=_INCOME),
        reading=READING.fill(
            order=Text("le niveau de vie", "the living standard"),
            high=Text("ceux qui vivent dans les lieux aisés", "those who live in well-off places"),
            low=Text("ceux qui vivent dans les lieux modestes", "those who live in poor places"),
        ),
        limits=LIMITS.fill(own=_THEORY),
        reference=REFERENCE,
        function=mobile_income,
        parameters=(DRAWS, SEED),
        apart=False,
        overall=overall("mobile_income", _MOBILE, _INCOME),
        tables=tables("mobile_income", _MOBILE, _INCOME),
    ),
    Declaration(
        id="mobile_fragility",
        title=Text("Couverture 4G et fragilité numérique", "4G coverage and digital fragility"),
        summary=Text(
            "La 4G couvre-t-elle mieux les secteurs numériquement fragiles ou les autres ?",
            "Does 4G cover digitally fragile areas or the others better?",
        ),
        policies=(Policy.INCLUSION, Policy.NUMERIQUE),
        inputs=(Input("population"), Input("fragilite"), Input("couverture_mobile")),
        outputs=outputs("mobile_fragility", _MOBILE, _FRAGILITY),
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
        limits=LIMITS.fill(own=_THEORY),
        reference=REFERENCE,
        function=mobile_fragility,
        parameters=(DRAWS, SEED),
        apart=False,
        overall=overall("mobile_fragility", _MOBILE, _FRAGILITY),
        tables=tables("mobile_fragility", _MOBILE, _FRAGILITY),
    ),
)
