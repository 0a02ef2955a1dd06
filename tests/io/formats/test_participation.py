import json

import pytest

from territoire_sig.errors import MissingColumnError, ParameterError
from territoire_sig.io.door import admit
from territoire_sig.io.formats.participation import read_contributions
from territoire_sig.io.reader import Source


def test_decidim_csv(tmp_path):
    path = tmp_path / "proposals.csv"
    path.write_text(
        "id;category/name/fr;title/fr;body/fr;latitude;longitude;state;author/name\n"
        '1;Réseau;Fibre;"<p>Pas de fibre&nbsp;ici</p>";45.1;5.7;accepted;Anne\n'
        "2;;Antenne;Trop proche;;;;Bob\n"
        "3;Réseau;Bus;Plus de bus;45.2;5.8;withdrawn;Carl\n",
        encoding="utf-8",
    )
    (layer,) = read_contributions(Source(path))
    told = layer.frame[["id", "theme", "texte", "etat"]].fillna("?")
    assert told.values.tolist() == [
        ["1", "Réseau", "Fibre. Pas de fibre ici", "accepted"],
        ["2", "?", "Antenne. Trop proche", "?"],
    ]
    assert layer.frame.geometry.isna().tolist() == [False, True]
    assert "author_name" not in layer.frame.columns
    assert [remark.text.fr for remark in layer.remarks] == [
        "1 proposition(s) retirée(s) par leur auteur",
        "1 contribution(s) sans coordonnées ni lieu, gardée(s) hors carte",
    ]
    assert layer.rows_read == 3
    admitted = admit(layer, Source(path), crs="EPSG:2154", format="decidim")
    assert admitted.faults == ()
    assert admitted.layer.frame.geometry.isna().tolist() == [False, True]


def test_decidim_json(tmp_path):
    path = tmp_path / "proposals.json"
    proposal = {"id": 1, "category": {"name": {"fr": "Réseau"}}, "body": {"fr": "Oui"}, "latitude": 45, "longitude": 5}
    path.write_text(json.dumps([proposal]), encoding="utf-8")
    (layer,) = read_contributions(Source(path))
    assert layer.frame[["theme", "texte"]].iloc[0].tolist() == ["Réseau", "Oui"]


def test_a_text_is_needed(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("id,latitude,longitude\n1,45,5\n", encoding="utf-8")
    with pytest.raises(MissingColumnError, match="colonne «texte» introuvable"):
        read_contributions(Source(path))


def read(tmp_path, content, **options):
    path = tmp_path / "propositions.csv"
    path.write_text(content, encoding="utf-8")
    (layer,) = read_contributions(Source(path, options=options))
    return layer


def test_supports_are_votes_and_endorsements(tmp_path):
    layer = read(tmp_path, "id;title/fr;supports;endorsements/total_count\n1;A;3;2\n2;B;;4\n3;C;;\n")
    assert layer.frame["soutiens"].fillna(-1).tolist() == [5, 4, -1]


def test_another_language_stands_for_french_that_is_lacking(tmp_path):
    layer = read(
        tmp_path,
        'id;title/ca;title/fr;title/en;category/name\n1;Xarxa;;Network;"{""en""=>""Road"", ""fr""=>""Route""}"\n',
    )
    assert layer.frame[["theme", "texte"]].iloc[0].tolist() == ["Route", "Network"]


def test_a_place_stands_for_coordinates_that_are_lacking(tmp_path):
    layer = read(
        tmp_path,
        "id;title/fr;address;code_insee;latitude;longitude\n"
        "1;A;Place haute, 38000 Grenoble;;;\n2;B;;1004;;\n3;C;Ici;;45;5\n4;D;Là;;0;0\n",
    )
    assert layer.frame["lieu"].fillna("?").tolist() == ["Place haute, 38000 Grenoble", "01004", "?", "Là"]
    assert layer.frame.geometry.isna().tolist() == [True, True, False, True]
    assert [remark.text.fr for remark in layer.remarks][
        -1
    ] == "3 contribution(s) sans coordonnées, qui nomme(nt) un lieu"


def test_an_export_without_any_coordinates_is_read(tmp_path):
    layer = read(tmp_path, "id;title/fr;scope/name/fr\n1;A;Grenoble\n2;B;\n")
    admitted = admit(layer, Source(tmp_path / "propositions.csv"), crs="EPSG:2154", format="decidim")
    assert admitted.faults == ()
    assert admitted.layer.frame["lieu"].fillna("?").tolist() == ["Grenoble", "?"]
    assert admitted.layer.frame.crs == "EPSG:2154"


def test_themes_take_the_objectives_that_are_declared(tmp_path):
    content = "id;title/fr;category/name/fr\n1;A;Fibre\n2;B;Été\n3;C;\n"
    layer = read(tmp_path, content, objectifs={"fibre": "numerique"})
    assert layer.frame["objectif"].fillna("?").tolist() == ["numerique", "?", "?"]
    assert layer.remarks[0].text.fr == "1 contribution(s) d'un thème sans objectif déclaré : «Été»"
    with pytest.raises(ParameterError, match="objectifs = 'numerique' ne donne pas un mot à chaque thème"):
        read(tmp_path, content, objectifs="numerique")
