"""Citizens' contributions (Decidim exports) and satisfaction surveys."""

from __future__ import annotations

import html
import re
from typing import Any

import pandas as pd

from ...errors import InvalidValueError
from ...model.faults import Remark
from ...texts import Text
from ..places import SCORE_OPTION, located, well_geocoded
from ..reader import RawLayer, Reader, Source
from ..records import Records, need, number, pick, read_records, set_aside, text
from ..tables import restore_code

__all__ = ["READERS", "bare_text"]

_THEME = ("category_name_fr", "category_name", "categorie", "category", "theme", "thematique", "taxonomies_name_fr")
_BODY = ("body_fr", "body", "texte", "description", "contenu", "message", "commentaire")
_TITLE = ("title_fr", "title", "titre")
_KEPT = ("id", "theme", "texte", "etat", "geometry")
_SATISFIED = r"(?i)(?:très |plutôt |assez )?satisfaite?s?(?:\(e\))?|oui"
_DISSATISFIED = r"(?i)(?:très |plutôt |assez )?insatisfaite?s?|(?:peu|pas|pas du tout) satisfaite?s?|non"


def bare_text(cell: str) -> str:
    """Return `cell` without HTML tags or entities, on one line.

    Examples
    --------
    >>> bare_text("<p>Pas de fibre&nbsp;<br>rue&amp;cour</p>")
    'Pas de fibre rue&cour'
    """
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", cell))).strip()


def read_contributions(source: Source) -> list[RawLayer]:
    """Read proposals into the role ``contribution``; only identifier, theme, text and state are kept.

    Authors' names and addresses are not: a diagnosis has no use for them. Withdrawn proposals and those without
    coordinates are set aside, and counted.

    Raises
    ------
    MissingColumnError
        Without text or coordinates.
    """
    rows = read_records(source)
    remarks = list(rows.remarks)
    frame = _described(rows.frame, source)
    gone = text(frame["etat"]).str.fullmatch("(?i)withdrawn|retir[ée]e?").fillna(False).astype(bool)
    frame = set_aside(frame, gone, Text("proposition(s) retirée(s) par leur auteur", "withdrawn proposal(s)"), remarks)
    frame = well_geocoded(frame, source, remarks, name="id")
    places = located(Records(frame, rows.layer, len(frame), rows.encoding), source, remarks, name="id")
    places = places[[name for name in _KEPT if name in places.columns]]
    return [RawLayer("contribution", places, rows.layer, rows.rows_read, rows.encoding, remarks=tuple(remarks))]


def _described(frame: pd.DataFrame, source: Source) -> pd.DataFrame:
    body, title = need(frame, source, "texte", *_BODY), pick(frame, source, "titre", *_TITLE)
    theme, state = pick(frame, source, "theme", *_THEME), pick(frame, source, "etat", "state", "state_name", "etat")
    parts = [text(frame[name]).fillna("").map(bare_text) for name in (title, body) if name]
    texts = parts[0] if len(parts) == 1 else (parts[0] + ". " + parts[1]).str.strip(" .")
    nothing = pd.Series(pd.NA, index=frame.index, dtype="string")
    return frame.assign(
        texte=texts.mask(texts.eq("")),
        theme=text(frame[theme]).map(bare_text, na_action="ignore") if theme else nothing,
        etat=text(frame[state]) if state else nothing,
    )


def read_survey(source: Source) -> list[RawLayer]:
    """Read a satisfaction survey into the role ``enquete``: answers and satisfied answers by unit.

    Either the table is already counted (``reponses``, ``satisfaits``), or each row is one answer whose column
    ``satisfaction`` holds words (satisfait, insatisfait, oui, non) or marks, satisfied from ``seuil`` on.

    Raises
    ------
    MissingColumnError
        Without code or answers.
    InvalidValueError
        When satisfied answers outnumber the answers, or an answer is neither satisfied nor dissatisfied.
    """
    rows = read_records(source)
    remarks = list(rows.remarks)
    frame = pd.DataFrame(rows.frame).drop(columns="geometry", errors="ignore")
    code = need(frame, source, "code_insee", "code_insee", "code_iris", "code_commune", "insee_com", "code", "iris")
    codes, restored = restore_code(text(frame[code]), widths=(5, 9))
    if restored:
        fr = f"{restored} code(s) avaient perdu leur zéro initial : il est rétabli"
        remarks.append(Remark(Text(fr, f"{restored} code(s) had lost their leading zero"), restored))
    frame = frame.assign(code_insee=codes)
    nowhere = Text("réponse(s) sans code de commune ou d'IRIS, mise(s) à l'écart", "answer(s) without code, set aside")
    frame = set_aside(frame, codes.isna(), nowhere, remarks)
    answers = pick(frame, source, "reponses", "reponses", "nombre_de_reponses", "nb_reponses")
    table = _counted(frame, answers, source) if answers else _from_answers(frame, source, remarks)
    return [RawLayer("enquete", table, rows.layer, rows.rows_read, rows.encoding, remarks=tuple(remarks))]


def _counted(frame: pd.DataFrame, answers: str, source: Source) -> pd.DataFrame:
    satisfied = need(frame, source, "satisfaits", "satisfaits", "nombre_de_satisfaits", "nb_satisfaits")
    values = {"reponses": number(frame[answers], source)[0], "satisfaits": number(frame[satisfied], source)[0]}
    table = pd.DataFrame(values).groupby(frame["code_insee"].to_numpy()).sum(min_count=1)
    wrong = table[table["satisfaits"] > table["reponses"]]
    if len(wrong):
        raise InvalidValueError(
            Text(
                f"{len(wrong)} unité(s) avec plus de satisfaits que de réponses, dont «{wrong.index[0]}»",
                f"{len(wrong)} unit(s) with more satisfied than answers, among which «{wrong.index[0]}»",
            ),
            Text("corrigez ces lignes.", "mend these rows."),
            file=source.path,
        )
    return table.astype("Int64").rename_axis("code_insee").reset_index()


def _from_answers(frame: pd.DataFrame, source: Source, remarks: list[Remark]) -> pd.DataFrame:
    column = need(frame, source, "satisfaction", "satisfaction.*", "satisfait.*", "note.*")
    blank = text(frame[column]).isna()
    frame = set_aside(frame, blank, Text("réponse(s) vide(s), non comptée(s)", "blank answer(s), not counted"), remarks)
    satisfied = _satisfied(frame[column], source)
    counts = satisfied.groupby(frame["code_insee"].to_numpy()).agg(["size", "sum"]).astype("Int64")
    return counts.set_axis(["reponses", "satisfaits"], axis=1).rename_axis("code_insee").reset_index()


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


READERS = (
    Reader(
        "decidim",
        Text("contributions citoyennes (Decidim)", "citizens' contributions (Decidim)"),
        ("contribution",),
        read_contributions,
        SCORE_OPTION,
    ),
    Reader(
        "enquete_satisfaction",
        Text("enquête de satisfaction", "satisfaction survey"),
        ("enquete",),
        read_survey,
        {"seuil": Text("note à partir de laquelle on est satisfait", "mark from which one is satisfied")},
    ),
)
