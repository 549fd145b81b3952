"""Follow-up detection: whether a question can be understood only with the conversation. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from rag.text.pronouns import LANGUAGES, Pronouns, pronouns_of
from rag.types import Turn

_WORD = re.compile(r"[^\W\d_]+")
_QUOTED = re.compile(r"«[^»]+»|“[^”]+”|\"[^\"]+\"|《[^》]+》|「[^」]+」")
_NAME = re.compile(rf"[^\W\d_][\w-]*|{_QUOTED.pattern}")
_VIETNAMESE_SYLLABLE = re.compile(
    r"(?:ngh|[bcdđghklmnpqrstvx]|ch|gh|gi|kh|ng|nh|ph|qu|th|tr)?[^\Wb-df-hj-np-tv-xzđ]{1,3}"
    r"(?:ch|nh|ng|[cmnpt])?",
    re.IGNORECASE,
)
_HAN_NAMES = ("nr", "ns", "nt", "nz", "j")
_HAN_SPOKEN = ("n", "v", "a", "j", "i", "l", "d", "s", "b")
MAX_EXTRA_WORDS = 2
"""Content words beyond `Pronouns.few` that a follow-up without a name may have if one of them occurs in the
conversation. Fitted on 25 conversations."""


def is_follow_up(question: str, language: str, history: Sequence[Turn]) -> bool:
    """Whether a question depends on the conversation.

    It does if a pronoun has no antecedent in the question itself, if it continues an earlier question ("And
    in 2019?"), or if it has no name and too few content words. Always False in a language without pronoun
    tables (rag.text.pronouns).
    """
    if not history or language not in LANGUAGES or not question.strip():
        return False
    speech = pronouns_of(language)
    asked = _plain(question)
    text = speech.idle.sub(lambda found: "·" + " " * (len(found[0]) - 1), asked.lower())
    if speech.always.search(text):
        return True
    names = sorted(_names(asked, language) + [found.span() for found in speech.native.finditer(text)])
    rest = _without(text, names)
    content = _content(rest, language, speech) + re.findall(r"\d{4}", rest)[:1]
    nouns = [start for start, _ in names] + _nouns(rest, language, speech)
    if _unowned(asked, rest, language, nouns):
        return True
    if speech.opening.search(text) and not (names and content and len(content) + len(names) > speech.few):
        return True
    return not names and _poor(text, content, speech, history)


def _plain(text: str) -> str:
    """Text on one line in NFKC with straight apostrophes, without characters that lower-casing lengthens."""
    line = " ".join(unicodedata.normalize("NFKC", text).replace("’", "'").split())
    return "".join(c for c in line if len(c.lower()) == 1)


def _unowned(asked: str, text: str, language: str, nouns: Sequence[int]) -> bool:
    """Whether a pronoun has no antecedent in the question."""
    speech = pronouns_of(language)
    oblique = [found.span() for found in speech.oblique.finditer(text)]
    subjects = [noun for noun in nouns if not any(start <= noun < end for start, end in oblique)]
    clauses = [clause.start() for clause in speech.clause.finditer(text)]
    owned: set[int] = set()
    for pattern, owners in ((speech.owner, nouns), (speech.subject, nouns), (speech.doubling, subjects)):
        for found in pattern.finditer(text):
            owned.update(range(*found.span()))
            if not any(owner < found.start() for owner in owners):
                return True
    for found in speech.other.finditer(text):
        if found.start() in owned or (language == "vi" and _titles(asked, found.end())):
            continue
        if not any(noun < clause < found.start() for noun in nouns for clause in clauses):
            return True
    return False


def _titles(asked: str, end: int) -> bool:
    """Whether a name follows: in Vietnamese, "ông Vịnh" is Mr Vịnh, but "ông" alone is "he"."""
    return re.match(r" [A-ZĐÀ-Ỹ]", asked[end:]) is not None and asked[end + 1].isupper()


def _names(asked: str, language: str) -> list[tuple[int, int]]:
    """The spans of names; adjacent words form one name."""
    if language == "zh":
        found = [(start, start + len(word)) for start, word, tag in _tagged(asked) if _is_name(word, tag)]
        found += [m.span() for m in _QUOTED.finditer(asked)]
    else:
        found = [
            m.span() for m in _NAME.finditer(asked) if not (m[0].islower() or _begins(asked, m, language))
        ]
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _is_name(word: str, tag: str) -> bool:
    return len(word) > 1 and (tag.startswith(_HAN_NAMES) or (word.isascii() and word.isalpha()))


def _begins(asked: str, name: re.Match[str], language: str) -> bool:
    """Whether a word is capitalised only because it begins a sentence."""
    before = asked[: name.start()].rstrip()
    if (before and before[-1] not in ".?!:") or not name[0][0].isalpha():
        return False
    if re.search(r".[A-ZА-Я]", name[0]):
        return False
    return language != "vi" or _VIETNAMESE_SYLLABLE.fullmatch(name[0]) is not None


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _nouns(text: str, language: str, speech: Pronouns) -> list[int]:
    """The positions of nouns that may be antecedents."""
    if language == "zh":
        return [s for s, word, tag in _tagged(text) if tag.startswith("n") and word not in speech.light]
    return [m.start() for m in speech.noun.finditer(text) if _content(m[0], language, speech)]


def _content(text: str, language: str, speech: Pronouns) -> list[str]:
    """The content words."""
    if language == "zh":
        return [w for _, w, tag in _tagged(text) if tag.startswith(_HAN_SPOKEN) and w not in speech.light]
    return [word for word in _WORD.findall(text) if len(word) > 1 and word not in speech.light]


def _tagged(text: str) -> list[tuple[int, str, str]]:
    """Chinese words: the offset, the word, and jieba's part of speech of each."""
    import rjieba  # loads its dictionary in 0.1 s: only for Chinese questions

    words, start = [], 0
    for word, tag in rjieba.tag(text):
        words.append((start, str(word), str(tag)))
        start += len(word)
    return words


def _poor(text: str, content: Sequence[str], speech: Pronouns, history: Sequence[Turn]) -> bool:
    """Whether a question without a name has too few content words to search for."""
    if speech.general.search(text) and content:
        return False
    if len(content) <= speech.few:
        return True
    told = _plain(" ".join(f"{turn.question} {turn.answer}" for turn in history)).lower()
    spoken = any(word[:5] in told for word in content if len(word) > 3 or not word.isascii())
    closed = speech.definite.search(text) is not None
    return len(content) <= speech.few + closed + spoken * MAX_EXTRA_WORDS - (not closed and not spoken)
