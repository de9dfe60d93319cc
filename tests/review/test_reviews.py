"""Reviews that are made when asked for: who asks whether a team is there has none made."""

from pathlib import Path

import pytest

import kpi_analysis as kpi
from kpi_analysis.review import reviews as module
from kpi_analysis.review.reviews import Reviews

DEMO = Path(__file__).resolve().parents[2] / "data" / "demo"
AT = kpi.Period.parse("2025-03")


@pytest.fixture(scope="module")
def workspace():
    return kpi.open(DEMO)


def test_asking_who_is_there_reviews_nobody(workspace, monkeypatch):
    monkeypatch.delattr(module, "review_with")
    found = Reviews(workspace, AT)
    assert "bins" in found
    assert "nobody" not in found
    assert found.keys() >= {"bins", "repairs"}
    assert list(found) == list(workspace.teams)
    assert len(found) == len(workspace.teams)
    with pytest.raises(NameError):
        found["bins"]


@pytest.mark.parametrize("together", [1, 3, 64])
def test_reviews_made_in_turn_are_those_made_at_once(workspace, monkeypatch, together):
    monkeypatch.setattr(module, "TOGETHER", together)
    at_once = kpi.review_teams(workspace, AT)
    found = Reviews(workspace, AT)
    for team, review in found.items():
        assert repr(review) == repr(at_once[team]) == repr(found[team])
    assert [one.id for one in found.values()] == list(at_once)
