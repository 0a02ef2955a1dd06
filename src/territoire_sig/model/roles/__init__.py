"""Every role that a layer may play in a territory, by identifier."""

from __future__ import annotations

from ...errors import TerritoryFileError
from ...texts import Text
from ..schema import Role
from . import digital, environment, governance, mobility, risk, social, urbanism

__all__ = ["ROLES", "role"]

#: All roles by identifier, in the order of the themes.
ROLES: dict[str, Role] = {
    found.id: found
    for theme in (urbanism, risk, mobility, digital, social, environment, governance)
    for found in theme.ROLES
}


def role(identifier: str, *, file: str | None = None) -> Role:
    """Return the role called `identifier`.

    Raises
    ------
    TerritoryFileError
        When there is no such role; the message lists those that exist.
    """
    if identifier in ROLES:
        return ROLES[identifier]
    raise TerritoryFileError(
        Text(f"rôle inconnu : «{identifier}»", f"unknown role: «{identifier}»"),
        Text(f"rôles admis : {', '.join(ROLES)}.", f"accepted roles: {', '.join(ROLES)}."),
        file=file,
    )
