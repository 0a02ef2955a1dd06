"""``carte``: the style of a layer of polygons by one quantity, or by two together with their legend."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pyogrio
from pyogrio.errors import DataSourceError

from ..errors import InvalidValueError, MissingColumnError, UnreadableLayerError
from ..indicators import declared
from ..model.declaration import Output
from ..report.bivariate import bivariate_legend, bivariate_style
from ..report.qml import graduated_style
from ..texts import Text
from .channel import Channel
from .described import write_text
from .request import Fields

__all__ = ["carte"]


def carte(fields: Fields, channel: Channel) -> None:
    """Read the layer of the request and write ``carte.qml`` and, for two quantities, ``legende.svg``.

    A column that bears the name of a declared indicator is told with its words, its unit and its good side.

    Raises
    ------
    ProtocolError, UnreadableLayerError, MissingColumnError, InvalidValueError
    """
    file, folder = Path(fields.take("file", str)), Path(fields.take("out", str))
    names = [fields.take("column", str), fields.optional("second", str)]
    label = fields.optional("label", str)
    fields.close()
    frame = _read(file)
    outputs = [_output(frame, name, file) for name in names if name]
    legend = None
    if len(outputs) == 1:
        style = graduated_style(frame, outputs[0], "fill", label=label)
    else:
        style = bivariate_style(frame, *outputs)
        legend = str(write_text(folder / "legende.svg", bivariate_legend(frame, *outputs)))
    described = [{"column": output.name, "text": output.text, "unit": output.unit} for output in outputs]
    place = write_text(folder / "carte.qml", style)
    channel.tell("result", style=str(place), legend=legend, outputs=described)


def _read(file: Path) -> gpd.GeoDataFrame:
    try:
        return pyogrio.read_dataframe(file)
    except DataSourceError as error:
        raise UnreadableLayerError(
            Text(f"couche illisible : {error}", f"unreadable layer: {error}"),
            Text("vérifiez le fichier.", "check the file."),
            file=file,
        ) from error


def _output(frame: gpd.GeoDataFrame, name: str, file: Path) -> Output:
    if name not in frame:
        raise MissingColumnError(
            Text(f"colonne «{name}» absente", f"column «{name}» absent"),
            Text(f"colonnes présentes : {', '.join(frame)}.", f"columns found: {', '.join(frame)}."),
            file=file,
        )
    if frame[name].dtype.kind not in "iuf":
        raise InvalidValueError(
            Text(f"la colonne «{name}» n'est pas faite de nombres", f"column «{name}» holds no numbers"),
            Text("choisissez une colonne de nombres.", "choose a column of numbers."),
            file=file,
        )
    known = (output for analysis in declared().values() for output in analysis.outputs if output.name == name)
    return next(known, Output(name, Text(name, name), ""))
