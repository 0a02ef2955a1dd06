"""The demo project, made inside the oldest QGIS supported: ``python3 qgis_plugin/demo/project.py``.

Writes ``data/sample/territoire_demo.qgz``: the sample's layers by role, styled, with the diagnosis; paths are relative.
"""

import os
import sys
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsExpressionContextUtils,
    QgsFillSymbol,
    QgsLineSymbol,
    QgsMarkerSymbol,
    QgsProject,
    QgsProjectMetadata,
    QgsRasterLayer,
    QgsRectangle,
    QgsReferencedRectangle,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QDateTime, QLocale, Qt

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent))
SAMPLE = ROOT / "data" / "sample"
#: Policy → colour of its layers (a palette that colour-blind people tell apart).
COLOURS = {
    "urbanisme": "#e8a33d",
    "risques": "#8c5aa8",
    "biodiversite": "#4f9d69",
    "mobilite": "#5b7fb5",
    "numerique": "#c8553d",
    "inclusion": "#b5838d",
    "education": "#3d5a80",
    "energie": "#d4b106",
    "air": "#7a8b99",
    "economie_circulaire": "#6b8e23",
}
RASTERS = {
    "air_raster": "grilles/no2_100m.tif",
    "bruit_raster": "grilles/bruit_lden_100m.tif",
    "relief": "grilles/relief_25m.tif",
    "occupation_sol": "grilles/occupation_sol_100m.tif",
}
SHOWN = ("cable", "site_mobile", "zonage")


def main():
    """Make the project."""
    from territoire_sig_qgis.catalogue import load_catalogue
    from territoire_sig_qgis.coherence.roles import complete, read_territory, write_territory
    from territoire_sig_qgis.desk.load import load_answers
    from territoire_sig_qgis.engine import PROTOCOL
    from territoire_sig_qgis.words import install_translator

    translator = install_translator()
    catalogue = load_catalogue(PROTOCOL)
    project = QgsProject.instance()
    target = SAMPLE / "territoire_demo.qgz"
    project.setFileName(str(target))
    project.setFilePathStorage(Qgis.FilePathType.Relative)
    project.setCrs(QgsCoordinateReferenceSystem("EPSG:2154"))
    project.setTitle("Communauté de communes de Valdombre (territoire fictif)")
    project.setMetadata(_metadata())
    root, file = project.layerTreeRoot(), SAMPLE / "demo" / "couches.gpkg"
    for policy in catalogue["policies"]:
        group = None
        for role, declared in catalogue["roles"].items():
            if declared["policy"] != policy:
                continue
            layer = _layer(role, declared, file, COLOURS[policy])
            if layer is None:
                continue
            group = group or root.addGroup(catalogue["policies"][policy]["fr"])
            project.addMapLayer(layer, False)
            node = group.addLayer(layer)
            node.setExpanded(False)
            node.setItemVisibilityChecked(role in SHOWN)
        if group is not None:
            group.setExpanded(False)
    units = _units(file)
    project.addMapLayer(units, False)
    root.addLayer(units)
    load_answers(SAMPLE / "demo" / "diagnostic" / "diagnostic.gpkg", project)
    territory = complete(read_territory(project), catalogue["roles"], project)
    write_territory(territory, project)
    QgsExpressionContextUtils.setProjectVariable(project, "ts_millesime", "2025")
    view = QgsRectangle(units.extent())
    view.scale(1.1)
    project.viewSettings().setDefaultViewExtent(QgsReferencedRectangle(view, project.crs()))
    project.setDirty(False)
    if translator is None or not project.write():
        raise SystemExit(project.error())


def _layer(role, declared, file, colour):
    title = declared["text"]["fr"]
    title = title[:1].upper() + title[1:]
    if role in RASTERS:
        layer = QgsRasterLayer(str(SAMPLE / RASTERS[role]), title)
    else:
        layer = QgsVectorLayer(f"{file}|layername={role}", title, "ogr")
        if layer.isValid():
            _dress(layer, colour)
    return layer if layer.isValid() else None


def _dress(layer, colour):
    kind = layer.geometryType()
    if kind == QgsWkbTypes.GeometryType.PolygonGeometry:
        given = {"color": _clear(colour), "outline_color": colour, "outline_width": "0.3"}
        symbol = QgsFillSymbol.createSimple(given)
    elif kind == QgsWkbTypes.GeometryType.LineGeometry:
        symbol = QgsLineSymbol.createSimple({"color": colour, "width": "0.5"})
    else:
        symbol = QgsMarkerSymbol.createSimple({"color": colour, "size": "2.4", "outline_color": "#ffffff"})
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))


def _units(file):
    layer = QgsVectorLayer(f"{file}|layername=unites", "Communes (unités)", "ogr")
    given = {"color": "#fbfaf6", "outline_color": "#8a8578", "outline_width": "0.4"}
    layer.setRenderer(QgsSingleSymbolRenderer(QgsFillSymbol.createSimple(given)))
    return layer


def _clear(colour):
    parts = [str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)]
    return ",".join([*parts, "90"])


def _metadata():
    metadata = QgsProjectMetadata()
    metadata.setTitle("Communauté de communes de Valdombre (territoire fictif)")
    metadata.setAbstract("Projet de démonstration de Territoire SIG. Données entièrement fictives.")
    metadata.setAuthor("Les contributeurs de territoire_sig")
    metadata.setCreationDateTime(QDateTime.fromString("2025-01-01T00:00:00", Qt.DateFormat.ISODate))
    return metadata


if __name__ == "__main__":
    os.environ["GDAL_PAM_ENABLED"] = "NO"  # no .aux.xml beside the sample's grids
    application = QgsApplication([], False)
    application.setLocale(QLocale("fr_FR"))
    application.initQgis()
    main()
    QgsProject.instance().clear()
    application.exitQgis()
