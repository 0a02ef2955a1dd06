"""The documentation says what the code does: generated pages, links, examples, keys."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, UnionType
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

from territoire_sig.coherence import rule as rules
from territoire_sig.coherence.rulebook import parse_rules
from territoire_sig.errors import FaultsError
from territoire_sig.io import territory_file as tables
from territoire_sig.io.territory_file import TerritoryFile
from territoire_sig.model.toml import check_toml
from territoire_sig.texts import language

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
READMES = ("README.md", "README.fr.md")
WRITTEN = [ROOT / name for name in (*READMES, "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(
    path for path in DOCS.rglob("*.md") if "_build" not in path.parts
)


def blocks(page: Path, kind: str) -> list[str]:
    """Return the fenced blocks of one kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


# --- generated pages ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def generate() -> Iterator[ModuleType]:
    sys.path.insert(0, str(DOCS))
    try:
        import generate

        yield generate
    finally:
        sys.path.remove(str(DOCS))
        for name in ("generate", "commands", "markdown_text"):
            sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def generated(generate: ModuleType) -> dict[str, str]:
    return generate.pages()


def test_committed_pages_are_those_that_the_code_gives(generated: dict[str, str]) -> None:
    committed = {name: (DOCS / name).read_text(encoding="utf-8") for name in generated if (DOCS / name).is_file()}
    stale = sorted(name for name, text in generated.items() if committed.get(name) != text)
    assert not stale, f"pages behind the code, run `make docs` and commit them: {', '.join(stale)}"


def test_no_page_is_left_of_an_analysis_that_is_gone(generated: dict[str, str]) -> None:
    kept = {path.relative_to(DOCS).as_posix() for path in DOCS.glob("reference/**/analyses/*.md")}
    assert kept <= set(generated), f"pages of no analysis, run `make docs`: {sorted(kept - set(generated))}"


def test_every_analysis_rule_role_and_format_is_on_its_page(generated: dict[str, str]) -> None:
    from territoire_sig.coherence.rulebook import standard_rules
    from territoire_sig.indicators import declared
    from territoire_sig.io.readers import readers
    from territoire_sig.model.roles import ROLES

    for folder in ("reference", "reference/en"):
        assert all(
            f"`{output.name}`" in generated[f"{folder}/analyses/{item.id}.md"]
            for item in declared().values()
            for output in item.outputs
        )
        assert all(f"\n## `{item.id}`\n" in generated[f"{folder}/regles.md"] for item in standard_rules())
        assert all(f"\n## `{name}`\n" in generated[f"{folder}/roles.md"] for name in ROLES)
        assert all(f"\n## `{name}`\n" in generated[f"{folder}/formats.md"] for name in readers())


def test_pages_speak_the_language_of_their_folder(generated: dict[str, str]) -> None:
    assert "Établit le diagnostic" in generated["reference/cli.md"]
    assert "Makes the coherence diagnosis" in generated["reference/en/cli.md"]
    assert generated["reference/roles.md"].startswith("<!-- Page engendrée")
    assert not any("Obligatoire" in text for name, text in generated.items() if "/en/" in name)


def test_adding_an_analysis_adds_its_page_and_its_line(generate: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    added = guide_namespace("ajouter_une_analyse.md")["ANALYSIS"]
    known = dict(generate.declared())
    monkeypatch.setattr(generate, "declared", lambda: {**known, added.id: added})
    pages = generate.pages()
    assert "charging_uncovered_share" in pages["reference/en/analyses/charging_mobile_coverage.md"]
    assert "(charging_mobile_coverage.md)" in pages["reference/analyses/index.md"]


def test_cells_keep_their_signs(generate: ModuleType) -> None:
    assert generate.safe("a | b < c\n[d] *e*") == "a \\| b &lt; c \\[d\\] \\*e\\*"


# --- links --------------------------------------------------------------------------------------------------------


def anchors(page: Path) -> set[str]:
    """Return the anchors of the headings, as GitHub and MyST make them."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    titles = re.findall(r"^#{1,6} (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def broken_links(page: Path) -> list[str]:
    """Return the internal links that lead nowhere."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    targets = [target for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target]
    broken = []
    for target in targets:
        name, _, anchor = target.partition("#")
        place = (page.parent / name).resolve() if name else page
        if not place.is_file() or (anchor and anchor not in anchors(place)):
            broken.append(target)
    return broken


@pytest.mark.parametrize("page", WRITTEN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_internal_links_resolve(page: Path) -> None:
    assert broken_links(page) == []


def test_a_broken_link_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Un titre\n[a](#un-titre) [b](#autre) [c](absente.md) [d](https://ailleurs.fr)", encoding="utf-8")
    assert broken_links(page) == ["#autre", "absente.md"]


# --- territory files and rules ------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [*(ROOT / name for name in READMES), DOCS / "guides/ecrire_territoire.md"], ids=str)
def test_the_territory_files_shown_are_accepted(page: Path) -> None:
    text = blocks(page, "toml")[0]
    described, faults = check_toml(TerritoryFile, tomllib.loads(text), text, file=page.name)
    assert faults == ()
    assert described is not None and described.couches


def test_both_readmes_show_the_same_code() -> None:
    french, english = ROOT / "README.fr.md", ROOT / "README.md"
    assert all(blocks(french, kind) == blocks(english, kind) for kind in ("toml", "python"))
    commands = [
        [line.split("#")[0].strip() for line in "".join(blocks(page, "bash")).splitlines()]
        for page in (french, english)
    ]
    assert commands[0] == commands[1]


def test_the_territory_shown_names_real_formats_and_roles() -> None:
    from territoire_sig.io.readers import readers
    from territoire_sig.model.roles import ROLES

    for page in (ROOT / "README.md", DOCS / "guides/ecrire_territoire.md"):
        for layer in tomllib.loads(blocks(page, "toml")[0])["couches"]:
            assert layer.get("format", "vecteur") in readers()
            assert layer.get("role", "alea") in ROLES
            known = {column.name for column in ROLES[layer.get("role", "alea")].columns}
            assert set(layer.get("colonnes", {})) <= known


def test_the_faults_of_a_territory_are_those_shown() -> None:
    page = DOCS / "guides/ecrire_territoire.md"
    text = blocks(page, "toml")[0].replace('code = "insee"', 'codee = "insee"')
    with language("fr"):
        _, faults = check_toml(TerritoryFile, tomllib.loads(text), text, file="territoire.toml")
        assert str(FaultsError(faults)) == blocks(page, "text")[0].strip()


def test_the_rule_shown_is_read_and_its_faults_are_those_shown() -> None:
    page = DOCS / "guides/ecrire_regles.md"
    text = blocks(page, "toml")[0]
    (rule,) = parse_rules(text, file="nos_regles.toml")
    assert rule.score == -2
    wrong = text.replace("score = -2", "score = 9").replace("nombre = 1", "surfaces_m2 = 1")
    with language("fr"), pytest.raises(FaultsError) as refused:
        parse_rules(wrong, file="nos_regles.toml")
    with language("fr"):
        assert str(refused.value) == blocks(page, "text")[-1].strip()


SECTIONS: list[tuple[str, str, type[BaseModel], type[BaseModel] | None]] = [
    ("ecrire_territoire.md", "## `[territoire]`", tables.TerritoryTable, None),
    ("ecrire_territoire.md", "## `[unites]`", tables.UnitsTable, None),
    ("ecrire_territoire.md", "### `epci`", tables.EpciTable, None),
    ("ecrire_territoire.md", "## `[[couches]]`", tables.LayerTable, None),
    ("ecrire_territoire.md", "## `[regles]`", tables.RulesTable, None),
    ("ecrire_regles.md", "## Les clés d'une règle", rules.Rule, None),
    ("ecrire_regles.md", "### Sélection : `objet`, et le début de chaque `condition`", rules.Selection, None),
    ("ecrire_regles.md", "### Filtre", rules.Filter, None),
    ("ecrire_regles.md", "### Condition", rules.Condition, rules.Selection),
    ("ecrire_regles.md", "### Seuils", rules.Threshold, None),
    ("ecrire_regles.md", "### Habitants", rules.Inhabitants, None),
]


def section_rows(page: Path, title: str) -> dict[str, list[str]]:
    """Return the rows of the first table of a section, by the key in their first cell."""
    section = page.read_text(encoding="utf-8").split(f"\n{title}\n", 1)[1]
    section = re.split(r"^#{1,6} ", section, maxsplit=1, flags=re.MULTILINE)[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in section.splitlines()
        if line.startswith("| `")
    ]
    return {row[0].strip("`| "): row for row in rows}


@pytest.mark.parametrize(("name", "title", "model", "base"), SECTIONS)
def test_every_key_is_documented_with_its_default(
    name: str, title: str, model: type[BaseModel], base: type[BaseModel] | None
) -> None:
    rows = section_rows(DOCS / "guides" / name, title)
    inherited = set(base.model_fields) if base else set()
    assert set(rows) == set(model.model_fields) - inherited
    for key, row in rows.items():
        field = model.model_fields[key]
        assert ("obligatoire" in row[2]) is field.is_required(), f"{title} {key}"
        if isinstance(field.default, str):
            assert f'"{field.default}"' in row[2]
        for value in accepted(field.annotation):
            assert f"`{value}`" in row[1], f"{title} {key} : {value}"


def accepted(annotation: Any) -> list[Any]:
    """Return the values of the literals inside an annotation."""
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    if get_origin(annotation) in (list, UnionType):
        return [value for part in get_args(annotation) for value in accepted(part)]
    return []


def test_policies_and_variables_of_rules_are_all_named() -> None:
    from territoire_sig.model.policies import Policy

    text = (DOCS / "guides/ecrire_regles.md").read_text(encoding="utf-8")
    assert all(f"`{policy.value}`" in text for policy in Policy)
    assert all(f"`${name}`" in text for name in ("objet", "nombre", "surface", "longueur", "habitants", "unite"))


# --- examples -----------------------------------------------------------------------------------------------------


def guide_namespace(name: str) -> dict[str, Any]:
    """Run the Python blocks of a guide one after the other, and return what they define."""
    namespace: dict[str, Any] = {"__name__": "guide"}
    for block in blocks(DOCS / "guides" / name, "python"):
        exec(compile(block, name, "exec", dont_inherit=True), namespace)
    return namespace


def test_the_analysis_of_the_guide_runs_and_is_complete() -> None:
    analysis = guide_namespace("ajouter_une_analyse.md")["ANALYSIS"]
    told = analysis.to_dict()
    for field in ("title", "summary", "formula", "reading", "limits"):
        assert told[field]["fr"] and told[field]["en"]
    assert analysis.missing({"borne_recharge": 1}) == ("couverture_mobile",)


def test_the_reader_of_the_guide_is_admitted(tmp_path: Path) -> None:
    from territoire_sig.errors import MissingColumnError
    from territoire_sig.io.door import admit
    from territoire_sig.io.reader import Source

    reader = guide_namespace("ajouter_un_format.md")["READER"]
    path = tmp_path / "irve.csv"
    path.write_text('id_pdc_itinerance;coordonneesXY\nFRABCE1;"[3.0, 46.5]"\n', encoding="utf-8")
    (raw,) = reader.read(Source(path))
    layer = admit(raw, Source(path), crs="EPSG:2154", format=reader.id).layer
    assert layer is not None
    assert layer.frame.geometry.x.round().tolist() == [700_000]
    path.write_text("id_pdc_itinerance\nFRABCE1\n", encoding="utf-8")
    with pytest.raises(MissingColumnError, match="coordonneesXY"):
        reader.read(Source(path))


@pytest.mark.slow
def test_the_python_of_the_readme_and_of_the_tutorial_runs_on_the_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").symlink_to(ROOT / "data", target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    readme: dict[str, Any] = {"__name__": "readme"}
    (block,) = blocks(ROOT / "README.md", "python")
    exec(compile(block, "README.md", "exec", dont_inherit=True), readme)
    assert "nom_unite" in capsys.readouterr().out
    written = sorted(path.name for path in (tmp_path / "resultats").iterdir())
    for name in READMES:
        told = re.findall(r"^\| `([\w.]+)` \|", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
        assert sorted(told) == written
    monkeypatch.setattr("territoire_sig.diagnose", lambda territory: readme["diagnosis"])
    (block,) = blocks(DOCS / "tutoriel/premier_diagnostic.md", "python")
    exec(compile(block, "premier_diagnostic.md", "exec", dont_inherit=True), {"__name__": "tutoriel"})
    assert "score_net" in capsys.readouterr().out


def test_the_commands_shown_exist() -> None:
    named = set()
    for page in WRITTEN:
        for block in blocks(page, "bash"):
            named |= set(re.findall(r"^territoire-sig (\w+)", block, re.MULTILINE))
    shown = (DOCS / "reference/cli.md").read_text(encoding="utf-8")
    known = {*re.findall(r"^## `territoire-sig (\w+)", shown, re.MULTILINE)}
    assert named and named <= known


def test_the_make_targets_shown_exist() -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    shown = {name for page in WRITTEN for name in re.findall(r"`make ([\w-]+)`", page.read_text(encoding="utf-8"))}
    assert shown and shown <= targets
