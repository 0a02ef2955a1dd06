"""Works in nature: states, kinds of cable, classified woods and rights of way."""

from __future__ import annotations

import pandas as pd
import pytest
import shapely
from shapely import LineString, Point, box

from overlay.drawing import layer
from territoire_sig.indicators.works import cable_kind, classified_woods, planned, rights_of_way

LINE = LineString([(0, 0), (100, 0)])


@pytest.mark.parametrize(
    ("word", "expected"),
    [("projet", True), ("En projet", True), (" À créer ", True), ("en service", False), ("abandonné", False)],
)
def test_states_are_read_as_they_are_written(word, expected):
    assert planned(layer(Point(0, 0), etat=[word])).tolist() == [expected]


def test_an_unstated_state_is_unknown():
    assert planned(layer(Point(0, 0))).tolist() == [pd.NA]
    assert planned(layer(Point(0, 0), etat=[None])).isna().all()


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("transport", "transport"),
        ("collecte", "transport"),
        ("transport distribution", "transport"),
        ("Distribution", "distribution"),
        ("raccordement", "drop"),
        ("longue distance", "other"),
        (None, "other"),
    ],
)
def test_a_cable_counts_in_its_highest_rank(word, kind):
    assert cable_kind(layer(LINE, type=[word])).tolist() == [kind]


def test_cables_without_a_column_are_of_unknown_rank():
    assert cable_kind(layer(LINE)).tolist() == ["other"]


def test_classified_woods_are_those_of_type_01():
    areas = layer(box(0, 0, 1, 1), box(1, 0, 2, 1), typepsc=["01", "07"])
    assert classified_woods(areas).geometry.tolist() == [box(0, 0, 1, 1)]
    assert len(classified_woods(areas.iloc[1:])) == 0
    assert classified_woods(None) is None


def test_rights_of_way_are_flat_strips_and_discs():
    ground = rights_of_way(layer(LINE), layer(Point(1000, 0)), width_m=4, radius_m=10)
    assert shapely.area(ground) == pytest.approx(400 + 314.159, rel=1e-3)
    assert rights_of_way(None, None, width_m=4, radius_m=10).is_empty
