"""Lists have an end: each is given in pages, walked to its end, and refuses what is no page of it.

Check 19 of docs/security.md. A list is found in the merged OpenAPI: any array in an answer to a
GET. One that is neither given in pages nor bounded by what it is (`BOUNDED` says by what) fails the
build, and so does one of which the walk finds fewer than two things (`SHORT` says why).
"""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
import pytest_asyncio

from kit.testing import until
from tests.security.belongings import nothing_in
from tests.security.plenty import TWICE, Plenty, lists_of, make_plenty
from tests.security.surface import Operation, operations, parts_of, resolved
from tests.security.verdicts import VERDICTS
from tests.security.world import NOBODY, Person, World

PARAMETERS = {"limit", "cursor"}
JUDGED = [each for each in operations() if str(each) in VERDICTS and each.method == "GET"]
PAGED = [each for each in JUDGED if {p["name"] for p in each.parameters("query")} & PARAMETERS]
paged = pytest.mark.parametrize("operation", PAGED, ids=str)

BOUNDED = {
    "/.well-known/jwks.json {}": "the keys in force: the newest, the one before, the next",
    "/v1/api-keys/{key_id}/usage days": "the last 31",
    "/v1/api-keys/{key_id}/usage months": "the last 12",
    "/v1/auth/account issuers": "those of the settings",
    "/v1/campaigns/{campaign_id} channels": "the channels there are",
    "/v1/campaigns/{campaign_id} tallies": "one for each channel and state",
    "/v1/erasures/{erasure_id} services": "the services there are",
    "/v1/households members": "the last 50 stays (STAYS)",
    "/v1/loyalty/code-loads/{load_id} errors": "the first so many (SHOWN_ERRORS)",
    "/v1/loyalty/finance/breakage cohorts": "months of the reported span",
    "/v1/loyalty/finance/breakage steps": "months of the reported span",
    "/v1/loyalty/finance/costs budgets": "those of the programme's document",
    "/v1/loyalty/finance/costs rewards": "the catalogue, with its sums in one report",
    "/v1/loyalty/finance/costs rules": "those of the programme's document",
    "/v1/loyalty/finance/deferrals items": "months of the reported span",
    "/v1/loyalty/finance/liability items": "a report by kind of points, tier and month",
    "/v1/loyalty/finance/roll-forward items": "months of the reported span",
    "/v1/loyalty/ledger/verify checks": "the checks there are",
    "/v1/missions/{mission_id}/leaderboard prizes": "those of the mission's body, 100 at most",
    "/v1/webhooks/{endpoint_id} event_types": "the events there are",
    "/v1/members/{member_id} segments": "the segments staff have made",
    "/v1/members/{member_id} tags": "50 of a member (MOST_TAGS)",
    "/v1/members/{member_id}/wallet expiring": "the next 3 (EXPIRING)",
    "/v1/members/{member_id}/wallet recent": "the last 5 (RECENT)",
    "/v1/missions/{mission_id}/leaderboard places": "the first of a ranking, 100 at most: it has a "
    "limit and no second page",
    "/v1/points/history/{explained_id}/explanation reasons": "the rules of one occasion",
    "/v1/preferences mandatory{}": "the channels there are",
    "/v1/programme/versions/{version}/tiers moves": "pairs of levels, which a document has few of",
    "/v1/receipts/{key} writes": "one of each service",
    "/v1/receipts/{key} events": "200 of each service, and `more` says if there were",
    "/v1/receipts/{key} points": "of those events",
    "/v1/receipts/{key} messages": "of those events",
    "/v1/receipts/{key} unavailable": "the services there are",
    "/v1/staff/me scopes": "the scopes there are",
    "/v1/tickets/{ticket_id} messages": "the latest 200 (SHOWN_MESSAGES)",
    "/v1/traffic policy_unknown": "the parts a policy has",
    "/v1/traffic others": "the replicas there are",
    "/v1/traffic upstreams{}.targets": "the places of the settings",
    "/v1/traffic/policy unknown": "the parts a policy has",
    "/v1/traffic/policy policy.upstreams{}": "a body of an administrator's, at most 1 MiB",
    **{
        f"/v1/wallet {part}": "the first few, for a screen; each has a list of its own"
        for part in ("badges", "coupons", "missions", "offers", "recent", "rewards")
    },
    "/v1/wallet actions": "the kinds of advice there are",
    "/v1/wallet expiring": "the next 3 (EXPIRING)",
    "/v1/wallet maturing": "the next 3 (EXPIRING)",
}
"""Arrays that no list of things is, and what bounds them."""


def alternatives(schema: Mapping[str, Any] | None) -> Iterator[Mapping[str, Any]]:
    """The answers an operation may give, where members and staff see different things."""
    schema = resolved(schema or {})
    for each in schema.get("anyOf", [schema]):
        yield resolved(each)


def arrays_in(operation: Operation) -> Iterator[str]:
    """Where an answer holds arrays without a bound; what an item of a list holds is the item's."""
    for answer in alternatives(operation.answer(200)):
        for place, part in parts_of(answer):
            if part.get("type") == "array" and "maxItems" not in part and "[]" not in place:
                yield place


def is_page(operation: Operation) -> bool:
    """Whether every answer of it is a page: `items` and `next_cursor`."""
    answers = alternatives(operation.answer(200))
    return all({"items", "next_cursor"} <= each.get("properties", {}).keys() for each in answers)


@pytest.mark.parametrize("operation", JUDGED, ids=str)
def test_a_list_is_given_in_pages(operation: Operation) -> None:
    asked = {each["name"] for each in operation.parameters("query")}
    listed = {place for place in arrays_in(operation) if f"{operation.path} {place}" not in BOUNDED}
    if not listed:
        return
    assert listed == {"items"}, "a list's things are its `items`"
    assert is_page(operation), "a list says `next_cursor`"
    assert asked >= PARAMETERS, "a list takes `limit` and `cursor`"


def test_what_is_bounded_is_there() -> None:
    reads = [each for each in operations() if each.method == "GET"]
    there = {f"{each.path} {place}" for each in reads for place in arrays_in(each)}
    assert BOUNDED.keys() <= there


def test_who_takes_a_cursor_takes_a_limit() -> None:
    """The leaderboard alone is only limited."""
    asked = {str(each): {p["name"] for p in each.parameters("query")} for each in PAGED}
    lopsided = {name for name, names in asked.items() if len(names & PARAMETERS) == 1}
    assert lopsided == {"GET /v1/missions/{mission_id}/leaderboard"}


def callers_of(world: World, operation: Operation) -> list[Person]:
    """A member and staff, where they may: to them the same list may be another."""
    verdict = VERDICTS[str(operation)]
    if verdict.open:
        return [NOBODY]
    member = [world.people["eve"]] if verdict.lets("member") else []
    others = [world.people[name] for name in ("admin", "agent", "marketer", "backend")]
    return member + [each for each in others if verdict.lets(each.role)][:1]


@paged
async def test_a_page_has_a_size(world: World, operation: Operation) -> None:
    for caller in callers_of(world, operation):
        for limit in (0, -1, 201, 10**9, "all", "1e3", "", 2**64):
            answer = await world.call("GET", nothing_in(operation), caller, params={"limit": limit})
            assert answer.status_code == 422, answer.text


WRONG = ("x", "' OR 1=1--", "W10", "bnVsbA", "WyJcdTAwMDAiXQ", "WzFlOTk5XQ", "Á", "W251bGxd", "e30")


@pytest.mark.parametrize("operation", [each for each in PAGED if is_page(each)], ids=str)
async def test_a_cursor_is_not_ours_unless_we_made_it(world: World, operation: Operation) -> None:
    for caller in callers_of(world, operation):
        for cursor in WRONG:
            answer = await world.call(
                "GET", nothing_in(operation), caller, params={"cursor": cursor}
            )
            assert answer.status_code in {404, 422}, (cursor, answer.text)


ELSEWHERE = {
    "GET /v1/loyalty/imports/{import_id}/errors": "of a file with errors: tests/loyalty",
    "GET /v1/webhooks/{endpoint_id}/deliveries": "needs somebody who is delivered to: tests/notify",
    "GET /v1/webhooks/{endpoint_id}/deliveries/{delivery_id}/attempts": "likewise",
}
"""Lists of what the front door alone cannot make, and where they are tested."""
SHORT = {
    "GET /v1/erasures": "nobody is erased here, as that takes days: tests/gateway/test_erasures.py",
    "GET /v1/loyalty/finance/entries": "of a day that is over: tests/loyalty",
    "GET /v1/loyalty/finance/periods": "no month is over: tests/loyalty",
    "GET /v1/loyalty/imports": "no file is imported here: tests/loyalty",
    "GET /v1/loyalty/finance/point-values": "none is declared here: tests/loyalty",
    "GET /v1/loyalty/finance/reward-costs": "none is declared here: tests/loyalty",
    "GET /v1/points/earlier": "comes with an import: tests/loyalty",
    "GET /v1/webhooks": "its URL must be one outside: tests/notify",
    "GET /v1/auth/issuers": "none is configured here; tests/gateway/test_issuers.py has it",
    "GET /v1/coupons/lookup": "a code is one coupon's",
    "GET /v1/loyalty/finance/proposals": "at most the one month that comes next",
    "GET /v1/redemptions/devices": "a member here has one",
}
"""Lists that have fewer than two things here, and why."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def plenty(world: World) -> Plenty:
    return await make_plenty(world)


async def walk(world: World, path: str, caller: Person, limit: int) -> list[Any]:
    """All of a list, page by page."""
    found: list[Any] = []
    query: dict[str, Any] = {"limit": limit}
    while True:
        where = httpx.URL(path).copy_merge_params(query)
        answer = await world.call("GET", str(where), caller)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert len(page["items"]) <= limit
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        assert len(page["items"]) == limit, "only the last page is not full"
        query["cursor"] = page["next_cursor"]


async def list_at(world: World, path: str, caller: Person) -> list[Any]:
    """The list, which is the same in one page and one by one, unless something came between."""
    whole: list[Any] = []

    async def agrees() -> bool:
        whole[:] = await walk(world, path, caller, 200)
        return await walk(world, path, caller, 1) == whole

    await until(agrees)
    return whole


WALKED = [each for each in PAGED if is_page(each) and str(each) not in ELSEWHERE]


@pytest.mark.parametrize("operation", WALKED, ids=str)
async def test_a_list_walked_one_by_one_is_the_list(
    world: World, plenty: Plenty, operation: Operation
) -> None:
    """Each thing once and in the same order, for whoever may read the list."""
    for caller, path in lists_of(world, plenty, operation):
        found = await list_at(world, path, caller)
        assert len(found) >= len(TWICE) or str(operation) in SHORT, f"{caller} sees {len(found)}"
