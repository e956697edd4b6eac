"""Words in three languages; facts stay facts; bad templates are pointed at."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as some
from jinja2 import UndefinedError

from kit.languages import LANGUAGES
from services.notify.rendering import (
    BODY_LENGTH,
    TEMPLATES,
    TITLE_LENGTH,
    Frame,
    Texts,
    faults_in,
    packaged,
    render_item,
    render_letter,
    render_unsubscribe_page,
)

FACTS = {
    "name": "Mei",
    "points": 1200,
    "balance": 21,
    "pending": False,
    "tier": "gold",
    "text": "It ships today.",
    "question": "How was it?",
    "brand": "Tea & Co",
    "code": "428571",
    "minutes": 10,
    "inviter": "Ada",
    "until": "2026-03-04T12:00:00Z",
    "total": 12,
    "unused": 3,
    "days": 90,
    "point_type": "points",
    "expires_at": "2026-04-01T00:00:00Z",
    "projected": "silver",
    "basis": "growth_points",
    "missing": 1200,
    "coupon": "10 off from 100",
    "valid_until": "2026-04-05T08:00:00Z",
    "mission": "Three reviews",
    "claimed": False,
    "badge": "Reviewer",
    "part": "referrer",
    "prize": "Grand prize",
    "rank": 2,
    "reward": "A cup of tea",
    "redeemed_at": "2026-03-05T08:00:00Z",
    "fulfilment": "shipped",
    "tracking": "SF 1234567890",
    "erasure_id": "01a20107-abe9-7502-955d-7c08bbe0a484",
    "requested_at": "2026-03-05 08:00 UTC",
    "erased_at": "2026-03-05 08:01 UTC",
    "url": "https://crm.example.com/rapport",
}
OTHER_FACTS = FACTS | {
    "name": "",
    "points": 0,
    "pending": True,
    "point_type": "growth",
    "basis": "spend",
    "claimed": True,
    "part": "friend",
    "fulfilment": "shipped",
    "tracking": None,
}
FRAME = Frame(brand="Tea & Co", url="https://app.example.com/wallet")
FRAMES = {"letter", "unsubscribe"}
MESSAGES = sorted({file.parent.name for file in TEMPLATES.glob("*/*.toml")} - FRAMES)
names = some.text(min_size=1, max_size=40)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", MESSAGES)
@pytest.mark.parametrize("known", [FACTS, OTHER_FACTS])
def test_every_template_is_there_and_renders(name, language, known) -> None:
    texts = packaged(name, language)
    item = render_item(texts, known, language)
    letter = render_letter(texts, known, language, FRAME)
    assert item.title
    assert item.body
    assert letter.subject == item.title
    for part in (item.title, item.body, letter.text, letter.html):
        assert "{{" not in part
        assert "{%" not in part
    assert "https://app.example.com/wallet" in letter.text
    assert "Tea &amp; Co" in letter.html


@pytest.mark.parametrize(
    ("language", "points", "title"),
    [
        ("en", 1, "You earned 1 point"),
        ("en", 1200, "You earned 1,200 points"),
        ("zh-CN", 1, "您获得了 1 积分"),
        ("ru", 1, "Начислено: 1 балл"),
        ("ru", 3, "Начислено: 3 балла"),
        ("ru", 11, "Начислено: 11 баллов"),
        ("ru", 1121, "Начислено: 1\u00a0121 балл"),
        ("ru", 112, "Начислено: 112 баллов"),
    ],
)
def test_numbers_agree_with_their_nouns(language, points, title) -> None:
    facts = {**FACTS, "points": points}
    assert render_item(packaged("points_earned", language), facts, language).title == title


@pytest.mark.parametrize(
    ("language", "time_zone", "shown"),
    [
        ("en", "Asia/Shanghai", "1 April 2026, 07:30"),
        ("zh-CN", "Asia/Shanghai", "2026年4月1日 07:30"),
        ("ru", "Europe/Moscow", "01.04.2026, 02:30"),
        ("en", "America/New_York", "31 March 2026, 19:30"),
        ("ru", None, "31.03.2026, 23:30 UTC"),
        ("en", "Mars/Olympus", "31 March 2026, 23:30 UTC"),
    ],
)
def test_times_are_those_of_the_members_clock(language, time_zone, shown) -> None:
    facts = {"at": "2026-03-31T23:30:00+00:00", "time_zone": time_zone}
    assert render_item(Texts("x", "{{ at|moment }}"), facts, language).body == shown


def test_the_end_of_time_is_shown_in_any_zone() -> None:
    facts = {"at": "9999-12-31T23:59:59Z", "time_zone": "Asia/Shanghai"}
    shown = render_item(Texts("x", "{{ at|moment }}"), facts, "en").body
    assert shown == "31 December 9999, 23:59 UTC"


def test_a_missing_fact_is_an_error_and_no_blank() -> None:
    with pytest.raises(UndefinedError):
        render_item(packaged("points_earned", "en"), {"name": ""}, "en")


@given(names)
def test_a_name_is_never_a_template(name) -> None:
    texts = Texts(title="x", body="{{ name }}")
    assert render_item(texts, {"name": f"_{name}_"}, "en").body == f"_{name}_"
    for trick in ("{{7*7}}", "{% for i in range(9) %}", "{{ ''.__class__ }}"):
        assert render_item(texts, {"name": trick + name}, "en").body == (trick + name).strip()


@pytest.mark.parametrize("trick", ["<script>alert(1)</script>", '"><img src=x>', "'"])
def test_html_in_facts_is_shown_and_not_obeyed(trick) -> None:
    letter = render_letter(packaged("agent_replied", "en"), {**FACTS, "text": trick}, "en", FRAME)
    assert trick not in letter.html.split("<h1", 1)[1].split("</div>")[0]
    assert trick in letter.text


def test_a_button_never_runs_a_script_from_a_fact() -> None:
    frame = Frame(brand="B", url='https://a/" onclick="alert(1)')
    letter = render_letter(packaged("welcome", "en"), FACTS, "en", frame)
    assert 'onclick="' not in letter.html


@given(some.text(alphabet=string.ascii_letters + "\r\n\t ", max_size=400))
def test_titles_are_one_line_and_bounded(name) -> None:
    title = render_item(Texts(title="{{ name }}", body="x"), {"name": name}, "en").title
    assert len(title) <= TITLE_LENGTH
    assert not set(title) & {"\r", "\n", "\t"}


def test_long_texts_end_in_an_ellipsis() -> None:
    body = render_item(Texts(title="x", body="{{ name }}"), {"name": "é" * 5000}, "en").body
    assert len(body) == BODY_LENGTH
    assert body.endswith("é…")


def test_paragraphs_become_paragraphs() -> None:
    letter = render_letter(Texts("t", "b", letter="One\n\nTwo\nthree"), {}, "en", FRAME)
    assert letter.html.count("<p style") == 2 + 1
    assert "Two\nthree</p>" in letter.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_unsubscribe_page_asks_before_and_not_after(language) -> None:
    assert "<form" in render_unsubscribe_page(language, is_done=False)
    assert "<form" not in render_unsubscribe_page(language, is_done=True)


@pytest.mark.parametrize(
    "source",
    [
        "Hello",
        "{{ name }}",
        "{{ name|upper|trim }}",
        "{% if name %}{{ name }}{% elif not name %}-{% else %}you{% endif %}",
        "{{ name if name else 'you' }}",
        "{% if name == 'Mei' or name != 'x' and name %}a{% endif %}",
        "{# a remark #}",
        "",
    ],
)
def test_campaigns_may_use(source) -> None:
    assert faults_in(source, ["name"]) == []
    for name in ("", "Mei"):
        render_item(Texts("x", source), {"name": name}, "en")


@pytest.mark.parametrize(
    ("source", "place", "code"),
    [
        pytest.param("Hi {{ nmae }}", (1, 7), "unknown_variable", id="a misspelt variable"),
        pytest.param("a\nb {{ name|upcase }}", (2, 11), "unknown_filter", id="no such filter"),
        pytest.param("a\n\n{{ name", (3, None), "template_syntax", id="not closed"),
        pytest.param("{% if name %}", (1, None), "template_syntax", id="if without end"),
        pytest.param("{{ name.upper() }}", (1, None), "not_allowed", id="a call"),
        pytest.param("{{ name.__class__ }}", (1, None), "not_allowed", id="an attribute"),
        pytest.param("{{ name['x'] }}", (1, None), "not_allowed", id="a subscript"),
        pytest.param("{{ 'a' * 1000000000 }}", (1, None), "not_allowed", id="arithmetic"),
        pytest.param("{% for c in name %}x{% endfor %}", (1, None), "not_allowed", id="a loop"),
        pytest.param("{% set name = 1 %}", (1, None), "not_allowed", id="an assignment"),
        pytest.param("{% include 'x' %}", (1, None), "not_allowed", id="an inclusion"),
        pytest.param("{% macro m() %}{% endmacro %}", (1, None), "not_allowed", id="a macro"),
        pytest.param("{{ name < 3 }}", (1, None), "not_allowed", id="an order"),
        pytest.param("{{ name|upper(1) }}", (1, 9), "not_allowed", id="a filter's argument"),
        pytest.param("{{ " + "(" * 9000 + "name", (1, None), "template_syntax", id="too deep"),
    ],
)
def test_campaigns_may_not_use(source, place, code) -> None:
    faults = faults_in(source, ["name"])
    assert ((faults[0].line, faults[0].column), faults[0].code) == (place, code)


@given(some.text(alphabet="{}%|# name'()[].ifelsendor\n=!_x7*", max_size=80))
def test_whatever_passes_the_check_renders(source) -> None:
    if not faults_in(source, ["name"]):
        for name in ("", "Mei"):
            render_item(Texts("x", source), {"name": name}, "en")
