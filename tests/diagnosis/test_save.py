import errno
import json
import signal
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

import territoire_sig as ts
from diagnosis.drawn import TOML, write_territory
from territoire_sig.diagnosis import save
from territoire_sig.diagnosis.save import TABLES
from territoire_sig.errors import ChecksumError, MissingFileError, UnreadableLayerError
from territoire_sig.texts import language

MEMBERS = 'epci = { siren = "200000001", membres = "membres.csv" }'
ALL = {
    "diagnostic.gpkg",
    "constats.csv",
    "indicateurs.csv",
    "indicateurs_territoire.csv",
    "matrice.csv",
    "registre.csv",
    "rapport.html",
    "execution.json",
}


@pytest.fixture(scope="module")
def diagnosis(tmp_path_factory):
    return ts.diagnose(ts.read_territory(write_territory(tmp_path_factory.mktemp("donnees"))))


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sauve")
    diagnosis = ts.diagnose(ts.read_territory(write_territory(folder / "donnees")))
    return diagnosis.save(folder / "sortie")


def test_every_output_is_there(saved):
    assert {path.name for path in saved.iterdir()} - {"tables"} == ALL
    assert not list(saved.parent.glob(".*partiel"))


def test_geopackage_holds_units_findings_and_maps(saved):
    units = gpd.read_file(saved / "diagnostic.gpkg", layer="unites")
    findings = gpd.read_file(saved / "diagnostic.gpkg", layer="constats")
    assert len(units) == 2 and "auc_area_ha" in units.columns
    assert len(findings) == len(pd.read_csv(saved / "constats.csv")) == 3
    assert units.crs.to_epsg() == 2154


def test_replay_gives_the_same_bytes(saved, tmp_path):
    replayed = ts.replay(saved / "execution.json", tmp_path / "rejeu")
    assert replayed.different == ()
    for name in TABLES:
        assert (tmp_path / "rejeu" / name).read_bytes() == (saved / name).read_bytes()


@pytest.mark.slow
def test_replay_keeps_the_language_of_the_run(tmp_path):
    territory = ts.read_territory(write_territory(tmp_path / "d"))
    with language("en"):
        ts.diagnose(territory, only=["arret_hors_couverture"]).save(tmp_path / "s")
    assert ts.replay(tmp_path / "s" / "execution.json", tmp_path / "r").different == ()
    assert "stop(s)" in (tmp_path / "r" / "constats.csv").read_text(encoding="utf-8")


def test_replay_sees_a_table_that_was_changed(tmp_path):
    folder = ts.diagnose(ts.read_territory(write_territory(tmp_path / "d"))).save(tmp_path / "s")
    record = json.loads((folder / "execution.json").read_text(encoding="utf-8"))
    record["sorties"]["matrice.csv"] = "0" * 64
    (folder / "execution.json").write_text(json.dumps(record), encoding="utf-8")
    assert ts.replay(folder / "execution.json", tmp_path / "r").different == ("matrice.csv",)


def test_replay_refuses_an_input_that_changed(tmp_path):
    path = write_territory(tmp_path / "d")
    folder = ts.diagnose(ts.read_territory(path)).save(tmp_path / "s")
    (tmp_path / "d" / "fibre.csv").write_text("code_insee;taux_fibre\n01001;0,9\n01002;1\n")
    with pytest.raises(ChecksumError, match=r"fibre\.csv : ce fichier a changé"):
        ts.replay(folder / "execution.json", tmp_path / "r")
    assert not (tmp_path / "r").exists()


@pytest.mark.slow
def test_both_folders_may_move_together(tmp_path):
    ts.diagnose(ts.read_territory(write_territory(tmp_path / "a" / "d"))).save(tmp_path / "a" / "s")
    (tmp_path / "a").rename(tmp_path / "b")
    assert ts.replay(tmp_path / "b" / "s" / "execution.json", tmp_path / "r").different == ()


@pytest.mark.parametrize(("content", "said"), [("{}", "pas une exécution"), ("pas du json", "pas une exécution")])
def test_wrong_record(tmp_path, content, said):
    (tmp_path / "execution.json").write_text(content)
    with pytest.raises(UnreadableLayerError, match=said):
        ts.replay(tmp_path / "execution.json", tmp_path / "r")


def test_missing_record(tmp_path):
    with pytest.raises(MissingFileError, match="n'existe pas"):
        ts.replay(tmp_path / "execution.json", tmp_path / "r")


def test_failure_while_writing_leaves_the_former_outputs_whole(diagnosis, tmp_path, monkeypatch):
    folder = diagnosis.save(tmp_path / "s")
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}

    def interrupted(results):
        raise KeyboardInterrupt

    monkeypatch.setattr(save, "html_report", interrupted)
    with pytest.raises(KeyboardInterrupt):
        diagnosis.save(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
    assert not list(tmp_path.glob(".*partiel"))


def test_other_files_of_the_folder_are_left_alone(diagnosis, tmp_path):
    write_territory(tmp_path)
    diagnosis.save(tmp_path)
    assert (tmp_path / "territoire.toml").is_file() and (tmp_path / "rapport.html").is_file()


def test_folder_that_is_a_file(diagnosis, tmp_path):
    (tmp_path / "s").write_text("un fichier")
    with pytest.raises(UnreadableLayerError, match="est un fichier, et il faut un dossier"):
        diagnosis.save(tmp_path / "s")
    assert (tmp_path / "s").read_text() == "un fichier"


def test_files_that_cannot_be_replaced_leave_the_former_run_whole(diagnosis, tmp_path, monkeypatch):
    folder = diagnosis.save(tmp_path / "s")
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    replaced = Path.replace

    def held(self, target):
        if Path(target) == folder / "matrice.csv" and ".ancien" not in str(self):
            raise OSError(errno.EACCES, "Permission denied")
        return replaced(self, target)

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(UnreadableLayerError, match="droit d'écriture refusé"):
        diagnosis.save(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
    assert not list(tmp_path.glob(".*partiel"))


def test_ctrl_c_while_files_are_put_in_place_waits_for_the_last(diagnosis, tmp_path, monkeypatch):
    (tmp_path / "s").mkdir()
    replaced = Path.replace

    def interrupted(self, target):
        if Path(target).parent == tmp_path / "s":
            signal.raise_signal(signal.SIGINT)
        return replaced(self, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        diagnosis.save(tmp_path / "s")
    assert {path.name for path in (tmp_path / "s").iterdir()} - {"tables"} == ALL


def test_companion_files_are_inputs_too(tmp_path):
    toml = TOML.replace('niveau = "commune"', f'niveau = "commune"\n{MEMBERS}')
    path = write_territory(tmp_path / "d", toml=toml)
    (tmp_path / "d" / "membres.csv").write_text("siren;insee\n200000001;01001\n200000001;01002\n")
    folder = ts.diagnose(ts.read_territory(path)).save(tmp_path / "s")
    units = json.loads((folder / "execution.json").read_text(encoding="utf-8"))["entrees"][0]
    assert [item["fichier"] for item in units["annexes"]] == ["membres.csv"]
    (tmp_path / "d" / "membres.csv").write_text("siren;insee\n200000001;01002\n200000001;01001\n")
    with pytest.raises(ChecksumError, match=r"membres\.csv : ce fichier a changé"):
        ts.replay(folder / "execution.json", tmp_path / "r")


def test_record_is_documented_key_by_key(saved):
    record = json.loads((saved / "execution.json").read_text(encoding="utf-8"))
    page = (Path(__file__).resolve().parents[2] / "docs" / "formats" / "execution.md").read_text(encoding="utf-8")
    keys = [*record, *record["territoire"], *record["entrees"][1], *record["entrees"][1]["role_entier"]]
    assert [key for key in keys if page.count(f"`{key}`") < 2] == []
