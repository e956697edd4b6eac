"""The gateway's hop beside nginx and beside FastAPI with httpx.

Same upstream (an nginx that answers a fixed body), 64 connections from wrk, one process each. The
gateway verifies an access token, swaps it, limits, counts and logs; the others only pass on.
Needs nginx and wrk.
"""

import json
import re
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import httpx

from bench.processes import process
from bench.rounds import alternate, console, show
from rapport import embedded
from rapport.ports import free_port

CONNECTIONS = 64
SECONDS = 5
ROUNDS = 5
PATH = "/v1/wallet"
PASSWORD = "correct horse battery staple"  # noqa: S105  (of a member of a benchmark)
ANSWER = json.dumps({"points": 1200, "pending": 0, "recent": ["x" * 40] * 20})

NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx-{port}.pid; error_log /dev/null;
events {{ worker_connections 1024; }}
http {{
    access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    keepalive_requests 10000000;
    {upstream}
    server {{ listen 127.0.0.1:{port}; location / {{ {location} }} }}
}}
"""
FASTAPI = """
import httpx
from fastapi import FastAPI, Request, Response
client = httpx.AsyncClient(base_url="http://127.0.0.1:{upstream}", limits=httpx.Limits(
    max_connections=200, max_keepalive_connections=200))
app = FastAPI()
@app.api_route("/{{path:path}}", methods=["GET", "POST"])
async def proxy(path: str, request: Request) -> Response:
    answer = await client.request(request.method, "/" + path, content=await request.body())
    return Response(answer.content, answer.status_code, media_type="application/json")
"""


def nginx(folder: Path, port: int, location: str, upstream: str = "") -> list[str]:
    config = folder / f"nginx-{port}.conf"
    config.write_text(NGINX.format(folder=folder, port=port, location=location, upstream=upstream))
    return ["nginx", "-c", str(config), "-p", str(folder)]


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


def token_from(url: str) -> str:
    body = {"email": "bench@example.com", "password": PASSWORD}
    answer = httpx.post(f"{url}/v1/auth/register", json=body, trust_env=False, timeout=20)
    return str(answer.raise_for_status().json()["access_token"])


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rapport-bench-")))
        servers = stack.enter_context(embedded.servers(folder / "data"))
        upstream, proxy, plain, ours, operations = (free_port() for _ in range(5))

        def start(*command: str, port: int, **environment: str) -> None:
            url = f"http://127.0.0.1:{port}/readyz"
            log = folder / f"{port}.log"
            stack.enter_context(process(*command, url=url, log=log, environment=environment))

        answer = f"default_type application/json; return 200 '{ANSWER}';"
        start(*nginx(folder, upstream, answer), port=upstream)
        passing = "proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection '';"
        pool = f"upstream up {{ server 127.0.0.1:{upstream}; keepalive 128; }}"
        start(*nginx(folder, proxy, passing, pool), port=proxy)
        (folder / "plain_proxy.py").write_text(FASTAPI.format(upstream=upstream))
        granian = [sys.executable, "-m", "granian", "--interface", "asgi", "--loop", "uvloop"]
        start(
            *granian,
            *("--port", str(plain), "--working-dir", str(folder), "plain_proxy:app"),
            port=plain,
        )
        services = ("PROFILE", "LOYALTY", "FEEDBACK", "NOTIFY")
        start(
            *(sys.executable, "-m", "rapport", "serve", "gateway", "--host", "127.0.0.1"),
            *("--port", str(ours), "--operations-port", str(operations), "--migrate"),
            port=ours,
            **servers.urls,
            **{f"{name}_URL": f"http://127.0.0.1:{upstream}" for name in services},
            LIMIT_READ="10000000/1",
            SECRET_KEY_FILE=str(folder / "secret_key"),
            JWKS=f"http://127.0.0.1:{ours}/.well-known/jwks.json",
        )
        token = token_from(f"http://127.0.0.1:{ours}")
        figures = alternate(
            {
                "nginx, plain proxy": lambda: requests_a_second(proxy, token),
                "FastAPI + httpx, plain proxy": lambda: requests_a_second(plain, token),
                "gateway, everything on": lambda: requests_a_second(ours, token),
            },
            ROUNDS,
        )
        console.print(f"upstream alone: {requests_a_second(upstream, token):,.0f} requests/s")
        show("One hop, 64 connections", "requests/s", "nginx, plain proxy", figures)


if __name__ == "__main__":
    main()
