"""What the layers of a project say of themselves, for the guess of roles."""

from pathlib import Path

from qgis.core import QgsMapLayer, QgsProject, QgsProviderRegistry, QgsWkbTypes

from .guess import Facts

_FAMILIES = {
    QgsWkbTypes.GeometryType.PolygonGeometry: "polygon",
    QgsWkbTypes.GeometryType.LineGeometry: "line",
    QgsWkbTypes.GeometryType.PointGeometry: "point",
    QgsWkbTypes.GeometryType.NullGeometry: "none",
}
#: Property of the layers that a diagnosis brought: they are answers, and fill no role.
ANSWER = "territoire_sig/resultat"
#: Property of the layers that an analysis alone brought: no role is guessed from them; the hand may choose them.
MEASURED = "territoire_sig/analyse"


def project_layers(project=None):
    """Return the valid layers of the project that may fill a role, by identifier: vectors, and rasters of a file."""
    found = (project or QgsProject.instance()).mapLayers()
    return {
        key: layer
        for key, layer in found.items()
        if layer.isValid() and _holds_data(layer) and not layer.customProperty(ANSWER)
    }


def _holds_data(layer):
    """Whether the engine can read it; the raster of a server is often a picture."""
    raster = layer.type() == QgsMapLayer.LayerType.RasterLayer and layer.providerType() == "gdal"
    return raster or layer.type() == QgsMapLayer.LayerType.VectorLayer


def layer_facts(layer):
    """Return the facts of one layer."""
    names = [layer.name()]
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    for key in ("layerName", "table"):
        if parts.get(key):
            names.append(str(parts[key]))
    if parts.get("path") and not parts.get("layerName"):
        names.append(Path(str(parts["path"])).stem)
    if layer.type() == QgsMapLayer.LayerType.RasterLayer:
        return Facts(layer.id(), tuple(names), (), "raster")
    fields = tuple(field.name() for field in layer.fields())
    return Facts(layer.id(), tuple(names), fields, _FAMILIES.get(layer.geometryType(), "none"))
