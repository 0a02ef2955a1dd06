"""The reference page of the standard rules."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_text import COLON, SEMICOLON, between, page, policies, role_link, safe, table

from territoire_sig.coherence.rule import Condition, Rule, Selection, Threshold
from territoire_sig.texts import Text, number_text

__all__ = ["rules_page"]

RELATIONS = {
    "dans": Text("dans", "inside"),
    "hors": Text("hors de", "outside"),
    "a_moins_de": Text("à moins de $d m de", "within $d m of"),
    "a_plus_de": Text("à plus de $d m de", "farther than $d m from"),
}
PEOPLE = {
    "emprise": Text("dans l'emprise du constat", "in the area of the finding"),
    "rayon": Text("à moins de $d m du constat", "within $d m of the finding"),
    "unite": Text("dans l'unité", "in the unit"),
    "aucun": Text("non comptés", "not counted"),
}
NONE = Text("aucun", "none")


def rules_page(rules: Sequence[Rule]) -> str:
    """Return the page of the rules."""
    titles = [Text("Règle", "Rule"), Text("Politiques", "Policies"), Text("Score", "Score")]
    rows = [(f"[{safe(r.titre.text)}](#{r.id})", policies(r.politiques), _score(r)) for r in rules]
    return page(
        Text("Les règles standard", "The standard rules"),
        str(
            Text(
                "Les règles livrées avec la bibliothèque : $c conflits (score négatif) et $s synergies (score "
                "positif). Pour écrire les vôtres : [guide](../guides/ecrire_regles.md).",
                "The rules shipped with the library: $c conflicts (negative score) and $s synergies (positive "
                "score). To write your own: [guide, in French](../../guides/ecrire_regles.md).",
            ).fill(c=sum(r.score < 0 for r in rules), s=sum(r.score > 0 for r in rules))
        ),
        table(titles, rows),
        *(_rule(rule) for rule in rules),
    )


def _score(rule: Rule) -> str:
    return f"{rule.score:+d}".replace("-", "−")


def _rule(rule: Rule) -> str:
    severe = _threshold(rule.seuil_grave) if rule.seuil_grave else str(NONE)
    people = str(PEOPLE[rule.habitants.mode]).replace("$d", f"{rule.habitants.rayon_m or 0:g}")
    where = {"objet": Text("par objet", "by object"), "unite": Text("par unité", "by unit")}[rule.lieu]
    facts = [
        (Text("Politiques", "Policies"), policies(rule.politiques)),
        (Text("Score", "Score"), _score(rule)),
        (Text("Objet", "Object"), _selection(rule.objet)),
        (Text("Conditions", "Conditions"), str(SEMICOLON).join(_condition(item) for item in rule.condition)),
        (Text("Un constat", "One finding"), f"{where}{_gathered(rule)}"),
        (Text("Seuil", "Threshold"), _threshold(rule.seuil) or NONE),
        (Text("Seuil grave", "Severe threshold"), severe),
        (Text("Habitants", "Inhabitants"), people),
        (Text("Article", "Clause"), safe(rule.article)),
        (Text("Services", "Services"), safe(", ".join(rule.services))),
        (Text("Acteurs", "Actors"), ", ".join(rule.acteurs)),
    ]
    listed = "\n".join(f"- **{name}**{COLON}{value}" for name, value in facts)
    sentence = re.sub(r"\$\w+", r"`\g<0>`", safe(rule.explication.text))
    return f"## `{rule.id}`\n\n**{safe(rule.titre.text)}.** {sentence}\n\n{listed}"


def _gathered(rule: Rule) -> str:
    if rule.regrouper is None:
        return ""
    told = Text(
        " ; ceux de même `$c` ou de mêmes coordonnées n'en font qu'un",
        "; those of the same `$c` or of the same coordinates are one",
    )
    return str(told.fill(c=rule.regrouper))


def _selection(selection: Selection) -> str:
    filters = []
    for item in selection.filtre:
        accepted = ", ".join(f"`{value}`" for value in item.valeurs or ())
        but = Text("tout sauf $v", "all but $v").fill(v=", ".join(f"`{value}`" for value in item.sauf or ()))
        limits = between(("≥", item.minimum), (">", item.plus_de), ("≤", item.maximum), ("<", item.moins_de))
        told = [accepted, str(but) if item.sauf else "", limits.replace("<", "&lt;")]
        filters.append(f"`{item.colonne}`{COLON}{str(SEMICOLON).join(filter(None, told))}")
    return role_link(selection.role) + (f" ({str(SEMICOLON).join(filters)})" if filters else "")


def _condition(condition: Condition) -> str:
    relation = str(RELATIONS[condition.relation]).replace("$d", f"{condition.distance_m or 0:g}")
    return f"{relation} {_selection(condition)}"


def _threshold(threshold: Threshold) -> str:
    return ", ".join(
        f"`{name}` ≥ {number_text(value, 0 if value >= 1 else 2)}" for name, value in threshold.bounds().items()
    )
