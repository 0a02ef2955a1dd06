from __future__ import annotations

import geopandas as gpd
import pyproj
import pytest
from shapely import Point, box

from territoire_sig.errors import CRSMismatchError
from territoire_sig.io.crs_check import check_crs, crs_remarks, likely_crs
from territoire_sig.io.vector import read_vector
from territoire_sig.texts import language

#: A place in each French system: longitude and latitude of Grenoble, Pointe-à-Pitre, Cayenne, Saint-Denis, Mamoudzou.
_TOWNS = {
    2154: (5.72, 45.19),
    5490: (-61.53, 16.24),
    2972: (-52.33, 4.92),
    2975: (55.45, -20.88),
    4471: (45.23, -12.78),
}


def _layer(bounds, crs):
    return gpd.GeoDataFrame(geometry=[box(*bounds)], crs=crs)


@pytest.mark.parametrize("code", _TOWNS)
def test_each_official_system_is_recognised(code):
    x, y = pyproj.Transformer.from_crs(4326, code, always_xy=True).transform(*_TOWNS[code])
    assert f"EPSG:{code}" == likely_crs((x, y, x + 1000, y + 1000))[0]


@pytest.mark.parametrize("code", range(3942, 3951))
def test_each_conic_zone_is_recognised(code):
    latitude = code - 3900
    x, y = pyproj.Transformer.from_crs(4326, code, always_xy=True).transform(3, latitude)
    assert likely_crs((x, y, x + 1000, y + 1000)) == (f"EPSG:{code}",)


def test_degrees_and_drawings():
    assert likely_crs((5.6, 45.1, 5.8, 45.3)) == ("EPSG:4326",)
    assert likely_crs((0, 0, 10, 10)) == ()
    assert likely_crs((-1e7, -1e7, 1e7, 1e7)) == ()


def test_a_sound_layer_keeps_its_crs(squares):
    assert check_crs(squares).crs.to_epsg() == 2154
    assert crs_remarks(squares) == []


def test_a_drawing_at_the_origin_is_let_through():
    assert check_crs(_layer((0, 0, 10, 10), 2154)).crs.to_epsg() == 2154


def test_no_crs_is_refused_with_the_likely_one():
    layer = _layer((774_127, 6_277_995, 776_031, 6_281_389), None)
    with pytest.raises(CRSMismatchError) as caught:
        check_crs(layer, file="aoc.shp", layer="aoc")
    assert str(caught.value) == (
        "aoc.shp, couche «aoc» : le fichier ne dit pas son système de coordonnées "
        "(étendue 774127, 6277995, 776031, 6281389)\n"
        'Remède : ces coordonnées ressemblent à EPSG:2154 (ou EPSG:3857) : ajoutez crs = "EPSG:2154" à cette couche.'
    )
    with language("en"):
        assert 'add crs = "EPSG:2154" to this layer' in str(caught.value)


def test_no_crs_and_no_clue():
    with pytest.raises(CRSMismatchError, match=r'demandez le système au producteur.*"EPSG:2154"'):
        check_crs(_layer((0, 0, 10, 10), None))


def test_what_the_user_states_comes_first(squares):
    bare = squares.set_crs(None, allow_override=True)
    assert check_crs(bare, stated="EPSG:2154", known="EPSG:3945").crs.to_epsg() == 2154
    assert check_crs(bare, known="EPSG:2154").crs.to_epsg() == 2154
    wrong = squares.set_crs(4326, allow_override=True)
    assert check_crs(wrong, stated="EPSG:2154").crs.to_epsg() == 2154
    assert str(crs_remarks(wrong, stated="EPSG:2154")[0]) == (
        "le fichier se dit en EPSG:4326 ; il est lu en EPSG:2154, comme demandé"
    )
    assert "sans CRS, lu en EPSG:2154, comme demandé" in str(crs_remarks(bare, stated="EPSG:2154")[0])
    assert "sans CRS, lu en EPSG:2154, celui du format" in str(crs_remarks(bare, known="EPSG:2154")[0])


def test_an_unknown_crs_is_refused(squares):
    with pytest.raises(CRSMismatchError, match="système de coordonnées inconnu : «EPSG:0»"):
        check_crs(squares, stated="EPSG:0")


def test_metres_said_to_be_degrees():
    with pytest.raises(CRSMismatchError, match=r"se dit en EPSG:4326, en degrés, et ses coordonnées sont des mètres"):
        check_crs(_layer((900_000, 6_450_000, 900_100, 6_450_100), 4326))


def test_degrees_said_to_be_metres():
    with pytest.raises(
        CRSMismatchError, match=r"se dit en EPSG:2154, en mètres.*sont des degrés(?s:.*)crs = \"EPSG:4326\""
    ):
        check_crs(_layer((5.6, 45.1, 5.8, 45.3), 2154))


def test_another_projection_than_the_one_said():
    with pytest.raises(
        CRSMismatchError, match=r"se dit en EPSG:2154, et ses coordonnées n'y sont pas(?s:.*)\"EPSG:3945\""
    ):
        check_crs(_layer((1_970_000, 4_220_000, 1_980_000, 4_230_000), 2154))


@pytest.mark.parametrize("place", [(5.72, 45.19), (-61.53, 16.24), (55.45, -20.88)])
def test_latitude_first_is_refused(place):
    lon, lat = place
    with pytest.raises(CRSMismatchError, match=r"latitude et longitude sont échangées.*\n.*échangez `x` et `y`"):
        check_crs(gpd.GeoDataFrame(geometry=[Point(lat, lon)], crs=4326))
    assert check_crs(gpd.GeoDataFrame(geometry=[Point(lon, lat)], crs=4326)).crs.to_epsg() == 4326


def test_feet_are_fine():
    layer = _layer((900_000, 200_000, 900_100, 200_100), 2263)
    assert check_crs(layer).crs.to_epsg() == 2263


def test_an_empty_layer_needs_no_crs():
    assert check_crs(gpd.GeoDataFrame({"a": []}, geometry=[])).crs is None


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "code"),
    [("geojson_epsg3857_bvBondyINSEE.geojson", 3857), ("shp_epsg4171_AirLR_StationAir.zip", 4171)],
)
def test_real_layers_in_other_systems(shared_data, name, code):
    frame = read_vector(shared_data / "robustness" / "crs_quirks" / name).frame
    assert check_crs(frame).crs.to_epsg() == code


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("geojson_lambert93_coords_SitesClasses.geojson", "en degrés, et ses coordonnées sont des mètres"),
        ("shp_without_prj_AOC.zip", "le fichier ne dit pas son système"),
    ],
)
def test_real_layers_refused_then_taken_as_lambert_93(shared_data, name, problem):
    frame = read_vector(shared_data / "robustness" / "crs_quirks" / name).frame
    with pytest.raises(CRSMismatchError, match=rf"{problem}(?s:.*)crs = \"EPSG:2154\""):
        check_crs(frame)
    assert check_crs(frame, stated="EPSG:2154").crs.to_epsg() == 2154
