"""Requests to an `Upstream` as the proxy makes them, and services that fail."""

import asyncio
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.deadlines import Inbound
from gateway.resilience import Upstream
from gateway.targets import Target, Targets
from gateway.upstreams import Unreachable, UpstreamDown
from tests.gateway.edge import Reply, Service, answering


async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise UpstreamDown("It cannot be reached.")


async def nobody(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise Unreachable("nobody listens")


def once(then: Service, error: Exception) -> Service:
    """Fails the first time."""
    failing = iter([error])

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        for problem in failing:
            raise problem
        await answering({"ok": True})(scope, receive, send)

    then._answer = answer
    return then


def upstream(*apps: ASGIApp, most: int = 100) -> Upstream:
    targets = [Target(f"http://{number}", app) for number, app in enumerate(apps)]
    return Upstream("loyalty", Targets(targets), least=10, most=most)


async def ask(
    asked: Upstream, method: str = "GET", *, body: bytes = b"", wrap: Callable = Inbound, **given
) -> Reply:
    """A request as the proxy makes it: its body was read."""
    headers = [(name.encode(), value.encode()) for name, value in given.pop("headers", {}).items()]
    scope = {"method": method, "headers": headers, **given}
    reply = Reply()

    async def left() -> Message:
        await asyncio.Event().wait()
        return {}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            assert not reply.status
            reply.status = message["status"]
            reply.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            reply.body += message.get("body", b"")

    inbound = wrap(body, left) if wrap is Inbound else wrap
    await asked(scope, inbound, send)
    return reply


async def all_at_once() -> Message:
    """`receive` of an upload that is sent at once."""
    return {"type": "http.request", "body": b"x", "more_body": False}


async def holds(condition: bool) -> bool:  # noqa: FBT001
    return condition
