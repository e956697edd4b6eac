"""A request before it is passed on: what its head says of it."""

import pytest
from starlette.types import Message

from gateway.exchange import Exchange


@pytest.mark.parametrize(
    ("version", "headers", "may_follow"),
    [
        pytest.param("1.1", {}, False, id="nothing announced"),
        pytest.param("1.1", {b"content-length": b"0"}, False, id="nothing, and that is said"),
        pytest.param("1.1", {b"content-length": b"5"}, True, id="some bytes"),
        pytest.param("1.1", {b"transfer-encoding": b"chunked"}, True, id="pieces"),
        pytest.param(
            "1.1",
            {b"content-length": b"0", b"transfer-encoding": b"chunked"},
            True,
            id="pieces, whatever else is said",
        ),
        pytest.param("2", {}, True, id="a version that need not announce it"),
        pytest.param("2", {b"content-length": b"0"}, False, id="a version that says there is none"),
    ],
)
def test_a_body_is_asked_for_only_where_one_may_follow(
    version: str, headers: dict[bytes, bytes], *, may_follow: bool
) -> None:
    async def send(_: Message) -> None: ...

    scope = {"type": "http", "http_version": version, "headers": list(headers.items())}
    assert Exchange(scope, send, []).has_body is may_follow
