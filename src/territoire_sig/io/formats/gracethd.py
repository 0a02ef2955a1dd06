"""GraceTHD 2: optical nodes, cables and service areas, from a ``shpcsv`` delivery or a GeoPackage of its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from ...errors import MissingFileError
from ...model.faults import Remark
from ...texts import Text
from ..containers import find, opened
from ..naming import missing_column
from ..reader import RawLayer, Reader, Source
from ..tables import read_table
from ..vector import list_layers, read_vector

__all__ = ["READER", "read_gracethd"]

#: ``l_avancement`` → state.
_PROGRESS = {
    "E": "en service",
    "S": "en service",
    "C": "projet",
    "T": "projet",
    "H": "hors service",
    "A": "abandonné",
}
#: ``l_statut``: every stage before the as-built record is a project; ``MCO`` is maintenance of what is built.
_STATUS = {**dict.fromkeys(("PRE", "DIA", "AVP", "PRO", "ACT", "EXE", "TVX"), "projet"), "REC": "en service"}
_STATUS["MCO"] = "en service"
#: ``l_nro_etat`` and ``l_sro_etat`` → state.
_ZONE_STATES = {"PL": "projet", "EC": "projet", "DP": "en service", "AB": "abandonné"}
#: ``l_implantation_type`` → overhead or underground (9, special, is unknown).
_POSE = {
    **dict.fromkeys(("0", "1"), "aerien"),
    "2": "facade",
    "3": "immeuble",
    **dict.fromkeys("45678", "souterrain"),
}
#: ``l_infra_type_log`` → the word written in ``type`` (a code that is not here is kept).
_CABLE_TYPES = {
    "CX": "collecte transport distribution",
    "CO": "collecte",
    "CT": "collecte transport",
    "CD": "collecte distribution",
    "TD": "transport distribution",
    "TR": "transport",
    "DI": "distribution",
    "RA": "raccordement",
    "BM": "boucle metropolitaine",
    "LH": "longue distance",
    "NC": "non communiqué",
}
_SITE_LEVELS = {"NRO": "NRO", "SRO": "SRO", "SROL": "SRO"}
#: A table may be a layer or a CSV: the layer, which has the geometry, first.
_SUFFIXES = (".shp", ".gpkg", ".csv", ".dbf")
_ZONES: dict[str, tuple[str, str, str | None]] = {
    "zone_nro": ("t_znro", "zn", None),
    "zone_sro": ("t_zsro", "zs", "t_znro"),
    "zone_pbo": ("t_zpbo", "zp", "t_zsro"),
}


@dataclass
class _Delivery:
    """The tables of a delivery, read once each; an absent table is an empty frame."""

    place: Path
    source: Source
    read: dict[str, pd.DataFrame] = field(default_factory=dict)
    encodings: dict[str, str | None] = field(default_factory=dict)
    remarks: dict[str, tuple[Remark, ...]] = field(default_factory=dict)

    def table(self, name: str, *columns: str) -> pd.DataFrame:
        """Return a table, with `columns` checked (an empty frame of these columns when it is absent)."""
        if name not in self.read:
            self.read[name] = self._load(name)
        frame = self.read[name]
        if not len(frame.columns):
            return pd.DataFrame(columns=list(columns), dtype=object)
        for column in columns:
            if column not in frame.columns:
                raise missing_column(frame, self.source, f"{name}.{column}")
        return frame

    def has(self, name: str) -> bool:
        """Tell whether the table is there."""
        self.table(name)
        return len(self.read[name].columns) > 0

    def _load(self, name: str) -> pd.DataFrame:
        found = find(self.place, rf"^{name}$", suffixes=_SUFFIXES)
        files = sorted(found, key=lambda file: _SUFFIXES.index(file.suffix.lower()))
        stated = self.source.encoding
        if not files:
            return self._from_layer(name)
        if files[0].suffix.lower() == ".csv":
            table = read_table(files[0], encoding=stated, separator=";")
            self.encodings[name], self.remarks[name] = table.encoding, table.remarks
            return table.frame
        return self._keep(name, files[0], None)

    def _from_layer(self, name: str) -> pd.DataFrame:
        """Return a layer of the one GeoPackage that holds all the tables."""
        for file in find(self.place, "", suffixes=(".gpkg", ".sqlite")):
            if name in [layer.lower() for layer in list_layers(file)]:
                return self._keep(name, file, name)
        return pd.DataFrame()

    def _keep(self, name: str, file: Path, layer: str | None) -> pd.DataFrame:
        read = read_vector(file, layer=layer, encoding=self.source.encoding)
        self.encodings[name], self.remarks[name] = read.encoding, read.remarks
        return read.frame


def read_gracethd(source: Source) -> list[RawLayer]:
    """Read the nodes, the cables and the service areas of an optical network.

    Parameters
    ----------
    source : Source
        A folder or archive of a GraceTHD 2 delivery (``t_noeud.shp``, ``t_cable.csv``…), or a GeoPackage of its
        tables.

    Returns
    -------
    list of RawLayer
        Those of the roles asked for whose tables are there.

        - ``noeud_optique``: every node; ``niveau`` is ``NRO`` or ``SRO`` by its technical site or the area that it
          serves, ``PBO`` by its distribution box or the area that it serves (the highest, if several), else
          ``autre``; ``etat`` from the progress or the status of what stands there.
        - ``cable``: one line a ``t_cableline``; ``type`` from the cable, else from the paths that it follows;
          ``pose`` (``aerien``, ``souterrain``, ``facade``, ``immeuble``, ``mixte``) from these paths.
        - ``zone_nro``, ``zone_sro``, ``zone_pbo``: ``code``, ``noeud`` (serving node), ``parent`` (parent area).

        A code that points nowhere is left as it is, and counted in a remark.

    Raises
    ------
    MissingFileError
        When the delivery has none of the tables that the roles need.
    MissingColumnError
        When a table lacks one of its keys.

    References
    ----------
    GraceTHD-MCD 2.0.1, tables and value lists (``l_*``).
    """
    with opened(source.path) as place:
        delivery = _Delivery(place.parent if place.suffix.lower() in {".shp", ".csv"} else place, source)
        layers: list[RawLayer] = []
        if source.wants("noeud_optique") and delivery.has("t_noeud"):
            layers.append(_nodes(delivery))
        if source.wants("cable") and delivery.has("t_cableline"):
            layers.append(_cables(delivery))
        layers += [_zone(delivery, role) for role in _ZONES if source.wants(role) and delivery.has(_ZONES[role][0])]
    if not layers:
        raise _nothing(source)
    return layers


def _nothing(source: Source) -> MissingFileError:
    tables = {"noeud_optique": "t_noeud", "cable": "t_cableline", **{role: zone[0] for role, zone in _ZONES.items()}}
    wanted = tables.get(source.role or "", ", ".join(tables.values()))
    return MissingFileError(
        Text(f"livraison GraceTHD sans {wanted}", f"GraceTHD delivery without {wanted}"),
        Text(
            "donnez le dossier ou l'archive shpcsv qui contient t_noeud.shp.",
            "give the shpcsv folder or archive that holds t_noeud.shp.",
        ),
        file=source.path,
    )


def _orphans(codes: pd.Series[Any], known: pd.Series[Any], what: str, table: str) -> list[Remark]:
    """Count the codes of `codes` that point nowhere."""
    n = int((codes.notna() & ~codes.isin(known)).sum())
    text = Text(
        f"{n} code(s) «{what}» sans correspondance dans {table}", f"{n} code(s) «{what}» that point nowhere in {table}"
    )
    return [Remark(text, n)] if n else []


def _raw(delivery: _Delivery, role: str, table: str, frame: pd.DataFrame, remarks: list[Remark]) -> RawLayer:
    kept = delivery.remarks.get(table, ())
    return RawLayer(role, frame, table, len(frame), delivery.encodings.get(table), None, (*kept, *remarks))


def _nodes(delivery: _Delivery) -> RawLayer:
    nodes = delivery.table("t_noeud", "nd_code").rename(columns={"nd_code": "code"})
    ranks, remarks = _ranked(delivery, nodes["code"])
    levels = pd.Series("autre", index=nodes.index, dtype=object)
    for level in ("PBO", "SRO", "NRO"):
        levels[nodes["code"].isin(ranks[level])] = level
    nodes["niveau"] = levels
    nodes["etat"] = nodes["code"].map(_node_states(delivery))
    counts = ", ".join(f"{n} {level}" for level, n in levels.value_counts().sort_index().items())
    text = Text(f"nœuds par rang : {counts}", f"nodes by level: {counts}")
    return _raw(delivery, "noeud_optique", "t_noeud", nodes, [Remark(text, len(nodes)), *remarks])


def _ranked(delivery: _Delivery, codes: pd.Series[Any]) -> tuple[dict[str, pd.Series[Any]], list[Remark]]:
    """Return the codes of the nodes of each level, and what points nowhere."""
    sites = delivery.table("t_sitetech", "st_code", "st_nd_code", "st_typelog")
    levels = sites["st_typelog"].map(_SITE_LEVELS)
    boxes, lost = _box_nodes(delivery)
    found = {"PBO": [boxes]} | {level: [sites.loc[levels == level, "st_nd_code"]] for level in ("NRO", "SRO")}
    for role, (table, prefix, _) in _ZONES.items():
        found[role.removeprefix("zone_").upper()].append(
            delivery.table(table, f"{prefix}_nd_code")[f"{prefix}_nd_code"]
        )
    remarks = [*_orphans(sites["st_nd_code"], codes, "st_nd_code", "t_noeud"), *lost]
    remarks += _orphans(boxes, codes, "bp_…_code", "t_noeud")
    return {level: pd.concat(parts).dropna() for level, parts in found.items()}, remarks


def _box_nodes(delivery: _Delivery) -> tuple[pd.Series[Any], list[Remark]]:
    """Return the node of each distribution box, through its technical point, its room or its end user."""
    boxes = delivery.table("t_ebp", "bp_typelog", "bp_pt_code", "bp_lt_code", "bp_sf_code")
    boxes = boxes[boxes["bp_typelog"] == "PBO"]
    points = delivery.table("t_ptech", "pt_code", "pt_nd_code")
    users = delivery.table("t_suf", "sf_code", "sf_nd_code")
    rooms = delivery.table("t_ltech", "lt_code", "lt_st_code")
    sites = delivery.table("t_sitetech", "st_code", "st_nd_code")
    site_of_room = _lookup(rooms, "lt_code", "lt_st_code")
    node = boxes["bp_pt_code"].map(_lookup(points, "pt_code", "pt_nd_code")).astype(object)
    by_room = boxes["bp_lt_code"].map(site_of_room).map(_lookup(sites, "st_code", "st_nd_code")).astype(object)
    by_user = boxes["bp_sf_code"].map(_lookup(users, "sf_code", "sf_nd_code")).astype(object)
    node = node.where(node.notna(), by_room.where(by_room.notna(), by_user))
    lost = int(node.isna().sum())
    text = Text(f"{lost} PBO que rien ne relie à un nœud", f"{lost} distribution box(es) tied to no node")
    return node, [Remark(text, lost)] if lost else []


def _lookup(frame: pd.DataFrame, key: str, value: str) -> dict[str, Any]:
    known = frame.dropna(subset=[key, value])
    return dict(zip(known[key], known[value], strict=True))


def _node_states(delivery: _Delivery) -> Mapping[str, str]:
    """Return the state of what stands on each node: its site first, else its technical point."""
    states: dict[str, str] = {}
    for table, prefix in (("t_ptech", "pt"), ("t_sitetech", "st")):
        frame = delivery.table(table, f"{prefix}_nd_code")
        told = _states(frame, prefix)
        states.update(_lookup(frame.assign(_state=told), f"{prefix}_nd_code", "_state"))
    return states


def _states(frame: pd.DataFrame, prefix: str) -> pd.Series[Any]:
    """Return the state of each object: given up, else its progress, else its status."""
    blank = pd.Series(None, index=frame.index, dtype=object)
    progress = frame.get(f"{prefix}_avct", blank).map(_PROGRESS)
    states = progress.where(progress.notna(), frame.get(f"{prefix}_statut", blank).map(_STATUS))
    return states.mask(frame.get(f"{prefix}_abddate", blank).notna(), "abandonné")


def _cables(delivery: _Delivery) -> RawLayer:
    lines = delivery.table("t_cableline", "cl_cb_code")
    cables = delivery.table("t_cable", "cb_code").copy()
    cables["etat"] = _states(cables, "cb")
    keys = ["cb_code", "cb_typelog", "etat", "cb_typephy", "cb_capafo", "cb_nd1", "cb_nd2"]
    kept = cables[[name for name in keys if name in cables.columns]].drop_duplicates("cb_code")
    twice = len(cables) - len(kept)
    frame = lines.merge(kept, how="left", left_on="cl_cb_code", right_on="cb_code").drop(columns="cb_code")
    frame = frame.rename(columns={"cl_cb_code": "code"})
    paths, lost = _paths(delivery)
    frame["pose"] = frame["code"].map(_agreed(paths, "pose", "mixte"))
    stated = frame.get("cb_typelog", pd.Series(None, index=frame.index, dtype=object))
    deduced = frame["code"].map(_agreed(paths, "cm_typelog", None))
    codes = stated.where(stated.notna(), deduced)
    words = codes.map(_CABLE_TYPES)
    frame["type"] = words.where(words.notna(), codes)
    remarks = _orphans(lines["cl_cb_code"], cables["cb_code"], "cl_cb_code", "t_cable")
    remarks += [*lost, *_cable_counts(frame, stated, twice)]
    return _raw(
        delivery, "cable", "t_cableline", gpd.GeoDataFrame(frame, geometry="geometry", crs=_crs(lines)), remarks
    )


def _crs(frame: pd.DataFrame) -> Any:
    return frame.crs if isinstance(frame, gpd.GeoDataFrame) else None


def _paths(delivery: _Delivery) -> tuple[pd.DataFrame, list[Remark]]:
    """Return one row a cable and a path that it follows, through the ducts."""
    cables = delivery.table("t_cab_cond", "cc_cb_code", "cc_cd_code")
    ducts = delivery.table("t_cond_chem", "dm_cd_code", "dm_cm_code")
    paths = pd.DataFrame(delivery.table("t_cheminement", "cm_code", "cm_typ_imp", "cm_typelog"))
    lost = [
        *_orphans(cables["cc_cd_code"], ducts["dm_cd_code"], "cc_cd_code", "t_cond_chem"),
        *_orphans(ducts["dm_cm_code"], paths["cm_code"], "dm_cm_code", "t_cheminement"),
    ]
    joined = cables.merge(ducts, left_on="cc_cd_code", right_on="dm_cd_code")
    joined = joined.merge(paths[["cm_code", "cm_typ_imp", "cm_typelog"]], left_on="dm_cm_code", right_on="cm_code")
    return joined.assign(pose=joined["cm_typ_imp"].map(_POSE)), lost


def _agreed(paths: pd.DataFrame, column: str, otherwise: str | None) -> dict[str, str | None]:
    """Return the value on which all the paths of a cable agree, `otherwise` where they do not."""
    known = paths.dropna(subset=[column])
    return {
        str(cable): str(values.iloc[0]) if len(set(values)) == 1 else otherwise
        for cable, values in known.groupby("cc_cb_code")[column]
    }


def _cable_counts(frame: pd.DataFrame, stated: pd.Series[Any], twice: int) -> list[Remark]:
    deduced = int((stated.isna() & frame["type"].notna()).sum())
    unknown = int(frame["pose"].isna().sum())
    remarks = []
    if twice:
        text = Text(
            f"{twice} cb_code en double dans t_cable : le premier est gardé",
            f"{twice} repeated cb_code in t_cable: the first is kept",
        )
        remarks.append(Remark(text, twice))
    if deduced:
        text = Text(
            f"{deduced} câble(s) sans cb_typelog, dont le type est celui de leurs cheminements",
            f"{deduced} cable(s) without cb_typelog, whose kind is that of the paths they follow",
        )
        remarks.append(Remark(text, deduced))
    if unknown:
        text = Text(
            f"{unknown} câble(s) que rien ne relie à un cheminement : pose inconnue",
            f"{unknown} cable(s) tied to no path: overhead or underground unknown",
        )
        remarks.append(Remark(text, unknown))
    return remarks


def _zone(delivery: _Delivery, role: str) -> RawLayer:
    table, prefix, parents = _ZONES[role]
    frame = delivery.table(table, f"{prefix}_code", f"{prefix}_nd_code").copy()
    names = {f"{prefix}_code": "code", f"{prefix}_nd_code": "noeud"}
    remarks: list[Remark] = []
    if delivery.has("t_noeud"):
        nodes = delivery.table("t_noeud", "nd_code")["nd_code"]
        remarks += _orphans(frame[f"{prefix}_nd_code"], nodes, f"{prefix}_nd_code", "t_noeud")
    if parents is None:
        frame["parent"] = None
    else:
        above = _ZONES[parents.replace("t_z", "zone_")][1]
        key = f"{prefix}_{above}_code"
        names[key] = "parent"
        frame[key] = frame.get(key, pd.Series(None, index=frame.index, dtype=object))
        codes = delivery.table(parents, f"{above}_code")[f"{above}_code"]
        remarks += _orphans(frame[key], codes, key, parents)
    states = frame.get(f"{prefix}_etat", frame.get(f"{prefix}_etatpm"))
    frame["etat"] = None if states is None else states.map(_ZONE_STATES)
    return _raw(delivery, role, table, frame.rename(columns=names), remarks)


READER = Reader(
    "gracethd",
    Text("GraceTHD 2, réseau optique (shpcsv)", "GraceTHD 2, optical network (shpcsv)"),
    ("noeud_optique", "cable", *_ZONES),
    read_gracethd,
)
