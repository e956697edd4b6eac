"""A route's document says whom its checks let pass."""

import pytest
from fastapi import FastAPI

from kit.app import Router
from kit.auth import CurrentCaller, MemberId, Role, requires


@pytest.fixture
def operations() -> dict:
    router = Router()

    @router.get("/anyone")
    def anyone() -> None: ...

    @router.get("/caller")
    def caller(_: CurrentCaller) -> None: ...

    @router.get("/member")
    def member(_: MemberId) -> None: ...

    @router.get("/agents", dependencies=[requires(Role.AGENT)])
    def agents() -> None: ...

    @router.get("/backend", dependencies=[requires(Role.MARKETER, scope="orders:write")])
    def backend() -> None: ...

    @router.get("/both", dependencies=[requires(Role.MEMBER, Role.AGENT), requires(Role.AGENT)])
    def both() -> None: ...

    app = FastAPI()
    app.include_router(router)
    return {path: item["get"] for path, item in app.openapi()["paths"].items()}


@pytest.mark.parametrize(
    ("path", "allowed", "scopes"),
    [
        pytest.param("/anyone", None, None, id="no check"),
        pytest.param("/caller", None, None, id="any caller"),
        pytest.param("/member", ["member"], None, id="members alone"),
        pytest.param("/agents", ["admin", "agent"], None, id="an admin may what staff may"),
        pytest.param(
            "/backend", ["admin", "marketer", "service"], ["orders:write"], id="API keys by scope"
        ),
        pytest.param("/both", ["admin", "agent"], None, id="who passes every check"),
    ],
)
def test_the_document_says_who_may_call(operations, path, allowed, scopes) -> None:
    assert operations[path].get("x-roles") == allowed
    assert operations[path].get("x-scopes") == scopes
