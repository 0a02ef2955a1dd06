"""Cross-tabulation of several covers."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Polygon, box

from overlay.drawing import layer
from territoire_sig.errors import InvalidValueError, MissingColumnError
from territoire_sig.overlay import crosstab
from territoire_sig.texts import language


def rows(table):
    """Return the rows as tuples, None for what is unknown."""
    return [tuple(None if pd.isna(value) else value for value in row) for row in table.to_numpy().tolist()]


def test_classes_and_what_is_left(zones, cover):
    expected = [("U", "A", 40), ("U", "B", 20), ("U", None, 40), ("N", "B", 50), ("N", None, 50)]
    assert rows(crosstab(zones, cover, by="kind")) == expected


def test_the_first_class_in_the_declared_order_wins(zones, cover):
    found = crosstab(zones, cover, by="kind", priority={"kind": ["B"]})
    assert rows(found) == [("U", "B", 40), ("U", "A", 20), ("U", None, 40), ("N", "B", 50), ("N", None, 50)]


def test_presence_is_told_by_true_and_false(zones, cover):
    assert rows(crosstab(zones, cover)) == [("U", True, 60), ("U", False, 40), ("N", True, 50), ("N", False, 50)]


def test_two_covers_cross(zones, cover):
    flood = layer(box(0, 0, 20, 5), level=[3])
    found = crosstab(zones, cover, flood, by=["kind", "level"])
    assert found["level"].dtype == "Int64"
    assert rows(found) == [
        ("U", "A", 3, 20),
        ("U", "A", None, 20),
        ("U", "B", 3, 10),
        ("U", "B", None, 10),
        ("U", None, 3, 20),
        ("U", None, None, 20),
        ("N", "B", 3, 25),
        ("N", "B", None, 25),
        ("N", None, 3, 25),
        ("N", None, None, 25),
    ]


def test_the_order_of_covers_changes_no_area(zones, cover):
    flood = layer(box(0, 0, 20, 5), level=[3])
    one = crosstab(zones, cover, flood, by=["kind", "level"])
    other = crosstab(zones, flood, cover, by=["level", "kind"])
    key = ["zone", "kind", "level"]
    pd.testing.assert_frame_equal(
        one.sort_values(key, ignore_index=True), other[one.columns].sort_values(key, ignore_index=True)
    )


def test_zones_that_overlap_are_each_measured_in_full(cover):
    both = layer(box(0, 0, 10, 10), box(0, 0, 10, 10))
    assert crosstab(both, cover).groupby("zone")["area_m2"].sum().tolist() == [100.0, 100.0]


def test_without_cover_there_is_one_row_a_zone(zones):
    assert rows(crosstab(zones)) == [("U", 100), ("N", 100)]


def test_an_empty_cover_leaves_all_outside(zones):
    nothing = layer(kind=[])
    assert rows(crosstab(zones, nothing, by="kind")) == [("U", None, 100), ("N", None, 100)]


def test_a_missing_column_lists_those_there_are(zones, cover):
    with (
        language("en"),
        pytest.raises(MissingColumnError, match="column «TYPEZONE» is absent; columns: kind, geometry"),
    ):
        crosstab(zones, cover, by="TYPEZONE")


def test_a_null_class_is_refused(zones, cover):
    with language("en"), pytest.raises(InvalidValueError, match=r"class «kind» is null in 1 feature.* at index b"):
        crosstab(zones, cover.assign(kind=["A", None]), by="kind")


@pytest.mark.parametrize("by", ["kind", ["kind"], ["kind", "kind"], ["zone", None]])
def test_one_distinct_column_a_cover_is_needed(zones, cover, by):
    with language("en"), pytest.raises(InvalidValueError, match=r"expected 2 distinct column name\(s\)"):
        crosstab(zones, cover, cover, by=by)


@pytest.mark.parametrize("count", [1, 2])
def test_an_empty_zone_has_no_row(zones, cover, count):
    some = gpd.GeoDataFrame(geometry=[Polygon(), *zones.geometry], index=["empty", *zones.index], crs=zones.crs)
    found = crosstab(some, *[cover] * count)
    assert set(found["zone"]) == {"U", "N"}
    assert (found["area_m2"] > 0).all()
