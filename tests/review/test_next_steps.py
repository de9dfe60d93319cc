"""kpi next over odd workspaces: faults first, no values, nothing defined, nothing left."""

import kpi_analysis as kpi
from kpi_analysis.review.next_steps import next_steps

DRAFT = "id: {}\nstatus: draft\nresult: Parcels arrive whole\n"


def steps(make, **files):
    for name, text in files.items():
        (make.root / "measures" / f"{name}.yml").write_text(text)
    return next_steps(kpi.open(make.root))


def test_a_definition_that_cannot_be_read_is_to_be_mended_first(make):
    found = steps(make, torn="id: torn\nstatus: drfat\n", whole=DRAFT.format("whole"))
    assert list(found) == ["torn", "whole"]
    assert found["torn"].startswith("mend its definition: measures/torn.yml:")
    assert "(evidence)" in found["whole"]


def test_a_trial_without_values_is_to_get_some_and_one_with_values_to_be_shown(make):
    make.measure([None, None], id="bare").measure([1, 2, 3], id="full")
    found = steps(make)
    assert found["bare"].startswith("write down its first values")
    assert found["full"].startswith("show the chart to one person")


def test_an_empty_workspace_and_values_without_definitions_have_no_step(make):
    assert steps(make) == {}
    (make.root / "values" / "v.csv").write_text("team,measure,period,value\na,m,2024-01,1\n")
    assert steps(make) == {}
