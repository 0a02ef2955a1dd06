import pytest
from pyproj import Transformer

from territoire_sig.errors import InvalidValueError, MissingColumnError
from territoire_sig.io.door import admit
from territoire_sig.io.formats.ecoles import read_ips, read_schools
from territoire_sig.io.reader import Source

HEADER = (
    "Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;libelle_nature;Nombre_d_eleves;"
    "latitude;longitude;coordX_origine;coordY_origine;epsg_origine;etat\n"
)
REUNION = Transformer.from_crs(4326, 2975, always_xy=True).transform(55.45, -20.88)
ROWS = [
    "0380001A;École A;Ecole;ECOLE MATERNELLE;120;45,16;5,73;;;EPSG:2154;OUVERT",
    "0380002B;Collège B;Collège;COLLEGE;;;;700000;6600000;EPSG:2154;OUVERT",
    f"9740003C;Lycée C;Lycée;LYCEE;900;;;{REUNION[0]};{REUNION[1]};2975;OUVERT",
    "0380004D;Inspection D;Service Administratif;IEN;;45.1;5.7;;;;OUVERT",
    "0380005E;École E;Ecole;ECOLE;30;45.1;5.7;;;;FERME",
    "0380006F;École F;Ecole;ECOLE;30;;;;;;OUVERT",
]


def directory(tmp_path, rows=ROWS):
    path = tmp_path / "annuaire.csv"
    path.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_schools_are_placed_by_degrees_then_by_their_own_crs(tmp_path):
    path = directory(tmp_path)
    (layer,) = read_schools(Source(path))
    frame = layer.frame
    assert frame["uai"].tolist() == ["0380001A", "0380002B", "9740003C"]
    # EPSG:2154 has its origin at 3° E and 46.5° N, called 700 000 m and 6 600 000 m.
    expected = [(5.73, 45.16), (3.0, 46.5), (55.45, -20.88)]
    for point, (x, y) in zip(frame.geometry, expected, strict=True):
        assert (point.x, point.y) == pytest.approx((x, y), abs=1e-6)
    assert frame["eleves"].fillna(-1).tolist() == [120.0, -1, 900.0]
    assert frame["type_etablissement"].tolist() == ["Ecole", "Collège", "Lycée"]
    assert layer.rows_read == 6
    assert [(remark.count, remark.text.fr.split(",")[0].split(" (")[0]) for remark in layer.remarks] == [
        (1, "1 établissement(s) fermé(s)"),
        (1, "1 service(s) sans élèves"),
        (2, "2 établissement(s) sans latitude placé(s) par leurs coordonnées d'origine"),
        (1, "1 lieu(x) sans coordonnées"),
    ]


def test_the_door_takes_schools(tmp_path):
    source = Source(directory(tmp_path, ROWS[:2]))
    (layer,) = read_schools(source)
    assert admit(layer, source, crs="EPSG:2154", format="annuaire_education").faults == ()


def test_ips_of_the_latest_school_year_is_joined(tmp_path):
    table = "Rentrée scolaire;UAI;IPS\n2021-2022;0380001A;90\n2022-2023;0380001a;101,5\n2022-2023;0380002B;NS\n"
    (tmp_path / "ips.csv").write_text(table, encoding="utf-8")
    (layer,) = read_schools(Source(directory(tmp_path, ROWS[:2]), options={"ips": "ips.csv"}))
    assert layer.frame["ips"].fillna(-1).tolist() == [101.5, -1]
    assert layer.remarks[0].text.fr == "IPS joint à 1 établissement(s) sur 2 (rentrée 2022-2023)"
    values, year = read_ips(Source(tmp_path / "ips.csv"))
    assert (values["0380001A"], year) == (101.5, "2022-2023")


def test_an_unreadable_crs_or_no_identifier_is_refused(tmp_path):
    rows = ["0380002B;B;Collège;COLLEGE;;;;700000;6600000;Lambert;OUVERT"]
    with pytest.raises(InvalidValueError, match="colonne «epsg» : code illisible «LAMBERT»"):
        read_schools(Source(directory(tmp_path, rows)))
    path = tmp_path / "x.csv"
    path.write_text("nom;latitude;longitude\nA;45;5\n", encoding="utf-8")
    with pytest.raises(MissingColumnError, match="colonne «uai» introuvable"):
        read_schools(Source(path))
