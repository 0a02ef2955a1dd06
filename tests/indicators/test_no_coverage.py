"""A polygon whose technology is «AUCUNE» covers nothing, in all the analyses that ask for any coverage."""

from __future__ import annotations

import pytest
from shapely import LineString, Point, box

from overlay.drawing import layer
from territoire_sig.indicators import declared

LAYERS = {
    "arret": layer(Point(200, 500), Point(800, 500), stop_id=["a", "b"]),
    "alea": layer(box(0, 0, 1000, 1000), niveau=["fort"], typealea=["11"]),
    "population": layer(box(0, 0, 1000, 1000), habitants=[100.0]),
    "site_mobile": layer(Point(500, 500)),
    "stationnement_velo": layer(Point(210, 500), Point(810, 500)),
    "couverture_percue": layer(Point(200, 500), Point(800, 500), couvert=[False, False]),
    "troncon_tc": layer(
        LineString([(200, 500), (800, 500)]),
        LineString([(800, 500), (200, 500)]),
        arret_depart=["a", "b"],
        arret_arrivee=["b", "a"],
        ligne=["1", "1"],
        duree_min=[5.0, 5.0],
        intervalle_min=[10.0, 10.0],
        departs_jour=[10, 10],
    ),
}
CASES = {
    "mobility_mobile_coverage": ("stop_uncovered_share", 0.5),
    "hazard_population_alert": ("hazard_unreached_share", 0.5),
    "hazard_alert_resilience": ("alert_reached_inhabitants", 50),
    "multimodal_hubs": ("hub_uncovered_share", 0.5),
    "transit_mobile_exposure": ("departure_uncovered_share", 0.5),
    "perceived_mobile_coverage": ("perceived_dead_covered_share", 0.5),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("word", ["AUCUNE", "aucune"])
def test_what_names_no_technology_covers_nothing(units, name, word):
    """4G over the western half; «none» over the eastern one."""
    cover = layer(box(0, 0, 500, 1000), box(500, 0, 1000, 1000), techno=["4G", word])
    output, expected = CASES[name]
    analysis = declared()[name]
    roles = {need.role for need in analysis.inputs}
    given = {role: one for role, one in LAYERS.items() if role in roles} | {"couverture_mobile": cover}
    assert analysis(units, layers=given).values.loc["A", output] == pytest.approx(expected)
