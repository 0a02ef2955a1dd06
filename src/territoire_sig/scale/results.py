"""Results by partition, and what gathers them in the order of the zones."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from ..errors import MissingFileError, ParameterError
from ..texts import Text
from .files import put, put_folder
from .partitions import RANK

__all__ = ["RESULTS", "Part", "Scaled", "read_scaled", "scaled_folder", "write_part"]

RESULTS = "resultats.json"


@dataclass(frozen=True)
class Part:
    """What became of one partition: its file, the zones measured, the seconds it took."""

    file: str
    zones: int
    seconds: float


@dataclass(frozen=True)
class Scaled:
    """A measure by partition.

    Attributes
    ----------
    folder : Path
        Where the files are.
    parts : tuple of Part
        One file a partition, in the order of the partitions: GeoParquet with the geometry of the zones where
        there is one row a zone, Parquet where there are several.
    by_zone : bool
        Whether there is one row a zone, indexed like the zones.
    """

    folder: Path
    parts: tuple[Part, ...]
    by_zone: bool

    def table(self) -> pd.DataFrame:
        """Return the whole result without geometry, in the order of the zones: that of one machine."""
        whole: pd.DataFrame = self._gathered(_columns)
        return whole

    def frame(self) -> gpd.GeoDataFrame:
        """Return the whole result with the geometry of the zones, in their order; one row a zone only.

        Raises
        ------
        ParameterError
            When there are several rows a zone.
        """
        if not self.by_zone:
            raise ParameterError(
                Text("plusieurs lignes par zone : pas de géométrie", "several rows a zone: no geometry"),
                Text("prenez table().", "take table()."),
            )
        return self._gathered(gpd.read_parquet)

    def save(self, path: str | Path) -> Path:
        """Write the whole result as one ``.csv``, or ``.parquet`` (with geometry, where there is one row a zone).

        Raises
        ------
        ParameterError
            When the name ends otherwise.
        """
        target = Path(path)
        if target.suffix == ".csv":
            put(target, lambda draft: write_csv(self.table(), draft, index=self.by_zone))
        elif target.suffix == ".parquet":
            whole = self.frame() if self.by_zone else self.table()
            put(target, lambda draft: whole.to_parquet(draft))
        else:
            raise ParameterError(
                Text(f"le fichier «{target.name}» finit par «{target.suffix}»", f"file «{target.name}» ends otherwise"),
                Text("donnez un nom en .csv ou .parquet.", "give a name in .csv or .parquet."),
                file=target,
            )
        return target

    def _gathered(self, read: Callable[[Path], Any]) -> Any:
        frames = [read(self.folder / part.file) for part in self.parts]
        whole = pd.concat([frame for frame in frames if len(frame)] or frames[:1])
        whole = whole.sort_values(RANK, kind="stable").drop(columns=RANK)
        return whole if self.by_zone else whole.reset_index(drop=True)


@contextmanager
def scaled_folder(folder: str | Path, *, by_zone: bool) -> Iterator[tuple[Path, list[Part]]]:
    """Give a folder and a list to fill with the parts; `folder` takes its place when all of them are done."""
    parts: list[Part] = []
    with put_folder(Path(folder).absolute(), RESULTS) as draft:
        yield draft, parts
        told = {"by_zone": by_zone, "parts": [asdict(part) for part in parts]}
        (draft / RESULTS).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def read_scaled(folder: str | Path) -> Scaled:
    """Return the results that a folder holds.

    Raises
    ------
    MissingFileError
        When there are none: an unfinished run leaves nothing.
    """
    path = Path(folder) / RESULTS
    if not path.is_file():
        raise MissingFileError(
            Text("ce dossier ne contient pas de résultats", "this folder holds no result"),
            Text("relancez : un calcul interrompu ne laisse rien.", "run again: a stopped run leaves nothing."),
            file=path,
        )
    told = json.loads(path.read_text(encoding="utf-8"))
    return Scaled(Path(folder), tuple(Part(**part) for part in told["parts"]), told["by_zone"])


def _columns(path: Path) -> pd.DataFrame:
    """Return the columns of a file but the geometry."""
    from pyarrow.parquet import read_schema

    names = [name for name in read_schema(path).names if name != "geometry"]
    return pd.read_parquet(path, columns=names)


def write_csv(table: pd.DataFrame, path: Path, *, index: bool) -> None:
    """Write a table as CSV: comma, point, UTF-8, every digit; an unnamed index is called ``zone``."""
    named = table if not index or table.index.name is not None else table.rename_axis("zone")
    named.to_csv(path, index=index, encoding="utf-8", lineterminator="\n")


def write_part(table: pd.DataFrame, zones: gpd.GeoDataFrame, path: Path, *, by_zone: bool, csv: bool) -> None:
    """Write the result of one partition.

    Parameters
    ----------
    table : DataFrame
        Indexed like `zones` where `by_zone`; else with column ``zone``, in the order of the zones.
    zones : GeoDataFrame
        The zones of the partition, with column ``_rank``.
    path : Path
        Of the (Geo)Parquet file; the CSV has the same name.
    """
    if by_zone:
        ranked: pd.DataFrame = table.assign(**{RANK: zones[RANK], "geometry": zones.geometry})
        ranked = gpd.GeoDataFrame(ranked, geometry="geometry", crs=zones.crs)
    else:
        ranked = table.assign(**{RANK: zones[RANK].to_numpy()[zones.index.get_indexer(table["zone"])]})
    put(path, lambda draft: ranked.to_parquet(draft, index=by_zone))
    if csv:
        put(path.with_suffix(".csv"), lambda draft: write_csv(table, draft, index=by_zone))
