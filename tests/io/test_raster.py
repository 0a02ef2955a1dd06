from __future__ import annotations

import zipfile

import numpy as np
import pytest
import rasterio

from territoire_sig.errors import CRSMismatchError, MissingFileError, TerritoryFileError, UnreadableLayerError
from territoire_sig.io.door import admit
from territoire_sig.io.formats.raster import read
from territoire_sig.io.raster import read_raster, reprojected
from territoire_sig.io.reader import Source
from territoire_sig.model.raster import Raster
from territoire_sig.texts import language

X, Y = 900_000, 6_450_000


def _tif(path, values, *, nodata=None, crs="EPSG:2154", scale=None, bands=1):
    values = np.asarray(values)
    profile = {
        "driver": "GTiff",
        "height": values.shape[0],
        "width": values.shape[1],
        "count": bands,
        "dtype": values.dtype,
        "nodata": nodata,
        "crs": crs,
        "transform": rasterio.Affine(10, 0, X, 0, -10, Y),
    }
    with rasterio.open(path, "w", **profile) as sink:
        for band in range(1, bands + 1):
            sink.write(values * band, band)
        if scale:
            sink.scales, sink.offsets = [scale], [1]
    return path


def test_a_band_is_read_with_nan_for_no_data(tmp_path):
    raster = read_raster(_tif(tmp_path / "a.tif", np.array([[1, 2], [3, -9]], dtype="int16"), nodata=-9))
    assert raster.values.dtype == "float64"
    np.testing.assert_array_equal(raster.values, [[1, 2], [3, np.nan]])
    assert (raster.transform, raster.crs, raster.name) == ((10, 0, X, 0, -10, Y), "EPSG:2154", "a")


def test_scale_and_offset_are_applied(tmp_path):
    raster = read_raster(_tif(tmp_path / "a.tif", np.array([[10, 20]], dtype="int16"), scale=0.1))
    np.testing.assert_allclose(raster.values, [[2, 3]])


def test_another_band(tmp_path):
    path = _tif(tmp_path / "a.tif", np.array([[1.0, 2.0]]), bands=2)
    assert read_raster(path, band=2).values.tolist() == [[2, 4]]
    with pytest.raises(UnreadableLayerError, match=r"2 bande\(s\), pas de bande 3"):
        read_raster(path, band=3)


def test_only_the_pixels_within_bounds(tmp_path):
    path = _tif(tmp_path / "a.tif", np.arange(16.0).reshape(4, 4))
    raster = read_raster(path, bounds=(X + 15, Y - 25, X + 25, Y - 15))
    assert raster.values.tolist() == [[5, 6], [9, 10]]
    assert raster.transform == (10, 0, X + 10, 0, -10, Y - 10)
    assert read_raster(path, bounds=(0, 0, 1, 1)).values.size == 0


def test_a_crs_is_needed_and_may_be_stated(tmp_path):
    path = _tif(tmp_path / "a.tif", np.ones((1, 1)), crs=None)
    with pytest.raises(CRSMismatchError, match="la grille ne dit pas son système de coordonnées"):
        read_raster(path)
    assert read_raster(path, crs="EPSG:2154").crs == "EPSG:2154"


def test_what_is_no_raster_is_refused(tmp_path):
    (tmp_path / "a.tif").write_text("no")
    with pytest.raises(UnreadableLayerError, match=r"lecture refusée : .*a\.tif.*\n.*GeoTIFF"):
        read_raster(tmp_path / "a.tif")
    with pytest.raises(MissingFileError, match="n'existe pas"):
        read_raster(tmp_path / "b.tif")
    with language("en"), pytest.raises(UnreadableLayerError, match="reading refused"):
        read_raster(tmp_path / "a.tif")


def test_a_picture_without_a_place_is_refused(tmp_path):
    with (
        pytest.warns(rasterio.errors.NotGeoreferencedWarning),
        rasterio.open(tmp_path / "a.tif", "w", driver="GTiff", height=1, width=1, count=1, dtype="uint8") as sink,
    ):
        sink.write(np.ones((1, 1, 1), dtype="uint8"))
    with pytest.raises(UnreadableLayerError, match="lecture refusée : Dataset has no geotransform"):
        read_raster(tmp_path / "a.tif", crs="EPSG:2154")


def test_in_an_archive(tmp_path):
    _tif(tmp_path / "a.tif", np.ones((1, 1)))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(tmp_path / "a.tif", "a.tif")
    assert read_raster(tmp_path / "a.zip").values.tolist() == [[1]]
    _tif(tmp_path / "b.tif", np.ones((1, 1)))
    with pytest.raises(UnreadableLayerError, match=r"il faut une grille, et il y en a 2 : a\.tif, b\.tif"):
        read_raster(tmp_path)


def test_reprojection_invents_no_value():
    values = np.full((20, 20), 311.0)
    values[:, 10:] = 112.0
    moved = reprojected(Raster(values, (10, 0, X, 0, -10, Y), "EPSG:2154", "clc"), "EPSG:3946")
    assert set(np.unique(moved.values[np.isfinite(moved.values)])) == {112.0, 311.0}
    assert (moved.crs, moved.name) == ("EPSG:3946", "clc")
    area = abs(moved.transform[0] * moved.transform[4]) * np.isfinite(moved.values).sum()
    assert area == pytest.approx(40_000, rel=0.02)


def test_the_reader_and_the_door(tmp_path):
    path = _tif(tmp_path / "a.tif", np.array([[1.0, 2.0]]))
    source = Source(path, role="relief", options={"bande": 1})
    (raw,) = read(source)
    done = admit(raw, source, crs="EPSG:2154", format="raster")
    assert done.layer.frame.values.tolist() == [[1, 2]]
    assert (raw.rows_read, done.layer.provenance[0].crs_read) == (2, "EPSG:2154")
    moved = admit(raw, source, crs="EPSG:3946", format="raster")
    assert moved.layer.frame.crs == "EPSG:3946"
    assert str(moved.layer.provenance[0].remarks[0]) == (
        "grille reprojetée de EPSG:2154 vers EPSG:3946, au plus proche voisin"
    )
    stated = read(Source(path, role="relief", crs="EPSG:3946"))[0]
    assert (stated.frame.crs, str(stated.remarks[0])) == ("EPSG:3946", "grille lue dans le système demandé, EPSG:3946")


def test_a_raster_in_the_old_datum_is_refused(tmp_path):
    source = Source(_tif(tmp_path / "a.tif", np.ones((1, 1)), crs="EPSG:27572"), role="relief")
    (fault,) = admit(read(source)[0], source, crs="EPSG:2154", format="raster").faults
    assert str(fault.problem) == "pas de passage direct et précis de EPSG:27572 vers EPSG:2154 pour cette grille"
    assert str(fault.mend) == "reprojetez-la en EPSG:2154 dans QGIS."


def test_a_raster_without_value_is_told(tmp_path):
    source = Source(_tif(tmp_path / "a.tif", np.array([[-9.0]]), nodata=-9), role="relief")
    done = admit(read(source)[0], source, crs="EPSG:2154", format="raster")
    assert [str(r) for r in done.layer.provenance[0].remarks] == ["grille sans aucune valeur"]


@pytest.mark.parametrize("source", [{}, {"role": "zonage"}, {"role": "relief", "options": {"bande": "1"}}])
def test_the_reader_needs_a_role_and_a_band(tmp_path, source):
    with pytest.raises(TerritoryFileError, match="une grille demande un rôle"):
        read(Source(tmp_path / "a.tif", **source))


@pytest.mark.real
@pytest.mark.parametrize("name", ["elev.tif", "clc.tif"])
def test_real_rasters(shared_data, name):
    path = shared_data / "environment" / "lot_46" / name
    raster = read_raster(path)
    with rasterio.open(path) as source:
        assert raster.values.shape == source.shape
        assert np.isnan(raster.values).sum() == (source.read_masks(1) == 0).sum()
    assert raster.crs == "EPSG:2154"
