import re

import pytest

from territoire_sig.errors import TerritoryFileError
from territoire_sig.model.policies import Policy
from territoire_sig.model.roles import ROLES, role


def test_unknown_role_lists_the_accepted_ones():
    with pytest.raises(TerritoryFileError, match=r"«zonnage»[\s\S]*zonage"):
        role("zonnage", file="t.toml")


@pytest.mark.parametrize("found", ROLES.values(), ids=list(ROLES))
def test_every_role_is_worded_and_sound(found):
    assert re.fullmatch(r"[a-z_0-9]+", found.id)
    assert found.text.fr and found.text.en
    names = [column.name for column in found.columns]
    assert len(names) == len(set(names))
    assert found.geometry == "table" or found.key is None
    assert found.key is None or found.column(found.key).required
    for column in found.columns:
        assert column.text.fr and column.text.en
        assert column.minimum is None or column.maximum is None or column.minimum < column.maximum


def test_every_policy_has_a_role_of_its_own():
    assert {found.policy for found in ROLES.values()} == set(Policy)
