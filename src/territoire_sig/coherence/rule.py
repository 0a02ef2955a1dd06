"""What a rule is: an object, conditions, a threshold, a score, a clause, and who must settle it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ..model.policies import Policy
from ..model.roles import ROLES
from ..model.toml import BilingualValueError
from ..texts import Text

__all__ = ["Actor", "Condition", "Filter", "Inhabitants", "Relation", "Rule", "Rulebook", "Selection", "Threshold"]

#: What an explanation may name: ``$a_unite`` is «au Ménil», ``$de_unite`` «du Ménil», ``$unite`` «Le Ménil».
VARIABLES = ("objet", "nombre", "surface", "longueur", "habitants", "unite", "a_unite", "de_unite")

Relation = Literal["dans", "hors", "a_moins_de", "a_plus_de"]
Actor = Literal["élus", "agents", "opérateurs", "citoyens"]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(_Table):
    """``{ fr = "…", en = "…" }``."""

    fr: str
    en: str

    @property
    def text(self) -> Text:
        """The pair as a text."""
        return Text(self.fr, self.en)


class Filter(_Table):
    """Features kept: those whose column holds one of `valeurs`, or lies between the bounds.

    `minimum` and `maximum` are included, `plus_de` and `moins_de` are not. An unknown value (none, or a code that
    says so) is never kept, and is counted. `sauf` is the contrary of `valeurs`, and keeps what is unknown.
    """

    colonne: str
    valeurs: list[str | int | bool] | None = None
    sauf: list[str | int | bool] | None = None
    minimum: float | None = None
    maximum: float | None = None
    plus_de: float | None = None
    moins_de: float | None = None

    @model_validator(mode="after")
    def _something(self) -> Filter:
        given = [name for name, value in self.model_dump().items() if name != "colonne" and value is not None]
        if not given:
            raise BilingualValueError(
                Text(
                    f"le filtre sur «{self.colonne}» n'a ni valeurs ni bornes",
                    f"no values nor bounds on «{self.colonne}»",
                ),
                Text(
                    "donnez valeurs, sauf, minimum, maximum, plus_de ou moins_de.",
                    "give valeurs, sauf, minimum, maximum, plus_de or moins_de.",
                ),
            )
        if self.sauf is not None and len(given) > 1:
            other = next(name for name in given if name != "sauf")
            raise BilingualValueError(
                Text(
                    f"le filtre sur «{self.colonne}» mêle «sauf», qui garde l'inconnu, et «{other}»",
                    f"«sauf», which keeps what is unknown, beside «{other}» on «{self.colonne}»",
                ),
                Text("écrivez deux filtres.", "write two filters."),
            )
        return self

    @model_validator(mode="after")
    def _one_bound_a_side(self) -> Filter:
        for included, excluded in (("minimum", "plus_de"), ("maximum", "moins_de")):
            if getattr(self, included) is not None and getattr(self, excluded) is not None:
                raise BilingualValueError(
                    Text(f"«{included}» et «{excluded}» ensemble", f"both «{included}» and «{excluded}»"),
                    Text(
                        f"gardez «{included}» (borne comprise) ou «{excluded}» (borne exclue).",
                        f"keep «{included}» (bound included) or «{excluded}» (bound excluded).",
                    ),
                )
        return self


class Selection(_Table):
    """The features of one role, filtered."""

    role: str
    filtre: list[Filter] = Field(default_factory=list)

    @field_validator("role")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in ROLES or ROLES[value].geometry == "raster":
            admitted = ", ".join(name for name, role in ROLES.items() if role.geometry != "raster")
            raise BilingualValueError(
                Text(f"rôle inconnu «{value}»", f"unknown role «{value}»"),
                Text(f"rôles admis : {admitted}.", f"accepted roles: {admitted}."),
            )
        return value

    @model_validator(mode="after")
    def _columns(self) -> Selection:
        columns = {column.name for column in ROLES[self.role].columns}
        unknown = [item.colonne for item in self.filtre if item.colonne not in columns]
        if unknown:
            raise BilingualValueError(
                Text(
                    f"le rôle «{self.role}» n'a pas de colonne «{unknown[0]}»",
                    f"role «{self.role}» has no column «{unknown[0]}»",
                ),
                Text(
                    f"colonnes admises : {', '.join(sorted(columns))}.",
                    f"accepted columns: {', '.join(sorted(columns))}.",
                ),
            )
        return self


class Condition(Selection):
    """A spatial relation that the object must hold with the features of a role."""

    relation: Relation
    distance_m: Annotated[float, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _surface(self) -> Condition:
        if self.relation in ("dans", "hors") and ROLES[self.role].geometry not in ("polygon", "table"):
            raise BilingualValueError(
                Text(
                    f"«{self.role}» n'a pas de surface : «{self.relation}» ne s'y applique pas",
                    f"«{self.role}» has no area: «{self.relation}» does not apply",
                ),
                Text("prenez a_moins_de ou a_plus_de.", "take a_moins_de or a_plus_de."),
            )
        return self

    @model_validator(mode="after")
    def _distance(self) -> Condition:
        if (self.distance_m is not None) != self.relation.startswith("a_"):
            raise BilingualValueError(
                Text(
                    f"«distance_m» va avec a_moins_de et a_plus_de, et eux seuls (ici «{self.relation}»)",
                    f"«distance_m» goes with a_moins_de and a_plus_de only (here «{self.relation}»)",
                ),
                Text("ajoutez ou retirez distance_m.", "add or remove distance_m."),
            )
        return self


class Threshold(_Table):
    """From how much on: every bound given must be reached."""

    surface_m2: Annotated[float, Field(ge=0)] | None = None
    longueur_m: Annotated[float, Field(ge=0)] | None = None
    nombre: Annotated[float, Field(ge=0)] | None = None
    habitants: Annotated[float, Field(ge=0)] | None = None
    part: Annotated[float, Field(ge=0, le=1)] | None = None

    def bounds(self) -> dict[str, float]:
        """Return the bounds given, by measure."""
        return {name: value for name, value in self.model_dump().items() if value is not None}


class Inhabitants(_Table):
    """How the people concerned are counted.

    ``emprise``: those who live in the finding's surface; ``rayon``: within `rayon_m` of it; ``unite``: those of the
    unit; ``aucun``: nobody in particular (left unknown).
    """

    mode: Literal["emprise", "rayon", "unite", "aucun"]
    rayon_m: Annotated[float, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _radius(self) -> Inhabitants:
        if (self.rayon_m is not None) != (self.mode == "rayon"):
            raise BilingualValueError(
                Text("«rayon_m» va avec mode = «rayon», et lui seul", "«rayon_m» goes with mode = «rayon» only"),
                Text("ajoutez ou retirez rayon_m.", "add or remove rayon_m."),
            )
        return self


class Rule(_Table):
    """A conflict (negative score) or a synergy (positive score) between two policies.

    The score follows the seven-point scale of Nilsson, Griggs and Visbeck (2016): −3 cancels, −2 counteracts,
    −1 constrains, +1 enables, +2 reinforces, +3 indivisible.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    titre: Bilingual
    politiques: Annotated[list[Policy], Field(min_length=2, max_length=2)]
    score: Annotated[int, Field(ge=-3, le=3)]
    objet: Selection
    condition: Annotated[list[Condition], Field(min_length=1)]
    lieu: Literal["objet", "unite"] = "unite"
    regrouper: str | None = None
    seuil: Threshold
    seuil_grave: Threshold | None = None
    habitants: Inhabitants
    article: str
    services: Annotated[list[str], Field(min_length=1)]
    acteurs: Annotated[list[Actor], Field(min_length=1)]
    explication: Bilingual

    @field_validator("score")
    @classmethod
    def _not_neutral(cls, value: int) -> int:
        if value == 0:
            raise BilingualValueError(
                Text("un score nul ne dit ni conflit ni synergie", "a zero score is neither conflict nor synergy"),
                Text(
                    "prenez −3 à −1 pour un conflit, 1 à 3 pour une synergie.",
                    "take −3 to −1 for a conflict, 1 to 3 for a synergy.",
                ),
            )
        return value

    @field_validator("objet")
    @classmethod
    def _located(cls, value: Selection) -> Selection:
        if ROLES[value.role].geometry not in ("polygon", "line", "point"):
            raise BilingualValueError(
                Text(
                    f"«{value.role}» n'a pas une géométrie d'un seul genre",
                    f"«{value.role}» has no geometry of one kind",
                ),
                Text("mettez ce rôle dans une condition.", "put that role in a condition."),
            )
        return value

    @field_validator("explication")
    @classmethod
    def _template(cls, value: Bilingual) -> Bilingual:
        known = dict.fromkeys(VARIABLES, "")
        try:
            value.text.fill(**known)
        except (KeyError, ValueError) as error:
            raise BilingualValueError(
                Text(
                    f"variable inconnue dans l'explication : {error}", f"unknown variable in the explanation: {error}"
                ),
                Text(
                    f"variables admises : {' '.join(f'${name}' for name in VARIABLES)}.",
                    f"accepted variables: {' '.join(f'${name}' for name in VARIABLES)}.",
                ),
            ) from error
        return value

    @model_validator(mode="after")
    def _people(self) -> Rule:
        if self.habitants.mode == "emprise" and ROLES[self.objet.role].geometry != "polygon":
            raise BilingualValueError(
                Text(
                    f"«{self.objet.role}» n'a pas de surface où compter les habitants",
                    f"«{self.objet.role}» has no area in which to count people",
                ),
                Text(
                    'prenez habitants = { mode = "rayon", rayon_m = … }.',
                    'take habitants = { mode = "rayon", rayon_m = … }.',
                ),
            )
        return self

    @model_validator(mode="after")
    def _gathered(self) -> Rule:
        role = ROLES[self.objet.role]
        if self.regrouper is None:
            return self
        if self.lieu != "objet" or role.geometry != "point":
            raise BilingualValueError(
                Text(
                    "«regrouper» réunit des points, avec lieu = «objet»",
                    "«regrouper» gathers points, with lieu = «objet»",
                ),
                Text("retirez regrouper.", "remove regrouper."),
            )
        if self.regrouper not in {column.name for column in role.columns}:
            raise BilingualValueError(
                Text(
                    f"le rôle «{role.id}» n'a pas de colonne «{self.regrouper}»",
                    f"role «{role.id}» has no column «{self.regrouper}»",
                ),
                Text(
                    f"colonnes admises : {', '.join(sorted(column.name for column in role.columns))}.",
                    f"accepted columns: {', '.join(sorted(column.name for column in role.columns))}.",
                ),
            )
        return self

    def roles(self) -> tuple[str, ...]:
        """Return the roles that the rule reads."""
        return tuple(dict.fromkeys([self.objet.role, *(item.role for item in self.condition)]))

    def missing(self, layers: Any) -> tuple[str, ...]:
        """Return the roles that `layers` lacks."""
        return tuple(role for role in self.roles() if role not in layers)


class Rulebook(_Table):
    """A file of rules: ``[[regle]]`` tables."""

    regle: Annotated[list[Rule], Field(min_length=1)]
