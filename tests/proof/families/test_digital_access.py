"""Digital access told again in SQL by DuckDB spatial, on territories drawn at random and on the fictional one."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from oracles.sql_measures import area_m2, combined, has, people, per_unit, surface
from proof import subjects
from proof.families import digital_territory as drawn
from territoire_sig.indicators import declared

PROVES = (
    "fibre_announced_open",
    "mobile_area_coverage",
    "mobile_network_coverage",
    "mobile_operator_choice",
    "mobile_population_coverage",
    "mobile_premises_coverage",
    "premises_eligibility",
)
TECHNOLOGIES = ("2G", "3G", "4G", "5G")
DAY = 20250224
CASES = pytest.mark.parametrize("subject", [1, 2, 3, "sample_2025"])
LEVELS = pytest.mark.parametrize("level", [1, 2, 3])


def ours(subject, analysis, **parameters):
    """Return what we say of a subject, and its database."""
    if isinstance(subject, int):
        found = declared()[analysis](drawn.units(), layers=drawn.layers(subject), **parameters)
        return found, drawn.database(subject)
    prepared = subjects.prepared(subject)
    found = declared()[analysis](prepared.ground.units, layers=prepared.inputs, **parameters)
    return found, subjects.database(subject)


def same(found, output, value, share):
    """Compare the values (where something is known) and the known shares of one output with those of the database."""
    share = share.fillna(0.0)
    assert found.known_share[output].tolist() == pytest.approx(share.tolist(), rel=1e-8, abs=1e-9), output
    told = value.where(share > 1e-12)
    assert found.values[output].tolist() == pytest.approx(told.tolist(), rel=1e-8, abs=1e-8, nan_ok=True), output


def where(technology, level, *, certain=True, operator=None):
    """Return the condition of the polygons that cover, for sure or at most."""
    ranks = {1: "TRUE", 2: "niveau IN ('BC', 'TBC')", 3: "niveau = 'TBC'"}
    named, reached = f"techno LIKE '%{technology}%'", ranks[level]
    by = "TRUE" if operator is None else f"operateur = '{operator}'"
    if not certain:
        named, by = f"({named} OR techno IS NULL)", by if operator is None else f"({by} OR operateur IS NULL)"
        reached = reached if level == 1 else f"({reached} OR niveau = 'COUVERT')"
    return f"{named} AND {reached} AND {by}"


def covered(duck, technology, level, **how):
    """Make the surface by unit of a technology; return its name."""
    return surface(duck, "cover_now", f"SELECT geom FROM couverture_mobile WHERE {where(technology, level, **how)}")


def named(duck, technology):
    return has(duck, "couverture_mobile") and bool(
        duck.execute(f"SELECT count(*) FROM couverture_mobile WHERE techno LIKE '%{technology}%'").fetchone()[0]
    )


def units_m2(duck):
    return per_unit(duck, "SELECT id, ST_Area(geom) FROM units")


def fraction(part, whole):
    return part / whole.where(whole > 0)


def settled(sure, most, whole):
    """Return the sure part of what is not in doubt, and the part of the whole that is not."""
    known = whole - (most - sure)
    return fraction(sure, known), fraction(known, whole).where(whole > 0, 1.0)


def shares(found, duck, prefix, measure, whole, reach, level):
    """Compare the outputs of the four technologies."""
    for technology in TECHNOLOGIES:
        output = f"{prefix}_{technology.lower()}_share"
        if not named(duck, technology):
            assert found.values[output].isna().all()
            assert (found.known_share[output] == 0).all()
            continue
        sure, most = (measure(technology, certain) for certain in (True, False))
        value, known = settled(sure, most, whole)
        same(found, output, value, (known * reach).where(whole.notna(), 0.0))


@CASES
@LEVELS
def test_area(subject, level):
    found, duck = ours(subject, "mobile_area_coverage", niveau_couverture=level)
    whole = units_m2(duck)

    def measure(technology, certain):
        return area_m2(duck, covered(duck, technology, level, certain=certain)).fillna(0.0)

    shares(found, duck, "mobile_area", measure, whole, whole / whole, level)
    for row in found.tables["mobile_area_by_operator"].itertuples():
        sure, most = (
            area_m2(duck, covered(duck, row.techno, level, certain=certain, operator=row.operateur)).sum()
            for certain in (True, False)
        )
        told = whole.sum() - (most - sure)
        expected = [sure, sure / told, told / whole.sum()]
        assert [row.covered_amount, row.covered_share, row.known_share] == pytest.approx(expected, rel=1e-8, abs=1e-6)


def peopled(duck):
    """Return the inhabitants of each unit, and the share of its area that a known population covers."""
    duck.execute("CREATE OR REPLACE TEMP TABLE everywhere AS SELECT id AS unit, geom FROM units")
    known = surface(duck, "peopled", "SELECT geom FROM population WHERE habitants IS NOT NULL")
    reach = (area_m2(duck, known) / units_m2(duck)).fillna(0.0)
    everyone = people(duck, "everywhere").where(reach > 0)
    return everyone, reach.where(everyone.notna(), 0.0)


@CASES
@LEVELS
def test_people(subject, level):
    found, duck = ours(subject, "mobile_population_coverage", niveau_couverture=level)
    everyone, reach = peopled(duck)

    def measure(technology, certain):
        return people(duck, covered(duck, technology, level, certain=certain)).where(everyone.notna())

    shares(found, duck, "mobile_inhabitants", measure, everyone, reach, level)
    most, sure = measure("4G", False), measure("4G", True)
    _, known = settled(sure, most, everyone)
    same(found, "mobile_inhabitants_without_4g", everyone - most, (known * reach).where(everyone.notna(), 0.0))


def homes(duck):
    """Make the table ``homes`` of the buildings once each, with their unit; return premises, and the share known."""
    name = "id_immeuble" if has(duck, "immeuble", "id_immeuble") else "id"
    duck.execute(f"""
        CREATE OR REPLACE TEMP TABLE homes AS
        SELECT * FROM (
            SELECT i.*, (SELECT min(u.id) FROM units u WHERE ST_Intersects(u.geom, i.geom)) AS unit,
                   row_number() OVER (PARTITION BY {name} ORDER BY id) AS copy FROM immeuble i
        ) WHERE copy = 1 AND unit IS NOT NULL
    """)
    every = per_unit(duck, "SELECT unit, count(*) FROM homes GROUP BY unit")
    counted = per_unit(duck, "SELECT unit, count(locaux) FROM homes GROUP BY unit")
    whole = per_unit(duck, "SELECT unit, coalesce(sum(locaux), 0) FROM homes GROUP BY unit")
    return whole, fraction(counted, every).where(every > 0, 1.0)


@CASES
@LEVELS
def test_premises(subject, level):
    found, duck = ours(subject, "mobile_premises_coverage", niveau_couverture=level)
    whole, reach = homes(duck)

    def measure(technology, certain):
        return per_unit(
            duck,
            f"""SELECT unit, sum(locaux) FROM homes h
                SEMI JOIN (SELECT geom FROM couverture_mobile WHERE {where(technology, level, certain=certain)}) c
                ON ST_Intersects(c.geom, h.geom) GROUP BY unit""",
        ).fillna(0.0)

    shares(found, duck, "mobile_premises", measure, whole, reach, level)
    most, sure = measure("4G", False), measure("4G", True)
    same(found, "mobile_premises_without_4g", whole - most, settled(sure, most, whole)[1] * reach)


@CASES
@LEVELS
def test_lengths(subject, level):
    found, duck = ours(subject, "mobile_network_coverage", niveau_couverture=level)
    for prefix, role in (("mobile_road", "voirie"), ("mobile_line", "ligne"), ("mobile_cycle", "cyclable")):
        length = (
            f"SELECT {{unit}}, sum(ST_Length(ST_Intersection(l.geom, u.geom))) FROM {role} l, {{zones}} u GROUP BY 1"
        )
        whole = per_unit(duck, length.format(unit="u.id", zones="units")).fillna(0.0)

        def measure(technology, certain, length=length, operator=None):
            zones = covered(duck, technology, level, certain=certain, operator=operator)
            return per_unit(duck, length.format(unit="u.unit", zones=zones)).fillna(0.0)

        shares(found, duck, prefix, measure, whole, units_m2(duck) * 0.0 + 1.0, level)
        rows = found.tables["mobile_network_operators"]
        for row in rows[rows["reseau"] == role].itertuples():
            sure, most = (measure(row.techno, sure, operator=row.operateur).sum() / 1000 for sure in (True, False))
            told = whole.sum() / 1000 - (most - sure)
            expected = [sure, sure / told, told / (whole.sum() / 1000)]
            assert [row.covered_amount, row.covered_share, row.known_share] == pytest.approx(expected, rel=1e-8)


@CASES
@LEVELS
def test_choice(subject, level):
    """By what each operator has, has alone, and all have together: no place is cut by number of operators."""
    found, duck = ours(subject, "mobile_operator_choice", niveau_couverture=level)
    everyone, reach = peopled(duck)
    names = [row[0] for row in duck.execute("SELECT DISTINCT operateur FROM couverture_mobile ORDER BY 1").fetchall()]
    names = [name for name in names if name is not None]
    newer = ["(" + where(one, level) + ")" for one in ("4G", "5G")]
    perhaps = ["(" + where(one, level, certain=False) + ")" for one in ("4G", "5G")]
    sure, most = " OR ".join(newer), " OR ".join(perhaps)
    empty = "SELECT ST_GeomFromText('POLYGON EMPTY') AS geom"
    doubtful = f"({most}) AND (NOT coalesce({sure}, FALSE) OR operateur IS NULL)"
    surface(duck, "doubt", f"SELECT geom FROM couverture_mobile WHERE {doubtful} UNION ALL {empty}")
    duck.execute("CREATE OR REPLACE TEMP TABLE everywhere AS SELECT id AS unit, geom FROM units")
    clear = combined(duck, "clear", "ST_Difference", "everywhere", "doubt")
    told = people(duck, clear).where(everyone.notna())
    for rank, name in enumerate(names):
        these = f"SELECT geom FROM couverture_mobile WHERE ({sure}) AND operateur = '{name}' UNION ALL {empty}"
        others = f"SELECT geom FROM couverture_mobile WHERE ({sure}) AND operateur <> '{name}' UNION ALL {empty}"
        combined(duck, f"op{rank}", "ST_Intersection", surface(duck, "one", these), clear)
        combined(duck, f"alone{rank}", "ST_Difference", f"op{rank}", surface(duck, "rest", others))
    known = f"SELECT geom FROM couverture_mobile WHERE ({sure}) AND operateur IS NOT NULL UNION ALL {empty}"
    combined(duck, "anyone", "ST_Intersection", surface(duck, "anyone", known), clear)
    combined(duck, "every", "ST_Intersection", "op0", clear)
    for rank in range(1, len(names)):
        combined(duck, "every", "ST_Intersection", "every", f"op{rank}")
    share = (reach * fraction(told, everyone).where(everyone > 0, 1.0)).where(everyone.notna(), 0.0)
    here = [people(duck, f"op{rank}") for rank in range(len(names))]
    alone = [people(duck, f"alone{rank}") for rank in range(len(names))]
    same(found, "operator_choice_mean", fraction(sum(here), told), share)
    same(found, "operator_none_share", fraction(told - people(duck, "anyone"), told), share)
    same(found, "operator_one_share", fraction(sum(alone), told), share)
    same(found, "operator_all_share", fraction(people(duck, "every"), told), share)


def asked(duck, day):
    """Return the conditions of ARCEP's rule as expressions of SQL: TRUE, FALSE, or NULL where they cannot be told."""
    parts = ["CASE WHEN etat = 'inconnu' THEN NULL ELSE etat IN ('deploye', 'raccordable_demande') END"]
    if has(duck, "immeuble", "pm_etat"):
        parts.append("CASE WHEN pm_etat = 'inconnu' THEN NULL ELSE pm_etat = 'deploye' END")
    if has(duck, "immeuble", "date_commerciale"):
        parts.append(f"date_commerciale::TIMESTAMP <= strptime('{day}', '%Y%m%d')" if day else "NULL::BOOLEAN")
    return parts


def rule(duck, day):
    """Return ARCEP's rule as one expression of SQL; NULL for a file with dates when no day is asked."""
    if not day and has(duck, "immeuble", "date_commerciale"):
        return "NULL::BOOLEAN"
    return " AND ".join(f"({part})" for part in asked(duck, day))


def chained(duck, table, weight, day, test="TRUE"):
    """Return the share of a weight that meets the conditions, by the chain rule; NaN where a step tells nothing."""
    steps, before = [], test
    for number, part in enumerate(asked(duck, day)):
        here = f"sum({weight}) FILTER (WHERE {before}"
        steps.append(
            f"coalesce({here} AND ({part})), 0) AS met{number}, coalesce({here}), 0) AS all{number}, "
            f"coalesce({here} AND ({part}) IS NOT NULL), 0) AS told{number}"
        )
        before += f" AND ({part})"
    product = " * ".join(
        f"CASE WHEN all{n} = 0 THEN {'NULL' if n == 0 else 1} WHEN told{n} = 0 THEN NULL ELSE met{n} / told{n} END"
        for n in range(len(steps))
    )
    query = (
        f"WITH sums AS (SELECT unit, {', '.join(steps)} FROM {table} GROUP BY unit) SELECT unit, {product} FROM sums"
    )
    return per_unit(duck, query, missing=math.nan)


@CASES
@pytest.mark.parametrize("day", [0, DAY])
def test_eligibility(subject, day):
    found, duck = ours(subject, "premises_eligibility", date_eligibilite=day)
    whole, counted = homes(duck)
    told = rule(duck, day)
    every = per_unit(duck, "SELECT unit, count(*) FROM homes GROUP BY unit")

    def total(what, test):
        return per_unit(duck, f"SELECT unit, coalesce({what} FILTER (WHERE {test}), 0) FROM homes GROUP BY unit")

    share = fraction(total("count(locaux)", f"({told}) IS NOT NULL"), every).where(every > 0, 1.0)
    eligible = total("sum(locaux)", told)
    held = total("sum(locaux)", f"NOT ({told}) AND etat IN ('deploye', 'raccordable_demande')")
    same(found, "premises_count", whole, counted)
    same(found, "premises_eligible_count", eligible, share)
    same(found, "premises_eligible_share", chained(duck, "homes", "locaux", day), share)
    same(found, "premises_held_back_count", held, share)
    stated = total("count(*)", f"({told}) IS NOT NULL")
    value = chained(duck, "homes", "1", day)
    same(found, "buildings_eligible_share", value, fraction(stated, every).where(every > 0, 1.0))
    rows = found.tables["premises_by_state"].set_index("etat")
    by_state = duck.execute(f"""
        SELECT etat, count(*), sum(locaux), coalesce(sum(locaux) FILTER (WHERE {told}), 0),
               coalesce(sum(locaux) FILTER (WHERE ({told}) IS NULL), 0) FROM homes GROUP BY etat
    """).fetchall()
    for state, *expected in by_state:
        assert rows.loc[state].tolist() == pytest.approx(expected)
    assert rows["buildings"].sum() == every.sum()
    if isinstance(subject, int):
        assert found.values["premises_repeated_count"].sum() == 3


@CASES
def test_announced_and_open(subject):
    found, duck = ours(subject, "fibre_announced_open", date_eligibilite=DAY)
    homes(duck)
    told = rule(duck, DAY)
    duck.execute(f"""
        CREATE OR REPLACE TEMP TABLE compared AS
        SELECT h.*, ({told}) AS open,
               (SELECT arg_min(r.taux_fibre, r.id) FROM couverture_fixe r
                WHERE ST_Intersects(r.geom, h.geom) AND r.taux_fibre IS NOT NULL) AS rate FROM homes h
    """)
    test = "locaux IS NOT NULL AND rate IS NOT NULL AND open IS NOT NULL"
    every = per_unit(duck, "SELECT unit, count(*) FROM homes GROUP BY unit")

    def total(what, test):
        return per_unit(duck, f"SELECT unit, coalesce({what} FILTER (WHERE {test}), 0) FROM compared GROUP BY unit")

    share = fraction(total("count(*)", test), every).where(every > 0, 1.0)
    rated = "locaux IS NOT NULL AND rate IS NOT NULL"
    premises, announced = total("sum(locaux)", rated), total("sum(locaux * rate)", rated)
    told_rate = fraction(total("count(*)", rated), every).where(every > 0, 1.0)
    really = chained(duck, "compared", "locaux", DAY, rated)
    same(found, "fibre_announced_share", fraction(announced, premises), told_rate)
    same(found, "fibre_open_share", really, share)
    same(found, "fibre_announced_gap", fraction(announced, premises) - really, share)
    same(found, "fibre_announced_closed_count", announced - really * premises, share)
    stated = total("count(locaux)", "etat <> 'inconnu'")
    targeted = total("sum(locaux)", "etat IN ('cible', 'signe', 'en_cours')")
    same(found, "fibre_targeted_closed_count", targeted, fraction(stated, every).where(every > 0, 1.0))


def test_the_drawn_territories_leave_something_in_doubt():
    """Else the known shares would be proved on nothing."""
    found, _ = ours(1, "mobile_population_coverage")
    assert (found.known_share["mobile_inhabitants_4g_share"].iloc[:4] < 0.99).any()
    assert pd.isna(found.values["mobile_inhabitants_4g_share"].iloc[4])
    assert np.isfinite(found.values["mobile_inhabitants_4g_share"].iloc[:4]).any()
