import pytest

from territoire_sig.errors import CRSMismatchError
from territoire_sig.model.crs import analysis_crs, crs_for_code, crs_label


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
