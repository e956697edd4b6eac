"""Choosing the language a member reads."""

import pytest

from kit.languages import best, pick


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("zh-CN", "zh-CN"),
        ("zh-Hans-CN,en;q=0.5", "zh-CN"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("fr-FR,ru;q=0.4,en;q=0.6", "en"),
        ("fr", "en"),
        ("ru;q=0,en;q=0.1", "en"),
        ("ru;q=x,zh", "zh-CN"),
        ("*" * 10_000, "en"),
    ],
)
def test_the_best_language_is_chosen(header: str | None, language: str) -> None:
    assert best(header) == language


def test_a_text_falls_back_to_english_then_to_any() -> None:
    assert pick({"ru": "да", "en": "yes"}, "ru") == "да"
    assert pick({"ru": "да", "en": "yes"}, "zh-CN") == "yes"
    assert pick({"ru": "да"}, "zh-CN") == "да"
    assert pick({}, "ru") == ""
