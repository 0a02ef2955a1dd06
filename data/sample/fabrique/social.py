"""People and services: squares, incomes, fragility, mediation, schools, reuse, plan, contributions, survey."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

from .dessin import (
    COMMUNES,
    DECLARATIONS,
    DIPLOMAS,
    FRAGILITY,
    HEALTH,
    MEDIATION,
    NAMES,
    PROPOSALS,
    REUSE,
    SATISFIED,
    SCHOOLS,
    SEED,
    SQUARES,
    STANDARD,
    A,
    F,
)
from .ecriture import degrees, lambert, line, rectangle, write_csv


def write(folder: Path) -> None:
    """Write every table of the theme (the squares are in a GeoPackage)."""
    place = folder / "social"
    _incomes(place)
    rows = [
        [code, NAMES[code], "n.d." if index is None else f"{index}".replace(".", ",")]
        for code, index in FRAGILITY.items()
    ]
    write_csv(place / "fragilite_numerique.csv", ["code_insee", "libelle", "indice"], rows, encoding="cp1252")
    _diplomas(place)
    _mediation(place)
    _schools(place)
    rows = [[name, kind, *reversed(degrees(x, y))] for name, kind, x, y in REUSE]
    write_csv(place / "reemploi.csv", ["nom", "type_lieu", "latitude", "longitude"], rows, encoding="utf-8-sig")
    _health(place)
    _plan(folder / "plan_numerique")
    _citizens(folder / "citoyens")


def square_rows() -> tuple[list[dict[str, Any]], list[Any]]:
    """Return the squares, with the columns of Filosofi; their identifier names the Lambert-93 grid."""
    rows = []
    for number, (square, people, commune) in enumerate(SQUARES):
        x, y = (int(value) for value in lambert(square.x0, square.y0))
        rows.append(
            {
                "idcar_200m": f"CRS2154RES200mN{y}E{x}",
                "i_est_200": int(number % 9 == 0),
                "lcog_geo": commune,
                "ind": float(people),
                "men": people / 2,
                "men_pauv": round(people / 2 * (0.1 + 0.02 * (number % 5)), 1),
                "ind_snv": people * (STANDARD[commune] + 150.0 * (number % 7)),
                "ind_65_79": round(people * 0.15, 1),
                "ind_80p": round(people * 0.05, 1),
            }
        )
    return rows, [rectangle(square) for square, *_ in SQUARES]


def _incomes(place: Path) -> None:
    random = Random(SEED)
    rows = [
        [code, NAMES[code], round(19000 + 6000 * random.random()), f"{8 + 12 * random.random():.1f}".replace(".", ",")]
        for code in COMMUNES
    ]
    rows[4][2:] = ["s", "s"]  # statistical secrecy
    rows.append(["1999", "Commune voisine (fictive)", 20500, "11,2"])
    write_csv(place / "revenus_filosofi.csv", ["CODGEO", "LIBGEO", "DISP_MED21", "DISP_TP6021"], rows)


def _diplomas(place: Path) -> None:
    """Write the table of the census; the commune of which nothing is published has a row without figures."""
    rows = [[code, NAMES[code], *(counts or (None, None))] for code, counts in DIPLOMAS.items()]
    write_csv(place / "diplomes_2021.csv", ["CODGEO", "LIBGEO", "P21_NSCOL15P", "P21_NSCOL15P_DIPLMIN"], rows)


def _mediation(place: Path) -> None:
    """Write the two lists; each has one place that must be set aside (no coordinates, badly geocoded)."""
    hours = ["09:00 - 12:00 / 13:00 - 17:00", "", "09:00 - 12:00", "", ""]
    columns = (
        "id_fs;insee_dep;lib_fs;adresse;insee_com;latitude;longitude;h_lundi;h_mardi;h_mercredi;h_jeudi;h_vendredi"
    )
    rows = [
        [name, "99", label, "Place de l'Église", A, *reversed(degrees(x, y)), *hours, "Fixe"]
        for name, label, kind, x, y in MEDIATION
        if kind == "france_services"
    ]
    rows.append(["FS9", "99", "France services sans adresse", None, F, None, None, *hours, "Bus"])
    write_csv(place / "france_services.csv", [*columns.split(";"), "format_fs"], rows, separator=",", quoted=True)
    rows = [
        [name, label, "Médiathèque", '["numerique"]', *reversed(degrees(x, y)), 0.95, 2]
        for name, label, kind, x, y in MEDIATION
        if kind == "data_inclusion"
    ]
    rows.append(["DI8", "Lieu mal géocodé", "Association", '["numerique"]', *reversed(degrees(1000, 500)), 0.2, 1])
    rows.append(["DI9", "Épicerie solidaire", "Association", '["alimentation"]', *reversed(degrees(900, 700)), 0.9, 0])
    columns = ["id", "nom", "typologie", "thematiques", "latitude", "longitude", "score_geocodage", "nb_cnfs"]
    write_csv(place / "data_inclusion.csv", columns, rows, separator=",")


def _schools(place: Path) -> None:
    columns = (
        "identifiant_de_l_etablissement;nom_etablissement;type_etablissement;nombre_d_eleves;latitude;longitude;etat"
    )
    rows = [
        [uai, name, kind, pupils, *reversed(degrees(x, y)), "OUVERT"] for uai, name, kind, pupils, _, x, y in SCHOOLS
    ]
    rows.append(["0990099Z", "Ancienne école du Gué", "Ecole", 0, *reversed(degrees(1500, 1500)), "FERME"])
    write_csv(place / "annuaire_education.csv", columns.split(";"), rows)
    rows = [
        ["2024-2025", uai, name, f"{ips}".replace(".", ",")] for uai, name, _, _, ips, *_ in SCHOOLS if ips is not None
    ]
    write_csv(place / "ips.csv", ["rentree_scolaire", "uai", "nom_etablissement", "ips"], rows)


def _health(place: Path) -> None:
    """Write the places as the BPE does: one of another domain, and one without coordinates, are to be set aside."""
    rows = [[2024, "99", kind, name, *lambert(x, y), "Bonne"] for name, kind, x, y in HEALTH]
    rows.append([2024, "99", "B203", "Épicerie du Val (fictive)", *lambert(1000, 900), "Bonne"])
    rows.append([2024, "99", "D265", "Cabinet sans adresse", None, None, "Non géolocalisé"])
    columns = ["AN", "DEP", "TYPEQU", "NOMRS", "LAMBERT_X", "LAMBERT_Y", "QUALITE_XY"]
    write_csv(place / "bpe_sante.csv", columns, rows)


def _plan(place: Path) -> None:
    """Write the actions: a point, a line, a surface, and one of no place (a layer of any geometry)."""
    road = line([(2800, 3200), (2800, 1400)]).wkt
    area = rectangle(SQUARES[0][0]).wkt
    rows = [
        ["AC1", "Fibrer l'Évêché et le Val", 420000, "numerique ; urbanisme", road],
        ["AC2", "Un conseiller numérique au Ménil", 45000, "inclusion ; mobilite", "POINT (730000 6521800)"],
        ["AC3", "Wi-Fi public du centre", 30000, "numerique", area],
        ["AC4", "Jumeau numérique du territoire", 600000, "numerique", None],
    ]
    write_csv(place / "actions.csv", ["id", "nom", "budget_eur", "objectifs", "geometrie"], rows)


def _citizens(place: Path) -> None:
    """Write proposals (two without coordinates, one of which names a commune), the survey and the declarations."""
    columns = "id;category/name/fr;title/fr;body/fr;state;supports;endorsements/total_count;address;latitude;longitude"
    rows = [
        [number, theme, title, body, state, *supports, address, *_reversed_degrees(spot)]
        for number, (theme, title, body, state, supports, address, spot) in enumerate(PROPOSALS, 1)
    ]
    write_csv(place / "decidim_propositions.csv", columns.split(";"), rows)
    _survey(place)
    rows = [
        [f"DZ{number}", covered, operator, techno, *reversed(degrees(x, y))]
        for number, (covered, operator, techno, x, y) in enumerate(DECLARATIONS, 1)
    ]
    columns = "id;couvert;operateur;techno;latitude;longitude"
    write_csv(place / "zones_blanches_declarees.csv", columns.split(";"), rows)


def _reversed_degrees(spot: tuple[float, float] | None) -> tuple[Any, ...]:
    return (None, None) if spot is None else tuple(reversed(degrees(*spot)))


def _survey(place: Path) -> None:
    """Write forty answers a commune; the mark from 0 to 10 follows the satisfaction, and some leave it blank."""
    random = Random(SEED)
    answers: list[list[Any]] = [
        [code, "satisfait" if random.random() < share else "insatisfait"]
        for code, share in SATISFIED.items()
        for _ in range(40)
    ]
    marks = {"satisfait": (10, 9, 9, 8, 7, None), "insatisfait": (6, 5, 3, 0, 7, None)}
    rows = [[code, word, marks[word][number % 6]] for number, (code, word) in enumerate(answers)]
    write_csv(place / "enquete.csv", ["code_insee", "satisfaction", "recommandation"], [*rows, [None, "satisfait", 9]])
