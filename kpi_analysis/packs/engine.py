"""The `warm` papermill engine: cells run in this process, in a fresh shell, without a kernel.

    papermill --engine warm in.ipynb out.ipynb

Outputs are those of the stock kernel, cell by cell: the shell is ipykernel's (shell.py), and what
becomes of its messages is decided by nbclient and papermill (client.py). What falls away is a
process, its imports, its sockets, and two saves of the notebook for every cell.

papermill loads this module while it is itself half imported: nothing is imported up here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode


class WarmEngine:
    """Executes a Python notebook in this process. Registered with papermill as `warm`."""

    @classmethod
    def execute_notebook(
        cls, nb: NotebookNode, kernel_name: str, output_path: str | None = None, **options: object
    ) -> NotebookNode:
        """Execute the cells of `nb` up to the first that fails, and fill in what they show.

        Saves once, when all is over, whatever happened. Raises PackError for a notebook in
        another language, and for a time limit for each cell.
        """
        from kpi_analysis.packs.client import InProcessEngine

        return InProcessEngine.execute_notebook(nb, kernel_name, output_path, **options)

    @classmethod
    def nb_kernel_name(cls, nb: NotebookNode, name: str | None = None) -> str:
        """Give the kernel that the notebook names, for papermill's translation of parameters."""
        from papermill.utils import nb_kernel_name

        return str(nb_kernel_name(nb, name))

    @classmethod
    def nb_language(cls, nb: NotebookNode, language: str | None = None) -> str:
        """Give the language that the notebook names."""
        from papermill.utils import nb_language

        return str(nb_language(nb, language))


def warm_up() -> NotebookNode:
    """Execute a small notebook here, and give it: what every pack needs is then there to inherit.

    Its outputs are of the kinds that packs have; export it, too, and the exporter is warm.
    """
    import papermill
    from nbformat import from_dict

    source = "from IPython.display import HTML, Markdown\ndisplay(HTML('<p>'), Markdown('*'))\n1"
    code = {"cell_type": "code", "id": "b", "source": source, "outputs": []}
    text = {"cell_type": "markdown", "id": "a", "source": "# A *word*"}
    small = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "", "language": "python"}},
        "cells": [{"metadata": {}, **cell} for cell in (text, code | {"execution_count": None})],
    }
    done: NotebookNode = papermill.execute_notebook(
        from_dict(small),  # type: ignore[no-untyped-call]
        None,
        engine_name="warm",
        progress_bar=False,
    )
    return done
