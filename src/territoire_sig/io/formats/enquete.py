"""Satisfaction surveys: answers already counted by unit, or one row an answer."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...errors import InvalidValueError
from ...model.faults import Remark
from ...texts import Text
from ..reader import RawLayer, Reader, Source
from ..records import need, number, pick, read_records, set_aside, text
from ..tables import restore_code

__all__ = ["READER"]

_CODE = ("code_insee", "code_iris", "code_commune", "insee_com", "code", "iris")
_SATISFIED = r"(?i)(?:très |plutôt |assez )?satisfaite?s?(?:\(e\))?|oui"
_DISSATISFIED = r"(?i)(?:très |plutôt |assez )?insatisfaite?s?|(?:peu|pas|pas du tout) satisfaite?s?|non"
#: Classes of the net promoter score, with their lowest and highest marks (Reichheld, 2003).
_CLASSES = {"promoteurs": (9, 10), "passifs": (7, 8), "detracteurs": (0, 6)}
_RECOMMENDATION = ("recommandation.*", "note_recommandation.*", "nps.*", "recommander.*")


def read_survey(source: Source) -> list[RawLayer]:
    """Read a satisfaction survey into the role ``enquete``: answers, satisfied answers and promoters by unit.

    Either the table is already counted (``reponses``, ``satisfaits``, and maybe ``promoteurs``, ``passifs``,
    ``detracteurs``), or each row is one answer whose column ``satisfaction`` holds words (satisfait, insatisfait,
    oui, non) or marks, satisfied from ``seuil`` on; a column ``recommandation`` of marks from 0 to 10 then gives
    promoters (9, 10), passives (7, 8) and detractors (0 to 6).

    Raises
    ------
    MissingColumnError
        Without code or answers.
    InvalidValueError
        When satisfied answers, or promoters, passives and detractors, outnumber the answers; when a count is
        negative; when an answer is neither satisfied nor dissatisfied, or a mark is not a whole number from 0 to 10.
    """
    rows = read_records(source)
    remarks = list(rows.remarks)
    frame = pd.DataFrame(rows.frame).drop(columns="geometry", errors="ignore")
    code = need(frame, source, "code_insee", *_CODE)
    codes, restored = restore_code(text(frame[code]), widths=(5, 9))
    if restored:
        fr = f"{restored} code(s) avaient perdu leur zéro initial : il est rétabli"
        remarks.append(Remark(Text(fr, f"{restored} code(s) had lost their leading zero"), restored))
    frame = frame.assign(code_insee=codes)
    nowhere = Text("réponse(s) sans code de commune ou d'IRIS, mise(s) à l'écart", "answer(s) without code, set aside")
    frame = set_aside(frame, codes.isna(), nowhere, remarks)
    answers = pick(frame, source, "reponses", "reponses", "nombre_de_reponses", "nb_reponses")
    table = _counted(frame, answers, source) if answers else _from_answers(frame, source, remarks)
    _check_bounds(table, source)
    whole = table.astype("Int64").rename_axis("code_insee").reset_index()
    return [RawLayer("enquete", whole, rows.layer, rows.rows_read, rows.encoding, remarks=tuple(remarks))]


def _counted(frame: pd.DataFrame, answers: str, source: Source) -> pd.DataFrame:
    satisfied = need(frame, source, "satisfaits", "satisfaits", "nombre_de_satisfaits", "nb_satisfaits")
    found = {"reponses": answers, "satisfaits": satisfied}
    found |= {name: pick(frame, source, name, name, f"nombre_de_{name}", f"nb_{name}") or "" for name in _CLASSES}
    values = {name: number(frame[column], source)[0] for name, column in found.items() if column}
    _check_counts(pd.DataFrame(values), frame["code_insee"], source)
    return pd.DataFrame(values).groupby(frame["code_insee"].to_numpy()).sum(min_count=1)


def _check_counts(values: pd.DataFrame, codes: pd.Series[Any], source: Source) -> None:
    """Refuse negative and broken counts, row by row: summed, they would hide in a sound total."""
    for name in values.columns:
        wrong = values[name].notna() & ((values[name] < 0) | (values[name] % 1 != 0))
        if wrong.any():
            value, code = values.loc[wrong, name].iloc[0], codes[wrong].iloc[0]
            raise InvalidValueError(
                Text(
                    f"colonne «{name}» : «{value:g}» pour «{code}» ({int(wrong.sum())} ligne(s)) ; attendu : un "
                    "nombre entier, positif ou nul",
                    f"column «{name}»: «{value:g}» for «{code}» ({int(wrong.sum())} row(s)); expected a whole number, "
                    "0 or more",
                ),
                Text("corrigez ces lignes, ou videz-les.", "mend these rows, or blank them."),
                file=source.path,
            )


def _check_bounds(table: pd.DataFrame, source: Source) -> None:
    """Refuse parts that outnumber the answers."""
    classes = table[[name for name in _CLASSES if name in table.columns]]
    parts = {
        Text("satisfaits", "satisfied"): table["satisfaits"],
        Text("promoteurs, passifs et détracteurs", "promoters, passives and detractors"): classes.sum(axis="columns"),
    }
    for name, part in parts.items():
        wrong = table[(part > table["reponses"]).fillna(False)]
        if len(wrong):
            raise InvalidValueError(
                Text(
                    f"{len(wrong)} unité(s) avec plus de {name.fr} que de réponses, dont «{wrong.index[0]}» : "
                    f"{part[wrong.index[0]]:g} pour {wrong['reponses'].iloc[0]:g} réponse(s)",
                    f"{len(wrong)} unit(s) with more {name.en} than answers, among which «{wrong.index[0]}»: "
                    f"{part[wrong.index[0]]:g} for {wrong['reponses'].iloc[0]:g} answer(s)",
                ),
                Text("corrigez ces lignes.", "mend these rows."),
                file=source.path,
            )


def _from_answers(frame: pd.DataFrame, source: Source, remarks: list[Remark]) -> pd.DataFrame:
    column = need(frame, source, "satisfaction", "satisfaction.*", "satisfait.*", "note(?!_recommandation).*")
    blank = text(frame[column]).isna()
    frame = set_aside(frame, blank, Text("réponse(s) vide(s), non comptée(s)", "blank answer(s), not counted"), remarks)
    satisfied = _satisfied(frame[column], source)
    counts = satisfied.groupby(frame["code_insee"].to_numpy()).agg(["size", "sum"])
    counts = counts.set_axis(["reponses", "satisfaits"], axis=1)
    mark = pick(frame, source, "recommandation", *_RECOMMENDATION)
    return counts if mark is None else counts.join(_recommending(frame[mark], frame["code_insee"], source))


def _recommending(marks: pd.Series[Any], codes: pd.Series[Any], source: Source) -> pd.DataFrame:
    """Count promoters, passives and detractors by unit; a blank mark is in none of them."""
    values = number(marks, source)[0]
    wrong = values[values.notna() & ~values.isin(range(11))]
    if len(wrong):
        raise InvalidValueError(
            Text(
                f"colonne «{marks.name}» : {len(wrong)} note(s) qui ne sont pas des entiers de 0 à 10, dont "
                f"«{wrong.iloc[0]:g}»",
                f"column «{marks.name}»: {len(wrong)} mark(s) that are not whole numbers from 0 to 10, among which "
                f"«{wrong.iloc[0]:g}»",
            ),
            Text("ramenez les notes sur 10, sans décimale.", "bring the marks to 0 to 10, without decimals."),
            file=source.path,
        )
    told = {name: values.between(low, high) for name, (low, high) in _CLASSES.items()}
    return pd.DataFrame(told).groupby(codes.to_numpy()).sum()


def _satisfied(answers: pd.Series[Any], source: Source) -> pd.Series[Any]:
    least = source.options.get("seuil")
    if least is not None:
        return number(answers, source)[0].ge(float(least))
    words = text(answers)
    yes, no = words.str.fullmatch(_SATISFIED).fillna(False), words.str.fullmatch(_DISSATISFIED).fillna(False)
    other = words[~yes & ~no]
    if len(other):
        raise InvalidValueError(
            Text(
                f"{len(other)} réponse(s) ni satisfaite(s) ni insatisfaite(s), dont «{other.iloc[0]}»",
                f"{len(other)} answer(s) neither satisfied nor dissatisfied, among which «{other.iloc[0]}»",
            ),
            Text(
                "pour des notes, donnez le seuil : options = { seuil = 7 }.",
                "for marks, give the threshold: options = { seuil = 7 }.",
            ),
            file=source.path,
        )
    return yes.astype(bool)


READER = Reader(
    "enquete_satisfaction",
    Text("enquête de satisfaction", "satisfaction survey"),
    ("enquete",),
    read_survey,
    {"seuil": Text("note à partir de laquelle on est satisfait", "mark from which one is satisfied")},
)
