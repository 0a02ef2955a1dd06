"""Give the columns of a file the names of their role, and turn their texts into numbers, with errors that say where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pandas as pd

from ..errors import InvalidValueError, MissingColumnError
from ..texts import Text
from .reader import Source
from .tables import to_number

__all__ = ["coalesced", "first_present", "missing_column", "numbers", "renamed", "told_where"]


def first_present(frame: pd.DataFrame, names: Sequence[str]) -> str | None:
    """Return the first of `names` that is a column of `frame`.

    Examples
    --------
    >>> first_present(pd.DataFrame({"x": [1], "lon": [2]}), ("longitude", "lon"))
    'lon'
    """
    return next((name for name in names if name in frame.columns), None)


def renamed(frame: Any, source: Source, names: Mapping[str, Sequence[str]]) -> Any:
    """Return `frame` with, for each name of the role, the column that holds it renamed.

    Parameters
    ----------
    frame : DataFrame or GeoDataFrame
        Columns in lower case.
    source : Source
        Its ``columns`` (stated by the user) win over `names`.
    names : mapping of str to sequence of str
        Name in the role → names in published files, the best first. A column already so named is left alone.

    Raises
    ------
    MissingColumnError
        When the user states a column that the file does not have.
    """
    changes: dict[str, str] = {}
    for name, published in names.items():
        stated = source.columns.get(name)
        if stated is not None and stated.strip().lower() not in frame.columns:
            raise missing_column(frame, source, stated)
        wanted = (stated.strip().lower(),) if stated is not None else (name, *published)
        found = first_present(frame, wanted)
        if found is not None and found != name:
            changes[found] = name
    return frame.drop(columns=[name for name in changes.values() if name in frame.columns]).rename(columns=changes)


def missing_column(frame: pd.DataFrame, source: Source, *names: str) -> MissingColumnError:
    """Return the error that says which columns are wanted (any of `names`) and which are there."""
    wanted = " / ".join(f"«{name}»" for name in names)
    there = ", ".join(str(name) for name in frame.columns[:30] if name != "geometry")
    return MissingColumnError(
        Text(f"colonne {wanted} absente ; présentes : {there}", f"column {wanted} is absent; present: {there}"),
        Text(
            "vérifiez le format, ou nommez la colonne dans `colonnes` du fichier de territoire.",
            "check the format, or name the column in `colonnes` of the territory file.",
        ),
        file=source.path,
    )


@contextmanager
def told_where(source: Source, column: str | None = None) -> Iterator[None]:
    """Add the file, and the column where it is given, to the errors of a block that does not know them.

    Raises
    ------
    InvalidValueError, MissingColumnError
        Those of the block, with their place.
    """
    head = (
        Text(f"colonne «{column}» : $problem", f"column «{column}»: $problem")
        if column
        else Text("$problem", "$problem")
    )
    try:
        yield
    except (InvalidValueError, MissingColumnError) as error:
        if error.file is not None:
            raise
        problem = head.fill(problem=error.problem)
        raise type(error)(problem, error.mend, file=source.path, layer=error.layer or source.layer) from error


def numbers(frame: pd.DataFrame, column: str, source: Source, *, dash_is_zero: bool = False) -> pd.Series[Any]:
    """Return `column` as floats.

    Raises
    ------
    InvalidValueError
        When a text is not a number; the message names the file and the column.
    """
    with told_where(source, column):
        return to_number(frame[column], dash_is_zero=dash_is_zero)


def coalesced(frame: pd.DataFrame, names: Sequence[str]) -> pd.Series[Any] | None:
    """Return the first known value of each row among the columns `names`; None when there is no such column.

    Examples
    --------
    >>> coalesced(pd.DataFrame({"a": [None, "x"], "b": ["y", "z"]}), ("a", "b")).tolist()
    ['y', 'x']
    """
    there = [frame[name] for name in names if name in frame.columns]
    if not there:
        return None
    values = there[0]
    for other in there[1:]:
        values = values.where(values.notna(), other)
    return values
