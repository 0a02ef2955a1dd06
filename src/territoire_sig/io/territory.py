"""Reading a territory: its file, its units, its layers; every fault of every layer at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..errors import FaultsError, MissingFileError, TerritoireError
from ..model.crs import analysis_crs, check_scale, crs_for_code, crs_label
from ..model.faults import Fault
from ..model.raster import Raster
from ..model.roles import ROLES
from ..model.territory import Layer, Territory
from ..model.toml import check_toml, parse_toml
from ..texts import Text
from .checksum import sha256
from .door import Admitted, admit
from .reader import Source
from .readers import reader
from .reprojection import reproject
from .stacking import add_layer
from .territory_file import LayerTable, TerritoryFile
from .text_file import read_text
from .units import read_units

__all__ = ["read_territory"]

_DEFAULT_FORMATS = {"table": "tableau", "raster": "raster"}


def read_territory(path: str | Path) -> Territory:
    """Read ``territoire.toml`` and all that it names, reprojected to the territory's CRS, on record.

    Parameters
    ----------
    path : str or Path
        The territory file; paths inside it are relative to its folder.

    Raises
    ------
    MissingFileError
        When the territory file does not exist.
    FaultsError
        With every fault of the file and of every layer: missing file, unreadable layer, wrong CRS, absent column,
        unknown code.
    """
    place = Path(path)
    text = read_text(
        place,
        missing=Text("ce fichier de territoire n'existe pas", "this territory file does not exist"),
        mend=Text("donnez le chemin d'un territoire.toml.", "give the path of a territoire.toml."),
    )
    data, faults = parse_toml(text, file=place.name)
    described, more = (None, faults) if faults else check_toml(TerritoryFile, data, text, file=place.name)
    if described is None:
        raise FaultsError(faults or more)
    return _read(described, place)


def _read(described: TerritoryFile, place: Path) -> Territory:
    faults: list[Fault] = []
    with _collected(faults, described.unites.fichier):
        units, provenance = read_units(described.unites, place.parent)
    if faults:
        raise FaultsError(faults)
    with _collected(faults, place.name):
        crs = crs_label(analysis_crs(described.territoire.crs or crs_for_code(str(units.index[0])), file=place.name))
        units, more = reproject(units, crs)
        provenance = replace(provenance, remarks=(*provenance.remarks, *more))
        check_scale(crs, tuple(units.total_bounds), file=place.name)
    if faults:
        raise FaultsError(faults)
    layers: dict[str, Layer] = {}
    for table in described.couches:
        with _collected(faults, table.fichier):
            for admitted in _admitted(table, place.parent, crs):
                faults += [*admitted.faults, *_empty(table, admitted)]
                add_layer(layers, admitted, faults)
    missing_rules = [name for name in described.regles.fichiers if not (place.parent / name).is_file()]
    faults += [_missing_rules(name) for name in missing_rules]
    if faults:
        raise FaultsError(faults)
    return Territory(
        name=described.territoire.nom,
        path=place,
        crs=crs,
        units=units,
        unit_level=described.unites.niveau,
        layers=layers,
        vintage=described.territoire.millesime,
        parameters=described.parametres,
        rule_files=tuple(place.parent / name for name in described.regles.fichiers),
        without_standard_rules=described.regles.sans_regles_standard,
        notice=described.territoire.avertissement,
        units_provenance=(provenance,),
    )


@contextmanager
def _collected(faults: list[Fault], file: str) -> Iterator[None]:
    """Turn an error of one layer into a fault, so that the next layer is read all the same."""
    try:
        yield
    except FaultsError as error:
        faults += error.faults
    except TerritoireError as error:
        mend = error.mend or Text("vérifiez ce fichier.", "check this file.")
        faults.append(Fault(file, error.layer, None, None, error.problem, mend))


def _admitted(table: LayerTable, folder: Path, crs: str) -> Iterator[Admitted]:
    source, identifier = _source(table, folder)
    chosen = reader(identifier)
    checksum, companions = None, _companions(table.options, source.path.parent, folder)
    for raw in chosen.read(source):
        if not source.wants(raw.role):
            continue
        checksum = checksum or sha256(source.path)
        admitted = admit(
            raw,
            source,
            crs=crs,
            file=table.fichier,
            format=identifier,
            sha256=checksum,
            vintage=table.millesime,
            origin=table.source,
            licence=table.licence,
        )
        yield _accompanied(admitted, companions)


def _companions(options: Mapping[str, Any], *folders: Path) -> tuple[tuple[str, str], ...]:
    """Return the further files that options name (denominators, reference tables), with their checksums."""
    found = []
    for value in options.values():
        places = [place / value for place in folders] if isinstance(value, str) and value else []
        there = next((place for place in places if place.is_file()), None)
        if there is not None:
            found.append((str(value), sha256(there)))
    return tuple(found)


def _accompanied(admitted: Admitted, companions: tuple[tuple[str, str], ...]) -> Admitted:
    if admitted.layer is None or not companions:
        return admitted
    told = tuple(replace(item, companions=companions) for item in admitted.layer.provenance)
    return replace(admitted, layer=replace(admitted.layer, provenance=told))


def _source(table: LayerTable, folder: Path) -> tuple[Source, str]:
    path = folder / table.fichier
    if not path.exists():
        raise MissingFileError(
            Text("fichier ou dossier introuvable", "file or folder not found"),
            Text(
                f"vérifiez «fichier» dans le fichier de territoire (cherché dans {folder}).",
                f"check «fichier» in the territory file (looked for in {folder}).",
            ),
            file=table.fichier,
        )
    if table.format is None and table.role is None:
        raise TerritoireError(
            Text("la couche n'a ni «role» ni «format»", "the layer has neither «role» nor «format»"),
            Text('ajoutez par exemple role = "zonage".', 'add for example role = "zonage".'),
            file=table.fichier,
        )
    if table.role is not None and table.role not in ROLES:
        raise TerritoireError(
            Text(f"rôle inconnu : «{table.role}»", f"unknown role: «{table.role}»"),
            Text(f"rôles admis : {', '.join(ROLES)}.", f"accepted roles: {', '.join(ROLES)}."),
            file=table.fichier,
        )
    default = _DEFAULT_FORMATS.get(ROLES[table.role].geometry, "vecteur") if table.role else ""
    options = {**table.options}
    source = Source(path, table.role, table.couche, table.crs, table.encodage, table.colonnes, options)
    return source, table.format or default


def _empty(table: LayerTable, admitted: Admitted) -> list[Fault]:
    """Return a fault when the one role that a table names has no feature: nothing found would pass for coherence."""
    layer = admitted.layer
    if layer is None or table.role is None or table.vide or isinstance(layer.frame, Raster) or len(layer.frame):
        return []
    return [
        Fault(
            table.fichier,
            layer.provenance[0].layer,
            None,
            None,
            Text(f"la couche du rôle «{layer.role}» est vide", f"the layer of role «{layer.role}» is empty"),
            Text(
                "complétez-la, retirez-la, ou ajoutez vide = true si le territoire n'en a vraiment aucun.",
                "complete it, remove it, or add vide = true if the territory really has none.",
            ),
        )
    ]


def _missing_rules(name: str) -> Fault:
    return Fault(
        name,
        None,
        None,
        None,
        Text("fichier de règles introuvable", "rules file not found"),
        Text(
            "vérifiez [regles] fichiers dans le fichier de territoire.",
            "check [regles] fichiers in the territory file.",
        ),
    )
