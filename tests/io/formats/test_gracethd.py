"""GraceTHD: a drawn network of six nodes, and the sample delivery of the community."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from shapely import LineString, Point, box

from territoire_sig.errors import MissingColumnError, MissingFileError
from territoire_sig.io.formats.gracethd import READER, read_gracethd
from territoire_sig.io.reader import Source

DATA = Path(__file__).parents[4] / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.exists(), reason="../shared/data est absent : données réelles non lues")

# N1 holds the NRO, N2 the SRO (known by its area alone), P1 to P3 the boxes (by point, room, user), X none.
TABLES = {
    "t_sitetech": (
        "st_code;st_nd_code;st_statut;st_avct;st_typelog\nST1;N1;REC;;NRO\nST2;P2;AVP;S;CLIENT\nST9;PERDU;AVP;;SRO\n"
    ),
    "t_ltech": "lt_code;lt_st_code\nLT2;ST2\n",
    "t_ptech": "pt_code;pt_nd_code;pt_statut;pt_avct\nPT1;P1;AVP;\nPTX;X;EXE;A\n",
    "t_suf": "sf_code;sf_nd_code\nSF3;P3\n",
    "t_ebp": (
        "bp_code;bp_pt_code;bp_lt_code;bp_sf_code;bp_typelog\nB1;PT1;;;PBO\nB2;;LT2;;PBO\nB3;;;SF3;PBO\n"
        "B4;PTX;;;BPE\nB5;PT99;;;PBO\n"
    ),
    "t_cable": (
        "cb_code;cb_statut;cb_avct;cb_typelog;cb_abddate\nC1;REC;;TR;\nC2;AVP;;;\nC3;AVP;;;2020-01-01\nC4;PRO;E;ZZ;\nC4;PRO;;;\n"
    ),
    "t_cab_cond": "cc_cb_code;cc_cd_code\nC1;D1\nC2;D2\nC3;D3\nC3;D1\nC4;D9\n",
    "t_cond_chem": "dm_cd_code;dm_cm_code\nD1;M1\nD2;M2\nD3;M2\nD3;M9\n",
}
NODES = {"N1": (0, 0), "N2": (10, 0), "P1": (20, 0), "P2": (20, 10), "P3": (20, 20), "X": (30, 0)}


def _frames() -> dict[str, gpd.GeoDataFrame]:
    lines = [LineString([(0, 0), (n * 10, 0)]) for n in range(1, 6)]
    zone = box(-1, -1, 31, 21)
    return {
        "t_noeud": gpd.GeoDataFrame({"nd_code": list(NODES)}, geometry=[Point(xy) for xy in NODES.values()], crs=2154),
        "t_cableline": gpd.GeoDataFrame({"cl_cb_code": ["C1", "C2", "C3", "C4", "C9"]}, geometry=lines, crs=2154),
        "t_cheminement": gpd.GeoDataFrame(
            {"cm_code": ["M1", "M2"], "cm_typ_imp": ["7", "0"], "cm_typelog": ["TR", "DI"]},
            geometry=lines[:2],
            crs=2154,
        ),
        "t_znro": gpd.GeoDataFrame(
            {"zn_code": ["ZN"], "zn_nd_code": ["N1"], "zn_etat": ["DP"]}, geometry=[zone], crs=2154
        ),
        "t_zsro": gpd.GeoDataFrame(
            {"zs_code": ["ZS"], "zs_nd_code": ["N2"], "zs_zn_code": ["ZN"], "zs_etatpm": ["PL"]},
            geometry=[zone],
            crs=2154,
        ),
        "t_zpbo": gpd.GeoDataFrame(
            {"zp_code": ["ZP1", "ZP2"], "zp_nd_code": ["P1", "AILLEURS"], "zp_zs_code": ["ZS", "ZS9"]},
            geometry=[zone, zone],
            crs=2154,
        ),
    }


def delivery(folder: Path, *, without: tuple[str, ...] = ()) -> Path:
    folder.mkdir(exist_ok=True)
    for name, frame in _frames().items():
        if name not in without:
            frame.to_file(folder / f"{name}.shp")
    for name, text in TABLES.items():
        if name not in without:
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def read(path: Path, role: str):
    (layer,) = read_gracethd(Source(path, role=role))
    return layer, layer.frame.set_index("code")


def said(layer) -> str:
    return "\n".join(remark.text.fr for remark in layer.remarks)


def test_nodes_by_level(tmp_path):
    layer, frame = read(delivery(tmp_path), "noeud_optique")
    levels = {"N1": "NRO", "N2": "SRO", "P1": "PBO", "P2": "PBO", "P3": "PBO", "X": "autre"}
    assert frame["niveau"].to_dict() == levels
    states = frame["etat"].astype(object).where(frame["etat"].notna(), None).to_dict()
    assert states == {
        "N1": "en service",
        "N2": None,
        "P1": "projet",
        "P2": "en service",
        "P3": None,
        "X": "abandonné",
    }
    assert "1 NRO, 3 PBO, 1 SRO, 1 autre" in said(layer)
    assert "1 code(s) «st_nd_code» sans correspondance dans t_noeud" in said(layer)
    assert "1 PBO que rien ne relie à un nœud" in said(layer)
    assert layer.rows_read == 6
    assert layer.frame.crs == "EPSG:2154"


def test_cables(tmp_path):
    layer, frame = read(delivery(tmp_path), "cable")
    values = frame[["type", "pose", "etat"]].astype(object)
    assert values.where(values.notna(), None).T.to_dict("list") == {
        "C1": ["transport", "souterrain", "en service"],
        "C2": ["distribution", "aerien", "projet"],
        "C3": [None, "mixte", "abandonné"],
        "C4": ["ZZ", None, "en service"],
        "C9": [None, None, None],
    }
    assert frame.length.tolist() == [10, 20, 30, 40, 50]
    for message in (
        "1 code(s) «cl_cb_code» sans correspondance dans t_cable",
        "1 code(s) «cc_cd_code» sans correspondance dans t_cond_chem",
        "1 code(s) «dm_cm_code» sans correspondance dans t_cheminement",
        "1 cb_code en double",
        "1 câble(s) sans cb_typelog",
        "2 câble(s) que rien ne relie à un cheminement",
    ):
        assert message in said(layer)


def test_zones(tmp_path):
    path = delivery(tmp_path)
    assert read(path, "zone_nro")[1][["noeud", "etat"]].values.tolist() == [["N1", "en service"]]
    assert read(path, "zone_nro")[1]["parent"].isna().all()
    assert read(path, "zone_sro")[1][["noeud", "parent", "etat"]].values.tolist() == [["N2", "ZN", "projet"]]
    layer, frame = read(path, "zone_pbo")
    assert frame["parent"].to_dict() == {"ZP1": "ZS", "ZP2": "ZS9"}
    assert "1 code(s) «zp_nd_code» sans correspondance dans t_noeud" in said(layer)
    assert "1 code(s) «zp_zs_code» sans correspondance dans t_zsro" in said(layer)


def test_archive_geopackage_and_one_file_give_the_same(tmp_path):
    folder = delivery(tmp_path / "shpcsv")
    with zipfile.ZipFile(tmp_path / "livraison.zip", "w") as archive:
        for file in folder.iterdir():
            archive.write(file, f"livraison/{file.name}")
    base = tmp_path / "base.gpkg"
    for name, frame in _frames().items():
        frame.to_file(base, layer=name)
    for name, text in TABLES.items():
        rows = [line.split(";") for line in text.splitlines()]
        table = pd.DataFrame(rows[1:], columns=rows[0]).replace("", None)
        pyogrio.write_dataframe(table, base, layer=name, append=True)
    wanted = read(folder, "noeud_optique")[1]["niveau"].to_dict()
    for path in (tmp_path / "livraison.zip", base, folder / "t_noeud.shp"):
        assert read(path, "noeud_optique")[1]["niveau"].to_dict() == wanted
    assert [layer.role for layer in read_gracethd(Source(base))] == list(READER.roles)


def test_a_partial_delivery_gives_what_it_can(tmp_path):
    path = delivery(tmp_path, without=("t_cableline", "t_zpbo", "t_sitetech", "t_ltech"))
    assert [layer.role for layer in read_gracethd(Source(path))] == ["noeud_optique", "zone_nro", "zone_sro"]
    assert read(path, "noeud_optique")[1]["niveau"]["N1"] == "NRO", "the area names its node"
    with pytest.raises(MissingFileError, match="livraison GraceTHD sans t_cableline"):
        read(path, "cable")


def test_nothing_of_gracethd(tmp_path):
    with pytest.raises(MissingFileError, match="sans t_noeud, t_cableline"):
        read_gracethd(Source(tmp_path))


def test_a_missing_key_is_named(tmp_path):
    (delivery(tmp_path) / "t_cable.csv").write_text("code;etat\nC1;x\n", encoding="utf-8")
    with pytest.raises(MissingColumnError, match=r"«t_cable\.cb_code».*code, etat"):
        read(tmp_path, "cable")


@pytest.mark.real
@needs_data
def test_sample_delivery():
    layers = {layer.role: layer for layer in read_gracethd(Source(DATA / "digital" / "gracethd_v2_sample_shpcsv"))}
    counts = {role: len(layer.frame) for role, layer in layers.items()}
    assert counts == {"noeud_optique": 27, "cable": 22, "zone_nro": 1, "zone_sro": 1, "zone_pbo": 3}
    nodes = layers["noeud_optique"].frame.set_index("code")
    assert nodes["niveau"].value_counts().to_dict() == {"autre": 22, "PBO": 3, "NRO": 1, "SRO": 1}
    assert set(nodes["etat"].dropna()) == {"projet"}, "the sample is a preliminary design (AVP)"
    cables = layers["cable"].frame
    assert cables["pose"].value_counts().to_dict() == {"souterrain": 8}
    assert layers["zone_sro"].frame["parent"].tolist() == layers["zone_nro"].frame["code"].tolist()
    served = layers["zone_pbo"].frame["noeud"]
    assert set(nodes.loc[served, "niveau"]) == {"PBO"}
    lists = pd.read_csv(DATA / "digital" / "gracethd_v2_sample_shpcsv" / "l_implantation_type.csv", sep=";")
    from territoire_sig.io.formats import gracethd

    assert set(lists["code"].astype(str)) - set(gracethd._POSE) == {"9"}, "every code of the list but «special»"
    for table, known in (("l_statut", gracethd._STATUS), ("l_avancement", gracethd._PROGRESS)):
        codes = pd.read_csv(DATA / "schemas" / "gracethd_mcd_2.0.1" / "db_shpcsv" / f"{table}.csv", sep=";")["code"]
        assert set(codes) == set(known)
    kinds = pd.read_csv(DATA / "schemas" / "gracethd_mcd_2.0.1" / "db_shpcsv" / "l_infra_type_log.csv", sep=";")
    assert set(kinds["code"]) == set(gracethd._CABLE_TYPES)
