"""Sign-in by the word of other issuers: whose word counts, and for what."""

import asyncio
from base64 import urlsafe_b64decode
from uuid import uuid4

import pytest

from gateway.events import AccountRegistered, GuestMerged
from gateway.identity import Identity
from gateway.issuers import Issuers
from kit.jwt import to_base64url
from kit.testing import Harness
from tests.gateway.issuer import LocalIssuer, settings_of
from tests.gateway.people import DEVICE, MEMBER, PASSWORD, Door
from tests.gateway.test_issuers import P256_ORDER

LOGIN = "/v1/auth/login/issuer"
LINK = "/v1/auth/account/issuers"


@pytest.fixture
def trusting(identity: Identity, issuer: LocalIssuer) -> None:
    """The gateway under test accepts the issuer, and believes its verified addresses."""
    identity.issuers = Issuers([settings_of(issuer, trusts_email=True)])


@pytest.fixture
def accepting(identity: Identity, issuer: LocalIssuer) -> None:
    """The gateway under test accepts the issuer, but not its word on addresses."""
    identity.issuers = Issuers([settings_of(issuer)])


def body(issuer: LocalIssuer, **claims: object) -> dict:
    return {"issuer": "local", "id_token": issuer.token(**claims)}


async def test_who_is_new_is_registered(
    harness: Harness, door: Door, issuer: LocalIssuer, trusting: None
) -> None:
    sent = body(issuer, email="Mei@Brand.Example", email_verified=True)
    answer = await door.post(LOGIN, sent | DEVICE | {"language": "ru"})
    assert answer.status_code == 201, answer.text
    (said,) = await harness.published(AccountRegistered)
    assert (said.email, said.display_name, said.language) == ("mei@brand.example", "Mei", "ru")
    token = answer.json()["access_token"]
    shown = (await door.get("/v1/auth/account", token)).json()
    assert shown["email"]["verified_at"] is not None
    assert [each["issuer"] for each in shown["issuers"]] == [issuer.url]
    again = await door.post(LOGIN, body(issuer, jti="another", email="changed@brand.example"))
    assert (again.status_code, again.json()["member_id"]) == (200, answer.json()["member_id"])


async def test_a_token_signs_in_once(door: Door, issuer: LocalIssuer, trusting: None) -> None:
    sent = body(issuer)
    answers = await asyncio.gather(*(door.post(LOGIN, sent) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401]
    key = {"Idempotency-Key": str(uuid4())}
    sent = body(issuer, jti="another")
    first, again = [await door.post(LOGIN, sent, **key) for _ in range(2)]
    assert (first.status_code, first.content) == (200, again.content)


def respelled(signature: str) -> list[str]:
    """Other texts that say the same, or that verify as well, of a P-256 signature."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = letters.index(signature[-1])  # of its six bits the last four are of no byte
    raw = urlsafe_b64decode(signature + "==")
    s = P256_ORDER - int.from_bytes(raw[32:])
    return [
        signature[:-1] + letters[last ^ 1],
        signature + "==",
        to_base64url(raw[:32] + s.to_bytes(32)),
    ]


async def test_a_token_signs_in_once_however_its_signature_is_written(
    door: Door, issuer: LocalIssuer, accepting: None
) -> None:
    first = body(issuer)
    assert (await door.post(LOGIN, first)).status_code == 201
    signed, _, signature = first["id_token"].rpartition(".")
    for other in respelled(signature):
        answer = await door.post(LOGIN, first | {"id_token": f"{signed}.{other}"})
        assert answer.status_code == 401
        assert answer.json()["code"] == "gateway.id_token_refused"


async def test_a_trusted_verified_address_opens_the_account_that_has_it(
    door: Door, issuer: LocalIssuer, trusting: None
) -> None:
    member = await door.registered()
    sent = body(issuer, email=MEMBER["email"], email_verified=True)
    answer = await door.post(LOGIN, sent)
    assert (answer.status_code, answer.json()["member_id"]) == (200, member["member_id"])
    # the address had not been proven before: what was set up under it has ended
    assert (await door.post("/v1/auth/login", MEMBER)).status_code == 401
    assert (await door.refreshed(member["refresh_token"])).status_code == 401


@pytest.mark.parametrize("verified", [False, "false", None])
async def test_an_unverified_address_opens_nothing_and_tells_nothing(
    harness: Harness, door: Door, issuer: LocalIssuer, trusting: None, verified: object
) -> None:
    member = await door.registered()
    sent = body(issuer, email=MEMBER["email"], email_verified=verified)
    answer = await door.post(LOGIN, sent)
    assert answer.status_code == 201
    assert answer.json()["member_id"] != member["member_id"]
    assert (await harness.published(AccountRegistered))[-1].email is None


async def test_an_issuer_not_trusted_on_addresses_opens_nothing(
    door: Door, issuer: LocalIssuer, accepting: None
) -> None:
    member = await door.registered()
    answer = await door.post(LOGIN, body(issuer, email=MEMBER["email"], email_verified=True))
    assert answer.json()["member_id"] != member["member_id"]


async def test_a_guest_goes_on_as_the_member(
    harness: Harness, door: Door, issuer: LocalIssuer, trusting: None
) -> None:
    guest = await door.guest()
    first = await door.post(LOGIN, body(issuer), guest["access_token"])
    assert first.json()["member_id"] == guest["member_id"]
    assert first.json()["session_id"] == guest["session_id"]
    other = await door.guest()
    second = await door.post(LOGIN, body(issuer, jti="another"), other["access_token"])
    assert second.json()["member_id"] == guest["member_id"]
    (merged,) = await harness.published(GuestMerged)
    assert str(merged.guest_id) == other["member_id"]


async def test_a_member_links_and_unlinks(door: Door, issuer: LocalIssuer, accepting: None) -> None:
    member = await door.registered()
    token = member["access_token"]
    without = await door.post(LINK, body(issuer), token)
    assert (without.status_code, without.json()["code"]) == (403, "gateway.password_required")
    for number in range(2):
        sent = body(issuer, jti=f"{number}") | {"password": PASSWORD}
        assert (await door.post(LINK, sent, token)).status_code == 204
    by_word = await door.post(LOGIN, body(issuer, jti="x"))
    assert by_word.json()["member_id"] == member["member_id"]
    assert (await door.delete(f"{LINK}/local", token)).status_code == 204
    assert (await door.delete(f"{LINK}/local", token)).status_code == 404
    stranger = await door.post(LOGIN, body(issuer, jti="y"))
    assert stranger.json()["member_id"] != member["member_id"]


async def test_an_identity_belongs_to_one_account(
    door: Door, issuer: LocalIssuer, accepting: None
) -> None:
    await door.post(LOGIN, body(issuer))
    member = await door.registered()
    sent = body(issuer, jti="x") | {"password": PASSWORD}
    answer = await door.post(LINK, sent, member["access_token"])
    assert (answer.status_code, answer.json()["code"]) == (409, "gateway.linked_elsewhere")


async def test_the_last_way_in_is_not_taken_away(
    door: Door, issuer: LocalIssuer, accepting: None
) -> None:
    member = (await door.post(LOGIN, body(issuer))).json()
    answer = await door.delete(f"{LINK}/local", member["access_token"])
    assert (answer.status_code, answer.json()["code"]) == (409, "gateway.last_sign_in")
    assert (await door.post(LOGIN, body(issuer, jti="x"))).status_code == 200


async def test_what_issuers_there_are_is_said(
    door: Door, issuer: LocalIssuer, accepting: None
) -> None:
    items = (await door.get("/v1/auth/issuers")).json()["items"]
    assert items == [{"name": "local", "issuer": issuer.url, "audiences": ["app", "app-web"]}]
    answer = await door.post(LOGIN, {"issuer": "other", "id_token": "x"})
    assert (answer.status_code, answer.json()["code"]) == (422, "gateway.issuer_unknown")
    assert "local" in answer.json()["detail"]
