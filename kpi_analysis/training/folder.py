"""The learner's own folder: the course's notebooks, what was answered, and a workspace.

    DIR/T00_*.ipynb ... worksheets.html     the course
    DIR/progress.csv                        lesson, exercise, state; nobody else reads it
    DIR/my-workspace/                       what the learner makes, as any other workspace

Nothing is kept outside a folder that `kpi learn` made: progress.csv is how it is known.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import singledispatchmethod
from pathlib import Path
from typing import Any

import yaml

from kpi_analysis.definitions.measures import unfilled
from kpi_analysis.definitions.parts import Status
from kpi_analysis.errors import KpiError
from kpi_analysis.training.answer import (
    Answer,
    Fields,
    Guard,
    Reaction,
    Results,
    SelfCheck,
    State,
    Values,
)

MEASURE, GUARD, TEAM = "my-measure", "my-guard", "my-team"
PROGRESS = "progress.csv"
KPI_YML = f"name: My workspace\nteams:\n  {TEAM}: {{name: My team}}\nvalues: values/*.csv\n"
_HEAD = "# Written by the course; yours to go on with. kpi next says what is missing.\n"
_REACTIONS = ("date", "team", "measure", "reflects_our_work", "text")

Progress = dict[tuple[str, str], State]


@dataclass(frozen=True)
class Folder:
    """A folder in which a lesson runs; it keeps only where `is_course`."""

    root: Path

    @property
    def is_course(self) -> bool:
        """Whether `kpi learn` made it."""
        return (self.root / PROGRESS).is_file()

    @property
    def workspace(self) -> Path:
        """The learner's workspace."""
        return self.root / "my-workspace"

    @property
    def chart(self) -> Path:
        """The picture of the learner's own chart."""
        return self.workspace / "my-chart.png"

    def progress(self) -> Progress:
        """Give the state of every exercise that was answered."""
        if not self.is_course:
            return {}
        rows = csv.reader(io.StringIO((self.root / PROGRESS).read_text(encoding="utf-8")))
        known = {state.value: state for state in State}
        return {(row[0], row[1]): known[row[2]] for row in rows if row[2:] and row[2] in known}

    def note(self, lesson: str, exercise: str, state: State) -> None:
        """Write down how far an exercise is; what was right once stays so."""
        before = self.progress()
        if (
            not self.is_course
            or State.RIGHT in (before.get((lesson, exercise)), None)
            or state is State.UNANSWERED
        ):
            return
        after = {**before, (lesson, exercise): state}
        rows = [(*names, state.value) for names, state in sorted(after.items())]
        _write(self.root / PROGRESS, _csv(("lesson", "exercise", "state"), rows))

    def keep(self, answer: Answer) -> str:
        """Keep what an answer makes; give what became of it, empty where there is nothing.

        Raises KpiError where a file of the workspace cannot be read as it stands.
        """
        if not self.is_course:
            return ""
        kept = [self._keep(one) for one in answer.makes]
        return f"Kept in my-workspace: {', '.join(dict.fromkeys(kept))}." if kept else ""

    @singledispatchmethod
    def _keep(self, made: object) -> str:
        raise TypeError(f"nothing is known of {type(made)}")

    @_keep.register
    def _(self, made: Fields) -> str:
        fields = {"id": MEASURE, "status": "draft", **self.fields(), **made.fields}
        if "result" not in fields:
            raise KpiError("your measure has no result yet: do lesson T01 first")
        is_trial = not any(unfilled(fields, Status.TRIAL))
        fields["status"] = (Status.TRIAL if is_trial else Status.DRAFT).value
        return self._yaml(f"measures/{MEASURE}.yml", fields)

    @_keep.register
    def _(self, made: Guard) -> str:
        result = self.fields().get("result")
        fields = {"id": GUARD, "status": "draft", "name": made.name, "result": result}
        return self._yaml(f"measures/{GUARD}.yml", fields)

    @_keep.register
    def _(self, made: Results) -> str:
        top, *below = made.wordings
        results: list[dict[str, object]] = [{"id": "R-1", "level": "organisation", "result": top}]
        own = self.fields().get("result")
        for n, one in enumerate(below, 2):
            shown_by = {"measures": [MEASURE]} if one == own else {}
            result = {"id": f"R-{n}", "level": "team", "result": one, "parent": "R-1"}
            results.append({**result, **shown_by})
        return self._yaml("results.yml", {"results": results})

    @_keep.register
    def _(self, made: Values) -> str:
        periods = (str(made.first.shift(n)) for n in range(len(made.values)))
        values = zip(periods, made.values, strict=True)
        rows = [(TEAM, MEASURE, period, f"{value:.12g}") for period, value in values]
        columns = ("team", "measure", "period", "value")
        return self._text(f"values/{MEASURE}.csv", _csv(columns, rows))

    @_keep.register
    def _(self, made: Reaction) -> str:
        row = (made.date, TEAM, MEASURE, made.reflects, made.text)
        path = self.workspace / "reactions.csv"
        there = list(csv.reader(io.StringIO(_read(path))))[1:]
        rows = [*there, row] if list(row) not in there else there
        return self._text("reactions.csv", _csv(_REACTIONS, rows))

    @_keep.register
    def _(self, made: SelfCheck) -> str:
        others = {when: sure for when, sure in self.self_checks().items() if when != made.when}
        rows = [(when, *sure) for when, sure in {**others, made.when: made.sure}.items()]
        return self._text("../self-check.csv", _csv(("when", "1", "2", "3"), rows))

    def self_checks(self) -> dict[str, tuple[int, ...]]:
        """Give how sure the learner felt, by "before" and "after"."""
        rows = list(csv.reader(io.StringIO(_read(self.root / "self-check.csv"))))[1:]
        numbers = {row[0]: [one for one in row[1:] if one.isdecimal()] for row in rows if row}
        return {when: tuple(map(int, sure)) for when, sure in numbers.items()}

    def fields(self) -> dict[str, Any]:
        """Give the definition of the learner's measure as far as it is; empty without one.

        Raises KpiError where the file is no longer YAML.
        """
        path = self.workspace / f"measures/{MEASURE}.yml"
        try:
            read = yaml.safe_load(_read(path))
        except yaml.YAMLError:
            words = f"{path.name} cannot be read: kpi check my-workspace says where"
            raise KpiError(words) from None
        return read if isinstance(read, dict) else {}

    def _yaml(self, name: str, content: Mapping[str, object]) -> str:
        body = yaml.dump(dict(content), Dumper=_Plain, sort_keys=False, allow_unicode=True)
        return self._text(name, _HEAD + body)

    def _text(self, name: str, content: str) -> str:
        if not (self.workspace / "kpi.yml").exists():
            _write(self.workspace / "kpi.yml", KPI_YML)
        _write(self.workspace / name, content)
        return name.removeprefix("../")


class _Plain(yaml.SafeDumper):
    """Writes what comes twice twice: definitions are read without anchors and aliases."""

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.new")
    aside.write_text(content, encoding="utf-8", newline="")
    aside.replace(path)


def _csv(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()
