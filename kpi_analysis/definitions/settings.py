"""kpi.yml: the workspace's name, its teams, where values come from, and the defaults."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from kpi_analysis.definitions.faults import validated
from kpi_analysis.definitions.fields import (
    RULE_SETS,
    Flag,
    Number,
    Part,
    Rules,
    Text,
    Texts,
    checked,
    matching,
    one_of,
    whole,
)
from kpi_analysis.definitions.yaml_file import read_yaml
from kpi_analysis.errors import DefinitionError
from kpi_analysis.periods import Frequency

__all__ = ["RULE_SETS", "Limits", "Settings", "Source", "Team", "read_settings"]

_PASSWORD = re.compile(r"://[^/@\s]*:[^/@\s]*@")


class Team(Part):
    """A team; a bare text is its name. The leader is named by role."""

    short: ClassVar[str] = "name"
    name: Text = ""
    division: Text = ""
    leader: Text = ""


def _without_password(text: str) -> str:
    if _PASSWORD.search(text):  # the message must not repeat what it found
        raise ValueError("holds a password: keep it in an environment variable, write env:NAME")
    return text


class Source(Part):
    """A database (`url`, or env:NAME for one) or a lake (`spark`); neither: the folder's files."""

    url: Annotated[str, checked(_without_password)] | None = None
    spark: Text | None = None

    @model_validator(mode="after")
    def _one_engine(self) -> Self:
        if self.url and self.spark:
            raise ValueError("names url and spark: a source has one engine, keep one")
        return self


class Limits(Part):
    """How long one query may run, and how much memory it may use."""

    seconds: Number = Field(default=15, gt=0)
    memory: Annotated[str, matching(r"\d+(\.\d+)? ?[KMGT]B", "an amount of memory such as 2GB")] = (
        "2GB"
    )


class Settings(Part):
    """What kpi.yml says; every field has a default, so that an empty file is valid."""

    name: Text = ""
    frequency: Annotated[Frequency, one_of(Frequency)] = Frequency.MONTH
    teams: Mapping[str, Team] = Field(default_factory=dict)
    values: Texts = ("values/*.csv",)
    rules: Rules = "wheeler"
    baseline: Annotated[int, whole(6)] = 24
    board_limit: Annotated[int, whole(1)] = 7
    discloses_from: Annotated[int, whole(0)] = 10
    sources: Mapping[str, Source] = Field(default_factory=dict)
    limits: Limits = Limits()
    ledger: Flag = False  # packs add what they say to published.csv


def read_settings(path: Path, shown_as: str) -> Settings:
    """Read kpi.yml; messages name the file as `shown_as`.

    Raises DefinitionError with every fault of the file, each in plain words with its place.
    """
    settings, faults = validated(Settings, read_yaml(path, shown_as))
    if settings is None:
        raise DefinitionError(sorted(faults, key=lambda fault: (fault.line or 0, fault.message)))
    return settings
