"""The texts of the page that compares models."""

from __future__ import annotations

from dataclasses import dataclass

from rag.ui.page_strings import PageStrings


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareStrings(PageStrings):
    """Part of `Strings`."""

    nav_compare: str
    compare_title: str
    compare_more: str
    view_side_by_side: str
    view_card: str
    compare_question: str
    compare_models: str
    compare_start: str
    compare_few: str
    compare_alone: str
    compare_words: str
    turn_waiting: str
    figure_first: str
    figure_whole: str
    figure_speed: str
    figure_supported: str
    card_more: str
    card_start: str
    card_questions: str
    card_working: str
    card_of: str
    card_made: str
    card_none: str
    card_missing: str
    card_stopped: str
    card_share: str
    card_asked: str
    card_times: str
    rate_right: str
    rate_cited_rightly: str
    rate_refused_rightly: str
    rate_wrongly_refused: str
    rate_in_language: str
