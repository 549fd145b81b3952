"""Query rewriting: makes a standalone question of a follow-up.

A capable model writes the standalone question; its output is used only if it passes the checks of
`validated`. Otherwise the question is joined with the end of the conversation, which searches as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.answering.follow_ups import is_follow_up
from rag.answering.generation import generate_text
from rag.answering.prompts import follows_instructions
from rag.answering.query import Query, Request, Variants
from rag.llm.generator import ChatMessage, Generator
from rag.locales.catalogue import texts
from rag.text.answer_language import answer_language
from rag.text.language import detect
from rag.text.pronouns import LANGUAGES
from rag.text.question_words import question_words
from rag.text.stems import stems
from rag.types import Turn

_ROLE = "You make the last question of a conversation understandable by itself."

MAX_TURNS = 3
"""Maximum number of turns searched backwards for a standalone question. Fitted on 16 follow-ups."""
MAX_ANSWER_CHARACTERS = 150
"""Characters kept of an answer, from its start. Fitted on 16 follow-ups."""
MAX_CHARACTERS, MAX_GROWTH, MIN_MAX_CHARACTERS = 300, 3, 120
"""Length limits of a standalone question: in characters, and as a multiple of the follow-up's length. Up to
120 characters are always allowed, because "Why?" grows more. Not fitted."""
MAX_TOKENS = 60
"""Maximum tokens that a model writes for a standalone question. Not fitted."""
MIN_REPEATED_SHARE = 0.8
"""Share of two questions' distinct words from which one repeats the other. Fitted on 16 follow-ups."""

_MARK = re.compile(r"\s*\[\d{1,3}\]")
_LABEL = re.compile(
    r"^(?:[\s\-*#>•]|\d+[.)]\s|q\s*:|(?:the )?(?:re-?written|last|new|whole|final)? ?question(?: \w+)?\s*:"
    r"|(?:改写后?的?)?(?:最后一?个)?问题\s*[:\uff1a]|改写后?\s*[:\uff1a]|câu hỏi(?: cuối| mới| viết lại)*\s*:"
    r"|(?:\w+ )?вопрос\s*:)+",
    re.IGNORECASE,
)
_QUOTES = "\"'“”«»「」『』`* "
_HAN = re.compile(r"[\u3400-\u9fff]")


def contextualize(request: Request) -> Query:
    """Make the query of a request without a model: a follow-up is joined with its context."""
    original, language, history = request.question, request.language, request.history
    question, named = answer_language(original)
    if not is_follow_up(question, language, history):
        return Query(original, language, question, named_language=named)
    question_in_context, parts = with_context(question, history), variants(question, history)
    return Query(original, language, question_in_context, parts, context(history), named)


def rewrite(query: Query, history: Sequence[Turn], generator: Generator) -> Query:
    """Replace a follow-up's standalone question by one that the model writes, if that is usable.

    Small models distort questions more often than they complete them, so they are not asked. Raises what
    `Generator.stream` raises.
    """
    if not follows_instructions(generator.model.parameters):
        return query
    prompt = rewriting_messages(query.original, query.language, history)
    output = generate_text(generator, prompt, MAX_TOKENS)
    question = validated(output, query.original, query.language, history)
    return query if question == query.standalone else replace(query, standalone=question, context="")


def with_context(question: str, history: Sequence[Turn]) -> str:
    """Return the question preceded by its context: a standalone form that needs no model."""
    return _on_one_line(context(history), question)


def context(history: Sequence[Turn]) -> str:
    """Return what a follow-up depends on: the questions since the last standalone one, then the last answer.

    The answer is cut to its first words. A turn that found no answer should have "" as its answer.
    """
    turns = _relevant_turns(history)
    return _on_one_line(*(turn.question for turn in turns), *(_shortened(turn.answer) for turn in turns[-1:]))


def variants(question: str, history: Sequence[Turn]) -> Variants:
    """Return shorter forms of a follow-up, which do not retrieve what answered the earlier turns."""
    return Variants(
        alone=_on_one_line(question),
        after_answer=_on_one_line(_shortened(history[-1].answer), question),
        after_questions=_on_one_line(*(turn.question for turn in _relevant_turns(history)), question),
    )


def rewriting_messages(question: str, language: str, history: Sequence[Turn]) -> list[ChatMessage]:
    """Build the prompt for a standalone question: about 170 tokens, half of them the same every time.

    It has one example: of 12 follow-ups, a 1.5B model rewrote 1 without an example, 4 with it.
    """
    wordings = texts("prompts", language)
    example = Turn(wordings["example_question"], wordings["example_answer"])
    return [
        ChatMessage("system", _ROLE),
        ChatMessage("user", _request([example], wordings["example_follow_up"], language)),
        ChatMessage("assistant", wordings["example_rewritten"]),
        ChatMessage("user", _request(_relevant_turns(history)[-2:], question, language)),
    ]


def _request(turns: Sequence[Turn], question: str, language: str) -> str:
    dialogue = [f"Q: {turn.question}\nA: {_shortened(turn.answer) or '-'}" for turn in turns]
    return "\n".join([*dialogue, f"Q: {_on_one_line(question)}", "", texts("prompts", language)["rewrite"]])


def validated(output: str, question: str, language: str, history: Sequence[Turn]) -> str:
    """Extract the question from a model's output; `with_context` where it fails a check.

    It must be one question in the question's language that keeps its question words and content, adds a
    word of the conversation and no number of its own, repeats no earlier question and is no follow-up.
    """
    line, turns = _first_question(output), _relevant_turns(history)
    conversation = " ".join(f"{turn.question} {turn.answer}" for turn in turns)
    safe = (
        line.endswith(("?", "\uff1f"))
        and len(line) <= min(MAX_CHARACTERS, max(MAX_GROWTH * len(question), MIN_MAX_CHARACTERS))
        and detect(line, among=LANGUAGES) == language
        and _keeps_content(line, question, language)
        and _adds_context(line, question, conversation, language)
        and not any(_repeats(line, turn.question, language) for turn in turns)
        and not is_follow_up(line, language, history)
    )
    return line if safe else with_context(question, history)


def _relevant_turns(history: Sequence[Turn]) -> list[Turn]:
    """Return the last turns, from the latest with a standalone question on, at most MAX_TURNS."""
    turns: list[Turn] = []
    for n in range(len(history) - 1, max(-1, len(history) - 1 - MAX_TURNS), -1):
        turns.insert(0, history[n])
        question = history[n].question
        if not is_follow_up(question, detect(question, among=LANGUAGES), history[:n]):
            break
    return turns


def _on_one_line(*texts: str) -> str:
    """Return texts joined on one line, white space collapsed."""
    return " ".join(" ".join(texts).split())


def _shortened(answer: str) -> str:
    """Return the first words of an answer, without citation marks."""
    text = _on_one_line(_MARK.sub("", answer))
    if len(text) <= MAX_ANSWER_CHARACTERS:
        return text
    short = text[:MAX_ANSWER_CHARACTERS]
    return short if _HAN.search(short) else short.rpartition(" ")[0] or short


def _first_question(output: str) -> str:
    """Return the first line with text, up to its question mark, without label and quotation marks."""
    for raw in output.splitlines():
        line = _LABEL.sub("", raw.strip().strip(_QUOTES)).strip(_QUOTES)
        if line:
            end = re.search(r"[?\uff1f]", line)
            return line[: end.end()].strip() if end else line
    return ""


def _keeps_content(line: str, question: str, language: str) -> bool:
    """Tell whether a line keeps the question's question words, its numbers and at least half of its words."""
    required = question_words(question, language)
    if required and not required & question_words(line, language):
        return False
    words, question_stems = stems(line, language), stems(question, language)
    numbers = {word for word in question_stems if word.isdigit()}
    return numbers <= words and 2 * len(question_stems & words) >= len(question_stems)


def _adds_context(line: str, question: str, conversation: str, language: str) -> bool:
    """Tell whether a line adds a word of the conversation, and no number that is not in it."""
    added = stems(line, language) - stems(question, language)
    known = stems(conversation, language)
    numbers = {word for word in added if word.isdigit()}
    if not added or not numbers <= known:
        return False
    return bool(added & known) or detect(conversation, among=LANGUAGES) != language


def _repeats(line: str, earlier: str, language: str) -> bool:
    """Tell whether a line is an earlier question again, in nearly the same words."""
    words, others = stems(line, language), stems(earlier, language)
    similar = len(words & others) >= MIN_REPEATED_SHARE * max(1, len(words | others))
    return similar and question_words(line, language) == question_words(earlier, language)
