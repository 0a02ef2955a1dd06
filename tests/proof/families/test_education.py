"""Schools told again in SQL; the concentration index by its closed form, summed pupil by pupil."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from oracles.sql_measures import has, per_unit
from proof.families import digital_territory as drawn
from proof.families.test_digital_access import DAY, fraction, homes, named, ours, rule, same, where
from territoire_sig.indicators import declared

PROVES = ("school_connectivity", "school_connectivity_position")
CASES = pytest.mark.parametrize("subject", [1, 2, 3, "sample_2025"])
ASKED = {"distance_immeuble_m": 150.0, "niveau_interieur": 2.0, "date_eligibilite": DAY}

BOTH = "CASE WHEN fibre IS NOT NULL AND mobile IS NOT NULL THEN fibre AND mobile END"


def schools(duck):
    """Make the table ``schools`` (``unit``, ``fibre``, ``mobile``, ``pupils``, ``ips``): NULL where unknown."""
    homes(duck)
    own = "s.fibre" if has(duck, "etablissement_scolaire", "fibre") else "NULL::BOOLEAN"
    sure, most = (where("4G", 2, certain=certain) for certain in (True, False))
    under = "SELECT 1 FROM couverture_mobile c WHERE ST_Intersects(c.geom, s.geom)"
    any_4g = "TRUE" if named(duck, "4G") else "NULL::BOOLEAN"
    duck.execute(f"""
        CREATE OR REPLACE TEMP TABLE buildings AS
        SELECT i.geom, {rule(duck, DAY)} AS eligible FROM immeuble i
    """)
    duck.execute(f"""
        CREATE OR REPLACE TEMP TABLE schools AS
        SELECT (SELECT min(u.id) FROM units u WHERE ST_Intersects(u.geom, s.geom)) AS unit, s.eleves AS pupils, s.ips,
               {own} AS own,
               (SELECT arg_min(coalesce(b.eligible::INT, 2), ST_Distance(b.geom, s.geom)) FROM buildings b
                WHERE ST_Distance(b.geom, s.geom) <= {ASKED["distance_immeuble_m"]}) AS near,
               CASE WHEN {any_4g} IS NULL THEN NULL
                    WHEN EXISTS ({under} AND {sure}) THEN TRUE
                    WHEN EXISTS ({under} AND {most}) THEN NULL
                    ELSE FALSE END AS mobile
        FROM etablissement_scolaire s
    """)
    duck.execute("""
        CREATE OR REPLACE TEMP TABLE schools AS
        SELECT unit, pupils, ips, mobile, coalesce(own, CASE near WHEN 1 THEN TRUE WHEN 0 THEN FALSE END) AS fibre
        FROM schools WHERE unit IS NOT NULL
    """)


@CASES
def test_schools(subject):
    found, duck = ours(subject, "school_connectivity", **ASKED)
    schools(duck)
    every = per_unit(duck, "SELECT unit, count(*) FROM schools GROUP BY unit")

    def total(what, test="TRUE"):
        query = f"SELECT unit, coalesce({what} FILTER (WHERE {test}), 0) FROM schools GROUP BY unit"
        return per_unit(duck, query)

    def known(test):
        return fraction(total("count(*)", test), every).where(every > 0, 1.0)

    for output, state in (
        ("school_fibre_share", "fibre"),
        ("school_4g_indoor_share", "mobile"),
        ("school_both_share", BOTH),
    ):
        value = fraction(total("count(*)", state), total(f"count({state})"))
        same(found, output, value, known(f"({state}) IS NOT NULL"))
    neither, both = "CASE WHEN fibre IS NOT NULL AND mobile IS NOT NULL THEN NOT (fibre OR mobile) END", BOTH
    same(found, "school_neither_count", total("count(*)", neither), known(f"({neither}) IS NOT NULL"))
    counted = known(f"({neither}) IS NOT NULL AND pupils IS NOT NULL")
    same(found, "school_neither_pupils", total("sum(pupils)", neither), counted)
    value = fraction(total("sum(pupils)", both), total("sum(pupils)", f"{both} IS NOT NULL"))
    same(found, "school_both_pupil_share", value, known(f"{both} IS NOT NULL AND pupils IS NOT NULL"))


def closed_form(rows):
    """Return the concentration index and its curve: rank of each school, lower ones plus half of its equals."""
    pupils = sum(row[1] for row in rows)
    mean = sum(row[1] * row[2] for row in rows) / pupils
    total = 0.0
    for ips, weight, have in rows:
        lower = sum(other[1] for other in rows if other[0] < ips)
        equal = sum(other[1] for other in rows if other[0] == ips)
        total += weight * have * ((lower + equal / 2) / pupils - 0.5)
    return 2 * total / (mean * pupils), mean


@CASES
@pytest.mark.parametrize(("word", "state"), [("fibre", "fibre"), ("4g", "mobile")])
def test_concentration(subject, word, state):
    found, duck = ours(subject, "school_connectivity_position", **ASKED)
    schools(duck)
    test = f"{state} IS NOT NULL AND pupils IS NOT NULL AND ips IS NOT NULL"
    rows = duck.execute(f"SELECT ips, pupils, {state}::INT FROM schools WHERE {test}").fetchall()
    index, mean = closed_form(rows)
    share = len(rows) / duck.execute("SELECT count(*) FROM schools").fetchone()[0]
    whole = found.overall[f"school_{word}_ips_concentration"]
    assert (whole.value, whole.known_share) == pytest.approx((index, share))
    assert found.overall[f"school_{word}_ips_erreygers"].value == pytest.approx(4 * mean * index)
    curve = found.tables[f"school_{word}_ips_curve"].astype(float)
    area = np.trapezoid(curve["connected_share"], curve["pupil_share"])
    assert 1 - 2 * area == pytest.approx(index)
    assert curve.iloc[[0, -1]].to_numpy().tolist() == [[0, 0], [1, 1]]


@CASES
@pytest.mark.parametrize(("word", "state"), [("fibre", "fibre"), ("4g", "mobile")])
def test_mean_position_with_and_without(subject, word, state):
    found, duck = ours(subject, "school_connectivity_position", **ASKED)
    schools(duck)
    test = f"{state} IS NOT NULL AND pupils IS NOT NULL AND ips IS NOT NULL"
    every = per_unit(duck, "SELECT unit, count(*) FROM schools GROUP BY unit")
    there = per_unit(duck, f"SELECT unit, count(*) FILTER (WHERE {test}) FROM schools GROUP BY unit")
    for have, sign in (("with", ""), ("without", "NOT ")):
        mean = per_unit(
            duck,
            f"SELECT unit, sum(ips * pupils) / sum(pupils) FROM schools WHERE {test} AND {sign}{state} GROUP BY unit",
            missing=math.nan,
        )
        same(found, f"school_ips_{have}_{word}_mean", mean, fraction(there, every).where(every > 0, 1.0))


def test_the_closed_form_on_a_case_by_hand():
    """One school in two has fibre, the one of higher IPS: C = 0.5, E = 1."""
    units = drawn.units()
    told = pd.DataFrame({"fibre": [False, True], "eleves": [100.0, 100.0], "ips": [80.0, 120.0]})
    layer = drawn.layer([units.geometry.iloc[0].centroid] * 2, **told)
    found = declared()["school_connectivity_position"](units, layers={"etablissement_scolaire": layer})
    assert found.overall["school_fibre_ips_concentration"].value == pytest.approx(0.5)
    assert closed_form([(80.0, 100.0, 0), (120.0, 100.0, 1)]) == (0.5, 0.5)
