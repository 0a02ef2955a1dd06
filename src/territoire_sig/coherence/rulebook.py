"""Rulebooks: the standard one, shipped with the library, and the user's own, read the same way."""

from __future__ import annotations

from collections import Counter
from importlib.resources import files

from ..errors import FaultsError
from ..model.faults import Fault
from ..model.toml import check_toml, line_of, parse_toml
from ..texts import Text
from .rule import Rule, Rulebook

__all__ = ["parse_rules", "standard_rules"]


def standard_rules() -> tuple[Rule, ...]:
    """Return the rules shipped with the library (``regles.toml``)."""
    shipped = files(__package__) / "regles.toml"
    return parse_rules(shipped.read_text(encoding="utf-8"), file="regles.toml")


def parse_rules(text: str, *, file: str) -> tuple[Rule, ...]:
    """Return the rules of a rulebook's `text`.

    Raises
    ------
    FaultsError
        Every wrong rule at once, each with its line, its value and the mend.
    """
    data, faults = parse_toml(text, file=file)
    if not faults:
        book, faults = check_toml(Rulebook, data, text, file=file)
        if book is not None:
            faults = _repeated(book.regle, text, file)
            if not faults:
                return tuple(book.regle)
    raise FaultsError(faults)


def _repeated(rules: list[Rule], text: str, file: str) -> tuple[Fault, ...]:
    counts = Counter(rule.id for rule in rules)
    return tuple(
        Fault(
            file,
            None,
            None,
            rule.id,
            Text(
                f"ligne {line_of(text, ('regle', rank, 'id'))}, «regle.id» : identifiant déjà pris",
                f"line {line_of(text, ('regle', rank, 'id'))}, «regle.id»: identifier already taken",
            ),
            Text("donnez un autre identifiant à cette règle.", "give this rule another identifier."),
        )
        for rank, rule in enumerate(rules)
        if counts[rule.id] > 1
    )
