"""Citizens' contributions: Decidim exports, and tables like them."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from ...errors import MissingColumnError, ParameterError
from ...model.faults import Remark
from ...texts import Text
from ..places import SCORE_OPTION, located_or_not, well_geocoded
from ..reader import RawLayer, Reader, Source
from ..records import Records, number, pick, plain, read_records, set_aside, text
from ..tables import restore_code

__all__ = ["READERS", "bare_text"]

#: Plain names of columns in published exports, the best first; a language follows («title/fr»: title_fr).
_THEME = ("taxonomies?_names?", "taxonomies", "category_name", "categorie", "category", "theme", "thematique")
_BODY = ("body", "texte", "description", "contenu", "message", "commentaire")
_TITLE = ("title", "titre")
_STATE = ("state", "state_name", "etat")
_PLACE = ("commune", "nom_commune", "lieu", "address", "adresse", "scope_name", "quartier")
_CODE = ("code_insee", "code_iris", "code_commune", "insee_com", "code_unite")
_SUPPORTS = ("supports?", "votes?", "soutiens?", "nb_soutiens", "nombre_de_soutiens", "(?:proposal_)?votes_count")
_ENDORSEMENTS = ("(?:endorsements|likes)_(?:total_)?count", "endorsements", "likes", "adhesions?")
_LANGUAGES = ("fr", "", "en")
_KEPT = ("id", "theme", "texte", "etat", "soutiens", "lieu", "objectif", "geometry")
_TRANSLATION = re.compile(r"""(["'])([a-z]{2})\1\s*(?:=>|:)\s*(["'])(.*?)(?<!\\)\3""")
_GONE = r"(?i)withdrawn|retir[ée]e?"

_OPTIONS = {
    **SCORE_OPTION,
    "objectifs": Text(
        'objectif du plan auquel chaque thème correspond : objectifs = { "Fibre" = "numerique" }',
        'objective of the plan to which each theme corresponds: objectifs = { "Fibre" = "numerique" }',
    ),
}


def bare_text(cell: str) -> str:
    """Return `cell` without HTML tags or entities, on one line.

    Examples
    --------
    >>> bare_text("<p>Pas de fibre&nbsp;<br>rue&amp;cour</p>")
    'Pas de fibre rue&cour'
    """
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", cell))).strip()


def read_contributions(source: Source) -> list[RawLayer]:
    """Read proposals into the role ``contribution``: identifier, theme, text, state, supports, place, objective.

    Authors' names are not kept: a diagnosis has no use for them. Withdrawn proposals are set aside, and counted.
    Those without coordinates are kept, counted, with the place that they name (``lieu``): the address of a proposal
    that has coordinates is not kept. Supports are votes and endorsements, added.

    Raises
    ------
    MissingColumnError
        Without text, title, coordinates or place.
    ParameterError
        When the option ``objectifs`` does not give a word to each theme.
    """
    rows = read_records(source)
    remarks = list(rows.remarks)
    frame = _described(rows.frame, source, remarks)
    gone = text(frame["etat"]).str.fullmatch(_GONE).fillna(False).astype(bool)
    frame = set_aside(frame, gone, Text("proposition(s) retirée(s) par leur auteur", "withdrawn proposal(s)"), remarks)
    frame = _with_objective(frame, source, remarks)
    frame = well_geocoded(frame, source, remarks, name="id")
    places = located_or_not(Records(frame, rows.layer, len(frame), rows.encoding), source)
    places = _placed_or_named(places, source, remarks)
    places = places[[name for name in _KEPT if name in places.columns]]
    return [RawLayer("contribution", places, rows.layer, rows.rows_read, rows.encoding, remarks=tuple(remarks))]


def _described(frame: pd.DataFrame, source: Source, remarks: list[Remark]) -> pd.DataFrame:
    """Return the rows with the columns of the role, but for the objective."""
    body, title = _said(frame, source, "texte", _BODY), _said(frame, source, "titre", _TITLE)
    parts = [cells.fillna("") for cells in (title, body) if cells is not None]
    if not parts:
        raise _no_text(frame, source)
    texts = parts[0] if len(parts) == 1 else (parts[0] + ". " + parts[1]).str.strip(" .")
    found = {"theme": _said(frame, source, "theme", _THEME), "etat": _said(frame, source, "etat", _STATE)}
    nothing = pd.Series(pd.NA, index=frame.index, dtype="string")
    told = {name: nothing if cells is None else cells for name, cells in found.items()}
    return frame.assign(
        texte=texts.mask(texts.eq("")), soutiens=_supports(frame, source), lieu=_place(frame, source, remarks), **told
    )


def _no_text(frame: pd.DataFrame, source: Source) -> MissingColumnError:
    there = ", ".join(str(name) for name in frame.columns if name != "geometry")
    return MissingColumnError(
        Text(f"colonne «texte» introuvable ; présentes : {there}", f"no column «texte»; present: {there}"),
        Text(
            'nommez-la : colonnes = { texte = "colonne du fichier" }.',
            'name it: colonnes = { texte = "column of the file" }.',
        ),
        file=source.path,
    )


def _said(frame: pd.DataFrame, source: Source, column: str, names: tuple[str, ...]) -> pd.Series[Any] | None:
    """Return what each row says under some names, in French where it is told, else in another language."""
    stated = pick(frame, source, column)
    patterns = [f"{name}_{code}" if code else name for name in names for code in _LANGUAGES]
    patterns += [f"{name}_[a-z]{{2}}" for name in names]
    found = [stated] if stated else [c for p in patterns for c in frame.columns if re.fullmatch(p, str(c))]
    if not found:
        return None
    cells = [text(frame[name]).map(_one_language, na_action="ignore") for name in dict.fromkeys(found)]
    said = pd.concat(cells, axis="columns").bfill(axis="columns").iloc[:, 0].astype("string")
    return said.mask(said.eq(""))


def _one_language(cell: str) -> str:
    """Return a cell as bare text; of translations written as JSON, or by Ruby, the French one, or the first.

    Examples
    --------
    >>> _one_language('{"en": "Network", "fr": "Réseau"}'), _one_language('{"en"=>"Road", "ca"=>"Via"}')
    ('Réseau', 'Road')
    """
    if not cell.startswith("{"):
        return bare_text(cell)
    try:
        told = json.loads(cell)
    except json.JSONDecodeError:
        told = {code: word for _, code, _, word in _TRANSLATION.findall(cell)}
    words = [told.get("fr"), *told.values()] if isinstance(told, dict) else []
    return bare_text(next((word for word in words if isinstance(word, str) and word), cell))


def _supports(frame: pd.DataFrame, source: Source) -> pd.Series[Any]:
    """Return votes and endorsements, added; unknown where neither is told."""
    stated = pick(frame, source, "soutiens")
    names = [stated] if stated else [pick(frame, source, "", *_SUPPORTS), pick(frame, source, "", *_ENDORSEMENTS)]
    counts = [number(frame[name], source)[0] for name in names if name]
    if not counts:
        return pd.Series(np.nan, index=frame.index)
    return pd.concat(counts, axis="columns").sum(axis="columns", min_count=1)


def _place(frame: pd.DataFrame, source: Source, remarks: list[Remark]) -> pd.Series[Any]:
    """Return the code or the name of the place that each row tells."""
    code = None if source.columns.get("lieu") else pick(frame, source, "", *_CODE)
    named = _said(frame, source, "lieu", _PLACE)
    place = pd.Series(pd.NA, index=frame.index, dtype="string") if named is None else named
    if code is None:
        return place
    codes, restored = restore_code(text(frame[code]), widths=(5, 9))
    if restored:
        fr = f"{restored} code(s) avaient perdu leur zéro initial : il est rétabli"
        remarks.append(Remark(Text(fr, f"{restored} code(s) had lost their leading zero"), restored))
    return codes.astype("string").fillna(place)


def _with_objective(frame: pd.DataFrame, source: Source, remarks: list[Remark]) -> pd.DataFrame:
    """Give each row the objective that its theme serves, as the territory file declares it."""
    declared = _declared_objectives(source)
    if declared is None:
        return frame
    keys = frame["theme"].map(plain, na_action="ignore")
    objectives = keys.map(declared).astype("string")
    without = frame["theme"][keys.notna() & objectives.isna()]
    if len(without):
        shown = ", ".join(f"«{name}»" for name in without.drop_duplicates().head(5))
        fr = f"{len(without)} contribution(s) d'un thème sans objectif déclaré : {shown}"
        en = f"{len(without)} contribution(s) of a theme without declared objective: {shown}"
        remarks.append(Remark(Text(fr, en), len(without)))
    return frame.assign(objectif=objectives)


def _declared_objectives(source: Source) -> dict[str, str] | None:
    declared = source.options.get("objectifs")
    if declared is None:
        return None
    if isinstance(declared, Mapping) and all(isinstance(word, str) and word.strip() for word in declared.values()):
        return {plain(str(theme)): word.strip() for theme, word in declared.items()}
    raise ParameterError(
        Text(
            f"objectifs = {declared!r} ne donne pas un mot à chaque thème",
            f"objectifs = {declared!r} does not give a word to each theme",
        ),
        Text('écrivez objectifs = { "Fibre" = "numerique" }.', 'write objectifs = { "Fibre" = "numerique" }.'),
        file=source.path,
    )


def _placed_or_named(places: gpd.GeoDataFrame, source: Source, remarks: list[Remark]) -> gpd.GeoDataFrame:
    """Count the rows without coordinates; forget the address of those that have some."""
    nowhere = places.geometry.isna()
    named = nowhere & places["lieu"].notna()
    told = (
        (named, "sans coordonnées, qui nomme(nt) un lieu", "without coordinates, that name a place"),
        (nowhere & ~named, "sans coordonnées ni lieu, gardée(s) hors carte", "without coordinates nor place, kept"),
    )
    for rows, fr, en in told:
        n = int(rows.sum())
        if n:
            remarks.append(Remark(Text(f"{n} contribution(s) {fr}", f"{n} contribution(s) {en}"), n))
    return places.assign(lieu=places["lieu"].where(nowhere))


READERS = (
    Reader(
        "decidim",
        Text("contributions citoyennes (Decidim)", "citizens' contributions (Decidim)"),
        ("contribution",),
        read_contributions,
        _OPTIONS,
    ),
)
