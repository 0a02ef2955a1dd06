"""What is not one value a unit: values of the whole territory, tables, and analyses that read those of others."""

import json
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from frictionless import Package
from typer.testing import CliRunner

import territoire_sig as ts
from diagnosis.drawn import write_territory
from territoire_sig.cli import analyse as cli_analyse
from territoire_sig.diagnosis import asked, run
from territoire_sig.errors import ParameterError
from territoire_sig.indicators import declared
from territoire_sig.model.declaration import Declaration, Input, Measurement, Output, Parameter, Table, Whole
from territoire_sig.model.policies import Policy
from territoire_sig.report.html import html_report
from territoire_sig.scale.analyses import _check_apart
from territoire_sig.texts import Text

TOLD = Text("Dit", "Told")


def curve(units, *, population, mode="half"):
    points = pd.DataFrame({"rank_share": [0.0, 0.5, 1.0], "people_share": [0.0, 1 / 3, 1.0]})
    actions = pd.DataFrame({"action": ["été, suite", "b"], "budget_eur": [1500.5, np.nan]})
    empty = pd.DataFrame(index=units.index)
    whole = {"spread_index": Whole(0.5 if mode == "half" else 0.25, 0.9), "spread_trend": Whole(float("nan"), 0.0)}
    return Measurement(empty, empty, overall=whole, tables={"courbe": points, "actions": actions})


def reading(units, *, indicators, matrix):
    found = pd.DataFrame({"read_count": float(len(indicators.outputs))}, index=units.index)
    total = Whole(float(matrix["conflits"].sum()), 1.0)
    return Measurement(found, found.notna().astype(float), overall={"read_conflicts": total})


BASE = Declaration(
    id="people_spread",
    title=Text("Répartition", "Spread"),
    summary=TOLD,
    policies=(Policy.INCLUSION, Policy.NUMERIQUE),
    inputs=(Input("population"),),
    outputs=(),
    overall=(Output("spread_index", TOLD, "part", better=-1), Output("spread_trend", TOLD, "m", minimum=None)),
    tables=(
        Table(
            "courbe", TOLD, (Output("rank_share", TOLD, "part"), Output("people_share", TOLD, "part")), curve=True
        ),
        Table(
            "actions",
            Text("Les actions", "Actions"),
            (Output("action", TOLD, "texte"), Output("budget_eur", TOLD, "EUR")),
        ),
    ),
    parameters=(Parameter("mode", TOLD, "choix", "half", choices={"half": TOLD, "quarter": TOLD}),),
    formula=TOLD,
    reading=TOLD,
    limits=TOLD,
    reference="un livre de référence",
    function=curve,
    apart=False,
)  # fmt: skip
READER = replace(
    BASE,
    id="reads_all",
    inputs=(),
    outputs=(Output("read_count", TOLD, "nombre"),),
    overall=(Output("read_conflicts", TOLD, "nombre"),),
    tables=(),
    parameters=(),
    function=reading,
    reads=("indicators", "matrix"),
)


@pytest.fixture(autouse=True)
def known(monkeypatch):
    kept = {name: declared()[name] for name in ("zoning_fixed_coverage", "hazard_population_alert")}
    found = {BASE.id: BASE, READER.id: READER, **kept}
    monkeypatch.setattr(run, "declared", lambda: found)
    monkeypatch.setattr(asked, "declared", lambda: found)


@pytest.fixture
def territory(tmp_path):
    return ts.read_territory(write_territory(tmp_path / "d"))


def test_an_analysis_without_outputs_is_answered_everywhere(territory, tmp_path):
    diagnosis = ts.diagnose(territory, only=[BASE.id])
    assert diagnosis.overall["valeur"].tolist() == pytest.approx([0.5, np.nan], nan_ok=True)
    assert diagnosis.indicators.empty
    folder = diagnosis.save(tmp_path / "s")
    text = (folder / "indicateurs_territoire.csv").read_text("utf-8")
    assert text.splitlines()[1:] == ["spread_index,0.5,part,2025,0.9", "spread_trend,,m,2025,0"]
    assert (folder / "tables" / "people_spread_actions.csv").read_text("utf-8") == (
        'action,budget_eur\n"été, suite",1500.5\nb,\n'
    )
    assert Package(str(folder / "tables" / "datapackage.json")).validate().valid
    layers = dict(pyogrio.list_layers(folder / "diagnostic.gpkg"))
    assert layers["indicateurs_territoire"] is None and layers["people_spread_courbe"] is None
    assert len(gpd.read_file(folder / "diagnostic.gpkg", layer="people_spread_courbe")) == 3
    assert ts.replay(folder / "execution.json", tmp_path / "r").different == ()
    (tmp_path / "r" / "tables" / "people_spread_courbe.csv").unlink()
    record = json.loads((folder / "execution.json").read_text("utf-8"))
    record["sorties"]["tables/people_spread_courbe.csv"] = "0"
    (folder / "execution.json").write_text(json.dumps(record), encoding="utf-8")
    assert ts.replay(folder / "execution.json", tmp_path / "r").different == ("tables/people_spread_courbe.csv",)


def test_tables_of_a_former_run_go_and_other_files_stay(territory, tmp_path):
    folder = ts.diagnose(territory, only=[BASE.id]).save(tmp_path / "s")
    (folder / "tables" / "notes.txt").write_text("à moi")
    ts.diagnose(territory, only=["zoning_fixed_coverage"]).save(folder)
    assert [path.name for path in (folder / "tables").iterdir()] == ["notes.txt"]


def test_the_report_shows_values_curves_and_rows(territory):
    shown = html_report(ts.diagnose(territory, only=[BASE.id]))
    assert "50\u00a0%" in shown and "connu sur 90" in shown
    assert shown.count("data:image/png") == 2
    assert "été, suite" in shown and "Impact social" in shown
    assert "Le territoire entier" in ts.diagnose(territory, only=[BASE.id])._repr_html_()
    assert shown == html_report(ts.diagnose(territory, only=[BASE.id]))


def test_what_reads_the_results_of_others_is_run_after_them_and_alone_too(territory):
    whole, alone = ts.diagnose(territory), ts.diagnose(territory, only=[READER.id])
    outputs = len(declared()["zoning_fixed_coverage"].outputs)
    for found in (whole, alone):
        assert found.units["read_count"].tolist() == [outputs, outputs]
        assert found.overall.set_index("indicateur").loc["read_conflicts", "valeur"] == 3
    assert [item.id for item in alone.analyses] == [READER.id]
    assert alone.findings.empty and alone.unanswered.empty
    assert alone.record["regles"]["jouees"] == []


def test_progress_never_goes_back(territory):
    told = []
    ts.diagnose(territory, progress=lambda share, _: told.append(share))
    assert told == sorted(told) and told[-1] == 1.0


def test_the_second_stage_is_shared_by_processes(territory, monkeypatch):
    calls = []

    def runner(tasks, names, *, tell):
        calls.append(list(names))
        return [task() for task in tasks]

    ts.diagnose(territory, only=[READER.id], runner=runner)
    assert calls[-1] == ["Répartition"] and len(calls) == 2


def test_units_that_depend_on_each_other_are_not_cut_into_partitions():
    for analysis in (BASE, READER):
        with pytest.raises(ParameterError, match="ne s'y mesurent qu'ensemble"):
            _check_apart(analysis)
    _check_apart(declared()["zoning_fixed_coverage"])


def asked_of_cli(tmp_path, *options, analysis=BASE):
    app = cli_analyse.typer.Typer()
    app.command()(cli_analyse._command(analysis))
    return CliRunner().invoke(app, [str(write_territory(tmp_path / "d")), *options])


def test_the_command_writes_what_is_asked(tmp_path):
    plain = asked_of_cli(tmp_path)
    assert (
        plain.output == "indicateur,valeur,unite_mesure,part_connue\nspread_index,0.5,part,0.9\nspread_trend,,m,0.0\n"
    )
    assert (
        asked_of_cli(tmp_path, "--territoire", "--mode", "quarter")
        .output.splitlines()[1]
        .startswith("spread_index,0.25")
    )
    assert asked_of_cli(tmp_path, "--table", "actions").output.splitlines()[0] == "action,budget_eur"
    told = json.loads(asked_of_cli(tmp_path, "--json").output)
    assert told["parametres"] == {"mode": "half"}
    assert [row["code_unite"] for row in told["unites"]] == ["01001", "01002"]
    assert told["territoire"][1]["valeur"] is None
    assert told["tables"]["courbe"][2] == {"rank_share": 1.0, "people_share": 1.0}
    assert asked_of_cli(tmp_path, "--table", "autre").exit_code == 2
    assert asked_of_cli(tmp_path, "--mode", "autre").exit_code == 2
    assert "read_count" in asked_of_cli(tmp_path, analysis=READER).output


def test_a_wrong_choice_in_the_territory_file_is_told(tmp_path):
    from diagnosis.drawn import TOML

    path = write_territory(tmp_path, toml=f'{TOML}\n[parametres.people_spread]\nmode = "tiers"\n')
    with pytest.raises(ParameterError, match=r"«mode» vaut «tiers» ; attendu : l'un de half, quarter"):
        ts.diagnose(ts.read_territory(path))
