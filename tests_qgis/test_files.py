"""Files that the plugin writes: never over edits of QGIS, whole or not at all, put back where a run fails."""

import shutil
import subprocess
import sys

import pytest
from asked import ZONING, Listener, run
from qgis.core import QgsFeature, QgsGeometry, QgsProcessingException, QgsProject, QgsRectangle, QgsVectorLayer
from territoire_sig_qgis.coherence.inputs import inputs_of_a_run
from territoire_sig_qgis.engine_place import EngineError
from territoire_sig_qgis.files import drafted, put_in_place
from test_layers import memory

from conftest import ROOT, SAMPLE

DEMO = ROOT / "data" / "sample" / "demo" / "diagnostic" / "diagnostic.gpkg"
PPR = str(ROOT / "data" / "sample" / "risques" / "PPRN_99DDT20990001")


@pytest.fixture()
def edited(tmp_path, qgis_new_project):
    """A GeoPackage of results whose findings are being edited in QGIS; its edit is still there at the end."""
    file = tmp_path / "s" / "diagnostic.gpkg"
    file.parent.mkdir()
    shutil.copy(str(DEMO), str(file))
    layer = QgsVectorLayer(f"{file}|layername=constats", "Constats", "ogr")
    QgsProject.instance().addMapLayer(layer)
    layer.startEditing()
    first = next(layer.getFeatures()).id()
    layer.changeAttributeValue(first, layer.fields().indexFromName("titre"), "à moi")
    yield file
    assert layer.isEditable() and layer.getFeature(first)["titre"] == "à moi"
    layer.rollBack()


@pytest.mark.parametrize("name", ["diagnostic", "lire_ppr_covadis", ZONING])
def test_no_algorithm_replaces_a_file_that_is_being_edited(provider, edited, name):
    units = memory("Polygon", ["insee:string"], [((0, 0, 10, 10), "01001")])
    zones = memory("Polygon", ["typezone:string"], [((0, 0, 10, 10), "U")])
    fibre = memory("None", ["code_insee:string", "taux_fibre:double"], [(None, "01001", 0.4)])
    given = {
        "diagnostic": {"TERRITOIRE": str(SAMPLE), "DOSSIER": str(edited.parent)},
        "lire_ppr_covadis": {"DOSSIER": PPR, "GEOPACKAGE": str(edited)},
        ZONING: {"UNITES": units, "CODE": "insee", "ZONAGE": zones, "COUVERTURE_FIXE": fibre},
    }
    given[ZONING]["INDICATEURS"] = str(edited)
    before = edited.read_bytes()
    with pytest.raises(QgsProcessingException, match=r"“Constats” is being edited, .*\nMend: save or discard"):
        run(name, given[name])
    assert edited.read_bytes() == before


def test_no_delivery_replaces_a_file_in_which_another_program_writes(provider, tmp_path):
    file = tmp_path / "ppr.gpkg"
    shutil.copy(str(DEMO), str(file))
    code = (
        "import sqlite3, sys\nbase = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "base.execute('begin immediate')\nprint('held', flush=True)\nsys.stdin.read()\n"
    )
    asked = [sys.executable, "-c", code, str(file)]
    holder = subprocess.Popen(asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "held\n"
    before = file.read_bytes()
    try:
        with pytest.raises(QgsProcessingException, match=r"another program is writing in this file\nMend"):
            run("lire_ppr_covadis", {"DOSSIER": PPR, "GEOPACKAGE": str(file)})
    finally:
        holder.communicate("")
    assert file.read_bytes() == before


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    target = tmp_path / "a.csv"
    target.write_text("avant")
    with pytest.raises(ZeroDivisionError), drafted(target) as draft:
        draft.write_text("la moit")
        1 / 0  # noqa: B018
    assert target.read_text() == "avant" and list(tmp_path.iterdir()) == [target]
    with pytest.raises(EngineError, match=r"Cannot write .*\nMend"):
        put_in_place(target, str(target / "dessous.csv"))


def test_a_map_that_cannot_be_written_is_told_with_the_mend(provider, tmp_path):
    rows = [((x, 0, x + 10, 10), x / 7) for x in range(0, 100, 10)]
    (tmp_path / "fichier").write_text("précieux")
    given = {"UNITES": memory("Polygon", ["taux:double"], rows), "INDICATEUR": "taux"}
    with pytest.raises(QgsProcessingException, match=r"^Cannot write .*s\.qml.*\nMend"):
        run("carte", dict(given, STYLE=str(tmp_path / "fichier" / "s.qml")))
    run("carte", dict(given, STYLE=str(tmp_path / "nouveau" / "s.qml")))
    assert (tmp_path / "nouveau" / "s.qml").is_file()


def test_no_temporary_folder_is_told_with_the_mend(provider, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "absent"))
    with pytest.raises(QgsProcessingException, match=r"^Cannot write .*absent.*\nMend"):
        run("moteur", {})


def test_a_column_keeps_its_decimals_on_its_way_to_the_map(provider, tmp_path):
    units = QgsVectorLayer("Polygon?crs=EPSG:2154&field=taux:double(10,2)", "u", "memory")
    features = []
    for rank in range(10):
        feature = QgsFeature(units.fields())
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(9e5 + rank, 6.5e6, 9e5 + rank + 1, 6.5e6 + 1)))
        features.append(feature)
    units.dataProvider().addFeatures(features)
    units.startEditing()
    for feature in units.getFeatures():
        units.changeAttributeValue(feature.id(), 0, 0.001 * feature.id())
    run("carte", {"UNITES": units, "INDICATEUR": "taux", "STYLE": str(tmp_path / "s.qml")}, Listener())
    rules = [rule.filterExpression() for rule in units.renderer().rootRule().descendants()]
    units.rollBack()
    assert len([text for text in rules if "0.00" in text]) >= 3, rules


def written(folder):
    """Return the content of every file of a folder."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}


def play(folder, *roles, fails=False):
    """Write the inputs that a run of these roles writes."""
    with inputs_of_a_run(folder) as place:
        for name in ("unites.fgb", *roles):
            (place / name).write_text(f"{name} pour {len(roles)}", encoding="utf-8")
        named = "\n".join(f'fichier = "entrees/{name}"' for name in ("unites.fgb", *roles))
        (folder / "territoire.toml").write_text(f"{named}\n", encoding="utf-8")
        if fails:
            raise EngineError("interrompu")


def test_a_run_that_fails_gives_the_former_inputs_back(tmp_path):
    folder = tmp_path / "s"
    with pytest.raises(EngineError, match="interrompu"):
        play(folder, "cable.fgb", fails=True)
    assert not folder.exists()
    play(folder, "cable.fgb", "zonage.gpkg")
    (folder / "entrees" / "notes.txt").write_text("à moi", encoding="utf-8")
    before = written(folder)
    assert len(before) == 5
    with pytest.raises(EngineError, match="interrompu"):
        play(folder, "zonage.fgb", fails=True)
    assert written(folder) == before


def test_a_run_leaves_no_copy_of_a_role_since_emptied(tmp_path):
    play(tmp_path / "s", "cable.fgb", "zonage.gpkg")
    (tmp_path / "s" / "entrees" / "notes.txt").write_text("à moi", encoding="utf-8")
    play(tmp_path / "s", "zonage.fgb")
    names = {"territoire.toml", "entrees/unites.fgb", "entrees/zonage.fgb", "entrees/notes.txt"}
    assert set(written(tmp_path / "s")) == names


def test_inputs_put_aside_by_a_run_that_was_broken_off_come_back(tmp_path):
    play(tmp_path / "s", "cable.fgb")
    before = written(tmp_path / "s")
    shutil.copytree(str(tmp_path / "s"), str(tmp_path / "s" / ".ancien"))
    (tmp_path / "s" / "territoire.toml").write_text("à moitié", encoding="utf-8")
    with pytest.raises(EngineError, match="interrompu"):
        play(tmp_path / "s", fails=True)
    assert written(tmp_path / "s") == before


def test_a_territory_file_written_by_hand_is_not_replaced(tmp_path):
    shutil.copy(str(SAMPLE), str(tmp_path / "territoire.toml"))
    before = written(tmp_path)
    with pytest.raises(
        EngineError, match=r"was not written by a diagnosis of this panel.*\nMend: choose another folder"
    ):
        play(tmp_path, "cable.fgb")
    assert written(tmp_path) == before
