"""Find the instruction in a question to answer it in a certain language ("Réponds en anglais")."""

from __future__ import annotations

import re
from typing import NamedTuple

LANGUAGE_NAMES = {
    "en": r"english|anglais|英[文语語]|tiếng anh|английск\w+",
    "fr": r"french|français|法[文语語]|tiếng pháp|французск\w+",
    "zh": r"chinese|chinois|mandarin|中文|汉语|漢語|tiếng trung(?: quốc)?|tiếng hoa|китайск\w+",
    "vi": r"vietnamese|vietnamien|越南?[文语語]|tiếng việt|вьетнамск\w+",
    "ru": r"russian|russe|俄[文语語]|tiếng nga|русск\w+",
}
"""Patterns of the names of Byline's languages (ISO 639-1) in each of them."""
_ANY_NAME = "|".join(f"(?P<{code}>{names})" for code, names in LANGUAGE_NAMES.items())
_INSTRUCTION = re.compile(
    r"[\s,;.(]*(?:"
    r"(?:please )?(?:answer|reply|respond|write)(?: me| to me)? in "
    r"|(?:r[ée]ponds?|r[ée]pondez|r[ée]pondre|réponse)(?:[- ]moi)? en "
    r"|请?用|请?以"
    r"|(?:hãy |xin )?(?:trả lời|đáp|viết)(?: tôi)?(?: bằng)? "
    r"|(?:пожалуйста,? )?(?:ответь(?:те)?|отвечай(?:те)?|напиши(?:те)?)(?: мне)? (?:по-|на )"
    rf")(?:{_ANY_NAME})"
    r"(?: (?:please|языке)|,? s[’' ]il (?:te|vous) pla[iî]t|来?(?:回答|作答|答复|告诉我|说))*[\s).!。！]*",
    re.IGNORECASE,
)


class AnswerLanguage(NamedTuple):
    """A question without its instruction, and the language that this names (ISO 639-1), "" without one."""

    question: str
    language: str


def answer_language(question: str) -> AnswerLanguage:
    """Separate a question from an instruction to answer it in a certain language."""
    found = _INSTRUCTION.search(question)
    if found is None:
        return AnswerLanguage(question, "")
    rest = (question[: found.start()] + " " + question[found.end() :]).strip(" ,;:：")
    return AnswerLanguage(rest or question, found.lastgroup or "" if rest else "")
