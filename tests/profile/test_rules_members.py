"""How a member changes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.profile.rules.identities import Standing
from services.profile.rules.lifecycle import stage_at
from services.profile.rules.members import (
    MOST_TAGS,
    MOST_TRAITS,
    Account,
    Member,
    absorbed_by,
    absorbing,
    merely_active,
    newcomer,
    registered,
    restaged,
    seen_active,
    with_contact,
    with_traits,
)

T0 = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)
ONE, OTHER = UUID(int=1), UUID(int=2)


def a_member(**changes) -> Member:
    return replace(newcomer(ONE, Standing.ANONYMOUS, T0), **changes)


def test_an_account_fills_what_it_knows_and_leaves_the_rest() -> None:
    guest = a_member(language="ru", channel="poster", display_name="Mei")
    member = registered(
        guest, Account(email="mei@example.com", channel="app_store", registered_at=T0 + DAY)
    )
    assert member.standing is Standing.REGISTERED
    assert member.email == "mei@example.com"
    assert (member.language, member.channel, member.display_name) == ("ru", "poster", "Mei")
    assert member.created_at == T0


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param(
            [({"plan": "free"}, 1), ({"plan": "gold"}, 2)], {"plan": "gold"}, id="the newest wins"
        ),
        pytest.param(
            [({"plan": "gold"}, 2), ({"plan": "free"}, 1)],
            {"plan": "gold"},
            id="what was said before does not win by arriving late",
        ),
        pytest.param(
            [({"plan": "gold"}, 2), ({"plan": "free", "city": "Ufa"}, 1)],
            {"plan": "gold", "city": "Ufa"},
            id="what was said before fills gaps",
        ),
        pytest.param(
            [({"plan": "gold", "city": "Ufa"}, 1), ({"plan": None}, 2)],
            {"city": "Ufa"},
            id="null removes",
        ),
        pytest.param([({}, 1)], {}, id="nothing said, nothing changed"),
    ],
)
def test_traits(said, expected) -> None:
    member = a_member()
    for traits, day in said:
        member = with_traits(member, traits, T0 + day * DAY)
    assert member.traits == expected


def test_traits_beyond_the_limit_are_left_out_and_known_ones_kept() -> None:
    member = with_traits(a_member(), {f"t{n}": n for n in range(MOST_TRAITS)}, T0)
    member = with_traits(member, {"one_more": 1, "t0": "changed"}, T0)
    assert len(member.traits) == MOST_TRAITS
    assert member.traits["t0"] == "changed"
    assert "one_more" not in member.traits


def test_contact_comes_from_the_company_until_there_is_an_account() -> None:
    traits = {"email": " mei@example.com ", "phone": 86138, "name": "Mei"}
    known = with_contact(a_member(), traits)
    assert (known.email, known.phone, known.display_name) == ("mei@example.com", None, "Mei")
    account = a_member(standing=Standing.REGISTERED, email="own@example.com")
    assert with_contact(account, traits) == account


def test_an_older_activity_does_not_make_a_member_less_recent() -> None:
    member = seen_active(a_member(), T0 + DAY)
    assert seen_active(member, T0) is member
    assert seen_active(member, T0 + 2 * DAY).last_active_at == T0 + 2 * DAY


def test_absorbing_keeps_the_survivors_words_and_fills_gaps() -> None:
    survivor = a_member(
        standing=Standing.REGISTERED,
        email="mei@example.com",
        traits={"plan": "gold"},
        tags=("vip",),
        last_active_at=T0,
    )
    absorbed = replace(
        newcomer(OTHER, Standing.ANONYMOUS, T0 - 30 * DAY),
        email="other@example.com",
        channel="poster",
        time_zone="Asia/Shanghai",
        traits={"plan": "free", "city": "Ufa"},
        tags=("early",),
        last_active_at=T0 + DAY,
    )
    member = absorbing(survivor, absorbed)
    assert (member.id, member.standing) == (ONE, Standing.REGISTERED)
    assert (member.email, member.channel) == ("mei@example.com", "poster")
    assert member.time_zone == "Asia/Shanghai"
    assert member.traits == {"plan": "gold", "city": "Ufa"}
    assert member.tags == ("early", "vip")
    assert (member.created_at, member.last_active_at) == (T0 - 30 * DAY, T0 + DAY)


def test_absorbing_never_exceeds_the_limit_of_tags() -> None:
    full = a_member(tags=tuple(f"a{n}" for n in range(MOST_TAGS)))
    other = replace(full, id=OTHER, tags=tuple(f"b{n}" for n in range(MOST_TAGS)))
    assert len(absorbing(full, other).tags) == MOST_TAGS


def test_only_activity_differs_or_more() -> None:
    member = a_member()
    assert merely_active(member, seen_active(member, T0 + DAY))
    assert not merely_active(member, replace(member, email="mei@example.com"))


def test_a_merged_member_has_no_stage_to_come() -> None:
    merged = absorbed_by(OTHER, a_member())
    assert restaged(merged, T0 + 100 * DAY) == merged
    assert merged.next_stage_at is None


steps = st.lists(
    st.tuples(st.sampled_from(["look", "act", "absorb"]), st.floats(0, 40)), max_size=12
)


@given(steps)
def test_next_stage_at_is_never_later_than_the_next_change(steps) -> None:
    """However a member lives, the job that looks at `next_stage_at` misses no change."""
    member, now = a_member(), T0
    for what, pause in steps:
        now += pause * DAY
        if what == "act":
            member = seen_active(member, now)
        if what == "absorb":
            older = replace(newcomer(OTHER, Standing.ANONYMOUS, now - pause * DAY), tags=("x",))
            member = absorbing(member, older)
        member = restaged(member, now)
        stage, until = stage_at(
            now, created_at=member.created_at, last_active_at=member.last_active_at
        )
        assert member.stage is stage
        if until is None:
            assert member.next_stage_at is None
        else:
            assert member.next_stage_at is not None
            assert now < member.next_stage_at <= until
