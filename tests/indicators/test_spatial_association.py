"""Neighbours and spatial association, against libpysal and esda, closed forms and shapes one can draw."""

import warnings

import esda
import geopandas as gpd
import libpysal
import numpy as np
import pytest
import shapely
from statsmodels.stats.multitest import multipletests

from territoire_sig.errors import ParameterError
from territoire_sig.indicators.neighbours import Neighbours, contiguity, k_nearest
from territoire_sig.indicators.resampling import pseudo_p
from territoire_sig.indicators.spatial_association import (
    adjusted,
    clusters,
    getis_ord_star,
    lee,
    local_lee,
    local_moran,
    moran,
)

NAN = float("nan")


def grid(columns, rows):
    """Squares of 10 m, row by row."""
    shapes = [shapely.box(10 * x, 10 * y, 10 * x + 10, 10 * y + 10) for y in range(rows) for x in range(columns)]
    return gpd.GeoDataFrame(geometry=shapes, crs="EPSG:2154")


def as_libpysal(links):
    pairs = {place: [] for place in range(links.count)}
    for place, other in zip(links.place.tolist(), links.neighbour.tolist(), strict=True):
        pairs[place].append(other)
    return libpysal.weights.W(pairs, silence_warnings=True)


@pytest.fixture(scope="module")
def squares():
    return grid(9, 7)


@pytest.fixture(scope="module")
def links(squares):
    return contiguity(squares)


@pytest.fixture(scope="module")
def values():
    generator = np.random.default_rng(7)
    smooth = np.add.outer(np.arange(7.0), np.arange(9.0)).ravel()
    return smooth + generator.normal(0, 2, 63)


def test_queens_neighbours_are_those_of_libpysal(squares, links):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        judge = libpysal.weights.Queen.from_dataframe(squares, use_index=False)
    assert {place: set(found) for place, found in judge.neighbors.items()} == {
        place: set(links.neighbour[links.place == place].tolist()) for place in range(links.count)
    }


def test_nearest_neighbours_are_those_of_libpysal():
    generator = np.random.default_rng(4)
    points = gpd.GeoSeries(gpd.points_from_xy(*generator.uniform(0, 100, (2, 60))), crs=2154)
    judge = libpysal.weights.KNN.from_array(shapely.get_coordinates(points.to_numpy()), k=4)
    found = k_nearest(points, 4)
    assert {place: set(near) for place, near in judge.neighbors.items()} == {
        place: set(found.neighbour[found.place == place].tolist()) for place in range(60)
    }


def test_polygons_that_share_a_side_without_a_corner_touch():
    shapes = gpd.GeoSeries([shapely.box(0, 0, 10, 30), shapely.box(10, 10, 20, 20)], crs=2154)
    assert contiguity(shapes).cardinalities.tolist() == [1, 1]


def test_a_gap_is_bridged_by_the_tolerance_alone():
    shapes = gpd.GeoSeries([shapely.box(0, 0, 10, 10), shapely.box(10.5, 0, 20, 10)], crs=2154)
    assert contiguity(shapes).cardinalities.tolist() == [0, 0]
    assert contiguity(shapes, tolerance_m=1).cardinalities.tolist() == [1, 1]


def test_nearest_at_one_distance_do_not_hang_on_the_order():
    points = gpd.GeoSeries(gpd.points_from_xy([0, 10, -10, 0, 0], [0, 0, 0, 10, -10]), crs=2154)
    found = k_nearest(points, 1)
    assert found.neighbour[found.place == 0].tolist() == [2]
    turned = k_nearest(points.iloc[::-1].reset_index(drop=True), 1)
    assert turned.neighbour[turned.place == 4].tolist() == [2]
    assert k_nearest(points.iloc[:1], 3).cardinalities.tolist() == [0]
    assert k_nearest(points.iloc[:2], 3).cardinalities.tolist() == [1, 1]
    with pytest.raises(ParameterError, match="k vaut 0 ; attendu : 1 ou plus"):
        k_nearest(points, 0)


def test_moran_as_esda_tells_it(values, links):
    judge = esda.Moran(values, as_libpysal(links), permutations=999)
    found, p_value = moran(values, links, permutations=999, seed=1)
    assert found == pytest.approx(judge.I, rel=1e-9)
    assert p_value == pytest.approx(2 * judge.p_sim, abs=0.01)


def test_p_values_of_esdas_own_draws_are_twice_its_own(values, links):
    judges = [esda.Moran(column, as_libpysal(links), permutations=199) for column in (values, values[::-1] % 1)]
    for judge in judges:
        assert pseudo_p(np.array([judge.I]), judge.sim[None, :])[0] == pytest.approx(min(2 * judge.p_sim, 1))


@pytest.mark.parametrize("beside", [contiguity, lambda places: k_nearest(places, 3)])
def test_p_values_do_not_hang_on_the_order_of_the_rows(squares, beside):
    generator = np.random.default_rng(3)
    table = squares.iloc[:35].assign(x=generator.normal(size=35), y=generator.normal(size=35))
    table.loc[4, "x"] = NAN
    found = set()
    for _ in range(6):
        links = beside(table)
        found.add((moran(table["x"], links, seed=1)[1], lee(table["x"], table["y"], links, seed=1)[1]))
        table = table.sample(frac=1, random_state=generator)
    assert len(found) == 1
    assert 0.1 < min(found.copy().pop()) < 0.9


def test_local_moran_as_esda_tells_it(values, links):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        judge = esda.Moran_Local(values, as_libpysal(links), permutations=9999, seed=5)
    expected = np.minimum(2 * judge.p_sim, 1)  # of one side, in this version
    found = local_moran(values, links, permutations=9999, seed=5)
    assert found["statistic"].to_numpy() == pytest.approx(judge.Is, rel=1e-9, abs=1e-9)
    assert np.abs(found["p_value"] - expected).max() < 0.04
    assert (np.abs(found["p_value"] - expected) < 0.015).mean() > 0.8
    named = {1: "haut_haut", 2: "bas_haut", 3: "bas_bas", 4: "haut_bas"}
    told = clusters(found["value"], found["lag"], np.zeros(63))
    assert told.tolist() == [named[quarter] for quarter in judge.q]


def test_getis_ord_as_esda_tells_it(values, links):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        judge = esda.G_Local(values, as_libpysal(links), transform="B", star=True, permutations=9999, seed=5)
    found = getis_ord_star(values, links, permutations=9999, seed=5)
    assert found["statistic"].to_numpy() == pytest.approx(judge.Zs, rel=1e-9, abs=1e-9)
    assert found["p_normal"].to_numpy() == pytest.approx(2 * judge.p_norm, rel=1e-9, abs=1e-12)
    assert np.abs(found["p_value"] - np.minimum(2 * judge.p_sim, 1)).max() < 0.04


def test_lee_as_esda_tells_it(values, links):
    other = np.random.default_rng(9).normal(0, 1, 63) - values
    matrix = np.asarray(links.standardised().matrix().todense())
    judge = esda.Spatial_Pearson(matrix, permutations=99).fit(values[:, None], other[:, None])
    found, p_value = lee(values, other, links, permutations=999, seed=2)
    assert found == pytest.approx(judge.association_[0, 1], rel=1e-9)
    assert p_value <= 0.01
    local = local_lee(values, other, links, permutations=99)
    assert local["statistic"].sum() / 63 == pytest.approx(found, rel=1e-9)
    scores = [(one - one.mean()) / one.std() for one in (values, other)]
    assert local["statistic"].to_numpy() == pytest.approx((matrix @ scores[0]) * (matrix @ scores[1]), rel=1e-9)


def test_p_values_are_those_of_every_possible_draw():
    """Of five places, the neighbours that can be drawn are few: a pseudo p-value tends to their exact share."""
    row = contiguity(grid(5, 1))
    found = local_moran([5.0, 4.0, 1.0, 0.0, 2.0], row, permutations=20_000, seed=3)
    # the first has one neighbour, drawn among 4, 1, 0 and 2: one draw in four is as high as 4
    assert found["p_value"].iloc[0] == pytest.approx(2 / 4, abs=0.01)
    # the second lies between 5 and 1, sum 6; pairs of 5, 1, 0, 2: 6, 5, 7, 1, 3, 2: two in six reach 6
    assert found["p_value"].iloc[1] == pytest.approx(4 / 6, abs=0.01)


def test_lee_with_itself_keeps_the_value_of_the_place():
    row = contiguity(grid(3, 1)).with_self()
    x = [3.0, 0.0, 0.0]
    found = local_lee(x, x, row, permutations=2000, seed=1)
    z = (np.array(x) - 1) / np.std(x)
    assert found["first_lag"].tolist() == pytest.approx([(z[0] + z[1]) / 2, z.mean(), (z[1] + z[2]) / 2], abs=1e-12)
    assert found["p_value"].iloc[0] == 1.0  # its own value stays, and both neighbours that can be drawn are 0
    assert found["p_value"].iloc[2] == pytest.approx(1, abs=0.03)  # half of the draws on each side


def test_the_order_of_the_places_changes_nothing(squares, values):
    turn = np.random.default_rng(0).permutation(63)
    one, other = (
        (local_moran(told, contiguity(shapes), seed=8), getis_ord_star(told, contiguity(shapes), seed=8))
        for told, shapes in ((values, squares), (values[turn], squares.iloc[turn]))
    )
    for found, turned in zip(one, other, strict=True):
        assert turned.to_numpy() == pytest.approx(found.to_numpy()[turn], rel=1e-9, abs=1e-12)
    shuffled = contiguity(squares.iloc[turn])
    assert moran(values[turn], shuffled, seed=8) == pytest.approx(moran(values, contiguity(squares), seed=8))
    pairs = [lee(told, -told, near, seed=8) for told, near in ((values, contiguity(squares)), (values[turn], shuffled))]
    assert pairs[0] == pytest.approx(pairs[1])


def test_an_unknown_place_is_left_out_with_its_links():
    row = contiguity(grid(4, 1))
    found = local_moran([1.0, 2.0, NAN, 4.0], row, permutations=9)
    assert found["statistic"].isna().tolist() == [False, False, True, True]  # the last has lost its only neighbour
    assert found["value"].isna().tolist() == [False, False, True, False]
    assert found["lag"].iloc[0] == found["value"].iloc[1]
    alone = local_moran([1.0, 2.0], contiguity(grid(2, 1)), permutations=9)
    assert alone["p_value"].tolist() == [1.0, 1.0]


def test_the_same_value_everywhere_has_no_association():
    links = contiguity(grid(3, 1))
    for told in ([2.0, 2.0, 2.0], [0.1 + 0.2, 0.3, 0.3], [NAN, NAN, 1.0], [NAN] * 3):
        assert local_moran(told, links)["statistic"].isna().all()
        assert getis_ord_star(told, links)["statistic"].isna().all()
        assert np.isnan(moran(told, links)).all()
        assert np.isnan(lee(told, [1, 2, 3], links)).all()
        assert local_lee([1, 2, 3], told, links)["statistic"].isna().all()


def test_islands_and_places_beside_all():
    apart = Neighbours(3, np.array([], dtype=np.intp), np.array([], dtype=np.intp), np.array([]))
    assert np.isnan(moran([1.0, 2.0, 3.0], apart)).all()
    assert local_moran([1.0, 2.0, 3.0], apart)["statistic"].isna().all()
    alone = getis_ord_star([1.0, 2.0, 3.0], apart)
    assert alone["statistic"].tolist() == pytest.approx([-1.224745, 0, 1.224745], abs=1e-6)
    assert alone["p_value"].isna().all()
    beside_all = getis_ord_star([1.0, 2.0, 3.0], contiguity(grid(3, 1)))
    assert beside_all["statistic"].isna().tolist() == [False, True, False]


def test_adjusted_as_statsmodels_tells_it():
    drawn = np.random.default_rng(2).uniform(0, 0.2, 30)
    assert adjusted(drawn) == pytest.approx(multipletests(drawn, method="fdr_bh")[1], rel=1e-12)
    assert np.isnan(adjusted([NAN])).all()


def test_one_value_a_place_is_wanted(links):
    with pytest.raises(ParameterError, match=r"3 valeur\(s\) pour 63 lieu\(x\)"):
        local_moran([1.0, 2.0, 3.0], links)


def test_weights_of_all_sizes_are_kept():
    """A neighbour that counts twice: the lag leans to it, and the draws put each value under each weight."""
    links = Neighbours(3, np.array([0, 0, 1, 2]), np.array([1, 2, 0, 0]), np.array([3.0, 1.0, 1.0, 1.0]))
    found = local_moran([0.0, 1.0, 2.0], links, permutations=3000, seed=1)
    z = (np.array([0.0, 1.0, 2.0]) - 1) / np.std([0.0, 1.0, 2.0])
    assert found["lag"].iloc[0] == pytest.approx(0.75 * z[1] + 0.25 * z[2])
    assert found["p_value"].iloc[0] == 1.0  # 1 and 2 are drawn in one order or the other
