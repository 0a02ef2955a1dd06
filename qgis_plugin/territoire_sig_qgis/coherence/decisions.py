"""What the services decide of a finding: kept in the GeoPackage by QGIS, and beside it for the next diagnosis."""

from collections import Counter
from contextlib import contextmanager, suppress

from ..engine_place import EngineError
from ..snapshot import text_fields
from ..words import translate
from .answers import LAYER, TO_SETTLE, layers_of, open_layer
from .kept import DECISIONS, SIDE, read_kept, write_kept

FIELDS = ("arbitrage", "note")

__all__ = ["DECISIONS", "SIDE", "decision_label", "recall", "save_decisions"]


def decision_label(decision):
    """Return a decision in the language of QGIS."""
    return {
        TO_SETTLE: translate("TerritoireSig", "to settle"),
        "arbitré": translate("TerritoireSig", "settled"),
        "écarté": translate("TerritoireSig", "set aside"),
    }.get(decision, decision)


def save_decisions(answers, findings, project=None):
    """Write the decisions of some findings into the GeoPackage, and keep all of them beside it.

    Raises EngineError when the layer is being edited, or a file cannot be written; nothing is then changed.
    """
    layer = _layer(answers.file, project)
    with _kept_beside(answers, findings):
        _write(layer, answers.file, findings)


def recall(answers, project=None):
    """Give the findings of a new diagnosis the decisions kept beside it; return how many were, and how many were lost.

    A decision is given back to the finding of the same rule, unit and object; where there are two, to none. What is
    kept beside stays: what found no finding today may find one tomorrow.

    Raises EngineError as save_decisions does.
    """
    kept = read_kept(answers.file.with_name(SIDE))
    counts = Counter(finding.key for finding in answers.findings)
    found = [item for item in answers.findings if item.key in kept and counts[item.key] == 1]
    for finding in found:
        finding.decision, finding.note = kept[finding.key]
    if found:
        _write(_layer(answers.file, project), answers.file, found)
    return len(found), len(kept) - len(found)


@contextmanager
def _kept_beside(answers, findings):
    """Keep the decisions beside the GeoPackage, as they were before where it refuses them.

    Only those of `findings` may go: what a new file does not hold yet is to be given back to it.
    """
    path = answers.file.with_name(SIDE)
    before = read_kept(path)
    saved = {finding.key for finding in findings}
    kept = {key: told for key, told in before.items() if key not in saved}
    for finding in answers.findings:
        if finding.decision != TO_SETTLE or finding.note:
            kept[finding.key] = (finding.decision, finding.note)
    write_kept(path, kept)
    try:
        yield
    except EngineError:
        with suppress(EngineError):
            write_kept(path, before)
        raise


def _layer(file, project):
    """Return the layer as the project has it, so that what it shows follows; else one of our own."""
    layer = layers_of(file, project).get(LAYER) or open_layer(file)
    if not layer.isEditable():
        return layer
    raise EngineError(
        translate("TerritoireSig", "The layer “{}” is being edited.\nMend: save or discard its edits.").format(
            layer.name()
        )
    )


def _write(layer, file, findings):
    """Write the decisions into the layer, all or none."""
    _add_fields(layer, file)
    places = [layer.fields().indexFromName(name) for name in FIELDS]
    layer.startEditing()
    fine = all(
        layer.changeAttributeValue(finding.fid, place, value)
        for finding in findings
        for place, value in zip(places, (finding.decision, finding.note))
    )
    if not fine or not layer.commitChanges():
        why = "; ".join(layer.commitErrors())
        layer.rollBack()
        raise EngineError(_refused(file, why))


def _add_fields(layer, file):
    names = layer.fields().names()
    wanted = [name for name in FIELDS if name not in names]
    if not wanted:
        return
    shown = layer.subsetString()
    added = layer.dataProvider().addAttributes(list(text_fields(wanted)))
    layer.updateFields()
    if not added or not set(FIELDS) <= set(layer.fields().names()):
        raise EngineError(_refused(file, layer.dataProvider().error().summary()))
    if layer.subsetString() != shown:
        layer.setSubsetString(shown)


def _refused(file, why):
    return translate(
        "TerritoireSig",
        "The decision was not saved in {file}: {why}\n"
        "Mend: close the program that holds this file, or free some room, then do it again.",
    ).format(file=file, why=why or "-")
