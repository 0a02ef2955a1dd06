"""Texts in the language of QGIS: French where QGIS is in French, English elsewhere."""

from qgis.core import QgsApplication


def language():
    """Return ``"fr"`` or ``"en"``."""
    return "fr" if QgsApplication.locale().lower().startswith("fr") else "en"


def say(fr, en):
    """Return one sentence of the two."""
    return fr if language() == "fr" else en


def told(text):
    """Return a text that the engine gave in both languages, ``{"fr": …, "en": …}``."""
    return text[language()] if text else ""
