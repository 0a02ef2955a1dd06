"""Rated objectives against networkx, SciPy and SQL."""

from __future__ import annotations

import duckdb
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from scipy.stats import friedmanchisquare

from proof.subjects import SAMPLES, diagnosis, territory
from territoire_sig.indicators.rated import kendall_w, rated, total_influence

PROVES = ("objectives_influence", "objectives_agreement", "declared_observed")


def drawn(seed: int) -> pd.DataFrame:
    generator = np.random.default_rng(seed)
    count, raters = int(generator.integers(3, 8)), int(generator.integers(2, 6))
    rows = [
        (f"o{a}", f"o{b}", float(generator.integers(-3, 4)), f"r{rater}")
        for rater in range(raters)
        for a in range(count)
        for b in range(count)
        if a != b and generator.random() < 0.9
    ]
    return pd.DataFrame(rows, columns=["objectif_a", "objectif_b", "note", "evaluateur"])


@pytest.mark.parametrize("seed", range(6))
def test_influence_is_the_weighted_degree_and_second_order_the_paths_of_two_steps(seed):
    table = drawn(seed)
    graph = nx.DiGraph()
    mean = table.groupby(["objectif_a", "objectif_b"])["note"].mean()
    graph.add_weighted_edges_from((a, b, note) for (a, b), note in mean.items())
    found = rated(table)
    ours = dict(zip(found.names, np.nansum(found.mean, axis=1), strict=True))
    assert ours == pytest.approx(dict(graph.out_degree(weight="weight")))
    received = dict(zip(found.names, np.nansum(found.mean, axis=0), strict=True))
    assert received == pytest.approx(dict(graph.in_degree(weight="weight")))
    total = dict(zip(found.names, total_influence(found.mean, 0.5), strict=True))
    for name in graph:
        paths = sum(
            graph[name][middle]["weight"] * graph[middle][end]["weight"]
            for middle in graph[name]
            for end in graph[middle]
        )
        assert total[name] == pytest.approx(graph.out_degree(name, weight="weight") + 0.5 * paths)


@pytest.mark.parametrize("seed", range(6))
def test_concordance_is_that_of_friedman(seed):
    ratings = rated(drawn(seed)).by_rater
    complete = ratings.dropna()
    w, p, pairs = kendall_w(ratings)
    assert pairs == len(complete)
    oracle = friedmanchisquare(*complete.to_numpy())
    raters = complete.shape[1]
    assert w == pytest.approx(oracle.statistic / (raters * (pairs - 1)))
    assert p == pytest.approx(oracle.pvalue)


_JOINED = """
WITH pairs AS (SELECT objectif_a, objectif_b, min(politique_a) AS a, min(politique_b) AS b, avg(note) AS note
               FROM notes WHERE politique_a IS NOT NULL AND politique_b IS NOT NULL
               GROUP BY ALL HAVING a <> b)
, declared AS (SELECT least(a, b) AS x, greatest(a, b) AS y, avg(note) AS declared FROM pairs GROUP BY ALL)
, observed AS (SELECT least(politique_a, politique_b) AS x, greatest(politique_a, politique_b) AS y, score_net,
                      synergies + conflits > 0 AS something
               FROM matrix WHERE politique_a <> politique_b)
SELECT count(declared) AS pairs, count(*) FILTER (something AND sign(declared) = sign(score_net)) AS agreed,
       count(*) FILTER (something AND declared IS NOT NULL AND score_net IS NOT NULL) AS judged,
       count(*) FILTER (something AND sign(declared) > sign(score_net)) AS blind,
       count(CASE WHEN declared IS NULL AND score_net < 0 THEN 1 END) AS unrated
FROM declared FULL JOIN observed USING (x, y)
"""


@pytest.mark.parametrize("name", SAMPLES)
def test_declared_and_observed_are_those_of_sql(name):
    done = diagnosis(name)
    connection = duckdb.connect()
    connection.register("notes", pd.DataFrame(territory(name).layers["note_objectif"].frame))
    told = done.matrix.astype({"score_net": "Float64"})
    connection.register("matrix", told.assign(score_net=told["score_net"].mask(told["score_net"].isna())))
    pairs, agreed, judged, blind, unrated = connection.execute(_JOINED).fetchone()
    ours = done.overall.set_index("indicateur")["valeur"]
    assert judged and pairs
    assert ours["declared_pair_count"] == pairs
    assert ours["declared_agreement_share"] == pytest.approx(agreed / judged)
    assert ours["declared_blind_count"] == blind
    assert ours["unrated_conflict_count"] == unrated


def test_the_sample_has_raters_who_disagree():
    done = diagnosis("sample_2025")
    ours = done.overall.set_index("indicateur")["valeur"]
    frame = territory("sample_2025").layers["note_objectif"].frame
    wide = frame.pivot_table(index=["objectif_a", "objectif_b"], columns="evaluateur", values="note").dropna()
    oracle = friedmanchisquare(*wide.to_numpy())
    assert ours["raters_kendall_w"] == pytest.approx(oracle.statistic / (wide.shape[1] * (len(wide) - 1)))
    assert 0 < ours["raters_kendall_w"] < 1
