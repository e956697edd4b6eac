"""Webhooks over TLS: what a receiver must prove, and which address is called.

The receiver is a real server with a certificate of a CA made for the test.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
import trustme

from kit import clock
from kit.testing import until
from services.notify.posting import Poster, signatures
from services.notify.rules.webhooks import Attempted, Network
from tests.notify.receiver import Answer, Receiver

HOST = "hooks.brand.example"
HERE: Sequence[Network] = (ip_network("127.0.0.0/8"),)
BODY = b'{"type":"webhook.ping"}'
SECRET = b"0" * 32


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@dataclass
class Names:
    """What names lead to, from look to look; the last stays."""

    leads_to: list[Sequence[str]] = field(default_factory=lambda: [["127.0.0.1"]])
    looks: int = 0

    async def getaddrinfo(self, _host: str, port: int, **_: object) -> list[Any]:
        found = self.leads_to[min(self.looks, len(self.leads_to) - 1)]
        self.looks += 1
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]


@pytest.fixture
def names() -> Names:
    """The DNS of the test."""
    return Names()


@asynccontextmanager
async def serving(
    certificate: trustme.LeafCert, answer: Answer = 204
) -> AsyncIterator[tuple[Receiver, list[str | None]]]:
    """A receiver over TLS, and the names callers asked it for."""
    asked_for: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    context.sni_callback = lambda _, name, __: asked_for.append(name)
    receiver = Receiver(answer=lambda _: answer)
    await receiver.start(context)
    try:
        yield receiver, asked_for
    finally:
        await receiver.stop()


async def post(
    receiver: Receiver,
    names: Names,
    context: ssl.SSLContext | None,
    timeout_s: float = 30,
) -> Attempted:
    """One attempt, as the worker makes it."""
    loop, at = asyncio.get_running_loop(), int(clock.now().timestamp())
    poster = Poster(HERE, clock.now, timeout_s=timeout_s, context=context)
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(at),
        "webhook-signature": signatures([SECRET], "msg_1", at, BODY),
    }
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(loop, "getaddrinfo", names.getaddrinfo)
        try:
            return await poster.post(f"https://{HOST}:{receiver.port}/hooks", headers, BODY)
        finally:
            await poster.close()


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


async def test_who_proves_to_be_the_host_is_posted_to(authority: trustme.CA, names: Names) -> None:
    async with serving(authority.issue_cert(HOST)) as (receiver, asked_for):
        attempted = await post(receiver, names, trusting(authority))
    assert attempted == Attempted(204)
    [posted] = receiver.posted
    assert (posted.body, posted.headers["host"]) == (BODY, f"{HOST}:{receiver.port}")
    assert asked_for == [HOST], "the name is asked for, though an address was called"


@pytest.mark.parametrize(
    ("issued_to", "since", "until", "said"),
    [
        pytest.param("other.example", -1, 1, "Hostname mismatch", id="for another name"),
        pytest.param("*.other.example", -1, 1, "Hostname mismatch", id="for others' names"),
        pytest.param("127.0.0.1", -1, 1, "Hostname mismatch", id="for the address alone"),
        pytest.param(HOST, -9, -1, "certificate has expired", id="that has expired"),
        pytest.param(HOST, 1, 9, "not yet valid", id="that is not valid yet"),
    ],
)
async def test_with_a_certificate_that_proves_nothing_nobody_is_told_anything(
    authority: trustme.CA, names: Names, issued_to: str, since: int, until: int, said: str
) -> None:
    now = datetime.now(UTC)
    certificate = authority.issue_cert(
        issued_to,
        not_before=now + timedelta(days=since),
        not_after=now + timedelta(days=until),
    )
    async with serving(certificate) as (receiver, _):
        attempted = await post(receiver, names, trusting(authority))
    assert attempted.status is None
    assert said in (attempted.error or "")
    assert receiver.posted == []


async def test_a_ca_nobody_knows_proves_nothing(authority: trustme.CA, names: Names) -> None:
    async with serving(trustme.CA().issue_cert(HOST)) as (receiver, _):
        attempted = await post(receiver, names, trusting(authority))
    assert (attempted.status, receiver.posted) == (None, [])
    assert "CERTIFICATE_VERIFY_FAILED" in (attempted.error or "")


async def test_a_ca_of_the_company_is_trusted_by_its_file(
    authority: trustme.CA, names: Names, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`SSL_CERT_FILE` names those trusted, as for every program with OpenSSL."""
    bundle = tmp_path / "company.pem"
    authority.cert_pem.write_to_path(bundle)
    async with serving(authority.issue_cert(HOST)) as (receiver, _):
        assert (await post(receiver, names, None)).status is None
        monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
        assert (await post(receiver, names, None)).status == 204


async def test_a_name_is_looked_up_once_an_attempt_and_that_address_is_called(
    authority: trustme.CA, names: Names
) -> None:
    """A name that leads elsewhere at the second look wins nothing: there is none."""
    names.leads_to = [["127.0.0.1"], ["10.0.0.1"]]
    async with serving(authority.issue_cert(HOST)) as (receiver, _):
        first = await post(receiver, names, trusting(authority))
        assert (first.status, names.looks) == (204, 1)
        second = await post(receiver, names, trusting(authority))
    assert (second.status, names.looks) == (None, 2)
    assert "not on the public internet" in (second.error or "")
    assert len(receiver.posted) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_goes_nowhere(authority: trustme.CA, names: Names, status: int) -> None:
    inside = Receiver()
    await inside.start()
    away: Answer = (status, {"location": inside.url})
    async with serving(authority.issue_cert(HOST), away) as (receiver, _):
        attempted = await post(receiver, names, trusting(authority))
    await inside.stop()
    assert (attempted.status, attempted.is_taken) == (status, False)
    assert (len(receiver.posted), inside.posted, names.looks) == (1, [], 1)


async def test_who_does_not_speak_tls_is_told_nothing_and_left(names: Names) -> None:
    """The connection is closed, too: there are many attempts."""
    receiver = Receiver()
    await receiver.start()
    attempted = await post(receiver, names, None, timeout_s=0.3)
    assert (attempted.status, receiver.posted) == (None, [])
    assert attempted.error == "no answer within 0.3 s"

    async def is_left() -> bool:
        return not receiver.open

    await until(is_left)
    await receiver.stop()
