import json
import os
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest
from shapely.geometry import Point
from typer.testing import CliRunner

from diagnosis.drawn import TOML, X, Y, write_layer, write_territory
from territoire_sig.cli.analyse import analyses_app
from territoire_sig.cli.app import app
from territoire_sig.indicators import declared


@pytest.fixture
def territory(tmp_path):
    return write_territory(tmp_path / "donnees")


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_diagnostic_writes_and_sums_up(territory, tmp_path):
    result = run("diagnostic", territory, "--output", tmp_path / "s")
    assert result.exit_code == 0, result.output
    assert "Deux Carrés : 3 conflit(s), 0 synergie(s)" in result.output
    assert "site_mobile_en_alea_fort : il manque alea" in result.output
    assert "approximation : portée mobile supposée de 300 m" in result.output
    assert (tmp_path / "s" / "rapport.html").is_file()


def test_quiet_and_english(territory, tmp_path):
    quiet = run("diagnostic", territory, "-o", tmp_path / "s", "--quiet", "--only", "arret_hors_couverture")
    assert (quiet.exit_code, quiet.output) == (0, "")
    english = run("diagnostic", territory, "-o", tmp_path / "e", "--lang", "en", "--only", "arret_hors_couverture")
    assert "1 conflict(s), 0 synergy(ies)" in english.output
    assert "stop(s)" in pd.read_csv(tmp_path / "e" / "constats.csv")["explication"].iloc[0]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('fichier = "zonage.gpkg"', 'fichier = "zonnage.gpkg"', "zonnage.gpkg"),
        ('role = "arret"', 'role = "ligne"', "arrets.gpkg"),
        ("= 300", "= -1", "rayon_couverture_mobile_m"),
    ],
)
def test_bad_input_is_code_2_a_clear_message_and_nothing_written(tmp_path, old, new, said):
    path = write_territory(tmp_path / "d", toml=TOML.replace(old, new, 1))
    result = run("diagnostic", path, "--output", tmp_path / "s")
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output
    assert not (tmp_path / "s").exists()


def test_wrong_language_and_missing_territory(tmp_path):
    assert run("diagnostic", "nulle_part.toml", "-o", tmp_path / "s").exit_code == 2
    wrong = run("diagnostic", "x.toml", "-o", tmp_path / "s", "--lang", "de")
    assert wrong.exit_code == 2 and "«de»" in wrong.output


@pytest.mark.slow
def test_replay(territory, tmp_path):
    run("diagnostic", territory, "-o", tmp_path / "s", "-q")
    same = run("rejouer", tmp_path / "s" / "execution.json")
    assert same.exit_code == 0 and "identiques à l'octet près" in same.output
    assert (tmp_path / "s" / "rejeu" / "constats.csv").read_bytes() == (tmp_path / "s" / "constats.csv").read_bytes()
    record = json.loads((tmp_path / "s" / "execution.json").read_text(encoding="utf-8"))
    record["sorties"]["constats.csv"] = "0"
    (tmp_path / "s" / "execution.json").write_text(json.dumps(record), encoding="utf-8")
    other = run("rejouer", tmp_path / "s" / "execution.json", "-o", tmp_path / "r")
    assert other.exit_code == 1 and "constats.csv" in other.output


def test_verifier_lists_layers_or_faults(territory, tmp_path):
    good = run("verifier", territory)
    assert good.exit_code == 0 and "zonage : zonage.gpkg" in good.output
    (tmp_path / "donnees" / "fibre.csv").write_text("insee;taux_fibre\n01001;7\n")
    bad = run("verifier", territory)
    assert bad.exit_code == 2 and "fibre.csv" in bad.output


def test_lists(tmp_path):
    for identifier in declared():
        assert identifier in run("analyses").output
    assert "arret_hors_couverture" in run("regles").output
    printed = json.loads(run("declarations", "--json").output)
    assert [item["id"] for item in printed] == list(declared())
    assert {"title", "summary", "policies", "inputs", "parameters", "outputs", "reference"} <= set(printed[0])
    assert set(printed[0]["title"]) == {"fr", "en"}
    (tmp_path / "r.toml").write_text("[[regle]]\nid = 3\n")
    wrong = run("regles", tmp_path / "r.toml")
    assert wrong.exit_code == 2 and "r.toml" in wrong.output


def test_one_analysis_from_its_declaration(territory, tmp_path):
    table = tmp_path / "t.csv"
    command = ["zoning_fixed_coverage", str(territory), "-o", str(table), "--taux-pret", "0.3"]
    result = CliRunner().invoke(analyses_app(loaded=True), command)
    assert result.exit_code == 0, result.output
    assert pd.read_csv(table, dtype={"code_unite": str}).set_index("code_unite").loc["01001", "auc_ready_share"] == 1.0
    refused = CliRunner().invoke(analyses_app(loaded=True), [*command[:-1], "3"])
    assert refused.exit_code == 2 and "taux_pret" in refused.output
    absent = CliRunner().invoke(analyses_app(loaded=True), ["hazard_population_alert", str(territory)])
    assert absent.exit_code == 2 and "alea" in absent.output


#: The command, whose report is never done: it stays in the middle of writing until something ends it.
ENDLESS = """
import time
from territoire_sig.cli.app import main
from territoire_sig.diagnosis import save
save.html_report = lambda results: time.sleep(600)
main()
"""


def test_ctrl_c_leaves_no_partial_output(territory, tmp_path):
    command = [sys.executable, "-c", ENDLESS, "diagnostic", str(territory), "-o", str(tmp_path / "s")]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env={**os.environ, "TERRITOIRE_SIG_LANG": "fr"}
    )
    try:
        end = time.monotonic() + 120
        while not list(tmp_path.glob(".s.*.partiel/diagnostic.gpkg")):
            assert process.poll() is None and time.monotonic() < end, process.communicate()[1]
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    # 130 to a shell either way: CPython ends by the signal itself when it came while C code was running Python.
    assert process.returncode in (130, -signal.SIGINT), said
    assert "rien n'a été écrit" in said
    assert "Traceback" not in said
    assert not (tmp_path / "s").exists() and not list(tmp_path.glob(".*partiel"))


def test_help_is_quick_and_imports_nothing_heavy():
    code = "import sys, territoire_sig.cli.app; print('geopandas' in sys.modules, 'pandas' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.split() == ["False", "False"]


def test_english_help():
    command = [sys.executable, "-m", "territoire_sig.cli", "--help"]
    shown = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, "TERRITOIRE_SIG_LANG": "en"}
    )
    assert "Is this digital plan coherent with our other policies?" in shown.stdout


def test_only_takes_names_one_after_another(territory, tmp_path):
    names = ["arret_hors_couverture", "zoning_fixed_coverage"]
    result = run("diagnostic", territory, "-o", tmp_path / "s", "--only", *names)
    assert result.exit_code == 0, result.output
    record = json.loads((tmp_path / "s" / "execution.json").read_text(encoding="utf-8"))
    assert record["seulement"] == names
    extra = run("diagnostic", territory, "autre.toml", "-o", tmp_path / "t")
    assert extra.exit_code == 2 and "argument en trop" in extra.output


def test_output_is_needed_and_must_be_a_folder(territory, tmp_path):
    missing = run("diagnostic", territory)
    assert missing.exit_code == 2 and "ajoutez --output DOSSIER" in missing.output
    (tmp_path / "s").write_text("fichier")
    refused = run("diagnostic", territory, "-o", tmp_path / "s")
    assert refused.exit_code == 2 and "est un fichier, et il faut un dossier" in refused.output


def test_one_analysis_looks_as_far_as_its_distances(territory, tmp_path):
    place = [Point(X - 12_000, Y + 500)]
    write_layer(tmp_path / "donnees" / "mediation.gpkg", place, nom=["loin"])
    more = '[[couches]]\nrole = "mediation"\nfichier = "mediation.gpkg"\n\n[parametres]'
    territory.write_text(TOML.replace("[parametres]", more), encoding="utf-8")
    command = ["mediation_transit_fragility", str(territory), "--rayon-mediation-m"]
    near, far = (CliRunner().invoke(analyses_app(loaded=True), [*command, reach]) for reach in ("9000", "14000"))
    assert near.exit_code == 2 and "mediation" in near.output
    assert far.exit_code == 0, far.output
    assert float(far.output.splitlines()[1].split(",")[2]) == pytest.approx(1000.0)
