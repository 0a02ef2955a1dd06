"""One contract over all the analyses, whatever they measure."""

from __future__ import annotations

import copy
import inspect
import re
from collections import Counter
from dataclasses import astuple
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from pandas.testing import assert_frame_equal

from indicators.specimens import CRS, readings, specimen, square_units
from territoire_sig.errors import CRSMismatchError, MissingColumnError, ParameterError
from territoire_sig.indicators import declared
from territoire_sig.model.declaration import READINGS
from territoire_sig.model.policies import Policy
from territoire_sig.model.roles import ROLES

ALL = pytest.mark.parametrize("analysis", declared().values(), ids=list(declared()))


@cache
def answer(identifier):
    """Return what an analysis says of the specimens: measured once, read by many tests."""
    analysis = declared()[identifier]
    return told(analysis, square_units(), layers={need.role: specimen(need.role) for need in analysis.inputs})


def told(analysis, units, *, layers, known=True, **parameters):
    """Return what an analysis says, handed the readings that it asks for (none of them known, if so asked)."""
    return analysis(units, layers=layers, read=readings(analysis, units, known=known), **parameters)


def vectors(layers):
    return {role: layer for role, layer in layers.items() if isinstance(layer, gpd.GeoDataFrame)}


def tables(layers):
    """Return the layers of no place."""
    there = {role: layer for role, layer in layers.items() if isinstance(layer, pd.DataFrame)}
    return {role: layer for role, layer in there.items() if not isinstance(layer, gpd.GeoDataFrame)}


def changed(layers, change):
    """Return the layers with `change` made to those that are vectors."""
    return layers | {role: change(layer) for role, layer in vectors(layers).items()}


def emptied(layers):
    """Return the layers without any feature or row."""
    return layers | {role: layer.iloc[:0] for role, layer in (vectors(layers) | tables(layers)).items()}


def same(found, expected, **close):
    assert_frame_equal(found.values, expected.values, **close)
    assert_frame_equal(found.known_share, expected.known_share, **close)
    whole, wanted = ({name: astuple(one) for name, one in told.overall.items()} for told in (found, expected))
    assert whole == {name: pytest.approx(one, rel=1e-9, abs=1e-12, nan_ok=True) for name, one in wanted.items()}


@ALL
def test_says_everything_in_two_languages(analysis):
    texts = [analysis.title, analysis.summary, analysis.formula, analysis.reading, analysis.limits]
    texts += [output.text for output in analysis.outputs] + [parameter.text for parameter in analysis.parameters]
    texts += [text for text, _ in analysis.map_classes.values()]
    texts += [text for parameter in analysis.parameters for text in parameter.choices.values()]
    texts += [need.text for need in analysis.inputs if need.text] + [value.text for value in analysis.overall]
    texts += [text for table in analysis.tables for text in (table.text, *(column.text for column in table.columns))]
    for text in texts:
        assert text.fr.strip(), text
        assert text.en.strip(), text
        assert text.fr != text.en, text
    assert "signifie que" in analysis.reading.fr
    assert "means that" in analysis.reading.en
    assert "Exemple : " in analysis.formula.fr + analysis.reading.fr, "no worked example"
    assert "Example: " in analysis.formula.en + analysis.reading.en, "no worked example"
    assert len(analysis.reference) > 20


@ALL
def test_crosses_two_policies_and_reads_known_roles(analysis):
    assert re.fullmatch(r"[a-z][a-z0-9_]+", analysis.id)
    assert len(set(analysis.policies)) >= 2
    assert all(isinstance(policy, Policy) for policy in analysis.policies)
    roles = [need.role for need in analysis.inputs]
    assert set(roles) <= set(ROLES)
    assert len(set(roles)) == len(roles)
    assert {ROLES[need.role].policy for need in analysis.inputs if need.required} <= set(analysis.policies)


@ALL
def test_outputs_and_parameters_are_sound(analysis):
    declared_values = (*analysis.outputs, *analysis.overall)
    assert declared_values
    assert all(output.unit and output.better in (-1, 0, 1) for output in declared_values)
    assert all(output.unit == "part" for output in declared_values if output.name.endswith("_share"))
    titles = [table.text for table in analysis.tables]
    assert len(set(titles)) == len(titles)
    assert all(table.columns and re.fullmatch(r"[a-z][a-z0-9_]*", table.name) for table in analysis.tables)
    for parameter in analysis.parameters:
        assert parameter.unit
        if parameter.choices:
            assert parameter.default in parameter.choices
            continue
        assert parameter.minimum is not None, parameter
        assert parameter.maximum is not None, parameter
        assert parameter.minimum <= parameter.default <= parameter.maximum


def test_no_two_outputs_bear_one_name():
    names = Counter(
        output.name for analysis in declared().values() for output in (*analysis.outputs, *analysis.overall)
    )
    assert {name for name, count in names.items() if count > 1} == set()


@ALL
def test_something_must_be_given(analysis):
    assert analysis.missing({}) or analysis.reads
    assert set(analysis.reads) <= set(READINGS)
    optional = {need.role for need in analysis.inputs if not need.required}
    assert all(set(group) <= optional for group in analysis.one_of)
    groups = {role: None for group in analysis.one_of for role in group[:1]}
    assert analysis.missing({need.role: None for need in analysis.inputs if need.required} | groups) == ()


@ALL
def test_the_function_takes_what_is_declared(analysis):
    first, *others = inspect.signature(analysis.function).parameters.values()
    assert first.name == "units"
    assert all(one.kind is inspect.Parameter.KEYWORD_ONLY for one in others)
    names = {need.role for need in analysis.inputs} | {parameter.name for parameter in analysis.parameters}
    assert {one.name for one in others} == names | set(analysis.reads)
    defaults = {one.name: one.default for one in others}
    assert all(defaults[parameter.name] == parameter.default for parameter in analysis.parameters)
    assert all((defaults[need.role] is inspect.Parameter.empty) == need.required for need in analysis.inputs)


@ALL
def test_inputs_are_not_changed(analysis, units, layers_of):
    layers = layers_of(analysis)
    before, units_before = copy.deepcopy(layers), units.copy(deep=True)
    told(analysis, units, layers=layers)
    assert_geodataframe_equal(units, units_before)
    for role, layer in vectors(layers).items():
        assert_geodataframe_equal(layer, before[role])
    for role, layer in tables(layers).items():
        assert_frame_equal(layer, before[role])


@ALL
def test_index_columns_and_shares(analysis, units):
    found = answer(analysis.id)
    assert found.values.index.equals(units.index)
    assert list(found.values.columns) == [output.name for output in analysis.outputs]
    assert set(found.values.dtypes) <= {np.dtype(float)}
    assert found.known_share.index.equals(units.index)
    assert list(found.known_share.columns) == list(found.values.columns)
    assert found.known_share.apply(lambda column: column.between(0, 1)).all(axis=None)
    assert found.values.where(found.known_share == 0).isna().all(axis=None)
    assert not np.isinf(found.values.to_numpy()).any()
    for output in analysis.outputs:
        assert output.minimum is None or not (found.values[output.name] < output.minimum).any(), output.name
    shares = [output.name for output in analysis.outputs if output.unit == "part"]
    assert not (found.values[shares] > 1).any(axis=None)


@ALL
def test_every_output_is_told_somewhere(analysis):
    found = answer(analysis.id)
    assert found.values.notna().any().all(), found.values.columns[found.values.isna().all()].tolist()


@ALL
def test_values_of_the_whole_and_tables_are_those_declared(analysis):
    found = answer(analysis.id)
    assert list(found.overall) == [output.name for output in analysis.overall]
    for output in analysis.overall:
        whole = found.overall[output.name]
        assert 0 <= whole.known_share <= 1
        assert np.isfinite(whole.value), output.name
        assert output.minimum is None or whole.value >= output.minimum
        assert output.unit != "part" or whole.value <= 1
    assert list(found.tables) == [table.name for table in analysis.tables]
    for table in analysis.tables:
        assert list(found.tables[table.name].columns) == [column.name for column in table.columns]
        assert len(found.tables[table.name])


@ALL
def test_another_geometry_column_and_index_are_accepted(analysis, units, layers_of):
    named = changed(
        layers_of(analysis), lambda layer: layer.rename_geometry("shape").set_index(pd.Index([7] * len(layer)))
    )
    same(told(analysis, units.rename_geometry("forme"), layers=named), answer(analysis.id))


@ALL
def test_the_place_and_the_order_of_features_change_nothing(analysis, units, layers_of):
    layers, expected = layers_of(analysis), answer(analysis.id)
    if len(vectors(layers) | tables(layers)) < len(layers):
        pytest.skip("reads a raster, which stays in its place")

    def moved(layer):
        return layer.set_geometry(layer.translate(4096, 8192))

    same(told(analysis, moved(units), layers=changed(layers, moved)), expected, rtol=1e-9, atol=1e-9)
    backwards = {role: layer.iloc[::-1] for role, layer in (vectors(layers) | tables(layers)).items()}
    turned = told(analysis, units.iloc[::-1], layers=layers | backwards)
    assert_frame_equal(turned.values.loc[units.index], expected.values, rtol=1e-9, atol=1e-9)


@ALL
def test_units_said_to_be_apart_are_measured_one_by_one(analysis, units, layers_of):
    """Partitions rest on it: an analysis that says so of units that depend on others gives wrong numbers on a cluster.

    One that fails here depends on the other units: declare it with ``apart=False``.
    """
    if analysis.reads or not analysis.apart or not analysis.outputs:
        pytest.skip("measures the territory in one piece")
    layers, expected = layers_of(analysis), answer(analysis.id)
    for code in units.index:
        alone = told(analysis, units.loc[[code]], layers=layers)
        assert_frame_equal(alone.values, expected.values.loc[[code]], rtol=1e-9, atol=1e-9)


@ALL
def test_another_crs_is_refused(analysis, units, layers_of):
    layers = layers_of(analysis)
    for role, layer in vectors(layers).items():
        with pytest.raises(CRSMismatchError, match=f"«{role}».*EPSG:3857.*EPSG:2154"):
            told(analysis, units, layers=layers | {role: layer.to_crs(3857)})
    with pytest.raises(CRSMismatchError, match=r"«units».*EPSG:4326"):
        told(analysis, units.to_crs(4326), layers=layers)


@ALL
def test_a_lacking_column_is_named(analysis, units, layers_of):
    layers = layers_of(analysis)
    for role, layer in (vectors(layers) | tables(layers)).items():
        for name in ROLES[role].required:
            if name == ROLES[role].key:
                continue
            with pytest.raises(MissingColumnError, match=f"{role} : {name}"):
                told(analysis, units, layers=layers | {role: layer.drop(columns=name)})


@ALL
def test_an_empty_layer_tells_no_more_than_an_absent_one(analysis, units, layers_of):
    layers = layers_of(analysis)
    for role, layer in (vectors(layers) | tables(layers)).items():
        empty = told(analysis, units, layers=layers | {role: layer.iloc[:0]})
        same(empty, told(analysis, units, layers=layers | {role: None}))


@ALL
def test_nothing_is_known_without_features(analysis, units, layers_of):
    found = told(analysis, units, layers=emptied(layers_of(analysis)), known=False)
    assert found.values.isna().all(axis=None)
    assert (found.known_share == 0).all(axis=None)
    assert all(np.isnan(whole.value) and whole.known_share == 0 for whole in found.overall.values())
    assert list(found.overall) == [output.name for output in analysis.overall]


@ALL
def test_no_unit_gives_no_row(analysis, units, layers_of):
    found = told(analysis, units.iloc[:0], layers=layers_of(analysis))
    assert found.values.shape == (0, len(analysis.outputs))


@ALL
def test_wrong_calls_are_refused(analysis, units, layers_of):
    layers = layers_of(analysis)
    for role in (need.role for need in analysis.inputs if need.required):
        with pytest.raises(ParameterError, match=f"il manque {role}"):
            told(analysis, units, layers={name: layer for name, layer in layers.items() if name != role})
    with pytest.raises(ParameterError, match="paramètre inconnu vitesse"):
        told(analysis, units, layers=layers, vitesse=3)
    for name in analysis.reads:
        with pytest.raises(ParameterError, match=f"il manque {name}"):
            analysis(units, layers=layers)
    for parameter in analysis.parameters:
        if parameter.choices:
            with pytest.raises(ParameterError, match=f"«{parameter.name}» vaut «autre» ; attendu : l'un de"):
                told(analysis, units, layers=layers, **{parameter.name: "autre"})
            continue
        for value in (parameter.minimum - 1, parameter.maximum + 1, float("nan")):
            with pytest.raises(ParameterError, match=f"«{parameter.name}» vaut"):
                told(analysis, units, layers=layers, **{parameter.name: value})


@ALL
def test_the_map_has_declared_classes(analysis, units):
    drawn = answer(analysis.id).map
    assert (drawn is None) == (not analysis.map_classes)
    if drawn is None:
        return
    assert len(drawn)
    assert drawn.crs == CRS
    assert set(drawn["classe"]) <= set(analysis.map_classes)
    assert set(drawn["code_unite"]) <= set(units.index)
    assert len(set(drawn.geom_type.str.removeprefix("Multi"))) == 1
    colours = [colour for _, colour in analysis.map_classes.values()]
    assert all(re.fullmatch(r"#[0-9a-f]{6}", colour) for colour in colours)
    assert len(set(colours)) == len(colours)
