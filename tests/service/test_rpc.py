from __future__ import annotations

import json
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Client, Listener
from pathlib import Path

import pytest

from rag.errors import BylineError, NothingThere, OwnerGone
from rag.locales.message import verbatim
from rag.progress import Progress
from rag.service.rpc import RpcClient, RpcServer


class Works:
    """What an owner is asked to do; it remembers how its work ended."""

    def __init__(self) -> None:
        self.ended: list[str] = []
        self.began = threading.Event()
        self.meeting = threading.Barrier(8)

    def add(self, one: int, other: int) -> int:
        return one + other

    def meet(self) -> str:
        self.meeting.wait(30)
        return "met"

    def count(self, to: int) -> Iterator[int]:
        try:
            for n in range(to):
                self.began.set()
                time.sleep(0.01)
                yield n
        finally:
            self.ended.append("closed")

    def lose(self) -> None:
        raise NothingThere("It is not there: look elsewhere.")

    def break_off(self) -> None:
        raise ZeroDivisionError("a mistake of ours")

    def toil(self, steps: int, *, on_progress, stop: threading.Event) -> str:
        for n in range(steps):
            on_progress(Progress(verbatim("Toiling"), n, steps))
            self.began.set()
            if stop.wait(0.01):
                self.ended.append("stopped")
                return "stopped"
        return "done"


@pytest.fixture
def works() -> Works:
    return Works()


@pytest.fixture
def desk(tmp_path: Path, works: Works) -> Iterator[RpcServer]:
    calls = {"add": works.add, "count": works.count, "lose": works.lose, "break_off": works.break_off}
    calls["meet"] = works.meet
    opened = RpcServer(tmp_path, calls, long={"toil": works.toil})
    yield opened
    opened.close()


@pytest.fixture
def owner(tmp_path: Path, desk: RpcServer) -> RpcClient:
    found = RpcClient.reach(tmp_path)
    assert found is not None
    return found


def until(holds, seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    assert holds()


def test_a_call_gives_what_the_owner_gives(owner: RpcClient) -> None:
    assert owner.call("add", 2, other=3) == 5
    assert list(owner.items("count", 3)) == [0, 1, 2]


def test_progress_comes_back_and_then_the_result(owner: RpcClient) -> None:
    seen: list[Progress] = []
    assert owner.call("toil", 3, on_progress=seen.append) == "done"
    assert [p.done for p in seen] == [0, 1, 2]


def test_errors_come_back_as_they_were_raised(owner: RpcClient) -> None:
    with pytest.raises(NothingThere, match="look elsewhere"):
        owner.call("lose")
    with pytest.raises(BylineError, match="a mistake of ours"):
        owner.call("break_off")
    with pytest.raises(BylineError):
        owner.call("close_everything")


def test_many_callers_are_served_beside_each_other(owner: RpcClient) -> None:
    results: list[str] = []
    threads = [threading.Thread(target=lambda: results.append(owner.call("meet"))) for _ in range(8)]
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
        sums.extend(owner.call("add", n, 0) for n in range(1500))

    threads = [threading.Thread(target=call_often) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sums) == sorted([*range(1500)] * 4)


def test_what_nobody_waits_for_stops(owner: RpcClient, works: Works) -> None:
    counted = owner.items("count", 10_000)
    assert next(counted) == 0
    counted.close()
    until(lambda: works.ended == ["closed"])


def test_a_caller_that_is_killed_stops_its_work(tmp_path: Path, desk: RpcServer, works: Works) -> None:
    script = (
        "import sys; from pathlib import Path; from rag.service.rpc import RpcClient;"
        "RpcClient.reach(Path(sys.argv[1])).call('toil', 100_000)"
    )
    child = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], cwd=Path(__file__).parents[2])
    assert works.began.wait(20)
    child.send_signal(signal.SIGKILL)
    child.wait()
    until(lambda: works.ended == ["stopped"])


def test_an_owner_that_closes_stops_its_work(
    tmp_path: Path, desk: RpcServer, works: Works, owner: RpcClient
) -> None:
    counted = owner.items("count", 10_000)
    next(counted)
    desk.close()
    assert works.ended == ["closed"]
    assert RpcClient.reach(tmp_path) is None


def test_the_end_of_the_owner_is_told(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from rag.service.rpc import RpcServer;"
        "RpcServer(Path(sys.argv[1]), {'sleep': time.sleep}, {}); print('open', flush=True); time.sleep(60)"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], cwd=Path(__file__).parents[2], stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    child.stdout.readline()
    owner = RpcClient.reach(tmp_path)
    assert owner is not None
    threading.Timer(0.2, child.kill).start()
    with pytest.raises(OwnerGone, match="run the command again"):
        owner.call("sleep", 60)
    child.wait()
    child.stdout.close()
    assert RpcClient.reach(tmp_path) is None, "what a dead owner left behind leads nowhere"


def test_nobody_is_reached_where_nobody_is(tmp_path: Path) -> None:
    assert RpcClient.reach(tmp_path) is None
    for left in ("", "{", "[]", '{"speaks": 1}', '{"speaks": 9, "address": "/x", "key": "00"}'):
        (tmp_path / "hand-over").write_text(left)
        assert RpcClient.reach(tmp_path) is None


def test_the_secret_is_for_its_user_alone(tmp_path: Path, desk: RpcServer) -> None:
    assert stat.S_IMODE((tmp_path / "hand-over").stat().st_mode) == 0o600


def test_without_the_secret_nothing_is_done(tmp_path: Path, desk: RpcServer, works: Works) -> None:
    import json

    said = json.loads((tmp_path / "hand-over").read_text())
    (tmp_path / "hand-over").write_text(json.dumps({**said, "key": "00" * 32}))
    assert RpcClient.reach(tmp_path) is None
    # at which word the door is shut depends on who is quicker
    with pytest.raises((EOFError, OSError)), Client(said["address"]) as stranger:
        stranger.recv_bytes()
        stranger.send_bytes(bytes(32))
        stranger.send_bytes(bytes(32))
        stranger.send(("toil", (3,), {}))
        while True:
            stranger.recv_bytes()
    assert not works.began.is_set()


def test_a_stranger_at_the_address_is_not_believed(tmp_path: Path, desk: RpcServer) -> None:
    """It does not know the secret, so nothing that it sends is read as an answer."""
    listener = Listener()
    said = json.loads((tmp_path / "hand-over").read_text()) | {"address": listener.address}
    (tmp_path / "hand-over").write_text(json.dumps(said))
    reached = threading.Event()

    def answer() -> None:
        with listener.accept() as connection:
            reached.set()
            connection.send(("done", "believe me"))
            with pytest.raises((EOFError, OSError)):
                while True:
                    connection.recv_bytes()

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    assert RpcClient.reach(tmp_path) is None
    assert reached.wait(5)
    thread.join(5)
    listener.close()
