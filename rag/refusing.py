"""“Not in your articles” that helps: what the closest passages do and do not tell, what may help. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.documents import Hit
from rag.interrogatives import WHETHER, ways
from rag.pronouns import LANGUAGES
from rag.stems import stems

NOT_FOUND = {
    "en": "This is not in your articles.",
    "fr": "Vos articles n'en disent rien.",
    "zh": "您的文章里没有这方面的内容。",
    "vi": "Các bài viết của bạn không có thông tin này.",
    "ru": "В ваших статьях этого нет.",
}
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
"""Words of an answer that says it has none: what was read, a no, and what it does not do."""
_AFTER = "according to|d'après|selon|根据|theo|согласно"
_NOWHERE = {
    "en": "No article mentions {names}.",
    "fr": "Aucun article ne mentionne {names}.",
    "zh": "没有文章提到{names}。",
    "vi": "Không có bài viết nào nhắc đến {names}.",
    "ru": "Ни одна статья не упоминает: {names}.",
}
_SPELLED = {
    "en": "Did you mean {names}?",
    "fr": "Vouliez-vous dire {names} ?",
    "zh": "您是指{names}吗？",
    "vi": "Có phải ý bạn là {names}?",
    "ru": "Возможно, вы имели в виду: {names}?",
}
_CLOSEST = {
    "en": "The closest passages, in “{title}”, do not say it.",
    "fr": "Les passages les plus proches, dans « {title} », ne le disent pas.",
    "zh": "最接近的段落出自“{title}”，但没有说到这一点。",
    "vi": "Các đoạn gần nhất, trong bài “{title}”, không nói đến điều này.",
    "ru": "Ближайшие отрывки, из статьи «{title}», об этом не говорят.",
}
_WITHOUT = {
    "en": "They do not mention {names}.",
    "fr": "Ils ne mentionnent pas {names}.",
    "zh": "其中没有提到{names}。",
    "vi": "Trong đó không nhắc đến {names}.",
    "ru": "В них не упоминается: {names}.",
}
_FILTERED = {
    "en": "Only a part of your articles was searched: without the filters, “{title}” comes closer.",
    "fr": "Seule une partie de vos articles a été consultée : sans les filtres, « {title} » est plus proche.",
    "zh": "只搜索了部分文章：去掉筛选条件，“{title}”更接近。",
    "vi": "Chỉ một phần bài viết được tìm: bỏ bộ lọc thì bài “{title}” gần hơn.",
    "ru": "Поиск шёл только по части статей: без фильтров ближе «{title}».",
}
ADVICE = {
    "nowhere": _NOWHERE,
    "spelled": _SPELLED,
    "closest": _CLOSEST,
    "without": _WITHOUT,
    "filtered": _FILTERED,
}
"""Every sentence of `advice`, by what it is about and language; `{names}` are as `quoted` writes them."""
_LONGEST_DENIAL = 240  # characters of an answer in which it may stand
_QUOTED = {"fr": "« {} »", "ru": "«{}»"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """What is known of a question without an answer.

    `nowhere` are its names that no article has, `elsewhere` those that only the closest passages lack,
    `spelled` names of the library that are spelled nearly so; `filtered` is the best passage without the
    filters, where it is nearer than any with them.
    """

    nowhere: Sequence[str] = ()
    elsewhere: Sequence[str] = ()
    spelled: Sequence[str] = ()
    filtered: Hit | None = None


def advice(language: str, hits: Sequence[Hit], lacking: Lacking) -> tuple[str, ...]:
    """Sentences for the reader in a language (English where it is none of Byline's); hits best first."""
    parts = []
    if lacking.nowhere:
        parts.append(_say(_NOWHERE, language, names=quoted(lacking.nowhere, language)))
    if lacking.spelled:
        parts.append(_say(_SPELLED, language, names=quoted(lacking.spelled, language)))
    if hits:
        parts.append(_say(_CLOSEST, language, title=hits[0].article.title))
    if hits and lacking.elsewhere:
        parts.append(_say(_WITHOUT, language, names=quoted(lacking.elsewhere, language)))
    if lacking.filtered:
        parts.append(_say(_FILTERED, language, title=lacking.filtered.article.title))
    return tuple(parts)


def denies(answer: str, language: str) -> bool:
    """Whether an answer says that the passages do not tell: it is none."""
    read, no, tell = _DENIALS.get(language, _DENIALS["en"])
    sentence = answer.strip().lower().partition("\n")[0][:_LONGEST_DENIAL]
    return all(re.search(words, sentence) for words in (read, no, tell))


def echoes(answer: str, question: str, language: str) -> bool:
    """Whether an answer to who, what, when, where, how or why names nothing that the question does not.

    A small model that finds no answer states the question: "Which teams won bronze?" - "According to the
    passage, the teams won bronze." Every check bears that out, and it tells nothing.
    """
    if language not in LANGUAGES or not ways(question, language) - WHETHER:
        return False
    said = re.sub(rf"(?:{_AFTER})\W*(?:\w+ )?(?:{_DENIALS[language][0]})\w*", " ", answer.lower())
    told, asked = stems(said, language), stems(question, language)
    if language == "zh":  # its words may stand in another order
        told, asked = set("".join(told)), set(question)
    return bool(told) and told <= asked


def _say(texts: dict[str, str], language: str, **values: str) -> str:
    return texts.get(language, texts["en"]).format(**values)


def quoted(names: Sequence[str], language: str) -> str:
    """Names in a language's quotation marks, apart by its commas."""
    marked = [_QUOTED.get(language, "“{}”").format(name) for name in names]
    return ("、" if language == "zh" else ", ").join(marked)


def unquoted(text: str, language: str) -> list[str]:
    """The names that `quoted` put together."""
    before, after = map(re.escape, _QUOTED.get(language, "“{}”").split("{}"))
    return re.findall(f"{before}(.*?){after}", text)
