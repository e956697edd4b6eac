"""The gateway's hop beside nginx, HAProxy, Fastify, and FastAPI with httpx.

Same upstream (an nginx that answers a fixed body), 64 connections from wrk, one process and one
thread each. The gateway verifies an access token, swaps it, limits, counts and logs. HAProxy
verifies a token of the same claims (signed with ES256: it knows no EdDSA); Fastify verifies the
gateway's own token and limits, with its own plugins; nginx and FastAPI only pass on. Then the
time the gateway adds to nginx's at a thousand requests a second, and the memory it has.
Needs nginx, haproxy, wrk, hey, and node with npm.
"""

import csv
import json
import re
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey

from bench.memory import proportional_mib
from bench.processes import process
from bench.rounds import alternate, console, percentile, show
from rapport import embedded
from rapport.ports import free_port

CONNECTIONS = 64
SECONDS = 5
ROUNDS = 5
CALM_RATE = 1_000  # requests a second at which time is measured
CALM_WORKERS = 20
PATH = "/v1/wallet"
PASSWORD = "correct horse battery staple"  # noqa: S105  (of a member of a benchmark)
ANSWER = json.dumps({"points": 1200, "pending": 0, "recent": ["x" * 40] * 20})
PROXIES = Path(__file__).parent / "proxies"
PASSING = "proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection '';"
SERVICES = ("PROFILE", "LOYALTY", "FEEDBACK", "NOTIFY")


@dataclass(frozen=True, slots=True)
class Bench:
    """Starts proxies, each on a port of its own, all in front of one upstream."""

    folder: Path
    stack: ExitStack
    upstream: int

    def start(self, port: int, *command: str, **environment: str) -> int:
        """Start a proxy and wait until it answers; its port."""
        url = f"http://127.0.0.1:{port}/readyz"
        log = self.folder / f"{port}.log"
        self.stack.enter_context(process(*command, url=url, log=log, environment=environment))
        return port

    def nginx(self, port: int, location: str, upstream: str = "") -> int:
        """An nginx whose only location is `location`."""
        config = self.folder / f"nginx-{port}.conf"
        config.write_text(
            (PROXIES / "nginx.conf")
            .read_text()
            .format(folder=self.folder, port=port, location=location, upstream=upstream)
        )
        return self.start(port, "nginx", "-c", str(config), "-p", str(self.folder))

    def gateway(self, port: int, urls: dict[str, str]) -> int:
        """Our gateway, with everything on."""
        return self.start(
            port,
            *(sys.executable, "-m", "rapport", "serve", "gateway", "--host", "127.0.0.1"),
            *("--port", str(port), "--operations-port", str(free_port()), "--migrate"),
            **urls,
            **{f"{name}_URL": f"http://127.0.0.1:{self.upstream}" for name in SERVICES},
            LIMIT_READ="10000000/1",
            SECRET_KEY_FILE=str(self.folder / "secret_key"),
            INTERNAL_KEYS_FOLDER=str(self.folder / "internal_keys"),
            JWKS=f"http://127.0.0.1:{port}/.well-known/jwks.json",
        )

    def haproxy(self, key: ECKey, claims: dict[str, str]) -> int:
        """HAProxy verifying tokens that `key` signed."""
        port = free_port()
        public = self.folder / "haproxy.pem"
        public.write_bytes(key.as_pem(private=False))
        config = self.folder / "haproxy.cfg"
        config.write_text(
            (PROXIES / "haproxy.cfg")
            .read_text()
            .format(
                port=port,
                upstream=self.upstream,
                key=public,
                issuer=claims["iss"],
                audience=claims["aud"],
            )
        )
        return self.start(port, "haproxy", "-db", "-f", str(config))

    def fastify(self, key: OKPKey, claims: dict[str, str]) -> int:
        """Fastify with its plugins for tokens, limits and proxying."""
        port = free_port()
        folder = PROXIES / "fastify"
        if not (folder / "node_modules").exists():
            subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=folder, check=True)  # noqa: S607
        public = self.folder / "fastify.pem"
        public.write_bytes(key.as_pem(private=False))
        arguments = (str(port), str(self.upstream), str(public), claims["iss"], claims["aud"])
        return self.start(port, "node", str(folder / "proxy.mjs"), *arguments)

    def fastapi(self) -> int:
        """FastAPI with httpx."""
        port = free_port()
        return self.start(
            port,
            *(sys.executable, "-m", "granian", "--interface", "asgi", "--loop", "uvloop"),
            *("--port", str(port), "bench.proxies.fastapi_httpx:app"),
            UPSTREAM=f"http://127.0.0.1:{self.upstream}",
        )


def requests_a_second(port: int, token: str) -> float:
    """What wrk counts; fails when any answer was not 2xx."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-H"]
    command += [f"Authorization: Bearer {token}", f"http://127.0.0.1:{port}{PATH}"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603
    if "Non-2xx" in printed:
        raise RuntimeError(printed)
    found = re.search(r"Requests/sec:\s+([\d.]+)", printed)
    assert found  # noqa: S101
    return float(found[1])


def milliseconds(port: int, token: str) -> list[float]:
    """How long requests take at a thousand a second, from as many workers as it needs."""
    command = ["hey", "-z", f"{SECONDS}s", "-c", str(CALM_WORKERS), "-o", "csv"]
    command += ["-q", str(CALM_RATE // CALM_WORKERS), "-H", f"Authorization: Bearer {token}"]
    command.append(f"http://127.0.0.1:{port}{PATH}")
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603
    return [1000 * float(row["response-time"]) for row in csv.DictReader(printed.splitlines())]


def show_time(name: str, values: list[float]) -> None:
    p50, p99 = (percentile(values, share) for share in (0.5, 0.99))
    console.print(f"{name} at {CALM_RATE:,} requests/s: p50 {p50:.2f} ms, p99 {p99:.2f} ms")


def proportional_mib_of(port: int) -> float:
    """The memory of the process that listens on `port`."""
    return sum(
        proportional_mib(listener.pid)
        for listener in psutil.net_connections("tcp")
        if listener.status == psutil.CONN_LISTEN
        and listener.pid
        and listener.laddr
        and listener.laddr.port == port
    )


def token_from(port: int) -> str:
    """An access token of a member who registers."""
    body = {"email": "bench@example.com", "password": PASSWORD}
    url = f"http://127.0.0.1:{port}/v1/auth/register"
    answer = httpx.post(url, json=body, trust_env=False, timeout=20)
    return str(answer.raise_for_status().json()["access_token"])


def key_of(port: int) -> OKPKey:
    """The public key the gateway's tokens are verified with."""
    url = f"http://127.0.0.1:{port}/.well-known/jwks.json"
    return OKPKey.import_key(httpx.get(url, trust_env=False).json()["keys"][0])


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rapport-bench-")))
        servers = stack.enter_context(embedded.servers(folder / "data"))
        bench = Bench(folder, stack, free_port())
        bench.nginx(bench.upstream, f"default_type application/json; return 200 '{ANSWER}';")
        pool = f"upstream up {{ server 127.0.0.1:{bench.upstream}; keepalive 128; }}"
        nginx = bench.nginx(free_port(), PASSING, pool)
        gateway = bench.gateway(free_port(), servers.urls)
        token, public = token_from(gateway), key_of(gateway)
        claims = jwt.decode(token, public, algorithms=["EdDSA"]).claims
        other_key = ECKey.generate_key("P-256")
        other_token = jwt.encode({"alg": "ES256"}, claims, other_key)
        haproxy = bench.haproxy(other_key, claims)
        fastify = bench.fastify(public, claims)
        fastapi = bench.fastapi()
        figures = alternate(
            {
                "nginx, plain proxy": lambda: requests_a_second(nginx, token),
                "HAProxy, token": lambda: requests_a_second(haproxy, other_token),
                "Fastify, token and limit": lambda: requests_a_second(fastify, token),
                "FastAPI + httpx, plain proxy": lambda: requests_a_second(fastapi, token),
                "gateway, everything on": lambda: requests_a_second(gateway, token),
            },
            ROUNDS,
        )
        console.print(f"upstream alone: {requests_a_second(bench.upstream, token):,.0f} requests/s")
        show("One hop, 64 connections", "requests/s", "nginx, plain proxy", figures)
        for name, port in {"nginx": nginx, "gateway": gateway}.items():
            show_time(name, milliseconds(port, token))
        console.print(f"the gateway's memory: {proportional_mib_of(gateway):.0f} MiB")


if __name__ == "__main__":
    main()
