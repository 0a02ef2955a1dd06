"""French and English: one way, ``translate`` with the text written out, and a French that is whole and up to date."""

import ast
import re
from pathlib import Path
from string import Formatter
from xml.etree import ElementTree as ET

import pytest
from PyQt6.QtCore import QCoreApplication, QTranslator

PLUGIN = Path(__file__).resolve().parents[2] / "qgis_plugin" / "territoire_sig_qgis"
FRENCH = PLUGIN / "i18n" / "territoire_sig_fr.ts"
CONTEXT = "TerritoireSig"


def asked_in_the_code():
    """Return the texts that the code has translated, and the calls whose text is not written out nor marked."""
    texts, wrong = set(), []
    for path in PLUGIN.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id in ("translate", "QT_TRANSLATE_NOOP"):
                context, text = node.args
                if not isinstance(context, ast.Constant) or context.value != CONTEXT:
                    wrong.append(f"{path.name}:{node.lineno}: another context")
                elif isinstance(text, ast.Constant):
                    texts.add(text.value)
                elif isinstance(text, ast.JoinedStr):
                    wrong.append(f"{path.name}:{node.lineno}: an f-string is never found by pylupdate")
    return texts, wrong


def test_what_is_taken_from_the_words_is_there():
    tree = ast.parse((PLUGIN / "words.py").read_text(encoding="utf-8"))
    there = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)} | {"translate"}
    for path in PLUGIN.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level and node.module == "words":
                assert {name.name for name in node.names} <= there, path


@pytest.fixture(scope="module")
def messages():
    found = ET.parse(FRENCH).getroot().iter("message")
    return {item.findtext("source"): item.findtext("translation") for item in found}


def test_the_french_is_whole_and_nothing_is_left_over(messages):
    texts, wrong = asked_in_the_code()
    assert wrong == []
    assert set(messages) == texts, "run `python qgis_plugin/translations.py`"
    assert all(messages.values())


def test_qt_reads_what_is_written(messages):
    translator = QTranslator()
    assert translator.load(str(FRENCH.with_suffix(".qm")))
    application = QCoreApplication.instance() or QCoreApplication([])
    assert application.installTranslator(translator)
    read = {text: QCoreApplication.translate(CONTEXT, text) for text in messages}
    application.removeTranslator(translator)
    assert read == messages, "run `python qgis_plugin/translations.py`"


def test_both_languages_fill_the_same_places(messages):
    for english, french in messages.items():
        places = [{name for _, name, _, _ in Formatter().parse(text) if name is not None} for text in (english, french)]
        assert places[0] == places[1], english
        assert len(re.findall(r"<\w+", english)) == len(re.findall(r"<\w+", french)), english


def test_a_mend_is_a_mend_in_both_languages(messages):
    for english, french in messages.items():
        assert ("Mend:" in english) == ("Remède :" in french), english


def test_french_spaces_and_quotes(messages):
    """A space before « : ; ? ! », quotes as the French write them, no straight double quotes."""
    for french in messages.values():
        bare = re.sub(r"<[^>]*>|https?:\S+|&\w+;|\{[^}]*\}", "x", french)
        assert not re.search(r"[^\s ][;?!]", bare), french
        assert "“" not in french and "”" not in french, french
