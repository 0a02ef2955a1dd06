"""The families under which analyses are read: the three follow-ups asked of a plan, its networks and its conduct."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from ..texts import Text
from .policies import Policy

__all__ = ["FAMILY_TEXTS", "Family", "family_of"]


class Family(StrEnum):
    """A family of analyses, in the order in which it is shown. The value is the word that files use."""

    SOCIAL = "social"
    ENVIRONNEMENT = "environnement"
    SATISFACTION = "satisfaction"
    NUMERIQUE = "numerique"
    GOUVERNANCE = "gouvernance"

    @property
    def text(self) -> Text:
        """Name to show."""
        return FAMILY_TEXTS[self]


FAMILY_TEXTS: dict[Family, Text] = {
    Family.SOCIAL: Text("Impact social", "Social impact"),
    Family.ENVIRONNEMENT: Text("Impact environnemental", "Environmental impact"),
    Family.SATISFACTION: Text("Satisfaction des usagers", "Users' satisfaction"),
    Family.NUMERIQUE: Text("Réseaux, aménagement et déplacements", "Networks, planning and travel"),
    Family.GOUVERNANCE: Text("Conduite du plan", "Conduct of the plan"),
}

_ENVIRONMENT = {Policy.BIODIVERSITE, Policy.ENERGIE, Policy.AIR, Policy.ECONOMIE_CIRCULAIRE}
_SOCIAL = {Policy.INCLUSION, Policy.EDUCATION}


def family_of(policies: Iterable[Policy]) -> Family:
    """Return the family of an analysis that states none, from the policies that it crosses.

    Examples
    --------
    >>> family_of((Policy.EDUCATION, Policy.NUMERIQUE)).value, family_of((Policy.AIR, Policy.MOBILITE)).value
    ('social', 'environnement')
    """
    crossed = set(policies)
    if crossed & _ENVIRONMENT:
        return Family.ENVIRONNEMENT
    return Family.SOCIAL if crossed & _SOCIAL else Family.NUMERIQUE
