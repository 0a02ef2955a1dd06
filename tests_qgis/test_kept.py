"""Decisions kept beside a diagnosis: a table that people open, save again, hold or spoil; none is lost."""

import csv
import shutil

import pytest
from qgis.core import QgsProject, QgsVectorLayer
from territoire_sig_qgis.coherence import decisions
from territoire_sig_qgis.coherence.answers import TO_SETTLE, open_answers
from territoire_sig_qgis.coherence.decisions import recall, save_decisions
from territoire_sig_qgis.coherence.kept import read_kept
from territoire_sig_qgis.coherence.register import export_register
from territoire_sig_qgis.engine_place import EngineError

from conftest import ROOT


@pytest.fixture()
def diagnosis(tmp_path, qgis_new_project):
    """A copy of the diagnosis of the demo project."""
    shutil.copytree(str(ROOT / "data" / "sample" / "demo" / "diagnostic"), str(tmp_path / "diagnostic"))
    return tmp_path / "diagnostic" / "diagnostic.gpkg"


def settle(answers, rank, note="vu en comité"):
    """Settle one finding, and save."""
    finding = answers.findings[rank]
    finding.decision, finding.note = "arbitré", note
    save_decisions(answers, [finding])
    return finding


def saved(diagnosis):
    """Return the decisions that the GeoPackage holds."""
    return [(item.key, item.note) for item in open_answers(diagnosis).findings if item.decision != TO_SETTLE]


@pytest.mark.parametrize(("encoding", "separator"), [("cp1252", ";"), ("utf-8-sig", ";"), ("utf-8", ",")])
def test_a_table_that_a_spreadsheet_saved_again_keeps_every_decision(diagnosis, encoding, separator):
    answers = open_answers(diagnosis)
    first = settle(answers, 0, "l'abri est déplacé ; vu")
    side = diagnosis.with_name(decisions.SIDE)
    rows = [*csv.reader(side.open(encoding="utf-8", newline="")), ["regle_disparue", "99101", "x", "écarté", "garder"]]
    with side.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)
    second = settle(answers, 1)
    assert {first.key, second.key, ("regle_disparue", "99101", "x")} == set(read_kept(side))
    assert read_kept(side)[first.key] == ("arbitré", "l'abri est déplacé ; vu")


@pytest.mark.parametrize(
    "content",
    [
        b"regle,code_unite,objet,note\r\na,b,c,d\r\n",
        "regle,code_unite,objet,arbitrage,note\na,b,c,arbitré,\x81\n".encode("latin-1"),
        b"regle,code_unite,objet,arbitrage,note\na,b,c,peut-\xeatre,d\n",
        b'regle,code_unite,objet,arbitrage,note\na,b,c,"arbitr',
    ],
)
def test_a_table_that_cannot_be_read_is_told_and_nothing_changes(diagnosis, content):
    answers = open_answers(diagnosis)
    side = diagnosis.with_name(decisions.SIDE)
    side.write_bytes(content)
    for attempt in (lambda: settle(answers, 0), lambda: recall(answers)):
        with pytest.raises(EngineError, match=r"arbitrages\.csv cannot be read: .*\nMend: save it as CSV in UTF-8"):
            attempt()
    assert side.read_bytes() == content and not saved(diagnosis)


def test_a_table_that_cannot_be_written_leaves_the_geopackage_as_it_was(diagnosis, monkeypatch):
    answers = open_answers(diagnosis)
    settle(answers, 0)
    side, before = diagnosis.with_name(decisions.SIDE), saved(diagnosis)
    kept = side.read_bytes()

    def held(draft, target):
        raise PermissionError(13, "Permission denied", str(target))

    monkeypatch.setattr("pathlib.Path.replace", held)  # as Windows does where a spreadsheet holds the file
    with pytest.raises(EngineError, match=r"Cannot write .*arbitrages\.csv.*\nMend: free some room, close the program"):
        settle(answers, 1)
    assert saved(diagnosis) == before and side.read_bytes() == kept
    assert not list(diagnosis.parent.glob(".*"))


def test_a_geopackage_that_refuses_leaves_the_table_as_it_was(diagnosis, monkeypatch):
    answers = open_answers(diagnosis)
    settle(answers, 0)
    side = diagnosis.with_name(decisions.SIDE)
    kept = side.read_bytes()
    monkeypatch.setattr(QgsVectorLayer, "commitChanges", lambda layer: False)
    with pytest.raises(EngineError, match="The decision was not saved"):
        settle(answers, 1)
    assert side.read_bytes() == kept


def test_the_map_follows_a_decision_however_the_project_writes_the_path(diagnosis):
    layer = QgsVectorLayer(f"{diagnosis.parent}/./{diagnosis.name}|layername=constats", "Constats", "ogr")
    QgsProject.instance().addMapLayer(layer)
    told = []
    layer.attributeValueChanged.connect(lambda *change: told.append(change[2]))
    settle(open_answers(diagnosis), 0)
    assert told == ["arbitré", "vu en comité"]


def test_a_register_that_a_spreadsheet_spoiled_is_told(diagnosis, tmp_path):
    answers = open_answers(diagnosis)
    source = diagnosis.with_name("registre.csv")
    text = source.read_text(encoding="utf-8")
    source.write_bytes(text.encode("cp1252", "replace"))
    with pytest.raises(EngineError, match=r"was not exported: .*registre\.csv.*\nMend: run the diagnosis again"):
        export_register(answers, tmp_path / "r.csv")
