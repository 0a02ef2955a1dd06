"""Mobility, told again by DuckDB spatial and networkx on the sample; headways by gtfs-kit on the real Grenoble feed."""

from __future__ import annotations

from functools import cache

import geopandas as gpd
import gtfs_kit
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely

from proof.subjects import SAMPLES, database, prepared
from territoire_sig.indicators import declared
from territoire_sig.indicators.transit_supply import stops_of
from territoire_sig.io.formats.gtfs import read_gtfs
from territoire_sig.io.reader import Source

PROVES = ("cycle_continuity", "multimodal_hubs", "stop_catchment", "transit_headway", "transit_mobile_exposure")
SAMPLE = pytest.mark.parametrize("territory", SAMPLES)


@cache
def values(territory: str, analysis: str) -> pd.DataFrame:
    ground = prepared(territory)
    return declared()[analysis](ground.ground.units, layers=ground.inputs).values


def same(territory: str, analysis: str, query: str, rel: float = 1e-9) -> None:
    """Compare columns with a query whose first column is the unit, the others named as the outputs."""
    table = database(territory).execute(query).df()
    ours = values(territory, analysis)
    expected = table.set_index(table.columns[0]).reindex(ours.index)
    for name in expected.columns:
        close = pytest.approx(expected[name].astype(float).tolist(), rel=rel, abs=1e-9, nan_ok=True)
        assert ours[name].tolist() == close, name


STOPS = """
    WITH l AS (
      SELECT arret_depart AS stop, 1 / sum(1 / intervalle_min) AS headway, sum(departs_jour) AS departures,
             any_value(ST_StartPoint(geom)) AS geom
      FROM troncon_tc GROUP BY arret_depart, ligne, sens),
    s AS (
      SELECT stop, min(headway) AS headway, sum(departures) AS departures, any_value(geom) AS geom FROM l GROUP BY 1),
    served AS (SELECT u.row_key AS unit, s.* FROM s JOIN units u ON ST_Covers(u.geom, s.geom)),
    reach AS (SELECT ST_Union_Agg(geom) AS geom FROM couverture_mobile)
"""


@SAMPLE
def test_headways(territory):
    same(
        territory,
        "transit_headway",
        f"""{STOPS}
        SELECT unit, count(*) AS transit_stop_count, median(headway) AS transit_headway_min,
               avg((headway <= 15)::INT) AS transit_frequent_share, sum(departures) AS transit_departures
        FROM served GROUP BY 1""",
    )


@SAMPLE
def test_exposure(territory):
    same(
        territory,
        "transit_mobile_exposure",
        f"""{STOPS}, told AS (
          SELECT served.*, NOT ST_Intersects(served.geom, reach.geom) AS blind FROM served, reach),
        pieces AS (
          SELECT u.row_key AS unit, t.departs_jour AS n, ST_Intersection(t.geom, u.geom) AS geom
          FROM troncon_tc t JOIN units u ON ST_Intersects(t.geom, u.geom)),
        runs AS (
          SELECT unit, sum(ST_Length(ST_Difference(pieces.geom, reach.geom)) * n) AS lost,
                 sum(ST_Length(pieces.geom) * n) AS whole
          FROM pieces, reach GROUP BY 1)
        SELECT unit, sum(departures * blind::INT) AS departure_uncovered_count,
               sum(departures * blind::INT) / sum(departures) AS departure_uncovered_share,
               sum(departures * headway / 2 * blind::INT) / sum(departures) AS uncovered_wait_min,
               any_value(runs.lost / runs.whole) AS vehicle_uncovered_share
        FROM told JOIN runs USING (unit) GROUP BY 1""",
    )


@SAMPLE
def test_catchment(territory):
    same(
        territory,
        "stop_catchment",
        """
        WITH discs AS (
          SELECT ST_Union_Agg(ST_Buffer(geom, 300, 32)) AS near, ST_Union_Agg(ST_Buffer(geom, 500, 32)) AS wide
          FROM arret WHERE location_type = 0 AND (passages_jour IS NULL OR passages_jour > 0)),
        pieces AS (
          SELECT u.row_key AS unit, p.habitants / ST_Area(p.geom) AS density, ST_Intersection(u.geom, p.geom) AS geom
          FROM units u JOIN population p ON ST_Intersects(u.geom, p.geom))
        SELECT unit, sum(density * ST_Area(ST_Intersection(geom, near))) AS stop_near_inhabitants,
               sum(density * ST_Area(ST_Intersection(geom, near))) / sum(density * ST_Area(geom)) AS stop_near_share,
               sum(density * ST_Area(ST_Intersection(geom, wide))) AS stop_wide_inhabitants,
               sum(density * ST_Area(ST_Intersection(geom, wide))) / sum(density * ST_Area(geom)) AS stop_wide_share
        FROM pieces, discs GROUP BY 1""",
        rel=1e-7,
    )


@SAMPLE
def test_hubs(territory):
    same(
        territory,
        "multimodal_hubs",
        """
        WITH p AS (
          SELECT coalesce(nullif(parent_station, ''), stop_id) AS stop, geom,
                 EXISTS (FROM stationnement_velo o WHERE ST_DWithin(a.geom, o.geom, 150)) AS cycle,
                 EXISTS (FROM parc_relais o WHERE ST_DWithin(a.geom, o.geom, 150)) AS park,
                 EXISTS (FROM borne_recharge o WHERE ST_DWithin(a.geom, o.geom, 150)) AS charging,
                 NOT EXISTS (FROM couverture_mobile o WHERE ST_Intersects(a.geom, o.geom)) AS lost
          FROM arret a WHERE location_type = 0 AND (passages_jour IS NULL OR passages_jour > 0)),
        s AS (
          SELECT stop, any_value(geom) AS geom, bool_or(cycle) AS cycle, bool_or(park) AS park,
                 bool_or(charging) AS charging, bool_or(lost) AS lost FROM p GROUP BY 1)
        SELECT u.row_key, count(*) FILTER (cycle OR park OR charging) AS hub_count,
               count(*) FILTER (cycle) AS hub_cycle_count, count(*) FILTER (park) AS hub_park_ride_count,
               count(*) FILTER (charging) AS hub_charging_count,
               count(*) FILTER (cycle AND park AND charging) AS hub_full_count,
               count(*) FILTER (lost AND (cycle OR park OR charging)) AS hub_uncovered_count
        FROM units u JOIN s ON ST_Covers(u.geom, s.geom) GROUP BY 1""",
    )
    hubs = values(territory, "multimodal_hubs")
    share = hubs["hub_uncovered_count"] / hubs["hub_count"].where(hubs["hub_count"] > 0)
    assert hubs["hub_uncovered_share"].tolist() == pytest.approx(share.tolist(), nan_ok=True)


def components(lines: list, join_m: float) -> list[set[int]]:
    """Return the pieces of lines by networkx: two lines meet where they cross, or within a distance of an end."""
    graph = nx.Graph()
    graph.add_nodes_from(range(len(lines)))
    for one, line in enumerate(lines):
        ends = [shapely.Point(line.coords[end]) for end in (0, -1)]
        for other in range(len(lines)):
            if one != other and (
                line.intersects(lines[other]) or min(end.distance(lines[other]) for end in ends) <= join_m
            ):
                graph.add_edge(one, other)
    return sorted(nx.connected_components(graph), key=lambda piece: -sum(lines[rank].length for rank in piece))


@pytest.mark.parametrize("seed", range(5))
def test_continuity_by_networkx(seed):
    draw = np.random.default_rng(seed)
    starts = draw.uniform(0, 1200, (40, 2))
    turn, length = draw.uniform(0, 6.28, 40), draw.uniform(30, 250, 40)
    ends = starts + (np.stack([np.cos(turn), np.sin(turn)]) * length).T
    starts[1::4] = ends[::4]  # some start where others end
    lines = list(shapely.linestrings(np.stack([starts, ends], axis=1)))
    state = np.where(draw.random(40) < 0.7, "existant", "projet")
    ways = gpd.GeoDataFrame({"etat": state}, geometry=lines, crs=2154)
    units = gpd.GeoDataFrame(geometry=[shapely.box(-500, -500, 2500, 2500)], index=["A"], crs=2154)
    found = declared()["cycle_continuity"](units, layers={"cyclable": ways})
    today = [line for line, word in zip(lines, state, strict=True) if word == "existant"]
    pieces, after = components(today, 5.0), components(lines, 5.0)
    assert found.values.loc["A", "cycle_piece_count"] == len(pieces)
    assert found.overall["cycle_planned_piece_count"].value == len(after)
    shapes = [shapely.union_all([today[rank] for rank in piece]) for piece in pieces]
    gaps = [(a, b) for a in range(len(shapes)) for b in range(a) if shapes[a].distance(shapes[b]) <= 100]
    whole = [shapely.union_all([lines[rank] for rank in piece]) for piece in after]
    home = [next(rank for rank, one in enumerate(whole) if one.intersects(shape)) for shape in shapes]
    assert found.values.loc["A", "cycle_gap_count"] == len(gaps)
    assert found.values.loc["A", "cycle_gap_closed_count"] == sum(home[a] == home[b] for a, b in gaps)
    assert len(gaps) or seed
    main = sum(lines[rank].length for rank in after[0]) / sum(line.length for line in lines)
    assert found.overall["cycle_planned_main_share"].value == pytest.approx(main, abs=0.01)


@pytest.mark.real
@pytest.mark.slow
def test_departures_of_grenoble_by_gtfs_kit(shared_data):
    """Departures of the day by stop: those of gtfs-kit, whose count holds the last stop of a trip too."""
    path = shared_data / "mobility" / "grenoble_SEM-GTFS.zip"
    (layer,) = read_gtfs(Source(path, role="troncon_tc", options={"jour": "2023-04-12"}))
    ours = stops_of(layer.frame.to_crs(2154)).set_index("stop")
    feed = gtfs_kit.read_feed(path, dist_units="km")
    feed.stop_times = feed.stop_times.sort_values(["trip_id", "stop_sequence"])
    feed.stop_times = feed.stop_times[feed.stop_times["trip_id"].duplicated(keep="last")]
    told = gtfs_kit.compute_stop_stats(feed, ["20230412"], headway_start_time="07:00:00", headway_end_time="19:00:00")
    theirs = told.set_index("stop_id")["num_trips"]
    assert ours["departures"].to_dict() == theirs[theirs > 0].to_dict()
    alone = layer.frame.groupby("arret_depart").filter(lambda rows: len(rows) == 1 and rows["departs"].iloc[0] >= 8)
    headway = told.set_index("stop_id")["mean_headway"].reindex(alone["arret_depart"])
    close = (ours["headway_min"].reindex(alone["arret_depart"]) / headway).dropna()
    assert len(close) > 300
    assert close.between(0.75, 1.25).mean() > 0.95, "period ÷ departures, against the mean of the gaps between them"
