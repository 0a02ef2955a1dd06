"""The map that follows the list: layers of findings filtered, the canvas brought to what is shown."""

from qgis.core import QgsCoordinateTransform, QgsCsException, QgsFeatureRequest, QgsProject, QgsRectangle

from .load import FINDINGS, layers_of

#: Above this number the filter names the pair of policies rather than each finding.
_MANY = 800


def expression(model):
    """Return the filter of the layers for the findings kept; empty where all are."""
    wanted, shown = model.wanted, model.shown
    if len(shown) == len(model.findings):
        return ""
    if not shown:
        return "1 = 0"
    if len(shown) <= _MANY or wanted.text or wanted.decision:
        return "numero IN ({})".format(",".join(str(item["numero"]) for item in shown))
    parts = []
    if wanted.pair is not None:
        first, second = (name.replace("'", "''") for name in wanted.pair)
        parts.append(
            f"((politique_a = '{first}' AND politique_b = '{second}') OR "
            f"(politique_a = '{second}' AND politique_b = '{first}'))"
        )
    if wanted.kind:
        parts.append("score < 0" if wanted.kind < 0 else "score >= 0")
    return " AND ".join(parts)


def filter_layers(file, model, project=None):
    """Filter the layers of findings of one diagnosis; return those that would not be (being edited)."""
    text = expression(model)
    left = []
    for name, layer in layers_of(file, project).items():
        stale = name in FINDINGS and layer.subsetString() != text
        if stale and (layer.isEditable() or not layer.setSubsetString(text)):
            left.append(layer.name())
    return left


def zoom(canvas, file, project=None, margin=1.15):
    """Bring the canvas to the findings shown; nothing moves where there is none, or where it cannot be reprojected."""
    project = project or QgsProject.instance()
    extent = QgsRectangle()
    extent.setMinimal()
    for name, layer in layers_of(file, project).items():
        if name in FINDINGS:
            found = _in_map(_extent(layer), layer, canvas, project)
            if found is not None:
                extent.combineExtentWith(found)
    if extent.xMinimum() > extent.xMaximum():
        return False
    if max(extent.width(), extent.height()) < 500:
        extent = extent.buffered(250)
    extent.scale(margin)
    canvas.setExtent(extent)
    canvas.refresh()
    return True


def _extent(layer):
    """Return the extent of what the filter leaves, feature by feature: providers keep that of the whole layer."""
    request = QgsFeatureRequest()
    request.setNoAttributes()
    extent = QgsRectangle()
    extent.setMinimal()
    for feature in layer.getFeatures(request):
        if feature.hasGeometry():
            extent.combineExtentWith(feature.geometry().boundingBox())
    return extent


def _in_map(extent, layer, canvas, project):
    if extent.xMinimum() > extent.xMaximum():
        return None
    target = canvas.mapSettings().destinationCrs()
    if not target.isValid() or not layer.crs().isValid() or target == layer.crs():
        return extent
    try:
        return QgsCoordinateTransform(layer.crs(), target, project).transformBoundingBox(extent)
    except QgsCsException:
        return None
