"""Layer preparation: each published format of the sample, to named, styled, documented layers."""

import json

import pytest
from asked import DECLARED, Listener, run
from qgis.core import QgsProcessingContext, QgsProcessingException, QgsProject, QgsVectorLayer

from conftest import ROOT

SAMPLE_FOLDER = ROOT / "data" / "sample"
#: Format → delivery of the sample, features by role (counted in the delivery itself), style of the first layer.
DELIVERIES = {
    "cnig_plu": ("urbanisme/99999_PLUi_20250101", {"zonage": 30}, "categorizedSymbol"),
    "ppr_covadis": ("risques/PPRN_99DDT20990001", {"alea": 6, "zone_reglementaire": 6}, "categorizedSymbol"),
    "gtfs": ("mobilite/gtfs.zip", {"arret": 11, "ligne": 3}, "RuleRenderer"),
    "gracethd": ("numerique/gracethd_shpcsv", {"noeud_optique": 9, "cable": 10}, "categorizedSymbol"),
    "cyclable": ("mobilite/amenagements_cyclables.geojson", {"cyclable": 6}, "categorizedSymbol"),
    "filosofi_carreaux": ("social/carreaux_200m.gpkg", {"population": 137}, "RuleRenderer"),
}


def given(delivery, target, **more):
    place = SAMPLE_FOLDER / delivery
    return {"DOSSIER" if place.is_dir() else "FICHIER": str(place), "GEOPACKAGE": str(target), **more}


@pytest.mark.parametrize("name", sorted(DELIVERIES))
def test_a_delivery_becomes_styled_named_layers(provider, tmp_path, qgis_new_project, name):
    delivery, rows, renderer = DELIVERIES[name]
    results = run("lire_" + name, given(delivery, tmp_path / "livraison.gpkg"))
    layers = {source.rpartition("=")[2]: QgsVectorLayer(source, "x", "ogr") for source in results["COUCHES"]}
    assert results["NB_COUCHES"] == len(layers) >= len(rows)
    assert {role: layers[role].featureCount() for role in rows} == rows
    first = layers[next(iter(rows))]
    assert first.crs().authid() == "EPSG:2154"
    assert first.renderer().type() == renderer
    assert first.metadata().title() and first.metadata().history()
    assert results["NB_ENTITES"] == sum(layer.featureCount() for layer in layers.values())


def test_every_reader_of_the_engine_has_its_algorithm(provider):
    names = {algorithm.name() for algorithm in provider.algorithms()}
    assert {"lire_" + reader["id"] for reader in DECLARED["readers"]} <= names
    assert "lire_raster" not in names  # QGIS reads rasters itself


def test_layers_are_handed_to_the_project_with_their_titles(provider, tmp_path, qgis_new_project):
    import processing

    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    asked = given("risques/PPRN_99DDT20990001", tmp_path / "ppr.gpkg")
    processing.run("territoire_sig:lire_ppr_covadis", asked, context=context, feedback=Listener())
    titles = {details.name for details in context.layersToLoadOnCompletion().values()}
    assert len(titles) == 3
    assert all("PPRN_99DDT20990001" in title for title in titles)
    quiet = QgsProcessingContext()
    processing.run("territoire_sig:lire_ppr_covadis", dict(asked, CHARGER=False), context=quiet, feedback=Listener())
    assert not quiet.layersToLoadOnCompletion()


def test_one_role_an_option_and_columns_of_other_names(provider, tmp_path, qgis_new_project):
    delivery = "mobilite/gtfs.zip"
    asked = given(delivery, tmp_path / "a.gpkg", ROLE="arret", OPTION_JOUR="2025-01-07")
    results = run("lire_gtfs", asked)
    assert [source.rpartition("=")[2] for source in results["COUCHES"]] == ["arret"]
    file = tmp_path / "zones.geojson"
    square = {"type": "Polygon", "coordinates": [[[5.0, 45.0], [5.01, 45.0], [5.01, 45.01], [5.0, 45.0]]]}
    feature = {"type": "Feature", "properties": {"Sorte": "U"}, "geometry": square}
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    mapped = {"ROLE": "zonage", "COLONNES": ["typezone", "Sorte"], "GEOPACKAGE": str(tmp_path / "z.gpkg")}
    (source,) = run("lire_vecteur", {"FICHIER": str(file), **mapped})["COUCHES"]
    assert [row["typezone"] for row in QgsVectorLayer(source, "z", "ogr").getFeatures()] == ["U"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "Give a file or a folder"),
        ({"FICHIER": "/nulle/part.zip"}, r"file or folder not found\nMend"),
        ({"FICHIER": str(ROOT / "pyproject.toml")}, "Mend"),
    ],
)
def test_what_cannot_be_read_is_told_with_the_mend(provider, tmp_path, asked, said):
    with pytest.raises(QgsProcessingException, match=said):
        run("lire_cnig_plu", dict(asked, GEOPACKAGE=str(tmp_path / "a.gpkg")))
    assert not list(tmp_path.iterdir())
