"""Workspaces made on the spot: the fewest files that show what a test is about."""

import textwrap

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
