"""GTFS: a drawn network of four stops, and the feeds of Grenoble and Lyon."""

from __future__ import annotations

import datetime as dt
import sys
import time
import zipfile
from pathlib import Path

import duckdb
import pytest

from territoire_sig.errors import (
    InvalidValueError,
    MissingColumnError,
    MissingExtraError,
    MissingFileError,
    UnreadableLayerError,
)
from territoire_sig.io.formats.gtfs import READER, read_gtfs
from territoire_sig.io.reader import Source
from territoire_sig.texts import language

DATA = Path(__file__).parents[4] / "shared" / "data" / "mobility"
real = pytest.mark.real
needs_data = pytest.mark.skipif(not DATA.exists(), reason="../shared/data est absent : données réelles non lues")

# Station S holds platforms A and B; C and D stand alone. Line L1: A → C → D, line L2: D → B (no shape).
TABLES = {
    "agency": "agency_id,agency_name,agency_url,agency_timezone\n1,R,http://r.example,Europe/Paris\n",
    "stops": (
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
        "S,Gare,45.0,5.0,1,\nA,Gare quai 1,45.0,5.0,,S\nB,Gare quai 2,45.0,5.001,0,S\n"
        "C,Mairie,45.0,5.01,0,\nD,Bourg,45.0,5.02,0,\n"
    ),
    "routes": "route_id,route_short_name,route_type\nL1,1,3\nL2,2,0\n",
    "trips": "route_id,service_id,trip_id,shape_id\nL1,SEM,T1,F1\nL1,SEM,T2,F1\nL1,DIM,T3,F1\nL2,SEM,T4,\n",
    "stop_times": (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type\n"
        "T1,08:00:00,08:00:00,A,1,0\nT1,08:05:00,08:05:00,C,2,0\nT1,08:09:00,08:09:00,D,3,0\n"
        "T2,23:58:00,23:58:00,A,1,0\nT2,24:03:00,24:03:00,C,2,0\nT2,24:07:00,24:07:00,D,3,0\n"
        "T3,09:00:00,09:00:00,A,1,0\nT3,09:05:00,09:05:00,C,2,1\nT3,09:09:00,09:09:00,D,3,0\n"
        "T4,10:00:00,10:00:00,D,1,0\nT4,10:20:00,10:20:00,B,2,0\n"
    ),
    "calendar": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n",
    "calendar_dates": "service_id,date,exception_type\nSEM,20230411,1\nSEM,20230412,1\nDIM,20230416,1\n",
    "shapes": (
        "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n"
        "F1,45.0,5.02,3\nF1,45.0,5.0,1\nF1,45.001,5.01,2\nSEUL,45.0,5.0,1\n"
    ),
}


def feed(folder: Path, **changed: str | None) -> Path:
    for name, text in {**TABLES, **changed}.items():
        if text is not None:
            (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def stops(path: Path, **options: object):
    (layer,) = read_gtfs(Source(path, role="arret", options=options))
    return layer, layer.frame.set_index("stop_id")["passages_jour"]


def lines(path: Path):
    (layer,) = read_gtfs(Source(path, role="ligne"))
    return layer, layer.frame.set_index("route_id")


def said(layer) -> str:
    return "\n".join(remark.text.fr for remark in layer.remarks)


def test_departures_of_the_busiest_day(tmp_path):
    layer, passages = stops(feed(tmp_path))
    # two runs of L1 (one ends after midnight) and one of L2, on the 11th and the 12th alike: the first is kept
    assert passages[["A", "B", "C", "D"]].to_dict() == {"A": 2, "B": 0, "C": 2, "D": 1}
    assert passages.isna()["S"], "a station has no departure of its own"
    assert "5 départs le 2023-04-11" in said(layer)
    assert "5 arrêts, dont 1 stations mères" in said(layer)
    assert layer.rows_read == 5
    assert layer.frame.crs == "EPSG:4326"


@pytest.mark.parametrize("day", ["2023-04-16", dt.date(2023, 4, 16)])
def test_departures_of_the_day_asked_for(tmp_path, day):
    _, passages = stops(feed(tmp_path), jour=day)
    assert passages["A"] == 1
    assert passages["C"] == 0, "no pickup there on that trip"


def test_a_day_without_service_is_refused_with_the_days_at_hand(tmp_path):
    with pytest.raises(InvalidValueError, match="aucun service le 2024-01-01") as caught:
        stops(feed(tmp_path), jour="2024-01-01")
    assert "entre 2023-04-11 et 2023-04-16" in str(caught.value)


def test_a_day_that_is_no_date_is_refused(tmp_path):
    with language("en"), pytest.raises(InvalidValueError, match="«demain» is not a date"):
        stops(feed(tmp_path), jour="demain")


def test_weekly_calendar_and_removed_dates(tmp_path):
    calendar = TABLES["calendar"] + "SEM,1,1,1,1,1,0,0,20230403,20230409\nDIM,0,0,0,0,0,0,1,20230403,20230409\n"
    path = feed(tmp_path, calendar=calendar, calendar_dates="service_id,date,exception_type\nSEM,20230403,2\n")
    layer, _ = stops(path)
    assert "le 2023-04-04" in said(layer), "Monday the 3rd is removed: the first busiest day is Tuesday"
    _, sunday = stops(path, jour="2023-04-09")
    assert sunday["A"] == 1
    with pytest.raises(InvalidValueError, match="2023-04-03"):
        stops(path, jour="2023-04-03")


def test_headway_based_trips_count_once_a_run(tmp_path):
    # 07:00 to 08:00 every 20 min: 07:00, 07:20, 07:40 (the end is excluded)
    path = feed(tmp_path, frequencies="trip_id,start_time,end_time,headway_secs\nT1,07:00:00,08:00:00,1200\n")
    assert stops(path)[1]["A"] == 3 + 1


def test_no_service_day_at_all_leaves_departures_unknown(tmp_path):
    layer, passages = stops(feed(tmp_path, calendar_dates="service_id,date,exception_type\n"))
    assert passages.isna().all()
    assert "aucun jour de service" in said(layer)


def test_no_timetable_leaves_departures_unknown(tmp_path):
    path = feed(tmp_path, trips=None, stop_times=None)
    layers = read_gtfs(Source(path))
    assert [layer.role for layer in layers] == ["arret"]
    assert layers[0].frame["passages_jour"].isna().all()
    assert "passages_jour est inconnu" in said(layers[0])
    with pytest.raises(MissingFileError, match="ne peuvent pas être tracées"):
        lines(path)


def test_stop_times_of_an_absent_trip_are_counted_out(tmp_path):
    lost = TABLES["stop_times"] + "T9,10:00:00,10:00:00,A,1,0\nT9,10:20:00,10:20:00,B,2,0\n"
    layer, passages = stops(feed(tmp_path, stop_times=lost))
    assert passages["A"] == 2
    assert "2 horaires renvoient" in said(layer)


def test_a_stop_without_position_keeps_its_row(tmp_path):
    (layer,) = read_gtfs(Source(feed(tmp_path, stops=TABLES["stops"] + "E,Accès,,,2,S\n"), role="arret"))
    assert layer.frame.geometry.isna().sum() == 1


def test_lines_follow_shapes_or_else_their_stops(tmp_path):
    layer, frame = lines(feed(tmp_path))
    assert frame["trace"].to_dict() == {"L1": "shapes", "L2": "arrets"}
    assert frame.loc["L1"].geometry.wkt == "MULTILINESTRING ((5 45, 5.01 45.001, 5.02 45))"
    assert frame.loc["L2"].geometry.wkt == "MULTILINESTRING ((5.02 45, 5.001 45))"
    assert "1 ligne(s) sans shapes.txt" in said(layer)
    assert "approximation" in said(layer)


def test_lines_without_any_trace_are_counted(tmp_path):
    layer, frame = lines(feed(tmp_path, stop_times=None))
    assert list(frame.index) == ["L1"]
    assert layer.rows_read == 2
    assert "1 ligne(s) sans aucun tracé possible" in said(layer)


def test_zip_with_a_folder_and_folder_in_a_folder(tmp_path):
    inside = tmp_path / "export" / "gtfs"
    inside.mkdir(parents=True)
    feed(inside)
    archive = tmp_path / "reseau.zip"
    with zipfile.ZipFile(archive, "w") as target:
        for file in inside.iterdir():
            target.write(file, f"gtfs/{file.name}")
    for path in (archive, tmp_path / "export"):
        assert stops(path)[1]["A"] == 2


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"stops": None}, MissingFileError, "pas de stops.txt"),
        (
            {"stops": "stop_id,stop_name\nA,Gare\n"},
            MissingColumnError,
            "stops.txt n'a pas de colonne stop_lat, stop_lon",
        ),
        ({"stops": "stop_id,stop_lat,stop_lon\nA,nord,5\n"}, UnreadableLayerError, "GTFS illisible"),
        ({"stops": TABLES["stops"] + "D,Encore,45,5,0,\n"}, InvalidValueError, "stop_id «D» : donné deux fois"),
        (
            {"calendar_dates": "service_id,date,exception_type\nSEM,20231345,1\n"},
            InvalidValueError,
            "calendar_dates.txt, date «20231345» : pas une date",
        ),
        (
            {"frequencies": "trip_id,start_time,end_time,headway_secs\nT1,7h,08:00:00,600\n"},
            InvalidValueError,
            "start_time «7h» : pas une heure",
        ),
        (
            {"frequencies": "trip_id,start_time,end_time,headway_secs\nT1,07:00:00,08:00:00,0\n"},
            InvalidValueError,
            "headway_secs «0» : il faut un intervalle positif",
        ),
    ],
)
def test_bad_tables_are_named(tmp_path, changed, error, message):
    with pytest.raises(error, match=message):
        read_gtfs(Source(feed(tmp_path, **changed)))


def test_absent_feed(tmp_path):
    with pytest.raises(MissingFileError, match=r"absent\.zip"):
        read_gtfs(Source(tmp_path / "absent.zip"))


def test_damaged_archive(tmp_path):
    (tmp_path / "reseau.zip").write_bytes(b"PK\x03\x04 rien")
    with pytest.raises(UnreadableLayerError, match="GTFS illisible"):
        read_gtfs(Source(tmp_path / "reseau.zip"))


def test_without_gtfs_kit_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "gtfs_kit", None)
    with pytest.raises(MissingExtraError, match=r'pip install "territoire-sig\[mobility\]"'):
        read_gtfs(Source(feed(tmp_path)))


def test_reader_says_its_option():
    assert READER.roles == ("arret", "ligne", "troncon_tc")
    assert "jour" in READER.options


@real
@needs_data
def test_grenoble():
    started = time.perf_counter()
    stop_layer, line_layer, _ = read_gtfs(Source(DATA / "grenoble_SEM-GTFS.zip", options={"jour": "2023-04-12"}))
    assert time.perf_counter() - started < 15, "447,215 stop times take a few seconds"
    assert len(stop_layer.frame) == 2501
    assert (stop_layer.frame["location_type"] == 1).sum() == 762
    assert "dont 762 stations mères" in said(stop_layer)
    assert len(line_layer.frame) == 55
    assert set(line_layer.frame.geom_type) == {"MultiLineString"}
    passages = stop_layer.frame.set_index("stop_id")["passages_jour"].dropna()
    assert passages[passages > 0].to_dict() == _departures_by_duckdb()


def _departures_by_duckdb() -> dict[str, float]:
    """Independent count: departures on 12 April 2023, last stop of each trip left out."""
    query = """
        WITH t AS (SELECT trip_id, stop_id, stop_sequence::INT AS n FROM times),
        ends AS (SELECT trip_id, max(n) AS n FROM t GROUP BY 1),
        running AS (SELECT trip_id FROM trips JOIN days USING (service_id) WHERE date = '20230412')
        SELECT t.stop_id, count(*) FROM t JOIN ends USING (trip_id) JOIN running USING (trip_id)
        WHERE t.n < ends.n GROUP BY 1
    """
    import io

    import pandas as pd

    con = duckdb.connect()
    with zipfile.ZipFile(DATA / "grenoble_SEM-GTFS.zip") as archive:
        for table, name in {"times": "stop_times", "trips": "trips", "days": "calendar_dates"}.items():
            con.register(table, pd.read_csv(io.BytesIO(archive.read(f"{name}.txt")), dtype=str).astype(object))
    return {stop: float(count) for stop, count in con.execute(query).fetchall()}


@real
@needs_data
def test_lyon_without_timetable():
    (layer,) = read_gtfs(Source(DATA / "lyon_tcl_gtfs_partial"))
    assert len(layer.frame) == 6739
    assert layer.frame["passages_jour"].isna().all()
