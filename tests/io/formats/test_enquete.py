import pytest

from territoire_sig.errors import InvalidValueError
from territoire_sig.io.door import admit
from territoire_sig.io.formats.enquete import read_survey
from territoire_sig.io.reader import Source


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
    with pytest.raises(InvalidValueError, match=r"plus de satisfaits que de réponses, dont «38185» : 4 pour 1"):
        read_survey(survey(tmp_path, "code_insee;reponses;satisfaits\n38185;1;4\n"))


def test_promoters_from_marks_and_from_counts(tmp_path):
    content = "code_insee;satisfaction;nps\n38185;oui;10\n38185;oui;9\n38185;non;7\n38185;non;0\n38421;oui;\n"
    layer, values = counts(survey(tmp_path, content))
    assert list(layer.frame.columns)[3:] == ["promoteurs", "passifs", "detracteurs"]
    assert values == [["38185", 4, 2, 2, 1, 1], ["38421", 1, 1, 0, 0, 0]]
    content = "code_insee;reponses;satisfaits;promoteurs;passifs;detracteurs\n38185;10;7;5;2;1\n"
    assert counts(survey(tmp_path, content))[1] == [["38185", 10, 7, 5, 2, 1]]


@pytest.mark.parametrize("mark", ["11", "-1", "8,5"])
def test_a_mark_out_of_0_to_10_is_refused(tmp_path, mark):
    with pytest.raises(InvalidValueError, match=r"1 note\(s\) qui ne sont pas des entiers de 0 à 10"):
        read_survey(survey(tmp_path, f"code_insee;satisfaction;recommandation\n38185;oui;{mark}\n"))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("38185;10;-2;;", "colonne «satisfaits» : «-2» pour «38185»"),
        ("38185;10;2,5;;", "colonne «satisfaits» : «2.5» pour «38185»"),
        ("38185;3;2;2;2", r"plus de promoteurs, passifs et détracteurs que de réponses, dont «38185» : 4 pour 3"),
    ],
)
def test_impossible_counts_are_refused(tmp_path, row, message):
    with pytest.raises(InvalidValueError, match=message):
        read_survey(survey(tmp_path, f"code_insee;reponses;satisfaits;promoteurs;detracteurs\n{row}\n"))


def test_a_survey_without_any_answer_is_read_as_such(tmp_path):
    assert counts(survey(tmp_path, "code_insee;reponses;satisfaits\n38185;0;0\n"))[1] == [["38185", 0, 0]]
