"""Access to services on the sample, told again by networkx (paths) and PySAL access (catchments, potentials)."""

from __future__ import annotations

from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from access import fca
from access.weights import step_fn

from oracles.walking_graph import minutes_from_all, walking_graph, with_transit
from proof.subjects import prepared
from territoire_sig.indicators import declared
from territoire_sig.indicators.ways import ways
from territoire_sig.overlay import travel_times

PROVES = (
    "france_services_travel_time",
    "health_travel_time",
    "mediation_2sfca",
    "mediation_e2sfca",
    "mediation_travel_time",
    "reuse_travel_time",
    "school_travel_time",
    "service_gravity",
    "service_opportunities",
)
#: Prefix of the outputs → role of the places.
ROLES = {
    "mediation": "mediation",
    "france_services": "mediation",
    "health": "sante",
    "school": "etablissement_scolaire",
    "reuse": "reemploi",
}
FOOT, BIKE, REACH = 4.5, 15.0, 500.0


@cache
def homes() -> pd.DataFrame:
    """Return the squares of the sample, each whole in one commune: people, commune, centre."""
    layers, units = prepared("sample_2025").inputs, prepared("sample_2025").ground.units
    squares = layers["population"].reset_index(drop=True)
    holder, square = shapely.STRtree(squares.geometry.to_numpy()).query(units.geometry.to_numpy(), predicate="contains")
    assert sorted(square) == list(range(len(squares)))
    unit = pd.Series(units.index.to_numpy()[holder], index=square)
    return pd.DataFrame({"people": squares["habitants"], "unit": unit, "point": squares.geometry.centroid})


def places(service: str) -> dict:
    layer = prepared("sample_2025").inputs[ROLES[service]]
    if service == "france_services":
        layer = layer[layer["type_lieu"] == "RFS"]
    return {("place", rank): point for rank, point in enumerate(layer.geometry)}


@cache
def times(service: str, mode: str) -> pd.DataFrame:
    layers = prepared("sample_2025").inputs
    stretches = layers["troncon_tc"]
    stops = {("stop", row.arret_depart): shapely.get_point(row.geometry, 0) for row in stretches.itertuples()}
    stops |= {("stop", row.arret_arrivee): shapely.get_point(row.geometry, -1) for row in stretches.itertuples()}
    points = {("home", rank): point for rank, point in homes()["point"].items()} | places(service) | stops
    kmh = BIKE if mode == "bike" else FOOT
    graph = walking_graph(layers["voirie"].geometry.to_numpy(), points, kmh=kmh, access_kmh=FOOT, reach_m=REACH)
    graph = with_transit(graph, stretches) if mode == "transit" else graph
    return minutes_from_all(graph, [("home", rank) for rank in homes().index], places(service))


@cache
def snaps() -> np.ndarray:
    roads = shapely.union_all(prepared("sample_2025").inputs["voirie"].geometry.to_numpy())
    far = shapely.distance(homes()["point"].to_numpy(), roads)
    return np.where(far <= REACH, far, np.nan)


def weighted(values: np.ndarray, among: np.ndarray) -> pd.Series:
    """Return the mean of values over the inhabitants `among`, by commune."""
    table = homes().assign(weight=homes()["people"] * among, value=np.nan_to_num(values.astype(float)))
    sums = table.assign(value=table["value"] * table["weight"]).groupby("unit")[["value", "weight"]].sum()
    return sums["value"] / sums["weight"].where(sums["weight"] > 0)


@cache
def measured(analysis: str):
    found = declared()[analysis]
    ground = prepared("sample_2025")
    return found(ground.ground.units, layers=ground.inputs, jonctions="croisements")


def same(found: pd.Series, expected: pd.Series) -> None:
    assert found.tolist() == pytest.approx(expected.reindex(found.index).tolist(), rel=1e-6, nan_ok=True)


@pytest.mark.parametrize("mode", ["foot", "bike", "transit"])
@pytest.mark.parametrize("service", ROLES)
def test_nearest(service, mode):
    values = measured(f"{service}_travel_time").values
    nearest = times(service, mode).min(axis=1).to_numpy()
    on = np.isfinite(snaps())
    same(values[f"{service}_{mode}_min"], weighted(nearest, np.isfinite(nearest)))
    same(values[f"{service}_{mode}_within_share"], weighted(nearest <= 20, on))
    same(values[f"{service}_{mode}_reachable_share"], weighted(np.isfinite(nearest), on))
    same(values[f"{service}_snap_m"], weighted(snaps(), on))


def test_transit_is_taken_by_someone():
    """Else the proof above would say nothing of it."""
    assert (times("reuse", "transit") < times("reuse", "foot") - 1).any(axis=None)


@cache
def our_times(service: str, mode: str) -> pd.DataFrame:
    """Return our own travel times between the same homes and places."""
    layers = prepared("sample_2025").inputs
    made = ways(
        layers["voirie"], layers["troncon_tc"], foot_kmh=FOOT, bike_kmh=BIKE, reach_m=REACH, junctions="croisements"
    )
    [walk, runs] = next((walk, runs) for name, walk, runs in made.modes() if name == mode)
    ends = [
        gpd.GeoDataFrame(geometry=list(points), crs=layers["voirie"].crs)
        for points in (homes()["point"], places(service).values())
    ]
    found = travel_times(*ends, made.network, walk=walk, transit=runs).minutes
    return found.set_axis(list(places(service)), axis=1).set_axis(times(service, mode).index, axis=0)


@pytest.mark.parametrize("mode", ["foot", "bike", "transit"])
@pytest.mark.parametrize("service", ROLES)
def test_our_matrix_is_that_of_networkx(service, mode):
    ours, theirs = our_times(service, mode), times(service, mode)
    assert ours.to_numpy() == pytest.approx(theirs.to_numpy(), rel=1e-6, nan_ok=True)


def costs(service: str, mode: str) -> pd.DataFrame:
    """Return the table of costs of PySAL, from the paths of networkx (which are ours: see above)."""
    table = times(service, mode)
    table = table.set_axis([key[1] for key in table.columns], axis=1).set_axis(homes().index, axis=0)
    return table.rename_axis("origin").reset_index().melt("origin", var_name="dest", value_name="cost").dropna()


def catchment(service: str, mode: str, weigh, within: float | None) -> np.ndarray:
    """Return the weighted number of places of each home, by PySAL."""
    supply = pd.DataFrame({"geoid": range(len(places(service))), "supply": 1.0})
    found = fca.weighted_catchment(
        supply,
        costs(service, mode),
        within,
        cost_source="dest",
        cost_dest="origin",
        loc_value="supply",
        weight_fn=weigh,
    )
    return found.reindex(homes().index).fillna(0.0).to_numpy()


@pytest.mark.parametrize("mode", ["foot", "bike", "transit"])
@pytest.mark.parametrize("service", ROLES)
def test_opportunities_and_gravity_by_pysal(service, mode):
    on = np.isfinite(snaps())
    count = measured("service_opportunities").values[f"{service}_{mode}_opportunities"]
    same(count, weighted(catchment(service, mode, None, 20.0), on))
    potential = measured("service_gravity").values[f"{service}_{mode}_gravity"]
    same(potential, weighted(catchment(service, mode, lambda cost: 0.5 ** (cost / 10.0), None), on))


#: Weekly hours of the France Services of the sample: Monday 3 h and 4 h, Wednesday 3 h. No other place tells any.
HOURS = {"FS1": 10.0, "FS2": 10.0}


@pytest.mark.parametrize("mode", ["foot", "bike", "transit"])
@pytest.mark.parametrize("kind", ["2sfca", "e2sfca"])
def test_catchments_by_pysal(kind, mode):
    layer = prepared("sample_2025").inputs["mediation"].reset_index(drop=True)
    hours = layer["id"].map(HOURS).fillna(0.0)
    weigh = step_fn({10: 1.0, 20: 0.68, 30: 0.22}) if kind == "e2sfca" else None
    found = fca.two_stage_fca(
        pd.DataFrame({"geoid": homes().index, "demand": homes()["people"]}),
        pd.DataFrame({"geoid": layer.index, "supply": hours}).set_index("geoid"),
        costs("mediation", mode),
        30.0,
        supply_index=True,
        weight_fn=weigh,
    )
    access = 1000 * found.reindex(homes().index).fillna(0.0).to_numpy()
    reached = (times("mediation", mode) <= 30).to_numpy()
    told = np.isfinite(snaps()) & (~reached.any(axis=1) | reached[:, hours > 0].any(axis=1))
    same(measured(f"mediation_{kind}").values[f"mediation_{mode}_{kind}"], weighted(access, told))
    assert (access > 0).any()
