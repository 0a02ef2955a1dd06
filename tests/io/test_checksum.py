from __future__ import annotations

import hashlib

import pytest

from territoire_sig.errors import MissingFileError
from territoire_sig.io.checksum import sha256


def test_of_a_file(written):
    assert sha256(written("a.csv", b"abc")) == hashlib.sha256(b"abc").hexdigest()


def test_of_a_folder_changes_with_a_name_and_a_content(tmp_path):
    (tmp_path / "a").write_text("1")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c").write_text("2")
    first = sha256(tmp_path)
    assert first == sha256(tmp_path)
    (tmp_path / "b" / "c").write_text("3")
    second = sha256(tmp_path)
    (tmp_path / "a").rename(tmp_path / "d")
    assert len({first, second, sha256(tmp_path)}) == 3


def test_of_a_shapefile_counts_its_siblings_and_not_its_indexes(tmp_path, squares):
    squares.to_file(tmp_path / "a.shp")
    first = sha256(tmp_path / "a.shp")
    (tmp_path / "a.qix").write_text("index")
    (tmp_path / "ab.dbf").write_text("another layer")
    assert sha256(tmp_path / "a.shp") == first
    (tmp_path / "a.prj").write_text("")
    assert sha256(tmp_path / "a.shp") != first


def test_of_nothing(tmp_path):
    with pytest.raises(MissingFileError, match="le fichier n'existe pas"):
        sha256(tmp_path / "rien")
