"""kpi.lint: the same findings as kpi check, and the word rules on a wording alone."""

import pytest

import kpi_analysis as kpi


def test_a_workspace_open_or_by_its_folder_gives_what_kpi_check_lists(make):
    make.measure([10, 12, 9, 13], name="Overall efficiency", silence={"M02": "a nickname"})
    found = kpi.lint(make.root)
    assert found == kpi.lint(kpi.open(make.root))
    assert {"M03", "M02", "D02"} <= {one.rule for one in found}
    lines = repr(found).splitlines()
    assert len(lines) == len(found)
    assert [line for line in lines if line.endswith("(silenced: a nickname)")]
    (weasel,) = (line for line in lines if "[M03]" in line)
    assert weasel.startswith("warning: measures/late.yml:")
    assert weasel.endswith("Better: Which effect, on whom?")


def test_a_wording_is_asked_the_word_rules_of_its_kind_only():
    assert [one.rule for one in kpi.lint("Deliver excellence", about="result")] == [
        "R01", "R02", "R05",
    ]  # fmt: skip
    assert repr(kpi.lint("Days between falls", about="name")) == "no rule finds fault with it"
    with pytest.raises(kpi.KpiError, match="use result or name: did you mean 'result'"):
        kpi.lint("x", about="results")
