"""The spatial engine: pure functions on GeoDataFrames, measured zones first, covers next.

Every measure checks its layers at the door (one projected CRS in metres, geometry kinds, finite and valid
coordinates), changes none of them, and is exact: areas are those of the geometries as given.
"""

from __future__ import annotations

from .areas import covered_area, covered_share, intersection_areas
from .crosstab import crosstab
from .interpolation import Interpolation, interpolate
from .lines import covered_length, covered_length_by_zone, length_within
from .network import Network, build_network
from .partition import intersect, partition, pieces_inside, pieces_outside
from .points import assign_zone, count_within, main_zone, nearest_distance, within
from .repair import Repair, repair
from .subdivision import subdivide
from .transit import Transit, build_transit
from .travel import TravelTimes, Walk, nearest_times, travel_times
from .zonal import value_at, zonal_statistics

__all__ = [
    "Interpolation",
    "Network",
    "Repair",
    "Transit",
    "TravelTimes",
    "Walk",
    "assign_zone",
    "build_network",
    "build_transit",
    "count_within",
    "covered_area",
    "covered_length",
    "covered_length_by_zone",
    "covered_share",
    "crosstab",
    "interpolate",
    "intersect",
    "intersection_areas",
    "length_within",
    "main_zone",
    "nearest_distance",
    "nearest_times",
    "partition",
    "pieces_inside",
    "pieces_outside",
    "repair",
    "subdivide",
    "travel_times",
    "value_at",
    "within",
    "zonal_statistics",
]
