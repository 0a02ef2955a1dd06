"""Planning documents in the CNIG models 2012 to 2022: PLU, PLUi, carte communale; folder, archive or any vector file.

References
----------
CNIG, Prescriptions nationales pour la dématérialisation des documents d'urbanisme : PLU and CC, v2012 to v2022-10.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace

import geopandas as gpd
import pandas as pd

from ...model.faults import Remark
from ...model.roles.urbanism import ZONE_TYPES
from ...model.territory import Frame
from ...texts import Text
from ..containers import opened
from ..reader import RawLayer, Reader, Source
from ..standard_layers import (
    Adapt,
    NamedLayer,
    code_text,
    date_text,
    each,
    matching,
    named_layers,
    no_layer,
    raw_layer,
    read_layers,
    read_named,
)
from ..tables import restore_code
from ..vector import VectorRead

__all__ = ["READER", "read"]

_GEOMETRIES = {"surf": "Polygon", "lin": "LineString", "pct": "Point"}
_PATTERNS = {
    "zonage": r"zone_?urba|secteur_?cc",
    **{f"prescription_{suffix}": rf"prescriptions?_?{suffix}" for suffix in _GEOMETRIES},
    **{f"information_{suffix}": rf"info(rmation)?s?_?{suffix}" for suffix in _GEOMETRIES},
}
_EXPECTED = (
    "ZONE_URBA, SECTEUR_CC, PRESCRIPTION_SURF, PRESCRIPTION_LIN, PRESCRIPTION_PCT, INFO_SURF, INFO_LIN, INFO_PCT"
)
_CANONICAL = {code.lower(): code for code in ZONE_TYPES}
#: What a label starts with: an order number («1», «II»), then the kind of zone. NA to ND belong to the former POS.
_LABEL = re.compile(r"\s*(?:\d+|[IVX]+)?\s*(AU|U(?!NA)|A|N(?![ABCD]))")
_STATES = {
    "01": Text("en cours de procédure", "under way"),
    "02": Text("arrêté", "drafted"),
    "03": Text("opposable", "in force"),
    "04": Text("annulé", "annulled"),
    "05": Text("remplacé", "replaced"),
    "06": Text("abrogé", "repealed"),
    "07": Text("approuvé", "approved"),
    "08": Text("partiellement annulé", "partly annulled"),
    "09": Text("caduc", "lapsed"),
}


def read(source: Source) -> list[RawLayer]:
    """Read zoning, prescriptions and informations: one layer a role that is there.

    Names are recognised with any prefix or suffix (``30014_ZONE_URBA_20171013``); a single layer under another name
    is recognised by its columns (``TYPEZONE``, ``TYPEPSC``, ``TYPEINF``).

    Raises
    ------
    UnreadableLayerError
        When nothing is recognised, or not the role that is asked for.
    """
    with opened(source.path) as place:
        found = named_layers(place, source.layer)
        chosen = {role: matching(found, pattern) for role, pattern in _PATTERNS.items()}
        reads = {role: read_layers(some, source) for role, some in chosen.items() if some and source.wants(role)}
        if not any(chosen.values()) or (len(found) == 1 and not reads):
            reads = _by_columns(found, source)
        if not reads:
            raise no_layer(source, found, _EXPECTED)
        document, said = _document(found, source)
    layers = [raw_layer(role, some, source, _adapted(role, document)) for role, some in reads.items()]
    return [replace(layers[0], remarks=(*layers[0].remarks, *said)), *layers[1:]]


def _by_columns(found: Sequence[NamedLayer], source: Source) -> dict[str, list[VectorRead]]:
    if len(found) != 1:
        return {}
    only = read_named(found[0], source)
    role = source.role if source.role in _PATTERNS else _role_of(only.frame)
    return {role: [only]} if role and source.wants(role) else {}


def _role_of(frame: Frame) -> str | None:
    names = set(frame.columns)
    if names & {"typezone", "typesect"}:
        return "zonage"
    family = "prescription" if "typepsc" in names else "information" if "typeinf" in names else None
    if family is None or not isinstance(frame, gpd.GeoDataFrame):
        return None
    kinds = {str(kind).removeprefix("Multi") for kind in frame.geometry.geom_type.dropna()}
    suffixes = [suffix for suffix, kind in _GEOMETRIES.items() if kinds == {kind}]
    return f"{family}_{suffixes[0]}" if suffixes else None


def _document(found: Sequence[NamedLayer], source: Source) -> tuple[set[str], list[Remark]]:
    """Return the identifiers in DOC_URBA, and what it says of the document."""
    tables = [item for item in matching(found, r"doc_?urba") if not matching([item], r"doc_?urba_?com")]
    identifiers, remarks = set(), []
    for item in tables:
        frame = read_named(item, source).frame
        texts = {name: code_text(frame[name]) for name in ("idurba", "typedoc", "etat") if name in frame}
        dates = {"datappro": date_text(frame["datappro"])} if "datappro" in frame else {}
        rows = pd.DataFrame({**texts, **dates}).drop_duplicates()
        identifiers |= set(rows["idurba"].dropna()) if "idurba" in rows else set()
        remarks += [_described(row) for row in rows.to_dict("records")]
    return identifiers, remarks


def _described(row: Mapping[Hashable, str | None]) -> Remark:
    state = _STATES.get((row.get("etat") or "").zfill(2), Text("inconnu", "unknown"))
    name, kind, date = (row.get(key) or "?" for key in ("idurba", "typedoc", "datappro"))
    return Remark(
        Text(
            f"document {name} ({kind}), approuvé le {date}, état : {state.fr}",
            f"document {name} ({kind}), approved on {date}, state: {state.en}",
        )
    )


def _adapted(role: str, document: set[str]) -> Adapt:
    def adapt(frame: Frame, read: VectorRead) -> tuple[Frame, list[Remark]]:
        named, said = _common(frame, read.frame, document)
        done, more = _zones(named) if role == "zonage" else _coded(named, role)
        return done, [*said, *more]

    return adapt


def _common(frame: Frame, whole: Frame, document: set[str]) -> tuple[Frame, list[Remark]]:
    """Dates and document identifiers as text; identifiers that are not those of DOC_URBA are counted."""
    named = frame.copy()
    if "datvalid" in named:
        named["datvalid"] = date_text(named["datvalid"])
    if "idurba" not in named:
        return named, []
    named["idurba"] = code_text(named["idurba"])
    if "idurba" not in whole:
        named["idurba"] = restore_code(named["idurba"], widths=(5,))[0]
        return named, []
    others = named["idurba"].dropna()
    others = others[~others.str.upper().isin({name.upper() for name in document})] if document else others[:0]
    if others.empty:
        return named, []
    listed = ", ".join(sorted(set(others)))
    text = Text(
        f"{len(others)} entité(s) d'un autre document que DOC_URBA : {listed}",
        f"{len(others)} feature(s) of another document than DOC_URBA: {listed}",
    )
    return named, [Remark(text, len(others))]


def _zones(frame: Frame) -> tuple[Frame, list[Remark]]:
    if "typezone" not in frame:
        return frame, []
    codes = code_text(frame["typezone"], 2)
    types = each(codes, lambda code: _CANONICAL.get(code.lower(), code))
    zones = frame.assign(typezone=types)
    return zones, [*_unspecified(types), *_disagreements(zones)]


def _unspecified(types: pd.Series) -> list[Remark]:
    n = int(types.eq("AU").sum())
    text = Text(
        f"{n} zone(s) «AU» dont on ne sait si elles sont ouvertes (AUc) ou fermées (AUs) : gardées à part",
        f"{n} «AU» zone(s), not known to be open (AUc) or closed (AUs): kept apart",
    )
    return [Remark(text, n)] if n else []


def _disagreements(zones: Frame) -> list[Remark]:
    """Count the zones whose label says another kind than their TYPEZONE, which is kept."""
    if "libelle" not in zones:
        return []
    said = each(zones["libelle"], _family_of_label)
    coded = each(zones["typezone"], _family_of_type)
    differ = said.notna() & coded.notna() & said.ne(coded)
    n = int(differ.sum())
    pairs = zones.loc[differ, ["libelle", "typezone"]].drop_duplicates().head(5)
    shown = ", ".join(f"«{a}» ({b})" for a, b in pairs.itertuples(index=False))
    text = Text(
        f"{n} zone(s) dont le libellé et le type se contredisent, le type est gardé : {shown}",
        f"{n} zone(s) whose label and type disagree, the type is kept: {shown}",
    )
    return [Remark(text, n)] if n else []


def _family_of_label(label: str) -> str | None:
    """Return the kind that a label tells, in CNIG writing (capitals, then lower-case indices).

    Examples
    --------
    >>> [_family_of_label(label) for label in ("UA", "1AUb", "IIAU", "Ap", "Nzh", "NB", "P1")]
    ['U', 'AU', 'AU', 'A', 'N', None, None]
    """
    found = _LABEL.match(label)
    return found.group(1) if found else None


def _family_of_type(code: str) -> str | None:
    if code[0] not in "UAN":
        return None
    return "AU" if code.startswith("AU") else code[0]


def _coded(frame: Frame, role: str) -> tuple[Frame, list[Remark]]:
    """Types on two digits; sub-types of the 2012 model (five digits, set locally) stay as published."""
    kind, sub = ("typepsc", "stypepsc") if role.startswith("prescription") else ("typeinf", "stypeinf")
    coded = frame.assign(**{name: code_text(frame[name], 2) for name in (kind, sub) if name in frame})
    if sub not in coded:
        return coded, []
    local = coded[sub].str.fullmatch(r"\d{4,5}").fillna(False).astype(bool)
    coded[sub] = coded[sub].where(~local, coded[sub].str.zfill(5))
    n = int(local.sum())
    text = Text(
        f"{n} sous-type(s) local(aux) du modèle 2012, hors liste nationale, gardé(s) tel(s) quel(s)",
        f"{n} local sub-type(s) of the 2012 model, outside the national list, kept as they are",
    )
    return coded, [Remark(text, n)] if n else []


READER = Reader(
    id="cnig_plu",
    title=Text("document d'urbanisme CNIG (PLU, PLUi, carte communale)", "CNIG planning document (PLU, PLUi, CC)"),
    roles=tuple(_PATTERNS),
    read=read,
)
