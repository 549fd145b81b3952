"""Extract names from Chinese text: dotted transcriptions, gazetteer entries, names beside titles, tagged
ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from rag.text.word_sets import word_set
from rag.verification.names.chinese_characters import double_surnames, surnames, transcribing
from rag.verification.names.gazetteer import mentions
from rag.verification.names.word_lists import LONGER_NAME, Name, words_of

DOT = re.compile("[·•・‧]")
"""The dot between the parts of a transcribed name."""
_PART = r"(?:(?![和与及在])[\u4e00-\u9fffA-Za-z.\-]){1,8}"
_DOTTED = re.compile(rf"{_PART}(?:[·•・‧]{_PART}){{1,4}}")
_SPEECH_VERBS = r"表示|指出|强调|认为|介绍|透露|告诉|称[,，:：]|说[,，:：道]|宣布|在接受|在会"
_NO_NAME_CHARACTERS = frozenset("的了在是和与及对向为将被由从到至于就也都还并等会见说称表示访问出席担任同")
_TITLES = re.findall("..", "部长总统总理主席大使先生女士教授记者书记首相外长将军上将大将主任院长校长")
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]{2,200}")
_CLEAR_SURNAMES = frozenset(
    "张刘陈杨赵黄吴徐孙胡朱郭罗梁宋郑谢韩唐冯邓曹彭曾肖蔡潘袁董余苏吕魏蒋杜沈姜傅钟卢汪崔廖邹陆郝邱秦顾侯邵孟龚阮裴李王"
)
"""Characters that are hardly anything but surnames: a tagged name of three characters that begins with one is
no guess."""
_FUNCTION_TAGS = word_set("p c u uj ul uz ug y d v r")
"""Tags of rjieba for function words, adverbs, verbs and pronouns."""


def han_names(text: str) -> Iterator[Name]:
    """Yield the names of a Chinese text, without overlaps; the surest kind of name takes precedence."""
    taken: set[int] = set()
    for match in _DOTTED.finditer(text):
        yield from _dotted(match, taken)
    for mention in mentions(text, "zh"):
        free = taken.isdisjoint(range(mention.start, mention.end))
        if not mention.implied and free and "\u4e00" <= text[mention.start] <= "\u9fff":
            taken.update(range(mention.start, mention.end))
            whole = LONGER_NAME.match(text, mention.end) is None
            yield Name(mention.start, mention.end, (text[mention.start : mention.end],), mention, whole)
    for match in _beside_titles().finditer(text):
        start, end = match.span(match.lastgroup or 0)
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            yield Name(start, end, (text[start:end],))
    for start, end in _tagged(text):
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            guessed = end - start != 3 or text[start] not in _CLEAR_SURNAMES
            yield Name(start, end, (text[start:end],), guessed=guessed)


def _dotted(match: re.Match[str], taken: set[int]) -> Iterator[Name]:
    """Yield a dotted transcription, its outer parts cut to the characters that transcribe."""
    parts = DOT.split(match[0])
    first, last = transcribing_end(parts[0]), transcribing_start(parts[-1])
    start, end = match.start() + len(parts[0]) - len(first), match.end() - len(parts[-1]) + len(last)
    if first and last:
        taken.update(range(start, end))
        yield Name(start, end, (first, *parts[1:-1], last))


def transcribing_end(part: str) -> str:
    """Return the longest end of a text that consists of transcribing characters or ASCII."""
    at = len(part)
    while at > 0 and (part[at - 1] in transcribing() or part[at - 1].isascii()):
        at -= 1
    return part[at:]


def transcribing_start(part: str) -> str:
    """Return the longest beginning of a text that consists of transcribing characters or ASCII."""
    at = 0
    while at < len(part) and (part[at] in transcribing() or part[at].isascii()):
        at += 1
    return part[:at]


def _tagged(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans that rjieba tags as a person with a surname, a place or an organisation."""
    import rjieba  # loads its dictionary in 0.1 s: only if Chinese is checked

    for run in _HAN_RUN.finditer(text):
        at = run.start()
        for (word, tag), (next_word, next_tag) in pairwise([*rjieba.tag(run[0]), ("", "x")]):
            size, complete, person = len(word), True, tag.startswith("nr")
            if word in double_surnames() and 1 <= len(next_word) <= 2:
                size += len(next_word)  # the given name
            elif person and size == 2 and len(next_word) == 1 and word[0] in surnames():
                # The next character may be the second of the given name.
                complete = next_tag in _FUNCTION_TAGS or next_word in _NO_NAME_CHARACTERS
            person = person and (word[0] in surnames() or size >= 3) and size <= 4
            is_name = complete and size > 1 and (person or tag in ("ns", "nt"))
            if is_name and word[-1] not in _NO_NAME_CHARACTERS:
                yield at, at + size
            at += len(word)


@cache
def _beside_titles() -> re.Pattern[str]:
    """Return a pattern of names before a title or a verb of speech, or after a title."""
    titles = "|".join(sorted(words_of("han titles", ""), key=len, reverse=True))
    one = rf"(?:{'|'.join(double_surnames())}|[{surnames()}])"
    given = rf"(?:(?!{_SPEECH_VERBS}|{titles})[^\W\da-zA-Z_{''.join(_NO_NAME_CHARACTERS)}]){{1,2}}"
    sounding = f"[{''.join(sorted(transcribing()))}]{{2,6}}"
    return re.compile(
        rf"(?<![\u4e00-\u9fff])(?P<a>{one}{given})(?=(?:{_SPEECH_VERBS}|{titles}))"
        rf"|(?<={'|'.join(_TITLES)})"
        rf"(?:(?P<b>{sounding})|(?P<c>{one}{given}))(?={_SPEECH_VERBS}|{titles}|[，,。、的在和与就对于说会]|$)"
    )
