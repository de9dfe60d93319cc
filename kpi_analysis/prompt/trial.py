"""A limit change in hand: the chart before and after, and the row that would record it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kpi_analysis.errors import PackError
from kpi_analysis.prompt.drawing import Drawing
from kpi_analysis.prompt.looks import charts
from kpi_analysis.records import limit_rows
from kpi_analysis.records.logs import LIMIT_CHANGES
from kpi_analysis.review.drawing import picture
from kpi_analysis.review.what_if import Trial


@dataclass(frozen=True)
class LimitTrial:
    """A limit change tried out; nothing is written before `save_row()` is called.

    `row` is the line for limit_changes.csv, `header` the one it stands beneath.
    """

    root: Path
    trial: Trial
    on_disk: bool

    header = ",".join(LIMIT_CHANGES)

    @property
    def row(self) -> str:
        """The line to paste into limit_changes.csv."""
        return limit_rows.as_text(self.trial.row)

    @property
    def drawing(self) -> Drawing:
        """The chart as it is and, beneath, as it would be."""
        both = (self.trial.before, self.trial.after)
        shown = [picture(one) for one in both]
        paste = ("To record it, call save_row(), or paste into limit_changes.csv:", self.row)
        return charts("Limits tried out", shown, (*self.trial.words, *paste))

    def save_row(self) -> Path:
        """Write the row into the workspace's limit_changes.csv, and give the file's path.

        Raises PackError where the measure has no workspace on disk.
        """
        if not self.on_disk:
            raise PackError("this measure has no workspace: paste the row where you keep it")
        return limit_rows.append(self.root, self.trial.row)

    def _repr_html_(self) -> str:
        return self.drawing._repr_html_()

    def __repr__(self) -> str:
        return "\n".join(self.drawing.sentences)
