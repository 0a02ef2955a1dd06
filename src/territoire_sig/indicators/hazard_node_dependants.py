"""Dependants of exposed nodes: who is cut off if a node in a hazard zone fails, down to the last branch?"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..model.declaration import Declaration, Input, Measurement, Output, Table, Whole
from ..model.policies import Policy
from ..overlay import assign_zone, pieces_inside, pieces_outside, within
from ..texts import Text
from .entrance import in_use, opened_in_bounds
from .exposure import known_population, people_in, people_within
from .hazard import MINIMUM_LEVEL, at_least, hazard_known
from .knowledge import Known, known_part, measurement, merged, ratio, reached_share, unknown
from .premises import counted_once, premises_of
from .serving import ancestors, circular, service_areas

__all__ = ["ANALYSIS", "hazard_node_dependants"]

OUTPUTS = (
    Output(
        "exposed_node_inhabitants",
        Text("Habitants derrière un nœud exposé", "Inhabitants behind an exposed node"),
        "habitants",
        better=-1,
    ),
    Output(
        "exposed_node_inhabitants_share",
        Text("Part des habitants derrière un nœud exposé", "Share of inhabitants behind an exposed node"),
        "part",
        better=-1,
    ),
    Output(
        "exposed_node_premises",
        Text("Locaux derrière un nœud exposé", "Premises behind an exposed node"),
        "locaux",
        better=-1,
    ),
    Output(
        "exposed_node_premises_share",
        Text("Part des locaux derrière un nœud exposé", "Share of premises behind an exposed node"),
        "part",
        better=-1,
    ),
)
OVERALL = (
    Output(
        "service_area_orphan_count",
        Text("Zones arrière dont la zone mère est introuvable", "Service areas whose parent is not found"),
        "nombre",
        better=-1,
    ),
    Output(
        "service_area_circular_count",
        Text("Zones arrière qui dépendent d'elles-mêmes", "Service areas that depend on themselves"),
        "nombre",
        better=-1,
    ),
    Output(
        "service_area_nodeless_count",
        Text("Zones arrière dont le nœud n'est pas localisé", "Service areas whose node is not located"),
        "nombre",
        better=-1,
    ),
)
COLUMNS = (
    Output("code", Text("Code du nœud", "Node code"), "texte"),
    Output("rang", Text("Rang dans le réseau", "Level in the network"), "texte"),
    Output("zones", Text("Zones arrière derrière lui", "Service areas behind it"), "nombre"),
    Output("inhabitants", Text("Habitants derrière lui", "Inhabitants behind it"), "habitants", better=-1),
    Output("premises", Text("Locaux derrière lui", "Premises behind it"), "locaux", better=-1),
)
TABLE = "exposed_nodes"
#: Part of those served under which a difference of two areas is rounding.
SLIVER = 1e-9


@dataclass(frozen=True, eq=False)
class Network:
    """The service areas, the pairs (area, all that is above it), and what is known of each.

    `areas` holds ``exposed`` (its node, or one above it, is exposed) and ``settled`` (exposed or surely not).
    """

    areas: gpd.GeoDataFrame
    above: pd.DataFrame
    circle: np.ndarray[tuple[int], np.dtype[np.bool_]]


def hazard_node_dependants(
    units: gpd.GeoDataFrame,
    *,
    alea: gpd.GeoDataFrame | None,
    noeud_optique: gpd.GeoDataFrame | None,
    zone_nro: gpd.GeoDataFrame | None = None,
    zone_sro: gpd.GeoDataFrame | None = None,
    zone_pbo: gpd.GeoDataFrame | None = None,
    population: gpd.GeoDataFrame | None = None,
    immeuble: gpd.GeoDataFrame | None = None,
    perimetre_risque: gpd.GeoDataFrame | None = None,
    niveau_min: float = 2.0,
) -> Measurement:
    """Count the inhabitants and premises behind an exposed node, through the tree NRO → SRO → PBO.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    alea : GeoDataFrame or None
        Hazard zones, with ``niveau``.
    noeud_optique : GeoDataFrame or None
        Points with ``code``; those given up (``etat``) are not located.
    zone_nro, zone_sro, zone_pbo : GeoDataFrame or None
        Service areas with ``code``, ``noeud`` (the node that serves it; else its own code) and ``parent``.
    population : GeoDataFrame or None
        Polygons with ``habitants``, shared out in proportion to area.
    immeuble : GeoDataFrame or None
        Points with ``locaux``.
    perimetre_risque : GeoDataFrame or None
        Perimeters of the risk plans: where the absence of a zone is the absence of a known hazard.
    niveau_min : float, default 2
        Level from which a node is exposed: 1 low, 2 medium, 3 high, 4 very high.

    Returns
    -------
    Measurement
        ``exposed_node_inhabitants``, ``exposed_node_premises`` and their shares. Known where a service area lies
        whose node, and all those above it, are located where hazard was studied; an area that is an orphan, or in a
        circle, is unknown unless it is already behind an exposed node. A share is unknown where nobody served is surely
        safe, and some may be: it could be nothing but 1. Overall: the areas that are orphan, circular,
        or without a located node. The table has one row an exposed node.

    Raises
    ------
    InvalidValueError
        When two areas of one rank bear one code and differ, or two rows of one building disagree.

    Notes
    -----
    An area is behind a node if the node serves it, or serves an area above it.

    References
    ----------
    GraceTHD-MCD 2.0.1 (t_znro, t_zsro, t_zpbo, t_noeud); UNDRR (2017), Terminology: exposure.

    Examples
    --------
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 100, 100)], index=["1"], crs=2154)
    >>> hazard = gpd.GeoDataFrame({"niveau": ["fort", "nul"], "typealea": ["11"] * 2}, geometry=[
    ...     shapely.box(0, 0, 40, 100), shapely.box(40, 0, 100, 100)], crs=2154)
    >>> nodes = gpd.GeoDataFrame({"code": ["N", "S"], "niveau": ["NRO", "SRO"]},
    ...     geometry=gpd.points_from_xy([90, 10], [9, 9]), crs=2154)
    >>> nro = gpd.GeoDataFrame({"code": ["ZN"], "noeud": ["N"]}, geometry=[shapely.box(0, 0, 100, 100)], crs=2154)
    >>> sro = gpd.GeoDataFrame({"code": ["ZS"], "noeud": ["S"], "parent": ["ZN"]},
    ...     geometry=[shapely.box(30, 0, 100, 100)], crs=2154)
    >>> people = gpd.GeoDataFrame({"habitants": [100.0]}, geometry=[shapely.box(0, 0, 100, 100)], crs=2154)
    >>> found = hazard_node_dependants(
    ...     units, alea=hazard, noeud_optique=nodes, zone_nro=nro, zone_sro=sro, population=people
    ... )
    >>> found.values.loc["1", ["exposed_node_inhabitants", "exposed_node_inhabitants_share"]].round(9).tolist()
    [70.0, 0.7]
    """
    units, alea, nodes, nro, sro, pbo, population, buildings, perimetre_risque = opened_in_bounds(
        units,
        alea=alea,
        noeud_optique=noeud_optique,
        zone_nro=zone_nro,
        zone_sro=zone_sro,
        zone_pbo=zone_pbo,
        population=population,
        immeuble=immeuble,
        perimetre_risque=perimetre_risque,
    )
    areas = service_areas(nro, sro, pbo)
    if alea is None or nodes is None or not len(areas):
        nothing = {output.name: Whole(np.nan, 0.0) for output in OVERALL}
        columns = {output.name: unknown(units) for output in OUTPUTS}
        return measurement(units, columns, overall=nothing, tables={TABLE: _rows([])})
    state = _node_states(in_use(nodes), alea, perimetre_risque, niveau_min)
    network = _network(areas, state)
    buildings = None if buildings is None else counted_once(buildings)
    columns = _people(units, network, population) | _premises(units, network, buildings)
    table = _table(units, network, state, population, buildings)
    return measurement(units, columns, overall=_counts(network, state), tables={TABLE: table})


def _node_states(
    nodes: gpd.GeoDataFrame, alea: gpd.GeoDataFrame, perimetre_risque: gpd.GeoDataFrame | None, niveau_min: float
) -> pd.DataFrame:
    """Return ``exposed`` and ``known`` (of known hazard) by code of node; a code of several points is the worst."""
    exposed = within(nodes, at_least(alea, niveau_min))
    table = pd.DataFrame({"exposed": exposed, "known": exposed | hazard_known(nodes, alea, perimetre_risque)})
    grouped = table.groupby(nodes["code"].to_numpy())
    return pd.DataFrame({"exposed": grouped["exposed"].any(), "known": grouped["known"].all()})


def _network(areas: gpd.GeoDataFrame, state: pd.DataFrame) -> Network:
    """Return the network, with what is known of each area."""
    parent = areas["parent"].to_numpy(dtype=np.intp)
    above, circle = ancestors(parent), circular(parent)
    own = state.reindex(areas["node"])
    exposed = own["exposed"].fillna(False).to_numpy(dtype=bool)
    sure = own["known"].fillna(False).to_numpy(dtype=bool) & ~areas["orphan"].to_numpy(dtype=bool) & ~circle
    table = pd.DataFrame({"exposed": exposed[above["above"]], "sure": sure[above["above"]]})
    grouped = table.groupby(above["area"].to_numpy())
    behind = grouped["exposed"].any().to_numpy()
    told = areas.assign(exposed=behind, settled=behind | grouped["sure"].all().to_numpy())
    return Network(told, above, circle)


def _settled(network: Network) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return the exposed areas, and the places of which it is known whether they are behind an exposed node."""
    areas = network.areas
    exposed, unsure = areas[areas["exposed"]], areas[~areas["settled"]]
    safe = areas[areas["settled"] & ~areas["exposed"]]
    sure = pieces_outside(safe, unsure) if len(unsure) and len(safe) else safe
    told = merged(exposed, sure)
    return exposed, areas.iloc[:0] if told is None else told


def _people(units: gpd.GeoDataFrame, network: Network, population: gpd.GeoDataFrame | None) -> dict[str, Known]:
    """Return the inhabitants behind exposed nodes, and their share of those of whom it is known."""
    if population is None:
        return {name: unknown(units) for name in ("exposed_node_inhabitants", "exposed_node_inhabitants_share")}
    exposed, told = _settled(network)
    behind, everyone = people_within(units, population, exposed), people_within(units, population, told)
    reach = reached_share(units, known_population(population), told).where(behind.share > 0, 0.0)
    served = people_within(units, population, network.areas).value
    one_sided = _one_sided(behind.value, everyone.value, served)
    return {
        "exposed_node_inhabitants": Known(behind.value, reach),
        "exposed_node_inhabitants_share": Known(ratio(behind.value, everyone.value), reach.mask(one_sided, 0.0)),
    }


def _one_sided(behind: pd.Series[float], told: pd.Series[float], served: pd.Series[float]) -> pd.Series[bool]:
    """Tell where nobody served is surely safe, and some may be: a share of those told could be nothing but 1.

    Examples
    --------
    >>> behind, told, served = (pd.Series(one) for one in ([9.0, 9.0, 9.0], [9.0, 9.0, 50.0], [90.0, 9.0, 90.0]))
    >>> _one_sided(behind, told, served).tolist()
    [True, False, False]
    """
    sliver = SLIVER * served
    return (told - behind <= sliver) & (served - told > sliver)


def _premises(units: gpd.GeoDataFrame, network: Network, buildings: gpd.GeoDataFrame | None) -> dict[str, Known]:
    """Return the premises behind exposed nodes, and their share of those of which it is known."""
    if buildings is None:
        return {name: unknown(units) for name in ("exposed_node_premises", "exposed_node_premises_share")}
    exposed, told = _settled(network)
    premises, settled = premises_of(buildings), within(buildings, told)
    table = pd.DataFrame(
        {
            "all": 1.0,
            "known": (settled & premises.notna()).astype(float),
            "told": premises.where(settled, 0.0).fillna(0.0),
            "served": premises.where(within(buildings, network.areas), 0.0).fillna(0.0),
            "behind": premises.where(within(buildings, exposed), 0.0).fillna(0.0),
        }
    )
    sums = table.groupby(assign_zone(buildings, units).to_numpy()).sum().reindex(units.index, fill_value=0.0)
    share = known_part(sums["known"], sums["all"], reached_share(units, told))
    return {
        "exposed_node_premises": Known(sums["behind"], share),
        "exposed_node_premises_share": Known(
            ratio(sums["behind"], sums["told"]),
            share.mask(_one_sided(sums["behind"], sums["told"], sums["served"]), 0.0),
        ),
    }


def _counts(network: Network, state: pd.DataFrame) -> dict[str, Whole]:
    """Return how many areas are orphan, circular, or without a located node."""
    located = network.areas["node"].isin(state.index)
    return {
        "service_area_orphan_count": Whole(float(network.areas["orphan"].sum()), 1.0),
        "service_area_circular_count": Whole(float(network.circle.sum()), 1.0),
        "service_area_nodeless_count": Whole(float((~located).sum()), 1.0),
    }


def _table(
    units: gpd.GeoDataFrame,
    network: Network,
    state: pd.DataFrame,
    population: gpd.GeoDataFrame | None,
    buildings: gpd.GeoDataFrame | None,
) -> pd.DataFrame:
    """Return one row an exposed node that serves an area: what is behind it in the units, those most followed first."""
    pairs = network.above.assign(node=network.areas["node"].to_numpy()[network.above["above"]])
    exposed = state.index[state["exposed"]]
    pairs = pairs[pairs["node"].isin(exposed)].drop_duplicates(["node", "area"])
    if not len(pairs):
        return _rows([])
    shapes = network.areas.geometry.to_numpy()
    behind = gpd.GeoDataFrame(
        {"zones": pairs.groupby("node").size()},
        geometry=pairs.groupby("node")["area"].agg(lambda rows: shapely.union_all(shapes[rows])),
        crs=units.crs,
    )
    here = pieces_inside(behind, units)
    nan = pd.Series(np.nan, index=here.index)
    people = nan if population is None else people_in(here, population).total
    premises = nan if buildings is None else _premises_in(here, buildings)
    rank = network.areas.drop_duplicates("node").set_index("node")["rank"]
    rows = [
        (
            str(code),
            rank[code],
            float(behind["zones"][code]),
            float(people.get(code, 0.0)),
            float(premises.get(code, 0.0)),
        )
        for code in behind.index
    ]
    return _rows(rows)


def _premises_in(here: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> pd.Series[float]:
    """Return the known premises in each surface; surfaces may overlap."""
    homes, surface = here.sindex.query(buildings.geometry, predicate="intersects")
    amount = pd.Series(premises_of(buildings).to_numpy()[homes], index=here.index[surface])
    return amount.groupby(level=0).sum().reindex(here.index, fill_value=0.0)


def _rows(rows: list[tuple[str, str, float, float, float]]) -> pd.DataFrame:
    """Return the table of nodes."""
    table = pd.DataFrame(rows, columns=[column.name for column in COLUMNS])
    return table.sort_values(["inhabitants", "premises", "code"], ascending=[False, False, True], ignore_index=True)


ANALYSIS = Declaration(
    id="hazard_node_dependants",
    title=Text("Dépendants d'un nœud exposé", "Dependants of an exposed node"),
    summary=Text(
        "Combien d'habitants et de locaux perdraient le réseau fixe si un nœud en zone d'aléa tombait, en amont ou au "
        "pied de chez eux ?",
        "How many inhabitants and premises would lose the fixed network if a node in a hazard zone failed, far above "
        "them or at their foot?",
    ),
    policies=(Policy.RISQUES, Policy.NUMERIQUE, Policy.INCLUSION),
    inputs=(
        Input("alea"),
        Input("noeud_optique"),
        Input("zone_nro", required=False),
        Input("zone_sro", required=False),
        Input("zone_pbo", required=False),
        Input("population", required=False),
        Input("immeuble", required=False),
        Input("perimetre_risque", required=False, text=Text("où l'aléa a été étudié", "where hazard was studied")),
    ),
    one_of=(("zone_nro", "zone_sro", "zone_pbo"), ("population", "immeuble")),
    outputs=OUTPUTS,
    overall=OVERALL,
    tables=(Table(TABLE, Text("Nœuds exposés et ce qui en dépend", "Exposed nodes and their dependants"), COLUMNS),),
    formula=Text(
        "Une zone arrière est derrière un nœud exposé si son nœud, ou celui d'une zone qui la contient dans l'arbre "
        "NRO → SRO → PBO (colonne parent), est dans un aléa d'au moins niveau_min. Dépendants = habitants (au prorata "
        "des surfaces) et locaux dans la réunion de ces zones, chacun compté une fois ; part = dépendants ÷ habitants "
        "des zones dont l'état est su. Exemple : 100 habitants sur 100 m ; le NRO est hors aléa ; le SRO qui dessert "
        "de 30 à 100 m est en aléa fort : 70 habitants, part 0,7.",
        "A service area is behind an exposed node if its node, or that of an area above it in the tree NRO → SRO → PBO "
        "(column parent), is in a hazard of niveau_min or more. Dependants = inhabitants (by share of area) and "
        "premises in the union of these areas, each counted once; share = dependants ÷ inhabitants of the areas whose "
        "state is known. Example: 100 inhabitants over 100 m; the NRO is out of hazard; the SRO that serves from 30 to "
        "100 m is in high hazard: 70 inhabitants, share 0.7.",
    ),
    reading=Text(
        "0,42 signifie que 42 % des habitants desservis dépendent d'au moins un nœud exposé.",
        "0.42 means that 42 % of the inhabitants served depend on at least one exposed node.",
    ),
    limits=Text(
        "Être en zone d'aléa n'est pas être vulnérable ; les bouclages et les secours d'alimentation ne sont pas "
        "connus. Une zone orpheline (zone mère introuvable), prise dans une boucle de codes, ou dont un nœud n'est pas "
        "localisé là où l'aléa a été étudié, est d'état inconnu, sauf si un nœud exposé est déjà au-dessus d'elle : "
        "elle est comptée, et la part connue baisse. Où aucun habitant desservi n'est sûrement à l'abri et que "
        "certains "
        "le sont peut-être, la part est inconnue. Hors des zones arrière, rien n'est su.",
        "To stand in a hazard zone is not to be vulnerable; loops of the network and backup power are not known. An "
        "area that is an orphan (parent not found), caught in a circle of codes, or of which a node is not located "
        "where hazard was studied, is of unknown state, unless an exposed node is already above it: it is counted, and "
        "the known share goes down. Where nobody served is surely safe and some may be, the share is unknown. Out "
        "of the service areas, nothing is known.",
    ),
    reference="GraceTHD-MCD 2.0.1 (t_znro, t_zsro, t_zpbo, t_noeud) ; UNDRR (2017), Terminology on disaster risk "
    "reduction (exposure, critical infrastructure) ; Code de la sécurité intérieure, art. L. 732-1.",
    function=hazard_node_dependants,
    apart=False,
    parameters=(MINIMUM_LEVEL,),
)
