"""Values as French tables write them: numbers, yes and no, INSEE codes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..errors import InvalidValueError
from ..texts import Text

__all__ = ["refused", "restore_code", "to_boolean", "to_number"]

_SPACES = "  \u2009\u00a0\u202f"
_NUMBER = re.compile(rf"[+-]?(\d+|\d{{1,3}}([{_SPACES}]\d{{3}})+)?([.,]\d*)?([eE][+-]?\d+)?")
_UNKNOWN = {"", "nd", "n.d.", "n.d", "s", "c", "ns", "na", "n/a", "#n/a", "null", "nan", "none"}
_TRUE = {"1", "oui", "o", "vrai", "true", "t", "yes", "y", "x", "1.0"}
_FALSE = {"0", "non", "n", "faux", "false", "f", "no", "0.0"}


def to_number(column: pd.Series, *, dash_is_zero: bool = False) -> pd.Series:
    """Turn French or English numbers into floats.

    Decimal comma or point; thousands set apart by spaces, plain, no-break or narrow; blank, ``n.d.``, ``s``, ``c``
    (INSEE secrecy) and ``NA`` give NaN; a lone dash gives NaN, or 0 where the publisher says so.

    Raises
    ------
    InvalidValueError
        When other texts are found: the message lists the first five and their number. The file and the column
        are for the caller to add.

    Examples
    --------
    >>> to_number(pd.Series(["1 751", "12,5", "n.d.", "-"])).tolist()
    [1751.0, 12.5, nan, nan]
    """
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column.astype("float64")
    values = {value: _number(value, dash_is_zero) for value in column.dropna().unique()}
    wrong = [value for value, number in values.items() if number is None]
    if wrong:
        raise refused(column, wrong, Text("un nombre", "a number"))
    return column.map(values).astype("float64")


def to_boolean(column: pd.Series) -> pd.Series:
    """Turn ``oui``/``non``, ``1``/``0``, ``true``/``false`` into nullable booleans; blank is unknown.

    Raises
    ------
    InvalidValueError
        When other texts are found.

    Examples
    --------
    >>> to_boolean(pd.Series(["Oui", "0", None])).tolist()
    [True, False, <NA>]
    """
    if pd.api.types.is_bool_dtype(column.dtype):
        return column.astype("boolean")
    words = column.map(lambda value: str(value).strip().lower(), na_action="ignore")
    known = dict.fromkeys(_TRUE, True) | dict.fromkeys(_FALSE, False)
    wrong = [word for word in words.dropna().unique() if word not in known and word not in _UNKNOWN | {"-"}]
    if wrong:
        raise refused(words, wrong, Text("oui ou non", "yes or no"))
    return words.map(known).astype("boolean")


def restore_code(column: pd.Series, *, widths: Sequence[int] = (5,)) -> tuple[pd.Series, int]:
    """Give back the leading zero that a spreadsheet took from INSEE codes, and count the codes mended.

    Parameters
    ----------
    widths : sequence of int
        Lengths of a whole code: ``(5,)`` for communes, ``(5, 9)`` for communes or IRIS.

    Returns
    -------
    codes : Series of str
        None where blank. ``2A004`` and ``97101`` stay as they are.
    restored : int

    Examples
    --------
    >>> codes, restored = restore_code(pd.Series([1001, "10040101", "2A004", None]), widths=(5, 9))
    >>> codes.tolist(), restored
    (['01001', '010040101', '2A004', None], 2)
    """
    texts = [_code_text(value) for value in column]
    whole = [text.zfill(len(text) + 1) if _lost_zero(text, widths) else text for text in texts]
    restored = sum(before != after for before, after in zip(texts, whole, strict=True))
    return pd.Series([text or None for text in whole], index=column.index, name=column.name, dtype=object), restored


def refused(column: pd.Series, wrong: Sequence[Any], wanted: Text) -> InvalidValueError:
    """Return the error that lists the first five wrong values of `column`, and their number."""
    shown = ", ".join(f"«{value}»" for value in wrong[:5]) + ("…" if len(wrong) > 5 else "")
    n = max(int(column.isin(wrong).sum()), len(wrong))
    return InvalidValueError(
        Text(
            f"{n} valeur(s) où il faut {wanted.fr} : {shown}",
            f"{n} value(s) where {wanted.en} is needed: {shown}",
        ),
        Text(
            "corrigez ces valeurs, ou videz-les si elles sont inconnues.", "mend these values, or blank unknown ones."
        ),
    )


def _number(value: Any, dash_is_zero: bool) -> float | None:
    """Return the number, NaN for a word that says unknown, None for anything else."""
    if isinstance(value, int | float | np.number):
        return float(value)
    text = str(value).strip().replace("\u2212", "-")
    if text in {"-", "–", "—"}:
        return 0.0 if dash_is_zero else float("nan")
    if text.lower() in _UNKNOWN:
        return float("nan")
    if not _NUMBER.fullmatch(text) or not any(c.isdigit() for c in text.lower().split("e")[0]):
        return None
    return float(re.sub(f"[{_SPACES}]", "", text).replace(",", "."))


def _code_text(value: Any) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value).strip()


def _lost_zero(text: str, widths: Sequence[int]) -> bool:
    return text.isdigit() and len(text) + 1 in widths
