import json

import pytest

from territoire_sig.errors import InvalidValueError, MissingColumnError
from territoire_sig.io.door import admit
from territoire_sig.io.formats.participation import read_contributions, read_survey
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
    assert layer.frame[["id", "theme", "texte", "etat"]].values.tolist() == [
        ["1", "Réseau", "Fibre. Pas de fibre ici", "accepted"]
    ]
    assert "author_name" not in layer.frame.columns
    assert [remark.text.fr for remark in layer.remarks] == [
        "1 proposition(s) retirée(s) par leur auteur",
        "1 lieu(x) sans coordonnées, mis à l'écart (2)",
    ]
    assert layer.rows_read == 3
    assert admit(layer, Source(path), crs="EPSG:2154", format="decidim").faults == ()


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


def survey(tmp_path, content, **options):
    path = tmp_path / "enquete.csv"
    path.write_text(content, encoding="utf-8")
    return Source(path, options=options)


def counts(source):
    (layer,) = read_survey(source)
    return layer, layer.frame.values.tolist()


def test_a_survey_already_counted(tmp_path):
    source = survey(tmp_path, "code_insee;reponses;satisfaits\n1004;10;4\n38185;20;15\n38185;5;5\n;3;1\n")
    layer, values = counts(source)
    assert values == [["01004", 10, 4], ["38185", 25, 20]]
    assert [remark.count for remark in layer.remarks] == [1, 1]
    assert admit(layer, source, crs="EPSG:2154", format="enquete_satisfaction").faults == ()


def test_a_survey_of_words(tmp_path):
    content = "code_insee;satisfaction\n38185;Très satisfait\n38185;pas satisfait\n38185;\n38421;Oui\n"
    layer, values = counts(survey(tmp_path, content))
    assert values == [["38185", 2, 1], ["38421", 1, 1]]
    assert layer.remarks[0].text.fr == "1 réponse(s) vide(s), non comptée(s)"


def test_a_survey_of_marks_needs_a_threshold(tmp_path):
    content = "code_insee;note\n38185;8\n38185;6,5\n38185;7\n"
    assert counts(survey(tmp_path, content, seuil=7))[1] == [["38185", 3, 2]]
    with pytest.raises(InvalidValueError, match=r"3 réponse\(s\) ni satisfaite\(s\) ni insatisfaite\(s\), dont «8»"):
        read_survey(survey(tmp_path, content))


def test_more_satisfied_than_answers_is_refused(tmp_path):
    with pytest.raises(InvalidValueError, match=r"1 unité\(s\) avec plus de satisfaits que de réponses, dont «38185»"):
        read_survey(survey(tmp_path, "code_insee;reponses;satisfaits\n38185;1;4\n"))
