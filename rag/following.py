"""Follow-up questions → questions that stand by themselves. Pure.

A model may write the whole question; its line is taken only where it is plainly that. Where it is not,
and for a search, the conversation's last words with the question behind them do as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.documents import Turn
from rag.generating import Message
from rag.interrogatives import ways
from rag.leaning import leans
from rag.pronouns import LANGUAGES
from rag.reading.language import detect
from rag.stems import stems

__all__ = ["asides", "before", "joined", "leans", "messages", "whole"]

_ROLE = "You make the last question of a conversation understandable by itself."

_ASK = {
    "en": "Rewrite the last question in English so that it names whom and what it is about. "
    "Only the question, no answer.",
    "fr": "Réécris la dernière question en français en nommant de qui et de quoi il s'agit. "
    "Seulement la question, sans réponse.",
    "zh": "请用中文改写最后一个问题,写明所指的人和事。只写问题,不要回答。",
    "vi": "Viết lại câu hỏi cuối bằng tiếng Việt, nêu rõ người và việc được hỏi. "
    "Chỉ viết câu hỏi, không trả lời.",
    "ru": "Перепиши последний вопрос по-русски, назвав, о ком и о чём он. Только вопрос, без ответа.",
}

_EXAMPLE = {
    "en": (
        ("Where was the bridge at Varna opened?", "In May 2011, by Mayor Petkov."),
        "How much did it cost?",
        "How much did the bridge at Varna cost?",
    ),
    "fr": (
        ("Qui a ouvert le pont de Varna ?", "Le maire Petkov."),
        "Combien a-t-il coûté ?",
        "Combien le pont de Varna a-t-il coûté ?",
    ),
    "zh": (("瓦尔纳大桥是谁剪彩的?", "市长佩特科夫。"), "它花了多少钱?", "瓦尔纳大桥花了多少钱?"),
    "vi": (
        ("Ai khánh thành cầu Varna?", "Thị trưởng Petkov."),
        "Nó tốn bao nhiêu tiền?",
        "Cầu Varna tốn bao nhiêu tiền?",
    ),
    "ru": (("Кто открыл мост в Варне?", "Мэр Петков."), "Сколько он стоил?", "Сколько стоил мост в Варне?"),
}
"""A turn, what was asked then, and that made whole. Of 12 conversations, a 1.5B model made 1 whole without
an example, and 4 with one that repeats the instruction."""

_TURNS = 3
"""At most so many turns are looked back for the question that the last ones lean on."""
_ANSWER = 150
"""Characters of an answer that are kept."""
_LONGEST, _TIMES, _SHORT = 300, 3, 120
"""A whole question has at most so many characters, and at most so many times those of the one that was
asked; up to so many are always allowed: "Why?" grows more."""

_ALIKE = 0.8
"""Share of two questions' words from which one repeats the other."""

_MARK = re.compile(r"\s*\[\d{1,3}\]")
_LABEL = re.compile(
    r"^(?:[\s\-*#>•]|\d+[.)]\s|q\s*:|(?:the )?(?:re-?written|last|new|whole|final)? ?question(?: \w+)?\s*:"
    r"|(?:改写后?的?)?(?:最后一?个)?问题\s*[:\uff1a]|改写后?\s*[:\uff1a]|câu hỏi(?: cuối| mới| viết lại)*\s*:"
    r"|(?:\w+ )?вопрос\s*:)+",
    re.IGNORECASE,
)
_QUOTES = "\"'“”«»「」『』`* "
_HAN = re.compile(r"[\u3400-\u9fff]")


def joined(question: str, history: Sequence[Turn]) -> str:
    """The question behind what it leans on: good to search with, where no model writes a better one."""
    return " ".join(f"{before(history)} {question}".split())


def before(history: Sequence[Turn]) -> str:
    """What a question leans on: the last questions, from one that stands by itself, and the last answer.

    Of the answer, the first words. A turn without one, or whose answer was that nothing is known, is best
    given as "".
    """
    turns = _grounds(history)
    said = [turn.question for turn in turns] + [_cut(turn.answer) for turn in turns[-1:]]
    return " ".join(" ".join(said).split())


def asides(question: str, history: Sequence[Turn]) -> tuple[str, ...]:
    """Other ways to search, and to ask a passage: the question alone, and behind the last answer, or the
    questions that it leans on.

    `joined` holds both, and finds again what answered them.
    """
    questions = [turn.question for turn in _grounds(history)]
    behind: tuple[list[str], ...] = ([], [_cut(history[-1].answer)], questions)
    return tuple(" ".join(" ".join([*words, question]).split()) for words in behind)


def messages(question: str, language: str, history: Sequence[Turn]) -> list[Message]:
    """The prompt that asks a model for the whole question: some 170 tokens, half of them always the same."""
    known = language if language in _ASK else "en"
    turn, asked, answer = _EXAMPLE[known]
    return [
        Message("system", _ROLE),
        Message("user", _request([Turn(*turn)], asked, known)),
        Message("assistant", answer),
        Message("user", _request(_grounds(history)[-2:], question, known)),
    ]


def _request(turns: Sequence[Turn], question: str, language: str) -> str:
    told = [f"Q: {turn.question}\nA: {_cut(turn.answer) or '-'}" for turn in turns]
    return "\n".join([*told, f"Q: {' '.join(question.split())}", "", _ASK[language]])


def whole(written: str, question: str, language: str, history: Sequence[Turn]) -> str:
    """What a model wrote made safe: its question where it is one that says more, else `joined`.

    It must be one question in the question's language, ask in the same way (who, when) and for the same
    things, bring in a word of the conversation, invent no number, repeat no earlier question, and not
    lean itself.
    """
    line, turns = _line(written), _grounds(history)
    told = " ".join(f"{turn.question} {turn.answer}" for turn in turns)
    safe = (
        line.endswith(("?", "\uff1f"))
        and len(line) <= min(_LONGEST, max(_TIMES * len(question), _SHORT))
        and detect(line, among=LANGUAGES) == language
        and _keeps(line, question, language)
        and _brings(line, question, told, language)
        and not any(_repeats(line, turn.question, language) for turn in turns)
        and not leans(line, language, history)
    )
    return line if safe else joined(question, history)


def _grounds(history: Sequence[Turn]) -> list[Turn]:
    """The last turns, from one whose question stands by itself."""
    turns: list[Turn] = []
    for n in range(len(history) - 1, max(-1, len(history) - 1 - _TURNS), -1):
        turns.insert(0, history[n])
        asked = history[n].question
        if not leans(asked, detect(asked, among=LANGUAGES), history[:n]):
            break
    return turns


def _cut(answer: str) -> str:
    """The first words of an answer, without its marks."""
    text = " ".join(_MARK.sub("", answer).split())
    if len(text) <= _ANSWER:
        return text
    short = text[:_ANSWER]
    return short if _HAN.search(short) else short.rpartition(" ")[0] or short


def _line(written: str) -> str:
    """The first line that says something, up to its question mark, without label and quotation marks."""
    for raw in written.splitlines():
        line = _LABEL.sub("", raw.strip().strip(_QUOTES)).strip(_QUOTES)
        if line:
            end = re.search(r"[?\uff1f]", line)
            return line[: end.end()].strip() if end else line
    return ""


def _keeps(line: str, question: str, language: str) -> bool:
    """Whether a line still asks what was asked: in the same way, with its numbers, and half of its words."""
    by = ways(question, language)
    if by and not by & ways(line, language):
        return False
    said, asked = stems(line, language), stems(question, language)
    numbers = {word for word in asked if word.isdigit()}
    return numbers <= said and 2 * len(asked & said) >= len(asked)


def _brings(line: str, question: str, told: str, language: str) -> bool:
    """Whether a line adds something of the conversation, and no number of its own."""
    added = stems(line, language) - stems(question, language)
    known = stems(told, language)
    numbers = {word for word in added if word.isdigit()}
    if not added or not numbers <= known:
        return False
    return bool(added & known) or detect(told, among=LANGUAGES) != language


def _repeats(line: str, earlier: str, language: str) -> bool:
    """Whether a line is an earlier question again, in much the same words."""
    said, asked = stems(line, language), stems(earlier, language)
    alike = len(said & asked) >= _ALIKE * max(1, len(said | asked))
    return alike and ways(line, language) == ways(earlier, language)
