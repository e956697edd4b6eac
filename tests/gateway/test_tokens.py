"""Signing keys, access tokens and internal tokens."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gateway.settings import Settings
from gateway.tokens import AccessTokens, InternalTokens, KeyRing, Signer, thumbprint
from kit import auth, jwt
from kit.auth import Caller, Role, Verifier, shared_keys
from kit.problems import Unauthenticated
from kit.testing import admin, backend, member

NOW = datetime.now(UTC).replace(microsecond=0)
AT = NOW.timestamp()


def ring_of(*signs_from: datetime) -> tuple[KeyRing, list[Signer]]:
    ring = KeyRing()
    signers = [Signer.new(each) for each in signs_from]
    ring.replace(signers)
    return ring, signers


def access(ring: KeyRing, **changes: object) -> AccessTokens:
    return AccessTokens(ring, Settings(**changes))


def kid_of(token: str | bytes) -> str:
    text = token.decode().removeprefix("Bearer ") if isinstance(token, bytes) else token
    return str(jwt._object(text.split(".")[0])["kid"])


def test_a_token_brings_back_its_caller() -> None:
    ring, _ = ring_of(NOW)
    caller = member()
    verified = access(ring).read(access(ring).mint(caller, NOW), AT)
    assert (verified.caller, verified.until) == (caller, AT + 600)


def test_no_two_tokens_are_equal() -> None:
    ring, _ = ring_of(NOW)
    caller = member()
    assert access(ring).mint(caller, NOW) != access(ring).mint(caller, NOW)


def test_the_newest_key_signs_from_its_time_on() -> None:
    ring, (new, old) = ring_of(NOW + timedelta(minutes=5), NOW - timedelta(days=30))
    tokens = access(ring)
    before = tokens.mint(member(), NOW)
    after = tokens.mint(member(), NOW + timedelta(minutes=5))
    assert [kid_of(before), kid_of(after)] == [old.kid, new.kid]
    assert tokens.read(before, AT)
    assert tokens.read(after, AT + 300)


def test_a_key_that_is_gone_verifies_no_more() -> None:
    ring, (old,) = ring_of(NOW)
    token = access(ring).mint(member(), NOW)
    ring.replace([Signer.new(NOW)])
    with pytest.raises(jwt.UnknownKey):
        access(ring).read(token, AT)
    ring.replace([Signer.of(old.seed, NOW)])
    assert access(ring).read(token, AT)


def test_there_is_no_token_before_there_is_a_key() -> None:
    with pytest.raises(LookupError):
        access(KeyRing()).mint(member(), NOW)


def test_a_key_is_named_by_its_thumbprint() -> None:
    """The example of RFC 8037, appendix A.3."""
    public = jwt.from_base64url("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
    key = Ed25519PublicKey.from_public_bytes(public)
    assert thumbprint(key) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_the_key_set_holds_public_halves_only() -> None:
    ring, signers = ring_of(NOW, NOW - timedelta(days=30))
    keys = ring.jwks()["keys"]
    assert {key["kid"] for key in keys} == {signer.kid for signer in signers}
    assert all(set(key) == {"kty", "crv", "x", "kid", "use", "alg"} for key in keys)


@pytest.mark.parametrize("name", ["issuer", "audience"])
def test_a_token_of_another_deployment_is_refused(name: str) -> None:
    ring, _ = ring_of(NOW)
    token = access(ring, **{name: "another"}).mint(member(), NOW)
    with pytest.raises(jwt.Refused):
        access(ring).read(token, AT)


def test_an_internal_token_is_no_access_token_and_the_reverse() -> None:
    ring, (signer,) = ring_of(NOW)
    internal = InternalTokens(ring, lambda: AT).bearer(member(), "loyalty").decode()
    with pytest.raises(jwt.Refused):
        access(ring).read(internal.removeprefix("Bearer "), AT)
    claims = {"iss": auth.ISSUER, "aud": "loyalty", "iat": AT, "exp": AT + 60, "sub": "x"}
    for typ in ("at+jwt", "JWT", "jwt"):
        token = jwt.encode(claims, typ=typ, kid=signer.kid, key=signer.key)
        with pytest.raises(jwt.Refused):
            jwt.decode(
                token,
                typ=auth.TOKEN_TYPE,
                issuer=auth.ISSUER,
                audience="loyalty",
                keys=ring.public,
                now=AT,
            )


@pytest.mark.parametrize("caller", [member(), admin(), backend("orders:write", "members:read")])
async def test_a_service_learns_the_caller_from_an_internal_token(caller: Caller) -> None:
    ring, _ = ring_of(NOW)
    bearer = InternalTokens(ring).bearer(caller, "loyalty").decode()
    loyalty, profile = (Verifier('{"keys": []}', name) for name in ("loyalty", "profile"))
    for verifier in (loyalty, profile):
        verifier.trust(ring.jwks())
    assert await loyalty.verify(bearer.removeprefix("Bearer ")) == caller
    with pytest.raises(Unauthenticated):
        await profile.verify(bearer.removeprefix("Bearer "))


def test_an_internal_token_is_used_again_for_half_its_life() -> None:
    ring, _ = ring_of(NOW)
    at = AT
    tokens = InternalTokens(ring, lambda: at)
    caller = member()
    first = tokens.bearer(caller, "loyalty")
    at = AT + 29
    assert tokens.bearer(caller, "loyalty") is first
    assert tokens.bearer(caller, "profile") != first
    at = AT + 30
    assert tokens.bearer(caller, "loyalty") != first


def test_an_internal_token_follows_a_change_of_the_caller() -> None:
    ring, _ = ring_of(NOW)
    tokens = InternalTokens(ring, lambda: AT)
    caller = Caller(subject="key", role=Role.SERVICE, scopes=frozenset({"orders:write"}))
    less = Caller(subject="key", role=Role.SERVICE, scopes=frozenset())
    assert tokens.bearer(caller, "profile") != tokens.bearer(less, "profile")


def shared_by(folder: Path, *parts: str) -> InternalTokens:
    ring, _ = ring_of(NOW)
    return InternalTokens(ring, shared={part: shared_keys(folder, part)[0] for part in parts})


def token(tokens: InternalTokens, caller: Caller, part: str) -> str:
    return tokens.bearer(caller, part).decode().removeprefix("Bearer ")


def verifier(folder: Path, part: str) -> Verifier:
    return Verifier('{"keys": []}', part, shared_keys(folder, part))


@pytest.mark.parametrize("caller", [member(), admin(), backend("orders:write", "members:read")])
async def test_a_part_that_shares_a_key_learns_the_caller_by_it(
    caller: Caller, tmp_path: Path
) -> None:
    tokens = shared_by(tmp_path, "loyalty", "profile")
    assert await verifier(tmp_path, "loyalty").verify(token(tokens, caller, "loyalty")) == caller
    with pytest.raises(Unauthenticated):
        await verifier(tmp_path, "profile").verify(token(tokens, caller, "loyalty"))


async def test_a_part_takes_a_shared_key_or_signatures_never_both(tmp_path: Path) -> None:
    ring, _ = ring_of(NOW)
    signed = token(InternalTokens(ring), member(), "loyalty")
    sharing = verifier(tmp_path, "loyalty")
    sharing.trust(ring.jwks())
    with pytest.raises(Unauthenticated):
        await sharing.verify(signed)
    signing = Verifier('{"keys": []}', "loyalty")
    signing.trust(ring.jwks())
    with pytest.raises(Unauthenticated):
        await signing.verify(token(shared_by(tmp_path, "loyalty"), member(), "loyalty"))


@pytest.mark.parametrize("apart_s", [-299, 0, 299])
async def test_clocks_five_minutes_apart_sign_nobody_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, apart_s: int
) -> None:
    """A part that refused the gateway's tokens would make every app believe it is signed out."""
    keys = shared_keys(tmp_path, "loyalty")
    loyalty = Verifier('{"keys": []}', "loyalty", keys, lambda: time.time() + apart_s)
    for caller in (member(), member()):
        vouched = token(shared_by(tmp_path, "loyalty"), caller, "loyalty")
        assert await loyalty.verify(vouched) == caller
        assert await loyalty.verify(vouched) == caller
    said = [entry.getMessage() for entry in caplog.records]
    assert len(said) == (1 if apart_s else 0)
    assert all("have both set by NTP" in each for each in said)


@pytest.mark.parametrize("apart_s", [-400, 400])
async def test_clocks_further_apart_are_no_excuse(tmp_path: Path, apart_s: int) -> None:
    keys = shared_keys(tmp_path, "loyalty")
    loyalty = Verifier('{"keys": []}', "loyalty", keys, lambda: time.time() + apart_s)
    with pytest.raises(Unauthenticated):
        await loyalty.verify(token(shared_by(tmp_path, "loyalty"), member(), "loyalty"))


async def test_no_part_can_vouch_to_another(tmp_path: Path) -> None:
    """What profile knows is its own key; with that it is nobody to loyalty."""
    (theirs,) = shared_keys(tmp_path, "profile")
    ring, _ = ring_of(NOW)
    forged = token(InternalTokens(ring, shared={"loyalty": theirs}), admin(), "loyalty")
    with pytest.raises(Unauthenticated):
        await verifier(tmp_path, "loyalty").verify(forged)


async def test_a_shared_key_is_exchanged_while_both_run(tmp_path: Path) -> None:
    before = token(shared_by(tmp_path, "loyalty"), member(), "loyalty")
    folder = tmp_path / "loyalty"
    (folder / "key-next").write_text("n" * 40)
    loyalty = verifier(tmp_path, "loyalty")  # restarted with both
    await loyalty.verify(before)
    (folder / "key").rename(folder / "key-old")
    (folder / "key-next").rename(folder / "key")
    after = token(shared_by(tmp_path, "loyalty"), member(), "loyalty")  # the gateway restarted
    await loyalty.verify(after)
    (folder / "key-old").unlink()
    with pytest.raises(Unauthenticated):
        await verifier(tmp_path, "loyalty").verify(before)


async def test_gateway_and_part_agree_on_a_key_whoever_comes_first(tmp_path: Path) -> None:
    assert shared_keys(None, "loyalty") == []
    (first,) = shared_keys(tmp_path, "loyalty")
    assert shared_keys(tmp_path, "loyalty") == [first]
    assert (tmp_path / "loyalty" / "key").stat().st_mode & 0o777 == 0o600
    assert shared_keys(tmp_path, "profile") != [first]
