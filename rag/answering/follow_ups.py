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
_HAN_NAME_TAGS = ("nr", "ns", "nt", "nz", "j")
_HAN_CONTENT_TAGS = ("n", "v", "a", "j", "i", "l", "d", "s", "b")
MAX_EXTRA_WORDS = 2
"""Content words beyond `Pronouns.few` that a follow-up without a name may have if one of them occurs in the
conversation. Fitted on 25 conversations."""


def is_follow_up(question: str, language: str, history: Sequence[Turn]) -> bool:
    """Tell whether a question depends on the conversation.

    It does if a pronoun has no antecedent in the question itself, if it continues an earlier question ("And
    in 2019?"), or if it has no name and too few content words. Always False in a language without pronoun
    tables (rag.text.pronouns).
    """
    if not history or language not in LANGUAGES or not question.strip():
        return False
    pronouns = pronouns_of(language)
    plain = _plain(question)
    text = pronouns.pleonastic.sub(lambda found: "·" + " " * (len(found[0]) - 1), plain.lower())
    if pronouns.explicit.search(text):
        return True
    names = sorted(_names(plain, language) + [found.span() for found in pronouns.nationality.finditer(text)])
    rest = _blanked(text, names)
    content = _content_words(rest, language, pronouns) + re.findall(r"\d{4}", rest)[:1]
    nouns = [start for start, _ in names] + _nouns(rest, language, pronouns)
    if _has_unresolved_pronoun(plain, rest, language, nouns):
        return True
    complete = names and content and len(content) + len(names) > pronouns.max_incomplete_words
    if pronouns.opening.search(text) and not complete:
        return True
    return not names and _lacks_content(text, content, pronouns, history)


def _plain(text: str) -> str:
    """Normalise a text: one line, NFKC, straight apostrophes, no characters that lower-casing lengthens."""
    line = " ".join(unicodedata.normalize("NFKC", text).replace("’", "'").split())
    return "".join(c for c in line if len(c.lower()) == 1)


def _has_unresolved_pronoun(question: str, text: str, language: str, nouns: Sequence[int]) -> bool:
    """Tell whether a pronoun of `text` has no antecedent among the nouns, given by their offsets."""
    pronouns = pronouns_of(language)
    oblique = [found.span() for found in pronouns.oblique.finditer(text)]
    subjects = [noun for noun in nouns if not any(start <= noun < end for start, end in oblique)]
    clauses = [clause.start() for clause in pronouns.clause.finditer(text)]
    resolved: set[int] = set()
    for pattern, antecedents in (
        (pronouns.possessive, nouns),
        (pronouns.subject, nouns),
        (pronouns.resumptive, subjects),
    ):
        for found in pattern.finditer(text):
            resolved.update(range(*found.span()))
            if not any(antecedent < found.start() for antecedent in antecedents):
                return True
    for found in pronouns.dependent.finditer(text):
        if found.start() in resolved or (language == "vi" and _is_title(question, found.end())):
            continue
        if not any(noun < clause < found.start() for noun in nouns for clause in clauses):
            return True
    return False


def _is_title(question: str, end: int) -> bool:
    """Tell whether a name follows: in Vietnamese, "ông Vịnh" is Mr Vịnh, but "ông" alone is "he"."""
    return re.match(r" [A-ZĐÀ-Ỹ]", question[end:]) is not None and question[end + 1].isupper()


def _names(question: str, language: str) -> list[tuple[int, int]]:
    """Return the spans of names; adjacent words form one name."""
    if language == "zh":
        found = [(start, start + len(word)) for start, word, tag in _tagged(question) if _is_name(word, tag)]
        found += [m.span() for m in _QUOTED.finditer(question)]
    else:
        found = [
            m.span()
            for m in _NAME.finditer(question)
            if not (m[0].islower() or _is_sentence_initial(question, m, language))
        ]
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _is_name(word: str, tag: str) -> bool:
    return len(word) > 1 and (tag.startswith(_HAN_NAME_TAGS) or (word.isascii() and word.isalpha()))


def _is_sentence_initial(question: str, name: re.Match[str], language: str) -> bool:
    """Tell whether a word may be capitalised only because it begins a sentence."""
    before = question[: name.start()].rstrip()
    if (before and before[-1] not in ".?!:") or not name[0][0].isalpha():
        return False
    if re.search(r".[A-ZА-Я]", name[0]):
        return False
    return language != "vi" or _VIETNAMESE_SYLLABLE.fullmatch(name[0]) is not None


def _blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _nouns(text: str, language: str, pronouns: Pronouns) -> list[int]:
    """Return the positions of nouns that may be antecedents."""
    if language == "zh":
        return [
            s for s, word, tag in _tagged(text) if tag.startswith("n") and word not in pronouns.stop_words
        ]
    return [m.start() for m in pronouns.noun.finditer(text) if _content_words(m[0], language, pronouns)]


def _content_words(text: str, language: str, pronouns: Pronouns) -> list[str]:
    """Return the content words."""
    if language == "zh":
        return [
            w
            for _, w, tag in _tagged(text)
            if tag.startswith(_HAN_CONTENT_TAGS) and w not in pronouns.stop_words
        ]
    return [word for word in _WORD.findall(text) if len(word) > 1 and word not in pronouns.stop_words]


def _tagged(text: str) -> list[tuple[int, str, str]]:
    """Return Chinese words: the offset, the word, and jieba's part of speech of each."""
    import rjieba  # loads its dictionary in 0.1 s: only for Chinese questions

    words, start = [], 0
    for word, tag in rjieba.tag(text):
        words.append((start, str(word), str(tag)))
        start += len(word)
    return words


def _lacks_content(text: str, content: Sequence[str], pronouns: Pronouns, history: Sequence[Turn]) -> bool:
    """Tell whether a question without a name has too few content words to search for."""
    if pronouns.generic.search(text) and content:
        return False
    if len(content) <= pronouns.max_incomplete_words:
        return True
    conversation = _plain(" ".join(f"{turn.question} {turn.answer}" for turn in history)).lower()
    mentioned = any(word[:5] in conversation for word in content if len(word) > 3 or not word.isascii())
    definite = pronouns.definite.search(text) is not None
    extra_words = definite + mentioned * MAX_EXTRA_WORDS - (not definite and not mentioned)
    return len(content) <= pronouns.max_incomplete_words + extra_words
