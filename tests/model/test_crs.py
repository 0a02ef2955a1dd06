import pyproj
import pytest

from territoire_sig.errors import CRSMismatchError
from territoire_sig.model.crs import _searched_code, analysis_crs, crs_for_code, crs_label, epsg_code


@pytest.mark.parametrize(
    ("code", "epsg"),
    [
        ("38185", 2154),
        ("2A004", 2154),
        ("97105", 5490),
        ("97209", 5490),
        ("97302", 2972),
        ("97411", 2975),
        ("97611", 4471),
        ("97501", 4467),
    ],
)
def test_official_crs_by_insee_code(code, epsg):
    assert crs_for_code(code) == f"EPSG:{epsg}"


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:2263", "EPSG:4171"])
def test_degrees_and_feet_are_refused_with_the_mend(crs):
    with pytest.raises(CRSMismatchError, match="prenez EPSG:2154 en métropole"):
        analysis_crs(crs)


def test_unknown_crs_is_refused():
    with pytest.raises(CRSMismatchError, match="inconnu : «Lambert truc»"):
        analysis_crs("Lambert truc")


def test_label_of_a_prj_text():
    assert crs_label("EPSG:2154") == "EPSG:2154"
    assert crs_label("IGNF:LAMB93") in ("EPSG:2154", "RGF93 Lambert 93")
    assert crs_label(None) == "?"


def test_the_code_is_that_of_the_definition_not_of_its_spelling():
    lambert = pyproj.CRS.from_epsg(2154)
    assert epsg_code(lambert) == epsg_code(pyproj.CRS.from_wkt(lambert.to_wkt("WKT1_ESRI"))) == 2154
    assert epsg_code(pyproj.CRS.from_proj4("+proj=laea +lat_0=12 +lon_0=34 +ellps=GRS80")) is None


def test_the_register_is_searched_once_for_each_definition():
    _searched_code.cache_clear()
    for _ in range(5):
        crs_label("EPSG:2154")
    assert _searched_code.cache_info().misses == 1
