"""Inhabitants near a stop: squares within and beyond two radii."""

import geopandas as gpd
import numpy as np
from shapely import Point, box

from territoire_sig.indicators import declared

CRS = "EPSG:2154"
UNITS = gpd.GeoDataFrame(geometry=[box(0, 0, 2000, 100), box(9000, 0, 9100, 100)], index=["A", "B"], crs=CRS)
PEOPLE = gpd.GeoDataFrame(
    {"habitants": [50.0, 30.0, 20.0]}, geometry=[box(x, 0, x + 100, 100) for x in (0, 400, 1900)], crs=CRS
)


def measured(people=PEOPLE, **columns):
    stops = gpd.GeoDataFrame({"stop_id": ["a"], **columns}, geometry=[Point(50, 50)], crs=CRS)
    return declared()["stop_catchment"](UNITS, layers={"arret": stops, "population": people})


def test_inhabitants_within_each_radius():
    found = measured().values.loc["A"].round(9)
    assert found.tolist() == [50.0, 0.5, 80.0, 0.8]


def test_a_station_and_a_stop_that_nothing_leaves_serve_nobody():
    for columns in ({"location_type": [1]}, {"passages_jour": [0.0]}):
        assert measured(**columns).values.loc["A"].tolist() == [0.0] * 4
    assert measured(passages_jour=[np.nan]).values.loc["A", "stop_near_inhabitants"].round(9) == 50.0


def test_a_unit_without_population_is_unknown():
    found = measured()
    assert found.values.loc["B"].isna().all()
    assert found.known_share.loc["B"].eq(0).all()
