"""Ids that name somebody, and who may absorb whom."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.profile.rules.identities import (
    Identity,
    Namespace,
    Standing,
    anonymous_identity,
    may_absorb,
    names_nobody,
    user_identity,
)


@pytest.mark.parametrize(
    "value",
    [
        "", " ", "0", "000", "-1", "null", "NULL", "None", "nil", "undefined", "NaN", "n/a",
        "anonymous", "guest", "unknown", "true", "[object Object]", "(null)", "<nil>", "---",
        "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
    ],
)  # fmt: skip
def test_what_broken_programs_send_names_nobody(value: str) -> None:
    assert names_nobody(value)
    assert user_identity(value) is None
    assert anonymous_identity(value) is None


@pytest.mark.parametrize(
    "value", ["1", "10", "用户", "a", "nullable", "guest-7", "0a", "test", "user@example.com"]
)
def test_an_ordinary_id_names_somebody(value: str) -> None:
    assert user_identity(value) == Identity(Namespace.USER, value)


def test_a_uuid_as_user_id_is_a_member_id_in_any_case() -> None:
    value = "0198C0DE-0000-7000-8000-000000000001"
    assert user_identity(value) == Identity(Namespace.MEMBER, value.lower())
    assert anonymous_identity(value) == Identity(Namespace.ANONYMOUS, value.lower())


@given(st.uuids())
def test_every_real_uuid_is_the_identity_of_that_member(member_id) -> None:
    if member_id.int not in (0, 2**128 - 1):
        assert user_identity(str(member_id)) == Identity.of_member(member_id)


@pytest.mark.parametrize(
    ("survivor", "absorbed", "explicit"), list(product(Standing, Standing, [True, False]))
)
def test_only_these_may_be_absorbed(survivor, absorbed, explicit) -> None:
    joins_own_account = explicit and absorbed is Standing.KNOWN and survivor is Standing.REGISTERED
    expected = absorbed is Standing.ANONYMOUS or joins_own_account
    assert may_absorb(survivor, absorbed, explicit=explicit) is expected
