"""The pages that links in letters lead to: in three languages, with nothing but what is ours."""

from html.parser import HTMLParser
from typing import Any

import pytest

from gateway.actions.codes import _ACTIONS
from gateway.landing import FORMS, Landing, _texts
from kit.languages import LANGUAGES
from kit.testing import Harness
from tests.gateway.edge import Reply, ask
from tests.gateway.people import PASSWORD, Door, letters


async def opened(name: str, language: str = "en", query: str = "") -> Reply:
    headers = {"Accept-Language": language}
    return await ask(Landing(), "GET", f"/pages/{name}", headers=headers, query=query)


class Reader(HTMLParser):
    """What a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


async def read(name: str, language: str = "en") -> Reader:
    reader = Reader()
    reader.feed((await opened(name, language)).body.decode())
    return reader


def shape(texts: Any) -> Any:
    return {name: shape(part) for name, part in texts.items()} if isinstance(texts, dict) else ""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FORMS)
async def test_a_page_is_in_the_language_asked_for(name: str, language: str) -> None:
    page = await opened(name, language)
    assert (page.status, page.headers["content-language"]) == (200, language)
    assert f'<html lang="{language}">' in page.body.decode()
    switched = await opened(name, "en", f"language={language}")
    assert switched.body == page.body


def test_every_language_says_the_same_things() -> None:
    english = shape(_texts("en"))
    assert all(shape(_texts(language)) == english for language in LANGUAGES)


@pytest.mark.parametrize("name", FORMS)
async def test_a_page_runs_and_loads_nothing_but_ours(name: str) -> None:
    page = await opened(name)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert (page.headers["cache-control"], page.headers["referrer-policy"]) == (
        "no-store",
        "no-referrer",
    )
    found = await read(name)
    assert [script.get("src") for script in found.all("script") if "src" in script] == [
        "/pages/landing.js"
    ]
    handlers = [key for _, attributes in found.tags for key in attributes if key.startswith("on")]
    styled = [tag for tag, attributes in found.tags if tag == "style" or "style" in attributes]
    assert (handlers, styled) == ([], [])
    for file in ("landing.js", "landing.css"):
        assert (await ask(Landing(), "GET", f"/pages/{file}")).status == 200


@pytest.mark.parametrize("name", FORMS)
async def test_every_input_is_labelled_and_every_id_is_there_once(name: str) -> None:
    found = await read(name)
    labelled = {label["for"] for label in found.all("label")}
    assert {field["id"] for field in found.all("input")} == labelled
    ids = [attributes["id"] for _, attributes in found.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert all(image.get("alt") for image in found.all("img"))
    assert len(found.all("h1")) == 1


@pytest.mark.parametrize("path", ["/pages/admin", "/pages/", "/pages/texts/en.toml", "/pages/x.js"])
async def test_there_is_nothing_else(path: str) -> None:
    assert (await ask(Landing(), "GET", path)).status == 404


def test_every_link_in_a_letter_has_its_page() -> None:
    leads = {*_ACTIONS.values(), "/invitation", "/access-review"}
    assert {path.removeprefix("/") for path in leads} == set(FORMS)


async def test_an_authenticator_app_scans_what_is_drawn(harness: Harness, door: Door) -> None:
    path = "/v1/staff/me/second-factor"
    made = (await door.post(path, {"password": PASSWORD}, await door.admin())).json()
    assert made["qr_svg"].startswith("<svg")
    assert "script" not in made["qr_svg"]
    assert made["secret"] in made["uri"]
    assert await letters(harness) == []
