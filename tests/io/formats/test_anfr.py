"""ANFR supports: the SUP_* tables and the observatory, written by hand."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from territoire_sig.errors import InvalidValueError, MissingColumnError, MissingFileError
from territoire_sig.io.formats.anfr import READER, read_anfr
from territoire_sig.io.reader import Source

HEAD = (
    "SUP_ID;STA_NM_ANFR;NAT_ID;COR_NB_DG_LAT;COR_NB_MN_LAT;COR_NB_SC_LAT;COR_CD_NS_LAT;"
    "COR_NB_DG_LON;COR_NB_MN_LON;COR_NB_SC_LON;COR_CD_EW_LON;SUP_NM_HAUT;TPO_ID;ADR_LB_LIEU;COM_CD_INSEE\n"
)
SUPPORTS = HEAD + (
    "100;0381;21;45;11;24;N;5;43;12;E;32,5;1;Château d'eau de Vénissieux;38185\n"
    "100;0382;21;45;11;24;N;5;43;12;E;30;1;Château d'eau de Vénissieux;38185\n"
    "200;0383;9;20;30;0;S;1;15;36;W;;1;Île;97411\n"
    "300;0384;9;45;0;;N;5;0;0;E;12;1;Sans secondes;38185\n"
)
STATIONS = "STA_NM_ANFR;ADM_ID;DEM_NM_COMSIS\n0381;23;1\n0382;6;2\n0383;23;3\n0384;99;4\n"
EXPLOITANTS = "ADM_ID;ADM_LB_NOM\n23;ORANGE\n6;BOUYGUES TELECOM\n"
NATURES = "NAT_ID;NAT_LB_NOM\n21;Château d'eau - réservoir\n"
OBSERVATORY = (
    "id;adm_lb_nom;sup_id;emr_lb_systeme;generation;sta_nm_anfr;nat_id;sup_nm_haut;code_insee;coordonnees;statut\n"
    "1;ORANGE;100;LTE 800;4G;0381;21;30;38185;45.19, 5.72;En service\n"
    "2;ORANGE;100;5G NR 3500;5G;0381;21;30;38185;45.19, 5.72;Projet approuvé\n"
    "3;SFR;100;LTE 800;4G;0382;21;30;38185;45.19, 5.72;Projet approuvé\n"
    "4;FREE MOBILE;100;UMTS 900;3G;0383;21;30;38185;45.19, 5.72;Techniquement opérationnel\n"
    "5;SFR;200;LTE 800;4G;0384;9;12;38185;45.2, 5.73;Projet approuvé\n"
)


def tables(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.txt").write_bytes(text.encode("cp1252"))
    return folder


def read(path: Path, **options):
    (layer,) = read_anfr(Source(path, options=options))
    return layer, layer.frame.set_index("id_support")


def said(layer) -> str:
    return "\n".join(remark.text.fr for remark in layer.remarks)


def test_tables_gathered_by_support(tmp_path):
    tables(tmp_path, SUP_SUPPORT=SUPPORTS, SUP_STATION=STATIONS, SUP_EXPLOITANT=EXPLOITANTS, SUP_NATURE=NATURES)
    layer, frame = read(tmp_path)
    assert layer.rows_read == 4
    assert frame["operateurs"].tolist() == ["BOUYGUES TELECOM ; ORANGE", "ORANGE", "exploitant 99"]
    assert frame["nb_operateurs"].tolist() == [2, 1, 1]
    assert frame["hauteur_m"].tolist()[::2] == [32.5, 12]
    assert frame["hauteur_m"].isna().tolist() == [False, True, False]
    assert frame["nature"].tolist() == ["Château d'eau - réservoir", "9", "9"]
    # 45°11'24" = 45.19, 5°43'12" = 5.72; 20°30' S, 1°15'36" W
    assert frame.geometry.iloc[0].coords[0] == pytest.approx((5.72, 45.19))
    assert frame.geometry.iloc[1].coords[0] == pytest.approx((-1.26, -20.5))
    assert frame.geometry.iloc[2] is None, "without its seconds the place is unknown"
    assert frame["adr_lb_lieu"].iloc[0] == "Château d'eau de Vénissieux"
    assert layer.crs_known == "EPSG:4326"
    assert "4 ligne(s) (une par station) rassemblées en 3 support(s)" in said(layer)
    assert "1 station(s) dont l'exploitant n'a pas de nom" in said(layer)


def test_supports_alone_leave_operators_unknown(tmp_path):
    moved = SUPPORTS + "100;0385;21;45;12;24;N;5;43;12;E;30;1;Ailleurs;38185\n"
    tables(tmp_path, SUP_SUPPORT=moved)
    layer, frame = read(tmp_path / "SUP_SUPPORT.txt")
    assert frame["nb_operateurs"].isna().all()
    assert frame["operateurs"].isna().all()
    assert "SUP_STATION.txt absent" in said(layer)
    assert "1 support(s) déclaré(s) à plusieurs endroits" in said(layer)


def test_references_published_apart(tmp_path):
    (tmp_path / "data").mkdir()
    tables(tmp_path / "data", SUP_SUPPORT=SUPPORTS, SUP_STATION=STATIONS)
    with zipfile.ZipFile(tmp_path / "references.zip", "w") as archive:
        archive.writestr("SUP_EXPLOITANT.txt", EXPLOITANTS)
        archive.writestr("SUP_NATURE.txt", NATURES.encode("cp1252"))
    _, frame = read(tmp_path / "data", references="references.zip")
    assert frame["operateurs"].iloc[0] == "BOUYGUES TELECOM ; ORANGE"
    assert frame["nature"].iloc[0] == "Château d'eau - réservoir"


def test_archive(tmp_path):
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("SUP_SUPPORT.txt", SUPPORTS.encode("cp1252"))
        archive.writestr("SUP_STATION.txt", STATIONS)
    assert read(tmp_path / "export.zip")[1]["operateurs"].iloc[0] == "exploitant 23 ; exploitant 6"


def test_observatory(tmp_path):
    (tmp_path / "observatoire.csv").write_text(OBSERVATORY, encoding="utf-8")
    layer, frame = read(tmp_path / "observatoire.csv")
    assert frame["operateurs"].tolist() == ["FREE MOBILE ; ORANGE", ""]
    assert frame["nb_operateurs"].tolist() == [2, 0]
    assert frame["operateurs_projet"].tolist() == ["SFR", "SFR"], (
        "Orange is there already: its 5G is not a new operator"
    )
    assert frame["technologies"].tolist() == ["3G ; 4G", ""]
    assert frame["etat"].tolist() == ["en service", "projet"]
    assert frame["hauteur_m"].tolist() == [30, 12]
    assert frame.geometry.iloc[0].wkt == "POINT (5.72 45.19)"
    assert layer.rows_read == 5


def test_errors(tmp_path):
    tables(tmp_path, AUTRE="a;b\n1;2\n", ENCORE="a;b\n1;2\n")
    with pytest.raises(MissingFileError, match=r"SUP_SUPPORT\.txt introuvable ; présents : AUTRE\.txt, ENCORE\.txt"):
        read(tmp_path)
    with pytest.raises(MissingColumnError, match="«id_support»"):
        read(tmp_path / "AUTRE.txt")
    tables(tmp_path, SUP_SUPPORT=SUPPORTS.replace("COR_CD_NS_LAT", "COTE"))
    with pytest.raises(MissingColumnError, match="«cor_cd_ns_lat»"):
        read(tmp_path)
    tables(tmp_path, SUP_SUPPORT=SUPPORTS.replace(";45;11;24;", ";45;onze;24;"))
    with pytest.raises(InvalidValueError, match=r"«cor_nb_mn_lat».*«onze»"):
        read(tmp_path)
    tables(tmp_path, SUP_SUPPORT=SUPPORTS.replace("SUP_ID", "SUPPORT"))
    with pytest.raises(MissingColumnError, match="«sup_id»"):
        read(tmp_path)
    assert READER.roles == ("support",)
