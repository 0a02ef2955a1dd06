"""A diagnosis asked from the layers of the project: checked and noted in the main thread, copied and run in another."""

from dataclasses import dataclass
from pathlib import Path

from qgis.core import (
    QgsCoordinateTransformContext,
    QgsFeatureRequest,
    QgsMapLayer,
    QgsProject,
    QgsVectorLayerFeatureSource,
)

from ..engine import ask
from ..engine_place import EngineError
from ..snapshot import Picture, sent_name, write_picture
from ..words import translate


@dataclass(frozen=True)
class Source:
    """One layer noted for the engine: a picture to copy, or the file of a raster."""

    role: str
    name: str
    picture: object = None
    file: str = ""
    geometry: str = ""
    columns: tuple = ()


@dataclass(frozen=True)
class Order:
    """All that a run needs; no layer, so that the user may do what he likes meanwhile."""

    name: str
    folder: Path
    sources: tuple
    code: str = ""
    label: str = ""
    level: str = "autre"
    territory: str = ""
    transforms: object = None


def prepare(territory, roles, project=None):
    """Note the layers as they stand (edits, filters, joins count); call it in the main thread.

    Raises EngineError with what is missing and the mend.
    """
    project = project or QgsProject.instance()
    folder = Path(territory.folder)
    _refuse_open_edits(folder / "diagnostic.gpkg", project)
    if territory.file:
        return Order("", folder, (), territory=territory.file)
    units = project.mapLayer(territory.units.layer)
    if units is None or not territory.units.code:
        raise EngineError(
            translate(
                "TerritoireSig",
                "The units of the territory (communes, IRIS…) and the field of their code are missing.\n"
                "Mend: choose them at the top of the tab Territory.",
            )
        )
    sources = [_noted("unites", units, "polygon")]
    for role, key in sorted(territory.roles.items()):
        layer = project.mapLayer(key)
        if layer is not None and role in roles:
            columns = territory.columns.get(role, {})
            sources.append(_noted(role, layer, roles[role]["geometry"], tuple(columns.items())))
    if len(sources) == 1:
        raise EngineError(
            translate("TerritoireSig", "No role has a layer.\nMend: choose at least one layer in the tab Territory.")
        )
    return Order(
        project.title() or project.baseName() or units.name(),
        folder,
        tuple(sources),
        sent_name(territory.units.code),
        sent_name(territory.units.name) if territory.units.name else "",
        territory.units.level,
        transforms=QgsCoordinateTransformContext(project.transformContext()),
    )


def execute(order, feedback):
    """Copy the layers beside the results, have the engine diagnose them; return its Answer. Call it in any thread."""
    request = {"out": str(order.folder)}
    if order.territory:
        return ask("diagnostic", feedback, territory=order.territory, **request)
    place = order.folder / "entrees"
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EngineError(_unwritable(place, error)) from error
    inputs = {}
    for rank, source in enumerate(order.sources):
        feedback.setProgressText(translate("TerritoireSig", "copying “{}”").format(source.name))
        feedback.setProgress(5 * rank / len(order.sources))
        file = source.file
        if source.picture is not None:
            path = write_picture(source.picture, place / source.role, order.transforms, feedback, source.geometry)
            file = "entrees/" + Path(path).name
        inputs[source.role] = {"file": file, "source": source.name}
        if source.columns:
            inputs[source.role]["columns"] = {column: sent_name(name) for column, name in source.columns}
    units = dict(inputs.pop("unites"), code=order.code, label=order.label or None, level=order.level)
    return ask("diagnostic", feedback, name=order.name, units=units, inputs=inputs, **request)


def _noted(role, layer, geometry, columns=()):
    if layer.type() == QgsMapLayer.LayerType.RasterLayer:
        return Source(role, layer.name(), file=layer.source())
    table = geometry == "table"
    if not table and not layer.crs().isValid():
        raise EngineError(
            translate("TerritoireSig", "The layer “{name}” has no CRS.\nMend: set it in its properties.").format(
                name=layer.name()
            )
        )
    request = QgsFeatureRequest()
    if table:
        request.setFlags(QgsFeatureRequest.Flag.NoGeometry)
    picture = Picture(
        layer.name(),
        layer.fields(),
        layer.wkbType(),
        layer.crs(),
        layer.featureCount(),
        QgsVectorLayerFeatureSource(layer),
        request,
    )
    return Source(role, layer.name(), picture, geometry=geometry, columns=columns)


def _refuse_open_edits(file, project):
    """Refuse to replace a file whose layers are being edited in QGIS: the edits would be lost."""
    for layer in project.mapLayers().values():
        if layer.type() != QgsMapLayer.LayerType.VectorLayer or not layer.isEditable():
            continue
        if Path(layer.source().partition("|")[0]) == file:
            raise EngineError(
                translate(
                    "TerritoireSig",
                    "The layer “{name}” is being edited, and this diagnosis would replace its file.\n"
                    "Mend: save or discard its edits, or choose another folder.",
                ).format(name=layer.name())
            )


def _unwritable(place, error):
    return translate(
        "TerritoireSig", "Cannot write into {place}: {why}\nMend: free some room, or choose another folder."
    ).format(place=place, why=error.strerror or error)
