"""What every service gives without asking."""

from uuid import uuid4

import pytest

from kit.app import Runtime
from kit.requests import Requests
from kit.testing import Harness, analyst, backend, member, token_of


async def test_a_healthy_service_says_so(harness: Harness) -> None:
    async with harness.client() as client:
        answer = await client.get("/healthz")
    assert answer.json() == {"status": "ok", "service": "notes"}


async def test_a_service_without_nats_is_alive_but_not_ready(harness: Harness) -> None:
    async with harness.client() as client:
        answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["nats"] == "not connected"
    assert answer.json()["checks"]["database"] == "ok"


async def test_metrics_label_the_template_and_never_the_path(harness: Harness) -> None:
    async with harness.client(member()) as client:
        await client.get(f"/v1/notes/{uuid4()}")
        text = (await client.get("/metrics")).text
        await client.request("BREW", "/v1/notes")
        methods = (await client.get("/metrics")).text
    assert 'method="OTHER"' in methods
    assert "BREW" not in methods
    assert 'route="/v1/notes/{note_id}"' in text
    assert "/v1/notes/0" not in text


async def test_a_bug_is_a_plain_500_that_tells_nothing(harness: Harness) -> None:
    async with harness.client(member()) as client:
        answer = await client.get("/v1/broken")
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    assert "4711" not in answer.text


async def test_a_well_formed_request_id_is_kept_and_a_bad_one_replaced(harness: Harness) -> None:
    async with harness.client() as client:
        kept = await client.get("/v1/audit", headers={"X-Request-Id": "abcdefgh-123"})
        replaced = await client.get("/v1/audit", headers={"X-Request-Id": "a b\tc"})
    assert kept.headers["x-request-id"] == "abcdefgh-123"
    assert len(replaced.headers["x-request-id"]) == 36


async def test_the_deadline_of_the_caller_is_kept(harness: Harness) -> None:
    async with harness.client(member()) as client:
        answer = await client.get("/v1/slow", headers={"X-Deadline-Ms": "50"})
    assert (answer.status_code, answer.json()["code"]) == (504, "deadline_passed")


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        (None, 10.0),
        ("50", 0.05),
        ("300000", 300.0),
        ("999999", 600.0),
        ("9" * 40, 10.0),
        ("-5", 10.0),
        ("x", 10.0),
    ],
)
def test_the_deadline_is_the_one_brought_however_long_an_upload_takes(
    harness: Harness, given: str | None, seconds: float
) -> None:
    layer = Requests(harness.app, "notes", timeout_ms=10_000, in_flight=harness.runtime.in_flight)
    headers = [(b"x-deadline-ms", given.encode())] if given else []
    assert layer._timeout_s({"headers": headers}) == seconds


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed"),
        (b"[]", 422, "invalid"),
        (b'{"text": 5}', 422, "invalid"),
        (b'{"text": ""}', 422, "invalid"),
        (b'{"text": "a", "colour": "red"}', 422, "invalid"),
        (b'{"text": "a\\u0000b"}', 422, "invalid"),
    ],
)
async def test_a_bad_body_is_refused_by_name(
    harness: Harness, body: bytes, status: int, code: str
) -> None:
    async with harness.client(member()) as client:
        answer = await client.post(
            "/v1/notes", content=body, headers={"Content-Type": "application/json"}
        )
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_wrong_field_is_named(harness: Harness) -> None:
    async with harness.client(member()) as client:
        answer = await client.post("/v1/notes", json={"text": "a", "colour": "red"})
    assert answer.json()["errors"][0]["field"] == "colour"


async def test_what_is_absent_is_a_problem_too(harness: Harness) -> None:
    async with harness.client(member()) as client:
        for path in ("/v1/nothing", f"/v1/notes/{uuid4()}"):
            answer = await client.get(path)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_wrong_path_or_method_is_told_what_would_be_right(harness: Harness) -> None:
    async with harness.client(member()) as client:
        lost = await client.get("/v1/nothing")
        wrong = await client.delete("/v1/notes")
    assert "/docs shows what there is" in lost.json()["detail"]
    assert (wrong.status_code, wrong.json()["detail"]) == (405, "This path takes POST.")


async def test_an_answer_the_caller_has_is_not_sent_again(harness: Harness) -> None:
    async with harness.client(member()) as client:
        note = (await client.post("/v1/notes", json={"text": "a"})).json()
        first = await client.get(f"/v1/notes/{note['id']}")
        again = await client.get(
            f"/v1/notes/{note['id']}", headers={"If-None-Match": first.headers["etag"]}
        )
    assert (again.status_code, again.content) == (304, b"")


async def test_pages_follow_one_another_without_gap_or_repeat(harness: Harness) -> None:
    async with harness.client(member()) as client:
        for n in range(5):
            await client.post("/v1/notes", json={"text": str(n)})
        seen, cursor = [], None
        for size in (2, 2, 1):
            query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
            page = (await client.get("/v1/notes", params=query)).json()
            assert len(page["items"]) == size
            seen += [note["text"] for note in page["items"]]
            cursor = page["next_cursor"]
    assert (seen, cursor) == (["0", "1", "2", "3", "4"], None)


@pytest.mark.parametrize("cursor", ["x", "AAAA", "WyJhIl0", "'; DROP TABLE notes"])
async def test_a_made_up_cursor_is_refused(harness: Harness, cursor: str) -> None:
    async with harness.client(member()) as client:
        answer = await client.get("/v1/notes", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor")


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "somebody"},
        {"aud": "loyalty"},
        {"exp": 1},
        {"iat": 99999999999},
        {"role": "emperor"},
        {"sub": 7},
    ],
    ids=["issuer", "audience", "expired", "from the future", "unknown role", "no subject"],
)
async def test_a_token_with_a_wrong_claim_is_refused(harness: Harness, claims: dict) -> None:
    token = token_of(member(), "notes", **claims)
    async with harness.client(Authorization=f"Bearer {token}") as client:
        answer = await client.get("/v1/notes")
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_roles_and_scopes_open_what_they_name(harness: Harness) -> None:
    allowed = [analyst(), backend("notes:read")]
    refused = [member(), backend("notes:write"), backend()]
    for callers, status in ((allowed, 200), (refused, 403), ([None], 401)):
        for caller in callers:
            async with harness.client(caller) as client:
                assert (await client.get("/v1/audit")).status_code == status


def test_a_part_that_was_ready_takes_requests_while_nats_is_away(harness: Harness) -> None:
    runtime = Runtime(harness.service, harness.settings)
    whole = {"database": "ok", "nats": "ok", "consumers": "ok"}
    without_nats = whole | {"nats": "not connected", "consumers": "not attached to EVT_GREETER"}
    asked = [without_nats, whole, without_nats, whole | {"database": "unreachable"}]
    assert [runtime.takes_requests(checks) for checks in asked] == [False, True, True, False]
