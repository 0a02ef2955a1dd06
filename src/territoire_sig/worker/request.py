"""The one request of a worker: read, and refused with a clear error where it is not what the protocol says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from ..errors import TerritoireError
from ..texts import LANGUAGES, Language, Text

__all__ = ["PROTOCOL", "Fields", "ProtocolError", "parse_request", "spoken"]

#: Grows when a caller of the former number would be misunderstood.
PROTOCOL = 1
_UPDATE = Text(
    "mettez à jour le greffon QGIS et le moteur territoire_sig à la même version.",
    "bring the QGIS plugin and the territoire_sig engine to the same version.",
)
_SEE = Text(
    "écrivez la requête comme le dit docs/explication/protocole_moteur.md.",
    "write the request as docs/explication/protocole_moteur.md says.",
)
_NAMES: dict[Any, Text] = {
    str: Text("un texte", "a text"),
    dict: Text("un objet", "an object"),
    list: Text("une liste", "a list"),
}
_Kind = TypeVar("_Kind")


class ProtocolError(TerritoireError, ValueError):
    """A request is not what the protocol says."""


class Fields:
    """The keys of one JSON object of a request; each is taken once, and those left over are refused."""

    def __init__(self, content: Mapping[str, Any], where: str) -> None:
        self._left, self._where = dict(content), where

    def take(self, name: str, kind: type[_Kind]) -> _Kind:
        """Return the value of `name`.

        Raises
        ------
        ProtocolError
            When it is absent or of another kind.
        """
        value = self.optional(name, kind)
        if value is None:
            raise ProtocolError(
                Text(f"{self._where} : il manque «{name}»", f"{self._where}: «{name}» is missing"),
                _SEE,
            )
        return value

    def optional(self, name: str, kind: type[_Kind]) -> _Kind | None:
        """Return the value of `name`, None where it is absent or null.

        Raises
        ------
        ProtocolError
            When it is of another kind.
        """
        value = self._left.pop(name, None)
        if value is None or isinstance(value, kind):
            return value
        wanted = _NAMES.get(kind, Text(kind.__name__, kind.__name__))
        raise ProtocolError(
            Text(
                f"{self._where} : «{name}» vaut {json.dumps(value)[:80]} et doit être {wanted.fr}",
                f"{self._where}: «{name}» is {json.dumps(value)[:80]} and must be {wanted.en}",
            ),
            _SEE,
        )

    def close(self) -> None:
        """Refuse the keys that nothing has taken: a misspelt one would be forgotten in silence.

        Raises
        ------
        ProtocolError
            When there is one.
        """
        if self._left:
            names = ", ".join(f"«{name}»" for name in sorted(self._left))
            raise ProtocolError(
                Text(f"{self._where} : clé inconnue {names}", f"{self._where}: unknown key {names}"),
                _SEE,
            )


def parse_request(text: bytes) -> dict[str, Any]:
    """Return the request, its protocol number checked.

    Raises
    ------
    ProtocolError
        When it is not one JSON object in UTF-8, or speaks another protocol.
    """
    try:
        request = json.loads(text.decode("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ProtocolError(
            Text(f"la requête n'est pas du JSON en UTF-8 : {error}", f"the request is not JSON in UTF-8: {error}"),
            _SEE,
        ) from error
    if not isinstance(request, dict):
        raise ProtocolError(
            Text("la requête n'est pas un objet JSON", "the request is not a JSON object"),
            _SEE,
        )
    given = request.pop("protocol", None)
    if isinstance(given, bool) or given != PROTOCOL:
        raise ProtocolError(
            Text(
                f"la requête parle le protocole {given} et ce moteur le protocole {PROTOCOL}",
                f"the request speaks protocol {given} and this engine protocol {PROTOCOL}",
            ),
            _UPDATE,
        )
    return request


def spoken(text: bytes) -> Language:
    """Return the language that a request asks for, even where it is otherwise wrong; French where none is readable."""
    try:
        asked = json.loads(text.decode("utf-8")).get("lang")
    except (UnicodeDecodeError, json.JSONDecodeError, AttributeError):
        return "fr"
    return next((code for code in LANGUAGES if code == asked), "fr")
