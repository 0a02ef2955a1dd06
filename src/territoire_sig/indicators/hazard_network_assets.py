"""Hazard and network assets: what may fail with the ground or the water, and who depends on it?"""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Parameter
from ..model.families import Family
from ..model.policies import Policy
from ..overlay import assign_zone, length_within, pieces_outside, within
from ..texts import Text
from .entrance import in_service, in_use, opened
from .exposure import around, known_population, people_within
from .hazard import (
    LEVEL_CLASSES,
    LEVELS,
    MEASURED_LEVELS,
    MINIMUM_LEVEL,
    at_least,
    by_level,
    hazard_known,
    hazard_pieces,
    studied,
)
from .knowledge import Known, measurement, merged, reached_share, unknown

__all__ = ["ANALYSIS", "hazard_network_assets"]

#: Column prefix of each kind of asset, with its name.
ASSETS: dict[str, Text] = {
    "site_count": Text("Sites mobiles", "Mobile sites"),
    "nro_count": Text("NRO (nœuds de raccordement optique)", "Optical line terminal sites (NRO)"),
    "sro_count": Text("SRO (sous-répartiteurs optiques)", "Fibre street cabinets (SRO)"),
    "cable_m": Text("Longueur de câbles optiques", "Length of optical cables"),
}


def hazard_network_assets(
    units: gpd.GeoDataFrame,
    *,
    alea: gpd.GeoDataFrame | None,
    site_mobile: gpd.GeoDataFrame | None = None,
    noeud_optique: gpd.GeoDataFrame | None = None,
    cable: gpd.GeoDataFrame | None = None,
    zone_nro: gpd.GeoDataFrame | None = None,
    zone_sro: gpd.GeoDataFrame | None = None,
    population: gpd.GeoDataFrame | None = None,
    perimetre_risque: gpd.GeoDataFrame | None = None,
    niveau_min: float = 2.0,
    rayon_m: float = 1000.0,
) -> Measurement:
    r"""Count the network assets in each hazard level, and the inhabitants who depend on them.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    alea : GeoDataFrame or None
        Hazard zones, with ``niveau``. Where levels overlap, the worst is taken.
    site_mobile, noeud_optique : GeoDataFrame or None
        Points; sites planned or given up (``etat``) are not counted; nodes with ``code`` and ``niveau``, of which NRO
        and SRO are measured, unless given up.
    cable : GeoDataFrame or None
        Lines; those given up (``etat``) are not counted.
    zone_nro, zone_sro : GeoDataFrame or None
        Service areas; ``noeud`` (or ``code``) is the code of the node that serves the area.
    population : GeoDataFrame or None
        Polygons with ``habitants``.
    perimetre_risque : GeoDataFrame or None
        Perimeters of the risk plans: where the absence of a zone is the absence of a known hazard.
    niveau_min : float, default 2
        Level from which inhabitants are counted: 1 low, 2 medium, 3 high, 4 very high.
    rayon_m : float, default 1000
        Radius around a mobile site, or around a node without service area, within which inhabitants depend on it.

    Returns
    -------
    Measurement
        For each asset (site_count, nro_count, sro_count, cable_m) and level, ``hazard_<asset>_<level>``; then
        ``hazard_site_dependents``, ``hazard_node_dependents`` and ``hazard_network_dependents``: inhabitants of
        the unit who depend on an exposed asset, wherever it stands, each counted once. Those who depend on an asset
        whose hazard is unknown, and on none that is exposed, are out of the known share.

    Notes
    -----
    Dependents: :math:`\sum_c p_c\, |c \cap \bigcup_i F_i| / |c|` over the population polygons *c*, with
    :math:`F_i` the service area of exposed asset *i*, or the disc of radius ``rayon_m`` (drawn with 128 sides).

    References
    ----------
    UNDRR (2017), Terminology on disaster risk reduction: exposure.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 100, 100)], index=["1"], crs=2154)
    >>> hazard = gpd.GeoDataFrame({"niveau": ["fort"], "typealea": ["11"]}, geometry=[shapely.box(0, 0, 40, 100)])
    >>> sites = gpd.GeoDataFrame(geometry=gpd.points_from_xy([10, 90], [50, 50]), crs=2154)
    >>> cables = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 50), (100, 50)])], crs=2154)
    >>> found = hazard_network_assets(units, alea=hazard.set_crs(2154), site_mobile=sites, cable=cables).values
    >>> found.loc["1", ["hazard_site_count_fort", "hazard_cable_m_fort", "hazard_nro_count_fort"]].tolist()
    [1.0, 40.0, nan]
    """
    units, alea, sites, nodes, cable, zone_nro, zone_sro, population, perimetre_risque = opened(
        units,
        alea=alea,
        site_mobile=site_mobile,
        noeud_optique=noeud_optique,
        cable=cable,
        zone_nro=zone_nro,
        zone_sro=zone_sro,
        population=population,
        perimetre_risque=perimetre_risque,
    )
    if alea is None:
        return measurement(units, {output.name: unknown(units) for output in OUTPUTS})
    sites, nodes, cable = in_service(sites), in_use(nodes), in_use(cable)
    pieces, study = hazard_pieces(units, alea), studied(units, alea, perimetre_risque)
    points = {"site_count": sites, "nro_count": _of_rank(nodes, "NRO"), "sro_count": _of_rank(nodes, "SRO")}
    reach = dict.fromkeys(LEVELS, reached_share(units, study))
    reach |= {"indetermine": reached_share(units, merged(alea, perimetre_risque))}
    columns: dict[str, Known] = {}
    for asset, layer in (points | {"cable_m": cable}).items():
        columns |= _levels(asset, units, pieces, layer, reach)
    danger = at_least(alea, niveau_min)
    zones = {"nro_count": zone_nro, "sro_count": zone_sro}

    def doubtful(assets: gpd.GeoDataFrame) -> pd.Series[bool]:
        return ~hazard_known(assets, alea, perimetre_risque) & ~within(assets, danger)

    surfaces = _around(points, zones, lambda assets: within(assets, danger), rayon_m)
    columns |= _dependents(units, population, study, surfaces, _around(points, zones, doubtful, rayon_m))
    return measurement(units, columns, _drawn(points, pieces))


def _of_rank(nodes: gpd.GeoDataFrame | None, rank: str) -> gpd.GeoDataFrame | None:
    """Return the nodes of one rank; None where there is no layer of nodes."""
    return None if nodes is None else nodes[nodes["niveau"] == rank]


def _levels(
    asset: str,
    units: gpd.GeoDataFrame,
    pieces: gpd.GeoDataFrame,
    layer: gpd.GeoDataFrame | None,
    reach: dict[str, pd.Series[float]],
) -> dict[str, Known]:
    """Return the count, or the metres, of one kind of asset in each level, with the share studied for that level."""
    names = {level: f"hazard_{asset}_{level}" for level in MEASURED_LEVELS}
    if layer is None:
        return {name: unknown(units) for name in names.values()}
    if asset == "cable_m":
        amount = length_within(pieces, layer)
    else:
        amount = assign_zone(layer, pieces).value_counts().reindex(pieces.index, fill_value=0).astype(float)
    table = by_level(pieces, amount, units)
    return {name: Known(table[level], reach[level]) for level, name in names.items()}


def _discs(points: gpd.GeoDataFrame, rayon_m: float) -> gpd.GeoDataFrame:
    """Return a disc around each point."""
    return gpd.GeoDataFrame(geometry=around(points.geometry, rayon_m), crs=points.crs)


def _around(
    points: dict[str, gpd.GeoDataFrame | None],
    zones: dict[str, gpd.GeoDataFrame | None],
    chosen: Callable[[gpd.GeoDataFrame], pd.Series[bool]],
    rayon_m: float,
) -> dict[str, gpd.GeoDataFrame | None]:
    """Return the surfaces that depend on the chosen sites, on the chosen nodes, and on either."""
    sites = points["site_count"]
    discs = None if sites is None else _discs(sites[chosen(sites)], rayon_m)
    served = _served(points, zones, chosen, rayon_m)
    return {"site": discs, "node": served, "network": merged(discs, served)}


def _served(
    nodes: dict[str, gpd.GeoDataFrame | None],
    zones: dict[str, gpd.GeoDataFrame | None],
    chosen: Callable[[gpd.GeoDataFrame], pd.Series[bool]],
    rayon_m: float,
) -> gpd.GeoDataFrame | None:
    """Return the service areas of the chosen nodes, or discs around those that have none."""
    parts: list[gpd.GeoDataFrame | None] = []
    for name, areas in zones.items():
        points = nodes[name]
        if points is None:
            continue
        exposed = points[chosen(points)]
        served = np.zeros(len(exposed), dtype=bool)
        if areas is not None:
            node = areas["noeud"].fillna(areas["code"]) if "noeud" in areas.columns else areas["code"]
            served = exposed["code"].isin(node).to_numpy()
            parts.append(areas[node.isin(exposed["code"])])
        parts.append(_discs(exposed[~served], rayon_m))
    return merged(*parts)


def _dependents(
    units: gpd.GeoDataFrame,
    population: gpd.GeoDataFrame | None,
    study: gpd.GeoDataFrame,
    surfaces: dict[str, gpd.GeoDataFrame | None],
    doubts: dict[str, gpd.GeoDataFrame | None],
) -> dict[str, Known]:
    """Return the inhabitants of each unit who live in each of the surfaces.

    They are known as far as hazard and people are, out of what depends on an asset of unknown hazard alone.
    """
    columns = {}
    for name, surface in surfaces.items():
        doubt = doubts[name]
        told = study
        if surface is not None and doubt is not None and len(doubt):
            told = pieces_outside(study, pieces_outside(doubt, surface) if len(surface) else doubt)
        reach = reached_share(units, told, known_population(population))
        people = people_within(units, population, surface)
        columns[f"hazard_{name}_dependents"] = Known(people.value, reach.where(people.share > 0, 0.0))
    return columns


def _drawn(points: dict[str, gpd.GeoDataFrame | None], pieces: gpd.GeoDataFrame) -> gpd.GeoDataFrame | None:
    """Return the sites and nodes that stand in a hazard level, with that level as class."""
    parts = []
    for asset, layer in points.items():
        if layer is None:
            continue
        piece = assign_zone(layer, pieces)
        found = layer[["geometry"]].assign(
            ouvrage=asset.removesuffix("_count"),
            code_unite=piece.map(pieces["code_unite"]),
            classe=piece.map(pieces["niveau"]),
        )
        parts.append(found[found["classe"].isin(MEASURED_LEVELS)])
    if not parts:
        return None
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=pieces.crs)


def _output(asset: str, level: str) -> Output:
    title = Text("$asset en $level", "$asset in $level").fill(asset=ASSETS[asset], level=LEVEL_CLASSES[level][0])
    return Output(f"hazard_{asset}_{level}", title, "m" if asset == "cable_m" else "nombre", better=-1)


OUTPUTS = (
    *(_output(asset, level) for asset in ASSETS for level in MEASURED_LEVELS),
    Output(
        "hazard_site_dependents",
        Text(
            "Habitants à moins de rayon_m d'un site mobile en zone d'aléa",
            "Inhabitants within rayon_m of a mobile site in a hazard zone",
        ),
        "habitants",
        better=-1,
    ),
    Output(
        "hazard_node_dependents",
        Text("Habitants desservis par un NRO ou un SRO en zone d'aléa", "Inhabitants served by an exposed NRO or SRO"),
        "habitants",
        better=-1,
    ),
    Output(
        "hazard_network_dependents",
        Text(
            "Habitants desservis par un NRO ou un SRO en zone d'aléa, ou à moins de rayon_m d'un site en zone d'aléa",
            "Inhabitants served by an exposed NRO or SRO, or within rayon_m of an exposed site",
        ),
        "habitants",
        better=-1,
    ),
)

ANALYSIS = Declaration(
    id="hazard_network_assets",
    title=Text("Réseaux numériques en zone d'aléa", "Digital networks in hazard zones"),
    summary=Text(
        "Quels sites, nœuds et câbles sont en zone d'aléa, à quel niveau, et combien d'habitants en dépendent ?",
        "Which sites, nodes and cables stand in a hazard zone, at which level, and how many people depend on them?",
    ),
    policies=(Policy.RISQUES, Policy.NUMERIQUE, Policy.INCLUSION),
    family=Family.NUMERIQUE,
    inputs=(
        Input("alea"),
        Input("site_mobile", required=False),
        Input("noeud_optique", required=False),
        Input("cable", required=False),
        Input("zone_nro", required=False),
        Input("zone_sro", required=False),
        Input("population", required=False),
        Input("perimetre_risque", required=False, text=Text("où l'aléa a été étudié", "where hazard was studied")),
    ),
    one_of=(("site_mobile", "noeud_optique", "cable"),),
    outputs=OUTPUTS,
    formula=Text(
        "Ouvrages (ou mètres) situés dans chaque niveau d'aléa, le pire où plusieurs se recouvrent. Dépendants = "
        "habitants de l'unité dans la réunion des zones desservies par les ouvrages exposés (à défaut, à moins de "
        "rayon_m), au prorata des surfaces. Exemple : un SRO en aléa fort dessert une zone qui couvre le quart d'un "
        "carreau de 80 habitants : 80 × ¼ = 20 dépendants.",
        "Assets (or metres) in each hazard level, the worst where several overlap. Dependents = inhabitants of the "
        "unit within the union of the areas served by exposed assets (failing that, within rayon_m), by share of area. "
        "Example: an SRO in high hazard serves an area that covers a quarter of a square of 80 inhabitants: 80 × ¼ = "
        "20 "
        "dependents.",
    ),
    reading=Text(
        "3 sites en aléa fort signifie que trois antennes de l'unité sont là où un tel événement peut les mettre hors "
        "service ; 420 dépendants, que 420 habitants sont desservis par un ouvrage ainsi exposé.",
        "3 sites in high hazard means that three masts of the unit stand where such an event may put them out of "
        "service; 420 dependents, that 420 inhabitants are served by an asset so exposed.",
    ),
    limits=Text(
        "Être en zone d'aléa n'est pas être vulnérable : ni la hauteur d'eau ni la protection de l'ouvrage ne sont "
        "connues. Le rayon n'est pas une couverture, et d'autres ouvrages peuvent prendre le relais. L'aléa n'est "
        "connu que dans le périmètre des plans, ou à défaut dans les zones tracées ; qui ne dépend que d'un ouvrage "
        "d'aléa inconnu est hors de la part connue. Un site en projet, hors service ou abandonné n'est pas compté. La "
        "carte montre sites et nœuds.",
        "To stand in a hazard zone is not to be vulnerable: neither the depth of water nor the protection of the asset "
        "is known. The radius is no coverage, and other assets may take over. Hazard is known only within the "
        "perimeter of the plans or, without it, in the zones drawn; those who depend on an asset of unknown "
        "hazard alone are out of the known share. A site planned, out of service or given up is not counted. The map "
        "shows sites and nodes.",
    ),
    reference="UNDRR (2017), Terminology on disaster risk reduction (exposure) ; Code de l'environnement, "
    "art. L. 562-1 ; GraceTHD v2 (nœuds et zones arrière).",
    function=hazard_network_assets,
    parameters=(
        MINIMUM_LEVEL,
        Parameter(
            "rayon_m",
            Text(
                "distance à vol d'oiseau d'un site, ou d'un nœud sans zone arrière, dont les habitants en dépendent",
                "straight-line distance within which inhabitants depend on a site, or on a node without service area",
            ),
            "m",
            default=1000.0,
            minimum=50.0,
            maximum=30_000.0,
        ),
    ),
    map_classes=LEVEL_CLASSES,
)
