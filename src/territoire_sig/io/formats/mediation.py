"""Digital mediation: data.inclusion, the LaMednum standard, and digital advisers (conseillers numériques)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...model.faults import Remark
from ...texts import Text
from ..places import SCORE_OPTION, located, well_geocoded, yes
from ..reader import RawLayer, Reader, Source
from ..records import Records, need, number, pick, read_records, set_aside, text

__all__ = ["READERS", "tokens"]


def tokens(series: pd.Series[Any]) -> pd.Series[Any]:
    """Cut cells that hold lists: ``a|b``, ``{a,b}``, ``["a", "b"]``, ``a;b``.

    Returns
    -------
    Series of list of str
        Indexed like `series`; an empty list where the cell is empty.

    Examples
    --------
    >>> tokens(pd.Series(['["a", "b"]', "{a,b}", "a|b", None])).tolist()
    [['a', 'b'], ['a', 'b'], ['a', 'b'], []]
    """
    bare = text(series).fillna("").str.replace(r"[\[\]{}\"]", "", regex=True)
    return bare.map(lambda cell: [part.strip() for part in _cut(cell) if part.strip(" '")]).map(_unquoted)


def _cut(cell: str) -> list[str]:
    separator = next((sign for sign in "|;" if sign in cell), ",")
    return cell.split(separator)


def _unquoted(parts: list[str]) -> list[str]:
    return [part.strip("'") for part in parts]


def _finished(frame: pd.DataFrame, rows: Records, source: Source, remarks: list[Remark]) -> list[RawLayer]:
    frame = well_geocoded(frame, source, remarks, name="nom")
    places = located(Records(frame, rows.layer, len(frame), rows.encoding), source, remarks, name="nom")
    return [RawLayer("mediation", places, rows.layer, rows.rows_read, rows.encoding, remarks=tuple(remarks))]


def read_data_inclusion(source: Source) -> list[RawLayer]:
    """Read structures or services of data.inclusion (schemas v0 and v1), and keep digital mediation.

    A row is kept when one of its ``thematiques`` starts with ``numerique``; several services of one structure at
    one place make one place.

    Raises
    ------
    MissingColumnError
        Without name or coordinates.
    """
    rows = read_records(source, pattern=source.options.get("fichiers", ""))
    remarks = list(rows.remarks)
    frame = _digital(rows.frame, source, remarks)
    structure = "structure_id" if "structure_id" in frame.columns else None
    if structure:
        frame = _one_place(frame, source, remarks)
    identifier = structure or pick(frame, source, "id", "di_surrogate_id", "id")
    name = need(frame, source, "nom", "nom")
    kind = pick(frame, source, "type_lieu", "typologie", "type", "reseaux_porteurs")
    hours = pick(frame, source, "horaires", "horaires_ouverture", "horaires_accueil", "recurrence")
    frame = frame.drop(columns=["id"] if identifier not in {None, "id"} else [], errors="ignore")
    wanted = {identifier: "id", name: "nom", kind: "type_lieu", hours: "horaires"}
    frame = frame.rename(columns={old: new for old, new in wanted.items() if old})
    return _finished(frame, rows, source, remarks)


def _digital(frame: pd.DataFrame, source: Source, remarks: list[Remark]) -> pd.DataFrame:
    column = pick(frame, source, "thematiques", "thematiques")
    if column is None:
        fr = f"pas de colonne «thematiques» : les {len(frame)} lieux sont tenus pour de la médiation numérique"
        en = f"no column «thematiques»: all {len(frame)} places are taken as digital mediation"
        remarks.append(Remark(Text(fr, en), len(frame)))
        return frame
    digital = tokens(frame[column]).map(lambda parts: any(part.startswith("numerique") for part in parts))
    why = Text(
        "lieu(x) ou service(s) sans thématique «numerique», laissé(s) de côté",
        "place(s) or service(s) without a theme «numerique», left out",
    )
    return set_aside(frame, ~digital.astype(bool), why, remarks)


def _one_place(frame: pd.DataFrame, source: Source, remarks: list[Remark]) -> pd.DataFrame:
    """Keep one row by structure and coordinates."""
    where = [name for name in ("structure_id", "source", "latitude", "longitude", "geometry") if name in frame.columns]
    again = frame.duplicated(subset=where)
    why = Text("service(s) d'un lieu déjà lu : un lieu compte une fois", "service(s) of a place already read")
    return set_aside(frame, again, why, remarks)


def read_lieux(source: Source) -> list[RawLayer]:
    """Read places in the LaMednum standard (national map of digital inclusion).

    ``itinerant`` is true only where no fixed place is stated.

    Raises
    ------
    MissingColumnError
        Without name or coordinates.
    """
    rows = read_records(source)
    remarks = list(rows.remarks)
    frame = rows.frame
    name = need(frame, source, "nom", "nom")
    kind = pick(frame, source, "type_lieu", "typologie", "typologies")
    frame = frame.rename(columns={name: "nom", **({kind: "type_lieu"} if kind else {})})
    moving = pick(frame, source, "itinerant", "itinerance")
    if moving:
        parts = tokens(frame[moving]).map(lambda words: {word.lower() for word in words})
        only = parts.map(lambda words: "itinérant" in words and "fixe" not in words).astype("boolean")
        frame = frame.assign(itinerant=only.mask(parts.map(len).eq(0)))
    return _finished(frame, rows, source, remarks)


def read_advisers(source: Source) -> list[RawLayer]:
    """Read the digital advisers by host organisation (ANCT list, JSON or CSV).

    Raises
    ------
    MissingColumnError
        Without host, number of advisers or coordinates.
    """
    rows = read_records(source)
    remarks = list(rows.remarks)
    frame = rows.frame
    name = need(frame, source, "nom", "raison_sociale", "nom", "structure")
    advisers = need(frame, source, "conseillers", "nb_cnfs", "conseillers", "nombre_de_conseillers.*")
    values, _ = number(frame[advisers], source)
    frame = frame.rename(columns={name: "nom"}).assign(conseillers=values, type_lieu="Conseillers numériques")
    frame = frame.drop(columns="type", errors="ignore")
    if "cp_differents" in frame.columns:
        n = int(yes(frame["cp_differents"]).sum())
        fr = f"{n} structure(s) placée(s) à leur siège, dont le code postal n'est pas celui du poste"
        remarks.append(Remark(Text(fr, f"{n} host(s) placed at their seat, whose postcode is not that of the post"), n))
    return _finished(frame, rows, source, remarks)


READERS = (
    Reader(
        "data_inclusion",
        Text("data.inclusion (structures ou services)", "data.inclusion (structures or services)"),
        ("mediation",),
        read_data_inclusion,
        {
            **SCORE_OPTION,
            "fichiers": Text(
                "expression qui choisit le fichier d'une archive", "expression choosing an archive's file"
            ),
        },
    ),
    Reader(
        "lieux_mediation",
        Text("lieux de médiation numérique (standard LaMednum)", "digital mediation places (LaMednum standard)"),
        ("mediation",),
        read_lieux,
        SCORE_OPTION,
    ),
    Reader(
        "conseillers_numeriques",
        Text("conseillers numériques (liste de l'ANCT)", "digital advisers (ANCT list)"),
        ("mediation",),
        read_advisers,
        SCORE_OPTION,
    ),
)
