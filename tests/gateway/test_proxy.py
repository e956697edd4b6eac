"""What passes through the edge, what is stripped from it, and what is refused at it."""

import asyncio

import pytest

from gateway.limits import Quota
from gateway.routes import MEMBERS, Route, Worth
from kit.testing import admin, backend, member
from tests.gateway.edge import Edge, Service, answering, never

WALLET = "/v1/wallet"


@pytest.fixture
def loyalty() -> Service:
    return Service()


@pytest.fixture
def edge(loyalty: Service) -> Edge:
    return Edge({"loyalty": loyalty, "feedback": loyalty, "gateway": loyalty})


async def test_method_path_query_and_body_arrive_unchanged(edge: Edge, loyalty: Service) -> None:
    path = "/v1/rewards/%E7%A7%AF/redemptions"
    reply = await edge.ask("POST", path, member(), query="a=%20b&c", pieces=[b'{"x":', b"1}"])
    asked = loyalty.asked[-1]
    assert reply.json == {"ok": True}
    assert (asked["method"], asked["raw_path"]) == ("POST", path.encode())
    assert asked["query_string"] == b"a=%20b&c"
    assert loyalty.bodies == [b'{"x":1}']


async def test_the_service_hears_who_calls_by_an_internal_token(
    edge: Edge, loyalty: Service
) -> None:
    caller = member()
    await edge.ask("GET", WALLET, caller)
    claims = edge.caller_in(loyalty.headers, "loyalty")
    assert (claims["sub"], claims["role"]) == (caller.subject, "member")
    assert loyalty.headers["authorization"] != edge.bearer(caller)["Authorization"]


@pytest.mark.parametrize(
    "name",
    [
        "X-User-Id",
        "x_user_id",
        "X-USER-ID",
        "X-Member-Id",
        "X-Forwarded-User",
        "X-Role",
        "x-internal-token",
        "X-Api-Key-Id",
        "Forwarded",
        "X-Real-IP",
        "X-Original-URL",
        "X-Rewrite-URL",
        "X-HTTP-Method-Override",
        "Proxy-Authorization",
        "Cookie",
        "Connection",
        "Keep-Alive",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
        "Expect",
        "Authorization_",
        "Host",
    ],
)
@pytest.mark.parametrize("path", [WALLET, "/v1/faq", "/v1/auth/login"])
async def test_no_header_but_known_ones_reaches_a_service(
    edge: Edge, loyalty: Service, name: str, path: str
) -> None:
    theirs = "00000000-0000-7000-8000-000000000001"
    await edge.ask("GET", path, member(), headers={name: theirs})
    assert theirs not in loyalty.headers.get(name.lower(), "")


async def test_useful_headers_reach_a_service(edge: Edge, loyalty: Service) -> None:
    useful = {
        "accept-language": "ru",
        "content-type": "application/json",
        "idempotency-key": "k-1",
        "if-none-match": '"a"',
        "traceparent": "00-1-2-01",
        "user-agent": "shop/4.2",
    }
    await edge.ask("GET", WALLET, member(), headers=useful)
    assert loyalty.headers.items() >= useful.items()


async def test_the_answer_keeps_its_headers_but_not_those_of_the_connection() -> None:
    headers = [
        (b"etag", b'"1"'),
        (b"set-cookie", b"a=1"),
        (b"set-cookie", b"b=2"),
        (b"server", b"x"),
        (b"connection", b"close"),
        (b"x-request-id", b"theirs-not-ours"),
    ]
    edge = Edge({"loyalty": Service(answering({}, 201, *headers))})
    reply = await edge.ask("GET", WALLET, member())
    assert reply.status == 201
    assert reply.headers["etag"] == '"1"'
    assert "connection" not in reply.headers
    assert reply.headers["server"] == "rapport"
    assert reply.headers["x-request-id"] != "theirs-not-ours"
    assert reply.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        pytest.param("0198f6c2-ab", True, id="well-formed"),
        pytest.param("short", False, id="too short"),
        pytest.param("a" * 129, False, id="too long"),
        pytest.param('abc"}\n{"evil', False, id="something for the log"),
        pytest.param("", False, id="empty"),
    ],
)
async def test_the_request_id_is_kept_or_made(
    edge: Edge, loyalty: Service, given: str, *, kept: bool
) -> None:
    reply = await edge.ask("GET", WALLET, member(), headers={"X-Request-Id": given})
    request_id = reply.headers["x-request-id"]
    assert (request_id == given) is kept
    assert loyalty.headers["x-request-id"] == request_id


@pytest.mark.parametrize(
    ("path", "given", "passed_on"),
    [
        (WALLET, "500", "500"),
        (WALLET, "999999", "5000"),
        ("/v1/rewards", "999999", "10000"),
        ("/v1/rewards", "-1", "10000"),
        ("/v1/rewards", "x", "10000"),
        ("/v1/rewards", "9" * 5000, "10000"),
    ],
)
async def test_the_soonest_deadline_is_passed_on(
    edge: Edge, loyalty: Service, path: str, given: str, passed_on: str
) -> None:
    await edge.ask("GET", path, member(), headers={"X-Deadline-Ms": given})
    assert loyalty.headers["x-deadline-ms"] == passed_on


@pytest.mark.parametrize(
    ("proxies", "forwarded_for", "address"),
    [
        pytest.param(0, "198.51.100.1", "203.0.113.9", id="nobody is trusted: the peer"),
        pytest.param(1, "198.51.100.1", "198.51.100.1", id="one proxy: whom it saw"),
        pytest.param(
            1, "6.6.6.6, 198.51.100.1", "198.51.100.1", id="one proxy: not what it was told"
        ),
        pytest.param(2, "6.6.6.6, 198.51.100.1, 10.0.0.1", "198.51.100.1", id="two proxies"),
        pytest.param(1, "", "203.0.113.9", id="a proxy that says nothing"),
    ],
)
async def test_the_address_is_the_one_a_trusted_proxy_saw(
    loyalty: Service, proxies: int, forwarded_for: str, address: str
) -> None:
    edge = Edge({"loyalty": loyalty}, trusted_proxies=proxies)
    await edge.ask("GET", WALLET, member(), headers={"X-Forwarded-For": forwarded_for})
    assert loyalty.headers["x-forwarded-for"] == address


async def test_a_list_of_addresses_in_several_lines_is_one_list(loyalty: Service) -> None:
    edge = Edge({"loyalty": loyalty}, trusted_proxies=2)
    lines = [("X-Forwarded-For", "6.6.6.6, 198.51.100.1"), ("X-Forwarded-For", "10.0.0.1")]
    await edge.ask("GET", WALLET, headers=[*lines, *edge.bearer(member()).items()])
    assert loyalty.headers["x-forwarded-for"] == "198.51.100.1"


@pytest.mark.parametrize(
    ("path", "caller", "status", "code"),
    [
        pytest.param("/metrics", None, 404, "gateway.no_such_path", id="a path that is not public"),
        pytest.param("/v1/./wallet", member(), 404, "gateway.no_such_path", id="a path trick"),
        pytest.param(WALLET, None, 401, "unauthenticated", id="nobody where a member is asked for"),
        pytest.param(WALLET, admin(), 403, "forbidden", id="staff where a member is asked for"),
        pytest.param(
            "/v1/reports/satisfaction", member(), 403, "forbidden", id="a member where staff are"
        ),
        pytest.param("/v1/members", member(), 403, "forbidden", id="a member in the back office"),
        pytest.param(
            "/v1/staff", backend("orders:write"), 403, "forbidden", id="a backend among staff"
        ),
    ],
)
async def test_who_may_not_call_is_refused_at_the_edge(
    edge: Edge, loyalty: Service, path, caller, status, code
) -> None:
    reply = await edge.ask("GET", path, caller)
    assert (reply.status, reply.json["code"]) == (status, code)
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json.keys() >= {"type", "title", "status", "detail", "code"}
    assert "x-request-id" in reply.headers
    assert loyalty.asked == []


async def test_a_bad_token_is_refused_where_none_is_needed(edge: Edge, loyalty: Service) -> None:
    bad = {"Authorization": "Bearer x.y.z"}
    assert (await edge.ask("GET", "/v1/faq", headers=bad)).status == 401
    assert (await edge.ask("GET", "/v1/faq")).status == 200


async def test_a_bad_token_does_not_bar_the_way_to_a_new_one(edge: Edge, loyalty: Service) -> None:
    bad = {"Authorization": "Bearer x.y.z"}
    assert (await edge.ask("POST", "/v1/auth/refresh", headers=bad)).status == 200
    assert "authorization" not in loyalty.headers


async def test_a_body_at_the_limit_passes_and_one_byte_more_does_not(loyalty: Service) -> None:
    edge = Edge({"loyalty": loyalty}, body_limit_bytes=2_000)
    at_limit = await edge.ask("POST", "/v1/checkins", member(), pieces=[b"x" * 1_000] * 2)
    over = await edge.ask("POST", "/v1/checkins", member(), pieces=[b"x" * 1_000] * 2 + [b"x"])
    said = await edge.ask("POST", "/v1/checkins", member(), headers={"Content-Length": "9000000"})
    assert [at_limit.status, over.status, said.status] == [200, 413, 413]
    assert over.json["code"] == "too_large"
    assert len(loyalty.asked) == 1


async def test_an_upload_is_streamed_and_cut_off_at_its_own_limit(loyalty: Service) -> None:
    edge = Edge({"feedback": loyalty}, body_limit_bytes=1_024, upload_limit_bytes=5_000)
    path = "/v1/tickets/1/attachments"
    assert (await edge.ask("POST", path, member(), pieces=[b"x" * 1_000] * 5)).status == 200
    assert (await edge.ask("POST", path, member(), pieces=[b"x" * 1_000] * 6)).status == 413
    assert [len(body) for body in loyalty.bodies] == [5_000]


async def test_what_is_over_the_limit_is_refused_with_headers_that_say_when_to_return(
    loyalty: Service,
) -> None:
    edge = Edge({"loyalty": loyalty}, quotas={"read": Quota(2, 60)})
    caller = member()
    replies = [await edge.ask("GET", WALLET, caller) for _ in range(3)]
    other = await edge.ask("GET", WALLET, member())
    assert [reply.status for reply in (*replies, other)] == [200, 200, 429, 200]
    assert replies[0].headers["ratelimit-policy"] == '"read";q=2;w=60'
    assert replies[0].headers["ratelimit"] == '"read";r=1;t=30'
    assert replies[2].json["code"] == "too_many_requests"
    assert 1 <= int(replies[2].headers["retry-after"]) <= 30
    assert len(loyalty.asked) == 3


async def test_members_stay_signed_in_however_many_share_their_address(loyalty: Service) -> None:
    edge = Edge({"gateway": loyalty}, {"sign-in": Quota(2, 600)})
    tried = [(await edge.ask("POST", "/v1/auth/login")).status for _ in range(3)]
    stayed = [(await edge.ask("POST", "/v1/auth/refresh")).status for _ in range(100)]
    assert (tried, set(stayed)) == ([200, 200, 429], {200})


async def test_bad_tokens_count_against_the_address_that_sends_them(loyalty: Service) -> None:
    edge = Edge({"loyalty": loyalty}, quotas={"read": Quota(2, 60)})
    bad = {"Authorization": "Bearer x.y.z"}
    replies = [await edge.ask("GET", WALLET, headers=bad) for _ in range(3)]
    assert [reply.status for reply in replies] == [401, 401, 429]


async def test_a_bug_in_a_service_is_a_problem_and_says_nothing_of_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def broken(_scope, _receive, _send) -> None:
        raise KeyError("secret detail")

    reply = await Edge({"loyalty": Service(broken)}).ask("GET", WALLET, member())
    assert (reply.status, reply.json["code"]) == (500, "internal_error")
    assert b"secret" not in reply.body
    assert "secret detail" in caplog.text


async def test_an_answer_that_breaks_off_is_not_made_to_look_whole() -> None:
    async def broken(_scope, _receive, send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError):
        await Edge({"loyalty": Service(broken)}).ask("GET", WALLET, member())


async def test_a_web_socket_is_closed_politely(edge: Edge) -> None:
    sent = []

    async def send(message) -> None:
        sent.append(message)

    await edge.proxy({"type": "websocket", "path": WALLET}, never, send)
    assert [message["type"] for message in sent] == ["websocket.close"]


async def test_one_caller_never_gets_the_token_of_another(loyalty: Service) -> None:
    async def who(scope, _receive, send) -> None:
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        await answering(edge.caller_in(headers, "loyalty")["sub"])(scope, _receive, send)

    edge = Edge({"loyalty": Service(who)}, routes=[Route(WALLET, "loyalty", MEMBERS)])
    callers = [member() for _ in range(50)]
    replies = await asyncio.gather(*(edge.ask("GET", WALLET, caller) for caller in callers * 4))
    assert [reply.json for reply in replies] == [caller.subject for caller in callers * 4]


@pytest.mark.parametrize("hosts", [[], ["a", "b"], [""], ["a@b"], ["a/../b"], ["a b"], ["[::1"]])
async def test_a_request_names_one_well_formed_host(edge: Edge, hosts: list[str]) -> None:
    headers = [("Host", host) for host in hosts]
    reply = await edge.ask("GET", WALLET, member(), headers=headers, http_version="1.1")
    assert (reply.status, reply.json["code"]) == (400, "gateway.bad_host")


@pytest.mark.parametrize("host", ["shop.example", "shop_1:8080", "127.0.0.1:80", "[::1]:8080"])
async def test_a_host_may_be_a_name_or_an_address(edge: Edge, host: str) -> None:
    headers = {"Host": host}
    reply = await edge.ask("GET", WALLET, member(), headers=headers, http_version="1.1")
    assert reply.status == 200


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "get", "G" * 90])
async def test_no_part_hears_of_a_method_it_does_not_know(
    edge: Edge, loyalty: Service, method: str
) -> None:
    """Each would have metrics of its own, for ever."""
    reply = await edge.ask(method, "/v1/tiers", member())
    assert (reply.status, reply.json["code"]) == (405, "gateway.method_unknown")
    assert "PATCH" in reply.headers["allow"]
    assert not loyalty.asked


async def test_a_target_longer_than_anything_here_needs_is_refused(edge: Edge) -> None:
    reply = await edge.ask("GET", WALLET, member(), query="a=1&" * 10_000)
    assert (reply.status, reply.json["code"]) == (414, "gateway.target_too_long")


async def test_browsers_are_told_to_insist_on_https_unless_the_operator_says_no() -> None:
    said = [
        (await Edge({}, hsts_s=seconds).ask("GET", "/nothing")).headers.get(
            "strict-transport-security"
        )
        for seconds in (60, 0)
    ]
    assert said == ["max-age=60", None]


async def test_the_hop_is_told_what_a_request_is_worth_and_whose_it_is(
    edge: Edge, loyalty: Service
) -> None:
    caller = member()
    await edge.ask("GET", WALLET, caller)
    assert (loyalty.asked[-1]["worth"], loyalty.asked[-1]["person"]) == (
        Worth.INTERACTIVE,
        caller.subject,
    )
    await edge.ask("GET", "/v1/redemptions", backend("rewards:read"))
    assert (loyalty.asked[-1]["worth"], loyalty.asked[-1]["person"]) == (Worth.SYNC, None)


async def test_a_members_devices_are_counted_together_or_apart(loyalty: Service) -> None:
    edge = Edge({"loyalty": loyalty}, quotas={"read": Quota(1, 60)})
    phone = member()
    tablet = phone.model_copy(update={"session_id": "another"})
    together = [(await edge.ask("GET", WALLET, device)).status for device in (phone, tablet)]
    edge.conditions.by_device = frozenset({"read"})
    apart = [(await edge.ask("GET", WALLET, device)).status for device in (phone, tablet, phone)]
    assert (together, apart) == ([200, 429], [200, 200, 429])
