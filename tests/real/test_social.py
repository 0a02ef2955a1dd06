"""Inequality and fragility on real IRIS: against the published tables read by other means, and esda on the real map."""

import warnings
from functools import cache
from pathlib import Path

import esda
import geopandas as gpd
import libpysal
import numpy as np
import pandas as pd
import pytest

import territoire_sig as ts
from territoire_sig.diagnosis.ground import prepare
from territoire_sig.indicators import declared

pytestmark = pytest.mark.real

HERE = Path(__file__).resolve().parent


@cache
def ground(name):
    prepared = prepare(ts.read_territory(HERE / f"{name}.toml"))
    return prepared.ground.units, dict(prepared.inputs)


def measured(name, identifier, extra=None, **asked):
    units, layers = ground(name)
    analysis = declared()[identifier]
    given = layers | (extra or {})
    return analysis(units, layers={need.role: given.get(need.role) for need in analysis.inputs}, **asked)


def around_4g(name, radius):
    """4G as discs around the sites that have it: no coverage map of these years is at hand."""
    sites = ground(name)[1]["site_mobile"]
    with_4g = sites[sites["site_4g"].fillna(False).astype(bool)]
    return gpd.GeoDataFrame({"techno": "4G"}, index=with_4g.index, geometry=with_4g.buffer(radius), crs=sites.crs)


def by_pairs(values, people, rank):
    side = np.sign(rank[:, None] - rank[None, :]) * people[:, None] * people[None, :]
    return (side * (values[:, None] - values[None, :])).sum() / (2 * people.sum() * (values * people).sum())


def test_fibre_by_income_in_two_communes_of_seine_saint_denis(shared_data):
    found = measured("iris_93", "fibre_income")
    squares = gpd.read_file(shared_data / "social/filosofi_carreaux_200m_noisy_saintdenis_93.gpkg")
    squares = squares.rename(columns=str.lower)
    commune = squares["lcog_geo"].astype(str).str[:5]
    _, layers = ground("iris_93")
    rates = layers["couverture_fixe"].dissolve("code_insee")["taux_fibre"]
    alone = squares[commune.isin(rates.index) & (squares["lcog_geo"].astype(str).str.len() == 5)]
    rate = commune[alone.index].map(rates).to_numpy(dtype=float)
    people, income = alone["ind"].to_numpy(), (alone["ind_snv"] / alone["ind"]).to_numpy()
    index = found.overall["fibre_income_index"]
    # squares that straddle communes are left out of the judge alone: 2 % of the people
    assert index.value == pytest.approx(by_pairs(rate, people, income), abs=0.01)
    assert found.values["fibre_income_contribution"].sum() == pytest.approx(index.value, rel=1e-9)
    assert found.overall["fibre_income_index_low"].value < index.value < found.overall["fibre_income_index_high"].value


def test_units_without_squares_are_not_counted_as_known():
    units, layers = ground("iris_93")
    found = measured("iris_93", "fibre_income")
    reached = units.sjoin(layers["population"], predicate="intersects").index.unique()
    unknown = units.index.difference(reached)
    assert len(unknown) > 50
    assert (found.known_share.loc[unknown] == 0).all(axis=None)
    assert found.values.loc[unknown].isna().all(axis=None)
    share = found.overall["fibre_income_index"].known_share
    assert share <= 1 - units.area[unknown].sum() / units.area.sum() + 1e-9


def test_poverty_under_secrecy_is_unknown_and_counted(shared_data):
    raw = gpd.read_file(shared_data / "admin/iris_filosofi_declare_2019_dep93.gpkg").set_index("CODE_IRIS")
    secret = raw.index[raw["DEC_TP6019"].isna()]
    assert len(secret) == 4
    units, _ = ground("iris_93")
    everyone = gpd.GeoDataFrame(
        {"habitants": 100.0}, index=range(len(units)), geometry=units.geometry.array, crs=units.crs
    )
    found = measured("iris_93", "digital_fragility_index", {"population": everyone})
    rates = found.values["fragility_poverty_share"]
    assert sorted(rates.index[rates.isna()]) == sorted(secret)
    assert (found.known_share.loc[secret, "fragility_poverty_share"] == 0).all()
    told = rates.dropna()
    assert told.to_numpy() == pytest.approx(raw.loc[told.index, "DEC_TP6019"].to_numpy() / 100, abs=1e-4)


def test_fourg_by_living_standard_in_lyon(shared_data):
    found = measured("lyon_iris", "mobile_income", {"couverture_mobile": around_4g("lyon_iris", 250)})
    people = gpd.read_file(shared_data / "social/lyon_iris_pop2012_chomage.geojson").set_index("id")["p12_pop"]
    incomes = pd.read_parquet(
        shared_data / "environment/lyon_iris_air_bruit_vegetation_epsg3946.parquet", columns=["CODE_IRIS", "NivVieMed"]
    )
    known = people.index.isin(incomes["CODE_IRIS"])
    assert known.sum() == 350
    told = found.known_share["mobile_income_rank"]
    with_income = told.index.isin(people.index[known])
    # the 8 IRIS without income are left out, and told: by their people, over all
    assert (told[~with_income] == 0).all()
    assert (told[with_income] > 0.9).mean() > 0.95
    share = people[known].sum() / people.sum()
    assert found.overall["mobile_income_index"].known_share == pytest.approx(share, abs=0.02)
    index = found.overall["mobile_income_index"].value
    assert -0.1 < index < 0.1
    assert found.values["mobile_income_contribution"].sum() == pytest.approx(index, rel=1e-9)


def test_inequality_of_4g_in_saint_denis_and_noisy():
    found = measured("iris_93", "mobile_inequality", {"couverture_mobile": around_4g("iris_93", 200)})
    told = found.values.dropna(subset="mobile_4g_gini")
    assert len(told) > 30
    # of rates that have a bound, no Gini is above what is lacking on average
    assert (told["mobile_4g_gini"] <= 1 - told["mobile_4g_mean"] + 1e-9).all()
    assert told["mobile_4g_gini"].between(0, 1).all()
    assert 0 < found.overall["mobile_4g_overall_gini"].value < 1


def as_index(name, values):
    """A fragility layer of 0 to 10, from another rate of the units."""
    units, _ = ground(name)
    scaled = (values.reindex(units.index) / values.max() * 10).round(3)
    told = {"code_insee": units.index.astype(str), "indice": scaled.to_numpy()}
    return gpd.GeoDataFrame(told, geometry=units.geometry.array, crs=units.crs)


@pytest.mark.parametrize("name", ["iris_93", "lyon_iris"])
def test_clusters_of_poverty_and_unemployment_as_esda_tells_them(name, shared_data):
    units, layers = ground(name)
    if name == "iris_93":
        rates = layers["revenu"].set_index("code_insee")["taux_pauvrete"]
    else:
        rates = gpd.read_file(shared_data / "social/lyon_iris_pop2012_chomage.geojson").set_index("id")["tchom"]
    layer = as_index(name, rates.astype(float))
    found = measured(name, "fragility_clusters", {"fragilite": layer, "population": None}, correction="aucune")
    known = found.values["fragility_mean"].dropna()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        weights = libpysal.weights.fuzzy_contiguity(units.loc[known.index], predicate="intersects")
        weights = libpysal.weights.W(dict(enumerate(_positions(weights, known.index))))
        judge = esda.Moran_Local(known.to_numpy(), weights, permutations=999, seed=1)
        whole = esda.Moran(known.to_numpy(), weights, permutations=9)
    beside = np.array([len(weights.neighbors[unit]) > 0 for unit in range(len(known))])
    told = found.values.loc[known.index, "fragility_local_moran"].to_numpy()
    assert told[beside] == pytest.approx(judge.Is[beside], rel=1e-6, abs=1e-9)
    assert np.isnan(told[~beside]).all()
    if beside.all():
        assert found.overall["fragility_moran"].value == pytest.approx(whole.I, rel=1e-6)
    chance = np.minimum(2 * judge.p_sim, 1)[beside]
    apart = np.abs(found.values.loc[known.index, "fragility_local_p"].to_numpy()[beside] - chance)
    assert np.median(apart) < 0.04
    assert (found.map["classe"] == "haut_haut").sum() > 5


def _positions(weights, index):
    rank = {code: place for place, code in enumerate(index)}
    return [[rank[one] for one in weights.neighbors[code]] for code in index]


def test_help_in_grenoble_is_near_and_its_distance_known(grenoble):
    prepared = prepare(grenoble)
    analysis = declared()["fragility_mediation_distance"]
    units = prepared.ground.units
    told = {"code_insee": units.index.astype(str), "indice": np.linspace(0, 10, len(units))}
    layers = dict(prepared.inputs) | {"fragilite": gpd.GeoDataFrame(told, geometry=units.geometry.array, crs=units.crs)}
    found = analysis(units, layers={need.role: layers.get(need.role) for need in analysis.inputs})
    # people are spread evenly over each commune: the distance is that of its centre to the nearest place
    places = layers["mediation"].union_all()
    distances = units.centroid.distance(places)
    assert found.values["mediation_mean_distance_m"].to_numpy() == pytest.approx(distances.to_numpy(), rel=1e-6)
