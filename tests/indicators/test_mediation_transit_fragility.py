"""People near a mediation place, and near one that transit serves, on shapes one can draw."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import Point, box

from overlay.drawing import layer
from territoire_sig.indicators.mediation_transit_fragility import ANALYSIS

DISC_HA = Point(0, 0).buffer(200, quad_segs=32).area / 10_000


@pytest.fixture
def layers():
    """In A, 1,000 inhabitants (10 a hectare); a place with a stop at 100 m, another with a stop at 400 m."""
    return {
        "population": layer(box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000), habitants=[1000.0, np.nan]),
        "mediation": layer(Point(250, 500), Point(750, 500)),
        "arret": layer(Point(250, 600), Point(750, 900), stop_id=["a", "b"]),
        "fragilite": layer(box(0, 0, 500, 1000), box(500, 0, 1000, 1000), indice=[3.0, 8.0]),
    }


def measure(units, layers, **parameters):
    return ANALYSIS(units, layers=layers, rayon_mediation_m=200, **parameters)


def test_by_hand(units, layers):
    found = measure(units, layers)
    row = found.values.loc["A"]
    assert pytest.approx(np.pi * 4, rel=1e-3) == DISC_HA
    assert row["mediation_near_inhabitants"] == pytest.approx(20 * DISC_HA)
    assert row["mediation_near_share"] == pytest.approx(0.02 * DISC_HA)
    assert row["mediation_transit_inhabitants"] == pytest.approx(10 * DISC_HA)
    assert row["fragile_inhabitants"] == pytest.approx(500)
    assert row["mediation_near_fragile_inhabitants"] == pytest.approx(10 * DISC_HA)
    assert row["mediation_near_fragile_share"] == pytest.approx(0.02 * DISC_HA)
    assert row["mediation_transit_fragile_inhabitants"] == 0
    assert found.values.loc[["B", "Z"]].isna().all(axis=None)


def test_two_places_side_by_side_count_people_once(units, layers):
    twice = layers | {"mediation": layer(Point(250, 500), Point(250, 500))}
    assert measure(units, twice).values.loc["A", "mediation_near_inhabitants"] == pytest.approx(10 * DISC_HA)


def test_radius_and_threshold_are_parameters(units, layers):
    row = measure(units, layers, rayon_arret_m=400).values.loc["A"]
    assert row["mediation_transit_inhabitants"] == pytest.approx(20 * DISC_HA)
    assert measure(units, layers, seuil=3).values.loc["A", "fragile_inhabitants"] == pytest.approx(1000)
    row = measure(units, layers, seuil=9).values.loc["A"]
    assert row["fragile_inhabitants"] == 0
    assert np.isnan(row["mediation_near_fragile_share"])


def test_an_unknown_index_is_neither_fragile_nor_sound(units, layers):
    partly = layers | {"fragilite": layers["fragilite"].assign(indice=[np.nan, 8.0])}
    found = measure(units, partly)
    assert found.known_share.loc["A", "fragile_inhabitants"] == pytest.approx(0.5)
    assert found.known_share.loc["A", "mediation_near_share"] == pytest.approx(1)
    without = measure(units, layers | {"fragilite": None})
    assert without.values.filter(like="fragile").isna().all(axis=None)
    assert without.values.loc["A", "mediation_near_share"] == pytest.approx(0.02 * DISC_HA)


def test_the_map_shares_out_the_whole_unit(units, layers):
    drawn = measure(units, layers).map
    area = drawn[drawn["code_unite"] == "A"].set_index("classe").area / 10_000
    assert area.to_dict() == pytest.approx(
        {"avec_arret": DISC_HA, "sans_arret": DISC_HA, "hors_portee": 100 - 2 * DISC_HA}
    )


def test_an_entrance_or_a_stop_that_nothing_leaves_serves_no_place(units, layers):
    for told in ({"location_type": [2, 0]}, {"passages_jour": [0.0, 5.0]}):
        row = measure(units, layers | {"arret": layers["arret"].assign(**told)}).values.loc["A"]
        assert row["mediation_transit_inhabitants"] == 0
