import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from shapely import LineString, Point, Polygon, box

from scale.layers import CRS, X, Y, flowers, layer, square, strip, tiles
from territoire_sig.errors import (
    CRSMismatchError,
    EmptyLayerError,
    GeometryTypeError,
    InvalidValueError,
    MissingFileError,
    UnreadableLayerError,
)
from territoire_sig.scale import partition_parquet, read_partitions
from territoire_sig.scale.partitions import RANK, together


def boxes(*shapes):
    return np.array([shape.bounds for shape in shapes])


def test_partitions_are_neighbours_with_their_bounds(tmp_path):
    corners = [(0, 0), (100, 100), (1, 1), (101, 101)]
    parts = partition_parquet(layer(*(square(x, y, x + 1, y + 1) for x, y in corners)), tmp_path / "z", 2)
    assert parts.rows == (2, 2)
    assert [(b[0] - X, b[1] - Y, b[2] - X, b[3] - Y) for b in parts.bounds] == [(0, 0, 2, 2), (100, 100, 102, 102)]
    assert [parts.read(number).index.tolist() for number in range(2)] == [[0, 2], [1, 3]]
    assert read_partitions(tmp_path / "z") == parts
    assert (parts.kind, parts.features, parts.cut) == ("polygon", 4, False)


def test_nothing_is_lost_nor_changed(tmp_path):
    given = tiles(7, 10.0, np.random.default_rng(1)).assign(n=range(49)).rename_axis("code")
    parts = partition_parquet(given, tmp_path / "z", 5)
    whole = pd.concat([parts.read(number) for number in range(len(parts.files))]).sort_values(RANK)
    assert sum(parts.rows) == 49
    assert_geodataframe_equal(whole.drop(columns=RANK), given, check_like=True)


def test_any_geoparquet_reader_reads_the_folder_with_its_spatial_partitions(tmp_path):
    dask_geopandas = pytest.importorskip("dask_geopandas")
    parts = partition_parquet(strip(6), tmp_path / "z", 2)
    read = dask_geopandas.read_parquet(str(tmp_path / "z" / "*.parquet"))
    assert read.spatial_partitions.total_bounds.tolist() == [X, Y, X + 60, Y + 10]
    assert len(read.compute()) == sum(parts.rows)


def test_near_gives_what_touches_in_the_order_of_the_layer(tmp_path):
    parts = partition_parquet(strip(8), tmp_path / "z", 1)
    found = parts.near(boxes(square(35, 2, 36, 3), square(70, 0, 71, 1)))
    assert found.index.tolist() == ["H", "G", "D"]  # 70 is the border of G and H
    assert parts.near(boxes(square(500, 0, 501, 1))).index.tolist() == []
    assert parts.at([7, 0]).index.tolist() == ["H", "A"]
    assert together(found, parts.at([0, 7])).index.tolist() == ["H", "G", "D", "A"]
    assert parts.near(np.full((1, 4), np.nan)).columns.tolist() == found.columns.tolist()


def test_near_is_not_fooled_by_bounds_of_a_bent_partition(tmp_path):
    parts = partition_parquet(strip(9), tmp_path / "z", 9)
    ends = boxes(square(0, 0, 1, 1), square(89, 0, 90, 1))
    assert sorted(parts.near(ends).index) == ["A", "I"]


def test_a_cut_cover_keeps_its_area_its_columns_and_the_rank_of_each_feature(tmp_path):
    cover = flowers(5, 1000.0, 2000, np.random.default_rng(2))
    parts = partition_parquet(cover, tmp_path / "c", 10, max_vertices=128)
    whole = pd.concat([parts.read(number) for number in range(len(parts.files))])
    assert parts.cut and parts.features == 5
    assert whole.geometry.count_coordinates().max() <= 200
    area = whole.area.groupby(whole[RANK]).sum()
    np.testing.assert_allclose(area, cover.area, rtol=1e-11)
    assert parts.attributes()["kind"].tolist() == cover["kind"].tolist()
    assert parts.attributes().index.tolist() == cover.index.tolist()


def test_points_lines_empty_geometries_and_another_geometry_column(tmp_path):
    points = layer(Point(X, Y), Point(), Point(X + 5, Y)).rename_geometry("lieu")
    parts = partition_parquet(points, tmp_path / "p", 1)
    assert parts.kind == "point"
    assert parts.bounds[2] is None and parts.read(2).index.tolist() == [1]
    assert parts.read(0).geometry.name == "geometry"
    lines = partition_parquet(layer(LineString([(X, Y), (X + 9, Y)])), tmp_path / "l", 1, max_vertices=16)
    assert (lines.kind, lines.cut) == ("line", False)


def test_a_file_is_read(tmp_path):
    strip(3).to_file(tmp_path / "z.gpkg")
    assert partition_parquet(tmp_path / "z.gpkg", tmp_path / "z", 2).rows == (2, 1)


def test_partitions_are_replaced_whole(tmp_path):
    partition_parquet(strip(8), tmp_path / "z", 1)
    partition_parquet(strip(2), tmp_path / "z", 1)
    assert sorted(path.name for path in (tmp_path / "z").iterdir()) == [
        "partition-0.parquet",
        "partition-1.parquet",
        "partitions.json",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["z"]


def test_a_failure_leaves_the_folder_as_it_was(tmp_path, monkeypatch):
    before = partition_parquet(strip(3), tmp_path / "z", 1)
    monkeypatch.setattr(gpd.GeoDataFrame, "to_parquet", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        partition_parquet(strip(5), tmp_path / "z", 1)
    assert read_partitions(tmp_path / "z") == before
    assert [path.name for path in tmp_path.iterdir()] == ["z"]


BOW = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])


@pytest.mark.parametrize(
    ("wrong", "error", "said"),
    [
        (layer(crs=CRS), EmptyLayerError, "aucune entité"),
        (layer(box(0, 0, 1, 1), crs=None), CRSMismatchError, "absent"),
        (layer(box(0, 0, 1, 1), crs=4326), CRSMismatchError, "EPSG:4326"),
        (layer(box(0, 0, 1, 1), Point(0, 0)), GeometryTypeError, "Point, Polygon"),
        (layer(box(0, 0, 1, 1), None), InvalidValueError, "géométrie nulle sur 1 entité"),
        (layer(Point(np.inf, 0)), InvalidValueError, "non finie"),
        (layer(BOW), InvalidValueError, "géométrie invalide"),
        (layer(box(0, 0, 1, 1), box(1, 0, 2, 1), index=["A", "A"]), InvalidValueError, "index A"),
    ],
)
def test_a_layer_that_cannot_be_measured_is_refused_at_once(tmp_path, wrong, error, said):
    with pytest.raises(error, match=said):
        partition_parquet(wrong, tmp_path / "z")
    assert not list(tmp_path.iterdir())


def test_wrong_files_and_folders_are_refused(tmp_path):
    with pytest.raises(MissingFileError, match=r"absent\.gpkg"):
        partition_parquet(tmp_path / "absent.gpkg", tmp_path / "z")
    with pytest.raises(MissingFileError, match="ne contient pas de partitions"):
        read_partitions(tmp_path)
    with pytest.raises(InvalidValueError, match="rows_per_partition vaut 0"):
        partition_parquet(strip(2), tmp_path / "z", 0)
    (tmp_path / "autre").mkdir()
    (tmp_path / "autre" / "these.odt").touch()
    with pytest.raises(UnreadableLayerError, match="contient déjà autre chose"):
        partition_parquet(strip(2), tmp_path / "autre")
    pd.DataFrame({"a": [1]}).to_csv(tmp_path / "table.csv", index=False)
    with pytest.raises(GeometryTypeError, match="pas de géométrie"):
        partition_parquet(tmp_path / "table.csv", tmp_path / "z")


def test_a_broken_list_or_a_file_gone_is_told(tmp_path):
    parts = partition_parquet(strip(3), tmp_path / "z", 1)
    (tmp_path / "z" / parts.files[1]).unlink()
    with pytest.raises(MissingFileError, match="partition 2 sur 3"):
        parts.read(1)
    (tmp_path / "z" / "partitions.json").write_text(json.dumps({"bounds": []}))
    with pytest.raises(UnreadableLayerError, match="liste de partitions"):
        read_partitions(tmp_path / "z")
