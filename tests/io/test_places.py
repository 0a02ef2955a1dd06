import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point

from territoire_sig.errors import InvalidValueError, MissingColumnError, ParameterError
from territoire_sig.io.places import located, well_geocoded
from territoire_sig.io.reader import Source
from territoire_sig.io.records import Records


def rows(**columns):
    frame = pd.DataFrame(columns)
    return Records(frame, "t", len(frame), "utf-8")


def test_missing_and_zero_coordinates_are_set_aside_and_counted(tmp_path):
    remarks = []
    table = rows(nom=["a", "b", "c"], latitude=["45,1", None, "0"], longitude=["5.7", "5.8", "0"])
    places = located(table, Source(tmp_path), remarks, name="nom")
    assert places["nom"].tolist() == ["a"]
    assert places.geometry.iloc[0].coords[0] == (5.7, 45.1)
    assert places.crs.to_epsg() == 4326
    assert remarks[0].text.fr == "2 lieu(x) sans coordonnées, mis à l'écart (b, c)"
    assert remarks[0].count == 2


def test_a_pair_of_coordinates_is_read_latitude_first(tmp_path):
    places = located(rows(position=["45.1, 5.7", None]), Source(tmp_path), [])
    assert [point.coords[0] for point in places.geometry] == [(5.7, 45.1)]


def test_a_vector_layer_keeps_its_crs(tmp_path):
    frame = gpd.GeoDataFrame({"nom": ["a", "b"]}, geometry=[Point(900000, 6450000), None], crs=2154)
    remarks = []
    places = located(Records(frame, "t", 2, None), Source(tmp_path), remarks)
    assert (len(places), places.crs.to_epsg(), remarks[0].count) == (1, 2154, 1)


def test_coordinates_are_needed_and_must_be_numbers(tmp_path):
    with pytest.raises(MissingColumnError, match="colonne «latitude» introuvable"):
        located(rows(nom=["a"]), Source(tmp_path), [])
    with pytest.raises(InvalidValueError, match="colonne «latitude» : 1 valeur"):
        located(rows(latitude=["nord"], longitude=["5"]), Source(tmp_path), [])


def test_low_scores_are_set_aside_unless_placed_by_hand(tmp_path):
    remarks = []
    frame = pd.DataFrame(
        {
            "nom": list("abcd"),
            "result_score": ["0.9", "0.4", "0,3", None],
            "geocodage_manuel": ["non", "oui", "non", "non"],
        }
    )
    kept = well_geocoded(frame, Source(tmp_path), remarks, name="nom")
    assert kept["nom"].tolist() == ["a", "b", "d"]
    assert [(r.count, "à la main" in r.text.fr) for r in remarks] == [(1, True), (1, False)]
    stricter = well_geocoded(frame, Source(tmp_path, options={"score_min": 0.95}), [], name="nom")
    assert stricter["nom"].tolist() == ["b", "d"]


@pytest.mark.parametrize("score", [1.5, "haut", True])
def test_a_score_out_of_bounds_is_refused(tmp_path, score):
    with pytest.raises(ParameterError, match="n'est pas entre 0 et 1"):
        well_geocoded(pd.DataFrame({"result_score": [1]}), Source(tmp_path, options={"score_min": score}), [])
