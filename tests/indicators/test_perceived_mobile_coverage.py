"""Perceived and theoretical coverage: shapes one can draw, values by head."""

import geopandas as gpd
import numpy as np
import pytest
from shapely import Point, box

from territoire_sig.indicators.perceived_mobile_coverage import perceived_mobile_coverage


@pytest.fixture
def units():
    shapes = [box(0, 0, 10, 10), box(10, 0, 20, 10)]
    return gpd.GeoDataFrame({"nom_unite": ["Un", "Deux"]}, geometry=shapes, index=["A", "B"], crs=2154)


def said(*rows):
    columns = {
        "couvert": [row[1] for row in rows],
        "operateur": [row[2] for row in rows],
        "techno": [row[3] for row in rows],
    }
    layer = gpd.GeoDataFrame(columns, geometry=[Point(row[0], 5) for row in rows], crs=2154)
    return layer.astype({"couvert": "boolean"})


def cover(*rows):
    columns = {"operateur": [row[1] for row in rows], "techno": [row[2] for row in rows], "niveau": ["TBC"] * len(rows)}
    return gpd.GeoDataFrame(columns, geometry=[box(*row[0]) for row in rows], crs=2154)


WEST = ((0, 0, 5, 10), "Orange", "4G")


def classes(units, layer, *maps):
    found = perceived_mobile_coverage(units, couverture_percue=layer, couverture_mobile=cover(*maps))
    return found, found.map["classe"].tolist()


def test_each_kind_of_declaration_has_its_class(units):
    layer = said(
        (1, True, None, None),
        (2, False, None, None),
        (8, False, None, None),
        (9, True, None, None),
        (3, None, None, None),
    )
    found, drawn = classes(units, layer, WEST)
    assert drawn == ["couvert", "zone_blanche_contestee", "zone_blanche", "couvert_hors_carte", "inconnu"]
    assert found.values.loc["A"].tolist() == [5, 2, 0.5, 0.5, 0]
    assert found.known_share.loc["A"].tolist() == [1, 0.8, 1, 0.8, 0.8]
    assert found.values.loc["B"].fillna(-1).tolist() == [0, 0, -1, -1, -1]


def test_a_declaration_is_compared_with_its_operator_and_technology(units):
    layer = said(
        (1, False, "orange", "4G"), (1, False, "20810", "4G"), (1, False, "Orange", "2G"), (1, False, "SFR", None)
    )
    _, drawn = classes(units, layer, WEST, ((10, 0, 20, 10), "SFR", "4G"), ((10, 0, 20, 10), "Orange", "2G3G"))
    assert drawn == ["zone_blanche_contestee", "zone_blanche", "zone_blanche", "zone_blanche"]


def test_what_the_maps_do_not_name_is_not_compared(units):
    layer = said((1, False, "Orange", "5G"), (1, False, "Bouygues Telecom", None), (1, False, "Orange", "fibre"))
    found, drawn = classes(units, layer, WEST)
    assert drawn == ["inconnu"] * 3
    assert found.values.loc["A"].fillna(-1).tolist() == [3, 3, -1, -1, -1]


def test_a_map_that_does_not_tell_its_technology_leaves_the_point_in_doubt(units):
    _, drawn = classes(
        units,
        said((1, False, "Orange", "4G"), (8, False, "Orange", "4G")),
        ((0, 0, 5, 10), "Orange", None),
        ((15, 0, 20, 10), "Orange", "4G"),
    )
    assert drawn == ["inconnu", "zone_blanche"]


def test_one_and_the_same_answer_everywhere_has_no_kappa(units):
    found, _ = classes(units, said((1, True, None, None), (2, True, None, None)), WEST)
    assert found.values.loc["A", "perceived_agreement_share"] == 1
    assert np.isnan(found.values.loc["A", "perceived_kappa"])


def test_declarations_out_of_the_territory_are_not_counted(units):
    found, _ = classes(units, said((1, True, None, None), (99, False, None, None)), WEST)
    assert found.overall["all_perceived_count"].value == 1
    assert found.overall["all_perceived_dead_count"].value == 0
