"""Sharing of supports, by head."""

from __future__ import annotations

import pytest
from shapely import Point

from overlay.drawing import layer
from territoire_sig.indicators.sobriety_support_sharing import ANALYSIS


def supports(*words, **more):
    points = [Point(10 + 10 * i, 500) for i in range(len(words))]
    return layer(*points, id_support=[f"s{i}" for i in range(len(words))], operateurs=list(words), **more)


def test_operators_by_support(units):
    found = ANALYSIS(units, layers={"support": supports("Orange ; SFR", "SFR", "", None)})
    assert found.values.loc["A"].tolist() == [4, 1.5, 0.5, 1]
    assert found.known_share.loc["A"].tolist() == [1, 0.5, 0.5, 0.5]
    assert found.values.loc["Z", ["support_total", "support_alone_count"]].tolist() == [0, 0]
    assert found.values.loc["Z", ["support_operator_mean", "support_shared_share"]].isna().all()
    assert found.map["classe"].tolist() == ["plusieurs_operateurs", "un_operateur", "inconnu", "inconnu"]


def test_the_number_that_the_file_gives_comes_first(units):
    found = ANALYSIS(units, layers={"support": supports(None, None, nb_operateurs=[3, 1])})
    assert found.values.loc["A"].tolist() == [2, 2, 0.5, 1]


def test_one_operator_named_twice_counts_once(units):
    found = ANALYSIS(units, layers={"support": supports("Orange ; ORANGE")})
    assert found.values.loc["A", "support_operator_mean"] == 1


def test_projects_and_what_is_out_of_service_do_not_count(units):
    states = ["en service", "projet", "hors service", None]
    found = ANALYSIS(units, layers={"support": supports(*["SFR"] * 4, etat=states)})
    assert found.values.loc["A", "support_total"] == 2


def test_sites_share_a_support_by_identifier_or_place(units):
    points = [Point(10, 10), Point(10.2, 10.1), Point(50, 50), Point(90, 90)]
    sites = layer(*points, code_operateur=["20801", "20810", "20801", "20810"], id_site=[None, None, "S", "S"])
    found = ANALYSIS(units, layers={"site_mobile": sites})
    assert found.values.loc["A"].tolist() == [2, 2, 1, 0]


def test_operators_state_one_mast_some_metres_apart(units):
    sites = layer(Point(10, 10), Point(35, 10), Point(90, 10), code_operateur=["20801", "20810", "20815"])
    given = {"site_mobile": sites}
    assert ANALYSIS(units, layers=given).values.loc["A", "support_total"] == 2
    assert ANALYSIS(units, layers=given, meme_support_m=10.0).values.loc["A", "support_total"] == 3
    assert ANALYSIS(units, layers=given, meme_support_m=80.0).values.loc["A", "support_total"] == 1


def test_anfr_is_preferred(units):
    sites = layer(Point(10, 10), code_operateur=["20801"])
    found = ANALYSIS(units, layers={"support": supports("Orange ; SFR"), "site_mobile": sites})
    assert found.values.loc["A", "support_operator_mean"] == 2


def test_the_whole_territory_leaves_out_what_is_around_it(units):
    masts = layer(
        Point(10, 10), Point(1500, 10), Point(9000, 10), id_support=["a", "b", "c"],
        operateurs=["Orange ; SFR", "SFR", "Orange ; SFR"],
    )  # fmt: skip
    whole = ANALYSIS(units, layers={"support": masts}).overall["support_shared_overall"]
    assert (whole.value, whole.known_share) == pytest.approx((0.5, 1.0))


def test_supports_or_sites_are_needed():
    assert ANALYSIS.missing({}) == ("support|site_mobile",)
