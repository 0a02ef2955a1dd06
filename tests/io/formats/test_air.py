from pathlib import Path

import geopandas as gpd
import pytest
from shapely import box

from territoire_sig.errors import InvalidValueError, MissingColumnError
from territoire_sig.io.door import admit
from territoire_sig.io.formats.air import read_zones
from territoire_sig.io.reader import Source

DATA = Path(__file__).parents[4] / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.exists(), reason="../shared/data est absent : données réelles non lues")


def zones(tmp_path, **columns):
    path = tmp_path / "air.gpkg"
    gpd.GeoDataFrame(columns, geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], crs=2154).to_file(path)
    return path


def test_pollutants_and_income(tmp_path):
    path = zones(tmp_path, CODE_IRIS=["10040101", "381850101"], NO2=[20.0, None], PM2_5=[9.5, 10], NivVieMed=[2e4, 3e4])
    air, income = read_zones(Source(path))
    assert (air.role, income.role) == ("air", "revenu")
    assert air.frame["pm25"].tolist() == [9.5, 10.0]
    assert air.remarks[0].text.fr == "1 zone(s) sans valeur de «no2» : inconnue"
    assert income.frame["code_insee"].tolist() == ["010040101", "381850101"]
    assert income.remarks[0].count == 1


def test_income_only_where_it_is(tmp_path):
    path = zones(tmp_path, LDEN=[50.0, 60.0])
    assert [layer.role for layer in read_zones(Source(path))] == ["air"]
    with pytest.raises(MissingColumnError, match="ni NO2, ni PM2,5, ni Lden"):
        read_zones(Source(path, role="revenu"))


def test_neither_pollutant_nor_geometry(tmp_path):
    with pytest.raises(MissingColumnError, match="ni NO2, ni PM2,5, ni Lden ; colonnes : o3"):
        read_zones(Source(zones(tmp_path, o3=[1, 2])))
    path = tmp_path / "air.csv"
    path.write_text("code_iris,no2\n381850101,20\n", encoding="utf-8")
    with pytest.raises(InvalidValueError, match="cette table n'a pas de géométrie"):
        read_zones(Source(path))


@pytest.mark.real
@needs_data
def test_real_lyon_iris():
    pytest.importorskip("pyarrow")
    source = Source(DATA / "environment" / "lyon_iris_air_bruit_vegetation_epsg3946.parquet")
    air, income = read_zones(source)
    assert (len(air.frame), len(income.frame)) == (506, 506)
    assert air.frame.crs.equals("EPSG:3946")
    admitted = admit(air, source, crs="EPSG:2154", format="air_iris")
    assert admitted.faults == ()
    assert admitted.layer.provenance[0].crs_read == "EPSG:3946"
    raw = gpd.read_parquet(source.path)
    assert admitted.layer.frame["no2"].mean() == pytest.approx(raw["NO2"].mean(), rel=1e-12)
    assert admit(income, source, crs="EPSG:2154", format="air_iris").faults == ()
