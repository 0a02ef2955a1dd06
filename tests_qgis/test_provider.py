"""The provider as the toolbox shows it."""

import re
from html import escape

from asked import BY_ID, DECLARED
from qgis.core import QgsApplication
from territoire_sig_qgis import catalogue
from territoire_sig_qgis.help_picture import RAMP
from territoire_sig_qgis.provider import TerritoireProvider


def test_one_algorithm_for_each_declaration_each_reader_and_those_of_the_whole(provider):
    names = {algorithm.name() for algorithm in provider.algorithms()}
    readers = {"lire_" + item["id"] for item in DECLARED["readers"]}
    assert names == set(BY_ID) | readers | {"verifier", "diagnostic", "moteur", "carte", "atlas"}


def test_groups_are_numbered_and_everything_is_told(provider):
    for algorithm in provider.algorithms():
        assert algorithm.group()[0].isdigit()
        assert algorithm.displayName() and algorithm.shortHelpString().startswith("<p>")
        assert algorithm.tags() and algorithm.helpUrl().startswith("https://example.org/")
        assert not algorithm.icon().isNull()
        assert not re.search(r"\bNone\b|\{\w*\}", algorithm.shortHelpString())


def test_names_of_parameters_do_not_clash(provider):
    for algorithm in provider.algorithms():
        names = [item.name() for item in algorithm.parameterDefinitions()]
        names += [item.name() for item in algorithm.outputDefinitions() if item.name() not in names]
        assert len(names) == len(set(names))


def test_numbers_have_the_bounds_and_the_default_of_the_declaration(provider):
    for algorithm in provider.algorithms():
        for item in getattr(algorithm, "declaration", {}).get("parameters", ()):
            found = algorithm.parameterDefinition(item["name"].upper())
            assert found.defaultValue() == item["default"]
            if item["choices"]:
                assert found.options() == list(item["choices"])
                continue
            assert (found.minimum(), found.maximum()) == (item["minimum"], item["maximum"])


def test_the_help_of_each_algorithm_has_its_picture(provider):
    roles, signs = DECLARED["roles"], {"polygon": "■", "line": "━", "point": "●", "raster": "▦", "table": "▤"}
    for algorithm in provider.algorithms():
        declaration, text = getattr(algorithm, "declaration", None), algorithm.shortHelpString()
        if declaration is None:
            asked = [item.description() for item in algorithm.parameterDefinitions() if not item.isDestination()]
            gives = [item.description() for item in algorithm.outputDefinitions()]
            assert all(escape(word) in text for word in [*asked, *gives]), algorithm.name()
            continue
        given, made = text[text.index("<table") : text.index("</table>")].split("↓")
        if algorithm.name() in BY_ID:
            drawn = [need["role"] for need in declaration["inputs"]]
            assert all(colour in made for _, colour in declaration["map_classes"].values()), algorithm.name()
            assert not declaration["outputs"] or all(colour in made for colour in RAMP)
        else:
            drawn, given = declaration["roles"][:8], made
        for role in drawn:
            line = signs.get(roles[role]["geometry"], "◆") + " " + escape(roles[role]["text"]["en"].partition(" (")[0])
            assert line in given, (algorithm.name(), role)
            assert DECLARED["policies"][roles[role]["policy"]]["en"] in given


def test_texts_are_english_where_qgis_is_not_in_french(provider):
    found = provider.algorithm("school_fibre")
    assert found.displayName() == "Schools and fibre"
    assert "Formula" in found.shortHelpString() and found.group() == "2 Cross policies"


def test_texts_are_french_where_qgis_is(provider, french):
    found = provider.algorithm("school_fibre")
    assert found.displayName() == "Établissements scolaires et fibre"
    assert "Formule" in found.shortHelpString() and found.group() == "2 Croiser les politiques"
    assert "<b>Éducation</b>" in found.shortHelpString() and "établissements scolaires" in found.shortHelpString()


def test_the_plugin_unloads_and_loads_again(provider):
    registry = QgsApplication.processingRegistry()
    before = len(registry.algorithms())
    other = TerritoireProvider()
    other.id = lambda: "territoire_sig_bis"
    registry.addProvider(other)
    assert len(registry.algorithms()) > before
    registry.removeProvider(other)
    assert len(registry.algorithms()) == before


def test_an_analysis_that_the_engine_adds_is_offered_without_a_line_of_plugin(provider, monkeypatch):
    added = dict(BY_ID["school_fibre"], id="apportee_par_un_autre")
    content = dict(DECLARED, analyses=[*DECLARED["analyses"], added])
    with monkeypatch.context() as patched:
        patched.setattr(catalogue, "_read", lambda path: content)
        catalogue.current_catalogue.cache_clear()
        provider.refreshAlgorithms()
        found = provider.algorithm("apportee_par_un_autre")
        assert found.displayName() == provider.algorithm("school_fibre").displayName()
        assert found.parameterDefinition("ETABLISSEMENT_SCOLAIRE") is not None
    catalogue.current_catalogue.cache_clear()
    provider.refreshAlgorithms()
    assert provider.algorithm("apportee_par_un_autre") is None
