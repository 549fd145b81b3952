"""The interface in one language: the names of its texts; the texts themselves are in rag/locales.

Texts with braces are filled with `str.format`. A text that counts something is a `Plural`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, get_type_hints

from babel import Locale

from rag.locales import catalogue
from rag.ui.conversation_texts import (
    AnswerTexts,
    ConversationsTexts,
    DrawerTexts,
    FiguresTexts,
    FiltersTexts,
    HoldingsTexts,
    KeyboardTexts,
    NavigationTexts,
    PageTexts,
    RatingTexts,
    StyleTexts,
)
from rag.ui.notebook_texts import NotebookTexts
from rag.ui.page_texts import (
    AddingTexts,
    ArticlesTexts,
    CollectionsTexts,
    CompareTexts,
    DraftTexts,
    FeedsTexts,
    ListsTexts,
    MendingTexts,
    ModelsTexts,
    ReportCardTexts,
    SetupTexts,
    StreamlitTexts,
)
from rag.ui.people_texts import PeopleTexts
from rag.ui.plurals import Plural


@dataclass(frozen=True, slots=True, kw_only=True)
class Strings:
    """The texts of the interface in one language, by the part of it that they belong to."""

    language: str
    locale: Locale
    page: PageTexts
    navigation: NavigationTexts
    holdings: HoldingsTexts
    answer: AnswerTexts
    articles: ArticlesTexts
    drawer: DrawerTexts
    models: ModelsTexts
    setup: SetupTexts
    conversations: ConversationsTexts
    rating: RatingTexts
    adding: AddingTexts
    feeds: FeedsTexts
    keyboard: KeyboardTexts
    streamlit: StreamlitTexts
    filters: FiltersTexts
    figures: FiguresTexts
    style: StyleTexts
    compare: CompareTexts
    report_card: ReportCardTexts
    lists: ListsTexts
    collections: CollectionsTexts
    mending: MendingTexts
    draft: DraftTexts
    notebook: NotebookTexts
    people: PeopleTexts


PARTS = {name: kind for name, kind in get_type_hints(Strings).items() if name not in {"language", "locale"}}
"""The class of each part of the interface."""


@cache
def strings(language: str) -> Strings:
    """Return the texts in a language; in English where it is not an interface language."""
    language, locale = catalogue.known(language), catalogue.locale_of(language)
    texts = catalogue.sections(language)["interface"]
    parts = {name: kind(**_texts(texts[name], locale)) for name, kind in PARTS.items()}
    return Strings(language=language, locale=locale, **parts)


def _texts(part: dict[str, Any], locale: Locale) -> dict[str, Any]:
    return {name: _text(value, locale) for name, value in part.items()}


def _text(value: Any, locale: Locale) -> Any:
    if isinstance(value, dict):
        return Plural(locale, value)
    return tuple(value) if isinstance(value, list) else value
