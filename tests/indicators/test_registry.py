"""Adding an analysis is adding one file, here or in another distribution."""

from __future__ import annotations

import sys

import pytest

from territoire_sig import indicators
from territoire_sig.errors import InvalidValueError
from territoire_sig.indicators import ENTRY_POINT_GROUP, declared

FILE = '''
"""An analysis in one file."""

from territoire_sig.model.declaration import Declaration, Input, Measurement, Output
from territoire_sig.model.policies import Policy
from territoire_sig.texts import Text


def count(units, *, arret):
    frame = units[[]].assign(added_count=float(len(arret)))
    return Measurement(frame, frame * 0 + 1)


ANALYSIS = Declaration(
    id="added",
    title=Text("Ajout", "Addition"),
    summary=Text("s", "t"),
    policies=(Policy.MOBILITE, Policy.NUMERIQUE),
    inputs=(Input("arret"),),
    outputs=(Output("added_count", Text("n", "m"), "nombre"),),
    formula=Text("f", "g"),
    reading=Text("r", "s"),
    limits=Text("l", "m"),
    reference="here",
    function=count,
)
'''


def write(folder, name, text=FILE):
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.py").write_text(text)


@pytest.fixture
def forgotten():
    """Forget afterwards the modules imported during the test."""
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        del sys.modules[name]
    for name in ("added_analysis", "several_analyses"):
        vars(indicators).pop(name, None)


@pytest.fixture
def distribution(tmp_path, monkeypatch, forgotten):
    """Install a distribution whose entry points are given."""
    monkeypatch.syspath_prepend(tmp_path)

    def install(*values):
        metadata = tmp_path / "elsewhere-1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: elsewhere\nVersion: 1.0\n")
        lines = "\n".join(f"entry{rank} = {value}" for rank, value in enumerate(values))
        (metadata / "entry_points.txt").write_text(f"[{ENTRY_POINT_GROUP}]\n{lines}\n")
        return tmp_path

    return install


def test_the_eight_of_the_first_diagnosis_are_there():
    assert set(declared()) >= {
        "zoning_fixed_coverage",
        "plu_digital_clauses",
        "hazard_network_assets",
        "hazard_population_alert",
        "ecology_network",
        "mobility_mobile_coverage",
        "mediation_transit_fragility",
        "school_fibre",
    }
    assert list(declared()) == sorted(declared())


def test_one_file_in_the_package_is_enough(tmp_path, monkeypatch, forgotten, units, layers_of):
    before = set(declared())
    write(tmp_path, "added_analysis")
    monkeypatch.setattr(indicators, "__path__", [*indicators.__path__, str(tmp_path)])
    assert set(declared()) - before == {"added"}
    added = declared()["added"]
    assert added(units, layers=layers_of(added)).values["added_count"].tolist() == [6.0, 6.0, 6.0]


def test_one_file_may_hold_several(tmp_path, monkeypatch, forgotten):
    before = set(declared())
    more = "\nfrom dataclasses import replace\nANALYSES = [replace(ANALYSIS, id=i) for i in ('one', 'two')]\n"
    write(tmp_path, "several_analyses", FILE + more)
    monkeypatch.setattr(indicators, "__path__", [*indicators.__path__, str(tmp_path)])
    assert set(declared()) - before == {"added", "one", "two"}


@pytest.mark.parametrize("value", ["elsewhere_pack", "elsewhere_pack:ANALYSIS"])
def test_another_distribution_may_bring_some(distribution, value):
    write(distribution(value), "elsewhere_pack")
    assert declared()["added"].title.en == "Addition"


def test_an_entry_point_that_is_no_analysis_is_refused(distribution):
    write(distribution("elsewhere_pack:count"), "elsewhere_pack")
    with pytest.raises(InvalidValueError, match="elsewhere_pack:count donne «function» ; attendu : Declaration"):
        declared()


def test_two_analyses_of_one_name_are_refused(distribution):
    write(distribution("elsewhere_pack", "elsewhere_pack:ANALYSIS"), "elsewhere_pack")
    with pytest.raises(InvalidValueError, match="deux analyses portent l'identifiant «added»"):
        declared()


def test_what_tells_another_again_names_an_output_there_is():
    outputs = {output.name: output for one in declared().values() for output in one.outputs}
    named = {name: output.same_as for name, output in outputs.items() if output.same_as}
    assert {"cube_no2", "cube_pm25", "road_uncovered_share", "fragility_no_4g_share"} <= set(named)
    assert not set(named.values()) - set(outputs)
    assert all(outputs[other].better and outputs[other].unit for other in named.values())
