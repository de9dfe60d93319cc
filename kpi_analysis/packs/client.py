"""Executes a notebook in this process: papermill's client and engine, over a shell of our own."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager
from papermill.iorw import write_ipynb
from papermill.log import logger

from kpi_analysis.errors import PackError
from kpi_analysis.packs.shell import LANGUAGE, CellRunner, cell_runner


@contextmanager
def _logging_set_aside() -> Iterator[None]:
    """Let the notebook set up logging as if it were alone, and keep papermill's out of its cells.

    Or a cell that logs everything would log papermill's note that the cell has logged, and so on.
    """
    root = logging.getLogger()
    before = root.handlers[:], root.level, logger.handlers[:], logger.propagate
    logger.handlers, logger.propagate = logger.handlers + root.handlers, False
    root.handlers = []
    root.setLevel(logging.WARNING)
    try:
        yield
    finally:
        root.handlers, level, logger.handlers, logger.propagate = before
        root.setLevel(level)


class WarmClient(PapermillNotebookClient):  # type: ignore[misc]  # papermill ships no types
    """papermill's client with a shell in this process in place of a kernel."""

    runner: CellRunner

    def execute(self, **_: object) -> None:
        """Run the cells in order, up to the first that fails."""
        self.reset_execution_trackers()
        with _logging_set_aside(), cell_runner() as self.runner:
            self.papermill_execute_cells()
        self.nb.metadata["language_info"] = dict(LANGUAGE)

    def execute_cell(self, cell: NotebookNode, cell_index: int, **_: object) -> NotebookNode:
        """Run one cell. Raises CellExecutionError unless the cell is tagged raises-exception."""
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or self.skip_cells_with_tag in tags:
            return cell
        cell.outputs = []
        self.clear_before_next_output = False
        reply = self.runner.run(
            cell.source, lambda message: self.process_message(message, cell, cell_index)
        )
        if reply["status"] == "error" and "raises-exception" not in tags:
            raise CellExecutionError.from_cell_and_msg(cell, reply)
        return cell


class InProcessEngine(Engine):  # type: ignore[misc]  # papermill ships no types
    """What `WarmEngine` is made of, once papermill is there."""

    @classmethod
    def execute_notebook(
        cls, nb: NotebookNode, kernel_name: str, output_path: str | None = None, **options: object
    ) -> NotebookNode:
        """Execute, and save once when all is over, whatever happened, not twice for each cell."""
        try:
            done: NotebookNode = super().execute_notebook(nb, kernel_name, None, **options)
            return done
        finally:
            if output_path:
                write_ipynb(nb, output_path)

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, **options: object
    ) -> None:
        """Run the cells of `nb_man.nb`, whose outputs and statuses are filled in.

        Raises PackError for a notebook in another language, and for a time limit for each cell:
        a process cannot stop itself. The runner limits the time of a whole pack.
        """
        language = nb_man.nb.metadata.get("kernelspec", {}).get("language", "python")
        if language != "python":
            raise PackError(f"The engine `warm` runs Python; this notebook is in {language}.")
        if options.get("execution_timeout"):
            raise PackError(
                "The engine `warm` takes no time limit for each cell; "
                "limit the whole pack, or use the engine `kernel`."
            )
        known = {name: options[name] for name in ("log_output", "stdout_file", "stderr_file")}
        WarmClient(
            nb_man, kernel_name=kernel_name, log=logger, record_timing=False, **known
        ).execute()
