"""The foot of the leaders' index: whether the system itself is running."""

from pathlib import Path

import pytest

import kpi_analysis as kpi
from kpi_analysis.packs.index import Issue, entries, index_page, walk_page
from kpi_analysis.packs.shared import review_month
from kpi_analysis.records.starter.write import write_demo

AT = kpi.Period.parse("2025-03")


@pytest.fixture
def demo(tmp_path):
    write_demo(tmp_path / "demo")
    return tmp_path / "demo"


def issue(root: Path) -> Issue:
    month = review_month(root, AT, None)
    names = {team: team for team in month.reviews}
    return Issue.of(month, (entry for entry, _ in entries(month, names)), "")


def index(root: Path) -> str:
    return index_page(issue(root), {})


def test_a_month_without_a_pack_is_told_and_the_run_in_hand_is_not_one(demo):
    ledger = demo / "published.csv"
    ledger.write_text(ledger.read_text().replace("2025-02,repairs", "2024-12,repairs"))
    page = index(demo)
    assert "No pack in Jan 2025, Feb 2025." in page
    assert "Packs never reviewed: 0 of 1." in page  # repairs met on 16 January: reviews.csv
    assert '<th scope="row">Mar 2025</th><td data-head="Packs made">this run</td>' in page


def test_without_logs_the_index_says_so_and_counts_nothing(demo):
    for name in ("published", "reviews", "actions"):
        (demo / f"{name}.csv").unlink()
    page = index(demo)
    assert "Which packs were made is not recorded" in page
    assert "kpi-ledger" not in page.split("<body")[-1]


def test_a_walk_sheet_tells_of_the_trade_and_asks_each_stage_once(demo):
    page = walk_page(issue(demo))
    sheets = {one.partition('"')[0]: one for one in page.split('<section class="kpi-walk" id="')}
    assert "Check the trade: this improves while a guard gets worse" in sheets["elm-ward"]
    assert "Check the trade" not in sheets["repairs"]  # its two open actions are both planned
    assert sheets["repairs"].count("What have we seen of the problem in the work itself?") == 1
    assert sheets["bins"].count("What does the chart show since the start") == 1


def test_what_only_a_leader_can_decide_stands_in_the_order_of_waiting(demo):
    log = demo / "actions.csv"
    head = log.read_text().splitlines()[0].split(",")
    for team, day in (("repairs", "2025-03-20"), ("bins", "2025-03-01")):
        own = review_month(demo, AT, None).reviews[team].for_leaders[0].measure.id
        row = {"team": team, "measure": own, "opened": day, "escalated_on": day,
               "countermeasure": f"Van for {team}", "escalated_to": "director"}  # fmt: skip
        log.write_text(log.read_text() + ",".join(row.get(name, "") for name in head) + "\n")
    waiting = index(demo).partition("Decisions only leaders can take")[2]
    first, second = (waiting.index(f"Van for {team} (asked: director, {days} days ago)")
                     for team, days in (("bins", 30), ("repairs", 11)))  # fmt: skip
    assert first < second
