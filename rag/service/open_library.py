"""Open the library of a data folder, in this process or through the process that owns it."""

from __future__ import annotations

from rag.library import Library
from rag.service.client import RemoteLibrary
from rag.service.rpc import RpcClient
from rag.service.shared_library import INTERFACE, SharedLibrary
from rag.settings import Settings


def open_library(settings: Settings) -> SharedLibrary:
    """Connect to the process that owns the data folder, or open the library in this process.

    A shared library is always opened in this process.
    Raises the errors of RpcClient.reach and Library.open.
    """
    owner = None if settings.shared else RpcClient.reach(settings.data, INTERFACE)
    return RemoteLibrary(owner) if owner else Library.open(settings)
