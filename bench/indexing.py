"""Measures indexing speed beside LangChain's usual pipeline: same model, same texts, one run.

python bench/indexing.py FILE.jsonl... [--articles 60]

Rows: {"title", "text"}. Needs `pip install -e ".[bench]"`. LangChain: RecursiveCharacterTextSplitter
(1,000 characters, 200 of them shared), HuggingFaceEmbeddings with the same model's folder, Chroma on disk.
Byline: `Library.ingest` of the same texts as files. Loading the models is not counted. The two alternate, and
the ratio of each round is printed, because machines are noisy.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from rag.library import Library
from rag.settings import DEFAULT_EMBEDDER, Settings

ROUNDS = 3


def texts_of(paths: Sequence[Path], count: int) -> list[tuple[str, str]]:
    """Read title and text of `count` articles, from all files in turn."""
    files = [[json.loads(line) for line in path.read_text("utf-8").splitlines()] for path in paths]
    rows = [row for turn in zip(*files, strict=False) for row in turn][:count]
    return [(row.get("title", ""), row["text"]) for row in rows]


def byline(texts: Sequence[tuple[str, str]]) -> tuple[int, float]:
    """Index with Byline; return the number of passages, and the seconds until they can be searched."""
    with tempfile.TemporaryDirectory() as folder:
        for n, (title, text) in enumerate(texts):
            path = Path(folder, "articles", f"{n}.txt")
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"{title}\n\n{text}" if title else text, "utf-8")
        with Library.open(Settings.load(Path(folder, "data"))) as library:
            library.search("?")  # measures the language means, once for every library
            began = time.perf_counter()
            library.ingest([Path(folder, "articles")])
            return library.overview().passages, time.perf_counter() - began


def langchain() -> Callable[[Sequence[tuple[str, str]]], tuple[int, float]]:
    """Load the model and return the same for LangChain."""
    from langchain_chroma import Chroma
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    model = HuggingFaceEmbeddings(model_name=str(Settings.load().models / DEFAULT_EMBEDDER))
    model.embed_query("loaded")
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)

    def index(texts: Sequence[tuple[str, str]]) -> tuple[int, float]:
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            chunks = splitter.create_documents([f"{title}\n\n{text}" for title, text in texts])
            Chroma.from_documents(chunks, model, persist_directory=folder)
            return len(chunks), time.perf_counter() - began

    return index


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--articles", type=int, default=60)
    options = parser.parse_args()
    texts = texts_of(options.files, options.articles)
    characters = sum(len(title) + len(text) for title, text in texts)
    print(f"{len(texts)} articles, {characters:,} characters")
    pipelines = {"Byline": byline, "LangChain": langchain()}
    ratios = []
    for n in range(ROUNDS):
        speeds = {}
        for name, index in pipelines.items():
            passages, seconds = index(texts)
            speeds[name] = passages / seconds
            print(
                f"round {n + 1} {name:<10} {passages:>6} passages in {seconds:6.1f} s: {speeds[name]:6.1f}"
                f" passages/s, {characters / seconds:8,.0f} characters/s"
            )
        ratios.append(speeds["Byline"] / speeds["LangChain"])
    print(f"passages per second, Byline to LangChain: {median(ratios):.1f} (of {ROUNDS} rounds)")


if __name__ == "__main__":
    main()
