"""The first screen over real parts."""

from typing import Any
from uuid import uuid4

from kit import clock
from kit.testing import marketer, member
from tests.phone.whole import Whole

PARTS = {"profile", "wallet", "check_in", "inbox", "tickets", "offers", "announcements"}


async def home(whole: Whole, caller: Any, **headers: str) -> Any:
    return await whole.edge.ask("GET", "/v1/home", caller, headers=headers)


async def test_a_member_sees_everything_at_once(whole: Whole) -> None:
    caller = member(await whole.registered())
    ticket = {"subject": "Where is it?", "text": "Please."}
    await whole.edge.post("/v1/tickets", ticket, caller, uuid4())
    announcement = {
        "content": {"zh-CN": {"title": "双倍积分", "body": "本周末。"}},
        "starts_at": clock.now().isoformat(),
        "ends_at": "2999-01-01T00:00:00Z",
    }
    await whole.edge.post("/v1/announcements", announcement, marketer(), uuid4())
    await whole.edge.post("/v1/checkins", None, caller, uuid4())
    await whole.carry()

    shown = (await home(whole, caller)).json
    assert {name: part["state"] for name, part in shown.items()} == dict.fromkeys(PARTS, "ok")
    assert shown["profile"]["data"]["display_name"] == "Mei"
    assert shown["wallet"]["data"]["points"] > 0
    assert shown["check_in"]["data"] == shown["wallet"]["data"]["checkin"]
    assert shown["inbox"]["data"]["unread"] > 0
    assert [one["subject"] for one in shown["tickets"]["data"]["items"]] == ["Where is it?"]
    assert [one["title"] for one in shown["announcements"]["data"]["items"]] == ["双倍积分"]


async def test_an_unchanged_screen_is_not_sent_again(whole: Whole) -> None:
    caller = member(await whole.registered())
    tag = (await home(whole, caller)).headers["etag"]
    again = await home(whole, caller, **{"If-None-Match": tag})
    assert (again.status, again.body) == (304, b"")
    await whole.edge.post("/v1/checkins", None, caller, uuid4())
    changed = await home(whole, caller, **{"If-None-Match": tag})
    assert changed.status == 200
    assert changed.headers["etag"] != tag


async def test_a_member_nobody_knows_yet_still_has_a_screen(whole: Whole) -> None:
    reply = await home(whole, member())
    assert reply.status == 200
    assert reply.json["announcements"]["state"] == "ok"
