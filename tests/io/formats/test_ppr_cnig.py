"""PPR, CNIG model: drawn GeoPackages, and the real plans of Saint-Didier and Domène."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import box

from territoire_sig.errors import ParameterError, UnreadableLayerError
from territoire_sig.io.door import admit
from territoire_sig.io.formats.ppr_cnig import READER
from territoire_sig.io.reader import RawLayer, Source

DATA = Path(__file__).parents[4] / "shared" / "data" / "risk"
real = pytest.mark.real
needs_data = pytest.mark.skipif(not DATA.exists(), reason="../shared/data est absent : données réelles non lues")

PLAN = "pprn_99ddt20240001"


def put(file: Path, name: str, geometry: bool = True, **columns: list[object]) -> None:
    n = len(next(iter(columns.values())))
    layer = f"{PLAN}_{name}"
    if not geometry:
        pyogrio.write_dataframe(pd.DataFrame(columns), file, layer=layer, driver="GPKG")
        return
    squares = [box(10 * i, 0, 10 * i + 10, 10) for i in range(n)]
    gpd.GeoDataFrame(columns, geometry=squares, crs="EPSG:2154").to_file(file, layer=layer, mode="w")


def hazard(file: Path, name: str, types: list[str], levels: list[str | None]) -> None:
    ids = [f"{name}{i}" for i in range(len(types))]
    put(file, name, idzonealea=ids, codeprocedure=["P"] * len(ids), typealea=types, niveaualea=levels)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    file = tmp_path / "plan.gpkg"
    hazard(file, "zonealeareference_112_s", ["112", "112"], ["01", "06"])
    hazard(file, "zonealeareference_123_s", ["123"], ["00"])
    hazard(file, "zonealeaecheance100ans_117_s", ["117"], ["04"])
    put(file, "zonereglementaireurba_s", idzonereglementaire=["1", "2", "3"], typereglement=["01", "04", "06"])
    put(file, "zonereglementairefoncier_s", idzonereglementaire=["1", "2"], typereglement=["01", "02"])
    put(file, "perimetre_s", codeprocedure=["P"], etatprocedure=["APPROUVE"], dateetat=["2024-05-06"])
    put(file, "procedure", geometry=False, codeprocedure=["P"], libelleprocedure=["Plan"], typeprocedure=["PPRN"])
    return file


def by_role(path: Path, **options: object) -> dict[str, RawLayer]:
    return {layer.role: layer for layer in READER.read(Source(path, **options))}


def remarks(layer: RawLayer) -> str:
    return "\n".join(remark.text.fr for remark in layer.remarks)


def test_hazard_layers_are_put_end_to_end_with_their_name(plan: Path) -> None:
    alea = by_role(plan)["alea"]
    names = [f"{PLAN}_zonealeareference_112_s", f"{PLAN}_zonealeareference_112_s", f"{PLAN}_zonealeareference_123_s"]
    assert alea.frame["couche_source"].tolist() == names
    assert alea.frame["typealea"].tolist() == ["112", "112", "123"]
    assert alea.frame["niveau"].tolist() == ["faible", "tres_fort", "nul"]
    assert alea.frame.crs.to_epsg() == 2154
    assert alea.rows_read == 3
    assert "procédure : P, Plan, PPRN" in remarks(alea)


def test_everything_passes_the_door(plan: Path) -> None:
    found = by_role(plan)
    assert list(found) == ["alea", "zone_reglementaire", "perimetre_risque"]
    for layer in found.values():
        assert not admit(layer, Source(plan), crs="EPSG:2154", format="ppr_cnig").faults


def test_the_same_code_means_another_thing_for_land_and_for_planning(plan: Path) -> None:
    frame = by_role(plan)["zone_reglementaire"].frame
    land = frame["couche_source"].str.contains("foncier")
    assert frame.loc[land, ["typereglement", "reglement"]].values.tolist() == [
        ["01", "delaissement"],
        ["02", "expropriation"],
    ]
    assert frame.loc[~land, ["typereglement", "reglement"]].values.tolist() == [
        ["01", "prescriptions_hors_alea"],
        ["04", "interdiction_stricte"],
        ["06", "zone_grisee"],
    ]


def test_another_scenario_is_read_on_request_and_told_otherwise(plan: Path) -> None:
    assert "1 couche(s) d'aléa d'un autre scénario non lue(s)" in remarks(by_role(plan)["alea"])
    later = by_role(plan, options={"alea": "echeance100ans"})["alea"]
    assert later.frame["typealea"].tolist() == ["117"]
    with pytest.raises(ParameterError, match="option «alea» inconnue : «centennal»"):
        by_role(plan, options={"alea": "centennal"})


def test_a_synthesis_is_resolved_by_its_table(tmp_path: Path) -> None:
    file = tmp_path / "plan.gpkg"
    put(file, "zonealeanaturelsynthese_s", idzonealea=["A", "B"], typealea=["999", "112"], niveaualea=["01", "02"])
    put(
        file,
        "zonemultialeanaturel",
        geometry=False,
        idzonealea=["A", "A"],
        typealea=["123", "112"],
        niveaualea=["04", "01"],
    )
    alea = by_role(file)["alea"]
    assert alea.frame[["typealea", "niveau", "niveaualea"]].values.tolist() == [
        ["112;123", "fort", "01"],
        ["112", "moyen", "02"],
    ]


def test_a_level_left_blank_is_undetermined(tmp_path: Path) -> None:
    hazard(tmp_path / "plan.gpkg", "zonealeatechnolent_213_s", ["213", "213"], [None, "04"])
    alea = by_role(tmp_path / "plan.gpkg")["alea"]
    assert alea.frame["niveau"].tolist() == ["indetermine", "fort"]
    assert "niveau d'aléa absent ou hors liste officielle, noté «indetermine» : «» × 1" in remarks(alea)


def test_another_geopackage_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "plan.gpkg", "enjeu_s", nom=["x"])
    with pytest.raises(UnreadableLayerError, match=f"présentes : {PLAN}_enjeu_s"):
        by_role(tmp_path / "plan.gpkg")


@real
@needs_data
def test_saint_didier() -> None:
    found = by_role(DATA / "pprm_38ddt20180002_saint_didier.gpkg")
    assert {role: len(layer.frame) for role, layer in found.items()} == {
        "alea": 220,
        "zone_reglementaire": 380,
        "perimetre_risque": 1,
    }
    assert found["alea"].frame["couche_source"].str[-5:].value_counts().to_dict() == {
        "312_s": 120,
        "314_s": 41,
        "_33_s": 59,
    }
    assert found["alea"].frame["niveau"].value_counts().to_dict() == {"faible": 179, "moyen": 40, "fort": 1}
    assert found["zone_reglementaire"].frame["reglement"].value_counts().to_dict() == {
        "interdiction_stricte": 300,
        "prescriptions": 68,
        "prescriptions_hors_alea": 12,
    }
    for layer in found.values():
        assert not admit(layer, Source(DATA), crs="EPSG:2154", format="ppr_cnig").faults


@real
@needs_data
def test_domene() -> None:
    found = by_role(DATA / "pprt_69dreal20090005_domene.gpkg")
    assert list(found) == ["zone_reglementaire", "perimetre_risque"]
    zones = found["zone_reglementaire"].frame
    assert len(zones) == 35
    assert zones["couche_source"].str.contains("foncier").sum() == 10
    land = zones[zones["reglement"].isin(["delaissement", "expropriation"])]
    assert land.groupby("reglement")["codezone"].agg(lambda codes: sorted({code[:2] for code in codes})).to_dict() == {
        "delaissement": ["De"],
        "expropriation": ["Ex"],
    }
