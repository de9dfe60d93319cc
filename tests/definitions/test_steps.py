from __future__ import annotations

from datetime import date

import pytest

from kpi_analysis.definitions.measures import NEEDS, Measure, Status, read_measure
from kpi_analysis.definitions.steps import next_step, why_no_chart

STEPS = [
    ("result", "Callers get their question answered in the first call", "(evidence)"),
    ("evidence", ["callers who ring again"], "(name)"),
    ("name", "Percentage of callers who ring again, by week", "(better)"),
    ("better", "lower", "(unit)"),
    ("unit", "%", "(frequency)"),
    ("frequency", "week", "(calculation)"),
    ("calculation", {"statistic": "percentage"}, "(data)"),
    ("data", {"lag_days": 3}, "set status: trial"),
    ("status", "trial", "show the chart to one person who does the work"),
    ("designed_with", ["two call handlers", "desk lead"], "(could_cause)"),
    ("could_cause", ["callers told not to ring"], "(guards)"),
    ("guards", [], "(owner)"),
    ("owner", "desk lead", "(response)"),
    ("response", {"who": "desk lead", "within_days": 10}, "(result_id)"),
    ("result_id", "R-calls", "(valid_range)"),
    ("valid_range", [0, 100], "(audience)"),
    ("audience", "leaders", "(review_on)"),
    ("review_on", "2026-01-01", "(valid_from)"),
    ("valid_from", "2025-01-01", "(version)"),
    ("version", 1, "set status: active"),
    ("status", "active", ""),
]


def test_each_step_leads_to_the_next_until_nothing_is_left():
    data = {"id": "a", "status": "draft", "result": "Implement a call system"}
    said = next_step(Measure.model_validate(data))
    assert said.startswith("reword the result, which begins with the action 'implement'")
    for field, value, following in STEPS:
        data[field] = value
        said = next_step(Measure.model_validate(data))
        assert following in said, (field, said)
        assert "\n" not in said
    assert said == ""


def test_the_steps_fill_all_that_a_status_needs():
    filled = {field for field, _, _ in STEPS} | {"id"}
    assert filled >= {field for needed in NEEDS.values() for field in needed}


def test_who_follows_the_steps_ends_with_a_file_that_loads(tmp_path):
    lines = ["id: a\n"] + [f"{field}: {value}\n" for field, value, _ in STEPS if field != "status"]
    path = tmp_path / "a.yml"
    text = "".join(lines).replace("unit: %", 'unit: "%"') + "status: active\n"
    path.write_text(text, encoding="utf-8")
    assert read_measure(path, "a.yml").status is Status.ACTIVE


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"evidence": []}, "(evidence)"),
        ({"status": "retired"}, ""),
        ({"result": "Passengers have a reliable train", "silence": {"R02": "ours"}}, "(evidence)"),
        ({"result": "Deliver excellence", "silence": {"R01": "ours"}}, "'excellence' means"),
    ],
)
def test_an_empty_list_is_not_done_and_a_retired_measure_is(changed, said):
    data = {"id": "a", "status": "draft", "result": "Parcels arrive whole", **changed}
    step = next_step(Measure.model_validate(data))
    assert (said in step) == bool(step or not said)


FULL = {"id": "a", **{field: value for field, value, _ in STEPS}}


def test_a_measure_in_use_without_values_has_no_chart_to_show():
    trial = Measure.model_validate({**FULL, "status": "trial"})
    assert next_step(trial, has_values=False).startswith("write down its first values")
    assert next_step(trial).startswith("set status: active")


def test_an_empty_group_is_not_done():
    trial = Measure.model_validate({**FULL, "status": "trial", "calculation": {}})
    assert "(calculation)" in next_step(trial)
    assert "(response)" in next_step(Measure.model_validate({**FULL, "response": {}}))


@pytest.mark.parametrize(
    ("on", "said"), [("2026-01-01", ""), ("2026-01-02", "that was to be on 2026-01-01 (review_on)")]
)
def test_an_active_measure_is_looked_at_again_when_its_day_has_come(on, said):
    step = next_step(Measure.model_validate(FULL), on=date.fromisoformat(on))
    assert said in step
    assert bool(step) == bool(said)


def test_why_there_is_no_chart(tmp_path):
    def written(name, status="draft"):
        path = tmp_path / f"{name}.yml"
        path.write_text(f"id: {name}\nstatus: {status}\nresult: Calls are answered\n")
        return read_measure(path, f"measures/{name}.yml")

    assert why_no_chart([]) == "no measure is defined yet: write measures/<id>.yml"
    assert why_no_chart([written("a")]).startswith("a is a draft: set status: trial to see a chart")
    assert why_no_chart([written("a"), written("b")]).startswith("all 2 measures are drafts: set")
    assert why_no_chart([written("a"), written("b", status="retired")]).startswith("no values for")
