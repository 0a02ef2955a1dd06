"""ARCEP, FttH deployment by building: a file of some 25 million rows, read by chunks, kept where it is asked for."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from ...errors import InvalidValueError, UnreadableLayerError
from ...model.faults import Remark
from ...texts import Text
from ..containers import find, opened
from ..naming import missing_column, numbers, renamed
from ..reader import RawLayer, Reader, Source
from ..tables import restore_code

__all__ = ["CHUNK_ROWS", "READER", "read_arcep_immeubles"]

#: Rows held in memory at a time.
CHUNK_ROWS = 100_000

_WGS84, _LAMBERT = "EPSG:4326", "EPSG:2154"
_NAMES: dict[str, tuple[str, ...]] = {
    "etat": ("imb_etat", "etat_imb", "etatimmeuble", "ad_imneuf_etat", "ad_ietat"),
    "locaux": (
        "nbloc",
        "nblog",
        "nb_loc",
        "nbr_loc",
        "ipe_nb_loc",
        "imb_nbr_logloc",
        "nb_logements",
        "nombrelogements",
    ),
    "code_insee": ("imb_code_insee", "codeinsee", "insee_com", "code_insee_commune", "codeinseeimmeuble"),
    "date_commerciale": ("date_ouverture_commerciale", "date_debutcomr", "datedebutcommercialisation"),
    "x": ("imb_x", "longitude", "lon", "coordonneeimmeublex"),
    "y": ("imb_y", "latitude", "lat", "coordonneeimmeubley"),
    "pm_etat": ("etat_pm", "etatpm"),
    "id_immeuble": ("imb_id", "identifiantimmeuble"),
    "categorie": ("catg_loc_imb",),
}
_KEPT = (*_NAMES, "type_imb", "pm_ref", "code_l331", "date_completude")
#: Words and codes of ARCEP's open data, of the operators' exchange files (IPE) and of GraceTHD → state.
_STATES = {
    "cible": "cible",
    "cibl": "cible",
    "ci": "cible",
    "planifie": "cible",
    "plan": "cible",
    "pl": "cible",
    "signe": "signe",
    "sign": "signe",
    "si": "signe",
    "raccordable demande": "raccordable_demande",
    "raccordable sur demande": "raccordable_demande",
    "raccordable a la demande": "raccordable_demande",
    "racd": "raccordable_demande",
    "rad": "raccordable_demande",
    "rd": "raccordable_demande",
    "en cours": "en_cours",
    "en cours de deploiement": "en_cours",
    "rad en cours de deploiement": "en_cours",
    "enco": "en_cours",
    "ec": "en_cours",
    "rc": "en_cours",
    "deploye": "deploye",
    "depl": "deploye",
    "de": "deploye",
    "raccordable": "deploye",
    "abandonne": "abandonne",
    "aban": "abandonne",
    "ab": "abandonne",
    "inconnu": "inconnu",
    "nc": "inconnu",
    "": "inconnu",
}


def read_arcep_immeubles(source: Source) -> list[RawLayer]:
    """Read the buildings and their FttH state (role ``immeuble``), in memory that does not grow with the file.

    Parameters
    ----------
    source : Source
        A CSV (plain, zipped or gzipped) with ``x``, ``y`` and ``imb_etat``. Options: ``communes``, a list of INSEE
        codes; ``emprise = [xmin, ymin, xmax, ymax]``, in the coordinates of the file. With both, a building must
        meet both. Without either, the whole file is kept.

    Returns
    -------
    list of RawLayer
        One layer; its CRS, which the file cannot say, is the user's, else EPSG:4326 where the coordinates are
        degrees, else Lambert-93. ``etat`` is one of the states of the role (blank: ``inconnu``; an unknown word is
        left for the check of value lists to refuse), and so is ``pm_etat``, the state of the sharing point.
        ``locaux`` is NaN where the file only gives a class of size
        (``categorie``). ``rows_read`` counts the whole file.

    Raises
    ------
    MissingColumnError
        When the state or a coordinate is absent, or ``code_insee`` while ``communes`` is asked for.
    InvalidValueError
        When ``emprise`` is not four ordered numbers, or cannot be in the coordinates of the file.
    UnreadableLayerError
        When the archive holds several tables, or the text cannot be decoded.
    """
    communes, box = _communes(source), _box(source)
    with opened(source.path) as place:
        file = _one_file(place, source)
        encoding = source.encoding or _encoding(file)
        kept, rows, outside = _filtered(file, encoding, source, communes, box)
    frame, told = _shaped(kept, source)
    crs = source.crs or (_WGS84 if _in_degrees(frame["x"], frame["y"]) else _LAMBERT)
    points = gpd.GeoSeries(gpd.points_from_xy(frame["x"], frame["y"]), index=frame.index, crs=crs)
    points = points.where(frame["x"].notna() & frame["y"].notna(), None)
    layer = gpd.GeoDataFrame(frame.drop(columns=["x", "y"]), geometry=points, crs=crs)
    remarks = (_counted(rows, len(layer), outside, crs), *told)
    return [RawLayer("immeuble", layer, file.stem, rows, encoding, crs, remarks)]


def _communes(source: Source) -> frozenset[str] | None:
    asked = source.options.get("communes")
    if asked is None:
        return None
    listed = [asked] if isinstance(asked, str | int) else list(asked)
    return frozenset(str(code).zfill(5) for code in listed)


def _box(source: Source) -> tuple[float, ...] | None:
    asked = source.options.get("emprise")
    if asked is None:
        return None
    four = isinstance(asked, Sequence) and len(asked) == 4 and all(isinstance(n, int | float) for n in asked)
    if four and asked[0] < asked[2] and asked[1] < asked[3]:
        return tuple(float(number) for number in asked)
    raise InvalidValueError(
        Text(f"emprise = {asked} n'est pas un rectangle", f"emprise = {asked} is not a rectangle"),
        Text(
            "écrivez emprise = [xmin, ymin, xmax, ymax], dans les coordonnées du fichier.",
            "write emprise = [xmin, ymin, xmax, ymax], in the coordinates of the file.",
        ),
        file=source.path,
    )


def _one_file(place: Path, source: Source) -> Path:
    files = find(place, "", suffixes=(".csv", ".txt"))
    if len(files) == 1:
        return files[0]
    names = ", ".join(file.name for file in files) or "-"
    raise UnreadableLayerError(
        Text(f"il faut une table, trouvées : {names}", f"one table is needed, found: {names}"),
        Text("donnez le fichier des immeubles lui-même.", "give the file of buildings itself."),
        file=source.path,
    )


def _encoding(file: Path) -> str:
    """Return UTF-8 where the whole file decodes so, Windows-1252 otherwise; read by blocks."""
    try:
        with file.open(encoding="utf-8-sig") as text:
            while text.read(1 << 16):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _chunks(file: Path, encoding: str, source: Source) -> Iterator[pd.DataFrame]:
    try:
        with file.open(encoding=encoding, errors="replace") as text:
            head = text.readline()
        with pd.read_csv(
            file,
            sep=max(";,\t|", key=head.count),
            encoding=encoding,
            dtype=object,
            chunksize=CHUNK_ROWS,
            keep_default_na=False,
        ) as reader:
            for chunk in reader:
                yield _plain_chunk(chunk)
    except (UnicodeDecodeError, LookupError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise UnreadableLayerError(
            Text(f"table illisible ({error})", f"unreadable table ({error})"),
            Text(
                'mettez entre guillemets les cellules qui contiennent le séparateur, ou essayez encodage = "cp1252".',
                'put between quotes the cells that hold the separator, or try encodage = "cp1252".',
            ),
            file=source.path,
        ) from error


def _plain_chunk(chunk: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(chunk.index, pd.RangeIndex):  # pandas makes an index of a first cell too many
        raise pd.errors.ParserError("more cells than names")
    return chunk.set_axis(chunk.columns.str.strip().str.lower(), axis=1).fillna("")


def _filtered(
    file: Path, encoding: str, source: Source, communes: frozenset[str] | None, box: tuple[float, ...] | None
) -> tuple[pd.DataFrame, int, int]:
    """Return the rows wanted, the count of rows read and of rows outside."""
    kept: list[pd.DataFrame] = []
    rows = 0
    for chunk in _chunks(file, encoding, source):
        named = _named(chunk, source, communes)
        if box is not None and not rows:
            _check_box(named, box, source)
        rows += len(named)
        inside = _inside(named, source, communes, box)
        if inside.any() or not kept:
            kept.append(named[inside].copy())
    whole = pd.concat(kept, ignore_index=True) if kept else pd.DataFrame(columns=["etat", "x", "y"], dtype=object)
    return whole, rows, rows - len(whole)


def _named(chunk: pd.DataFrame, source: Source, communes: frozenset[str] | None) -> pd.DataFrame:
    frame: pd.DataFrame = renamed(chunk, source, _NAMES)
    frame = frame[[name for name in _KEPT if name in frame.columns]]
    for name in ("etat", "x", "y", *(("code_insee",) if communes is not None else ())):
        if name not in frame.columns:
            raise missing_column(frame, source, name, *_NAMES[name])
    return frame


def _inside(
    frame: pd.DataFrame, source: Source, communes: frozenset[str] | None, box: tuple[float, ...] | None
) -> np.ndarray[Any, Any]:
    inside = np.ones(len(frame), dtype=bool)
    if communes is not None:
        inside &= frame["code_insee"].str.strip().str.zfill(5).isin(communes).to_numpy()
    if box is not None:
        x, y = _coordinates(frame, source)
        inside &= ((x >= box[0]) & (x <= box[2]) & (y >= box[1]) & (y <= box[3])).to_numpy()
    return inside


def _coordinates(frame: pd.DataFrame, source: Source) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """Return x and y as floats: the fast way, else the careful one (decimal comma, or the error that says which)."""
    try:
        return tuple(pd.to_numeric(frame[name].replace("", None)).astype("float64") for name in ("x", "y"))  # type: ignore[return-value]
    except ValueError:
        blank = frame[["x", "y"]].replace("", None)
        return numbers(blank, "x", source), numbers(blank, "y", source)


def _in_degrees(x: pd.Series[Any], y: pd.Series[Any]) -> bool:
    return bool((x.abs().max() <= 180 or x.isna().all()) and (y.abs().max() <= 90 or y.isna().all()))


def _check_box(frame: pd.DataFrame, box: tuple[float, ...], source: Source) -> None:
    """Refuse a box in metres on a file in degrees, and the contrary."""
    x, y = _coordinates(frame, source)
    degrees = _in_degrees(x, y)
    if x.isna().all() or degrees == (max(abs(n) for n in box) <= 180):
        return
    here, there = (Text("degrés", "degrees"), Text("mètres", "metres"))
    found, asked = (here, there) if degrees else (there, here)
    raise InvalidValueError(
        Text(
            f"emprise en {asked.fr}, et les coordonnées du fichier sont en {found.fr}",
            f"emprise is in {asked.en}, and the coordinates of the file are in {found.en}",
        ),
        Text(
            f"donnez l'emprise en {found.fr}, ou la liste communes = […].",
            f"give emprise in {found.en}, or the list communes = […].",
        ),
        file=source.path,
    )


def _shaped(kept: pd.DataFrame, source: Source) -> tuple[pd.DataFrame, list[Remark]]:
    """Turn texts into the values of the role."""
    frame = kept.copy()
    frame["x"], frame["y"] = _coordinates(frame, source)
    frame["etat"] = _states(frame["etat"])
    if "pm_etat" in frame.columns:
        frame["pm_etat"] = _states(frame["pm_etat"])
    remarks: list[Remark] = []
    if "code_insee" in frame.columns:
        frame["code_insee"], _ = restore_code(frame["code_insee"])
    if "locaux" in frame.columns:
        frame["locaux"] = numbers(frame[["locaux"]].replace("", None), "locaux", source)
    else:
        frame["locaux"] = np.nan
        text = Text(
            "le fichier ne donne pas le nombre de locaux (une classe de taille au mieux) : inconnu",
            "the file does not give the number of premises (a class of size at best): unknown",
        )
        remarks.append(Remark(text))
    others = [name for name in frame.columns if name not in {"x", "y", "etat", "pm_etat", "locaux", "code_insee"}]
    frame[others] = frame[others].replace("", None)
    states = Counter(frame["etat"])
    shown = ", ".join(f"{states[state]} {state}" for state in sorted(states))
    return frame, [*remarks, Remark(Text(f"états : {shown or '-'}", f"states: {shown or '-'}"))]


def _states(words: pd.Series[Any]) -> pd.Series[Any]:
    meaning = {word: _STATES.get(_plain(word), word) for word in words.unique()}
    return words.map(meaning)


def _plain(word: str) -> str:
    """Return a word without case, accents, underscores or doubled spaces.

    Examples
    --------
    >>> _plain(" Déployé "), _plain("RACCORDABLE_DEMANDE")
    ('deploye', 'raccordable demande')
    """
    bare = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[\s_-]+", " ", bare).strip()


def _counted(rows: int, kept: int, outside: int, crs: str) -> Remark:
    text = Text(
        f"{rows} immeuble(s) lus, {kept} gardé(s), {outside} hors des communes ou de l'emprise demandées ; "
        f"coordonnées prises en {crs}",
        f"{rows} building(s) read, {kept} kept, {outside} outside the communes or the box asked for; "
        f"coordinates taken as {crs}",
    )
    return Remark(text, kept)


READER = Reader(
    "arcep_immeubles",
    Text("ARCEP, immeubles et leur état FttH", "ARCEP, buildings and their FttH state"),
    ("immeuble",),
    read_arcep_immeubles,
    {
        "communes": Text("codes INSEE des communes à garder", "INSEE codes of the communes to keep"),
        "emprise": Text(
            "[xmin, ymin, xmax, ymax] à garder, dans les coordonnées du fichier",
            "[xmin, ymin, xmax, ymax] to keep, in the coordinates of the file",
        ),
    },
)
