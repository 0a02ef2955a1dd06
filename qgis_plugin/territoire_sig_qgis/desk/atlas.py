"""The atlas of a diagnosis: one page a unit, with the findings that the panel keeps."""

from collections import Counter
from contextlib import contextmanager

from qgis.core import QgsFeedback, QgsVectorLayer
from qgis.PyQt.QtCore import QCoreApplication, Qt
from qgis.PyQt.QtWidgets import QProgressDialog

from ..coherence.answers import LAYER, layers_of
from ..maps import export_atlas
from ..words import translate
from .map_filter import expression


def export_findings(parent, answers, model, path):
    """Export one page a unit, with the findings of the list above the units; return the number of pages.

    Layers are styled as in the project. A window over `parent` tells the progress, and cancels. Raises MapError, as
    export_atlas.
    """
    units, findings = (_copy(answers.file, name) for name in ("unites", LAYER))
    findings.setSubsetString(expression(model))  # whatever filter the user gave the layer of the project
    with _progress(parent) as feedback:
        return export_atlas(
            units,
            path,
            title=_title(units),
            name_field="nom_unite",
            layers=[findings],
            values=_counts(model.shown),
            credits=_credits([units, findings], len(model.shown), len(model.findings)),
            feedback=feedback,
        )


def _copy(file, name):
    """Return a copy of a layer of the diagnosis, as the project has it; else as its file styles it."""
    layer = layers_of(file).get(name)
    return layer.clone() if layer is not None else QgsVectorLayer(f"{file}|layername={name}", name, "ogr")


def _title(units):
    """Return the title of the pages, with the name of the territory, which ends the title of each layer of results."""
    name = units.metadata().title().partition(" – ")[2]
    return translate("TerritoireSig", "Coherence diagnosis") + (f" – {name}" if name else "")


def _counts(shown):
    """Return the expressions of the lines of values: the conflicts and the synergies of the unit of the page."""
    words = (translate("TerritoireSig", "Conflicts found: "), translate("TerritoireSig", "Synergies found: "))
    lines = []
    for text, conflict in zip(words, (True, False)):
        counts = Counter(item["code_unite"] for item in shown if item.conflict is conflict and item["code_unite"])
        pairs = ", ".join(f"{_quoted(code)}, {count}" for code, count in counts.items())
        found = f'coalesce(map_get(map({pairs}), "code_unite"), 0)' if pairs else "0"
        lines.append(f"{_quoted(text)} || {found}")
    return lines


def _credits(layers, shown, total):
    """Return what the foot of the pages says: that findings are left out, then the sources and the licences."""
    told = []
    if shown < total:
        text = translate("TerritoireSig", "{shown} finding(s) of {total}: those that the panel keeps")
        told.append(text.format(shown=shown, total=total))
    for layer in layers:
        told += [*layer.metadata().history(), *layer.metadata().licenses()]
    return " – ".join(dict.fromkeys(told))


def _quoted(text):
    return "'" + str(text).replace("\\", "\\\\").replace("'", "''") + "'"


@contextmanager
def _progress(parent):
    """Show how far the pages are, QGIS alive meanwhile; a layout is of the main thread."""
    feedback = QgsFeedback()
    text, stop = translate("TerritoireSig", "Exporting the atlas…"), translate("TerritoireSig", "Cancel")
    dialog = QProgressDialog(text, stop, 0, 100, parent)
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.setMinimumDuration(0)
    dialog.canceled.connect(feedback.cancel)

    def advance(share):
        dialog.setValue(min(int(share), 99))
        QCoreApplication.processEvents()

    feedback.progressChanged.connect(advance)
    try:
        advance(0)
        yield feedback
    finally:
        dialog.hide()
        dialog.deleteLater()
