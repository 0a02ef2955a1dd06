"""The layers of a request, written as a territory file: they enter by the same door as any territory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from ..errors import UnreadableLayerError
from ..model.roles import role as role_called
from ..model.territory import UnitLevel
from ..texts import Text
from .request import Fields, ProtocolError

__all__ = ["territory_text", "write_text"]

#: Key of a source in a request → key of a ``[[couches]]`` table, with its kind.
_SOURCE_KEYS: dict[str, tuple[str, type[Any]]] = {
    "file": ("fichier", str),
    "layer": ("couche", str),
    "format": ("format", str),
    "crs": ("crs", str),
    "encoding": ("encodage", str),
    "vintage": ("millesime", str),
    "source": ("source", str),
    "licence": ("licence", str),
    "options": ("options", dict),
}


def territory_text(fields: Fields, *, analysis: str | None = None, parameters: Mapping[str, Any] | None = None) -> str:
    """Return the ``territoire.toml`` that says what ``name``, ``crs``, ``units`` and ``inputs`` of a request say.

    Raises
    ------
    ProtocolError
        When a key is missing, unknown or of another kind than the protocol says.
    TerritoryFileError
        When a role does not exist.
    """
    name = fields.optional("name", str) or analysis or str(Text("territoire", "territory"))
    territory = {"nom": name, "crs": fields.optional("crs", str)}
    parts = [_table("[territoire]", territory), _table("[unites]", _units(fields.take("units", dict)))]
    for role, sources in fields.take("inputs", dict).items():
        for source in sources if isinstance(sources, list) else [sources]:
            parts.append(_table("[[couches]]", _layer(role, source)))
    if analysis is not None:
        parts.append(_table(f"[parametres.{analysis}]", parameters or {}))
    return "\n".join(parts)


def write_text(path: Path, text: str) -> Path:
    """Write a text whole, by rename, its folder made if need be.

    Raises
    ------
    UnreadableLayerError
        When it cannot be written.
    """
    draft = path.with_name(f".{path.name}.partiel")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, encoding="utf-8", newline="\n")
        draft.replace(path)
    except OSError as error:
        raise UnreadableLayerError(
            Text(
                f"impossible d'écrire dans ce dossier : {error.strerror}",
                f"cannot write into this folder: {error.strerror}",
            ),
            Text("choisissez un autre dossier, ou libérez de la place.", "choose another folder, or free some room."),
            file=path.parent,
        ) from error
    return path


def _units(content: Mapping[str, Any]) -> dict[str, Any]:
    fields = Fields(content, "units")
    level = fields.optional("level", str) or "autre"
    if level not in get_args(UnitLevel):
        raise ProtocolError(
            Text(f"units : niveau inconnu «{level}»", f"units: unknown level «{level}»"),
            Text(f"niveaux admis : {', '.join(get_args(UnitLevel))}.", f"accepted: {', '.join(get_args(UnitLevel))}."),
        )
    found = {
        **_source(fields),
        "code": fields.take("code", str),
        "nom": fields.optional("label", str),
        "niveau": level,
        "habitants": fields.optional("people", str),
    }
    fields.close()
    return found


def _layer(role: str, content: Any) -> dict[str, Any]:
    if not isinstance(content, dict):
        raise ProtocolError(
            Text(
                f"inputs.{role} doit être un objet, ou une liste d'objets", f"inputs.{role} must be an object or list"
            ),
            Text('écrivez par exemple {"file": "zonage.fgb"}.', 'write for example {"file": "zonage.fgb"}.'),
        )
    fields = Fields(content, f"inputs.{role}")
    found = {
        "role": role_called(role).id,
        **_source(fields),
        "vide": fields.optional("empty", bool),
        "colonnes": fields.optional("columns", dict),
    }
    fields.close()
    return found


def _source(fields: Fields) -> dict[str, Any]:
    file = fields.take("file", str)
    others = {french: fields.optional(name, kind) for name, (french, kind) in _SOURCE_KEYS.items() if name != "file"}
    return {"fichier": Path(file).as_posix(), **others}


def _table(title: str, content: Mapping[str, Any]) -> str:
    lines = [f"{name} = {_toml(value)}" for name, value in content.items() if value is not None]
    return "\n".join([title, *lines, ""])


def _toml(value: Any) -> str:
    """Return a value as TOML writes it; JSON writes texts, numbers and truth in the same way."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
