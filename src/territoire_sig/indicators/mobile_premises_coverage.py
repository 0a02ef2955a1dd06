"""Mobile coverage of premises: which share of dwellings and shops has 2G, 3G, 4G, 5G, and from whom?"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output
from ..model.policies import Policy
from ..overlay import assign_zone, intersect
from ..texts import Text
from .entrance import opened_in_bounds
from .knowledge import Known, everywhere, known_part, measurement, unknown
from .mobile import (
    COVERAGE_LEVEL,
    TECHNOLOGIES,
    Amounts,
    amounts,
    by_operator,
    drawn,
    operator_table,
    share_outputs,
    shares,
    surfaces,
    without_4g,
)
from .premises import counted_once, premises_of

__all__ = ["ANALYSIS", "mobile_premises_coverage"]

SHARES = share_outputs("mobile_premises", Text("des locaux couverts", "of premises covered"))
OUTPUTS = (
    *SHARES,
    Output(
        "mobile_premises_without_4g",
        Text("Locaux hors couverture 4G", "Premises out of 4G coverage"),
        "locaux",
        better=-1,
    ),
)
TABLE = operator_table(
    "mobile_premises_by_operator",
    Text("Locaux couverts, par opérateur et technologie", "Premises covered, by operator and technology"),
    "locaux",
)


def mobile_premises_coverage(
    units: gpd.GeoDataFrame,
    *,
    couverture_mobile: gpd.GeoDataFrame | None,
    immeuble: gpd.GeoDataFrame | None,
    niveau_couverture: float = 1.0,
) -> Measurement:
    r"""Measure the share of the premises of each unit that each mobile technology covers.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    couverture_mobile : GeoDataFrame or None
        Polygons with optional ``techno``, ``operateur``, ``code_operateur`` and ``niveau``.
    immeuble : GeoDataFrame or None
        Points with ``locaux``; a building whose number is unknown is left out, and the known share says so. A
        building written twice (``id_immeuble``) counts once.
    niveau_couverture : float, default 1
        1: any level; 2: good or better; 3: very good.

    Returns
    -------
    Measurement
        ``mobile_premises_2g_share``, ``…_3g_…``, ``…_4g_…``, ``…_5g_…`` (0 to 1) and
        ``mobile_premises_without_4g``; NaN for a technology that the layer does not name. The table has one row an
        operator and a technology.

    Raises
    ------
    InvalidValueError
        When two rows of one building disagree.

    Notes
    -----
    :math:`\sum_{b \in S} n_b / \sum_b n_b` over the buildings *b* of :math:`n_b` premises; the border of *S* is in.

    References
    ----------
    Arcep, decision no. 2016-1678.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 100, 100)], index=["1"], crs=2154)
    >>> told = {"etat": ["deploye"] * 2, "locaux": [30.0, 10.0]}
    >>> homes = gpd.GeoDataFrame(told, geometry=gpd.points_from_xy([10, 90], [50, 50]), crs=2154)
    >>> cover = gpd.GeoDataFrame({"techno": ["4G"]}, geometry=[shapely.box(0, 0, 25, 100)], crs=2154)
    >>> found = mobile_premises_coverage(units, couverture_mobile=cover, immeuble=homes).values
    >>> found.loc["1", ["mobile_premises_4g_share", "mobile_premises_without_4g"]].tolist()
    [0.75, 10.0]
    """
    units, cover, buildings = opened_in_bounds(units, couverture_mobile=couverture_mobile, immeuble=immeuble)
    names = dict(zip(TECHNOLOGIES, (output.name for output in SHARES), strict=True))
    if cover is None or buildings is None:
        nothing = {TABLE.name: by_operator({}, pd.Series(dtype=float))}
        return measurement(units, {output.name: unknown(units) for output in OUTPUTS}, tables=nothing)
    told, whole, reach = _counted(units, counted_once(buildings))
    there = _there(units, cover, told, niveau_couverture)
    covered = shares(units, there, whole, reach)
    columns: dict[str, Known] = {names[one]: covered[one] for one in names}
    columns["mobile_premises_without_4g"] = without_4g(units, there, whole, reach)
    return measurement(units, columns, tables={TABLE.name: by_operator(there, whole)})


def _counted(
    units: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, pd.Series[float], pd.Series[float]]:
    """Return the buildings of known premises with ``code_unite`` and ``amount``, the premises and what is known."""
    told = buildings[["geometry"]].assign(code_unite=assign_zone(buildings, units), amount=premises_of(buildings))
    sums = told.groupby("code_unite")["amount"].agg(["sum", "count", "size"]).reindex(units.index, fill_value=0)
    sums = sums.astype(float)
    reach = known_part(sums["count"], sums["size"], everywhere(units))
    return told[told["amount"].notna() & told["code_unite"].notna()].reset_index(drop=True), sums["sum"], reach


def _there(units: gpd.GeoDataFrame, cover: gpd.GeoDataFrame, told: gpd.GeoDataFrame, level: float) -> Amounts:
    """Return the premises by surface of coverage and unit."""
    found = surfaces(cover, level)
    layer = drawn(found, units.crs)
    pairs = intersect(told[["geometry"]], layer[["geometry"]])
    table = layer.loc[pairs["right"], ["rank", "at_most"]].reset_index(drop=True)
    held = told.loc[pairs["left"], ["code_unite", "amount"]].reset_index(drop=True)
    return amounts(units, found, pd.concat([table, held], axis="columns"))


ANALYSIS = Declaration(
    id="mobile_premises_coverage",
    title=Text("Couverture mobile des locaux", "Mobile coverage of premises"),
    summary=Text(
        "Quelle part des logements et des établissements est sous couverture 2G, 3G, 4G, 5G, et de quel opérateur ?",
        "Which share of dwellings and establishments is under 2G, 3G, 4G, 5G coverage, and from which operator?",
    ),
    policies=(Policy.NUMERIQUE, Policy.URBANISME),
    inputs=(Input("couverture_mobile"), Input("immeuble")),
    outputs=OUTPUTS,
    tables=(TABLE,),
    formula=Text(
        "Part = locaux des immeubles situés sous un polygone de la technologie ÷ locaux des immeubles de l'unité. "
        "Exemple : un immeuble de 30 locaux couvert, un de 10 non couvert : 30 ÷ 40 = 0,75 ; 10 locaux sont hors "
        "couverture.",
        "Share = premises of the buildings under a polygon of the technology ÷ premises of the buildings of the unit. "
        "Example: a building of 30 premises covered, one of 10 not: 30 ÷ 40 = 0.75; 10 premises are out of coverage.",
    ),
    reading=Text(
        "0,42 signifie que 42 % des locaux de l'unité ont cette technologie devant leur porte, à l'extérieur.",
        "0.42 means that 42 % of the premises of the unit have that technology at their door, outdoors.",
    ),
    limits=Text(
        "Les locaux sont ceux du fichier des immeubles : ce qui n'y est pas ne compte pas. Un immeuble de nombre de "
        "locaux inconnu est laissé de côté, et la part connue le dit ; un immeuble écrit deux fois compte une fois. "
        "La couverture est théorique, à l'extérieur ; une technologie que la couche ne nomme pas est inconnue.",
        "Premises are those of the file of buildings: what is not in it does not count. A building of unknown number "
        "of premises is left out, and the known share says so; a building written twice counts once. Coverage is "
        "theoretical, outdoors; a technology that the layer does not name is unknown.",
    ),
    reference="Arcep, décision n° 2016-1678 du 6 décembre 2016 (cartes de couverture mobile) ; Arcep, fichier des "
    "immeubles raccordables (IPE).",
    function=mobile_premises_coverage,
    apart=False,
    parameters=(COVERAGE_LEVEL,),
)
