"""Rated objectives: how much each clause helps or hinders each other, from −3 to +3, by one rater or several."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ...errors import FaultsError, MissingColumnError
from ...model.faults import Fault, Remark
from ...texts import Text
from ..naming import first_present, renamed
from ..reader import RawLayer, Reader, Source
from ..tables import read_table

__all__ = ["READER", "read"]

_LONG = {
    "objectif_a": ("objectif_de", "objectif_source", "source", "from"),
    "objectif_b": ("objectif_vers", "objectif_cible", "cible", "to"),
    "note": ("score", "interaction"),
    "evaluateur": ("evaluatrice", "répondant", "repondant", "rater"),
    "politique_a": ("politique_source",),
    "politique_b": ("politique_cible",),
}
_CLAUSE = ("objectif", "clause", "objectifs", "intitule", "intitulé")
_RATER = ("evaluateur", "évaluateur", "evaluatrice", "repondant", "répondant", "rater")
_POLICY = ("politique", "policy")
#: What stands for «not rated» in a cell.
_BLANK = {"", "-", "–", "—", "/", "x", "nc", "n.c.", "nsp", "sans objet", "so"}
_LOW, _HIGH = -3, 3


@dataclass(frozen=True)
class _Wide:
    """A table with one row a clause that acts, one column a clause acted upon."""

    frame: pd.DataFrame
    clause: str
    rater: str | None
    policy: str | None

    @property
    def targets(self) -> list[str]:
        """The columns that are clauses."""
        return [str(name) for name in self.frame.columns if name not in {self.clause, self.rater, self.policy}]


def read(source: Source) -> list[RawLayer]:
    """Read rated objectives: a long table (``objectif_a``, ``objectif_b``, ``note``…), or a matrix.

    A matrix has one row a clause (column ``objectif``, and optional ``evaluateur`` and ``politique``) and one column a
    clause, of the same names whatever their case. A cell tells how the clause of the row acts upon that of the column.
    An empty cell, ``-`` or ``x`` is not rated; the diagonal is not read, and must hold no rating.

    Raises
    ------
    MissingColumnError
        When the file is neither.
    FaultsError
        Every cell that is no whole number from −3 to 3, every clause without its row, every pair rated twice, at once.
    """
    table = read_table(source.path, encoding=source.encoding, separator=source.options.get("separateur"))
    frame = renamed(table.frame, source, {name: others for name, others in _LONG.items() if name in source.columns})
    faults: list[Fault] = []
    if {"objectif_a", "objectif_b"} <= set(renamed(frame, source, _LONG).columns):
        rows = _checked_long(renamed(frame, source, _LONG), source, faults)
    else:
        rows = _unfolded(_wide(frame, source), source, faults)
    _check_once(rows, source, faults)
    if faults:
        raise FaultsError(faults)
    rated = rows[rows["note"].notna()].reset_index(drop=True)
    blank = len(rows) - len(rated)
    remarks = [*table.remarks, *_blank_remark(blank)]
    return [
        RawLayer("note_objectif", rated, source.path.stem, len(table.frame), table.encoding, remarks=tuple(remarks))
    ]


def _wide(frame: pd.DataFrame, source: Source) -> _Wide:
    clause = first_present(frame, _CLAUSE)
    if clause is None:
        raise MissingColumnError(
            Text(
                f"ni colonnes «objectif_a» et «objectif_b», ni colonne «objectif» ; trouvées : {_shown(frame.columns)}",
                f"neither columns «objectif_a» and «objectif_b» nor «objectif»; found: {_shown(frame.columns)}",
            ),
            Text(
                "donnez une ligne par couple, ou une matrice dont la première colonne s'appelle «objectif».",
                "give one row a pair, or a matrix whose first column is called «objectif».",
            ),
            file=source.path,
        )
    return _Wide(frame, clause, first_present(frame, _RATER), first_present(frame, _POLICY))


def _shown(names: Iterable[Any]) -> str:
    return ", ".join(map(str, list(names)[:8]))


def _unfolded(wide: _Wide, source: Source, faults: list[Fault]) -> pd.DataFrame:
    """Return a matrix as one row a pair and a rater; cells that cannot be read become faults."""
    frame, names = wide.frame, _clauses(wide)
    policies = dict(zip(frame[wide.clause].map(_key), frame[wide.policy], strict=True)) if wide.policy else {}
    faults += [_no_row(target, source) for target in wide.targets if _key(target) not in names]
    rows = []
    for _, row in frame.iterrows():
        acting = _key(row[wide.clause])
        if not acting:
            continue
        for target in wide.targets:
            note = _note(row[target], names[acting], target, source, faults)
            if _key(target) == acting:
                faults += _diagonal(note, names[acting], source)
                continue
            rows.append(
                {
                    "objectif_a": names[acting],
                    "objectif_b": names.get(_key(target), target),
                    "note": note,
                    "evaluateur": row[wide.rater] if wide.rater else None,
                    "politique_a": policies.get(acting),
                    "politique_b": policies.get(_key(target)),
                }
            )
    return pd.DataFrame(rows, columns=["objectif_a", "objectif_b", "note", "evaluateur", "politique_a", "politique_b"])


def _checked_long(frame: pd.DataFrame, source: Source, faults: list[Fault]) -> pd.DataFrame:
    if "note" not in frame.columns:
        raise MissingColumnError(
            Text("colonne «note» absente", "column «note» absent"),
            Text("ajoutez la note de chaque couple, de −3 à 3.", "add the rating of each pair, from −3 to 3."),
            file=source.path,
        )
    first, second = (
        frame[name].map(lambda cell: " ".join(str(cell or "").split())) for name in ("objectif_a", "objectif_b")
    )
    notes = [_note(cell, a, b, source, faults) for cell, a, b in zip(frame["note"], first, second, strict=True)]
    same = first.map(_key) == second.map(_key)
    for note, name, alone in zip(notes, first, same, strict=True):
        faults += _diagonal(note, name, source) if alone else []
    return frame.assign(objectif_a=first, objectif_b=second, note=pd.Series(notes, index=frame.index))[~same]


def _clauses(wide: _Wide) -> dict[str, str]:
    """Return the name of each clause, as its first row writes it, by what tells it from the others."""
    names: dict[str, str] = {}
    for cell in wide.frame[wide.clause]:
        if _key(cell):
            names.setdefault(_key(cell), _words(cell))
    return names


def _words(cell: object) -> str:
    """Return the words of a cell, one space apart."""
    return "" if cell is None or cell != cell else " ".join(str(cell).split())


def _key(cell: object) -> str:
    """Return what tells a clause from another: its words, whatever their case and spaces."""
    return _words(cell).casefold()


def _note(cell: object, acting: str, target: str, source: Source, faults: list[Fault]) -> float | None:
    text = "" if cell is None or cell != cell else str(cell).strip().casefold()
    if text in _BLANK:
        return None
    plain = text.replace("−", "-").replace("–", "-").replace("\u202f", "").replace(" ", "").replace(",", ".")
    try:
        value = float(plain)
    except ValueError:
        value = float("nan")
    if value.is_integer() and _LOW <= value <= _HIGH:
        return value
    faults.append(
        Fault(
            str(source.path.name),
            None,
            f"{acting} → {target}",
            str(cell),
            Text("la note n'est pas un entier de −3 à 3", "the rating is not a whole number from −3 to 3"),
            Text(
                "corrigez-la, ou videz la cellule si elle n'est pas notée.", "mend it, or empty the cell if not rated."
            ),
        )
    )
    return None


def _no_row(target: str, source: Source) -> Fault:
    return Fault(
        str(source.path.name),
        None,
        target,
        None,
        Text("cette clause a une colonne et pas de ligne", "this clause has a column and no row"),
        Text("ajoutez sa ligne, ou écrivez les deux noms de même.", "add its row, or write both names alike."),
    )


def _diagonal(note: float | None, name: str, source: Source) -> list[Fault]:
    if not note:
        return []
    return [
        Fault(
            str(source.path.name),
            None,
            f"{name} → {name}",
            f"{note:g}",
            Text("une clause est notée face à elle-même", "a clause is rated against itself"),
            Text("videz la diagonale.", "empty the diagonal."),
        )
    ]


def _check_once(rows: pd.DataFrame, source: Source, faults: list[Fault]) -> None:
    rated = rows[rows["note"].notna()]
    told = rated.reindex(columns=["objectif_a", "objectif_b", "evaluateur"]).map(_key)
    for place in _repeated(told):
        row = rated.iloc[place]
        faults.append(
            Fault(
                str(source.path.name),
                None,
                f"{row['objectif_a']} → {row['objectif_b']}",
                f"{row['note']:g}",
                Text("ce couple est noté deux fois par le même évaluateur", "this pair is rated twice by one rater"),
                Text("gardez une note, ou nommez les évaluateurs.", "keep one rating, or name the raters."),
            )
        )


def _repeated(told: pd.DataFrame) -> Iterator[int]:
    for place, again in enumerate(told.duplicated()):
        if again:
            yield place


def _blank_remark(blank: int) -> list[Remark]:
    if not blank:
        return []
    return [Remark(Text(f"{blank} couple(s) non noté(s)", f"{blank} pair(s) not rated"), blank)]


READER = Reader(
    "matrice_objectifs",
    Text("matrice d'objectifs notés de −3 à 3", "matrix of objectives rated from −3 to 3"),
    ("note_objectif",),
    read,
    {"separateur": Text("séparateur de cellules", "cell separator")},
)
