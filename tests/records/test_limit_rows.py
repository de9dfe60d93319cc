"""A row of limit_changes.csv: appended beneath, in the file's own columns, and read back."""

import pytest

import kpi_analysis as kpi
from kpi_analysis.records.limit_rows import append, as_text, with_row
from kpi_analysis.records.logs import Log, read_log

ROW = {"team": "a", "measure": "m", "from": "2024-05", "reason": 'new "desk", at last', "by": "x"}
KNOWN = {"measures": ["m"], "teams": ["a"]}


def test_a_file_is_made_where_there_is_none(tmp_path):
    append(tmp_path, ROW)
    log = read_log(tmp_path, "limit_changes", **KNOWN)
    assert not log.findings
    assert log.rows["reason"].tolist() == ['new "desk", at last']


@pytest.mark.parametrize("end", ["\n", ""])
def test_rows_that_are_there_stay_as_they_are(tmp_path, end):
    old = "by,team,measure,from,reason,mine\nz,a,m,2023-01,merger,7"
    (tmp_path / "limit_changes.csv").write_text(old + end)
    text = append(tmp_path, ROW).read_text()
    assert text == f'{old}\nx,a,m,2024-05,"new ""desk"", at last",\n'


def test_a_word_without_a_column_is_not_dropped_in_silence(tmp_path):
    path = tmp_path / "limit_changes.csv"
    path.write_text("team,measure,from,reason,by\n")
    with pytest.raises(kpi.KpiError, match=r"^limit_changes.csv: has no column 'known': add it"):
        append(tmp_path, {**ROW, "known": "yes"})
    assert path.read_text() == "team,measure,from,reason,by\n"


def test_a_row_tried_out_is_as_the_file_would_give_it(tmp_path):
    tried = with_row(Log(None), ROW).rows
    append(tmp_path, ROW)
    read = read_log(tmp_path, "limit_changes", **KNOWN).rows
    both = (rows.drop(columns="line").to_dict("records") for rows in (tried, read))
    assert next(both) == next(both)


def test_the_text_is_one_line_in_the_order_of_the_header():
    assert as_text(ROW) == 'a,m,2024-05,"new ""desk"", at last",,,x,'
