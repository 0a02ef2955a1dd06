"""Texts in the language of QGIS: English in the code, French by ``i18n/territoire_sig_fr.qm``."""

from functools import lru_cache
from pathlib import Path

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

#: Called with the context and the text written out, so that pylupdate finds them.
translate = QCoreApplication.translate
FRENCH = Path(__file__).parent / "i18n" / "territoire_sig_fr.qm"


@lru_cache(maxsize=1)
def language():
    """Return ``"fr"`` or ``"en"``; QGIS asks for a new start when it is changed, and looking it up is slow."""
    return "fr" if QgsApplication.locale().lower().startswith("fr") else "en"


def told(text):
    """Return a text that the engine gave in both languages, ``{"fr": …, "en": …}``."""
    return text[language()] if text else ""


def labelled(name, text):
    """Return a text after its name; languages do not space a colon alike."""
    return translate("TerritoireSig", "{name}: {text}").format(name=name, text=text)


def capital(text):
    """Return a text with its first letter capital."""
    return text[:1].upper() + text[1:]


def install_translator():
    """Have Qt translate the plugin's texts where QGIS is in French; return the translator, None elsewhere."""
    translator = QTranslator()
    if language() != "fr" or not translator.load(str(FRENCH)):
        return None
    QCoreApplication.installTranslator(translator)
    return translator


def remove_translator(translator):
    """Take the translator away."""
    if translator is not None:
        QCoreApplication.removeTranslator(translator)
