"""Names of the texts of the notebook page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookTexts:
    """Texts of the page of notebooks and of the buttons that fill them."""

    title: str
    more: str
    default_name: str
    choose: str
    actions: str
    new: str
    name: str
    deleted: str
    save_as: str
    save_docx: str
    save_md: str
    save_txt: str
    save_bib: str
    save_ris: str
    keep: str
    kept: str
    keep_in: str
    kept_in: str
    let_go_of: str
    open: str
    not_saved: str
    saving: str
    saved: str
    empty_title: str
    empty_more: str
    add_note: str
    add_note_after: str
    note: str
    note_hint: str
    up: str
    down: str
    remove: str
    removed: str
    answer: str
    quotation: str
    asked: str
    by_model: str
    sources: str
    forked: str
    article_gone: str
    article_changed: str
    gone: str
    moved_aside: str
    restored: str
