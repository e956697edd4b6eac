"""A proxy as one would first write it with FastAPI and httpx; it only passes on."""

import os

import httpx
from fastapi import FastAPI, Request, Response

client = httpx.AsyncClient(
    base_url=os.environ["UPSTREAM"],
    limits=httpx.Limits(max_connections=200, max_keepalive_connections=200),
)
app = FastAPI()


@app.api_route("/{path:path}", methods=["GET", "POST"])
async def proxy(path: str, request: Request) -> Response:
    """Pass the request on."""
    answer = await client.request(request.method, "/" + path, content=await request.body())
    return Response(answer.content, answer.status_code, media_type="application/json")
