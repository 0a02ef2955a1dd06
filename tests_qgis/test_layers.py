"""Layers as a technician has them: selected, edited, in memory, filtered, elsewhere, joined, empty, without CRS."""

import processing
import pytest
from asked import BY_ID, ZONING, Listener, parameters, run, table
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsField,
    QgsGeometry,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QVariant

SQUARES = {"01001": (0, 0, 1000, 1000), "01002": (1000, 0, 2000, 1000)}


def memory(kind, fields, rows, crs="EPSG:2154"):
    """Return a layer in memory: rows of rectangle (or None) and attributes."""
    found = QgsVectorLayer("{}?crs={}&{}".format(kind, crs, "&".join("field=" + f for f in fields)), kind, "memory")
    features = []
    for shape, *values in rows:
        feature = QgsFeature(found.fields())
        if shape is not None:
            x0, y0, x1, y1 = shape
            rectangle = QgsRectangle(900_000 + x0, 6_450_000 + y0, 900_000 + x1, 6_450_000 + y1)
            feature.setGeometry(QgsGeometry.fromRect(rectangle))
        feature.setAttributes(values)
        features.append(feature)
    assert found.dataProvider().addFeatures(features)[0]
    found.updateExtents()
    return found


@pytest.fixture()
def drawn():
    """Two square communes; AUc zones of 24 and 10 ha; fibre at 0.4 and 1."""
    units = memory("Polygon", ["insee:string", "nom:string"], [(SQUARES[c], c, "L'Île " + c) for c in sorted(SQUARES)])
    zones = memory(
        "Polygon",
        ["fid:integer", "typezone:string"],
        [((0, 0, 600, 400), 7, "AUc"), ((1000, 0, 1500, 200), 7, "AUc"), ((0, 500, 100, 600), 8, "U")],
    )
    fibre = memory("None", ["code_insee:string", "taux_fibre:double"], [(None, "01001", 0.4), (None, "01002", 1.0)])
    return {
        "UNITES": units,
        "CODE": "insee",
        "NOM": "nom",
        "ZONAGE": zones,
        "COUVERTURE_FIXE": fibre,
        "INDICATEURS": "TEMPORARY_OUTPUT",
        "SURFACES": "TEMPORARY_OUTPUT",
    }


def areas(results):
    return {code: row["auc_area_ha"] for code, row in table(results["INDICATEURS"]).items()}


def test_layers_in_memory_and_fields_called_fid(provider, drawn):
    results = run(ZONING, drawn)
    assert areas(results) == {"01001": 24.0, "01002": 10.0}
    rows = table(results["INDICATEURS"])
    assert rows["01001"]["nom_unite"] == "L'Île 01001"
    assert (rows["01001"]["auc_ready_share"], rows["01002"]["auc_ready_share"]) == (0.0, 1.0)
    assert rows["01002"]["u_ready_share"] is None  # no U zone there: unknown, not zero
    assert rows["01001"]["part_connue"] <= 1


def test_a_selection_of_a_layer_of_the_project_counts_alone(provider, drawn, qgis_new_project):
    zones = QgsProject.instance().addMapLayer(drawn["ZONAGE"])
    zones.selectByExpression("$area > 150000")
    assert zones.selectedFeatureCount() == 1
    drawn["ZONAGE"] = QgsProcessingFeatureSourceDefinition(zones.id(), selectedFeaturesOnly=True)
    assert areas(run(ZONING, drawn)) == {"01001": 24.0, "01002": None}  # no zoning at all there


PARTS = [(900_000, 6_450_000, 900_300, 6_450_400), (900_400, 6_450_000, 900_700, 6_450_400)]  # 12 ha each


def parts(*rectangles):
    """Return one geometry of several rectangles."""
    return QgsGeometry.collectGeometry([QgsGeometry.fromRect(QgsRectangle(*corners)) for corners in rectangles])


def test_multipolygons_in_a_layer_of_polygons_count(provider, drawn):
    zones = memory("Polygon", ["typezone:string"], [])
    feature = QgsFeature(zones.fields())
    feature.setGeometry(parts(*PARTS))
    feature.setAttributes(["AUc"])
    assert zones.dataProvider().addFeatures([feature])[0]
    assert areas(run(ZONING, dict(drawn, ZONAGE=zones)))["01001"] == 24.0
    zones.startEditing()  # as «Merge Selected Features» leaves it
    zones.changeGeometry(1, parts(PARTS[0], (900_400, 6_450_000, 900_500, 6_450_400)))
    assert areas(run(ZONING, dict(drawn, ZONAGE=zones)))["01001"] == 16.0
    zones.rollBack()


def test_plain_geometries_in_a_layer_of_curves_count(provider, drawn):
    zones = memory("CurvePolygon", ["typezone:string"], [((0, 0, 600, 400), "AUc")])
    feature = QgsFeature(zones.fields())
    feature.setGeometry(parts((901_000, 6_450_000, 901_100, 6_450_400), (901_200, 6_450_000, 901_300, 6_450_400)))
    feature.setAttributes(["AUc"])
    assert zones.dataProvider().addFeatures([feature])[0]
    assert areas(run(ZONING, dict(drawn, ZONAGE=zones))) == {"01001": 24.0, "01002": 8.0}


def test_edits_in_progress_count_and_stay_in_progress(provider, drawn):
    zones = drawn["ZONAGE"]
    zones.startEditing()
    feature = QgsFeature(zones.fields())
    feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(901_500, 6_450_000, 902_000, 6_450_200)))
    feature.setAttributes([9, "AUc"])
    zones.addFeature(feature)
    zones.deleteFeature(1)
    assert areas(run(ZONING, drawn)) == {"01001": 0.0, "01002": 20.0}
    assert zones.isEditable() and zones.isModified()
    zones.rollBack()
    assert areas(run(ZONING, drawn)) == {"01001": 24.0, "01002": 10.0}


def test_a_filter_counts(provider, layer, sample):
    zones = layer("zonage")
    zones.setSubsetString("\"typezone\" <> 'U'")
    results = run(ZONING, parameters(BY_ID[ZONING], layer, sample, ZONAGE=zones))
    assert {row["u_area_ha"] for row in table(results["INDICATEURS"]).values()} == {0.0}


def test_a_virtual_field_counts(provider, drawn):
    zones = memory("Polygon", ["sorte:string"], [((0, 0, 600, 400), "urba")])
    zones.addExpressionField("case when \"sorte\" = 'urba' then 'AUc' end", QgsField("calcul", QVariant.String))
    results = run(ZONING, dict(drawn, ZONAGE=zones, COLONNES=["zonage", "typezone", "calcul"]))
    assert areas(results)["01001"] == 24.0


def test_layers_of_another_crs_are_brought_to_the_analysis_crs(provider, drawn):
    def elsewhere(layer):
        given = {"INPUT": layer, "TARGET_CRS": "EPSG:4326", "OUTPUT": "TEMPORARY_OUTPUT"}
        return processing.run("native:reprojectlayer", given)["OUTPUT"]

    moved = dict(drawn, UNITES=elsewhere(drawn["UNITES"]), ZONAGE=elsewhere(drawn["ZONAGE"]))
    results = run(ZONING, moved)
    assert results["INDICATEURS"].crs().authid() == "EPSG:2154"
    assert areas(results)["01001"] == pytest.approx(24.0, abs=1e-6)


def test_an_empty_layer_is_refused_with_the_mend(provider, drawn):
    empty = memory("Polygon", ["typezone:string"], [])
    with pytest.raises(QgsProcessingException, match="is empty"):
        run(ZONING, dict(drawn, ZONAGE=empty))


def test_a_layer_without_crs_is_refused_before_running(provider, drawn):
    lost = memory("Polygon", ["typezone:string"], [((0, 0, 10, 10), "U")])
    lost.setCrs(QgsCoordinateReferenceSystem())
    with pytest.raises(QgsProcessingException, match=r"has no CRS\.\nMend"):
        run(ZONING, dict(drawn, ZONAGE=lost))


def test_a_raster_of_a_server_is_refused_before_running(provider, drawn):
    tiles = QgsRasterLayer("type=xyz&zmin=0&zmax=19&url=http://localhost/{z}/{x}/{y}.png", "Bruit Lden", "wms")
    assert tiles.isValid()
    people = memory("Polygon", ["habitants:double"], [((0, 0, 600, 400), 12.0)])
    given = {key: drawn[key] for key in ("UNITES", "CODE", "INDICATEURS")}
    with pytest.raises(QgsProcessingException, match=r"“Bruit Lden” comes from a server \(wms\).*\nMend: export it"):
        run("noise_exposure", dict(given, POPULATION=people, BRUIT_RASTER=tiles))


def test_another_geometry_is_refused_before_running(provider, drawn):
    lines = QgsVectorLayer("LineString?crs=EPSG:2154&field=typezone:string", "lignes", "memory")
    with pytest.raises(QgsProcessingException, match="must hold polygons"):
        run(ZONING, dict(drawn, ZONAGE=lines))


def test_an_analysis_crs_in_degrees_is_refused_before_running(provider, drawn):
    with pytest.raises(QgsProcessingException, match=r"EPSG:4326 is not in metres\.\nMend"):
        run(ZONING, dict(drawn, CRS=QgsCoordinateReferenceSystem("EPSG:4326")))


def test_one_of_several_roles_is_needed(provider, drawn):
    given = {key: drawn[key] for key in ("UNITES", "CODE", "INDICATEURS")}
    corridor = memory("Polygon", ["type_continuite:string"], [((0, 0, 10, 10), "corridor")])
    with pytest.raises(QgsProcessingException, match="At least one of these layers is needed: site_mobile, cable"):
        run("ecology_network", dict(given, CORRIDOR=corridor))


def test_faults_of_the_library_reach_the_user_whole(provider, drawn):
    odd = memory("Polygon", ["typezone:string"], [((0, 0, 10, 10), "Zone 51")])
    with pytest.raises(QgsProcessingException, match="Zone 51"):
        run(ZONING, dict(drawn, ZONAGE=odd))


def test_what_the_library_noticed_is_told(provider, drawn):
    listener = Listener()
    bow = QgsGeometry.fromWkt(
        "POLYGON((900000 6450000, 900100 6450100, 900100 6450000, 900000 6450100, 900000 6450000))"
    )
    zones = drawn["ZONAGE"]
    feature = QgsFeature(zones.fields())
    feature.setGeometry(bow)
    feature.setAttributes([1, "U"])
    zones.dataProvider().addFeatures([feature])
    run(ZONING, drawn, listener)
    assert any("1 invalid geometry(ies) repaired" in warning for warning in listener.warnings)
