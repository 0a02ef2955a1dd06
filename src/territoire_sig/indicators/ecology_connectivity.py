"""Ecological connectivity: what do the planned works of the network take from it?"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ..model.declaration import Declaration, Input, Measurement, Output, Parameter, Table, Whole
from ..model.policies import Policy
from ..overlay import covered_area, pieces_inside
from ..texts import Text
from .entrance import in_use, opened_in_bounds
from .habitat_graph import Graph, connectivity_mass, habitat_graph, patches
from .knowledge import Known, everywhere, measurement, merged, ratio, unknown
from .works import drawn_lines, planned, rights_of_way

__all__ = ["ANALYSIS", "ecology_connectivity"]

M2_PER_HA = 10_000
RESERVOIR, CORRIDOR = "reservoir", "corridor"
OUTPUTS = (
    Output("connectivity_reservoir_ha", Text("Réservoirs de biodiversité", "Biodiversity reservoirs"), "ha", better=1),
    Output(
        "connectivity_taken_ha",
        Text("Réservoirs pris par les emprises", "Reservoirs taken by rights of way"),
        "ha",
        better=-1,
    ),
    Output(
        "connectivity_taken_share",
        Text("Part des réservoirs prise par les emprises", "Share of reservoirs taken by rights of way"),
        "part",
        better=-1,
    ),
)
OVERALL = (
    Output(
        "connectivity_before",
        Text("Probabilité de connectivité (PC) avant travaux", "Probability of connectivity (PC) before works"),
        "part",
        better=1,
    ),
    Output(
        "connectivity_after",
        Text("Probabilité de connectivité (PC) après travaux", "Probability of connectivity (PC) after works"),
        "part",
        better=1,
    ),
    Output(
        "connectivity_loss_share",
        Text("Part de la connectivité perdue (dPC)", "Share of connectivity lost (dPC)"),
        "part",
        better=-1,
    ),
    Output(
        "connectivity_equivalent_ha",
        Text("Surface connexe équivalente avant travaux", "Equivalent connected area before works"),
        "ha",
        better=1,
    ),
    Output(
        "connectivity_cut_links",
        Text("Liens entre réservoirs coupés", "Links between reservoirs cut"),
        "nombre",
        better=-1,
    ),
)
TABLES = (
    Table(
        "connectivity_patches",
        Text("Réservoirs : ce que chacun pèse, ce qu'il perd", "Reservoirs: what each weighs and loses"),
        (
            Output("reservoir", Text("Rang d'ouest en est", "Rank from west to east"), "nombre"),
            Output("surface_ha", Text("Surface avant travaux", "Area before works"), "ha"),
            Output("emprise_ha", Text("Surface prise", "Area taken"), "ha", better=-1),
            Output("part_interne", Text("Part interne de PC (dPC intra)", "Share within itself (dPC intra)"), "part"),
            Output("part_flux", Text("Part des échanges (dPC flux)", "Share of its exchanges (dPC flux)"), "part"),
        ),
    ),
)
PARAMETERS = (
    Parameter(
        "dispersion_m",
        Text("distance médiane de dispersion de l'espèce visée", "median dispersal distance of the target species"),
        "m",
        1000.0,
        minimum=10.0,
        maximum=50_000.0,
    ),
    Parameter(
        "emprise_m",
        Text("largeur de l'emprise d'un câble", "width of the right of way of a cable"),
        "m",
        3.0,
        minimum=0.1,
        maximum=100.0,
    ),
    Parameter(
        "rayon_site_m",
        Text("rayon de l'emprise d'un site mobile", "radius of the ground of a mobile site"),
        "m",
        10.0,
        minimum=0.1,
        maximum=200.0,
    ),
    Parameter(
        "permeabilite",
        Text("part des déplacements qui passent encore là où un lien est coupé", "share that still crosses a cut link"),
        "part",
        0.0,
        minimum=0.0,
        maximum=1.0,
    ),
)


def ecology_connectivity(
    units: gpd.GeoDataFrame,
    *,
    corridor: gpd.GeoDataFrame | None,
    cable: gpd.GeoDataFrame | None = None,
    site_mobile: gpd.GeoDataFrame | None = None,
    action: gpd.GeoDataFrame | None = None,
    dispersion_m: float = 1000.0,
    emprise_m: float = 3.0,
    rayon_site_m: float = 10.0,
    permeabilite: float = 0.0,
) -> Measurement:
    r"""Measure the probability of connectivity of the reservoirs, before and after the planned works.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres: together, the land.
    corridor : GeoDataFrame or None
        Polygons with ``type_continuite`` (``reservoir`` or ``corridor``), cut at the border of the land.
    cable, site_mobile : GeoDataFrame or None
        Lines, points; those whose ``etat`` is a project are works.
    action : GeoDataFrame or None
        Actions of the plan; those drawn as lines are works too, as cables.
    dispersion_m : float, default 1000
        Median dispersal distance.
    emprise_m, rayon_site_m : float, default 3 and 10
        Width of the strip of a cable, radius of the ground of a site.
    permeabilite : float, default 0
        Share of the movements that still pass where works cut a link; 0 is an upper bound of the harm.

    Returns
    -------
    Measurement
        By unit: hectares of reservoir, those taken, and their share (NaN without reservoir). Of the land:
        ``connectivity_before``, ``connectivity_after``, ``connectivity_loss_share``,
        ``connectivity_equivalent_ha``, ``connectivity_cut_links``. What works do is unknown where no state is
        stated; else the known share is that of the objects whose state is.

    Notes
    -----
    :math:`PC = \sum_i \sum_j a_i a_j p^*_{ij} / A^2`, with :math:`p^*_{ij}` the highest product of the
    probabilities of the links along a path, 1 for *i = j*.

    References
    ----------
    Saura S., Pascual-Hortal L. (2007), A new habitat availability index to integrate connectivity in landscape
    conservation planning, Landscape and Urban Planning 83, 91-103. Saura S., Rubio L. (2010), Ecography 33.

    Examples
    --------
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 3000, 1000)], index=["1"], crs=2154)
    >>> shapes = [shapely.box(0, 0, 1000, 1000), shapely.box(2000, 0, 3000, 1000)]
    >>> patches_ = gpd.GeoDataFrame({"type_continuite": ["reservoir"] * 2}, geometry=shapes, crs=2154)
    >>> line = shapely.LineString([(1500, 0), (1500, 1000)])
    >>> cables = gpd.GeoDataFrame({"etat": ["projet"]}, geometry=[line], crs=2154)
    >>> found = ecology_connectivity(units, corridor=patches_, cable=cables).overall
    >>> [round(found[name].value, 6) for name in ("connectivity_before", "connectivity_after")]
    [0.333333, 0.222222]
    """
    units, network, cable, site_mobile, action = opened_in_bounds(
        units, corridor=corridor, cable=cable, site_mobile=site_mobile, action=action
    )
    if network is None or not len(units):
        nothing = {output.name: Whole(np.nan, 0.0) for output in OVERALL}
        return measurement(units, {output.name: unknown(units) for output in OUTPUTS}, None, nothing, _tables(None))
    layers = [in_use(cable), site_mobile, drawn_lines(action)]
    cables, sites, lines = (None if layer is None else layer[_new(layer)] for layer in layers)
    works = rights_of_way(merged(cables, lines), sites, width_m=emprise_m, radius_m=rayon_site_m)
    stated = _stated(layers)
    kept = pieces_inside(network, units)
    reservoirs = kept[kept["type_continuite"] == RESERVOIR]
    nodes = patches(reservoirs.geometry.to_numpy())
    corridors = shapely.union_all(kept[kept["type_continuite"] == CORRIDOR].geometry.to_numpy())
    before = habitat_graph(nodes, median_m=dispersion_m)
    left = patches(nodes, works)
    after = habitat_graph(left, median_m=dispersion_m, works=works, corridors=corridors, permeability=permeabilite)
    overall = _overall(before, after, units, stated)
    return measurement(
        units, _columns(units, reservoirs, works, stated), None, overall, _tables(before, nodes, works, stated)
    )


def _new(layer: gpd.GeoDataFrame) -> npt.NDArray[np.bool_]:
    """Tell which objects are planned."""
    found: npt.NDArray[np.bool_] = planned(layer).fillna(False).to_numpy(dtype=bool)
    return found


def _stated(layers: list[gpd.GeoDataFrame | None]) -> float:
    """Return the share of the objects of the layers given whose state is stated; 0 without any."""
    known = [planned(layer).notna() for layer in layers if layer is not None and len(layer)]
    return float(pd.concat(known).mean()) if known else 0.0


def _overall(before: Graph, after: Graph, units: gpd.GeoDataFrame, stated: float) -> dict[str, Whole]:
    """Return the values of the land: unknown without any reservoir, or, of works, without any state."""
    land = float(shapely.union_all(units.geometry.to_numpy()).area)
    mass, later = (float(connectivity_mass(graph).sum()) for graph in (before, after))
    some = mass > 0
    loss = max(0.0, 1 - later / mass) if some else np.nan
    told = (
        (min(mass / land**2, 1.0), 1.0),
        (min(later / land**2, 1.0), stated),
        (loss, stated),
        (np.sqrt(mass) / M2_PER_HA, 1.0),
        (float(after.cut.sum()), stated),
    )
    return {
        output.name: Whole(value if some and share > 0 else np.nan, share if some else 0.0)
        for output, (value, share) in zip(OVERALL, told, strict=True)
    }


def _columns(units: gpd.GeoDataFrame, reservoirs: gpd.GeoDataFrame, works: Any, stated: float) -> dict[str, Known]:
    """Return the columns told by unit."""
    area = covered_area(units, reservoirs)
    taken = area * 0.0
    if not works.is_empty:
        ground = gpd.GeoDataFrame(geometry=[works], crs=units.crs)
        taken = covered_area(units, pieces_inside(reservoirs, ground))
    share = everywhere(units) * stated
    return {
        "connectivity_reservoir_ha": Known(area / M2_PER_HA, everywhere(units)),
        "connectivity_taken_ha": Known(taken / M2_PER_HA, share),
        "connectivity_taken_share": Known(ratio(taken, area), share),
    }


def _tables(
    graph: Graph | None, nodes: npt.NDArray[Any] | None = None, works: Any = None, stated: float = 0.0
) -> dict[str, pd.DataFrame]:
    """Return one row a reservoir: its area, what it loses, what it weighs in the index before works."""
    columns = [column.name for column in TABLES[0].columns]
    if graph is None or nodes is None or not len(nodes):
        return {"connectivity_patches": pd.DataFrame(columns=columns, dtype=float)}
    mass = connectivity_mass(graph)
    own, total = np.diag(mass), mass.sum()
    taken = shapely.area(shapely.intersection(nodes, works)) if stated else np.full(len(nodes), np.nan)
    flux = 2 * (mass.sum(axis=1) - own)
    rows = (np.arange(1.0, len(nodes) + 1), graph.area / M2_PER_HA, taken / M2_PER_HA, own / total, flux / total)
    return {"connectivity_patches": pd.DataFrame(dict(zip(columns, rows, strict=True)))}


ANALYSIS = Declaration(
    id="ecology_connectivity",
    title=Text("Connectivité écologique et travaux du réseau", "Ecological connectivity and works of the network"),
    summary=Text(
        "Quelle part de la connectivité des réservoirs de biodiversité les câbles et sites en projet font-ils perdre ?",
        "What share of the connectivity of biodiversity reservoirs do planned cables and sites take away?",
    ),
    policies=(Policy.BIODIVERSITE, Policy.NUMERIQUE),
    inputs=(
        Input("corridor"),
        Input("cable", required=False),
        Input("site_mobile", required=False),
        Input("action", required=False),
    ),
    outputs=OUTPUTS,
    overall=OVERALL,
    tables=TABLES,
    formula=Text(
        "PC = Σi Σj ai · aj · p*ij ÷ A² : ai la surface de chaque réservoir (ceux qui se touchent n'en font qu'un), A "
        "celle du territoire, p*ij le plus grand produit de probabilités le long d'un chemin de i à j (1 pour i = j). "
        "D'un bord à l'autre, p = 2^(−d ÷ dispersion_m). Les travaux sont les câbles et sites en projet et les "
        "actions du plan tracées en ligne. Après travaux, chaque réservoir perd les emprises, et peut en "
        "être divisé ; un lien est coupé (p × permeabilite) si les emprises rompent le corridor qui joint les deux "
        "réservoirs ou, sans corridor, croisent la ligne la plus courte entre eux. dPC = (PC avant − PC après) ÷ PC "
        "avant. Exemple : deux réservoirs de 100 ha à 1 000 m l'un de l'autre, sur 300 ha : PC = (1 + 1 + 2 × 0,5) ÷ 9 "
        "= 0,333 ; un câble les sépare : PC = 2 ÷ 9 = 0,222 ; dPC = 0,333.",
        "PC = Σi Σj ai · aj · p*ij ÷ A²: ai the area of each reservoir (those that touch make one), A that of the "
        "land, p*ij the highest product of probabilities along a path from i to j (1 for i = j). From edge to edge, p "
        "= 2^(−d ÷ dispersion_m). Works are planned cables and sites, and the actions of the plan drawn as lines. "
        "After works, each reservoir loses the rights of way, and may be split by them; a "
        "link is cut (p × permeabilite) if they sever the corridor that joins both reservoirs or, without a corridor, "
        "cross the shortest line between them. dPC = (PC before − PC after) ÷ PC before. Example: two reservoirs of "
        "100 ha, 1,000 m apart, on 300 ha: PC = (1 + 1 + 2 × 0.5) ÷ 9 = 0.333; a cable separates them: PC = 2 ÷ 9 = "
        "0.222; dPC = 0.333.",
    ),
    reading=Text(
        "Une perte de 0,42 signifie que les travaux prévus ôtent 42 % de la probabilité que deux points pris au hasard "
        "soient dans des réservoirs reliés.",
        "A loss of 0.42 means that the planned works take away 42 % of the probability that two points taken at random "
        "lie in connected reservoirs.",
    ),
    limits=Text(
        "Avec permeabilite = 0, tout travail fait barrière : c'est un majorant, car une tranchée se referme. La "
        "dispersion dépend de l'espèce ; la résistance des milieux entre réservoirs n'est pas lue. Les réservoirs sont "
        "coupés à la limite du territoire. Sans colonne etat, ce qui est en projet est inconnu, et la perte aussi.",
        "With permeabilite = 0, every work is a barrier: an upper bound, since a trench closes again. Dispersal "
        "depends on the species; what lies between reservoirs is not read. Reservoirs are cut at the border of the "
        "land. Without the column etat, what is planned is unknown, and so is the loss.",
    ),
    reference="Saura S., Pascual-Hortal L. (2007), A new habitat availability index to integrate connectivity in "
    "landscape conservation planning, Landscape and Urban Planning 83(2-3), 91-103 ; Saura S., Rubio L. (2010), A "
    "common currency for the different ways in which patches and links can contribute to habitat availability, "
    "Ecography 33, 523-537.",
    function=ecology_connectivity,
    apart=False,
    parameters=PARAMETERS,
)
