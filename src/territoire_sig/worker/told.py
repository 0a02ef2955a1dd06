"""What is told of layers: how they were read, and how they were written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd

from ..model.territory import Frame, Territory
from ..publish.geopackage import GpkgLayer
from .channel import Channel

__all__ = ["tell_layers", "tell_reading"]


def tell_reading(territory: Territory, channel: Channel) -> None:
    """Send what was noticed of each layer at the door."""
    units = [("unites", item) for item in territory.units_provenance]
    layers = [(role, item) for role, layer in territory.layers.items() for item in layer.provenance]
    for role, item in [*units, *layers]:
        channel.info(f"{role} : {item.layer or item.file}, {item.rows_read} ({item.crs_read or '-'})")
        for remark in item.remarks:
            channel.warning(f"{role} : {remark}")


def tell_layers(file: Path, layers: Sequence[GpkgLayer], channel: Channel) -> None:
    """Send one event a layer written, with its style."""
    for layer in layers:
        kinds = _kinds(layer.frame)
        channel.tell(
            "layer",
            file=str(file),
            name=layer.name,
            title=layer.title,
            abstract=layer.abstract,
            rows=len(layer.frame),
            geometry=kinds,
            qml=layer.style_qml,
            styles=dict(layer.styles),
        )


def _kinds(frame: Frame) -> list[str]:
    """Return the kinds of geometry of a layer; none for a table."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return []
    return sorted({str(kind).removeprefix("Multi") for kind in frame.geom_type.dropna()})
