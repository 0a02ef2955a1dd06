"""Published results: those of polygon-clipping and of geopandas, found again by the engine alone."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import LineString, box

from robustness.corpus import ABSENT, FOLDER, geojson
from robustness.judge import CRS, EPSILON, layer, magnitude
from territoire_sig import overlay

UNREADABLE = {"rings-with-no-area", "three-triangles"}
CHOSEN = {
    "union": lambda there: there.any(axis=1),
    "all": lambda there: there.any(axis=1),
    "intersection": lambda there: there.all(axis=1),
    "difference": lambda there: there[:, 0] & ~there[:, 1:].any(axis=1),
    "xor": lambda there: there.sum(axis=1) % 2 == 1,
}


def published(corpus, pattern, wanted):
    """Return the files of a corpus as parameters."""
    files = [file for file in sorted((FOLDER / corpus).glob(pattern)) if wanted(file)]
    absent = pytest.param(None, marks=pytest.mark.skip(reason=ABSENT), id="corpus-absent")
    return [pytest.param(file, id=f"{file.parent.name}/{file.stem}") for file in files] or [absent]


@pytest.mark.real
@pytest.mark.parametrize(
    "file",
    published(
        "polygon_clipping",
        "*/*.geojson",
        lambda file: file.stem != "args" and file.parent.name not in UNREADABLE,
    ),
)
def test_polygon_clipping(file):
    shapes = geojson(file.parent / "args.geojson")
    layers = [layer([shape]) for shape in shapes]
    expected = sum(shape.area for shape in geojson(file))
    xmin, ymin, xmax, ymax = np.nan_to_num(shapely.total_bounds(np.array(shapes)))
    frame = gpd.GeoDataFrame(geometry=[box(xmin - 1, ymin - 1, xmax + 1, ymax + 1)], crs=CRS)
    table = overlay.crosstab(frame, *layers)
    there = table.filter(like="cover_").to_numpy(dtype=bool)
    found = table["area_m2"][CHOSEN[file.stem](there)].sum()
    rounding = 8 * EPSILON * magnitude(frame) * frame.length.sum()
    assert found == pytest.approx(expected, rel=1e-9, abs=rounding)


def areas(frame, *columns):
    """Return the area of each combination of columns, 0 for "not there"."""
    return frame.assign(area_m2=shapely.area(frame.geometry.to_numpy())).groupby(list(columns))["area_m2"].sum()


def expected_by(name, *columns):
    """Return the areas that geopandas publishes, once each; -1 stands for the layer that is not there."""
    file = FOLDER / "geopandas_overlay" / f"{name}.geojson"
    if not file.is_file():
        pytest.skip(ABSENT)
    found = gpd.read_file(file)
    found = found[~found.normalize().duplicated()]  # one union has the same row twice
    for column in set(columns) - set(found.columns):
        found[column] = -1
    flat = found.assign(**{column: found[column].fillna(-1).astype(int) for column in columns})
    total = areas(flat, *columns)
    return total[total > 0].to_dict()


def pair(folder, suffix=""):
    """Return both layers of a test of geopandas, indexed by col1 and col2."""
    if not FOLDER.is_dir():
        pytest.skip(ABSENT)
    files = (FOLDER / "geopandas_overlay" / folder / f"df{number}{suffix}.geojson" for number in (1, 2))
    return [gpd.read_file(file).set_crs(CRS, allow_override=True) for file in files]


def ours(one, other, how):
    """Return the areas by (col1, col2) of an overlay made of the engine's own measures."""
    one, other = one.set_index("col1", drop=False), other.set_index("col2", drop=False)
    common = overlay.intersection_areas(one, other).set_index(["zone", "cover"])["area_m2"].to_dict()
    left = {(key, -1): area for key, area in overlay.pieces_outside(one, other).area.items()}
    right = {(-1, key): area for key, area in overlay.pieces_outside(other, one).area.items()}
    return {
        "intersection": common,
        "difference": left,
        "identity": common | left,
        "symmetric_difference": left | right,
        "union": common | left | right,
    }[how]


@pytest.mark.real
@pytest.mark.parametrize("how", ["intersection", "difference", "symmetric_difference", "union"])
@pytest.mark.parametrize(
    ("folder", "prefix", "suffix"), [("polys", "df1_df2", ""), ("overlap", "df1_df2_overlap", "_overlap")]
)
def test_layers_of_geopandas(folder, prefix, suffix, how):
    expected = expected_by(f"{folder}/{prefix}-{how}", "col1", "col2")
    assert ours(*pair(folder, suffix), how) == pytest.approx(expected, rel=1e-9)


@pytest.mark.real
def test_the_other_difference_of_geopandas():
    one, other = pair("polys")
    expected = expected_by("polys/df1_df2-difference-inverse", "col2")
    assert overlay.pieces_outside(other.set_index("col2"), one).area.to_dict() == pytest.approx(expected, rel=1e-9)


SQUARES = gpd.GeoDataFrame({"col1": [1, 2]}, geometry=[box(1, 1, 3, 3), box(3, 3, 5, 5)], crs=CRS)
OTHERS = gpd.GeoDataFrame({"col2": [1, 2, 3]}, geometry=[box(1, 1, 3, 3), box(-1, 1, 1, 3), box(3, 3, 5, 5)], crs=CRS)
LINES = gpd.GeoDataFrame(
    {"col3": [1, 2]}, geometry=[LineString([(2, 0), (2, 4), (6, 4)]), LineString([(0, 3), (6, 3)])], crs=CRS
)


@pytest.mark.real
@pytest.mark.parametrize("keep", ["True", "False"])
@pytest.mark.parametrize("how", ["identity", "intersection", "symmetric_difference", "union"])
def test_strict_polygons_of_geopandas(how, keep):
    expected = expected_by(f"strict/polys_{how}_{keep}", "col1", "col2")
    assert ours(SQUARES, OTHERS, how) == pytest.approx(expected)


@pytest.mark.real
@pytest.mark.parametrize(
    ("file", "measure"),
    [("intersection", overlay.pieces_inside), ("difference", overlay.pieces_outside)],
)
def test_strict_lines_of_geopandas(file, measure):
    path = FOLDER / "geopandas_overlay" / "strict" / f"line_poly_{file}_True.geojson"
    if not path.is_file():
        pytest.skip(ABSENT)
    found = gpd.read_file(path).set_crs(CRS, allow_override=True)
    expected = found.length.groupby(found["col3"]).sum().to_dict()
    lines = LINES.set_index("col3")
    assert measure(lines, SQUARES).length.to_dict() == pytest.approx(expected)
