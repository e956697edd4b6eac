"""Text to terms: examples by table, laws by Hypothesis."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.feedback.rules.search import (
    QUERY_TERMS,
    TITLE_WEIGHT,
    query_terms_of,
    terms_of,
    weighed_terms,
)

WORDS = st.text("abcdefghijklmnopqrstuvwxyzабвгдежзийклмнопрстуфхцчшщъыьэюяё0123456789", min_size=1)
HAN = st.text([chr(point) for point in range(0x4E00, 0x4F00)], min_size=1, max_size=20)
MIXED = st.lists(st.one_of(WORDS, HAN), max_size=8).map(" ".join)
ANYTHING = st.text(max_size=300)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        pytest.param("Refunds, refunding!", ["refund", "refund"], id="english words are stemmed"),
        pytest.param("возвраты возврата", ["возврат", "возврат"], id="russian words are stemmed"),
        pytest.param("退款", ["退", "款", "退款"], id="chinese is single and paired"),
        pytest.param("VIP会员", ["vip", "会", "员", "会员"], id="mixed text splits by script"),
        pytest.param("iPhone手机12", ["iphon", "手", "机", "手机", "12"], id="digits are kept"),
        pytest.param("ＶＩＰ", ["vip"], id="width does not matter"),
        pytest.param("ещё Ещё", [], id="words of grammar say nothing"),
        pytest.param("счёт счет", ["счет", "счет"], id="yo is written either way"),
        pytest.param("e-mail", ["e", "mail", "email"], id="a compound is found whole too"),
        pytest.param("don’t", ["don", "dont"], id="apostrophes are joints"),
        pytest.param("'); DROP TABLE articles;--", ["drop", "tabl", "articl"], id="SQL is words"),
        pytest.param("!!! ??? 。。。", [], id="signs alone say nothing"),
    ],
)
def test_terms_of_a_text(text: str, terms: list[str]) -> None:
    assert terms_of(text) == terms


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        pytest.param(
            "我的订单在哪里", ["订", "单", "订单", "哪", "里", "哪里"], id="without grammar"
        ),
        pytest.param("怎么办", [], id="grammar alone asks nothing"),
        pytest.param("钱", ["钱"], id="one character"),
        pytest.param("refund refund", ["refund"], id="each term once"),
    ],
)
def test_terms_of_a_query(query: str, terms: list[str]) -> None:
    assert query_terms_of(query) == terms


@given(ANYTHING)
def test_terms_hold_no_sign_that_a_text_search_reads(text: str) -> None:
    assert not set("".join(terms_of(text))) & set(" '\"\\|&!():*<>-\t\n\0")


@given(MIXED)
def test_case_does_not_matter(text: str) -> None:
    assert terms_of(text.upper()) == terms_of(text)


@given(MIXED, MIXED)
def test_words_apart_are_indexed_apart(first: str, second: str) -> None:
    assert terms_of(f"{first} {second}") == terms_of(first) + terms_of(second)


@given(MIXED, MIXED, MIXED)
def test_what_a_query_asks_for_is_in_a_text_that_holds_it(a: str, query: str, b: str) -> None:
    assert set(query_terms_of(query)) <= set(terms_of(f"{a} {query} {b}"))


@given(HAN, HAN, HAN)
def test_a_chinese_phrase_is_found_inside_a_sentence(before: str, phrase: str, after: str) -> None:
    assert set(query_terms_of(phrase)) <= set(terms_of(before + phrase + after))


@given(ANYTHING)
def test_a_query_is_bounded_and_has_each_term_once(text: str) -> None:
    terms = query_terms_of(text)
    assert len(terms) == len(set(terms)) <= QUERY_TERMS


@given(MIXED, MIXED)
def test_a_title_counts_more_than_a_body(title: str, body: str) -> None:
    weights = weighed_terms(title, body)
    expected = TITLE_WEIGHT * len(terms_of(title)) + len(terms_of(body))
    assert weights.total() == expected
