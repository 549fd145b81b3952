"""Claims and verdicts by presence alone, of figures or of names."""

from __future__ import annotations

from datetime import date

from rag.verification.claims import Claim, Status, Verdict
from rag.verification.facts import Facts, extract
from rag.verification.figures.figure_verdicts import PassageFigures
from rag.verification.names.gazetteer import mentions
from rag.verification.names.name_verdicts import name_status
from rag.verification.names.word_lists import Name


def figure_claims(text: str, language: str) -> list[Claim]:
    read = extract(text, language)
    return [read.figure_claim(one) for one in read.figures if not one.doubtful]


def figure_verdicts(
    text: str, language: str, passage: str, passage_language: str, *, published: date | None = None
) -> list[Verdict]:
    there = PassageFigures(
        extract(passage, passage_language), published, same_language=language == passage_language
    )
    read = extract(text, language)
    plain = read.folded.text
    return [
        Verdict(read.figure_claim(one), there.status(one, plain)) for one in read.figures if not one.doubtful
    ]


def name_claims(text: str, language: str) -> list[Claim]:
    read = extract(text, language)
    return [read.name_claim(one) for one in read.names]


def name_verdicts(text: str, language: str, passage: str, passage_language: str) -> list[Verdict]:
    words = Facts(passage, passage_language).words
    read = extract(text, language)
    return [Verdict(read.name_claim(one), name_status(one, language, words)) for one in read.names]


def names_match(name: str, language: str, passage: str, passage_language: str) -> Status:
    whole = [m for m in mentions(name, language) if m.end - m.start == len(name)]
    words = tuple(name.replace("·", " ").replace("-", " ").split())
    one = Name(0, len(name), words or (name,), whole[0] if whole else None)
    return name_status(one, language, Facts(passage, passage_language).words)
