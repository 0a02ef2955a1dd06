"""The algorithms of a whole territory, the test of the engine, and layers once loaded."""

import gc
import json
from inspect import signature

import processing
import pytest
from asked import BY_ID, DECLARED, ZONING, Listener, parameters, run
from processing.gui.Postprocessing import handleAlgorithmResults
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsVectorLayer,
)
from territoire_sig_qgis import catalogue
from territoire_sig_qgis.coherence.facts import ANSWER, MEASURED
from territoire_sig_qgis.engine import PROTOCOL

from conftest import SAMPLE


def test_verifier_finds_no_fault_in_the_sample(provider):
    listener = Listener()
    results = run("verifier", {"TERRITOIRE": str(SAMPLE), "FAUTES": "TEMPORARY_OUTPUT"}, listener)
    assert results["NB_FAUTES"] == results["FAUTES"].featureCount() == 0
    assert results["NB_COUCHES"] > 20
    assert any(info.startswith("zonage: ") for info in listener.infos)


def test_verifier_gives_the_faults_as_a_table(provider, tmp_path):
    path = tmp_path / "territoire.toml"
    path.write_text('[territoire]\nnom = "x"\n[unites]\nfichier = "absent.gpkg"\ncode = "c"\n', encoding="utf-8")
    results = run("verifier", {"TERRITOIRE": str(path), "FAUTES": "TEMPORARY_OUTPUT"})
    (fault,) = results["FAUTES"].getFeatures()
    assert results["NB_FAUTES"] == 1
    assert fault["fichier"] == "absent.gpkg"
    assert fault["probleme"] == "units file not found"


def test_diagnostic_writes_and_hands_its_layers_to_the_project(provider, tmp_path, qgis_new_project):
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    given = {"TERRITOIRE": str(SAMPLE), "DOSSIER": str(tmp_path / "s")}
    results = processing.run("territoire_sig:diagnostic", given, context=context, feedback=Listener())
    assert (tmp_path / "s" / "rapport.html").is_file()
    expected = json.loads((tmp_path / "s" / "execution.json").read_text(encoding="utf-8"))
    assert "execution.json" not in expected["sorties"] and "constats.csv" in expected["sorties"]
    conflicts = QgsVectorLayer(results["GEOPACKAGE"] + "|layername=constats", "constats", "ogr")
    conflicts.setSubsetString('"score" < 0')
    assert results["NB_CONFLITS"] == conflicts.featureCount() > 0
    handed = context.temporaryLayerStore().mapLayers().values()
    assert handed and all(layer.customProperty(ANSWER) for layer in handed)
    titles = {details.name for details in context.layersToLoadOnCompletion().values()}
    assert any(title.startswith("Findings") for title in titles)
    assert len(titles) > 8


def test_diagnostic_of_one_rule_or_analysis(provider, tmp_path):
    given = {"TERRITOIRE": str(SAMPLE), "DOSSIER": str(tmp_path / "s"), "SEULEMENT": ZONING, "CHARGER": False}
    results = run("diagnostic", given)
    assert results["NB_CONFLITS"] == 0
    with pytest.raises(QgsProcessingException, match="no rule nor analysis is called «danse»"):
        run("diagnostic", dict(given, SEULEMENT="danse"))


def test_an_output_that_is_a_file_is_refused_and_left(provider, tmp_path):
    target = tmp_path / "s"
    target.write_text("précieux")
    with pytest.raises(QgsProcessingException, match="a file, not a folder"):
        run("diagnostic", {"TERRITOIRE": str(SAMPLE), "DOSSIER": str(target)})
    assert target.read_text() == "précieux"


def test_moteur_gives_versions_and_refreshes_the_declarations(provider, tmp_path, monkeypatch):
    monkeypatch.setattr(catalogue, "cached_path", lambda: tmp_path / "p" / "declarations.json")
    listener = Listener()
    results = run("moteur", {}, listener)
    told = {item.name(): item.description() for item in provider.algorithm("moteur").outputDefinitions()}
    assert told["BIBLIOTHEQUE"] == "Library territoire_sig" and told["CHEMIN"].startswith("Path of")
    assert f"Library territoire_sig: {results['BIBLIOTHEQUE']}" in listener.infos
    assert all(results[name][0].isdigit() for name in ("BIBLIOTHEQUE", "PYTHON", "GDAL", "PROJ", "GEOS"))
    assert catalogue.load_catalogue(PROTOCOL) == DECLARED
    assert results["NB_ANALYSES"] == len(DECLARED["analyses"])
    (tmp_path / "p" / "declarations.json").write_text("{abîmé", encoding="utf-8")
    assert catalogue.load_catalogue(PROTOCOL) == DECLARED


def test_declarations_of_a_library_older_than_the_plugin_are_left(provider, tmp_path, monkeypatch):
    path = tmp_path / "declarations.json"
    monkeypatch.setattr(catalogue, "cached_path", lambda: path)
    version = catalogue.plugin_version()
    for library, taken in (
        ("0.0.9", False),
        (version, True),
        (version + ".post1", True),
        ("10.0", True),
        (None, False),
    ):
        kept = dict(DECLARED, library=library, policies={})
        path.write_text(json.dumps(kept), encoding="utf-8")
        assert (catalogue.load_catalogue(PROTOCOL) == kept) == taken, library
        assert (catalogue.load_catalogue(PROTOCOL) == DECLARED) != taken, library


def test_declarations_that_cannot_be_kept_are_told(provider, tmp_path, monkeypatch):
    (tmp_path / "p").write_text("un fichier")
    monkeypatch.setattr(catalogue, "cached_path", lambda: tmp_path / "p" / "declarations.json")
    with pytest.raises(QgsProcessingException, match=r"Cannot write .*\nMend"):
        run("moteur", {})


def test_loaded_layers_are_styled_named_and_documented(
    provider, layer, sample, tmp_path, qgis_new_project, monkeypatch
):
    """What the GUI does once an algorithm has ended: load the outputs, then run their post-processors."""
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    declaration = BY_ID[ZONING]
    given = parameters(declaration, layer, sample)
    for name in ("INDICATEURS", "SURFACES"):
        given[name] = QgsProcessingOutputLayerDefinition(str(tmp_path / (name + ".gpkg")), QgsProject.instance())
    algorithm = provider.algorithm(ZONING).create()
    _, fine = algorithm.run(given, context, Listener())
    assert fine
    gc.collect()
    monkeypatch.setattr("processing.gui.Postprocessing.iface", None, raising=False)
    # A stand-in for the window has no layer tree that 3.44 accepts.
    # Between 3.22 and 3.40 an argument, whether to show the results, has gone.
    shown = (True,) if "showResults" in signature(handleAlgorithmResults).parameters else ()
    handleAlgorithmResults(algorithm, context, Listener(), *shown, given)
    loaded = {found.name(): found for found in QgsProject.instance().mapLayers().values()}
    units = loaded["Indicators: Building zones and fibre – unites"]
    drawn = loaded["Building zones and fibre – unites"]
    assert units.customProperty(MEASURED) and drawn.customProperty(MEASURED)
    assert units.renderer().type() == "RuleRenderer"
    assert drawn.renderer().type() == "categorizedSymbol"
    assert {item.value() for item in drawn.renderer().categories()} == set(declaration["map_classes"])
    assert drawn.metadata().title() == "Building zones and fibre – unites"
    assert drawn.metadata().abstract()
