"""Question and hits → messages within a token budget. Pure.

What was measured with a 1.5B model decides the form: a one-line role, few short passages under
their titles, the best one last, and the language and form of the answer asked for at the very end,
in that language. Rules in a list, or leave to refuse, make it refuse what it knows.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.documents import Hit
from rag.generating import Message
from rag.splitting import estimate_tokens

_ROLE = "You answer questions from the passages of news articles that you are given."

_ASK = {
    "en": "Question: {question}\nAnswer in English in one or two short sentences, only from the "
    "passages. After each sentence write its passage's number, like [1].",
    "fr": "Question : {question}\nRéponds en français, en une ou deux phrases courtes, uniquement "
    "d'après les passages. Après chaque phrase, écris le numéro du passage, comme [1].",
    "zh": "问题:{question}\n请用中文简短回答,一两句话,只依据以上段落。每句话后面写上段落编号,例如 [1]。",
    "vi": "Câu hỏi: {question}\nTrả lời bằng tiếng Việt, một hoặc hai câu ngắn, chỉ dựa vào các đoạn "
    "trên. Sau mỗi câu ghi số của đoạn, ví dụ [1].",
    "ru": "Вопрос: {question}\nОтветь по-русски, одним-двумя короткими предложениями, только по этим "
    "отрывкам. После каждого предложения укажи номер отрывка, например [1].",
}


def choose(hits: Sequence[Hit], budget: int, most: int) -> list[Hit]:
    """The best hits that fit the budget of estimated tokens; the first one always, at most `most`."""
    chosen: list[Hit] = []
    left = budget
    for hit in hits:
        cost = estimate_tokens(_passage(0, hit))
        if chosen and (cost > left or len(chosen) == most):
            break
        chosen.append(hit)
        left -= cost
    return chosen


def build(question: str, language: str, hits: Sequence[Hit]) -> list[Message]:
    """The prompt; `hits[n - 1]` is passage n, and the best, the first, stands last."""
    numbered = list(enumerate(hits, 1))
    passages = "\n\n".join(_passage(n, hit) for n, hit in reversed(numbered))
    ask = _ASK.get(language, _ASK["en"]).format(question=" ".join(question.split()))
    return [Message("system", _ROLE), Message("user", f"{passages}\n\n{ask}")]


def _passage(n: int, hit: Hit) -> str:
    published = f" ({hit.article.published})" if hit.article.published else ""
    return f"[{n}] {hit.article.title}{published}\n{hit.passage.text}"
