"""Ecology and networks: how much of the digital network stands in what nature needs?"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output
from ..model.families import Family
from ..model.policies import Policy
from ..overlay import count_within, intersect, length_within, pieces_inside
from ..texts import Text
from .entrance import in_use, opened
from .knowledge import Known, everywhere, measurement, unknown

__all__ = ["ANALYSIS", "ecology_network"]

#: Column prefix of each kind of space, by role.
SPACES = {"corridor": "corridor", "espace_protege": "protected"}
M2_PER_HA, M2_PER_KM2 = 10_000, 1_000_000


def ecology_network(
    units: gpd.GeoDataFrame,
    *,
    corridor: gpd.GeoDataFrame | None = None,
    espace_protege: gpd.GeoDataFrame | None = None,
    site_mobile: gpd.GeoDataFrame | None = None,
    cable: gpd.GeoDataFrame | None = None,
) -> Measurement:
    r"""Count the mobile sites and the metres of cable in the ecological network and in protected areas.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    corridor, espace_protege : GeoDataFrame or None
        Polygons; taken as complete over the units.
    site_mobile : GeoDataFrame or None
        Points.
    cable : GeoDataFrame or None
        Lines; those given up (``etat``) are not counted.

    Returns
    -------
    Measurement
        For corridor and protected: ``…_area_ha``, ``…_site_count``, ``…_site_density`` (per km² of these
        spaces), ``…_cable_m`` and ``…_cable_density`` (m per km²). Densities are NaN where the unit has no such
        space. The map holds the spaces.

    Notes
    -----
    Density: objects in the spaces of the unit over their area, overlaps counted once. A site on a border is
    inside.

    References
    ----------
    Code de l'environnement, art. L. 371-1 and L. 411-1.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 2000, 1000)], index=["1"], crs=2154)
    >>> told = {"type_continuite": ["corridor"]}
    >>> corridors = gpd.GeoDataFrame(told, geometry=[shapely.box(0, 0, 500, 1000)], crs=2154)
    >>> sites = gpd.GeoDataFrame(geometry=gpd.points_from_xy([100, 900], [500, 500]), crs=2154)
    >>> found = ecology_network(units, corridor=corridors, site_mobile=sites).values
    >>> found.loc["1", ["corridor_area_ha", "corridor_site_count", "corridor_site_density"]].tolist()
    [50.0, 1.0, 2.0]
    """
    units, corridor, espace_protege, site_mobile, cable = opened(
        units, corridor=corridor, espace_protege=espace_protege, site_mobile=site_mobile, cable=cable
    )
    cable = in_use(cable)
    spaces = {"corridor": corridor, "espace_protege": espace_protege}
    columns: dict[str, Known] = {}
    for role, layer in spaces.items():
        columns |= _in_spaces(SPACES[role], units, layer, site_mobile, cable)
    return measurement(units, columns, _drawn(units, spaces, site_mobile, cable))


def _in_spaces(
    name: str,
    units: gpd.GeoDataFrame,
    spaces: gpd.GeoDataFrame | None,
    sites: gpd.GeoDataFrame | None,
    cables: gpd.GeoDataFrame | None,
) -> dict[str, Known]:
    """Return the columns of one kind of space."""
    if spaces is None:
        return {f"{name}_{measure}": unknown(units) for measure in MEASURES}
    pieces = pieces_inside(units, spaces)
    area = pieces.area.reindex(units.index, fill_value=0.0)
    columns = {f"{name}_area_ha": Known(area / M2_PER_HA, everywhere(units))}
    for kind, amount in (
        ("site_count", None if sites is None else count_within(pieces, sites)),
        ("cable_m", None if cables is None else length_within(pieces, cables)),
    ):
        columns |= _amounts(f"{name}_{kind}", amount, area, units)
    return columns


def _amounts(name: str, amount: Any, area_m2: pd.Series[float], units: gpd.GeoDataFrame) -> dict[str, Known]:
    """Return an amount and its density per km²; unknown where the layer is absent."""
    density = f"{name.rpartition('_')[0]}_density"
    if amount is None:
        return {name: unknown(units), density: unknown(units)}
    total = amount.reindex(units.index, fill_value=0).astype(float)
    per_km2 = total * M2_PER_KM2 / area_m2.where(area_m2 > 0)
    return {name: Known(total, everywhere(units)), density: Known(per_km2, everywhere(units))}


def _drawn(
    units: gpd.GeoDataFrame,
    spaces: dict[str, gpd.GeoDataFrame | None],
    sites: gpd.GeoDataFrame | None,
    cables: gpd.GeoDataFrame | None,
) -> gpd.GeoDataFrame | None:
    """Return the spaces of each unit, with the heaviest thing that each holds as class."""
    parts = [intersect(layer, units).assign(espace=role) for role, layer in spaces.items() if layer is not None]
    if not parts:
        return None
    drawn = pd.concat(parts, ignore_index=True).rename(columns={"right": "code_unite"})
    drawn = gpd.GeoDataFrame(drawn[["code_unite", "espace", "geometry"]], geometry="geometry", crs=units.crs)
    held = [drawn.index.isin(intersect(layer, drawn)["right"]) for layer in (sites, cables) if layer is not None]
    names = [name for name, layer in (("site", sites), ("cable", cables)) if layer is not None]
    return drawn.assign(classe=np.select(held, names, "libre") if held else "libre")


MEASURES = ("area_ha", "site_count", "site_density", "cable_m", "cable_density")


def _outputs(name: str, spaces: Text) -> tuple[Output, ...]:
    def output(measure: str, fr: str, en: str, unit: str, better: int = -1) -> Output:
        return Output(f"{name}_{measure}", Text(fr, en).fill(s=spaces), unit, better)

    return (
        output("area_ha", "Surface : $s", "Area: $s", "ha", better=0),
        output("site_count", "Sites mobiles : $s", "Mobile sites: $s", "nombre"),
        output("site_density", "Sites mobiles par km² : $s", "Mobile sites per km²: $s", "nombre/km2"),
        output("cable_m", "Câbles optiques : $s", "Optical cables: $s", "m"),
        output("cable_density", "Mètres de câble par km² : $s", "Metres of cable per km²: $s", "m/km2"),
    )


OUTPUTS = (
    *_outputs("corridor", Text("trame verte et bleue", "ecological network")),
    *_outputs("protected", Text("espaces naturels protégés", "protected natural areas")),
)

ANALYSIS = Declaration(
    id="ecology_network",
    title=Text("Réseaux numériques et milieux naturels", "Digital networks and natural areas"),
    summary=Text(
        "Combien d'antennes et de mètres de câble sont dans la trame verte et bleue et les espaces protégés ?",
        "How many masts and metres of cable stand in the ecological network and in protected areas?",
    ),
    policies=(Policy.BIODIVERSITE, Policy.NUMERIQUE),
    family=Family.ENVIRONNEMENT,
    inputs=(
        Input("corridor", required=False),
        Input("espace_protege", required=False),
        Input("site_mobile", required=False),
        Input("cable", required=False),
    ),
    one_of=(("corridor", "espace_protege"), ("site_mobile", "cable")),
    outputs=OUTPUTS,
    formula=Text(
        "Densité = sites (ou mètres de câble) dans ces espaces ÷ leur surface dans l'unité, en km², recouvrements "
        "comptés une fois. Exemple : 4 km² de corridors, qui portent 2 antennes et 1 000 m de câble : 2 ÷ 4 = 0,5 site "
        "par km², 1 000 ÷ 4 = 250 m par km².",
        "Density = sites (or metres of cable) in these spaces ÷ their area in the unit, in km², overlaps counted once. "
        "Example: 4 km² of corridors that hold 2 masts and 1,000 m of cable: 2 ÷ 4 = 0.5 site per km², 1,000 ÷ 4 = "
        "250 m per km².",
    ),
    reading=Text(
        "0,42 site par km² signifie que 100 km² de ces espaces portent 42 antennes.",
        "0.42 site per km² means that 100 km² of these spaces hold 42 masts.",
    ),
    limits=Text(
        "Une antenne dans un espace protégé peut y être autorisée, et un câble enterré sous une route ne coupe pas une "
        "continuité : la pose n'est pas lue. Les espaces donnés sont pris pour complets sur le territoire.",
        "A mast in a protected area may be authorised there, and a cable buried under a road cuts no continuity: how "
        "it was laid is not read. The spaces given are taken as complete over the territory.",
    ),
    reference="Code de l'environnement, art. L. 371-1 (trame verte et bleue) et L. 411-1 (espèces et habitats).",
    function=ecology_network,
    map_classes={
        "site": (Text("espace qui porte un site mobile", "space that holds a mobile site"), "#d55e00"),
        "cable": (Text("espace traversé par un câble", "space crossed by a cable"), "#e69f00"),
        "libre": (Text("espace sans réseau connu", "space without known network"), "#009e73"),
    },
)
