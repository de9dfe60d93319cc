"""A notebook kernel's shell without the kernel: no process of its own, no sockets, no threads.

The shell, its display hook and its publisher are ipykernel's own classes, so that a value is
shown here exactly as a stock kernel shows it. Only the way the messages travel is replaced:
they go to a function of the caller, by way of the same JSON as over a socket.

Not captured, unlike in a stock kernel: what C code or a child process prints by itself.
"""

from __future__ import annotations

import atexit
import builtins
import io
import os
import sys
import warnings
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn, cast

from ipykernel import zmqshell
from ipykernel.compiler import XCachingCompiler
from ipykernel.ipkernel import IPythonKernel
from IPython.core import pylabtools
from IPython.core.error import StdinNotImplementedError, UsageError
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.session import Session
from traitlets.config import Config

Message = dict[str, Any]
LANGUAGE: dict[str, Any] = IPythonKernel.language_info
PACKAGES = {"site-packages", "dist-packages"}
INLINE = "module://matplotlib_inline.backend_inline"


class _Session(Session):
    """A session whose messages are handed to `receive` instead of to a socket."""

    receive: Callable[[Message], object]

    def send(
        self,
        stream: object,  # noqa: ARG002 the socket of the parent class: there is none here
        msg_or_type: Message | str,
        content: Message | None = None,
        parent: Message | None = None,
        *_: object,
        **__: object,
    ) -> Message:
        """Hand on one message, its content as it reads after JSON."""
        message = (
            self.msg(msg_or_type, content, parent) if isinstance(msg_or_type, str) else msg_or_type
        )
        self.receive({**message, "content": self.unpack(self.pack(message["content"]))})
        return message


class _Stream(io.TextIOBase):
    """stdout or stderr of a cell: collects text, and sends it when flushed, as a kernel does."""

    encoding = "UTF-8"

    def __init__(self, name: str, session: _Session) -> None:
        self.name = name
        self._session = session
        self._buffer = io.StringIO()

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        """Give the process's own stream, as a kernel does: a subprocess may want to write there."""
        return 1 if self.name == "stdout" else 2

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        return self._buffer.write(text)

    def flush(self) -> None:
        text = self._buffer.getvalue()
        if text:
            self._buffer = io.StringIO()
            self._session.send(None, "stream", {"name": self.name, "text": text})


class ZMQInteractiveShell(zmqshell.ZMQInteractiveShell):
    """An ipykernel shell that leaves no trace: no history file, no profile folder.

    It keeps its parent's name, by which tqdm, rich and others know that they are in a notebook.
    """

    def init_ipython_dir(self, ipython_dir: str | None) -> None:
        """Make no folder: the packs of a month may be built by a user without a home."""

    def init_profile_dir(self, profile_dir: object) -> None:
        """Read no profile: a pack must not depend on who builds it."""

    def enable_gui(self, gui: str | None = None) -> None:
        """Take `%matplotlib inline`, which asks for no window; refuse the others."""
        if gui:
            raise UsageError(f"There is no {gui} window in a pack: use `%matplotlib inline`.")

    def ask_exit(self) -> NoReturn:
        """End the notebook: `exit` and `quit` would stop a kernel under the cells that follow."""
        raise SystemExit("exit")


class CellRunner:
    """A fresh shell with its streams. Make one with `cell_runner`."""

    def __init__(self) -> None:
        self._session = _Session(key=b"no message leaves this process")
        self._session.receive = lambda _: None  # until a cell runs, nobody listens
        self.shell = ZMQInteractiveShell.instance(
            config=Config(HistoryManager={"enabled": False, "hist_file": ":memory:"}),
            compiler_class=XCachingCompiler,
        )
        for sender in (self.shell.displayhook, self.shell.display_pub):
            cast(zmqshell.ZMQDisplayPublisher, sender).session = self._session
        self.streams = (_Stream("stdout", self._session), _Stream("stderr", self._session))

    def run(self, source: str, receive: Callable[[Message], object]) -> Message:
        """Run one cell and give the content of a kernel's reply.

        `receive` gets each message of the cell (stream, display_data, execute_result, error ...)
        as it is sent. The reply's `status` is "ok" or "error"; an error has `ename`, `evalue`
        and `traceback`. Nothing raised by the cell comes out of here, `SystemExit` included.
        """
        self._session.receive = receive
        self._session.send(None, "execute_input", {"execution_count": self.shell.execution_count})
        result = self.shell.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
        for stream in self.streams:
            stream.flush()
        # A __repr__ that raises leaves the result a success, but a kernel reports an error.
        if result.success and not self.shell._last_traceback_during_displayhook:
            return {"status": "ok"}
        before = result.error_before_exec
        error = result.error_in_exec if before is None else before
        return {
            "status": "error",
            "ename": type(error).__name__,
            "evalue": str(error),
            "traceback": self.shell._last_traceback or [],
        }


def _no_input(*_: object) -> NoReturn:
    """Refuse to ask: nobody sits at a pack, and the words are a kernel's."""
    raise StdinNotImplementedError(
        "raw_input was called, but this frontend does not support input requests."
    )


@contextmanager
def _restored(names: MutableMapping[str, Any]) -> Iterator[None]:
    """Put back what is changed, added or deleted in a namespace during the block."""
    before = dict(names)
    try:
        yield
    finally:
        for name in names.keys() - before.keys():
            del names[name]
        names.update({k: v for k, v in before.items() if names.get(k, names) is not v})


@contextmanager
def _only_shell() -> Iterator[None]:
    """Set aside the shell that runs already (packs may be built from a notebook)."""
    outer = InteractiveShell._instance
    if outer is not None:
        type(outer).clear_instance()
    try:
        yield
    finally:
        ZMQInteractiveShell.clear_instance()
        if outer is not None:
            for owner in type(outer)._walk_mro():
                owner._instance = outer


def _before_packages() -> int:
    """Give the place of the working folder on `sys.path` in a kernel: after Python's own."""
    names = [Path(folder).name for folder in sys.path]
    return next((i for i, name in enumerate(names) if name in PACKAGES), 0)


def _draw_inline(shell: ZMQInteractiveShell) -> None:
    """Show pyplot's figures at the end of a cell, although matplotlib was imported before."""
    os.environ.setdefault("MPLBACKEND", INLINE)
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is None or os.environ["MPLBACKEND"] != INLINE:
        return
    matplotlib.rcParams["backend"] = INLINE
    if "matplotlib.pyplot" in sys.modules:
        pylabtools.activate_matplotlib(INLINE)  # type: ignore[no-untyped-call]
        inline = import_module("matplotlib_inline.backend_inline")
        inline.configure_inline_support.current_backend = "unset"  # the formats are a shell's own
        inline.configure_inline_support(shell, INLINE)


@contextmanager
def cell_runner() -> Iterator[CellRunner]:
    """Give a fresh shell in this process, and put the process back as it was afterwards.

    `sys`, `builtins`, the environment, `sys.path`, `__main__` and the warning filters are put
    back; imported modules and their state are not, which is why packs run in forked processes.
    """
    with ExitStack() as stack:
        for names in (vars(sys), vars(builtins), os.environ):
            stack.enter_context(_restored(names))
        stack.callback(sys.path.__setitem__, slice(None), list(sys.path))
        stack.callback(sys.modules.__setitem__, "__main__", sys.modules["__main__"])
        # Entering it forgets which warnings were shown already: each notebook gets its own.
        stack.enter_context(warnings.catch_warnings())
        stack.enter_context(_only_shell())
        runner = CellRunner()
        stack.callback(atexit.unregister, runner.shell.atexit_operations)
        sys.stdout, sys.stderr = runner.streams
        builtins.input = _no_input
        sys.path.insert(_before_packages(), "")
        _draw_inline(runner.shell)
        yield runner
