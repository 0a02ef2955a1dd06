"""TRI: three drawn floods, and the real test delivery."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import Polygon, box

from territoire_sig.errors import ParameterError, UnreadableLayerError
from territoire_sig.io.door import admit
from territoire_sig.io.formats.tri import READER
from territoire_sig.io.reader import RawLayer, Source

DATA = Path(__file__).parents[4] / "shared" / "data" / "risk" / "tri_jtest_topo_ok"
real = pytest.mark.real
needs_data = pytest.mark.skipif(not DATA.exists(), reason="../shared/data est absent : données réelles non lues")

# The medium flood leaves out 2 m × 10 m of the frequent one; the extreme flood covers the medium one.
FLOODS = {"01For": box(0, 0, 10, 10), "02Moy": box(2, 0, 20, 10), "04Fai": box(0, 0, 40, 10)}


def extent(folder: Path, scenario: str, shape: Polygon, *, kind: str = "01", crs: str = "EPSG:2154") -> None:
    columns = {"ID_S_INOND": [f"SIN_{scenario}"], "TYP_INOND": [kind], "SCENARIO": [scenario]}
    name = f"N_TRI_TEST_INONDABLE_{kind}_{scenario[2:5].upper()}_S_099.shp"
    gpd.GeoDataFrame(columns, geometry=[shape], crs=crs).to_file(folder / name)


def depth(folder: Path) -> None:
    columns = {
        "ID_ZONE": ["Z1", "Z2"],
        "ID_S_INOND": ["SIN_01For"] * 2,
        "TYP_INOND": ["01"] * 2,
        "SCENARIO": ["01For"] * 2,
        "HT_MIN": [0.0, 1.0],
        "HT_MAX": [1.0, None],
    }
    shapes = [box(0, 0, 5, 10), box(5, 0, 10, 10)]
    gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:2154").to_file(folder / "N_TRI_TEST_ISO_HT_01_FOR_S_099.shp")


def delivery(folder: Path) -> Path:
    for scenario, shape in FLOODS.items():
        extent(folder, scenario, shape)
    depth(folder)
    carte = gpd.GeoDataFrame({"ID_CARTE": ["x"]}, geometry=[box(0, 0, 9, 9)], crs="EPSG:2154")
    carte.to_file(folder / "N_TRI_TEST_CARTE_INOND_S_099.shp")
    return folder


def only(path: Path, **options: object) -> RawLayer:
    [layer] = READER.read(Source(path, **options))
    return layer


def nesting(layer: RawLayer) -> dict[str, int | None]:
    return {remark.text.en: remark.count for remark in layer.remarks if "flood" in remark.text.en}


def test_extents_and_depths_are_read_together_and_told_apart(tmp_path: Path) -> None:
    layer = only(delivery(tmp_path))
    frame = layer.frame.set_index("id_zone")
    assert sorted(frame.index) == ["SIN_01For", "SIN_02Moy", "SIN_04Fai", "Z1", "Z2"]
    assert frame["scenario_crue"].to_dict() == {
        "SIN_01For": "frequent",
        "SIN_02Moy": "moyen",
        "SIN_04Fai": "extreme",
        "Z1": "frequent",
        "Z2": "frequent",
    }
    assert frame.loc[["Z1", "Z2"], "ht_min"].tolist() == [0.0, 1.0]
    assert frame["ht_max"].notna().sum() == 1
    assert frame["couche_source"].str.contains("ISO_HT").sum() == 2
    assert not admit(layer, Source(tmp_path), crs="EPSG:2154", format="tri").faults


def test_what_stands_outside_the_rarer_flood_is_measured(tmp_path: Path) -> None:
    assert nesting(only(delivery(tmp_path))) == {
        "flood type «01»: 20 m² of the «frequent» flood outside the «moyen» flood": 20,
        "flood type «01»: 0 m² of the «moyen» flood outside the «extreme» flood": 0,
    }


def test_extents_alone_have_no_depth(tmp_path: Path) -> None:
    extent(tmp_path, "01For", box(0, 0, 10, 10))
    frame = only(tmp_path).frame
    assert frame[["ht_min", "ht_max"]].isna().all(axis=None)
    assert frame[["ht_min", "ht_max"]].dtypes.eq("float64").all()


def test_kinds_of_flood_are_not_mixed(tmp_path: Path) -> None:
    extent(tmp_path, "01For", box(0, 0, 10, 10))
    extent(tmp_path, "04Fai", box(0, 0, 10, 7))
    extent(tmp_path, "04Fai", box(100, 0, 110, 10), kind="02")
    assert nesting(only(tmp_path)) == {
        "flood type «01»: 30 m² of the «frequent» flood outside the «extreme» flood": 30,
    }


def test_an_invalid_extent_does_not_stop_the_check(tmp_path: Path) -> None:
    bow = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])  # two triangles of 25 m²
    extent(tmp_path, "01For", bow)
    extent(tmp_path, "02Moy", box(0, 0, 5, 10))
    [count] = nesting(only(tmp_path)).values()
    assert count == 25


def test_degrees_are_not_measured(tmp_path: Path) -> None:
    extent(tmp_path, "01For", box(1, 45, 2, 46), crs="EPSG:4326")
    extent(tmp_path, "02Moy", box(1, 45, 3, 46), crs="EPSG:4326")
    assert list(nesting(only(tmp_path))) == [
        "nesting of the floods not checked: the coordinate system is not in metres"
    ]


def test_one_family_may_be_asked_for(tmp_path: Path) -> None:
    delivery(tmp_path)
    assert len(only(tmp_path, options={"couches": "iso_ht"}).frame) == 2
    assert len(only(tmp_path, options={"couches": "inondable"}).frame) == 3
    with pytest.raises(ParameterError, match="option «couches» inconnue : «vitesse»"):
        only(tmp_path, options={"couches": "vitesse"})


def test_climate_change_scenarios_have_their_words(tmp_path: Path) -> None:
    extent(tmp_path, "03Mcc", box(0, 0, 1, 1))
    extent(tmp_path, "01Forcc_ct", box(0, 0, 1, 1))
    assert sorted(only(tmp_path).frame["scenario_crue"]) == ["frequent_cc", "moyen_cc"]


def test_an_unknown_scenario_is_a_fault_at_the_door(tmp_path: Path) -> None:
    extent(tmp_path, "05Xyz", box(0, 0, 1, 1))
    faults = admit(only(tmp_path), Source(tmp_path), crs="EPSG:2154", format="tri").faults
    assert [fault.column for fault in faults] == ["scenario_crue"]
    assert "05Xyz" in str(faults[0])


def test_a_folder_without_flood_is_refused(tmp_path: Path) -> None:
    carte = gpd.GeoDataFrame({"ID_CARTE": ["x"]}, geometry=[box(0, 0, 9, 9)], crs="EPSG:2154")
    carte.to_file(tmp_path / "N_TRI_TEST_CARTE_INOND_S_099.shp")
    with pytest.raises(UnreadableLayerError, match="présentes : N_TRI_TEST_CARTE_INOND_S_099"):
        only(tmp_path)


@real
@needs_data
def test_the_validator_s_delivery_nests() -> None:
    layer = only(DATA)
    assert layer.rows_read == 14
    assert layer.frame["scenario_crue"].value_counts().to_dict() == {"moyen": 5, "extreme": 5, "frequent": 4}
    assert layer.frame["couche_source"].str.contains("ISO_HT").sum() == 9
    assert list(nesting(layer).values()) == [0, 0]
    assert not admit(layer, Source(DATA), crs="EPSG:2154", format="tri").faults
