"""Energy of networks, by head."""

from __future__ import annotations

import pytest
from shapely import Point, box

from overlay.drawing import layer
from territoire_sig.indicators.sobriety_network_energy import ANALYSIS

BOTH = box(0, 0, 2000, 1000)


def test_lines_are_shared_out_and_sites_counted(units):
    lines = layer(BOTH, code_insee=["01001"], lignes_cuivre=[800.0], lignes_fibre=[200.0])
    sites = layer(Point(5, 5), Point(5, 5), Point(5, 5), id_site=["S"] * 3, code_operateur=["20801", "20801", "20810"])
    found = ANALYSIS(units, layers={"acces_fixe": lines, "site_mobile": sites}, kwh_site_mobile=1000.0)
    assert found.values.loc["A"].tolist() == pytest.approx([14, 1, 2, 10])
    assert found.values.loc["B"].tolist() == pytest.approx([14, 1, 0, 10])
    assert found.values.loc["Z"].isna().tolist() == [True, True, False, True]


def test_an_unknown_number_of_lines_stays_unknown(units):
    lines = layer(BOTH, code_insee=["01001"], lignes_cuivre=[None], lignes_fibre=[200.0]).astype(
        {"lignes_cuivre": float}
    )
    found = ANALYSIS(units, layers={"acces_fixe": lines})
    assert found.values.loc["A"].isna().tolist() == [True, False, True, True]


def test_a_column_that_is_absent_is_unknown(units):
    found = ANALYSIS(units, layers={"acces_fixe": layer(BOTH, code_insee=["01001"], lignes_fibre=[200.0])})
    assert found.values.loc["A"].isna().tolist() == [True, False, True, True]


def test_leaving_copper_may_cost_energy_if_factors_say_so(units):
    lines = layer(BOTH, code_insee=["01001"], lignes_cuivre=[800.0])
    found = ANALYSIS(units, layers={"acces_fixe": lines}, kwh_ligne_cuivre=5.0, kwh_ligne_fibre=10.0)
    assert found.values.loc["A", "network_copper_saving_mwh"] == pytest.approx(-2)


def test_planned_sites_use_nothing_yet(units):
    sites = layer(Point(5, 5), Point(9, 9), etat=["projet", "en service"])
    found = ANALYSIS(units, layers={"site_mobile": sites})
    assert found.values.loc["A", "network_mobile_mwh"] == pytest.approx(25.5)


def test_lines_or_sites_are_needed():
    assert ANALYSIS.missing({}) == ("acces_fixe|site_mobile",)


def test_a_sliver_of_the_next_lines_is_not_the_energy_of_a_unit(units):
    shapes = [box(0, 0, 1000.5, 1000), box(1000, 0, 2000, 1000)]
    lines = layer(*shapes, code_insee=["1", "2"], lignes_cuivre=[1000.0, None]).astype({"lignes_cuivre": float})
    found = ANALYSIS(units, layers={"acces_fixe": lines}).values["network_copper_mwh"]
    assert found.loc["A"] == pytest.approx(35 * 1000 / 1000.5)
    assert found.isna().tolist() == [found.index[i] != "A" for i in range(3)]
