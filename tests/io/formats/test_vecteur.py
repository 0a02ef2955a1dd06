from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import box

from territoire_sig.errors import TerritoryFileError, UnreadableLayerError
from territoire_sig.io.door import admit
from territoire_sig.io.formats.vecteur import READER, read
from territoire_sig.io.reader import Source
from territoire_sig.io.readers import reader
from territoire_sig.model.roles import ROLES
from territoire_sig.texts import language


def test_it_fills_every_role_with_a_geometry():
    assert reader("vecteur") is READER
    assert set(READER.roles) == {role.id for role in ROLES.values() if role.geometry not in {"table", "raster"}}


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "shp", "fgb", "parquet"])
def test_any_format_with_a_mapping(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    shape = box(900_000, 6_450_000, 900_100, 6_450_100)
    frame = gpd.GeoDataFrame({"TypeZ": ["U"], "n": [1]}, geometry=[shape], crs=2154)
    if suffix == "parquet":
        frame.to_parquet(path)
    else:
        (frame.to_crs(4326) if suffix == "geojson" else frame).to_file(path)
    source = Source(path, role="zonage", columns={"typezone": "TypeZ"})
    done = admit(read(source)[0], source, crs="EPSG:2154", format="vecteur")
    assert done.layer.frame["typezone"].tolist() == ["U"]
    assert done.layer.frame.area[0] == pytest.approx(10_000, rel=1e-6)


def test_a_role_is_needed_and_the_layer_must_exist(tmp_path):
    with pytest.raises(TerritoryFileError, match=r"le format «vecteur» demande un rôle\n.*role = \"zonage\""):
        read(Source(tmp_path / "a.gpkg"))
    with language("en"), pytest.raises(TerritoryFileError, match="needs a role"):
        read(Source(tmp_path / "a.gpkg"))
    gpd.GeoDataFrame({"a": [1]}, geometry=[box(0, 0, 1, 1)], crs=2154).to_file(tmp_path / "a.gpkg", layer="zones")
    with pytest.raises(UnreadableLayerError, match="couches présentes : zones"):
        read(Source(tmp_path / "a.gpkg", role="zonage", layer="b"))


@pytest.mark.real
def test_lyon_geoparquet_in_a_conic_zone(shared_data):
    path = shared_data / "environment" / "lyon_iris_air_bruit_vegetation_epsg3946.parquet"
    source = Source(path, role="air")
    done = admit(read(source)[0], source, crs="EPSG:2154", format="vecteur")
    assert len(done.layer.frame) == 506
    assert done.layer.provenance[0].crs_read == "EPSG:3946"
    assert done.layer.frame.crs.to_epsg() == 2154
