"""Any vector file, for any role that has a geometry."""

from __future__ import annotations

from ...errors import TerritoryFileError
from ...model.roles import ROLES
from ...texts import Text
from ..reader import RawLayer, Reader, Source
from ..vector import read_vector

__all__ = ["READER", "read"]

_ROLES = tuple(found.id for found in ROLES.values() if found.geometry not in {"table", "raster"})


def read(source: Source) -> list[RawLayer]:
    """Read one layer as the role that the source names; the door gives its columns their names.

    Raises
    ------
    TerritoryFileError
        When the source names no role.
    MissingFileError, UnreadableLayerError
        See :func:`territoire_sig.io.vector.read_vector`.
    """
    if source.role is None:
        raise TerritoryFileError(
            Text("le format «vecteur» demande un rôle", "the format «vecteur» needs a role"),
            Text('écrivez par exemple role = "zonage".', 'write for example role = "zonage".'),
            file=source.path,
        )
    found = read_vector(source.path, layer=source.layer, encoding=source.encoding)
    return [
        RawLayer(source.role, found.frame, found.layer, found.rows_read, found.encoding, remarks=found.remarks),
    ]


READER = Reader(
    "vecteur",
    Text("fichier vectoriel (GeoPackage, Shapefile, GeoJSON, TAB…)", "vector file (GeoPackage, Shapefile, GeoJSON…)"),
    _ROLES,
    read,
)
