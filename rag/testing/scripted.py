"""A Generator without a model: it writes a script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.llm.generator import ChatMessage, Done, Model, Piece, Text


class Scripted:
    """Writes the same pieces for every prompt, and records the prompts in `asked`.

    A string is written as text, an exception is raised at its place in the script. `closed` is true once a
    stream has ended or was given up.
    """

    def __init__(self, *pieces: str | Piece | Exception) -> None:
        self.model = Model(name="scripted", runtime="embedded", size=1, loaded=True)
        self.pieces, self.asked, self.closed = pieces, list[Sequence[ChatMessage]](), False

    def count_tokens(self, messages: Sequence[ChatMessage]) -> int:
        """Count a token for each character."""
        return sum(len(message.content) for message in messages)

    def stream(self, messages: Sequence[ChatMessage], max_tokens: int) -> Iterator[Piece]:  # noqa: ARG002
        """Yield the pieces of the script, and Done unless the script has its own."""
        self.asked.append(messages)
        try:
            for piece in self.pieces:
                if isinstance(piece, Exception):
                    raise piece
                yield Text(piece) if isinstance(piece, str) else piece
            if not any(isinstance(piece, Done) for piece in self.pieces):
                yield Done(prompt_tokens=10)
        finally:
            self.closed = True
