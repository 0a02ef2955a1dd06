"""Stretches of small feeds, counted by head; and those of Grenoble by DuckDB."""

import io
import zipfile
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from territoire_sig.errors import InvalidValueError, MissingFileError
from territoire_sig.io.door import admit
from territoire_sig.io.formats.gtfs import read_gtfs
from territoire_sig.io.reader import Source

TABLES = {
    "agency": "agency_id,agency_name,agency_url,agency_timezone\nV,Réseau,https://example.org,Europe/Paris\n",
    "stops": "stop_id,stop_name,stop_lat,stop_lon\nA,A,45.0,5.0\nB,B,45.1,5.0\nC,C,45.2,5.0\nD,D,,\n",
    "routes": "route_id,agency_id,route_short_name,route_long_name,route_type\nL1,V,1,Un,3\n",
    "trips": "route_id,service_id,trip_id,direction_id\nL1,S,T1,0\nL1,S,T2,0\nL1,S,T3,1\n",
    "calendar_dates": "service_id,date,exception_type\nS,20230411,1\nS,20230413,1\n",
    "stop_times": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    "T1,07:00:00,07:00:00,A,1\nT1,07:04:00,07:05:00,B,2\nT1,07:10:00,07:10:00,C,3\n"
    "T2,19:30:00,19:30:00,A,1\nT2,19:36:00,19:36:00,B,2\nT2,19:40:00,19:40:00,C,3\n"
    "T3,12:00:00,12:00:00,C,1\nT3,12:08:00,12:08:00,A,2\n",
}


def feed(folder: Path, **changed: str) -> Path:
    for name, text in (TABLES | changed).items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def stretches(path: Path, **options: object):
    (layer,) = read_gtfs(Source(path, role="troncon_tc", options=options))
    return layer, layer.frame.set_index(["arret_depart", "arret_arrivee"])


def said(layer) -> str:
    return "\n".join(f"{remark.count} {remark.text.fr}" for remark in layer.remarks)


def test_running_time_dwell_departures_and_headway(tmp_path):
    layer, rows = stretches(feed(tmp_path))
    first, second, back = rows.loc[("A", "B")], rows.loc[("B", "C")], rows.loc[("C", "A")]
    assert (first["duree_min"], first["arret_min"], first["departs"], first["departs_jour"]) == (5.0, 0.0, 1, 2)
    assert first["intervalle_min"] == 720, "one departure in the twelve hours"
    assert (second["duree_min"], second["arret_min"]) == (4.5, 0.5)
    assert (back["sens"], back["duree_min"]) == ("1", 8.0)
    assert first.geometry.wkt == "LINESTRING (5 45, 5 45.1)"
    assert "3 tronçons entre arrêts le 2023-04-11, intervalles mesurés de 07:00 à 19:00" in said(layer)
    assert admit(layer, Source(tmp_path), crs="EPSG:2154", format="gtfs").faults == ()


def test_the_period_asked_for(tmp_path):
    _, rows = stretches(feed(tmp_path), periode="19:00-20:00")
    assert rows.loc[("A", "B"), "intervalle_min"] == 60
    assert pd.isna(rows.loc[("C", "A"), "intervalle_min"]), "none then: unknown, and it does not run"
    for wrong in ("matin", "19:00-07:00"):
        with pytest.raises(InvalidValueError, match=f"periode = «{wrong}» n'est pas une plage horaire"):
            stretches(tmp_path, periode=wrong)


def test_headway_based_trips_count_within_the_period(tmp_path):
    # 06:00 to 08:00 every 10 min: 12 in the day, 6 from 07:00 on
    table = "trip_id,start_time,end_time,headway_secs\nT1,06:00:00,08:00:00,600\n"
    _, rows = stretches(feed(tmp_path, frequencies=table))
    assert rows.loc[("A", "B"), ["departs", "departs_jour"]].tolist() == [6, 13]


def test_times_left_out_are_interpolated_and_trips_without_ends_set_aside(tmp_path):
    times = (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "T1,07:00:00,07:00:00,A,1\nT1,,,B,2\nT1,07:10:00,07:10:00,C,3\nT3,12:00:00,12:00:00,C,1\nT3,,,A,2\n"
    )
    layer, rows = stretches(feed(tmp_path, stop_times=times))
    assert rows["duree_min"].to_dict() == {("A", "B"): 5.0, ("B", "C"): 5.0}
    assert "1 horaires absents, interpolés" in said(layer)
    assert "1 course(s) sans heure de début ou de fin" in said(layer)


def test_time_that_goes_back_and_stops_that_are_nowhere_are_set_aside(tmp_path):
    times = (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "T1,07:00:00,07:00:00,A,1\nT1,06:50:00,06:50:00,B,2\nT1,07:10:00,07:10:00,C,3\nT1,07:12:00,07:12:00,D,4\n"
    )
    layer, rows = stretches(feed(tmp_path, stop_times=times))
    assert list(rows.index) == [("B", "C")]
    assert "1 passages où le temps recule" in said(layer)
    assert "1 tronçon(s) sans longueur ou sans coordonnées" in said(layer)


def test_a_feed_without_timetable_has_no_stretch(tmp_path):
    path = feed(tmp_path, stop_times="trip_id,arrival_time,departure_time,stop_id,stop_sequence\n")
    assert "troncon_tc" not in {layer.role for layer in read_gtfs(Source(path))}
    with pytest.raises(MissingFileError, match="pas de temps de parcours entre arrêts"):
        stretches(path)


def test_a_day_without_service_offers_the_nearest(tmp_path):
    with pytest.raises(InvalidValueError, match="aucun service le 2023-04-12") as caught:
        stretches(feed(tmp_path), jour="2023-04-12")
    assert "les plus proches en service : 2023-04-11, 2023-04-13" in str(caught.value)


@pytest.mark.real
def test_grenoble_by_duckdb(shared_data):
    path = shared_data / "mobility" / "grenoble_SEM-GTFS.zip"
    (layer,) = read_gtfs(Source(path, role="troncon_tc", options={"jour": "2023-04-12"}))
    con = duckdb.connect()
    with zipfile.ZipFile(path) as archive:
        for table, name in {"times": "stop_times", "trips": "trips", "days": "calendar_dates"}.items():
            con.register(table, pd.read_csv(io.BytesIO(archive.read(f"{name}.txt")), dtype=str).astype(object))
    con.execute("""
        CREATE MACRO minutes(t) AS
          split_part(t, ':', 1)::INT * 60 + split_part(t, ':', 2)::INT + split_part(t, ':', 3)::INT / 60
    """)
    expected = con.execute("""
        WITH t AS (
          SELECT route_id, direction_id, stop_id, lead(stop_id) OVER w AS next,
                 minutes(departure_time) AS leaves, lead(minutes(arrival_time)) OVER w AS comes
          FROM times JOIN trips USING (trip_id) JOIN days USING (service_id) WHERE date = '20230412'
          WINDOW w AS (PARTITION BY trip_id ORDER BY stop_sequence::INT))
        SELECT stop_id, next, route_id, direction_id, avg(comes - leaves),
               count(*) FILTER (leaves >= 420 AND leaves < 1140)
        FROM t WHERE next IS NOT NULL AND next <> stop_id GROUP BY ALL
    """).fetchall()
    told = {tuple(map(str, row[:4])): row[4:] for row in expected}
    rows = layer.frame.set_index(["arret_depart", "arret_arrivee", "ligne", "sens"])
    assert set(rows.index) == set(told)
    assert rows["departs"].to_dict() == {key: count for key, (_, count) in told.items()}
    assert rows["duree_min"].to_dict() == pytest.approx({key: mean for key, (mean, _) in told.items()}, rel=1e-9)


def test_a_feed_without_directions_tells_them_by_the_ends_of_trips(tmp_path):
    trips = "route_id,service_id,trip_id\nL1,S,T1\nL1,S,T2\nL1,S,T3\n"
    _, rows = stretches(feed(tmp_path, trips=trips))
    assert rows["sens"].to_dict() == {("A", "B"): "A > C", ("B", "C"): "A > C", ("C", "A"): "C > A"}


def test_where_one_may_only_alight_nothing_departs_but_vehicles_run_on(tmp_path):
    lines = TABLES["stop_times"].splitlines()
    no_pickup = {"T1,07:04:00,07:05:00,B,2", "T2,19:36:00,19:36:00,B,2"}
    times = [lines[0] + ",pickup_type", *(f"{line},{int(line in no_pickup)}" for line in lines[1:])]
    _, rows = stretches(feed(tmp_path, stop_times="\n".join(times) + "\n"))
    onward = rows.loc[("B", "C")]
    assert onward[["departs", "departs_jour", "courses_jour", "intervalle_bord_min"]].tolist() == [0, 0, 2, 720]
    assert pd.isna(onward["intervalle_min"])
    assert rows.loc[("A", "B"), ["departs", "courses_jour", "intervalle_bord_min"]].tolist() == [1, 2, 720]
