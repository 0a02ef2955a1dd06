"""Air quality and noise by zone (IRIS): NO2, PM2.5, Lden."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...errors import InvalidValueError, MissingColumnError
from ...model.faults import Remark
from ...texts import Text
from ..reader import RawLayer, Reader, Source
from ..records import number, pick, read_records, text, without_stated
from ..tables import restore_code

__all__ = ["READER"]

_MEASURES = {
    "no2": ("no2", "no2_moy.*", "moy_no2"),
    "pm25": ("pm25", "pm2_5", "pm25_moy.*", "pm2_5_moy.*", "moy_pm25"),
    "lden": ("lden", "bruit_lden"),
}


def read_zones(source: Source) -> list[RawLayer]:
    """Read zones with pollutants or noise into ``air``, and their median income, where given, into ``revenu``.

    Raises
    ------
    MissingColumnError
        When no column gives NO2, PM2.5 or Lden.
    InvalidValueError
        When the file has no geometry.
    """
    rows = read_records(source)
    remarks = list(rows.remarks)
    found = {name: pick(rows.frame, source, name, *patterns) for name, patterns in _MEASURES.items()}
    values: dict[str, Any] = {}
    for name, column in found.items():
        if column:
            values[name] = number(rows.frame[column], source)[0]
            unknown = int(values[name].isna().sum())
            fr = f"{unknown} zone(s) sans valeur de «{name}» : inconnue"
            remarks += [Remark(Text(fr, f"{unknown} zone(s) without «{name}»: unknown"), unknown)] if unknown else []
    if not values:
        raise _nothing(source, rows.frame)
    if not rows.drawn:
        raise InvalidValueError(
            Text("cette table n'a pas de géométrie", "this table has no geometry"),
            Text("donnez les zones elles-mêmes (GeoPackage, GeoParquet…).", "give the zones themselves (GeoPackage…)."),
            file=source.path,
        )
    layers = []
    if source.wants("air"):
        zones = without_stated(rows.frame.assign(**values), source)
        layers.append(RawLayer("air", zones, rows.layer, rows.rows_read, rows.encoding, remarks=tuple(remarks)))
    if source.wants("revenu"):
        layers += _income(rows.frame, source, rows.layer, rows.rows_read)
    if not layers:
        raise _nothing(source, rows.frame)
    return layers


def _income(frame: pd.DataFrame, source: Source, layer: str, rows_read: int) -> list[RawLayer]:
    income = pick(frame, source, "revenu_median", "niv_?vie_?med.*", r"(?:dec|disp)_med\d*")
    code = pick(frame, source, "code_insee", "code_iris", "code_insee", "iris")
    if not (income and code):
        return []
    codes, restored = restore_code(text(frame[code]), widths=(5, 9))
    fr = f"{restored} code(s) avaient perdu leur zéro initial : il est rétabli"
    remarks = (Remark(Text(fr, f"{restored} code(s) had lost their leading zero"), restored),) if restored else ()
    table = pd.DataFrame({"code_insee": codes, "revenu_median": number(frame[income], source)[0]})
    return [RawLayer("revenu", table, layer, rows_read, remarks=remarks)]


def _nothing(source: Source, frame: pd.DataFrame) -> MissingColumnError:
    there = ", ".join(str(name) for name in frame.columns if name != "geometry")
    return MissingColumnError(
        Text(f"ni NO2, ni PM2,5, ni Lden ; colonnes : {there}", f"neither NO2, PM2.5 nor Lden; columns: {there}"),
        Text(
            'nommez-la : colonnes = { no2 = "colonne du fichier" }.',
            'name it: colonnes = { no2 = "column of the file" }.',
        ),
        file=source.path,
    )


READER = Reader(
    "air_iris",
    Text("air et bruit par zone (IRIS)", "air and noise by zone (IRIS)"),
    ("air", "revenu"),
    read_zones,
)
