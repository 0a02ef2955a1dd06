"""Matrices of rated objectives: long or wide, several raters, every fault at once."""

import pytest

from territoire_sig.errors import FaultsError, MissingColumnError
from territoire_sig.io.door import admit
from territoire_sig.io.formats.objectifs import READER
from territoire_sig.io.reader import Source

WIDE = """objectif;politique;evaluateur;PADD 1;SDTAN 2;PCAET  3
padd 1;urbanisme;Anne;;+2;−1
SDTAN 2;numerique;Anne;1;x;nc
PCAET 3;energie;Anne;-3;0;-
PADD 1;urbanisme;Bruno;;3;
"""


def read(tmp_path, text, name="notes.csv", **options):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    (raw,) = READER.read(Source(path, "note_objectif", **options))
    return raw, path


def test_a_matrix_is_unfolded_by_pair_and_rater(tmp_path):
    raw, path = read(tmp_path, WIDE)
    frame = raw.frame
    told = frame[["objectif_a", "objectif_b", "note", "evaluateur"]].values.tolist()
    assert told == [
        ["padd 1", "SDTAN 2", 2.0, "Anne"],
        ["padd 1", "PCAET 3", -1.0, "Anne"],
        ["SDTAN 2", "padd 1", 1.0, "Anne"],
        ["PCAET 3", "padd 1", -3.0, "Anne"],
        ["PCAET 3", "SDTAN 2", 0.0, "Anne"],
        ["padd 1", "SDTAN 2", 3.0, "Bruno"],
    ]
    assert frame["politique_b"].tolist()[:2] == ["numerique", "energie"]
    assert [remark.count for remark in raw.remarks] == [2]
    admitted = admit(raw, Source(path, "note_objectif"), crs="EPSG:2154", format=READER.id)
    assert admitted.faults == ()
    assert admitted.layer.frame["note"].tolist() == [2, -1, 1, -3, 0, 3]


def test_a_long_table_is_read_under_its_published_names(tmp_path):
    raw, _ = read(tmp_path, "source,cible,score\nA,B,-2\nB,A,\nA,C,1\n")
    assert raw.frame[["objectif_a", "objectif_b", "note"]].values.tolist() == [["A", "B", -2.0], ["A", "C", 1.0]]


def test_every_fault_is_told_at_once(tmp_path):
    wrong = WIDE.replace("+2", "4").replace("−1", "oui").replace("PCAET  3\n", "PLH 4\n").replace(";1;x", ";1,5;2")
    with pytest.raises(FaultsError) as caught:
        read(tmp_path, wrong + "PADD 1;urbanisme;bruno;;2;\n")
    said = str(caught.value)
    assert "padd 1 → sdtan 2», valeur «4» : la note n'est pas un entier de −3 à 3" in said
    assert "valeur «oui»" in said and "valeur «1,5»" in said
    assert "«plh 4» : cette clause a une colonne et pas de ligne" in said
    assert "SDTAN 2 → SDTAN 2», valeur «2» : une clause est notée face à elle-même" in said
    assert "padd 1 → SDTAN 2», valeur «2» : ce couple est noté deux fois" in said
    assert len(caught.value.faults) == 6


@pytest.mark.parametrize(
    ("text", "said"),
    [("a;b\n1;2\n3;4\n", "ni colonne «objectif»"), ("source;cible\nA;B\nC;D\n", "colonne «note» absente")],
)
def test_what_is_no_matrix_is_refused(tmp_path, text, said):
    with pytest.raises(MissingColumnError, match=said):
        read(tmp_path, text)


def test_a_rating_against_itself_in_a_long_table_is_a_fault(tmp_path):
    with pytest.raises(FaultsError, match="face à elle-même"):
        read(tmp_path, "objectif_a;objectif_b;note\nA;a;1\nA;B;1\n")
