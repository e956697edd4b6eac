"""The pages that links in letters lead to, for who has no app or console at hand.

They are forms over the public API and nothing more: no cookie, no script or style but ours, and
what a link proves stays behind its `#`, which no server is sent.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final
from urllib.parse import parse_qs

import orjson
from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.rules import PASSWORD_LENGTH
from kit import languages
from kit.problems import NotFound

FORMS: Final = {
    "sign-in": "member.html",
    "register": "member.html",
    "confirm": "member.html",
    "reset-password": "new-password.html",
    "staff-password": "new-password.html",
    "invitation": "invitation.html",
    "access-review": "access-review.html",
}
NAMES: Final = (("en", "English"), ("zh-CN", "中文"), ("ru", "Русский"))
SHOWN_TO_SCRIPTS: Final = ("errors", "account", "review")
ONLY_OURS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Language",
}
KEPT: Final = {"Cache-Control": "public, max-age=3600"}
KINDS: Final = {"landing.js": "text/javascript", "landing.css": "text/css"}


class Landing:
    """`/pages/...`, as an ASGI application."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await answer(scope)(scope, receive, send)


def answer(scope: Scope) -> Response:
    """A page in the language asked for, or one of its files."""
    name = scope["path"].removeprefix("/pages/")
    if name in KINDS:
        return Response(_read(name), headers=KEPT, media_type=KINDS[name])
    if name not in FORMS:
        return NotFound("There is no such page.").response()
    wanted = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("language", [""])[0]
    accepted = languages.best(Headers(scope=scope).get("accept-language"))
    language = languages.supported(wanted) or accepted
    headers = {**ONLY_OURS, "Content-Language": language}
    return Response(page(name, language), headers=headers, media_type="text/html")


@cache
def page(name: str, language: str) -> str:
    text = _texts(language)
    words = {group: text[group] for group in SHOWN_TO_SCRIPTS}
    return (
        _environment()
        .get_template("layout.html")
        .render(
            page=name,
            form=FORMS[name],
            language=language,
            languages=NAMES,
            text=text,
            words=Markup(orjson.dumps(words).decode().replace("<", "\\u003c")),  # noqa: S704
        )
    )


@cache
def _texts(language: str) -> dict[str, Any]:
    text = tomllib.loads(_read(f"texts/{language}.toml").decode())
    shortest, longest = PASSWORD_LENGTH
    text["password_rule"] = text["password_rule"].format(shortest=shortest, longest=longest)
    return text


@cache
def _environment() -> Environment:
    names = {"layout.html", "macros.html", *FORMS.values()}
    sources = {name: _read(name).decode() for name in names}
    return Environment(loader=DictLoader(sources), undefined=StrictUndefined, autoescape=True)


@cache
def _read(name: str) -> bytes:
    return files("gateway").joinpath("pages", "landing", *name.split("/")).read_bytes()
