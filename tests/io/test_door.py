from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from shapely import GeometryCollection, LineString, MultiPoint, Point, box

from territoire_sig.errors import TerritoryFileError
from territoire_sig.io.columns import to_date
from territoire_sig.io.door import admit
from territoire_sig.io.reader import RawLayer, Source
from territoire_sig.io.vector import read_vector
from territoire_sig.model.raster import Raster
from territoire_sig.model.roles.urbanism import ZONE_TYPES
from territoire_sig.texts import language

X, Y = 900_000, 6_450_000
HERE = box(X, Y, X + 100, Y + 100)


def zones(**columns):
    n = len(next(iter(columns.values())))
    shapes = [box(X + 100 * i, Y, X + 100 * i + 100, Y + 100) for i in range(n)]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:2154")


def told(admitted):
    return [str(remark) for remark in admitted.layer.provenance[0].remarks]


def faults(admitted):
    assert admitted.layer is None
    return [(fault.column, fault.value, str(fault.problem)) for fault in admitted.faults]


def test_a_sound_layer_is_admitted_with_its_provenance(squares, tmp_path):
    path = tmp_path / "plu.gpkg"
    squares.to_file(path)
    raw = RawLayer("zonage", squares, "zone_urba", 2, encoding="utf-8")
    done = admit(
        raw,
        Source(path, role="zonage"),
        crs="EPSG:2154",
        format="vecteur",
        file="data/plu.gpkg",
        vintage="2024",
        origin="GPU",
        licence="lov2",
    )
    assert done.faults == ()
    assert done.layer.frame.columns.tolist() == ["typezone", "libelle", "geometry"]
    provenance = done.layer.provenance[0]
    assert (provenance.file, provenance.layer, provenance.format) == ("data/plu.gpkg", "zone_urba", "vecteur")
    assert (provenance.crs_read, provenance.rows_read, provenance.encoding) == ("EPSG:2154", 2, "utf-8")
    assert (provenance.vintage, provenance.source, provenance.licence) == ("2024", "GPU", "lov2")
    assert len(provenance.sha256) == 64


def test_the_frame_given_is_not_changed(squares, admitted):
    before = squares.copy()
    admitted(squares, "zonage")
    pd.testing.assert_frame_equal(pd.DataFrame(squares), pd.DataFrame(before))


def test_the_index_runs_from_zero(admitted):
    frame = zones(typezone=["U", "N"]).set_axis([7, 3], axis=0)
    assert admitted(frame, "zonage").layer.frame.index.tolist() == [0, 1]


def test_columns_are_found_by_mapping_then_name_then_alias_then_short_name(admitted):
    mapped = admitted(zones(Zone=["U"], typezone=["99"]), "zonage", columns={"typezone": "ZONE"})
    assert mapped.layer.frame[["typezone", "typezone_fichier"]].iloc[0].tolist() == ["U", "99"]
    assert told(mapped) == ["colonnes renommées : Zone → typezone"]
    alias = admitted(zones(TYPESECT=["01"]), "zonage")
    assert alias.layer.frame["typezone"].tolist() == ["01"]
    short = admitted(zones(habitants=["12"], menages_pa=["3"]), "population")
    assert short.layer.frame["menages_pauvres"].tolist() == [3]


def test_a_mapped_column_that_is_absent_is_one_fault(admitted):
    assert faults(admitted(zones(a=["U"]), "zonage", columns={"typezone": "TYPE"})) == [
        ("TYPE", None, "colonne du fichier «TYPE» absente (pour «typezone») ; colonnes présentes : a")
    ]
    kept = admitted(zones(typezone=["U"]), "zonage", columns={"typezone": "TYPE"})
    assert "«typezone» y est déjà, et est prise" in told(kept)[0]


def test_a_required_column_that_is_absent(admitted):
    (fault,) = admitted(zones(a=["U"]), "zonage").faults
    assert str(fault) == (
        "couche.gpkg, couche «couche», colonne «typezone» : colonne obligatoire absente pour le rôle «zonage» "
        "(ou typesect) ; colonnes présentes : a → dites où elle est : "
        'colonnes = { typezone = "nom dans le fichier" }.'
    )
    with language("en"):
        assert "required column absent for the role «zonage» (or typesect); columns present: a" in str(fault)


def test_every_fault_is_gathered(admitted):
    frame = gpd.GeoDataFrame(
        {"habitants": ["12", "beaucoup"], "menages": ["-3", "4"], "impute": ["oui", "bof"]},
        geometry=[Point(5, 45), Point(6, 46)],
        crs="EPSG:2154",
    )
    assert faults(admitted(frame, "population")) == [
        ("habitants", None, "1 valeur(s) où il faut un nombre : «beaucoup»"),
        ("menages", "-3", "1 valeur(s) hors bornes (≥ 0) : -3"),
        ("impute", None, "1 valeur(s) où il faut oui ou non : «bof»"),
        ("geometry", None, "la couche n'a que 2 Point, et il faut des surfaces"),
    ]


def test_codes_in_another_case_are_mended_and_unknown_ones_counted(admitted):
    mended = admitted(zones(typezone=["AUC", "AUc", "u", None]), "zonage")
    assert mended.layer.frame["typezone"].tolist() == ["AUc", "AUc", "U", None]
    assert told(mended) == [
        "colonne «typezone» : 1 valeur(s) vide(s), donc inconnue(s)",
        "colonne «typezone» : 1 «AUC» lu(s) «AUc»",
        "colonne «typezone» : 1 «u» lu(s) «U»",
    ]
    wrong = admitted(zones(typezone=["ZAC", "ZAC", "U", "X"]), "zonage")
    known = ", ".join(ZONE_TYPES)
    assert faults(wrong) == [
        ("typezone", "ZAC", f"code inconnu, 2 fois ; codes admis : {known}"),
        ("typezone", "X", f"code inconnu, 1 fois ; codes admis : {known}"),
    ]
    with language("en"):
        assert "unknown code, 2 time(s); accepted codes: U, AUc" in str(wrong.faults[0])


def test_kinds_are_converted(admitted):
    table = pd.DataFrame({"insee": ["1001", "38185"], "reponses": ["1 200", "5"], "satisfaits": [3.0, np.nan]})
    done = admitted(table, "enquete")
    frame = done.layer.frame
    assert frame["code_insee"].tolist() == ["01001", "38185"]
    assert frame["reponses"].tolist() == [1200, 5]
    assert (str(frame["satisfaits"].dtype), frame["satisfaits"].isna().tolist()) == ("Int64", [False, True])
    assert "colonne «code_insee» : 1 zéro(s) initial(aux) rétabli(s)" in told(done)
    broken = admitted(table.assign(reponses=["1,5", "2"]), "enquete")
    assert faults(broken) == [("reponses", None, "1 valeur(s) non entière(s) : «1.5»")]


def test_a_share_in_percent_is_refused(admitted):
    done = admitted(pd.DataFrame({"code_insee": ["38185"], "taux_fibre": ["87,5"]}), "couverture_fixe")
    assert faults(done) == [("taux_fibre", "87.5", "1 valeur(s) hors bornes (0 … 1) : 87.5")]
    assert "pour cent au lieu d'une part" in str(done.faults[0].mend)


def test_dates():
    column = pd.Series(["2024-07-05", "05/07/2024", "20240705", "1933/??/??", "0000-00-00", None, ""], dtype=object)
    dates, partial = to_date(column)
    assert dates[:3].tolist() == [pd.Timestamp(2024, 7, 5)] * 3
    assert dates[3:].isna().all()
    assert partial == 2
    aware = pd.Series(pd.to_datetime(["2024-07-05T10:00:00+02:00"]))
    assert to_date(aware)[0].dt.tz is None


def test_a_wrong_date_is_a_fault(admitted):
    frame = gpd.GeoDataFrame({"etat": ["cible"], "date_commerciale": ["bientôt"]}, geometry=[Point(X, Y)], crs=2154)
    assert faults(admitted(frame, "immeuble")) == [
        ("date_commerciale", None, "1 valeur(s) qui ne sont pas des dates : «bientôt»")
    ]


def test_mixed_geometries_keep_those_of_the_role_and_count_the_rest(admitted):
    shapes = [
        HERE,
        Point(X, Y),
        None,
        shapely.Polygon(),
        LineString([(X, Y), (X + 1, Y)]),
        GeometryCollection([HERE, Point(X, Y)]),
    ]
    frame = gpd.GeoDataFrame({"typezone": ["U"] * 6}, geometry=shapes, crs=2154)
    done = admitted(frame, "zonage")
    assert done.layer.frame.area.tolist() == [10_000, 10_000]
    assert told(done) == [
        "2 entité(s) sans géométrie, mise(s) de côté",
        "1 collection(s) de géométries : seules des surfaces en sont gardées",
        "2 géométrie(s) d'un autre genre mise(s) de côté (1 LineString, 1 Point) : le rôle veut des surfaces",
    ]


def test_a_collection_in_a_collection(admitted):
    nested = GeometryCollection(
        [GeometryCollection([HERE]), shapely.MultiPolygon([shapely.affinity.translate(HERE, 500)])]
    )
    done = admitted(gpd.GeoDataFrame({"typezone": ["U"]}, geometry=[nested], crs=2154), "zonage")
    assert done.layer.frame.area.tolist() == [20_000]


def test_each_point_of_a_multipoint_becomes_a_feature(admitted):
    shapes = [MultiPoint([(X, Y)]), MultiPoint([(X, Y), (X + 1, Y)]), Point(X, Y, 12)]
    done = admitted(gpd.GeoDataFrame({"nom": ["a", "b", "c"]}, geometry=shapes, crs=2154), "reemploi")
    assert done.layer.frame.geom_type.tolist() == ["Point"] * 4
    assert not done.layer.frame.has_z.any()


def test_a_role_of_any_geometry_keeps_features_without_one(admitted):
    frame = gpd.GeoDataFrame({"id": [1, 2]}, geometry=[Point(X, Y), None], crs=2154)
    done = admitted(frame, "action")
    assert done.layer.frame["id"].tolist() == ["1", "2"]
    assert told(done) == ["1 entité(s) sans géométrie, gardée(s)"]


@pytest.mark.parametrize("role", ["action", "reemploi"])
def test_a_point_without_coordinates_is_no_place(admitted, role):
    shapes = [Point(X, Y), Point(np.nan, np.nan), Point(), None]
    done = admitted(gpd.GeoDataFrame({"id": [1, 2, 3, 4]}, geometry=shapes, crs=2154), role)
    drawn = done.layer.frame.geometry
    assert (drawn.isna() | drawn.is_empty).sum() == (3 if role == "action" else 0)
    assert told(done)[0].startswith("3 entité(s) sans géométrie")


def test_an_empty_layer_is_information(admitted):
    empty = gpd.GeoDataFrame({"typezone": []}, geometry=[], crs=4326)
    done = admitted(empty, "zonage")
    assert told(done)[0] == "couche vide : aucune entité"
    assert done.layer.frame.crs.to_epsg() == 2154
    bare = admitted(gpd.GeoDataFrame({"geometry": []}), "zonage")
    assert bare.layer.frame.columns.tolist() == ["geometry", "typezone"]
    assert faults(admitted(gpd.GeoDataFrame({"a": []}, geometry=[], crs=2154), "zonage"))[0][0] == "typezone"


def test_a_layer_is_reprojected_once_on_record(admitted):
    done = admitted(gpd.GeoDataFrame({"nom": ["a"]}, geometry=[Point(3, 46.5)], crs=4326), "reemploi")
    point = done.layer.frame.geometry[0]
    assert (point.x, point.y) == pytest.approx((700_000, 6_600_000), abs=1e-3)
    assert (done.layer.frame.crs.to_epsg(), done.layer.provenance[0].crs_read) == (2154, "EPSG:4326")


def test_crs_faults_are_gathered_too(admitted):
    done = admitted(zones(typezone=["ZAC"]).set_crs(4326, allow_override=True), "zonage")
    assert [column for column, _, _ in faults(done)] == ["typezone", None]
    assert "en degrés, et ses coordonnées sont des mètres" in str(done.faults[1])
    assert 'crs = "EPSG:2154"' in str(done.faults[1].mend)
    mended = admitted(zones(typezone=["U"]).set_crs(4326, allow_override=True), "zonage", crs="EPSG:2154")
    assert told(mended) == ["le fichier se dit en EPSG:4326 ; il est lu en EPSG:2154, comme demandé"]
    known = admitted(zones(typezone=["U"]).set_crs(None, allow_override=True), "zonage", crs_known="EPSG:2154")
    assert told(known) == ["fichier sans CRS, lu en EPSG:2154, celui du format"]


def test_the_geometry_column_takes_its_name(admitted):
    done = admitted(zones(typezone=["U"]).rename_geometry("geom"), "zonage")
    assert done.layer.frame.geometry.name == "geometry"


def test_tables_lose_their_geometry_and_want_one_row_a_code(admitted):
    done = admitted(zones(code_insee=["38185"], indice=["7,5"]), "fragilite")
    assert type(done.layer.frame) is pd.DataFrame
    assert told(done) == ["géométries laissées de côté : ce rôle est une table"]
    twice = pd.DataFrame({"code_insee": ["38185", "38185", "38001"], "indice": [1, 2, 3]})
    assert faults(admitted(twice, "fragilite")) == [("code_insee", "38185", "2 lignes pour ce code, et il en faut une")]
    odd = admitted(pd.DataFrame({"code_insee": ["38"], "indice": [1]}), "fragilite")
    assert told(odd) == ["1 code(s) ni de commune (5 caractères) ni d'IRIS (9), gardé(s) tels quels"]


def test_natures_that_do_not_fit(admitted):
    table = pd.DataFrame({"typezone": ["U"]})
    (fault,) = admitted(table, "zonage").faults
    assert str(fault.problem) == "le rôle «zonage» veut des géométries"
    assert "options = { x =" in str(fault.mend)
    assert "veut une grille" in str(admitted(zones(a=["1"]), "relief").faults[0])
    raster = Raster(np.zeros((1, 1)), (1, 0, X, 0, -1, Y), "EPSG:2154")
    done = admit(RawLayer("zonage", raster, "r", 1), Source(Path(__file__)), crs="EPSG:2154", format="raster")
    assert "veut une couche vectorielle ou une table" in str(done.faults[0])


def test_an_unknown_role(admitted):
    with pytest.raises(TerritoryFileError, match="rôle inconnu : «zonages»"):
        admitted(zones(typezone=["U"]), "zonages")


def test_a_mapping_for_several_roles_is_not_strict(tmp_path):
    path = tmp_path / "a.gpkg"
    path.touch()
    source = Source(path, columns={"libelle": "NOM"})
    done = admit(RawLayer("zonage", zones(typezone=["U"]), "z", 1), source, crs="EPSG:2154", format="x")
    assert done.faults == ()


def test_lambert_2_is_not_taken_for_lambert_93_fifty_metres_away(admitted):
    # IGN's published translation from NTF to RGF93: -168 m, -60 m, +320 m between the geocentric axes.
    by_hand = pyproj.Transformer.from_pipeline(
        "+proj=pipeline +step +inv +proj=lcc +lat_1=46.8 +lat_0=46.8 +lon_0=0 +k_0=0.99987742 +x_0=600000 "
        "+y_0=2200000 +a=6378249.2 +b=6356515 +pm=2.337229166666667 +step +proj=cart +a=6378249.2 +b=6356515 "
        "+step +proj=helmert +x=-168 +y=-60 +z=320 +step +inv +proj=cart +ellps=GRS80 "
        "+step +proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 +ellps=GRS80"
    )
    expected = by_hand.transform(600_000, 2_200_000)
    done = admitted(gpd.GeoDataFrame({"nom": ["a"]}, geometry=[Point(600_000, 2_200_000)], crs=27572), "reemploi")
    point = done.layer.frame.geometry[0]
    assert (point.x, point.y) == pytest.approx(expected, abs=0.01)
    assert told(done) == ["converti de EPSG:27572 vers EPSG:2154 par WGS 84, à 3 m près (pas de passage direct ici)"]


def test_an_unknown_datum_is_told(admitted):
    wkt = pyproj.CRS(
        "+proj=lcc +lat_0=46 +lon_0=3 +lat_1=45 +lat_2=47 +x_0=7e5 +y_0=6e6 +a=6378000 +b=6356000"
    ).to_wkt()
    done = admitted(gpd.GeoDataFrame({"nom": ["a"]}, geometry=[Point(700_000, 6_000_000)], crs=wkt), "reemploi")
    assert "sans changement de référentiel géodésique connu" in told(done)[0]


def test_coordinates_out_of_reach_are_a_fault(admitted):
    frame = gpd.GeoDataFrame({"nom": ["a", "b"]}, geometry=[Point(3, 46.5), Point(3, -90)], crs=4326)
    assert faults(admitted(frame, "reemploi"))[0][2] == (
        "1 géométrie(s) hors de portée de la conversion de EPSG:4326 vers EPSG:2154"
    )


@pytest.mark.real
def test_megeve_zoning(shared_data):
    path = shared_data / "urbanism" / "megeve_74173" / "ZONE_URBA.shp"
    found = read_vector(path)
    raw = RawLayer("zonage", found.frame, found.layer, found.rows_read, found.encoding, remarks=found.remarks)
    done = admit(raw, Source(path, role="zonage"), crs="EPSG:3946", format="vecteur")
    assert len(done.layer.frame) == 241
    assert done.layer.provenance[0].crs_read == "EPSG:2154"
    assert told(done)[0].startswith("241 géométrie(s) en trois dimensions")
    assert done.layer.frame.total_bounds[1] > 5_000_000
