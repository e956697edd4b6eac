"""A back-test asked for over the API: it runs, ends, and says what a count by hand says.

Other tests leave occasions in the same system; of those both versions say the same.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest

from kit.testing import until
from tests.system.deployment import Deployment
from tests.system.members import Member, registered
from tests.system.test_cdnow import VERSIONS, ask, live

pytestmark = pytest.mark.deployment

DONE_WITHIN_S = 180
NAME = {"en": "Tea poured", "zh-CN": "倒茶", "ru": "Чай налит"}
CUPS = {0: [1, 2, 3, 4], 1: [5], 2: [2, 2, 9]}
"""How many cups each member pours at a time."""
MOST_CUPS = 4
MOST_TIMES = 2
POINTS = 10
BUDGET = 10_000


def rules(kind: str) -> list[dict[str, Any]]:
    """Ten points for each time of few cups, twice a member; and one for each cup, however many."""
    trigger = f"activity.{kind}"
    few = {"field": "event.properties.cups", "op": "lte", "value": MOST_CUPS}
    return [
        {
            "key": f"few-{kind}",
            "name": NAME,
            "trigger": trigger,
            "when": few,
            "earn": {"points": POINTS},
            "caps": [{"times": MOST_TIMES, "per": "ever"}],
        },
        {
            "key": f"each-{kind}",
            "name": NAME,
            "trigger": trigger,
            "earn": {"points": 1, "per": 1, "amount": "event.properties.cups"},
            "budget_points": BUDGET,
        },
    ]


def by_hand(cups: Mapping[int, list[int]]) -> tuple[Counter[str], dict[int, int]]:
    """What each rule would have paid, and each member earned."""
    paid: Counter[str] = Counter()
    earned: dict[int, int] = {}
    for who, poured in cups.items():
        times = min(MOST_TIMES, sum(n <= MOST_CUPS for n in poured))
        paid["few"] += times * POINTS
        paid["each"] += sum(poured)
        earned[who] = times * POINTS + sum(poured)
    return paid, earned


async def pour(system: Deployment, member: Member, kind: str, cups: list[int]) -> None:
    """Tell of cups one after the other, and wait until loyalty has heard of them."""
    batch = [
        {"type": "track", "event": kind, "messageId": str(uuid4()), "properties": {"cups": n}}
        for n in cups
    ]
    key = str(uuid4())
    async with system.client(member.token, **{"Idempotency-Key": key}) as client:
        answer = await client.post("/v1/batch", json={"batch": batch})
        assert answer.is_success, answer.text

        async def is_heard() -> bool:
            found = await client.get(f"/v1/receipts/{key}")
            return found.is_success and found.json()["state"] == "done"

        await until(is_heard, within_s=DONE_WITHIN_S)


async def ended(system: Deployment, backtest_id: str) -> dict[str, Any]:
    """The back-test once it has ended."""
    found: dict[str, Any] = {}

    async def has_ended() -> bool:
        found.update(await ask(system, "GET", f"/v1/programme/backtests/{backtest_id}"))
        return found["state"] in {"done", "failed"}

    await until(has_ended, within_s=DONE_WITHIN_S)
    return found


async def test_a_backtest_ends_with_what_a_count_by_hand_says(system: Deployment) -> None:
    kind = f"tea-{uuid4().hex[:8]}"
    members = {who: await registered(system) for who in CUPS}
    for who, cups in CUPS.items():
        await pour(system, members[who], kind, cups)

    document = await live(system)
    document = {**document, "rules": [*document["rules"], *rules(kind)]}
    made = await ask(system, "POST", VERSIONS, {"document": document, "note": "tea"})
    asked = await ask(system, "POST", f"{VERSIONS}/{made['version']}/backtests", {"days": 1})
    assert asked["state"] in {"queued", "done"}
    found = await ended(system, asked["backtest_id"])
    assert found["state"] == "done", found
    report, (paid, earned) = found["report"], by_hand(CUPS)
    ours = report["candidate"]["rules"]
    assert ours[f"few-{kind}"]["points"] == paid["few"]
    assert ours[f"each-{kind}"]["points"] == paid["each"]
    assert ours[f"few-{kind}"]["caps_hit"] == sum(
        max(0, sum(n <= MOST_CUPS for n in cups) - MOST_TIMES) for cups in CUPS.values()
    )
    assert report["candidate"]["budgets"][f"rule:each-{kind}"] == {
        "ceiling": BUDGET,
        "used": paid["each"],
    }
    assert report["points_difference"] == sum(earned.values())
    assert report["members"]["winners"] == len(CUPS)
    assert (report["members"]["losers"], report["members"]["points_lost"]) == (0, 0)
    assert report["members"]["points_won"] == sum(earned.values())
    assert found["finished_at"] > found["created_at"]
    await ask(system, "POST", f"{VERSIONS}/{made['version']}/retirement")
