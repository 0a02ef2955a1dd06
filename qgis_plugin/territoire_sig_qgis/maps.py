"""Maps on paper: layout templates filled and exported, one page a commune. Everything here runs without a window.

What a panel or a script calls::

    from territoire_sig_qgis.maps import export_atlas

    pages = export_atlas(
        units,                      # QgsVectorLayer of polygons, styled: one page for each of its features
        "/folder/atlas.pdf",
        title="Zones à bâtir et fibre",
        name_field="nom_unite",     # names each page
        page="a4_paysage",          # one of PAGES
        layers=[conflicts],         # drawn above the units, first on top; theirs are the styles that they bear
        values=[value_line("Zones AUc prêtes", "auc_ready_share", "part")],
        credits="Sources : …",
        legend_picture="",          # the SVG of a bivariate map, where there is one
        feedback=feedback,          # QgsFeedback: progress and cancellation
    )

It must be called in the main thread, as any layout of QGIS. The user's project is neither read nor changed: layers are
cloned into a project of their own. Several pages fill one PDF, in the order of the names. ``export_atlas`` returns how
many; it raises MapError, in the user's language, with what to do.
"""

import textwrap
from pathlib import Path

from qgis.core import (
    QgsExpressionContextUtils,
    QgsFillSymbol,
    QgsLayoutExporter,
    QgsPrintLayout,
    QgsProject,
    QgsReadWriteContext,
    QgsRuleBasedRenderer,
    QgsWkbTypes,
)
from qgis.PyQt.QtXml import QDomDocument

from .files import unwritable
from .words import translate

#: Templates shipped, by identifier; the file is ``layouts/<identifier>.qpt``.
PAGES = ("a4_paysage", "a4_portrait", "a3_paysage", "a3_portrait")
_FOLDER = Path(__file__).parent / "layouts"
_DPI = 200
#: Characters of a line of the legend.
_LEGEND_WIDTH = 34


class MapError(Exception):
    """A map cannot be made: what is wrong, then what to do."""


class MapCancelled(MapError):
    """The user has cancelled: no file is written."""


def template_path(page):
    """Return the path of a template, that *Project › Layouts* of QGIS opens as well."""
    if page not in PAGES:
        raise MapError(
            translate("TerritoireSig", "Unknown page: {page}. Pages: {pages}.").format(
                page=page, pages=", ".join(PAGES)
            )
        )
    return str(_FOLDER / (page + ".qpt"))


def load_layout(project, page, name):
    """Return the layout of a template, in `project`, with its texts still empty."""
    document = QDomDocument()
    document.setContent(Path(template_path(page)).read_text(encoding="utf-8"))
    layout = QgsPrintLayout(project)
    _, fine = layout.loadFromTemplate(document, QgsReadWriteContext())
    if not fine:
        raise MapError(translate("TerritoireSig", "Unreadable template: {}").format(template_path(page)))
    layout.setName(name)
    project.layoutManager().addLayout(layout)
    return layout


def value_line(text, field, unit=""):
    """Return the expression of one line of values: «text : 42 %», «text : inconnu» where it is NULL."""
    column = '"' + field.replace('"', '""') + '"'
    number = f"format_number({column}, 1)"
    if unit == "part":
        number = f"format_number(100 * {column}, 0) || '\u00a0%'"
    elif unit in ("nombre", "habitants"):
        number = f"format_number({column}, 0)"
    elif unit:
        number += " || '\u00a0{}'".format(unit.replace("'", "''"))
    unknown = translate("TerritoireSig", "unknown")
    told = (text + translate("TerritoireSig", ": ")).replace("'", "''")
    return f"'{told}' || coalesce({number}, '{unknown}')"


def export_atlas(
    units,
    path,
    *,
    title,
    name_field,
    page="a4_paysage",
    layers=(),
    values=(),
    credits="",
    legend_picture="",
    feedback=None,
):
    """Export one page for each feature of `units` to the PDF `path`; return the number of pages.

    Raises MapError when there is nothing to draw, or the file cannot be written.
    """
    _check(units, name_field)
    project = QgsProject()
    layout = _filled(project, units, page, title, layers, legend_picture)
    for name, value in (
        ("ts_titre", title),
        ("ts_valeurs", " || '\\n' || ".join(values)),
        ("ts_credits", credits),
    ):
        QgsExpressionContextUtils.setLayoutVariable(layout, name, value)
    # A variable is a text, not an expression: the name of the commune is written into the label itself.
    layout.itemById("sous_titre").setText(f"[% {_quoted(name_field)} %]")
    atlas = layout.atlas()
    atlas.setEnabled(True)
    atlas.setCoverageLayer(project.mapLayersByName(_coverage_name())[0])
    atlas.setPageNameExpression(_quoted(name_field))
    atlas.setSortFeatures(True)
    atlas.setSortExpression(_quoted(name_field))
    atlas.updateFeatures()
    _export(atlas, path, feedback)
    return atlas.count()


def _check(units, name_field):
    if QgsWkbTypes.geometryType(units.wkbType()) != QgsWkbTypes.GeometryType.PolygonGeometry:
        raise MapError(
            translate(
                "TerritoireSig",
                "The atlas follows a layer of polygons, and “{}” is not one.\nMend: take that of the units.",
            ).format(units.name())
        )
    if units.featureCount() == 0:
        raise MapError(
            translate(
                "TerritoireSig",
                "The layer “{}” is empty: the atlas would have no page.\nMend: complete it, or remove its filter.",
            ).format(units.name())
        )
    if not units.crs().isValid():
        raise MapError(
            translate("TerritoireSig", "The layer “{}” has no CRS.\nMend: set it in its properties.").format(
                units.name()
            )
        )
    if units.fields().lookupField(name_field) < 0:
        raise MapError(translate("TerritoireSig", "No field “{}”.\nMend: choose that of the name.").format(name_field))


def _filled(project, units, page, title, layers, legend_picture):
    """Return the layout with its layers: the outline of the commune, then the others, then the units."""
    project.setCrs(units.crs())
    outline = _outline(units)
    drawn = [*(layer.clone() for layer in layers), units.clone()]
    project.addMapLayer(outline, False)
    for layer in drawn:
        project.addMapLayer(layer, False)
        _wrap_labels(layer)
    # The legend reads as the map is drawn, from top to bottom; a map of two quantities has a legend of its own.
    for layer in drawn[:-1] if legend_picture else drawn:
        project.layerTreeRoot().addLayer(layer)
    layout = load_layout(project, page, title)
    shown = layout.itemById("carte")
    shown.setCrs(units.crs())
    shown.setKeepLayerSet(True)
    shown.setLayers([outline, *drawn])
    shown.zoomToExtent(units.extent())
    layout.itemById("legende").refresh()
    layout.itemById("legende_bivariee").setPicturePath(legend_picture or "")
    return layout


def _wrap_labels(layer):
    """Cut the long labels of the legend of a layer into lines that fit beside the map."""
    layer.setName(textwrap.fill(layer.name(), _LEGEND_WIDTH))
    renderer = layer.renderer()
    if renderer is not None and renderer.type() == "RuleRenderer":
        for rule in renderer.rootRule().descendants():
            rule.setLabel(textwrap.fill(rule.label(), _LEGEND_WIDTH))
    elif renderer is not None and renderer.type() == "categorizedSymbol":
        for rank, category in enumerate(renderer.categories()):
            renderer.updateCategoryLabel(rank, textwrap.fill(category.label(), _LEGEND_WIDTH))


def _coverage_name():
    return "ts_contour"


def _outline(units):
    """Return a layer that draws the commune of the page alone, as an outline."""
    outline = units.clone()
    outline.setName(_coverage_name())
    symbol = QgsFillSymbol.createSimple({"style": "no", "outline_color": "#222222", "outline_width": "0.8"})
    renderer = QgsRuleBasedRenderer(symbol)
    renderer.rootRule().children()[0].setFilterExpression("$id = @atlas_featureid")
    outline.setRenderer(renderer)
    outline.setLabelsEnabled(False)
    return outline


def _quoted(field):
    return '"' + field.replace('"', '""') + '"'


def _export(atlas, path, feedback):
    settings = QgsLayoutExporter.PdfExportSettings()
    settings.dpi = _DPI
    target = Path(path)
    draft = target.with_name(target.stem + ".partiel.pdf")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        done, why = QgsLayoutExporter.exportToPdf(atlas, str(draft), settings, feedback)
        if done == QgsLayoutExporter.ExportResult.Canceled:
            raise MapCancelled(translate("TerritoireSig", "Cancelled: no file is written."))
        if done != QgsLayoutExporter.ExportResult.Success:
            raise MapError(unwritable(path, why))
        draft.replace(target)
    except OSError as error:
        raise MapError(unwritable(path, error.strerror)) from error
    finally:
        if draft.exists():
            draft.unlink()
