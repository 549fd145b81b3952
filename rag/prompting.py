"""Question and excerpts → messages. Pure.

What was measured with a 1.5B model decides the form: a one-line role, few short passages under
their titles, the best one last, and the language and form of the answer asked for at the very end,
in that language. Rules in a list, or leave to refuse, make it refuse what it knows; asked for marks, it
numbers its sentences or writes nothing else. So small models are not asked for them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.excerpts import Excerpt
from rag.generating import Message

_ROLE = "You answer questions from the passages of news articles that you are given."

_ASK = {
    "en": "Question: {question}\nAnswer in English in one or two short sentences, only from the passages.",
    "fr": "Question : {question}\nRéponds en français, en une ou deux phrases courtes, uniquement d'après "
    "les passages.",
    "zh": "问题:{question}\n请用中文简短回答,一两句话,只依据以上段落。",
    "vi": "Câu hỏi: {question}\nTrả lời bằng tiếng Việt, một hoặc hai câu ngắn, chỉ dựa vào các đoạn trên.",
    "ru": "Вопрос: {question}\nОтветь по-русски, одним-двумя короткими предложениями, только по этим "
    "отрывкам.",
}

_BEFORE = {
    "en": "Earlier: {before}",
    "fr": "Auparavant : {before}",
    "zh": "前文:{before}",
    "vi": "Trước đó: {before}",
    "ru": "Ранее: {before}",
}

_MARK = {
    "en": " After each sentence write its passage's number, like [1].",
    "fr": " Après chaque phrase, écris le numéro du passage, comme [1].",
    "zh": "每句话后面写上段落编号,例如 [1]。",
    "vi": " Sau mỗi câu ghi số của đoạn, ví dụ [1].",
    "ru": " После каждого предложения укажи номер отрывка, например [1].",
}

_QUOTE = (
    "Question: {question}\nCopy, word for word, the one sentence of the passages that answers this question. "
    "Write nothing else."
)

_TRANSLATE = {
    "en": "Translate this into English. Write only the translation.",
    "fr": "Traduis ce texte en français. N'écris que la traduction.",
    "zh": "请把这段文字翻译成中文,只写译文。",
    "vi": "Dịch đoạn này sang tiếng Việt. Chỉ viết bản dịch.",
    "ru": "Переведи этот текст на русский язык. Напиши только перевод.",
}

_ABLE = 3.0
"""Billions of parameters from which a model is asked for marks, and to make a follow-up whole; smaller
ones lose the answer over the marks, and turn questions round."""


def able(parameters: str) -> bool:
    """Whether a model of this size ("1.5B", "630M"; "" where unknown) can do more than answer."""
    size = re.fullmatch(r"([\d.]+)\s*([BMT])", parameters.strip().upper())
    return size is not None and float(size[1]) * {"M": 0.001, "B": 1, "T": 1000}[size[2]] >= _ABLE


def build(
    question: str, language: str, excerpts: Sequence[Excerpt], *, before: str = "", marks: bool = False
) -> list[Message]:
    """The prompt; `excerpts[n - 1]` is of passage n. Those of an article share its title, the best last.

    `before` is what the question leans on. With `marks`, passages are numbered and the model is asked to
    cite them.
    """
    known = language if language in _ASK else "en"
    ask = _ASK[known] + (_MARK[known] if marks else "")
    return _prompt(excerpts, (_context(before, known), _asking(ask, question)), marks=marks)


def quotation(
    question: str, language: str, excerpts: Sequence[Excerpt], *, before: str = ""
) -> list[Message]:
    """The prompt that asks for the passages' own words; it begins as `build`'s without marks does."""
    return _prompt(excerpts, (_context(before, language), _asking(_QUOTE, question)), marks=False)


def _context(before: str, language: str) -> str:
    line = " ".join(before.split())
    return _BEFORE.get(language, _BEFORE["en"]).format(before=line) if line else ""


def _asking(ask: str, question: str) -> str:
    return ask.format(question=" ".join(question.split()))


def _prompt(excerpts: Sequence[Excerpt], asking: Sequence[str], *, marks: bool) -> list[Message]:
    articles: dict[str, list[tuple[int, Excerpt]]] = {}
    for n, excerpt in enumerate(excerpts, 1):
        articles.setdefault(excerpt.hit.article.id, []).insert(0, (n, excerpt))
    passages = (
        "\n".join([group[0][1].heading, *(f"[{n}] " * marks + excerpt.text for n, excerpt in group)])
        for group in reversed(articles.values())
    )
    return [Message("system", _ROLE), Message("user", "\n\n".join(filter(None, [*passages, *asking])))]


def translation(text: str, language: str) -> list[Message]:
    """The prompt that puts a text into a language; into English where it is none of Byline's."""
    return [Message("user", f"{text}\n\n{_TRANSLATE.get(language, _TRANSLATE['en'])}")]
