"""Forks `kpi` commands on request; started by conftest.Commands.

One order a line: {"argv", "before", "words"}. Answers with the process's number; its exit code is
written to the file `words`.code when it has ended.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from pathlib import Path

from kpi_analysis import cli
from kpi_analysis.packs import fingerprint, making, month, plan
from kpi_analysis.packs.build import warm_up


def run(order):
    """Be the command."""
    words = os.open(order["words"], os.O_WRONLY | os.O_CREAT)
    for stream in (1, 2):
        os.dup2(words, stream)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
    code = 1
    try:
        exec(order["before"], {"month": month, "making": making, "plan": plan, "Path": Path})  # noqa: S102 the tests' own words
        sys.argv = ["kpi", *order["argv"]]
        cli.main()
    except SystemExit as error:
        code = error.code or 0
    except BaseException:  # noqa: BLE001 what Python would do at the end of the command
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def keep(order):
    """Start the command, say its number, wait for it, and write down how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    pid = os.fork()
    if pid == 0:
        run(order)
    print(pid, flush=True)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    said = Path(order["words"])
    said.with_suffix(".new").write_text(str(code))
    said.with_suffix(".new").rename(said.with_suffix(".code"))
    os._exit(0)


warm_up()
fingerprint._package()  # told once: the code of all commands is the one imported here
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    if os.fork() == 0:
        keep(json.loads(line))
