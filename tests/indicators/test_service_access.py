"""Places within reach and their potential: one street, 100 m a minute."""

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString, Point, box

from territoire_sig.errors import ParameterError
from territoire_sig.indicators import declared

CRS = "EPSG:2154"
UNITS = gpd.GeoDataFrame(geometry=[box(0, 0, 2000, 200), box(2000, 0, 4000, 200)], index=["A", "B"], crs=CRS)
STREET = gpd.GeoDataFrame(geometry=[LineString([(0, 100), (4000, 100)])], crs=CRS)
PEOPLE = gpd.GeoDataFrame(
    {"habitants": [30.0, 10.0, 60.0]}, geometry=[box(x, 0, x + 200, 200) for x in (0, 800, 3800)], crs=CRS
)


def places(*positions, **columns):
    return gpd.GeoDataFrame(columns, geometry=[Point(x, 100) for x in positions], crs=CRS)


def measured(analysis, parameters, **layers):
    given = {"voirie": STREET, "population": PEOPLE} | layers
    return declared()[analysis](UNITS, layers=given, vitesse_pied_kmh=6.0, **parameters)


def test_places_within_the_time():
    found = measured("service_opportunities", {"temps_max_min": 10.0}, sante=places(100, 900, 2500)).values
    # homes at 100 (30 people: places at 0, 8 and 24 min), 900 (10: 8, 0, 16) and 3900 (60: 38, 30, 14)
    assert found["health_foot_opportunities"].tolist() == [2.0, 0.0]
    found = measured("service_opportunities", {"temps_max_min": 16.0}, sante=places(100, 900, 2500)).values
    assert found["health_foot_opportunities"].tolist() == [(30 * 2 + 10 * 3) / 40, 1.0]
    assert found["school_foot_opportunities"].isna().all(), "no such layer: unknown"


def test_potential_halves_at_the_half_time():
    found = measured("service_gravity", {"demi_temps_min": 8.0}, reemploi=places(900)).values
    assert found["reuse_foot_gravity"].tolist() == [pytest.approx((30 * 0.5 + 10) / 40), pytest.approx(2 ** (-30 / 8))]


def test_an_unreachable_place_weighs_nothing_and_one_off_the_network_is_counted():
    split = gpd.GeoDataFrame(
        geometry=[LineString([(0, 100), (1000, 100)]), LineString([(3000, 100), (4000, 100)])], crs=CRS
    )
    off = gpd.GeoDataFrame(geometry=[Point(900, 100), Point(900, 9000)], crs=CRS)
    found = measured("service_gravity", {}, voirie=split, sante=off)
    assert found.values.loc["B", "health_foot_gravity"] == 0.0
    assert found.overall["gravity_place_off_network_count"].value == 1
    assert found.known_share.loc["B", "health_foot_gravity"] == 1.0


def test_some_service_must_be_given():
    with pytest.raises(ParameterError, match=r"il manque mediation\|sante\|etablissement_scolaire\|reemploi"):
        measured("service_gravity", {})


def test_without_a_network_nothing_is_known():
    found = measured("service_opportunities", {}, voirie=None, sante=places(900))
    assert found.values.isna().all(axis=None)
    assert np.isnan(found.overall["opportunities_place_off_network_count"].value)
