import pytest

from territoire_sig.errors import InvalidValueError, MissingColumnError
from territoire_sig.io.door import admit
from territoire_sig.io.formats.fragilite import read_fragility
from territoire_sig.io.reader import Source


def table(tmp_path, content):
    path = tmp_path / "ifn.csv"
    path.write_text(content, encoding="utf-8")
    return Source(path)


def test_codes_and_decimal_commas(tmp_path):
    source = table(tmp_path, "Code IRIS;Nom;Score global\n381850101;A;6,5\n10040101;B;0\n2A0040101;C;\n")
    (layer,) = read_fragility(source)
    assert layer.role == "fragilite"
    assert layer.frame["code_insee"].tolist() == ["381850101", "010040101", "2A0040101"]
    assert layer.frame["indice"].fillna(-1).tolist() == [6.5, 0.0, -1]
    assert [remark.count for remark in layer.remarks] == [1, 1]
    assert admit(layer, source, crs="EPSG:2154", format="fragilite_numerique").faults == ()


def test_the_relative_index_of_2020_is_refused(tmp_path):
    source = table(tmp_path, "Code Iris;SCORE GLOBAL region 1\n381850101;112,4\n381850102;98\n")
    with pytest.raises(InvalidValueError, match=r"2 valeur\(s\) hors de l'échelle 0 à 10, jusqu'à 112.4"):
        read_fragility(source)


def test_the_index_must_be_there_or_named(tmp_path):
    source = table(tmp_path, "code;mesure\n38185;3\n")
    with pytest.raises(MissingColumnError, match="colonne «indice» introuvable ; présentes : code, mesure"):
        read_fragility(source)
    (layer,) = read_fragility(Source(source.path, columns={"indice": "Mesure"}))
    assert layer.frame["indice"].tolist() == [3.0]
    assert "mesure" not in layer.frame.columns
