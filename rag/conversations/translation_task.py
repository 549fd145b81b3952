"""The task that translates a passage for its conversation."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Protocol

from rag.conversations.exchange import Translation
from rag.errors import BylineError
from rag.types import Hit
from rag.verification.translations import Discrepancy, discrepancies

_log = logging.getLogger(__name__)


class Translate(Protocol):
    """`Library.translate`."""

    def __call__(self, text: str, language: str, model: str, /) -> Iterator[str]:
        """Yield the pieces of a translation."""
        ...


@dataclass(slots=True)
class TranslationTask:
    """Translates a hit's passage in a thread; `put` receives every state of the translation, `now`."""

    hit: Hit
    now: Translation
    translate: Translate
    put: Callable[[Translation], None]
    _ended: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        """Start the thread and return at once."""
        self._update(running=True)
        threading.Thread(target=self._run, name="translation", daemon=True).start()

    def stop(self) -> None:
        """Stop the translation if it is running; text written so far is kept."""
        self._update(running=False, stopped=True)

    def _run(self) -> None:
        try:
            self._stream()
        except BylineError as error:
            self._update(running=False, failure=error.message)
        except Exception:
            _log.exception("A translation broke off")
            self._update(running=False, stopped=True)

    def _stream(self) -> None:
        passage = self.hit.passage.text
        with closing(self.translate(passage, self.now.language, self.now.model)) as pieces:  # type: ignore[type-var]
            for piece in pieces:
                self._update(text=self.now.text + piece)
                if self._ended:
                    return
        text = self.now.text.strip()
        self._update(running=False, text=text, discrepancies=self._compare(text))

    def _compare(self, text: str) -> tuple[Discrepancy, ...] | None:
        """Find figures, dates and names in which the translation differs from its original."""
        passage, published = self.hit.passage.text, self.hit.article.published
        return discrepancies(passage, self.hit.language, text, self.now.language, published)

    def _update(self, **changes: object) -> None:
        """Apply changes, unless the translation has ended."""
        with self._lock:
            if not self._ended:
                self.now = replace(self.now, **changes)  # type: ignore[arg-type]
                self._ended = not self.now.running
                self.put(self.now)
