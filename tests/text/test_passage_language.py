"""A quotation in another language than its article: split apart, found and filtered as what it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from examples import write

from rag.ingestion.ingester import Ingester
from rag.retrieval.retriever import Retriever
from rag.store.store import Store
from rag.testing import HashEmbedder
from rag.text.language import passage_language
from rag.text.splitter import split
from rag.types import Article, Filters

EN = (
    "“We have waited for this harbour for thirty years, and none of us believed that the dredging would ever end,” "
    "the mayor said in English to the visitors, who had come from seven countries to see the first ship."
)
ZH = "青石桥于五月一日正式通车,全长八百米,造价两亿元。市长林远出席了通车仪式,并向建设者表示感谢。"
FR = "Le maire a remercié les ouvriers qui ont travaillé pendant trois ans dans le froid pour que le port soit rouvert avant les grandes marées de printemps."
VI = "Thị trưởng cảm ơn những người thợ đã làm việc suốt ba năm trong giá lạnh để bến cảng được mở lại trước mùa mưa bão năm nay."
RU = "Мэр поблагодарил рабочих, которые три года трудились на морозе, чтобы порт снова открылся до весенних штормов и принял первые суда."
LONG = ZH + "大桥由本地工人修建,历时三年,连接东西两岸,今后居民过河只需五分钟。"
TEXTS = {"en": EN, "fr": FR, "vi": VI, "ru": RU, "zh": ZH}


@pytest.mark.parametrize("article", TEXTS)
@pytest.mark.parametrize("language", TEXTS)
def test_a_paragraph_is_in_its_own_language(article: str, language: str) -> None:
    assert passage_language(TEXTS[language], article) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "“Yes, we can.”",
        "12 345",
        "Le Monde",
        "OpenAI 发布了 GPT-4 和 DALL-E 3,Microsoft Azure 随后宣布支持。",
        "日本語の文章はひらがなとカタカナと漢字で書かれていますので、中国語ではありません。",
    ],
)
@pytest.mark.parametrize("article", ["en", "zh", "ru"])
def test_what_is_short_or_mixed_is_in_its_articles(text: str, article: str) -> None:
    assert passage_language(text, article) == article


def test_a_quotation_has_passages_of_its_own() -> None:
    article = Article(id="0" * 16, source="a", title="青石桥", language="zh", text=f"{ZH}\n\n{EN}\n\n{ZH}")
    passages = split(article)
    assert [(p.language, p.text) for p in passages] == [("", ZH), ("en", EN), ("", ZH)]
    assert all(article.text[p.start : p.end] == p.text for p in passages)


def test_it_is_searched_and_filtered_as_what_it_is(
    store: Store, embedder: HashEmbedder, tmp_path: Path
) -> None:
    folder = write(tmp_path / "a", bridge=f"青石桥通车\n\n{LONG}\n\n{EN}")
    Ingester(store, embedder).run([folder])
    assert store.ledger.languages() == ["en", "zh"]
    retriever = Retriever(store, embedder)
    found = {}
    for language in ("en", "zh"):
        hits = retriever.search(
            "mayor harbour 市长", 5, language="en", filters=Filters(languages=(language,))
        )
        found[language] = [(hit.passage.text, hit.language, hit.article.language) for hit in hits]
    assert found == {"en": [(EN, "en", "zh")], "zh": [(LONG, "zh", "zh")]}
    assert store.missing_vectors() == {}
    (folder / "bridge.txt").unlink()
    Ingester(store, embedder).run([folder])
    assert store.ledger.languages() == []
    assert store.missing_vectors() == {}
