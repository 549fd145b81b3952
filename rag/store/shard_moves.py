"""Moves shards to the places that the settings name: from the data folder to servers, back, or between them.

A shard is copied, the copy is compared, the ledger is told, and only then the original is deleted. A move
that is killed at any point is completed by the next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from rag.errors import CopyDiffers, ServerAway
from rag.locales.message import Message
from rag.progress import OnProgress, Progress, ignore
from rag.store.guarded_vectors import GuardedVectors
from rag.store.store import Store

_BATCH = 500
"""Vectors that are copied at once, about 1 MB. Not fitted."""
_COMPARED = 200
"""Vectors of a shard that are compared after its copy; the ids are compared all. Not fitted."""
_TOLERANCE = 1e-5
"""Maximum difference of two equal components; a server sends decimal numbers."""
_LEAVING = "leaving"
"""Property of the ledger: shard and former place of a shard whose original may not be deleted yet."""


@dataclass(frozen=True, slots=True)
class MovedShard:
    """A shard that was moved, or with `why` one that stays where it is; "" is the data folder."""

    shard: str
    source: str
    target: str
    vectors: int
    why: Message | None = None


class ShardMoves:
    """Moves the shards of an open library to `addresses`, or to the data folder if there are none.

    With `anew`, vectors on a server that is away are given up: their articles are pending at the new place.
    """

    def __init__(
        self,
        store: Store,
        addresses: Sequence[str],
        on_progress: OnProgress = ignore,
        *,
        anew: bool = False,
    ) -> None:
        self._anew = anew
        self._store, self._targets, self._on_progress = store, addresses or [""], on_progress
        self._ids = store.ledger.passage_ids()
        self._done = self._total = 0
        self._renamed = set[str]()  # former addresses of targets

    def run(self) -> list[MovedShard]:
        """Move what is elsewhere. Raises ServerAway if a target is away, CopyDiffers and DiskFull."""
        self._delete_original()
        places = self._store.shard_places.servers()
        leaving = {shard: place for shard, place in places.items() if place not in self._targets}
        self._total = sum(len(self._ids.get(shard, ())) for shard in leaving)
        result = [self._move(shard, place) for shard, place in leaving.items()]
        used = {*self._store.shard_places.servers().values(), *self._renamed}
        for place in {one.source for one in result} - used:
            self._store.placed.leave(place)
        return result

    def _move(self, shard: str, place: str) -> MovedShard:
        target = self._target(shard)
        source, to = self._store.placed.at(place), self._store.placed.at(target)
        _ = to.index  # raises ServerAway before anything is read
        try:
            if (held := to.index.identity(shard)) and source.index.identity(shard) == held:
                self._renamed.add(place)
                self._store.shard_places.place(shard, target)
                return MovedShard(shard, place, target, to.index.count(shard))
            ids = self._readable(shard, source)
            self._copy(shard, ids, source, to)
        except ServerAway as away:
            if away.message.values.get("url") == target:
                raise
            ids = self._ids.get(shard, [])
            if to.stored_ids(shard) != set(
                ids
            ):  # else it is the same server under a new address, or had a copy
                if not self._anew:
                    return MovedShard(shard, place, place, 0, away.message)
                self._store.ledger.set_pending_in(shard)
                ids = []
        self._settle(shard, place, target)
        return MovedShard(shard, place, target, len(ids))

    def _readable(self, shard: str, source: GuardedVectors) -> list[int]:
        """Return the ids of a shard's vectors; the articles of lost ones are pending. Raises ServerAway."""
        _ = source.index
        ids = source.stored_ids(shard)
        lost = set(self._ids.get(shard, ())) - ids
        self._store.ledger.set_pending({p.article.id for p in self._store.ledger.passages(lost).values()})
        return sorted(ids)

    def _target(self, shard: str) -> str:
        """Return the target that has a part of the shard already, else the emptiest."""
        for target in self._targets:
            if self._store.placed.at(target).index.count(shard):
                return target
        return self._emptiest()

    def _emptiest(self) -> str:
        held = dict.fromkeys(self._targets, 0)
        for shard, place in self._store.shard_places.servers().items():
            if place in held:
                held[place] += len(self._ids.get(shard, ()))
        return min(held, key=held.__getitem__)

    def _copy(self, shard: str, ids: Sequence[int], source: GuardedVectors, to: GuardedVectors) -> None:
        """Copy vectors that the target lacks and compare. Raises CopyDiffers."""
        there = to.stored_ids(shard)
        if strays := there - set(ids):
            to.delete(shard, sorted(strays))
        missing = [number for number in ids if number not in there]
        self._step(len(ids) - len(missing))
        for i in range(0, len(missing), _BATCH):
            self._store.ledger.set_meta(moving=shard)  # raises DiskFull: Chroma would hang
            part = source.index.vectors(shard, missing[i : i + _BATCH])
            to.upsert(shard, list(part), np.stack([*part.values()]))
            self._step(len(part))
        to.flush()
        if to.stored_ids(shard) != set(ids) or not self._alike(shard, ids, source, to):
            raise CopyDiffers("move_differs", shard=shard, to=place_name(to.place))

    def _alike(self, shard: str, ids: Sequence[int], source: GuardedVectors, to: GuardedVectors) -> bool:
        sample = ids[:: max(1, len(ids) // _COMPARED)]
        one, other = source.index.vectors(shard, sample), to.index.vectors(shard, sample)
        return all(np.allclose(one[i], other[i], atol=_TOLERANCE) for i in sample)

    def _settle(self, shard: str, place: str, target: str) -> None:
        """Tell the ledger of a copy that is complete, and delete the original."""
        self._store.ledger.set_meta(**{_LEAVING: f"{shard} {place}"})
        self._store.shard_places.place(shard, target)
        self._delete_original()

    def _delete_original(self) -> None:
        shard, _, place = (self._store.ledger.meta(_LEAVING) or "").partition(" ")
        if not shard:
            return
        if self._store.shard_places.servers().get(shard, place) != place:
            with suppress(ServerAway):  # its address is given up
                self._store.placed.at(place).drop(shard)
        self._store.ledger.set_meta(**{_LEAVING: ""})

    def _step(self, more: int) -> None:
        self._done += more
        self._on_progress(Progress(Message.of("moving_vectors"), self._done, self._total))


def place_name(place: str) -> Message | str:
    """Return the name of a place for people."""
    return place or Message.of("place_folder")
