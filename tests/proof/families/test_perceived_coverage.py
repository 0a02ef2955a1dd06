"""Perceived coverage, against statsmodels' kappa and DuckDB's point in polygon, on drawn territories and the sample."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box
from statsmodels.stats.inter_rater import cohens_kappa

from oracles.duckdb_spatial import connect, register_table
from proof.subjects import prepared
from territoire_sig.indicators import declared

PROVES = ("perceived_mobile_coverage",)
COVERED = """
    SELECT p.row_key AS point, p.unit, p.couvert, bool_or(c.geom IS NOT NULL) AS mapped
    FROM (SELECT s.*, u.row_key AS unit FROM said s JOIN units u ON ST_Intersects(u.geom, s.geom)) p
    LEFT JOIN cover c ON ST_Intersects(c.geom, p.geom)
        AND (p.operateur IS NULL OR p.operateur = c.operateur)
        AND (p.techno IS NULL OR contains(c.techno, p.techno))
    WHERE EXISTS (
        SELECT * FROM cover n WHERE (p.operateur IS NULL OR p.operateur = n.operateur)
        AND (p.techno IS NULL OR contains(n.techno, p.techno))
    )
    GROUP BY ALL
"""


def drawn(seed):
    random = np.random.default_rng(seed)
    shapes = [box(x * 1000, 0, (x + 1) * 1000, 3000) for x in range(4)]
    units = gpd.GeoDataFrame({"nom_unite": list("ABCD")}, geometry=shapes, index=list("ABCD"), crs=2154)
    corners = random.uniform(0, 3500, (12, 2))
    cover = {
        "operateur": random.choice(["Orange", "SFR", "Free Mobile"], 12),
        "techno": random.choice(["2G3G", "4G", "4G5G"], 12),
        "niveau": "TBC",
    }
    spread = [box(x - 500, y - 500, x + 500, y + 500) for x, y in corners]
    places = random.uniform(0, (4000, 3000), (300, 2))
    said = {
        "couvert": pd.array(random.choice([True, False, None], 300, p=[0.5, 0.4, 0.1]), dtype="boolean"),
        "operateur": random.choice(["Orange", "SFR", None], 300),
        "techno": random.choice(["3G", "4G", None], 300),
    }
    return {
        "units": units,
        "cover": gpd.GeoDataFrame(cover, geometry=spread, crs=2154),
        "said": gpd.GeoDataFrame(said, geometry=gpd.points_from_xy(*places.T), crs=2154),
    }


def compared(layers):
    duck = connect()
    for name, layer in layers.items():
        register_table(duck, name, layer)
    table = duck.execute(COVERED).df()
    duck.close()
    return table[table["couvert"].notna()].astype({"couvert": bool, "mapped": bool})


def expected(rows):
    """Return what a group of compared declarations says: dead zones covered, agreement, kappa."""
    square = pd.crosstab(rows["couvert"], rows["mapped"]).reindex(
        index=[True, False], columns=[True, False], fill_value=0
    )
    dead = square.loc[False]
    kappa = cohens_kappa(square.to_numpy()).kappa
    return [dead[True] / dead.sum(), np.trace(square) / square.to_numpy().sum(), kappa]


NAMES = ["perceived_dead_covered_share", "perceived_agreement_share", "perceived_kappa"]


@pytest.mark.parametrize("seed", range(4))
def test_agreement_and_kappa_by_unit_and_over_the_whole(seed):
    layers = drawn(seed)
    told = {"couverture_percue": layers["said"], "couverture_mobile": layers["cover"]}
    found = declared()["perceived_mobile_coverage"](layers["units"], layers=told)
    rows = compared(layers)
    for code, group in rows.groupby("unit"):
        np.testing.assert_allclose(
            found.values.loc[code, NAMES].to_numpy(float), expected(group), rtol=1e-9, atol=1e-12
        )
    whole = [found.overall[f"all_{name}"].value for name in NAMES]
    np.testing.assert_allclose(whole, expected(rows), rtol=1e-9)
    assert found.overall["all_perceived_agreement_share"].known_share == pytest.approx(len(rows) / 300)
    contested = (found.map["classe"] == "zone_blanche_contestee").sum()
    assert contested == (~rows["couvert"] & rows["mapped"]).sum() > 0


def test_the_sample():
    ready = prepared("sample_2025")
    layers = {"units": ready.ground.units, "said": ready.inputs["couverture_percue"]}
    rows = compared(layers | {"cover": ready.inputs["couverture_mobile"]})
    found = declared()["perceived_mobile_coverage"](ready.ground.units, layers=ready.inputs)
    np.testing.assert_allclose([found.overall[f"all_{name}"].value for name in NAMES], expected(rows), rtol=1e-9)
