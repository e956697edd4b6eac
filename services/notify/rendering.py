"""Templates: from facts to the words a member reads, in the member's language.

A template is three kinds of text per language: `title` and `body` for the inbox, `letter` and
`button` for e-mail. The packaged ones are `templates/<name>/<language>.toml`; marketers write their
own for campaigns, and those may use variables, conditions and a few filters, nothing that loops,
calls or computes. Facts are values and never templates, so a member called `{{7*7}}` is greeted by
just that name; all texts are plain, and HTML is made from them, escaped.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from kit.plurals import form_of
from kit.time_zones import zone_of

TEMPLATES = Path(__file__).parent / "templates"

TITLE_LENGTH = 200
BODY_LENGTH = 1_000
LETTER_LENGTH = 20_000
"""Longest rendered texts, in characters; what is longer ends in an ellipsis."""


@dataclass(frozen=True, slots=True)
class Texts:
    """One template in one language. Without a `letter`, the e-mail says what `body` says.

    `reason` is why somebody gets the e-mail, where that is not for being a member.
    """

    title: str
    body: str
    letter: str | None = None
    button: str | None = None
    reason: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Item:
    """A rendered inbox item."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A rendered e-mail."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What surrounds the words of every e-mail."""

    brand: str
    url: str | None = None
    unsubscribe_url: str | None = None


@cache
def packaged(name: str, language: str) -> Texts:
    """The packaged template `name` in one of the languages Rapport ships."""
    return Texts(**tomllib.loads((TEMPLATES / name / f"{language}.toml").read_text("utf-8")))


def render_item(texts: Texts, facts: Mapping[str, Any], language: str) -> Item:
    """Render for the inbox. Raises jinja2.UndefinedError where a fact is missing."""
    known = {**facts, "language": language, "words": texts.words}
    title = _one_line(_rendered(texts.title, known, TITLE_LENGTH))
    return Item(title, _rendered(texts.body, known, BODY_LENGTH).strip())


def render_letter(texts: Texts, facts: Mapping[str, Any], language: str, frame: Frame) -> Letter:
    """Render for e-mail, as text and as HTML. Raises jinja2.UndefinedError like `render_item`."""
    known = {**facts, "language": language, "words": texts.words}
    title = _one_line(_rendered(texts.title, known, TITLE_LENGTH))
    letter = _rendered(texts.letter or texts.body, known, LETTER_LENGTH)
    footer = _phrases("letter", language)
    parts = {
        "language": language,
        "title": title,
        "paragraphs": [part.strip() for part in re.split(r"\n\s*\n", letter) if part.strip()],
        "button": texts.button or title,
        "url": frame.url,
        "reason": _rendered(texts.reason or footer["reason"], {"brand": frame.brand}, BODY_LENGTH),
        "unsubscribe": footer["unsubscribe"],
        "unsubscribe_url": frame.unsubscribe_url,
    }
    text = _compiled((TEMPLATES / "letter" / "layout.txt").read_text("utf-8")).render(parts)
    return Letter(title, text, _page("letter/layout.html").render(parts))


def render_unsubscribe_page(language: str, *, is_done: bool) -> str:
    """The page that asks whether to unsubscribe, or says that it is done."""
    phrases = _phrases("unsubscribe", language)
    return _page("unsubscribe/page.html").render(phrases, language=language, is_done=is_done)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a template, and where: line and column count from 1."""

    line: int
    column: int | None
    code: str
    detail: str


def faults_in(source: str, variables: Iterable[str]) -> list[Fault]:
    """Why `source` cannot be a campaign's text. `variables` are what it may name."""
    try:
        tree = _ENVIRONMENT.parse(source)
    except TemplateSyntaxError as error:
        return [Fault(error.lineno, None, "template_syntax", error.message or "cannot be read")]
    except RecursionError:
        return [Fault(1, None, "template_syntax", "This is nested too deep to be read.")]
    lines = source.splitlines() or [""]
    return list(_faults(tree, lines, frozenset(variables)))


_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Filter,
    nodes.Const,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
)
_ALLOWED_FILTERS = ("capitalize", "lower", "title", "trim", "upper")


def _faults(tree: nodes.Template, lines: list[str], variables: frozenset[str]) -> Iterator[Fault]:
    for node in tree.find_all(nodes.Node):
        match node:
            case nodes.Name(name=name) if name not in variables:
                known = ", ".join(sorted(variables))
                detail = f"There is no variable {name!r}; there are: {known}."
                yield Fault(node.lineno, _column(lines, node, name), "unknown_variable", detail)
            case nodes.Filter(name=name) if name not in _ALLOWED_FILTERS:
                detail = f"There is no filter {name!r}; there are: {', '.join(_ALLOWED_FILTERS)}."
                yield Fault(node.lineno, _column(lines, node, name), "unknown_filter", detail)
            case nodes.Filter(args=[_, *_]) | nodes.Filter(kwargs=[_, *_]):
                detail = f"The filter {node.name!r} takes nothing in parentheses here."
                yield Fault(node.lineno, _column(lines, node, node.name), "not_allowed", detail)
            case nodes.Operand(op=operator) if operator not in ("eq", "ne"):
                detail = "Only == and != compare here."
                yield Fault(node.lineno or 1, None, "not_allowed", detail)
            case _ if not isinstance(node, _ALLOWED):
                kind = type(node).__name__
                detail = f"{kind} is not possible here; use variables, if and filters."
                yield Fault(node.lineno, None, "not_allowed", detail)


def _column(lines: list[str], node: nodes.Node, word: str) -> int | None:
    found = re.search(rf"\b{re.escape(word)}\b", lines[min(node.lineno, len(lines)) - 1])
    return found.start() + 1 if found else None


@pass_context
def _counted(context: Context, number: int, *forms: str) -> str:
    """`number` and its noun, of which Chinese has one form, English two and Russian three."""
    separator = "\N{NO-BREAK SPACE}" if context["language"] == "ru" else ","
    return f"{number:,}".replace(",", separator) + f" {forms[form_of(number, len(forms))]}"


@pass_context
def _word(context: Context, key: str) -> str:
    """The template's own word for `key`; `key` itself where it has none."""
    return str(context["words"].get(key, key))


_MOMENTS = {
    "en": "{0.day} {0:%B %Y, %H:%M}",
    "zh-CN": "{0.year}年{0.month}月{0.day}日 {0:%H:%M}",
    "ru": "{0:%d.%m.%Y, %H:%M}",
}


@pass_context
def _moment(context: Context, moment: str) -> str:
    """An RFC 3339 time on the clock of `time_zone`; in UTC, and saying so, where that is none."""
    known = datetime.fromisoformat(moment)
    shown = _MOMENTS[context["language"]]
    zone = zone_of(context.get("time_zone"))
    try:
        return shown.format(known.astimezone(zone or UTC)) + ("" if zone else " UTC")
    except OverflowError:  # the last day there is, written for what never ends
        return shown.format(known.astimezone(UTC)) + " UTC"


def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    environment.filters |= {"counted": _counted, "moment": _moment, "word": _word}
    return environment


_ENVIRONMENT = _environment()


@lru_cache(maxsize=1024)
def _compiled(source: str) -> Template:
    return _ENVIRONMENT.from_string(source)


@cache
def _page(name: str) -> Template:
    """A packaged HTML page: whatever is put into it is escaped."""
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    return environment.from_string((TEMPLATES / name).read_text("utf-8"))


@cache
def _phrases(name: str, language: str) -> dict[str, str]:
    """The fixed phrases that go with a page or letter."""
    return tomllib.loads((TEMPLATES / name / f"{language}.toml").read_text("utf-8"))


def _rendered(source: str, facts: Mapping[str, Any], length: int) -> str:
    """`source` with `facts` put in, generated no further than `length`."""
    text = ""
    for piece in _compiled(source).generate(facts):
        text += piece
        if len(text) > length:
            return text[: length - 1] + "…"
    return text


_SPACES = re.compile(r"[^\S\u00a0]+")  # a no-break space holds a number together


def _one_line(text: str) -> str:
    """No line breaks: a title becomes the Subject header of an e-mail."""
    return _SPACES.sub(" ", text).strip()
