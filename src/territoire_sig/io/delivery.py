"""One delivery of a published format, read by itself: no territory around it, the same door before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd

from ..errors import CRSMismatchError, EmptyLayerError, FaultsError, MissingFileError, ParameterError
from ..model.crs import analysis_crs, crs_label
from ..model.faults import Fault
from ..model.territory import Layer
from ..texts import Text
from .crs_check import official_crs
from .door import admit
from .reader import RawLayer, Reader, Source
from .readers import reader
from .stacking import add_layer

__all__ = ["Delivery", "read_delivery"]


@dataclass(frozen=True, eq=False)
class Delivery:
    """What a delivery holds: its layers by role, checked, in one projected CRS."""

    reader: Reader
    crs: str
    layers: Mapping[str, Layer]


def read_delivery(source: Source, format: str, *, crs: str | None = None, origin: str | None = None) -> Delivery:
    """Read every role that a delivery gives, or the one that `source` names.

    Parameters
    ----------
    crs : str, optional
        CRS of the result, projected, in metres; by default the official one of the place.
    origin : str, optional
        Who publishes it: kept in the provenance.

    Raises
    ------
    MissingFileError
        When there is no such file or folder.
    TerritoryFileError
        When no reader is called `format`.
    ParameterError
        When an option is not one of the format.
    CRSMismatchError
        When `crs` cannot carry an analysis, or none is given and the place is not known.
    FaultsError
        With every fault of every layer.
    EmptyLayerError
        When the delivery gives no layer.
    """
    chosen = reader(format)
    _check_asked(source, chosen)
    raws = [raw for raw in chosen.read(source) if source.wants(raw.role)]
    if not raws:
        raise EmptyLayerError(
            Text(f"aucune couche de ce format («{format}»)", f"no layer of this format («{format}»)"),
            Text("vérifiez le fichier, le format et le rôle.", "check the file, the format and the role."),
            file=source.path.name,
        )
    label = crs_label(analysis_crs(crs or _crs_of_place(raws, source), file=source.path.name))
    return Delivery(chosen, label, _admitted(raws, source, format, label, origin))


def _check_asked(source: Source, chosen: Reader) -> None:
    if not source.path.exists():
        raise MissingFileError(
            Text("fichier ou dossier introuvable", "file or folder not found"),
            Text("vérifiez le chemin.", "check the path."),
            file=str(source.path),
        )
    if unknown := sorted(set(source.options) - set(chosen.options)):
        known = ", ".join(chosen.options) or "-"
        raise ParameterError(
            Text(f"{chosen.id} : option inconnue «{unknown[0]}»", f"{chosen.id}: unknown option «{unknown[0]}»"),
            Text(f"options admises : {known}.", f"accepted options: {known}."),
        )


def _crs_of_place(raws: Sequence[RawLayer], source: Source) -> str:
    located = [raw for raw in raws if _is_located(raw)]
    for raw in located:
        found = official_crs(raw.frame, stated=source.crs, known=raw.crs_known, file=source.path.name)
        if found:
            return found
    if not located:
        return "EPSG:2154"  # tables alone: no coordinate is written
    raise CRSMismatchError(
        Text("le lieu de ces couches n'est pas en France", "these layers do not lie in France"),
        Text("donnez le système de coordonnées voulu, en mètres.", "give the CRS that you want, in metres."),
        file=source.path.name,
    )


def _is_located(raw: RawLayer) -> bool:
    return isinstance(raw.frame, gpd.GeoDataFrame) and raw.frame.active_geometry_name is not None


def _admitted(raws: Sequence[RawLayer], source: Source, format: str, crs: str, origin: str | None) -> dict[str, Layer]:
    layers: dict[str, Layer] = {}
    faults: list[Fault] = []
    for raw in raws:
        admitted = admit(raw, source, crs=crs, format=format, file=source.path.name, origin=origin)
        faults += admitted.faults
        add_layer(layers, admitted, faults)
    if faults:
        raise FaultsError(faults)
    return layers
