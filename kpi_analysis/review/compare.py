"""The same series under several rule sets, side by side: what differs, and why."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kpi_analysis.review import wording
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.signals.false_signals import false_signals
from kpi_analysis.signals.rules import chosen_rules

SUMMARY = ("rules", "verdict", "marked", "limits", "false_in_12")


@dataclass(frozen=True)
class Comparison:
    """Reviews of one series, one for each rule set, in the order they were asked for."""

    reviews: tuple[MeasureReview, ...]

    @property
    def summary(self) -> pd.DataFrame:
        """A row a rule set, columns SUMMARY.

        `marked`: points that signal; `false_in_12`: of a hundred stable series, how many
        signal within the next twelve periods though nothing changes (NaN: not simulated).
        """
        return pd.DataFrame([_summary(one) for one in self.reviews], columns=list(SUMMARY))

    @property
    def differences(self) -> pd.DataFrame:
        """The periods that not all sets mark: a row a period, a column a set, its rules in it."""
        marks = pd.DataFrame({one.series.rules: _marks(one) for one in self.reviews})
        differs = (marks != "").nunique(axis=1) > 1
        return marks[differs]

    @property
    def words(self) -> tuple[str, ...]:
        """What differs, and which rule makes the difference."""
        marked = [set(_marks(one)[lambda marks: marks != ""].index) for one in self.reviews]
        every, some = set.intersection(*marked), set.union(*marked)
        agreed = f"All mark {wording.plural(len(every), 'point')} alike."
        if every == some:
            return (f"{agreed} They do not differ.", *_verdict_words(self.reviews))
        said = [f"{agreed} They differ on {wording.plural(len(some - every), 'point')}:"]
        said += [
            f"{one.series.rules} marks {len(own - every)} of these: {_why(one, own - every)}"
            for one, own in zip(self.reviews, marked, strict=True)
            if own - every
        ]
        silent = [one.series.rules for one, own in zip(self.reviews, marked, strict=True)
                  if own == every]  # fmt: skip
        return (*said, f"None of these: {', '.join(silent)}.") if silent else tuple(said)


def _verdict_words(reviews: tuple[MeasureReview, ...]) -> tuple[str, ...]:
    """Say how the same points are read, where the verdicts differ."""
    if len({one.verdict.id for one in reviews}) == 1:
        return ()
    return tuple(
        f"{one.series.rules} reads them as {one.verdict.label}: {wording.detail(one)}."
        for one in reviews
    )


def _summary(review: MeasureReview) -> tuple[object, ...]:
    points = review.points
    last = points["segment"] == points["segment"].iloc[-1]
    rates = false_signals(review.series.rules, int((points["in_baseline"] & last).sum()))
    return (
        review.series.rules,
        review.verdict.label,
        int(points["signal"].sum()),
        wording.limits_words(review),
        round(100 * rates.within_12, 1) if rates else float("nan"),
    )


def _marks(review: MeasureReview) -> pd.Series[str]:
    """Give each period the rules that mark it, as words; none: empty."""
    points, rules = review.points, chosen_rules(review.series.rules).columns
    named = [
        ", ".join(rule for rule in rules if row[rule])
        for row in points[list(rules)].to_dict("records")
    ]
    return pd.Series(named, index=pd.Index(points["period"], name="period"), dtype="object")


def _why(review: MeasureReview, periods: set[str]) -> str:
    """Give the patterns that lie on these periods, in words."""
    names = list(review.points["period"])
    said = [
        wording.pattern_words(one, review.period_at(one.first))
        for one in review.patterns
        if periods & set(names[one.first : one.last + 1])
    ]
    return "; ".join(dict.fromkeys(said)) + "."
