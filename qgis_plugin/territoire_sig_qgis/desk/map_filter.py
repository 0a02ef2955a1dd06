"""The map that follows the list: layers of findings filtered, the canvas brought to what is shown."""

from qgis.core import QgsCoordinateTransform, QgsCsException, QgsFeatureRequest, QgsProject, QgsRectangle

from ..coherence.answers import layers_of
from .load import FINDINGS

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


class MapFilter:
    """Filters the layers of findings beside the filter that the user gave them, and gives that one back."""

    def __init__(self):
        self._given = {}  # identifier of a layer → the user's filter, and that of ours which stands in its place

    def apply(self, file, text):
        """Filter the layers of one diagnosis; return the names of those that would not be (being edited)."""
        left = []
        for name, layer in layers_of(file).items():
            if name in FINDINGS and not self._apply(layer, text):
                left.append(layer.name())
        return left

    def lift(self):
        """Leave every layer with the user's own filter."""
        for key in list(self._given):
            layer = QgsProject.instance().mapLayer(key)
            if layer is None or self._apply(layer, ""):
                self._given.pop(key, None)

    def unwrite(self, layer, element, document):
        """Have a project that is being saved keep the user's own filter alone."""
        if layer.id() not in self._given:
            return
        ours, own = layer.subsetString(), self._own(layer)
        source = element.firstChildElement("datasource").firstChild()
        source.setNodeValue(source.nodeValue().replace("|subset=" + ours, "|subset=" + own if own else ""))

    def _own(self, layer):
        """Return the user's own filter: what we put aside, or what he has written since in the place of ours."""
        own, ours = self._given.get(layer.id(), ("", None))
        return own if layer.subsetString() == ours else layer.subsetString()

    def _apply(self, layer, text):
        own = self._own(layer)
        wanted = f"({own}) AND ({text})" if own and text else own or text
        if layer.subsetString() != wanted and (layer.isEditable() or not layer.setSubsetString(wanted)):
            return False
        self._given[layer.id()] = (own, wanted)
        if wanted == own:
            del self._given[layer.id()]
        return True


def zoom(canvas, file, text="", project=None, margin=1.15):
    """Bring the canvas to the findings shown, to those of an expression where one is given.

    Nothing moves where there is none, or where it cannot be reprojected.
    """
    project = project or QgsProject.instance()
    extent = QgsRectangle()
    for name, layer in layers_of(file, project).items():
        if name in FINDINGS:
            found = _in_map(_extent(layer, text), layer, canvas, project)
            if found is not None:
                extent.combineExtentWith(found)
    if extent.isNull():
        return False
    if max(extent.width(), extent.height()) < 500:
        extent = extent.buffered(250)
    extent.scale(margin)
    canvas.setExtent(extent)
    canvas.refresh()
    return True


def _extent(layer, text):
    """Return the extent of what the filter leaves, feature by feature: providers keep that of the whole layer."""
    request = QgsFeatureRequest()
    if text:
        request.setFilterExpression(text)
    request.setNoAttributes()
    extent = QgsRectangle()
    for feature in layer.getFeatures(request):
        if feature.hasGeometry():
            extent.combineExtentWith(feature.geometry().boundingBox())
    return extent


def _in_map(extent, layer, canvas, project):
    if extent.isNull():
        return None
    target = canvas.mapSettings().destinationCrs()
    if not target.isValid() or not layer.crs().isValid() or target == layer.crs():
        return extent
    try:
        return QgsCoordinateTransform(layer.crs(), target, project).transformBoundingBox(extent)
    except QgsCsException:
        return None
