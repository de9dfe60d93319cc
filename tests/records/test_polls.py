"""The published polls as they were published, and polls.csv: counts in, one line a fault out."""

import pytest

import kpi_analysis as kpi
from kpi_analysis.errors import SourceError
from kpi_analysis.records.polls import (
    POLLS,
    Ballot,
    ballot_findings,
    published_polls,
    read_ballots,
)
from kpi_analysis.review.findings import findings_of

HEAD = "date,team,option,votes,asked\n"
WEAKNESS = [
    "2025-03-14,ward 4,W1,6,14",
    "2025-03-14,ward 4,They encourage wrong behaviours,3,14",
    "2025-03-14,ward 4,w3,2,14",
    "2025-03-14,ward 4,W4,1,14",
]


def read(tmp_path, rows):
    file = tmp_path / "polls.csv"
    file.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    return read_ballots(file)


def test_shares_are_those_published():
    shares = {poll.name: [one.share for one in poll.options] for poll in published_polls().polls}
    assert shares == {
        "strength": [37, 32, 18, 13],
        "weakness": [31, 25, 23, 21],
        "opportunity": [44, 23, 21, 13],
        "threat": [57, 16, 15, 12],
    }
    assert [sum(one) for one in shares.values()] == [100, 100, 101, 100]


def test_source_and_caveats_come_along():
    caveats = " ".join(published_polls().caveats)
    assert "Over 300 professionals in all" in caveats
    assert "is not published" in caveats
    assert "chose to answer" in caveats
    assert "Only as Good as Your Leaders" in published_polls().source


def test_votes_are_read_by_id_or_by_words(tmp_path):
    found = read(tmp_path, reversed(WEAKNESS))
    assert found == (Ballot("2025-03-14", "ward 4", "weakness", (6, 3, 2, 1), 14),)


OF = "the weakness poll of 'ward 4' on 2025-03-14"


@pytest.mark.parametrize(
    ("was", "becomes", "message"),
    [
        (",6,", ",six,", "2: votes 'six' is no count: write a whole number, 0 where nobody did"),
        (",6,", ",-6,", "2: votes '-6' is no count: write a whole number, 0 where nobody did"),
        (",W1,", ",W9,", "2: 'W9' is no option: write S1 to T4, or its words"),
        ("2025-03-14", "14 March", "2: '14 March' is not a date: write it as 2025-03-14"),
        (",W1,", ",W4,", f"5: {OF} has W4 more than once: keep one row an option"),
        (f"{WEAKNESS[3]}\n", "", f"4: {OF} lacks W4: write 0 where nobody voted for it"),
        (",6,14", ",6,15", f"5: {OF} has different numbers under asked: write one"),
        (",6,", ",60,", f"5: {OF} has 66 votes of 14 asked: mend one of the two"),
    ],
)
def test_each_fault_is_one_line(tmp_path, was, becomes, message):
    rows = ("\n".join(WEAKNESS) + "\n").replace(was, becomes, 1).splitlines()
    with pytest.raises(SourceError) as raised:
        read(tmp_path, rows)
    assert str(raised.value) == f"polls.csv:{message}"


def test_words_that_are_nearly_right_get_the_right_ones(tmp_path):
    with pytest.raises(SourceError, match="is no option: did you mean 'they provide focus'"):
        read(tmp_path, ["2025-03-14,ward 4,They provide focuss,6,14"])


def test_a_column_that_is_missing_is_named(tmp_path):
    file = tmp_path / "polls.csv"
    file.write_text("date,team,option,vote,asked\n2025-03-14,a,W1,1,1\n", encoding="utf-8")
    with pytest.raises(SourceError, match="has no column 'votes': did you mean 'vote'"):
        read_ballots(file)


def test_a_workspace_is_told_of_faults_in_its_votes(tmp_path):
    assert list(ballot_findings(tmp_path, ["ward 4"])) == []
    file = tmp_path / "polls.csv"
    file.write_text("\n".join([",".join(POLLS), *WEAKNESS]), encoding="utf-8")
    assert list(ballot_findings(tmp_path, ["ward 4"])) == []
    (first, *_) = ballot_findings(tmp_path, ["ward 3"])
    assert str(first) == (
        "polls.csv:2: team 'ward 4' is not in this workspace: did you mean 'ward 3'?"
    )
    file.write_text(file.read_text().replace(",W1,6", ",W9,many"), encoding="utf-8")
    said = [str(one) for one in ballot_findings(tmp_path, ["ward 4"])]
    assert said == [
        "polls.csv:2: 'W9' is no option: write S1 to T4, or its words",
        "polls.csv:2: votes 'many' is no count: write a whole number, 0 where nobody did",
    ]


def test_kpi_check_reads_the_votes(tmp_path):
    (tmp_path / "kpi.yml").write_text("name: x\n")
    (tmp_path / "polls.csv").write_text("date,team,option,votes,asked\n2025-03-14,,W1,x,1\n")
    found = findings_of(kpi.open(tmp_path))
    assert [(one.file, one.line, one.field) for one in found if one.file == "polls.csv"] == [
        ("polls.csv", 2, "votes")
    ]
