"""Bad input: a clear error in both languages, or a counted treatment; never a silent zero."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import GeometryCollection, LineString, MultiPoint, Point, Polygon, box

from overlay.drawing import BOW, layer
from territoire_sig import overlay
from territoire_sig.errors import CRSMismatchError, GeometryTypeError, InvalidValueError
from territoire_sig.texts import language

ZONES = layer(box(0, 0, 10, 10), box(10, 0, 20, 10), index=["U", "N"])
COVER = layer(box(4, 0, 15, 10), index=["a"], kind=["A"])
MEASURES = {
    "intersection_areas": overlay.intersection_areas,
    "covered_area": overlay.covered_area,
    "covered_share": overlay.covered_share,
    "crosstab": overlay.crosstab,
    "partition": overlay.partition,
    "pieces_inside": overlay.pieces_inside,
    "pieces_outside": overlay.pieces_outside,
    "intersect": overlay.intersect,
}
with np.errstate(invalid="ignore"):
    NOWHERE = shapely.from_wkt("POLYGON ((0 0, NaN 5, 5 5, 0 0))")
ENDLESS = Polygon([(0, 0), (np.inf, 0), (5, 5)])
BAD = {
    "cover_of_lines": (
        layer(LineString([(0, 0), (9, 9)])),
        GeometryTypeError,
        "les géométries sont : LineString ; attendu : des polygones",
        "geometries are: LineString; expected polygons",
    ),
    "cover_of_points": (
        layer(MultiPoint([(1, 1)])),
        GeometryTypeError,
        "les géométries sont : MultiPoint ; attendu : des polygones",
        "geometries are: MultiPoint; expected polygons",
    ),
    "cover_of_collections": (
        layer(GeometryCollection([box(0, 0, 5, 5), Point(9, 9)])),
        GeometryTypeError,
        "les géométries sont : GeometryCollection ; attendu : des polygones",
        "geometries are: GeometryCollection; expected polygons",
    ),
    "mixed_kinds": (
        layer(box(0, 0, 5, 5), Point(9, 9)),
        GeometryTypeError,
        "les géométries sont : Point, Polygon ; attendu : des polygones",
        "geometries are: Point, Polygon; expected polygons",
    ),
    "another_crs": (
        layer(box(0, 0, 5, 5), crs="EPSG:3857"),
        CRSMismatchError,
        "le système de coordonnées est EPSG:3857, celui de la couche «.+» est EPSG:2154",
        "the coordinate reference system is EPSG:3857, that of layer «.+» is EPSG:2154",
    ),
    "degrees": (
        layer(box(0, 0, 5, 5), crs="EPSG:4326"),
        CRSMismatchError,
        "est EPSG:4326 ; attendu : un système projeté en mètres",
        "is EPSG:4326; expected a projected one in metres",
    ),
    "no_crs": (
        layer(box(0, 0, 5, 5), crs=None),
        CRSMismatchError,
        "est absent ; attendu : un système projeté en mètres",
        "is missing; expected a projected one in metres",
    ),
    "not_a_number": (
        layer(box(0, 0, 5, 5), NOWHERE),
        InvalidValueError,
        "coordonnée non finie sur 1 entité.* parmi 2, la première à l'index 1",
        "coordinate that is not finite in 1 of 2 feature.*, the first at index 1",
    ),
    "infinite": (
        layer(ENDLESS, box(0, 0, 5, 5)),
        InvalidValueError,
        "coordonnée non finie sur 1 entité.* parmi 2, la première à l'index 0",
        "coordinate that is not finite in 1 of 2 feature.*, the first at index 0",
    ),
    "null": (
        layer(None, box(0, 0, 5, 5)),
        InvalidValueError,
        "géométrie nulle sur 1 entité.* parmi 2, la première à l'index 0",
        "null geometry in 1 of 2 feature.*, the first at index 0",
    ),
    "invalid": (
        layer(box(0, 0, 5, 5), BOW),
        InvalidValueError,
        r"géométrie invalide sur 1 entité.* à l'index 1 \(Self-intersection\[1 1\]\)",
        r"invalid geometry in 1 of 2 feature.* at index 1 \(Self-intersection\[1 1\]\)",
    ),
}


@pytest.mark.parametrize("tongue", ["fr", "en"])
@pytest.mark.parametrize("fault", BAD)
@pytest.mark.parametrize("name", MEASURES)
def test_a_bad_cover_is_refused(name, fault, tongue):
    cover, error, *messages = BAD[fault]
    with language(tongue), pytest.raises(error, match=messages[tongue == "en"]):
        MEASURES[name](ZONES, cover)


@pytest.mark.parametrize("tongue", ["fr", "en"])
@pytest.mark.parametrize("fault", ["not_a_number", "infinite", "null", "invalid"])
@pytest.mark.parametrize("name", MEASURES)
def test_bad_zones_are_refused(name, fault, tongue):
    zones, error, *messages = BAD[fault]
    with language(tongue), pytest.raises(error, match=messages[tongue == "en"]):
        MEASURES[name](zones, COVER)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4171", None])
@pytest.mark.parametrize("name", MEASURES)
def test_both_layers_in_degrees_are_refused(name, crs):
    zones, cover = (frame.set_crs(crs, allow_override=True) for frame in (ZONES, COVER))
    with pytest.raises(CRSMismatchError, match="attendu : un système projeté en mètres"):
        MEASURES[name](zones, cover)


@pytest.mark.parametrize(
    ("tongue", "message"),
    [("fr", "l'index 7 désigne plusieurs entités"), ("en", "index 7 stands for several features")],
)
@pytest.mark.parametrize("name", [name for name in MEASURES if not name.startswith("pieces")])
def test_an_index_that_stands_for_two_zones_is_refused(name, tongue, message):
    zones = ZONES.set_index(np.array([7, 7]))
    with language(tongue), pytest.raises(InvalidValueError, match=message):
        MEASURES[name](zones, COVER)


def test_pieces_keep_an_index_that_stands_for_two():
    zones = ZONES.set_index(np.array([7, 7]))
    assert overlay.pieces_inside(zones, COVER).area.tolist() == [60.0, 50.0]
    assert overlay.pieces_outside(zones, COVER).area.tolist() == [40.0, 50.0]


def test_zones_that_overlap_are_each_measured_in_full():
    zones = layer(box(0, 0, 10, 10), box(5, 0, 15, 10), index=["U", "N"])
    assert overlay.covered_area(zones, COVER).to_dict() == {"U": 60.0, "N": 100.0}
    assert overlay.crosstab(zones, COVER).groupby("zone")["area_m2"].sum().to_dict() == {"N": 100.0, "U": 100.0}
    assert overlay.partition(zones, COVER).groupby("zone")["area_m2"].sum().to_dict() == {"N": 100.0, "U": 100.0}


def test_features_that_overlap_count_once_together_and_in_full_by_pair():
    cover = layer(box(0, 0, 5, 10), box(0, 0, 5, 10), index=["a", "b"])
    assert overlay.covered_area(ZONES, cover).to_dict() == {"U": 50.0, "N": 0.0}
    assert overlay.intersection_areas(ZONES, cover)["area_m2"].tolist() == [50.0, 50.0]


def test_empty_geometries_measure_zero_and_their_share_is_unknown():
    zones = layer(box(0, 0, 10, 10), Polygon(), index=["U", "void"])
    assert overlay.covered_area(zones, COVER).to_dict() == {"U": 60.0, "void": 0.0}
    assert np.isnan(overlay.covered_share(zones, COVER)["void"])
    assert overlay.covered_area(ZONES, layer(Polygon(), box(4, 0, 15, 10))).to_dict() == {"U": 60.0, "N": 50.0}


def test_repair_sets_aside_and_counts_what_measures_refuse():
    done = overlay.repair(layer(None, NOWHERE, ENDLESS, Polygon(), BOW, box(0, 0, 1, 1), index=list("abcdef")))
    assert done.set_aside["reason"].to_dict() == {"a": "null", "b": "non-finite", "c": "non-finite", "d": "empty"}
    assert list(done.repaired.index) == ["e"]
    assert len(done.frame) + len(done.set_aside) == 6
    assert overlay.covered_area(ZONES, done.frame)["U"] == 2.0 + 1.0 - 0.5


def test_no_cover_at_all_is_told_apart_from_a_cover_that_is_nowhere():
    nothing = gpd.GeoDataFrame(geometry=[], crs="EPSG:2154")
    assert overlay.covered_area(ZONES, nothing).tolist() == [0.0, 0.0]
    with pytest.raises(InvalidValueError, match="géométrie nulle"):
        overlay.covered_area(ZONES, layer(None, None))
