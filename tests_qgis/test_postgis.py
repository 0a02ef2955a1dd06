"""Layers kept in PostGIS, as those of a local authority often are."""

import pytest
from asked import BY_ID, ZONING, parameters, run, table
from cluster import programs, psql, server
from qgis.core import QgsDataSourceUri, QgsVectorLayer, QgsVectorLayerExporter


@pytest.fixture(scope="module")
def database(qgis_app):
    """A database with PostGIS; in continuous integration it is there (.ci/qgis installs it)."""
    if programs() is None:
        pytest.skip("PostgreSQL absent: apt install postgresql postgresql-postgis")
    with server() as port:
        psql(port, "create extension postgis", 'create schema "Été"')
        yield port


def stored(port, layer, name):
    """Copy a layer to the database, and open it there."""
    uri = QgsDataSourceUri()
    uri.setConnection("127.0.0.1", str(port), "postgres", "postgres", "")
    uri.setDataSource("Été", name, "geom", "", "ogc_fid")
    done, why = QgsVectorLayerExporter.exportLayer(layer, uri.uri(), "postgres", layer.crs(), False)
    assert done == 0, why
    found = QgsVectorLayer(uri.uri(), name, "postgres")
    assert found.isValid() and found.featureCount() == layer.featureCount()
    return found


def test_layers_of_a_postgis_database_give_the_values_of_the_library(provider, database, layer, sample, expected):
    given = parameters(BY_ID[ZONING], layer, sample)
    for name, role in (("UNITES", "unites"), ("ZONAGE", "zonage")):
        given[name] = stored(database, layer(role), role)
    found = table(run(ZONING, given)["INDICATEURS"])
    for output, values in expected["values"][ZONING].items():
        assert [found[code][output] for code in expected["codes"]] == values, output
    assert [found[code]["nom_unite"] for code in expected["codes"]] == expected["names"]


def test_a_filter_of_the_database_counts(provider, database, layer, sample):
    zones = stored(database, layer("zonage"), "zonage_filtre")
    assert zones.setSubsetString("\"typezone\" <> 'U'")
    results = run(ZONING, parameters(BY_ID[ZONING], layer, sample, ZONAGE=zones))
    assert {row["u_area_ha"] for row in table(results["INDICATEURS"]).values()} == {0.0}


def test_edits_in_progress_of_the_database_count(provider, database, layer, sample):
    zones = stored(database, layer("zonage"), "zonage_edite")
    zones.startEditing()
    zones.selectByExpression("\"typezone\" = 'U'")
    zones.deleteSelectedFeatures()
    results = run(ZONING, parameters(BY_ID[ZONING], layer, sample, ZONAGE=zones))
    assert {row["u_area_ha"] for row in table(results["INDICATEURS"]).values()} == {0.0}
    zones.rollBack()
    assert any(feature["typezone"] == "U" for feature in zones.getFeatures())
