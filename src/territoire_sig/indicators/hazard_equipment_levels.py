"""Hazard and equipment: which supports, distribution points, public buildings and schools stand in each level?"""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Table
from ..model.policies import Policy
from ..overlay import assign_zone
from ..texts import Text
from .entrance import in_service, in_use, opened_in_bounds
from .hazard import LEVEL_CLASSES, MEASURED_LEVELS, by_level, hazard_pieces, level_output, level_reach
from .knowledge import Known, measurement, unknown

__all__ = ["ANALYSIS", "hazard_equipment_levels"]

#: Column prefix of each kind of equipment, by role, with its name.
EQUIPMENT: dict[str, tuple[str, Text]] = {
    "support": ("support", Text("Supports radioélectriques", "Radio supports")),
    "noeud_optique": ("pbo", Text("Points de branchement optique (PBO)", "Fibre distribution points (PBO)")),
    "batiment_public": ("public_building", Text("Bâtiments publics", "Public buildings")),
    "etablissement_scolaire": ("school", Text("Établissements scolaires", "Schools")),
}
COLUMNS = (
    Output("equipement", Text("Équipement", "Equipment"), "texte"),
    Output("niveau", Text("Niveau d'aléa", "Hazard level"), "texte"),
    Output("exposed", Text("Nombre exposé", "Number exposed"), "nombre", better=-1),
    Output("exposed_share", Text("Part du nombre", "Share of the number"), "part", better=-1),
)


def hazard_equipment_levels(
    units: gpd.GeoDataFrame,
    *,
    alea: gpd.GeoDataFrame | None,
    support: gpd.GeoDataFrame | None = None,
    noeud_optique: gpd.GeoDataFrame | None = None,
    batiment_public: gpd.GeoDataFrame | None = None,
    etablissement_scolaire: gpd.GeoDataFrame | None = None,
    perimetre_risque: gpd.GeoDataFrame | None = None,
) -> Measurement:
    """Count the radio supports, distribution points, public buildings and schools in each hazard level.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    alea : GeoDataFrame or None
        Hazard zones, with ``niveau``. Where levels overlap, the worst is taken.
    support, batiment_public, etablissement_scolaire : GeoDataFrame or None
        Points; supports planned or given up (``etat``) are not counted.
    noeud_optique : GeoDataFrame or None
        Points with ``niveau``, of which PBO are counted, unless given up (``etat``).
    perimetre_risque : GeoDataFrame or None
        Perimeters of the risk plans: where the absence of a zone is the absence of a known hazard.

    Returns
    -------
    Measurement
        For support, pbo, public_building and school, and each level: ``hazard_<equipment>_<level>``. The known share
        is that of the unit's area where hazard was studied. The table has one row an equipment and a level, with the
        share of all those of the territory.

    Notes
    -----
    A point on the border of two levels counts in the worst.

    References
    ----------
    UNDRR (2017), Terminology on disaster risk reduction: exposure, critical infrastructure.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 100, 100)], index=["1"], crs=2154)
    >>> hazard = gpd.GeoDataFrame({"niveau": ["fort"], "typealea": ["11"]}, geometry=[shapely.box(0, 0, 40, 100)])
    >>> schools = gpd.GeoDataFrame(geometry=gpd.points_from_xy([10, 30, 90], [50, 50, 50]), crs=2154)
    >>> found = hazard_equipment_levels(units, alea=hazard.set_crs(2154), etablissement_scolaire=schools).values
    >>> found.loc["1", ["hazard_school_fort", "hazard_school_faible", "hazard_pbo_fort"]].tolist()
    [2.0, 0.0, nan]
    """
    units, alea, support, nodes, buildings, schools, perimetre_risque = opened_in_bounds(
        units,
        alea=alea,
        support=support,
        noeud_optique=noeud_optique,
        batiment_public=batiment_public,
        etablissement_scolaire=etablissement_scolaire,
        perimetre_risque=perimetre_risque,
    )
    columns = {output.name: unknown(units) for output in OUTPUTS}
    given = {
        "support": in_service(support),
        "noeud_optique": _distribution(nodes),
        "batiment_public": buildings,
        "etablissement_scolaire": schools,
    }
    if alea is None:
        return measurement(units, columns, tables={TABLE: _table({})})
    pieces, reach = hazard_pieces(units, alea), level_reach(units, alea, perimetre_risque)
    held = {role: _held(layer, units, pieces) for role, layer in given.items() if layer is not None}
    for role, points in held.items():
        count = points["piece"].value_counts().reindex(pieces.index, fill_value=0).astype(float)
        levels = by_level(pieces, count, units)
        columns |= {f"hazard_{EQUIPMENT[role][0]}_{one}": Known(levels[one], reach[one]) for one in MEASURED_LEVELS}
    return measurement(units, columns, _drawn(held, units), tables={TABLE: _table(held)})


def _distribution(nodes: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    """Return the distribution points in use; None where there is no layer of nodes."""
    used = in_use(nodes)
    return None if used is None else used[used["niveau"] == "PBO"].reset_index(drop=True)


def _held(points: gpd.GeoDataFrame, units: gpd.GeoDataFrame, pieces: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the points of the units with ``code_unite``, ``piece`` and ``classe`` (the level; NaN out of hazard)."""
    piece = assign_zone(points, pieces)
    told = points[["geometry"]].assign(
        code_unite=assign_zone(points, units), piece=piece, classe=piece.map(pieces["niveau"])
    )
    return told[told["code_unite"].notna()]


def _drawn(held: Mapping[str, gpd.GeoDataFrame], units: gpd.GeoDataFrame) -> gpd.GeoDataFrame | None:
    """Return the equipment that stands in a hazard level, with that level as class."""
    parts = [
        points[points["classe"].isin(MEASURED_LEVELS)][["code_unite", "classe", "geometry"]].assign(
            equipement=EQUIPMENT[role][0]
        )
        for role, points in held.items()
    ]
    if not parts:
        return None
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=units.crs)


def _table(held: Mapping[str, gpd.GeoDataFrame]) -> pd.DataFrame:
    """Return one row an equipment and a level: its number in the territory, and its share."""
    rows = []
    for role, points in held.items():
        for level in MEASURED_LEVELS:
            n = float((points["classe"] == level).sum())
            share = n / len(points) if len(points) else float("nan")
            rows.append((EQUIPMENT[role][0], level, n, share))
    return pd.DataFrame(rows, columns=[column.name for column in COLUMNS])


TABLE = "hazard_equipment"
OUTPUTS = tuple(
    level_output(prefix, level, text, "nombre") for prefix, text in EQUIPMENT.values() for level in MEASURED_LEVELS
)

ANALYSIS = Declaration(
    id="hazard_equipment_levels",
    title=Text("Équipements par niveau d'aléa", "Equipment by hazard level"),
    summary=Text(
        "Combien de supports, de points de branchement, de bâtiments publics et d'établissements scolaires sont "
        "exposés, et à quel niveau d'aléa ?",
        "How many supports, distribution points, public buildings and schools are exposed, and at which hazard level?",
    ),
    policies=(Policy.RISQUES, Policy.NUMERIQUE, Policy.EDUCATION),
    inputs=(
        Input("alea"),
        Input("support", required=False),
        Input("noeud_optique", required=False),
        Input("batiment_public", required=False),
        Input("etablissement_scolaire", required=False),
        Input("perimetre_risque", required=False, text=Text("où l'aléa a été étudié", "where hazard was studied")),
    ),
    one_of=(("support", "noeud_optique", "batiment_public", "etablissement_scolaire"),),
    outputs=OUTPUTS,
    tables=(Table(TABLE, Text("Équipements exposés du territoire", "Exposed equipment of the territory"), COLUMNS),),
    formula=Text(
        "Nombre d'équipements situés dans chaque niveau d'aléa, le pire où plusieurs se recouvrent. Exemple : trois "
        "écoles, dont deux dans une zone d'aléa fort : 2 en aléa fort, 0 ailleurs ; part 2 ÷ 3.",
        "Number of pieces of equipment in each hazard level, the worst where several overlap. Example: three schools, "
        "two of them in a zone of high hazard: 2 in high hazard, 0 elsewhere; share 2 ÷ 3.",
    ),
    reading=Text(
        "2 en aléa fort signifie que deux équipements de l'unité sont exposés à un aléa fort.",
        "2 in high hazard means that two pieces of equipment of the unit are exposed to a high hazard.",
    ),
    limits=Text(
        "L'exposition n'est pas la vulnérabilité : ni l'étage, ni la protection, ni la hauteur d'eau ne sont connus. "
        "Un point vaut pour tout le bâtiment ; un support en projet, hors service ou abandonné n'est pas compté. "
        "L'aléa n'est connu que dans le périmètre des plans, ou à défaut dans les "
        "zones tracées ; la part connue est celle de la surface étudiée. Sites, NRO, SRO et câbles sont comptés par "
        "hazard_network_assets.",
        "Exposure is not vulnerability: neither the floor, nor the protection, nor the depth of water is known. One "
        "point stands for the whole building. Hazard is known only within the perimeter of the plans or, without it, "
        "in the zones drawn; the known share is that of the area studied. Sites, NRO, SRO and cables are counted by "
        "hazard_network_assets.",
    ),
    reference="UNDRR (2017), Terminology on disaster risk reduction (exposure, critical infrastructure) ; Code de "
    "l'environnement, art. L. 562-1.",
    function=hazard_equipment_levels,
    map_classes=LEVEL_CLASSES,
)
