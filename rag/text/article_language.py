"""Detect the language of an article: one of those that `detect` distinguishes, or one of many more.

A script that a single language uses decides. Further languages are detected by py3langid (BSD), which knows
97, and only in a text that is long enough and clearly not in a language of `detect`.
"""

from __future__ import annotations

import unicodedata
from collections import Counter

from rag.text.language import LANGUAGES, count_words, detect, language_identifier

UNKNOWN = "unknown"
"""The language of a text without letters, or in an unknown script."""
_BY_SCRIPT = {
    "GREEK": "el", "HEBREW": "he", "DEVANAGARI": "hi", "KHMER": "km", "LAO": "lo", "MYANMAR": "my",
    "GEORGIAN": "ka", "ARMENIAN": "hy", "BENGALI": "bn", "TAMIL": "ta", "TELUGU": "te", "GUJARATI": "gu",
    "ETHIOPIC": "am", "SINHALA": "si", "KANNADA": "kn", "MALAYALAM": "ml", "GURMUKHI": "pa", "TIBETAN": "bo",
}  # fmt: skip
"""Languages by the first word of their letters' names in Unicode."""
_DETECTED = frozenset({"LATIN", "CYRILLIC", "CJK", "HIRAGANA", "KATAKANA", "HANGUL", "ARABIC", "THAI"})
_FURTHER_CODES = """
    sv da no nb fi is cs sk hu ro hr sl bs lt lv et sq ca ms sw af cy ga eu bg sr mk be kk ky mn fa ur
"""
_FURTHER = frozenset(_FURTHER_CODES.split())
_MIN_WORDS = 20
"""Minimum number of words of a text in a further language. Not fitted."""
_MIN_LOG_LIKELIHOOD_GAIN = 10.0
"""Minimum log-likelihood by which a further language exceeds the detected one. Not fitted."""
_SAMPLE_CHARACTERS = 5000
"""Number of characters at the start in which the language is detected. Not fitted."""


def article_language(text: str) -> str:
    """Return the ISO 639-1 code of the language of an article, or UNKNOWN."""
    text = text[:_SAMPLE_CHARACTERS]
    scripts = Counter(unicodedata.name(char, "").split(" ")[0] for char in text if char.isalpha())
    if not scripts:
        return UNKNOWN
    others = {script: count for script, count in scripts.items() if script not in _DETECTED}
    if 2 * sum(others.values()) > scripts.total():
        return _BY_SCRIPT.get(max(others, key=others.__getitem__), UNKNOWN)
    return _further(text, detect(text, LANGUAGES))


def _further(text: str, detected: str) -> str:
    if count_words(text) < _MIN_WORDS or detected in ("zh", "ja", "ko", "th"):
        return detected
    ranked = language_identifier().rank(text)
    scores = dict(ranked)
    best = ranked[0][0]
    likelier = scores[best] - scores.get(detected, float("-inf")) >= _MIN_LOG_LIKELIHOOD_GAIN
    return best if best in _FURTHER and likelier else detected
