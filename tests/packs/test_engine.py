"""The warm engine against the stock kernel, cell by cell, and what it leaves behind."""

from __future__ import annotations

import builtins
import logging
import os
import re
import subprocess
import sys
import warnings
from itertools import groupby
from pathlib import Path

import nbformat
import papermill
import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode, v4
from papermill.exceptions import PapermillExecutionError

from kpi_analysis.errors import PackError
from kpi_analysis.packs import client, engine

PAPERMILL = [sys.executable, "-m", "papermill", "--no-progress-bar"]
FAILS = {"tags": ["raises-exception"]}
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}

# One notebook for both engines: starting a kernel is dear, cells are not.
CELLS: dict[str, NotebookNode] = {
    "markdown": v4.new_markdown_cell("# A *pack*"),
    "raw": v4.new_raw_cell("raw"),
    "parameters": v4.new_code_cell("team = 'Alpha'\nn = 1", metadata={"tags": ["parameters"]}),
    "parameters used": v4.new_code_cell("team, n"),
    "empty": v4.new_code_cell(""),
    "blank": v4.new_code_cell("  \n"),
    "comment": v4.new_code_cell("# nothing but a comment"),
    "skipped": v4.new_code_cell("print('no')", metadata={"tags": ["skip-execution"]}),
    "assignment": v4.new_code_cell("x = 41"),
    "result": v4.new_code_cell("x + 1"),
    "last result": v4.new_code_cell("_, __, Out[max(Out)], In[-2], _i"),
    "semicolon": v4.new_code_cell("x + 1;"),
    "none": v4.new_code_cell("None"),
    "stdout": v4.new_code_cell("print('é'); print('a', end=''); print('b')"),
    "streams": v4.new_code_cell(
        "import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('out again')"
    ),
    "flushed": v4.new_code_cell("print('one', flush=True)\ndisplay(1)\nprint('two')"),
    "control characters": v4.new_code_cell("print('ab\\rcd\\be\\x1b[31mred\\x1b[0m')"),
    "display": v4.new_code_cell(
        "from IPython.display import HTML, JSON, SVG, Image, Markdown, clear_output, display\n"
        "print('before')\n"
        "display(HTML('<b>b</b>'), metadata={'text/html': {'isolated': True}})\n"
        "display(Markdown('# m'), 'text', 3)\n"
        "print('after')\n"
        "SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"><g/></svg>')"
    ),
    "images": v4.new_code_cell(
        "png = bytes.fromhex('89504e470d0a1a0a0000000d494844520000000200000001')\n"
        "display(Image(png, alt='two points'), metadata={'image/png': {'alt': 'a chart'}})\n"
        "Image(png, width=3)"
    ),
    "json": v4.new_code_cell(
        "display(JSON({'a': [1, None]}))\n"
        "display({'application/json': {'a': b'x', 'b': (1, 2)}}, raw=True)"
    ),
    "reprs": v4.new_code_cell(
        "class Html:\n    def _repr_html_(self): return '<i>h</i>'\n"
        "class Bundle:\n"
        "    def _repr_mimebundle_(self, include=None, exclude=None):\n"
        "        return {'text/html': 'b', 'text/plain': 'p'}, {'text/html': {'m': 1}}\n"
        "class Png:\n    def _repr_png_(self): return b'\\x89PNG', {'alt': 'words'}\n"
        "display(Html(), Bundle(), Png())\nBundle()"
    ),
    "frame": v4.new_code_cell(
        "import pandas as pd\npd.DataFrame({'team': ['A', '<b>'], 'value': [1.5, None]})"
    ),
    "series": v4.new_code_cell("pd.Series([1, 2], name='v')"),
    "long list": v4.new_code_cell("list(range(200))"),
    "update": v4.new_code_cell(
        "first = display('old', display_id='one')\ndisplay('stays', display_id=True);"
    ),
    "updated from a later cell": v4.new_code_cell("first.update('new', metadata={'m': 1})"),
    "cleared": v4.new_code_cell(
        "display(1)\nclear_output()\ndisplay(2)\nclear_output(wait=True)\nprint('3')"
    ),
    "warning": v4.new_code_cell("import warnings\nwarnings.warn('careful')"),
    "deprecation": v4.new_code_cell("warnings.warn('old', DeprecationWarning)"),
    "logging": v4.new_code_cell("import logging\nlogging.warning('logged')"),
    "thread": v4.new_code_cell(
        "from threading import Thread\n"
        "thread = Thread(target=print, args=('from a thread',))\nthread.start()\nthread.join()"
    ),
    "shell": v4.new_code_cell("get_ipython().__class__.__name__, __name__, sys.stdout.isatty()"),
    "main": v4.new_code_cell(
        "import pickle\nimport __main__\n"
        "type(pickle.loads(pickle.dumps(Html()))) is Html, __main__.x"
    ),
    "magic": v4.new_code_cell("%%capture taken\nprint('taken')\ndisplay(1)"),
    "magic used": v4.new_code_cell("taken.stdout, len(taken.outputs)"),
    "system": v4.new_code_cell("!echo from a process"),
    "help": v4.new_code_cell("len?"),
    "await": v4.new_code_cell("import asyncio\nawait asyncio.sleep(0)\n'awaited'"),
    "figure": v4.new_code_cell("import matplotlib.pyplot as plt\nplt.plot([1, 3, 2]);"),
    "inline": v4.new_code_cell("%matplotlib inline\nplt.figure(figsize=(1, 1))\nplt.plot([1, 2])"),
    "syntax": v4.new_code_cell("def broken(:\n    pass", metadata=FAILS),
    "indentation": v4.new_code_cell("if 1:\nprint()", metadata=FAILS),
    "name": v4.new_code_cell("print('before')\nunknown", metadata=FAILS),
    "chained": v4.new_code_cell(
        "try:\n    {}['key']\nexcept KeyError as e:\n    raise ValueError('two\\nlines') from e",
        metadata=FAILS,
    ),
    "failing repr": v4.new_code_cell(
        "class Bad:\n    def __repr__(self): raise ValueError('bad repr')\nBad()", metadata=FAILS
    ),
    "falsy exception": v4.new_code_cell(
        "class Empty(Exception):\n    def __len__(self): return 0\nraise Empty", metadata=FAILS
    ),
    "exit with a code": v4.new_code_cell("raise SystemExit(3)", metadata=FAILS),
    "interrupt": v4.new_code_cell("raise KeyboardInterrupt", metadata=FAILS),
    "input": v4.new_code_cell("input('name? ')", metadata=FAILS),
    "went on": v4.new_code_cell("'still here'"),
    "fails": v4.new_code_cell("def divide(a):\n    return a / 0\n\nprint('so far')\ndivide(x)"),
    "not reached": v4.new_code_cell("print('never')"),
}


def notebook(*cells: NotebookNode) -> NotebookNode:
    return v4.new_notebook(cells=list(cells), metadata=KERNEL)


def run(nb: NotebookNode, output: Path | None = None, **options) -> NotebookNode:
    options = {"engine_name": "warm", "progress_bar": False} | options
    return papermill.execute_notebook(nb, output, **options)


def code(source: str) -> NotebookNode:
    return v4.new_code_cell(source)


@pytest.fixture(scope="module")
def twins(tmp_path_factory) -> dict[str, dict[str, NotebookNode]]:
    """The notebook by both engines, through papermill's own command, as a user would."""
    folder = tmp_path_factory.mktemp("twins")
    nbformat.write(notebook(*CELLS.values()), folder / "in.ipynb")
    runs = {}
    for name, options in {"warm": ["--engine", "warm"], "kernel": []}.items():
        runs[name] = subprocess.Popen(
            [*PAPERMILL, "in.ipynb", f"{name}.ipynb", "-p", "n", "7", *options],
            cwd=folder,
            env=os.environ | {"IPYTHONDIR": str(folder / f"ipython-{name}")},
            stderr=subprocess.PIPE,
            text=True,
        )
    for process in runs.values():
        words = process.communicate(timeout=120)[1]
        assert "PapermillExecutionError" in words
        assert "ZeroDivisionError: division by zero" in words
    return {name: nbformat.read(folder / f"{name}.ipynb", 4) for name in runs} | {"folder": folder}


def steady(outputs: list[NotebookNode]) -> list[dict]:
    """Take out what differs between two runs of the stock kernel: addresses and flushes.

    The kernel flushes both streams every 0.2 seconds: neighbouring pieces are put together.
    """
    text = re.sub(r"0x[0-9a-f]{6,}", "0x", nbformat.v4.writes(notebook(with_outputs(outputs))))
    text = re.sub(r"ipykernel_\d+", "ipykernel", text)
    result = []
    for is_stream, group in groupby(
        v4.reads(text).cells[0].outputs, key=lambda output: output.output_type == "stream"
    ):
        pieces = [dict(output) for output in group]
        if is_stream:
            result += [
                (name, "".join(piece["text"] for piece in pieces if piece["name"] == name))
                for name in ("stdout", "stderr")
            ]
        else:
            result += pieces
    return result


def with_outputs(outputs: list[NotebookNode]) -> NotebookNode:
    return v4.new_code_cell("", outputs=outputs)


def shared_cells(nb: NotebookNode) -> list[NotebookNode]:
    """The cells of the table above: papermill adds parameters and marks of the error."""
    added = {"injected-parameters", "papermill-error-cell-tag"}
    return [cell for cell in nb.cells if not added & set(cell.metadata.get("tags", []))]


@pytest.mark.parametrize("name", CELLS)
def test_same_outputs_as_the_stock_kernel(twins, name):
    place = list(CELLS).index(name)
    warm, kernel = (shared_cells(twins[engine])[place] for engine in ("warm", "kernel"))
    assert warm.source == kernel.source == CELLS[name].source
    assert warm.metadata.papermill.status == kernel.metadata.papermill.status
    assert warm.metadata.papermill.exception == kernel.metadata.papermill.exception
    if warm.cell_type == "code":
        assert warm.execution_count == kernel.execution_count
        pairs = [steady(cell.outputs) for cell in (warm, kernel)]
        if name == "input":  # the same error, raised in another file
            pairs = [[o | {"traceback": []} for o in outputs] for outputs in pairs]
        assert pairs[0] == pairs[1]


def test_the_cells_do_what_they_are_for(twins):
    """The comparison above would also hold for two engines that both print nothing."""
    cells = dict(zip(CELLS, shared_cells(twins["warm"]), strict=True))
    assert cells["parameters used"].outputs[0].data["text/plain"] == "('Alpha', 7)"
    assert cells["update"].outputs[0].data["text/plain"] == "'new'"
    assert [o.text for o in cells["cleared"].outputs] == ["3\n"]
    assert list(cells["figure"].outputs[0].data) == ["image/png", "text/plain"]
    assert cells["images"].outputs[0].metadata == {"image/png": {"alt": "a chart"}}
    assert cells["thread"].outputs[0].text == "from a thread\n"
    assert cells["input"].outputs[0].ename == "StdinNotImplementedError"
    assert cells["falsy exception"].outputs[0].ename == "Empty"
    assert cells["went on"].outputs[0].data["text/plain"] == "'still here'"
    assert cells["fails"].metadata.papermill.status == "failed"
    assert cells["not reached"].metadata.papermill.status == "pending"
    assert cells["not reached"].outputs == []


def test_same_frame_around_the_cells(twins):
    warm, kernel = twins["warm"], twins["kernel"]
    assert warm.metadata.language_info == kernel.metadata.language_info
    assert warm.metadata.kernelspec == kernel.metadata.kernelspec
    assert warm.metadata.papermill.exception is kernel.metadata.papermill.exception is True
    assert warm.metadata.papermill.parameters == kernel.metadata.papermill.parameters == {"n": 7}
    assert [cell.cell_type for cell in warm.cells] == [cell.cell_type for cell in kernel.cells]


def test_neither_history_nor_profile_is_written(twins):
    assert not (twins["folder"] / "ipython-warm").exists()


def test_streams_come_in_the_order_of_a_kernel():
    nb = run(notebook(CELLS["streams"]))
    assert [(o.name, o.text) for o in nb.cells[0].outputs] == [
        ("stdout", "out\nout again\n"),
        ("stderr", "err\n"),
    ]


def test_papermill_raises_what_the_cell_raised(tmp_path):
    with pytest.raises(PapermillExecutionError) as error:
        run(notebook(code("1"), code("raise ValueError('no such team')")), tmp_path / "out.ipynb")
    assert (error.value.ename, error.value.evalue) == ("ValueError", "no such team")
    assert (error.value.cell_index, error.value.exec_count) == (1, 2)
    saved = nbformat.read(tmp_path / "out.ipynb", 4)
    assert saved.cells[-1].outputs[0].ename == "ValueError"


@pytest.mark.parametrize("source", ["import sys; sys.exit('stop')", "exit", "quit()"])
def test_leaving_in_the_middle_is_a_failure(source):
    with pytest.raises(PapermillExecutionError, match="SystemExit"):
        run(notebook(code(source), code("print('never')")))


@pytest.mark.filterwarnings("ignore:To exit")  # IPython's own advice on the exit
def test_a_silent_exit_leaves_the_rest_pending():
    """papermill takes exit code 0 for success; the statuses tell that cells are missing."""
    nb = run(notebook(code("raise SystemExit"), code("print('never')")))
    statuses = [cell.metadata.papermill.status for cell in nb.cells]
    assert statuses == ["failed", "pending"]


def test_each_notebook_starts_afresh():
    run(notebook(code("left = 1\nimport builtins\nbuiltins.left_too = 2")))
    nb = run(notebook(code("'left' in globals(), hasattr(__builtins__, 'left_too')"), code("_i")))
    assert nb.cells[0].outputs[0].data["text/plain"] == "(False, False)"
    assert [cell.execution_count for cell in nb.cells] == [1, 2]


def test_the_process_is_put_back():
    def state():
        return (
            (sys.stdout, sys.stderr, sys.stdin, sys.displayhook, sys.excepthook),
            list(sys.path),
            sys.modules["__main__"],
            dict(os.environ),
            set(vars(builtins)),
            builtins.input,
            list(warnings.filters),
            hasattr(sys, "ps1"),
            InteractiveShell.initialized(),
            Path.cwd(),
        )

    before = state()
    with pytest.raises(PapermillExecutionError):
        run(
            notebook(
                code("import os, sys, warnings\nos.environ['LEFT'] = '1'\nsys.path.append('left')"),
                code("sys.stdout = sys.__stdout__\nwarnings.simplefilter('ignore')\nsys.ps1 = ''"),
                code("os.environ.pop('PATH')\n1 / 0"),
            )
        )
    assert state() == before


def test_inside_another_shell():
    """Packs can be built from a notebook, whose shell goes on afterwards."""
    outer = InteractiveShell.instance()
    try:
        nb = run(notebook(code("mine = 1\nget_ipython().__class__.__name__")))
        assert nb.cells[0].outputs[0].data["text/plain"] == "'ZMQInteractiveShell'"
        assert InteractiveShell.instance() is outer
        assert "mine" not in outer.user_ns
    finally:
        InteractiveShell.clear_instance()


def test_saved_once_and_whatever_happens(tmp_path, monkeypatch):
    saves = []

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    def save(nb, path):
        saves.append((len(nb.cells), path))

    monkeypatch.setattr(client, "write_ipynb", save)
    monkeypatch.setattr("papermill.engines.write_ipynb", save)
    monkeypatch.setattr(client.WarmClient, "execute_cell", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(notebook(code("1"), code("2")), tmp_path / "out.ipynb")
    assert saves == [(2, str(tmp_path / "out.ipynb"))]


def test_output_is_copied_where_papermill_is_asked_to(tmp_path):
    with (tmp_path / "out.txt").open("w") as out, (tmp_path / "err.txt").open("w") as err:
        run(notebook(CELLS["streams"]), stdout_file=out, stderr_file=err)
    assert (tmp_path / "out.txt").read_text() == "out\nout again\n"
    assert (tmp_path / "err.txt").read_text() == "err\n"


def test_logging_is_the_notebooks_own(caplog):
    """A cell that logs everything hears nothing of papermill, and papermill goes on logging."""
    caplog.set_level(logging.INFO)
    handlers, level = logging.root.handlers[:], logging.root.level
    nb = run(
        notebook(
            code("import logging\nlogging.basicConfig(level=logging.DEBUG)"),
            code("logging.debug('mine')"),
        ),
        log_output=True,
    )
    assert [cell.outputs[0].text for cell in nb.cells[1:]] == ["DEBUG:root:mine\n"]
    assert "Executing Cell 2" in caplog.text
    assert (logging.root.handlers, logging.root.level) == (handlers, level)


def test_another_language_is_refused():
    nb = notebook(code("1"))
    nb.metadata.kernelspec = {"name": "ir", "display_name": "R", "language": "R"}
    with pytest.raises(PackError) as error:
        run(nb)
    assert str(error.value) == "The engine `warm` runs Python; this notebook is in R."


def test_a_time_limit_for_each_cell_is_refused():
    with pytest.raises(PackError, match="limit the whole pack, or use the engine `kernel`"):
        run(notebook(code("1")), execution_timeout=5)


def test_papermill_alone_does_not_import_the_shell():
    """papermill loads every engine when imported: the plain way must not pay for this one."""
    words = "import sys, papermill; print('ipykernel' in sys.modules, 'pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"


@pytest.mark.parametrize("module", ["engine", "client", "shell", "runner"])
def test_either_may_be_imported_first(module):
    """papermill imports the engine when imported itself, and the engine's client papermill."""
    words = f"import kpi_analysis.packs.{module}, papermill.engines as e; " + (
        "print(e.papermill_engines.get_engine('warm').__name__)"
    )
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert done.stdout == "WarmEngine\n"


def test_warm_up_gives_what_packs_show():
    small = engine.warm_up()
    nbformat.validate(small)
    shown = [set(output.data) for output in small.cells[1].outputs]
    assert shown == [{"text/html", "text/plain"}, {"text/markdown", "text/plain"}, {"text/plain"}]
