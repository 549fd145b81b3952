"""Numbers in Chinese text: 二十一, 两千, 12.5亿, 二〇二二, 三分之一; and those in digits."""

from __future__ import annotations

import re
from fractions import Fraction

from rag.verification.figures.digits import DIGITS, MAX_NUMBER_CHARACTERS, Numeral, in_name, readings

_DIGIT = dict(
    zip("〇○零一二两三四五六七八九兩俩仨", (0, 0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 2, 2, 3), strict=True)
)
_TIMES = {"十": 10, "百": 100, "千": 1000, "廿": 20, "卅": 30}
_SCALE = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "兆": 10**12}
_HAN = "".join((*_DIGIT, *_TIMES, *_SCALE))
_TOKEN = re.compile(rf"{DIGITS.pattern}|(?P<han>[{_HAN}]++(?:点[{_HAN}]++)?+|[半双])")
_SCALES_BEHIND = re.compile(
    r" ?([百千]?[万萬亿億兆]{1,2}(?<!兆(?=[瓦赫帕字比伏欧]))|[百千](?![米克瓦伏帕卡字]))"
)
_PART = re.compile(r" ?分之 ?")
_COUNTERS = (
    "个名位人年月日天秒次国家种项座所岁米元倍届场支队艘架辆条件份部本张层级周点时号季省市县州村户口"
    "只头匹株公吨英美欧块片枚章卷集篇首句代类组批轮步段道面颗栋幢间套台门成折分期胜负节处万亿%多余大方里亩"
)
_COUNTED = re.compile(rf"[ 余多几来]{{0,2}}(?:[{_COUNTERS}]|小时|世纪|平方|立方)")
_NEVER = re.compile(
    r"百度|百姓|百货|百科|百分|千里|千方|万一|万科|万物|四川|四处|四周|三亚|三星|三峡|九江|八卦|五角|十分|十足|三明|"
    r"四面|七夕|两岸|两会|两侧|两旁|两边|双方|双边|千万不|万事|万分|半岛|半天|两者|三者|老百|二手|二战|三军|四肢|"
    r"四分卫|千克|千米|千瓦|百老|百万富"
)


def han_numerals(text: str) -> list[Numeral]:
    """The numbers of a folded Chinese text, in order, without overlaps."""
    found: list[Numeral] = []
    at = 0
    while match := _TOKEN.search(text, at):
        numbers, at = _written(text, match) if match["han"] else _in_digits(text, match)
        found += numbers
    return _with_parts(text, found)


def _in_digits(text: str, match: re.Match[str]) -> tuple[list[Numeral], int]:
    start, end = match.span()
    values = frozenset() if match["date"] else readings(match[0])
    if not values:
        pieces = re.finditer(r"\d+", match[0]) if len(match[0]) <= MAX_NUMBER_CHARACTERS * 4 else iter(())
        found = [
            Numeral(
                start + m.start(),
                start + m.end(),
                readings(m[0]),
                loose=not match["date"] and "." in match[0],
            )
            for m in pieces
        ]
        return [numeral for numeral in found if numeral.values], end
    scale = _SCALES_BEHIND.match(text, end)
    if not scale:
        return [Numeral(start, end, values, loose=in_name(text, start, end))], end
    by = Fraction(_value(scale[1]) or 1)
    values, end = frozenset(value * by for value in values), scale.end()
    # 1亿2000万, 3万5千: what follows with a smaller scale is added.
    rest = re.compile(rf"(\d{{1,4}})([{''.join(_TIMES)}{''.join(_SCALE)}]{{1,2}})").match(text, end)
    if rest and (more := Fraction(int(rest[1])) * (_value(rest[2]) or 1)) < by:
        values, end = frozenset(value + more for value in values), rest.end()
    return [Numeral(start, end, values, scale=by)], end


def _written(text: str, match: re.Match[str]) -> tuple[list[Numeral], int]:
    start, end = match.span()
    raw = match[0]
    if len(raw) > MAX_NUMBER_CHARACTERS:
        return [], end
    if raw in "半双":
        value = Fraction(1, 2) if raw == "半" else Fraction(2)
        return [Numeral(start, end, frozenset([value]), spelt=True, loose=True)], end
    if _NEVER.match(text, end - 1) and not _NEVER.match(raw[-1]) and len(raw) > 1 and raw[-1] in _DIGIT:
        raw, end = raw[:-1], end - 1
    values = _readings(raw)
    numeral = Numeral(
        start, end, values, spelt=True, loose=_loose(text, start, end, values), scale=_scale(raw)
    )
    return ([numeral] if values else []), end


def _readings(raw: str) -> frozenset[Fraction]:
    """Every value of a number in characters: 三四 is three or four, and 二〇二二 a year."""
    whole, _, rest = raw.partition("点")
    if rest:
        value = _value(whole)
        tail = rest.rstrip("".join(_SCALE))
        by = _value(rest[len(tail) :]) or 1
        if value is None or any(letter not in _DIGIT for letter in tail) or not tail:
            return frozenset()
        return frozenset(
            [(value + Fraction(int("".join(str(_DIGIT[x]) for x in tail)), 10 ** len(tail))) * by]
        )
    if all(letter in _DIGIT for letter in raw) and len(raw) > 1:
        digits = [_DIGIT[letter] for letter in raw]
        row = Fraction(int("".join(map(str, digits))))
        return frozenset([row]) | (frozenset(map(Fraction, digits)) if len(raw) == 2 else frozenset())
    value = _value(raw)
    return frozenset() if value is None else frozenset([Fraction(value)])


def _value(raw: str) -> int | None:
    """The value of 一百零五万; nothing where the characters make no number."""
    total = group = digit = 0
    last, seen = 1, False
    for letter in raw:
        if letter in _DIGIT:
            digit, seen = _DIGIT[letter], True
            last = 1 if letter in "零〇" else last
        elif letter in _TIMES:
            times = _TIMES[letter]
            group += (digit or 1) * times
            digit, last, seen = 0, times, True
        else:
            scale = _SCALE[letter]
            total = (
                (total + group + digit or 1) * scale
                if total < scale
                else total + (group + digit or 1) * scale
            )
            group, digit, last, seen = 0, 0, scale, True
    # 一千二 is 1200, 三万五 35,000: a last digit counts a tenth of what stood before it.
    if digit and last >= 100 and len(raw) > 2 and raw[-2] in (*_TIMES, *_SCALE):
        digit = digit * last // 10
    return total + group + digit if seen else None


def _scale(raw: str) -> Fraction:
    tail = raw[len(raw.rstrip("".join((*_SCALE, "千", "百")))) :]
    return Fraction(_value(tail) or 1) if tail and tail != raw else Fraction(1)


def _loose(text: str, start: int, end: int, values: frozenset[Fraction]) -> bool:
    """Whether characters may be a word's part (统一, 三亚) rather than a number."""
    raw = text[start:end]
    if text[max(0, start - 1) : start] in ("几", "数", "周", "期", "拜") or text[end : end + 1] == "几":
        return True
    if values == {1} or _NEVER.match(text, start) or _NEVER.match(text, end - 1):
        return True
    if raw.strip("".join((*_SCALE, "百", "千"))) == "":
        return True
    if len(raw) > 1 and any(letter in _TIMES or letter in _SCALE for letter in raw):
        return False
    if text[max(0, start - 1) : start] == "第":
        return False
    return not _COUNTED.match(text, end)


def _with_parts(text: str, found: list[Numeral]) -> list[Numeral]:
    """Join 三 and 一 of 三分之一."""
    joined: list[Numeral] = []
    for numeral in found:
        last = joined[-1] if joined else None
        if last and numeral.start - last.end <= 4 and _PART.fullmatch(text, last.end, numeral.start):
            joined.pop()
            if last.values != {100}:  # 百分之 is the percent sign
                values = frozenset(a / b for a in numeral.values for b in last.values if b)
                joined.append(Numeral(last.start, numeral.end, values, spelt=True))
                continue
        joined.append(numeral)
    return joined
