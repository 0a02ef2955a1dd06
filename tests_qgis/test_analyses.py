"""Every declared analysis, on the sample: the values are the library's, to the last digit."""

import pytest
from asked import BY_ID, DECLARED, ZONING, parameters, rows, run, table


def assert_values(found, expected, name):
    for output, values in expected["values"][name].items():
        assert [found[code][output] for code in expected["codes"]] == values, output


@pytest.mark.parametrize("name", sorted(BY_ID))
def test_values_are_the_library_s(provider, quick_engine, layer, sample, expected, name):
    results = run(name, parameters(BY_ID[name], layer, sample))
    found = table(results["INDICATEURS"])
    assert_values(found, expected, name)
    assert [found[code]["nom_unite"] for code in expected["codes"]] == expected["names"]
    assert "fid" not in results["INDICATEURS"].fields().names()
    assert results["NB_UNITES"] == len(expected["codes"])
    values = [*expected["values"][name].values(), expected["overall"][name].values()]
    assert results["NB_INCONNUS"] == sum(value is None for column in values for value in column)
    assert_territory_and_tables(results, expected, name)
    maps = [results[key] for key in ("SURFACES", "LIGNES", "POINTS") if key in results]
    assert sum(drawn.featureCount() for drawn in maps) == results["NB_CARTE"]
    assert bool(results["NB_CARTE"]) == bool(BY_ID[name]["map_classes"])
    classes = set(BY_ID[name]["map_classes"])
    assert all(feature["classe"] in classes for drawn in maps for feature in drawn.getFeatures())


def assert_territory_and_tables(results, expected, name):
    whole = (
        {row["indicateur"]: row["valeur"] for row in rows(results["TERRITOIRE"])} if expected["overall"][name] else {}
    )
    assert whole == expected["overall"][name]
    for table_name, columns in expected["tables"][name].items():
        given = rows(results["TABLE_" + table_name.upper()])
        found = {column: [row[column] for row in given] for column in columns}
        if "millesime" in columns:  # a layer of QGIS says no vintage, as the files of the sample do
            assert set(found.pop("millesime")) <= {"inconnu", *columns["millesime"]}
        assert found == {column: values for column, values in columns.items() if column in found}, table_name


def test_roles_of_the_sample_fill_every_analysis(sample):
    roles = {need["role"] for item in DECLARED["analyses"] for need in item["inputs"] if need["required"]}
    assert roles <= {path.stem for path in sample.iterdir()}


def test_a_parameter_reaches_the_engine(provider, layer, sample):
    never = run(ZONING, parameters(BY_ID[ZONING], layer, sample, TAUX_PRET=1.0))
    always = run(ZONING, parameters(BY_ID[ZONING], layer, sample, TAUX_PRET=0.0))
    ready = {row["u_ready_share"] for row in table(always["INDICATEURS"]).values()} - {None}
    assert ready == {1.0}
    assert {row["u_ready_share"] for row in table(never["INDICATEURS"]).values()} - {None} != {1.0}


def test_geometry_and_crs_of_the_units_come_back(provider, layer, sample):
    units = run(ZONING, parameters(BY_ID[ZONING], layer, sample))["INDICATEURS"]
    assert units.crs().authid() == "EPSG:2154"
    drawn = {feature["code_unite"]: feature.geometry() for feature in units.getFeatures()}
    for feature in layer("unites").getFeatures():
        given = feature.geometry()
        assert given.convertToMultiType()
        assert drawn[feature["code_unite"]].equals(given)
