"""Files that the plugin writes: whole or not at all, and never over edits that QGIS holds."""

import shutil
from contextlib import contextmanager
from pathlib import Path

from qgis.core import QgsMapLayer, QgsProviderRegistry

from .engine_place import EngineError
from .words import translate


def source_parts(layer):
    """Return the path of the file of a layer and its name there, empty where it has none."""
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    return str(parts.get("path") or ""), str(parts.get("layerName") or "")


def refuse_open_edits(files, project):
    """Refuse to replace a file whose layers are being edited in the project: the edits would be lost.

    Call it in the main thread. Raises EngineError, which names the layer.
    """
    if project is None:
        return
    replaced = {Path(file).resolve() for file in files}
    for layer in project.mapLayers().values():
        if layer.type() != QgsMapLayer.LayerType.VectorLayer or not layer.isEditable():
            continue
        path = source_parts(layer)[0]
        if path and Path(path).resolve() in replaced:
            raise EngineError(
                translate(
                    "TerritoireSig",
                    "The layer “{name}” is being edited, and its file would be replaced.\n"
                    "Mend: save or discard its edits, or write elsewhere.",
                ).format(name=layer.name())
            )


@contextmanager
def drafted(target):
    """Yield the path of a draft, which takes the place of `target` once it is whole; raises OSError as it comes."""
    draft = target.with_name(f".{target.name}.partiel")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield draft
        draft.replace(target)
    finally:
        if draft.exists():
            draft.unlink()


def put_in_place(made, target):
    """Copy a file of the engine to where the user wants it.

    Raises EngineError where it cannot be written there.
    """
    try:
        with drafted(Path(target)) as draft:
            shutil.copyfile(str(made), str(draft))
    except OSError as error:
        raise EngineError(unwritable(target, error.strerror or error)) from error


def unwritable(path, why):
    """Return what to say of a file or a folder that cannot be written."""
    return translate(
        "TerritoireSig",
        "Cannot write {path}: {why}\n"
        "Mend: free some room, close the program or the layer that holds this file, or write elsewhere.",
    ).format(path=path, why=why)
