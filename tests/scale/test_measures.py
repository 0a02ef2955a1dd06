import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from shapely import LineString, MultiPolygon, Point

from scale.layers import X, Y, flowers, layer, square, strip, tiles
from territoire_sig import overlay
from territoire_sig.errors import (
    CRSMismatchError,
    InvalidValueError,
    MissingColumnError,
    MissingFileError,
    ParameterError,
    UnreadableLayerError,
)
from territoire_sig.scale import cross, partition_parquet, read_scaled


def close(found, expected):
    """Equal to 1e-9: of the value, and, for areas, of the smallest square drawn here (100 m²)."""
    expected = expected.to_frame() if isinstance(expected, pd.Series) else expected
    assert_frame_equal(found, expected, rtol=1e-9, atol=1e-7, check_index_type=False)


@pytest.fixture
def zones(tmp_path):
    """Four squares of 100 m² from west to east, D first in the layer, each in its own partition."""
    return partition_parquet(strip(4), tmp_path / "zones", 1)


def test_a_cover_that_crosses_every_partition_is_shared_out(client, zones, tmp_path):
    cover = partition_parquet(layer(square(5, 0, 35, 5), square(5, 0, 15, 10)), tmp_path / "c", 1)
    result = cross(zones, cover, measure="covered_area", output=tmp_path / "r", cluster=client)
    assert result.table()["covered_area_m2"].to_dict() == {"D": 25.0, "C": 50.0, "B": 75.0, "A": 50.0}
    assert [part.zones for part in result.parts] == [1, 1, 1, 1]
    shares = cross(zones, cover, output=tmp_path / "s", cluster=client)
    assert shares.table()["covered_share"].tolist() == [0.25, 0.5, 0.75, 0.5]


def test_areas_of_a_feature_cut_in_parts_are_summed(client, zones, tmp_path):
    shapes = layer(square(0, 0, 40, 10), square(12, 0, 14, 10), index=["long", "court"])
    # a border of many vertices, so that the feature is cut
    bent = shapes.set_geometry(shapes.segmentize(0.01))
    cover = partition_parquet(bent, tmp_path / "c", 3, max_vertices=64)
    assert cover.cut
    found = cross(zones, cover, measure="intersection_areas", output=tmp_path / "r", cluster=client).table()
    assert found["zone"].tolist() == ["D", "C", "B", "B", "A"]
    assert found["cover"].tolist() == ["long", "long", "long", "court", "long"]
    np.testing.assert_allclose(found["area_m2"], [100, 100, 100, 20, 100], rtol=1e-12)


def test_the_order_of_classes_is_that_of_the_whole_cover(client, zones, tmp_path):
    """«low» comes first in the cover, by a feature far from where «high» and «low» overlap."""
    shapes = [square(0, 0, 1, 1), square(30, 0, 40, 10), square(35, 0, 40, 10)]
    cover = layer(*shapes, level=["low", "high", "low"])
    parts = partition_parquet(cover, tmp_path / "c", 1)
    found = cross(zones, parts, measure="crosstab", by="level", output=tmp_path / "r", cluster=client).table()
    close(found, overlay.crosstab(strip(4), cover, by="level"))
    assert found[found["zone"] == "D"][["level", "area_m2"]].values.tolist() == [["low", 50.0], ["high", 50.0]]
    asked = {"level": ["high"]}
    found = cross(
        zones, parts, measure="crosstab", by="level", priority=asked, output=tmp_path / "r", cluster=client
    ).table()
    close(found, overlay.crosstab(strip(4), cover, by="level", priority=asked))
    assert found[found["zone"] == "D"]["level"].tolist() == ["high"]


def test_what_lies_on_the_border_of_two_partitions_belongs_to_the_first_zone_of_the_layer(client, zones, tmp_path):
    masts = layer(Point(X + 10, Y + 5), Point(X + 20, Y + 5), Point(X + 99, Y))
    points = partition_parquet(masts, tmp_path / "p", 1)
    found = cross(zones, points, measure="count_within", output=tmp_path / "r", cluster=client).table()
    assert found["count"].to_dict() == {"D": 0, "C": 1, "B": 1, "A": 0}  # C comes before B, and B before A
    lines = partition_parquet(layer(LineString([(X + 10, Y), (X + 10, Y + 10)])), tmp_path / "l", 1)
    found = cross(zones, lines, measure="length_within", output=tmp_path / "m", cluster=client).table()
    assert found["length_m"].to_dict() == {"D": 0.0, "C": 0.0, "B": 10.0, "A": 0.0}


@pytest.mark.parametrize(("seed", "max_vertices"), [(1, None), pytest.param(2, 128, marks=pytest.mark.slow)])
def test_random_layers_in_many_partitions_are_those_of_one_machine(client, tmp_path, seed, max_vertices):
    rng = np.random.default_rng(seed)
    zones, cover = tiles(12, 100.0, rng), flowers(8, 1200.0, 700, rng)
    other = flowers(5, 1200.0, 200, rng).rename(columns={"kind": "sort"})
    parts = partition_parquet(zones, tmp_path / "z", 9)
    first = partition_parquet(cover, tmp_path / "c", 6, max_vertices=max_vertices)
    second = partition_parquet(other, tmp_path / "o", 2, max_vertices=max_vertices)
    assert len(parts.files) == 16

    def found(measure, *covers, **options):
        return cross(parts, *covers, measure=measure, output=tmp_path / "r", cluster=client, **options).table()

    close(found("covered_share", first), overlay.covered_share(zones, cover))
    close(found("intersection_areas", first), overlay.intersection_areas(zones, cover))
    by = ["kind", "sort"]
    crossed = found("crosstab", first, second, by=by)
    close(crossed, overlay.crosstab(zones, cover, other, by=by))
    np.testing.assert_allclose(crossed.groupby("zone")["area_m2"].sum()[zones.index], zones.area, rtol=1e-9)


def test_presence_classes_integers_and_empty_zones(client, tmp_path):
    zones = pd.concat([strip(3), layer(MultiPolygon(), index=["vide"])])
    cover = layer(square(0, 0, 5, 10), square(25, 0, 30, 10), level=[3, 1])
    parts, classes = partition_parquet(zones, tmp_path / "z", 1), partition_parquet(cover, tmp_path / "c", 1)
    presence = cross(parts, classes, measure="crosstab", output=tmp_path / "r", cluster=client).table()
    close(presence, overlay.crosstab(zones, cover))
    levels = cross(parts, classes, measure="crosstab", by="level", output=tmp_path / "s", cluster=client).table()
    close(levels, overlay.crosstab(zones, cover, by="level"))
    share = cross(parts, classes, output=tmp_path / "t", cluster=client).table()
    assert share["covered_share"].tolist()[:3] == [0.5, 0.0, 0.5]
    assert np.isnan(share.loc["vide", "covered_share"])
    counted = partition_parquet(layer(Point(X + 10, Y + 5)), tmp_path / "p", 1)
    count = cross(parts, counted, measure="count_within", output=tmp_path / "u", cluster=client).table()
    assert count["count"].to_dict() == {"C": 0, "B": 1, "A": 0, "vide": 0}


def test_files_are_read_by_others_and_gathered_in_the_order_of_the_zones(client, zones, tmp_path):
    cover = partition_parquet(layer(square(5, 0, 35, 5)), tmp_path / "c", 1)
    told = []
    result = cross(
        tmp_path / "zones", cover.folder, output=tmp_path / "r", csv=True, cluster=client,
        progress=lambda share, name: told.append((share, name)),
    )  # fmt: skip
    assert [share for share, _ in told] == [0.25, 0.5, 0.75, 1.0]
    assert sorted(name for _, name in told) == [f"partition {number}/4" for number in range(1, 5)]
    assert (tmp_path / "r" / "partition-0.csv").read_text(encoding="utf-8") == "zone,covered_share\nA,0.25\n"
    part = gpd.read_parquet(tmp_path / "r" / "partition-0.parquet")
    assert part.loc["A"].geometry.equals(square(0, 0, 10, 10))
    assert read_scaled(tmp_path / "r") == result
    saved = pd.read_csv(result.save(tmp_path / "tout.csv"), index_col="zone")
    assert saved["covered_share"].to_dict() == {"D": 0.25, "C": 0.5, "B": 0.5, "A": 0.25}
    whole = gpd.read_parquet(result.save(tmp_path / "tout.parquet"))
    assert whole.index.tolist() == ["D", "C", "B", "A"] and whole.crs == "EPSG:2154"
    with pytest.raises(ParameterError, match=r"\.csv ou \.parquet"):
        result.save(tmp_path / "tout.xlsx")


def test_a_second_run_writes_the_same_bytes_and_leaves_no_old_part(client, zones, tmp_path):
    cover = partition_parquet(layer(square(5, 0, 35, 5)), tmp_path / "c", 1)
    (tmp_path / "r").mkdir()
    first = cross(zones, cover, output=tmp_path / "r", cluster=client)
    before = {path.name: path.read_bytes() for path in first.folder.glob("*.parquet")}
    cross(zones, cover, output=tmp_path / "r", cluster=client)
    assert {path.name: path.read_bytes() for path in first.folder.glob("*.parquet")} == before
    few = partition_parquet(strip(4), tmp_path / "few", 4)
    cross(few, cover, output=tmp_path / "r", cluster=client)
    assert len(list((tmp_path / "r").glob("*.parquet"))) == 1
    with pytest.raises(UnreadableLayerError, match="contient déjà autre chose"):
        cross(zones, cover, output=tmp_path / "zones", cluster=client)


def test_wrong_layers_are_refused_before_any_work(client, zones, tmp_path):
    cover = partition_parquet(layer(square(5, 0, 35, 5)), tmp_path / "c", 1)
    elsewhere = partition_parquet(layer(square(5, 0, 35, 5), crs=3857), tmp_path / "w", 1)
    bent = partition_parquet(layer(*layer(square(0, 0, 90, 90)).segmentize(1)), tmp_path / "b", 9, max_vertices=32)
    points = partition_parquet(layer(Point(X, Y)), tmp_path / "p", 1)

    def refused(error, said, *layers, **options):
        with pytest.raises(error, match=said):
            cross(*layers, output=tmp_path / "r", cluster=client, **options)
        assert not (tmp_path / "r").exists()

    refused(CRSMismatchError, "EPSG:3857, celui de la couche «zones» est EPSG:2154", zones, elsewhere)
    refused(MissingFileError, "ne contient pas de partitions", zones, tmp_path / "nulle_part")
    refused(MissingColumnError, "«niveau» est absente", zones, cover, measure="crosstab", by="niveau")
    refused(ParameterError, "«zonal» est inconnue", zones, cover, measure="zonal")
    refused(ParameterError, "découpées en morceaux", bent, cover)
    refused(ParameterError, r"reçoit 2 couverture\(s\) ; attendu : une", zones, cover, cover)
    refused(ParameterError, r"reçoit 0 couverture", zones, measure="crosstab")
    refused(ParameterError, "mesure des «point», pas des «polygon»", zones, cover, measure="count_within")
    refused(ParameterError, "mesure des «polygon», pas des «point»", zones, points)


def test_an_error_on_a_worker_comes_back_in_its_own_words(client, tmp_path):
    zones = partition_parquet(strip(3), tmp_path / "z", 1)
    cover = partition_parquet(layer(square(0, 0, 30, 5), level=[None]).astype({"level": object}), tmp_path / "c", 1)
    with pytest.raises(InvalidValueError, match="la classe «level» est vide"):
        cross(zones, cover, measure="crosstab", by="level", output=tmp_path / "r", cluster=client)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c", "z"]
    (tmp_path / "c" / cover.files[0]).write_bytes(b"PAR1")
    with pytest.raises(Exception, match="arquet"):
        cross(zones, cover, output=tmp_path / "r", cluster=client)
