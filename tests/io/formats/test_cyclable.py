"""Cycle networks: each way of publishing a line, and the files of Grenoble."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import LineString

from territoire_sig.errors import InvalidValueError, MissingColumnError, MissingFileError
from territoire_sig.io.formats.cyclable import READER, read_cyclable
from territoire_sig.io.reader import Source

DATA = Path(__file__).parents[4] / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.exists(), reason="../shared/data est absent : données réelles non lues")


def read(path: Path, *, columns=None, **options):
    (layer,) = read_cyclable(Source(path, options=options, columns=columns or {}))
    return layer, layer.frame


def said(layer) -> str:
    return "\n".join(remark.text.fr for remark in layer.remarks)


def national(path: Path, *rows: dict[str, object]) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": row,
            "geometry": {"type": "LineString", "coordinates": [[5.0, 45.0], [5.0, 45.0 + 0.001 * (n + 1)]]},
        }
        for n, row in enumerate(rows)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def test_national_schema(tmp_path):
    file = national(
        tmp_path / "amenagements.geojson",
        {
            "ame_d": "PISTE CYCLABLE",
            "ame_g": "AUCUN",
            "statut_d": "EN SERVICE",
            "statut_g": "EN TRAVAUX",
            "nom_loc": ["V1"],
        },
        {"ame_d": "AUCUN", "ame_g": "VOIE VERTE", "statut_d": "EN TRAVAUX", "statut_g": None, "nom_loc": ["V1", "V2"]},
        {"ame_d": "AUCUN", "ame_g": "AUCUN", "statut_d": None, "statut_g": "PROVISOIRE", "nom_loc": None},
    )
    layer, frame = read(file)
    assert frame["etat"].tolist() == ["existant", "projet", "existant"]
    assert frame["type_amenagement"].tolist() == ["PISTE CYCLABLE", "VOIE VERTE", "AUCUN"]
    assert frame["nom"].tolist()[:2] == ["V1", "V1 ; V2"]
    assert frame.crs == "EPSG:4326"
    assert "1 tronçon(s) sans aménagement" in said(layer)


def test_year_of_opening_tells_the_state(tmp_path):
    file = national(
        tmp_path / "a.geojson",
        {"ame_d": "BANDE CYCLABLE", "d_service": 2015, "date_maj": "2020-08-15"},
        {"ame_d": "BANDE CYCLABLE", "d_service": 2024, "date_maj": "2020-08-15"},
        {"ame_d": "BANDE CYCLABLE", "d_service": None, "date_maj": "2020-08-15"},
    )
    layer, frame = read(file)
    assert frame["etat"].tolist() == ["existant", "projet", "inconnu"]
    assert "état dit par le fichier pour 2 tronçon(s) ; pris «inconnu» pour les 1 autres" in said(layer)


def test_the_option_fills_only_what_the_file_does_not_say(tmp_path):
    file = national(tmp_path / "a.geojson", {"statut": "en service"}, {"statut": None})
    assert read(file, etat="projet")[1]["etat"].tolist() == ["existant", "projet"]


def test_unknown_word_of_the_file_is_left_for_the_door_to_refuse(tmp_path):
    file = national(tmp_path / "a.geojson", {"etat": "Réalisé"}, {"etat": "bientôt"})
    assert read(file)[1]["etat"].tolist() == ["existant", "bientôt"]


def test_geojson_cells_with_line_feeds(tmp_path):
    line = json.dumps({"type": "LineString", "coordinates": [[5, 45], [5, 45.001]]}).replace('"', '""')
    (tmp_path / "plan.csv").write_bytes(
        f'fid,nom,legende_sdic,geo_shape\r\n1,A,"Niveau 3 - desserte\r\nlocale","{line}"\r\n'.encode()
    )
    layer, frame = read(tmp_path / "plan.csv", etat="projet")
    assert frame["type_amenagement"].tolist() == ["Niveau 3 - desserte locale"]
    assert frame["etat"].tolist() == ["projet"]
    assert frame.geometry[0].wkt == "LINESTRING (5 45, 5 45.001)"
    assert layer.crs_known == "EPSG:4326"
    assert "1 texte(s) sur plusieurs lignes" in said(layer)


def test_wkt_cells_say_no_crs(tmp_path):
    (tmp_path / "plan.csv").write_text("nom;wkt\nA;LINESTRING (900000 6450000, 900010 6450000)\n", encoding="utf-8")
    layer, frame = read(tmp_path / "plan.csv")
    assert frame.crs is None
    assert layer.crs_known is None
    assert frame.length.tolist() == [10]


def test_flattened_lines_and_multilines(tmp_path):
    head = "type,properties/nom,properties/type,geometry/type,"
    simple = ",".join(f"geometry/coordinates/{n}/{axis}" for n in range(3) for axis in range(2))
    (tmp_path / "simple.csv").write_text(
        f"{head}{simple}\nFeature,A,piste,LineString,5,45,5,46,6,46\nFeature,B,piste,LineString,5,45,5,46,,\n"
        "Feature,C,piste,LineString,5,45,,,,\n",
        encoding="utf-8",
    )
    _, frame = read(tmp_path / "simple.csv")
    assert [shape and shape.wkt for shape in frame.geometry] == [
        "LINESTRING (5 45, 5 46, 6 46)",
        "LINESTRING (5 45, 5 46)",
        None,
    ]
    assert frame["type_amenagement"].tolist() == ["piste"] * 3, "the type of the facility, not the word Feature"
    nested = ",".join(f"geometry/coordinates/{p}/{n}/{axis}" for p in range(2) for n in range(2) for axis in range(2))
    (tmp_path / "multi.csv").write_text(
        f"{head}{nested}\nFeature,A,piste,MultiLineString,5,45,5,46,7,45,7,46\n", encoding="utf-8"
    )
    assert read(tmp_path / "multi.csv")[1].geometry[0].wkt == "MULTILINESTRING ((5 45, 5 46), (7 45, 7 46))"


def test_any_line_layer(tmp_path):
    lines = gpd.GeoDataFrame(
        {"name": ["Voie verte"], "GENRE": ["voie verte"]}, geometry=[LineString([(0, 0), (0, 9)])], crs=2154
    )
    lines.to_file(tmp_path / "reseau.gpkg")
    layer, frame = read(tmp_path / "reseau.gpkg", columns={"type_amenagement": "GENRE"}, etat="existant")
    assert frame[["nom", "type_amenagement", "etat"]].values.tolist() == [["Voie verte", "voie verte", "existant"]]
    assert layer.crs_known is None
    assert frame.crs == "EPSG:2154"


def test_errors_name_file_and_mend(tmp_path):
    (tmp_path / "a.csv").write_text("nom;longueur\nA;3\n", encoding="utf-8")
    with pytest.raises(MissingColumnError, match=r"a\.csv.*«geo_shape».*présentes : nom, longueur"):
        read(tmp_path / "a.csv")
    with pytest.raises(InvalidValueError, match="états admis : existant, projet, inconnu"):
        read(tmp_path / "a.csv", etat="neuf")
    with pytest.raises(MissingFileError, match=r"b\.csv"):
        read(tmp_path / "b.csv")
    with pytest.raises(MissingColumnError, match="«genre»"):
        file = national(tmp_path / "c.geojson", {"nom": "A"})
        read(file, columns={"type_amenagement": "genre"})
    (tmp_path / "d.csv").write_text("nom;geo_shape\nA;{ligne\n", encoding="utf-8")
    with pytest.raises(InvalidValueError, match=r"d\.csv.*«geo_shape».*GeoJSON"):
        read(tmp_path / "d.csv")
    (tmp_path / "e.csv").write_text("geometry/coordinates/0/0,geometry/coordinates/0/1\n5,nord\n", encoding="utf-8")
    with pytest.raises(InvalidValueError, match=r"e\.csv.*«geometry/coordinates/0/1».*«nord»"):
        read(tmp_path / "e.csv")
    assert READER.roles == ("cyclable",)


@pytest.mark.real
@needs_data
def test_grenoble_master_plan():
    file = DATA / "mobility" / "grenoble_schema_directeur_itineraires.csv"
    _, frame = read(file, etat="projet")
    assert file.read_bytes().count(b"\n") in {1565, 1566}, "1565 physical lines under the header"
    assert len(frame) == 825
    assert set(frame.geom_type) == {"MultiLineString"}
    assert set(frame["etat"]) == {"projet"}
    assert not frame["type_amenagement"].str.contains("\n").any()
    communes = gpd.read_file(DATA / "admin" / "communes-38-isere.geojson").to_crs(2154)
    members = (DATA / "admin" / "banatic_epci_membres_38_69_74_93.csv").read_text("cp1252").splitlines()
    codes = {row.split(";")[9] for row in members if row.split(";")[1] == "200040715"}
    assert len(codes) == 49
    inside = frame.to_crs(2154).clip(communes[communes["code"].isin(codes)].union_all())
    assert inside.length.sum() / 1000 == pytest.approx(822, abs=1)


@pytest.mark.real
@needs_data
def test_grenoble_flattened_tracks():
    _, frame = read(DATA / "mobility" / "grenoble_pistes_cyclables_49_communes.csv")
    assert len(frame) == 1201
    assert set(frame.geom_type) == {"LineString"}
    assert frame["type_amenagement"].value_counts()["veloamenage"] == 695
    assert frame.total_bounds == pytest.approx([5.7, 45.2, 5.7, 45.2], abs=0.3)
