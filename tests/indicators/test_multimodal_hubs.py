"""Stops beside other modes, in and out of coverage."""

import geopandas as gpd
import numpy as np
import pytest
from shapely import Point, box

from territoire_sig.errors import ParameterError
from territoire_sig.indicators import declared

CRS = "EPSG:2154"
UNITS = gpd.GeoDataFrame(geometry=[box(0, 0, 5000, 100), box(9000, 0, 9100, 100)], index=["A", "B"], crs=CRS)


def points(*xs, **columns):
    return gpd.GeoDataFrame(columns, geometry=[Point(x, 50) for x in xs], crs=CRS)


STOPS = points(
    100,
    120,
    1000,
    2000,
    stop_id=["a1", "a2", "b", "c"],
    parent_station=["a", "a", "", None],
    location_type=[0, 0, 0, 0],
)


def measured(**layers):
    return declared()["multimodal_hubs"](UNITS, layers={"arret": STOPS} | layers)


def test_platforms_of_a_station_are_one_hub():
    found = measured(stationnement_velo=points(130, 1100), parc_relais=points(90)).values.loc["A"]
    assert found[["hub_count", "hub_cycle_count", "hub_park_ride_count"]].tolist() == [2, 2, 1]
    assert found[["hub_charging_count", "hub_full_count", "hub_uncovered_count"]].isna().all()
    whole = measured(stationnement_velo=points(130, 1100), parc_relais=points(90), borne_recharge=points(100))
    assert whole.values.loc["A", "hub_full_count"] == 1


def test_a_stop_that_nothing_leaves_is_no_hub():
    still = STOPS.assign(passages_jour=[0.0, 0.0, 8.0, np.nan])
    assert measured(arret=still, stationnement_velo=points(130, 1100)).values.loc["A", "hub_count"] == 1


def test_hubs_out_of_coverage():
    mobile = gpd.GeoDataFrame(geometry=[box(0, 0, 500, 100)], crs=CRS)
    found = measured(borne_recharge=points(130, 1100, 5000), couverture_mobile=mobile)
    told = found.values.loc["A", ["hub_count", "hub_uncovered_count", "hub_uncovered_share"]]
    assert told.tolist() == [2, 1, 0.5]
    assert found.map.set_index("stop")["classe"].to_dict() == {"a": "pole", "b": "pole_hors_couverture", "c": "arret"}
    assert np.isnan(found.values.loc["B", "hub_uncovered_share"])
    assert found.values.loc["B", "hub_count"] == 0


def test_something_must_stand_beside():
    with pytest.raises(ParameterError, match=r"il manque stationnement_velo\|parc_relais\|borne_recharge"):
        measured()
