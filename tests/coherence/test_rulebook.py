import pytest

from territoire_sig.coherence.rulebook import parse_rules, standard_rules
from territoire_sig.errors import FaultsError
from territoire_sig.texts import language

GOOD = """[[regle]]
id = "a"
titre = { fr = "A", en = "A" }
politiques = ["numerique", "risques"]
score = -2
objet = { role = "site_mobile" }
condition = [{ relation = "dans", role = "alea" }]
seuil = { nombre = 1 }
habitants = { mode = "aucun" }
article = "L. 1"
services = ["Risques"]
acteurs = ["élus"]
explication = { fr = "$objet", en = "$objet" }
"""


def test_standard_rulebook_holds_conflicts_and_synergies_of_every_policy():
    rules = standard_rules()
    assert len(rules) >= 20
    assert sum(rule.score < 0 for rule in rules) >= 10
    assert sum(rule.score > 0 for rule in rules) >= 5
    assert {policy.value for rule in rules for policy in rule.politiques} == {
        "urbanisme", "risques", "biodiversite", "mobilite", "numerique",
        "inclusion", "education", "energie", "air", "economie_circulaire",
    }  # fmt: skip
    for rule in rules:
        assert rule.article and rule.services and rule.acteurs
        assert rule.titre.fr != rule.titre.en and rule.explication.fr != rule.explication.en
        assert rule.politiques[0] != rule.politiques[1]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("score = -2", "score = -4", 5, "≥ -3"),
        ("score = -2", "score = 0", 5, "ni conflit ni synergie"),
        ('"site_mobile"', '"site_mobil"', 6, "rôle inconnu «site_mobil»"),
        ('"site_mobile"', '"couverture_fixe"', 6, "n'a pas une géométrie d'un seul genre"),
        ('"dans", role = "alea"', '"dedans", role = "alea"', 7, "dans, hors, a_moins_de, a_plus_de"),
        ('"dans", role = "alea"', '"a_plus_de", role = "alea"', 7, "distance_m"),
        ('"dans", role = "alea"', '"dans", role = "arret"', 7, "n'a pas de surface"),
        (
            'role = "alea"',
            'role = "alea", filtre = [{ colonne = "nivo", valeurs = ["fort"] }]',
            7,
            "pas de colonne «nivo»",
        ),
        ('role = "alea"', 'role = "alea", filtre = [{ colonne = "niveau" }]', 7, "ni valeurs ni bornes"),
        (
            'role = "alea"',
            'role = "alea", filtre = [{ colonne = "niveau", sauf = ["nul"], valeurs = ["fort"] }]',
            7,
            "«sauf», qui garde l'inconnu, et «valeurs»",
        ),
        (
            'role = "alea"',
            'role = "alea", filtre = [{ colonne = "niveau", minimum = 1, plus_de = 1 }]',
            7,
            "«minimum» et «plus_de» ensemble",
        ),
        ("score = -2", 'score = -2\nregrouper = "id_site"', 2, "lieu = «objet»"),
        ("score = -2", 'score = -2\nlieu = "objet"\nregrouper = "id"', 2, "pas de colonne «id»"),
        ("nombre = 1", "nonbre = 1", 8, "vouliez-vous dire «nombre»"),
        ('mode = "aucun"', 'mode = "rayon"', 9, "rayon_m"),
        ('mode = "aucun"', 'mode = "emprise"', 2, "pas de surface où compter"),
        ('fr = "$objet"', 'fr = "$truc"', 13, "variable inconnue"),
        ('services = ["Risques"]', "services = []", 11, "trop courte"),
        ('article = "L. 1"\n', "", 1, "clé obligatoire absente"),
    ],
)
def test_wrong_rule_is_refused_with_line_and_mend(old, new, line, said):
    assert old in GOOD
    with pytest.raises(FaultsError) as refused:
        parse_rules(GOOD.replace(old, new, 1), file="mes_regles.toml")
    message = str(refused.value)
    assert "mes_regles.toml" in message
    assert said in message
    assert "→" in message
    if line > 2 and "clé obligatoire" not in said:
        assert f"ligne {line}," in message


def test_repeated_identifier():
    with pytest.raises(FaultsError, match=r"ligne 15.*déjà pris"):
        parse_rules(GOOD + GOOD, file="r.toml")


def test_refusal_speaks_english_too():
    with language("en"), pytest.raises(FaultsError, match="unknown role «site_mobil»"):
        parse_rules(GOOD.replace('"site_mobile"', '"site_mobil"'), file="r.toml")
