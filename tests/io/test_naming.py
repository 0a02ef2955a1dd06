"""Names given to columns, and errors that say where."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from territoire_sig.errors import InvalidValueError, MissingColumnError
from territoire_sig.io.naming import coalesced, missing_column, numbers, renamed, told_where
from territoire_sig.io.reader import Source
from territoire_sig.texts import Text, language

SOURCE = Source(Path("sites.csv"))


def test_the_best_published_name_is_taken():
    frame = pd.DataFrame({"lon": [1], "longitude": [2], "autre": [3]})
    assert list(renamed(frame, SOURCE, {"x": ("longitude", "lon")}).columns) == ["lon", "x", "autre"]


def test_a_column_already_named_is_left():
    frame = pd.DataFrame({"lon": [1], "x": [2]})
    assert renamed(frame, SOURCE, {"x": ("lon",)})["x"].tolist() == [2]


def test_the_users_column_wins_even_over_the_name_itself():
    frame = pd.DataFrame({"etat": ["a"], "situation": ["b"]})
    source = Source(Path("s.csv"), columns={"etat": " Situation "})
    assert renamed(frame, source, {"etat": ()}).to_dict("list") == {"etat": ["b"]}


def test_a_stated_column_that_is_absent_is_refused():
    source = Source(Path("s.csv"), columns={"etat": "situation"})
    with pytest.raises(MissingColumnError, match=r"s\.csv : colonne «situation» absente ; présentes : a"):
        renamed(pd.DataFrame({"a": [1]}), source, {"etat": ()})


def test_missing_column_lists_what_is_there():
    with language("en"):
        said = str(missing_column(pd.DataFrame({"a": [1], "geometry": [2]}), SOURCE, "x", "lon"))
    assert said.splitlines()[0].endswith("column «x» / «lon» is absent; present: a")


def test_numbers_say_the_file_and_the_column():
    assert numbers(pd.DataFrame({"x": ["1 751", "-"]}), "x", SOURCE, dash_is_zero=True).tolist() == [1751, 0]
    with pytest.raises(InvalidValueError, match=r"sites\.csv : colonne «x» : .*«est»"):
        numbers(pd.DataFrame({"x": ["est"]}), "x", SOURCE)


def test_an_error_that_knows_its_file_keeps_it():
    with pytest.raises(InvalidValueError, match=r"^autre\.csv : faux$"), told_where(SOURCE, "x"):
        raise InvalidValueError(Text("faux", "wrong"), file="autre.csv")


def test_coalesced_without_any_column():
    assert coalesced(pd.DataFrame({"a": [1]}), ("b",)) is None
