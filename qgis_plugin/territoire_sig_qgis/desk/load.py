"""The layers of a diagnosis in the project: one group, styled by their file."""

from pathlib import Path

from qgis.core import QgsMapLayer, QgsProject, QgsProviderRegistry, QgsVectorLayer

from ..coherence.answers import LAYER
from ..coherence.facts import ANSWER
from ..words import translate

#: Layers shown at first, from the top; the others are there, unticked.
SHOWN = ("constats", "constats_points", "constats_lignes", "constats_surfaces", "unites")
FINDINGS = SHOWN[:4]


def load_answers(file, project=None):
    """Add the layers of a diagnosis in a group of their own; those already there are read again."""
    project = project or QgsProject.instance()
    there = layers_of(file, project)
    if there:
        for layer in there.values():
            layer.setSubsetString("")
            layer.dataProvider().reloadData()
            layer.updateFields()
            layer.triggerRepaint()
    group = None
    for name in [] if there else _listed(file):
        layer = QgsVectorLayer(f"{file}|layername={name}", name, "ogr")
        layer.setName((layer.metadata().title() or name).partition(" – ")[0])
        group = group or _group(project)
        layer.setCustomProperty(ANSWER, True)
        project.addMapLayer(layer, False)
        node = group.addLayer(layer)
        node.setItemVisibilityChecked(name in SHOWN)
        node.setExpanded(name == LAYER)
    return layers_of(file, project)


def layers_of(file, project=None):
    """Return name → layer, of the layers of one diagnosis that the project holds."""
    found = {}
    for layer in (project or QgsProject.instance()).mapLayers().values():
        if layer.type() == QgsMapLayer.LayerType.VectorLayer and layer.providerType() == "ogr":
            path, _, rest = layer.source().partition("|")
            names = [part.partition("=")[2] for part in rest.split("|") if part.startswith("layername=")]
            if names and Path(path) == Path(file):
                found[names[0]] = layer
    return found


def answer_layers(project=None):
    """Return the files of the diagnoses that the project holds."""
    found = set()
    for layer in (project or QgsProject.instance()).mapLayers().values():
        if layer.customProperty(ANSWER) and layer.isValid():
            found.add(layer.source().partition("|")[0])
    return found


def _listed(file):
    """Return the names of the layers of the file, those to show first."""
    details = QgsProviderRegistry.instance().querySublayers(str(file))
    names = [item.name() for item in details if item.name() != "layer_styles"]
    order = {name: rank for rank, name in enumerate(SHOWN)}
    return sorted(names, key=lambda name: (order.get(name, len(SHOWN)), names.index(name)))


def _group(project):
    return project.layerTreeRoot().insertGroup(0, translate("TerritoireSig", "Coherence diagnosis"))
