"""Articles and answers that the tests of the page share."""

from __future__ import annotations

from datetime import date

from rag.types import Answer, Article, ArticleInfo, Hit, Outcome, Passage, Sentence, Timings

ARTICLE = Article(
    id="a1",
    source="/library/en/harbour.md",
    title="The harbour opens",
    language="en",
    published=date(2025, 3, 9),
    outlet="Quay News",
    text="A quay was built.\n\nThe harbour opened in March. Two ships came 🚢 in.\n\nThen rain.",
)
CITED = "The harbour opened in March. Two ships came 🚢 in."


def hit(text: str = CITED, article: Article = ARTICLE) -> Hit:
    """A hit of a passage of the article, at its exact place."""
    start = article.text.index(text)
    info = {name: getattr(article, name) for name in ArticleInfo.__dataclass_fields__}
    return Hit(Passage(article.id, 0, start, start + len(text), text), ArticleInfo(**info), 1.0)


def answer(
    text: str = "It opened in March [1].",
    *,
    outcome: Outcome = "answered",
    sentences: tuple[Sentence, ...] = (Sentence("It opened in March.", (1,), "supported"),),
    **more: object,
) -> Answer:
    """A whole answer on the article."""
    return Answer(
        question="When?",
        language="en",
        text=text,
        outcome=outcome,
        hits=(hit(),),
        model="small",
        sentences=sentences,
        timings=Timings(120, 1500, 12_400),
        **more,  # type: ignore[arg-type]
    )
