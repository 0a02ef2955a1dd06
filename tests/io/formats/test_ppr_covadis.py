"""PPR, COVADIS model: a drawn plan with a zone of several hazards, the official table, and three real plans."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import LineString, box

from territoire_sig.errors import UnreadableLayerError
from territoire_sig.io.door import admit
from territoire_sig.io.formats.ppr_covadis import READER
from territoire_sig.io.ppr import national_hazard_type
from territoire_sig.io.reader import RawLayer, Source
from territoire_sig.model.roles.risk_codes import HAZARD_TYPES

DATA = Path(__file__).parents[4] / "shared" / "data"
real = pytest.mark.real
needs_data = pytest.mark.skipif(not DATA.exists(), reason="../shared/data est absent : données réelles non lues")

SQUARES = [box(10 * i, 0, 10 * i + 10, 10) for i in range(5)]


def hazards(**columns: list[object]) -> gpd.GeoDataFrame:
    attributes = {
        "ID_ZONE": [1.0, 2.0, 3.0, 4.0, 5.0],
        "ID_GASPAR": ["99DDT20240001"] * 5,
        "DESCRIPT": ["a", "b", "c", "d", "e"],
        "CODERISQUE": ["1120000", "9999999", "9999999", "1400000", "9999999"],
        "NIVALEA": ["Fai", "M", "F", "TF+", "M"],
        "NIVALEA_ST": ["01", "02", "04", "07", "02"],
    }
    return gpd.GeoDataFrame({**attributes, **columns}, geometry=SQUARES, crs="EPSG:2154")


def table(folder: Path) -> None:
    rows = {
        "id_zone": [2, 2, 3, 3, 77],
        "coderisque": ["1230000", "1120000", "1240000", "1140000", "1240000"],
        "nivalea_st": ["04", "01", "01", "02", "01"],
    }
    written = folder / "N_MULTIALEA_PPRN_20240001_099.dbf"
    pyogrio.write_dataframe(pd.DataFrame(rows), written, driver="ESRI Shapefile")


def plan(folder: Path) -> Path:
    hazards().to_file(folder / "N_ZONE_ALEA_PPRN_20240001_S_099.shp")
    table(folder)
    regulated = {"id_zone": [1, 2, 3, 4, 5], "typereg": [1, 2, 3, 4, 9], "nom": ["n"] * 5, "codezone": ["R"] * 5}
    gpd.GeoDataFrame(regulated, geometry=SQUARES, crs="EPSG:2154").to_file(
        folder / "N_ZONE_REG_PPRN_20240001_S_099.shp"
    )
    line = gpd.GeoDataFrame({"id_zone": [9]}, geometry=[LineString([(0, 0), (1, 1)])], crs="EPSG:2154")
    line.to_file(folder / "N_ZONE_REG_PPRN_20240001_L_099.shp")
    perimeter = {"id_gaspar": ["99DDT20240001"], "datevalid": ["20240506"]}
    gpd.GeoDataFrame(perimeter, geometry=[box(0, 0, 50, 10)], crs="EPSG:2154").to_file(
        folder / "N_PERIMETRE_PPRN_20240001_S_099.shp"
    )
    return folder


def by_role(path: Path, **options: object) -> dict[str, RawLayer]:
    return {layer.role: layer for layer in READER.read(Source(path, **options))}


def remarks(layer: RawLayer) -> str:
    return "\n".join(remark.text.fr for remark in layer.remarks)


def test_a_plan_gives_hazards_regulations_and_perimeter(tmp_path: Path) -> None:
    found = by_role(plan(tmp_path))
    assert list(found) == ["alea", "zone_reglementaire", "perimetre_risque"]
    for layer in found.values():
        assert not admit(layer, Source(tmp_path), crs="EPSG:2154", format="ppr_covadis").faults
    assert found["perimetre_risque"].frame["dateetat"].tolist() == ["2024-05-06"]
    assert found["alea"].frame["couche_source"].unique().tolist() == ["N_ZONE_ALEA_PPRN_20240001_S_099"]


def test_several_hazards_are_resolved_by_their_table(tmp_path: Path) -> None:
    """Zone 2: published medium, one hazard high → high. Zone 3: published high, hazards lower → stays high."""
    alea = by_role(plan(tmp_path))["alea"]
    assert alea.frame[["idzone", "typealea", "niveau", "niveaualea"]].values.tolist() == [
        ["1", "112", "faible", "01"],
        ["2", "112;123", "fort", "02"],
        ["3", "114;124", "fort", "04"],
        ["4", "14", "tres_fort", "07"],
        ["5", "999", "moyen", "02"],
    ]
    said = {remark.text.fr: remark.count for remark in alea.remarks}
    assert said["2 zone(s) à plusieurs aléas, détaillées par la table"] == 2
    assert said["1 zone(s) à plusieurs aléas sans détail : typealea reste «999»"] == 1
    assert said["1 ligne(s) de la table sans zone à plusieurs aléas"] == 1
    assert any("2 zone(s) dont le niveau publié n'est pas" in text and text.endswith(": 2, 3") for text in said)


def test_without_table_several_hazards_stay_unresolved(tmp_path: Path) -> None:
    hazards().to_file(tmp_path / "N_ZONE_ALEA_PPRN_20240001_S_099.shp")
    alea = by_role(tmp_path)["alea"]
    assert alea.frame["typealea"].tolist() == ["112", "999", "999", "14", "999"]
    assert alea.frame["niveau"].tolist() == ["faible", "moyen", "fort", "tres_fort", "moyen"]


def test_levels_outside_the_list_are_undetermined_and_counted(tmp_path: Path) -> None:
    levels = [None, "88", "03", "05", "01"]
    letters = ["M+", None, "F", "F+", "fai"]
    hazards(NIVALEA_ST=levels, NIVALEA=letters).to_file(tmp_path / "N_ZONE_ALEA_PPRN_20240001_S_099.shp")
    alea = by_role(tmp_path)["alea"]
    assert alea.frame["niveau"].tolist() == ["moyen", "indetermine", "moyen", "fort", "faible"]
    assert "niveau d'aléa absent ou hors liste officielle, noté «indetermine» : «88» × 1" in remarks(alea)
    assert "1 niveau(x) lu(s) dans NIVALEA, NIVALEA_ST étant vide" in remarks(alea)
    assert "1 zone(s) où NIVALEA et NIVALEA_ST se contredisent : NIVALEA_ST est retenu" in remarks(alea)


def test_regulation_codes_become_words(tmp_path: Path) -> None:
    layer = by_role(plan(tmp_path))["zone_reglementaire"]
    assert layer.frame["reglement"].tolist() == [
        "prescriptions_hors_alea",
        "prescriptions",
        "interdiction",
        "interdiction_stricte",
        "indetermine",
    ]
    assert "règlement absent ou hors liste officielle, noté «indetermine» : «09» × 1" in remarks(layer)
    assert "couche(s) linéaire(s) ou ponctuelle(s) non lue(s) : N_ZONE_REG_PPRN_20240001_L_099" in remarks(layer)


def test_an_unknown_hazard_type_is_counted(tmp_path: Path) -> None:
    codes = ["1120000", "5550000", None, "1400000", "1400000"]
    hazards(CODERISQUE=codes).to_file(tmp_path / "N_ZONE_ALEA_PPRN_20240001_S_099.shp")
    assert "type d'aléa hors liste nationale : «555» × 1, «» × 1" in remarks(by_role(tmp_path)["alea"])


def test_two_plans_keep_to_their_own_tables(tmp_path: Path) -> None:
    plan(tmp_path)
    hazards(CODERISQUE=["9999999"] * 5).to_file(tmp_path / "N_ZONE_ALEA_PPRN_20249999_S_099.shp")
    alea = by_role(tmp_path)["alea"]
    other = alea.frame[alea.frame["couche_source"].str.contains("20249999")]
    assert len(alea.frame) == 10
    assert other["typealea"].tolist() == ["999"] * 5


def test_an_archive_and_one_file_are_read(tmp_path: Path) -> None:
    (tmp_path / "plan").mkdir()
    plan(tmp_path / "plan")
    with zipfile.ZipFile(tmp_path / "plan.zip", "w") as archive:
        for file in (tmp_path / "plan").iterdir():
            archive.write(file, file.name)
    assert len(by_role(tmp_path / "plan.zip")) == 3
    assert list(by_role(tmp_path / "plan" / "N_ZONE_REG_PPRN_20240001_S_099.shp")) == ["zone_reglementaire"]
    assert list(by_role(tmp_path / "plan", role="alea")) == ["alea"]


def test_another_folder_is_refused(tmp_path: Path) -> None:
    for name in ("communes", "routes"):
        hazards().to_file(tmp_path / f"{name}.shp")
    with pytest.raises(
        UnreadableLayerError, match=r"présentes : communes, routes\nRemède : noms attendus : N_ZONE_ALEA"
    ):
        by_role(tmp_path)


@real
@needs_data
def test_hazard_codes_follow_the_official_table() -> None:
    official = pd.read_csv(DATA / "schemas" / "ppr_covadis_to_cnig" / "valeurtypealea.csv", sep=";", dtype=str)
    assert len(official) > 40
    assert official["valeur_ancienne"].map(national_hazard_type).tolist() == official["valeur_nouvelle"].tolist()
    assert set(official["valeur_nouvelle"]) <= set(HAZARD_TYPES)


def sizes(found: dict[str, RawLayer]) -> list[int]:
    return [len(found[role].frame) for role in ("alea", "zone_reglementaire", "perimetre_risque")]


@real
@needs_data
def test_seyssinet() -> None:
    found = by_role(DATA / "risk" / "pprn_38DDT20010005_seyssinet")
    assert sizes(found) == [174, 165, 1]
    alea = found["alea"].frame
    assert alea["niveau"].value_counts().to_dict() == {"faible": 95, "fort": 44, "moyen": 35}
    assert "127 zone(s) à plusieurs aléas, détaillées par la table" in remarks(found["alea"])
    folder = DATA / "risk" / "pprn_38DDT20010005_seyssinet"
    table = pyogrio.read_dataframe(folder / "N_MULTIALEA_PPRN_20010005_038.dbf")
    types = table.groupby("id_zone")["coderisque"].nunique()
    assert alea["typealea"].str.contains(";").sum() == types.gt(1).sum() == 118
    assert not alea["typealea"].eq("999").any()
    assert found["zone_reglementaire"].frame["reglement"].value_counts().to_dict() == {
        "prescriptions": 108,
        "interdiction": 57,
    }
    assert found["zone_reglementaire"].frame.geometry.union_all().area / 1e4 == pytest.approx(1082, abs=1)
    for layer in found.values():
        assert not admit(layer, Source(DATA), crs="EPSG:2154", format="ppr_covadis").faults


@real
@needs_data
def test_romanche() -> None:
    found = by_role(DATA / "risk" / "ppri_38DDT20130013_romanche_aval.zip")
    assert sizes(found) == [564, 437, 1]
    assert found["alea"].frame["typealea"].unique().tolist() == ["113"]
    assert found["alea"].frame["niveau"].value_counts().to_dict() == {"moyen": 350, "faible": 138, "fort": 76}


@real
@needs_data
def test_engins_and_its_two_zones_above_their_table() -> None:
    found = by_role(DATA / "risk" / "pprn_38DDT20180003_engins.zip")
    assert sizes(found) == [213, 209, 1]
    alea = found["alea"]
    assert "48 zone(s) à plusieurs aléas, détaillées par la table" in remarks(alea)
    assert "2 zone(s) dont le niveau publié n'est pas celui de leur pire aléa" in remarks(alea)
    published = {"01": "faible", "02": "moyen", "04": "fort"}
    assert alea.frame["niveau"].tolist() == alea.frame["niveaualea"].map(published).tolist()
