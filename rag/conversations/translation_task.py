"""The thread that translates a passage into its conversation."""

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
        """The pieces of a translation."""
        ...


@dataclass(slots=True)
class Translating:
    """One translation of a hit's passage; `put` receives each of its states."""

    hit: Hit
    now: Translation
    translate: Translate
    put: Callable[[Translation], None]
    _ended: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        """Begin in a new thread; returns at once."""
        self._become(running=True)
        threading.Thread(target=self._run, name="translation", daemon=True).start()

    def stop(self) -> None:
        """Stop it if it runs; what has been written is kept."""
        self._become(running=False, stopped=True)

    def _run(self) -> None:
        try:
            self._follow()
        except BylineError as error:
            self._become(running=False, failure=error.message)
        except Exception:
            _log.exception("A translation broke off")
            self._become(running=False, stopped=True)

    def _follow(self) -> None:
        passage = self.hit.passage.text
        with closing(self.translate(passage, self.now.language, self.now.model)) as pieces:  # type: ignore[type-var]
            for piece in pieces:
                self._become(text=self.now.text + piece)
                if self._ended:
                    return
        text = self.now.text.strip()
        self._become(running=False, text=text, discrepancies=self._compared(text))

    def _compared(self, text: str) -> tuple[Discrepancy, ...] | None:
        """Compare the translation with its original."""
        passage, published = self.hit.passage.text, self.hit.article.published
        return discrepancies(passage, self.hit.language, text, self.now.language, published)

    def _become(self, **changes: object) -> None:
        """Apply changes, unless the translation has ended."""
        with self._lock:
            if not self._ended:
                self.now = replace(self.now, **changes)  # type: ignore[arg-type]
                self._ended = not self.now.running
                self.put(self.now)
