"""The language of an article: those that questions are asked in, and many more.

A script that one language is written in tells it. Other languages are py3langid's (BSD), which knows 97;
they are taken only where the text has some length and is clearly not in a language of `detect`.
"""

from __future__ import annotations

import unicodedata
from collections import Counter

from rag.text.language import LANGUAGES, _identifier, count_words, detect

UNKNOWN = "unknown"
"""The language of a text that has none (figures alone), or whose script is not known."""
_BY_SCRIPT = {
    "GREEK": "el", "HEBREW": "he", "DEVANAGARI": "hi", "KHMER": "km", "LAO": "lo", "MYANMAR": "my",
    "GEORGIAN": "ka", "ARMENIAN": "hy", "BENGALI": "bn", "TAMIL": "ta", "TELUGU": "te", "GUJARATI": "gu",
    "ETHIOPIC": "am", "SINHALA": "si", "KANNADA": "kn", "MALAYALAM": "ml", "GURMUKHI": "pa", "TIBETAN": "bo",
}  # fmt: skip
"""Languages by the first word of their letters' names in Unicode."""
_DETECTED = frozenset({"LATIN", "CYRILLIC", "CJK", "HIRAGANA", "KATAKANA", "HANGUL", "ARABIC", "THAI"})
_FURTHER_CODES = """
    sv da no nb fi is cs sk hu ro hr sl bs lt lv et sq ca ms sw af cy ga eu bg sr mk be kk fa ur
"""
_FURTHER = frozenset(_FURTHER_CODES.split())
_MIN_WORDS = 20
"""Words from which a text tells a further language. Not fitted."""
_MIN_LOG_LIKELIHOOD_GAIN = 10.0
"""Log-likelihood by which a further language must exceed the detected one. Not fitted."""
_SAMPLE_CHARACTERS = 5000


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
    ranked = _identifier().rank(text)
    scores = dict(ranked)
    best = ranked[0][0]
    likelier = scores[best] - scores.get(detected, float("-inf")) >= _MIN_LOG_LIKELIHOOD_GAIN
    return best if best in _FURTHER and likelier else detected
