import geopandas as gpd
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from shapely import Point, affinity

from indicators.specimens import CRS, specimen, square_units
from scale.layers import X, Y, layer, square, strip
from territoire_sig.errors import CRSMismatchError, ParameterError
from territoire_sig.indicators import declared
from territoire_sig.scale import analyse, analyses, partition_parquet
from territoire_sig.scale.analyses import _job, _measured
from territoire_sig.scale.measures import opened

STEP_M, TIMES = 1_700, 5
#: Analyses that take seconds on one machine already.
#: Names that a copy of a layer elsewhere must not share with it.
CODES = ("code", "noeud", "arret_depart", "arret_arrivee", "stop_id", "parent_station")
LONG = set(declared()) - {"school_fibre", "zoning_fixed_coverage"}
#: Those whose units may be measured apart: the others are refused by ``analyse``.
APART = [name for name, one in declared().items() if one.outputs and one.apart and not one.reads]
ALL = [pytest.param(name, marks=pytest.mark.slow if name in LONG else ()) for name in APART]


def repeated(frame, *, codes=()):
    """Return a layer drawn again every 1,700 m towards the east, each time with codes of its own."""
    frames = []
    for time in range(TIMES):
        moved = frame.geometry.map(lambda shape, time=time: affinity.translate(shape, xoff=STEP_M * time))
        copy = frame.set_geometry(moved)
        frames.append(copy.assign(**{name: copy[name].astype(str) + f"-{time}" for name in codes if name in copy}))
    return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), geometry="geometry", crs=frame.crs)


@pytest.fixture(scope="module")
def country():
    """Units of 1 km along 9 km, that overlap in places, one that no layer reaches, and the specimen of each role."""
    units = repeated(square_units().iloc[:2])
    far = gpd.GeoDataFrame({"nom_unite": ["Loin"]}, geometry=[square_units().geometry["Z"]], crs=CRS)
    units = pd.concat([units, far], ignore_index=True).set_axis([f"u{4 * n % 11:02}" for n in range(11)])
    roles = {need.role for one in declared().values() for need in one.inputs}
    return units.rename_axis("code_unite"), {role: drawn(role) for role in sorted(roles)}


def drawn(role):
    found = specimen(role)
    return repeated(found, codes=CODES) if isinstance(found, gpd.GeoDataFrame) else found


@pytest.mark.parametrize("identifier", ALL)
def test_every_declared_analysis_is_that_of_one_machine(country, tmp_path, identifier, monkeypatch):
    """Each partition is measured here as a worker does it; the trip to a worker is tested below, once."""
    monkeypatch.setattr(analyses, "_FEW", 8)  # codes are no classes: else each feature would be read everywhere
    units, layers = country
    analysis = declared()[identifier]
    given = {need.role: layers[need.role] for need in analysis.inputs}
    expected = analysis(units, layers=given)
    parts = partition_parquet(units, tmp_path / "units", 3)
    folders = {
        role: partition_parquet(one, tmp_path / role, 10) if isinstance(one, gpd.GeoDataFrame) else one
        for role, one in given.items()
    }
    job = _job(analysis, parts, folders, analysis.checked_parameters({}), 1_000.0, csv=False)
    assert len(parts.files) == 4
    for number in range(4):
        done = _measured(job, tmp_path, number)
        found = gpd.read_parquet(tmp_path / done.file)
        values = expected.values.loc[found.index]
        assert_frame_equal(pd.DataFrame(found)[values.columns], values, rtol=1e-9, atol=1e-9)
        shares = expected.known_share.loc[found.index].add_suffix("_known_share")
        assert_frame_equal(pd.DataFrame(found)[shares.columns], shares, rtol=1e-9, atol=1e-9)


def test_on_a_cluster_a_school_on_a_border_counts_once_and_none_is_none_not_unknown(client, tmp_path):
    units = strip(4, 1_000.0).rename_axis("code_unite")
    schools = layer(Point(X + 1_000, Y + 5), Point(X + 2_500, Y), fibre=[True, False], eleves=[10.0, 30.0])
    rate = layer(square(0, 0, 4_000, 1_000), taux_fibre=[0.5])
    folders = {
        "etablissement_scolaire": partition_parquet(schools, tmp_path / "e", 1),
        "couverture_fixe": partition_parquet(rate, tmp_path / "f", 1),
    }
    told = []
    result = analyse(
        "school_fibre",
        partition_parquet(units, tmp_path / "u", 1),
        folders,
        output=tmp_path / "r",
        margin_m=10,
        cluster=client,
        progress=lambda share, _: told.append(share),
    )
    found = result.table()
    assert found["school_count"].to_dict() == {"D": 0.0, "C": 1.0, "B": 1.0, "A": 0.0}
    assert found["school_not_ready_pupils"].to_dict() == {"D": 0.0, "C": 30.0, "B": 0.0, "A": 0.0}
    assert found["school_count_known_share"].tolist() == [1.0] * 4
    assert told == [0.25, 0.5, 0.75, 1.0]
    whole = declared()["school_fibre"](units, layers={"etablissement_scolaire": schools, "couverture_fixe": rate})
    assert_frame_equal(found[whole.values.columns], whole.values)


def test_a_layer_handed_whole_reaches_beyond_the_margin(tmp_path, monkeypatch):
    """A node 3 km away serves the unit: seen when its layer is whole, not when it is read within 100 m."""
    units = layer(square(0, 0, 100, 100), square(3_000, 0, 3_100, 100), index=["ici", "loin"])
    given = {
        "alea": layer(square(3_000, 0, 3_100, 100), niveau=["fort"], typealea=["11"]),
        "noeud_optique": layer(
            Point(X + 9_000, Y), Point(X + 3_050, Y + 50), code=["x", "n"], niveau=["NRO", "NRO"]
        ),
        "zone_nro": layer(square(0, 0, 3_100, 100), code=["z"], noeud=["n"]),
        "population": layer(square(0, 0, 100, 100), square(3_000, 0, 3_100, 100), habitants=[50.0, 7.0]),
        "perimetre_risque": layer(square(0, 0, 3_100, 100)),
    }  # fmt: skip
    analysis = declared()["hazard_network_assets"]
    expected = analysis(units, layers=given).values["hazard_node_dependents"]
    assert expected.to_dict() == {"ici": 50.0, "loin": 7.0}
    parts = partition_parquet(units, tmp_path / "u", 1)
    near = {role: partition_parquet(one, tmp_path / role, 1) for role, one in given.items()}
    here = next(number for number in range(2) if parts.read(number).index[0] == "ici")
    values = analysis.checked_parameters({"rayon_m": 100})
    whole = {role: given[role] for role in ("noeud_optique", "alea")}
    monkeypatch.setattr(analyses, "_FEW", 0)
    for folders, people in ((near | whole, 50.0), (near, 0.0)):
        done = _measured(_job(analysis, parts, folders, values, 100.0, csv=False), tmp_path, here)
        assert gpd.read_parquet(tmp_path / done.file)["hazard_node_dependents"].tolist() == [people]


def test_the_margin_follows_the_parameters(tmp_path):
    analysis = declared()["mediation_transit_fragility"]
    units = partition_parquet(strip(1), tmp_path / "u")
    people = layer(square(0, 0, 10, 10), habitants=[1.0])
    layers = {"mediation": layer(Point(X, Y)), "arret": layer(Point(X, Y), stop_id=["a"]), "population": people}
    values = analysis.checked_parameters({"rayon_mediation_m": 9_000, "rayon_arret_m": 2_000})
    assert _job(analysis, opened(units), layers, values, 10_000.0, csv=False).margin_m == 11_000


def test_wrong_requests_are_refused(client, tmp_path):
    units = partition_parquet(strip(2), tmp_path / "u", 1)
    schools = partition_parquet(layer(Point(X, Y), fibre=[True]), tmp_path / "e")
    rate = layer(square(0, 0, 20, 10), taux_fibre=[0.5])
    bent = partition_parquet(rate.set_geometry(rate.segmentize(0.1)), tmp_path / "f", max_vertices=32)
    abroad = partition_parquet(rate.set_crs(3857, allow_override=True), tmp_path / "x")

    def refused(error, said, identifier="school_fibre", fixed=rate, **options):
        with pytest.raises(error, match=said):
            layers = {"etablissement_scolaire": schools} | ({} if fixed is None else {"couverture_fixe": fixed})
            analyse(identifier, units, layers, output=tmp_path / "r", cluster=client, **options)
        assert not (tmp_path / "r").exists()

    refused(ParameterError, "essayez : school_fibre", identifier="school_fiber")
    refused(ParameterError, "paramètre inconnu taux", parameters={"taux": 1})
    refused(ParameterError, "attendu : de 0.0 à 1.0", parameters={"taux_pret": 2})
    refused(ParameterError, "il manque couverture_fixe", fixed=None)
    refused(ParameterError, "découpées", fixed=bent)
    refused(CRSMismatchError, "EPSG:3857", fixed=abroad)


def test_units_that_depend_on_each_other_are_refused(client, tmp_path):
    for identifier in sorted(set(declared()) - set(APART)):
        with pytest.raises(ParameterError, match=f"{identifier} : les unités ne s'y mesurent qu'ensemble"):
            analyse(identifier, tmp_path / "u", {}, output=tmp_path / "r", cluster=client)


def test_a_partition_does_not_read_the_whole_country(country, tmp_path):
    units, layers = country
    parts = partition_parquet(units, tmp_path / "u", 3)
    stops = partition_parquet(layers["arret"], tmp_path / "arret", 10)
    read = [len(stops.near(parts.read(number).buffer(1_000).bounds.to_numpy())) for number in range(4)]
    assert stops.features == 30
    assert max(read) < 25
