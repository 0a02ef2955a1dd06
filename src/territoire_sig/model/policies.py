"""The public policies that a digital plan meets, under stable French identifiers."""

from __future__ import annotations

from enum import StrEnum

from ..texts import Text

__all__ = ["POLICY_TEXTS", "Policy"]


class Policy(StrEnum):
    """A public policy of a territory. The value is the word that files use."""

    URBANISME = "urbanisme"
    RISQUES = "risques"
    BIODIVERSITE = "biodiversite"
    MOBILITE = "mobilite"
    NUMERIQUE = "numerique"
    INCLUSION = "inclusion"
    EDUCATION = "education"
    ENERGIE = "energie"
    AIR = "air"
    ECONOMIE_CIRCULAIRE = "economie_circulaire"

    @property
    def text(self) -> Text:
        """Name to show."""
        return POLICY_TEXTS[self]


POLICY_TEXTS: dict[Policy, Text] = {
    Policy.URBANISME: Text("Urbanisme", "Urban planning"),
    Policy.RISQUES: Text("Risques", "Risks"),
    Policy.BIODIVERSITE: Text("Biodiversité", "Biodiversity"),
    Policy.MOBILITE: Text("Mobilité", "Mobility"),
    Policy.NUMERIQUE: Text("Numérique", "Digital"),
    Policy.INCLUSION: Text("Inclusion", "Inclusion"),
    Policy.EDUCATION: Text("Éducation", "Education"),
    Policy.ENERGIE: Text("Énergie", "Energy"),
    Policy.AIR: Text("Air et bruit", "Air and noise"),
    Policy.ECONOMIE_CIRCULAIRE: Text("Économie circulaire", "Circular economy"),
}
