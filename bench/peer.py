"""Compares answers with LangChain's usual chain: same model, engine, texts and questions, in one run.

python bench/peer.py [QUESTIONS.json FOLDER] [--limit 20]

Without arguments, the sample library's questions that have an answer (rag/evaluation/questions/corpus.json).
Needs `pip install -e ".[bench]"`. LangChain: RecursiveCharacterTextSplitter (1,000 characters, 200 shared),
HuggingFaceEmbeddings with the same model's folder, Chroma, the four nearest chunks in the prompt of its
tutorial. Both sides use the embedded engine alternately, so that neither finds its prompt in the cache.
"Right" is what `eval card` counts as right, for both sides.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from rag.evaluation.examined_library import ExaminedLibrary
from rag.evaluation.judgement import accepted, unmarked
from rag.evaluation.question_sets import EvalQuestion, read_questions
from rag.events import Answered, NotFound, Unconfirmed
from rag.llm.generator import ChatMessage, Generator, Text
from rag.reading import SUFFIXES, read
from rag.settings import DEFAULT_EMBEDDER, Settings

QUESTIONS = Path(__file__).parents[1] / "rag" / "evaluation" / "questions" / "corpus.json"
PROMPT = (
    "You are an assistant for question-answering tasks. Use the following pieces of retrieved context to "
    "answer the question. If you don't know the answer, just say that you don't know. Use three sentences "
    "maximum and keep the answer concise.\nQuestion: {question} \nContext: {context} \nAnswer:"
)
Result = tuple[float, float, bool]
"""Seconds to the first word and to the end; whether it is right."""


def langchain(folder: Path, generator: Generator) -> Callable[[EvalQuestion], Result]:
    """Index a folder as LangChain's users do; return a function that asks."""
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    model = HuggingFaceEmbeddings(model_name=str(Settings.load().models / DEFAULT_EMBEDDER))
    texts = [text for path in sorted(folder.rglob("*")) if path.suffix in SUFFIXES for text in read(path)]
    documents = [Document(f"{article.title}\n\n{article.text}") for article in texts]
    chunks = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200).split_documents(documents)
    retriever = Chroma.from_documents(chunks, model).as_retriever(search_kwargs={"k": 4})

    def ask(question: EvalQuestion) -> Result:
        began, first, text = time.perf_counter(), 0.0, ""
        context = "\n\n".join(document.page_content for document in retriever.invoke(question.text))
        prompt = PROMPT.format(question=question.text, context=context)
        for piece in generator.stream([ChatMessage("user", prompt)], Settings.load().answer_tokens):
            if isinstance(piece, Text):
                first = first or time.perf_counter() - began
                text += piece.text
        return first, time.perf_counter() - began, accepted(text, question.accept)

    return ask


def byline(library: ExaminedLibrary, question: EvalQuestion) -> Result | None:
    """Ask Byline; None where it refuses without asking the model."""
    for event in library.ask(question.text):
        if isinstance(event, Answered | Unconfirmed | NotFound):
            answer = event.answer
            right = answer.found and accepted(unmarked(answer.text), question.accept)
            first = answer.timings.first_token_ms
            return None if first is None else (first / 1000, answer.timings.total_ms / 1000, right)
    return None


def report(name: str, results: Sequence[Result], asked: int) -> tuple[float, float]:
    """Print a side's figures; return its median seconds to the first word and to the end."""
    first, whole = (median(one[i] for one in results) for i in (0, 1))
    right = sum(one[2] for one in results)
    print(f"{name:<10} right {right} of {asked}, first word {first:.1f} s, whole answer {whole:.1f} s")
    return first, whole


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("questions", type=Path, nargs="?", default=QUESTIONS)
    parser.add_argument("folder", type=Path, nargs="?", default=Settings.load().corpus)
    parser.add_argument("--limit", type=int, default=20)
    options = parser.parse_args()
    asked = [q for q in read_questions([options.questions]) if q.answerable and not q.history]
    asked = asked[:: max(1, len(asked) // options.limit)][: options.limit]
    with TemporaryDirectory() as data:
        library = ExaminedLibrary.open(Settings.load(Path(data)))
        library.ingest([options.folder])
        library.warm_up()
        peer = langchain(options.folder, library.generator())
        ours, theirs = [], []
        for question in asked:
            ours.append(byline(library, question))
            theirs.append(peer(question))
        library.close()
    first, whole = report("Byline", [one for one in ours if one], len(asked))
    first_peer, whole_peer = report("LangChain", theirs, len(asked))
    print(f"LangChain to Byline: first word {first_peer / first:.1f}, whole answer {whole_peer / whole:.1f}")


if __name__ == "__main__":
    main()
