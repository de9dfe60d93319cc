"""What the tests of signals share: the reference cases and a plain table."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared"


def shared_file(*parts: str) -> Path:
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(
            f"REFERENCE NOT CHECKED: no {'/'.join(parts)} in the folder beside the checkout"
        )
    return path


@pytest.fixture(scope="session")
def cases() -> list[dict]:
    text = shared_file("reference", "spc-cases", "cases.json").read_text(encoding="utf-8")
    return json.loads(text)


@pytest.fixture(scope="session")
def hospitals() -> pd.DataFrame:
    """Give the share of patients over four hours, a row for each hospital and month."""
    frame = pd.read_csv(shared_file("data", "ae", "ae_ten_trusts.csv"))
    return frame.assign(value=100 * frame["breaches"] / frame["attendances"])


@pytest.fixture
def table():
    """Give a function that makes a one-series table of values."""

    def make(values, segment_at: int | None = None) -> pd.DataFrame:
        frame = pd.DataFrame({"period": range(len(values)), "value": np.array(values, float)})
        if segment_at is not None:
            frame["segment"] = (np.arange(len(values)) >= segment_at).astype(int)
        return frame

    return make
