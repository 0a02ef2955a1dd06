"""Time of the Monte-Carlo ranking: ``python benchmarks/ranking.py [UNITS] [INDICATORS] [DRAWS]``.

Indicators are drawn (seed 0), one value in ten unknown. Printed: the time of the whole analysis ``overall_coherence``
and of its draws alone, and the most memory that the process held.
"""

from __future__ import annotations

import resource
import sys
import time

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import box

from territoire_sig.indicators.acceptability import rank_acceptability
from territoire_sig.indicators.composite import normalised, ranks, weighted_average
from territoire_sig.indicators.overall_coherence import overall_coherence
from territoire_sig.model.declaration import Indicators, Output
from territoire_sig.model.families import Family
from territoire_sig.texts import Text


def main(units: int = 35_000, indicators: int = 20, draws: int = 1_000) -> None:
    places, read = drawn(units, indicators)
    started = time.perf_counter()
    found = overall_coherence(places, indicators=read, poids="egaux", tirages=draws)
    whole = time.perf_counter() - started
    scaled = normalised(read.values, dict.fromkeys(read.values, 1))
    weights = pd.Series(1 / indicators, index=scaled.columns)
    reference = pd.Series(ranks(weighted_average(scaled, weights)).astype(float), index=scaled.index)
    started = time.perf_counter()
    rank_acceptability(scaled, reference, draws=draws, seed=1)
    alone = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    ranked = int(found.values["composite_rank"].notna().sum())
    print(f"{ranked} units ranked × {indicators} indicators × {draws} draws")
    print(f"overall_coherence {whole:6.1f} s, of which draws {alone:6.1f} s; peak memory {peak:.2f} GiB")


def drawn(units: int, indicators: int) -> tuple[gpd.GeoDataFrame, Indicators]:
    generator = np.random.default_rng(0)
    values = pd.DataFrame(generator.random((units, indicators))).add_prefix("indicator_")
    values.index = pd.Index([f"{rank:05}" for rank in range(units)], name="code_unite")
    values = values.mask(generator.random(values.shape) < 0.1)
    outputs = {name: Output(name, Text(name, name), "part", better=1) for name in values}
    families = dict.fromkeys(values, Family.SOCIAL)
    shapes = [box(x, 0, x + 1, 1) for x in range(units)]
    places = gpd.GeoDataFrame({"nom_unite": values.index}, geometry=shapes, index=values.index, crs=2154)
    return places, Indicators(values, values.notna().astype(float), outputs, families)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
