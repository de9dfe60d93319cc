"""The shipped JSON Schemas are made from the models, and agree with the readers."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

import kpi_analysis.definitions
from kpi_analysis.definitions.schema import schemas
from kpi_analysis.definitions.yaml_file import read_yaml

CHECKOUT = Path(__file__).resolve().parents[2]
HOME = Path(kpi_analysis.definitions.__file__).parent
EXAMPLE = CHECKOUT.parent / "shared" / "reference" / "measure_example.yml"


def validator(name):
    schema = json.loads((HOME / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_shipped_schemas_are_those_of_the_models():
    shipped = {path.name: path.read_text(encoding="utf-8") for path in HOME.glob("*.schema.json")}
    assert shipped == schemas(), "run: python -m kpi_analysis.definitions.schema"


@pytest.mark.parametrize("folder", ["data/demo", "kpi_analysis/records/starter/empty"])
def test_the_files_that_kpi_init_writes_fit_their_schema(folder):
    for name, pattern in (
        ("measure", "measures/*.yml"),
        ("kpi", "kpi.yml"),
        ("results", "results.yml"),
    ):
        for path in (CHECKOUT / folder).glob(pattern):
            text = path.read_text(encoding="utf-8")
            assert f"schema/{name}.schema.json" in text.splitlines()[0]
            found = validator(name).iter_errors(read_yaml(path, path.name).data or {})
            assert [error.message for error in found] == [], path.name


def test_the_example_of_the_design_fits():
    if not EXAMPLE.exists():
        pytest.skip("SKIPPED LOUDLY: ../shared is not beside the checkout")
    assert list(validator("measure").iter_errors(read_yaml(EXAMPLE, "ed-4h.yml").data)) == []


DRAFT = {"id": "a", "status": "draft", "result": "Parcels arrive whole"}


@pytest.mark.parametrize(
    "changed",
    [
        {"owner": None, "response": None, "target": None},
        {"target": 5},
        {"target": [{"value": 5}, {"value": 4, "from": "2025-01"}]},
        {"calculation": "see sheet"},
        {"season": "calendar month"},
        {"evidence": "one thing"},
        {"response": {"who": "lead", "within_days": 3, "first_step": "find out", "tell": None}},
        {"target": {"value": 1, "reward_link": "no"}},
    ],
)
def test_short_and_empty_forms_fit(changed):
    assert list(validator("measure").iter_errors({**DRAFT, **changed})) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"nmae": "x"},
        {"status": "activ"},
        {"status": "trial"},
        {"status": "active"},
        {"target": {"valu": 5}},
        {"review_on": "1.4.2025"},
        {"better": "down"},
        {"chart": {"rules": "wheler"}},
        {"response": {"signal_of_concern": {"whom": "lead"}}},
    ],
)
def test_what_the_reader_refuses_the_schema_refuses(changed):
    assert list(validator("measure").iter_errors({**DRAFT, **changed}))
