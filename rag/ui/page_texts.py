"""Names of the texts of the other pages and of their lists."""

from __future__ import annotations

from dataclasses import dataclass

from rag.ui.plurals import Plural


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlesTexts:
    """Texts of the page of articles."""

    articles_title: str
    view: str
    view_articles: str
    view_removed: str
    view_skipped: str
    view_charts: str
    search_articles: str
    search_articles_more: str
    no_such_articles: str
    none_left: str
    near: str
    title: str
    outlet: str
    published: str
    passages: str
    added: str
    article: str
    take_out: str
    ask_these: str
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
    outdated: Plural
    reread: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionsTexts:
    """Texts of collections."""

    title: str
    add: str
    add_title: str
    take_out: str
    name: str
    name_more: str
    save: str
    added: Plural
    renamed: str
    deleted: str
    more: str
    none: str
    filter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MendingTexts:
    """Texts of the dialog that mends an article's metadata."""

    mend: str
    title: str
    more: str
    several: Plural
    author: str
    unchanged: str
    undo: str
    mended: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelsTexts:
    """Texts of the page of models and the model picker."""

    model: str
    in_this_app: str
    in_ollama: str
    on_server: str
    gone: str
    sent_to: str
    leaves: str
    unknown: str
    title: str
    more: str
    picker_more: str
    none: str
    runs: str
    size: str
    quantisation: str
    context: str
    tokens: str
    memory: str
    loaded: str
    thinks: str
    memory_about: str
    memory_short: str
    memory_warning: str
    licence: str
    fetch_title: str
    fetch: str
    fetch_name: str
    fetch_name_more: str
    recommended_more: str
    recommended: str
    ollama_silent: str
    fetching: str
    fetched: str
    fetch_stopped: str
    fixed: str
    delete_title: str
    delete_more: str
    delete_default: str
    deleting: str
    keep: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupTexts:
    """Texts of the first start."""

    title: str
    more: str
    models: str
    total: str
    start: str
    working: str
    retry: str
    empty_title: str
    empty_more: str
    empty_sample: str
    indexing: str
    opening: str
    cannot_draw: str
    cannot_open: str
    cannot_work: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddingTexts:
    """Texts of the page that adds articles."""

    title: str
    more: str
    files: str
    collection: str
    text: str
    text_more: str
    drop: str
    start: str
    working: str
    added: str
    ask: str
    undated: str
    report_added: Plural
    report_updated: Plural
    report_unchanged: Plural
    report_removed: Plural
    report_skipped: Plural
    report_nothing: str
    report_stopped: str
    skipped_why: str
    skipped_retry: str
    report_shortened: Plural
    shortened_why: str
    report_overlong: Plural
    overlong_why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedsTexts:
    """Texts of feeds and watched folders."""

    title: str
    more: str
    address: str
    address_more: str
    minutes: str
    subscribe: str
    looked: str
    never: str
    remove: str
    now: str
    watched_folders: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamlitTexts:
    """Texts of Streamlit's own labels, in the same order in every language."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareTexts:
    """Texts of the page that compares models."""

    title: str
    more: str
    view_side_by_side: str
    view_card: str
    question: str
    models: str
    start: str
    few: str
    alone: str
    words: str
    turn_waiting: str
    figure_first: str
    figure_whole: str
    figure_speed: str
    figure_supported: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCardTexts:
    """Texts of the report card of a model."""

    more: str
    start: str
    questions: str
    working: str
    of: str
    made: str
    none: str
    missing: str
    stopped: str
    share: str
    asked: str
    times: str
    rate_right: str
    rate_cited_rightly: str
    rate_refused_rightly: str
    rate_wrongly_refused: str
    rate_in_language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListsTexts:
    """Texts that all lists share."""

    choose: str
    choose_all: str
    chosen: str
    pages: str
    page_of: str
    previous: str
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftTexts:
    """Texts of the page that checks a draft."""

    title: str
    more: str
    text: str
    start: str
    empty: str
    changed: str
    save: str
    unfinished: str
    results: str
    opens: str
