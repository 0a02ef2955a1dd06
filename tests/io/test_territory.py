import geopandas as gpd
import pytest
from shapely.geometry import Point

from diagnosis.drawn import TOML, X, Y, square, write_layer, write_territory
from territoire_sig.errors import FaultsError, MissingFileError
from territoire_sig.io.territory import read_territory
from territoire_sig.texts import language


def refused(path):
    with pytest.raises(FaultsError) as error:
        read_territory(path)
    return str(error.value)


def changed(folder, old, new):
    assert old in TOML
    return write_territory(folder, toml=TOML.replace(old, new, 1))


def test_reads_units_layers_and_provenance(tmp_path):
    territory = read_territory(write_territory(tmp_path))
    assert territory.crs == "EPSG:2154"
    assert territory.units.index.tolist() == ["01001", "01002"]
    assert territory.units["nom_unite"].tolist() == ["Ouest", "L'Île-d'Est"]
    assert set(territory.layers) == {"zonage", "couverture_fixe", "population", "site_mobile", "arret"}
    provenance = territory.layers["zonage"].provenance[0]
    assert (provenance.vintage, provenance.source, provenance.rows_read) == ("2024", "dessin", 3)
    assert len(provenance.sha256) == 64
    assert territory.layers["couverture_fixe"].frame["taux_fibre"].tolist() == [0.4, 1.0]


def test_overseas_crs_follows_the_codes(tmp_path):
    path = write_territory(tmp_path, toml=TOML.split("[[couches]]")[0])
    there = gpd.GeoDataFrame(
        {"insee": ["97411"], "nom": ["Là-bas"]}, geometry=[Point(338_000, 7_690_000).buffer(500)], crs="EPSG:2975"
    )
    there.to_file(tmp_path / "communes.gpkg", driver="GPKG")
    assert read_territory(path).crs == "EPSG:2975"


def test_same_role_twice_is_stacked(tmp_path):
    more = '[[couches]]\nrole = "arret"\nfichier = "autres.gpkg"\n\n[parametres]'
    path = changed(tmp_path, "[parametres]", more)
    write_layer(tmp_path / "autres.gpkg", [Point(X + 10, Y + 10)], stop_id=["c"])
    layer = read_territory(path).layers["arret"]
    assert layer.frame["stop_id"].tolist() == ["a", "b", "c"]
    assert [item.file for item in layer.provenance] == ["arrets.gpkg", "autres.gpkg"]


def test_missing_territory_file():
    with pytest.raises(MissingFileError, match="n'existe pas"):
        read_territory("nulle_part/territoire.toml")


def test_every_fault_of_every_layer_at_once(tmp_path):
    path = write_territory(
        tmp_path,
        toml=TOML.replace('fichier = "population.gpkg"', 'fichier = "popluation.gpkg"').replace(
            'role = "arret"', 'role = "arrêt"'
        ),
    )
    write_layer(tmp_path / "zonage.gpkg", [square(0, 0, 10, 10)], typezone=["ZZ"])
    (tmp_path / "fibre.csv").write_text("insee;taux_fibre\n01001;1,4\n")
    message = refused(path)
    assert "popluation.gpkg : fichier ou dossier introuvable" in message
    assert "arrets.gpkg : rôle inconnu : «arrêt»" in message
    assert "zonage.gpkg" in message and "«ZZ»" in message
    assert "fibre.csv" in message and "taux_fibre" in message


def test_metres_declared_as_degrees_are_refused_and_taken_when_stated(tmp_path):
    path = changed(tmp_path, 'role = "arret"\nfichier = "arrets.gpkg"', 'role = "arret"\nfichier = "arrets.geojson"')
    frame = gpd.GeoDataFrame({"stop_id": ["a"]}, geometry=[Point(X, Y)])
    (tmp_path / "arrets.geojson").write_text(frame.to_json())
    message = refused(path)
    assert "arrets.geojson" in message and "EPSG:4326" in message and 'crs = "EPSG:2154"' in message
    text = path.read_text().replace('fichier = "arrets.geojson"', 'fichier = "arrets.geojson"\ncrs = "EPSG:2154"')
    path.write_text(text)
    layer = read_territory(path).layers["arret"]
    assert layer.frame.geometry.iloc[0].x == pytest.approx(X)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('nom = "Deux Carrés"', "", "ajoutez la clé «nom»"),
        ("[unites]", "[unitees]", "«unitees» : clé inconnue"),
        ('niveau = "commune"', 'niveau = "canton"', "commune, iris, carreau, autre"),
        ('code = "insee"', 'code = "code"', "colonne «code» absente des unités"),
        ('fichier = "communes.gpkg"', 'fichier = "comunes.gpkg"', "fichier des unités introuvable"),
        ('nom = "Deux Carrés"', 'nom = "Deux Carrés"\ncrs = "EPSG:4326"', "il faut des mètres"),
        ('niveau = "commune"', 'niveau = "commune"\ncodes = ["01009"]', "unité demandée et absente"),
        ('role = "site_mobile"', 'couche = "x"', "ni «role» ni «format»"),
        ('role = "site_mobile"', 'format = "arcep"', "format inconnu : «arcep»"),
        ("[parametres]", '[regles]\nfichiers = ["mes.toml"]\n[parametres]', "fichier de règles introuvable"),
        ("[parametres]", "[parametres", "ce n'est pas du TOML"),
    ],
)
def test_wrong_territory_file(tmp_path, old, new, said):
    message = refused(changed(tmp_path, old, new))
    assert said in message
    assert "→" in message


def test_units_must_be_polygons_with_distinct_codes(tmp_path):
    path = write_territory(tmp_path)
    write_layer(
        tmp_path / "communes.gpkg", [square(0, 0, 1, 1), square(1, 0, 2, 1)], insee=["01001", "01001"], nom=["a", "b"]
    )
    assert "code d'unité vide ou répété" in refused(path)
    write_layer(tmp_path / "communes.gpkg", [Point(X, Y)], insee=["01001"], nom=["a"])
    assert "ne sont pas des polygones : Point" in refused(path)


def test_faults_speak_english(tmp_path):
    with language("en"):
        assert "units file not found" in refused(changed(tmp_path, "communes.gpkg", "nowhere.gpkg"))


def test_inhabitants_from_the_membership_table(tmp_path):
    epci = 'niveau = "commune"\nhabitants = "pmun"\nepci = { siren = "200000001", membres = "membres.csv" }'
    path = changed(tmp_path, 'niveau = "commune"', epci)
    (tmp_path / "membres.csv").write_bytes(
        "siren;insee;pmun\r\n200000001;1001;1 234\r\n200000001;01002;56\r\n".encode("cp1252")
    )
    assert read_territory(path).units["habitants"].tolist() == [1234.0, 56.0]


def test_empty_layer_named_by_its_role_is_refused_unless_said_so(tmp_path):
    path = write_territory(tmp_path)
    write_layer(tmp_path / "arrets.gpkg", [], stop_id=[])
    message = refused(path)
    assert "arrets.gpkg" in message and "la couche du rôle «arret» est vide" in message and "vide = true" in message
    path.write_text(path.read_text().replace('role = "arret"', 'role = "arret"\nvide = true'))
    assert read_territory(path).layers["arret"].frame.empty


def test_box_keeps_part_of_a_large_file_by_streaming(tmp_path):
    box_asked = f"options = {{ emprise = [{X}, {Y}, {X + 1000}, {Y + 1000}] }}"
    path = changed(tmp_path, 'fichier = "arrets.gpkg"', f'fichier = "arrets.gpkg"\n{box_asked}')
    layer = read_territory(path).layers["arret"]
    assert layer.frame["stop_id"].tolist() == ["a"]
    assert layer.provenance[0].rows_read == 2
    assert "1 entité(s) gardée(s) sur 2" in str(layer.provenance[0].remarks[0])
    path.write_text(path.read_text().replace(f"[{X}, {Y}", f"[{X + 5000}, {Y}"))
    assert "quatre nombres sont attendus" in refused(path)


@pytest.mark.parametrize("crs", ["EPSG:3857", "EPSG:2975"])
def test_crs_in_which_areas_are_false_is_refused_and_the_territory_file_blamed(tmp_path, crs):
    message = refused(changed(tmp_path, 'nom = "Deux Carrés"', f'nom = "Deux Carrés"\ncrs = "{crs}"'))
    assert f"territoire.toml : le système d'analyse {crs} multiplie par" in message


def test_two_tables_of_one_role_may_not_give_the_same_code(tmp_path):
    more = '[[couches]]\nrole = "couverture_fixe"\nfichier = "fibre2.csv"\n\n[parametres]'
    path = changed(tmp_path, "[parametres]", more)
    (tmp_path / "fibre2.csv").write_text("code_insee;taux_fibre\n01002;0,99\n01003;1\n")
    message = refused(path)
    assert "fibre2.csv" in message and "1 code(s) déjà donné(s) par fibre.csv" in message and "01002" in message


def test_units_that_overlap_are_refused_with_both_codes(tmp_path):
    path = write_territory(tmp_path)
    shapes = [square(0, 0, 1000, 1000), square(500, 0, 1500, 1000)]
    write_layer(tmp_path / "communes.gpkg", shapes, insee=["01001", "01002"], nom=["a", "b"])
    message = refused(path)
    assert "01001 × 01002" in message and "se recouvrent (500000 m²)" in message


def test_negative_inhabitants_of_units(tmp_path):
    path = changed(tmp_path, 'niveau = "commune"', 'niveau = "commune"\nhabitants = "pop"')
    shapes = [square(0, 0, 1000, 1000), square(1000, 0, 2000, 1000)]
    write_layer(tmp_path / "communes.gpkg", shapes, insee=["01001", "01002"], nom=["a", "b"], pop=[-5, 3])
    assert "nombre d'habitants négatif pour l'unité 01001" in refused(path)


def test_unit_without_geometry_matters_only_when_asked_for(tmp_path):
    path = changed(tmp_path, 'niveau = "commune"', 'niveau = "commune"\ncodes = ["01001"]')
    write_layer(tmp_path / "communes.gpkg", [square(0, 0, 1000, 1000), None], insee=["01001", "01002"], nom=["a", "b"])
    assert read_territory(path).units.index.tolist() == ["01001"]
    path.write_text(path.read_text().replace('codes = ["01001"]', ""))
    assert "sans géométrie (01002)" in refused(path)


def test_codes_of_prescriptions_get_their_zero_back(tmp_path):
    path = changed(
        tmp_path, 'role = "arret"\nfichier = "arrets.gpkg"', 'role = "prescription_surf"\nfichier = "p.gpkg"'
    )
    write_layer(tmp_path / "p.gpkg", [square(0, 0, 10, 10)] * 2, typepsc=["1", "47"], stypepsc=["0", "5"])
    frame = read_territory(path).layers["prescription_surf"].frame
    assert frame["typepsc"].tolist() == ["01", "47"] and frame["stypepsc"].tolist() == ["00", "05"]
