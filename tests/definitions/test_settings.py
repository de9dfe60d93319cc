from __future__ import annotations

import pytest

from kpi_analysis.definitions.settings import RULE_SETS, Settings, read_settings
from kpi_analysis.errors import DefinitionError
from kpi_analysis.periods import Frequency
from kpi_analysis.signals import rules

GOOD = """\
name: Emergency departments, ten trusts
frequency: month                 # day | week | month | quarter
teams:
  RC9: {name: Trust RC9, division: South, leader: Chief operating officer}
  007: Night shift
  no:
values: values/*.csv
rules: mdc
baseline: 12
board_limit: 5
discloses_from: 0
sources:
  files: {}
  warehouse: {url: "env:KPI_WAREHOUSE_URL"}
  lake: {spark: "local[2]"}
limits: {seconds: 30, memory: 4GB}
"""


def read(folder, text):
    path = folder / "kpi.yml"
    path.write_text(text, encoding="utf-8")
    return read_settings(path, "kpi.yml")


def faults(folder, text):
    with pytest.raises(DefinitionError) as caught:
        read(folder, text)
    return [str(fault) for fault in caught.value.findings]


def test_all_settings_are_read(tmp_path):
    settings = read(tmp_path, GOOD)
    assert settings.frequency is Frequency.MONTH
    assert list(settings.teams) == ["RC9", "007", "no"]
    assert settings.teams["RC9"].division == "South"
    assert settings.teams["007"].name == "Night shift"
    assert settings.teams["no"].name == ""
    assert settings.values == ("values/*.csv",)
    assert (settings.rules, settings.baseline, settings.board_limit) == ("mdc", 12, 5)
    assert settings.discloses_from == 0
    assert settings.sources["warehouse"].url == "env:KPI_WAREHOUSE_URL"
    assert settings.sources["lake"].spark == "local[2]"
    assert (settings.limits.seconds, settings.limits.memory) == (30, "4GB")


@pytest.mark.parametrize(
    "text", ["", "# solo\n", "name:\nteams:\nlimits: {}\nsources: {files: }\n"]
)
def test_an_empty_kpi_yml_means_the_defaults(tmp_path, text):
    settings = read(tmp_path, text)
    assert settings.model_copy(update={"sources": {}}) == Settings()
    assert (settings.rules, settings.baseline, settings.board_limit) == ("wheeler", 24, 7)
    assert (settings.discloses_from, settings.values) == (10, ("values/*.csv",))
    assert (settings.limits.seconds, settings.limits.memory) == (15, "2GB")


@pytest.mark.parametrize(
    ("good", "wrong", "said"),
    [
        (
            "baseline: 12",
            "basline: 12",
            "kpi.yml:9:1: unknown field 'basline': did you mean 'baseline'?",
        ),
        (
            "baseline: 12",
            "baseline: 5",
            "kpi.yml:9:11: baseline needs a whole number of at least 6, found the number 5",
        ),
        (
            "rules: mdc",
            "rules: wheler",
            "kpi.yml:8:8: rules 'wheler' is not one of wheeler, mdc, plotthedots, pump, ",
        ),
        (
            "frequency: month ",
            "frequency: monthly ",
            "kpi.yml:2:12: frequency 'monthly' is not one of day, week, month, q",
        ),
        (
            "leader: Chief",
            "leder: Chief",
            "kpi.yml:4:43: unknown field 'leder': did you mean 'leader'?",
        ),
        (
            "teams:\n",
            "teams: [A, B]\nother:\n",
            "kpi.yml:3:8: teams needs fields of its own below it, found a list",
        ),
        (
            "env:KPI_WAREHOUSE_URL",
            "postgresql://me:secret@host/db",
            "kpi.yml:14:20: sources.warehouse.url holds a password: keep it in an",
        ),
        (
            'local[2]"',
            "local[2]\", url: 'env:X'",
            "kpi.yml:15:9: sources.lake names url and spark: a source has one engine, keep one",
        ),
        (
            "4GB",
            "lots",
            "kpi.yml:16:31: limits.memory needs an amount of memory such as 2GB, found 'lots'",
        ),
        (
            "seconds: 30",
            "seconds: 0",
            "kpi.yml:16:19: limits.seconds must be more than 0, found the number 0",
        ),
        (
            "values: values/*.csv",
            "values: [values/*.csv, true]",
            "kpi.yml:7:24: values, item 2 needs text, found true: put it in quotes",
        ),
    ],
)
def test_a_wrong_setting_is_one_line_with_its_place(tmp_path, good, wrong, said):
    found = faults(tmp_path, GOOD.replace(good, wrong))
    assert [fault for fault in found if fault.startswith(said)], found


def test_a_password_is_never_repeated(tmp_path):
    said = faults(tmp_path, GOOD.replace("env:KPI_WAREHOUSE_URL", "x://me:secret@host/db"))
    assert "secret" not in "".join(said)


def test_a_folder_without_kpi_yml_is_said_in_one_line(tmp_path):
    with pytest.raises(DefinitionError) as caught:
        read_settings(tmp_path / "kpi.yml", "kpi.yml")
    assert str(caught.value) == "kpi.yml: cannot be read: no such file or directory"


def test_the_names_of_the_rule_sets_are_those_of_the_signals():
    assert tuple(rules.RULE_SETS) == RULE_SETS
