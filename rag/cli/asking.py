"""Ask questions and print the answers, for `python -m rag ask`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.cli.console import errors, print_json, say
from rag.cli.filter_options import article_ids
from rag.cli.questions import show_notice
from rag.events import Answered, Failed, NotFound, Rephrased, Retrieved, Unconfirmed
from rag.locales.message import Message, render_all
from rag.service import json_output
from rag.service.open_library import open_library
from rag.service.shared_library import SharedLibrary
from rag.settings import Settings
from rag.types import SHOWN_QUOTES, Answer, AnswerForm, AnswerStyle, Filters, Hit, Quote


def ask_all(
    questions: Sequence[str],
    settings: Settings,
    model: str | None,
    filters: Filters,
    articles: Sequence[str] | None,
    form: AnswerForm,
    style: AnswerStyle,
    *,
    as_json: bool,
) -> None:
    """Ask questions one after the other. Exits with status 1 at the end if an answer failed."""
    failed = False
    with open_library(settings) as library:
        filters = replace(filters, articles=article_ids(library, articles))
        asking = _Asking(library, model, filters, form, style, quiet=as_json)
        for question in questions:
            answer, message = asking.answer(question)
            failed = failed or bool(message)
            if as_json:
                print_json(json_output.answer(answer, message))
            else:
                _show_sources(answer)
            if message:
                errors.print(f"byline: {message}")
        show_notice(library)
    if failed:
        raise SystemExit(1)


@dataclass(frozen=True, slots=True)
class _Asking:
    """A library, and how its questions are asked. Answers are printed while they are written, or `quiet`."""

    library: SharedLibrary
    model: str | None
    filters: Filters
    form: AnswerForm
    style: AnswerStyle
    quiet: bool

    def answer(self, question: str) -> tuple[Answer, Message | None]:
        """Return the answer, and the error message if it failed; quotations are printed immediately."""
        for event in self.library.ask(
            question, model=self.model, filters=self.filters, form=self.form, style=self.style
        ):
            match event:
                case Rephrased(standalone) if not self.quiet:
                    say(f"Searched: {standalone}")
                case Retrieved(hits, unused, quotes, mended) if not self.quiet:
                    if mended:
                        say(f"Also searched: {', '.join(one.known for one in mended)}")
                    _show_quotes((*hits, *unused), quotes)
                case Answered(answer) | Unconfirmed(answer) | NotFound(answer):
                    if not self.quiet:
                        offers = [f"- {offer}" for offer in answer.offers]
                        say("\n".join([answer.text, *render_all(answer.advice, answer.language), *offers]))
                    return answer, None
                case Failed(message, answer):
                    return answer, message
                case _:
                    pass
        raise AssertionError("every stream of events has an end")


def _show_quotes(found: Sequence[Hit], quotes: Sequence[Quote]) -> None:
    for quote in quotes[:SHOWN_QUOTES]:
        hit = found[quote.n - 1]
        text = hit.passage.text[quote.start : quote.end]
        say(f"“{text}”\n  [{quote.n}] {json_output.reference(hit.article)}")
    say("")


def _show_sources(answer: Answer) -> None:
    """List the passages read and the model; an answer about the library has named its articles."""
    if answer.kind != "content":
        return
    say("")
    for sentence in answer.sentences:
        if sentence.support != "supported":
            say(f"  {sentence.support}: {sentence.text} ({sentence.reason or ''})")
    for n, hit in enumerate(answer.hits, 1):
        say(f"  [{n}] {json_output.reference(hit.article)}")
    if answer.model:
        say(f"\nAnswered by {answer.model}")
    for warning in render_all(answer.warnings, answer.language):
        errors.print(f"byline: {warning}")
