"""The page "Check a draft": each sentence of a text beside quotations from the articles."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from threading import Event

import streamlit as st

from rag.drafts import notes
from rag.drafts.checked_draft import CheckedSentence
from rag.drafts.draft_sentences import draft_sentences
from rag.library import Library
from rag.locales.message import Message
from rag.progress import OnProgress, Progress
from rag.ui import article_reader_panel, change_job, draft_view, notice_page, page_header, setup_page
from rag.ui.components import component
from rag.ui.jobs import CancellableJob
from rag.ui.markdown_escape import plain
from rag.ui.strings import Strings

POLL_INTERVAL_S = 0.5
"""Interval at which checked sentences are drawn. Not fitted."""
_TEXT, _EMPTY, _STORED = "draft-text", "draft-empty", "draft-stored"
_RUN, _OPEN, _CLICKED = "draft-run", "draft-open", "draft-clicked"
"""Session keys: the field, whether it was empty, the component that stores the text in the browser; the last
check, the open quotation, and whether it was opened just now."""


@dataclass
class DraftRun:
    """A check of a text in the background; `sentences` grows while it runs."""

    text: str
    job: CancellableJob[bool] = field(default_factory=CancellableJob)
    sentences: list[CheckedSentence] = field(default_factory=list)

    def begin(self, library: Library) -> None:
        """Start the check."""
        self.job.begin(partial(self._work, library))

    def _work(self, library: Library, on_progress: OnProgress, stop: Event) -> bool:
        total = len(draft_sentences(self.text))
        for sentence in library.check_draft(self.text):
            self.sentences.append(sentence)
            on_progress(Progress(Message.of("checking_draft"), len(self.sentences), total))
            if stop.is_set():
                return False
        return True


def page(library: Library, s: Strings) -> None:
    """Draw the page."""
    page_header.draw(s)
    with st.container(key="draft-page"):
        st.markdown(f"## {s.draft.title}")
        st.markdown(plain(s.draft.more))
        run: DraftRun | None = st.session_state.get(_RUN)
        _form(library, run, s)
        if run is not None:
            running = run.job.running
            st.fragment(_results, run_every=POLL_INTERVAL_S if running else None)(run, running, s)
            if not running:
                _save(run, s)
            st.fragment(_reader)(library, run, s)


def _form(library: Library, run: DraftRun | None, s: Strings) -> None:
    text = st.text_area(s.draft.text, key=_TEXT, height=220)
    component("draft_text")(key=_STORED, data={"text": text}, on_kept_change=_restore)
    if run is not None and run.job.running:
        setup_page.draw_live_progress(run.job, s.draft.start, s)
        st.button(s.page.stop, key="draft-stop", icon=":material/stop:", on_click=run.job.stop.set)
    else:
        st.button(s.draft.start, key="draft-go", type="primary", on_click=_begin, args=(library,))
    if st.session_state.pop(_EMPTY, False):
        st.caption(plain(s.draft.empty))


def _restore() -> None:
    """Fill the field with the text that the browser stored. A callback."""
    match getattr(st.session_state.get(_STORED), "kept", None):
        case {"text": str(text)}:
            st.session_state[_TEXT] = text


def _begin(library: Library) -> None:
    """Start a check. A callback."""
    text = str(st.session_state[_TEXT]).strip()
    st.session_state[_EMPTY] = not text
    if text:
        st.session_state.pop(_OPEN, None)
        st.session_state[_RUN] = run = DraftRun(text)
        run.begin(library)


def _results(run: DraftRun, polled: bool, s: Strings) -> None:
    """Draw the sentences checked so far."""
    if run.job.error is not None:
        notice_page.failure(run.job.error, s, "draft")
    notices = [_state(run, s), notes.summary(run.sentences, s.language) if run.sentences else ""]
    component("draft")(
        key="draft",
        data=draft_view.payload(run.sentences, [one for one in notices if one], s),
        on_act_change=_open,
    )
    ended = polled and not run.job.running
    if st.session_state.pop(_CLICKED, False) or ended:
        st.rerun()  # redraws the drawer, or without polling and with the button that saves


def _state(run: DraftRun, s: Strings) -> str:
    """Return a notice where the check was stopped, or the text has changed since; else ""."""
    if run.job.running:
        return ""
    if run.job.stop.is_set():
        return s.draft.unfinished
    changed = run.text != str(st.session_state.get(_TEXT, run.text)).strip()
    return s.draft.changed if changed else ""


def _open() -> None:
    """Open a quotation's article. A callback."""
    action = getattr(st.session_state.get("draft"), "act", None)
    match action:
        case {"do": "open", "sentence": int(sentence), "quote": int(quote)}:
            st.session_state[_OPEN] = sentence, quote
            st.session_state[_CLICKED] = True


def _save(run: DraftRun, s: Strings) -> None:
    if run.sentences:
        text = notes.with_notes(run.text, run.sentences, s.language)
        st.download_button(s.draft.save, text, "draft.md", "text/markdown", key="draft-save")


def _reader(library: Library, run: DraftRun, s: Strings) -> None:
    """Show the article of the open quotation in the drawer."""
    sentence, quote = st.session_state.get(_OPEN, (0, 0))
    backing = draft_view.backing(run.sentences, sentence, quote)
    article, span = None, (0, 0)
    if backing is not None and (article := library.article(backing.article.id)):
        whole = article.text[backing.start : backing.end] == backing.text
        span = (backing.start, backing.end) if whole else span
    change_job.draw(s)
    article_reader_panel.draw(library, article, lambda: st.session_state.pop(_OPEN, None), s, span)
