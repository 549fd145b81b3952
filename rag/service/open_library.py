"""Opens the library of a data folder, here or in the process that owns it."""

from __future__ import annotations

from rag.library import Library
from rag.service.client import RemoteLibrary
from rag.service.rpc import RpcClient
from rag.service.shared_library import INTERFACE, SharedLibrary
from rag.settings import Settings


def open_library(settings: Settings) -> SharedLibrary:
    """Open the library here, or connect to the process that owns the data folder.

    Raises what Library.open and RpcClient.reach raise.
    """
    owner = RpcClient.reach(settings.data, INTERFACE)
    return RemoteLibrary(owner) if owner else Library.open(settings)
