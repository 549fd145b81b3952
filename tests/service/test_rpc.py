from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import rpc_examples
from rpc_examples import INTERFACE, Aside, Word, Works, authenticated, environment, leave, until

from rag.errors import BylineError, NothingThere, OwnerGone, ShardDamaged
from rag.progress import Progress
from rag.service.rpc import RpcClient, RpcServer
from rag.types import Filters

pytestmark = pytest.mark.slow  # needs local servers and waits


def test_a_call_gives_what_the_owner_gives(owner: RpcClient) -> None:
    assert owner.call("works.add", one=2, other=3) == 5
    assert list(owner.items("works.count", to=3)) == [0, 1, 2]


def test_progress_comes_back_and_then_the_result(owner: RpcClient) -> None:
    seen: list[Progress] = []
    assert owner.call("works.toil", seen.append, steps=3) == "done"
    assert [p.done for p in seen] == [0, 1, 2]


def test_errors_come_back_as_they_were_raised(owner: RpcClient) -> None:
    with pytest.raises(NothingThere, match="look elsewhere"):
        owner.call("works.lose")
    with pytest.raises(BylineError, match="a mistake of ours"):
        owner.call("works.break_off")
    with pytest.raises(ShardDamaged) as damage:
        owner.call("works.damage")
    assert damage.value.shard == "en-0"


def test_values_come_back_as_their_types(owner: RpcClient) -> None:
    filters, file = Filters(languages=("fr", "zh"), since=date(2021, 3, 4)), Path("caf\udce9.txt")
    assert owner.call("works.narrow", filters=filters, file=file) == (filters, file)
    assert list(owner.items("works.say", text="é")) == [Word("é"), Aside("é")]


def test_an_answer_of_another_type_is_refused(owner: RpcClient) -> None:
    with pytest.raises((OwnerGone, BylineError)):
        owner.call("works.miscount")


@pytest.mark.parametrize("name", ["works.close_everything", "works.__init__", "works._hidden", "other.add"])
def test_only_public_methods_of_the_protocol_can_be_called(
    tmp_path: Path, desk: RpcServer, owner: RpcClient, name: str
) -> None:
    with pytest.raises((AttributeError, KeyError)):
        owner.call(name)
    with authenticated(tmp_path) as stranger:
        stranger.send({"method": name, "arguments": {}})
        assert stranger.receive()[0] == "failed"


@pytest.mark.parametrize(
    "call",
    [
        {"method": "works.add", "arguments": {"one": "x", "other": 1}},
        {"method": "works.add", "arguments": {"one": 1, "other": 1, "more": 1}},
        {"method": "works.add", "arguments": [1, 2]},
        {"method": "works.add"},
        ["works.add", 1, 2],
        17,
    ],
)
def test_a_call_that_makes_no_sense_fails_and_the_next_is_served(
    tmp_path: Path, desk: RpcServer, owner: RpcClient, call: object
) -> None:
    with authenticated(tmp_path) as stranger:
        stranger.send(call)
        assert stranger.receive()[0] == "failed"
    assert owner.call("works.add", one=2, other=3) == 5


def test_many_callers_are_served_beside_each_other(owner: RpcClient) -> None:
    results: list[str] = []
    threads = [threading.Thread(target=lambda: results.append(owner.call("works.meet"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == ["met"] * 8


@pytest.fixture
def fast_switching() -> Iterator[None]:
    """Switch threads as often as possible, to meet races early."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-7)
    yield
    sys.setswitchinterval(before)


@pytest.mark.slow
def test_short_calls_do_not_take_each_others_bytes(owner: RpcClient, fast_switching: None) -> None:
    sums: list[int] = []

    def call_often() -> None:
        sums.extend(owner.call("works.add", one=n, other=0) for n in range(1500))

    threads = [threading.Thread(target=call_often) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sums) == sorted([*range(1500)] * 4)


def test_what_nobody_waits_for_stops(owner: RpcClient, works: Works) -> None:
    counted = owner.items("works.count", to=10_000)
    assert next(counted) == 0
    counted.close()
    until(lambda: works.ended == ["closed"])


def test_a_caller_that_is_killed_stops_its_work(tmp_path: Path, desk: RpcServer, works: Works) -> None:
    child = subprocess.Popen(
        [sys.executable, rpc_examples.__file__, "toil", str(tmp_path)], env=environment()
    )
    assert works.began.wait(20)
    child.send_signal(signal.SIGKILL)
    child.wait()
    until(lambda: works.ended == ["stopped"])


def test_an_owner_that_closes_stops_its_work(
    tmp_path: Path, desk: RpcServer, works: Works, owner: RpcClient
) -> None:
    counted = owner.items("works.count", to=10_000)
    next(counted)
    desk.close()
    assert works.ended == ["closed"]
    assert RpcClient.reach(tmp_path, INTERFACE) is None


def test_the_end_of_the_owner_is_reported(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, rpc_examples.__file__, "serve", str(tmp_path)],
        env=environment(),
        stdout=subprocess.PIPE,
    )
    assert child.stdout is not None
    child.stdout.readline()
    owner = RpcClient.reach(tmp_path, INTERFACE)
    assert owner is not None
    threading.Timer(0.2, child.kill).start()
    with pytest.raises(OwnerGone, match="run the command again"):
        owner.call("works.sleep", seconds=60.0)
    child.wait()
    child.stdout.close()
    assert RpcClient.reach(tmp_path, INTERFACE) is None, "what a dead owner left behind leads nowhere"


@pytest.mark.parametrize(
    "left", ["", "{", "[]", '{"speaks": 1}', '{"speaks": 9, "port": 9, "key": "00"}', '{"speaks": 3, "port": "x"}',
             '{"speaks": 3, "port": 70000, "key": "00"}', '{"speaks": 3, "port": 1, "key": "zz"}']
)  # fmt: skip
def test_nobody_is_reached_where_nobody_is(tmp_path: Path, left: str) -> None:
    assert RpcClient.reach(tmp_path, INTERFACE) is None
    leave(tmp_path, left)
    assert RpcClient.reach(tmp_path, INTERFACE) is None
