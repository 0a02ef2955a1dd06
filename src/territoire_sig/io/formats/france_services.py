"""France Services places (ANCT list): fixed places, buses, and their opening hours."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from ...model.faults import Remark
from ...texts import Text
from ..places import SCORE_OPTION, located, well_geocoded
from ..reader import RawLayer, Reader, Source
from ..records import Records, need, pick, read_records, text

__all__ = ["READER", "opening_hours"]

_DAYS = {
    "lundi": "Mo",
    "mardi": "Tu",
    "mercredi": "We",
    "jeudi": "Th",
    "vendredi": "Fr",
    "samedi": "Sa",
    "dimanche": "Su",
}
_SPAN = re.compile(r"(\d{1,2})\s*[:hH]\s*(\d{2})?\s*(?:-|–|à)\s*(\d{1,2})\s*[:hH]\s*(\d{2})?")
_MOBILE = r"(?i).*(?:\bbus\b|bus_|itin[ée]rant|mobile).*"
_STILL = r"(?i)(?:fixe|multi.?sites?).*"


def opening_hours(days: pd.DataFrame) -> pd.Series[Any]:
    """Join the hours of each day into the OpenStreetMap ``opening_hours`` form.

    Parameters
    ----------
    days : DataFrame
        Columns ``h_lundi``… ``h_dimanche`` (those that exist), cells as ``09:00 - 12:00 / 13:00 - 17:00``.

    Returns
    -------
    Series of str
        Indexed like `days`; NA where no day is filled. A cell that is not hours is kept as an OSM comment.

    Examples
    --------
    >>> opening_hours(pd.DataFrame({"h_lundi": ["09:00 - 12:00 / 13:00 - 17:00"], "h_mardi": [None]})).tolist()
    ['Mo 09:00-12:00,13:00-17:00']
    """
    parts = [
        text(days[f"h_{day}"]).map(lambda cell, code=code: f"{code} {_spans(cell)}", na_action="ignore")
        for day, code in _DAYS.items()
        if f"h_{day}" in days.columns
    ]
    joined = ["; ".join(cell for cell in row if isinstance(cell, str)) for row in zip(*parts, strict=True)]
    return text(pd.Series(joined or [""] * len(days), index=days.index, dtype="string"))


def _spans(cell: str) -> str:
    found = _SPAN.findall(cell)
    rest = re.sub(r"[\s/,;]|et", "", _SPAN.sub("", cell))
    if not found or rest:
        return '"' + cell.replace('"', "'") + '"'
    return ",".join(f"{int(a):02d}:{b or '00'}-{int(c):02d}:{d or '00'}" for a, b, c, d in found)


def read_france_services(source: Source) -> list[RawLayer]:
    """Read the places into the role ``mediation``, of kind ``RFS`` (réseau France Services).

    Raises
    ------
    MissingColumnError
        Without identifier or coordinates.
    """
    rows = read_records(source)
    remarks = list(rows.remarks)
    frame = _described(rows.frame, source, remarks)
    frame = well_geocoded(frame, source, remarks, name="nom")
    places = located(Records(frame, rows.layer, len(frame), rows.encoding), source, remarks, name="nom")
    return [RawLayer("mediation", places, rows.layer, rows.rows_read, rows.encoding, remarks=tuple(remarks))]


def _described(frame: pd.DataFrame, source: Source, remarks: list[Remark]) -> pd.DataFrame:
    identifier = need(frame, source, "id", "id_fs", "id")
    name = need(frame, source, "nom", "lib_fs", "nom", "libelle")
    frame = frame.rename(columns={identifier: "id", name: "nom"})
    frame = frame.assign(type_lieu="RFS", horaires=opening_hours(frame))
    shape = pick(frame, source, "itinerant", "format_fs", "format", "itinerant")
    if shape is None:
        return frame
    words = text(frame[shape])
    mobile, still = words.str.fullmatch(_MOBILE).fillna(False), words.str.fullmatch(_STILL).fillna(False)
    frame = frame.assign(itinerant=mobile.astype("boolean").mask(~mobile & ~still))
    n, unknown = int(mobile.sum()), int((~mobile & ~still).sum())
    if n:
        fr = f"{n} lieu(x) itinérant(s) : le point est leur base, non les communes desservies"
        remarks.append(Remark(Text(fr, f"{n} mobile place(s): the point is their base, not where they stop"), n))
    if unknown:
        fr = f"{unknown} lieu(x) dont on ne sait pas s'ils sont itinérants"
        remarks.append(Remark(Text(fr, f"{unknown} place(s) not known to be mobile or fixed"), unknown))
    return frame


READER = Reader(
    "france_services",
    Text("France Services (liste de l'ANCT)", "France Services (ANCT list)"),
    ("mediation",),
    read_france_services,
    SCORE_OPTION,
)
