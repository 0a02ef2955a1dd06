"""What could be run with the roles filled, and what is missing for the rest."""

from dataclasses import dataclass

from ..words import told


@dataclass(frozen=True)
class Item:
    """A rule or an analysis: its identifier, title, kind, and the roles that it still wants (none: ready)."""

    id: str
    title: str
    kind: str
    missing: tuple

    @property
    def ready(self):
        """Whether it can be run."""
        return not self.missing


def readiness(catalogue, filled):
    """Return an item for each rule and each analysis; a choice of roles is told as ``a | b``."""
    filled = set(filled)
    rules = [
        Item(rule["id"], told(rule["title"]), "rule", tuple(name for name in rule["roles"] if name not in filled))
        for rule in catalogue["rules"]
    ]
    analyses = [
        Item(item["id"], told(item["title"]), "analysis", _wanted(item, filled)) for item in catalogue["analyses"]
    ]
    return rules + analyses


def _wanted(analysis, filled):
    required = [need["role"] for need in analysis["inputs"] if need["required"] and need["role"] not in filled]
    groups = [" | ".join(group) for group in analysis["one_of"] if not filled.intersection(group)]
    return tuple(required + groups)
