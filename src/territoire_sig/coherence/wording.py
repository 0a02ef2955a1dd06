"""What a finding says: its sentence, its clause, the approximations that it rests on, and what was not judged."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ..texts import Text, area_text, at_place, length_text, number_text, of_place, people_text
from .ground import Ground
from .rule import Rule

__all__ = ["doubtful", "unknown_features", "unmeasured", "worded"]


def worded(rule: Rule, places: gpd.GeoDataFrame, severe: pd.Series[bool], ground: Ground) -> gpd.GeoDataFrame:
    """Return the places with what the rule says of each."""
    approximation = _approximation(rule, ground)
    result = places.assign(
        regle=rule.id,
        titre=str(rule.titre.text),
        politique_a=rule.politiques[0].value,
        politique_b=rule.politiques[1].value,
        score=rule.score,
        gravite=np.minimum(abs(rule.score) + severe.to_numpy().astype(int), 3),
        article=rule.article,
        services=" ; ".join(rule.services),
        acteurs=" ; ".join(rule.acteurs),
        habitants_comptes=rule.habitants.mode,
        approximation=str(approximation) if approximation else "",
    )
    result["explication"] = [_explanation(rule, row, approximation) for row in result.itertuples()]
    return result


def _explanation(rule: Rule, row: object, approximation: Text | None) -> str:
    value = row.__getattribute__
    unit = str(value("nom_unite"))
    text = str(
        rule.explication.text.fill(
            objet=value("objet") or "-",
            nombre=number_text(value("nombre")),
            surface=area_text(value("surface_m2")),
            longueur=length_text(value("longueur_m")),
            habitants=people_text(value("habitants")),
            unite=unit,
            a_unite=at_place(unit),
            de_unite=of_place(unit),
        )
    )
    sentence = text[:1].upper() + text[1:]
    return f"{sentence} ({approximation})" if approximation else sentence


def _approximation(rule: Rule, ground: Ground) -> Text | None:
    counts_people = rule.habitants.mode in ("emprise", "rayon")
    roles = dict.fromkeys([*rule.roles(), *(["population"] if counts_people else [])])
    named = [ground.approximations[role] for role in roles if role in ground.approximations]
    if not named:
        return None
    return Text(" ; ".join(text.fr for text in named), "; ".join(text.en for text in named))


def unknown_features(rule: Rule, role: str, count: int) -> list[Text]:
    """Say how many features of a role a filter could not judge."""
    if not count:
        return []
    return [
        Text(
            f"{rule.id} : {count} objet(s) de «{role}» non jugé(s), une valeur filtrée y est inconnue",
            f"{rule.id}: {count} feature(s) of «{role}» not judged, a filtered value is unknown",
        )
    ]


def doubtful(rule: Rule, role: str, count: int) -> list[Text]:
    """Say how many objects could not be said out of a cover of which a part is unknown."""
    if not count:
        return []
    return [
        Text(
            f"{rule.id} : {count} objet(s) de «{rule.objet.role}», ou parties d'objet, non jugé(s) : «{role}» y est "
            "inconnu",
            f"{rule.id}: {count} feature(s) of «{rule.objet.role}», or parts of them, not judged: «{role}» is unknown "
            "there",
        )
    ]


def unmeasured(rule: Rule, count: int) -> list[Text]:
    """Say how many places could not be held against the threshold: unknown is not below it."""
    if not count:
        return []
    names = ", ".join(rule.seuil.bounds())
    return [
        Text(
            f"{rule.id} : {count} lieu(x) non jugé(s), le seuil ({names}) porte sur une valeur inconnue",
            f"{rule.id}: {count} place(s) not judged, the threshold ({names}) bears on an unknown value",
        )
    ]
