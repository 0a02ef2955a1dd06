"""The plan against DuckDB spatial, esda and the closed form of the concentration index, on the sample."""

from __future__ import annotations

import numpy as np
import pytest
from esda import Spatial_Pearson
from libpysal.weights import Queen

from proof.subjects import SAMPLES, database, diagnosis, prepared

PROVES = ("plan_actions", "plan_spending_need")

#: Reach of the actions: discs of 128 sides as GEOS draws them; who is in need within; what goes to each unit.
_REACH = """
WITH reach AS (SELECT nom, budget_eur,
                      CASE WHEN ST_Dimension(geom) = 2 THEN geom ELSE ST_Buffer(geom, 1000.0, 32) END AS g
               FROM action WHERE geom IS NOT NULL AND NOT ST_IsEmpty(geom))
"""
_PEOPLE = (
    _REACH
    + """
, needy AS (SELECT ST_Union_Agg(geom) AS g FROM fragilite WHERE indice >= 6)
SELECT r.nom, sum(p.habitants * ST_Area(ST_Intersection(p.geom, r.g)) / ST_Area(p.geom)) AS habitants,
       sum(p.habitants * ST_Area(ST_Intersection(ST_Intersection(p.geom, r.g), n.g)) / ST_Area(p.geom)) AS besoin
FROM reach r JOIN population p ON ST_Intersects(p.geom, r.g) CROSS JOIN needy n
WHERE p.habitants IS NOT NULL GROUP BY r.nom ORDER BY r.nom
"""
)
#: Orphans: no objective but the digital, and neither one inhabitant in need nor one hundredth of those reached.
_ORPHANS = f"""
WITH served AS ({_PEOPLE})
, judged AS (
  SELECT budget_eur, len(list_filter(string_split(strip_accents(lower(objectifs)), ';'),
                                     word -> trim(word) NOT IN ('', 'numerique'))) = 0
         AND NOT coalesce(besoin >= 1 AND besoin * 100 >= habitants, false) AS orphan
  FROM action LEFT JOIN served USING (nom))
SELECT count(*) FILTER (orphan), sum(budget_eur) FILTER (orphan) / sum(budget_eur) FROM judged
"""
_SPENT = (
    _REACH
    + """
, parts AS (SELECT r.budget_eur / ST_Area(r.g) AS by_m2, u.row_key AS code_unite,
                   ST_Area(ST_Intersection(u.geom, r.g)) AS m2
            FROM reach r JOIN units u ON ST_Intersects(u.geom, r.g))
SELECT code_unite, sum(by_m2 * m2) AS spent FROM parts GROUP BY code_unite
"""
)


@pytest.mark.parametrize("territory", SAMPLES)
def test_people_served_are_those_of_sql(territory):
    told = database(territory).execute(_PEOPLE).df().set_index("nom")
    ours = diagnosis(territory).tables["plan_actions"]["actions"].set_index("nom")
    assert ours.loc[told.index, "habitants"].tolist() == pytest.approx(told["habitants"].tolist(), rel=1e-9)
    assert ours.loc[told.index, "habitants_besoin"].tolist() == pytest.approx(
        told["besoin"].tolist(), rel=1e-9, abs=1e-6
    )


@pytest.mark.parametrize("territory", SAMPLES)
def test_orphans_are_those_of_sql(territory):
    count, share = database(territory).execute(_ORPHANS).fetchone()
    whole = diagnosis(territory).overall.set_index("indicateur")
    ours = whole.loc[["plan_orphan_count", "plan_orphan_budget_share"], "valeur"].tolist()
    assert count and ours == pytest.approx([count, share])


@pytest.mark.parametrize("territory", SAMPLES)
def test_spending_is_that_of_sql_and_its_association_that_of_esda(territory):
    done = diagnosis(territory)
    told = database(territory).execute(_SPENT).df().set_index("code_unite")["spent"]
    units = done.units
    assert units["plan_spending_eur"].tolist() == pytest.approx(told.reindex(units.index, fill_value=0.0).tolist())
    there = units["plan_spending_per_inhabitant"].notna() & units["plan_need_share"].notna()
    kept = units[there]
    shapes = prepared(territory).ground.units.loc[kept.index]
    weights = Queen.from_dataframe(shapes, use_index=False, silence_warnings=True)
    weights.transform = "r"
    pair = kept[["plan_spending_per_inhabitant", "plan_need_share"]].to_numpy()
    oracle = Spatial_Pearson(connectivity=weights.sparse, permutations=0).fit(pair[:, [0]], pair[:, [1]])
    whole = done.overall.set_index("indicateur")["valeur"]
    assert whole["plan_lee_l"] == pytest.approx(float(oracle.association_[0, 1]), abs=1e-9)


@pytest.mark.parametrize("territory", SAMPLES)
def test_the_concentration_index_is_the_covariance_with_the_rank(territory):
    done = diagnosis(territory)
    kept = done.units[done.units["plan_spending_per_inhabitant"].notna()].sort_values("plan_need_share")
    people = (kept["plan_need_inhabitants"] / kept["plan_need_share"]).where(kept["plan_need_share"] > 0)
    people = people.fillna(kept["plan_spending_eur"] / kept["plan_spending_per_inhabitant"])
    whole = done.overall.set_index("indicateur")["valeur"]["plan_concentration_index"]
    curve = done.tables["plan_spending_need"]["concentration"]
    x, y = curve["part_habitants"].to_numpy(), curve["part_depense"].to_numpy()
    assert whole == pytest.approx(1 - float(((y[1:] + y[:-1]) * np.diff(x)).sum()), abs=1e-12)
    needy = kept["plan_need_share"] == 1
    assert people[needy].notna().all()
    assert y[-2] == pytest.approx(kept["plan_spending_eur"][~needy].sum() / kept["plan_spending_eur"].sum())
