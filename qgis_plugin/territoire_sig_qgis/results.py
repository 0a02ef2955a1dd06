"""Layers on their way back: copied from the engine's GeoPackage to a sink, then styled and named once loaded."""

from collections import deque

from qgis.core import (
    QgsFeature,
    QgsFeatureSink,
    QgsMapLayerStyle,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingLayerPostProcessorInterface,
    QgsVectorLayer,
)
from qgis.PyQt.QtXml import QDomDocument

from .coherence.facts import MEASURED
from .words import translate

#: QGIS keeps no reference of a post-processor: without one of ours it would never run.
_alive = deque(maxlen=256)


class Dresser(QgsProcessingLayerPostProcessorInterface):
    """Gives a loaded layer its style, its name and its metadata."""

    def __init__(self, event, metadata):
        super().__init__()
        self.event, self.metadata = event, metadata

    def postProcessLayer(self, layer, context, feedback):  # noqa: N802
        """Dress the layer; QGIS calls this in its main thread."""
        if self.event["qml"]:
            document = QDomDocument()
            document.setContent(self.event["qml"])
            layer.importNamedStyle(document)
        for name, style in self.event.get("styles", {}).items():
            layer.styleManager().addStyle(name, QgsMapLayerStyle(style))
        layer.setName(self.event["title"])
        layer.setMetadata(self.metadata)
        layer.setCustomProperty(MEASURED, True)
        layer.triggerRepaint()


def read_layer(event):
    """Return a layer that the engine wrote."""
    layer = QgsVectorLayer("{}|layername={}".format(event["file"], event["name"]), event["name"], "ogr")
    if layer.isValid():
        return layer
    raise QgsProcessingException(
        translate("TerritoireSig", "Unreadable result of the engine: {}").format(event["file"])
    )


def hand_over(event, context):
    """Hand a layer to QGIS, that adds it to the project, and return it; its style and metadata come with its file."""
    layer = read_layer(event)
    layer.setName(event["title"])
    context.temporaryLayerStore().addMapLayer(layer)
    details = QgsProcessingContext.LayerDetails(event["title"], context.project(), event["name"])
    context.addLayerToLoadOnCompletion(layer.id(), details)
    return layer


def kept_fields(layer):
    """Return the fields of a result without ``fid``, which the output file makes for itself, and their places."""
    fields = layer.fields()
    at = [rank for rank in range(fields.count()) if fields[rank].name().lower() != "fid"]
    for rank in reversed(range(fields.count())):
        if rank not in at:
            fields.remove(rank)
    return fields, at


def pour(layer, places, sink, algorithm, name, feedback):
    """Copy every feature of `layer` to `sink`; unknown values are NULL there as in the engine's file."""
    total = max(layer.featureCount(), 1)
    for rank, found in enumerate(layer.getFeatures()):
        if rank % 1000 == 0:
            feedback.setProgress(95 + 5 * rank / total)
            if feedback.isCanceled():
                return
        values = found.attributes()
        feature = QgsFeature()
        feature.setGeometry(found.geometry())
        feature.setAttributes([values[place] for place in places])
        if not sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert):
            raise QgsProcessingException(algorithm.writeFeatureError(sink, {}, name))
    sink.flushBuffer()


def dress(destination, event, metadata, context):
    """Have the layer styled and named when QGIS loads it."""
    if context.willLoadLayerOnCompletion(destination):
        dresser = Dresser(event, metadata)
        _alive.append(dresser)
        details = context.layerToLoadOnCompletionDetails(destination)
        details.name = event["title"]
        details.setPostProcessor(dresser)
