"""Questions for what chosen articles say: how each begins is quoted, without a search."""

from __future__ import annotations

import pytest

from rag.dossiers.broad_answers import BroadAnswers
from rag.dossiers.chosen_articles import asks_what_they_say
from rag.retrieval.retriever import Retriever
from rag.store.store import Store
from rag.testing import HashEmbedder
from rag.types import Answer, Filters

ASKED = {
    "en": (
        *("What are these articles about?", "Summarise these articles", "Please sum up this article."),
        *("What do they say?", "Give me a short overview of the two articles", "What are the main points?"),
    ),
    "fr": (
        *("Résume ces articles", "De quoi parlent ces articles ?", "Que disent les articles ?"),
        *("Fais-moi un résumé de ces trois textes", "Résumez-les"),
    ),
    "ru": (
        *("О чём эти статьи?", "Обобщи эти статьи", "Кратко перескажите выбранные статьи"),
        *("Что говорится в этих статьях?", "Сделай краткое резюме этой статьи"),
    ),
    "vi": (
        *("Tóm tắt các bài này", "Những bài viết này nói về gì?", "Nội dung chính của bài này là gì?"),
        "Hãy tóm tắt ngắn gọn hai bài báo này",
    ),
    "zh": ("总结这些文章", "这几篇文章讲了什么？", "请概括一下这篇报道的主要内容", "这些文章的要点是什么？"),
}
OTHERS = {
    "en": (
        *("What do these articles say about the harbour?", "Summarise the harbour works", "What is it?"),
        *("Who wrote these articles?", "What are they building?", "Which of these articles are about Laos?"),
    ),
    "fr": ("Que disent ces articles du port ?", "Résume les travaux du port", "Qui a écrit ces articles ?"),
    "ru": ("Что говорится в этих статьях о порте?", "О чём договорились стороны?", "Кто написал эти статьи?"),
    "vi": ("Các bài này nói gì về cảng?", "Tóm tắt dự án cảng", "Ai viết các bài này?"),
    "zh": ("这些文章关于港口说了什么？", "总结港口工程", "这些文章是谁写的？"),
}


@pytest.mark.parametrize(("language", "question"), [(code, one) for code, of in ASKED.items() for one in of])
def test_what_asks_for_them_is_known(language: str, question: str) -> None:
    assert asks_what_they_say(question, language)


@pytest.mark.parametrize(("language", "question"), [(code, one) for code, of in OTHERS.items() for one in of])
def test_what_asks_for_more_is_searched(language: str, question: str) -> None:
    assert not asks_what_they_say(question, language)


def ask(store: Store, question: str, *titles: str) -> Answer | None:
    ids = tuple(info.id for info in store.ledger.articles(9) if info.title in titles)
    broad = BroadAnswers(store, Retriever(store, HashEmbedder()))
    return broad.answer(question, "en", Filters(articles=ids))


def test_the_beginning_of_each_is_quoted_under_its_title(indexed: Store) -> None:
    answer = ask(indexed, "What are these articles about?", "The harbour opens again", "青石桥通车")
    assert answer is not None and (answer.kind, answer.model) == ("dossier", "")
    assert answer.text.startswith("The beginning of 2 articles, in ")
    assert "## The harbour opens again" in answer.text and "## 青石桥通车" in answer.text
    assert {hit.article.title for hit in answer.hits} == {"The harbour opens again", "青石桥通车"}
    assert answer.sentences[0].citations and all(one.support == "supported" for one in answer.sentences)
    texts = [hit.passage.text for hit in answer.hits]
    assert all(any(one.text in text for text in texts) for one in answer.sentences)


def test_without_chosen_articles_it_asks_for_nothing_in_particular(indexed: Store) -> None:
    assert ask(indexed, "What are these articles about?") is None
