"""The plan's actions, on squares of people: who is served, what is spent where, what is technology for its own sake."""

import geopandas as gpd
import numpy as np
import pytest
from shapely import Point, box

from territoire_sig.errors import InvalidValueError
from territoire_sig.indicators.plan import objectives, reach_of, spread
from territoire_sig.indicators.plan_actions import ANALYSIS as ACTIONS
from territoire_sig.indicators.plan_spending_need import ANALYSIS as SPENDING

CRS = "EPSG:2154"


def frame(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def square(column, width=100):
    return box(100 * column, 0, 100 * column + width, 100)


@pytest.fixture
def row():
    """Four units in a row, of 100 m: 10, 20, 30 and 40 inhabitants; the last two are fragile."""
    units = frame([square(rank) for rank in range(4)], nom_unite=list("abcd")).set_index(
        np.array(["A", "B", "C", "D"], dtype=object)
    )
    people = frame(units.geometry.tolist(), habitants=[10.0, 20.0, 30.0, 40.0])
    index = frame(units.geometry.tolist(), indice=[1.0, 5.9, 6.0, 9.0])
    return units.rename_axis("code_unite"), {"population": people, "fragilite": index}


def plan(*rows):
    """Return actions from rows of identifier, budget, objectives and geometry."""
    ids, money, aims, shapes = zip(*rows, strict=True)
    return frame(list(shapes), id=list(ids), budget_eur=list(money), objectifs=list(aims))


def actions(row, *rows, **changed):
    units, layers = row
    found = ACTIONS(units, layers=layers | {"action": plan(*rows)} | changed)
    return found.tables["actions"].set_index("action"), {name: one.value for name, one in found.overall.items()}


def test_classes_and_shares_by_hand(row):
    table, whole = actions(
        row,
        ("twin", 600.0, "numerique", None),
        ("wifi", 100.0, "Numérique ; ", square(0)),
        ("help", 200.0, "inclusion;mobilite", square(2, 150)),
        ("fibre", None, "numerique", square(3)),
        ("bikes", 100.0, "mobilite", square(1)),
        ("data", 0.0, "énergie", None),
    )
    assert table["classe"].to_dict() == {
        "twin": "orpheline_sans_lieu",
        "wifi": "orpheline",
        "help": "utile",
        "fibre": "besoin_seul",
        "bikes": "objectif_seul",
        "data": "objectif_sans_lieu",
    }
    assert table.loc["help", ["objectifs", "habitants", "habitants_besoin", "cout_par_besoin"]].tolist() == [
        2,
        50,
        50,
        4,
    ]
    assert table.loc["wifi", "habitants_besoin"] == 0 and np.isnan(table.loc["wifi", "cout_par_besoin"])
    assert np.isnan(table.loc["twin", "habitants"])
    assert whole == {
        "plan_action_count": 6, "plan_budget_eur": 1000, "plan_orphan_count": 2,
        "plan_orphan_budget_share": pytest.approx(0.7), "plan_unplaced_budget_share": pytest.approx(0.6),
    }  # fmt: skip


def test_the_verdict_says_its_numbers(row):
    table, _ = actions(row, ("help", 45_000.0, "inclusion", square(2)), ("x", None, None, None))
    assert table.loc["help", "avis"] == (
        "sert un objectif d'une autre politique et un besoin ; 45\u202f000 € ; objectifs : 1 ; "
        "en besoin : 30 habitants, sur 30 habitants à portée."
    )
    assert table.loc["x", "classe"] == "objectifs_inconnus"
    assert "budget inconnu ; objectifs : inconnus ; en besoin : un nombre inconnu d'habitants" in table.loc["x", "avis"]


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("numerique ; inclusion | mobilite", 2),
        ("numérique inclusif", 1),
        ("Réduire, dès 2026, la fracture", 1),
        *((word, 0) for word in ("Numérique", "aucun", "Néant", "sans objet", " - ")),
        *((word, np.nan) for word in (None, "", " ; ", "à préciser", "?")),
    ],
)
def test_objectives_are_counted_none_or_unknown(cell, count):
    assert objectives(plan(("a", 1.0, cell, None))).tolist() == pytest.approx([count], nan_ok=True)


def test_an_action_of_unknown_objectives_is_not_judged(row):
    units, layers = row
    told = plan(("a", 1e5, None, square(0)), ("b", 3e5, "aucun", square(0)))
    found = ACTIONS(units, layers=layers | {"action": told})
    assert found.tables["actions"]["classe"].tolist() == ["objectifs_inconnus", "orpheline"]
    count, share = found.overall["plan_orphan_count"], found.overall["plan_orphan_budget_share"]
    assert (count.value, count.known_share, share.value, share.known_share) == (1, 0.5, 1, 0.75)
    blank = ACTIONS(units, layers=layers | {"action": told.drop(columns="objectifs")}).overall
    assert np.isnan(blank["plan_orphan_count"].value) and blank["plan_orphan_budget_share"].known_share == 0


def test_a_sliver_of_need_serves_nobody():
    """It reaches 1,000 inhabitants, and 0.1 of those of the fragile square beside, then 9, then 11."""
    shapes = [box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000)]
    units = frame(shapes, nom_unite=["a", "b"]).set_index(np.array(["A", "B"], dtype=object))
    people, index = frame(shapes, habitants=[1000.0, 1000.0]), frame(shapes, indice=[2.0, 8.0])
    ends = {"sliver": 1000.1, "nine": 1009.0, "eleven": 1011.0}
    told = plan(*((name, 1e5, "inclusion", box(0, 0, end, 1000)) for name, end in ends.items()))
    layers = {"population": people, "fragilite": index, "action": told}
    table = ACTIONS(units.rename_axis("code_unite"), layers=layers).tables["actions"].set_index("action")
    assert table["habitants_besoin"].to_dict() == pytest.approx({"sliver": 0.1, "nine": 9, "eleven": 11})
    assert table["classe"].to_dict() == {"sliver": "objectif_seul", "nine": "objectif_seul", "eleven": "utile"}
    assert table["cout_par_besoin"].notna().to_dict() == {"sliver": False, "nine": False, "eleven": True}


def test_the_orphan_share_is_that_of_the_judged_money(row):
    """Five actions of 100, one of which lies where need is known: all that is judged is orphan, one fifth."""
    units, layers = row
    told = plan(("a", 100.0, "numerique", square(0)), *((name, 100.0, "numerique", square(1)) for name in "bcde"))
    index = frame([square(0)], indice=[2.0])
    found = ACTIONS(units, layers=layers | {"action": told, "fragilite": index}).overall["plan_orphan_budget_share"]
    assert (found.value, found.known_share) == (1, pytest.approx(0.2))


def test_need_is_unknown_where_the_index_is(row):
    units, layers = row
    holes = layers["fragilite"].assign(indice=[1.0, None, 6.0, 9.0])
    table, _ = actions(row, ("a", 1.0, "air", box(50, 0, 150, 100)), ("b", 1.0, "air", square(0)), fragilite=holes)
    assert table["classe"].to_dict() == {"a": "inconnue", "b": "objectif_seul"}
    found = SPENDING(units, layers=layers | {"action": plan(("b", 1.0, "air", square(0)))} | {"fragilite": holes})
    assert np.isnan(found.values.loc["B", "plan_need_inhabitants"])
    assert found.map.set_index("code_unite").loc["B", "classe"] == "inconnue"


def test_a_point_reaches_a_disc_and_a_surface_itself():
    reach = reach_of(plan(("p", 1.0, "", Point(0, 0)), ("s", 1.0, "", square(0)), ("n", 1.0, "", None)), 100.0)
    assert reach.area.tolist() == pytest.approx([np.pi * 100**2, 10_000], rel=1e-3)


def test_spending_is_shared_out_by_area_and_what_leaves_the_territory_is_left_out(row):
    units, _ = row
    table = spread(plan(("s", 90.0, "", box(-100, 0, 200, 100)), ("t", 10.0, "", square(0, 400))), units, 10)
    assert table[table["action"] == 0]["spending_eur"].tolist() == [30.0, 30.0]
    assert table.groupby("action")["spending_eur"].sum().tolist() == pytest.approx([60.0, 10.0])


def test_an_action_that_hardly_touches_the_territory_hardly_spends_there(row):
    """A disc of 50 m, one metre of which lies in A: a segment of 13.3 m² out of 7,854."""
    units, layers = row
    found = SPENDING(units, layers=layers | {"action": plan(("x", 1e6, "", Point(-49, 50)))}, portee_m=50.0)
    inside = (2500 * np.arccos(49 / 50) - 49 * np.sqrt(99)) / (2500 * np.pi)
    assert found.values["plan_spending_eur"].tolist() == pytest.approx([1e6 * inside, 0, 0, 0], rel=0.02)
    assert found.known_share["plan_spending_eur"].tolist() == pytest.approx([inside] * 4, rel=0.02)


def test_spending_against_need_by_hand(row):
    """A receives 60 of 100 and has no need; C receives 40 for 30 people in need out of 70; D is forgotten."""
    units, layers = row
    told = plan(("a", 60.0, "", square(0)), ("c", 40.0, "", square(2)), ("n", 100.0, "", None))
    found = SPENDING(units, layers=layers | {"action": told})
    values = found.values
    assert values["plan_spending_eur"].tolist() == [60, 0, 40, 0]
    assert values["plan_need_inhabitants"].tolist() == [0, 0, 30, 40]
    assert values["plan_location_quotient"].tolist() == pytest.approx([np.nan, np.nan, 0.4 / (3 / 7), 0], nan_ok=True)
    assert found.known_share["plan_spending_eur"].tolist() == [0.5] * 4
    assert found.map["classe"].tolist() == ["surequipee", "peu_de_besoin", "a_la_mesure", "oubliee"]
    assert found.overall["plan_forgotten_inhabitants"].value == 40
    assert found.overall["plan_over_equipped_share"].value == pytest.approx(0.6)
    # Ranked by need: A and B (30 people, mid-rank 0.15), C and D (70 people, mid-rank 0.65).
    assert found.overall["plan_concentration_index"].value == pytest.approx(2 * (0.6 * 0.15 + 0.4 * 0.65) - 1)
    assert found.tables["concentration"].to_numpy().ravel() == pytest.approx([0, 0, 0.3, 0.6, 1, 1])


def test_without_budget_or_place_nothing_is_told_of_spending(row):
    units, layers = row
    for told in (plan(("a", None, "", square(0))), plan(("a", 5.0, "", None))):
        found = SPENDING(units, layers=layers | {"action": told})
        assert found.values["plan_spending_eur"].isna().all()
        assert found.overall["plan_concentration_index"].known_share == 0


def test_a_negative_budget_is_refused(row):
    units, layers = row
    for analysis in (ACTIONS, SPENDING):
        with pytest.raises(InvalidValueError, match=r"action[\s\S]*budget_eur[\s\S]*-5"):
            analysis(units, layers=layers | {"action": plan(("a", -5.0, "", square(0)))})
