"""Prompts: builds the messages from a question and excerpts. Pure.

The form was chosen by measurements with a 1.5B model: a one-line role, few short passages under their titles,
the best one last, and at the end the language and form of the answer, in that language. Lists of rules, or
permission to refuse, make the model refuse what it knows. Small models are not asked for citation marks: they
number their sentences or write only marks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answering.context import Excerpt
from rag.llm.generator import ChatMessage
from rag.locales.catalogue import texts
from rag.types import AnswerLength, AnswerStyle

_ROLE = "You answer questions from the passages of news articles that you are given."

_QUOTE = (
    "Question: {question}\nCopy, word for word, the one sentence of the passages that answers this question. "
    "Write nothing else."
)

_LENGTHS: dict[AnswerLength, str] = {"short": "answer_short", "normal": "answer", "long": "answer_long"}
MAX_INSTRUCTION_CHARACTERS = 300
"""Maximum length of a reader's instructions, about a second of a CPU's reading. Not fitted."""
MIN_BILLION_PARAMETERS = 3.0
"""Minimum size, in billions of parameters, of a model that writes citation marks and rewrites follow-ups. A
1.5B model then loses the answer and distorts questions; sizes in between were not measured."""


def follows_instructions(parameters: str) -> bool:
    """Tell whether a model of this size ("1.5B", "630M"; "" where unknown) follows further instructions."""
    size = re.fullmatch(r"([\d.]+)\s*([BMT])", parameters.strip().upper())
    return (
        size is not None
        and float(size[1]) * {"M": 0.001, "B": 1, "T": 1000}[size[2]] >= MIN_BILLION_PARAMETERS
    )


def build(
    question: str,
    language: str,
    excerpts: Sequence[Excerpt],
    *,
    context: str = "",
    marks: bool = False,
    style: AnswerStyle = AnswerStyle(),
) -> list[ChatMessage]:
    """Build the answer prompt; `excerpts[n - 1]` is of passage n.

    Excerpts are grouped by article, the best last. `context` is that of a follow-up. With `marks`, passages
    are numbered and the model is asked to cite them. A reader's instructions stand before the question.
    """
    wordings = texts("prompts", language)
    instruction = wordings[_LENGTHS[style.length]] + (wordings["marks"] if marks else "")
    before = _context(context, language), _wording(style.instructions, language)
    return _prompt(excerpts, (*before, _filled(instruction, question)), marks=marks)


def quotation(
    question: str, language: str, excerpts: Sequence[Excerpt], *, context: str = ""
) -> list[ChatMessage]:
    """Build the prompt for a copied sentence; it begins as `build`'s without marks, for the prompt cache."""
    return _prompt(excerpts, (_context(context, language), _filled(_QUOTE, question)), marks=False)


def _context(context: str, language: str) -> str:
    line = " ".join(context.split())
    return str(texts("prompts", language)["earlier"].format(before=line)) if line else ""


def _wording(instructions: str, language: str) -> str:
    line = " ".join(instructions.split())[:MAX_INSTRUCTION_CHARACTERS]
    return str(texts("prompts", language)["wording"].format(instructions=line)) if line else ""


def _filled(instruction: str, question: str) -> str:
    return instruction.format(question=" ".join(question.split()))


def _prompt(excerpts: Sequence[Excerpt], instructions: Sequence[str], *, marks: bool) -> list[ChatMessage]:
    articles: dict[str, list[tuple[int, Excerpt]]] = {}
    for n, excerpt in enumerate(excerpts, 1):
        articles.setdefault(excerpt.hit.article.id, []).insert(0, (n, excerpt))
    passages = (
        "\n".join([group[0][1].heading, *(f"[{n}] " * marks + excerpt.text for n, excerpt in group)])
        for group in reversed(articles.values())
    )
    return [
        ChatMessage("system", _ROLE),
        ChatMessage("user", "\n\n".join(filter(None, [*passages, *instructions]))),
    ]


def translation(text: str, language: str) -> list[ChatMessage]:
    """Build the prompt for a translation; into English where `language` is none of Byline's five."""
    return [ChatMessage("user", f"{text}\n\n{texts('prompts', language)['translate']}")]
