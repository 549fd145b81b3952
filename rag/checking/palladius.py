"""Syllables of pinyin as Russian writes them, after Palladius."""

from __future__ import annotations

from functools import cache

_INITIALS = dict(
    zip(
        [
            "zh",
            "ch",
            "sh",
            "b",
            "p",
            "m",
            "f",
            "d",
            "t",
            "n",
            "l",
            "g",
            "k",
            "h",
            "j",
            "q",
            "x",
            "r",
            "z",
            "c",
            "s",
        ],
        [
            "чж",
            "ч",
            "ш",
            "б",
            "п",
            "м",
            "ф",
            "д",
            "т",
            "н",
            "л",
            "г",
            "к",
            "х",
            "цз",
            "ц",
            "с",
            "ж",
            "цз",
            "ц",
            "с",
        ],
        strict=True,
    )
)
_FINALS = {
    "a": "а",
    "o": "о",
    "e": "э",
    "i": "и",
    "u": "у",
    "v": "юй",
    "ai": "ай",
    "ei": "эй",
    "ao": "ао",
    "ou": "оу",
    "an": "ань",
    "en": "энь",
    "ang": "ан",
    "eng": "эн",
    "ong": "ун",
    "er": "эр",
    "ia": "я",
    "ie": "е",
    "iao": "яо",
    "iu": "ю",
    "ian": "янь",
    "in": "инь",
    "iang": "ян",
    "ing": "ин",
    "iong": "юн",
    "ua": "уа",
    "uo": "о",
    "uai": "уай",
    "ui": "уй",
    "uan": "уань",
    "un": "унь",
    "uang": "уан",
    "ve": "юэ",
    "ue": "юэ",
}
_WHOLE = {
    "yi": "и", "ya": "я", "ye": "е", "yao": "яо", "you": "ю", "yan": "янь", "yin": "инь", "yang": "ян",
    "ying": "ин", "yong": "юн", "yu": "юй", "yue": "юэ", "yuan": "юань", "yun": "юнь", "wu": "у", "wa": "ва",
    "wo": "во", "wai": "вай", "wei": "вэй", "wan": "вань", "wen": "вэнь", "wang": "ван", "weng": "вэн",
    "ju": "цзюй", "qu": "цюй", "xu": "сюй", "juan": "цзюань", "quan": "цюань", "xuan": "сюань",
    "jun": "цзюнь",
    "qun": "цюнь", "xun": "сюнь", "hui": "хуэй", "a": "а", "ai": "ай", "an": "ань", "ao": "ао", "ou": "оу",
    "e": "э", "er": "эр", "en": "энь", "ang": "ан",
}  # fmt: skip


@cache
def palladius(syllable: str) -> str:
    """A syllable of pinyin as Russian writes it; "" for what is none."""
    if syllable in _WHOLE:
        return _WHOLE[syllable]
    for initial, written in _INITIALS.items():
        if syllable.startswith(initial):
            final = syllable[len(initial) :]
            if final == "i" and initial in ("z", "c", "s"):
                return written + "ы"
            return written + _FINALS[final] if final in _FINALS else ""
    return ""
