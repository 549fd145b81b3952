"""Names of the texts of the conversation page and of the parts that all pages share."""

from __future__ import annotations

from dataclasses import dataclass

from rag.ui.plurals import Plural


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTexts:
    """Texts of the start page and the question field."""

    tagline: str
    new_conversation: str
    ask_label: str
    stop: str
    welcome: str
    welcome_more: str
    examples: str
    lost: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationTexts:
    """Texts of the links between pages."""

    interface_language: str
    adding: str
    ask: str
    articles: str
    models: str
    compare: str
    draft: str
    notebook: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingsTexts:
    """Texts of the summary of the library."""

    holdings: str
    articles: Plural
    knows: str
    updated: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTexts:
    """Texts of an answer while it is written, and its end."""

    searching: str
    loading: str
    reading: str
    thinking: str
    writing: str
    thoughts: str
    searched: str
    also_searched: str
    apart: str
    passages_found: str
    sources: str
    quotes: str
    quotes_below: str
    source_label: str
    open_source: str
    also_in: str
    reported_by: str
    not_cited: str
    partly: str
    unsupported: str
    because: str
    legend: str
    unconfirmed: str
    not_found: str
    not_found_more: str
    failed: str
    failed_kept: str
    stopped: str
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
    whole_question: str
    version_of: str
    earlier_version: str
    later_version: str
    copy_answer: str
    copied: str
    stop_this: str
    rate_good: str
    rate_bad: str
    unused: Plural
    unused_one: str
    without_model: str
    quoted: str
    form_answer: str
    form_dossier: str
    form_timeline: str
    form_comparison: str
    form_list: str
    ask_next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawerTexts:
    """Texts of the article beside an answer."""

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
    ask_this: str
    why_found: str
    why_near: str
    why_related: str
    why_far: str
    why_most_words: str
    why_some_words: str
    why_no_words: str
    translate: str
    translating: str
    translated_by: str
    translation_failed: str
    left_out: Plural
    left_out_none: str
    left_out_unknown: str
    left_out_more: Plural
    take_as_is: str
    take_as_is_more: str
    taken_as_is: str
    clean_again: str
    translation_agrees: str
    translation_differs: str
    translation_missing: str
    translation_added: str
    in_brief: str
    people: str
    organisations: str
    places: str
    other_names: str
    dates: str
    figures: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationsTexts:
    """Texts of the list of conversations."""

    conversations: str
    search_conversations: str
    nothing_said: str
    no_conversations: str
    today: str
    yesterday: str
    last_days: str
    show_more: str
    more_about: str
    pinned: str
    pin: str
    unpin: str
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
    not_kept_away: str
    not_kept_newer: str
    not_kept: str
    moved_aside: str
    restored: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingTexts:
    """Texts of rating an answer."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyboardTexts:
    """Texts of keyboard shortcuts."""

    shortcuts: str
    key_question: str
    key_close: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FiltersTexts:
    """Texts of filters."""

    language_label: str
    outlets: str
    since: str
    until: str
    filters: str
    no_filters: str
    all_articles: str
    any: str
    filter_since: str
    filter_until: str
    searched_among: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleTexts:
    """Texts of the length and the instructions of answers."""

    title: str
    length: str
    short: str
    normal: str
    long: str
    instructions: str
    hint: str
    more: str
    instructed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresTexts:
    """Texts of figures."""

    seconds: str
    units: tuple[str, ...]
    date_field: str
