"""PLU, PLUi and CC: drawn deliveries in every container, and four real documents."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString, Point, box

from territoire_sig.errors import CRSMismatchError, MissingColumnError, UnreadableLayerError
from territoire_sig.io.door import admit
from territoire_sig.io.formats.cnig_plu import READER
from territoire_sig.io.reader import RawLayer, Source

DATA = Path(__file__).parents[4] / "shared" / "data" / "urbanism"
real = pytest.mark.real
needs_data = pytest.mark.skipif(not DATA.exists(), reason="../shared/data est absent : données réelles non lues")

ID = "99001_PLU_20240101"
SQUARES = [box(0, 0, 10, 10), box(10, 0, 20, 10), box(20, 0, 30, 10), box(30, 0, 40, 10)]


def zones(**columns: list[object]) -> gpd.GeoDataFrame:
    attributes = {
        "LIBELLE": ["UA", "1AU", "Ap", "N"],
        "LIBELONG": ["Centre", "Extension", "Agricole", "Bois"],
        "TYPEZONE": ["U", "AUc", "A", "N"],
        "IDURBA": [ID] * 4,
        "DATVALID": ["20240101"] * 4,
    }
    return gpd.GeoDataFrame({**attributes, **columns}, geometry=SQUARES, crs="EPSG:2154")


def prescriptions(geometry: list[object], **columns: list[object]) -> gpd.GeoDataFrame:
    attributes = {"LIBELLE": ["Réseaux"], "TXT": ["num"], "TYPEPSC": ["47"], "STYPEPSC": ["05"], "IDURBA": [ID]}
    return gpd.GeoDataFrame({**attributes, **columns}, geometry=geometry, crs="EPSG:2154")


def delivery(folder: Path) -> Path:
    """Write a whole document as producers do: a folder, a sub-folder, prefixes and dates in the names."""
    inside = folder / ID / "Donnees_geographiques"
    inside.mkdir(parents=True)
    zones().to_file(inside / "99001_ZONE_URBA_20240101.shp")
    prescriptions([box(0, 0, 5, 5)]).to_file(inside / "99001_PRESCRIPTION_SURF_20240101.shp")
    prescriptions([LineString([(0, 0), (5, 5)])], TYPEPSC=[1], STYPEPSC=[0.0]).to_file(
        inside / "99001_PRESCRIPTION_LIN_20240101.shp"
    )
    information = gpd.GeoDataFrame(
        {"LIBELLE": ["Site"], "TYPEINF": [2.0], "STYPEINF": ["0"], "IDURBA": ["99001_PLU_20100101"]},
        geometry=[Point(1, 1)],
        crs="EPSG:2154",
    )
    information.to_file(inside / "99001_INFO_PCT_20240101.shp")
    document = {"IDURBA": [ID], "TYPEDOC": ["PLU"], "ETAT": ["03"], "DATAPPRO": ["20240101"]}
    (folder / ID / "99001_DOC_URBA_20240101.csv").write_text(pd.DataFrame(document).to_csv(index=False))
    (folder / ID / "lisez-moi.txt").write_text("rien")
    return folder / ID


def zipped(folder: Path) -> Path:
    archive = folder.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w") as target:
        for file in folder.rglob("*"):
            target.write(file, file.relative_to(folder.parent))
    return archive


def by_role(path: Path, **options: object) -> dict[str, RawLayer]:
    layers = READER.read(Source(path, **options))
    assert len({layer.role for layer in layers}) == len(layers)
    return {layer.role: layer for layer in layers}


def remarks(layer: RawLayer) -> str:
    return "\n".join(remark.text.fr for remark in layer.remarks)


@pytest.mark.parametrize("container", ["folder", "zip"])
def test_a_delivery_gives_one_layer_a_role(tmp_path: Path, container: str) -> None:
    folder = delivery(tmp_path)
    found = by_role(folder if container == "folder" else zipped(folder))
    assert set(found) == {"zonage", "prescription_surf", "prescription_lin", "information_pct"}
    assert found["zonage"].frame["typezone"].tolist() == ["U", "AUc", "A", "N"]
    assert found["zonage"].frame["datvalid"].unique().tolist() == ["2024-01-01"]
    assert found["zonage"].frame.geometry.area.tolist() == [100.0] * 4
    assert found["prescription_surf"].frame[["typepsc", "stypepsc"]].values.tolist() == [["47", "05"]]
    assert found["zonage"].layer == "99001_ZONE_URBA_20240101"
    assert "approuvé le 2024-01-01, état : opposable" in remarks(found["zonage"])


def test_codes_given_as_numbers_find_their_two_digits(tmp_path: Path) -> None:
    found = by_role(delivery(tmp_path))
    assert found["prescription_lin"].frame[["typepsc", "stypepsc"]].values.tolist() == [["01", "00"]]
    assert found["information_pct"].frame[["typeinf", "stypeinf"]].values.tolist() == [["02", "00"]]


def test_features_of_another_document_are_counted(tmp_path: Path) -> None:
    found = by_role(delivery(tmp_path))
    assert "1 entité(s) d'un autre document que DOC_URBA : 99001_PLU_20100101" in remarks(found["information_pct"])
    assert "autre document" not in remarks(found["prescription_surf"])


def test_one_role_may_be_asked_for(tmp_path: Path) -> None:
    assert list(by_role(delivery(tmp_path), role="prescription_lin")) == ["prescription_lin"]


@pytest.mark.parametrize(
    ("name", "driver"),
    [("ZONE_URBA.tab", "MapInfo File"), ("zone_urba.geojson", "GeoJSON"), ("ZONE_URBA.gml", "GML"), ("z.gpkg", "GPKG")],
)
def test_every_vector_format_is_read(tmp_path: Path, name: str, driver: str) -> None:
    options = {"layer": "99001_zone_urba"} if driver == "GPKG" else {}
    zones().to_file(tmp_path / name, driver=driver, **options)
    before = sorted(tmp_path.iterdir())
    layer = by_role(tmp_path / name)["zonage"]
    assert layer.frame["typezone"].tolist() == ["U", "AUc", "A", "N"]
    assert layer.frame.geometry.area.tolist() == pytest.approx([100.0] * 4, rel=5e-3)  # TAB keeps integers
    assert sorted(tmp_path.iterdir()) == before


def test_a_geopackage_gives_its_layers_by_name(tmp_path: Path) -> None:
    zones().to_file(tmp_path / "plu.gpkg", layer="ZONE_URBA")
    prescriptions([Point(1, 1)]).to_file(tmp_path / "plu.gpkg", layer="PRESCRIPTION_PCT", mode="a")
    assert set(by_role(tmp_path / "plu.gpkg")) == {"zonage", "prescription_pct"}
    assert set(by_role(tmp_path / "plu.gpkg", layer="prescription_pct")) == {"prescription_pct"}


def test_another_name_is_recognised_by_its_columns(tmp_path: Path) -> None:
    zones().to_file(tmp_path / "export.gpkg", layer="ma_couche")
    prescriptions([LineString([(0, 0), (9, 0)])]).to_file(tmp_path / "traits.gpkg", layer="dessin")
    assert set(by_role(tmp_path / "export.gpkg")) == {"zonage"}
    assert set(by_role(tmp_path / "traits.gpkg")) == {"prescription_lin"}


def test_a_carte_communale_is_a_zoning(tmp_path: Path) -> None:
    sectors = zones().rename(columns={"TYPEZONE": "TYPESECT"}).assign(TYPESECT=["1", "02", "03", "99"])
    sectors.to_file(tmp_path / "99001_SECTEUR_CC_20240101.shp")
    layer = by_role(tmp_path)["zonage"]
    assert layer.frame["typezone"].tolist() == ["01", "02", "03", "99"]
    assert not admit(layer, Source(tmp_path), crs="EPSG:2154", format="cnig_plu").faults


def test_au_without_kind_is_kept_apart_and_never_guessed(tmp_path: Path) -> None:
    zones(TYPEZONE=["AU", "AU", "AUs", "AUC"], LIBELLE=["AUh", "AUa", "2AU", "1AU"]).to_file(tmp_path / "ZONE_URBA.shp")
    layer = by_role(tmp_path)["zonage"]
    assert layer.frame["typezone"].tolist() == ["AU", "AU", "AUs", "AUc"]
    assert "2 zone(s) «AU»" in remarks(layer)
    assert not admit(layer, Source(tmp_path), crs="EPSG:2154", format="cnig_plu").faults


def test_label_and_type_that_disagree_are_counted_and_the_type_kept(tmp_path: Path) -> None:
    zones(LIBELLE=["NA", "IIAU", "UA", "Ub"]).to_file(tmp_path / "ZONE_URBA.shp")
    layer = by_role(tmp_path)["zonage"]
    assert layer.frame["typezone"].tolist() == ["U", "AUc", "A", "N"]
    assert "2 zone(s) dont le libellé et le type se contredisent, le type est gardé : «UA» (A), «Ub» (N)" in remarks(
        layer
    )


def test_the_2012_model_is_read_with_its_local_sub_types(tmp_path: Path) -> None:
    old = prescriptions([Point(1, 1)]).drop(columns=["STYPEPSC", "IDURBA"])
    old.assign(TYPEPSC=7, TYPEPSC2=7006, INSEE=1004).to_file(tmp_path / "PRESCRIPTION_PCT.shp")
    layer = by_role(tmp_path)["prescription_pct"]
    assert layer.frame[["typepsc", "stypepsc", "idurba"]].values.tolist() == [["07", "07006", "01004"]]
    assert "1 sous-type(s) local(aux) du modèle 2012" in remarks(layer)


def test_the_zonings_of_two_communes_are_put_end_to_end(tmp_path: Path) -> None:
    for commune in ("99001", "99002"):
        (tmp_path / commune).mkdir()
        zones().to_file(tmp_path / commune / f"{commune}_ZONE_URBA_20240101.shp")
    layer = by_role(tmp_path)["zonage"]
    assert (len(layer.frame), layer.rows_read) == (8, 8)
    assert layer.frame.crs.to_epsg() == 2154


def test_two_systems_in_one_delivery_are_refused(tmp_path: Path) -> None:
    zones().to_file(tmp_path / "99001_ZONE_URBA.shp")
    zones().set_crs("EPSG:3946", allow_override=True).to_file(tmp_path / "99002_ZONE_URBA.shp")
    with pytest.raises(CRSMismatchError, match=r"99001_ZONE_URBA \(EPSG:2154\), 99002_ZONE_URBA \(EPSG:3946\)"):
        by_role(tmp_path)
    assert len(by_role(tmp_path, crs="EPSG:2154")["zonage"].frame) == 8


def test_the_same_layer_in_two_formats_is_refused(tmp_path: Path) -> None:
    zones().to_file(tmp_path / "ZONE_URBA.shp")
    zones().to_file(tmp_path / "ZONE_URBA.gpkg")
    with pytest.raises(UnreadableLayerError, match=r"deux fois : ZONE_URBA\.gpkg, ZONE_URBA\.shp"):
        by_role(tmp_path)


def test_a_delivery_without_known_layer_says_what_it_has(tmp_path: Path) -> None:
    for name in ("communes", "routes"):
        zones().drop(columns="TYPEZONE").to_file(tmp_path / f"{name}.shp")
    with pytest.raises(UnreadableLayerError, match=r"présentes : communes, routes\nRemède : noms attendus : ZONE_URBA"):
        by_role(tmp_path)
    with pytest.raises(UnreadableLayerError, match="présentes : 99001_DOC_URBA_20240101"):
        by_role(delivery(tmp_path / "x"), role="prescription_pct")


def test_a_column_may_be_stated_and_must_be_there(tmp_path: Path) -> None:
    zones().rename(columns={"TYPEZONE": "ZONAGE"}).to_file(tmp_path / "plan.shp")
    found = by_role(tmp_path / "plan.shp", role="zonage", columns={"typezone": "Zonage"})
    assert found["zonage"].frame["typezone"].tolist() == ["U", "AUc", "A", "N"]
    with pytest.raises(MissingColumnError, match="«typezone» devrait être la colonne «type», absente"):
        by_role(tmp_path / "plan.shp", role="zonage", columns={"typezone": "TYPE"})


def counted(layer: RawLayer, column: str) -> dict[str, int]:
    return layer.frame[column].value_counts().to_dict()


@real
@needs_data
def test_est_ensemble() -> None:
    layer = by_role(DATA / "est_ensemble_200057875_plui.zip")["zonage"]
    assert layer.rows_read == 916
    assert counted(layer, "typezone") == {"U": 805, "N": 75, "A": 36}
    assert layer.frame["libelle"].nunique() == 189
    assert not admit(layer, Source(DATA), crs="EPSG:2154", format="cnig_plu").faults


@real
@needs_data
def test_aubais_folder() -> None:
    found = by_role(DATA / "cnig" / "30014_PLU_20171013")
    assert {role: len(layer.frame) for role, layer in found.items()} == {
        "zonage": 90,
        "prescription_surf": 77,
        "prescription_lin": 15,
        "prescription_pct": 93,
        "information_surf": 18,
        "information_pct": 6,
    }
    assert not found["zonage"].frame.geometry.has_z.any()
    assert "18 entité(s) d'un autre document" in remarks(found["information_surf"])
    assert counted(found["information_pct"], "typeinf") == {"16": 6}
    faults = [admit(layer, Source(DATA), crs="EPSG:2154", format="cnig_plu").faults for layer in found.values()]
    assert not any(faults)


@real
@needs_data
def test_plui_archive_with_closed_zones_and_a_wrong_label() -> None:
    found = by_role(DATA / "cnig" / "241800432_PLUi_20200128.zip")
    assert counted(found["zonage"], "typezone") == {"N": 167, "U": 38, "A": 13, "AUc": 2, "AUs": 1}
    assert "1 zone(s) dont le libellé et le type se contredisent, le type est gardé : «UA» (N)" in remarks(
        found["zonage"]
    )
    assert [len(found[f"prescription_{suffix}"].frame) for suffix in ("surf", "lin", "pct")] == [32, 264, 167]


@real
@needs_data
def test_gml_of_2012() -> None:
    found = by_role(DATA / "cnig" / "plu_gml_2012")
    sizes = {role: len(layer.frame) for role, layer in found.items()}
    assert sizes == {
        "zonage": 66,
        "prescription_surf": 30,
        "prescription_lin": 91,
        "prescription_pct": 201,
        "information_surf": 26,
        "information_pct": 3,
    }
    assert counted(found["zonage"], "typezone") == {"N": 28, "U": 21, "AUc": 6, "A": 5, "Nh": 3, "AUs": 2, "Ah": 1}
    assert counted(found["prescription_lin"], "stypepsc") == {"07003": 78, "11001": 8, "11006": 5}
    assert counted(found["prescription_surf"], "typepsc") == {"01": 10, "05": 7, "07": 7, "18": 6}
    assert found["zonage"].frame["idurba"].unique().tolist() == ["56118"]


@real
@needs_data
def test_megeve_beside_other_layers() -> None:
    found = by_role(DATA / "megeve_74173")
    assert counted(found["zonage"], "typezone") == {"A": 95, "U": 81, "N": 57, "AUc": 7, "AUs": 1}
