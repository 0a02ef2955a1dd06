"""Connectivity of reservoirs before and after works, on squares one can draw."""

from __future__ import annotations

import math

import geopandas as gpd
import pytest
from shapely import LineString, Point, box

from overlay.drawing import layer
from territoire_sig.indicators.ecology_connectivity import ANALYSIS

CRS = "EPSG:2154"


@pytest.fixture
def land():
    return gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[box(0, 0, 3000, 1000)], index=["U"], crs=CRS)


def network(*shapes, kinds=None):
    return layer(*shapes, type_continuite=kinds or ["reservoir"] * len(shapes))


def two(*corridors):
    """Two reservoirs of 100 ha, 1 km apart, and corridors."""
    shapes = (box(0, 0, 1000, 1000), box(2000, 0, 3000, 1000), *corridors)
    return network(*shapes, kinds=["reservoir"] * 2 + ["corridor"] * len(corridors))


def told(units, spaces, *lines, **options):
    cables = (
        layer(*lines, etat=["projet"] * len(lines))
        if lines
        else layer(LineString([(0, 0), (9, 0)]), etat=["en service"])
    )
    found = ANALYSIS(units, layers={"corridor": spaces, "cable": cables}, **options)
    return {name.removeprefix("connectivity_"): whole.value for name, whole in found.overall.items()}


WALL = LineString([(1500, -10), (1500, 1010)])


def test_two_reservoirs_and_a_wall(land):
    found = told(land, two(), WALL)
    assert found["before"] == pytest.approx(3 / 9)
    assert found["after"] == pytest.approx(2 / 9)
    assert found["loss_share"] == pytest.approx(1 / 3)
    assert found["equivalent_ha"] == pytest.approx(100 * math.sqrt(3))
    assert found["cut_links"] == 1


def test_what_still_crosses_counts(land):
    assert told(land, two(), WALL, permeabilite=0.5)["after"] == pytest.approx((2 + 2 * 0.25) / 9)
    assert told(land, two(), WALL, permeabilite=1.0)["loss_share"] == pytest.approx(0)


def test_the_median_distance_halves_the_link(land):
    assert told(land, two(), dispersion_m=500)["before"] == pytest.approx((2 + 2 * 0.25) / 9)


def test_a_cable_that_goes_round_cuts_nothing(land):
    found = told(land, two(), LineString([(1500, 1100), (1800, 1100)]))
    assert found["loss_share"] == 0
    assert found["cut_links"] == 0


def test_a_corridor_must_be_severed(land):
    corridor = box(1000, 900, 2000, 1000)
    half = LineString([(1500, -10), (1500, 950)])
    assert told(land, two(corridor), half)["cut_links"] == 0
    assert told(land, two(corridor), WALL)["cut_links"] == 1
    assert told(land, two(), half)["cut_links"] == 1


def test_a_stepping_stone_makes_the_path(land):
    spaces = network(box(0, 0, 500, 1000), box(1250, 0, 1750, 1000), box(2500, 0, 3000, 1000))
    found = told(land, spaces, dispersion_m=750)
    assert found["before"] == pytest.approx(50**2 * (3 + 4 * 0.5 + 2 * 0.25) / 300**2)


def test_works_inside_a_reservoir_take_ground_and_split_it(land):
    whole = network(box(0, 0, 1000, 1000))
    found = ANALYSIS(
        land, layers={"corridor": whole, "cable": layer(LineString([(500, -5), (500, 1005)]), etat=["projet"])},
        emprise_m=10.0,
    )  # fmt: skip
    assert found.values.loc["U"].tolist() == pytest.approx([100, 1, 0.01])
    assert found.overall["connectivity_after"].value == pytest.approx(2 * 49.5**2 / 300**2)
    assert found.overall["connectivity_cut_links"].value == 1
    assert found.tables["connectivity_patches"].iloc[0].tolist() == pytest.approx([1, 100, 1, 1, 0])


def test_reservoirs_that_touch_are_one_and_overlaps_count_once(land):
    spaces = network(box(0, 0, 600, 1000), box(400, 0, 1000, 1000))
    assert told(land, spaces)["before"] == pytest.approx(100**2 / 300**2)


def test_a_site_takes_a_disc(land):
    sites = layer(Point(500, 500), Point(700, 500), etat=["projet", "en service"])
    found = ANALYSIS(land, layers={"corridor": network(box(0, 0, 1000, 1000)), "site_mobile": sites}, rayon_site_m=20.0)
    assert found.values.loc["U", "connectivity_taken_ha"] == pytest.approx(math.pi * 400 / 1e4, rel=1e-3)


def test_a_line_of_the_plan_is_a_work(land):
    actions = layer(WALL, Point(2500, 500), id=["AC1", "AC2"])
    found = ANALYSIS(land, layers={"corridor": two(), "action": actions}).overall
    assert found["connectivity_after"].value == pytest.approx(2 / 9)
    assert found["connectivity_loss_share"].known_share == 1


def test_a_plan_without_lines_tells_nothing_of_works(land):
    found = ANALYSIS(land, layers={"corridor": two(), "action": layer(Point(2500, 500), id=["AC2"])}).overall
    assert math.isnan(found["connectivity_after"].value)


def test_without_a_state_the_loss_is_unknown(land):
    found = ANALYSIS(land, layers={"corridor": two(), "cable": layer(WALL)}).overall
    assert found["connectivity_before"].value == pytest.approx(3 / 9)
    assert math.isnan(found["connectivity_after"].value)
    assert math.isnan(found["connectivity_loss_share"].value)
    assert found["connectivity_loss_share"].known_share == 0


def test_the_share_of_objects_whose_state_is_stated(land):
    cables = layer(WALL, LineString([(0, 5), (9, 5)]), etat=["projet", None])
    found = ANALYSIS(land, layers={"corridor": two(), "cable": cables}).overall
    assert found["connectivity_loss_share"].known_share == 0.5


def test_a_network_without_any_reservoir_has_no_connectivity(land):
    spaces = network(box(0, 0, 100, 100), kinds=["corridor"])
    found = ANALYSIS(land, layers={"corridor": spaces, "cable": layer(WALL, etat=["projet"])})
    assert all(math.isnan(whole.value) for whole in found.overall.values())
    assert found.values.loc["U", "connectivity_reservoir_ha"] == 0
    assert len(found.tables["connectivity_patches"]) == 0


def test_reservoirs_are_cut_at_the_border(land):
    assert told(land, network(box(-500, 0, 500, 1000)))["before"] == pytest.approx(50**2 / 300**2)
