"""Reading the units of a territory: the polygons for which answers are given."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..errors import EmptyLayerError, FaultsError, GeometryTypeError, MissingColumnError, MissingFileError
from ..model.crs import crs_label
from ..model.faults import Fault, Remark
from ..model.territory import Provenance
from ..texts import Text
from .checksum import sha256
from .crs_check import check_crs, crs_remarks
from .formats.cog import epci_members
from .tables import read_table, restore_code, to_number
from .territory_file import UnitsTable
from .vector import VectorRead, read_vector

__all__ = ["read_units"]

_SLIVER_SHARE = 0.01
_CODE_WIDTHS = {"commune": (5,), "iris": (9,)}


def read_units(table: UnitsTable, folder: Path) -> tuple[gpd.GeoDataFrame, Provenance]:
    """Return the units that ``[unites]`` describes, and where they come from.

    Returns
    -------
    units : GeoDataFrame
        Index ``code_unite`` (str, sorted), columns ``nom_unite``, geometry, and ``habitants`` when the file gives
        them; CRS of the file.

    Raises
    ------
    MissingFileError, MissingColumnError, CRSMismatchError, EmptyLayerError, GeometryTypeError, FaultsError
    """
    path = folder / table.fichier
    if not path.exists():
        raise MissingFileError(
            Text("fichier des unités introuvable", "units file not found"),
            Text("vérifiez «fichier» dans [unites].", "check «fichier» in [unites]."),
            file=table.fichier,
        )
    read = read_vector(path, layer=table.couche, encoding=table.encodage)
    frame = _polygons(read, table)
    told = crs_remarks(frame, stated=table.crs)
    frame = check_crs(frame, stated=table.crs, file=table.fichier, layer=read.layer)
    units, remarks = _named(frame, table)
    if table.habitants:
        units["habitants"] = _inhabitants(frame, units.index, table, folder).to_numpy()
    units, more = _kept(units, table, folder)
    _check_codes(units, table)
    _check_polygons(units, table, read.layer)
    _check_inhabitants(units, table)
    more += _check_overlaps(units, table)
    provenance = Provenance(
        file=table.fichier,
        layer=read.layer,
        format=table.format or "vecteur",
        sha256=sha256(path),
        crs_read=crs_label(frame.crs),
        rows_read=read.rows_read,
        vintage=table.millesime,
        source=table.source,
        licence=table.licence,
        encoding=read.encoding,
        companions=_membership(table, folder),
        remarks=(*read.remarks, *told, *remarks, *more),
    )
    return units.sort_index(), provenance


def _polygons(read: VectorRead, table: UnitsTable) -> gpd.GeoDataFrame:
    frame = read.frame
    if not isinstance(frame, gpd.GeoDataFrame):
        raise GeometryTypeError(
            Text("la couche des unités n'a pas de géométrie", "the units layer has no geometry"),
            Text("donnez une couche de polygones.", "give a layer of polygons."),
            file=table.fichier,
            layer=read.layer,
        )
    return frame


def _check_polygons(units: gpd.GeoDataFrame, table: UnitsTable, layer: str) -> None:
    wrong = units[~units.geometry.geom_type.isin(["Polygon", "MultiPolygon"])]
    if len(wrong):
        found = ", ".join(sorted({"sans géométrie" if kind is None else kind for kind in wrong.geometry.geom_type}))
        shown = ", ".join(str(code) for code in wrong.index[:5])
        raise GeometryTypeError(
            Text(
                f"{len(wrong)} unité(s) sur {len(units)} ne sont pas des polygones : {found} ({shown})",
                f"{len(wrong)} unit(s) out of {len(units)} are not polygons: {found} ({shown})",
            ),
            Text("retirez-les ou complétez leur géométrie.", "remove them or complete their geometry."),
            file=table.fichier,
            layer=layer,
        )


def _check_inhabitants(units: gpd.GeoDataFrame, table: UnitsTable) -> None:
    if "habitants" not in units.columns or not (units["habitants"] < 0).any():
        return
    negative = units.loc[units["habitants"] < 0, "habitants"]
    raise FaultsError(
        [
            Fault(
                table.fichier,
                None,
                table.habitants,
                f"{value:g}",
                Text(
                    f"nombre d'habitants négatif pour l'unité {code}", f"negative number of inhabitants for unit {code}"
                ),
                Text(
                    "corrigez la valeur, ou videz-la si elle est inconnue.", "correct it, or void it if it is unknown."
                ),
            )
            for code, value in negative.head(5).items()
        ]
    )


def _check_overlaps(units: gpd.GeoDataFrame, table: UnitsTable) -> list[Remark]:
    """Refuse units that overlap, whose people and areas would count twice; tell slivers below one hundredth."""
    shapes = shapely.make_valid(units.geometry.to_numpy())
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    left, right = left[left < right], right[left < right]
    common = shapely.area(shapely.intersection(shapes[left], shapes[right]))
    smaller = np.minimum(shapely.area(shapes[left]), shapely.area(shapes[right]))
    grave = common > _SLIVER_SHARE * smaller
    if grave.any():
        codes = units.index.to_numpy()
        raise FaultsError(
            [
                Fault(
                    table.fichier,
                    None,
                    table.code,
                    f"{codes[one]} × {codes[two]}",
                    Text(f"ces deux unités se recouvrent ({area:.0f} m²)", f"these two units overlap ({area:.0f} m²)"),
                    Text(
                        "les unités d'un territoire sont disjointes : corrigez leurs limites, ou gardez-en une.",
                        "the units of a territory are disjoint: mend their borders, or keep one.",
                    ),
                )
                for one, two, area in zip(left[grave][:5], right[grave][:5], common[grave][:5], strict=True)
            ]
        )
    slivers = int((common > 0).sum())
    told = Text(
        f"{slivers} paire(s) d'unités se recouvrent de moins de 1 %",
        f"{slivers} pair(s) of units overlap by less than 1 %",
    )
    return [Remark(told, slivers)] if slivers and common.sum() > 1.0 else []


def _membership(table: UnitsTable, folder: Path) -> tuple[tuple[str, str], ...]:
    return ((table.epci.membres, sha256(folder / table.epci.membres)),) if table.epci else ()


def _named(frame: gpd.GeoDataFrame, table: UnitsTable) -> tuple[gpd.GeoDataFrame, list[Remark]]:
    code, remarks = _column(frame, table.code, table).astype("string").str.strip(), []
    if table.niveau in _CODE_WIDTHS:
        code, restored = restore_code(code, widths=_CODE_WIDTHS[table.niveau])
        if restored:
            remarks = [
                Remark(
                    Text(
                        f"{restored} code(s) d'unité avaient perdu leur zéro initial : rétabli",
                        f"{restored} unit code(s) had lost their leading zero: restored",
                    ),
                    restored,
                )
            ]
    name = _column(frame, table.nom, table).astype("string") if table.nom else code
    shapes = shapely.force_2d(frame.geometry.to_numpy())
    units = gpd.GeoDataFrame({"nom_unite": name}, geometry=shapes, crs=frame.crs)
    units.index = pd.Index(code.astype(object), name="code_unite")
    return units, remarks


def _column(frame: gpd.GeoDataFrame, name: str, table: UnitsTable) -> pd.Series:
    for column in frame.columns:
        if str(column).lower() == name.lower():
            found: pd.Series = frame[column]
            return found
    raise MissingColumnError(
        Text(f"colonne «{name}» absente des unités", f"column «{name}» absent from the units"),
        Text(
            f"colonnes présentes : {', '.join(str(c) for c in frame.columns)}.",
            f"columns found: {', '.join(str(c) for c in frame.columns)}.",
        ),
        file=table.fichier,
    )


def _inhabitants(frame: gpd.GeoDataFrame, codes: pd.Index, table: UnitsTable, folder: Path) -> pd.Series[float]:
    """Return the inhabitants of each unit, from the units file or, failing that, from the membership table."""
    name = str(table.habitants)
    if table.epci is None or name.lower() in {str(column).lower() for column in frame.columns}:
        return to_number(_column(frame, name, table).astype("string"))
    members = read_table(folder / table.epci.membres).frame
    if name.lower() not in members.columns or "insee" not in members.columns:
        raise MissingColumnError(
            Text(
                f"colonne «{name}» absente des unités et de la table des membres", f"column «{name}» in neither table"
            ),
            Text(
                f"colonnes présentes : {', '.join(members.columns)}.", f"columns found: {', '.join(members.columns)}."
            ),
            file=table.epci.membres,
        )
    counted = to_number(members[name.lower()])
    counted.index = pd.Index(restore_code(members["insee"])[0])
    return counted[~counted.index.duplicated()].reindex(codes)


def _kept(units: gpd.GeoDataFrame, table: UnitsTable, folder: Path) -> tuple[gpd.GeoDataFrame, list[Remark]]:
    wanted = list(table.codes) if table.codes is not None else None
    if table.epci is not None:
        members = epci_members(folder / table.epci.membres, table.epci.siren)
        wanted = members if wanted is None else [code for code in wanted if code in set(members)]
    if wanted is None:
        kept = units
    else:
        absent = [code for code in wanted if code not in units.index]
        if absent:
            raise FaultsError([_absent_code(code, table) for code in absent])
        kept = units[units.index.isin(wanted)]
    if kept.empty:
        raise EmptyLayerError(
            Text("aucune unité : le territoire est vide", "no unit: the territory is empty"),
            Text("vérifiez «codes» ou «epci» dans [unites].", "check «codes» or «epci» in [unites]."),
            file=table.fichier,
        )
    left = len(units) - len(kept)
    told = Text(
        f"{left} unité(s) du fichier hors du territoire demandé",
        f"{left} unit(s) of the file outside the territory asked",
    )
    return kept, [Remark(told, left)] if left else []


def _absent_code(code: str, table: UnitsTable) -> Fault:
    return Fault(
        table.fichier,
        None,
        table.code,
        code,
        Text("unité demandée et absente du fichier", "unit asked for and absent from the file"),
        Text("corrigez le code, ou complétez le fichier des unités.", "mend the code, or complete the units file."),
    )


def _check_codes(units: gpd.GeoDataFrame, table: UnitsTable) -> None:
    doubtful = units.index[units.index.duplicated() | units.index.isna()]
    if len(doubtful):
        raise FaultsError(
            [
                Fault(
                    table.fichier,
                    None,
                    table.code,
                    str(code),
                    Text("code d'unité vide ou répété", "unit code empty or repeated"),
                    Text("une ligne par unité : fusionnez ou corrigez.", "one row a unit: merge or mend."),
                )
                for code in dict.fromkeys(doubtful)
            ]
        )
