from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from territoire_sig.errors import MissingFileError, UnreadableLayerError
from territoire_sig.io.containers import find, opened
from territoire_sig.texts import language


def _zip(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return path


def test_a_plain_file_and_a_folder_are_given_as_they_are(tmp_path):
    file = tmp_path / "a.txt"
    file.touch()
    for path in (file, tmp_path):
        with opened(path) as place:
            assert place == path


def test_a_zip_is_extracted_then_removed(tmp_path):
    archive = _zip(tmp_path / "a.zip", dossier__zone_urba=b"abc")
    with opened(archive) as place:
        assert (place / "dossier" / "zone_urba").read_bytes() == b"abc"
    assert not place.exists()
    assert [p.name for p in tmp_path.iterdir()] == ["a.zip"]


def test_a_zip_within_a_zip_is_extracted_too(tmp_path):
    inner = _zip(tmp_path / "in.zip", a=b"1").read_bytes()
    with zipfile.ZipFile(tmp_path / "out.zip", "w") as archive:
        archive.writestr("in.zip", inner)
    with opened(tmp_path / "out.zip") as place:
        assert (place / "in" / "a").read_bytes() == b"1"


def test_a_gzip_loses_its_suffix(tmp_path):
    path = tmp_path / "a.geojson.gz"
    path.write_bytes(gzip.compress(b"{}"))
    with opened(path) as place:
        assert place.name == "a.geojson"
        assert place.read_bytes() == b"{}"


@pytest.mark.parametrize("name", ["../dehors.txt", "/etc/dehors.txt", "a/../../dehors.txt", "C:\\dehors.txt"])
def test_a_path_that_leaves_the_archive_is_refused(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(name, b"x")
    with pytest.raises(UnreadableLayerError, match="un chemin qui en sort"), opened(tmp_path / "a.zip"):
        pass
    assert not (tmp_path.parent / "dehors.txt").exists()


def test_a_damaged_archive_is_refused(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK not a zip")
    with (
        pytest.raises(UnreadableLayerError, match=r"archive illisible.*\n.*téléchargez-la de nouveau"),
        opened(tmp_path / "a.zip"),
    ):
        pass
    (tmp_path / "b.gz").write_bytes(b"no gzip")
    with pytest.raises(UnreadableLayerError, match="fichier gzip illisible"), opened(tmp_path / "b.gz"):
        pass


def test_a_missing_file_suggests_close_names(tmp_path):
    (tmp_path / "ZONE_URBA.shp").touch()
    with (
        pytest.raises(MissingFileError, match=r"n'existe pas\n.*noms proches : ZONE_URBA\.shp"),
        opened(tmp_path / "zone_urbe.shp"),
    ):
        pass
    with (
        language("en"),
        pytest.raises(FileNotFoundError, match=r"does not exist\n.*close names"),
        opened(tmp_path / "zone_urbe.shp"),
    ):
        pass


def test_a_missing_folder_is_told(tmp_path):
    with (
        pytest.raises(MissingFileError, match=r"le dossier «.*rien» n'existe pas non plus"),
        opened(tmp_path / "rien" / "a.shp"),
    ):
        pass


def test_find_ignores_case_depth_siblings_and_mac_leftovers(tmp_path):
    for name in (
        "Zone_Urba.SHP",
        "Zone_Urba.dbf",
        "b/zone_urba.gpkg",
        "b/autre.gpkg",
        "__MACOSX/zone_urba.gpkg",
        "b/._zone_urba.shp",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    found = [p.relative_to(tmp_path).as_posix() for p in find(tmp_path, "^zone_urba$")]
    assert found == ["Zone_Urba.SHP", "b/zone_urba.gpkg"]
    assert find(tmp_path / "b" / "autre.gpkg", "zone_urba") == []
    assert find(tmp_path / "b" / "zone_urba.gpkg", "zone_urba") == [tmp_path / "b" / "zone_urba.gpkg"]


def test_a_dbf_alone_is_found(tmp_path):
    (tmp_path / "seule.dbf").touch()
    assert [p.name for p in find(tmp_path, "seule")] == ["seule.dbf"]


def test_a_file_geodatabase_is_one_file(tmp_path):
    (tmp_path / "base.gdb").mkdir()
    (tmp_path / "base.gdb" / "a.csv").touch()
    assert [p.name for p in find(tmp_path, "")] == ["base.gdb"]
