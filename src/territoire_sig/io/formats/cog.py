"""Communes (Admin Express, france-geojson) and the membership of intercommunalities (BANATIC, INSEE)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ...errors import InvalidValueError, MissingColumnError, ParameterError
from ...model.faults import Remark
from ...texts import Text
from ..reader import RawLayer, Reader, Source
from ..records import need, pick, plain, read_records, text, without_stated
from ..tables import read_table, restore_code

__all__ = ["READERS", "epci_members", "keep_communes"]

_SIREN = ("siren", "siren_epci", "epci", "code_epci", "n_siren", "no_siren", "siren_groupement")
_MEMBER = ("insee", "code_insee", "codgeo", "insee_membre", "code_insee_membre", "insee_com", "com")


def epci_members(path: Path, siren: str, *, encoding: str | None = None) -> list[str]:
    """Return the INSEE codes of the communes that belong to an intercommunality.

    Parameters
    ----------
    path : Path
        Membership table: BANATIC's (``siren``, ``insee``; cp1252, «;») or INSEE's (``EPCI``, ``CODGEO``).
    siren : str
        Nine figures, as ``"200040715"`` for Grenoble-Alpes Métropole.

    Returns
    -------
    list of str
        Codes of five characters, sorted, each once.

    Raises
    ------
    MissingColumnError
        When the table has no column of SIREN or of communes.
    InvalidValueError
        When no row bears this SIREN.
    """
    table = read_table(path, encoding=encoding)
    frame = table.frame.rename(columns=plain)
    group, member = _column(frame, _SIREN, path), _column(frame, _MEMBER, path)
    wanted = "".join(str(siren).split())
    sirens = text(frame[group]).str.replace(r"\D", "", regex=True)
    rows = frame[sirens.eq(wanted).fillna(False)]
    if rows.empty:
        known = sorted(set(sirens.dropna()))
        raise InvalidValueError(
            Text(
                f"aucune commune pour le SIREN «{siren}» ; la table en connaît {len(known)} : {_some(known)}",
                f"no commune for the SIREN «{siren}»; the table knows {len(known)}: {_some(known)}",
            ),
            Text("corrigez le SIREN, ou prenez la table complète.", "mend the SIREN, or take the whole table."),
            file=path,
        )
    codes, _ = restore_code(text(rows[member]))
    return sorted(set(codes.dropna()))


def _column(frame: pd.DataFrame, names: Sequence[str], path: Path) -> str:
    found = next((name for name in names if name in frame.columns), None)
    if found:
        return found
    raise MissingColumnError(
        Text(
            f"aucune des colonnes {', '.join(names)} ; présentes : {', '.join(frame.columns)}",
            f"none of the columns {', '.join(names)}; present: {', '.join(frame.columns)}",
        ),
        Text(
            "donnez la table de composition des EPCI (BANATIC ou INSEE).", "give the EPCI membership table (BANATIC)."
        ),
        file=path,
    )


def _some(values: Sequence[str], n: int = 10) -> str:
    return ", ".join(values[:n]) + ("…" if len(values) > n else "")


def keep_communes(codes: pd.Series[Any], wanted: Sequence[str], *, file: str | Path | None = None) -> pd.Series[Any]:
    """Tell which of `codes` are in `wanted`.

    Returns
    -------
    Series of bool
        Indexed like `codes`.

    Raises
    ------
    InvalidValueError
        When a wanted code is absent: the message names it.

    Examples
    --------
    >>> keep_communes(pd.Series(["38185", "38421"]), ["38185"]).tolist()
    [True, False]
    """
    absent = sorted(set(wanted) - set(codes.dropna()))
    if absent:
        raise InvalidValueError(
            Text(
                f"{len(absent)} commune(s) introuvable(s) dans ce fichier : {_some(absent)}",
                f"{len(absent)} commune(s) not found in this file: {_some(absent)}",
            ),
            Text(
                "vérifiez ces codes et le millésime (communes nouvelles, fusions), ou prenez un fichier plus large.",
                "check these codes and the vintage (merged communes), or take a wider file.",
            ),
            file=file,
        )
    return codes.isin(list(wanted))


def read_communes(source: Source) -> list[RawLayer]:
    """Read commune polygons, and keep those asked for by code or by intercommunality.

    Raises
    ------
    MissingColumnError
        When no column holds INSEE codes.
    InvalidValueError
        When a wanted code or SIREN is unknown.
    ParameterError
        When ``epci`` is given without ``membres``, or the reverse.
    """
    rows = read_records(source, pattern=source.options.get("fichiers", ""))
    remarks = list(rows.remarks)
    column = need(rows.frame, source, "code_insee", "code_insee", "insee_com", "insee", "codgeo", "code", "depcom")
    codes, restored = restore_code(text(rows.frame[column]))
    if restored:
        fr = f"{restored} code(s) avaient perdu leur zéro initial : il est rétabli"
        remarks.append(Remark(Text(fr, f"{restored} code(s) had lost their leading zero: it is restored"), restored))
    name = pick(rows.frame, source, "nom", "nom", "nom_officiel", "nom_com", "nom_comm", "libgeo", "libelle")
    frame = rows.frame.rename(columns={name: "nom"} if name else {}).assign(code_insee=codes)
    wanted = _wanted(source)
    if wanted is not None:
        frame = frame[keep_communes(frame["code_insee"], wanted, file=source.path)].reset_index(drop=True)
        fr = f"{len(frame)} commune(s) gardée(s) sur {rows.rows_read}, sur demande"
        en = f"{len(frame)} commune(s) kept out of {rows.rows_read}, as asked"
        remarks.append(Remark(Text(fr, en), len(frame)))
    frame = without_stated(frame, source)
    return [RawLayer("commune", frame, rows.layer, rows.rows_read, rows.encoding, remarks=tuple(remarks))]


def _wanted(source: Source) -> list[str] | None:
    options = source.options
    if ("epci" in options) != ("membres" in options):
        raise ParameterError(
            Text("`epci` et `membres` vont ensemble", "`epci` and `membres` go together"),
            Text(
                'écrivez options = { epci = "200040715", membres = "banatic.csv" }.',
                'write options = { epci = "200040715", membres = "banatic.csv" }.',
            ),
            file=source.path,
        )
    codes = [str(code) for code in options.get("codes", ())]
    if "epci" in options:
        codes += epci_members(source.path.parent / options["membres"], str(options["epci"]))
    return codes if {"codes", "epci"} & set(options) else None


READERS = (
    Reader(
        "communes",
        Text("communes (Admin Express, france-geojson)", "communes (Admin Express, france-geojson)"),
        ("commune",),
        read_communes,
        {
            "codes": Text("codes INSEE à garder", "INSEE codes to keep"),
            "epci": Text("SIREN de l'intercommunalité à garder", "SIREN of the intercommunality to keep"),
            "membres": Text(
                "table BANATIC des membres, à côté du fichier des communes",
                "BANATIC table of members, beside the communes' file",
            ),
            "fichiers": Text(
                "expression qui choisit le fichier d'une archive", "expression choosing an archive's file"
            ),
        },
    ),
)
