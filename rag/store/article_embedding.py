"""Embedding of an article's passages, each under the article's title."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Event

from rag.locales.message import Message
from rag.progress import OnProgress, Progress, ignore
from rag.store.kept_vectors import KeptVectors
from rag.store.ledger_rows import StoredPassage
from rag.store.vectors import Vectors
from rag.text.splitter import distinct_title

SLICE_PASSAGES = 64
"""Passages embedded between two checks of `stop`, and kept if the process is killed: 1.5 s on two cores, 4 s
for words of random letters, which have three times as many tokens. Not fitted."""
MAX_SILENT_PASSAGES = 1000
"""Maximum size of a batch whose own progress is not reported. Not fitted."""


class EmbeddingStopped(Exception):
    """Raised when embedding is stopped; the vectors computed so far are kept for the next run."""


@dataclass(frozen=True, slots=True)
class Embedding:
    """A function from n texts to vectors of shape (n, d), with a progress callback and a stop event."""

    embed: Callable[[Sequence[str]], Vectors]
    on_progress: OnProgress = ignore
    stop: Event | None = None

    def vectors(self, texts: Mapping[int, str], kept: KeptVectors) -> dict[int, Vectors]:
        """Return vectors by passage number: those in `kept`, and new ones, which are added to `kept`.

        `texts` holds the texts to embed by passage number. Raises EmbeddingStopped.
        """
        known = kept.get(texts)
        missing = [number for number in texts if number not in known]
        for i in range(0, len(missing), SLICE_PASSAGES):
            if i:  # the first slice is always completed
                self.check()
            part = missing[i : i + SLICE_PASSAGES]
            made = self.embed([texts[number] for number in part])
            new = dict(zip(part, made, strict=True))
            kept.keep(texts, new)
            known |= new
            self._report(i + len(part), len(missing))
        return known

    def check(self) -> None:
        """Raise EmbeddingStopped if `stop` is set."""
        if self.stop and self.stop.is_set():
            raise EmbeddingStopped

    def _report(self, done: int, total: int) -> None:
        if total > MAX_SILENT_PASSAGES:
            self.on_progress(Progress(Message.of("embedding_passages"), done, total))


def embedded_texts(passages: Sequence[StoredPassage]) -> dict[int, str]:
    """Return the text to embed of each passage, by number: the article's title and the passage.

    `passages` are those of complete articles. A title with which the first passage begins is not repeated.
    """
    first = {p.article.id: p.passage.text for p in passages if p.passage.ordinal == 0}
    titles = [distinct_title(p.article.title, first.get(p.article.id, "")) for p in passages]
    texts = [f"{t}\n{p.passage.text}" if t else p.passage.text for t, p in zip(titles, passages, strict=True)]
    return dict(zip((p.id for p in passages), texts, strict=True))
