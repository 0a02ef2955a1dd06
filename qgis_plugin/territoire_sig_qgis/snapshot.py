"""Layers on their way to the engine: each is copied as it stands in QGIS, to a FlatGeobuf, or a table to a GeoPackage.

Edits in progress, the selection, filters, joins and virtual fields count; no other SQLite opens a file that QGIS holds.
"""

from qgis.core import (
    QgsFeatureRequest,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsVectorFileWriter,
    QgsWkbTypes,
)

from .words import say

#: Names that file formats keep for themselves.
RESERVED = ("fid", "ogc_fid", "geom", "geometry")


def write_snapshot(source, path, context, feedback, table=False):
    """Copy a feature source to `path`, its suffix set, and return that path; invalid geometries go as they are.

    A `table` goes without its geometries, to a GeoPackage: FlatGeobuf knows no table.

    Raises QgsProcessingException when the source is empty, or cannot be written.
    """
    name = source.sourceName()
    if source.featureCount() == 0:
        raise QgsProcessingException(
            say(
                "La couche « {name} » est vide (ou rien n'y est sélectionné).\n"
                "Remède : complétez-la, ou choisissez-en une autre.",
                "The layer “{name}” is empty (or nothing is selected in it).\nMend: complete it, or choose another.",
            ).format(name=name)
        )
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG" if table else "FlatGeobuf"
    options.layerName = path.stem if table else name
    options.layerOptions = ["SPATIAL_INDEX=NO"]
    options.actionOnExistingFile = QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteFile
    path = path.with_suffix(".gpkg" if table else ".fgb")
    kind = QgsWkbTypes.Type.NoGeometry if table else source.wkbType()
    writer = QgsVectorFileWriter.create(
        str(path), free_fields(source.fields()), kind, source.sourceCrs(), context.transformContext(), options
    )
    if writer.hasError() == QgsVectorFileWriter.WriterError.NoError:
        request = QgsFeatureRequest()
        request.setFeedback(feedback)
        if table:
            request.setFlags(QgsFeatureRequest.Flag.NoGeometry)
        skip = QgsProcessingFeatureSource.Flag.FlagSkipGeometryValidityChecks
        writer.addFeatures(source.getFeatures(request, skip), QgsFeatureSink.Flag.FastInsert)
        writer.flushBuffer()
    failed, why = writer.hasError() != QgsVectorFileWriter.WriterError.NoError, writer.errorMessage()
    del writer
    if failed:
        raise QgsProcessingException(
            say(
                "La couche « {name} » ne peut pas être transmise au moteur : {why}\n"
                "Remède : libérez de la place dans le dossier temporaire, ou exportez la couche en GeoPackage.",
                "The layer “{name}” cannot be handed to the engine: {why}\n"
                "Mend: free some room in the temporary folder, or export the layer to a GeoPackage.",
            ).format(name=name, why=why)
        )
    return str(path)


def free_fields(fields):
    """Return the fields, those whose name a format keeps for itself as ``src_…``; their order is kept."""
    taken = {field.name().lower() for field in fields}
    freed = QgsFields()
    for field in fields:
        copy = QgsField(field)
        if field.name().lower() in RESERVED:
            name = "src_" + field.name()
            while name.lower() in taken:
                name = "src_" + name
            taken.add(name.lower())
            copy.setName(name)
        freed.append(copy)
    return freed
