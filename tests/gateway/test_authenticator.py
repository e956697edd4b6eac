"""From a request's headers to its caller."""

import base64
from datetime import UTC, datetime
from math import inf
from uuid import UUID

import pytest

from gateway import rules
from gateway.authenticator import Authenticator, BadCredentials, TokenExpired
from gateway.settings import Settings
from gateway.tokens import AccessTokens, KeyRing, Signer, Verified
from kit.auth import Caller
from kit.testing import backend, member

NOW = datetime.now(UTC)
KEY = "rk_" + "b" * 43
WRITE_KEY = "wk_" + "w" * 43
BACKEND = backend("orders:write")
SDK = backend("activities:write")


class Front:
    """An authenticator with everything it stands on, and a clock to turn."""

    def __init__(self) -> None:
        self.at = NOW.timestamp()
        self.ring = KeyRing()
        self.ring.replace([Signer.new(NOW)])
        self.access = AccessTokens(self.ring, Settings())
        self.asked = 0
        self.authenticator = Authenticator(self.access, self.read_anew, lambda: self.at)
        self.keys = {
            rules.fingerprint(KEY): Verified(BACKEND, inf),
            rules.fingerprint(WRITE_KEY): Verified(SDK, inf),
        }
        self.authenticator.learn(self.keys, [])

    async def read_anew(self) -> None:
        self.asked += 1

    def token(self, caller: Caller) -> str:
        return self.access.mint(caller, datetime.fromtimestamp(self.at, UTC))

    async def caller(self, *headers: tuple[str, str]) -> Caller | None:
        asgi = [(name.lower().encode(), value.encode("utf-8")) for name, value in headers]
        return await self.authenticator.authenticate(asgi)


@pytest.fixture
def front() -> Front:
    return Front()


def bearer(token: str) -> tuple[str, str]:
    return ("Authorization", f"Bearer {token}")


def basic(user: str, password: str = "") -> tuple[str, str]:
    return ("Authorization", f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}")


async def test_without_credentials_nobody_calls(front: Front) -> None:
    assert await front.caller(("Accept", "*/*"), ("Cookie", f"token={KEY}")) is None


async def test_each_credential_names_its_caller(front: Front) -> None:
    app = member()
    assert await front.caller(bearer(front.token(app))) == app
    assert await front.caller(bearer(KEY)) == BACKEND
    assert await front.caller(("X-Api-Key", KEY)) == BACKEND
    assert await front.caller(basic(WRITE_KEY)) == SDK
    assert await front.caller(("Authorization", f"bEARER {KEY}")) == BACKEND


REFUSED = {
    "an unknown key": bearer("rk_" + "x" * 43),
    "an unknown key in its own header": ("X-Api-Key", "rk_" + "x" * 43),
    "an empty key": ("X-Api-Key", ""),
    "an unknown write key": basic("wk_" + "x" * 43),
    "a key with a password": basic(WRITE_KEY, "password"),
    "a name and a password": basic("admin", "admin"),
    "broken Basic": ("Authorization", "Basic !!!"),
    "Basic that is no text": ("Authorization", "Basic //79"),
    "nothing after the scheme": ("Authorization", "Bearer"),
    "an unknown scheme": ("Authorization", f"Digest {KEY}"),
    "no scheme": ("Authorization", KEY),
    "no token": bearer("rubbish"),
    "a token in the key's header": ("X-Api-Key", "a.b.c"),
    "an empty header": ("Authorization", ""),
    "more than ASCII": bearer("é"),
}


@pytest.mark.parametrize("header", REFUSED.values(), ids=REFUSED)
async def test_refused_is(front: Front, header: tuple[str, str]) -> None:
    with pytest.raises(BadCredentials) as refusal:
        await front.caller(header)
    assert refusal.value.headers["WWW-Authenticate"] == "Bearer"
    assert header[1] not in str(refusal.value) or len(header[1]) < 8


@pytest.mark.parametrize(
    "second", [bearer(KEY), ("X-Api-Key", KEY), ("X-Api-Key", "rk_" + "x" * 43)], ids=str
)
async def test_two_credentials_are_one_too_many(front: Front, second: tuple[str, str]) -> None:
    with pytest.raises(BadCredentials):
        await front.caller(bearer(KEY), second)


async def test_a_token_serves_until_it_expires_also_from_memory(front: Front) -> None:
    app = member()
    token = front.token(app)
    front.at += 599
    assert await front.caller(bearer(token)) == app
    front.at += 1
    with pytest.raises(TokenExpired):
        await front.caller(bearer(token))


async def test_a_revoked_session_is_refused_at_once_though_remembered(front: Front) -> None:
    app, other = member(), member()
    token, others = front.token(app), front.token(other)
    assert await front.caller(bearer(token)) == app
    front.authenticator.revoke_session(UUID(app.session_id))
    with pytest.raises(BadCredentials):
        await front.caller(bearer(token))
    assert await front.caller(bearer(others)) == other


async def test_revocations_read_are_added_to_those_heard(front: Front) -> None:
    heard, read = member(), member()
    front.authenticator.revoke_session(UUID(heard.session_id))
    front.authenticator.learn(front.keys, [read.session_id])
    for app in (heard, read):
        with pytest.raises(BadCredentials):
            await front.caller(bearer(front.token(app)))


async def test_a_revocation_is_kept_as_long_as_a_token_could_live(front: Front) -> None:
    app = member()
    front.authenticator.revoke_session(UUID(app.session_id))
    front.at += 601
    front.authenticator.learn(front.keys, [])
    with pytest.raises(BadCredentials):
        await front.caller(bearer(front.token(app)))
    front.at += 601
    front.authenticator.learn(front.keys, [])
    assert not front.authenticator._revoked


async def test_a_revoked_key_is_refused_at_once_though_remembered(front: Front) -> None:
    assert await front.caller(bearer(KEY)) == BACKEND
    front.authenticator.revoke_key(rules.fingerprint(KEY))
    with pytest.raises(BadCredentials):
        await front.caller(bearer(KEY))
    assert await front.caller(basic(WRITE_KEY)) == SDK
    front.authenticator.learn(front.keys, [])
    with pytest.raises(BadCredentials):
        await front.caller(bearer(KEY))


async def test_a_key_gone_from_the_database_is_refused_though_remembered(front: Front) -> None:
    assert await front.caller(bearer(KEY)) == BACKEND
    front.authenticator.learn({}, [])
    with pytest.raises(BadCredentials):
        await front.caller(bearer(KEY))


async def test_a_key_expires(front: Front) -> None:
    name = rules.fingerprint(KEY)
    front.authenticator.learn({name: Verified(BACKEND, front.at + 10)}, [])
    assert await front.caller(bearer(KEY)) == BACKEND
    front.at += 10
    with pytest.raises(BadCredentials):
        await front.caller(bearer(KEY))


async def test_what_is_unknown_is_asked_for_once_per_request(front: Front) -> None:
    stranger = Front()
    stranger.authenticator = front.authenticator
    token = stranger.token(member())
    for header in (bearer(token), bearer("rk_" + "x" * 43)):
        asked = front.asked
        with pytest.raises(BadCredentials):
            await front.caller(header)
        assert front.asked == asked + 1


async def test_a_bad_signature_asks_nobody(front: Front) -> None:
    token = front.token(member())
    with pytest.raises(BadCredentials):
        await front.caller(bearer(token[:-8] + "AAAAAAAA"))
    assert front.asked == 0


async def test_keys_used_are_told_once(front: Front) -> None:
    await front.caller(bearer(KEY))
    await front.caller(bearer(KEY))
    await front.caller(bearer(front.token(member())))
    assert front.authenticator.take_used_keys() == {BACKEND.subject}
    assert front.authenticator.take_used_keys() == set()


async def test_a_known_credential_is_not_examined_again(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = member()
    good = bearer(front.token(app))
    examined: list[bytes] = []
    examine = front.authenticator._examine

    async def noted(credential: bytes) -> Verified:
        examined.append(credential)
        return await examine(credential)

    monkeypatch.setattr(front.authenticator, "_examine", noted)
    assert [await front.caller(good) for _ in range(1_000)] == [app] * 1_000
    assert len(examined) == 1


@pytest.mark.parametrize("between", ["  ", " \t", ""])
async def test_a_credential_has_one_spelling(front: Front, between: str) -> None:
    with pytest.raises(BadCredentials):
        await front.caller(("Authorization", f"Bearer{between}{front.token(member())}"))
