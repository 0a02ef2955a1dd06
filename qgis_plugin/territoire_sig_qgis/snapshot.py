"""Layers on their way to the engine: each is copied as it stands in QGIS, to a FlatGeobuf or to a GeoPackage.

A GeoPackage where features have no geometry: FlatGeobuf loses them.
Edits in progress, the selection, filters, joins and virtual fields count; no other SQLite opens a file that QGIS holds.
"""

from dataclasses import dataclass

from qgis.core import (
    QgsFeatureRequest,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
    QgsWkbTypes,
)

from .engine_place import EngineError
from .words import translate

#: Names that file formats keep for themselves.
RESERVED = ("fid", "ogc_fid", "geom", "geometry")


@dataclass(frozen=True)
class Picture:
    """A layer noted in the main thread, to be copied in another: it may change or go meanwhile, the copy will not."""

    name: str
    fields: object
    wkb: object
    crs: object
    count: int
    source: object
    request: object


def picture_of(layer, geometry=""):
    """Note a vector layer as it stands, for write_picture; call it in the main thread."""
    request = QgsFeatureRequest()
    if geometry == "table":
        request.setFlags(QgsFeatureRequest.Flag.NoGeometry)
    return Picture(
        layer.name(),
        layer.fields(),
        layer.wkbType(),
        layer.crs(),
        layer.featureCount(),
        QgsVectorLayerFeatureSource(layer),
        request,
    )


def raster_file(layer):
    """Return the file of a raster layer, which the engine reads itself.

    Raises EngineError where it has none: a layer of a server is often a picture, not data.
    """
    if layer.providerType() == "gdal":
        return layer.source()
    raise EngineError(
        translate(
            "TerritoireSig",
            "The raster “{name}” comes from a server ({provider}), and the engine reads files.\n"
            "Mend: export it to a GeoTIFF, and choose that one.",
        ).format(name=layer.name(), provider=layer.providerType())
    )


def write_snapshot(source, path, context, feedback, geometry=""):
    """Copy a feature source of Processing to `path`, its suffix set, and return that path; see write_picture."""
    table = geometry == "table"
    if source.featureCount() == 0:
        raise QgsProcessingException(_empty(source.sourceName()))
    request = QgsFeatureRequest()
    request.setFeedback(feedback)
    if table:
        request.setFlags(QgsFeatureRequest.Flag.NoGeometry)
    skip = QgsProcessingFeatureSource.Flag.FlagSkipGeometryValidityChecks
    bare = not table and any(True for _ in source.getFeatures(_without_geometry(request), skip))
    features = source.getFeatures(request, skip)
    named = (source.sourceName(), source.fields(), source.wkbType(), source.sourceCrs())
    return _copied(named, features, path, context.transformContext(), geometry, bare)


def write_picture(picture, path, transforms, feedback, geometry=""):
    """Copy a picture to `path`, its suffix set, and return that path; invalid geometries go as they are.

    `geometry` is what the role asks for: a ``table`` goes without its geometries, to a GeoPackage, as FlatGeobuf knows
    no table; ``any`` may mix them, whatever the layer says of itself.

    Raises QgsProcessingException when the layer is empty, or cannot be written.
    """
    if picture.count == 0:
        raise QgsProcessingException(_empty(picture.name))
    request = QgsFeatureRequest(picture.request)
    request.setFeedback(feedback)
    named = (picture.name, picture.fields, picture.wkb, picture.crs)
    bare = geometry != "table" and any(True for _ in picture.source.getFeatures(_without_geometry(request)))
    return _copied(named, picture.source.getFeatures(request), path, transforms, geometry, bare)


def _without_geometry(request):
    """Return the request of one feature that is nowhere: FlatGeobuf would lose it, GeoPackage keeps it."""
    asked = QgsFeatureRequest(request)
    asked.combineFilterExpression("$geometry IS NULL OR is_empty($geometry)")
    asked.setLimit(1)
    return asked


def _copied(named, features, path, transforms, geometry, bare):
    name, fields, kind, crs = named
    package = geometry == "table" or bare
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG" if package else "FlatGeobuf"
    options.layerName = path.stem if package else name
    options.layerOptions = ["SPATIAL_INDEX=NO"]
    options.actionOnExistingFile = QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteFile
    path = path.with_suffix(".gpkg" if package else ".fgb")
    kind = _sent_kind(kind, geometry)
    writer = QgsVectorFileWriter.create(str(path), free_fields(fields), kind, crs, transforms, options)
    if writer.hasError() == QgsVectorFileWriter.WriterError.NoError:
        writer.addFeatures(features, QgsFeatureSink.Flag.FastInsert)
        writer.flushBuffer()
    failed, why = writer.hasError() != QgsVectorFileWriter.WriterError.NoError, writer.errorMessage()
    del writer
    if failed:
        raise QgsProcessingException(
            translate(
                "TerritoireSig",
                "The layer “{name}” cannot be handed to the engine: {why}\n"
                "Mend: free some room in the temporary folder, or export the layer to a GeoPackage.",
            ).format(name=name, why=why)
        )
    return str(path)


def _sent_kind(kind, geometry):
    """Return the kind of geometry of a copy; a layer of polygons may hold multipolygons, whatever it says of itself."""
    if geometry == "table":
        return QgsWkbTypes.Type.NoGeometry
    if geometry == "any" or QgsWkbTypes.isCurvedType(kind):
        return QgsWkbTypes.Type.Unknown
    return QgsWkbTypes.multiType(kind)


def _empty(name):
    return translate(
        "TerritoireSig",
        "The layer “{name}” is empty (or nothing is selected in it).\nMend: complete it, or choose another.",
    ).format(name=name)


def sent_name(name):
    """Return the name under which a field was copied for the engine."""
    return "src_" + name if name.lower() in RESERVED else name


def free_fields(fields):
    """Return the fields, those whose name a format keeps for itself as ``src_…``; their order is kept."""
    taken = {field.name().lower() for field in fields}
    freed = QgsFields()
    for field in fields:
        copy = QgsField(field)
        if field.isNumeric():
            # A declared precision would round the values: a layer in memory says five decimals, and holds more.
            copy.setLength(0)
            copy.setPrecision(0)
        if field.name().lower() in RESERVED:
            name = "src_" + field.name()
            while name.lower() in taken:
                name = "src_" + name
            taken.add(name.lower())
            copy.setName(name)
        freed.append(copy)
    return freed


def text_fields(names):
    """Return fields of text of any length; QgsField asks for one kind of type before QGIS 3.38, for another since."""
    layer = QgsVectorLayer("None?" + "&".join(f"field={name}:string" for name in names), "", "memory")
    made = QgsFields()
    for field in layer.fields():
        copy = QgsField(field)
        copy.setLength(0)
        made.append(copy)
    return made
