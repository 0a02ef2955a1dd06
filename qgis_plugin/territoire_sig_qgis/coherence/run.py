"""A diagnosis asked from the layers of the project: checked and noted in the main thread, copied and run in another."""

from dataclasses import dataclass
from pathlib import Path

from qgis.core import QgsCoordinateTransformContext, QgsMapLayer, QgsProject

from ..engine import ask
from ..engine_place import EngineError
from ..files import refuse_open_edits
from ..snapshot import picture_of, raster_file, sent_name, write_picture
from ..words import translate
from .inputs import former_copies, inputs_of_a_run
from .roles import results_folder, usable_roles


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
    code: str
    label: str
    level: str
    transforms: object
    remarks: tuple = ()


def prepare(territory, roles, project=None):
    """Note the layers as they stand (edits, filters, joins count); call it in the main thread.

    A layer guessed, that lacks a required column, is left out, and told; one that the hand chose goes to the engine,
    which says what is wrong with it.

    Raises EngineError with what is missing and the mend.
    """
    project = project or QgsProject.instance()
    folder = _folder(territory, project)
    units = project.mapLayer(territory.units.layer)
    if units is None or not territory.units.code:
        raise EngineError(
            translate(
                "TerritoireSig",
                "The units of the territory (communes, IRIS…) and the field of their code are missing.\n"
                "Mend: choose them at the top of the tab Territory.",
            )
        )
    sources, remarks = [_noted("unites", units, "polygon")], []
    usable = usable_roles(territory, roles, project)
    for role, key in sorted(territory.roles.items()):
        layer = project.mapLayer(key)
        if layer is None or role not in roles:
            continue
        if role in usable or role in territory.chosen:
            columns = territory.columns.get(role, {})
            sources.append(_noted(role, layer, roles[role]["geometry"], tuple(columns.items())))
        else:
            remarks.append(_left_out(role, layer))
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
        QgsCoordinateTransformContext(project.transformContext()),
        tuple(remarks),
    )


def execute(order, feedback):
    """Copy the layers beside the results, have the engine diagnose them; return its Answer. Call it in any thread."""
    for remark in order.remarks:
        feedback.pushWarning(remark)
    inputs = {}
    with inputs_of_a_run(order.folder) as place:
        for rank, source in enumerate(order.sources):
            feedback.setProgressText(translate("TerritoireSig", "copying “{}”").format(source.name))
            feedback.setProgress(5 * rank / len(order.sources))
            file = source.file
            if source.picture is not None:
                path = write_picture(source.picture, place / source.role, order.transforms, feedback, source.geometry)
                file = f"{place.name}/{Path(path).name}"
            inputs[source.role] = {"file": file, "source": source.name}
            if source.columns:
                inputs[source.role]["columns"] = {column: sent_name(name) for column, name in source.columns}
        units = dict(inputs.pop("unites"), code=order.code, label=order.label or None, level=order.level)
        return ask("diagnostic", feedback, name=order.name, units=units, inputs=inputs, out=str(order.folder))


def _folder(territory, project):
    """Return the folder of the results; nothing in it that would be replaced is being edited."""
    folder = results_folder(territory, project)
    if folder is None:
        raise EngineError(
            translate(
                "TerritoireSig",
                "The project was never saved: it has no folder for the results.\n"
                "Mend: save the project, or choose a folder at the bottom of the tab Territory.",
            )
        )
    refuse_open_edits([folder / name for name in ("diagnostic.gpkg", *former_copies(folder))], project)
    return folder


def _noted(role, layer, geometry, columns=()):
    if layer.type() == QgsMapLayer.LayerType.RasterLayer:
        return Source(role, layer.name(), file=raster_file(layer))
    if geometry != "table" and not layer.crs().isValid():
        raise EngineError(
            translate("TerritoireSig", "The layer “{name}” has no CRS.\nMend: set it in its properties.").format(
                name=layer.name()
            )
        )
    return Source(role, layer.name(), picture_of(layer, geometry), geometry=geometry, columns=columns)


def _left_out(role, layer):
    return translate(
        "TerritoireSig",
        "“{name}” is left out: it lacks required columns of the role {role}.\n"
        "Mend: click ⚠ in the tab Territory, and name them.",
    ).format(name=layer.name(), role=role)
