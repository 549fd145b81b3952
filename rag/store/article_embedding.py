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

SLICE_PASSAGES = 256
"""Passages embedded between two looks at `stop`: some 6 s on two cores. Not fitted."""
SHOWN_PASSAGES = 1000
"""Passages from which on the progress within a batch is told. Not fitted."""


class Stopped(Exception):
    """Embedding was stopped; what was embedded until then is kept for the next time."""


@dataclass(frozen=True, slots=True)
class Embedding:
    """How texts are embedded, as vectors of shape (n, d), and who watches and may stop it."""

    embed: Callable[[Sequence[str]], Vectors]
    on_progress: OnProgress = ignore
    stop: Event | None = None

    def vectors(self, texts: Mapping[int, str], kept: KeptVectors) -> dict[int, Vectors]:
        """Return the vectors of passages, texts by number: kept ones, and new ones, which are kept then.

        Raises Stopped.
        """
        known = kept.get(texts)
        missing = [number for number in texts if number not in known]
        for i in range(0, len(missing), SLICE_PASSAGES):
            if i:  # a batch of the usual size is completed
                self.check()
            part = missing[i : i + SLICE_PASSAGES]
            made = self.embed([texts[number] for number in part])
            new = dict(zip(part, made, strict=True))
            kept.keep(texts, new)
            known |= new
            self._tell(i + len(part), len(missing))
        return known

    def check(self) -> None:
        """Raise Stopped where `stop` is set."""
        if self.stop and self.stop.is_set():
            raise Stopped

    def _tell(self, done: int, total: int) -> None:
        if total > SHOWN_PASSAGES:
            self.on_progress(Progress(Message.of("embedding_passages"), done, total))


def embedded_texts(passages: Sequence[StoredPassage]) -> dict[int, str]:
    """Return, by number, the texts under which the passages of complete articles are embedded.

    A title that the article's first passage already begins with is not repeated.
    """
    first = {p.article.id: p.passage.text for p in passages if p.passage.ordinal == 0}
    titles = [distinct_title(p.article.title, first.get(p.article.id, "")) for p in passages]
    texts = [f"{t}\n{p.passage.text}" if t else p.passage.text for t, p in zip(titles, passages, strict=True)]
    return dict(zip((p.id for p in passages), texts, strict=True))
