"""Mobile coverage on the move: which share of roads, transit lines and cycle routes has 2G, 3G, 4G, 5G?"""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Table
from ..model.policies import Policy
from ..overlay import covered_length, length_within, partition, pieces_inside
from ..texts import Text
from .entrance import opened_in_bounds
from .knowledge import Known, everywhere, measurement, unknown
from .mobile import (
    COVERAGE_LEVEL,
    TECHNOLOGIES,
    Amounts,
    Surface,
    by_operator,
    drawn,
    operator_table,
    share_outputs,
    shares,
    surfaces,
)

__all__ = ["ANALYSIS", "mobile_network_coverage"]

#: Column prefix of each network of lines, by role, with its name.
NETWORKS = {
    "voirie": ("mobile_road", Text("de la voirie couverte", "of roads covered")),
    "ligne": ("mobile_line", Text("des lignes de transport couverte", "of transit lines covered")),
    "cyclable": ("mobile_cycle", Text("du réseau cyclable couverte", "of the cycle network covered")),
}
M_PER_KM = 1_000
TABLE = "mobile_network_lengths"
OPERATORS_TABLE = "mobile_network_operators"


def mobile_network_coverage(
    units: gpd.GeoDataFrame,
    *,
    couverture_mobile: gpd.GeoDataFrame | None,
    voirie: gpd.GeoDataFrame | None = None,
    ligne: gpd.GeoDataFrame | None = None,
    cyclable: gpd.GeoDataFrame | None = None,
    niveau_couverture: float = 1.0,
) -> Measurement:
    r"""Measure the share of the length of roads, transit lines and cycle routes that each mobile technology covers.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    couverture_mobile : GeoDataFrame or None
        Polygons with optional ``techno``, ``operateur``, ``code_operateur`` and ``niveau``.
    voirie, ligne, cyclable : GeoDataFrame or None
        Lines. Two transit lines on one street each count.
    niveau_couverture : float, default 1
        1: any level; 2: good or better; 3: very good.

    Returns
    -------
    Measurement
        For road, line and cycle: ``mobile_<network>_2g_share``, ``…_3g_…``, ``…_4g_…``, ``…_5g_…`` (0 to 1); NaN
        where the unit has no such line, or for a technology that the layer does not name. Tables: one row a network
        and a technology, and one a network, an operator and a technology, with kilometres in the territory.

    Notes
    -----
    Metres in the union of the polygons of the technology over metres in the unit.

    References
    ----------
    Arcep, New Deal mobile (2018), coverage of transport routes; Code des transports, art. L. 1214-2.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 4000, 9)], index=["1"], crs=2154)
    >>> roads = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 5), (4000, 5)])], crs=2154)
    >>> cover = gpd.GeoDataFrame({"techno": ["4G"]}, geometry=[shapely.box(0, 0, 1000, 9)], crs=2154)
    >>> found = mobile_network_coverage(units, couverture_mobile=cover, voirie=roads).values
    >>> found.loc["1", "mobile_road_4g_share"]
    np.float64(0.25)
    """
    units, cover, voirie, ligne, cyclable = opened_in_bounds(
        units, couverture_mobile=couverture_mobile, voirie=voirie, ligne=ligne, cyclable=cyclable
    )
    columns = {output.name: unknown(units) for output in OUTPUTS}
    if cover is None:
        return measurement(units, columns, tables=_tables([], []))
    every = surfaces(cover, niveau_couverture)
    found = [one for one in every if one.operator is None]
    cut, rows, operators = _cut(units, found), [], []
    inside = _inside(units, [one for one in every if one.operator is not None])
    for role, lines in (("voirie", voirie), ("ligne", ligne), ("cyclable", cyclable)):
        if lines is not None:
            told, more, length_km = _network(role, units, lines, found, cut)
            columns |= told
            rows += more
            operators.append(_operators(role, lines, inside, length_km))
    return measurement(units, columns, tables=_tables(rows, operators))


def _cut(units: gpd.GeoDataFrame, found: Sequence[Surface]) -> gpd.GeoDataFrame:
    """Cut the units by surface: ``zone``, one boolean a surface and certainty, the most covered pieces first."""
    layer = drawn(found, units.crs)
    covers = [layer.iloc[[row]][["geometry"]] for row in range(len(layer))]
    pieces = partition(units, *covers)
    names = {f"cover_{row + 1}": (layer["rank"].iloc[row], layer["at_most"].iloc[row]) for row in range(len(layer))}
    pieces = pieces.assign(_order=units.index.get_indexer(pieces["zone"]), _bare=-pieces[list(names)].sum(axis=1))
    pieces = pieces.sort_values(["_order", "_bare"], kind="stable").rename(columns=names)
    return gpd.GeoDataFrame(pieces.drop(columns=["_order", "_bare"]).reset_index(drop=True), crs=units.crs)


def _network(
    role: str, units: gpd.GeoDataFrame, lines: gpd.GeoDataFrame, found: Sequence[Surface], cut: gpd.GeoDataFrame
) -> tuple[dict[str, Known], list[tuple[str, str, float, float]], float]:
    """Return the columns of one network, its rows of the table, and its length in km."""
    length = length_within(cut[["geometry"]], lines)

    def metres(rank: int, at_most: bool) -> pd.Series[float]:
        inside = cut.get((rank, at_most), pd.Series(False, index=cut.index)).astype(bool)
        return length.where(inside, 0.0).groupby(cut["zone"].to_numpy()).sum().reindex(units.index, fill_value=0.0)

    whole = length.groupby(cut["zone"].to_numpy()).sum().reindex(units.index, fill_value=0.0)
    there: Amounts = {
        (None, one.technology): (metres(rank, False), metres(rank, one.possible is not one.sure))
        for rank, one in enumerate(found)
    }
    told = shares(units, there, whole, everywhere(units))
    names = {technology: f"{NETWORKS[role][0]}_{word}_share" for technology, word in TECHNOLOGIES.items()}
    total = float(whole.sum()) / M_PER_KM
    rows = [(role, one, float(there[None, one][0].sum()) / M_PER_KM, total) for _, one in there]
    return {name: told[technology] for technology, name in names.items()}, rows, total


def _inside(units: gpd.GeoDataFrame, found: Sequence[Surface]) -> list[tuple[Surface, gpd.GeoDataFrame]]:
    """Return what is in the units of the surfaces of each operator: for sure, then at most."""
    layer = pieces_inside(drawn(found, units.crs), units)
    told = []
    for rank, one in enumerate(found):
        sure = layer[(layer["rank"] == rank) & ~layer["at_most"].astype(bool)]
        possible = layer[(layer["rank"] == rank) & layer["at_most"].astype(bool)]
        told.append((one, sure[["geometry"]]))
        told.append((one, sure[["geometry"]] if one.possible is one.sure else possible[["geometry"]]))
    return told


def _operators(
    role: str, lines: gpd.GeoDataFrame, inside: Sequence[tuple[Surface, gpd.GeoDataFrame]], length_km: float
) -> pd.DataFrame:
    """Return the rows of one network by operator and technology."""
    covered = [float(covered_length(lines, place).sum()) / M_PER_KM if len(place) else 0.0 for _, place in inside]
    amounts: Amounts = {
        (one.operator, one.technology): (pd.Series([sure]), pd.Series([possible]))
        for (one, _), sure, possible in zip(inside[::2], covered[::2], covered[1::2], strict=True)
    }
    table = by_operator(amounts, pd.Series([length_km]))
    table.insert(0, "reseau", role)
    return table


def _tables(rows: list[tuple[str, str, float, float]], operators: list[pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables: kilometres of each network by technology, and by operator and technology."""
    every = pd.DataFrame(rows, columns=[column.name for column in COLUMNS])
    names = [column.name for column in BY_OPERATOR.columns]
    some = [table for table in operators if len(table)]
    return {TABLE: every, OPERATORS_TABLE: pd.concat(some, ignore_index=True) if some else pd.DataFrame(columns=names)}


COLUMNS = (
    Output("reseau", Text("Réseau (rôle)", "Network (role)"), "texte"),
    Output("techno", Text("Technologie", "Technology"), "texte"),
    Output("covered_km", Text("Longueur couverte", "Length covered"), "km", better=1),
    Output("length_km", Text("Longueur", "Length"), "km"),
)
_OPERATORS = operator_table(
    OPERATORS_TABLE,
    Text(
        "Kilomètres couverts, par réseau, opérateur et technologie",
        "Kilometres covered, by network, operator, technology",
    ),
    "km",
)
BY_OPERATOR = Table(_OPERATORS.name, _OPERATORS.text, (COLUMNS[0], *_OPERATORS.columns))
OUTPUTS = tuple(output for prefix, text in NETWORKS.values() for output in share_outputs(prefix, text))

ANALYSIS = Declaration(
    id="mobile_network_coverage",
    title=Text("Couverture mobile des routes, lignes et itinéraires cyclables", "Mobile coverage on the move"),
    summary=Text(
        "Quelle part de la voirie, des lignes de transport et du réseau cyclable a la 2G, la 3G, la 4G, la 5G ?",
        "Which share of the roads, transit lines and cycle network has 2G, 3G, 4G, 5G?",
    ),
    policies=(Policy.NUMERIQUE, Policy.MOBILITE),
    inputs=(
        Input("couverture_mobile"),
        Input("voirie", required=False),
        Input("ligne", required=False),
        Input("cyclable", required=False),
    ),
    one_of=(("voirie", "ligne", "cyclable"),),
    outputs=OUTPUTS,
    tables=(
        Table(
            TABLE,
            Text("Kilomètres couverts, par réseau et technologie", "Kilometres covered, by network and technology"),
            COLUMNS,
        ),
        BY_OPERATOR,
    ),
    formula=Text(
        "Part = mètres sous un polygone de la technologie ÷ mètres du réseau dans l'unité. Exemple : une route de "
        "4 km dont 1 km est sous couverture 4G : 1 ÷ 4 = 0,25.",
        "Share = metres under a polygon of the technology ÷ metres of the network in the unit. Example: a road of "
        "4 km of which 1 km is under 4G coverage: 1 ÷ 4 = 0.25.",
    ),
    reading=Text(
        "0,42 signifie que 42 % de la longueur du réseau, dans l'unité, a cette technologie d'un opérateur au moins.",
        "0.42 means that 42 % of the length of the network in the unit has that technology from one operator at least.",
    ),
    limits=Text(
        "La couverture est théorique, à l'extérieur : dans un car ou une voiture, elle est moindre. Deux lignes sur "
        "une même rue comptent deux fois ; une route sur la limite de deux unités compte dans la première. Une "
        "technologie que la couche ne nomme pas est inconnue ; les lieux que ne couvre qu'un polygone sans technologie "
        "sont ôtés du calcul. Le réseau cyclable compte l'existant et le projeté.",
        "Coverage is theoretical, outdoors: in a coach or a car there is less of it. Two lines on one street count "
        "twice; a road on the border of two units counts in the first. A technology that the layer does not name is "
        "unknown; places that only a polygon without technology covers are left out. The cycle network counts what "
        "exists and what is planned.",
    ),
    reference="Arcep, New Deal mobile (2018), couverture des axes de transport ; Code des transports, art. L. 1214-2 "
    "(objectifs des plans de mobilité).",
    function=mobile_network_coverage,
    apart=False,
    parameters=(COVERAGE_LEVEL,),
)
