"""What every measure of the engine promises: inputs unchanged, index kept, and what it refuses, by message."""

from __future__ import annotations

import geopandas as gpd
import geopandas.testing
import numpy as np
import pytest
from shapely import GeometryCollection, LineString, Point, Polygon, box

import territoire_sig.overlay as engine
from overlay.drawing import BOW, layer
from territoire_sig.errors import CRSMismatchError, GeometryTypeError, InvalidValueError
from territoire_sig.texts import language

ZONES = layer(box(0, 0, 10, 10), box(10, 0, 20, 10), index=["U", "N"], people=[10.0, 20.0])
COVER = layer(box(4, 0, 8, 10), box(6, 0, 15, 10), index=["a", "b"], kind=["A", "B"])
LINES = layer(LineString([(-5, 5), (25, 5)]), index=["D1"])
POINTS = layer(Point(1, 1), Point(10, 5), index=["p", "q"])

# name, first layer (its index is kept, or told in the rows), second layer, options
MEASURES = [
    ("covered_area", ZONES, COVER, {}),
    ("covered_share", ZONES, COVER, {}),
    ("covered_length", LINES, COVER, {}),
    ("length_within", ZONES, LINES, {}),
    ("count_within", ZONES, POINTS, {}),
    ("within", POINTS, COVER, {}),
    ("assign_zone", POINTS, ZONES, {}),
    ("main_zone", COVER, ZONES, {}),
    ("nearest_distance", POINTS, ZONES, {}),
]
TABLES = [
    ("intersection_areas", ZONES, COVER, {}),
    ("crosstab", ZONES, COVER, {"by": "kind"}),
    ("partition", ZONES, COVER, {"by": "kind"}),
    ("pieces_inside", ZONES, COVER, {}),
    ("pieces_outside", ZONES, COVER, {}),
    ("intersect", ZONES, COVER, {}),
    ("interpolate", ZONES, COVER, {"extensive": ["people"]}),
]
ALL = MEASURES + TABLES
INDEXED = [row for row in ALL if row[0] not in ("pieces_inside", "pieces_outside", "interpolate", "nearest_distance")]


def call(name, first, second, options):
    """Call a measure of the engine by its name."""
    return getattr(engine, name)(first, second, **options)


def names(rows):
    """Return the names of measures, for the labels of tests."""
    return [row[0] for row in rows]


@pytest.mark.parametrize(("name", "first", "second", "options"), ALL, ids=names(ALL))
def test_inputs_are_unchanged(name, first, second, options):
    copies = first.copy(deep=True), second.copy(deep=True)
    call(name, first, second, options)
    for before, after in zip(copies, (first, second), strict=True):
        gpd.testing.assert_geodataframe_equal(before, after)


@pytest.mark.parametrize(("name", "first", "second", "options"), MEASURES, ids=names(MEASURES))
def test_the_index_is_kept_and_the_measure_has_a_name(name, first, second, options):
    found = call(name, first, second, options)
    assert found.index.equals(first.index)
    assert found.name


@pytest.mark.parametrize(("name", "first", "second", "options"), MEASURES, ids=names(MEASURES))
def test_the_order_of_rows_is_kept(name, first, second, options):
    turned = call(name, first[::-1], second, options)
    assert turned.index.equals(first.index[::-1])


@pytest.mark.parametrize(("name", "first", "second", "options"), ALL, ids=names(ALL))
def test_the_name_of_the_geometry_column_is_free(name, first, second, options):
    plain = call(name, first, second, options)
    renamed = call(name, first.rename_geometry("forme"), second.rename_geometry("the_geom"), options)
    assert len(plain.values if name == "interpolate" else plain) == len(
        renamed.values if name == "interpolate" else renamed
    )


@pytest.mark.parametrize(("name", "first", "second", "options"), ALL, ids=names(ALL))
def test_empty_layers_pass(name, first, second, options):
    call(name, first.iloc[:0], second, options)
    call(name, first, second.iloc[:0], options)


@pytest.mark.parametrize(("name", "first", "second", "options"), ALL, ids=names(ALL))
def test_another_crs_is_refused_with_both_names(name, first, second, options):
    other = second.set_crs("EPSG:3946", allow_override=True)
    with language("en"), pytest.raises(CRSMismatchError, match=r"is EPSG:3946, that of layer «\w+» is EPSG:2154"):
        call(name, first, other, options)


@pytest.mark.parametrize(("name", "first", "second", "options"), ALL, ids=names(ALL))
@pytest.mark.parametrize(("crs", "said"), [(None, "absent"), ("EPSG:4326", "EPSG:4326"), ("EPSG:2225", "EPSG:2225")])
def test_metres_are_needed(name, first, second, options, crs, said):
    message = f"le système de coordonnées est {said} ; attendu : un système projeté en mètres"
    with pytest.raises(CRSMismatchError, match=message):
        call(name, first.set_crs(crs, allow_override=True), second, options)


@pytest.mark.parametrize(("name", "first", "second", "options"), INDEXED, ids=names(INDEXED))
def test_an_index_that_stands_for_two_is_refused(name, first, second, options):
    twice = gpd.GeoDataFrame(layer(*first.geometry, *first.geometry, index=[7] * 2 * len(first)))
    with language("en"), pytest.raises(InvalidValueError, match=r"index 7 stands for several features"):
        call(name, twice.assign(people=1.0), second, options)


@pytest.mark.parametrize(("name", "first", "second", "options"), ALL, ids=names(ALL))
@pytest.mark.parametrize(
    ("shape", "said"),
    [(None, "null geometry"), (LineString([(0, 0), (np.inf, 1)]), "coordinate that is not finite")],
)
def test_what_is_nowhere_is_refused(name, first, second, options, shape, said):
    kind = second.geom_type.iloc[0]
    if shape is not None:
        shape = {"Polygon": Polygon([(0, 0), (np.inf, 0), (1, 1)]), "Point": Point(np.inf, 0)}.get(kind, shape)
    bad = layer(*second.geometry, shape, index=[*second.index, "bad"], kind="A")
    with language("en"), pytest.raises(InvalidValueError, match=f"{said} in 1 of .* at index bad"):
        call(name, first, bad, options)


POLYGONAL = [row for row in ALL if row[2] is COVER]


@pytest.mark.parametrize(("name", "first", "second", "options"), POLYGONAL, ids=names(POLYGONAL))
def test_an_invalid_polygon_is_refused_with_its_reason(name, first, second, options):
    bad = layer(BOW, kind=["A"])
    with language("en"), pytest.raises(InvalidValueError, match=r"\(Self-intersection\[1 1\]\); expected none"):
        call(name, first, bad, options)


@pytest.mark.parametrize(("name", "first", "second", "options"), POLYGONAL, ids=names(POLYGONAL))
def test_a_cover_of_points_is_refused(name, first, second, options):
    bad = layer(Point(0, 0), kind=["A"])
    with language("en"), pytest.raises(GeometryTypeError, match="geometries are: Point; expected polygons"):
        call(name, first, bad, options)


def test_mixed_kinds_are_refused_by_a_measure_that_depends_on_them():
    mixed = layer(Point(0, 0), box(0, 0, 1, 1), GeometryCollection([Point(0, 0)]))
    with language("en"), pytest.raises(GeometryTypeError, match="are: GeometryCollection, Point, Polygon; expected"):
        engine.main_zone(mixed, ZONES)


def test_heights_change_nothing():
    high = layer(Polygon([(4, 0, 99), (15, 0, 99), (15, 10, 99), (4, 10, 99)]))
    assert engine.covered_share(ZONES, high).tolist() == [0.6, 0.5]
    assert not engine.pieces_inside(high, ZONES).has_z.any()


def test_the_public_list_is_sorted_and_whole():
    assert engine.__all__ == sorted(engine.__all__)
    assert all(getattr(engine, name).__doc__ for name in engine.__all__)
