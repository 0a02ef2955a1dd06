"""Hours of mediation per inhabitant: the two steps by head, on one street, 100 m a minute."""

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString, Point, box

from territoire_sig.indicators import declared
from territoire_sig.indicators.floating_catchment import floating_catchment
from territoire_sig.indicators.mediation_catchments import ZONES

CRS = "EPSG:2154"
UNITS = gpd.GeoDataFrame(geometry=[box(0, 0, 2000, 200), box(2000, 0, 4000, 200)], index=["A", "B"], crs=CRS)
STREET = gpd.GeoDataFrame(geometry=[LineString([(0, 100), (6000, 100)])], crs=CRS)
OPEN_10 = "Mo-Fr 10:00-12:00"


def squares(*cells):
    shapes = [box(x, 0, x + 200, 200) for x, _ in cells]
    return gpd.GeoDataFrame({"habitants": [n for _, n in cells]}, geometry=shapes, crs=CRS)


PEOPLE = squares((0, 500.0), (2000, 500.0))


def measured(kind="2sfca", hours=(OPEN_10,), at=(100,), people=PEOPLE, advisers=None, **parameters):
    places = gpd.GeoDataFrame({"horaires": list(hours)}, geometry=[Point(x, 100) for x in at], crs=CRS)
    if advisers is not None:
        places["conseillers"] = advisers
    layers = {"voirie": STREET, "population": people, "mediation": places}
    return declared()[f"mediation_{kind}"](UNITS, layers=layers, vitesse_pied_kmh=6.0, **parameters)


def test_two_steps():
    # 10 h, homes at 0 min (500) and 20 min (500): all within 30 min, none of B within 15
    assert measured().values["mediation_foot_2sfca"].tolist() == [10.0, 10.0]
    assert measured(bassin_min=15.0).values["mediation_foot_2sfca"].tolist() == [20.0, 0.0]


def test_thirds_weigh_less():
    found = measured("e2sfca", bassin_min=30.0).values["mediation_foot_e2sfca"]  # 20 min: second third, 0.68
    assert found.tolist() == pytest.approx([10 / 840 * 1000, 10 / 840 * 1000 * 0.68])
    even = measured("e2sfca", poids_milieu=1.0, poids_bord=1.0).values["mediation_foot_e2sfca"]
    assert even.tolist() == [10.0, 10.0]


def test_advisers_multiply_hours_and_one_is_taken_where_unknown():
    assert measured(advisers=[3.0]).values["mediation_foot_2sfca"].tolist() == [30.0, 30.0]
    assert measured(advisers=[np.nan]).values["mediation_foot_2sfca"].tolist() == [10.0, 10.0]


def test_places_of_unknown_hours_are_left_out_and_lower_what_is_known():
    found = measured(hours=(OPEN_10, "sur rendez-vous"), at=(100, 2100), bassin_min=15.0)
    assert found.values["mediation_foot_2sfca"].isna().tolist() == [False, True]
    assert found.known_share["mediation_foot_2sfca"].tolist() == [1.0, 0.0]
    assert found.overall["2sfca_unknown_hours_count"].value == 1
    assert found.overall["2sfca_weekly_hours"].value == 10
    both = measured(hours=(OPEN_10, "sur rendez-vous"), at=(100, 2100), bassin_min=30.0)
    assert both.values["mediation_foot_2sfca"].tolist() == [10.0, 10.0]
    assert both.known_share["mediation_foot_2sfca"].tolist() == [0.5, 0.5]


def test_no_hours_known_at_all():
    found = measured(hours=(None,))
    assert found.values.isna().all(axis=None)
    assert np.isnan(found.overall["2sfca_weekly_hours"].value)


def test_neighbours_come_too():
    around = squares((0, 500.0), (2000, 500.0), (4000, 1000.0))  # 1,000 people outside the units, 40 min away
    assert measured(people=around, bassin_min=45.0).values["mediation_foot_2sfca"].tolist() == [5.0, 5.0]


def test_a_place_nobody_can_come_to_serves_nobody():
    assert floating_catchment(np.array([[np.nan]]), np.array([5.0]), np.array([9.0]), within_min=30).tolist() == [0.0]
    assert ZONES[0][1] > ZONES[1][1] > ZONES[2][1]


def test_secret_people_who_can_come_lower_what_is_known():
    found = measured(people=squares((0, 100.0), (2000, np.nan)))
    assert found.values["mediation_foot_2sfca"].tolist() == pytest.approx([100.0, np.nan], nan_ok=True)
    assert found.known_share["mediation_foot_2sfca"].tolist() == [0.5, 0.0]
    away = measured(people=squares((0, 100.0), (2000, np.nan)), bassin_min=15.0)
    assert away.known_share["mediation_foot_2sfca"].tolist() == [1.0, 0.0], "they cannot come within 15 min"


def test_a_place_without_adviser_supplies_nothing():
    assert measured(advisers=[0.0]).values["mediation_foot_2sfca"].tolist() == [0.0, 0.0]
