"""Maps on paper: styles of one quantity and of two, templates, the atlas by commune."""

from pathlib import Path

import pytest
from asked import BY_ID, ZONING, Listener, pages_of, parameters, run
from qgis.core import (
    NULL,
    QgsFeedback,
    QgsLayoutItemMap,
    QgsProcessingException,
    QgsProject,
    QgsVectorLayer,
)
from territoire_sig_qgis.help_picture import RAMP, UNKNOWN
from territoire_sig_qgis.maps import PAGES, MapError, export_atlas, load_layout, template_path, value_line

from conftest import ROOT

ITEMS = {"carte", "titre", "sous_titre", "valeurs", "legende", "legende_bivariee", "echelle", "nord", "credits", "page"}


@pytest.fixture()
def units(provider, layer, sample, qgis_new_project):
    """Units of the sample with the values of an analysis."""
    return run(ZONING, parameters(BY_ID[ZONING], layer, sample))["INDICATEURS"]


@pytest.mark.parametrize("page", PAGES)
def test_templates_open_in_this_qgis_with_all_their_items(qgis_app, page):
    project = QgsProject()
    layout = load_layout(project, page, "essai")
    assert {item.id() for item in layout.items() if hasattr(item, "id") and callable(item.id) and item.id()} >= ITEMS
    shown = layout.itemById("carte")
    assert isinstance(shown, QgsLayoutItemMap)
    assert layout.itemById("legende").linkedMap() is not None
    size = layout.pageCollection().page(0).pageSize()
    box = layout.pageCollection().page(0).rect()
    for name in ITEMS - {"legende"}:  # its size follows what it shows
        item = layout.itemById(name)
        assert box.contains(item.sceneBoundingRect().adjusted(1, 1, -1, -1)), name
    assert {round(size.width()), round(size.height())} == ({210, 297} if page.startswith("a4") else {297, 420})


def test_templates_hold_no_path_of_a_machine(qgis_app):
    for page in PAGES:
        text = Path(template_path(page)).read_text(encoding="utf-8")
        assert str(ROOT) not in text and "/home/" not in text and "/tmp/" not in text and "/usr/" not in text


def test_an_atlas_has_one_page_a_commune_in_the_order_of_the_names(units, tmp_path):
    target = tmp_path / "atlas.pdf"
    feedback = QgsFeedback()
    lines = [value_line("Zones AUc prêtes", "auc_ready_share", "part")]
    before = units.renderer().type()
    pages = export_atlas(
        units, str(target), title="Zones à bâtir", name_field="nom_unite", values=lines, credits="x", feedback=feedback
    )
    assert pages == units.featureCount()
    assert pages_of(target) == [(297, 210)] * pages
    assert units.renderer().type() == before and not QgsProject.instance().mapLayers()
    assert [path.name for path in tmp_path.iterdir()] == ["atlas.pdf"]


def test_the_lines_of_values_say_the_unknown(qgis_app):
    from qgis.core import QgsExpression, QgsExpressionContext, QgsFeature, QgsField, QgsFields
    from qgis.PyQt.QtCore import QVariant

    fields = QgsFields()
    fields.append(QgsField("l'a", QVariant.Double))
    feature = QgsFeature(fields)
    context = QgsExpressionContext()
    context.setFields(fields)
    for value, said in ((0.424, "Part: 42\u00a0%"), (None, "Part: unknown"), (0.0, "Part: 0\u00a0%")):
        feature.setAttributes([value])
        context.setFeature(feature)
        assert QgsExpression(value_line("Part", "l'a", "part")).evaluate(context) == said


def test_what_cannot_be_mapped_is_told(units, layer, tmp_path):
    lines = QgsVectorLayer("LineString?crs=EPSG:2154&field=nom_unite:string", "lignes", "memory")
    empty = QgsVectorLayer("Polygon?crs=EPSG:2154&field=nom_unite:string", "vide", "memory")
    for wrong, said in ((lines, "not one"), (empty, "no page")):
        with pytest.raises(MapError, match=said):
            export_atlas(wrong, str(tmp_path / "a.pdf"), title="x", name_field="nom_unite")
    with pytest.raises(MapError, match="No field"):
        export_atlas(units, str(tmp_path / "a.pdf"), title="x", name_field="absent")
    with pytest.raises(MapError, match="Unknown page: a5"):
        export_atlas(units, str(tmp_path / "a.pdf"), title="x", name_field="nom_unite", page="a5")
    (tmp_path / "fichier").write_text("précieux")
    with pytest.raises(MapError, match=r"Cannot write .*\nMend"):
        export_atlas(units, str(tmp_path / "fichier" / "a.pdf"), title="x", name_field="nom_unite")
    cancelled = QgsFeedback()
    cancelled.cancel()
    with pytest.raises(MapError, match="no file is written"):
        export_atlas(units, str(tmp_path / "a.pdf"), title="x", name_field="nom_unite", feedback=cancelled)
    assert [path.name for path in tmp_path.iterdir()] == ["fichier"]


def test_the_atlas_algorithm_maps_two_quantities(units, tmp_path):
    given = {
        "UNITES": units,
        "INDICATEUR": "auc_area_ha",
        "SECOND": "u_mean_rate",
        "PAGE": "a3_portrait",
        "NOM": "nom_unite",
    }
    given.update(PDF=str(tmp_path / "atlas.pdf"), VALEURS=["part_connue"], SOURCES="Données d'exemple")
    results = run("atlas", given)
    assert results["NB_PAGES"] == units.featureCount()
    assert pages_of(tmp_path / "atlas.pdf") == [(297, 420)] * results["NB_PAGES"]


def test_a_map_of_two_quantities_dresses_the_layer_and_gives_its_legend(units, tmp_path):
    given = {"UNITES": units, "INDICATEUR": "auc_area_ha", "SECOND": "u_mean_rate"}
    given.update(STYLE=str(tmp_path / "s.qml"), LEGENDE=str(tmp_path / "l.svg"))
    run("carte", given)
    rules = [rule for rule in units.renderer().rootRule().descendants() if rule.filterExpression()]
    assert len(rules) == 10 and rules[-1].label() == "unknown"
    assert "<svg" in (tmp_path / "l.svg").read_text(encoding="utf-8")
    run("carte", {"UNITES": units, "INDICATEUR": "u_ready_share", "STYLE": str(tmp_path / "s.qml")})
    assert [rule.label() for rule in units.renderer().rootRule().descendants()][1] == "unknown"
    drawn = [rule.symbol().color().name() for rule in units.renderer().rootRule().descendants()[1:]]
    assert drawn[1:] == list(reversed(RAMP)) and drawn[0] == UNKNOWN, "the help shows the colours of the style"


def test_a_column_without_values_enough_is_told(units, tmp_path):
    given = {"UNITES": units, "INDICATEUR": "auc_area_ha", "SECOND": "u_ready_share", "STYLE": str(tmp_path / "s.qml")}
    assert len({feature["u_ready_share"] for feature in units.getFeatures()} - {NULL}) < 3
    with pytest.raises(QgsProcessingException, match=r"different value\(s\)\nMend"):
        run("carte", given)


def test_every_indicator_has_its_style_in_the_style_menu(provider, layer, sample, tmp_path, qgis_new_project):
    """A layer that QGIS loads from an algorithm offers the style of each indicator, under its name."""
    from qgis.core import QgsProcessingContext, QgsProcessingOutputLayerDefinition

    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    given = parameters(BY_ID[ZONING], layer, sample)
    given["INDICATEURS"] = QgsProcessingOutputLayerDefinition(str(tmp_path / "i.gpkg"), QgsProject.instance())
    algorithm = provider.algorithm(ZONING).create()
    results, fine = algorithm.run(given, context, Listener())
    assert fine
    details = context.layersToLoadOnCompletion()[results["INDICATEURS"]]
    loaded = QgsVectorLayer(results["INDICATEURS"], "x", "ogr")
    details.postProcessor().postProcessLayer(loaded, context, Listener())
    names = {output["text"]["en"] for output in BY_ID[ZONING]["outputs"]}
    assert names <= set(loaded.styleManager().styles())
    for name in names:
        assert loaded.styleManager().setCurrentStyle(name)
        labels = [item.label() for item in loaded.renderer().legendSymbolItems()]
        assert "unknown" in labels, name
