"""Whom the owner and its callers believe: a secret in a file for one user, and no code in messages."""

from __future__ import annotations

import json
import os
import pickle
import socket
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from rpc_examples import INTERFACE, Works, false_owner, leave, lie, read_to_the_end

from rag.errors import NotPermitted, OwnerGone
from rag.service.rpc import RpcClient, RpcServer

pytestmark = pytest.mark.slow  # needs local servers and waits


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


@pytest.mark.parametrize("text", [b"[" * 100_000 + b"\n", b"\xff\n", b'{"a": \n'])
def test_an_answer_that_is_no_json_is_reported(tmp_path: Path, text: bytes) -> None:
    nonsense = false_owner(tmp_path, lambda channel: channel._socket.sendall(text))
    with nonsense as owner, pytest.raises(OwnerGone, match="does not understand"):
        owner.call("works.add", one=1, other=2)


def test_a_file_of_nonsense_is_not_believed(tmp_path: Path) -> None:
    for text in ("[" * 100_000, "[]", '{"speaks": 3, "port": 1e99, "key": "00"}', "\0"):
        leave(tmp_path, text)
        assert RpcClient.reach(tmp_path, INTERFACE) is None


@pytest.mark.parametrize("reply", [["done", "five"], ["failed", 3], ["failed", {"type": "os"}], ["done"], 5])
def test_an_answer_that_makes_no_sense_is_reported(tmp_path: Path, reply: object) -> None:
    nonsense = false_owner(tmp_path, lambda channel: channel.send(reply))
    with nonsense as owner, pytest.raises(OwnerGone, match="does not understand"):
        owner.call("works.add", one=1, other=2)
