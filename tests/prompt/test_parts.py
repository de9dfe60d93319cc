"""A measure split by a column of its raw records, and laid beside the same one of other teams."""

import numpy as np
import pandas as pd
import pytest

import kpi_analysis as kpi

MEASURE = """
id: late
status: trial
name: Percentage of parcels late, by month
result: Parcels arrive when they were promised
evidence: [callers who ask where it is]
unit: "%"
better: lower
frequency: month
calculation: {statistic: percentage, numerator: late parcels, denominator: parcels}
data: {records: RECORDS, columns: {team: depot, period: day, numerator: late}SPLIT}
"""


@pytest.fixture(scope="module")
def cases():
    chance = np.random.default_rng(7)
    day = pd.Timestamp("2023-01-01") + pd.to_timedelta(chance.integers(0, 365, 4_000), unit="D")
    return pd.DataFrame({
        "depot": chance.choice(["A", "B", "O'Hara's"], 4_000),
        "day": day.strftime("%Y-%m-%d"),
        "shift": chance.choice(["early", "late", "night"], 4_000),
        "late": chance.choice(["yes", "no"], 4_000, p=[0.2, 0.8]),
    })  # fmt: skip


@pytest.fixture
def opened(tmp_path, cases):
    def make(records="deliveries", split=""):
        for folder in ("measures", "cases"):
            (tmp_path / folder).mkdir()
        (tmp_path / "kpi.yml").write_text(
            "teams: {A: {}, B: {}, \"O'Hara's\": {}}\n", encoding="utf-8"
        )
        text = MEASURE.replace("RECORDS", records).replace("SPLIT", split)
        (tmp_path / "measures" / "late.yml").write_text(text)
        cases.to_csv(tmp_path / "cases" / "deliveries.csv", index=False)
        return kpi.open(tmp_path)

    return make


@pytest.mark.parametrize("team", ["A", "O'Hara's"])
@pytest.mark.parametrize("records", ["deliveries", "SELECT * FROM deliveries WHERE depot <> 'Z'"])
def test_each_part_is_what_pandas_gives_by_hand(opened, cases, team, records):
    view = opened(records)[team, "late"]
    drawing = view.split("shift")
    own = cases[cases["depot"] == team]
    for said, (shift, rows) in zip(drawing.sentences[1:], own.groupby("shift"), strict=True):
        assert said.startswith(f"{shift}: ")
        december = rows[rows["day"].str.startswith("2023-12")]
        shown = f"December 2023: {100 * (december['late'] == 'yes').mean():.1f} %"
        assert shown in drawing.scenes[0].alt + drawing.scenes[-1].alt
    assert drawing.title.endswith(", by shift")


def test_so_many_charts_are_told_with_what_they_cost(opened):
    drawing = opened()["A", "late"].split("shift")
    one = kpi.false_signals("wheeler", 12)
    assert drawing.sentences[0].startswith(
        f"3 charts: were all of them stable, expect {3 * one.per_period:.2f} false signals a month"
    )


def test_a_definition_names_the_column_to_split_by(opened):
    view = opened(split=", split: shift")["B", "late"]
    assert view.split().title.endswith(", by shift")
    assert view.split("depot").sentences[1].startswith("B: ")


def test_without_one_the_parts_are_the_teams(opened):
    said = opened()["A", "late"].split().sentences
    assert [one.split(":")[0] for one in said[1:]] == ["A", "B", "O'Hara's"]


def test_a_wrong_column_is_answered_with_the_right_one(opened):
    view = opened()["A", "late"]
    with pytest.raises(kpi.KpiError, match="have no column 'shfit': did you mean 'shift'"):
        view.split("shfit")


def test_a_measure_without_raw_records_says_what_can_be_split():
    view = kpi.open("data/demo")["elm-ward", "sickness"]
    with pytest.raises(kpi.KpiError, match=r"keeps no raw records to split: .*kpi\.split\(frame"):
        view.split("shift")


def test_fewer_than_five_teams_make_no_funnel():
    ws = kpi.open("data/demo")
    said = ws["elm-ward", "sickness"].funnel().sentences
    assert said[0] == "No funnel: 3 teams with counts, and it takes at least 5."
    alone = ws["elm-ward", "ward-falls"].funnel()
    assert alone.sentences[0].startswith("No other team counts this measure")
    assert not alone.scenes


def test_six_teams_make_the_funnel_of_their_counts(tmp_path):
    (tmp_path / "measures").mkdir()
    (tmp_path / "values").mkdir()
    late = {team: 20 + 2 * n for n, team in enumerate("ABCDE")} | {"F": 120}
    rows = [
        f"{team},late,2024-{month:02},{number},200"
        for team, number in late.items()
        for month in range(1, 13)
    ]
    head = "team,measure,period,numerator,denominator"
    (tmp_path / "values" / "v.csv").write_text("\n".join([head, *rows]) + "\n")
    (tmp_path / "kpi.yml").write_text("teams: {A: {}, B: {}, C: {}, D: {}, E: {}, F: {}}\n")
    data = MEASURE[MEASURE.index("data:") :]
    (tmp_path / "measures" / "late.yml").write_text(MEASURE.replace(data, "data: {lag_days: 5}\n"))
    opened = kpi.open(tmp_path)
    assert not opened.findings
    drawing = opened["C", "late"].funnel()
    frame = pd.DataFrame([(team, 12 * n, 2_400) for team, n in late.items()],
                         columns=["team", "numerator", "denominator"])  # fmt: skip
    assert drawing.sentences[: len(kpi.funnel(frame).sentences)] == kpi.funnel(frame).sentences
    assert "6 teams, January 2024 to December 2024" in drawing.sentences[-1]
    assert "<svg" in drawing._repr_html_()
