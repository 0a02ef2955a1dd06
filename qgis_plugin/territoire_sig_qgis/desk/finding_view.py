"""One finding in words, and its decision."""

from html import escape

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from ..coherence.decisions import DECISIONS, decision_label
from ..expressions import score_label, severity_label
from ..words import translate
from .findings_model import number, size_text


class FindingView(QWidget):
    """What was found, why, by which clause, who settles it, and what was decided."""

    decided = pyqtSignal(object, str, str)

    def __init__(self):
        super().__init__()
        self.finding, self._before = None, None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.text = QTextBrowser()
        self.text.setOpenLinks(False)
        layout.addWidget(self.text, 1)
        row = QHBoxLayout()
        self.decision = QComboBox()
        for value in DECISIONS:
            self.decision.addItem(decision_label(value), value)
        self.note = QLineEdit()
        self.note.setPlaceholderText(translate("TerritoireSig", "note of the departments"))
        self.save = QPushButton(translate("TerritoireSig", "Save"))
        self.save.clicked.connect(self._save)
        row.addWidget(self.decision)
        row.addWidget(self.note, 1)
        row.addWidget(self.save)
        layout.addLayout(row)
        self.show_finding(None)

    def show_finding(self, finding):
        """Show a finding, or say to choose one."""
        self.finding = finding
        for widget in (self.decision, self.save):
            widget.setEnabled(finding is not None)
        self.note.setReadOnly(finding is None)  # disabled, it would keep the pale hint of then
        if finding is None:
            self.decision.setCurrentIndex(0)
            self.note.clear()
            self.text.setHtml(
                "<p style='color:#777'>{}</p>".format(translate("TerritoireSig", "Choose a finding in the list."))
            )
            return
        self.decision.setCurrentIndex(max(self.decision.findData(finding.decision), 0))
        self.note.setText(finding.note)
        self._before = self.typed()
        self.text.setHtml(_html(finding))

    def typed(self):
        """Return the decision and the note as they are typed."""
        return self.decision.currentData(), self.note.text().strip()

    def type(self, decision, note):
        """Put a decision and a note back, that are not saved."""
        self.decision.setCurrentIndex(max(self.decision.findData(decision), 0))
        self.note.setText(note)

    def changed(self):
        """Tell whether what is typed is not saved."""
        return self.finding is not None and self.typed() != self._before

    def _save(self):
        if self.finding is not None:
            self.decided.emit(self.finding, *self.typed())


def _html(finding):
    rows = (
        (translate("TerritoireSig", "Severity"), severity_label(finding["gravite"] or 0) or "–"),
        (translate("TerritoireSig", "Score"), "{:+d}, {}".format(finding["score"], score_label(finding["score"]))),
        (translate("TerritoireSig", "Size"), size_text(finding)),
        (translate("TerritoireSig", "People"), number(finding["habitants"])),
        (translate("TerritoireSig", "Clause"), finding["article"]),
        (translate("TerritoireSig", "Departments"), finding["services"]),
        (translate("TerritoireSig", "Actors"), finding["acteurs"]),
        (translate("TerritoireSig", "Approximation"), finding["approximation"]),
    )
    cells = "".join(
        f"<tr><td style='color:#555;padding-right:8px'>{escape(label)}</td><td>{escape(str(value))}</td></tr>"
        for label, value in rows
        if value
    )
    title, why = escape(str(finding["titre"])), escape(str(finding["explication"] or ""))
    html = f"<p><b>{title}</b></p><p>{why}</p><table>{cells}</table>"
    return html.replace("\u202f", "\u00a0")  # Qt cuts a number at its narrow spaces
