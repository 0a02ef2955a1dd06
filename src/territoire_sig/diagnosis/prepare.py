"""A delivery made ready for a map: its layers checked, named, styled and documented, in one GeoPackage."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd

from ..io.delivery import Delivery
from ..model.raster import Raster
from ..model.roles import ROLES
from ..model.schema import Role
from ..model.territory import Layer
from ..publish.geopackage import GpkgLayer
from ..publish.layers import GEOMETRY_LAYERS, geometry_dimension
from ..report.qml import Kind
from ..report.role_style import role_style
from ..texts import Text

__all__ = ["prepared_layers"]

_KINDS: dict[int, Kind] = {2: "fill", 1: "line", 0: "marker"}
#: What follows the title of a role's layers when it has several kinds of geometry.
_SUFFIXES: dict[int, Text] = {
    2: Text(" (surfaces)", " (areas)"),
    1: Text(" (lignes)", " (lines)"),
    0: Text(" (points)", " (points)"),
}


def prepared_layers(delivery: Delivery, name: str) -> list[GpkgLayer]:
    """Return the layers of a delivery, one a role (and a kind of geometry), each with its style and its metadata.

    Parameters
    ----------
    name : str
        Name of the delivery, in the titles.
    """
    return [item for layer in delivery.layers.values() for item in _layers(delivery, layer, name)]


def _layers(delivery: Delivery, layer: Layer, name: str) -> Iterator[GpkgLayer]:
    role, frame = ROLES[layer.role], layer.frame
    if isinstance(frame, Raster):
        return
    if not isinstance(frame, gpd.GeoDataFrame):
        yield _described(delivery, layer, role, GpkgLayer(role.id, frame, _title(role, name), str(role.text)))
        return
    dimension = geometry_dimension(frame[frame.geometry.notna()], role.id)
    families = sorted(set(dimension), reverse=True) or [{"line": 1, "point": 0}.get(role.geometry, 2)]
    for rank, family in enumerate(families):
        # Features without a place go with the first kind: they are listed, and counted, not lost.
        kept = frame[dimension.reindex(frame.index).fillna(families[0]).eq(family)] if len(families) > 1 else frame
        suffix, geometry_type, _ = GEOMETRY_LAYERS[family]
        identifier = role.id if rank == 0 else role.id + suffix.removeprefix("constats")
        title = _title(role, name) + (str(_SUFFIXES[family]) if len(families) > 1 else "")
        style = role_style(role, kept, _KINDS[family])
        written = GpkgLayer(identifier, kept, title, str(role.text), style, geometry_type=geometry_type)
        yield _described(delivery, layer, role, written)


def _title(role: Role, name: str) -> str:
    text = str(role.text)
    return f"{text[:1].upper()}{text[1:]} – {name}"


def _described(delivery: Delivery, layer: Layer, role: Role, written: GpkgLayer) -> GpkgLayer:
    remarks = [str(remark) for item in layer.provenance for remark in item.remarks]
    told = Text(f"Lu comme : {delivery.reader.title.fr}.", f"Read as: {delivery.reader.title.en}.")
    files = " ; ".join(dict.fromkeys(item.source or item.file for item in layer.provenance))
    return GpkgLayer(
        written.name,
        written.frame,
        written.title,
        " ".join([f"{written.abstract}.", str(told), *(f"{remark}." for remark in remarks)]),
        written.style_qml,
        ("territoire_sig", str(role.policy.text)),
        source=files,
        geometry_type=written.geometry_type,
    )
