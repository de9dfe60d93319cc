"""The groups of fields inside a measure's definition, and the words each may use."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from kpi_analysis.definitions.fields import (
    Day,
    Flag,
    Number,
    Part,
    Rules,
    Scalar,
    Text,
    Texts,
    checked,
    one_of,
    whole,
    word_of,
)
from kpi_analysis.definitions.nearest import did_you_mean, nearest


class Status(StrEnum):
    """How far a measure is: an idea, a trial chart, in the packs, no longer used."""

    DRAFT = "draft"
    TRIAL = "trial"
    ACTIVE = "active"
    RETIRED = "retired"


class Better(StrEnum):
    """The direction of improvement."""

    HIGHER = "higher"
    LOWER = "lower"
    NEUTRAL = "neutral"


class Statistic(StrEnum):
    """How a period's value comes from its cases."""

    COUNT = "count"
    SUM = "sum"
    PERCENTAGE = "percentage"
    RATE = "rate"
    MEAN = "mean"
    MEDIAN = "median"
    PERCENTILE = "percentile"
    RATIO = "ratio"
    DAYS_BETWEEN = "days-between"


class Audience(StrEnum):
    """Who may see the measure; one that is the team's alone never leaves the team's pack."""

    TEAM = "team"
    LEADERS = "leaders"
    PUBLIC = "public"


class MapLevel(StrEnum):
    """The level of the organisation that a measure or a result belongs to."""

    ORGANISATION = "organisation"
    DIVISION = "division"
    TEAM = "team"


class Origin(StrEnum):
    """Who asked for the measure."""

    TEAM = "team"
    LEADER = "leader"
    REGULATOR = "regulator"
    INHERITED = "inherited"


class AppliesTo(StrEnum):
    """What a target asks for: every single value, or the average of the process."""

    EACH_VALUE = "each value"
    AVERAGE = "average"


class SeasonKind(StrEnum):
    """What repeats."""

    CALENDAR_MONTH = "calendar month"
    CALENDAR_QUARTER = "calendar quarter"
    DAY_OF_WEEK = "day of week"


class Calculation(Part):
    """How a value is worked out; a bare text counts as the formula."""

    short: ClassVar[str] = "formula"
    statistic: Annotated[Statistic, one_of(Statistic)] | None = None
    numerator: Text = ""
    denominator: Text = ""
    include: Texts = ()
    exclude: Texts = ()
    cohort_date: Text = ""
    formula: Text = ""
    per: Number | None = Field(default=None, gt=0)  # a rate is per so many, such as 1000
    percentile: Number | None = Field(default=None, gt=0, lt=100)


class Columns(Part):
    """The names that a table of its own gives to the columns we know."""

    team: Text | None = None
    measure: Text | None = None
    period: Text | None = None
    value: Text | None = None
    numerator: Text | None = None
    denominator: Text | None = None
    start: Text | None = None
    end: Text | None = None


def _encoding(text: str) -> str:
    try:
        return codecs.lookup(text).name
    except LookupError:
        known = ("utf-8", "utf-16", "windows-1252", "iso-8859-1", "iso-8859-15", "mac-roman")
        better = did_you_mean(nearest(text, known))
        raise ValueError(f"'{text}' is not a known encoding{better}") from None


class Data(Part):
    """Where the numbers come from; without file, query or records, the values of kpi.yml."""

    places: ClassVar[tuple[str, ...]] = ("file", "query", "records")

    file: Text | None = None
    columns: Columns = Columns()
    source: Text | None = None
    query: Text | None = Field(default=None, max_length=20_000)
    params: Mapping[str, Scalar] = Field(default_factory=dict)
    records: Text | None = None
    split: Text | None = None
    sheet: Text | None = None
    encoding: Annotated[str, checked(_encoding)] | None = None
    decimal: Annotated[str, word_of((".", ","))] | None = None
    collected_by: Text = ""
    lag_days: Annotated[int, whole(0)] | None = None
    restatement_tolerance: Number | None = Field(default=None, ge=0)
    known_limits: Texts = ()
    minutes_per_period: Number | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        named = [name for name in self.places if getattr(self, name)]
        if len(named) > 1:
            raise ValueError(f"names {' and '.join(named)}: numbers come from one place, keep one")
        if self.source and not (self.query or self.records):
            raise ValueError("names a source, but neither a query nor records to read from it")
        return self


class Season(Part):
    """A pattern that repeats, and over how many cycles it was seen."""

    short: ClassVar[str] = "kind"
    kind: Annotated[SeasonKind, one_of(SeasonKind)]
    cycles: Annotated[int, whole(1)] | None = None


class Baseline(Part):
    """Which points set the limits: the first `points`, from the date `start` on."""

    short: ClassVar[str] = "points"
    start: Day | None = Field(default=None, alias="from")
    points: Annotated[int, whole(6)] | None = None


class LimitChange(Part):
    """New limits from a date on, as a person decided; kept in limit_changes.csv by preference."""

    start: Day = Field(alias="from")
    reason: Text
    known: Flag | None = None
    expected_to_last: Flag | None = None
    by: Text = ""
    on: Day | None = None


class Chart(Part):
    """How the chart is read, where it differs from kpi.yml."""

    rules: Rules | None = None
    baseline: Baseline | None = None
    changes: tuple[LimitChange, ...] = ()


class Target(Part):
    """One target, valid from a date on; a bare number is its value."""

    short: ClassVar[str] = "value"
    value: Number
    applies_to: Annotated[AppliesTo, one_of(AppliesTo)] | None = None
    source: Text = ""
    start: Day | None = Field(default=None, alias="from")
    reward_link: Flag | None = None
    label: Text = ""


class Duty(Part):
    """Who does what first, and within how many days."""

    who: Text = ""
    within_days: Annotated[int, whole(0)] | None = None
    first_step: Text = ""


_CASES = ("signal_of_concern", "predictably_missing", "improvement")


class Response(Part):
    """What happens when the chart speaks; one duty alone serves all three cases."""

    signal_of_concern: Duty | None = None
    predictably_missing: Duty | None = None
    improvement: Duty | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_for_all(cls, data: object) -> object:
        flat = isinstance(data, dict) and data and data.keys() <= Duty.model_fields.keys()
        return dict.fromkeys(_CASES, data) if flat else data
