"""Every error that a user can meet.

BylineError                 `message` says what happened and what to do; str(error) in one English line
├── SettingsError           a setting cannot be used
├── LibraryBusy             another process owns the data folder
├── OwnerGone               the process that owns it ended while it worked for this one
├── LibraryDamaged          the data folder does not agree with itself
│   └── ShardDamaged        nor can the vectors of one shard be used
├── IndexMismatch           the index was made by another embedding model
├── NothingThere            a path that was asked for does not exist or cannot be read
├── Unreadable              an article cannot be read; it is skipped with this reason
│   └── NotFetched          an address may not be fetched, or could not be
├── DiskFull                there is no space left, or too little to begin
├── NotPermitted            a file or folder may not be written
├── FetchError              a model could not be fetched
│   ├── NoNetwork           the source of models cannot be reached
│   └── WrongDigest         what came is not what the catalogue names
├── ModelMissing            a model that is needed is not on this machine
└── GenerationError         the language model did not finish
    ├── EngineUnavailable   the engine does not answer
    ├── PromptTooLong       the prompt does not fit the model's context
    └── Interrupted         the stream broke off in the middle
"""

from __future__ import annotations

import errno

from rag.locales.message import Message


class BylineError(Exception):
    """An error with a message of the catalogue: what happened and what to do.

    Raised with a code and the values of its placeholders, or with a message that is there already.
    """

    def __init__(self, message: str | Message, /, **values: object) -> None:
        self.message = message if isinstance(message, Message) else Message.of(message, **values)
        super().__init__(self.message)


class SettingsError(BylineError):
    """A setting cannot be used."""


class LibraryBusy(BylineError):
    """Another process owns the data folder."""


class OwnerGone(BylineError):
    """The process that owns the data folder ended while it worked for this one."""


class LibraryDamaged(BylineError):
    """The data folder does not agree with itself; `python -m rag repair` mends it."""


class ShardDamaged(LibraryDamaged):
    """Chroma cannot use a shard any more: a process that was killed while it wrote may leave one so.

    `collection` is what Chroma had of `shard`; thrown away, it can be made anew.
    """

    def __init__(self, message: str | Message, /, *, collection: object = None, **values: object) -> None:
        super().__init__(message, **values)
        self.shard, self.collection = str(self.message.values["shard"]), collection


class IndexMismatch(BylineError):
    """The index was made by another embedding model."""


class NothingThere(BylineError):
    """A path that was asked for does not exist or cannot be read."""


class Unreadable(BylineError):
    """An article cannot be read; it is skipped with this reason."""


class NotFetched(Unreadable):
    """An address may not be fetched, or could not be; it is skipped with this reason."""


class DiskFull(BylineError):
    """There is no space left, or too little to begin."""


class NotPermitted(BylineError):
    """A file or folder may not be written."""


class FetchError(BylineError):
    """A model could not be fetched."""


class NoNetwork(FetchError):
    """The source of models (package index, hub, registry) cannot be reached."""


class WrongDigest(FetchError):
    """What came is not what the catalogue names."""


class ModelMissing(BylineError):
    """A model that is needed is not on this machine."""


class GenerationError(BylineError):
    """The language model did not finish."""


class EngineUnavailable(GenerationError):
    """The engine does not answer."""


class PromptTooLong(GenerationError):
    """The prompt does not fit the model's context."""


class Interrupted(GenerationError):
    """The stream broke off in the middle; what was written before is kept."""


def first_line(error: Exception) -> str:
    """The part of a library's message that fits into one of Byline's."""
    return str(error).strip().split("\n", 1)[0]


def is_disk_full(error: OSError) -> bool:
    """Whether there is no space left, on the disk or within the user's quota."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)
