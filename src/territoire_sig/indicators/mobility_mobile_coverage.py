"""Mobility and mobile coverage: where do stops, lines, roads and cycle routes lose the network?"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output
from ..model.families import Family
from ..model.policies import Policy
from ..overlay import assign_zone, covered_length_by_zone, intersect, pieces_outside, within
from ..texts import Text
from .entrance import opened, platforms
from .knowledge import Known, everywhere, measurement, ratio, unknown
from .mobile import some_coverage

__all__ = ["ANALYSIS", "mobility_mobile_coverage"]

#: Column prefix of each network of lines, by role.
NETWORKS = {"ligne": "line", "voirie": "road", "cyclable": "cycle"}
M_PER_KM = 1_000


def mobility_mobile_coverage(
    units: gpd.GeoDataFrame,
    *,
    couverture_mobile: gpd.GeoDataFrame | None,
    arret: gpd.GeoDataFrame | None = None,
    ligne: gpd.GeoDataFrame | None = None,
    voirie: gpd.GeoDataFrame | None = None,
    cyclable: gpd.GeoDataFrame | None = None,
) -> Measurement:
    """Measure the stops, and the kilometres of lines, roads and cycle routes, out of mobile coverage.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    couverture_mobile : GeoDataFrame or None
        Polygons where there is mobile coverage; taken as complete.
    arret : GeoDataFrame or None
        Points; those whose ``location_type`` is 0 or unknown are counted, stations (1) and their parts are not.
    ligne, voirie, cyclable : GeoDataFrame or None
        Lines. Two transit lines on one street each count.

    Returns
    -------
    Measurement
        ``stop_uncovered_count`` and ``stop_uncovered_share``; for line, road and cycle, ``…_uncovered_km`` and
        ``…_uncovered_share`` (0 to 1). A share is NaN where the unit has no such object.

    Notes
    -----
    Objects out of the coverage over objects in the unit; the coverage is taken as one surface.

    References
    ----------
    Code des transports, art. L. 1214-2; Arcep, New Deal mobile (2018), coverage of transport routes.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 4000, 9)], index=["1"], crs=2154)
    >>> roads = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 5), (4000, 5)])], crs=2154)
    >>> mobile = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1000, 9)], crs=2154)
    >>> found = mobility_mobile_coverage(units, couverture_mobile=mobile, voirie=roads).values
    >>> found.loc["1", ["road_uncovered_km", "road_uncovered_share"]].tolist()
    [3.0, 0.75]
    """
    units, couverture_mobile, arret, ligne, voirie, cyclable = opened(
        units, couverture_mobile=couverture_mobile, arret=arret, ligne=ligne, voirie=voirie, cyclable=cyclable
    )
    arret, couverture_mobile = platforms(arret), some_coverage(couverture_mobile)
    networks = {"ligne": ligne, "voirie": voirie, "cyclable": cyclable}
    columns = _stops(units, arret, couverture_mobile)
    for role, lines in networks.items():
        columns |= _lines(NETWORKS[role], units, lines, couverture_mobile)
    drawn = None if couverture_mobile is None else _drawn(units, arret, networks, couverture_mobile)
    return measurement(units, columns, drawn)


def _stops(
    units: gpd.GeoDataFrame, stops: gpd.GeoDataFrame | None, mobile: gpd.GeoDataFrame | None
) -> dict[str, Known]:
    """Return the count and the share of stops out of coverage."""
    if stops is None or mobile is None:
        return {"stop_uncovered_count": unknown(units), "stop_uncovered_share": unknown(units)}
    unit = assign_zone(stops, units)
    out = (~within(stops, mobile)).groupby(unit.to_numpy()).agg(["sum", "count"])
    out = out.reindex(units.index, fill_value=0).astype(float)
    return {
        "stop_uncovered_count": Known(out["sum"], everywhere(units)),
        "stop_uncovered_share": Known(ratio(out["sum"], out["count"]), everywhere(units)),
    }


def _lines(
    name: str, units: gpd.GeoDataFrame, lines: gpd.GeoDataFrame | None, mobile: gpd.GeoDataFrame | None
) -> dict[str, Known]:
    """Return the kilometres and the share of lines out of coverage."""
    if lines is None or mobile is None:
        return {f"{name}_uncovered_km": unknown(units), f"{name}_uncovered_share": unknown(units)}
    length = covered_length_by_zone(units, lines, mobile)
    out = (length["length_m"] - length["covered_m"]).clip(lower=0.0)
    return {
        f"{name}_uncovered_km": Known(out / M_PER_KM, everywhere(units)),
        f"{name}_uncovered_share": Known(ratio(out, length["length_m"]), everywhere(units)),
    }


def _drawn(
    units: gpd.GeoDataFrame,
    stops: gpd.GeoDataFrame | None,
    networks: dict[str, gpd.GeoDataFrame | None],
    mobile: gpd.GeoDataFrame,
) -> gpd.GeoDataFrame | None:
    """Return the pieces of lines out of coverage; the stops out of coverage where there is no line to draw."""
    given = {role: lines for role, lines in networks.items() if lines is not None} or (
        {} if stops is None else {"arret": stops}
    )
    parts = [_outside(units, layer, mobile).assign(classe=role) for role, layer in given.items()]
    if not parts:
        return None
    together = pd.concat(parts, ignore_index=True)
    return gpd.GeoDataFrame(together[["code_unite", "classe", "geometry"]], geometry="geometry", crs=units.crs)


def _outside(units: gpd.GeoDataFrame, layer: gpd.GeoDataFrame, mobile: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return what lies out of coverage, cut by unit."""
    pointlike = bool((layer.geom_type.isin(("Point", "MultiPoint"))).all())
    out = layer[~within(layer, mobile)] if pointlike else pieces_outside(layer, mobile)
    return intersect(out[["geometry"]], units).rename(columns={"right": "code_unite"})


def _outputs(name: str, objects: Text) -> tuple[Output, ...]:
    return (
        Output(
            f"{name}_uncovered_km",
            Text("Longueur de $o hors couverture mobile", "Length of $o out of mobile coverage").fill(o=objects),
            "km",
            better=-1,
        ),
        Output(
            f"{name}_uncovered_share",
            Text(
                "Part de la longueur de $o hors couverture mobile", "Share of the length of $o out of mobile coverage"
            ).fill(o=objects),
            "part",
            better=-1,
            same_as=f"mobile_{name}_4g_share",
        ),
    )


OUTPUTS = (
    Output(
        "stop_uncovered_count",
        Text("Arrêts hors couverture mobile", "Stops out of mobile coverage"),
        "nombre",
        better=-1,
    ),
    Output(
        "stop_uncovered_share",
        Text("Part des arrêts hors couverture mobile", "Share of stops out of mobile coverage"),
        "part",
        better=-1,
    ),
    *_outputs("line", Text("lignes de transport", "transit lines")),
    *_outputs("road", Text("voirie", "roads")),
    *_outputs("cycle", Text("réseau cyclable", "cycle network")),
)

ANALYSIS = Declaration(
    id="mobility_mobile_coverage",
    title=Text("Mobilités et couverture mobile", "Mobility and mobile coverage"),
    summary=Text(
        "Où les arrêts, les lignes, les routes et les itinéraires cyclables perdent-ils le réseau mobile ?",
        "Where do stops, transit lines, roads and cycle routes lose the mobile network?",
    ),
    policies=(Policy.MOBILITE, Policy.NUMERIQUE),
    family=Family.NUMERIQUE,
    inputs=(
        Input("couverture_mobile"),
        Input("arret", required=False),
        Input("ligne", required=False),
        Input("voirie", required=False),
        Input("cyclable", required=False),
    ),
    one_of=(("arret", "ligne", "voirie", "cyclable"),),
    outputs=OUTPUTS,
    formula=Text(
        "Part = arrêts (ou kilomètres) hors de la couverture ÷ arrêts (ou kilomètres) de l'unité. "
        "Exemple : une route de 4 km, couverte sur 1 km : 3 km hors couverture, 3 ÷ 4 = 0,75.",
        "Share = stops (or kilometres) out of the coverage ÷ stops (or kilometres) in the unit. Example: "
        "a road of 4 km, covered over 1 km: 3 km out of coverage, 3 ÷ 4 = 0.75.",
    ),
    reading=Text(
        "0,42 signifie que 42 % des arrêts (ou des kilomètres) de l'unité sont hors couverture mobile.",
        "0.42 means that 42 % of the stops (or of the kilometres) of the unit are out of mobile coverage.",
    ),
    limits=Text(
        "Un polygone de technologie «AUCUNE» ne couvre rien ; une technologie non dite compte. "
        "La couverture est théorique, à l'extérieur, tous opérateurs et technologies donnés confondus, et prise pour "
        "complète. Deux lignes sur une même rue comptent deux fois. Chaque quai compte ; les stations "
        "(location_type 1) et leurs accès ne comptent pas. "
        "La carte montre les tronçons ; les arrêts n'y sont que s'il n'y a aucune ligne.",
        "A polygon of technology «AUCUNE» (none) covers nothing; one that does not tell it counts. "
        "Coverage is theoretical, outdoors, all operators and technologies given together, and taken as complete. "
        "Two lines on one street count twice. Each platform counts; stations (location_type 1) and their entrances do "
        "not. The map shows the stretches; stops "
        "are on it only where there is no line at all.",
    ),
    reference="Code des transports, art. L. 1214-2 (objectifs des plans de mobilité) ; Arcep, New Deal mobile (2018), "
    "couverture des axes de transport.",
    function=mobility_mobile_coverage,
    map_classes={
        "ligne": (Text("ligne de transport hors couverture", "transit line out of coverage"), "#d55e00"),
        "voirie": (Text("voirie hors couverture", "road out of coverage"), "#e69f00"),
        "cyclable": (Text("itinéraire cyclable hors couverture", "cycle route out of coverage"), "#009e73"),
        "arret": (Text("arrêt hors couverture", "stop out of coverage"), "#0072b2"),
    },
)
