from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import Point, Polygon

from diagnosis.drawn import TOML, X, Y, square, write_layer, write_territory
from territoire_sig.diagnosis.ground import prepare
from territoire_sig.errors import InvalidValueError, ParameterError
from territoire_sig.io.territory import read_territory

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample" / "territoire.toml"


def prepared(folder, toml=TOML):
    return prepare(read_territory(write_territory(folder, toml=toml)))


def test_counts_repaired_outside_and_beyond(tmp_path):
    path = write_territory(tmp_path)
    bow_tie = Polygon([(X, Y), (X + 100, Y + 100), (X + 100, Y), (X, Y + 100)])
    far = Point(X + 50_000, Y).buffer(10)
    shapes = [bow_tie, None, square(3000, 0, 3100, 100), far]
    write_layer(tmp_path / "zonage.gpkg", shapes, typezone=["U", "U", "A", "N"])
    territory = read_territory(path)
    assert "1 entité(s) sans géométrie" in " ".join(
        str(remark) for remark in territory.layers["zonage"].provenance[0].remarks
    )
    ready = prepare(territory)
    count = next(count for count in ready.counts if count.role == "zonage")
    assert (count.read, count.repaired, count.outside_perimeter, count.beyond_margin) == (3, 1, 2, 1)
    assert ready.ground.layers["zonage"].area.sum() == pytest.approx(2 * 2500 + 10_000)
    assert "1 géométrie(s) invalide(s) réparée(s)" in " ".join(str(text) for text in ready.warnings)


def test_tables_take_the_polygons_of_their_codes(tmp_path):
    rates = prepared(tmp_path).ground.layers["couverture_fixe"]
    assert isinstance(rates, gpd.GeoDataFrame)
    assert rates.set_index("code_insee")["taux_fibre"].to_dict() == {"01001": 0.4, "01002": 1.0}
    assert rates.area.tolist() == [1e6, 1e6]


def test_unit_without_a_row_is_unknown_and_told(tmp_path):
    path = write_territory(tmp_path)
    (tmp_path / "fibre.csv").write_text("code_insee;taux_fibre\n01002;1\n")
    ready = prepare(read_territory(path))
    assert ready.ground.layers["couverture_fixe"]["taux_fibre"].isna().tolist() == [True, False]
    assert any("couverture_fixe : 1 unité(s) sans ligne" in str(text) for text in ready.warnings)


def test_iris_units_take_the_rates_of_their_commune(tmp_path):
    toml = TOML.replace('niveau = "commune"', 'niveau = "iris"')
    path = write_territory(tmp_path, toml=toml)
    write_layer(
        tmp_path / "communes.gpkg",
        [square(0, 0, 500, 1000), square(500, 0, 1000, 1000), square(1000, 0, 2000, 1000)],
        insee=["010010101", "10010102", "010020000"],
        nom=["a", "b", "c"],
    )
    ready = prepare(read_territory(path))
    assert ready.ground.units.index.tolist() == ["010010101", "010010102", "010020000"]
    assert ready.ground.layers["couverture_fixe"]["taux_fibre"].tolist() == [0.4, 0.4, 1.0]


def test_declared_radius_is_an_approximation_by_name(tmp_path):
    ground = prepared(tmp_path).ground
    assert "rayon" not in ground.layers["couverture_mobile"].columns
    assert ground.layers["couverture_mobile"].area.sum() == pytest.approx(3.14159 * 300**2, rel=2e-3)
    assert "portée mobile supposée de 300 m" in ground.approximations["couverture_mobile"].fr
    assert "300 m around the sites" in ground.approximations["couverture_mobile"].en


def test_the_reach_of_a_site_has_its_technologies(tmp_path):
    path = write_territory(tmp_path)
    sites = gpd.read_file(tmp_path / "sites.gpkg")
    sites.assign(site_3g=True, site_4g=True, site_5g=False).to_file(tmp_path / "sites.gpkg", driver="GPKG")
    reach = prepare(read_territory(path)).ground.layers["couverture_mobile"]
    assert set(reach["techno"]) == {"3G4G"}
    assert set(reach["niveau"]) == {"COUVERT"}


def test_no_radius_no_coverage(tmp_path):
    ground = prepared(tmp_path, TOML.replace("rayon_couverture_mobile_m = 300", "")).ground
    assert "couverture_mobile" not in ground.layers


@pytest.mark.parametrize("value", ["-5", '"loin"', "true", "0"])
def test_wrong_radius(tmp_path, value):
    with pytest.raises(ParameterError, match=r"rayon_couverture_mobile_m.*positif"):
        prepared(tmp_path, TOML.replace("= 300", f"= {value}"))


def test_inhabitants_of_units_stand_in_for_population_and_say_so(tmp_path):
    toml = TOML.replace('[[couches]]\nrole = "population"\nfichier = "population.gpkg"\n', "")
    path = write_territory(tmp_path, toml=toml.replace('niveau = "commune"', 'niveau = "commune"\nhabitants = "pop"'))
    frame = gpd.read_file(tmp_path / "communes.gpkg").assign(pop=[1000, 200])
    frame.to_file(tmp_path / "communes.gpkg", driver="GPKG")
    ground = prepare(read_territory(path)).ground
    assert ground.population["habitants"].tolist() == [1000.0, 200.0]
    assert "uniformément" in ground.approximations["population"].fr


def test_layer_wholly_out_of_reach_is_no_layer(tmp_path):
    path = write_territory(tmp_path)
    write_layer(tmp_path / "arrets.gpkg", [Point(X + 60_000, Y)], stop_id=["a"])
    ready = prepare(read_territory(path))
    assert "arret" not in ready.ground.layers
    assert "arret : aucune entité dans le territoire ni à moins de 10,0\u00a0km de lui" in " ".join(
        map(str, ready.warnings)
    )


def test_margin_follows_the_distances_in_force(tmp_path):
    path = write_territory(tmp_path)
    write_layer(tmp_path / "arrets.gpkg", [Point(X - 12_000, Y)], stop_id=["a"])
    territory = read_territory(path)
    assert "arret" not in prepare(territory).ground.layers
    assert "arret" in prepare(territory, reach_m=15_000).ground.layers


def test_sites_in_project_reach_nobody(tmp_path):
    path = write_territory(tmp_path)
    sites = [Point(X + 500, Y + 500), Point(X + 1500, Y + 500)]
    write_layer(tmp_path / "sites.gpkg", sites, operateur=["A", "B"], etat=["en service", "projet"])
    assert prepare(read_territory(path)).ground.layers["couverture_mobile"]["operateur"].tolist() == ["A"]


def test_fibre_rate_from_its_two_terms(tmp_path):
    path = write_territory(tmp_path)
    (tmp_path / "fibre.csv").write_text("code_insee;locaux;locaux_raccordables\n01001;200;50\n01002;0;0\n")
    rates = prepare(read_territory(path)).ground.layers["couverture_fixe"]["taux_fibre"]
    assert rates.iloc[0] == 0.25 and rates.isna().tolist() == [False, True]


def test_people_given_twice_are_refused(tmp_path):
    path = write_territory(tmp_path)
    shapes = [square(0, 0, 1000, 1000), square(1000, 0, 2000, 1000), square(0, 0, 500, 1000)]
    write_layer(tmp_path / "population.gpkg", shapes, habitants=[1.0, 2.0, 3.0])
    with pytest.raises(InvalidValueError, match=r"population\.gpkg[\s\S]*compteraient deux fois"):
        prepare(read_territory(path))


def test_contributions_without_coordinates_reach_analyses_and_no_rule():
    ready = prepare(read_territory(SAMPLE))
    ours, rules = ready.inputs["contribution"], ready.ground.layers["contribution"]
    assert (len(ours), int(ours.geometry.isna().sum()), len(rules)) == (9, 2, 7)
    told = [str(text) for text in ready.warnings]
    assert any(text.startswith("contribution : 2 entité(s) sans géométrie") for text in told)
    assert "revenu : 1 ligne(s) dont le code n'est celui d'aucune unité, laissée(s) de côté" in told
