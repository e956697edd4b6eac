"""Who may come in at all: web pages on an exact list, addresses that are not barred."""

import pytest

from gateway.address_lists import AddressLists, networks_of
from gateway.cors import origins_of
from kit.testing import member
from tests.gateway.edge import Edge, Service

WALLET = "/v1/wallet"
PAGE = "https://app.example.com"
PREFLIGHT = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "x"}


@pytest.fixture
def loyalty() -> Service:
    return Service()


@pytest.fixture
def edge(loyalty: Service) -> Edge:
    made = Edge({"loyalty": loyalty, "gateway": loyalty})
    made.conditions.origins = origins_of([PAGE])
    return made


async def test_a_page_on_the_list_may_ask_and_read(edge: Edge, loyalty: Service) -> None:
    asked = await edge.ask("OPTIONS", WALLET, headers={"Origin": PAGE, **PREFLIGHT})
    assert asked.status == 204
    assert asked.headers["access-control-allow-origin"] == PAGE
    assert "Idempotency-Key" in asked.headers["access-control-allow-headers"]
    assert "PATCH" in asked.headers["access-control-allow-methods"]
    assert not loyalty.asked, "asking whether one may ask is no request"
    reply = await edge.ask("GET", WALLET, member(), headers={"Origin": PAGE})
    assert reply.headers["access-control-allow-origin"] == PAGE
    assert "RateLimit" in reply.headers["access-control-expose-headers"]
    assert "access-control-allow-credentials" not in reply.headers


async def test_a_page_may_read_refusals_too(edge: Edge) -> None:
    reply = await edge.ask("GET", WALLET, headers={"Origin": PAGE})
    assert (reply.status, reply.headers["access-control-allow-origin"]) == (401, PAGE)


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "https://app.example.com.evil.example",
        "https://evilapp.example.com",
        "http://app.example.com",
        "https://app.example.com:8443",
        "null",
        "*",
        "",
    ],
)
async def test_other_pages_may_neither_ask_nor_read(edge: Edge, origin: str) -> None:
    asked = await edge.ask("OPTIONS", WALLET, headers={"Origin": origin, **PREFLIGHT})
    reply = await edge.ask("GET", WALLET, member(), headers={"Origin": origin})
    assert asked.status == 403
    assert reply.status == 200
    for answer in (asked, reply):
        assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    "text", ["*", "https://a.example/", "a.example", "https://", "ftp://a", "https://u@a.example"]
)
def test_what_is_no_origin_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="an origin is"):
        origins_of([text])


@pytest.mark.parametrize(
    ("allow", "deny", "address", "barred"),
    [
        ([], ["203.0.113.0/24"], "203.0.113.9", True),
        ([], ["203.0.113.0/24"], "203.0.114.9", False),
        ([], ["2001:db8::/32"], "2001:db8:1::5", True),
        ([], ["203.0.113.9"], "::ffff:203.0.113.9", True),
        (["10.0.0.0/8"], [], "10.1.2.3", False),
        (["10.0.0.0/8"], [], "203.0.113.9", True),
        (["10.0.0.0/8"], ["10.1.0.0/16"], "10.1.2.3", True),
        (["10.0.0.0/8"], [], "not an address", True),
        ([], ["10.0.0.0/8"], "not an address", False),
        ([], ["fe80::/10"], "fe80::1%eth0", True),
    ],
)
def test_lists_of_addresses(allow, deny, address: str, *, barred: bool) -> None:
    addresses = AddressLists(networks_of(allow) or None, networks_of(deny))
    assert [addresses.bars(address), addresses.bars(address)] == [barred, barred]


async def test_who_is_barred_gets_no_further_than_health(edge: Edge, loyalty: Service) -> None:
    edge.conditions.addresses = AddressLists(None, networks_of(["203.0.113.0/24"]))
    reply = await edge.ask("GET", WALLET, member())
    assert (reply.status, reply.json["code"]) == (403, "gateway.address_barred")
    assert not loyalty.asked
    assert (await edge.ask("GET", WALLET, member(), peer="198.51.100.1")).status == 200
    assert (await edge.ask("GET", "/healthz")).status == 200
