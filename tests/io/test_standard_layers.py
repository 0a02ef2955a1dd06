"""What the readers of standard deliveries share: names, columns, codes."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from territoire_sig.io.reader import Source
from territoire_sig.io.standard_layers import NamedLayer, as_role, code_text, date_text, mapped, matching, named_layers

SQUARE = [box(0, 0, 1, 1)]


def frame(**columns: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({name: [value] for name, value in columns.items()}, geometry=SQUARE, crs="EPSG:2154")


@pytest.mark.parametrize(
    "name", ["ZONE_URBA", "30014_ZONE_URBA_20171013", "wfs_du:zone_urba", "zone_urba2", "x-Zone_Urba.v2"]
)
def test_names_are_recognised_with_what_surrounds_them(name: str) -> None:
    assert matching([NamedLayer(Path("x"), name)], "zone_urba")


@pytest.mark.parametrize("name", ["ZONE_URBAINE", "AZONE_URBA", "ZONE", "DOC_URBA"])
def test_other_names_are_not(name: str) -> None:
    assert not matching([NamedLayer(Path("x"), name)], "zone_urba")


def test_layers_are_listed_once_whatever_their_file(tmp_path: Path) -> None:
    frame(a=1).to_file(tmp_path / "un.shp")
    frame(a=1).to_file(tmp_path / "deux.gpkg", layer="A")
    frame(a=1).to_file(tmp_path / "deux.gpkg", layer="B", mode="a")
    (tmp_path / "trois.csv").write_text("a\n1\n")
    (tmp_path / "notice.pdf").write_text("x")
    assert [item.name for item in named_layers(tmp_path)] == ["A", "B", "trois", "un"]
    assert [item.name for item in named_layers(tmp_path, "b")] == ["B"]
    assert [item.name for item in named_layers(tmp_path, "UN.shp")] == ["un"]


def test_columns_take_the_names_of_the_role() -> None:
    named = as_role(frame(typesect="01", insee="99001", autre="x"), "zonage", Source(Path("x")))
    assert sorted(named.columns) == ["geometry", "idurba", "typezone"]
    assert named.crs.to_epsg() == 2154


def test_an_empty_column_gives_way_to_its_alias() -> None:
    named = as_role(frame(datvalid=None, datappro="20240101"), "zonage", Source(Path("x")))
    assert named["datvalid"].tolist() == ["20240101"]


def test_names_cut_by_a_shapefile_are_recognised() -> None:
    named = as_role(frame(codeproced="P", typereglem="02", codezonere="R"), "zone_reglementaire", Source(Path("x")))
    assert named[["codeprocedure", "typereglement", "codezone"]].values.tolist() == [["P", "02", "R"]]


def test_a_mapping_serves_only_the_layers_that_have_it() -> None:
    source = Source(Path("x"), columns={"libelle": "nom_zone"})
    assert as_role(frame(libelle="A", nom_zone="B"), "zonage", source)["libelle"].tolist() == ["B"]
    assert as_role(frame(libelle="A"), "zonage", source)["libelle"].tolist() == ["A"]


def test_codes_and_dates_of_empty_and_blank_columns() -> None:
    nothing = pd.Series([None, float("nan"), pd.NaT, pd.NA], dtype=object)
    assert code_text(nothing, 2).tolist() == [None] * 4
    assert date_text(nothing).tolist() == [None] * 4
    assert code_text(pd.Series([], dtype="float64"), 2).tolist() == []
    assert date_text(pd.Series([20241301, "2024", 19000101], dtype=object)).tolist() == [
        "20241301",
        "2024",
        "1900-01-01",
    ]


def test_words_of_codes_are_counted_where_unknown() -> None:
    words, outside = mapped(pd.Series(["01", "88", "88", None], dtype=object), {"01": "un"}, "?")
    assert words.tolist() == ["un", "?", "?", "?"]
    assert outside == {"": 1, "88": 2}
