"""Travel times to the nearest service: streets one can draw, minutes one can count at 100 m a minute."""

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString, Point, box

from territoire_sig.indicators import declared
from territoire_sig.indicators.residents import residents

CRS = "EPSG:2154"
UNITS = gpd.GeoDataFrame(geometry=[box(0, 0, 2000, 200), box(2000, 0, 4000, 200)], index=["A", "B"], crs=CRS)
STREET = gpd.GeoDataFrame({"nature": ["rue"]}, geometry=[LineString([(0, 100), (4000, 100)])], crs=CRS)
PLACE = gpd.GeoDataFrame({"type_lieu": ["RFS"]}, geometry=[Point(900, 100)], crs=CRS)


def squares(*cells):
    shapes = [box(x, 0, x + 200, 200) for x, _ in cells]
    return gpd.GeoDataFrame({"habitants": [n for _, n in cells]}, geometry=shapes, crs=CRS)


PEOPLE = squares((0, 30.0), (800, 10.0), (3800, 60.0))


def measured(name="mediation", role="mediation", **changed):
    layers = {"voirie": STREET, "population": PEOPLE, role: PLACE, "troncon_tc": None}
    parameters = {"vitesse_pied_kmh": 6.0, "vitesse_velo_kmh": 12.0} | changed.pop("parameters", {})
    return declared()[f"{name}_travel_time"](UNITS, layers=layers | changed, **parameters)


def test_mean_time_and_shares():
    found = measured(parameters={"temps_max_min": 8.0}).values
    assert found["mediation_foot_min"].tolist() == [6.0, 30.0]  # A: (30 × 8 + 10 × 0) / 40; B: 3,000 m
    assert found["mediation_foot_within_share"].tolist() == [1.0, 0.0]
    assert found["mediation_bike_min"].tolist() == [3.0, 15.0]
    assert found["mediation_foot_reachable_share"].tolist() == [1.0, 1.0]
    assert found["mediation_snap_m"].tolist() == [0.0, 0.0]
    assert found.filter(like="transit").isna().all(axis=None)


def test_an_island_is_unreachable_counted_and_out_of_the_mean():
    streets = gpd.GeoDataFrame(
        geometry=[LineString([(0, 100), (1000, 100)]), LineString([(3000, 100), (4000, 100)])], crs=CRS
    )
    found = measured(voirie=streets)
    assert found.values["mediation_foot_min"].isna().tolist() == [False, True]
    assert found.values["mediation_foot_reachable_share"].tolist() == [1.0, 0.0]
    assert found.known_share["mediation_foot_min"].tolist() == [1.0, 0.0]
    assert found.known_share["mediation_foot_reachable_share"].tolist() == [1.0, 1.0]
    assert found.overall["mediation_network_island_count"].value == 2
    assert found.overall["mediation_network_main_share"].value == 0.5
    assert found.map["classe"].tolist() == ["proche", "proche", "injoignable"]


def test_a_home_far_from_the_network_is_unknown():
    short = gpd.GeoDataFrame(geometry=[LineString([(0, 100), (1000, 100)])], crs=CRS)
    found = measured(voirie=short)
    assert found.known_share.loc["B"].eq(0).all()
    assert found.values.loc["B"].isna().all()
    half = squares((0, 30.0), (1700, 10.0))
    found = measured(voirie=short, population=half)
    assert found.known_share.loc["A", "mediation_foot_within_share"] == 0.75


def test_secret_numbers_lower_what_is_known():
    found = measured(population=squares((0, 30.0), (800, None)))
    assert found.values.loc["A", "mediation_foot_min"] == 8.0
    assert found.known_share.loc["A", "mediation_foot_min"] == 0.5


def test_places_off_the_network_are_counted_and_tell_nothing_alone():
    far = gpd.GeoDataFrame({"type_lieu": ["RFS"]}, geometry=[Point(900, 5000)], crs=CRS)
    found = measured(mediation=far)
    assert found.overall["mediation_place_off_network_count"].value == 1
    assert found.values.drop(columns="mediation_snap_m").isna().all(axis=None)


def test_france_services_are_told_from_other_places_and_a_bus_is_no_place():
    places = gpd.GeoDataFrame(
        {"type_lieu": ["Médiathèque", "RFS", "France Services"], "itinerant": [False, True, False]},
        geometry=[Point(100, 100), Point(900, 100), Point(3900, 100)],
        crs=CRS,
    )
    found = measured("france_services", mediation=places).values
    assert found["france_services_foot_min"].tolist() == [36.0, 0.0]  # (30 × 38 + 10 × 30) / 40
    none = measured("france_services", mediation=places.iloc[:1])
    assert none.values.isna().all(axis=None)
    assert np.isnan(none.overall["france_services_network_main_share"].value)


def test_a_motorway_is_closed_and_stairs_are_closed_to_bikes():
    assert measured(voirie=STREET.assign(nature=["Type autoroutier"])).values.isna().all(axis=None)
    stairs = measured(voirie=STREET.assign(nature=["steps"])).values
    assert stairs["mediation_foot_min"].notna().all()
    assert stairs["mediation_bike_min"].isna().all()


def test_by_bus_the_wait_is_half_the_interval():
    bus = gpd.GeoDataFrame(
        {"arret_depart": ["s"], "arret_arrivee": ["t"], "ligne": ["1"], "duree_min": [4.0], "intervalle_min": [10.0]},
        geometry=[LineString([(3900, 100), (900, 100)])],
        crs=CRS,
    )
    assert measured(troncon_tc=bus).values["mediation_transit_min"].tolist() == [6.0, 9.0]
    still = measured(troncon_tc=bus.assign(intervalle_min=np.nan)).values
    assert still.filter(like="transit").isna().all(axis=None)


@pytest.mark.parametrize(
    ("name", "role"), [("health", "sante"), ("school", "etablissement_scolaire"), ("reuse", "reemploi")]
)
def test_other_services_are_measured_alike(name, role):
    assert measured(name, role).values[f"{name}_foot_min"].tolist() == [6.0, 30.0]


def test_a_large_polygon_is_many_homes():
    units = gpd.GeoDataFrame(geometry=[box(0, 0, 2000, 1000)], index=["A"], crs=CRS)
    people = gpd.GeoDataFrame({"habitants": [80.0]}, geometry=[box(0, 0, 2000, 2000)], crs=CRS)
    places = residents(units, people).places
    assert places["people"].tolist() == [5.0] * 8
    assert sorted(set(places.geometry.x)) == [250.0, 750.0, 1250.0, 1750.0]


def test_a_sliver_of_population_tells_as_little_as_it_covers():
    sliver = gpd.GeoDataFrame({"habitants": [1000.0]}, geometry=[box(0, 0, 2001, 200)], crs=CRS)
    found = measured(population=sliver).known_share["mediation_foot_min"]
    assert found.tolist() == pytest.approx([1.0, 1 / 2000])
