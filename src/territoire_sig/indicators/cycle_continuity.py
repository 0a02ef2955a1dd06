"""Cycle continuity: in how many pieces is the network, where are its short gaps, and does the plan close them?"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ..model.declaration import Declaration, Input, Measurement, Output, Parameter, Whole
from ..model.families import Family
from ..model.policies import Policy
from ..overlay import assign_zone, build_network, intersect, length_within
from ..overlay.network import Network
from ..texts import Text
from .entrance import opened
from .knowledge import Known, everywhere, known_part, measurement, unknown

__all__ = ["ANALYSIS", "cycle_continuity"]

M_PER_KM = 1_000.0
EXISTING, PLANNED = "existant", "projet"


def cycle_continuity(
    units: gpd.GeoDataFrame,
    *,
    cyclable: gpd.GeoDataFrame | None,
    ecart_max_m: float = 100.0,
    raccord_m: float = 5.0,
) -> Measurement:
    """Measure the continuity of the existing cycle network, and what the plan would mend.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    cyclable : GeoDataFrame or None
        Lines with ``etat``; those of unknown state are neither existing nor planned, and lower the known share.
    ecart_max_m : float, default 100
        Two pieces no farther than this from each other are parted by a short gap.
    raccord_m : float, default 5
        Ends no farther than this from another line meet it; lines meet wherever they cross.

    Returns
    -------
    Measurement
        ``cycle_existing_km``, ``cycle_planned_km``, ``cycle_piece_count`` (pieces of the existing network that reach
        the unit), ``cycle_gap_count`` (short gaps whose middle lies there), ``cycle_gap_closed_count`` (those whose
        two sides the plan brings into one piece); over the territory, pieces and share of the length in the longest,
        today and with the plan.

    Notes
    -----
    Pieces are the connected components of the network. One gap at most for two pieces: the shortest.

    References
    ----------
    Cerema, Rendre sa voirie cyclable; Code de l'environnement, art. L. 228-2.

    Examples
    --------
    >>> units = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 2000, 100)], index=["1"], crs=2154)
    >>> lines = [shapely.LineString([(a, 50), (b, 50)]) for a, b in ((0, 500), (560, 1000), (500, 560))]
    >>> ways = gpd.GeoDataFrame({"etat": ["existant", "existant", "projet"]}, geometry=lines, crs=2154)
    >>> found = cycle_continuity(units, cyclable=ways).values
    >>> found.loc["1", ["cycle_piece_count", "cycle_gap_count", "cycle_gap_closed_count"]].tolist()
    [2.0, 1.0, 1.0]
    """
    units, ways = opened(units, cyclable=cyclable)
    if ways is None:
        nowhere = {output.name: unknown(units) for output in OUTPUTS}
        return measurement(units, nowhere, overall={one.name: Whole(np.nan, 0.0) for one in OVERALL})
    state = ways["etat"].astype("string").fillna("inconnu")
    today, plan = ways[state == EXISTING], ways[state == PLANNED]
    share, whole = _told_share(units, ways, pd.concat([today, plan]))
    made, after = _network(today, raccord_m), _network(pd.concat([today, plan]), raccord_m)
    gaps = _gaps(made, after, ecart_max_m, units)
    at = assign_zone(_middles(gaps), units).to_numpy()
    closed = (gaps["classe"] == "ecart_prevu").to_numpy()
    columns = {
        "cycle_existing_km": length_within(units, today[["geometry"]]) / M_PER_KM,
        "cycle_planned_km": length_within(units, plan[["geometry"]]) / M_PER_KM,
        "cycle_piece_count": _pieces(units, made),
        "cycle_gap_count": _count(units, at),
        "cycle_gap_closed_count": _count(units, at[closed]),
    }
    known = {name: Known(value, share) for name, value in columns.items()}
    return measurement(units, known, _drawn(units, made, gaps), _overall(made, after, whole))


def _told_share(
    units: gpd.GeoDataFrame, ways: gpd.GeoDataFrame, told: gpd.GeoDataFrame
) -> tuple[pd.Series[float], float]:
    """Return the share of the length of lines whose state is known: of each unit, and of all the lines."""
    length = length_within(units, ways[["geometry"]])
    known = length_within(units, told[["geometry"]].reset_index(drop=True))
    total = ways.length.sum()
    return known_part(known, length, everywhere(units)), float(told.length.sum() / total) if total > 0 else 1.0


def _network(ways: gpd.GeoDataFrame, join_m: float) -> Network | None:
    """Return the network of some ways; None where there is none."""
    if not (ways.length > 0).any():
        return None
    return build_network(ways[["geometry"]].reset_index(drop=True), junctions="crossings", tolerance_m=join_m)


def _edges(made: Network, crs: object) -> gpd.GeoDataFrame:
    """Return the edges of a network in their place, with the piece of each."""
    edges = shapely.transform(made.edges, lambda xy: xy + made.origin)
    return gpd.GeoDataFrame({"piece": made.island[made.start]}, geometry=edges, crs=crs)


def _gaps(made: Network | None, after: Network | None, widest_m: float, units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the shortest line between each two pieces no farther apart than the widest gap, and its class."""
    if made is None or after is None:
        return gpd.GeoDataFrame({"classe": [], "length_m": []}, geometry=[], crs=units.crs)
    edges = _edges(made, units.crs)
    shapes, piece = edges.geometry.to_numpy(), edges["piece"].to_numpy()
    one, other = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=widest_m)
    apart = piece[one] < piece[other]
    one, other = one[apart], other[apart]
    lines = shapely.shortest_line(shapes[one], shapes[other])
    table = pd.DataFrame({"a": piece[one], "b": piece[other], "length_m": shapely.length(lines), "line": lines})
    ends = shapely.get_coordinates(shapely.get_point(lines, 0))
    table = table.assign(x=ends[:, 0], y=ends[:, 1]).sort_values(["a", "b", "length_m", "x", "y"])
    table = table.drop_duplicates(["a", "b"]).reset_index(drop=True)
    gaps = gpd.GeoDataFrame(table[["length_m"]], geometry=table["line"].to_numpy(), crs=units.crs)
    joined = _same_piece(after, gaps, units)
    return gaps.assign(classe=np.where(joined, "ecart_prevu", "ecart"))


def _same_piece(after: Network, gaps: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> npt.NDArray[np.bool_]:
    """Tell the gaps whose two ends lie on one piece of the network to come."""
    edges = _edges(after, units.crs)
    tree = shapely.STRtree(edges.geometry.to_numpy())
    sides = [
        edges["piece"].to_numpy()[tree.nearest(shapely.get_point(gaps.geometry.to_numpy(), end))] for end in (0, -1)
    ]
    same: npt.NDArray[np.bool_] = sides[0] == sides[1]
    return same


def _middles(gaps: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=gaps.geometry.interpolate(0.5, normalized=True), index=gaps.index, crs=gaps.crs)


def _count(units: gpd.GeoDataFrame, at: npt.NDArray[np.object_]) -> pd.Series[float]:
    """Return how many of some things lie in each unit."""
    return pd.Series(at, dtype=object).value_counts().reindex(units.index).fillna(0).astype(float)


def _pieces(units: gpd.GeoDataFrame, made: Network | None) -> pd.Series[float]:
    """Return how many pieces reach each unit."""
    if made is None:
        return pd.Series(0.0, index=units.index)
    edges = _edges(made, units.crs)
    inside = intersect(edges[["geometry"]], units)
    inside = inside[inside.length > 0]
    pairs = pd.DataFrame({"zone": inside["right"], "piece": edges["piece"].loc[inside["left"]].to_numpy()})
    return pairs.drop_duplicates().groupby("zone").size().reindex(units.index).fillna(0).astype(float)


def _overall(made: Network | None, after: Network | None, share: float) -> dict[str, Whole]:
    """Return pieces and the share of the longest, today and with the plan; NaN where there is no network."""
    found: dict[str, Whole] = {}
    for name, one in (("today", made), ("planned", after)):
        found[f"cycle_{name}_piece_count"] = Whole(0.0 if one is None else float(one.islands), share)
        told = Whole(np.nan, 0.0) if one is None else Whole(one.main_share, share)
        found[f"cycle_{name}_main_share"] = told
    return found


def _drawn(units: gpd.GeoDataFrame, made: Network | None, gaps: gpd.GeoDataFrame) -> gpd.GeoDataFrame | None:
    """Return the existing network, its longest piece apart, and the gaps."""
    parts = [gaps[["classe", "geometry"]]]
    if made is not None:
        edges = _edges(made, units.crs)
        edges = edges.assign(classe=np.where(edges["piece"] == 0, "principal", "isole"))
        parts.insert(0, edges.dissolve(["classe", "piece"]).reset_index()[["classe", "geometry"]])
    layer = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=units.crs)
    if not len(layer):
        return None
    pieces = intersect(layer[["geometry"]], units).rename(columns={"right": "code_unite"})
    drawn = pieces.assign(classe=layer["classe"].to_numpy()[pieces["left"].to_numpy(dtype=int)])
    return drawn[["code_unite", "classe", "geometry"]] if len(drawn) else None


OUTPUTS = (
    Output("cycle_existing_km", Text("Réseau cyclable existant", "Existing cycle network"), "km", better=1),
    Output("cycle_planned_km", Text("Réseau cyclable en projet", "Planned cycle network"), "km"),
    Output(
        "cycle_piece_count",
        Text("Morceaux du réseau cyclable existant", "Pieces of the existing cycle network"),
        "nombre",
        better=-1,
    ),
    Output(
        "cycle_gap_count", Text("Coupures courtes du réseau cyclable", "Short gaps of the network"), "nombre", better=-1
    ),
    Output(
        "cycle_gap_closed_count",
        Text("Coupures courtes que le plan résorbe", "Short gaps that the plan closes"),
        "nombre",
        better=1,
    ),
)
OVERALL = tuple(
    output
    for name, when in (("today", Text("aujourd'hui", "today")), ("planned", Text("avec le plan", "with the plan")))
    for output in (
        Output(
            f"cycle_{name}_piece_count",
            Text("Morceaux du réseau cyclable, $w", "Pieces of the cycle network, $w").fill(w=when),
            "nombre",
            better=-1,
        ),
        Output(
            f"cycle_{name}_main_share",
            Text("Part du réseau cyclable d'un seul tenant, $w", "Share of the network in one piece, $w").fill(w=when),
            "part",
            better=1,
        ),
    )
)

ANALYSIS = Declaration(
    id="cycle_continuity",
    title=Text("Continuité du réseau cyclable", "Continuity of the cycle network"),
    summary=Text(
        "En combien de morceaux est le réseau cyclable, où sont ses coupures courtes, et le plan les résorbe-t-il ?",
        "In how many pieces is the cycle network, where are its short gaps, and does the plan close them?",
    ),
    policies=(Policy.MOBILITE, Policy.URBANISME),
    inputs=(Input("cyclable"),),
    outputs=OUTPUTS,
    overall=OVERALL,
    formula=Text(
        "Les aménagements existants se rejoignent où ils se croisent, ou quand une extrémité est à moins de raccord_m "
        "d'un "
        "autre : morceaux = composantes connexes. Une coupure courte est le plus court chemin entre deux morceaux, "
        "s'il ne "
        "passe pas ecart_max_m ; le plan la résorbe si ses deux bouts sont sur un même morceau du réseau existant et "
        "en "
        "projet. Exemple : deux pistes à 60 m l'une de l'autre font 2 morceaux et 1 coupure ; un projet de 60 m entre "
        "elles "
        "la résorbe.",
        "Existing facilities meet where they cross, or when an end is within raccord_m of another: pieces are "
        "connected "
        "components. A short gap is the shortest way between two pieces, where it is no longer than ecart_max_m; the "
        "plan "
        "closes it if its two ends lie on one piece of the existing and planned network. Example: two tracks 60 m "
        "apart "
        "are 2 pieces and 1 gap; a planned track of 60 m between them closes it.",
    ),
    reading=Text(
        "0,42 signifie que 42 % de la longueur du réseau est d'un seul tenant ; 3 coupures, que trois raccords courts "
        "uniraient des morceaux.",
        "0.42 means that 42 % of the length of the network is in one piece; 3 gaps, that three short links would join "
        "pieces.",
    ),
    limits=Text(
        "Un pont au-dessus d'une piste la rejoint. Les rues apaisées qui relient deux aménagements sans en être un ne "
        "comptent pas. Un aménagement d'état inconnu n'est ni existant ni projeté : la part connue le dit. Un morceau "
        "qui "
        "passe d'une unité à l'autre compte dans chacune.",
        "A bridge over a track meets it. Calmed streets that link two facilities without being one do not count. A "
        "facility of unknown state is neither existing nor planned: the known share says so. A piece that goes from "
        "one "
        "unit to another counts in each.",
    ),
    reference="Code de l'environnement, art. L. 228-2 et L. 228-3 (itinéraires cyclables et continuité) ; Cerema, "
    "Rendre sa voirie cyclable (2021).",
    function=cycle_continuity,
    parameters=(
        Parameter("ecart_max_m", Text("plus longue coupure courte", "longest short gap"), "m", 100.0, 1.0, 1_000.0),
        Parameter(
            "raccord_m",
            Text("distance à laquelle deux aménagements se rejoignent", "distance at which facilities meet"),
            "m",
            5.0,
            0.0,
            50.0,
        ),
    ),
    map_classes={
        "principal": (Text("plus grand morceau", "longest piece"), "#0072b2"),
        "isole": (Text("autre morceau", "another piece"), "#56b4e9"),
        "ecart": (Text("coupure courte", "short gap"), "#d55e00"),
        "ecart_prevu": (Text("coupure que le plan résorbe", "gap that the plan closes"), "#e69f00"),
    },
    apart=False,
    family=Family.NUMERIQUE,
)
