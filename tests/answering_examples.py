"""The pipeline on a small library, with a scripted model."""

from __future__ import annotations

from rag.answering.answerability import Answerability
from rag.answering.budget import Budgets
from rag.answering.confidence import Confidence, PlattScale
from rag.answering.pipeline import AnswerPipeline
from rag.answering.question_entities import QuestionEntities
from rag.answering.verifier import Verifier
from rag.retrieval.retriever import Retriever
from rag.retrieval.spelling import Spelling
from rag.store.store import Store
from rag.testing import HashEmbedder, Scripted

QUESTION = "What did the works in the harbour of Kestrel Bay cost?"


def confidence() -> Confidence:
    """A measure by which a mean log-probability above -1 is confident, whatever the passages."""
    return Confidence(lambda _: PlattScale(weight=20.0, intercept=20.0))


def answering(
    store: Store,
    embedder: HashEmbedder,
    generator: Scripted | Exception,
    passages: int = 3,
    judge: Confidence | None = None,
) -> AnswerPipeline:
    retriever = Retriever(store, embedder)
    budgets = Budgets(passages=passages, prompt_tokens=400, answer_tokens=100, context=4096)

    def load(name: str) -> Scripted:
        if isinstance(generator, Exception):
            raise generator
        return generator

    entities, verifier = QuestionEntities(store, retriever), Verifier(retriever)
    parts = retriever, entities, Answerability(None), verifier, budgets, Spelling(store)
    return AnswerPipeline(*parts, load, judge)
