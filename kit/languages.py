"""The languages members are spoken to in, and choosing one of them (RFC 9110, RFC 4647)."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request

LANGUAGES = ("en", "zh-CN", "ru")
DEFAULT = "en"
_BY_PRIMARY = {language.split("-")[0].lower(): language for language in LANGUAGES}


def supported(tag: str | None) -> str | None:
    """Our language for a BCP 47 tag (`zh-Hans-CN` gives `zh-CN`), or None."""
    return _BY_PRIMARY.get((tag or "").strip().split("-")[0].lower())


def best(accept_language: str | None) -> str:
    """The language a header asks for most, else English."""
    wanted: list[tuple[float, int, str]] = []
    for place, item in enumerate((accept_language or "").split(",")[:20]):
        tag, _, parameter = item.partition(";")
        language = supported(tag)
        if language and (quality := _quality(parameter)) > 0:
            wanted.append((-quality, place, language))
    return min(wanted)[2] if wanted else DEFAULT


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def pick(texts: Mapping[str, str], language: str) -> str:
    """The text in `language`, else in English, else in any; empty when there is none."""
    return texts.get(language) or texts.get(DEFAULT) or next(iter(texts.values()), "")


async def _language(request: Request) -> str:
    return best(request.headers.get("accept-language"))


Language = Annotated[str, Depends(_language)]
"""The language of the answer."""
