"""The answer in one sentence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from territoire_sig.report.verdict import key_figures, verdict
from territoire_sig.report.words import KINDS, METHOD, WORDS
from territoire_sig.texts import language


def test_figures_are_counted(results):
    figures = key_figures(results)
    assert (figures.conflicts, figures.severe, figures.synergies) == (3, 1, 1)
    assert (figures.answered, figures.unanswered) == (5, 3)
    assert figures.people == 1234.56 and figures.people_at_least


def test_people_of_a_pair_with_conflicts_only_are_a_better_bound(results):
    matrix = results.matrix.copy()
    matrix.loc[[0, 3], "habitants"] = [2000.0, 9000.0]  # the second pair holds a synergy: its people do not count
    assert key_figures(replace(results, matrix=matrix)).people == 2000.0


def test_people_counted_once_by_the_diagnosis_are_taken(results):
    counted = replace(results, record={"habitants_concernes": 1300.0})
    assert "1\u202f300 habitants concernés" in verdict(counted).fr
    assert "au moins" not in verdict(counted).fr


def test_unknown_people_are_not_zero(results):
    unknown = replace(
        results,
        findings=results.findings.assign(habitants=np.nan),
        matrix=results.matrix.assign(habitants=np.nan),
    )
    assert "nombre d'habitants concernés inconnu" in verdict(unknown).fr
    assert "number of inhabitants concerned unknown" in verdict(unknown).en


def test_one_conflict_has_its_own_people(results):
    one = replace(results, findings=results.findings.iloc[[1]])
    assert not key_figures(one).people_at_least
    assert "1 conflit entre politiques, dont 1 grave ; 1\u202f235 habitants concernés." in verdict(one).fr


def test_without_severe_conflict_the_answer_is_in_part(results):
    mild = replace(results, findings=results.findings.assign(gravite=1))
    assert verdict(mild).fr.startswith("En partie : 3 conflits entre politiques, sans conflit grave ;")
    assert verdict(mild).en.startswith("In part: 3 conflicts between policies, none of them severe;")


def test_without_any_rule_answered_there_is_no_answer(quiet_results):
    silent = replace(quiet_results, matrix=quiet_results.matrix.assign(regles_repondues=0))
    assert verdict(silent).fr.startswith("On ne peut pas encore répondre : aucune règle n'a pu être jugée.")
    assert "Oui" not in verdict(silent).fr


def test_without_conflict_only_what_was_judged_is_claimed(quiet_results):
    assert verdict(quiet_results).fr == (
        "Oui, pour ce qui a pu être jugé : aucun conflit n'a été relevé. "
        "0 synergie ; 5 règles jugées, 3 sans réponse faute de données."
    )


def test_without_gap_nothing_is_said_of_one(results):
    full = replace(results, matrix=results.matrix.assign(regles_sans_reponse=0))
    assert verdict(full).fr.endswith("1 synergie ; 5 règles jugées.")
    with language("en"):
        assert str(verdict(full)).endswith("1 synergy; 5 rules answered.")


@pytest.mark.parametrize("text", [*WORDS.values(), *METHOD, *KINDS.values()])
def test_every_word_is_said_in_both_languages(text):
    assert text.fr.strip() and text.en.strip()
