"""Levels, regulations and several hazards, on tables of three rows."""

from __future__ import annotations

import pandas as pd
import pytest

from territoire_sig.io.ppr import national_hazard_type, with_levels, with_many_hazards, with_regulation
from territoire_sig.model.roles.risk import HAZARD_LEVELS, REGULATIONS, TRI_SCENARIOS
from territoire_sig.model.roles.risk_codes import (
    COVADIS_REGULATION_CODES,
    HAZARD_LEVEL_CODES,
    HAZARD_LEVEL_LETTERS,
    LAND_REGULATION_CODES,
    TRI_SCENARIO_CODES,
    URBAN_REGULATION_CODES,
)


def test_every_code_leads_to_a_word_of_its_list() -> None:
    assert set(HAZARD_LEVEL_CODES.values()) == set(HAZARD_LEVELS)
    assert set(HAZARD_LEVEL_LETTERS.values()) <= set(HAZARD_LEVEL_CODES)
    regulations = [COVADIS_REGULATION_CODES, URBAN_REGULATION_CODES, LAND_REGULATION_CODES]
    assert {word for codes in regulations for word in codes.values()} == set(REGULATIONS) - {"indetermine"}
    assert set(TRI_SCENARIO_CODES.values()) == set(TRI_SCENARIOS)


@pytest.mark.parametrize(("old", "new"), [("1710000", "171"), ("3400000", "34"), ("34", "34"), ("110", "110")])
def test_only_seven_digits_lose_their_zeros(old: str, new: str) -> None:
    assert national_hazard_type(old) == new


def test_an_absent_column_is_undetermined_for_all() -> None:
    zones, remarks = with_levels(pd.DataFrame({"typealea": ["112", "112"]}))
    assert zones["niveau"].tolist() == ["indetermine"] * 2
    assert remarks[0].count == 2
    zones, remarks = with_regulation(pd.DataFrame({"codezone": ["R"]}), COVADIS_REGULATION_CODES)
    assert (zones["reglement"].tolist(), remarks[0].count) == (["indetermine"], 1)


def multi(rows: list[tuple[str, str, str | None]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["idzone", "typealea", "niveaualea"], dtype=object)


def zone(level: str | None) -> pd.DataFrame:
    return with_levels(pd.DataFrame({"idzone": ["1"], "typealea": ["999"], "niveaualea": [level]}, dtype=object))[0]


@pytest.mark.parametrize(
    ("own", "table", "word"),
    [
        ("01", ["06", "02"], "tres_fort"),
        ("06", ["01"], "tres_fort"),
        (None, ["02"], "moyen"),
        (None, ["99"], "indetermine"),
    ],
)
def test_the_highest_level_said_of_a_zone_is_taken(own: str | None, table: list[str], word: str) -> None:
    resolved, _ = with_many_hazards(zone(own), multi([("1", "112", level) for level in table]))
    assert resolved["niveau"].tolist() == [word]


def test_zones_given_are_not_changed() -> None:
    zones = zone("01")
    before = zones.copy()
    with_many_hazards(zones, multi([("1", "112", "04")]))
    pd.testing.assert_frame_equal(zones, before)


def test_a_plan_without_several_hazards_is_left_as_it_is() -> None:
    zones = with_levels(pd.DataFrame({"idzone": ["1"], "typealea": ["112"], "niveaualea": ["01"]}))[0]
    same, remarks = with_many_hazards(zones, multi([("1", "123", "06")]))
    assert same is zones
    assert not remarks
