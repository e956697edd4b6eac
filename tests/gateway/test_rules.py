"""The rules of identity, by table and by law."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import rules
from gateway.rules import KeyKind, RefreshState, RefreshVerdict

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("mei@brand.example", "mei@brand.example"),
        ("  Mei.Lin+shop@BRAND.example ", "mei.lin+shop@brand.example"),
        ("ｍｅｉ＠brand.example", "mei@brand.example"),
        ("иван@почта.рф", "иван@xn--80a1acny.xn--p1ai"),
        ("o'neil_x@sub.brand.example", "o'neil_x@sub.brand.example"),
    ],
)
def test_an_address_has_one_form(typed: str, normal: str) -> None:
    assert rules.normal_email(typed) == normal


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "@",
        "mei",
        "mei@",
        "@brand.example",
        "mei@localhost",
        "mei@@brand.example",
        "me i@brand.example",
        "mei@brand..example",
        "me..i@brand.example",
        "mei@brand.example\nBcc: all@brand.example",
        "mei<b>@brand.example",
        '"mei"@brand.example',
        "mei\0@brand.example",
        f"{'a' * 65}@brand.example",
        f"mei@{'a' * 64}.example",
        f"mei@{'.'.join(['abcdefghij'] * 25)}",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="not an e-mail address"):
        rules.normal_email(typed)


@given(st.emails())
def test_normal_addresses_are_their_own_normal_form(typed: str) -> None:
    try:
        normal = rules.normal_email(typed)
    except ValueError:
        return
    assert rules.normal_email(normal) == normal
    assert rules.normal_email(typed.upper()) == rules.normal_email(typed.upper().lower())


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("+8613800138000", "+8613800138000"),
        ("00 86 138 0013 8000", "+8613800138000"),
        ("+7 (912) 345-67-89", "+79123456789"),
        ("+1.415.555.2671", "+14155552671"),
        ("＋８６１３８００１３８０００", "+8613800138000"),
        ("+44 20 7946–0018", "+442079460018"),
    ],
)
def test_a_number_has_one_form(typed: str, normal: str) -> None:
    assert rules.normal_phone(typed) == normal


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "13800138000",
        "+0123456789",
        "+1234567",
        "+1234567890123456",
        "+86138x0138000",
        "++861380013",
    ],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="international form"):
        rules.normal_phone(typed)


def test_passwords_typed_on_two_keyboards_are_equal() -> None:
    assert rules.normal_password("cafe\u0301") == rules.normal_password("caf\u00e9")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("seven77", "8 to 128"),
        ("x1" * 65, "8 to 128"),
        ("Password1", "guessed first"),
        ("aaaaaaaaaaaa", "guessed first"),
        ("MEI@brand.example", "signs in by"),
    ],
)
def test_a_weak_password_is_refused(password: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        rules.check_password(password, "mei@brand.example")


@pytest.mark.parametrize("password", ["eight888", "x1" * 64, "пароль-котик", "一二三四五六七八"])
def test_a_password_of_any_script_will_do(password: str) -> None:
    rules.check_password(password, "mei@brand.example")


def test_delays_grow_and_stop_growing() -> None:
    delays = [rules.delay_after(failures) for failures in range(30)]
    assert delays[:5] == [timedelta(0)] * 5
    assert delays[5:9] == [1 * SECOND, 2 * SECOND, 4 * SECOND, 8 * SECOND]
    assert delays[-1] == timedelta(minutes=15)
    assert all(earlier <= later for earlier, later in pairwise(delays))


def test_a_day_of_guessing_gets_about_a_hundred_guesses() -> None:
    day, guesses, passed = timedelta(days=1), 0, timedelta(0)
    while passed < day:
        guesses += 1
        passed += rules.delay_after(guesses)
    assert guesses < 120


def presented(**changes: object) -> RefreshState:
    fresh = {
        "expires_at": NOW + timedelta(days=1),
        "used_at": None,
        "used_by": None,
        "has_successor": False,
        "session_revoked": False,
    }
    return RefreshState(**(fresh | changes))


def used(ago: timedelta, **changes: object) -> RefreshState:
    return presented(
        **({"used_at": NOW - ago, "used_by": "phone", "has_successor": True} | changes)
    )


@pytest.mark.parametrize(
    ("token", "verdict"),
    [
        pytest.param(presented(), RefreshVerdict.ROTATE, id="unused"),
        pytest.param(presented(expires_at=NOW), RefreshVerdict.ENDED, id="expired"),
        pytest.param(presented(session_revoked=True), RefreshVerdict.ENDED, id="revoked"),
        pytest.param(used(30 * SECOND), RefreshVerdict.REPEAT, id="repeated in time"),
        pytest.param(used(31 * SECOND), RefreshVerdict.REUSED, id="repeated too late"),
        pytest.param(used(SECOND, used_by="other"), RefreshVerdict.REUSED, id="by another device"),
        pytest.param(
            used(SECOND, has_successor=False, used_by=None),
            RefreshVerdict.REUSED,
            id="spent by a sibling",
        ),
        pytest.param(
            used(SECOND, session_revoked=True), RefreshVerdict.ENDED, id="revoked before the repeat"
        ),
        pytest.param(
            used(timedelta(days=9), expires_at=NOW), RefreshVerdict.ENDED, id="expired after use"
        ),
    ],
)
def test_a_refresh_token_is_judged(token: RefreshState, verdict: RefreshVerdict) -> None:
    assert rules.judge_refresh(token, "phone", NOW) is verdict


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_a_successor_needs_token_and_salt(secret: bytes, salt: bytes) -> None:
    token = rules.as_refresh_token(secret)
    successor = rules.successor_of(token, salt)
    assert successor == rules.successor_of(token, salt) != token
    assert len(successor) == len(token)
    assert successor != rules.successor_of(token, bytes(reversed(salt)) + b"x")
    assert successor != rules.successor_of(f"{token}x", salt)


@pytest.mark.parametrize("kind", KeyKind)
def test_a_key_tells_its_kind_and_shows_little(kind: KeyKind) -> None:
    key = rules.as_api_key(kind, bytes(range(32)))
    assert rules.key_kind(key) is kind
    assert rules.shown_part(key) == key[:11]


@pytest.mark.parametrize(
    "text", ["", "rk_", "rk_short", "xk_" + "a" * 43, "rk_" + "a" * 44, "rk_" + "=" * 43]
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an API key"):
        rules.key_kind(text)


@pytest.mark.parametrize(
    ("kind", "scopes"),
    [
        (KeyKind.BACKEND, []),
        (KeyKind.BACKEND, ["orders"]),
        (KeyKind.BACKEND, ["orders:delete"]),
        (KeyKind.BACKEND, ["orders:write", "*:read"]),
        (KeyKind.BACKEND, ["Orders:write"]),
        (KeyKind.WRITE, ["activities:write", "orders:write"]),
        (KeyKind.WRITE, ["orders:write"]),
    ],
)
def test_scopes_are_refused(kind: KeyKind, scopes: list[str]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (each says something else)
        rules.check_scopes(kind, frozenset(scopes))


def test_scopes_are_taken() -> None:
    rules.check_scopes(KeyKind.BACKEND, frozenset({"orders:write", "loyalty_rules:read"}))
    rules.check_scopes(KeyKind.WRITE, frozenset({"activities:write"}))


def test_the_first_key_signs_at_once_and_the_next_when_it_is_known() -> None:
    month = timedelta(days=30)
    assert rules.next_key_signs_from(None, month, NOW) == NOW
    assert rules.next_key_signs_from(NOW - month + SECOND, month, NOW) is None
    assert rules.next_key_signs_from(NOW - month, month, NOW) == NOW + timedelta(minutes=5)
    assert rules.next_key_signs_from(NOW + timedelta(minutes=5), month, NOW) is None


def test_a_key_is_kept_until_nothing_it_signed_is_valid() -> None:
    days = {"old": NOW - timedelta(days=40), "present": NOW - timedelta(days=2), "next": NOW}
    assert rules.outlived(days, NOW) == ["old"]
    assert rules.outlived(days, NOW - timedelta(days=1, seconds=1)) == []
    assert rules.outlived({}, NOW) == rules.outlived({"only": NOW - timedelta(days=999)}, NOW) == []
