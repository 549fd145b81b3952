"""Draw reports as Altair charts; they are saved without a browser or network, and shown in the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import NotPermitted, SettingsError
from rag.evaluation.cross_lingual_search import RetrievalReport
from rag.evaluation.headline_search import HeadlinesReport
from rag.evaluation.measures import HIT_1, HIT_5, Figures
from rag.evaluation.report_card import TARGETS, CardReport
from rag.evaluation.report_tables import RATES, counted, times_line

if TYPE_CHECKING:
    import altair as alt

    Panel = alt.LayerChart | alt.FacetChart  # the types that Altair's `properties` returns

_SUFFIXES = (".svg", ".png")
ROW_HEIGHT_PX = 52
"""Height of a language's row, and side of a cell."""
MIN_BRIGHT_VALUE = 0.55
"""Minimum value whose colour on the cividis scale is bright enough for black letters. Not fitted."""
_COLOURS = ("#0072b2", "#e69f00")
"""Blue and orange of Okabe and Ito (2008), distinguishable with any colour vision."""


def retrieval_chart(report: RetrievalReport) -> alt.HConcatChart:
    """Draw the share matrix as a heat map, beside hit@1 and hit@5 by the question's language."""
    import altair as alt

    found, data, index = report["all_languages"], report["data"], report["index"]
    worst = found["share_worst"]
    caption = [
        "Left: how often the right passage, in the column's language, is among the first 20 articles.",
        "Right: how often any of its versions is the first, or among the first 5.",
        f"{counted(data['questions'], 'question')} in each language, "
        f"{counted(index['articles'], 'article')} in one index, {index['embedder']}. "
        f"Share: mean {found['share_mean']:.3f}, "
        f"worst {worst['value']:.3f} ({worst['question']} question, {worst['passage']} passage).",
    ]
    sides = (_heat_map(found["share"], data["languages"]), _bars(found["by_language"], data["languages"]))
    title = _title("Is the right passage found, whatever its language?", caption)
    chart: alt.HConcatChart = alt.hconcat(*sides, title=title).resolve_scale(color="independent")
    return chart


def headlines_chart(report: HeadlinesReport) -> alt.HConcatChart:
    """Draw hit@1 and hit@5 by language."""
    import altair as alt

    data, index = report["data"], report["index"]
    counts = ", ".join(f"{code} {_kinds(asked)}" for code, asked in data["asked"].items())
    caption = [
        f"{counted(index['articles'], 'article')} in one index, {index['embedder']}.",
        f"Asked: {counts}.",
    ]
    bars = _bars(report["by_language"], list(report["by_language"]))
    return alt.hconcat(bars, title=_title("Is an article found by its headline?", caption))


@dataclass(frozen=True, slots=True)
class CardWords:
    """Texts of a report card's chart; `rates` are the names of the shares, in order."""

    title: str
    share: str
    rates: Mapping[str, str]
    caption: Sequence[str]


def card_words(report: CardReport) -> CardWords:
    """Return the texts in English."""
    overall, memory = report["overall"], report["peak_memory_mb"]
    caption = [
        f"{counted(overall['questions'], 'question')} on {counted(report['index']['articles'], 'article')}; "
        "wrongly refused: less is better.",
        times_line(overall),
        *([f"Peak memory {memory:,.0f} MB."] if memory is not None else []),
    ]
    return CardWords(
        f"Report card: {report['model']['name']}", "share; the line is the target", RATES, caption
    )


def card_chart(report: CardReport, words: CardWords | None = None) -> alt.HConcatChart:
    """Draw the shares of a report card as bars, each with a line for its target."""
    import altair as alt

    words, overall = words or card_words(report), report["overall"]
    values = [
        {"name": name, "value": overall[key], "target": TARGETS.get(key)}  # type: ignore[literal-required]
        for key, name in words.rates.items()
    ]
    base = alt.Chart(alt.InlineData(values=values)).encode(
        alt.X("value:Q", title=words.share).scale(domain=[0, 1]).axis(grid=False),
        alt.Y("name:N", sort=list(words.rates.values()), title=None).axis(labelLimit=220),
    )
    figures = base.mark_text(align="left", dx=4).encode(alt.Text("value:Q", format=".2f"))
    lines = base.mark_tick(color=_COLOURS[1], thickness=3, size=ROW_HEIGHT_PX * 0.7).encode(alt.X("target:Q"))
    bars = base.mark_bar(color=_COLOURS[0], size=ROW_HEIGHT_PX * 0.45)
    panel = alt.layer(bars, lines, figures).properties(width=420, height=len(values) * ROW_HEIGHT_PX)
    title = _title(words.title, words.caption)
    padding = {"left": 60, "right": 15, "top": 10, "bottom": 10}  # the viewer's font may be wider
    return alt.hconcat(panel, title=title, padding=padding)


def check_picture(path: Path | None) -> None:
    """Raise SettingsError if the suffix of a picture's name is not supported, or no picture can be drawn."""
    if path and path.suffix.lower() not in _SUFFIXES:
        raise SettingsError("picture_kind", name=path.name, suffixes=" or ".join(_SUFFIXES))
    if path and not can_draw():
        raise SettingsError("setting_package", name="--picture", package="altair vl-convert-python")


def can_draw() -> bool:
    """Tell whether the packages that render charts are installed."""
    return find_spec("altair") is not None and find_spec("vl_convert") is not None


def svg(chart: alt.HConcatChart) -> str:
    """Render a chart as SVG."""
    buffer = StringIO()
    chart.save(buffer, format="svg")
    return buffer.getvalue()


def save(chart: alt.HConcatChart, path: Path) -> None:
    """Save a chart as SVG or PNG, by the suffix. Raises NotPermitted if it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        chart.save(path, format="svg" if path.suffix.lower() == ".svg" else "png", scale_factor=2)
    except OSError as error:
        raise NotPermitted("file_not_saved", path=path, why=error.strerror) from error


def _heat_map(share: Mapping[str, Figures], languages: Sequence[str]) -> Panel:
    import altair as alt

    cells = [{"question": q, "passage": p, "share": share[q][p]} for q in languages for p in languages]
    base = alt.Chart(alt.InlineData(values=cells)).encode(
        alt.X("passage:N", sort=list(languages), title="language of the passage").axis(
            orient="top", labelAngle=0
        ),
        alt.Y("question:N", sort=list(languages), title="language of the question"),
    )
    colour = alt.Color("share:Q").scale(scheme="cividis", domain=[0, 1]).title("share")
    letters = (
        alt.when(alt.datum.share > MIN_BRIGHT_VALUE).then(alt.value("black")).otherwise(alt.value("white"))
    )
    figures = base.mark_text(fontSize=13).encode(alt.Text("share:Q", format=".2f"), color=letters)
    side = len(languages) * ROW_HEIGHT_PX
    return alt.layer(base.mark_rect().encode(colour), figures).properties(width=side, height=side)


def _bars(rows: Mapping[str, Figures], languages: Sequence[str]) -> Panel:
    import altair as alt

    names = (HIT_1, HIT_5)
    values = [{"language": c, "measure": n, "value": rows[c][n]} for c in languages for n in names]
    base = alt.Chart(alt.InlineData(values=values)).encode(
        alt.X("value:Q", title="share of questions").scale(domain=[0, 1]).axis(orient="top", grid=False),
        alt.Y("language:N", sort=list(languages), title=None),
        alt.YOffset("measure:N", sort=list(names)),
    )
    colour = alt.Color("measure:N", sort=list(names), title=None).scale(domain=names, range=_COLOURS)
    figures = base.mark_text(align="left", dx=4).encode(alt.Text("value:Q", format=".2f"))
    bars = base.mark_bar().encode(colour)
    return alt.layer(bars, figures).properties(width=260, height=len(languages) * ROW_HEIGHT_PX)


def _title(text: str, caption: Sequence[str]) -> alt.TitleParams:
    import altair as alt

    return alt.TitleParams(
        text, subtitle=list(caption), anchor="start", fontSize=17, subtitlePadding=6, offset=14
    )


def _kinds(asked: Mapping[str, Any]) -> str:
    kinds = [counted(asked[f"{kind}s"], kind) for kind in ("title", "sentence") if asked[f"{kind}s"]]
    return " and ".join(kinds) or "nothing"
