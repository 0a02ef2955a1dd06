"""Telling the user: the message bar of QGIS for what matters now, its log for the whole."""

from qgis.core import Qgis, QgsMessageLog

from ..engine import LOG
from ..words import translate

#: Seconds that a message stays; an error stays until it is closed.
_STAY_S = {Qgis.MessageLevel.Info: 8, Qgis.MessageLevel.Success: 8, Qgis.MessageLevel.Warning: 20}


def tell(iface, text, level=Qgis.MessageLevel.Info, action=None):
    """Show `text` in the message bar, and write it to the log; `action` is a button: its label, what it calls."""
    QgsMessageLog.logMessage(text, LOG, level, False)
    bar = iface.messageBar()
    flat = " ".join(line for line in text.splitlines() if line)
    if action is None:
        bar.pushMessage("Territoire SIG", flat, level, _STAY_S.get(level, 0))
        return
    from qgis.PyQt.QtWidgets import QPushButton

    item = bar.createMessage("Territoire SIG", flat)
    button = QPushButton(action[0])
    button.clicked.connect(lambda: action[1]())
    item.layout().addWidget(button)
    bar.pushWidget(item, level, _STAY_S.get(level, 0))


def tell_error(iface, text, action=None):
    """Show what went wrong and its mend."""
    tell(iface, text, Qgis.MessageLevel.Critical, action)


def ask_unsaved(parent, title, may_stay):
    """Ask what to do of a decision that is not saved; return True to save it, False to drop it, None to stay."""
    from qgis.PyQt.QtWidgets import QMessageBox

    buttons = QMessageBox.StandardButton.Save | QMessageBox.StandardButton.Discard
    if may_stay:
        buttons |= QMessageBox.StandardButton.Cancel
    text = translate("TerritoireSig", "The decision or the note on “{}” is not saved.").format(title)
    answer = QMessageBox.question(parent, "Territoire SIG", text, buttons, QMessageBox.StandardButton.Save)
    return {QMessageBox.StandardButton.Save: True, QMessageBox.StandardButton.Discard: False}.get(answer)


def tell_missing_engine(iface, text, open_engine):
    """Show that there is no engine, with a button that opens the page which makes one."""
    tell(iface, text, Qgis.MessageLevel.Warning, (translate("TerritoireSig", "Engine…"), open_engine))
