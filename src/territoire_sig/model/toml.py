"""TOML with French keys, checked against a pydantic model: every fault at once, each with its line and its mend."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ..texts import Text
from .faults import Fault

__all__ = ["BilingualValueError", "check_toml", "line_of", "parse_toml"]

M = TypeVar("M", bound=BaseModel)

_PROBLEMS: dict[str, Text] = {
    "missing": Text("clé obligatoire absente", "required key missing"),
    "extra_forbidden": Text("clé inconnue", "unknown key"),
    "string_type": Text("un texte entre guillemets est attendu", "a quoted text is expected"),
    "int_type": Text("un entier est attendu", "an integer is expected"),
    "int_parsing": Text("un entier est attendu", "an integer is expected"),
    "float_type": Text("un nombre est attendu", "a number is expected"),
    "float_parsing": Text("un nombre est attendu", "a number is expected"),
    "bool_type": Text("true ou false est attendu", "true or false is expected"),
    "list_type": Text("une liste [ … ] est attendue", "a list [ … ] is expected"),
    "tuple_type": Text("une liste [ … ] est attendue", "a list [ … ] is expected"),
    "dict_type": Text("une table { … } est attendue", "a table { … } is expected"),
    "model_type": Text("une table { … } est attendue", "a table { … } is expected"),
    "too_short": Text("la liste est vide ou trop courte", "the list is empty or too short"),
    "too_long": Text("la liste est trop longue", "the list is too long"),
}


def parse_toml(text: str, *, file: str) -> tuple[dict[str, Any], tuple[Fault, ...]]:
    """Return the tables of a TOML `text`, or the fault that stops its reading."""
    try:
        return tomllib.loads(text), ()
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        number = line.group(1) if line else "?"
        return {}, (
            Fault(
                file,
                None,
                None,
                None,
                Text(f"ligne {number} : ce n'est pas du TOML ({error})", f"line {number}: this is not TOML ({error})"),
                Text(
                    "vérifiez les guillemets, les crochets et le signe = de cette ligne.",
                    "check the quotes, the brackets and the = sign of that line.",
                ),
            ),
        )


def check_toml(model: type[M], data: Mapping[str, Any], text: str, *, file: str) -> tuple[M | None, tuple[Fault, ...]]:
    """Return `data` as `model`, or every fault with its line in `text`."""
    try:
        return model.model_validate(data), ()
    except ValidationError as error:
        return None, tuple(_fault(details, model, text, file) for details in error.errors())


def line_of(text: str, path: Sequence[str | int]) -> int:
    r"""Return the line (from 1) of the key at `path`: the n-th ``[[table]]``, then the key after it.

    Examples
    --------
    >>> line_of('[[regle]]\nid = "a"\n[[regle]]\nid = "b"\nscore = 9', ("regle", 1, "score"))
    5
    """
    lines = text.splitlines()
    start, rest = 0, list(path)
    while rest:
        key = rest.pop(0)
        if isinstance(key, int):
            continue
        rank = rest[0] + 1 if rest and isinstance(rest[0], int) else 1
        pattern = re.compile(
            rf"^\s*(\[+\s*([\w.]+\.)?{re.escape(key)}\s*\]+|{re.escape(key)}\s*=)|\b{re.escape(key)}\s*="
        )
        hits = [number for number in range(start, len(lines)) if pattern.search(lines[number])]
        if not hits:
            break
        start = hits[min(rank, len(hits)) - 1]
    return start + 1


def _fault(details: ErrorDetails, model: type[BaseModel], text: str, file: str) -> Fault:
    path = tuple(step for step in details["loc"] if not (isinstance(step, str) and "[" in step))
    key = ".".join(str(step + 1) if isinstance(step, int) else step for step in path)
    problem, mend = _problem(details), _mend(details, model, path)
    line = line_of(text, path)
    value = None if details["type"] in ("missing", "extra_forbidden") else _shown(details["input"])
    numbered = Text(f"ligne {line}, «{key}» : {problem.fr}", f"line {line}, «{key}»: {problem.en}")
    return Fault(file, None, None, value, numbered, mend)


def _shown(value: Any) -> str:
    shown = str(value)
    return shown if len(shown) <= 60 else shown[:57] + "…"


def _problem(details: ErrorDetails) -> Text:
    kind, context = details["type"], details.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, BilingualValueError):
        return cause.problem
    if kind in ("literal_error", "enum"):
        expected = str(context.get("expected", "")).replace(" or ", ", ").replace("'", "")
        return Text(f"valeurs admises : {expected}", f"accepted values: {expected}")
    if kind in ("greater_than_equal", "less_than_equal", "greater_than", "less_than"):
        sign, bound = {"g": "≥", "l": "≤"}[kind[0]], next(iter(context.values()))
        return Text(f"la valeur doit être {sign} {bound}", f"the value must be {sign} {bound}")
    return _PROBLEMS.get(kind, Text(details["msg"], details["msg"]))


def _mend(details: ErrorDetails, model: type[BaseModel], path: tuple[str | int, ...]) -> Text:
    kind, context = details["type"], details.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, BilingualValueError):
        return cause.mend
    last = next((step for step in reversed(path) if isinstance(step, str)), "")
    if kind == "missing":
        return Text(f"ajoutez la clé «{last}».", f"add the key «{last}».")
    if kind == "extra_forbidden":
        close = get_close_matches(last, sorted(_keys(model)), 1)
        if close:
            return Text(f"vouliez-vous dire «{close[0]}» ?", f"did you mean «{close[0]}»?")
        return Text(f"retirez la clé «{last}».", f"remove the key «{last}».")
    return Text(f"corrigez la valeur de «{last}».", f"mend the value of «{last}».")


def _keys(model: type[BaseModel]) -> set[str]:
    keys = set(model.model_fields)
    for field in model.model_fields.values():
        for nested in _models(field.annotation):
            keys |= _keys(nested)
    return keys


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for argument in getattr(annotation, "__args__", ()) for found in _models(argument)]


class BilingualValueError(ValueError):
    """A fault that a validator words itself."""

    def __init__(self, problem: Text, mend: Text) -> None:
        self.problem, self.mend = problem, mend
        super().__init__(str(problem))
