"""Parse numbers in Chinese characters: 二十一, 两千, 二〇二二, 六点五亿."""

from __future__ import annotations

import re
from fractions import Fraction

from rag.verification.figures.digits import MAX_NUMBER_CHARACTERS, Numeral

_DIGIT = dict(
    zip("〇○零一二两三四五六七八九兩俩仨", (0, 0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 2, 2, 3), strict=True)
)
_MULTIPLIERS = {"十": 10, "百": 100, "千": 1000, "廿": 20, "卅": 30}
_SCALE = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "兆": 10**12}
_SCALES = "".join((*_SCALE, "千", "百"))
_NUMERAL_CHARACTERS = "".join((*_DIGIT, *_MULTIPLIERS, *_SCALE))
HAN_NUMBER = rf"[{_NUMERAL_CHARACTERS}]++(?:点[{_NUMERAL_CHARACTERS}]++)?+|[半双]"
"""Pattern of a run of numeral characters."""
_COUNTERS = (
    "个名位人年月日天秒次国家种项座所岁米元倍届场支队艘架辆条件份部本张层级周点时号季省市县州村户口"
    "只头匹株公吨英美欧块片枚章卷集篇首句代类组批轮步段道面颗栋幢间套台门成折分期胜负节处万亿%多余大方里亩"
)
_COUNTER_AFTER = re.compile(rf"[ 余多几来]{{0,2}}(?:[{_COUNTERS}]|小时|世纪|平方|立方)")
_NO_NUMBER = re.compile(
    r"百度|百姓|百货|百科|百分|千里|千方|万一|万科|万物|四川|四处|四周|三亚|三星|三峡|九江|八卦|五角|十分|十足|三明|"
    r"四面|七夕|两岸|两会|两侧|两旁|两边|双方|双边|千万不|万事|万分|半岛|半天|两者|三者|老百|二手|二战|三军|四肢|"
    r"四分卫|千克|千米|千瓦|百老|百万富|兆[瓦赫帕字比伏欧]"
)


def scale_of(text: str, start: int, end: int) -> int | None:
    """Return the factor of characters after a number in digits: 万, 百万; None if they are not a factor."""
    raw = text[start:end]
    return None if raw.strip(_SCALES) or _NO_NUMBER.match(text, end - 1) else _value(raw)


def in_characters(text: str, start: int, end: int) -> Numeral | None:
    """Return the number that a run of numeral characters writes; None if it writes none."""
    raw = text[start:end]
    if len(raw) > MAX_NUMBER_CHARACTERS:
        return None
    if raw in "半双":
        value = Fraction(1, 2) if raw == "半" else Fraction(2)
        return Numeral(start, end, frozenset([value]), spelled=True, doubtful=True)
    if len(raw) > 1 and raw[-1] in _DIGIT and _NO_NUMBER.match(text, end - 1):
        raw, end = raw[:-1], end - 1
    values, tail = _readings(raw), raw[len(raw.rstrip(_SCALES)) :]
    scale = Fraction(_value(tail) or 1) if tail != raw else Fraction(1)
    doubtful = _is_doubtful(text, start, end, values)
    return Numeral(start, end, values, spelled=True, doubtful=doubtful, scale=scale) if values else None


def _readings(raw: str) -> frozenset[Fraction]:
    """Return every value that a number in characters may have: 三四 is 3, 4 or 34; 二〇二二 is 2022."""
    whole, _, rest = raw.partition("点")
    tail = rest.rstrip("".join(_SCALE))
    digits = [_DIGIT[letter] for letter in tail or raw if letter in _DIGIT]
    positional = Fraction(int("".join(map(str, digits)) or "0"))
    if rest:
        value = _value(whole)
        if value is None or len(digits) != len(tail) or not tail:
            return frozenset()
        return frozenset([(value + positional / 10 ** len(tail)) * (_value(rest[len(tail) :]) or 1)])
    if len(digits) == len(raw) > 1:
        return frozenset([positional, *(map(Fraction, digits) if len(raw) == 2 else ())])
    value = _value(raw)
    return frozenset() if value is None else frozenset([Fraction(value)])


def _value(raw: str) -> int | None:
    """Return the value of characters such as 一百零五万; None of "".

    `total` are the complete groups before 万 or 亿, `group` the present one, `digit` a digit without its
    multiplier.
    """
    total = group = digit = 0
    last = 1
    for letter in raw:
        if letter in _DIGIT:
            digit = _DIGIT[letter]
            last = 1 if letter in "零〇" else last
        elif letter in _MULTIPLIERS:
            last = _MULTIPLIERS[letter]
            group, digit = group + (digit or 1) * last, 0
        else:
            last, group = _SCALE[letter], group + digit
            total = (total + group or 1) * last if total < last else total + (group or 1) * last
            group = digit = 0
    # 一千二 is 1200, 三万五 is 35,000: a last digit counts in tenths of the multiplier before it.
    if digit and last >= 100 and len(raw) > 2 and raw[-2] in (*_MULTIPLIERS, *_SCALE):
        digit = digit * last // 10
    return total + group + digit if raw else None


def _is_doubtful(text: str, start: int, end: int, values: frozenset[Fraction]) -> bool:
    """Tell whether characters may be part of a word (统一, 三亚) rather than a number."""
    raw, before = text[start:end], text[max(0, start - 1) : start]
    if before in ("几", "数", "周", "期", "拜") or text[end : end + 1] == "几":
        return True
    if (
        values == {1}
        or _NO_NUMBER.match(text, start)
        or _NO_NUMBER.match(text, end - 1)
        or not raw.strip(_SCALES)
    ):
        return True
    if len(raw) > 1 and any(letter in _MULTIPLIERS or letter in _SCALE for letter in raw):
        return False
    return before != "第" and not _COUNTER_AFTER.match(text, end)
