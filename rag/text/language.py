"""Detect the language of a text."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from typing import Any

from rag.text.scripts import HAN, HAN_CHARACTER, WORD_LETTERS

_BY_SCRIPT = {
    "latin": ("en", "fr", "vi", "de", "es", "it", "pt", "nl", "pl", "id", "tr"),
    "cyrillic": ("ru", "uk"),
    "han": ("zh",),
    "kana": ("ja",),
    "hangul": ("ko",),
    "arabic": ("ar",),
    "thai": ("th",),
}
LANGUAGES = tuple(code for codes in _BY_SCRIPT.values() for code in codes)
"""Languages that `detect` distinguishes: ISO 639-1 codes."""

ANSWER_LANGUAGES = ("en", "fr", "ru", "vi", "zh")
"""Languages in which questions are recognised and answered, whatever the library holds."""

# The limits below were chosen on the questions and articles of tests/text/test_language.py and
# test_passage_language.py, and not fitted further.
_MAX_NAME_WORDS = 3
"""Maximum number of words (Chinese: characters) of a text that may be a name, which belongs to no
language."""
_SAMPLE_CHARACTERS = 5000
"""Maximum characters, from the start, that the language is detected in."""
_MIN_GAIN_OVER_ENGLISH = 1.5
"""Minimum log-likelihood by which another language exceeds English: "Hello" is not Italian."""
_DOUBLED_GAIN_CHARACTERS = 12
"""Maximum number of characters of a text for which that margin is doubled."""
_SHORT_TEXT_WORDS = 30
"""Maximum number of words of a text whose names are ignored in detection."""
_MIN_WORDS_WITHOUT_NAMES = 3
"""Minimum number of words that remain without the names."""
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+")
_CYRILLIC_WORD = re.compile(r"[\u0400-\u052f]+")
_SCRIPT_PATTERNS = {
    "han": HAN_CHARACTER,
    "kana": re.compile(r"[\u3041-\u30ff]"),
    "hangul": re.compile(r"[\uac00-\ud7a3]+"),
    "arabic": re.compile(r"[\u0620-\u06ff]+"),
    "thai": re.compile(r"[\u0e01-\u0e2e]"),
}
_LETTER = "[A-Za-z\u00c0-\u024f\u1e00-\u1eff\u0400-\u052f]"
_MIXED_WORD = re.compile(f"{_LETTER}[{HAN}]|[{HAN}]{_LETTER}")
"""A letter beside a Han character."""
_UKRAINIAN, _RUSSIAN = re.compile(r"[іїєґІЇЄҐ]"), re.compile(r"[ыэъёЫЭЪЁ]")
_CHINESE_GRAMMAR = re.compile(r"[的是了在吗呢么谁哪几多少何为和与有对什怎]")

_MIN_WORDS, _MIN_HAN_CHARACTERS = 20, 25
"""Minimum number of words, or of Chinese characters, of a passage in another language than its article."""
_MIN_SCRIPT_SHARE = 0.85
"""Minimum share of a passage's words in its script."""
_MIN_GAIN_OVER_ARTICLE = 25.0
"""Minimum log-likelihood by which another language of the same script exceeds the article's."""
_FUNCTION_WORD_LISTS = {
    "en": "the of and to in a is that for on with was it as by are from at",
    "fr": "le les et des du une dans est pour qui au par sur ce il pas avec ont l d s n q c j",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine",
    "es": "el los del las y por con una su al para no como más lo sus fue ha",
}
_FUNCTION_WORDS = {
    language: re.compile(rf"\b(?:{'|'.join(words.split())})\b", re.IGNORECASE)
    for language, words in _FUNCTION_WORD_LISTS.items()
}
_FUNCTION_WORDS["vi"] = re.compile(
    r"\w*[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]\w*", re.IGNORECASE
)
"""Function words (Vietnamese: letters) of each language."""
_MIN_FUNCTION_WORD_SHARE = 0.1
"""Minimum share of function words in a text of a language."""
_PASSAGE_LANGUAGES = ("en", "fr", "vi", "de", "es")
"""Languages of Latin script that a passage can be assigned to: those with measured means (language_means)."""


def detect(text: str, among: Collection[str] | None = None) -> str:
    """Return the ISO 639-1 code of the language that most of `text` is in, one of `among`.

    `among` defaults to LANGUAGES. The script decides first (an English question about 越通社 is English),
    then py3langid among the languages of that script. Without evidence: English, or the first of `among`.
    """
    languages = list(among) if among is not None else list(LANGUAGES)
    text = text[:_SAMPLE_CHARACTERS]
    script = _script(text)
    candidates = [code for code in languages if code in _BY_SCRIPT.get(script, ())] or languages
    if len(candidates) == 1 or not script:
        return "en" if "en" in candidates else candidates[0]
    if script == "cyrillic" and {*candidates} <= {"ru", "uk"}:
        return "uk" if len(_UKRAINIAN.findall(text)) > len(_RUSSIAN.findall(text)) else "ru"
    return _likeliest(_latin_words(text) if script == "latin" else text, candidates)


def count_words(text: str) -> int:
    """Count words; a Chinese character counts as one word, a number as none."""
    return len(WORD_LETTERS.findall(text))


def is_in_language(text: str, language: str) -> bool:
    """Tell whether a text is in a language, or too short to have one (a name, a number).

    A word that continues in Chinese ("Trois十九 pays") excludes every language but Chinese.
    """
    if language != "zh" and _MIXED_WORD.search(text):
        return False
    if count_words(text) <= _MAX_NAME_WORDS:
        return True
    return detect(text, among=sorted({*ANSWER_LANGUAGES, language})) == language


def passage_language(text: str, article: str) -> str:
    """Return the language of a passage of an article whose language is `article`.

    It differs from the article's only if the passage is long enough, clearly in another language, and
    that language's mean vector is known.
    """
    if len(text) < _MIN_HAN_CHARACTERS:
        return article
    latin, cyrillic = len(_LATIN_WORD.findall(text)), len(_CYRILLIC_WORD.findall(text))
    han, others = (len(_SCRIPT_PATTERNS[script].findall(text)) for script in ("han", "kana"))
    # Most Chinese words have two characters.
    words = {"latin": latin, "cyrillic": cyrillic, "han": han // 2}
    script = max(words, key=words.__getitem__)
    enough = han >= _MIN_HAN_CHARACTERS if script == "han" else words[script] >= _MIN_WORDS
    if not enough or words[script] < _MIN_SCRIPT_SHARE * sum(words.values()) or others:
        return article
    if script != "latin":
        return article if article in _BY_SCRIPT[script] else {"cyrillic": "ru", "han": "zh"}[script]
    if (
        article in _FUNCTION_WORDS
        and len(_FUNCTION_WORDS[article].findall(text)) >= _MIN_FUNCTION_WORD_SHARE * latin
    ):
        return article
    return _likeliest_latin(text, article)


def _likeliest_latin(text: str, article: str) -> str:
    """Return the likeliest language of Latin script, or `article` unless that is much less likely."""
    scores = dict(language_identifier().rank(text))
    best = max(_PASSAGE_LANGUAGES, key=lambda code: scores[code])
    same = article in _BY_SCRIPT["latin"]
    likelier = not same or scores[best] - scores.get(article, float("-inf")) >= _MIN_GAIN_OVER_ARTICLE
    common = len(_FUNCTION_WORDS[best].findall(text)) >= _MIN_FUNCTION_WORD_SHARE * len(
        _LATIN_WORD.findall(text)
    )
    return best if likelier and common else article


def _script(text: str) -> str:
    """Return the script of most words; "" if there is no letter."""
    weights = {script: 0.6 * len(found.findall(text)) for script, found in _SCRIPT_PATTERNS.items()}
    weights["han"] += len(_CHINESE_GRAMMAR.findall(text))
    if weights["kana"] * 8 > weights["han"]:
        weights["kana"] += weights.pop("han")
    weights["latin"] = _weigh_words(_LATIN_WORD, text)
    weights["cyrillic"] = _weigh_words(_CYRILLIC_WORD, text)
    script = max(weights, key=weights.__getitem__)
    return script if weights[script] else ""


def _weigh_words(word: re.Pattern[str], text: str) -> float:
    """Count words; capitalised ones, likely names, count half."""
    names = sum(found[0][0].isupper() and found.start() > 2 for found in word.finditer(text))
    return len(word.findall(text)) - names / 2


def _latin_words(text: str) -> str:
    """Drop other scripts and, in a short text, Vietnamese names, which occur in questions of any language."""
    words = _LATIN_WORD.findall(text)
    names = {word for n, word in enumerate(words) if word[0].isupper() and (n or max(word) > "\u0100")}
    if len(words) <= _SHORT_TEXT_WORDS and any(max(name) > "\u0100" for name in names):
        others = [word for word in words if word not in names]
        words = others if len(others) >= _MIN_WORDS_WITHOUT_NAMES else words
    return " ".join(words)


def _likeliest(text: str, candidates: list[str]) -> str:
    ranked = [(code, score) for code, score in language_identifier().rank(text) if code in candidates]
    if not ranked:
        return candidates[0]
    scores = dict(ranked)
    best, score = ranked[0]
    lead = score - scores.get("en", float("-inf"))
    margin = 2 * _MIN_GAIN_OVER_ENGLISH if len(text) <= _DOUBLED_GAIN_CHARACTERS else _MIN_GAIN_OVER_ENGLISH
    return "en" if lead < margin else best


@cache
def language_identifier() -> Any:
    """Load py3langid (BSD), which takes up to a second, so only if a script leaves a choice."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)
