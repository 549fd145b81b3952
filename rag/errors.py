"""Every error that a user can meet.

BylineError                 `message` says what happened and what to do; str(error) in one English line
├── SettingsError           a setting cannot be used
├── LibraryBusy             another process owns the data folder
├── OwnerGone               that process ended while it handled this one's request
├── LibraryDamaged          the data folder is inconsistent
│   └── ShardDamaged        Chroma cannot use the vectors of a shard
├── ServerAway              a server that holds vectors cannot be reached or used
├── CopyDiffers             vectors that were moved differ from their originals
├── IndexMismatch           the index was made with another embedding model
├── NothingThere            a requested path or article does not exist or cannot be read
├── Unreadable              an article cannot be read; it is skipped for this reason
│   └── NotFetched          an address may not be fetched, or could not be
├── DatabaseUnavailable     the database server does not answer, or not as needed
├── DiskFull                the disk is full, or has too little space for a download
├── NotPermitted            a file or folder cannot be written
├── NotAllowed              the person who has signed in, or the key of a request, may not do this
├── FetchError              a model could not be downloaded
│   ├── NoNetwork           the source of models cannot be reached
│   └── WrongDigest         a file differs from the one in the catalogue
├── ModelMissing            a required model is not on this machine
└── GenerationError         the language model did not finish
    ├── EngineUnavailable   the engine does not answer
    ├── PromptTooLong       the prompt does not fit the model's context
    └── Interrupted         the stream ended early
"""

from __future__ import annotations

import errno

from rag.locales.message import Message


class BylineError(Exception):
    """An error with a message of the catalogue: what happened and what to do.

    Raised with a code and the values of its placeholders, or with a complete message.
    """

    def __init__(self, message: str | Message, /, **values: object) -> None:
        self.message = message if isinstance(message, Message) else Message.of(message, **values)
        super().__init__(self.message)


class SettingsError(BylineError):
    """A setting cannot be used."""


class LibraryBusy(BylineError):
    """Another process owns the data folder."""


class OwnerGone(BylineError):
    """The process that owns the data folder ended while it handled a request of this one."""


class LibraryDamaged(BylineError):
    """The data folder is inconsistent; `python -m rag repair` repairs it."""


class ShardDamaged(LibraryDamaged):
    """Chroma cannot use a shard, for example because a process was killed while it wrote.

    `collection` is Chroma's collection of `shard`; it can be deleted and rebuilt.
    """

    def __init__(self, message: str | Message, /, *, collection: object = None, **values: object) -> None:
        super().__init__(message, **values)
        self.shard, self.collection = str(self.message.values["shard"]), collection


class ServerAway(BylineError):
    """A Chroma server cannot be reached or used; its vectors are not lost."""


class CopyDiffers(BylineError):
    """Vectors that were moved differ from their originals, of which none was deleted."""


class IndexMismatch(BylineError):
    """The index was made with another embedding model."""


class NothingThere(BylineError):
    """A requested path or article does not exist or cannot be read."""


class Unreadable(BylineError):
    """An article cannot be read; it is skipped for this reason."""


class NotFetched(Unreadable):
    """An address may not be fetched, or could not be; it is skipped for this reason."""


class DatabaseUnavailable(BylineError):
    """The database server does not answer, refuses the connection, or holds something else."""


class DiskFull(BylineError):
    """The disk is full, or has too little space for a download."""


class NotPermitted(BylineError):
    """A file or folder cannot be written."""


class NotAllowed(BylineError):
    """The person who has signed in, or the key of a request, may not do this."""


class FetchError(BylineError):
    """A model could not be downloaded."""


class NoNetwork(FetchError):
    """The source of models (package index, hub, registry) cannot be reached."""


class WrongDigest(FetchError):
    """A file differs from the one in the catalogue."""


class ModelMissing(BylineError):
    """A required model is not on this machine."""


class GenerationError(BylineError):
    """The language model did not finish."""


class EngineUnavailable(GenerationError):
    """The engine does not answer."""


class PromptTooLong(GenerationError):
    """The prompt does not fit the model's context."""


class Interrupted(GenerationError):
    """The stream ended early; the text written so far is kept."""


def first_line(error: Exception) -> str:
    """Return the first line of another library's error message, for use in one of Byline's."""
    return str(error).strip().split("\n", 1)[0]


def is_disk_full(error: OSError) -> bool:
    """Tell whether the disk or the user's quota is full."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)
