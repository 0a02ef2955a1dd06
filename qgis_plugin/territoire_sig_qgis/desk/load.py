"""The layers of a diagnosis in the project: one group, styled by their file."""

from pathlib import Path

from qgis.core import QgsProject, QgsProviderRegistry, QgsVectorLayer

from ..coherence.answers import LAYER, layers_of
from ..coherence.facts import ANSWER
from ..files import source_parts
from ..words import translate
from .styles import keep_mark, renew_style

#: Layers shown at first, from the top; the others are there, unticked.
SHOWN = ("constats", "constats_points", "constats_lignes", "constats_surfaces", "unites")
FINDINGS = SHOWN[:4]


def load_answers(file, project=None):
    """Bring the layers of a diagnosis into the project: those missing are added, those gone from the file removed.

    The others are read again, with the classes of the new values; one that is being edited is left alone. Returns the
    layers by name, and the titles of those whose style was of the hand: it is kept in their menu *Styles*.
    """
    project = project or QgsProject.instance()
    there, names = layers_of(file, project), _listed(file)
    if not names:
        return there, []
    group, place, changed = _group(project, there), 0, []
    _remove([layer for name, layer in there.items() if name not in names], project)
    for name in names:
        fresh, layer = QgsVectorLayer(f"{file}|layername={name}", name, "ogr"), there.get(name)
        if layer is None or not _same_kind(layer, fresh):
            _remove([layer] if layer else [], project)
            _add(fresh, name, group, place, project)
            place += 1
        else:
            changed += [layer.name()] if _read_again(layer, fresh) else []
            place = _after(layer, group, place)
    return layers_of(file, project), changed


def answer_files(project=None):
    """Return the files of the diagnoses that the project holds."""
    found = set()
    for layer in (project or QgsProject.instance()).mapLayers().values():
        if layer.customProperty(ANSWER) and layer.isValid():
            found.add(Path(source_parts(layer)[0]))
    return found


def _listed(file):
    """Return the names of the layers of the file, those to show first."""
    details = QgsProviderRegistry.instance().querySublayers(str(file))
    names = [item.name() for item in details if item.name() != "layer_styles"]
    order = {name: rank for rank, name in enumerate(SHOWN)}
    return sorted(names, key=lambda name: (order.get(name, len(SHOWN)), names.index(name)))


def _add(layer, name, group, place, project):
    layer.setName((layer.metadata().title() or name).partition(" – ")[0])
    layer.setCustomProperty(ANSWER, True)
    keep_mark(layer)
    project.addMapLayer(layer, False)
    node = group.insertLayer(place, layer)
    node.setItemVisibilityChecked(name in SHOWN)
    node.setExpanded(name == LAYER)


def _same_kind(layer, fresh):
    """Tell whether a layer may go on with the new content of its file."""
    return layer.isEditable() or (layer.isValid() and layer.geometryType() == fresh.geometryType())


def _read_again(layer, fresh):
    """Have a layer show what its file holds now; return whether its style was of the hand."""
    if layer.isEditable():
        return False
    layer.setCustomProperty(ANSWER, True)
    layer.dataProvider().reloadData()
    layer.updateFields()
    changed = renew_style(layer, fresh)
    layer.triggerRepaint()
    return changed


def _remove(layers, project):
    project.removeMapLayers([layer.id() for layer in layers if not layer.isEditable()])


def _after(layer, group, place):
    """Return the place in the group that follows a layer; `place` where the user has put it elsewhere."""
    ids = [node.layerId() if hasattr(node, "layerId") else "" for node in group.children()]
    return ids.index(layer.id()) + 1 if layer.id() in ids else place


def _group(project, there):
    """Return the group where the layers of the diagnosis are, a new one where there is none."""
    root = project.layerTreeRoot()
    for name in [name for name in SHOWN if name in there] or list(there):
        node = root.findLayer(there[name].id())
        if node is not None:
            return node.parent()
    return root.insertGroup(0, translate("TerritoireSig", "Coherence diagnosis"))
