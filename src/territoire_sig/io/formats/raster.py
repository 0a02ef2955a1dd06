"""Any raster: air, noise, relief, land cover."""

from __future__ import annotations

from ...errors import TerritoryFileError
from ...model.faults import Remark
from ...texts import Text
from ..raster import read_raster
from ..reader import RawLayer, Reader, Source

__all__ = ["READER", "read"]

_ROLES = ("air_raster", "bruit_raster", "relief", "occupation_sol")


def read(source: Source) -> list[RawLayer]:
    """Read one band (option ``bande``, 1 by default) as the role that the source names.

    Raises
    ------
    TerritoryFileError
        When the source names no role, or a band that is not a whole number.
    MissingFileError, UnreadableLayerError, CRSMismatchError
        See :func:`territoire_sig.io.raster.read_raster`.
    """
    band = source.options.get("bande", 1)
    if source.role not in _ROLES or not isinstance(band, int):
        raise TerritoryFileError(
            Text(
                f"une grille demande un rôle ({', '.join(_ROLES)}) et une bande entière (reçu : {source.role}, {band})",
                f"a raster needs a role ({', '.join(_ROLES)}) and a whole band (given: {source.role}, {band})",
            ),
            Text('écrivez par exemple role = "relief".', 'write for example role = "relief".'),
            file=source.path,
        )
    raster = read_raster(source.path, band=band, crs=source.crs)
    said = Text(f"grille lue dans le système demandé, {source.crs}", f"raster read in the CRS asked, {source.crs}")
    return [
        RawLayer(source.role, raster, raster.name, raster.values.size, remarks=(Remark(said),) if source.crs else ())
    ]


READER = Reader(
    "raster",
    Text("grille (GeoTIFF, ASC…)", "raster (GeoTIFF, ASC…)"),
    _ROLES,
    read,
    {"bande": Text("numéro de la bande, à partir de 1", "number of the band, from 1")},
)
