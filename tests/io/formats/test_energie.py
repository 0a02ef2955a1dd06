import geopandas as gpd
import pytest
from shapely import box

from territoire_sig.errors import InvalidValueError, MissingColumnError, ParameterError
from territoire_sig.io.door import admit
from territoire_sig.io.formats.energie import read_buildings, read_uses
from territoire_sig.io.reader import Source

USES = """Année;Filière;Code IRIS;Code Commune;CODE GRAND SECTEUR;Conso totale (MWh)
2021;Electricité;381850101;38185;RESIDENTIEL;1000
2022;Electricité;381850101;38185;RESIDENTIEL;1 100,5
2022;Gaz;381850101;38185;RESIDENTIEL;200
2022;Electricité;381850102;38185;RESIDENTIEL;50
2022;Electricité;381850102;38185;INDUSTRIE;secret
2022;Electricité;;38185;INDUSTRIE;7
2022;Electricité;381850101;38185;TOTAL;9999
"""


def table(tmp_path, content, **options):
    path = tmp_path / "conso.csv"
    path.write_text(content, encoding="utf-8")
    return Source(path, options=options)


def uses(source):
    (layer,) = read_uses(source)
    return layer, dict(zip(layer.frame["code_insee"], layer.frame["consommation_mwh"].fillna(-1), strict=True))


def test_one_year_sectors_and_energies_are_summed(tmp_path):
    source = table(tmp_path, USES)
    layer, values = uses(source)
    assert values == {"381850101": 1300.5, "381850102": -1}
    told = " | ".join(remark.text.fr for remark in layer.remarks)
    assert "année 2022 retenue parmi 2021, 2022" in told
    assert "énergies additionnées : Electricité, Gaz" in told
    assert "1 ligne(s) de total" in told
    assert "1 ligne(s) sans code" in told
    assert "1 valeur(s) inconnue(s) (secret statistique) : le total de 1 unité(s) est inconnu" in told
    assert layer.frame["valeurs_inconnues"].tolist() == [0, 1]
    assert admit(layer, source, crs="EPSG:2154", format="conso_energie").faults == ()


def test_options(tmp_path):
    assert uses(table(tmp_path, USES, annee=2021))[1] == {"381850101": 1000.0}
    assert uses(table(tmp_path, USES, filiere="Gaz"))[1] == {"381850101": 200.0}
    layer, values = uses(table(tmp_path, USES, secret="minorant"))
    assert values == {"381850101": 1300.5, "381850102": 50.0}
    assert "est un minorant" in layer.remarks[-1].text.fr
    assert uses(table(tmp_path, USES, maille="commune", secret="minorant"))[1] == {"38185": 1357.5}


def test_units_are_brought_to_mwh(tmp_path):
    assert uses(table(tmp_path, "code_insee,conso_kwh\n1004,2500\n"))[1] == {"01004": 2.5}
    assert uses(table(tmp_path, "code_insee,conso_totale_gwh\n38185,2.5\n"))[1] == {"38185": 2500.0}


def test_sectors_in_columns(tmp_path):
    source = table(tmp_path, "code_commune;consoa;consoi;consor\n38185;1;2;3\n38421;1;s;3\n")
    assert uses(source)[1] == {"38185": 6.0, "38421": -1}


def test_what_is_absent_is_named(tmp_path):
    with pytest.raises(InvalidValueError, match="annee = «2019» : aucune ligne ; présents : 2021, 2022"):
        read_uses(table(tmp_path, USES, annee=2019))
    with pytest.raises(InvalidValueError, match="filiere = «Bois» : aucune ligne ; présents : Electricité, Gaz"):
        read_uses(table(tmp_path, USES, filiere="Bois"))
    with pytest.raises(ParameterError, match="secret = «zéro» est inconnu"):
        read_uses(table(tmp_path, USES, secret="zéro"))
    with pytest.raises(MissingColumnError, match="colonne «consommation_mwh» introuvable"):
        read_uses(table(tmp_path, "code_insee,x\n38185,1\n"))
    with pytest.raises(InvalidValueError, match="colonne «conso» : 1 valeur"):
        read_uses(table(tmp_path, "code_insee,conso\n38185,beaucoup\n"))


def test_buildings_of_a_table(tmp_path):
    source = table(
        tmp_path,
        "Nom;Année;Surface plancher (m²);Conso EF (MWh);Conso kWh/m2;GTB;latitude;longitude\n"
        "Mairie;2021;1 500;200;133;oui;45,1;5,7\n"
        "Mairie;2022;1 500;180,5;120;oui;45,1;5,7\n"
        "École;2022;900;;;non;;\n",
    )
    (layer,) = read_buildings(source)
    row = layer.frame.iloc[0]
    assert (row["nom"], row["surface_plancher_m2"], row["consommation_kwh"]) == ("Mairie", 1500.0, 180500.0)
    assert bool(row["gestion_technique"])
    assert [remark.count for remark in layer.remarks] == [2, 1]
    assert admit(layer, source, crs="EPSG:2154", format="batiments_publics").faults == ()


def test_primary_energy_and_use_by_square_metre_are_not_final_energy(tmp_path):
    content = "nom;conso_ep_kwh;conso_kwh_m2;conso_kwhep;latitude;longitude\nMairie;3;4;5;45.1;5.7\n"
    (layer,) = read_buildings(table(tmp_path, content))
    assert "consommation_kwh" not in layer.frame.columns


def test_a_stated_column_keeps_its_unit_through_the_door(tmp_path):
    table(tmp_path, "nom;energie_mwh;latitude;longitude\nMairie;2;45.1;5.7\n")
    source = Source(tmp_path / "conso.csv", role="batiment_public", columns={"consommation_kwh": "energie_mwh"})
    (layer,) = read_buildings(source)
    admitted = admit(layer, source, crs="EPSG:2154", format="batiments_publics")
    assert admitted.faults == ()
    assert admitted.layer.frame["consommation_kwh"].tolist() == [2000.0]


def test_drawn_buildings_become_points_inside(tmp_path):
    path = tmp_path / "batiments.gpkg"
    shape = box(900000, 6450000, 900010, 6450010)
    gpd.GeoDataFrame({"nom": ["Mairie"], "consommation_kwh": [5.0]}, geometry=[shape], crs=2154).to_file(path)
    (layer,) = read_buildings(Source(path))
    assert shape.contains(layer.frame.geometry.iloc[0])
    assert layer.frame["consommation_kwh"].tolist() == [5.0]
    assert layer.remarks[0].text.fr == "1 bâtiment(s) dessiné(s) remplacé(s) par un point intérieur"


def test_the_year_taken_is_the_vintage(tmp_path):
    assert uses(table(tmp_path, USES))[0].frame["millesime"].tolist() == ["2022", "2022"]
    assert uses(table(tmp_path, USES, annee=2021))[0].frame["millesime"].tolist() == ["2021"]
    assert "millesime" not in uses(table(tmp_path, "code_insee,conso_mwh\n38185,2\n"))[0].frame.columns


REFERENCED = """nom;surface_plancher_m2;{columns};lat;lon
Halle;1200;150000;{reference};45.1;5.7
"""


@pytest.mark.parametrize(
    ("column", "reference"),
    [("consommation_reference_kwh", "280000"), ("conso_ref_mwh", "280"), ("conso_annee_ref_kwh", "280000")],
)
def test_the_use_of_the_reference_year_is_not_that_of_the_year(tmp_path, column, reference):
    for columns in (f"consommation_kwh;{column}", f"conso_totale_kwh;{column}"):
        source = table(tmp_path, REFERENCED.format(columns=columns, reference=reference), x="lon", y="lat")
        (layer,) = read_buildings(source)
        row = layer.frame.iloc[0]
        assert (row["consommation_kwh"], row["consommation_reference_kwh"]) == (150_000, 280_000)


def test_a_file_without_the_reference_year_does_not_invent_it(tmp_path):
    content = "nom;consommation_kwh;lat;lon\nHalle;150000;45.1;5.7\n"
    (layer,) = read_buildings(table(tmp_path, content, x="lon", y="lat"))
    assert "consommation_reference_kwh" not in layer.frame.columns
