"""Inequality of coverage: shapes one can draw, unknowns and errors."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from territoire_sig.errors import InvalidValueError, MissingColumnError
from territoire_sig.indicators.coverage_inequality import fibre_inequality, mobile_inequality
from territoire_sig.indicators.fibre_theil_parts import fibre_theil_parts

CRS = "EPSG:2154"
SQUARES = [shapely.box(10 * x, 0, 10 * x + 10, 10) for x in range(4)]


def frame(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


@pytest.fixture
def two():
    """Units A (0 to 20 m) and B (20 to 40 m), of two squares each."""
    shapes = [shapely.box(0, 0, 20, 10), shapely.box(20, 0, 40, 10)]
    index = pd.Index(["A", "B"], name="code_unite")
    return gpd.GeoDataFrame({"nom_unite": ["Ah", "Bé"]}, geometry=shapes, index=index, crs=CRS)


def homes(*states, locaux=None):
    points = gpd.points_from_xy([10 * x + 5 for x in range(len(states))], [5] * len(states))
    return frame(points, etat=list(states), **({"locaux": locaux} if locaux else {}))


def test_by_hand(two):
    people = frame(SQUARES, habitants=[75.0, 25.0, 10.0, 10.0])
    found = fibre_inequality(two, population=people, immeuble=homes("cible", "deploye", "deploye", "deploye"))
    assert found.values.loc["A", ["fibre_mean", "fibre_gini"]].tolist() == [0.25, 0.75]
    assert found.values.loc["A", "fibre_theil"] == pytest.approx(np.log(4))
    assert np.isnan(found.values.loc["A", "fibre_palma"])
    assert found.values.loc["B"].tolist() == [1.0, 0.0, 0.0, pytest.approx(0.25)]
    # 75 of 120 have nothing, 45 have 1: Gini = 75 / 120
    assert found.overall["fibre_overall_gini"].value == pytest.approx(75 / 120)
    assert (found.known_share == 1).all(axis=None)


def test_premises_weigh_a_rate_and_a_building_of_unknown_premises_counts_one(two):
    people = frame(SQUARES[:2], habitants=[50.0, 50.0])
    points = gpd.points_from_xy([2, 4, 12, 14], [5] * 4)
    told = frame(points, etat=["deploye", "cible", "deploye", "cible"], locaux=[3.0, 1.0, None, 3.0])
    found = fibre_inequality(two, population=people, immeuble=told)
    assert found.values.loc["A", "fibre_mean"] == pytest.approx((0.75 + 0.25) / 2)
    assert found.known_share.loc["B", "fibre_gini"] == 0
    assert np.isnan(found.values.loc["B", "fibre_gini"])


def test_what_is_unknown_is_left_out_and_told(two):
    people = frame(SQUARES, habitants=[60.0, 20.0, 20.0, None])
    found = fibre_inequality(two, population=people, immeuble=homes("deploye", "inconnu", "cible", "cible"))
    # of A the second square has no known building: 60 of its 80 people are known, in one place: no inequality to tell
    assert found.known_share.loc["A", "fibre_gini"] == 0.75
    assert found.values.loc["A", "fibre_mean"] == 1.0
    assert np.isnan(found.values.loc["A", "fibre_gini"])
    # of B, half of what is peopled is secret
    assert found.known_share.loc["B", "fibre_mean"] == 0.5
    # 20 people at 1 of 80 at 0 or 1… 60 at 1, 20 at 0
    assert found.overall["fibre_overall_gini"].value == pytest.approx(20 / 80)
    assert found.overall["fibre_overall_gini"].known_share == pytest.approx(80 / 100 * 3 / 4)


def test_nobody_in_a_unit_is_no_inequality(two):
    people = frame(SQUARES, habitants=[0.0, 0.0, 10.0, 10.0])
    found = fibre_inequality(two, population=people, immeuble=homes(*["deploye"] * 4))
    assert found.values.loc["A"].isna().all()
    assert found.known_share.loc["A"].tolist() == [1.0] * 4


def test_where_nobody_has_anything_the_index_is_unknown(two):
    people = frame(SQUARES, habitants=[10.0] * 4)
    found = fibre_inequality(two, population=people, immeuble=homes(*["cible"] * 4))
    assert found.values["fibre_mean"].tolist() == [0.0, 0.0]
    assert found.values[["fibre_gini", "fibre_theil", "fibre_palma"]].isna().all(axis=None)
    assert np.isnan(found.overall["fibre_overall_gini"].value)


def test_a_square_across_two_units_is_shared_out(two):
    people = frame([shapely.box(15, 0, 25, 10), SQUARES[3]], habitants=[100.0, 50.0])
    points = gpd.points_from_xy([16, 24, 35], [5] * 3)
    found = fibre_inequality(two, population=people, immeuble=frame(points, etat=["deploye", "cible", "deploye"]))
    assert found.values["fibre_mean"].tolist() == [1.0, 0.5]
    assert found.values["fibre_gini"].tolist() == pytest.approx([np.nan, 0.5], nan_ok=True)


def test_mobile_coverage_in_doubt_is_unknown(two):
    people = frame(SQUARES, habitants=[10.0] * 4)
    cover = frame([shapely.box(0, 0, 15, 10), shapely.box(25, 0, 28, 10)], techno=["4G", None])
    found = mobile_inequality(two, population=people, couverture_mobile=cover)
    assert found.values.loc["A", "mobile_4g_mean"] == pytest.approx(0.75)
    assert found.known_share["mobile_4g_mean"].tolist() == [1.0, 0.5]
    silent = mobile_inequality(two, population=people, couverture_mobile=cover.drop(columns="techno"))
    assert silent.values.isna().all(axis=None)
    assert (silent.known_share == 0).all(axis=None)


def test_seed_and_draws_are_those_asked(two):
    generator = np.random.default_rng(0)
    shapes = [shapely.box(x, y, x + 1, y + 1) for x in range(40) for y in range(10)]
    people = frame(shapes, habitants=generator.integers(1, 99, 400).astype(float))
    cover = frame([shapely.Point(10, 5).buffer(9)], techno=["4G"])

    def bounds(**asked):
        told = mobile_inequality(two, population=people, couverture_mobile=cover, **asked).overall
        return told["mobile_4g_overall_gini_low"].value, told["mobile_4g_overall_gini_high"].value

    assert bounds() == bounds(graine=0)
    assert bounds(graine=1) != bounds(graine=2)
    assert bounds(tirages=50) != bounds(tirages=60)


def test_negative_people_and_premises_are_refused(two):
    wrong = frame(SQUARES, habitants=[10.0, -5.0, 10.0, 10.0])
    with pytest.raises(
        InvalidValueError, match=r"«population».*«habitants» vaut -5 à la ligne 1 .*attendu : 0 ou plus"
    ):
        fibre_inequality(two, population=wrong, immeuble=homes("cible"))
    people = frame(SQUARES, habitants=[10.0] * 4)
    with pytest.raises(InvalidValueError, match=r"«immeuble».*«locaux» vaut -1"):
        fibre_inequality(two, population=people, immeuble=homes("cible", locaux=[-1.0]))


def test_theil_within_and_between_by_hand(two):
    people = frame(SQUARES, habitants=[50.0, 50.0, 50.0, 50.0])
    found = fibre_theil_parts(two, population=people, immeuble=homes("cible", "deploye", "deploye", "deploye"))
    # means 0.5 and 1, all over 0.75; shares of the fibre 1/3 and 2/3; Theil in A: ln 2
    assert found.values["fibre_theil_within"].tolist() == pytest.approx([np.log(2) / 3, 0.0])
    assert found.values["fibre_theil_between"].tolist() == pytest.approx([np.log(2 / 3) / 3, np.log(4 / 3) * 2 / 3])
    assert found.values["fibre_share_gap"].tolist() == pytest.approx([1 / 3 - 1 / 2, 2 / 3 - 1 / 2])
    assert found.overall["fibre_theil_total"].value == pytest.approx(np.log(4 / 3))


def test_rates_by_commune_tell_nothing_of_what_is_within(two):
    people = frame(SQUARES, habitants=[50.0] * 4)
    rates = frame(two.geometry.array, taux_fibre=[0.5, 1.0])
    found = fibre_theil_parts(two, population=people, couverture_fixe=rates)
    assert found.values["fibre_theil_within"].isna().all()
    assert (found.known_share["fibre_theil_within"] == 0).all()
    assert np.isnan([found.overall[name].value for name in ("fibre_theil_total", "fibre_theil_within_total")]).all()
    assert found.overall["fibre_theil_between_total"].value == pytest.approx(np.log(2 / 3) / 3 + np.log(4 / 3) * 2 / 3)
    with pytest.raises(MissingColumnError, match="il faut taux_fibre"):
        fibre_theil_parts(two, population=people, couverture_fixe=rates.drop(columns="taux_fibre"))
    with pytest.raises(InvalidValueError, match=r"«taux_fibre» vaut 1\.2 .*attendu : de 0 à 1"):
        fibre_theil_parts(two, population=people, couverture_fixe=rates.assign(taux_fibre=[1.2, 1.0]))
