"""ARCEP, theoretical mobile coverage: one polygon layer an operator and a technology, joined."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from ...errors import InvalidValueError, UnreadableLayerError
from ...model.crs import crs_label
from ...model.faults import Remark
from ...model.roles.digital import COVERAGE_LEVELS, OPERATORS
from ...texts import Text
from ..containers import find, opened
from ..naming import renamed
from ..reader import RawLayer, Reader, Source
from ..vector import VECTOR_SUFFIXES, VectorRead, list_layers, read_vector

__all__ = ["READER", "read_arcep_couverture"]

#: Letters by which ARCEP's file names call the four networks → network code.
_LETTERS = {
    "OF": "20801",
    "ORAN": "20801",
    "ORANGE": "20801",
    "SFR": "20810",
    "SFR0": "20810",
    "FREE": "20815",
    "BOUY": "20820",
    "BYT": "20820",
    "BYTEL": "20820",
    "BOUYGUES": "20820",
}
_TECHNO = re.compile(r"2G3G|[2345]G")
_LEVEL_WORDS = {text.fr: level for level, text in COVERAGE_LEVELS.items()}
_COLUMNS = {
    "code_operateur": ("operateur", "mcc_mnc", "mccmnc"),
    "techno": ("technologie", "techno_", "generation"),
    "niveau": ("couverture", "niv_couv", "classe"),
}


def read_arcep_couverture(source: Source) -> list[RawLayer]:
    """Read mobile coverage polygons (role ``couverture_mobile``).

    Parameters
    ----------
    source : Source
        A Shapefile or GeoPackage, or a folder or archive of several, joined. ``layer`` keeps the files or layers
        whose name contains it. Options ``operateur``, ``techno`` and ``niveau``: what neither the columns nor the
        file name say.

    Returns
    -------
    list of RawLayer
        One layer a CRS. ``operateur`` (name), ``code_operateur``, ``techno`` (``2G``, ``2G3G``, ``3G``, ``4G``,
        ``5G``) and ``niveau`` (``TBC``, ``BC``, ``CL``, or ``COUVERT`` where no level is published) come from the
        columns, else from the name of the file
        (``2023_T2_couv_Metropole_SFR0_4G_data``, ``France_Metro_20801_4G_couv_theo``), else from the options.

    Raises
    ------
    UnreadableLayerError
        When the archive is a 7z, or no polygon layer is found.
    InvalidValueError
        When the operator or the technology of a layer is said nowhere.
    """
    with opened(source.path) as place:
        found = _layers(place, source)
        reads = [(file, read_vector(file, layer=name, encoding=source.encoding)) for file, name in found]
    layers = [_layer(file, read, source) for file, read in reads if isinstance(read.frame, gpd.GeoDataFrame)]
    if not layers:
        raise _nothing(source, [name for _, name in found])
    together: dict[str, list[RawLayer]] = {}
    for layer in layers:
        together.setdefault(crs_label(getattr(layer.frame, "crs", None)), []).append(layer)
    return [_joined(same) for same in together.values()]


def _layers(place: Path, source: Source) -> list[tuple[Path, str]]:
    packed = find(place, r"\.7z$", suffixes=(".7z",))
    files = find(place, "", suffixes=VECTOR_SUFFIXES)
    if packed and not files:
        raise UnreadableLayerError(
            Text(f"archive 7z non lue : {packed[0].name}", f"7z archive, not read: {packed[0].name}"),
            Text(
                "décompressez-la (7-Zip, p7zip), puis donnez le fichier .gpkg ou .shp.",
                "unpack it (7-Zip, p7zip), then give the .gpkg or .shp file.",
            ),
            file=source.path,
        )
    found = [(file, name) for file in files for name in list_layers(file)]
    wanted = (source.layer or "").lower()
    chosen = [(file, name) for file, name in found if wanted in f"{file.stem}/{name}".lower()]
    if chosen:
        return chosen
    raise _nothing(source, [name for _, name in found])


def _nothing(source: Source, there: list[str]) -> UnreadableLayerError:
    names = ", ".join(there) or "-"
    return UnreadableLayerError(
        Text(f"aucune couche de couverture ; présentes : {names}", f"no coverage layer; present: {names}"),
        Text("donnez un .shp, un .gpkg, ou un dossier qui en contient.", "give a .shp, a .gpkg, or a folder of them."),
        file=source.path,
        layer=source.layer,
    )


def _layer(file: Path, read: VectorRead, source: Source) -> RawLayer:
    frame = renamed(read.frame, source, _COLUMNS).copy()
    said = _said_by_name(f"{file.stem}_{read.layer}")
    _fill(frame, "code_operateur", said, source, "operateur", file)
    _fill(frame, "techno", said, source, "techno", file)
    frame["techno"] = frame["techno"].astype(str).str.upper().str.replace(r"[ /+]", "", regex=True)
    frame["code_operateur"] = _network_codes(frame["code_operateur"])
    frame["operateur"] = frame["code_operateur"].map(lambda code: OPERATORS[code].fr if code in OPERATORS else code)
    remarks = [*read.remarks, *_levels(frame, said, source)]
    return RawLayer("couverture_mobile", frame, file.stem, read.rows_read, read.encoding, None, tuple(remarks))


def _said_by_name(name: str) -> dict[str, str]:
    """Return what a file name tells.

    Examples
    --------
    >>> _said_by_name("2023_T2_couv_Metropole_SFR0_2G3G_voix")
    {'code_operateur': '20810', 'techno': '2G3G'}
    >>> _said_by_name("00_Metropole_20801_4G_TBC")
    {'code_operateur': '20801', 'techno': '4G', 'niveau': 'TBC'}
    """
    words = re.split(r"[^A-Z0-9]+", name.upper())
    said: dict[str, str] = {}
    for word in words:
        if re.fullmatch(r"\d{5}", word) or word in _LETTERS:
            said.setdefault("code_operateur", _LETTERS.get(word, word))
        elif _TECHNO.fullmatch(word):
            said.setdefault("techno", word)
        elif word in {"TBC", "BC", "CL"}:
            said.setdefault("niveau", word)
    return said


def _fill(frame: pd.DataFrame, column: str, said: dict[str, str], source: Source, option: str, file: Path) -> None:
    value = source.options.get(option, said.get(column))
    if column not in frame.columns:
        frame[column] = None
    blank = frame[column].isna()
    if blank.any() and value is None:
        raise InvalidValueError(
            Text(
                f"{file.name} : ni les colonnes ni le nom ne disent «{option}»",
                f"{file.name}: neither the columns nor the name tell «{option}»",
            ),
            Text(f'ajoutez options = {{ {option} = "…" }}.', f'add options = {{ {option} = "…" }}.'),
            file=source.path,
        )
    frame[column] = frame[column].astype(object).where(~blank, value)


def _network_codes(values: pd.Series[Any]) -> pd.Series[Any]:
    """Return network codes, from codes, letters or names."""
    names = {text.fr.upper(): code for code, text in OPERATORS.items()}

    def code(value: object) -> str:
        word = re.sub(r"\.0$", "", str(value).strip())
        return names.get(word.upper(), _LETTERS.get(word.upper(), word))

    return values.map(code)


def _levels(frame: pd.DataFrame, said: dict[str, str], source: Source) -> list[Remark]:
    value = source.options.get("niveau", said.get("niveau"))
    told = frame["niveau"] if "niveau" in frame.columns else pd.Series(None, index=frame.index, dtype=object)
    told = told.map(lambda word: _LEVEL_WORDS.get(str(word).lower(), str(word).strip().upper()), na_action="ignore")
    told = told.where(told.notna(), value)
    silent = int(told.isna().sum())
    frame["niveau"] = told.where(told.notna(), "COUVERT")
    text = Text(
        f"{silent} polygone(s) sans niveau de couverture publié : «couvert, niveau non précisé»",
        f"{silent} polygon(s) without a published coverage level: «covered, level not given»",
    )
    return [Remark(text, silent)] if silent else []


def _joined(layers: list[RawLayer]) -> RawLayer:
    frames = [layer.frame for layer in layers if isinstance(layer.frame, gpd.GeoDataFrame)]
    whole = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), geometry="geometry", crs=frames[0].crs)
    names = ", ".join(dict.fromkeys(layer.layer for layer in layers))
    joined = Remark(Text(f"{len(layers)} couche(s) jointe(s)", f"{len(layers)} layer(s) joined"), len(layers))
    remarks = [remark for layer in layers for remark in layer.remarks]
    rows = sum(layer.rows_read for layer in layers)
    return RawLayer("couverture_mobile", whole, names, rows, layers[0].encoding, None, (joined, *remarks))


READER = Reader(
    "arcep_couverture",
    Text("ARCEP, couverture mobile théorique", "ARCEP, theoretical mobile coverage"),
    ("couverture_mobile",),
    read_arcep_couverture,
    {
        "operateur": Text("opérateur, si le fichier ne le dit pas", "operator, where the file does not tell"),
        "techno": Text("technologie (2G, 3G, 4G, 5G), si le fichier ne la dit pas", "technology (2G, 3G, 4G, 5G)"),
        "niveau": Text("niveau (TBC, BC, CL), si le fichier ne le dit pas", "level (TBC, BC, CL)"),
    },
)
