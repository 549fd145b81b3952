"""The lines of a dossier or timeline, in the reader's language. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from babel.dates import format_date

from rag.answering.citations import unmarked
from rag.dossiers.dating import EventDate
from rag.dossiers.quotable_spans import QuotableSpan
from rag.locales.catalogue import locale_of
from rag.locales.message import Message, render
from rag.locales.partial_dates import partial_date
from rag.types import ArticleInfo


def lead(form: str, subject: str, sentences: int, articles: int, language: str) -> str:
    """Return the first line: what follows, from how many articles."""
    counted = Message.of("of_articles", n=articles)
    return render(
        Message.of(f"{form}_lead", n=sentences, subject=unmarked(subject), articles=counted), language
    )


def lead_of_beginnings(sentences: int, articles: int, language: str) -> str:
    """Return the first line of an answer that quotes the beginnings of articles."""
    counted = Message.of("of_articles", n=articles)
    return render(Message.of("beginnings_lead", n=sentences, articles=counted), language)


def note_on_more(articles: int, language: str) -> str:
    """Return the line on how many articles are not quoted."""
    return render(Message.of("library_more", n=articles), language)


def note_on_dates(language: str) -> str:
    """Return the line that explains the sign of an inferred date."""
    return render(Message.of("dates_inferred"), language)


def heading_of_others(language: str) -> str:
    """Return the heading of the sentences without a group."""
    return heading(render(Message.of("dossier_more"), language))


def heading_of_unsure(language: str) -> str:
    """Return the heading of the sentences that may be about something else."""
    return heading(render(Message.of("dossier_unsure"), language))


def heading_of_shared(language: str) -> str:
    """Return the heading of the sentences that are about several subjects."""
    return heading(render(Message.of("comparison_shared"), language))


def heading_of_alone(language: str) -> str:
    """Return the heading of the sentences without counterpart."""
    return heading(render(Message.of("comparison_alone"), language))


def labelled(label: str, quoted: str, language: str) -> str:
    """Return a quotation after the subject that it is about."""
    return render(Message.of("comparison_cell", label=unmarked(label), quoted=quoted), language)


def table_row(cells: Iterable[str]) -> str:
    """Return a row of a Markdown table."""
    return f"| {' | '.join(cell.replace('|', '¦') for cell in cells)} |"


def empty_cell(language: str) -> str:
    """Return the cell of a subject without a sentence on the row's aspect."""
    return render(Message.of("comparison_empty"), language)


def heading(text: str) -> str:
    """Return a Markdown heading."""
    return f"## {unmarked(text)}"


def item(excerpt: QuotableSpan, numbers: Sequence[int], when: EventDate | None, language: str) -> str:
    """Return a list item: the date, the quotation, its source, and its citations."""
    quoted = quotation(excerpt.text, numbers, excerpt.hit.article, language)
    return f"{date_label(when, language)} · {quoted}" if when else quoted


def quotation(text: str, numbers: Sequence[int], article: ArticleInfo | None, language: str) -> str:
    """Return a quoted text with its source, if an article is given, and its citations."""
    quoted = render(Message.of("quoted", text=unmarked(text)), language)
    credited = f"{quoted} — {unmarked(credit(article, language))}" if article else quoted
    return f"{credited} {''.join(f'[{n}]' for n in numbers)}"


def credit(article: ArticleInfo, language: str) -> str:
    """Return the outlet, else the title, and the day of publication."""
    day = article.published and format_date(article.published, "medium", locale=locale_of(language))
    return ", ".join(str(part) for part in (article.outlet or article.title, day) if part)


def date_label(when: EventDate, language: str) -> str:
    """Return a date as exact as it is stated, after "~" if it was inferred from the article's date."""
    told = partial_date(*when.moment, language)
    return f"~ {told}" if when.inferred else told
