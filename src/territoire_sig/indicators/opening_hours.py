"""Opening hours: how many hours a week a place is open, from the OpenStreetMap form in common use."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["weekly_hours"]

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY = "(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_LIST = rf"{_DAY}(?:\s*-\s*{_DAY})?(?:\s*,\s*{_DAY}(?:\s*-\s*{_DAY})?)*"
_SPAN = r"\d{1,2}:\d\d\s*-\s*\d{1,2}:\d\d"
_RULE = re.compile(rf"(?:(?P<days>{_LIST})\s*:?\s+)?(?:(?P<spans>{_SPAN}(?:\s*,\s*{_SPAN})*)|(?P<off>off|closed))")
#: Public holidays are no week day; a comma before a day begins another rule.
_HOLIDAY = re.compile(r"(?:PH|SH)(?:\s*,\s*(?:PH|SH))*\s+(?:off|closed)")
_NEXT = re.compile(rf"(?<=\d)\s*,\s*(?={_DAY})")
MINUTES_A_DAY = 24 * 60


def weekly_hours(texts: pd.Series[Any]) -> pd.Series[float]:
    """Return the hours a week that each text means.

    Parameters
    ----------
    texts : Series of str
        ``"Mo-Fr 09:00-12:00,13:00-17:00; Sa 09:00-12:00"``, ``"24/7"``, ``"Mo,We 14:00-18:00; PH off"``. A later
        rule replaces an earlier one for its days, as in OpenStreetMap; after a comma, it adds to it.

    Returns
    -------
    Series of float
        Indexed like `texts`, from 0 to 168; NaN where there is none, or where it says something else (months, weeks
        of the year, comments, by appointment): it is unknown.

    References
    ----------
    OpenStreetMap, Key:opening_hours/specification.

    Examples
    --------
    >>> weekly_hours(pd.Series(["Mo-Fr 09:00-12:00,13:00-17:00; Fr off", "24/7", "sur rendez-vous"])).tolist()
    [28.0, 168.0, nan]
    """
    told = texts.astype("string")
    found = told.map(lambda text: _hours(str(text)), na_action="ignore")
    return pd.Series(found.to_numpy(dtype=float, na_value=np.nan), index=texts.index, name="weekly_hours")


@lru_cache(maxsize=4096)
def _hours(text: str) -> float:
    """Return the hours a week of one text, NaN where it is not understood."""
    bare = " ".join(text.split()).rstrip("; ")
    if bare == "24/7":
        return 7 * 24.0
    week: dict[str, list[tuple[int, int]]] = {}
    for part in filter(None, (one.strip() for one in bare.split(";"))):
        if _HOLIDAY.fullmatch(part):
            continue
        added: dict[str, list[tuple[int, int]]] = {}
        for rule in _NEXT.split(part):
            found = _RULE.fullmatch(rule.strip())
            spans = None if found is None else _spans(found["spans"])
            if found is None or spans is None:
                return np.nan
            for day in _days(found["days"]):
                added[day] = [*added.get(day, []), *spans]
        week |= added
    return sum(_minutes(spans) for spans in week.values()) / 60 if week else np.nan


def _days(text: str | None) -> list[str]:
    """Return the days of a list, all of them where none is named; a span may pass Sunday."""
    if text is None:
        return list(DAYS)
    named: list[str] = []
    for part in text.split(","):
        first, _, last = (one.strip() for one in part.partition("-"))
        start = DAYS.index(first)
        count = (DAYS.index(last) - start) % 7 + 1 if last else 1
        named += [DAYS[(start + step) % 7] for step in range(count)]
    return named


def _spans(text: str | None) -> list[tuple[int, int]] | None:
    """Return spans in minutes, past midnight to the next day; None where an hour is not one, or no time passes."""
    spans = []
    for part in text.split(",") if text else []:
        begin, end = (_clock(one) for one in part.split("-"))
        if begin is None or end is None or begin == end:
            return None
        spans.append((begin, end if end > begin else end + MINUTES_A_DAY))
    return spans


def _clock(text: str) -> int | None:
    hours, minutes = map(int, text.split(":"))
    return 60 * hours + minutes if hours <= 24 and minutes < 60 else None


def _minutes(spans: list[tuple[int, int]]) -> int:
    """Return the minutes of spans, those that overlap counted once."""
    total, reached = 0, 0
    for begin, end in sorted(spans):
        total += max(0, end - max(begin, reached))
        reached = max(reached, end)
    return total
