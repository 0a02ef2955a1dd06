"""Texts a person reads, in French and in English, and the language in force.

The language is a context variable, so that two threads (or a test and its neighbour) can speak
different languages: ``with language("en"): ...``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from string import Template
from typing import Literal, get_args

__all__ = [
    "LANGUAGES",
    "Language",
    "Text",
    "area_text",
    "at_place",
    "current_language",
    "language",
    "length_text",
    "number_text",
    "of_place",
    "people_text",
    "set_language",
]

Language = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_language: ContextVar[Language] = ContextVar("territoire_sig_language", default="fr")


def current_language() -> Language:
    """Return the language in which texts are shown: ``"fr"`` unless told otherwise."""
    return _language.get()


@contextmanager
def language(code: Language) -> Iterator[None]:
    """Show texts in `code` within a ``with`` block.

    Examples
    --------
    >>> zone = Text("zone urbaine", "urban zone")
    >>> str(zone)
    'zone urbaine'
    >>> with language("en"):
    ...     print(zone)
    urban zone
    """
    token = _language.set(code)
    try:
        yield
    finally:
        _language.reset(token)


def set_language(code: Language) -> None:
    """Show texts in `code` from now on, in this thread: for programs; a library call prefers :func:`language`."""
    _language.set(code)


@dataclass(frozen=True)
class Text:
    """The same sentence in French and in English; ``str()`` gives the one in force.

    Examples
    --------
    >>> Text("$n sites", "$n masts").fill(n=3).fr
    '3 sites'
    """

    fr: str
    en: str

    def __str__(self) -> str:
        return self.fr if current_language() == "fr" else self.en

    def fill(self, **values: object) -> Text:
        """Return the text with each ``$name`` replaced; a :class:`Text` value in its own language."""
        return Text(self._filled("fr", values), self._filled("en", values))

    def _filled(self, code: Language, values: dict[str, object]) -> str:
        shown = {name: getattr(value, code) if isinstance(value, Text) else value for name, value in values.items()}
        return Template(getattr(self, code)).substitute(shown)


def number_text(value: float | None, decimals: int = 0) -> Text:
    r"""Return a number as each language writes it; «inconnu» / “unknown” for NaN and None.

    Examples
    --------
    >>> number_text(1234.5, 1).fr, number_text(1234.5, 1).en
    ('1\u202f234,5', '1,234.5')
    """
    if value is None or value != value:
        return Text("inconnu", "unknown")
    english = f"{value:,.{decimals}f}"
    return Text(english.replace(",", "\u202f").replace(".", ","), english)


def area_text(area_m2: float) -> Text:
    """Return an area in m² below one hectare, in hectares above."""
    return _measured(area_m2, 10_000, ("m²", 0), ("ha", 1))


def length_text(length_m: float) -> Text:
    """Return a length in metres below one kilometre, in kilometres above."""
    return _measured(length_m, 1_000, ("m", 0), ("km", 1))


def people_text(inhabitants: float | None) -> Text:
    r"""Return a number of inhabitants with its noun.

    Examples
    --------
    >>> people_text(1234.4).fr, people_text(0.3).en, people_text(None).fr
    ('1\u202f234 habitants', 'less than one inhabitant', "un nombre inconnu d'habitants")
    """
    if inhabitants is None or inhabitants != inhabitants:
        return Text("un nombre inconnu d'habitants", "an unknown number of inhabitants")
    if 0 < inhabitants < 1:
        return Text("moins d'un habitant", "less than one inhabitant")
    shown = number_text(inhabitants)
    many = round(inhabitants) > 1
    return Text(f"{shown.fr} habitant{'s' * many}", f"{shown.en} inhabitant{'s' * (round(inhabitants) != 1)}")


def _measured(value: float, limit: float, small: tuple[str, int], large: tuple[str, int]) -> Text:
    factor, (unit, decimals) = (1.0, small) if value != value or value < limit else (limit, large)
    shown = number_text(value / factor, decimals)
    return Text(f"{shown.fr}\u00a0{unit}", f"{shown.en}\u00a0{unit}")


def at_place(name: str) -> Text:
    """Return «at» a place, as each language says it: the article of a French name contracts.

    Examples
    --------
    >>> [at_place(name).fr for name in ("Le Ménil", "Les Lilas", "L'Hôpital", "La Tronche", "Échirolles")]
    ['au Ménil', 'aux Lilas', "à L'Hôpital", 'à La Tronche', 'à Échirolles']
    >>> at_place("Le Ménil").en
    'in Le Ménil'
    """
    article, rest = _article(name)
    return Text({"le": "au ", "les": "aux "}.get(article, "à ") + rest, f"in {name}")


def of_place(name: str) -> Text:
    """Return «of» a place, as each language says it: the article contracts, «de» elides before a vowel.

    Notes
    -----
    «h» is taken as mute («d'Herbeys»), save in «Ha-» («de Hagetmau»); «y» elides before a consonant («d'Yvetot»).

    Examples
    --------
    >>> [of_place(name).fr for name in ("Le Pré-Saint-Gervais", "Les Lilas", "La Tronche", "Échirolles", "Sassenage")]
    ['du Pré-Saint-Gervais', 'des Lilas', 'de La Tronche', "d'Échirolles", 'de Sassenage']
    >>> of_place("Les Lilas").en
    'of Les Lilas'
    """
    article, rest = _article(name)
    plain = "d'" if _elides(name) else "de "
    return Text({"le": "du ", "les": "des "}.get(article, plain) + rest, f"of {name}")


def _article(name: str) -> tuple[str, str]:
    """Return the article that contracts, in lower case, and the rest of the name; no article, and the whole name."""
    found = re.match(r"(les?)\s+(?=\S)", name, flags=re.IGNORECASE)
    return (found[1].lower(), name[found.end() :]) if found else ("", name)


def _elides(name: str) -> bool:
    """Tell whether «de» elides before a name."""
    folded = unicodedata.normalize("NFD", name.lower().replace("œ", "oe").replace("æ", "ae"))
    plain = "".join(sign for sign in folded if not unicodedata.combining(sign))
    return re.match(r"[aeiou]|h(?!a)|y(?![aeiouy])", plain) is not None
