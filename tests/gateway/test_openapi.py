"""The merged document says what can be reached, by whom, and how it refuses."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import orjson
import pytest
from fastapi import FastAPI
from pydantic import BaseModel

from gateway.docs import Docs
from gateway.examples import ID
from gateway.openapi import Merged, merge
from gateway.routes import ROUTES, Table
from kit.app import Router
from kit.tasks import end
from kit.testing import until
from tests.gateway.edge import Service, answering, ask, never

TABLE = Table()


def part(*paths: str, **schemas: dict) -> dict:
    reference = {"$ref": "#/components/schemas/Item"}
    operation = {
        "tags": ["Things"],
        "responses": {
            "200": {"content": {"application/json": {"schema": reference}}},
            "422": {
                "content": {
                    "application/json": {
                        "schema": {"$ref": "#/components/schemas/HTTPValidationError"}
                    }
                }
            },
        },
    }
    return {
        "paths": {path: {"get": operation} for path in paths},
        "components": {
            "schemas": {"Item": {"type": "string"}, "HTTPValidationError": {}} | schemas
        },
    }


def reference_in(document: dict, path: str) -> str:
    answer = document["paths"][path]["get"]["responses"]["200"]
    return answer["content"]["application/json"]["schema"]["$ref"]


def test_only_what_the_table_leads_to_is_described() -> None:
    document = merge({"loyalty": part("/v1/wallet", "/metrics", "/v1/inbox", "/v1/secret")}, TABLE)
    assert list(document["paths"]) == ["/v1/stream", "/v1/stream/ws", "/v1/wallet"]


def test_same_names_for_different_things_are_told_apart() -> None:
    document = merge(
        {"loyalty": part("/v1/wallet"), "notify": part("/v1/inbox", Item={"type": "integer"})},
        TABLE,
    )
    assert reference_in(document, "/v1/wallet") == "#/components/schemas/Item"
    assert reference_in(document, "/v1/inbox") == "#/components/schemas/NotifyItem"
    assert document["components"]["schemas"]["NotifyItem"] == {"type": "integer"}


def test_what_refers_to_a_renamed_thing_is_renamed_with_it() -> None:
    page = {"type": "array", "items": {"$ref": "#/components/schemas/Item"}}
    document = merge(
        {
            "loyalty": part("/v1/wallet", Page_Item_=page),
            "notify": part("/v1/inbox", Item={"type": "integer"}, Page_Item_=page),
        },
        TABLE,
    )
    items = document["components"]["schemas"]["NotifyPage_Item_"]["items"]
    assert items == {"$ref": "#/components/schemas/NotifyItem"}


def test_same_names_for_the_same_thing_stay_one() -> None:
    document = merge({"loyalty": part("/v1/wallet"), "notify": part("/v1/inbox")}, TABLE)
    assert set(document["components"]["schemas"]) == {"Item", "Problem"}


def test_every_reference_leads_somewhere() -> None:
    document = merge({"loyalty": part("/v1/wallet"), "notify": part("/v1/inbox")}, TABLE)
    text = orjson.dumps(document).decode()
    named = {piece.split('"')[0] for piece in text.split("#/components/schemas/")[1:]}
    assert named <= document["components"]["schemas"].keys()


def test_refusals_are_problems() -> None:
    operation = merge({"loyalty": part("/v1/wallet")}, TABLE)["paths"]["/v1/wallet"]["get"]
    assert list(operation["responses"]) == ["200", "default"]
    assert list(operation["responses"]["default"]["content"]) == ["application/problem+json"]


@pytest.mark.parametrize(
    ("service", "path", "security", "roles"),
    [
        ("loyalty", "/v1/wallet", [{"access_token": []}], ["member"]),
        ("feedback", "/v1/faq", [{}, {"access_token": []}], []),
        ("gateway", "/v1/auth/login", [{}, {"access_token": []}], []),
        ("gateway", "/v1/auth/refresh", [], []),
        (
            "profile",
            "/v1/batch",
            [{"access_token": []}, {"api_key": []}, {"write_key": []}],
            ["admin", "agent", "analyst", "marketer", "member", "service"],
        ),
    ],
)
def test_an_operation_says_who_may_call_it(service, path, security, roles) -> None:
    operation = merge({service: part(path)}, TABLE)["paths"][path]["get"]
    assert operation["security"] == security
    assert operation["x-roles"] == roles


def test_a_part_may_say_more_exactly_who_may_call() -> None:
    exact = part("/v1/tickets")
    exact["paths"]["/v1/tickets"]["get"]["x-roles"] = ["agent"]
    operation = merge({"feedback": exact}, TABLE)["paths"]["/v1/tickets"]["get"]
    assert (operation["x-roles"], operation["security"]) == (["agent"], [{"access_token": []}])


def test_an_operation_that_asks_for_a_role_asks_for_credentials_on_an_open_path_too() -> None:
    exact = part("/v1/faq")
    exact["paths"]["/v1/faq"]["get"]["x-roles"] = ["agent", "service"]
    operation = merge({"feedback": exact}, TABLE)["paths"]["/v1/faq"]["get"]
    assert operation["security"] == [{"access_token": []}, {"api_key": []}]


@asynccontextmanager
async def kept(merged: Merged) -> AsyncIterator[Merged]:
    """A merged document that is being kept, as in the gateway."""
    keeping = asyncio.create_task(merged.run())
    yield merged
    await end(keeping)


async def has(merged: Merged, path: str) -> bool:
    return path in orjson.loads(await merged.document())["paths"]


async def test_a_part_that_is_away_is_missing_until_it_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gateway.openapi.INCOMPLETE_S", 0.01)
    away = {"down": True}

    async def sometimes(scope, receive, send) -> None:
        if away["down"]:
            raise ConnectionError("away")
        await answering(part("/v1/inbox"))(scope, receive, send)

    wallet, inbox = Service(answering(part("/v1/wallet"))), Service(sometimes)
    async with kept(Merged({"loyalty": wallet, "notify": inbox}, TABLE)) as merged:
        assert await has(merged, "/v1/wallet")
        assert not await has(merged, "/v1/inbox")
        away["down"] = False
        await until(lambda: has(merged, "/v1/inbox"))
        assert await has(merged, "/v1/wallet")


async def test_nobody_waits_for_a_document_that_is_renewed() -> None:
    go_on = asyncio.Event()
    go_on.set()

    async def slow(scope, receive, send) -> None:
        await go_on.wait()
        await answering(part("/v1/wallet"))(scope, receive, send)

    service = Service(slow)
    async with kept(Merged({"loyalty": service}, TABLE)) as merged:
        first = await merged.document()
        go_on.clear()
        service.arrival.clear()
        merged._until = 0.0
        assert await merged.document() == first
        await asyncio.wait_for(service.arrival.wait(), 30)
        assert await merged.document() == first, "also while it is being made"
        assert len(service.asked) == 2


async def test_who_comes_before_there_is_a_document_is_told_to_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gateway.openapi.WAIT_S", 0.05)
    async with kept(Merged({"loyalty": Service(never)}, TABLE)) as merged:
        reply = await ask(Docs(merged), "GET", "/openapi.json")
        assert (reply.status, reply.headers["retry-after"]) == (503, "2")


async def test_the_document_of_a_real_part_is_merged() -> None:
    class Made(BaseModel):
        name: str

    router = Router(tags=["Wallet"])

    @router.post("/v1/checkins")
    async def check_in(body: Made) -> Made:
        return body

    app = FastAPI()
    app.include_router(router)
    async with kept(Merged({"loyalty": app}, TABLE)) as merged:
        document = (await ask(Docs(merged), "GET", "/openapi.json")).json
    assert document["openapi"] == "3.1.0"
    assert document["paths"]["/v1/checkins"]["post"]["x-roles"] == ["member"]
    assert "HTTPValidationError" not in document["components"]["schemas"]


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/docs", "text/html; charset=utf-8"),
        ("/docs/start.js", "text/javascript; charset=utf-8"),
        ("/docs/style.css", "text/css; charset=utf-8"),
        ("/docs/swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
        ("/docs/swagger-ui.css", "text/css; charset=utf-8"),
    ],
)
async def test_the_pages_come_from_here(path: str, media_type: str) -> None:
    reply = await ask(Docs(Merged({}, TABLE)), "GET", path)
    assert (reply.status, reply.headers["content-type"]) == (200, media_type)
    assert reply.body
    if path == "/docs":
        assert "default-src 'none'" in reply.headers["content-security-policy"]
        assert b"http" not in reply.body.replace(b"http-equiv", b"")


async def test_the_page_makes_a_new_key_in_the_place_of_the_example_s() -> None:
    script = (await ask(Docs(Merged({}, TABLE)), "GET", "/docs/start.js")).body.decode()
    assert f'EXAMPLE_KEY = "{ID}"' in script


async def test_no_other_file_comes_from_there() -> None:
    for path in ("/docs/x", "/docs/../core.py", "/docs/core.py"):
        assert (await ask(Docs(Merged({}, TABLE)), "GET", path)).status == 404


def test_the_table_leads_only_to_parts_there_are() -> None:
    assert {route.service for route in ROUTES} == {
        "gateway",
        "docs",
        "pages",
        "stream",
        "profile",
        "loyalty",
        "feedback",
        "notify",
    }
