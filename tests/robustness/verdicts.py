"""What the worker does with one case: both ways, against GEOS and against rational arithmetic."""

from __future__ import annotations

import numpy as np

from robustness.corpus import POLYGONS, with_placed
from robustness.exact import common_area
from robustness.judge import EPSILON, ROUNDINGS, Verdict, geos, judge, layer, tolerance
from territoire_sig import overlay

#: Cases in which GEOS OverlayNG is itself wrong, as rational arithmetic tells: this judges the engine there.
GEOS_IS_WRONG = {
    "jts_failure/TestOverlayNGFailure/1": "0.011 m² found as 1e-15",
    "jts_failure/TestOverlayNGFailure/2": "400 m² found as 1e-11",
    "jts_failure/TestOverlayNGFailure/4": "two triangles that share an edge found one in the other",
    "jts_failure/TestOverlayNGFailure/5": "a common area larger than the zone",
}
#: Cases in which GEOS fails at full precision, and snaps at 1e-12 of the coordinates: the gap is its own.
GEOS_SNAPS = {"jts_robust/TestOverlay-geos-1051/1"}
SNAPPED = 1e-12 / EPSILON

ALL = {case.name: case for case in with_placed(POLYGONS)}


def against_geos(name):
    """Return, for a case both ways, the areas that are wrong or the shapes that are not valid; and the empty rows."""
    reference = common_area if name in GEOS_IS_WRONG else geos
    steps = SNAPPED if name in GEOS_SNAPS else ROUNDINGS
    verdicts = [judge(zones, cover, reference, steps) for zones, cover in both_ways(name)]
    return [line for one in verdicts for line in one.wrong()], [line for one in verdicts for line in one.empty]


def against_fractions(name):
    """Return the areas covered, inside and outside that differ from those of rational arithmetic."""
    verdict = Verdict()
    shared = None
    for zones, cover in both_ways(name):
        allowed = tolerance(zones, cover, ROUNDINGS)
        if shared is None or (len(zones), len(cover)) != (1, 1):  # what two polygons share is the same either way
            shared = np.array([common_area(zone, list(cover.geometry)) for zone in zones.geometry])
        taken = shared
        verdict.compare("covered_area", overlay.covered_area(zones, cover), taken, allowed)
        inside = overlay.pieces_inside(zones, cover).area.reindex(zones.index).fillna(0.0)
        outside = overlay.pieces_outside(zones, cover).area.reindex(zones.index).fillna(0.0)
        verdict.compare("pieces_inside", inside, taken, allowed)
        verdict.compare("pieces_outside", zones.area - outside, taken, allowed)
    return verdict.wrong()


def both_ways(name):
    """Return the layers of a case: one measured under the other, and the other under the one."""
    one, other = layer(ALL[name].a), layer(ALL[name].b)
    return (one, other), (other, one)
