"""Digital fragility index (indice de fragilité numérique, Mednum and ANCT), by commune or IRIS."""

from __future__ import annotations

import pandas as pd

from ...errors import InvalidValueError
from ...model.faults import Remark
from ...texts import Text
from ..reader import RawLayer, Reader, Source
from ..records import need, number, read_records, text, without_stated
from ..tables import restore_code

__all__ = ["READER"]

_CODE = (
    "code_iris",
    "code_insee",
    "code_commune",
    "codgeo",
    "insee_com",
    "iris",
    "insee",
    "depcom",
    "code_geo",
    "code_com",
    "code",
)
_INDEX = (
    "indice",
    "ifn",
    "ifn_tout_age",
    "indice_de_fragilite_numerique",
    "indice_fragilite(_numerique)?",
    "score_global",
    "score",
    "score_ifn",
    "score_global_.*",
)
_SCALE = 10


def read_fragility(source: Source) -> list[RawLayer]:
    """Read the index into the role ``fragilite``: from 0 (none) to 10 (extreme).

    Raises
    ------
    MissingColumnError
        Without code or index.
    InvalidValueError
        When the index is not on the scale of 0 to 10: that of 2020 was relative, 100 being the mean of the region.
    """
    rows = read_records(source)
    remarks = list(rows.remarks)
    code, index = need(rows.frame, source, "code_insee", *_CODE), need(rows.frame, source, "indice", *_INDEX)
    codes, restored = restore_code(text(rows.frame[code]), widths=(5, 9))
    values, hidden = number(rows.frame[index], source)
    _check_scale(values, index, source)
    for n, fr, en in (
        (restored, "code(s) avaient perdu leur zéro initial : il est rétabli", "code(s) had lost their leading zero"),
        (int(values.isna().sum()), "unité(s) sans indice : inconnu", "unit(s) without an index: unknown"),
    ):
        remarks += [Remark(Text(f"{n} {fr}", f"{n} {en}"), n)] if n else []
    remarks += [Remark(Text(f"{hidden} indice(s) non publiés", f"{hidden} index(es) not published"), hidden)] * bool(
        hidden
    )
    frame = pd.DataFrame(rows.frame).drop(columns=["geometry"], errors="ignore")
    frame = frame.drop(
        columns=[name for name in ("code_insee", "indice") if name not in {code, index}], errors="ignore"
    )
    frame = without_stated(frame.assign(code_insee=codes, indice=values), source)
    return [RawLayer("fragilite", frame, rows.layer, rows.rows_read, rows.encoding, remarks=tuple(remarks))]


def _check_scale(values: pd.Series[float], column: str, source: Source) -> None:
    out = values[(values < 0) | (values > _SCALE)]
    if out.empty:
        return
    raise InvalidValueError(
        Text(
            f"colonne «{column}» : {len(out)} valeur(s) hors de l'échelle 0 à {_SCALE}, jusqu'à {out.max():g}",
            f"column «{column}»: {len(out)} value(s) out of the scale 0 to {_SCALE}, up to {out.max():g}",
        ),
        Text(
            "l'indice de 2020 est relatif (100 : moyenne de la région ou du département) : prenez l'indice publié "
            "depuis 2021, de 0 à 10.",
            "the 2020 index is relative (100: mean of the region or department): take the one published since 2021, "
            "from 0 to 10.",
        ),
        file=source.path,
    )


READER = Reader(
    "fragilite_numerique",
    Text("indice de fragilité numérique (Mednum, ANCT)", "digital fragility index (Mednum, ANCT)"),
    ("fragilite",),
    read_fragility,
)
