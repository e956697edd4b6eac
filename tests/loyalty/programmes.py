"""Programmes for tests: small ones, and running them."""

import hashlib
from typing import Any

import orjson

from kit.testing import Harness
from tests.loyalty.members import execute

NAME = {"en": "A rule", "zh-CN": "规则", "ru": "Правило"}
LEVELS = [
    {"key": "normal", "name": NAME, "threshold": 0},
    {"key": "gold", "name": NAME, "threshold": 1000, "benefits": {"multiplier": "1.5"}},
]


def rule(key: str = "share", **changes: Any) -> dict[str, Any]:
    """Ten points for sharing, unless changed."""
    fixed = {"key": key, "name": NAME, "trigger": "activity.Shared", "earn": {"points": 10}}
    return {**fixed, **changes}


def programme(*rules: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"rules": list(rules), "tiers": {"levels": LEVELS}, **changes}


async def run_programme(
    harness: Harness, body: dict[str, Any], state: str = "live", **of: Any
) -> int:
    """Let a document run as the newest version; which it is."""
    [(newest,)] = await execute(harness, "SELECT max(version) FROM programme_versions")
    if state == "live":
        await execute(
            harness, "UPDATE programme_versions SET state = 'retired' WHERE state = 'live'"
        )
    written = orjson.dumps(body).decode()
    await execute(
        harness,
        """
        INSERT INTO programme_versions (version, state, digest, body, note, author,
            created_at, changed_at, share, ceiling)
        VALUES (:version, :state, :digest, CAST(:body AS jsonb), '', 'test', now(), now(),
            :share, :ceiling)
        """,
        version=newest + 1,
        state=state,
        digest=hashlib.sha256(written.encode()).hexdigest(),
        body=written,
        share=of.get("share"),
        ceiling=of.get("ceiling"),
    )
    return int(newest) + 1


async def live_programme(harness: Harness) -> dict[str, Any]:
    [(body,)] = await execute(harness, "SELECT body FROM programme_versions WHERE state = 'live'")
    return body


async def rule_changed(harness: Harness, key: str, **changes: Any) -> None:
    """Run the live programme with one rule changed."""
    body = await live_programme(harness)
    rules = [{**r, **changes} if r["key"] == key else r for r in body["rules"]]
    await run_programme(harness, {**body, "rules": rules})
