"""Identify the language that a question is asked in.

Function words decide, then other words in lower case, then the fallback (the interface's language). Names do
not count: a question about "Lê Hoài Trung" may be in any language.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection
from importlib.resources import files

from rag.text.language import ANSWER_LANGUAGES, detect
from rag.text.question_words import question_words
from rag.text.scripts import HAN_CHARACTER

FUNCTION_WORD_WEIGHT, WORD_WEIGHT, UNACCENTED_WEIGHT = 2.0, 1.0, 1.5
"""Weights of a function word, of another word in lower case, and of a Vietnamese function word that is
written without its marks. Not fitted; checked on 150 questions (tests/text/question_languages.tsv)."""

_LISTS: dict[str, str] = json.loads((files("rag.text") / "function_words.json").read_text("utf-8"))
_UNACCENTED_VIETNAMESE = frozenset(_LISTS.pop("vi_unaccented").split())
_FUNCTION_WORDS = {code: frozenset(words.split()) for code, words in _LISTS.items()}
_CHINESE_FUNCTION_WORDS = re.compile(
    r"什么|多少|哪些|哪里|哪个|为什么|为何|怎么|怎样|如何|是否|谁|哪|几|何|吗|呢|的|了|是|在|和|与|有|被|把|对|于|请|说"
)
_TOKEN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff\u0300-\u036f]+|[\u0400-\u052f]+")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
VIETNAMESE_LETTER = re.compile(r"[ăđơưĩũạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")
"""Matches a letter that only Vietnamese uses."""


def question_language(question: str, among: Collection[str] = ANSWER_LANGUAGES, fallback: str = "") -> str:
    """Return the ISO 639-1 code of the language of a question, one of `among`.

    Without evidence: `fallback` if it is one of `among`, else the result of `detect`.
    """
    text = unicodedata.normalize("NFC", question)
    evidence = {**_latin_and_cyrillic(text), **_chinese(text)}
    known = {code: weight for code, weight in evidence.items() if code in among}
    ranked = sorted(known, key=lambda code: -known[code])
    if not ranked or not known[ranked[0]]:
        return fallback if fallback in among else detect(text, among)
    tied = [code for code in ranked if known[code] == known[ranked[0]]]
    if len(tied) > 1:
        return fallback if fallback in tied else detect(_without_names(text), tied)
    return ranked[0]


def _latin_and_cyrillic(text: str) -> dict[str, float]:
    evidence: dict[str, float] = defaultdict(float)
    for n, word in enumerate(_common_words(text)):
        languages = [code for code, words in _FUNCTION_WORDS.items() if word in words]
        for code in languages:
            asks = n == 0 and code in ANSWER_LANGUAGES and question_words(word, code)
            evidence[code] += FUNCTION_WORD_WEIGHT * (2 if asks else 1)
        if _CYRILLIC.match(word) and not languages:
            evidence["ru"] += WORD_WEIGHT
        elif VIETNAMESE_LETTER.search(word):
            evidence["vi"] += WORD_WEIGHT
        elif word in _UNACCENTED_VIETNAMESE and "vi" not in languages:
            evidence["vi"] += UNACCENTED_WEIGHT
    return evidence


def _chinese(text: str) -> dict[str, float]:
    """Weigh the evidence for Chinese: its function words, and each character as half a word."""
    words = _CHINESE_FUNCTION_WORDS.findall(text)
    if not words and _common_words(text):
        return {}
    characters = len(HAN_CHARACTER.findall(text))
    weight = FUNCTION_WORD_WEIGHT * len(words) + WORD_WEIGHT * characters / 2
    return {"zh": weight} if weight else {}


def _common_words(text: str) -> list[str]:
    """Return the Latin and Cyrillic words that are not names, in lower case.

    A capitalised word is a name, except at the beginning of a sentence, where it must be a function word or
    precede a word in lower case: "Lê Hoài Trung nói gì" begins with a name, "Did Phạm Minh Chính ..." does
    not.
    """
    tokens = list(_TOKEN.finditer(text))
    kept = []
    for n, token in enumerate(tokens):
        word = token[0].lower()
        if token[0][0].islower() or (n == 0 and is_function_word(word)) or _opens_sentence(text, token, word):
            kept.append(word)
    return kept


def _opens_sentence(text: str, token: re.Match[str], word: str) -> bool:
    before = text[: token.start()].rstrip(" \"'«“(¿")
    opens = not before or before[-1] in ".?!:。？！："
    follows = re.match(r"\s+(\w)", text[token.end() :])
    before_name = follows is not None and follows[1].isupper()
    return opens and (is_function_word(word) or not before_name) and len(word) > 1


def is_function_word(word: str) -> bool:
    """Tell whether a word in lower case is a function word of any language."""
    return any(word in words for words in _FUNCTION_WORDS.values())


def _without_names(text: str) -> str:
    return " ".join(_common_words(text)) or text
