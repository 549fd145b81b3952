"""What a thinking model writes before its answer, told apart from the answer while it streams.

Such models write `<think>...</think>` in front of the answer, or their engine has read those tags
already and hands the thoughts over apart. The rules:

- `<think>` is a tag only where nothing but white space was written before it, as in Ollama's own
  parser: further on it is text, for an article may be about such tags.
- A block that is never closed is a thought to its end: an answer may not begin in its middle.
- Some prompt templates write `<think>` themselves, and then the model writes only `</think>`. What
  has been streamed as an answer cannot be taken back, so this has to be known before: a `Splitter`
  that is told so (`opened`, see `opens_thinking`) takes everything up to the first `</think>` for
  thought. Without that, a lone `</think>` is text.
"""

from __future__ import annotations

from collections.abc import Iterable

from rag.generating import Text, Thought

_OPEN, _CLOSE = "<think>", "</think>"


def opens_thinking(template: str) -> bool:
    """Whether a prompt template (Go's or Jinja's) ends by opening a block of thought."""
    return template.rfind(_OPEN) > template.rfind(_CLOSE)


class Splitter:
    """Takes a stream as it comes, tags cut anywhere, and gives pieces of Text and Thought.

    White space in front of a thought and of the answer is dropped. `chances` are those of the answer's
    tokens: what an engine tells of its thoughts' tokens is forgotten.
    """

    def __init__(self, opened: bool = False) -> None:
        self.chances: list[float] = []
        self._held = ""
        self._inside = opened
        self._begun = False  # the thought or the answer at hand has a first character

    def feed(self, text: str, thinking: str = "", chances: Iterable[float] = ()) -> list[Text | Thought]:
        """Take the next piece; `thinking` is what the engine itself hands over as thoughts.

        An engine that does so has read the tags: its text is an answer from the beginning. `chances` are
        the logarithms of how likely it found each token of the piece.
        """
        pieces: list[Text | Thought] = []
        if thinking:
            pieces += [*self.finish(), Thought(thinking)]
            self._begun = self._begun and not self._inside
            self._inside = False
        self._held += text
        while (piece := self._next()) is not None:
            pieces.append(piece)
        self.chances += chances
        if any(isinstance(piece, Thought) for piece in pieces):
            self.chances.clear()
        return pieces

    def finish(self) -> list[Text | Thought]:
        """Give what was held back in case that it was a tag. The stream has ended."""
        held, self._held = self._held, ""
        return [self._piece(held)] if held.strip() or (held and self._begun) else []

    def _next(self) -> Text | Thought | None:
        """The next piece that is certain, None until more has come."""
        if not self._begun:
            self._held = self._held.lstrip()
        if self._inside:
            return self._thought()
        if not self._begun and _OPEN.startswith(self._held[: len(_OPEN)]):
            if len(self._held) < len(_OPEN):
                return None
            self._held, self._inside = self._held[len(_OPEN) :], True
            return self._next()
        return self._take(len(self._held))

    def _thought(self) -> Text | Thought | None:
        end = self._held.find(_CLOSE)
        if end < 0:
            return self._take(len(self._held) - _overlap(self._held))
        if end > 0:
            return self._take(end)
        self._held = self._held[end + len(_CLOSE) :]
        self._inside = self._begun = False
        return self._next()

    def _take(self, length: int) -> Text | Thought | None:
        text, self._held = self._held[:length], self._held[length:]
        if not text:
            return None
        self._begun = True
        return self._piece(text)

    def _piece(self, text: str) -> Text | Thought:
        return Thought(text) if self._inside else Text(text)


def _overlap(text: str) -> int:
    """How many of the last characters could be the beginning of a closing tag."""
    longest = min(len(text), len(_CLOSE) - 1)
    return next((n for n in range(longest, 0, -1) if _CLOSE.startswith(text[-n:])), 0)
