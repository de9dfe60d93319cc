"""Versions of a definition: the one of its time makes the old pack, a new one new limits."""

import yaml

import kpi_analysis as kpi

CALM = [10, 12, 9, 13] * 6


def two_versions(make):
    make.measure([*CALM, *[30, 32, 29, 33] * 3], version=2, valid_from="2025-01-01", target=40)
    now = make.root / "measures" / "late.yml"
    before = yaml.safe_load(now.read_text()) | {
        "version": 1, "valid_from": "2023-01-01", "target": 14, "name": "Percentage late",
    }  # fmt: skip
    (make.root / "measures" / "v1").mkdir()
    (make.root / "measures" / "v1" / "late.yml").write_text(yaml.safe_dump(before))
    return make


def test_an_old_review_is_made_from_the_version_of_its_time(make):
    two_versions(make)
    then, now = make.one("2024-12"), make.one("2025-12")
    assert (then.name, then.target.value, then.measure.version) == ("Percentage late", 14, 1)
    assert (now.target.value, now.measure.version) == (40, 2)
    assert kpi.open(make.root).findings == ()


def test_a_new_version_starts_new_limits_labelled(make):
    review = two_versions(make).one("2025-12")
    assert review.points["centre"].round(6).unique().tolist() == [11, 31]
    (change,) = review.series.limit_changes.to_dict("records")
    assert change["reason"] == "definition version 2"
    assert review.variation == "none"


def test_a_second_version_from_the_first_value_on_changes_nothing(make):
    make.measure([*CALM, 11], version=2, valid_from="2023-01-01")
    assert make.one().points["segment"].nunique() == 1
    assert make.one().series.limit_changes.empty


def test_an_earlier_version_needs_its_first_day_and_a_later_one(make):
    two_versions(make)
    file = make.root / "measures" / "v1" / "late.yml"
    file.write_text(file.read_text().replace("valid_from: '2023-01-01'\n", ""))
    (file.parent / "gone.yml").write_text(file.read_text().replace("id: late", "id: gone"))
    messages = [str(one) for one in kpi.open(make.root).findings]
    assert messages == [
        "measures/v1/gone.yml: an earlier version has no later version in measures/",
        "measures/v1/late.yml: an earlier version needs valid_from",
    ]
