"""Text to search terms, in any mix of Chinese, English and Russian.

The script decides, not a language guess: Latin words are stemmed as English, Cyrillic ones as
Russian, a run of Chinese (or Japanese, Korean) characters becomes its overlapping pairs. No
dictionary is needed and mixed text works. Laws: terms hold letters and digits only; the same text
in another case or width has the same terms; whatever a query asks for is found in a text that
contains it.

Ranking is BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009).
"""

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from itertools import pairwise

import snowballstemmer

SATURATION = 1.2
"""BM25's k1: how soon repeating a term stops to add to the score."""

LENGTH_PENALTY = 0.75
"""BM25's b: how much a long text is held against its matches."""

TITLE_WEIGHT = 3
"""A term of the title counts as if it stood this many times in the body."""

QUERY_TERMS = 128
"""Terms of a query that are looked up; a long message is searched by its beginning."""

_CJK = (
    "\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_CHUNK = re.compile(rf"[{_CJK}]+|(?:(?![{_CJK}])[^\W_])+(?:['’-](?:(?![{_CJK}])[^\W_])+)*")
_IS_CJK = re.compile(rf"[{_CJK}]")
_IS_CYRILLIC = re.compile("[а-яѐ-ԯ]")
_JOINT = re.compile("['’-]")

_STOP_WORDS_OF_ENGLISH = """
    a am an and any are as at be been but by can cannot could did do does doing for from had has
    have how i if in into is it its me my no not of off on or our please s so t than that the
    their them then there they this to us was we were what when where which who whom why will
    with would you your
"""
_STOP_WORDS_OF_RUSSIAN = """
    а без бы был была были было быть в вам вас ваш вместо во вот все вы где да для до его ее
    если есть еще же за и из или им их к как какая какие какой ко когда которая которые который
    кто ли либо лишь меня мне мной мой моя мое мои мы на над нам нас наш не него нее нет ни них
    но ну о об от по под подскажите пожалуйста после почему при с сделать со так там то того
    только тоже у уж уже чего чем что чтобы эта эти это этого этой этом этот я
"""
_STOP_WORDS = frozenset(_STOP_WORDS_OF_ENGLISH.split() + _STOP_WORDS_OF_RUSSIAN.split())

_CJK_STOP = re.compile(
    "为什么|怎么样|怎么办|怎么|怎样|如何|什么|可以|请问|[的了吗呢吧啊呀嘛我你您他她它们是在和与及]"
)
"""Words and characters of grammar. A query is searched without: 我的订单 is about 订单."""


def terms_of(text: str) -> list[str]:
    """The terms `text` is found by, with repetitions: words, single and paired CJK characters."""
    return [term for chunk in _chunks(text) for term in _terms_of_chunk(chunk)]


def query_terms_of(text: str) -> list[str]:
    """The distinct terms to look for: those of `text` without its words of Chinese grammar."""
    return list(dict.fromkeys(terms_of(_CJK_STOP.sub(" ", text))))[:QUERY_TERMS]


def weighed_terms(title: str, body: str) -> Counter[str]:
    """How often each term counts in an article."""
    weights = Counter(terms_of(body))
    for term in terms_of(title):
        weights[term] += TITLE_WEIGHT
    return weights


def _chunks(text: str) -> list[str]:
    """Runs of CJK characters, and words with the hyphens and apostrophes inside them."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _CHUNK.findall(folded.replace("ё", "е"))


def _terms_of_chunk(chunk: str) -> list[str]:
    if _IS_CJK.match(chunk):
        return [*chunk, *(first + second for first, second in pairwise(chunk))]
    parts = _JOINT.split(chunk)
    words = [*parts, "".join(parts)] if len(parts) > 1 else parts  # e-mail is also email
    return [_stem(word) for word in words if word not in _STOP_WORDS]


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    return str((_RUSSIAN if _IS_CYRILLIC.search(word) else _ENGLISH).stemWord(word))


_ENGLISH = snowballstemmer.stemmer("english")
_RUSSIAN = snowballstemmer.stemmer("russian")
