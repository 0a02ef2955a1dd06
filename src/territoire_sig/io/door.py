"""The door: the one place where what a reader gives becomes a layer of a territory, checked and reprojected."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj

from ..errors import CRSMismatchError
from ..model.crs import crs_label
from ..model.faults import Fault
from ..model.raster import Raster
from ..model.roles import role as role_called
from ..model.schema import Role
from ..model.territory import Frame, Layer, Provenance
from ..texts import Text
from .checksum import sha256 as checksum
from .columns import Findings, converted, named_as_role, odd_codes, without_geometry
from .crs_check import check_crs, crs_remarks
from .geometries import of_kind
from .raster import reprojected
from .reader import RawLayer, Source
from .reprojection import conversion, reproject

__all__ = ["Admitted", "admit"]


@dataclass(frozen=True, eq=False)
class Admitted:
    """A layer, or the faults that keep it out.

    Attributes
    ----------
    layer : Layer, optional
        None as soon as there is one fault.
    """

    layer: Layer | None
    faults: tuple[Fault, ...] = ()


def admit(
    raw: RawLayer,
    source: Source,
    *,
    crs: str,
    format: str,
    file: str | None = None,
    sha256: str | None = None,
    vintage: str | None = None,
    origin: str | None = None,
    licence: str | None = None,
) -> Admitted:
    """Check one raw layer against its role, and bring it to the territory's CRS.

    Columns take the names of the role and their kinds, codes are checked against the official lists, numbers
    against their bounds, geometries against the kind of the role, the CRS against the coordinates; then the layer
    is reprojected. Every fault is gathered; nothing is set aside without being counted in the provenance.

    Parameters
    ----------
    crs : str
        Analysis CRS of the territory.
    format : str
        Identifier of the reader.
    file : str, optional
        File as the user wrote it; the source's path by default.
    sha256 : str, optional
        Checksum of the source, when it is already known.
    vintage, origin, licence : str, optional
        What the territory file says of the source.

    Raises
    ------
    TerritoryFileError
        When the role does not exist.
    MissingFileError
        When the source has gone since it was read.
    """
    findings = Findings(file or str(source.path), raw.layer)
    frame, crs_read = _checked(raw, source, crs, findings)
    provenance = Provenance(
        findings.file,
        raw.layer,
        format,
        sha256 or checksum(source.path),
        crs_read,
        raw.rows_read,
        vintage,
        origin,
        licence,
        raw.encoding,
        (*raw.remarks, *findings.remarks),
    )
    if findings.faults or frame is None:
        return Admitted(None, tuple(findings.faults))
    return Admitted(Layer(raw.role, frame, (provenance,)))


def _checked(raw: RawLayer, source: Source, crs: str, findings: Findings) -> tuple[Frame | Raster | None, str | None]:
    role = role_called(raw.role, file=findings.file)
    if isinstance(raw.frame, Raster):
        return _raster_checked(raw.frame, role, crs, findings)
    frame = _attributes_checked(raw.frame, role, source, findings)
    if role.geometry == "table":
        return _table_checked(frame, role, findings), None
    if role.geometry == "raster":
        _wrong_nature(role, Text("une grille", "a raster"), findings)
        return None, None
    if not isinstance(frame, gpd.GeoDataFrame):
        _wrong_nature(role, Text("des géométries", "geometries"), findings)
        return None, None
    return _located(frame, role, raw, source, crs, findings)


def _attributes_checked(frame: Frame, role: Role, source: Source, findings: Findings) -> Frame:
    if not len(frame):
        findings.remark("couche vide : aucune entité", "empty layer: no feature", 0)
        if not len(frame.columns.difference(["geometry"])):
            frame = frame.assign(**{name: pd.Series(dtype=object) for name in role.required})
    named = named_as_role(frame, role, source.columns, findings, strict=source.role is not None)
    return converted(named, role, findings).reset_index(drop=True)


def _table_checked(frame: Frame, role: Role, findings: Findings) -> pd.DataFrame:
    if isinstance(frame, gpd.GeoDataFrame):
        findings.remark(
            "géométries laissées de côté : ce rôle est une table", "geometries set aside: this role is a table"
        )
    table = without_geometry(frame)
    if role.key is None or role.key not in table.columns:
        return table
    keys = table[role.key].dropna()
    if odd := odd_codes(keys):
        findings.remark(
            f"{odd} code(s) ni de commune (5 caractères) ni d'IRIS (9), gardé(s) tels quels",
            f"{odd} code(s) neither of a commune (5 characters) nor of an IRIS (9), kept as they are",
            odd,
        )
    for code, n in keys[keys.duplicated(keep=False)].value_counts().head(5).items():
        findings.fault(
            Text(f"{n} lignes pour ce code, et il en faut une", f"{n} rows for this code, and one is needed"),
            Text("gardez une ligne par code (une date, un champ).", "keep one row a code (one date, one field)."),
            column=role.key,
            value=str(code),
        )
    return table


def _wrong_nature(role: Role, wanted: Text, findings: Findings) -> None:
    findings.fault(
        Text(f"le rôle «{role.id}» veut {wanted.fr}", f"the role «{role.id}» wants {wanted.en}"),
        Text(
            'changez `role` ou `format` ; pour une table de coordonnées, donnez options = { x = "…", y = "…" }.',
            'change `role` or `format`; for a table of coordinates, give options = { x = "…", y = "…" }.',
        ),
    )


def _located(
    frame: gpd.GeoDataFrame, role: Role, raw: RawLayer, source: Source, crs: str, findings: Findings
) -> tuple[gpd.GeoDataFrame | None, str | None]:
    if frame.geometry.name != "geometry":
        frame = frame.rename_geometry("geometry")
    kept = of_kind(frame, role.geometry, findings, placeless=role.placeless)
    try:
        known = check_crs(kept, stated=source.crs, known=raw.crs_known, file=findings.file, layer=raw.layer)
    except CRSMismatchError as error:
        findings.fault(error.problem, error.mend or Text("", ""), value=crs_label(frame.crs))
        return None, crs_label(frame.crs)
    findings.remarks += crs_remarks(kept, stated=source.crs, known=raw.crs_known)
    crs_read = crs_label(known.crs) if known.crs is not None else None
    return _reprojected(known, crs, findings).reset_index(drop=True), crs_read


def _reprojected(frame: gpd.GeoDataFrame, crs: str, findings: Findings) -> gpd.GeoDataFrame:
    if frame.crs is None:
        return frame.set_crs(crs)
    moved, remarks = reproject(frame, crs)
    findings.remarks += remarks
    lost = int((~np.isfinite(moved.geometry.bounds.to_numpy()).all(axis=1) & ~_void(moved)).sum())
    if lost:
        findings.fault(
            Text(
                f"{lost} géométrie(s) hors de portée de la conversion de {crs_label(frame.crs)} vers {crs}",
                f"{lost} geometry(ies) out of reach of the conversion from {crs_label(frame.crs)} to {crs}",
            ),
            Text("vérifiez `crs` de cette couche.", "check the `crs` of this layer."),
        )
    return moved


def _void(frame: gpd.GeoDataFrame) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.asarray(frame.geometry.isna() | frame.geometry.is_empty, dtype=bool)


def _raster_checked(raster: Raster, role: Role, crs: str, findings: Findings) -> tuple[Raster | None, str | None]:
    if role.geometry != "raster":
        _wrong_nature(role, Text("une couche vectorielle ou une table", "a vector layer or a table"), findings)
        return None, None
    if not np.isfinite(raster.values).any():
        findings.remark("grille sans aucune valeur", "raster without any value", 0)
    steps = conversion(pyproj.CRS.from_user_input(raster.crs), crs).steps
    if not steps:
        return raster, raster.crs
    if len(steps) > 1:
        findings.fault(
            Text(
                f"pas de passage direct et précis de {raster.crs} vers {crs} pour cette grille",
                f"no direct and accurate passage from {raster.crs} to {crs} for this raster",
            ),
            Text(f"reprojetez-la en {crs} dans QGIS.", f"reproject it to {crs} in QGIS."),
            value=raster.crs,
        )
        return None, raster.crs
    findings.remark(
        f"grille reprojetée de {raster.crs} vers {crs}, au plus proche voisin",
        f"raster reprojected from {raster.crs} to {crs}, nearest neighbour",
    )
    return reprojected(raster, crs), raster.crs
