"""Access to services and mobility on the real Grenoble: told where the roads reach, unknown elsewhere."""

import numpy as np
import pytest

from oracles.duckdb_spatial import connect, register
from territoire_sig.diagnosis.ground import prepare
from territoire_sig.indicators import declared

pytestmark = [pytest.mark.real, pytest.mark.slow]


@pytest.fixture(scope="module")
def ground(grenoble):
    return prepare(grenoble)


def measured(ground, analysis, **parameters):
    return declared()[analysis](ground.ground.units, layers=ground.inputs, **parameters)


def test_times_to_france_services(ground):
    found = measured(ground, "france_services_travel_time")
    foot, bike, transit = (found.values[f"france_services_{mode}_min"] for mode in ("foot", "bike", "transit"))
    told = foot.notna()
    assert 30 <= told.sum() < 49, "the roads reach three communes in four"
    assert (bike[told] <= foot[told]).all()
    assert (transit[told] <= foot[told] + 1e-9)[found.values["france_services_transit_reachable_share"] == 1].all()
    share = found.known_share["france_services_foot_reachable_share"]
    assert (share[~told] == 0).all()
    assert found.overall["france_services_network_main_share"].value > 0.9
    assert found.overall["france_services_network_bare_crossing_count"].value > 10_000, "drawn without noding"


def test_hours_of_mediation_are_conserved(ground):
    """Summed over inhabitants, 2SFCA gives back the hours of the places that somebody can reach."""
    found = measured(ground, "mediation_2sfca", bassin_min=240.0)
    hours = found.overall["2sfca_weekly_hours"].value
    assert hours == pytest.approx(163.0)
    people = ground.ground.units["habitants"] * found.known_share["mediation_foot_2sfca"]
    given = (found.values["mediation_foot_2sfca"] * people).sum() / 1000
    assert 0.3 * hours < given <= 1.05 * hours


def test_stops_that_something_leaves(ground):
    found = measured(ground, "transit_headway").values
    stretches = ground.inputs["troncon_tc"].drop_duplicates("arret_depart")
    starts = stretches.set_geometry(stretches.geometry.interpolate(0))
    database = connect()
    register(database, "units", ground.ground.units)
    register(database, "stops", starts)
    inside = database.execute(
        "select count(distinct stops.id) from stops join units on ST_Covers(units.geom, stops.geom)"
    ).fetchone()
    assert inside == (found["transit_stop_count"].sum(),)
    assert found["transit_departures"].sum() > 90_000


def test_cycle_network_in_pieces(ground):
    found = measured(ground, "cycle_continuity")
    ways = ground.inputs["cyclable"]
    assert set(ways["etat"]) == {"existant", "projet"}
    assert found.overall["cycle_planned_main_share"].value >= found.overall["cycle_today_main_share"].value - 0.05
    assert found.values["cycle_planned_km"].sum() == pytest.approx(822, abs=0.5)


def test_hubs_and_served_inhabitants(ground):
    hubs = measured(ground, "multimodal_hubs").values
    assert hubs["hub_count"].sum() > 100
    assert hubs["hub_charging_count"].isna().all(), "no such layer"
    served = measured(ground, "stop_catchment").values
    assert (served["stop_near_inhabitants"] <= served["stop_wide_inhabitants"] + 1e-6).all()
    assert np.isfinite(served["stop_near_share"]).sum() > 40
