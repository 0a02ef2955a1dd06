"""Public-utility easements (SUP) in the CNIG models: areas joined to their easements and to their acts.

References
----------
CNIG, Standard SUP, 2013 and 2016: ``<CAT>_ASSIETTE_SUP_S``, ``<CAT>_GENERATEUR_SUP_*``, ``SERVITUDE``,
``SERVITUDE_ACTE_SUP``, ``ACTE_SUP``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import pandas as pd

from ...model.faults import Remark
from ...model.territory import Frame
from ...texts import Text
from ..containers import opened
from ..reader import RawLayer, Reader, Source
from ..standard_layers import (
    NamedLayer,
    blank,
    code_text,
    date_text,
    each,
    joined,
    matching,
    named_layers,
    no_layer,
    raw_layer,
    read_layers,
    read_named,
)
from ..vector import VectorRead

__all__ = ["READER", "read"]

_ROLE = "servitude"
_CATEGORY = re.compile(r"(?:^|_)((?:AC|AR|AS|EL|INT|JS|PM|PT|A|I|T)\d+(?:bis)?)_", re.IGNORECASE)
_EXPECTED = "<CAT>_ASSIETTE_SUP_S, GENERATEUR_SUP, SERVITUDE, SERVITUDE_ACTE_SUP, ACTE_SUP"
_Links = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class _Tables:
    """What the tables beside an area layer say: generator → easements → acts, and the easements' own columns."""

    easements: _Links
    acts: _Links
    names: Mapping[str, str]
    categories: Mapping[str, str]
    dates: Mapping[str, str]
    remarks: tuple[Remark, ...]
    present: tuple[bool, bool]


def read(source: Source) -> list[RawLayer]:
    """Read the areas of every category, with the identifiers, names and acts of their easements.

    An area has a generator, which has one or several easements, which have one or several acts: where there are
    several, they are joined by «; ». An area without easement is kept, with its category from the name of its file.

    Raises
    ------
    UnreadableLayerError
        When there is no area layer.
    """
    with opened(source.path) as place:
        found = named_layers(place, source.layer)
        surfaces = matching(found, r"assiette_sup_s")
        others = matching(found, r"assiette_sup_[lp]")
        if not surfaces and not others and len(found) == 1 and source.role == _ROLE:
            surfaces = list(found)
        if not surfaces or not source.wants(_ROLE):
            raise no_layer(source, found, _EXPECTED)
        beside = found if source.layer is None else named_layers(place)
        tables = {item.name: _tables(item, beside, source) for item in surfaces}
        reads = read_layers(surfaces, source)
    layer = raw_layer(_ROLE, reads, source, lambda frame, read: _joined(frame, read, tables[read.layer]))
    crs, said = _degrees(layer.frame)
    return [replace(layer, crs_known=crs, remarks=(*layer.remarks, *said, *_not_read(others)))]


def _degrees(frame: Frame) -> tuple[str | None, list[Remark]]:
    """A CSV cannot say its CRS: longitudes and latitudes are recognised, anything else is left to the user."""
    if not isinstance(frame, gpd.GeoDataFrame) or frame.crs is not None or frame.empty:
        return None, []
    west, south, east, north = frame.total_bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        return None, []
    text = Text(
        "coordonnées en degrés sans système indiqué : lues en WGS 84 (EPSG:4326)",
        "coordinates in degrees without a stated system: read as WGS 84 (EPSG:4326)",
    )
    return "EPSG:4326", [Remark(text)]


def _not_read(others: Sequence[NamedLayer]) -> list[Remark]:
    if not others:
        return []
    names = ", ".join(item.name for item in others)
    text = Text(
        f"{len(others)} couche(s) d'assiettes linéaires ou ponctuelles non lue(s) : {names}",
        f"{len(others)} line or point area layer(s) not read: {names}",
    )
    return [Remark(text, len(others))]


def _tables(item: NamedLayer, found: Sequence[NamedLayer], source: Source) -> _Tables:
    near = [other for other in found if other.file.parent == item.file.parent]
    generators = _rows(_of_category(matching(near, r"generateur_sup_[slp]"), item), source)
    easements = _rows(_of_category(_only(near, r"servitude", r"servitude_acte_sup"), item), source)
    links = _rows(_of_category(matching(near, r"servitude_acte_sup"), item), source)
    acts = _rows(_of_category(_only(near, r"acte_sup", r"servitude_acte_sup"), item), source)
    named = easements.frame.assign(nom=_first(easements.frame, "nomsuplitt", "nomsup"))
    return _Tables(
        easements=_links(generators.frame, "idgen", "idsup"),
        acts=_links(links.frame, "idsup", "idacte"),
        names=_words(named, "idsup", "nom"),
        categories=_words(easements.frame, "idsup", "categorie"),
        dates=_words(acts.frame, "idacte", "datedecis"),
        remarks=(*easements.remarks, *acts.remarks),
        present=(not generators.frame.empty, not easements.frame.empty),
    )


def _only(near: Sequence[NamedLayer], pattern: str, but: str) -> list[NamedLayer]:
    return [item for item in matching(near, pattern) if not matching([item], but)]


def _of_category(tables: Sequence[NamedLayer], area: NamedLayer) -> list[NamedLayer]:
    """Keep the tables of the area's category; a table without category serves all."""
    mine = _category(area.name)
    return [item for item in tables if _category(item.name) in {mine, None}]


def _category(name: str) -> str | None:
    found = _CATEGORY.search(name)
    return _spelt(found.group(1)) if found else None


def _spelt(category: str) -> str:
    """Return a category as the national list writes it.

    Examples
    --------
    >>> _spelt("ac1"), _spelt("EL2BIS")
    ('AC1', 'EL2bis')
    """
    return re.sub(r"BIS$", "bis", category.strip().upper())


def _rows(tables: Sequence[NamedLayer], source: Source) -> VectorRead:
    """Read tables of the same kind end to end, identifiers as text."""
    reads = [read_named(item, source) for item in tables]
    frames = [pd.DataFrame(read.frame).drop(columns="geometry", errors="ignore").astype(object) for read in reads]
    whole = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    for name in whole.columns.intersection(["idgen", "idsup", "idacte", "idass"]):
        whole[name] = code_text(whole[name])
    if "datedecis" in whole:
        whole["datedecis"] = date_text(whole["datedecis"])
    remarks = [
        Remark(Text(f"{read.layer} : {said.text.fr}", f"{read.layer}: {said.text.en}"), said.count)
        for read in reads
        for said in read.remarks
    ]
    return VectorRead(whole, ", ".join(item.name for item in tables), None, len(whole), tuple(remarks))


def _first(frame: pd.DataFrame, *names: str) -> pd.Series:
    found = blank(frame)
    for name in names:
        if name in frame:
            found = found.where(found.notna(), code_text(frame[name]))
    return found


def _links(table: pd.DataFrame, start: str, end: str) -> _Links:
    if not {start, end} <= set(table.columns):
        return {}
    pairs = table[[start, end]].dropna()
    return {str(key): tuple(some[end]) for key, some in pairs.groupby(start, sort=False)}


def _words(table: pd.DataFrame, key: str, value: str) -> dict[str, str]:
    if not {key, value} <= set(table.columns):
        return {}
    rows = table[[key, value]].dropna().drop_duplicates(key)
    return {str(a): str(b) for a, b in rows.itertuples(index=False)}


def _joined(frame: Frame, read: VectorRead, tables: _Tables) -> tuple[Frame, list[Remark]]:
    areas = frame.assign(**{name: code_text(frame[name]) for name in ("idass", "idgen") if name in frame})
    generators = areas.get("idgen", blank(areas))
    easements = [tables.easements.get(str(name), ()) for name in generators]
    acts = [[act for name in some for act in tables.acts.get(name, ())] for some in easements]
    own = each(code_text(areas["categorie"]), _spelt) if "categorie" in areas else blank(areas)
    told = pd.Series([_joined_words(some, tables.categories) for some in easements], index=areas.index, dtype=object)
    of_file = _category(read.layer)
    category = each(told, _spelt).where(told.notna(), own)
    category = category.where(category.notna(), of_file)
    columns: dict[str, Any] = {
        "categorie": category,
        "idsup": [joined(some) for some in easements],
        "nomsup": [_joined_words(some, tables.names) for some in easements],
        "idacte": [joined(some) for some in acts],
        "datedecis": [_joined_words(some, tables.dates) for some in acts],
    }
    kept = {name: values for name, values in columns.items() if name == "categorie" or _said(values, areas, name)}
    remarks = [*_orphans(areas, easements, tables), *_other_category(category, of_file)]
    return areas.assign(**kept), [*tables.remarks, *remarks]


def _said(values: list[str | None], areas: Frame, name: str) -> bool:
    """Tell whether the join gives something, or the layer has no such column of its own to lose."""
    return name not in areas or any(value is not None for value in values)


def _joined_words(keys: Iterable[str], words: Mapping[str, str]) -> str | None:
    return joined(words.get(key) for key in keys)


def _other_category(category: pd.Series, of_file: str | None) -> list[Remark]:
    n = int(category.ne(of_file).sum()) if of_file else 0
    text = Text(
        f"{n} assiette(s) d'une autre catégorie que leur fichier ({of_file}) : celle de la servitude est gardée",
        f"{n} area(s) of another category than their file's ({of_file}): the easement's is kept",
    )
    return [Remark(text, n)] if n else []


def _orphans(areas: Frame, easements: Sequence[tuple[str, ...]], tables: _Tables) -> list[Remark]:
    has_generators, has_easements = tables.present
    if not has_generators:
        text = Text(
            "tables de la servitude absentes : assiettes sans nom ni acte",
            "no easement tables: areas have neither name nor act",
        )
        return [Remark(text, len(areas))]
    lone = sum(not some for some in easements)
    unknown = sum(any(name not in tables.names for name in some) for some in easements) if has_easements else 0
    unacted = sum(bool(some) and not any(tables.acts.get(name) for name in some) for some in easements)
    twice = int(areas["idass"].duplicated().sum()) if "idass" in areas else 0
    said = [
        (lone, "assiette(s) sans générateur ou sans servitude", "area(s) without generator or easement"),
        (unknown, "assiette(s) dont la servitude manque dans SERVITUDE", "area(s) whose easement is not in SERVITUDE"),
        (unacted, "assiette(s) sans acte", "area(s) without act"),
        (twice, "identifiant(s) d'assiette en double", "area identifier(s) given twice"),
    ]
    return [Remark(Text(f"{n} {fr}", f"{n} {en}"), n) for n, fr, en in said if n]


READER = Reader(
    id="cnig_sup",
    title=Text("servitudes d'utilité publique CNIG (SUP)", "CNIG public-utility easements (SUP)"),
    roles=(_ROLE,),
    read=read,
)
