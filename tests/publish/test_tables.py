"""Tables: exact columns, exact text, valid against their Table Schema, documented."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from frictionless import Resource, Schema

from territoire_sig.coherence.matrix import MATRIX_COLUMNS
from territoire_sig.coherence.register import REGISTER_COLUMNS
from territoire_sig.errors import InvalidValueError, MissingColumnError
from territoire_sig.model.policies import Policy
from territoire_sig.model.results import INDICATOR_COLUMNS, OVERALL_COLUMNS
from territoire_sig.publish.table_schemas import TABLES, schema_page, table_schema, write_schema_pages
from territoire_sig.publish.tables import ordered_findings, table_rows, write_tables

FINDINGS = [
    "regle",
    "politique_a",
    "politique_b",
    "score",
    "gravite",
    "code_unite",
    "nom_unite",
    "surface_m2",
    "longueur_m",
    "nombre",
    "habitants",
    "locaux",
    "article",
    "services",
    "explication",
]
COLUMNS = dict(
    zip(TABLES, (FINDINGS, INDICATOR_COLUMNS, OVERALL_COLUMNS, MATRIX_COLUMNS, REGISTER_COLUMNS), strict=True)
)
DOCS = Path(__file__).parents[2] / "docs" / "formats"


@pytest.fixture
def folder(results, tmp_path):
    write_tables(results, tmp_path)
    return tmp_path


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", TABLES)
def test_columns_are_the_contract(folder, name):
    assert tuple((folder / f"{name}.csv").read_text("utf-8").splitlines()[0].split(",")) == tuple(COLUMNS[name])


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_valid_against_their_schema(folder, name):
    resource = Resource(path=f"{name}.csv", basepath=str(folder), schema=Schema.from_descriptor(table_schema(name)))
    report = resource.validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])


def test_the_schema_refuses_an_unknown_policy(folder):
    path = folder / "matrice.csv"
    path.write_text(path.read_text("utf-8").replace("urbanisme", "urbanism"), "utf-8")
    schema = Schema.from_descriptor(table_schema("matrice"))
    report = Resource(path="matrice.csv", basepath=str(folder), schema=schema).validate()
    assert {row[0] for row in report.flatten(["type"])} == {"constraint-error"}


def test_cells_are_rounded_quoted_and_left_empty_when_unknown(folder):
    zone = _read(folder / "constats.csv")[3]
    assert (zone["surface_m2"], zone["habitants"], zone["longueur_m"]) == ("130000", "1234.6", "")
    assert zone["explication"] == "La zone 1AUc (13 ha) s'ouvre,\nsans fibre."
    assert b'"Saint-\xc3\x89loi ""le Vieux"", Bas"' in (folder / "constats.csv").read_bytes()


def test_codes_keep_their_zero_and_lines_end_with_lf(folder):
    assert {row["code_unite"] for row in _read(folder / "indicateurs.csv")} == {"01001", "01002"}
    assert all(b"\r" not in (folder / f"{name}.csv").read_bytes() for name in TABLES)


def test_shares_keep_six_digits_and_areas_two(folder):
    rows = {(row["indicateur"], row["code_unite"]): row for row in _read(folder / "indicateurs.csv")}
    assert rows["part_zone_u_fibree", "01001"]["valeur"] == "0.25"
    assert rows["part_zone_u_fibree", "01001"]["part_connue"] == "0.333333"
    assert rows["part_zone_u_fibree", "01002"]["valeur"] == ""
    assert rows["surface_zone_au_m2", "01001"]["valeur"] == "130000"


def test_the_order_of_rows_given_changes_nothing(results, folder, tmp_path):
    turned = replace(
        results,
        findings=results.findings.iloc[::-1],
        indicators=results.indicators.iloc[::-1],
        matrix=results.matrix.iloc[::-1],
        register=results.register.iloc[::-1],
    )
    again = write_tables(turned, tmp_path / "again")
    assert [path.read_bytes() for path in again] == [(folder / path.name).read_bytes() for path in again]


def test_no_finding_leaves_a_header_alone(quiet_results, tmp_path):
    write_tables(quiet_results, tmp_path)
    assert (tmp_path / "constats.csv").read_text("utf-8").strip().split(",") == FINDINGS
    assert (tmp_path / "registre.csv").read_text("utf-8").count("\n") == 1


def test_a_missing_column_is_named(results):
    with pytest.raises(MissingColumnError, match=r"constats\.csv : il manque la colonne «services»"):
        list(table_rows("constats", results.findings.drop(columns="services")))


@pytest.mark.parametrize(("column", "value"), [("surface_m2", np.inf), ("score", 0.5)])
def test_a_number_that_is_not_one_is_refused(results, column, value):
    wrong = results.findings.assign(**{column: value})
    with pytest.raises(InvalidValueError, match=f"colonne «{column}» : «{value}» n'est pas du type"):
        list(table_rows("constats", wrong))


def test_small_negative_numbers_are_not_minus_zero(results):
    rows = list(table_rows("constats", results.findings.assign(surface_m2=-0.001)))
    assert {row[FINDINGS.index("surface_m2")] for row in rows[1:]} == {"0"}


def test_findings_are_ordered_by_rule_then_unit(results):
    assert list(ordered_findings(results.findings)["regle"]) == sorted(results.findings["regle"])


@pytest.mark.parametrize("name", TABLES)
def test_schemas_speak_both_languages(name):
    schema = table_schema(name)
    Schema.from_descriptor(schema)
    assert [field["name"] for field in schema["fields"]] == list(COLUMNS[name])
    for part in [schema, *schema["fields"]]:
        assert all(part[key].strip() for key in ("title", "title_en", "description", "description_en"))
        assert part["description"] != part["description_en"]


@pytest.mark.parametrize("name", ["constats", "matrice", "registre"])
def test_policies_of_the_schemas_are_those_of_the_model(name):
    fields = {field["name"]: field for field in table_schema(name)["fields"]}
    assert fields["politique_a"]["constraints"]["enum"] == [policy.value for policy in Policy]


@pytest.mark.parametrize("name", TABLES)
def test_pages_are_up_to_date_and_list_every_column(name):
    page = (DOCS / f"{name}.md").read_text("utf-8")
    assert page == schema_page(table_schema(name)), "run territoire_sig.publish.table_schemas.write_schema_pages"
    rows = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]
    assert rows == [*COLUMNS[name], *COLUMNS[name]]


def test_pages_are_written_for_every_table(tmp_path):
    assert [page.name for page in write_schema_pages(tmp_path)] == [f"{name}.md" for name in TABLES]
