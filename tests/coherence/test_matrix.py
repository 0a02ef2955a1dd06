import numpy as np
import pandas as pd
import pytest

from coherence.drawing import ground, layer, point, rule, square
from territoire_sig.coherence.engine import judge
from territoire_sig.coherence.matrix import MATRIX_COLUMNS, policy_matrix
from territoire_sig.coherence.register import REGISTER_COLUMNS, conflict_register


def judged(score, radius):
    return judge(
        rule(
            score=score,
            objet='{ role = "site_mobile" }',
            condition='{ relation = "dans", role = "alea" }',
            lieu="objet",
            habitants=f'{{ mode = "rayon", rayon_m = {radius} }}',
        ),
        ground(
            site_mobile=layer([point(300, 500), point(340, 500)]),
            alea=layer([square(0, 0, 2000, 1000)], niveau=["fort"], typealea=["11"]),
            population=layer([square(0, 0, 2000, 1000)], habitants=[2_000_000.0]),
        ),
    )


def test_net_score_sums_findings_and_people_are_counted_once():
    conflict, synergy = judged(-2, 100), judged(1, 100)
    where = ground(population=layer([square(0, 0, 2000, 1000)], habitants=[2_000_000.0]))
    row = policy_matrix([conflict, synergy], [], where).iloc[0]
    assert (row["politique_a"], row["politique_b"]) == ("risques", "numerique")
    assert (row["score_net"], row["synergies"], row["conflits"]) == (-2.0, 2, 2)
    lens = 2 * 100**2 * np.arccos(0.2) - 20 * np.sqrt(4 * 100**2 - 40**2)
    assert row["habitants"] == pytest.approx(2 * np.pi * 100**2 - lens, rel=3e-3)


def test_pair_without_answer_is_unknown_not_zero():
    table = policy_matrix([], [judged(-2, 100).rule], ground())
    assert list(table.columns) == list(MATRIX_COLUMNS)
    assert np.isnan(table["score_net"].iloc[0]) and np.isnan(table["habitants"].iloc[0])
    assert table["regles_sans_reponse"].tolist() == [1]


def test_register_ranks_conflicts_by_severity_then_people():
    findings = pd.concat(
        [judged(1, 100).findings, judged(-1, 100).findings, judged(-3, 50).findings], ignore_index=True
    )
    register = conflict_register(findings)
    assert list(register.columns) == list(REGISTER_COLUMNS)
    assert register["rang"].tolist() == [1, 2, 3, 4]
    assert register["score"].tolist() == [-3, -3, -1, -1]
    assert set(register["arbitrage"]) == {"à traiter"}
