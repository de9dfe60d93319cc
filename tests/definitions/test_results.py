from __future__ import annotations

import pytest

from kpi_analysis.definitions.measures import Measure
from kpi_analysis.definitions.results import check_links, read_results
from kpi_analysis.errors import DefinitionError, Level

GOOD = """\
results:
  - {id: R-access, level: organisation, result: Residents are seen when they need it}
  - {id: R-ed, level: division, result: Emergencies are seen first, parent: R-access}
  - {id: R-flow, level: team, result: Patients leave within four hours, parent: R-ed,
     measures: [ed-4h], drivers: [ed-staff]}
"""


def read(folder, text):
    path = folder / "results.yml"
    path.write_text(text, encoding="utf-8")
    return read_results(path, "results.yml")


def faults(folder, text):
    with pytest.raises(DefinitionError) as caught:
        read(folder, text)
    return [str(fault) for fault in caught.value.findings]


def measure(name, **fields):
    return Measure.model_validate(
        {"id": name, "status": "active", "result": "Patients are seen", **fields}
    )


BOTH = {name: measure(name) for name in ("ed-4h", "ed-staff")}


def test_a_map_is_walked_up_and_down(tmp_path):
    on_map = read(tmp_path, GOOD)
    assert [one.id for one in on_map.path("R-flow")] == ["R-flow", "R-ed", "R-access"]
    assert [one.id for one in on_map.children("R-access")] == ["R-ed"]
    assert on_map.path("R-none") == ()
    assert [one.id for one in on_map.results_of(BOTH["ed-staff"])] == ["R-flow"]
    assert [one.id for one in on_map.results_of(measure("x", result_id="R-ed"))] == ["R-ed"]
    assert check_links(BOTH, on_map) == ()
    assert read(tmp_path, "").results == {}


@pytest.mark.parametrize(
    ("good", "wrong", "said"),
    [
        (
            "id: R-ed,",
            "id: R-access,",
            "results.yml:3:10: result 'R-access' is there twice, first in line 2",
        ),
        (
            "parent: R-ed,",
            "parent: R-edd,",
            "parent 'R-edd' of 'R-flow' is no result: did you mean 'R-ed'?",
        ),
        (
            "seen when they need it}",
            "seen, parent: R-flow}",
            "results go round in a loop: R-access -> R-flow -> R-ed -> R-access",
        ),
        ("level: division", "level: divison", "did you mean 'division'?"),
        ("parent: R-access}", "parnt: R-access}", "unknown field 'parnt': did you mean 'parent'?"),
        (
            "level: team, result: Patients",
            "result: Patients",
            "results.yml:4:5: results, item 3 needs level",
        ),
        (
            "level: organisation",
            "level: team",
            "of level division has the parent 'R-access' of level team: a parent",
        ),
        ("results:", "result:", "unknown field 'result': did you mean 'results'?"),
    ],
)
def test_a_fault_of_the_map_is_one_line(tmp_path, good, wrong, said):
    found = faults(tmp_path, GOOD.replace(good, wrong))
    assert [said in fault for fault in found] == [True], found


def test_a_result_that_is_its_own_parent_is_a_loop(tmp_path):
    text = GOOD.replace("parent: R-access", "parent: R-ed")
    assert "loop: R-ed -> R-ed: take" in "".join(faults(tmp_path, text))


def test_unknown_names_are_errors_with_the_nearest(tmp_path):
    on_map = read(tmp_path, GOOD.replace("[ed-staff]", "[ed-staf]"))
    measures = {
        **BOTH,
        "x": measure("x", result_id="R-flwo", guards=["ed-4hh", "gone"]),
    }
    found = check_links(measures, on_map)
    assert [(one.level, one.field, one.better) for one in found] == [
        (Level.ERROR, "guards", "ed-4h"),
        (Level.ERROR, "guards", None),
        (Level.ERROR, "results.2.drivers.0", "ed-staff"),
        (Level.ERROR, "result_id", "R-flow"),
        (Level.WARNING, "result_id", "name one in result_id"),
    ]
    assert found[0].message == "guard 'ed-4hh' is not in measures/: did you mean 'ed-4h'?"
    assert found[2].line == 5
    assert found[3].message == "result 'R-flwo' is not in results.yml: did you mean 'R-flow'?"
    assert found[4].measure == "ed-staff"  # the map's misspelling leaves it unlinked
    assert (
        check_links({"ed-4h": BOTH["ed-4h"]}, read(tmp_path, GOOD), frozenset({"ed-staff"})) == ()
    )


def test_orphans_on_either_side_are_warnings(tmp_path):
    text = GOOD + (
        "  - {id: R-lost, level: team, result: Beds are free, measures: [beds]}\n"
        "  - {id: R-bare, level: team, result: Beds are clean, parent: R-ed}\n"
    )
    measures = {**BOTH, "beds": measure("beds"), "alone": measure("alone")}
    found = check_links(measures, read(tmp_path, text))
    assert {(one.rule, one.level) for one in found} == {("G03", Level.WARNING)}
    assert [one.message for one in found] == [
        "result 'R-lost' is not linked up to a result of the organisation",
        "result 'R-bare' has no measure and no result below it",
        "is linked to no result of the organisation: which of them would it show?",
    ]
    assert [one.measure for one in found] == [None, None, "alone"]


def test_a_result_whose_only_measure_is_retired_is_bare_again(tmp_path):
    line = "  - {id: R-old, level: team, result: Beds are free, parent: R-ed, measures: [beds]}\n"
    on_map = read(tmp_path, GOOD + line)
    used = {**BOTH, "beds": measure("beds")}
    assert on_map.unmeasured(used.values()) == ()
    retired = {**BOTH, "beds": measure("beds", status="retired")}
    assert [one.id for one in on_map.unmeasured(retired.values())] == ["R-old"]
    assert on_map.unmeasured(BOTH.values()) == ()  # named, and its definition cannot be read


def test_without_a_map_only_active_measures_are_asked_and_a_reason_silences():
    measures = {
        "a": measure("a", silence={"G03": "we are one team"}),
        "b": measure("b", status="draft"),
        "c": measure("c", result_id="R-x"),
    }
    found = check_links(measures, None)
    assert [(one.measure, one.silenced) for one in found] == [("a", "we are one team"), ("c", None)]
