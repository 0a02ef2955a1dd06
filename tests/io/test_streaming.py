from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point

from territoire_sig.errors import MissingColumnError, MissingFileError, UnreadableLayerError
from territoire_sig.io import streaming
from territoire_sig.io.streaming import inspect, stream_features


@pytest.fixture
def path(tmp_path):
    """Seven points on a line, ten metres apart, the last one without geometry."""
    shapes = [Point(900_000 + 10 * i, 6_450_000, i) for i in range(6)] + [None]
    frame = gpd.GeoDataFrame({"n": range(7), "nom": [f"é{i}" for i in range(7)]}, geometry=shapes, crs=2154)
    frame.to_file(tmp_path / "a.gpkg", layer="points")
    return tmp_path / "a.gpkg"


@pytest.fixture(params=["fiona", "pyogrio"])
def engine(request, monkeypatch):
    if request.param == "pyogrio":
        monkeypatch.setattr(streaming, "find_spec", lambda _: None)
    else:
        pytest.importorskip("fiona", reason="fiona is not installed")
    return request.param


def test_inspect(path):
    schema = inspect(path)
    assert (schema.layer, schema.crs, schema.rows) == ("points", "EPSG:2154", 7)
    assert schema.geometry_type == "Point Z"
    assert list(schema.columns) == ["n", "nom"]


def test_features_come_a_few_at_a_time(path, engine):
    chunks = list(stream_features(path, chunk_rows=3))
    assert [len(chunk) for chunk in chunks] == [3, 3, 1]
    whole = pd.concat(chunks)
    assert whole.index.tolist() == list(range(7))
    assert whole["nom"].tolist() == [f"é{i}" for i in range(7)]
    assert whole.geometry.isna().tolist() == [False] * 6 + [True]
    assert not whole.has_z.any()
    assert chunks[0].crs.to_epsg() == 2154


def test_a_box_and_some_columns(path, engine):
    box = (900_005, 6_449_999, 900_035, 6_450_001)
    (chunk,) = stream_features(path, "points", bbox=box, columns=["n"])
    assert chunk["n"].tolist() == [1, 2, 3]
    assert chunk.columns.tolist() == ["n", "geometry"]
    assert list(stream_features(path, bbox=(0, 0, 1, 1))) == []


def test_only_what_is_asked_is_held(path, engine):
    features = stream_features(path, chunk_rows=2)
    assert len(next(features)) == 2
    features.close()


def test_refusals(path, tmp_path):
    with pytest.raises(MissingColumnError, match="colonnes absentes : rien ; colonnes présentes : n, nom"):
        list(stream_features(path, columns=["n", "rien"]))
    with pytest.raises(UnreadableLayerError, match=r"lecture refusée : .*zones"):
        inspect(path, "zones")
    with pytest.raises(MissingFileError, match="n'existe pas"):
        inspect(tmp_path / "rien.gpkg")
    (tmp_path / "a.geojson").write_text("no")
    with pytest.raises(UnreadableLayerError, match="lecture refusée"):
        inspect(tmp_path / "a.geojson")


def test_several_layers_ask_which(path, squares):
    squares.to_file(path, layer="zones")
    with pytest.raises(UnreadableLayerError, match="il faut une couche, et il y en a 2 : points, zones"):
        inspect(path)
    assert inspect(path, "zones").rows == 2


@pytest.mark.real
def test_megeve(shared_data, engine):
    path = shared_data / "urbanism" / "megeve_74173" / "ZONE_URBA.shp"
    chunks = list(stream_features(path, chunk_rows=100))
    assert [len(chunk) for chunk in chunks] == [100, 100, 41]
    whole = gpd.read_file(path)
    assert sum(chunk.area.sum() for chunk in chunks) == pytest.approx(whole.area.sum(), rel=1e-12)
