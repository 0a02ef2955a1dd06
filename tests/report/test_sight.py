"""Colours of every map, as readers of each sight see them."""

from itertools import pairwise

import pytest

from territoire_sig.indicators import declared
from territoire_sig.model.roles import ROLES
from territoire_sig.report.palette import BIVARIATE, CLASS_COLOURS, FINDING_CLASSES, INDICATOR_RAMP, second_signs
from territoire_sig.report.qml_symbols import SECOND_SIGNS
from territoire_sig.report.sight import SIGHTS, TOLD_APART, distance, nearest_pair

WITH_MAP = [item for item in declared().values() if item.map_classes]


def on_paper(colour, opacity):
    """Return a colour laid on white with the opacity of the style."""
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(opacity * part + (1 - opacity) * 255):02x}" for part in parts)


def test_greys_are_seen_alike_by_all_and_red_and_green_are_not():
    for sight in SIGHTS:
        assert distance("#404040", "#c0c0c0", sight) == pytest.approx(distance("#404040", "#c0c0c0"), abs=0.1)
    assert distance("#e41a1c", "#4daf4a") > 100
    assert distance("#e41a1c", "#4daf4a", "deuteranopia") < 45
    # Blue and yellow stay far apart for those who confuse red and green.
    assert min(distance("#0072b2", "#f0e442", sight) for sight in SIGHTS) > 80


@pytest.mark.parametrize(
    ("colours", "opacity"),
    [
        ([item.colour for item in FINDING_CLASSES], 1.0),
        (CLASS_COLOURS, 0.75),
        (INDICATOR_RAMP, 0.8),
        ([colour for row in BIVARIATE for colour in row], 1.0),
    ],
    ids=["findings", "classes", "ramp", "bivariate"],
)
def test_palettes_are_told_apart_by_every_sight(colours, opacity):
    found = nearest_pair([on_paper(colour, opacity) for colour in colours])
    assert found[0] >= TOLD_APART, found


def test_a_ramp_goes_from_light_to_dark_for_every_sight():
    for sight in SIGHTS:
        steps = [distance(colour, "#ffffff", sight) for colour in INDICATOR_RAMP]
        assert all(lighter < darker for lighter, darker in pairwise(steps))


@pytest.mark.parametrize("analysis", WITH_MAP, ids=lambda item: item.id)
def test_classes_of_an_analysis_differ_by_colour_or_by_a_second_sign(analysis):
    colours = [colour for _, colour in analysis.map_classes.values()]
    ranks = second_signs(colours)
    assert max(ranks) < min(map(len, SECOND_SIGNS.values()))
    for rank in set(ranks):
        assert nearest_pair([colour for colour, at in zip(colours, ranks, strict=True) if at == rank])[0] >= TOLD_APART


def test_every_code_list_of_a_role_has_signs_enough():
    longest = max(len(column.values) for role in ROLES.values() for column in role.columns)
    assert longest <= len(CLASS_COLOURS) * min(map(len, SECOND_SIGNS.values()))
