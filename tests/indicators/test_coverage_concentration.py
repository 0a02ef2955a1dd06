"""Concentration of coverage by income and fragility: shapes one can draw, unknowns and errors."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from territoire_sig.errors import InvalidValueError
from territoire_sig.indicators.fibre_concentration import fibre_fragility, fibre_income
from territoire_sig.indicators.mobile_concentration import mobile_fragility, mobile_income

CRS = "EPSG:2154"
SQUARES = [shapely.box(10 * x, 0, 10 * x + 10, 10) for x in range(4)]


def frame(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


@pytest.fixture
def two():
    shapes = [shapely.box(0, 0, 20, 10), shapely.box(20, 0, 40, 10)]
    index = pd.Index(["A", "B"], name="code_unite")
    return gpd.GeoDataFrame({"nom_unite": ["Ah", "Bé"]}, geometry=shapes, index=index, crs=CRS)


@pytest.fixture
def people():
    """Four squares of 25 people, from the poorest in the west to the richest in the east."""
    return frame(SQUARES, habitants=[25.0] * 4, somme_niveaux_vie=[25 * income for income in (12e3, 15e3, 20e3, 30e3)])


def value(found, name):
    return found.overall[name].value


def test_by_hand(two, people):
    cover = frame([shapely.box(20, 0, 40, 10)], techno=["4G"])
    found = mobile_income(two, population=people, couverture_mobile=cover)
    # the richer half has all: 2 / 0.5 × (0.25 × (0.625 - 0.5) + 0.25 × (0.875 - 0.5)) = 0.5; Erreygers 4 × 0.5 × 0.5
    assert value(found, "mobile_income_index") == pytest.approx(0.5)
    assert value(found, "mobile_income_erreygers") == pytest.approx(1.0)
    assert found.values["mobile_income_rank"].tolist() == [0.25, 0.75]
    assert found.values["mobile_income_contribution"].tolist() == pytest.approx([0.0, 0.5])
    curve = found.tables["mobile_income_curve"].set_index("population_share")["value_share"]
    assert curve[[0.0, 0.5, 0.75, 1.0]].tolist() == pytest.approx([0, 0, 0.5, 1])


def test_a_square_without_income_is_left_out_and_told(two, people):
    cover = frame([shapely.box(20, 0, 40, 10)], techno=["4G"])
    hidden = people.assign(somme_niveaux_vie=people["somme_niveaux_vie"].where([True, False, True, True]))
    found = mobile_income(two, population=hidden, couverture_mobile=cover)
    assert found.known_share["mobile_income_rank"].tolist() == [0.5, 1.0]
    assert found.overall["mobile_income_index"].known_share == 0.75
    # three squares left, ranks 1/6, 1/2, 5/6, of which the last two have 1
    assert value(found, "mobile_income_index") == pytest.approx(2 / (2 / 3) * (0 + 1 / 3 * 1 / 3))


def test_median_incomes_serve_where_squares_tell_none(two, people):
    cover = frame([shapely.box(20, 0, 40, 10)], techno=["4G"])
    silent = people.drop(columns="somme_niveaux_vie")
    medians = frame(two.geometry.array, revenu_median=[15_000.0, 22_000.0])
    found = mobile_income(two, population=silent, couverture_mobile=cover, revenu=medians)
    assert value(found, "mobile_income_index") == pytest.approx(0.5)
    secret = medians.assign(revenu_median=[15_000.0, None])
    untold = mobile_income(two, population=silent, couverture_mobile=cover, revenu=secret)
    assert untold.known_share["mobile_income_rank"].tolist() == [1.0, 0.0]
    assert np.isnan(value(untold, "mobile_income_index"))
    without = mobile_income(two, population=silent, couverture_mobile=cover)
    assert without.overall["mobile_income_index"].known_share == 0


def test_all_of_one_rank_have_no_order(two, people):
    cover = frame([shapely.box(20, 0, 40, 10)], techno=["4G"])
    alike = people.assign(somme_niveaux_vie=people["habitants"] * 17_333.3)
    found = mobile_income(two, population=alike, couverture_mobile=cover)
    assert np.isnan([one.value for one in found.overall.values()]).all()
    assert found.values["mobile_income_contribution"].isna().all()


def test_fragility_ranks_the_other_way(two, people):
    cover = frame([shapely.box(20, 0, 40, 10)], techno=["4G"])
    index = frame(two.geometry.array, indice=[7.0, 2.0])
    found = mobile_fragility(two, population=people, fragilite=index, couverture_mobile=cover)
    assert value(found, "mobile_fragility_index") == pytest.approx(-0.5)
    assert found.values["mobile_fragility_contribution"].tolist() == pytest.approx([0.0, -0.5])


def test_buildings_come_before_rates_by_commune(two, people):
    rates = frame(two.geometry.array, taux_fibre=[0.5, 1.0])
    by_rate = fibre_income(two, population=people, couverture_fixe=rates)
    assert value(by_rate, "fibre_income_index") == pytest.approx(2 / 0.75 * (0.25 * (-0.25) + 0.5 * 0.25))
    homes = frame(gpd.points_from_xy([5, 15, 25, 35], [5] * 4), etat=["deploye", "cible", "cible", "cible"])
    by_home = fibre_income(two, population=people, couverture_fixe=rates, immeuble=homes)
    assert value(by_home, "fibre_income_index") == pytest.approx(2 * (1 / 8 - 1 / 2))


def test_an_index_off_its_scale_is_refused(two, people):
    rates = frame(two.geometry.array, taux_fibre=[0.5, 1.0])
    index = frame(two.geometry.array, indice=[110.0, 2.0])
    with pytest.raises(InvalidValueError, match=r"«fragilite».*«indice» vaut 110 à la ligne 0 .*attendu : de 0 à 10"):
        fibre_fragility(two, population=people, fragilite=index, couverture_fixe=rates)
    with pytest.raises(InvalidValueError, match=r"«population».*«somme_niveaux_vie» vaut -1"):
        fibre_income(two, population=people.assign(somme_niveaux_vie=-1.0), couverture_fixe=rates)
