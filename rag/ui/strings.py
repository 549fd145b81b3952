"""Every text of the interface: the names are here, the texts in languages/, one JSON file a language.

Texts with braces are filled with `str.format`. A text that counts something is an object with a form
for each of its language's plural categories (CLDR's; "other" always, and for any that is left out) and
becomes a `Plural`.
Messages of `rag.errors` are not here: they belong to what raised them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale

from rag.ui.compare_strings import CompareStrings
from rag.ui.plurals import Plural

LOCALES = {"en": "en_GB", "fr": "fr", "zh": "zh_Hans", "vi": "vi", "ru": "ru"}
"""The interface's languages (ISO 639-1), and whose forms of dates, numbers and lists each follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strings(CompareStrings):
    """The interface in one language."""

    language: str
    locale: Locale

    # The page
    tagline: str
    new_conversation: str
    ask_label: str
    stop: str
    welcome: str
    welcome_more: str
    examples: str
    lost: str

    # Finding the way
    interface_language: str
    nav_adding: str
    nav_ask: str
    nav_articles: str
    nav_models: str

    # What the library knows
    holdings: str
    articles: Plural
    knows: str
    updated: str

    # An answer
    searching: str
    loading: str
    reading: str
    thinking: str
    writing: str
    thoughts: str
    searched: str
    apart: str
    passages_found: str
    sources: str
    closest: str
    source_label: str
    open_source: str
    also_in: str
    reported_by: str
    not_cited: str
    partly: str
    unsupported: str
    because: str
    legend: str
    not_found: str
    not_found_more: str
    not_found_none: str
    failed: str
    failed_kept: str
    stopped: str
    unexpected: str
    retrieved_in: str
    first_word_in: str
    whole_in: str
    waiting: str
    cut_off: str
    again: str
    again_with_another: str
    edit: str
    ask: str
    cancel: str
    version_of: str
    earlier_version: str
    later_version: str
    copy_answer: str
    copied: str
    stop_this: str
    unused: Plural
    unused_one: str
    rate_good: str
    rate_bad: str

    # The drawer
    source_of: str
    untitled: str
    article_gone: str
    article_changed: str
    highlighted: str
    previous_citation: str
    next_citation: str
    also_cited: str
    copy_reference: str
    open_original: str
    why_found: str
    why_dense: str
    why_keyword: str
    why_balance: str
    why_rerank: str
    translate: str
    translating: str
    translated_by: str
    translation_failed: str

    # Models
    model: str
    in_this_app: str
    in_ollama: str
    models_unknown: str

    # Setting up
    setup_title: str
    setup_more: str
    setup_models: str
    setup_total: str
    setup_start: str
    setup_working: str
    retry: str
    empty_title: str
    empty_more: str
    empty_sample: str
    indexing: str
    opening: str
    cannot_open: str
    cannot_work: str

    # Conversations
    conversations: str
    search_conversations: str
    nothing_said: str
    no_conversations: str
    today: str
    yesterday: str
    last_days: str
    show_more: str
    more_about: str
    rename: str
    new_title: str
    delete: str
    deleted: str
    undo: str
    close: str
    save_markdown: str
    save_json: str
    print: str
    being_answered: str
    not_kept_full: str
    not_kept_locked: str
    not_kept_denied: str
    not_kept_newer: str
    not_kept: str
    moved_aside: str

    # Rating an answer
    why_good: str
    why_bad: str
    in_your_words: str
    send: str
    rating_stays: str
    reason_wrong: str
    reason_source: str
    reason_missing: str
    reason_question: str
    reason_refused: str
    reason_language: str
    reason_right: str
    reason_sources: str
    reason_clear: str

    # Adding articles
    adding_title: str
    adding_more: str
    adding_files: str
    adding_text: str
    adding_text_more: str
    adding_start: str
    adding_working: str
    report_added: Plural
    report_updated: Plural
    report_unchanged: Plural
    report_removed: Plural
    report_skipped: Plural
    report_nothing: str
    report_stopped: str
    skipped_why: str
    skipped_retry: str

    # Feeds
    feeds_title: str
    feeds_more: str
    feeds_address: str
    feeds_address_more: str
    feeds_minutes: str
    feeds_subscribe: str
    feeds_looked: str
    feeds_never: str
    feeds_remove: str
    feeds_now: str
    watched_folders: str

    # The keyboard
    shortcuts: str
    key_question: str
    key_close: str

    # Figures
    seconds: str
    units: tuple[str, ...]
    date_field: str


@cache
def strings(language: str) -> Strings:
    """Texts of an interface language; English for one that has none."""
    language = language if language in LOCALES else "en"
    locale = Locale.parse(LOCALES[language])
    texts = {name: _text(value, locale) for name, value in texts_of(language).items()}
    return Strings(language=language, locale=locale, **texts)


def texts_of(language: str) -> dict[str, Any]:
    """What a language's file holds, its sections put together."""
    text = files("rag.ui").joinpath(f"languages/{language}.json").read_text("utf-8")
    return {name: value for section in json.loads(text).values() for name, value in section.items()}


def _text(value: Any, locale: Locale) -> Any:
    if isinstance(value, dict):
        return Plural(locale, value)
    return tuple(value) if isinstance(value, list) else value
