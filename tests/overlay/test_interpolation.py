"""Areal and dasymetric interpolation, and the account of what was carried."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import Point, Polygon, box

from overlay.drawing import layer
from territoire_sig.errors import InvalidValueError
from territoire_sig.overlay import interpolate
from territoire_sig.texts import language

HALVES = (box(0, 0, 5, 10), box(5, 0, 10, 10))


@pytest.fixture
def iris():
    """Two squares: 100 people at 20,000 on the left, 60 at 30,000 on the right."""
    squares = box(0, 0, 10, 10), box(10, 0, 20, 10)
    return layer(*squares, people=[100.0, 60.0], income=[20_000.0, 30_000.0])


def test_amounts_are_shared_out_by_area(iris):
    done = interpolate(iris, layer(*HALVES, box(10, 0, 20, 10)), extensive=["people"])
    assert done.values["people"].tolist() == [50.0, 50.0, 60.0]
    account = done.report.loc["people"]
    assert account[["total_source", "total_transferred", "outside_target", "lost"]].tolist() == [160, 160, 0, 0]
    assert account["relative_gap"] == pytest.approx(0, abs=1e-15)


def test_what_lies_outside_the_target_is_told(iris):
    account = interpolate(iris, layer(box(0, 0, 15, 10)), extensive=["people"]).report.loc["people"]
    assert account["total_transferred"] == 130.0
    assert account["outside_target"] == 30.0
    assert account["relative_gap"] == pytest.approx(0, abs=1e-15)


def test_rates_are_averaged_by_area(iris):
    done = interpolate(iris, layer(box(0, 0, 15, 10)), intensive=["income"])
    assert done.values["income"][0] == pytest.approx((20_000 * 100 + 30_000 * 50) / 150)
    assert done.report.empty


def test_the_unknown_is_left_out_and_told(iris):
    iris.loc[1, ["people", "income"]] = np.nan
    target = layer(box(0, 0, 20, 10), box(10, 0, 20, 10))
    done = interpolate(iris, target, extensive=["people"], intensive=["income"])
    assert done.values.loc[0].tolist() == [100.0, 20_000.0]
    assert done.known_share["people"].tolist() == [0.5, 0.0]
    assert done.values.loc[1].isna().all()
    assert done.report.loc["people", "unknown_sources"] == 1


def test_targets_that_overlap_each_receive_their_own(iris):
    done = interpolate(iris, layer(box(0, 0, 10, 10), box(0, 0, 10, 10)), extensive=["people"])
    assert done.values["people"].tolist() == [100.0, 100.0]
    assert done.report.loc["people", "relative_gap"] == pytest.approx(100 / 160)


def test_people_live_where_the_buildings_are(iris):
    homes = layer(box(0, 0, 2, 2), box(6, 0, 7, 4), weight=[30, 10])
    done = interpolate(iris, layer(*HALVES, box(10, 0, 20, 10)), extensive=["people"], weights=homes)
    assert done.values["people"].to_numpy() == pytest.approx([75, 25, 60])
    assert done.report.loc["people", "areal_fallbacks"] == 1
    by_area = interpolate(iris, layer(*HALVES), extensive=["people"], weights=homes.drop(columns="weight"))
    assert by_area.values["people"].to_numpy() == pytest.approx([50, 50])


def test_a_building_on_two_sources_is_shared_between_them(iris):
    homes = layer(box(5, 0, 15, 2), box(0, 0, 5, 2), weight=[20, 10])
    done = interpolate(iris, layer(*HALVES), extensive=["people"], weights=homes)
    assert done.values["people"].to_numpy() == pytest.approx([50, 50])
    assert done.report.loc["people", "outside_target"] == pytest.approx(60)


def test_an_address_on_a_border_counts_once(iris):
    addresses = layer(Point(5, 5), Point(10, 5), Point(2, 2))
    done = interpolate(iris, layer(*HALVES), extensive=["people"], weights=addresses)
    assert done.values["people"].to_numpy() == pytest.approx([200 / 3, 100 / 3])
    assert done.report.loc["people", "relative_gap"] == pytest.approx(0, abs=1e-12)


def test_rates_are_averaged_by_weight(iris):
    addresses = layer(Point(2, 2), Point(3, 3), Point(4, 4), Point(15, 5))
    done = interpolate(iris, layer(box(0, 0, 20, 10)), intensive=["income"], weights=addresses)
    assert done.values["income"].tolist() == [22_500.0]


def test_a_target_without_weight_takes_the_mean_by_area(iris):
    done = interpolate(iris, layer(box(5, 0, 15, 10)), intensive=["income"], weights=layer(Point(1, 1)))
    assert done.values["income"].tolist() == [25_000.0]


def test_a_source_without_area_is_counted_as_lost(iris):
    source = layer(*iris.geometry, Polygon(), people=[100.0, 60.0, 7.0])
    account = interpolate(source, layer(box(0, 0, 20, 10)), extensive=["people"]).report.loc["people"]
    assert account[["total_source", "total_transferred", "lost"]].tolist() == [167.0, 160.0, 7.0]
    assert account["relative_gap"] == pytest.approx(0, abs=1e-15)


def test_a_target_out_of_reach_is_unknown(iris):
    done = interpolate(iris, layer(box(90, 90, 99, 99)), extensive=["people"], intensive=["income"])
    assert done.values.isna().all(axis=None)
    assert done.known_share.to_numpy().tolist() == [[0.0, 0.0]]
    assert done.report.loc["people", "outside_target"] == 160.0


def test_words_are_not_numbers(iris):
    with language("en"), pytest.raises(InvalidValueError, match="column «people» is 's' at index 1"):
        interpolate(iris.assign(people=["3", "s"]), layer(*HALVES), extensive=["people"])


def test_a_negative_weight_is_refused(iris):
    with language("en"), pytest.raises(InvalidValueError, match=r"weight is -1.0 at index 0; expected a number of 0"):
        interpolate(iris, layer(*HALVES), extensive=["people"], weights=layer(Point(1, 1), weight=[-1]))
