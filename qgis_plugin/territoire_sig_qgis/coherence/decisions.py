"""What the services decide of a finding: kept in the GeoPackage by QGIS, and beside it for the next diagnosis."""

import csv
from collections import Counter

from qgis.core import QgsField, QgsMapLayer, QgsProject
from qgis.PyQt.QtCore import QVariant

from ..engine_place import EngineError
from ..words import translate
from .answers import LAYER, TO_SETTLE, open_layer

#: Words of the register, in the order of the work; they are data, and are not translated in files.
DECISIONS = (TO_SETTLE, "arbitré", "écarté")
FIELDS = ("arbitrage", "note")
SIDE = "arbitrages.csv"
_KEY = ("regle", "code_unite", "objet")


def decision_label(decision):
    """Return a decision in the language of QGIS."""
    return {
        TO_SETTLE: translate("TerritoireSig", "to settle"),
        "arbitré": translate("TerritoireSig", "settled"),
        "écarté": translate("TerritoireSig", "set aside"),
    }.get(decision, decision)


def save_decisions(answers, findings, project=None):
    """Write the decisions of some findings into the GeoPackage, then keep all of them beside it.

    Raises EngineError when the layer is being edited, or its file cannot be written; nothing is then changed.
    """
    layer = _layer(answers.file, project)
    if layer.isEditable():
        raise EngineError(
            translate("TerritoireSig", "The layer “{}” is being edited.\nMend: save or discard its edits.").format(
                layer.name()
            )
        )
    _add_fields(layer, answers.file)
    places = [layer.fields().indexFromName(name) for name in FIELDS]
    layer.startEditing()
    fine = all(
        layer.changeAttributeValue(finding.fid, place, value)
        for finding in findings
        for place, value in zip(places, (finding.decision, finding.note))
    )
    if not fine or not layer.commitChanges():
        why = " ; ".join(layer.commitErrors())
        layer.rollBack()
        raise EngineError(_refused(answers.file, why))
    _keep(answers)


def recall(answers, project=None):
    """Give the findings of a new diagnosis the decisions kept beside it; return how many were, and how many were lost.

    A decision is given back to the finding of the same rule, unit and object; where there are two, to none.
    """
    kept = _kept(answers.file.with_name(SIDE))
    counts = Counter(finding.key for finding in answers.findings)
    found = [item for item in answers.findings if item.key in kept and counts[item.key] == 1]
    for finding in found:
        finding.decision, finding.note = kept[finding.key]
    if found:
        save_decisions_only(answers, found, project)
    return len(found), len(kept) - len(found)


def save_decisions_only(answers, findings, project=None):
    """Write decisions without touching those kept beside: what found no finding today may find one tomorrow."""
    path = answers.file.with_name(SIDE)
    before = path.read_bytes()
    save_decisions(answers, findings, project)
    path.write_bytes(before)


def _layer(file, project):
    """Return the layer as the project has it, so that what it shows follows; else one of our own."""
    for layer in (project or QgsProject.instance()).mapLayers().values():
        if layer.type() == QgsMapLayer.LayerType.VectorLayer and _is(layer, file):
            return layer
    return open_layer(file)


def _is(layer, file):
    path, _, rest = layer.source().partition("|")
    return path == str(file) and "layername=" + LAYER in rest.split("|")


def _add_fields(layer, file):
    names = layer.fields().names()
    wanted = [QgsField(name, QVariant.String) for name in FIELDS if name not in names]
    if not wanted:
        return
    shown = layer.subsetString()
    added = layer.dataProvider().addAttributes(wanted)
    layer.updateFields()
    if not added or not set(FIELDS) <= set(layer.fields().names()):
        raise EngineError(_refused(file, layer.dataProvider().error().summary()))
    if layer.subsetString() != shown:
        layer.setSubsetString(shown)


def _keep(answers):
    path = answers.file.with_name(SIDE)
    kept = _kept(path)
    for finding in answers.findings:
        if finding.decision != TO_SETTLE or finding.note:
            kept[finding.key] = (finding.decision, finding.note)
        else:
            kept.pop(finding.key, None)
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([*_KEY, *FIELDS])
            writer.writerows([*key, *value] for key, value in sorted(kept.items()))
    except OSError as error:
        raise EngineError(_refused(path, error.strerror or error)) from error


def _kept(path):
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return {
                tuple(row[name] for name in _KEY): tuple(row[name] for name in FIELDS) for row in csv.DictReader(file)
            }
    except (OSError, KeyError):
        return {}


def _refused(file, why):
    return translate(
        "TerritoireSig",
        "The decision was not saved in {file}: {why}\n"
        "Mend: close the program that holds this file, or free some room, then do it again.",
    ).format(file=file, why=why or "-")
