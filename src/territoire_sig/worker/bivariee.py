"""``bivariee``: the style and the legend of two quantities on one map."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pyogrio
from pyogrio.errors import DataSourceError

from ..errors import InvalidValueError, MissingColumnError, UnreadableLayerError
from ..model.declaration import Output
from ..report.bivariate import bivariate_legend, bivariate_style, terciles
from ..texts import Text
from .channel import Channel
from .described import write_text
from .request import Fields

__all__ = ["bivariee"]


def bivariee(fields: Fields, channel: Channel) -> None:
    """Read the layer of the request and write ``bivariee.qml`` and ``bivariee.svg``.

    Raises
    ------
    ProtocolError, UnreadableLayerError, MissingColumnError, InvalidValueError
    """
    file, folder = Path(fields.take("file", str)), Path(fields.take("out", str))
    outputs = [_output(Fields(fields.take(name, dict), name)) for name in ("first", "second")]
    fields.close()
    frame = _read(file)
    for output in outputs:
        _check(frame, output, file)
    first, second = outputs
    style = write_text(folder / "bivariee.qml", bivariate_style(frame, first, second))
    legend = write_text(folder / "bivariee.svg", bivariate_legend(frame, first, second))
    bounds = {name: list(terciles(frame, output)) for name, output in zip(("first", "second"), outputs, strict=True)}
    channel.tell("result", style=str(style), legend=str(legend), bounds=bounds)


def _output(fields: Fields) -> Output:
    column = fields.take("column", str)
    text = fields.optional("text", str) or column
    found = Output(column, Text(text, text), fields.optional("unit", str) or "")
    fields.close()
    return found


def _read(file: Path) -> gpd.GeoDataFrame:
    try:
        return pyogrio.read_dataframe(file)
    except DataSourceError as error:
        raise UnreadableLayerError(
            Text(f"couche illisible : {error}", f"unreadable layer: {error}"),
            Text("vérifiez le fichier.", "check the file."),
            file=file,
        ) from error


def _check(frame: gpd.GeoDataFrame, output: Output, file: Path) -> None:
    if output.name not in frame:
        raise MissingColumnError(
            Text(f"colonne «{output.name}» absente", f"column «{output.name}» absent"),
            Text(f"colonnes présentes : {', '.join(frame)}.", f"columns found: {', '.join(frame)}."),
            file=file,
        )
    if frame[output.name].dtype.kind not in "iuf":
        raise InvalidValueError(
            Text(f"la colonne «{output.name}» n'est pas faite de nombres", f"column «{output.name}» holds no numbers"),
            Text("choisissez une colonne de nombres.", "choose a column of numbers."),
            file=file,
        )
