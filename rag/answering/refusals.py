"""Detect answers that say nothing, and advise the reader of an unconfirmed answer. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.locales.message import Message
from rag.text.pronouns import LANGUAGES
from rag.text.question_words import YES_NO_WORDS, question_words
from rag.text.stems import stems
from rag.types import Hit

_DENIALS = {
    "en": (r"passage|text|article|document|context|excerpt", r"\bnot?\b|n't\b",
           r"mention|specif|provid|stat|giv|contain|disclos|\bsay|indicat|inform|detail"),
    "fr": (r"passage|texte|article|extrait|document", r"\bne\b|\bn'|\bpas\b|aucun",
           r"mention|précis|indiqu|fourni|donn|inform|contien|\bdi(?:t|sent)\b"),
    "zh": (r"段落|文中|文章|文本|原文|上文|材料|资料|信息", r"没有|未|无法|并不|没",
           r"提|说明|信息|具体|给出|明确|指出|涉及"),
    "vi": (r"đoạn(?: văn)?|bài|văn bản|thông tin", r"không|chưa",
           r"đề cập|nêu|cung cấp|thông tin|nói|chỉ rõ|cụ thể|nhắc"),
    "ru": (r"отрыв|текст|стать|пассаж|документ|информаци", r"\bне\b|\bнет\b",
           r"упомин|указ|сообща|информац|говор|содерж|привод"),
}  # fmt: skip
"""Patterns of an answer that denies having one: a word for the source, a negation and a verb of saying."""
_ATTRIBUTIONS = "according to|d'après|selon|根据|theo|согласно"
MAX_DENIAL_CHARACTERS = 240
"""Characters at the start of an answer that are searched for a denial. Not fitted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """Why no answer may have been confirmed.

    `unrecognised` are names of the question that were not found in the closest articles. `spelled` are names
    of the library with a similar spelling. `filtered` is the best passage without the filters, where it is
    closer than all with them.
    """

    unrecognised: Sequence[str] = ()
    spelled: Sequence[str] = ()
    filtered: Hit | None = None


def advice(diagnosis: Diagnosis) -> tuple[Message, ...]:
    """Return sentences for the reader; none of them denies that the articles contain an answer."""
    parts = []
    if diagnosis.unrecognised:
        parts.append(Message.of("advice_unrecognised", names=_quoted(diagnosis.unrecognised)))
    if diagnosis.spelled:
        parts.append(Message.of("advice_spelled", names=_quoted(diagnosis.spelled)))
    if diagnosis.filtered:
        parts.append(Message.of("advice_filtered", title=diagnosis.filtered.article.title))
    return tuple(parts)


def denies(answer: str, language: str) -> bool:
    """Tell whether an answer states that the passages do not contain one."""
    first_line = answer.strip().lower().partition("\n")[0][:MAX_DENIAL_CHARACTERS]
    return all(re.search(pattern, first_line) for pattern in _DENIALS.get(language, _DENIALS["en"]))


def echoes(answer: str, question: str, language: str) -> bool:
    """Tell whether an answer to an open question (who, what, when, how) has only the question's words.

    A small model without an answer restates the question: "Which teams won bronze?" - "According to the
    passage, the teams won bronze." Verification supports that, but it says nothing.
    """
    if language not in LANGUAGES or not question_words(question, language) - YES_NO_WORDS:
        return False
    statement = re.sub(rf"(?:{_ATTRIBUTIONS})\W*(?:\w+ )?(?:{_DENIALS[language][0]})\w*", " ", answer.lower())
    stated, asked = stems(statement, language), stems(question, language)
    if language == "zh":  # characters, because words may be segmented otherwise in another order
        stated, asked = set("".join(stated)), set(question)
    return bool(stated) and stated <= asked


def _quoted(names: Sequence[str]) -> tuple[Message, ...]:
    return tuple(Message.of("quoted", text=name) for name in names)
