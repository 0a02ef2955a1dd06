"""The words of the report, in French and in English."""

from __future__ import annotations

from ..texts import Text

__all__ = ["ACTORS", "KINDS", "METHOD", "WORDS", "count_text", "words"]

WORDS: dict[str, Text] = {
    "question": Text(
        "« Ce plan numérique est-il en cohérence avec nos autres politiques ? »",
        "“Is this digital plan coherent with our other policies?”",
    ),
    "report": Text("Diagnostic de cohérence", "Coherence diagnosis"),
    "vintage": Text("Millésime", "Vintage"),
    "notice": Text("Avertissement", "Notice"),
    "approximations": Text(
        "Certains résultats reposent sur une approximation, non sur une observation :",
        "Some results rest on an approximation, not on an observation:",
    ),
    "answer": Text("La réponse", "The answer"),
    "conflicts": Text("conflits", "conflicts"),
    "severe": Text("dont graves", "of which severe"),
    "synergies": Text("synergies", "synergies"),
    "people_concerned": Text("habitants concernés par un conflit", "inhabitants concerned by a conflict"),
    "answered": Text("règles jugées", "rules answered"),
    "unanswered": Text("règles sans réponse", "rules not answered"),
    "matrix": Text("Les politiques deux à deux", "Policies, two by two"),
    "matrix_caption": Text(
        "Score net de chaque couple de politiques : négatif (orange) quand elles se contredisent, positif (bleu) quand "
        "elles se renforcent. Dessous : conflits (▲) et synergies (●). Hachuré : aucune règle n'a pu être jugée. "
        "Case vide : aucune règle ne confronte ces politiques.",
        "Net score of each pair of policies: negative (orange) where they contradict each other, positive (blue) where "
        "they reinforce each other. Below: conflicts (▲) and synergies (●). Hatched: no rule could be judged. "
        "Empty cell: no rule sets these policies against each other.",
    ),
    "policy": Text("Politique", "Policy"),
    "no_answer": Text("sans réponse", "not answered"),
    "map": Text("Où", "Where"),
    "register": Text("Les conflits à arbitrer d'abord", "The conflicts to settle first"),
    "register_rest": Text(
        "La suite du registre est dans registre.csv :", "The rest of the register is in registre.csv:"
    ),
    "no_conflict": Text("Aucun conflit relevé.", "No conflict found."),
    "place": Text("Lieu", "Place"),
    "object": Text("Objet", "Object"),
    "size": Text("Taille", "Size"),
    "people": Text("Habitants", "Inhabitants"),
    "premises": Text("Locaux", "Premises"),
    "services": Text("Services", "Departments"),
    "actors": Text("À réunir", "To bring together"),
    "clause": Text("Article", "Clause"),
    "synergies_title": Text("Les synergies à saisir", "The synergies to seize"),
    "no_synergy": Text("Aucune synergie relevée.", "No synergy found."),
    "synergy": Text("Synergie", "Synergy"),
    "synergies_rest": Text("La suite est dans constats.csv :", "The rest is in constats.csv:"),
    "explanation": Text("Explication", "Explanation"),
    "indicators": Text("Les indicateurs", "The indicators"),
    "whole": Text("Le territoire entier", "The whole territory"),
    "table_rest": Text("Suite dans", "Further rows in"),
    "colon": Text(" :", ":"),
    "unit": Text("Unité", "Unit"),
    "known": Text("connu sur", "known over"),
    "higher_better": Text("plus haut = mieux", "higher is better"),
    "lower_better": Text("plus bas = mieux", "lower is better"),
    "show_units": Text("Voir les unités", "Show the units"),
    "unknown_everywhere": Text("Inconnu dans toutes les unités :", "Unknown in every unit:"),
    "gaps": Text("Ce qui n'a pas pu être jugé", "What could not be judged"),
    "no_gap": Text("Toutes les règles et analyses ont été jugées.", "Every rule and analysis was answered."),
    "gaps_lead": Text(
        "Une question sans réponse n'est pas une bonne nouvelle : il manque une couche de données.",
        "A question without an answer is not good news: a layer of data is missing.",
    ),
    "kind": Text("Genre", "Kind"),
    "title": Text("Titre", "Title"),
    "missing": Text("Couche manquante", "Missing layer"),
    "sources": Text("Les sources", "Sources"),
    "layer": Text("Couche", "Layer"),
    "file": Text("Fichier", "File"),
    "source": Text("Source", "Source"),
    "licence": Text("Licence", "Licence"),
    "rows": Text("Lignes lues", "Rows read"),
    "units": Text("Unités", "Units"),
    "unstated": Text("non précisé", "not stated"),
    "method": Text("Méthode et limites", "Method and limits"),
    "formula": Text("Formule", "Formula"),
    "reading": Text("Lecture", "Reading"),
    "limits": Text("Limites", "Limits"),
    "reference": Text("Référence", "Reference"),
    "replay": Text("Ce diagnostic se recalcule à l'identique :", "This diagnosis can be computed again, identically:"),
}

METHOD: tuple[Text, ...] = (
    Text(
        "Chaque règle confronte deux politiques en un lieu. Son score va de −3 (annule) à +3 (indissociable), selon "
        "l'échelle de Nilsson, Griggs et Visbeck (2016). La gravité est la valeur absolue du score, relevée d'un cran "
        "quand le seuil grave de la règle est atteint, et plafonnée à 3.",
        "Each rule sets two policies against each other in one place. Its score goes from −3 (cancels) to +3 "
        "(indivisible), on the scale of Nilsson, Griggs and Visbeck (2016). Severity is the absolute value of the "
        "score, one step higher where the severe threshold of the rule is reached, and 3 at most.",
    ),
    Text(
        "Les surfaces sont planes, mesurées dans le système de coordonnées du territoire. Les habitants sont comptés "
        "au prorata des surfaces de la couche de population.",
        "Areas are planar, measured in the coordinate system of the territory. Inhabitants are counted by areal share "
        "of the population layer.",
    ),
    Text(
        "« Inconnu » ne veut pas dire zéro : les données n'atteignent pas ce lieu.",
        "“Unknown” does not mean zero: the data do not reach that place.",
    ),
)

ACTORS: dict[str, Text] = {
    "élus": Text("élus", "elected members"),
    "agents": Text("agents", "staff"),
    "opérateurs": Text("opérateurs", "operators"),
    "citoyens": Text("citoyens", "inhabitants"),
}

KINDS: dict[str, Text] = {
    "regle": Text("règle", "rule"),
    "analyse": Text("analyse", "analysis"),
}


def words() -> dict[str, str]:
    """Return every word in the current language."""
    return {name: str(text) for name, text in WORDS.items()}


def count_text(number: int, one: Text, many: Text) -> Text:
    """Return a count with its noun in the right number (French takes the singular for 0).

    Examples
    --------
    >>> count_text(0, Text("conflit", "conflict"), Text("conflits", "conflicts"))
    Text(fr='0 conflit', en='0 conflicts')
    """
    french, english = one.fr if number < 2 else many.fr, one.en if number == 1 else many.en
    return Text(f"{number} {french}", f"{number} {english}")
