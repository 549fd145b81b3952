"""The result of an ingestion."""

from __future__ import annotations

from dataclasses import dataclass, field

from rag.types import Skipped


@dataclass(frozen=True, slots=True)
class Shortened:
    """An article of whose text a share (0 to 1) was left out or is not searched."""

    source: str
    title: str
    share: float


@dataclass(slots=True)
class Report:
    """Counts of articles by result; skipped files and parts of files.

    `stopped`: the run was cancelled before its end. `outdated` counts the files that were read by an earlier
    version of the reader; see Intake.reread. `shortened` are the new and changed articles of which more than
    half was left out. `overlong` are those whose end is stored but not searched, because it is beyond the
    maximum number of passages. `articles` are the ids of the new and changed articles.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    stopped: bool = False
    outdated: int = 0
    shortened: list[Shortened] = field(default_factory=list)
    overlong: list[Shortened] = field(default_factory=list)
    articles: list[str] = field(default_factory=list)

    def add(self, more: Report) -> None:
        """Add the counts and lists of another run."""
        for name in ("added", "updated", "unchanged", "removed"):
            setattr(self, name, getattr(self, name) + getattr(more, name))
        self.skipped += more.skipped
        self.shortened += more.shortened
        self.overlong += more.overlong
        self.articles += more.articles
        self.stopped = self.stopped or more.stopped
