"""Rated objectives: four objectives by hand, raters who agree or not, what is declared beside what is found."""

import numpy as np
import pandas as pd
import pytest

from territoire_sig.coherence.matrix import MATRIX_COLUMNS
from territoire_sig.errors import InvalidValueError
from territoire_sig.indicators.declared_observed import ANALYSIS as DECLARED
from territoire_sig.indicators.objectives_agreement import ANALYSIS as AGREEMENT
from territoire_sig.indicators.objectives_influence import ANALYSIS as INFLUENCE

FOUR = {"ab": 2, "ac": 0, "ad": -1, "ba": 1, "bc": 3, "bd": 0, "ca": 0, "cb": -2, "cd": 1, "da": -1, "db": 0, "dc": 2}
POLICIES = {"a": "urbanisme", "b": "numerique", "c": "mobilite", "d": "inclusion"}


def notes(marks, rater=None, policies=POLICIES):
    rows = [
        (pair[0], pair[1], float(note), rater, policies.get(pair[0]), policies.get(pair[1]))
        for pair, note in marks.items()
    ]
    return pd.DataFrame(rows, columns=["objectif_a", "objectif_b", "note", "evaluateur", "politique_a", "politique_b"])


def whole(found):
    return {name: one.value for name, one in found.overall.items()}


def test_influence_dependence_and_second_order_by_hand(units):
    found = INFLUENCE(units, layers={"note_objectif": notes(FOUR)})
    table = found.tables["objectifs"].set_index("objectif")
    assert table.index.tolist() == ["b", "a", "d", "c"]
    assert table["influence"].to_dict() == {"b": 4, "a": 1, "d": 1, "c": -1}
    assert table["dependance"].to_dict() == {"b": 0, "a": 0, "d": 0, "c": 5}
    # a: 1 + ½ (2 × 4 + 0 × −1 − 1 × 1); b: 4 + ½ (1 × 1 + 3 × −1);
    # c: −1 + ½ (−2 × 4 + 1 × 1); d: 1 + ½ (−1 × 1 + 2 × −1).
    assert table["influence_totale"].to_dict() == {"b": 3, "a": 4.5, "d": -0.5, "c": -4.5}
    assert table.loc["a", ["aide", "contrarie", "part_notee"]].tolist() == [1, 1, 1]
    assert table.loc["b", "politique"] == "Numérique"
    assert whole(found) == {
        "objectives_count": 4, "objectives_mean_rating": pytest.approx(5 / 12), "objectives_conflict_share": 3 / 12,
    }  # fmt: skip


def test_what_is_not_rated_is_told(units):
    marks = {pair: note for pair, note in FOUR.items() if pair[0] != "c"}
    found = INFLUENCE(units, layers={"note_objectif": notes(marks)})
    table = found.tables["objectifs"].set_index("objectif")
    assert np.isnan(table.loc["c", "influence"]) and table.loc["c", "dependance"] == 5
    assert table.loc["c", "part_notee"] == 0.5
    assert found.overall["objectives_mean_rating"].known_share == pytest.approx(9 / 12)


def test_several_raters_are_averaged(units):
    two = pd.concat([notes({"ab": 3, "ba": 1}, "x"), notes({"ab": -1}, "y")])
    table = INFLUENCE(units, layers={"note_objectif": two}).tables["objectifs"].set_index("objectif")
    assert table["influence"].to_dict() == {"a": 1, "b": 1}


def test_raters_in_the_same_order_agree_and_in_reverse_do_not(units):
    up, down = {"ab": 1, "ac": 2, "bc": 3}, {"ab": 3, "ac": 2, "bc": 1}
    same = AGREEMENT(units, layers={"note_objectif": pd.concat([notes(up, "x"), notes(up, "y")])})
    other = AGREEMENT(units, layers={"note_objectif": pd.concat([notes(up, "x"), notes(down, "y")])})
    assert same.overall["raters_kendall_w"].value == 1 and other.overall["raters_kendall_w"].value == 0
    disputed = other.tables["desaccords"]
    assert disputed[["objectif_a", "objectif_b", "ecart"]].values.tolist() == [
        ["a", "b", 2],
        ["b", "c", 2],
        ["a", "c", 0],
    ]


def test_opposed_signs_and_pairs_that_one_rater_left_out(units):
    two = pd.concat([notes({"ab": 1, "ac": 2, "bc": 3, "ca": 1}, "x"), notes({"ab": -1, "ac": 2, "bc": 3}, "y")])
    found = AGREEMENT(units, layers={"note_objectif": two})
    assert found.overall["raters_opposed_share"].value == pytest.approx(1 / 3)
    assert found.overall["raters_kendall_w"].known_share == 0.75


def test_one_rater_agrees_with_nobody(units):
    found = AGREEMENT(units, layers={"note_objectif": notes(FOUR, "x")})
    assert np.isnan(found.overall["raters_kendall_w"].value)
    assert found.overall["raters_kendall_w"].known_share == 0
    assert np.isnan(found.overall["raters_opposed_share"].value)


def matrix(*rows):
    return pd.DataFrame(
        [(a, b, score, int(score > 0), conflicts, 0.0, 1, 0) for a, b, score, conflicts in rows],
        columns=list(MATRIX_COLUMNS),
    )


def test_declared_beside_observed_by_hand(units):
    marks = {"ab": 2, "ba": 1, "cd": -2, "ac": 1, "bd": 1}
    seen = matrix(
        ("numerique", "urbanisme", -4.0, 2), ("mobilite", "inclusion", -1.0, 1), ("risques", "numerique", -3.0, 1),
        ("urbanisme", "mobilite", np.nan, 0), ("energie", "air", 0.0, 0),
    )  # fmt: skip
    found = DECLARED(units, layers={"note_objectif": notes(marks)}, read={"matrix": seen})
    table = found.tables["couples"].set_index(["politique_a", "politique_b"])
    read = table["lecture"].to_dict()
    assert read["Urbanisme", "Numérique"] == "déclaré mieux que constaté"
    assert read["Urbanisme", "Mobilité"] == "déclaré, sans règle pour le vérifier"
    assert read["Mobilité", "Inclusion"] == "même sens"
    assert read["Risques", "Numérique"] == "constaté, noté par personne"
    assert read["Numérique", "Inclusion"] == "déclaré, sans règle pour le vérifier"
    assert table.loc[("Urbanisme", "Numérique"), ["note_declaree", "couples_notes", "score_observe"]].tolist() == [
        1.5,
        2,
        -4,
    ]
    assert whole(found) == {
        "declared_pair_count": 4, "declared_agreement_share": 0.5,
        "declared_blind_count": 1, "unrated_conflict_count": 1,
    }  # fmt: skip
    assert found.overall["declared_agreement_share"].known_share == 0.5


def test_nothing_found_neither_belies_nor_proves_a_rating(units):
    marks = {"ab": 1, "ba": 1, "ac": 0, "ad": -2, "bc": 3}
    seen = matrix(
        ("urbanisme", "numerique", 0.0, 0), ("urbanisme", "mobilite", 0.0, 0), ("urbanisme", "inclusion", 0.0, 0),
        ("numerique", "mobilite", 5.0, 0), ("energie", "air", 0.0, 0),
    )  # fmt: skip
    found = DECLARED(units, layers={"note_objectif": notes(marks)}, read={"matrix": seen})
    assert found.tables["couples"]["lecture"].value_counts().to_dict() == {"rien constaté": 4, "même sens": 1}
    assert whole(found) == {
        "declared_pair_count": 4, "declared_agreement_share": 1, "declared_blind_count": 0, "unrated_conflict_count": 0,
    }  # fmt: skip
    known = {name: one.known_share for name, one in found.overall.items()}
    assert (known["declared_agreement_share"], known["declared_blind_count"]) == (0.25, 1)
    nothing = DECLARED(
        units, layers={"note_objectif": notes(marks)}, read={"matrix": seen.assign(score_net=0.0, synergies=0)}
    )
    assert np.isnan(nothing.overall["declared_agreement_share"].value)


def test_a_pair_within_one_policy_is_no_pair(units):
    told = notes({"ab": 2, "ac": -1}, policies={"a": "urbanisme", "b": "urbanisme", "c": "mobilite"})
    seen = matrix(("urbanisme", "urbanisme", -3.0, 1), ("urbanisme", "mobilite", -1.0, 1))
    found = DECLARED(units, layers={"note_objectif": told}, read={"matrix": seen})
    assert len(found.tables["couples"]) == 1
    assert whole(found) == {
        "declared_pair_count": 1, "declared_agreement_share": 1, "declared_blind_count": 0, "unrated_conflict_count": 0,
    }  # fmt: skip


def test_an_objective_without_policy_is_tied_to_no_pair(units):
    told = notes({"ab": 2, "ac": 1}, policies={"a": "urbanisme", "b": "numerique"})
    found = DECLARED(units, layers={"note_objectif": told}, read={"matrix": matrix(("urbanisme", "numerique", 2.0, 0))})
    assert found.overall["declared_pair_count"].value == 1
    assert found.overall["declared_pair_count"].known_share == 0.5


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (notes({"ab": 4}), r"hors de −3 à 3 : a → b \(4\)"),
        (pd.concat([notes({"ab": 1}), notes({"ab": 2})]), r"deux fois : a → b \(2\)"),
        (notes({"aa": 1}), "face à eux-mêmes : a → a"),
        (pd.concat([notes({"ab": 1}), notes({"ac": 1}, policies={"a": "air"})]), "deux politiques : urbanisme et air"),
    ],
)
def test_wrong_ratings_are_told(units, rows, said):
    with pytest.raises(InvalidValueError, match=said):
        INFLUENCE(units, layers={"note_objectif": rows})
