"""The alert when exposed sites fall silent, on discs whose edge no one needs."""

from __future__ import annotations

import pandas as pd
import pytest
from shapely import Point, box

from overlay.drawing import layer
from territoire_sig.indicators.hazard_alert_resilience import ANALYSIS

NAMES = [output.name for output in ANALYSIS.outputs]
FAR = 9000


@pytest.fixture
def layers():
    """A: 100 inhabitants, of whom 40 in high hazard, west of x = 400; the rest of A is out of hazard."""
    return {
        "alea": layer(box(0, 0, 400, 1000), box(400, 0, 1000, 1000), niveau=["fort", "nul"], typealea=["11"] * 2),
        "population": layer(box(0, 0, 1000, 1000), habitants=[100.0]),
    }


def measure(units, layers, *sites, **columns):
    masts = layer(*(Point(x, 500) for x in sites), **columns)
    return ANALYSIS(units, layers=layers | {"site_mobile": masts})


@pytest.mark.parametrize(
    ("sites", "expected"),
    [((200,), [40, 0, 0, 40]), ((900,), [40, 40, 1, 0]), ((200, 900), [40, 40, 1, 0]), ((-FAR,), [0, 0, 0, 0])],
)
def test_by_hand(units, layers, sites, expected):
    layers["perimetre_risque"] = layer(box(-FAR - 1, 0, 2000, 1000))
    found = measure(units, layers, *sites)
    assert found.values.loc["A", NAMES].tolist() == pytest.approx(expected)
    assert (found.known_share.loc["A"] == 1).all()
    assert pd.isna(found.values.loc["B", NAMES[0]])


def test_out_of_coverage_nobody_is_reached(units, layers):
    layers["couverture_mobile"] = layer(box(0, 0, 100, 1000))
    assert measure(units, layers, 900).values.loc["A", NAMES].tolist() == pytest.approx([10, 10, 0.25, 0])


def test_a_site_of_unknown_hazard_leaves_those_it_alone_reaches_in_doubt(units, layers):
    found = measure(units, layers, 1200)
    assert found.values.loc["A", NAMES[0]] == pytest.approx(40)
    assert found.values.loc["A", NAMES[1:]].isna().all()
    assert found.known_share.loc["A", NAMES].tolist() == [1, 0, 0, 0]
    assert found.map is not None
    assert found.map["classe"].tolist() == ["inconnu"]


@pytest.mark.parametrize("state", ["projet", "Abandonné", "hors service"])
def test_a_site_that_is_not_in_service_reaches_nobody(units, layers, state):
    assert measure(units, layers, 900, 950, etat=[state, state]).values.loc["A", NAMES[0]] == 0
    assert measure(units, layers, 900, 950, etat=[state, None]).values.loc["A", NAMES[0]] == pytest.approx(40)


def test_a_unit_without_anyone_in_hazard_has_no_share(units, layers):
    layers["perimetre_risque"] = layer(box(0, 0, 2000, 1000))
    layers["population"] = layer(box(0, 0, 2000, 1000), habitants=[200.0])
    found = measure(units, layers, 900).values.loc["B", NAMES]
    assert found.tolist() == pytest.approx([0, 0, float("nan"), 0], nan_ok=True)


def test_a_share_that_could_be_nothing_but_zero_is_unknown(units, layers):
    """No perimeter: of 40 people in hazard, the east mast, of unknown hazard, reaches some; nobody is surely safe."""
    narrow = layers | {"alea": layers["alea"].iloc[:1]}
    found = measure(units, narrow, 1300)
    assert found.values.loc["A", NAMES[0]] == pytest.approx(40)
    assert pd.isna(found.values.loc["A", NAMES[2]])
    far = measure(units, narrow, 2200)
    assert 0 < far.known_share.loc["A", NAMES[1]] < 1
    assert pd.isna(far.values.loc["A", NAMES[2]])
    narrow["perimetre_risque"] = layer(box(0, 0, 3000, 1000))
    assert 0 < measure(units, narrow, 2200).values.loc["A", NAMES[2]] < 1
