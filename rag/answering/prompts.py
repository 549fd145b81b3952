"""Prompts: builds the messages from a question and excerpts. Pure.

The form was chosen by measurements with a 1.5B model: a one-line role, few short passages under their titles,
the best one last, and at the end the language and form of the answer, in that language. Lists of rules, or
permission to refuse, make the model refuse what it knows. Asked for citation marks, it numbers its
sentences or writes only marks, so small models are not asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answering.context import Excerpt
from rag.llm.generator import ChatMessage
from rag.locales.catalogue import texts

_ROLE = "You answer questions from the passages of news articles that you are given."

_QUOTE = (
    "Question: {question}\nCopy, word for word, the one sentence of the passages that answers this question. "
    "Write nothing else."
)

MIN_BILLION_PARAMETERS = 3.0
"""Size from which a model writes citation marks and rewrites follow-ups. A 1.5B model loses the answer over
the marks and distorts questions; sizes between were not measured."""


def able(parameters: str) -> bool:
    """Whether a model of this size ("1.5B", "630M"; "" where unknown) follows further instructions."""
    size = re.fullmatch(r"([\d.]+)\s*([BMT])", parameters.strip().upper())
    return (
        size is not None
        and float(size[1]) * {"M": 0.001, "B": 1, "T": 1000}[size[2]] >= MIN_BILLION_PARAMETERS
    )


def build(
    question: str, language: str, excerpts: Sequence[Excerpt], *, before: str = "", marks: bool = False
) -> list[ChatMessage]:
    """The answer prompt; `excerpts[n - 1]` is of passage n. Excerpts are grouped by article, the best last.

    `before` is the context of a follow-up. With `marks`, passages are numbered and the model is asked to cite
    them.
    """
    wordings = texts("prompts", language)
    ask = wordings["answer"] + (wordings["marks"] if marks else "")
    return _prompt(excerpts, (_context(before, language), _asking(ask, question)), marks=marks)


def quotation(
    question: str, language: str, excerpts: Sequence[Excerpt], *, before: str = ""
) -> list[ChatMessage]:
    """The prompt for a copied sentence; it shares the beginning of `build`'s without marks, for the cache."""
    return _prompt(excerpts, (_context(before, language), _asking(_QUOTE, question)), marks=False)


def _context(before: str, language: str) -> str:
    line = " ".join(before.split())
    return str(texts("prompts", language)["earlier"].format(before=line)) if line else ""


def _asking(ask: str, question: str) -> str:
    return ask.format(question=" ".join(question.split()))


def _prompt(excerpts: Sequence[Excerpt], asking: Sequence[str], *, marks: bool) -> list[ChatMessage]:
    articles: dict[str, list[tuple[int, Excerpt]]] = {}
    for n, excerpt in enumerate(excerpts, 1):
        articles.setdefault(excerpt.hit.article.id, []).insert(0, (n, excerpt))
    passages = (
        "\n".join([group[0][1].heading, *(f"[{n}] " * marks + excerpt.text for n, excerpt in group)])
        for group in reversed(articles.values())
    )
    return [
        ChatMessage("system", _ROLE),
        ChatMessage("user", "\n\n".join(filter(None, [*passages, *asking]))),
    ]


def translation(text: str, language: str) -> list[ChatMessage]:
    """The prompt for a translation; into English where `language` is none of Byline's."""
    return [ChatMessage("user", f"{text}\n\n{texts('prompts', language)['translate']}")]
