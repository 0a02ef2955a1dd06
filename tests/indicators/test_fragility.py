"""Fragility: components and index, distance to help, clusters; shapes one can draw, unknowns and errors."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from territoire_sig.errors import InvalidValueError, ParameterError
from territoire_sig.indicators.digital_fragility_index import COMPONENTS, digital_fragility_index
from territoire_sig.indicators.fragility_clusters import ANALYSIS as CLUSTERS
from territoire_sig.indicators.fragility_clusters import fragility_clusters
from territoire_sig.indicators.fragility_mediation_distance import fragility_mediation_distance, thirds

CRS = "EPSG:2154"
HALVES = [shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)]
COUNTS = {"habitants": [100.0, 50.0], "habitants_65plus": [25.0, 5.0], "menages": [40.0, 20.0]}


def frame(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


@pytest.fixture
def two():
    return gpd.GeoDataFrame(
        {"nom_unite": ["Ah", "Bé"]}, geometry=HALVES, index=pd.Index(["A", "B"], name="code_unite"), crs=CRS
    )


@pytest.fixture
def layers():
    """Unit A: 60 % without fibre, 10 % out of 4G, 25 % old, 20 % of few diplomas, 25 % poor; B is better off."""
    return {
        "population": frame(HALVES, **COUNTS, menages_pauvres=[10.0, 1.0]),
        "couverture_fixe": frame(HALVES, taux_fibre=[0.4, 1.0]),
        "couverture_mobile": frame([shapely.box(10, 0, 200, 100)], techno=["4G"]),
        "diplome": frame(HALVES, non_scolarises_15plus=[70.0, 40.0], peu_diplomes=[14.0, 4.0]),
    }


def test_index_by_hand(two, layers):
    found = digital_fragility_index(two, **layers)
    assert found.values.loc["A"].tolist() == pytest.approx([0.6, 0.1, 0.25, 0.2, 0.25, 4.2])
    assert found.values.loc["B"].tolist() == pytest.approx([0, 0, 0.1, 0.1, 0.05, 10 * (0.2 + 0.2 + 0.1) / 5])
    assert found.overall["fragility_index_mean"].value == pytest.approx((4.2 * 100 + 1.0 * 50) / 150)
    assert (found.known_share == 1).all(axis=None)


def test_published_poverty_comes_before_that_of_squares(two, layers):
    income = frame(HALVES, taux_pauvrete=[40.0, None])
    found = digital_fragility_index(two, **layers, revenu=income)
    assert found.values["fragility_poverty_share"].tolist() == pytest.approx([0.4, np.nan], nan_ok=True)
    # the two are never mixed: B, whose rate is secret, has neither a rate nor an index
    assert np.isnan(found.values.loc["B", "fragility_index"])
    assert found.known_share.loc["B", ["fragility_poverty_share", "fragility_index"]].tolist() == [0, 0]
    silent = digital_fragility_index(two, **layers, revenu=frame(HALVES, taux_pauvrete=[None, None]))
    assert silent.values["fragility_poverty_share"].tolist() == [0.25, 0.05]


def test_an_unknown_component_leaves_the_index_unknown_unless_it_weighs_nothing(two, layers):
    without = layers | {"diplome": None}
    found = digital_fragility_index(two, **without)
    assert found.values["fragility_index"].isna().all()
    assert found.values.loc["A", list(COMPONENTS)[:3]].tolist() == pytest.approx([0.6, 0.1, 0.25])
    assert np.isnan(found.overall["fragility_index_mean"].value)
    asked = digital_fragility_index(two, **without, poids_peu_diplomes=0.0)
    assert asked.values.loc["A", "fragility_index"] == pytest.approx(10 * (0.6 + 0.1 + 0.5 + 0.5) / 4)


def test_bounds_and_weights(two, layers):
    found = digital_fragility_index(two, **layers, haut_65plus=0.2, poids_sans_thd=3.0)
    # 25 % old is above the bound of 20 %: it counts 1
    assert found.values.loc["A", "fragility_index"] == pytest.approx(10 * (3 * 0.6 + 0.1 + 1 + 0.4 + 0.5) / 7)


def test_reference_of_the_territory(two, layers):
    found = digital_fragility_index(two, **layers, reference="territoire")
    assert found.values["fragility_index"].tolist() == [10.0, 0.0]
    alike = digital_fragility_index(
        two, **(layers | {"couverture_fixe": frame(HALVES, taux_fibre=[0.4, 0.4])}), reference="territoire"
    )
    assert alike.values["fragility_index"].isna().all()


def test_people_weigh_the_components_of_a_unit(layers):
    one = gpd.GeoDataFrame({"nom_unite": ["Tout"]}, geometry=[shapely.box(0, 0, 200, 100)], index=["T"], crs=CRS)
    found = digital_fragility_index(one, **layers).values.loc["T"]
    assert found["fragility_no_fibre_share"] == pytest.approx(0.6 * 100 / 150)
    assert found["fragility_65plus_share"] == pytest.approx(30 / 150)
    assert found["fragility_poverty_share"] == pytest.approx(11 / 60)


@pytest.mark.parametrize(
    ("role", "changed", "words"),
    [
        ("population", {"habitants": [-1.0, 50.0]}, r"«population».*«habitants» vaut -1 à la ligne 0"),
        (
            "population",
            {"habitants_65plus": [200.0, 5.0]},
            r"«population».*habitants_65plus dépasse habitants : 200 pour 100",
        ),
        ("population", {"menages_pauvres": [41.0, 1.0]}, r"«population».*menages_pauvres dépasse menages : 41 pour 40"),
        ("diplome", {"peu_diplomes": [14.0, 41.0]}, r"«diplome».*1 ligne\(s\) où peu_diplomes dépasse .* : 41 pour 40"),
        (
            "couverture_fixe",
            {"taux_fibre": [40.0, 1.0]},
            r"«couverture_fixe».*«taux_fibre» vaut 40 .*attendu : de 0 à 1",
        ),
    ],
)
def test_wrong_numbers_are_refused(two, layers, role, changed, words):
    with pytest.raises(InvalidValueError, match=words):
        digital_fragility_index(two, **(layers | {role: layers[role].assign(**changed)}))


def test_no_weight_at_all_is_refused(two, layers):
    words = ("sans_thd", "sans_4g", "65plus", "peu_diplomes", "pauvrete")
    with pytest.raises(ParameterError, match="les cinq poids valent 0"):
        digital_fragility_index(two, **layers, **{f"poids_{word}": 0.0 for word in words})


def strip():
    """A unit of 10 km, three squares of 100 m at 50, 1 050 and 5 050 m of the help."""
    unit = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 10_000, 100)], index=["U"], crs=CRS)
    squares = [shapely.box(x, 0, x + 100, 100) for x in (0, 1000, 5000)]
    return unit, frame(squares, habitants=[60.0, 30.0, 10.0]), frame([shapely.Point(0, 50)])


def test_distance_classes_by_hand():
    unit, people, place = strip()
    index = frame([shapely.box(0, 0, 1050, 100), shapely.box(1050, 0, 10_000, 100)], indice=[3.0, 8.0])
    found = fragility_mediation_distance(unit, population=people, fragilite=index, mediation=place)
    told = found.values.loc["U"]
    assert told["mediation_mean_distance_m"] == pytest.approx((60 * 50 + 30 * 1050 + 10 * 5050) / 100)
    assert told[["fragile_far_inhabitants", "fragile_far_share"]].tolist() == [10.0, 0.1]
    classes = found.map.set_index("distance_m")["classe"]
    # the second square lies half on 3 and half on 8: 5.5
    assert classes.to_dict() == {
        50.0: "peu_fragile_pres",
        1050.0: "assez_fragile_a_distance",
        5050.0: "tres_fragile_loin",
    }
    table = found.tables["fragility_distance"].set_index(["fragility_class", "distance_class"])["class_inhabitants"]
    assert table[[("peu_fragile", "pres"), ("assez_fragile", "a_distance"), ("tres_fragile", "loin")]].tolist() == [
        60,
        30,
        10,
    ]
    assert table.sum() == 100


def test_a_place_at_a_threshold_is_in_the_class_above():
    unit, people, place = strip()
    index = frame(unit.geometry.array, indice=[6.0])
    found = fragility_mediation_distance(
        unit, population=people, fragilite=index, mediation=place, distance_forte_m=5050.0
    )
    assert found.values.loc["U", "fragile_far_inhabitants"] == 10.0


def test_thirds_of_the_people():
    unit, people, place = strip()
    index = frame(unit.geometry.array, indice=[2.0])
    found = fragility_mediation_distance(unit, population=people, fragilite=index, mediation=place, seuils="terciles")
    # all have the same index: one class; of distance, 60 of 100 people are nearer than 1 050 m, 90 than 5 050 m
    assert found.map["classe"].tolist() == ["peu_fragile_pres", "peu_fragile_a_distance", "peu_fragile_loin"]
    # a value is in the last third when two thirds of the people have less
    assert thirds(pd.Series([1.0, 2.0, 3.0, 4.0]), pd.Series([2.0, 1.0, 1.0, 2.0])) == (2.0, 4.0)
    assert thirds(pd.Series([1.0, 2.0, 2.0, 3.0]), pd.Series([1.0, 1.0, 1.0, 1.0])) == (3.0, 3.0)
    assert thirds(pd.Series([5.0, 5.0]), pd.Series([1.0, 1.0])) == (np.inf, np.inf)
    assert np.isnan(thirds(pd.Series([5.0]), pd.Series([0.0]))).all()


def test_fragility_unknown_is_shown_and_counted():
    unit, people, place = strip()
    index = frame([shapely.box(0, 0, 900, 100), shapely.box(900, 0, 10_000, 100)], indice=[7.0, None])
    found = fragility_mediation_distance(unit, population=people, fragilite=index, mediation=place)
    # the squares are 3 % of the unit, and 60 of their 100 people live where the index is known
    assert found.known_share.loc["U"].tolist() == pytest.approx([0.03, 0.018, 0.018])
    assert found.map["classe"].tolist() == ["tres_fragile_pres", "inconnu", "inconnu"]
    assert found.values.loc["U", "fragile_far_inhabitants"] == 0


def test_thresholds_must_grow():
    unit, people, place = strip()
    index = frame(unit.geometry.array, indice=[2.0])
    with pytest.raises(ParameterError, match="fragilite_moyenne vaut 7, au-dessus de fragilite_forte qui vaut 6"):
        fragility_mediation_distance(unit, population=people, fragilite=index, mediation=place, fragilite_moyenne=7.0)
    with pytest.raises(InvalidValueError, match=r"«indice» vaut 11 .*attendu : de 0 à 10"):
        fragility_mediation_distance(unit, population=people, fragilite=index.assign(indice=11.0), mediation=place)


@pytest.fixture
def board():
    """Eight by eight units: fragile in the south-west, not elsewhere, but for one in the north-east."""
    shapes = [shapely.box(10 * x, 10 * y, 10 * x + 10, 10 * y + 10) for y in range(8) for x in range(8)]
    names = [f"{x}{y}" for y in range(8) for x in range(8)]
    index = pd.Index(names, name="code_unite")
    units = gpd.GeoDataFrame({"nom_unite": names}, geometry=shapes, index=index, crs=CRS)
    scores = [8.0 + (x + y) / 100 if x < 3 and y < 3 else 2.0 + (x * y) / 100 for y in range(8) for x in range(8)]
    scores[names.index("66")] = 9.0
    return units, frame(shapes, indice=scores)


def test_clusters_by_eye(board):
    units, index = board
    found = fragility_clusters(units, fragilite=index, correction="aucune")
    classes = found.map.set_index("code_unite")["classe"]
    assert classes[["00", "01", "10", "11"]].tolist() == ["haut_haut"] * 4
    assert found.values.loc["00", "fragility_cluster_code"] == 1.0
    assert found.values.loc["66", "fragility_local_moran"] < 0
    assert found.overall["fragility_moran"].value > 0.4
    assert found.overall["fragility_moran_p"].value == pytest.approx(2 / 1000)
    corrected = fragility_clusters(units, fragilite=index)
    assert (corrected.values["fragility_local_p"] >= found.values["fragility_local_p"]).all()
    assert corrected.values["fragility_local_moran"].equals(found.values["fragility_local_moran"])


def test_neighbours_and_seed_are_those_asked(board):
    units, index = board
    by_touch, by_four = (
        fragility_clusters(units, fragilite=index, voisinage=word, voisins=4.0).values["fragility_local_moran"]
        for word in ("contiguite", "plus_proches")
    )
    assert not by_touch.equals(by_four)
    seeds = [
        fragility_clusters(units, fragilite=index, graine=seed, correction="aucune").values["fragility_local_p"]
        for seed in (0.0, 0.0, 1.0)
    ]
    assert seeds[0].equals(seeds[1])
    assert not seeds[0].equals(seeds[2])


def test_units_apart_touch_within_the_tolerance(two):
    apart = two.set_geometry(two.geometry.scale(0.99, 1))
    index = frame(HALVES, indice=[2.0, 8.0])
    alone = fragility_clusters(apart, fragilite=index)
    assert alone.values["fragility_local_moran"].isna().all()
    assert alone.map["classe"].tolist() == ["inconnu"] * 2
    assert alone.values["fragility_mean"].tolist() == [2.0, 8.0]
    beside = fragility_clusters(apart, fragilite=index, tolerance_m=1.5)
    assert beside.values["fragility_local_moran"].tolist() == pytest.approx([-0.5, -0.5])


def test_people_weigh_the_mean_of_a_unit(two):
    index = frame([shapely.box(0, 0, 50, 100), shapely.box(50, 0, 200, 100)], indice=[8.0, 2.0])
    by_area = fragility_clusters(two, fragilite=index)
    assert by_area.values["fragility_mean"].tolist() == [5.0, 2.0]
    people = frame([shapely.box(0, 0, 50, 100), shapely.box(50, 0, 100, 100)], habitants=[90.0, 10.0])
    by_people = fragility_clusters(two, fragilite=index, population=people)
    assert by_people.values["fragility_mean"].tolist() == pytest.approx([7.4, np.nan], nan_ok=True)
    assert by_people.overall["fragility_moran"].known_share == 0.5


def test_a_sliver_of_the_next_commune_is_not_taken_for_the_rate_of_a_place(two):
    index = frame([shapely.box(0, 0, 100.001, 100), shapely.box(100.001, 0, 200, 100)], indice=[8.0, None])
    assert fragility_clusters(two, fragilite=index).values["fragility_mean"].isna().tolist() == [False, True]
    people = frame(HALVES, habitants=[10.0, 10.0])
    found = fragility_clusters(two, fragilite=index, population=people)
    assert found.values["fragility_mean"].isna().tolist() == [False, True]


def test_choices_are_checked_by_the_declaration(board):
    units, index = board
    with pytest.raises(ParameterError, match="voisinage"):
        CLUSTERS(units, layers={"fragilite": index}, voisinage="tour")
