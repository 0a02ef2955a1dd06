"""The report: what it says, that it opens offline, that it can be read by all, that it never changes."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pandas as pd
import pytest

from territoire_sig.model.policies import Policy
from territoire_sig.report.html import html_report
from territoire_sig.report.notebook import diagnosis_html
from territoire_sig.texts import language

_VOID = {"meta", "img", "br", "hr", "link", "input"}


class _Page(HTMLParser):
    """Every element with its attributes, the text, and the elements left open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> closes <{self.open[-1] if self.open else '-'}>"
        self.open.pop()

    def handle_data(self, data):
        if "style" not in self.open:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def words(self) -> str:
        return re.sub(r"\s+", " ", self.text)


@pytest.fixture(scope="module")
def report(results):
    return html_report(results)


@pytest.fixture(scope="module")
def page(report):
    return _Page(report)


def test_the_page_is_well_formed_and_opens_offline(report, page):
    assert report.lstrip().startswith("<!DOCTYPE html>")
    assert page.open == []
    assert not page.all("script") and not page.all("link")
    outside = [
        value for _, attributes in page.elements for name, value in attributes.items() if name in ("src", "href")
    ]
    assert all(value.startswith("data:") for value in outside) and outside
    assert "url(" not in report and "@import" not in report


def test_the_same_results_give_the_same_page(results, report):
    assert html_report(results) == report


def test_the_verdict_gives_its_figures(page):
    assert (
        "Non, pas encore : 3 conflits entre politiques, dont 1 grave ; au moins 1 235 habitants concernés. "
        "1 synergie ; 5 règles jugées, 3 sans réponse faute de données." in page.words
    )


def test_notice_and_approximations_come_before_the_answer(page):
    words = page.words
    assert 0 < words.index("Données fictives.") < words.index("La réponse")
    assert words.index("couverture approchée par un rayon de 1 km") < words.index("La réponse")


def test_approximations_of_the_record_are_told_once(results):
    named = {"site_mobile": "couverture approchée par un rayon de 1 km", "population": "habitants répartis"}
    page = _Page(html_report(replace(results, record={"approximations": named})))
    head = page.words[: page.words.index("La réponse")]
    assert head.count("rayon de 1 km") == 1 and "habitants répartis" in head


def test_every_conflict_has_its_place_size_people_services_actors_and_clause(page):
    words = page.words
    assert "1 Zone à urbaniser sans fibre L'Orée-des-Bois" in words
    assert (
        "Taille13,0 ha Habitants1 235 ServicesUrbanisme ; Risques À réunirélus, agents ArticleCode de l'urbanisme"
        in words
    )
    assert "Taille707 m Habitantsinconnu" in words
    assert "Taille2 objets" in words


def test_text_from_the_data_is_escaped(report, page):
    assert "Deux sites &lt;exposés&gt;." in report
    assert "exposés" not in {tag for tag, _ in page.elements}


def test_unknown_is_said_and_partial_knowledge_too(page):
    assert "L'Orée-des-Bois25 %connu sur 33 %13,0 ha" in page.words
    assert 'Saint-Éloi "le Vieux", Basinconnu0 m²' in page.words


def test_an_indicator_known_nowhere_is_named_not_tabled(results):
    units = results.units.assign(part_zone_u_fibree=float("nan"))
    page = _Page(html_report(replace(results, units=units)))
    assert "Inconnu dans toutes les unités : Part des zones U fibrées." in page.words
    assert "L'Orée-des-Bois13,0 ha" in page.words


def test_a_value_known_on_almost_nothing_says_so(results):
    page = _Page(html_report(replace(results, indicators=results.indicators.assign(part_connue=0.001))))
    assert "25 %connu sur moins de 1 %" in page.words


def test_a_wide_analysis_is_cut_into_tables_of_six_columns(results):
    analysis = results.analyses[0]
    outputs = tuple(replace(analysis.outputs[1], name=f"surface_{rank}") for rank in range(8))
    units = results.units.assign(**{output.name: 1.0 for output in outputs})
    page = _Page(html_report(replace(results, units=units, analyses=(replace(analysis, outputs=outputs),))))
    assert len([table for table in page.all("table") if table.get("class") == "values"]) == 2


def test_gaps_name_the_missing_layers_in_words(page):
    assert "Population hors d'alerte" in page.words
    assert "trame verte et bleue" in page.words


def test_one_layer_or_the_other_may_be_missing(results):
    missing = results.unanswered.assign(roles_manquants="corridor|espace_protege ; alea")
    words = _Page(html_report(replace(results, unanswered=missing))).words
    assert "trame verte et bleue : réservoirs et corridors ou espaces" in words and "zones d'aléa" in words


def test_files_are_named_without_their_folders(results):
    units = results.territory.units_provenance[0]
    told = (
        replace(units, file="../../donnees/plu.gpkg", layer="plu"),
        replace(units, file="C:\\sig\\a.gpkg", layer="b"),
    )
    page = _Page(html_report(replace(results, territory=replace(results.territory, units_provenance=told))))
    assert "Unitésplu.gpkgGéoportail" in page.words and "Unitésa.gpkg (b)Géoportail" in page.words


def test_sources_have_vintage_and_licence_or_say_that_they_have_none(page):
    assert "2023-T4" in page.words and "LO 2.0" in page.words and "non précisé" in page.words


def test_the_matrix_is_square_and_symmetric(results):
    html = html_report(results)
    table = html[html.index('<table class="ts-matrice">') : html.index("</table>")]
    classes = re.findall(r'<td class="([\w-]+)"', table)
    side = len(Policy)
    assert len(classes) == side * side
    grid = [classes[start : start + side] for start in range(0, side * side, side)]
    assert grid == [list(column) for column in zip(*grid, strict=True)]
    order = [policy.value for policy in Policy]
    assert grid[order.index("urbanisme")][order.index("numerique")] == "conflit-3"
    assert grid[order.index("risques")][order.index("numerique")] == "conflit-2"
    assert grid[order.index("mobilite")][order.index("inclusion")] == "synergie-2"
    assert grid[order.index("biodiversite")][order.index("numerique")] == "sans-reponse"
    assert grid[0][0] == "vide"


def test_the_page_can_be_read_by_all(page):
    assert page.all("html") == [{"lang": "fr"}]
    assert all(header.get("scope") in ("row", "col") for header in page.all("th"))
    assert all(picture["alt"].startswith("Carte de Val-Imaginaire (2 unités)") for picture in page.all("img"))
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def _luminance(colour: str) -> float:
    long = "#" + "".join(2 * digit for digit in colour[1:]) if len(colour) == 4 else colour
    channels = [int(long[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_contrast_of_the_cells_reaches_the_level_aa(report):
    cells = re.findall(r"\.ts-matrice \.[\w-]+\{background:(#\w+)(?:;color:(#\w+))?\}", report)
    assert len(cells) == 6
    for background, ink in cells:
        light, dark = sorted((_luminance(background), _luminance(ink or "#1b1b1b")), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (background, ink)


def test_in_english_no_french_is_left_from_us(results):
    with language("en"):
        page = _Page(html_report(results))
    assert page.all("html") == [{"lang": "en"}]
    assert "No, not yet: 3 conflicts between policies, 1 severe; at least 1,235 inhabitants concerned." in page.words
    assert "Map of Val-Imaginaire (2 units)" in page.all("img")[0]["alt"]
    for word in ("Politique", "Lacunes", "règle", "Habitants", "inconnu", "élus"):
        assert word not in page.words


def test_without_any_finding(quiet_results):
    page = _Page(html_report(quiet_results))
    assert "Oui, pour ce qui a pu être jugé : aucun conflit n'a été relevé." in page.words
    assert "Aucun conflit relevé." in page.words and "Aucune synergie relevée." in page.words


def test_with_every_question_answered(results):
    full = replace(results, unanswered=results.unanswered.iloc[:0], analyses=())
    page = _Page(html_report(full))
    assert "Toutes les règles et analyses ont été jugées." in page.words
    assert "Les indicateurs" not in page.words


def test_a_long_register_is_cut_and_says_so(results):
    long = pd.concat([results.register] * 4, ignore_index=True).assign(rang=range(1, 13))
    page = _Page(html_report(replace(results, register=long)))
    assert len(page.all("article")) == 10
    assert "La suite du registre est dans registre.csv : 2 conflits." in page.words


def test_many_units_are_folded(results):
    names = [f"Commune {rank}" for rank in range(20)]
    units = pd.concat([results.units] * 10).assign(nom_unite=names)
    page = _Page(html_report(replace(results, units=units)))
    assert page.all("details") == [{}, {}]  # the units, and the method


def test_the_picture_is_the_map(results, page):
    [picture] = page.all("img")
    assert base64.b64decode(picture["src"].partition(",")[2]).startswith(b"\x89PNG")


def test_the_notebook_summary_is_a_piece_of_page(results):
    html = diagnosis_html(results)
    page = _Page(html)
    assert page.open == []
    assert not page.all("html") and not page.all("body")
    assert "Non, pas encore" in page.words and "Zone à urbaniser sans fibre" in page.words
    assert len(page.all("td")) == 36  # six policies that a rule crosses, two by two
    selectors = re.findall(r"([^{}]+)\{", html[html.index("<style>") + 7 : html.index("</style>")])
    assert all(part.strip().startswith(".ts-") for selector in selectors for part in selector.split(","))
