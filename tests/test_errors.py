import pytest

from territoire_sig.errors import CRSMismatchError, FaultsError, MissingColumnError, MissingFileError, TerritoireError
from territoire_sig.model.faults import Fault
from territoire_sig.texts import Text, language


def test_message_names_file_layer_and_mend_in_the_language_in_force():
    error = CRSMismatchError(
        Text("EPSG:3857 au lieu de EPSG:2154", "EPSG:3857 instead of EPSG:2154"),
        Text("reprojetez", "reproject"),
        file="plu.shp",
        layer="ZONE_URBA",
    )
    assert str(error) == "plu.shp, couche «ZONE_URBA» : EPSG:3857 au lieu de EPSG:2154\nRemède : reprojetez"
    with language("en"):
        assert str(error) == "plu.shp, layer «ZONE_URBA» : EPSG:3857 instead of EPSG:2154\nMend: reproject"


@pytest.mark.parametrize("kind", [MissingFileError, MissingColumnError])
def test_message_is_not_that_of_the_built_in(kind):
    assert str(kind(Text("absent", "missing"))) == "absent"


def test_errors_are_also_the_built_in_that_they_refine():
    assert issubclass(MissingFileError, FileNotFoundError)
    assert issubclass(MissingColumnError, KeyError)
    assert issubclass(CRSMismatchError, ValueError)
    assert issubclass(CRSMismatchError, TerritoireError)


def test_faults_are_all_listed():
    faults = [
        Fault(f"{n}.shp", None, "typezone", "X", Text("code inconnu", "unknown"), Text("corrigez", "mend"))
        for n in "ab"
    ]
    shown = str(FaultsError(faults))
    assert "2 faute(s)" in shown
    assert "a.shp, colonne «typezone», valeur «X» : code inconnu → corrigez" in shown
    assert "b.shp" in shown
