"""Roles of urban planning: CNIG PLU, PLUi, CC, and public-utility easements (SUP)."""

from __future__ import annotations

from ...texts import Text
from ..policies import Policy
from ..schema import Column, GeometryKind, Role

__all__ = ["ROLES", "ZONE_TYPES"]

#: CNIG PLU v2017 and later (U, AUc, AUs, A, N), sub-types of the 2012 and 2014 models, and CC (01, 02, 03, 99).
#: A bare ``AU`` of older deliveries is kept as it is: whether it is open to building is not guessed.
ZONE_TYPES: dict[str, Text] = {
    "U": Text("urbaine", "urban"),
    "AUc": Text("à urbaniser constructible", "to be urbanised, buildable now"),
    "AUs": Text("à urbaniser bloquée", "to be urbanised, closed for now"),
    "AU": Text("à urbaniser, non précisé", "to be urbanised, unspecified"),
    "A": Text("agricole", "agricultural"),
    "N": Text("naturelle et forestière", "natural and forest"),
    "Ah": Text("agricole, habitat admis", "agricultural, housing admitted"),
    "Nd": Text("naturelle, protection", "natural, protected"),
    "Nh": Text("naturelle, habitat admis", "natural, housing admitted"),
    "01": Text("carte communale : constructible", "commune map: buildable"),
    "02": Text("carte communale : activités", "commune map: business"),
    "03": Text("carte communale : non constructible", "commune map: not buildable"),
    "99": Text("carte communale : non couvert", "commune map: not covered"),
}

_LABEL = Column("libelle", Text("libellé court", "short label"))
_IDURBA = Column(
    "idurba",
    Text("identifiant du document d'urbanisme", "identifier of the planning document"),
    aliases=("insee",),
)


def _code(name: str, fr: str, en: str, *aliases: str, required: bool = False) -> Column:
    return Column(name, Text(fr, en), kind="code_cnig", required=required, aliases=aliases)


def _prescription(suffix: str, fr: str, en: str, geometry: GeometryKind) -> Role:
    return Role(
        f"prescription_{suffix}",
        Text(f"prescriptions {fr} du document d'urbanisme", f"{en} of the planning document"),
        Policy.URBANISME,
        geometry,
        (
            _code("typepsc", "type de prescription (CNIG)", "prescription type (CNIG)", required=True),
            _code("stypepsc", "sous-type de prescription (CNIG)", "prescription sub-type (CNIG)", "typepsc2"),
            _LABEL,
            Column("txt", Text("étiquette", "tag")),
            _IDURBA,
        ),
    )


def _information(suffix: str, fr: str, en: str, geometry: GeometryKind) -> Role:
    return Role(
        f"information_{suffix}",
        Text(f"informations {fr} du document d'urbanisme", f"{en} of the planning document"),
        Policy.URBANISME,
        geometry,
        (
            _code("typeinf", "type d'information (CNIG)", "information type (CNIG)", required=True),
            _code("stypeinf", "sous-type d'information (CNIG)", "information sub-type (CNIG)", "typeinf2"),
            _LABEL,
            _IDURBA,
        ),
    )


ROLES: tuple[Role, ...] = (
    Role(
        "zonage",
        Text("zonage du document d'urbanisme (ZONE_URBA, SECTEUR_CC)", "zoning of the planning document"),
        Policy.URBANISME,
        "polygon",
        (
            Column(
                "typezone",
                Text("type de zone (CNIG)", "zone type (CNIG)"),
                required=True,
                values=ZONE_TYPES,
                aliases=("typesect",),
            ),
            _LABEL,
            Column("libelong", Text("libellé long", "long label")),
            Column("destdomi", Text("vocation dominante", "main use")),
            Column("datvalid", Text("date de validité", "date of validity"), aliases=("datappro",)),
            _IDURBA,
        ),
    ),
    _prescription("surf", "surfaciques", "surface prescriptions", "polygon"),
    _prescription("lin", "linéaires", "line prescriptions", "line"),
    _prescription("pct", "ponctuelles", "point prescriptions", "point"),
    _information("surf", "surfaciques", "surface informations", "polygon"),
    _information("lin", "linéaires", "line informations", "line"),
    _information("pct", "ponctuelles", "point informations", "point"),
    Role(
        "servitude",
        Text("assiettes de servitudes d'utilité publique (SUP)", "areas under public-utility easements (SUP)"),
        Policy.URBANISME,
        "polygon",
        (
            Column(
                "categorie",
                Text("catégorie de servitude (AC1, PM1, PT2…)", "easement category"),
                required=True,
                aliases=("suptype",),
            ),
            Column("idass", Text("identifiant de l'assiette", "identifier of the area")),
            Column("idgen", Text("identifiant du générateur", "identifier of the generator")),
            Column("idsup", Text("identifiants des servitudes", "identifiers of the easements")),
            Column("nomass", Text("nom de l'assiette", "name of the area")),
            Column("typeass", Text("type d'assiette", "kind of area")),
            Column("nomsup", Text("nom de la servitude", "name of the easement"), aliases=("nomsuplitt",)),
            Column("idacte", Text("identifiants des actes", "identifiers of the acts")),
            Column("datedecis", Text("dates des actes", "dates of the acts")),
        ),
    ),
)
