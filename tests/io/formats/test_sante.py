"""Health places of the BPE and of FINESS, as published, with what is set aside counted."""

import pytest

from territoire_sig.errors import MissingColumnError, MissingFileError, UnreadableLayerError
from territoire_sig.io.door import admit
from territoire_sig.io.formats.sante import read_bpe, read_finess
from territoire_sig.io.reader import Source

BPE = (
    "AN;DEP;TYPEQU;NOMRS;LAMBERT_X;LAMBERT_Y\n"
    "2024;38;D265;Cabinet;913000,5;6458000\n2024;38;D307;Pharmacie;913100;6458100\n"
    "2024;38;B203;Épicerie;913200;6458200\n2024;38;D265;Sans adresse;;\n2024;974;D265;Saint-Denis;339000;7690000\n"
)
STRUCTURE = "structureet;{id};380000001;{name};LONG;;;1;RUE;;;;001;{county};ISERE;38000 X;;;{code};{label};4604;X;1;86"
PLACE = "geolocalisation;{id};{x};{y};1,ATLASANTE,100,IGN,BD_ADRESSE,V2.1,LAMBERT_93;2024-01-01"


def written(tmp_path, text, name="sante.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def counts(layer):
    return [(remark.count, remark.text.fr.split(",")[0].split(" (")[0]) for remark in layer.remarks]


def test_bpe_keeps_health_and_counts_the_rest(tmp_path):
    source = Source(written(tmp_path, BPE))
    (layer,) = read_bpe(source)
    assert layer.frame["nom"].tolist() == ["Cabinet", "Pharmacie"]
    assert layer.frame["type_lieu"].tolist() == ["D265", "D307"]
    assert layer.frame.geometry.x.tolist() == [913000.5, 913100.0]
    assert (layer.rows_read, layer.frame.crs) == (5, "EPSG:2154")
    assert [count for count, _ in counts(layer)] == [1, 1, 1]
    assert admit(layer, source, crs="EPSG:2154", format="bpe").faults == ()


def test_bpe_types_may_be_chosen(tmp_path):
    (layer,) = read_bpe(Source(written(tmp_path, BPE), options={"types": "D3, D1"}))
    assert layer.frame["nom"].tolist() == ["Pharmacie"]


def test_overseas_are_read_in_the_crs_stated(tmp_path):
    (layer,) = read_bpe(Source(written(tmp_path, BPE), crs="EPSG:2975"))
    assert len(layer.frame) == 3
    assert layer.frame.crs == "EPSG:2975"


def test_bpe_without_type_is_refused(tmp_path):
    with pytest.raises(MissingColumnError, match="colonne «type_lieu» introuvable"):
        read_bpe(Source(written(tmp_path, "AN;LAMBERT_X;LAMBERT_Y\n2024;1;2\n")))


def test_finess_joins_places_to_establishments(tmp_path):
    rows = [
        STRUCTURE.format(id="380000012", name="CENTRE", county="38", code="355", label="Centre Hospitalier"),
        STRUCTURE.format(id="380000020", name="PHARMACIE", county="38", code="620", label="Pharmacie d'Officine"),
        STRUCTURE.format(id="380000038", name="SANS PLACE", county="38", code="620", label="Pharmacie d'Officine"),
        PLACE.format(id="380000012", x="913000.1", y="6458000.2"),
        PLACE.format(id="380000020", x="913100", y="6458100"),
    ]
    source = Source(written(tmp_path, "\n".join(["finess;etalab;94;2024-01-01", *rows])))
    (layer,) = read_finess(source)
    assert layer.frame["id"].tolist() == ["380000012", "380000020"]
    assert layer.frame["type_lieu"].tolist() == ["Centre Hospitalier", "Pharmacie d'Officine"]
    assert counts(layer) == [(1, "1 lieu(x) sans coordonnées")]
    assert admit(layer, source, crs="EPSG:2154", format="finess").faults == ()
    (chosen,) = read_finess(Source(source.path, options={"categories": "355"}))
    assert chosen.frame["nom"].tolist() == ["CENTRE"]


def test_what_is_no_finess_is_refused(tmp_path):
    with pytest.raises(UnreadableLayerError, match="ce n'est pas un extrait FINESS"):
        read_finess(Source(written(tmp_path, BPE)))
    with pytest.raises(MissingFileError, match="fichier introuvable"):
        read_finess(Source(tmp_path / "absent.csv"))
