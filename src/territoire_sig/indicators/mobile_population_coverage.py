"""Mobile coverage of people: how many inhabitants live where there is 2G, 3G, 4G, 5G, and from whom?"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output
from ..model.policies import Policy
from ..texts import Text
from .entrance import opened_in_bounds
from .exposure import people_by, people_within
from .knowledge import Known, measurement, unknown
from .mobile import (
    COVERAGE_LEVEL,
    TECHNOLOGIES,
    amounts,
    by_operator,
    operator_table,
    pieces,
    share_outputs,
    shares,
    surfaces,
    without_4g,
)

__all__ = ["ANALYSIS", "mobile_population_coverage"]

SHARES = share_outputs("mobile_inhabitants", Text("des habitants couverts", "of inhabitants covered"))
OUTPUTS = (
    *SHARES,
    Output(
        "mobile_inhabitants_without_4g",
        Text("Habitants hors couverture 4G", "Inhabitants out of 4G coverage"),
        "habitants",
        better=-1,
    ),
)
TABLE = operator_table(
    "mobile_inhabitants_by_operator",
    Text("Habitants couverts, par opérateur et technologie", "Inhabitants covered, by operator and technology"),
    "habitants",
)


def mobile_population_coverage(
    units: gpd.GeoDataFrame,
    *,
    couverture_mobile: gpd.GeoDataFrame | None,
    population: gpd.GeoDataFrame | None,
    niveau_couverture: float = 1.0,
) -> Measurement:
    r"""Measure the share of the inhabitants of each unit whom each mobile technology covers.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    couverture_mobile : GeoDataFrame or None
        Polygons with optional ``techno``, ``operateur``, ``code_operateur`` and ``niveau``.
    population : GeoDataFrame or None
        Polygons with ``habitants``, shared out in proportion to area.
    niveau_couverture : float, default 1
        1: any level; 2: good or better; 3: very good.

    Returns
    -------
    Measurement
        ``mobile_inhabitants_2g_share``, ``…_3g_…``, ``…_4g_…``, ``…_5g_…`` (0 to 1) and
        ``mobile_inhabitants_without_4g``; NaN for a technology that the layer does not name, or where too much of
        the population is secret. The table has one row an operator and a technology.

    Notes
    -----
    :math:`\sum_c p_c\, |c \cap S| / |c|` over the population polygons *c* of :math:`p_c` inhabitants, over the
    inhabitants of the unit; *S* is the union of the polygons of the technology.

    References
    ----------
    Arcep, decision no. 2016-1678; Goodchild and Lam (1980) for the sharing out by area.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 100, 100)], index=["1"], crs=2154)
    >>> squares = [shapely.box(0, 0, 50, 100), shapely.box(50, 0, 100, 100)]
    >>> people = gpd.GeoDataFrame({"habitants": [90.0, 10.0]}, geometry=squares, crs=2154)
    >>> cover = gpd.GeoDataFrame({"techno": ["4G"]}, geometry=[shapely.box(0, 0, 25, 100)], crs=2154)
    >>> found = mobile_population_coverage(units, couverture_mobile=cover, population=people).values
    >>> found.loc["1", ["mobile_inhabitants_4g_share", "mobile_inhabitants_without_4g"]].round(9).tolist()
    [0.45, 55.0]
    """
    units, cover, population = opened_in_bounds(units, couverture_mobile=couverture_mobile, population=population)
    names = dict(zip(TECHNOLOGIES, (output.name for output in SHARES), strict=True))
    if cover is None or population is None:
        nothing = {TABLE.name: by_operator({}, pd.Series(dtype=float))}
        return measurement(units, {output.name: unknown(units) for output in OUTPUTS}, tables=nothing)
    found = surfaces(cover, niveau_couverture)
    everyone = people_within(units, population)
    cut = pieces(units, found)
    there = amounts(units, found, cut.assign(amount=people_by(cut, cut.index.to_series(), population).total))
    told = shares(units, there, everyone.value, everyone.share)
    columns: dict[str, Known] = {names[one]: told[one] for one in names}
    columns["mobile_inhabitants_without_4g"] = without_4g(units, there, everyone.value, everyone.share)
    return measurement(units, columns, tables={TABLE.name: by_operator(there, everyone.value)})


ANALYSIS = Declaration(
    id="mobile_population_coverage",
    title=Text("Couverture mobile des habitants", "Mobile coverage of inhabitants"),
    summary=Text(
        "Quelle part des habitants vit sous couverture 2G, 3G, 4G, 5G, et de quel opérateur ?",
        "Which share of the inhabitants lives under 2G, 3G, 4G, 5G coverage, and from which operator?",
    ),
    policies=(Policy.NUMERIQUE, Policy.INCLUSION),
    inputs=(Input("couverture_mobile"), Input("population")),
    outputs=OUTPUTS,
    tables=(TABLE,),
    formula=Text(
        "Part = Σ(habitants du carreau × part de sa surface sous la technologie) ÷ habitants de l'unité. Exemple : un "
        "carreau de 90 habitants couvert à moitié, un de 10 non couvert : (90 × 0,5 + 0) ÷ 100 = 0,45 ; 55 habitants "
        "sont hors couverture.",
        "Share = Σ(inhabitants of the square × share of its area under the technology) ÷ inhabitants of the unit. "
        "Example: a square of 90 inhabitants half covered, one of 10 not covered: (90 × 0.5 + 0) ÷ 100 = 0.45; 55 "
        "inhabitants are out of coverage.",
    ),
    reading=Text(
        "0,42 signifie que 42 % des habitants de l'unité ont cette technologie chez eux, à l'extérieur.",
        "0.42 means that 42 % of the inhabitants of the unit have that technology where they live, outdoors.",
    ),
    limits=Text(
        "La population est supposée uniforme dans chaque carreau ; la couverture est théorique, à l'extérieur. Une "
        "technologie qu'aucun polygone ne nomme est inconnue, non nulle ; les lieux que ne couvre qu'un polygone sans "
        "technologie (ou sans niveau, quand un niveau est demandé) sont ôtés du calcul, et la part connue le dit.",
        "Population is taken as even within each square; coverage is theoretical, outdoors. A technology that no "
        "polygon names is unknown, not nil; places that only a polygon without technology covers (or without level, "
        "where one is asked for) are left out of the sum, and the known share says so.",
    ),
    reference="Arcep, décision n° 2016-1678 du 6 décembre 2016 (cartes de couverture mobile) ; Goodchild et Lam "
    "(1980), Areal interpolation, Geo-Processing 1 (répartition au prorata des surfaces).",
    function=mobile_population_coverage,
    apart=False,
    parameters=(COVERAGE_LEVEL,),
)
