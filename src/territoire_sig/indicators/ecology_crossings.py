"""Crossings of nature: which cables and which planned sites cross corridors, protected areas and classified woods?"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Table
from ..model.policies import Policy
from ..overlay import assign_zone, covered_length_by_zone, length_within, pieces_inside
from ..texts import Text
from .entrance import in_use, opened_in_bounds
from .knowledge import Known, everywhere, known_part, measurement, merged, ratio, unknown
from .works import CABLE_KINDS, cable_kind, classified_woods, planned

__all__ = ["ANALYSIS", "ecology_crossings"]

KINDS = {
    "transport": Text("de transport ou de collecte", "transport"),
    "distribution": Text("de distribution", "distribution"),
    "drop": Text("de raccordement", "drop"),
    "other": Text("d'un autre rang ou de rang inconnu", "of another or unknown rank"),
}
#: Words of the table for each kind of cable.
RANKS = {"transport": "transport", "distribution": "distribution", "drop": "raccordement", "other": "autre"}
OUTPUTS = (
    Output("crossing_cable_m", Text("Câbles optiques en milieu naturel", "Optical cables in nature"), "m", -1),
    Output(
        "crossing_cable_share",
        Text("Part des câbles en milieu naturel", "Share of cables in nature"),
        "part",
        -1,
    ),
    *(
        Output(
            f"crossing_{kind}_m",
            Text("Câbles $k en milieu naturel", "Cables in nature: $k").fill(k=KINDS[kind]),
            "m",
            -1,
        )
        for kind in CABLE_KINDS
    ),
    Output(
        "crossing_planned_m", Text("Câbles en projet en milieu naturel", "Planned cables in nature"), "m", better=-1
    ),
    Output(
        "crossing_planned_site_count",
        Text("Sites mobiles en projet en milieu naturel", "Planned mobile sites in nature"),
        "nombre",
        better=-1,
    ),
)
TABLES = (
    Table(
        "crossing_lengths",
        Text("Mètres de câble par milieu et par rang", "Metres of cable by kind of space and of cable"),
        (
            Output("milieu", Text("Milieu", "Space"), "texte"),
            Output("rang", Text("Rang du câble", "Kind of cable"), "texte"),
            Output("longueur_m", Text("Longueur", "Length"), "m", better=-1),
        ),
    ),
)


def ecology_crossings(
    units: gpd.GeoDataFrame,
    *,
    corridor: gpd.GeoDataFrame | None = None,
    espace_protege: gpd.GeoDataFrame | None = None,
    prescription_surf: gpd.GeoDataFrame | None = None,
    cable: gpd.GeoDataFrame | None = None,
    site_mobile: gpd.GeoDataFrame | None = None,
) -> Measurement:
    """Measure the cables, by kind, and count the planned sites, in the natural spaces of each unit.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    corridor, espace_protege, prescription_surf : GeoDataFrame or None
        Polygons; of the prescriptions, classified woods only (``typepsc`` 01). Their union is «nature».
    cable : GeoDataFrame or None
        Lines with optional ``type`` and ``etat``; those given up are not counted.
    site_mobile : GeoDataFrame or None
        Points with optional ``etat``.

    Returns
    -------
    Measurement
        Metres, share and count; table ``crossing_lengths``: one row a kind of space and of cable, over all units
        (a metre in two kinds of space counts in both).

    References
    ----------
    Code de l'environnement, art. L. 371-1; code de l'urbanisme, art. L. 113-2.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 1000, 1000)], index=["1"], crs=2154)
    >>> told = {"type_continuite": ["corridor"]}
    >>> strip = gpd.GeoDataFrame(told, geometry=[shapely.box(100, 0, 350, 1000)], crs=2154)
    >>> cables = gpd.GeoDataFrame({"type": ["transport"]}, geometry=[shapely.LineString([(0, 9), (1000, 9)])], crs=2154)
    >>> found = ecology_crossings(units, corridor=strip, cable=cables).values.loc["1"]
    >>> found[["crossing_cable_m", "crossing_cable_share", "crossing_transport_m"]].tolist()
    [250.0, 0.25, 250.0]
    """
    units, corridor, espace_protege, areas, cable, site_mobile = opened_in_bounds(
        units,
        corridor=corridor,
        espace_protege=espace_protege,
        prescription_surf=prescription_surf,
        cable=cable,
        site_mobile=site_mobile,
    )
    spaces = {"corridor": corridor, "espace_protege": espace_protege, "bois_classe": classified_woods(areas)}
    nature, cables = merged(*spaces.values()), in_use(cable)
    if nature is None:
        columns = {output.name: unknown(units) for output in OUTPUTS}
        return measurement(units, columns, tables={"crossing_lengths": _lengths(units, {}, None)})
    columns = _cable_columns(units, nature, cables) | {
        "crossing_planned_site_count": _sites(units, nature, site_mobile)
    }
    ordered = {output.name: columns[output.name] for output in OUTPUTS}
    return measurement(units, ordered, tables={"crossing_lengths": _lengths(units, spaces, cables)})


def _cable_columns(
    units: gpd.GeoDataFrame, nature: gpd.GeoDataFrame, cables: gpd.GeoDataFrame | None
) -> dict[str, Known]:
    """Return the columns told in metres of cable."""
    if cables is None:
        return {output.name: unknown(units) for output in OUTPUTS}
    both = covered_length_by_zone(units, cables, nature)
    pieces, kind, everything = pieces_inside(units, nature), cable_kind(cables), everywhere(units)
    columns = {
        "crossing_cable_m": Known(both["covered_m"], everything),
        "crossing_cable_share": Known(ratio(both["covered_m"], both["length_m"]), everything),
    }
    columns |= {
        f"crossing_{name}_m": Known(_metres(units, pieces, cables[(kind == name).to_numpy()]), everything)
        for name in CABLE_KINDS
    }
    state, metres = planned(cables), _metres(units, pieces, cables[planned(cables).fillna(False).to_numpy(dtype=bool)])
    told = _metres(units, pieces, cables[state.notna().to_numpy()])
    columns["crossing_planned_m"] = Known(metres, known_part(told, both["covered_m"], everything))
    return columns


def _metres(units: gpd.GeoDataFrame, pieces: gpd.GeoDataFrame, cables: gpd.GeoDataFrame) -> pd.Series[float]:
    """Return the metres of cable in the pieces of each unit."""
    return length_within(pieces, cables).reindex(units.index, fill_value=0.0)


def _sites(units: gpd.GeoDataFrame, nature: gpd.GeoDataFrame, sites: gpd.GeoDataFrame | None) -> Known:
    """Return the planned sites in nature, with the share of the sites there whose state is stated."""
    if sites is None:
        return unknown(units)
    state, unit = planned(sites), assign_zone(sites, pieces_inside(units, nature)).to_numpy()
    table = pd.DataFrame({"all": 1.0, "stated": state.notna().astype(float), "new": state.fillna(False).astype(float)})
    sums = table.groupby(unit).sum().reindex(units.index, fill_value=0.0)
    return Known(sums["new"], known_part(sums["stated"], sums["all"], everywhere(units)))


def _lengths(
    units: gpd.GeoDataFrame, spaces: dict[str, gpd.GeoDataFrame | None], cables: gpd.GeoDataFrame | None
) -> pd.DataFrame:
    """Return the metres of each kind of cable in each kind of space, over all units."""
    columns = [column.name for column in TABLES[0].columns]
    if cables is None:
        return pd.DataFrame(columns=columns)
    rows = [
        (
            name,
            RANKS[kind],
            _metres(units, pieces_inside(units, layer), cables[(cable_kind(cables) == kind).to_numpy()]).sum(),
        )
        for name, layer in spaces.items()
        if layer is not None
        for kind in CABLE_KINDS
    ]
    return pd.DataFrame(rows, columns=columns)


ANALYSIS = Declaration(
    id="ecology_crossings",
    title=Text("Traversées des milieux naturels par le réseau", "Crossings of nature by the network"),
    summary=Text(
        "Combien de mètres de câble, de quel rang, et combien de sites en projet traversent la trame "
        "verte et bleue, les espaces protégés et les bois classés ?",
        "How many metres of cable, of which kind, and how many planned sites cross the ecological network, protected "
        "areas and classified woods?",
    ),
    policies=(Policy.BIODIVERSITE, Policy.URBANISME, Policy.NUMERIQUE),
    inputs=(
        Input("corridor", required=False),
        Input("espace_protege", required=False),
        Input("prescription_surf", required=False),
        Input("cable", required=False),
        Input("site_mobile", required=False),
    ),
    one_of=(("corridor", "espace_protege", "prescription_surf"), ("cable", "site_mobile")),
    outputs=OUTPUTS,
    tables=TABLES,
    formula=Text(
        "Milieu naturel : union de la trame verte et bleue, des espaces protégés et des bois classés (prescription "
        "01). Longueur : mètres de câble dans cette union. Part = cette longueur ÷ longueur des câbles de l'unité. Un "
        "câble de plusieurs rangs compte au plus élevé (transport, puis distribution, puis raccordement). Exemple : un "
        "câble de transport de 1 000 m, dont 250 m dans un corridor : 250 m, soit 0,25.",
        "Nature: union of the ecological network, protected areas and classified woods (prescription 01). Length: "
        "metres of cable in that union. Share = that length ÷ length of the cables of the unit. A cable of several "
        "ranks counts in the highest (transport, then distribution, then drop). Example: a transport cable of 1,000 m "
        "of which 250 m lie in a corridor: 250 m, that is 0.25.",
    ),
    reading=Text(
        "0,25 signifie que le quart de la longueur des câbles de l'unité est en milieu naturel.",
        "0.25 means that a quarter of the length of cables of the unit lies in nature.",
    ),
    limits=Text(
        "Un câble souterrain sous une route ne coupe rien. Les milieux absents du jeu de données ne sont pas comptés : "
        "sans bois classés, l'union est plus petite. Dans le tableau, un mètre qui est dans deux milieux compte dans "
        "chacun.",
        "A cable buried under a road cuts nothing. Spaces that are not in the data are not counted: without classified "
        "woods, the union is smaller. In the table, a metre in two kinds of space counts in each.",
    ),
    reference="Code de l'environnement, art. L. 371-1 (trame verte et bleue) ; code de l'urbanisme, art. L. 113-2 "
    "(espaces boisés classés) ; GraceTHD 2, rangs des câbles.",
    function=ecology_crossings,
)
