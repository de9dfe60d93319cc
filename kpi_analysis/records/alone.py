"""One process at a time in a folder, on any system."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

LOCK_FILE = ".kpi-lock"  # where a folder itself cannot be locked
SOON = 0.1  # seconds between two tries


@contextmanager
def alone(folder: Path, *, wait: bool) -> Iterator[None]:
    """Hold a folder against other processes that ask for it in this way.

    Where another one holds it, wait, or raise BlockingIOError. The system lets go of it when this
    process ends, however it ends. Raises OSError where the folder cannot be opened.
    """
    lock = _locked_file if sys.platform == "win32" else _locked_folder
    with lock(folder, wait):
        yield


@contextmanager
def _locked_folder(folder: Path, wait: bool) -> Iterator[None]:
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(handle)


@contextmanager
def _locked_file(folder: Path, wait: bool) -> Iterator[None]:
    """Lock a file in the folder: Windows locks no folder."""
    msvcrt: Any = import_module("msvcrt")
    path = folder / LOCK_FILE
    handle = os.open(path, os.O_RDWR | os.O_CREAT)
    try:
        while not _got(lambda: msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)):
            if not wait:
                raise BlockingIOError(errno.EWOULDBLOCK, os.strerror(errno.EWOULDBLOCK))
            time.sleep(SOON)
        yield
    finally:
        os.close(handle)
        with suppress(OSError):  # another process has it open: it will take it away
            path.unlink()


def _got(lock: Callable[[], object]) -> bool:
    try:
        lock()
    except OSError:
        return False
    return True
