from __future__ import annotations

import json
import os
import pickle
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from rag.errors import BylineError, NothingThere, NotPermitted, OwnerGone, ShardDamaged
from rag.locales.message import verbatim
from rag.progress import OnProgress, Progress
from rag.service.channel import Channel
from rag.service.rpc import RpcClient, RpcServer
from rag.types import Filters

pytestmark = pytest.mark.slow  # needs local servers and waits

KEY = bytes(32)


@dataclass(frozen=True)
class Word:
    text: str


@dataclass(frozen=True)
class Aside:
    text: str


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

    def say(self, text: str) -> Iterator[Word | Aside]:
        yield Word(text)
        yield Aside(text)

    def narrow(self, filters: Filters, file: Path) -> tuple[Filters, Path]:
        return filters, file

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def miscount(self) -> int:
        return "many"  # type: ignore[return-value]

    def damage(self) -> None:
        raise ShardDamaged("shard_damaged", shard="en-0")

    def lose(self) -> None:
        raise NothingThere("It is not there: look elsewhere.")

    def break_off(self) -> None:
        raise ZeroDivisionError("a mistake of ours")

    def toil(self, steps: int, *, on_progress: OnProgress, stop: threading.Event) -> str:
        for n in range(steps):
            on_progress(Progress(verbatim("Toiling"), n, steps))
            self.began.set()
            if stop.wait(0.01):
                self.ended.append("stopped")
                return "stopped"
        return "done"


INTERFACE = {"works": Works}


@pytest.fixture
def works() -> Works:
    return Works()


@pytest.fixture
def desk(tmp_path: Path, works: Works) -> Iterator[RpcServer]:
    opened = RpcServer(tmp_path, INTERFACE, {"works": works})
    yield opened
    opened.close()


@pytest.fixture
def owner(tmp_path: Path, desk: RpcServer) -> RpcClient:
    found = RpcClient.reach(tmp_path, INTERFACE)
    assert found is not None
    return found


def until(holds, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    assert holds()


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
    child = subprocess.Popen([sys.executable, __file__, "toil", str(tmp_path)], env=_environment())
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


def test_the_end_of_the_owner_is_told(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, __file__, "serve", str(tmp_path)], env=_environment(), stdout=subprocess.PIPE
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


def test_the_secret_is_for_its_user_alone(tmp_path: Path, desk: RpcServer) -> None:
    assert stat.S_IMODE((tmp_path / "hand-over").stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o644, 0o660, 0o602])
def test_a_file_that_others_may_read_or_write_is_not_believed(
    tmp_path: Path, desk: RpcServer, mode: int
) -> None:
    (tmp_path / "hand-over").chmod(mode)
    with pytest.raises(NotPermitted, match="another user"):
        RpcClient.reach(tmp_path, INTERFACE)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
def test_a_file_of_another_user_is_not_believed(tmp_path: Path, desk: RpcServer) -> None:
    os.chown(tmp_path / "hand-over", 65534, 65534)
    with pytest.raises(NotPermitted, match="another user"):
        RpcClient.reach(tmp_path, INTERFACE)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.timeout(20)
def test_a_pipe_in_its_place_keeps_nobody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "hand-over", 0o600)
    assert RpcClient.reach(tmp_path, INTERFACE) is None


def test_without_the_secret_nothing_is_done(tmp_path: Path, desk: RpcServer, works: Works) -> None:
    known = json.loads((tmp_path / "hand-over").read_text())
    leave(tmp_path, json.dumps({**known, "key": "00" * 32}))
    assert RpcClient.reach(tmp_path, INTERFACE) is None
    with socket.create_connection(("127.0.0.1", known["port"])) as stranger:
        stranger.sendall(bytes(64) + b'{"method": "works.toil", "arguments": {"steps": 3}}\n')
        stranger.shutdown(socket.SHUT_WR)
        with stranger.makefile("rb") as said:
            assert len(read_to_the_end(said.read)) <= 64, "a challenge and a digest, no reply"
    assert not works.began.is_set()


def test_a_stranger_at_the_port_is_not_believed(tmp_path: Path, desk: RpcServer) -> None:
    """It does not know the secret, so nothing that it sends is read as an answer."""
    known = json.loads((tmp_path / "hand-over").read_text())
    with socket.create_server(("127.0.0.1", 0)) as listener:
        leave(tmp_path, json.dumps({**known, "port": listener.getsockname()[1]}))
        thread = threading.Thread(target=lie, args=(listener, bytes(64) + b'["done", "believe me"]\n'))
        thread.start()
        assert RpcClient.reach(tmp_path, INTERFACE) is None
        thread.join(30)


class Planted:
    """What runs a command where it is unpickled."""

    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, (self.command,)


def test_an_owner_that_knows_the_secret_runs_no_code(tmp_path: Path) -> None:
    """Whoever can plant the file knows the secret that it holds."""
    planted = pickle.dumps(Planted(f"touch {tmp_path}/planted")) + b"\n"
    attack = false_owner(tmp_path, lambda channel: channel._socket.sendall(planted))
    with attack as owner, pytest.raises(OwnerGone, match="does not understand"):
        owner.call("works.add", one=1, other=2)
    assert not (tmp_path / "planted").exists()


@pytest.mark.parametrize("reply", [["done", "five"], ["failed", 3], ["failed", {"type": "os"}], ["done"], 5])
def test_an_answer_that_makes_no_sense_is_told(tmp_path: Path, reply: object) -> None:
    nonsense = false_owner(tmp_path, lambda channel: channel.send(reply))
    with nonsense as owner, pytest.raises(OwnerGone, match="does not understand"):
        owner.call("works.add", one=1, other=2)


@contextmanager
def false_owner(folder: Path, answer: Callable[[Channel], None]) -> Iterator[RpcClient]:
    """A client of an owner that knows the secret, and answers one call as told."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        leave(folder, json.dumps({"speaks": 3, "port": listener.getsockname()[1], "key": KEY.hex()}))

        def serve() -> None:
            for _ in range(2):  # the first is only reached
                with Channel(listener.accept()[0]) as channel:
                    channel.authenticate(KEY, b"owner", b"caller")
                    answer(channel)
                    channel.await_end()

        thread = threading.Thread(target=serve)
        thread.start()
        owner = RpcClient.reach(folder, INTERFACE)
        assert owner is not None
        yield owner
        thread.join(30)


def authenticated(folder: Path) -> Channel:
    known = json.loads((folder / "hand-over").read_text())
    channel = Channel(socket.create_connection(("127.0.0.1", known["port"])))
    channel.authenticate(bytes.fromhex(known["key"]), b"caller", b"owner")
    return channel


def leave(folder: Path, text: str) -> None:
    """Leave a file as an owner would."""
    (folder / "hand-over").unlink(missing_ok=True)
    (folder / "hand-over").write_text(text)
    (folder / "hand-over").chmod(0o600)


def lie(listener: socket.socket, said: bytes) -> None:
    with listener.accept()[0] as connected:
        connected.sendall(said)
        read_to_the_end(connected.recv)


def read_to_the_end(read: Callable[[int], bytes]) -> bytes:
    """All that comes until the other side hangs up."""
    received = b""
    try:
        while more := read(1024):
            received += more
    except OSError:
        pass
    return received


def _environment() -> dict[str, str]:
    root = Path(__file__).parents[2]
    return {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'tests'}"}


if __name__ == "__main__":
    role, at = sys.argv[1], Path(sys.argv[2])
    if role == "serve":
        RpcServer(at, INTERFACE, {"works": Works()})
        print("open", flush=True)
        time.sleep(60)
    elif (found := RpcClient.reach(at, INTERFACE)) is not None:
        found.call("works.toil", steps=100_000)
