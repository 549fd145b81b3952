"""Does a question lean on the conversation: can it be understood only with what was said before? Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from rag.documents import Turn
from rag.pronouns import LANGUAGES, Pronouns, pronouns_of

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
_OVERLAP = 2
"""Words beyond `few` that a nameless question may have where one of them was spoken of."""


def leans(question: str, language: str, history: Sequence[Turn]) -> bool:
    """Whether a question leans on the conversation: it cannot be understood without it.

    A pronoun leans unless what it stands for is in the question itself; so does a question that goes on
    where another stopped ("And in 2019?"), or that has too few words of its own and no name.
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
    """One line, composed, its apostrophes straight; lower case keeps its length."""
    line = " ".join(unicodedata.normalize("NFKC", text).replace("’", "'").split())
    return "".join(c for c in line if len(c.lower()) == 1)


def _unowned(asked: str, text: str, language: str, nouns: Sequence[int]) -> bool:
    """Whether a pronoun stands in the question without what it stands for."""
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
    """Whether a name follows: in Vietnamese, ông Vịnh is Mr Vịnh, where ông alone is he."""
    return re.match(r" [A-ZĐÀ-Ỹ]", asked[end:]) is not None and asked[end + 1].isupper()


def _names(asked: str, language: str) -> list[tuple[int, int]]:
    """Where names begin and end; one of several words counts once."""
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
    """Whether a capital is only that of a sentence's first word."""
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
    """Where nouns stand that a pronoun may stand for."""
    if language == "zh":
        return [s for s, word, tag in _tagged(text) if tag.startswith("n") and word not in speech.light]
    return [m.start() for m in speech.noun.finditer(text) if _content(m[0], language, speech)]


def _content(text: str, language: str, speech: Pronouns) -> list[str]:
    """The words that name something."""
    if language == "zh":
        return [w for _, w, tag in _tagged(text) if tag.startswith(_HAN_SPOKEN) and w not in speech.light]
    return [word for word in _WORD.findall(text) if len(word) > 1 and word not in speech.light]


def _tagged(text: str) -> list[tuple[int, str, str]]:
    """Chinese words: where each begins, the word, and jieba's part of speech."""
    import rjieba  # loads its dictionary, a tenth of a second: only where Chinese is asked

    words, start = [], 0
    for word, tag in rjieba.tag(text):
        words.append((start, str(word), str(tag)))
        start += len(word)
    return words


def _poor(text: str, content: Sequence[str], speech: Pronouns, history: Sequence[Turn]) -> bool:
    """Whether a question without a name says too little to be looked for."""
    if speech.general.search(text) and content:
        return False
    if len(content) <= speech.few:
        return True
    told = _plain(" ".join(f"{turn.question} {turn.answer}" for turn in history)).lower()
    spoken = any(word[:5] in told for word in content if len(word) > 3 or not word.isascii())
    closed = speech.definite.search(text) is not None
    return len(content) <= speech.few + closed + spoken * _OVERLAP - (not closed and not spoken)
