"""Networks that let control public buildings, by head."""

from __future__ import annotations

import pytest
from shapely import Point, box

from overlay.drawing import layer
from territoire_sig.indicators.energy_remote_control import ANALYSIS


def halls(*xs, **columns):
    return layer(*(Point(x, 5) for x in xs), **columns)


RADIO = layer(box(0, 0, 200, 1000))


def test_fibre_or_radio(units):
    fibre = layer(box(0, 0, 400, 1000), box(400, 0, 1000, 1000), taux_fibre=[0.9, 0.4])
    buildings = halls(
        100, 300, 600, 700, consommation_kwh=[1e3, 2e3, 3e3, None], gestion_technique=[True, True, True, None]
    )
    given = {"batiment_public": buildings, "couverture_fixe": fibre, "couverture_mobile": RADIO}
    found = ANALYSIS(units, layers=given)
    assert found.values.loc["A"].tolist() == [4, 0.5, 0.5, 3, 1]
    assert found.known_share.loc["A"].tolist() == [1, 1, 1, 0.75, 0.75]
    assert found.map["classe"].tolist() == ["fibre", "fibre", "aucun_reseau", "aucun_reseau"]


def test_one_absent_network_is_not_no_network(units):
    found = ANALYSIS(units, layers={"batiment_public": halls(100, 600), "couverture_mobile": RADIO})
    assert found.values.loc["A"].fillna(-1).tolist() == [2, -1, -1, -1, -1]
    assert found.map["classe"].tolist() == ["radio", "inconnu"]


def test_fibre_alone_does_not_tell_who_is_connected(units):
    zones = [box(100 * i, 0, 100 * i + 100, 1000) for i in range(10)]
    given = {
        "batiment_public": halls(*range(50, 1000, 100)),
        "couverture_fixe": layer(*zones, taux_fibre=[1.0] + [0.1] * 9),
    }
    found = ANALYSIS(units, layers=given).values.loc["A"]
    assert found.fillna(-1).tolist() == [10, -1, 0.1, -1, -1]


def test_a_building_of_which_one_network_is_known_is_left_out(units):
    fibre = layer(box(0, 0, 100, 1000), box(300, 0, 1000, 1000), taux_fibre=[0.9, 0.1])
    given = {"batiment_public": halls(50, 150, 600), "couverture_fixe": fibre, "couverture_mobile": RADIO}
    found = ANALYSIS(units, layers=given)
    assert found.values.loc["A", "control_connected_share"] == 0.5
    assert found.known_share.loc["A", "control_connected_share"] == pytest.approx(2 / 3)
    assert found.map["classe"].tolist() == ["fibre", "radio", "aucun_reseau"]


def test_the_rate_that_counts_as_ready_may_be_moved(units):
    fibre = layer(box(0, 0, 1000, 1000), taux_fibre=[0.6])
    given = {"batiment_public": halls(600), "couverture_fixe": fibre, "couverture_mobile": RADIO}
    assert ANALYSIS(units, layers=given).values.loc["A", "control_connected_share"] == 0
    assert ANALYSIS(units, layers=given, taux_pret=0.5).values.loc["A", "control_connected_share"] == 1


def test_a_unit_without_building(units):
    found = ANALYSIS(units, layers={"batiment_public": halls(100), "couverture_mobile": RADIO})
    assert found.values.loc["Z"].fillna(-1).tolist() == [0, -1, -1, 0, 0]


def test_a_network_is_needed():
    assert ANALYSIS.missing({"batiment_public": 1}) == ("couverture_fixe|couverture_mobile",)
    assert pytest.approx(0.8) == ANALYSIS.parameters[0].default
