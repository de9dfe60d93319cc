"""Workspaces made on the spot: the fewest files that show what a test is about."""

import gc
import textwrap
import weakref
from collections.abc import Mapping

import pytest
import yaml

import kpi_analysis as kpi


class Maker:
    """Writes a workspace of one or more teams with one measure, month by month."""

    def __init__(self, root):
        self.root = root
        (root / "measures").mkdir()
        (root / "values").mkdir()
        (root / "kpi.yml").write_text("name: Test organisation\n")

    def measure(self, values, *, team="alpha", start="2023-01", id="late", **fields):
        definition = {
            "id": id,
            "status": "trial",
            "name": f"Percentage of {id} parcels, by month",
            "result": "Parcels arrive on the promised day",
            "unit": "%",
            "better": "lower",
            "frequency": "month",
            "calculation": {"statistic": "mean"},
            "evidence": ["parcels that arrive a day after the promise"],
            "data": {"collected_by": "depot system"},
            **fields,
        }
        (self.root / "measures" / f"{id}.yml").write_text(yaml.safe_dump(definition))
        first = kpi.Period.parse(start)
        rows = [
            f"{team},{id},{first.shift(n)},{'' if value is None else value}"
            for n, value in enumerate(values)
        ]
        text = "\n".join(["team,measure,period,value", *rows]) + "\n"
        (self.root / "values" / f"{team}-{id}.csv").write_text(text)
        return self

    def log(self, name, text):
        (self.root / f"{name}.csv").write_text(textwrap.dedent(text).lstrip())
        return self

    def review(self, period=None, team="alpha", **options):
        at = kpi.Period.parse(period) if period else None
        return kpi.review_teams(kpi.open(self.root), at, **options)[team]

    def one(self, period=None, **options):
        (review,) = self.review(period, **options).measures
        return review


@pytest.fixture
def make(tmp_path):
    return Maker(tmp_path)


class Once(Mapping):
    """Reviews of all teams that may be gone over once, and that nobody may look up or keep."""

    def __init__(self, workspace, period):
        self.workspace, self.period = workspace, period
        self.made, self.passes = [], 0

    def __getitem__(self, team):
        raise AssertionError(f"the review of '{team}' is looked up: take it as it comes by")

    def __iter__(self):
        return iter(self.workspace.teams)

    def __len__(self):
        return len(self.workspace.teams)

    def items(self):
        return ((one.id, one) for one in self.values())

    def values(self):
        self.passes += 1
        assert self.passes == 1, "the reviews are gone over a second time"
        for team in self.workspace.teams:
            review = kpi.review_teams(self.workspace, self.period, teams=[team])[team]
            parts = (part for one in review.measures for part in (one, one.series, one.points))
            self.made += map(weakref.ref, (review, *parts))
            yield review

    @property
    def kept(self):
        """What somebody still holds of the reviews."""
        gc.collect()
        return [one() for one in self.made if one() is not None]


@pytest.fixture
def once():
    return Once
