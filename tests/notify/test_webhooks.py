"""The endpoints of webhooks: who sets them up, what may be one, what becomes of those that fail."""

import base64
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import orjson
import pytest
from sqlalchemy import text
from standardwebhooks import WebhookVerificationError

from kit import clock
from kit.auth import Caller
from kit.demand import by_demand
from kit.events import Event
from kit.testing import Harness, admin, agent, backend, example, member
from services.notify.events import WebhookDisabled
from services.notify.handlers import OWN, WEBHOOKS
from services.notify.rules.webhooks import EVENT_TYPES
from tests.notify.hooks import (
    EARNED,
    call,
    earn,
    log_of,
    new_endpoint,
    pass_time,
    post_all,
    receiving,
)


async def test_what_was_before_an_endpoint_is_not_posted_to_it(harness: Harness) -> None:
    """Unless a clock that is slow may have said so: by less than five minutes."""
    slow, early = said_ago(timedelta(minutes=4)), said_ago(timedelta(minutes=6))
    async with receiving() as receiver:
        await new_endpoint(harness, receiver.url)
        await harness.deliver(early, slow)
        await post_all(harness)
    assert [one.headers["webhook-id"] for one in receiver.posted] == [str(slow.id)]


async def test_what_was_said_while_an_endpoint_was_disabled_is_not_posted_to_it(
    harness: Harness,
) -> None:
    """Neither what it would have heard then, nor what is heard only now, minutes after."""
    async with receiving() as receiver:
        endpoint = await new_endpoint(harness, receiver.url)
        path = f"/{endpoint['endpoint_id']}"
        await call(harness, "PATCH", path, {"enabled": False})
        await earn(harness)
        await call(harness, "PATCH", path, {"enabled": True})
        await harness.deliver(said_ago(timedelta(minutes=6)))
        heard = await earn(harness)
        await post_all(harness)
    assert [one.headers["webhook-id"] for one in receiver.posted] == [heard]


def said_ago(ago: timedelta) -> Event:
    """Points a member earned so long ago, by the clock of who says so."""
    event = example(EARNED, member_id=member().subject)
    return replace(event, time=event.time - ago)


async def test_what_only_webhooks_hear_is_asked_for_while_there_is_an_endpoint(
    harness: Harness,
) -> None:
    asked = by_demand(harness.service.handlers)
    assert asked[None].keys() == OWN.keys()
    assert asked[WEBHOOKS].keys() == set(EVENT_TYPES) - OWN.keys()

    async def since() -> datetime | None:
        async with harness.transaction() as session:
            return await WEBHOOKS.since(session)

    assert await since() is None
    endpoint = await new_endpoint(harness, "https://example.com/hooks")
    path = f"/{endpoint['endpoint_id']}"
    first = await since()
    assert first == datetime.fromisoformat(endpoint["created_at"])
    await call(harness, "PATCH", path, {"enabled": True, "description": "still the same"})
    assert await since() == first
    await call(harness, "PATCH", path, {"enabled": False})
    assert await since() is None
    await call(harness, "PATCH", path, {"enabled": True})
    again = await since()
    assert again is not None
    assert again > first


async def test_for_a_day_both_secrets_sign(harness: Harness) -> None:
    async with receiving() as receiver:
        first = await new_endpoint(harness, receiver.url)
        path = f"/{first['endpoint_id']}"
        second = await call(harness, "POST", f"{path}/secrets")
        assert second["secret"] != first["secret"]
        await earn(harness)
        await post_all(harness)
        for secret in (first["secret"], second["secret"]):
            assert receiver.verified(secret)["type"] == EARNED
        async with harness.transaction() as session:
            await session.execute(
                text("UPDATE webhook_endpoints SET previous_until = now() - interval '1 second'")
            )
        await earn(harness)
        await post_all(harness)
        assert receiver.verified(second["secret"])
        with pytest.raises(WebhookVerificationError):
            receiver.verified(first["secret"])


async def test_secrets_are_shown_once_and_kept_sealed(harness: Harness) -> None:
    endpoint = await new_endpoint(harness, "https://example.com/hooks")
    shown = await call(harness, "GET", f"/{endpoint['endpoint_id']}")
    assert "secret" not in shown
    async with harness.transaction() as session:
        kept = (await session.execute(text("SELECT secret FROM webhook_endpoints"))).scalar_one()
    assert base64.b64decode(endpoint["secret"].removeprefix("whsec_")) not in bytes(kept)


async def test_who_is_gone_is_called_no_more(harness: Harness) -> None:
    async with receiving(answer=lambda _: 410) as receiver:
        endpoint = await new_endpoint(harness, receiver.url, contact="ops@example.com")
        await earn(harness)
        await post_all(harness)
        await earn(harness)
        await post_all(harness)
        assert len(receiver.posted) == 1
    shown = await call(harness, "GET", f"/{endpoint['endpoint_id']}")
    assert (shown["enabled"], shown["why_disabled"]) == (False, "gone")
    [said] = await harness.published(WebhookDisabled)
    assert (str(said.endpoint_id), said.why) == (endpoint["endpoint_id"], "gone")


async def test_five_days_of_failures_disable_and_a_letter_says_so(harness: Harness) -> None:
    async with receiving(answer=lambda _: 500) as receiver:
        endpoint = await new_endpoint(
            harness, receiver.url, contact="ops@example.com", language="ru"
        )
        await earn(harness)
        await post_all(harness)
        await pass_time(harness, timedelta(days=4))
        await post_all(harness)
        assert await harness.published(WebhookDisabled) == []
        await pass_time(harness, timedelta(days=2))
        await post_all(harness)
    [said] = await harness.published(WebhookDisabled)
    assert said.why == "failing"
    async with harness.transaction() as session:
        row = (await session.execute(text("SELECT message_id, sealed FROM urgent_messages"))).one()
    vault = harness.settings.message_vault()  # type: ignore[attr-defined]
    content = orjson.loads(vault.open(f"message {row.message_id}", base64.b64decode(row.sealed)))
    assert (content["to"], content["language"]) == ("ops@example.com", "ru")
    assert content["template"] == "webhook_failing"
    shown = await call(harness, "PATCH", f"/{endpoint['endpoint_id']}", {"enabled": True})
    assert (shown["enabled"], shown["failing_since"]) == (True, None)


@pytest.mark.parametrize(
    "url",
    [
        "https://10.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:169.254.169.254]/latest",
        "https://user:password@example.com/",
        "https://example.com/#fragment",
        "https://example.com:99999/",
        "ftp://example.com/",
        "https:///path",
        "example.com",
    ],
)
async def test_urls_that_are_refused(harness: Harness, url: str) -> None:
    async with harness.client(admin()) as client:
        body = {"url": url, "event_types": ["*"]}
        answer = await client.post("/v1/webhooks", json=body)
    assert answer.status_code == 422, answer.text


@pytest.mark.parametrize("pattern", ["", "loyalty.stamps.*", "Loyalty.*", "loyalty points"])
async def test_patterns_that_stand_for_nothing_are_refused(harness: Harness, pattern: str) -> None:
    async with harness.client(admin()) as client:
        body = {"url": "https://example.com/", "event_types": [pattern]}
        answer = await client.post("/v1/webhooks", json=body)
    assert answer.status_code == 422


async def test_a_ping_tries_one_endpoint(harness: Harness) -> None:
    async with receiving() as receiver, receiving() as other:
        endpoint = await new_endpoint(harness, receiver.url)
        await new_endpoint(harness, other.url, "*")
        sent = await call(harness, "POST", f"/{endpoint['endpoint_id']}/pings")
        await post_all(harness)
        assert receiver.verified(endpoint["secret"])["type"] == "webhook.ping"
        assert other.posted == []
    [logged] = await log_of(harness, endpoint)
    assert logged["delivery_id"] == sent["delivery_id"]


async def test_messages_are_sent_again_one_or_all_of_some_time(harness: Harness) -> None:
    async with receiving(answer=lambda number: 410 if number == 1 else 200) as receiver:
        endpoint = await new_endpoint(harness, receiver.url)
        path = f"/{endpoint['endpoint_id']}"
        event_id = await earn(harness)
        await post_all(harness)
        await call(harness, "PATCH", path, {"enabled": True})
        [failed] = await log_of(harness, endpoint)
        assert failed["state"] == "failed"
        await call(harness, "POST", f"{path}/deliveries/{failed['delivery_id']}/replays")
        await post_all(harness)
        assert [one.headers["webhook-id"] for one in receiver.posted] == [event_id] * 2
        await earn(harness)
        await post_all(harness)
        span = {
            "since": (clock.now() - timedelta(hours=1)).isoformat(),
            "until": (clock.now() + timedelta(hours=1)).isoformat(),
        }
        again = f"{path}/replays"
        assert (await call(harness, "POST", again, span))["queued"] == 0
        wanted = {**span, "states": ["delivered"]}
        assert (await call(harness, "POST", again, wanted))["queued"] == 2
        await post_all(harness)
    assert len(receiver.posted) == 5


async def test_disabled_endpoints_get_nothing(harness: Harness) -> None:
    async with receiving() as receiver:
        endpoint = await new_endpoint(harness, receiver.url)
        await earn(harness)
        path = f"/{endpoint['endpoint_id']}"
        await call(harness, "PATCH", path, {"enabled": False})
        await earn(harness)
        await post_all(harness)
        assert receiver.posted == []
        await call(harness, "PATCH", path, {"enabled": True, "event_types": ["profile.*"]})
        await post_all(harness)
        assert receiver.types == [EARNED]
        await call(harness, "DELETE", path)
    async with harness.client(admin()) as client:
        assert (await client.get(f"/v1/webhooks{path}")).status_code == 404


@pytest.mark.parametrize("caller", [agent(), member(), backend("points:write")])
async def test_only_admins_see_webhooks(harness: Harness, caller: Caller) -> None:
    async with harness.client(caller) as client:
        assert (await client.get("/v1/webhooks")).status_code == 403
        assert (await client.post("/v1/webhooks", json={})).status_code == 403


async def test_nobody_has_another_endpoints_deliveries(harness: Harness) -> None:
    async with receiving() as receiver:
        ours = await new_endpoint(harness, receiver.url)
        theirs = await new_endpoint(harness, "https://example.com/", "profile.*")
        await earn(harness)
        await post_all(harness)
        [logged] = await log_of(harness, ours)
    path = f"/v1/webhooks/{theirs['endpoint_id']}/deliveries/{logged['delivery_id']}/replays"
    async with harness.client(admin()) as client:
        assert (await client.post(path)).status_code == 404


async def test_a_hundred_endpoints_are_the_most(harness: Harness) -> None:
    async with harness.transaction() as session:
        await session.execute(
            text("""
                INSERT INTO webhook_endpoints (endpoint_id, url, patterns, description, language,
                    secret, state, created_by, created_at, changed_at, enabled_at)
                SELECT gen_random_uuid(), 'https://example.com/', '{*}', '', 'en', '', 'enabled',
                    'x', now(), now(), now() FROM generate_series(1, 100)
            """)
        )
    async with harness.client(admin(), **{"Idempotency-Key": str(uuid4())}) as client:
        body = {"url": "https://example.com/", "event_types": ["*"]}
        answer = await client.post("/v1/webhooks", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "notify.too_many_webhooks")
