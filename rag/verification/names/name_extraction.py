"""Extract names from a text: runs of capitalised words, entries of the gazetteer, clear Chinese names.

A name without clear boundaries is left out: what is not extracted cannot count against a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.text.word_sets import word_set
from rag.verification.names.chinese_names import han_names
from rag.verification.names.gazetteer import WORD, Mention, mentions
from rag.verification.names.phonetics import fold, vietnamese_sounds
from rag.verification.names.word_lists import (
    LONGER_NAME,
    Name,
    is_calendar_word,
    is_common,
    is_title,
    words_of,
)

_GAP = re.compile(r"[ \u00a0]{1,2}|[-‑'’]|\.[ ]?")
_DOT = re.compile(r"\.[ ]?")
_ELIDED = word_set("l d s c j n m t qu")
"""French words that are elided before a vowel: l'Europe."""
_OPENING = re.compile(r"[.!?…:;\n«“\"(—–\[]\s*$|[.!?…]\s+[«“\"(]?$")
"""The text before a word that begins a sentence, a quotation or a line."""
_MAX_NAME_TOKENS = 12
"""Maximum number of words of a name. Not fitted."""


VIETNAMESE_SURNAMES = word_set(
    "nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh truong dao doan "
    "vuong trinh luong mai to ta cao ha lam chau thai luu ngu quach kieu dam tong la ton phung lai "
    "tang quan mac thach khuat nghiem chu han bach tap mao"
)
"""Vietnamese surnames, folded."""
_AFTER_TITLE = re.compile(r"(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị)\s$")
_RUSSIAN_NAME = re.compile(r"(?:[оеё]в|ин|ын|ск(?:ий|ая))(?:а|у|ым|ой|е|ы)?$|[A-Za-z]|[А-Я]{2}")
"""Russian words that are surely names: surnames, Latin letters, acronyms."""


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int


def names(text: str, language: str) -> list[Name]:
    """Return the names of a text, in order, without overlaps."""
    found = sorted(
        [*_in_letters(text, language), *(han_names(text) if language == "zh" else ())], key=lambda n: n.start
    )
    kept: list[Name] = []
    for name in found:
        if not kept or name.start >= kept[-1].end:
            kept.append(name)
    return kept


def _in_letters(text: str, language: str) -> Iterator[Name]:
    """Yield the names in letters: runs of capitalised words, cut at stops and at entries of the gazetteer."""
    tokens = [_Token(m[0], m.start(), m.end()) for m in WORD.finditer(text)]
    known = {m.start: m for m in mentions(text, language)}
    stops = _stops(text, tokens, language)
    at = 0
    while at < len(tokens):
        if stops[at] or not tokens[at].text[0].isupper():
            mention = known.get(tokens[at].start)
            if mention and not mention.implied and not tokens[at].text[0].islower():
                yield Name(mention.start, mention.end, (text[mention.start : mention.end],), mention)
            at += 1
            continue
        end = _run_end(text, tokens, at, stops, language)
        yield from _cut_at_mentions(text, tokens[at:end], known, language)
        at = end


def _stops(text: str, tokens: list[_Token], language: str) -> list[bool]:
    """Tell for each token whether it is in no name: titles, months, nationalities, openers."""
    implied = {at for m in mentions(text, language) if m.implied for at in range(m.start, m.end)}
    named = {m.start for m in mentions(text, language) if not m.implied}
    stops = []
    for token in tokens:
        folded = fold(token.text)
        stop = token.start in implied
        stop = stop or (language != "vi" and is_title(folded, language)) or is_calendar_word(folded, language)
        elided = language == "fr" and folded in _ELIDED and text[token.end : token.end + 1] in ("'", "’")
        opener = opens(text, token.start) and _is_opener(token.text, folded, language)
        stops.append((stop or elided or opener) and token.start not in named)
    return stops


def _is_opener(word: str, folded: str, language: str) -> bool:
    """Tell whether a word is capitalised because it often begins sentences: a pronoun, a preposition."""
    plain = word.casefold() if language == "vi" else folded
    return plain in words_of("starters", language) and not _is_acronym(word)


def opens(text: str, at: int) -> bool:
    """Tell whether the word at offset `at` begins a sentence, a quotation or a line."""
    before = text[max(0, at - 8) : at]
    return not text[:at].strip() if at < 8 else _OPENING.search(before) is not None


def _run_end(text: str, tokens: list[_Token], at: int, stops: list[bool], language: str) -> int:
    """Return the end of the run of capitalised words and particles that begins at `at`."""
    end, limit = at + 1, min(len(tokens), at + _MAX_NAME_TOKENS)
    while end < limit and not stops[end]:
        last, token = tokens[end - 1], tokens[end]
        gap = text[last.end : token.start]
        if not _GAP.fullmatch(gap) or (_DOT.fullmatch(gap) and len(last.text) > 2):
            break
        if token.text[0].isupper() or (token.text[0].isdigit() and gap in "-‑"):
            end += 1
            continue
        particle = fold(token.text) in words_of("particles", language) and not is_common(last.text, language)
        after = tokens[end + 1] if end + 1 < limit else None
        if not particle or after is None or stops[end + 1] or not after.text[0].isupper():
            break
        end += 2
    return end


def _cut_at_mentions(
    text: str, run: list[_Token], known: dict[int, Mention], language: str
) -> Iterator[Name]:
    """Yield the names of a run, cut at the entries of the gazetteer in it."""
    piece: list[_Token] = []
    at = 0
    while at < len(run):
        mention = known.get(run[at].start)
        size = sum(1 for token in run[at:] if mention and token.end <= mention.end)
        last = at + size >= len(run)
        separate = size > 1 or len(run) == 1 or (not piece and last)
        # A single word before others: "France Macron" are two names, "Paris Hilton" is one.
        leading = size == 1 and not piece and not last and language != "vi"
        if mention and (separate or (leading and not _is_given_name(run[at].text))):
            yield from _name_of(text, piece, language)
            piece = []
            sure = LONGER_NAME.match(text, mention.end) is None
            yield Name(mention.start, mention.end, tuple(t.text for t in run[at : at + size]), mention, sure)
            at += max(1, size)
        else:
            piece.append(run[at])
            at += 1
    yield from _name_of(text, piece, language)


def _is_given_name(word: str) -> bool:
    return fold(word) in words_of("given", "")


def _name_of(text: str, piece: list[_Token], language: str) -> Iterator[Name]:
    """Yield the name in a run of tokens, without openers before and particles after it, if there is one.

    One Vietnamese syllable is a name only after a title; one letter never is.
    """
    while piece and piece[-1].text[0].islower():
        piece = piece[:-1]
    while piece and language != "vi" and _is_opener(piece[0].text, fold(piece[0].text), language):
        piece = piece[1:]
    if not piece or (len(piece) == 1 and len(piece[0].text) == 1):
        return
    start, single = piece[0].start, len(piece) == 1
    syllable = single and language == "vi" and vietnamese_sounds(piece[0].text)
    if syllable and not _AFTER_TITLE.search(text[max(0, start - 5) : start]):
        return
    sure = not all(is_common(token.text, language) for token in piece)
    guessed, opening = _is_guess(text, piece, language), single and opens(text, start)
    yield Name(start, piece[-1].end, tuple(t.text for t in piece), None, sure, guessed, opening)


def _is_guess(text: str, piece: list[_Token], language: str) -> bool:
    """Tell whether nothing but capitals suggests that a run is a name."""
    first, single = piece[0], len(piece) == 1
    if language == "vi":
        surname = fold(first.text) in VIETNAMESE_SURNAMES - words_of("common", "vi")
        return not single and not surname and all(vietnamese_sounds(token.text) for token in piece)
    opening = single and opens(text, first.start)
    return language == "ru" and opening and not _RUSSIAN_NAME.search(first.text)


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper()
