"""Business flows under attack: keys of others, twins, races and guessing (OWASP API2, API6).

Checks 9, 12, 13, 22 and 23 of docs/security.md.
"""

import asyncio
import os
from collections import Counter
from uuid import uuid4

import pytest

from tests.security.world import PASSWORD, Person, World

AT_ONCE = int(os.environ.get("AT_ONCE", "60"))
"""How many ask for one thing at once. AT_ONCE=200 asks for a machine of its own."""
TICKET = {"subject": "Where is my tea?", "text": "It is late."}


async def test_a_key_of_somebody_else_shows_nothing_of_theirs(
    world: World, ada: Person, eve: Person
) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    first = await world.post("/v1/tickets", TICKET, ada, **headers)
    second = await world.post("/v1/tickets", TICKET, eve, **headers)
    assert first.status_code == second.status_code == 201
    assert first.json()["ticket_id"] != second.json()["ticket_id"]
    assert "idempotent-replayed" not in second.headers
    assert not [mark for mark in ada.marks if mark in second.text]


async def test_a_key_is_good_for_one_request(world: World, ada: Person) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    await world.post("/v1/tickets", TICKET, ada, **headers)
    changed = await world.post("/v1/tickets", {**TICKET, "text": "Other"}, ada, **headers)
    assert (changed.status_code, changed.json()["code"]) == (422, "idempotency_key_reused")


async def test_fifty_at_once_under_one_key_are_one(world: World, ada: Person) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    answers = await asyncio.gather(
        *(world.post("/v1/tickets", TICKET, ada, **headers) for _ in range(50))
    )
    made = {answer.json()["ticket_id"] for answer in answers if answer.status_code == 201}
    assert len(made) == 1
    assert {answer.status_code for answer in answers} <= {201, 409, 503}
    listed = await world.call("GET", "/v1/tickets?limit=200", ada)
    assert sum(item["ticket_id"] in made for item in listed.json()["items"]) == 1


async def test_a_reward_for_each_member_once_is_had_once_however_often_it_is_asked_for(
    world: World,
) -> None:
    """Redemptions at once under keys of their own, of a reward limited to one."""
    member = await world.member("greedy")
    body = {"name": {"en": "Tea"}, "description": {"en": "Green"}, "points": 1, "member_limit": 1}
    reward = (await world.made("/v1/rewards", body, world.people["marketer"]))["reward_id"]
    answers = await asyncio.gather(
        *(world.post(f"/v1/rewards/{reward}/redemptions", None, member) for _ in range(AT_ONCE))
    )
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses[201] == 1, statuses
    assert statuses.keys() <= {201, 409, 429, 503}


async def test_a_check_in_counts_once_a_day_however_often_it_is_asked_for(world: World) -> None:
    member = await world.member("early")
    answers = await asyncio.gather(*(world.post("/v1/checkins", None, member) for _ in range(50)))
    assert sum(answer.status_code == 201 for answer in answers) == 1


async def test_a_code_is_claimed_once_whoever_asks_at_once(world: World) -> None:
    """A receipt's code, wanted by its finder on many phones at once, is paid once."""
    member, code = await world.member("finder"), f"RECEIPT-{uuid4()}"
    path = await _claimable(world, code)
    answers = await asyncio.gather(
        *(world.post("/v1/points/codes", {"code": code}, member) for _ in range(AT_ONCE))
    )
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses[201] == 1, statuses
    assert statuses.keys() <= {201, 409, 503}
    [made] = [answer.json() for answer in answers if answer.status_code == 201]
    [claimed] = (await world.call("GET", path, world.people["agent"])).json()["items"]
    assert (claimed["claim_id"], claimed["member_id"]) == (made["claim_id"], member.id)
    history = (await world.call("GET", "/v1/points/history", member)).json()["items"]
    assert [entry["points"] for entry in history if entry["source_id"] == made["claim_id"]] == [50]


async def test_a_code_to_claim_cannot_be_guessed_by_trying(world: World) -> None:
    """Not beside one another either, nor on an order; the right one then comes too late."""
    member, code = await world.member("guesser"), f"POSTER-{uuid4()}"
    await _claimable(world, code)
    usual = await world.call("PUT", "/v1/loyalty/velocity-limits", world.people["admin"], json={})
    assert usual.json()["hourly_wrong_codes"] == 10, "whatever another test has set"
    answers = await asyncio.gather(
        *(world.post("/v1/points/codes", {"code": f"GUESS-{n}"}, member) for n in range(AT_ONCE))
    )
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses[404] <= 10, statuses
    assert statuses.keys() <= {404, 429, 503}
    right = await world.post("/v1/points/codes", {"code": code}, member)
    assert (right.status_code, right.json()["code"]) == (429, "loyalty.too_many_wrong_codes")
    assert 1 <= int(right.headers["retry-after"]) <= 3_601
    basket = {"amount_minor": 1, "currency": "CNY", "codes": [code, "GUESS-0"]}
    tried = await world.post("/v1/coupons/validations", basket, member)
    assert (tried.status_code, tried.json()["code"]) == (429, "loyalty.too_many_wrong_codes")


async def _claimable(world: World, code: str) -> str:
    """Let a code give 50 points; where staff see who claimed it."""
    marketer, text = world.people["marketer"], {"en": "Tea"}
    terms = {"kind": "claim", "key": code.lower(), "prize": {"points": 50}}
    series = {"name": text, "description": text, **terms}
    made = await world.made("/v1/coupons/series", series, marketer)
    path = f"/v1/coupons/series/{made['series_id']}"
    await world.made(f"{path}/coupons", {"code": code}, marketer)
    return f"{path}/claims"


async def test_a_password_cannot_be_guessed_by_trying(world: World) -> None:
    """From ever other addresses: the account itself is closed to guesses, the right one too."""
    member = await world.member("guessed")
    for _ in range(20):
        answer = await world.post(
            "/v1/auth/login", {"email": member.email, "password": "guess me 1"}
        )
        if answer.status_code == 429:
            break
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1
    right = await world.post("/v1/auth/login", {"email": member.email, "password": PASSWORD})
    assert right.status_code == 429


async def test_one_address_cannot_try_many_accounts(world: World) -> None:
    address = {"X-Forwarded-For": world.address()}
    for _ in range(200):
        answer = await world.post("/v1/auth/login", {}, **address)
        if answer.status_code == 429:
            break
    assert answer.status_code == 429


async def test_what_a_caller_writes_before_the_proxys_address_does_not_make_them_another(
    world: World,
) -> None:
    address = world.address()
    for number in range(200):
        forwarded = {"X-Forwarded-For": f"203.0.113.{number}, {address}"}
        answer = await world.post("/v1/auth/login", {}, **forwarded)
        if answer.status_code == 429:
            break
    assert answer.status_code == 429


async def test_unknown_and_known_accounts_are_answered_alike(world: World, ada: Person) -> None:
    answers = [
        await world.post("/v1/auth/login", {"email": email, "password": "wrong horse battery"})
        for email in (ada.email, f"nobody.{uuid4().hex}@members.example")
    ]
    assert answers[0].status_code == answers[1].status_code == 401
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize("purpose", ["sign_in", "reset_password"])
async def test_a_code_can_be_tried_five_times_and_no_more(
    world: World, ada: Person, purpose: str
) -> None:
    email = f"codes.{uuid4().hex}@members.example"
    sent = await world.post("/v1/auth/codes", {"email": email, "purpose": purpose})
    assert sent.status_code == 202, sent.text
    way = "/v1/auth/login/code" if purpose == "sign_in" else "/v1/auth/password/reset"
    more = {} if purpose == "sign_in" else {"new_password": PASSWORD}
    said = set()
    for number in range(8):
        body = {"code_id": sent.json()["code_id"], "code": f"{number:06d}", **more}
        answer = await world.post(way, body)
        assert answer.status_code in {401, 429}, answer.text
        said.add(answer.json()["code"])
    assert said <= {"gateway.code_refused", "too_many_requests"}


async def test_codes_to_one_address_are_throttled_and_tell_nothing(
    world: World, ada: Person
) -> None:
    """Whether there is an account shows in neither answer nor status."""
    answers = []
    for email in (f"x.{uuid4().hex}@members.example", (await world.member("coded")).email):
        statuses = []
        for _ in range(12):
            answer = await world.post(
                "/v1/auth/codes", {"email": email, "purpose": "reset_password"}
            )
            statuses.append(answer.status_code)
        answers.append(statuses)
    assert answers[0] == answers[1]
    assert set(answers[0]) == {202, 429}
