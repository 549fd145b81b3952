"""Which language a text is written in."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from typing import Any

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
"""What `detect` tells apart: ISO 639-1 codes."""

SPOKEN = ("en", "fr", "ru", "vi", "zh")
"""What questions are recognised in, and answered in, whatever the library's languages are."""

_TELLING = 3
"""Words (Chinese: characters) up to which a text is a name or a number: it tells no language."""
_COUNTED = re.compile(r"[\u3400-\u9fff]|[^\W\d_]+")
_SAMPLE = 5000
"""Characters that are looked at."""
_TIE = 1.5
"""Log-likelihood by which another language must beat English: "Hello" is not Italian."""
_BRIEF = 12
"""Letters up to which it must do so twice as clearly."""
_SHORT, _ENOUGH = 30, 3
"""Words of a text that is short, and of one that tells its language without names."""
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+")
_CYRILLIC_WORD = re.compile(r"[\u0400-\u052f]+")
_SINGLE = {
    "han": re.compile(r"[\u3400-\u9fff\uf900-\ufaff]"),
    "kana": re.compile(r"[\u3041-\u30ff]"),
    "hangul": re.compile(r"[\uac00-\ud7a3]+"),
    "arabic": re.compile(r"[\u0620-\u06ff]+"),
    "thai": re.compile(r"[\u0e01-\u0e2e]"),
}
_LETTER, _CHARACTER = r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff\u0400-\u052f]", r"[\u3400-\u9fff]"
_GOES_OVER = re.compile(f"{_LETTER}{_CHARACTER}|{_CHARACTER}{_LETTER}")
_UKRAINIAN, _RUSSIAN = re.compile(r"[іїєґІЇЄҐ]"), re.compile(r"[ыэъёЫЭЪЁ]")
_CHINESE_GRAMMAR = re.compile(r"[的是了在吗呢么谁哪几多少何为和与有对什怎]")

_SURE, _SURE_HAN = 20, 25
"""Words, and Chinese characters, from which on a piece of an article tells a language of its own."""
_SHARE = 0.85
"""Share of the words that must be in one script for it to be the piece's."""
_MARGIN = 25.0
"""Log-likelihood by which another language of the same script must beat the article's own."""
_COMMON_WORDS = {
    "en": "the of and to in a is that for on with was it as by are from at",
    "fr": "le les et des du une dans est pour qui au par sur ce il pas avec ont l d s n q c j",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine",
    "es": "el los del las y por con una su al para no como más lo sus fue ha",
}
_COMMON = {
    language: re.compile(rf"\b(?:{'|'.join(words.split())})\b", re.IGNORECASE)
    for language, words in _COMMON_WORDS.items()
}
_COMMON["vi"] = re.compile(r"\w*[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]\w*", re.IGNORECASE)
"""Words that every text in a language has many of."""
_OFTEN = 0.1
"""Share of the words that these are, at least."""
_PIECES = ("en", "fr", "vi", "de", "es")
"""Languages of Latin script that a piece may be in: those whose shift is measured (rag.balancing)."""


def detect(text: str, among: Collection[str] | None = None) -> str:
    """Return the ISO 639-1 code of the language that most of `text` is in, one of `among`.

    `among` defaults to LANGUAGES. The script decides first (a question in English about 越通社 is
    English), then py3langid, which is told the languages of that script. Where nothing decides:
    English, or the first of `among`.
    """
    allowed = list(among) if among is not None else list(LANGUAGES)
    text = text[:_SAMPLE]
    script = _script(text)
    candidates = [code for code in allowed if code in _BY_SCRIPT.get(script, ())] or allowed
    if len(candidates) == 1 or not script:
        return "en" if "en" in candidates else candidates[0]
    if script == "cyrillic" and {*candidates} <= {"ru", "uk"}:
        return "uk" if len(_UKRAINIAN.findall(text)) > len(_RUSSIAN.findall(text)) else "ru"
    return _likeliest(_latin(text) if script == "latin" else text, candidates)


def count_words(text: str) -> int:
    """How many words a text has; a Chinese character counts as one, a number as none."""
    return len(_COUNTED.findall(text))


def spoken_in(text: str, language: str) -> bool:
    """Whether a text is in a language; so is one of names and numbers only, which have none.

    A word that goes over into Chinese ("Trois十九 pays") is in no language but Chinese.
    """
    if language != "zh" and _GOES_OVER.search(text):
        return False
    if count_words(text) <= _TELLING:
        return True
    return detect(text, among=sorted({*SPOKEN, language})) == language


def language_of_piece(text: str, article: str) -> str:
    """The language of a piece of an article that is in the language `article`.

    That of the article, unless the piece is long enough and surely in another one that is balanced.
    """
    if len(text) < _SURE_HAN:
        return article
    latin, cyrillic = len(_LATIN_WORD.findall(text)), len(_CYRILLIC_WORD.findall(text))
    han, others = (len(_SINGLE[script].findall(text)) for script in ("han", "kana"))
    # a Chinese word has two characters or fewer
    words = {"latin": latin, "cyrillic": cyrillic, "han": han // 2}
    script = max(words, key=words.__getitem__)
    enough = han >= _SURE_HAN if script == "han" else words[script] >= _SURE
    if not enough or words[script] < _SHARE * sum(words.values()) or others:
        return article
    if script != "latin":
        return article if article in _BY_SCRIPT[script] else {"cyrillic": "ru", "han": "zh"}[script]
    if article in _COMMON and len(_COMMON[article].findall(text)) >= _OFTEN * latin:
        return article
    return _surely_other(text, article)


def _surely_other(text: str, article: str) -> str:
    """The likeliest language of a piece in Latin script; the article's where another is not much likelier."""
    scores = dict(_identifier().rank(text))
    best = max(_PIECES, key=lambda code: scores[code])
    same = article in _BY_SCRIPT["latin"]
    likelier = not same or scores[best] - scores.get(article, float("-inf")) >= _MARGIN
    said = len(_COMMON[best].findall(text)) >= _OFTEN * len(_LATIN_WORD.findall(text))
    return best if likelier and said else article


def _script(text: str) -> str:
    """Return the script that carries the text, by words; empty where there is no letter."""
    weights = {script: 0.6 * len(found.findall(text)) for script, found in _SINGLE.items()}
    weights["han"] += len(_CHINESE_GRAMMAR.findall(text))
    if weights["kana"] * 8 > weights["han"]:
        weights["kana"] += weights.pop("han")
    weights["latin"] = _words(_LATIN_WORD, text)
    weights["cyrillic"] = _words(_CYRILLIC_WORD, text)
    script = max(weights, key=weights.__getitem__)
    return script if weights[script] else ""


def _words(word: re.Pattern[str], text: str) -> float:
    """Weigh words: names, which any language borrows, count half."""
    names = sum(found[0][0].isupper() and found.start() > 2 for found in word.finditer(text))
    return len(word.findall(text)) - names / 2


def _latin(text: str) -> str:
    """Leave out other scripts, and from a short text Vietnamese names: others ask about them."""
    words = _LATIN_WORD.findall(text)
    names = {word for n, word in enumerate(words) if word[0].isupper() and (n or max(word) > "\u0100")}
    if len(words) <= _SHORT and any(max(name) > "\u0100" for name in names):
        told = [word for word in words if word not in names]
        words = told if len(told) >= _ENOUGH else words
    return " ".join(words)


def _likeliest(text: str, candidates: list[str]) -> str:
    ranked = [(code, score) for code, score in _identifier().rank(text) if code in candidates]
    if not ranked:
        return candidates[0]
    scores = dict(ranked)
    best, score = ranked[0]
    lead = score - scores.get("en", float("-inf"))
    return "en" if lead < (2 * _TIE if len(text) <= _BRIEF else _TIE) else best


@cache
def _identifier() -> Any:
    """Load py3langid (BSD): a second at most, so only where a script leaves a choice."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)
