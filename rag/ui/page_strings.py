"""The texts of the pages beside the conversation: articles, models, and what their lists share."""

from __future__ import annotations

from dataclasses import dataclass

from rag.ui.plurals import Plural


@dataclass(frozen=True, slots=True, kw_only=True)
class PageStrings:
    """Part of `Strings`."""

    # Lists
    choose: str
    choose_all: str
    chosen: str
    pages: str
    page_of: str
    previous: str
    next: str

    # Streamlit's own, in the same order in every language
    streamlit: tuple[str, ...]

    # Filters
    language_label: str
    outlets: str
    since: str
    until: str
    filters: str
    no_filters: str
    any: str
    filter_since: str
    filter_until: str
    searched_among: str

    # Articles
    articles_title: str
    view: str
    view_articles: str
    view_removed: str
    view_skipped: str
    view_charts: str
    search_articles: str
    search_articles_more: str
    no_such_articles: str
    title: str
    outlet: str
    published: str
    passages: str
    added: str
    article: str
    take_out: str
    taken_out: Plural
    changing: str
    unfinished: Plural
    finish: str
    put_back: str
    forget: str
    removed_on: str
    removed_more: str
    nothing_removed: str
    skipped_more: str
    nothing_skipped: str
    file: str
    reason: str
    since_when: str
    by_language: str
    by_outlet: str
    by_month: str

    # Models
    models_title: str
    models_more: str
    picker_more: str
    models_none: str
    runs: str
    size: str
    quantisation: str
    context: str
    tokens: str
    memory: str
    loaded: str
    memory_about: str
    memory_short: str
    memory_warning: str
    licence: str
    fetch_title: str
    fetch: str
    fetch_name: str
    fetch_name_more: str
    ollama_silent: str
    fetching: str
    fetched: str
    fetch_stopped: str
    models_fixed: str
    delete_title: str
    delete_more: str
    delete_default: str
    deleting: str
    keep: str
