"""Mobile coverage of the ground: which share of each unit has 2G, 3G, 4G, 5G, and from whom?"""

from __future__ import annotations

import geopandas as gpd

from ..model.declaration import Declaration, Input, Measurement
from ..model.policies import Policy
from ..texts import Text
from .entrance import opened_in_bounds
from .knowledge import everywhere, measurement, unknown
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
)

__all__ = ["ANALYSIS", "mobile_area_coverage"]

OUTPUTS = share_outputs("mobile_area", Text("du territoire couvert", "of the ground covered"))
TABLE = operator_table(
    "mobile_area_by_operator",
    Text("Surface couverte, par opérateur et technologie", "Area covered, by operator and technology"),
    "m2",
)


def mobile_area_coverage(
    units: gpd.GeoDataFrame, *, couverture_mobile: gpd.GeoDataFrame | None, niveau_couverture: float = 1.0
) -> Measurement:
    r"""Measure the share of the area of each unit that each mobile technology covers.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    couverture_mobile : GeoDataFrame or None
        Polygons with optional ``techno``, ``operateur``, ``code_operateur`` and ``niveau``; taken as complete for
        the technologies that they name.
    niveau_couverture : float, default 1
        1: any level; 2: good or better; 3: very good.

    Returns
    -------
    Measurement
        ``mobile_area_2g_share``, ``…_3g_…``, ``…_4g_…``, ``…_5g_…`` (0 to 1); NaN for a technology that the layer
        does not name. The table has one row an operator and a technology.

    Notes
    -----
    :math:`A(S) / (A - A(D))`, with *S* the union of the polygons that cover for sure, and *D* the places that only
    polygons of unknown technology or level cover; the known share is :math:`1 - A(D) / A`.

    References
    ----------
    Arcep, decision no. 2016-1678 (mobile coverage maps: levels, technologies).

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 100, 100)], index=["1"], crs=2154)
    >>> told = {"operateur": ["Orange", "SFR"], "techno": ["4G", "4G"]}
    >>> cover = gpd.GeoDataFrame(told, geometry=[shapely.box(0, 0, 30, 100), shapely.box(20, 0, 40, 100)], crs=2154)
    >>> found = mobile_area_coverage(units, couverture_mobile=cover)
    >>> found.values["mobile_area_4g_share"].tolist()
    [0.4]
    >>> found.tables["mobile_area_by_operator"]["covered_share"].round(9).tolist()
    [0.3, 0.2]
    """
    units, cover = opened_in_bounds(units, couverture_mobile=couverture_mobile)
    names = dict(zip(TECHNOLOGIES, (output.name for output in OUTPUTS), strict=True))
    if cover is None:
        return measurement(
            units, {name: unknown(units) for name in names.values()}, tables={TABLE.name: by_operator({}, units.area)}
        )
    found = surfaces(cover, niveau_couverture)
    cut = pieces(units, found)
    area = amounts(units, found, cut.assign(amount=cut.area))
    told = shares(units, area, units.area, everywhere(units))
    table = by_operator(area, units.area)
    return measurement(units, {names[one]: told[one] for one in names}, tables={TABLE.name: table})


ANALYSIS = Declaration(
    id="mobile_area_coverage",
    title=Text("Couverture mobile du territoire", "Mobile coverage of the ground"),
    summary=Text(
        "Quelle part de la surface a la 2G, la 3G, la 4G, la 5G, et de quel opérateur ?",
        "Which share of the area has 2G, 3G, 4G, 5G, and from which operator?",
    ),
    policies=(Policy.NUMERIQUE, Policy.URBANISME),
    inputs=(Input("couverture_mobile"),),
    outputs=OUTPUTS,
    tables=(TABLE,),
    formula=Text(
        "Part = surface de l'unité sous un polygone de la technologie, recouvrements comptés une fois ÷ surface de "
        "l'unité. Exemple : une unité de 100 m × 100 m ; Orange en couvre 30 m de large, SFR de 20 m à 40 m : "
        "Orange 0,3, SFR 0,2, les deux ensemble 0,4 (et non 0,5).",
        "Share = area of the unit under a polygon of the technology, overlaps counted once ÷ area of the unit. "
        "Example: a unit of 100 m × 100 m; Orange covers 30 m of its width, SFR from 20 m to 40 m: Orange 0.3, SFR "
        "0.2, both together 0.4 (and not 0.5).",
    ),
    reading=Text(
        "0,42 signifie que 42 % de la surface de l'unité a cette technologie, d'un opérateur au moins.",
        "0.42 means that 42 % of the area of the unit has that technology, from one operator at least.",
    ),
    limits=Text(
        "La couverture est théorique, à l'extérieur. La surface ne dit pas combien de gens y vivent. Une technologie "
        "qu'aucun polygone ne nomme est inconnue, non nulle ; un polygone sans technologie, ou sans niveau quand un "
        "niveau est demandé, laisse son lieu dans le doute : il est ôté du calcul, et la part connue le dit.",
        "Coverage is theoretical, outdoors. Area does not tell how many people live there. A technology that no "
        "polygon names is unknown, not nil; a polygon without technology, or without level where a level is asked "
        "for, leaves its place in doubt: it is left out of the sum, and the known share says so.",
    ),
    reference="Arcep, décision n° 2016-1678 du 6 décembre 2016 (cartes de couverture mobile : niveaux, technologies) ; "
    "Code des postes et des communications électroniques, art. L. 36-7.",
    function=mobile_area_coverage,
    apart=False,
    parameters=(COVERAGE_LEVEL,),
)
