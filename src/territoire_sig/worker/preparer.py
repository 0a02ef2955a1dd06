"""``preparer``: one delivery of a published format, to one GeoPackage of named, styled, documented layers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..diagnosis.prepare import prepared_layers
from ..io.delivery import read_delivery
from ..io.reader import Source
from ..publish.geopackage import GpkgLayer, check_free
from ..texts import Text
from .channel import Channel
from .request import Fields
from .told import tell_layers
from .written import write_layers

__all__ = ["preparer"]


def preparer(fields: Fields, channel: Channel) -> None:
    """Read the delivery of the request and write ``<format>.gpkg``.

    Raises
    ------
    ProtocolError, MissingFileError, TerritoryFileError, ParameterError, CRSMismatchError, FaultsError,
    EmptyLayerError, UnreadableLayerError
    """
    format, folder = fields.take("format", str), Path(fields.take("out", str))
    name, crs, origin = (fields.optional(key, str) for key in ("name", "crs", "source"))
    replaced = fields.optional("replaces", str)
    source = Source(
        Path(fields.take("file", str)),
        fields.optional("role", str),
        fields.optional("layer", str),
        fields.optional("file_crs", str),
        fields.optional("encoding", str),
        fields.optional("columns", dict) or {},
        fields.optional("options", dict) or {},
    )
    fields.close()
    if replaced is not None:
        check_free(Path(replaced))
    channel.progress(0.0, str(Text("lecture des couches", "reading layers")))
    delivery = read_delivery(source, format, crs=crs, origin=origin)
    for role, layer in delivery.layers.items():
        for item in layer.provenance:
            channel.info(f"{role} : {item.layer or item.file}, {item.rows_read} ({item.crs_read or '-'})")
            for remark in item.remarks:
                channel.warning(f"{role} : {remark}")
    channel.progress(0.7, str(Text("écriture", "writing")))
    layers = prepared_layers(delivery, name or source.path.stem)
    file = write_layers(folder / f"{format}.gpkg", layers)
    tell_layers(file, layers, channel)
    channel.tell("result", file=str(file), crs=delivery.crs, numbers=_numbers(layers))


def _numbers(layers: list[GpkgLayer]) -> dict[str, Any]:
    return {"layer_count": len(layers), "feature_count": sum(len(layer.frame) for layer in layers)}
