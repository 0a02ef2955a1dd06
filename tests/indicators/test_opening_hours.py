"""Hours a week, counted by head from what the web of opening hours really holds."""

import numpy as np
import pandas as pd
import pytest

from territoire_sig.indicators.opening_hours import weekly_hours


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("Mo-Fr 09:00-12:00,13:00-17:00", 35),
        ("Mo-Fr 09:00-12:00, 13:00-17:00; Sa 08:30-12:00", 38.5),
        ("Mo,We 14:00-18:00; PH off", 8),
        ("Mo-Fr 09:00-12:00; We off", 12),
        ("Mo-Fr 09:00-12:00; We 14:00-16:00", 14),
        ("Mo 09:00-12:00, Mo 14:00-16:00", 5),
        ("Mo-We,Fr 10:00-11:00", 4),
        ("Sa-Mo 10:00-12:00", 6),
        ("Fr 22:00-02:00", 4),
        ("09:00-10:00", 7),
        ("24/7", 168),
        ("Mo 09:00-12:00,11:00-13:00", 4),
        ("Mo-Su closed", 0),
        ("Mo 09:00-12:00;", 3),
    ],
)
def test_hours_a_week(text, hours):
    assert weekly_hours(pd.Series([text])).tolist() == [hours]


@pytest.mark.parametrize(
    "text",
    [
        "sur rendez-vous",
        'Mo "le matin"',
        "Jan-Mar Mo 09:00-12:00",
        "Mo 09:00+",
        "Mo 9h-12h",
        "Mo 25:00-26:00",
        "Mo-Fr 00:00-00:00",
        "",
    ],
)
def test_what_is_not_understood_is_unknown(text):
    assert weekly_hours(pd.Series([text])).isna().all()


def test_the_index_is_kept_and_none_is_unknown():
    found = weekly_hours(pd.Series(["24/7", None], index=["a", "b"]))
    assert found["a"] == 168
    assert np.isnan(found["b"])
    assert len(weekly_hours(pd.Series([], dtype=object))) == 0
