"""The fictional territory: made again it is the same, every role is there, and the diagnosis finds what was planted."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio
import shapely

import territoire_sig
from sample.contents import differences
from territoire_sig.coherence.engine import judge
from territoire_sig.coherence.ground import Ground
from territoire_sig.coherence.rulebook import standard_rules
from territoire_sig.diagnosis.ground import prepare
from territoire_sig.model.roles import ROLES

VINTAGES = {
    "2025": ("territoire.toml", "constats_attendus.csv"),
    "2023": ("territoire_2023.toml", "constats_attendus_2023.csv"),
}
BY_HAND = {"README.md", "fabrique"}
#: The demo project of QGIS, made from the sample by ``qgis_plugin/demo``.
DEMO = ("demo", "territoire_demo.qgz")
KEY = ["regle", "code_unite", "objet", "gravite", "rang"]
MEASURES = ["surface_m2", "longueur_m", "nombre", "habitants", "locaux"]
WIDE = {rule.id for rule in standard_rules() if rule.lieu == "unite"}


@cache
def read(file: Path) -> territoire_sig.Territory:
    return territoire_sig.read_territory(file)


def files(folder: Path) -> list[str]:
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(str(path) for path in found if path.parts[0] not in (*BY_HAND, *DEMO))


@pytest.fixture(scope="module")
def remade(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("valdombre")
    subprocess.run(
        [sys.executable, "-m", "fabrique", str(folder)],
        cwd=sample,
        check=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    return folder


@pytest.fixture(scope="module", params=VINTAGES)
def vintage(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def territory(sample: Path, vintage: str) -> territoire_sig.Territory:
    return read(sample / VINTAGES[vintage][0])


@pytest.fixture(scope="module")
def diagnosis(territory: territoire_sig.Territory) -> territoire_sig.Diagnosis:
    return territoire_sig.diagnose(territory, only=[rule.id for rule in standard_rules()])


@pytest.fixture(scope="module")
def ground(sample: Path) -> Ground:
    return prepare(read(sample / "territoire.toml")).ground


def with_rank(findings: pd.DataFrame) -> pd.DataFrame:
    """Number the findings alike (two operators on one mast), so that each meets its own."""
    table = findings[[*KEY[:-1], *MEASURES]].copy()
    table["objet"] = table["objet"].fillna("")
    return table.assign(rang=table.groupby(KEY[:-1]).cumcount()).set_index(KEY).astype("float64").sort_index()


def expected(sample: Path, vintage: str) -> pd.DataFrame:
    table = pd.read_csv(sample / VINTAGES[vintage][1], sep=";", dtype={"code_unite": str, "objet": str})
    return with_rank(table)


def found(diagnosis: territoire_sig.Diagnosis) -> pd.DataFrame:
    findings = pd.DataFrame(diagnosis.findings.drop(columns="geometry"))
    return with_rank(findings.assign(objet=findings["objet"].mask(findings["regle"].isin(WIDE), "")))


def test_the_script_gives_back_the_committed_files(sample, remade):
    assert files(remade) == files(sample)
    assert [line for name in files(sample) for line in differences(remade / name, sample / name)] == []


def test_a_changed_value_a_moved_point_and_another_pixel_are_told_apart(remade, tmp_path):
    source = remade / "numerique" / "gracethd_shpcsv"
    frame = pyogrio.read_dataframe(source / "t_noeud.shp")
    frame.geometry = [*frame.geometry[:-1], shapely.Point(0, 0)]
    pyogrio.write_dataframe(frame, tmp_path / "t_noeud.shp")
    assert differences(tmp_path / "t_noeud.shp", source / "t_noeud.shp") == ["t_noeud.shp, t_noeud : 1 géométries"]
    frame = pyogrio.read_dataframe(source / "t_noeud.shp")
    frame.loc[0, "nd_type"] = "SF"
    pyogrio.write_dataframe(frame, tmp_path / "t_noeud.shp")
    assert differences(tmp_path / "t_noeud.dbf", source / "t_noeud.dbf") == ["t_noeud.dbf, t_noeud : valeurs"]
    shutil.copy(remade / "grilles" / "relief_25m.tif", tmp_path)
    with rasterio.open(tmp_path / "relief_25m.tif", "r+") as raster:
        raster.write(raster.read(1) + 1, 1)
    assert differences(tmp_path / "relief_25m.tif", remade / "grilles" / "relief_25m.tif") == [
        "relief_25m.tif : grille"
    ]


def test_it_is_light(sample):
    assert sum((sample / name).stat().st_size for name in files(sample)) < 6_000_000


def test_it_says_that_it_is_fictional(sample, territory):
    assert "fictif" in territory.name
    assert "fictif" in territory.notice
    assert "Tout est inventé" in (sample / "README.md").read_text(encoding="utf-8")


def test_every_role_is_filled(territory):
    assert set(territory.layers) == set(ROLES)
    empty = [role for role, layer in territory.layers.items() if hasattr(layer.frame, "empty") and layer.frame.empty]
    assert empty == []


def test_every_rule_finds_something(sample):
    rules = pd.read_csv(sample / "constats_attendus.csv", sep=";")["regle"]
    assert set(rules) == {rule.id for rule in standard_rules()}


def test_the_diagnosis_finds_what_was_planted_and_nothing_else(sample, diagnosis, vintage):
    wanted, got = expected(sample, vintage), found(diagnosis)
    assert list(got.index) == list(wanted.index)
    for measure in MEASURES:
        np.testing.assert_allclose(got[measure], wanted[measure], rtol=1e-6, equal_nan=True, err_msg=measure)
    assert diagnosis.unanswered.empty


def test_the_matrix_counts_the_planted_conflicts_and_synergies(sample, diagnosis, vintage):
    rules = {rule.id: rule for rule in standard_rules()}
    planted: dict[frozenset[str], list[int]] = {}
    for identifier, *_ in expected(sample, vintage).index:
        rule = rules[identifier]
        planted.setdefault(frozenset(rule.politiques), []).append(rule.score)
    counted = {
        frozenset((row.politique_a, row.politique_b)): (row.synergies, row.conflits, row.score_net)
        for row in diagnosis.matrix.itertuples()
        if row.synergies or row.conflits
    }
    assert counted == {
        pair: (sum(s > 0 for s in scores), sum(s < 0 for s in scores), sum(scores)) for pair, scores in planted.items()
    }


@pytest.mark.parametrize(
    ("rule", "measure", "bound", "unit", "value"),
    [
        ("zone_a_urbaniser_sans_fibre", "surface_m2", 1600, "99103", 40 * 40),
        ("reseau_en_zone_fermee", "longueur_m", 90, "99106", 90),
        ("secteur_numerique_non_tenu", "surface_m2", 900, "99104", 30 * 30),
        ("desserte_numerique_hors_mobile", "surface_m2", 900, "99103", 30 * 30),
        ("cable_en_alea_fort", "longueur_m", 40, "99105", 40),
        ("cable_en_reservoir", "longueur_m", 40, "99102", 40),
        ("population_exposee_hors_alerte", "habitants", 0, "99103", 0),
        ("ligne_hors_couverture", "longueur_m", 400, "99103", 400),
        ("cyclable_hors_couverture", "longueur_m", 150, "99104", 150),
        ("voirie_hors_couverture", "longueur_m", 300, "99103", 300),
        ("population_fragile_sans_mediation", "habitants", 40, "99103", 40),
        ("cyclable_projete_en_air_degrade", "longueur_m", 90, "99102", 90),
    ],
)
def test_a_near_miss_is_one_threshold_away(ground, rule, measure, bound, unit, value):
    """A lower threshold finds the planted near miss, and nothing more: what stands in the way is the threshold."""
    chosen = next(found for found in standard_rules() if found.id == rule)
    lowered = chosen.seuil.model_copy(update={measure: bound * (1 - 1e-6)})
    before, after = (judge(found, ground).findings for found in (chosen, chosen.model_copy(update={"seuil": lowered})))
    assert len(after) == len(before) + 1
    added = after[after[measure] < chosen.seuil.bounds()[measure]]
    assert list(added["code_unite"]) == [unit]
    assert added[measure].iloc[0] == pytest.approx(value, rel=1e-6, abs=1e-9)


def test_people_and_fibre_are_what_was_drawn(sample, remade, territory, vintage):
    passed = {"2025": [0.98, 0.97, 0.51, 0.45, np.nan, 0.81], "2023": [0.6, 0.96, 0.3, 0.1, 0.2, 0.79]}[vintage]
    rates = territory.layers["couverture_fixe"].frame.set_index("code_insee")["taux_fibre"]
    np.testing.assert_allclose(rates.loc["99101":"99106"], passed)
    # 16 squares of 150, 150, 40, 50, 60 and 45 inhabitants, eight hamlets of four squares, nine lone squares
    hamlets = 4 * (10 + 10 + 20 + 5 + 5 + 25 + 15 + 10)
    lone = 12 + 4 + 6 + 10 + 16 + 8 + 14 + 8 + 14
    assert territory.vector("population")["habitants"].sum() == 16 * (150 + 150 + 40 + 50 + 60 + 45) + hamlets + lone


def test_what_no_operator_covers_is_the_drawn_holes(territory, vintage):
    holes = {"2025": 2000 * 1600 + 1600 * 1600, "2023": 2000 * 1600 + 1600 * 1600 + 800 * 600}[vintage]
    ground = shapely.union_all(territory.units.geometry.to_numpy())
    reach = shapely.union_all(territory.vector("couverture_mobile").geometry.to_numpy())
    assert shapely.area(shapely.difference(ground, reach)) == pytest.approx(holes, rel=1e-9)


def remarks(territory: territoire_sig.Territory, role: str) -> str:
    return "\n".join(f"{r.count} {r.text.fr}" for p in territory.layers[role].provenance for r in p.remarks)


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("zonage", "1 entité(s) sans géométrie"),
        ("prescription_surf", "10 géométrie(s) en trois dimensions"),
        ("stationnement_velo", "couche vide"),
        ("alea", "lu en Windows-1252"),
        ("alea", "1 zone(s) à plusieurs aléas, détaillées par la table"),
        ("voirie", "2 géométrie(s) d'un autre genre"),
        ("air", "1 zone(s) sans valeur de «no2»"),
        ("couverture_fixe", "1 code(s) INSEE sans leur zéro initial"),
        ("cable", "10 géométrie(s) en trois dimensions"),
        ("revenu", "1 code(s) avaient perdu leur zéro initial"),
        ("revenu", "1 valeur(s) de «revenu_median» sous secret statistique"),
        ("fragilite", "1 unité(s) sans indice"),
        ("mediation", "1 lieu(x) sans coordonnées"),
        ("mediation", "1 lieu(x) mal géocodé(s)"),
        ("mediation", "1 lieu(x) ou service(s) sans thématique «numerique»"),
        ("etablissement_scolaire", "1 établissement(s) fermé(s)"),
        ("batiment_public", "1 lieu(x) sans coordonnées"),
        ("consommation_energie", "1 valeur(s) inconnue(s) (secret statistique)"),
        ("contribution", "1 proposition(s) retirée(s)"),
        ("enquete", "1 réponse(s) sans code"),
        ("action", "1 entité(s) sans géométrie, gardée(s)"),
    ],
)
def test_planted_defects_are_survived_and_counted(territory, role, words):
    assert words in remarks(territory, role)


def test_the_crossed_zone_is_repaired_to_its_two_triangles(territory):
    zones = territory.vector("zonage")
    crossed = zones[~zones.geometry.is_valid]
    assert len(crossed) == 1
    assert shapely.area(shapely.make_valid(crossed.geometry.iloc[0], method="structure")) == 200 * 200 / 2


def test_texts_keep_their_accents(territory):
    assert territory.units.loc["99104", "nom_unite"] == "Montcorbin-l'Évêque"
    assert "Mouvement de terrain - Éboulement, chutes de pierres et de blocs" in set(
        territory.vector("alea")["nomalea"]
    )
    assert "1AUc-Les Prés d'Ô" in set(territory.vector("zonage")["libelle"])
