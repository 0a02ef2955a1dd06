"""Premises eligible by ARCEP's rule, on a handful of buildings."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from shapely import Point

from overlay.drawing import layer
from territoire_sig.errors import InvalidValueError, ParameterError
from territoire_sig.indicators.premises_eligibility import ANALYSIS

COUNT, SHARE, HELD = "premises_eligible_count", "premises_eligible_share", "premises_held_back_count"


def homes(*states, locaux=None, **columns):
    places = [Point(100 + 10 * rank, 500) for rank in range(len(states))]
    return layer(*places, etat=list(states), locaux=locaux or [1.0] * len(states), **columns)


def measure(units, buildings, **parameters):
    return ANALYSIS(units, layers={"immeuble": buildings}, **parameters)


def told(units, buildings, *names, **parameters):
    return measure(units, buildings, **parameters).values.loc["A", list(names)].tolist()


def test_by_hand_without_point_nor_date_the_state_tells(units):
    buildings = homes(
        "deploye", "raccordable_demande", "en_cours", "cible", "inconnu", locaux=[6.0, 2.0, 1.0, 1.0, 30.0]
    )
    assert told(units, buildings, "premises_count", COUNT, SHARE, HELD) == [40, 8, 0.8, 0]
    assert measure(units, buildings).known_share.loc["A", [COUNT, SHARE]].tolist() == [0.8, 0.8]


def test_a_sharing_point_that_is_not_deployed_holds_back(units):
    points = ["deploye", "en_cours", None, "inconnu"]
    buildings = homes(*["deploye"] * 4, pm_etat=points, locaux=[5.0, 3.0, 1.0, 1.0])
    assert told(units, buildings, COUNT, SHARE, HELD) == [5, 0.625, 3]
    assert measure(units, buildings).known_share.loc["A", SHARE] == 0.5
    silent = homes("deploye", pm_etat=[None])
    assert told(units, silent, COUNT) == [1]


def test_the_date_must_have_come(units):
    dates = pd.to_datetime(["2025-01-01", "2025-01-02", None])
    buildings = homes("deploye", "deploye", "deploye", date_commerciale=dates)
    assert told(units, buildings, COUNT, SHARE, HELD, date_eligibilite=20250101) == [1, 0.5, 1]
    assert measure(units, buildings, date_eligibilite=20250101).known_share.loc["A", SHARE] == pytest.approx(2 / 3)
    assert told(units, buildings, COUNT, date_eligibilite=20250102) == [2]
    assert np.isnan(told(units, buildings, SHARE)[0])


@pytest.mark.parametrize("last", ["2027-01-01", None])
def test_nine_deployed_and_one_targeted_are_nine_tenths_or_unknown_without_a_day(units, last):
    """The one that is not deployed must not stand for all, whether or not it bears a date."""
    buildings = homes(*["deploye"] * 9, "cible", date_commerciale=pd.to_datetime(["2024-01-01"] * 9 + [last]))
    names = [COUNT, SHARE, "buildings_eligible_share", HELD]
    found = measure(units, buildings)
    assert found.values.loc["A", names].isna().all()
    assert (found.known_share.loc["A", names] == 0).all()
    assert told(units, buildings, *names, date_eligibilite=20260101) == pytest.approx([9, 0.9, 0.9, 0])


@pytest.mark.parametrize(("dated", "share"), [(3, 0.9), (0, np.nan)])
def test_deployed_buildings_without_a_date_do_not_lean_the_share_to_no(units, dated, share):
    dates = ["2024-01-01"] * dated + [None] * (9 - dated) + ["2024-01-01"]
    buildings = homes(*["deploye"] * 9, "cible", date_commerciale=pd.to_datetime(dates))
    assert told(units, buildings, SHARE, date_eligibilite=20260101) == pytest.approx([share], nan_ok=True)


@pytest.mark.parametrize("day", [20250230, 2025, 20251301])
def test_a_day_out_of_the_calendar_is_refused(units, day):
    buildings = homes("deploye", date_commerciale=pd.to_datetime(["2020-01-01"]))
    with pytest.raises(ParameterError, match=r"«date_eligibilite» vaut .* n'est pas un jour du calendrier"):
        measure(units, buildings, date_eligibilite=day)


def test_rows_written_twice_are_counted_apart(units):
    buildings = homes("deploye", "deploye", "cible", id_immeuble=["I1", "I1", "I2"])
    assert told(units, buildings, COUNT, "premises_count", "premises_repeated_count") == [1, 2, 1]
    found = measure(units, homes("deploye"))
    assert pd.isna(found.values.loc["A", "premises_repeated_count"])


def test_rows_of_one_building_that_disagree_are_refused(units):
    buildings = homes("deploye", "cible", id_immeuble=["I1", "I1"])
    with pytest.raises(InvalidValueError, match=r"«immeuble».*«I1» : etat = deploye ≠ cible"):
        measure(units, buildings)


def test_without_a_number_of_premises_buildings_are_still_counted(units):
    found = measure(units, homes("deploye", "cible", "cible", "inconnu", locaux=[np.nan] * 4))
    assert found.values.loc["A", "buildings_eligible_share"] == pytest.approx(1 / 3)
    assert found.known_share.loc["A", ["buildings_eligible_share", SHARE]].tolist() == [0.75, 0]


def test_the_table_and_the_map_hold_every_building_of_the_units(units):
    found = measure(units, homes("deploye", "cible", "inconnu"))
    table = found.tables["premises_by_state"].set_index("etat")
    assert table["buildings"].sum() == 3
    assert table.loc["inconnu", "unknown"] == 1
    assert found.map["classe"].tolist() == ["eligible", "non_eligible", "inconnu"]
