from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from territoire_sig.model.toml import check_toml, line_of, parse_toml


class Tree(BaseModel):
    model_config = ConfigDict(extra="forbid")
    nom: str
    genre: Literal["feuillu", "conifere"]
    hauteur: Annotated[float, Field(ge=0)] = 0.0


class Wood(BaseModel):
    model_config = ConfigDict(extra="forbid")
    arbre: list[Tree]


def faults_of(text):
    data, faults = parse_toml(text, file="bois.toml")
    assert not faults
    return [str(fault) for fault in check_toml(Wood, data, text, file="bois.toml")[1]]


def test_not_toml_gives_the_line():
    _, faults = parse_toml('[[arbre]]\nnom = "orme\n', file="bois.toml")
    assert "ligne 2" in str(faults[0])


def test_every_fault_at_once_with_line_value_and_mend():
    text = '[[arbre]]\nnom = "orme"\ngenre = "feuilu"\n\n[[arbre]]\n'
    text += 'nom = 3\ngenre = "conifere"\nhauteur = -1\nhauteurr = 2\n'
    first, second, third, fourth = faults_of(text)
    assert "ligne 3, «arbre.1.genre»" in first
    assert "feuillu, conifere" in first and "valeur «feuilu»" in first
    assert "ligne 6" in second and "texte entre guillemets" in second
    assert "ligne 8" in third and "≥ 0" in third
    assert "ligne 9" in fourth and "vouliez-vous dire «hauteur»" in fourth


def test_missing_key():
    (fault,) = faults_of('[[arbre]]\ngenre = "feuillu"\n')
    assert "clé obligatoire absente" in fault and "ajoutez la clé «nom»" in fault


def test_line_of_an_inline_table():
    assert line_of('[[regle]]\nid = "x"\nobjet = { role = "zz" }', ("regle", 0, "objet", "role")) == 3
