"""Write a checked draft as Markdown, with a sign and a footnote after each sentence. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.conversations.export import plain, plain_lines, reference
from rag.drafts.checked_draft import CheckedSentence, Finding, counts
from rag.locales.message import Message, render

SIGNS: dict[Finding, str] = {"confirmed": "✓", "differs": "≠", "not_found": "?", "passed_over": ""}


def with_notes(draft: str, sentences: Sequence[CheckedSentence], language: str) -> str:
    """Return the draft with notes in a language; sentences that were passed over have none."""
    title, legend = (render(Message.of(code), language) for code in ("draft_title", "draft_legend"))
    noted = [one for one in sentences if one.finding != "passed_over"]
    notes = [f"[^{n}]: " + "\n\n".join(_note(one, language)) for n, one in enumerate(noted, 1)]
    parts = [f"# {plain(title)}", plain(summary(sentences, language)), "".join(_marked(draft, noted))]
    return "\n\n".join([*parts, "---", plain(legend), *notes]).rstrip() + "\n"


def summary(sentences: Sequence[CheckedSentence], language: str) -> str:
    """Return the line that counts the sentences by finding."""
    found = counts(sentences)
    told = Message.of(
        "draft_counts",
        confirmed=found["confirmed"],
        differs=found["differs"],
        not_found=found["not_found"],
    )
    return render(told, language)


def named(finding: Finding, language: str) -> str:
    """Return the name of a finding."""
    return render(Message(f"draft_{finding}"), language)


def differences(sentence: CheckedSentence, language: str) -> list[str]:
    """Return a line for each value of which an article has another one."""
    return [
        render(Message.of("draft_instead", said=one.said, instead=one.instead), language)
        for one in sentence.deviations
    ]


def _marked(draft: str, noted: Sequence[CheckedSentence]) -> Iterator[str]:
    at = 0
    for n, one in enumerate(noted, 1):
        yield f"{plain_lines(draft[at : one.end])} {SIGNS[one.finding]}[^{n}]"
        at = one.end
    yield plain_lines(draft[at:])


def _note(sentence: CheckedSentence, language: str) -> Iterator[str]:
    told = " ".join(map(plain, differences(sentence, language)))
    closest = sentence.finding == "not_found" and sentence.backings
    more = render(Message.of("draft_closest"), language) if closest else ""
    yield " ".join(
        part for part in (f"**{plain(named(sentence.finding, language))}.**", told, plain(more)) if part
    )
    for one in sentence.backings:
        yield f"    > {plain(one.text)}\n    >\n    > {reference(one.article)}"
