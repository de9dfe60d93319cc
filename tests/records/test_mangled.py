"""Mangled files: each ends in values that are right or in a message, soon, in little memory.

`make test` looks at a few hundred, `make test-all` at 5,000 more; each kind from its own seeds.
"""

from __future__ import annotations

import math
import re
import resource
import signal
import time
from collections import Counter
from contextlib import contextmanager
from itertools import islice

import pytest

from kpi_analysis.definitions.measures import read_measure
from kpi_analysis.definitions.settings import read_settings
from kpi_analysis.errors import KpiError
from kpi_analysis.records.workspace import open_workspace

from .mangled_books import book_cases
from .mangled_csv import MEASURE, SETTINGS, TEAMS, csv_cases
from .mangled_yaml import MEASURE as SOUND_MEASURE
from .mangled_yaml import SETTINGS as SOUND_SETTINGS
from .mangled_yaml import spoilt_cases

HANGS = 120  # seconds for one file, on however busy a machine
MEMORY = 6 << 30  # bytes of address space: a file that takes more ends in a MemoryError
RECORDS = "records: values/v{}, columns: {{team: team, period: period, value: value}}"


@contextmanager
def held():
    """Stop a file that hangs, and one that takes too much memory."""

    def stop(*_):
        raise TimeoutError("hangs")

    limits = resource.getrlimit(resource.RLIMIT_AS)
    before = signal.signal(signal.SIGALRM, stop)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, limits[1]))
    signal.alarm(HANGS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
        resource.setrlimit(resource.RLIMIT_AS, limits)


def outcome(case, root, *, records: bool) -> str:
    """Open a workspace around the file; give "right" or "told", or what is neither."""
    data = RECORDS.format(case.suffix) if records else f"file: values/v{case.suffix}"
    data += ', decimal: ","' if case.decimal == "," else ""
    measure = MEASURE.replace("data: {}", f"data: {{{data}}}")
    for name, text in (("kpi.yml", SETTINGS), ("measures/m.yml", measure)):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    (root / "values").mkdir(exist_ok=True)
    content = re.sub(rb"(20\d\d-\d\d)", rb"\1-01", case.content) if records else case.content
    (root / f"values/v{case.suffix}").write_bytes(content)
    with held():
        workspace = open_workspace(root)
    told = {one.team if one.team in TEAMS else None for one in workspace.findings}
    got = {
        (team, period): value
        for (team, _), one in workspace.series.items()
        for period, value in zip(one.values["period"], one.values["value"], strict=True)
        if not math.isnan(value)
    }
    wrong = [
        (key, value, got.get(key))
        for key, value in case.truth.items()
        if key not in case.unsure and got.get(key) != value and not told & {None, key[0]}
    ]
    if records and "names" in case.how:
        return "told" if told else "right"  # one more case of another team is no fault
    if not case.unsure and not told:
        wrong += [(key, None, value) for key, value in got.items() if key not in case.truth]
    return f"wrong: {wrong[:3]}" if wrong else "told" if told else "right"


def ends(cases, root, *, records: bool = False) -> Counter[str]:
    """Count how the cases end; fail at the first that ends in neither values nor a message."""
    counts: Counter[str] = Counter()
    slowest = (0.0, "")
    for n, case in enumerate(cases):
        start = time.perf_counter()
        end = outcome(case, root, records=records)
        slowest = max(slowest, (time.perf_counter() - start, case.how))
        assert end in ("right", "told"), (n, case.how, end)
        counts[end] += 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(dict(counts), f"slowest {slowest[0]:.1f} s ({slowest[1]}), peak {peak} MB")
    return counts


def test_mangled_csv_files(tmp_path):
    counts = ends(islice(csv_cases(1), 150), tmp_path)
    assert min(counts["right"], counts["told"]) > 20


def test_mangled_workbooks(tmp_path):
    counts = ends(islice(book_cases(1), 40), tmp_path)
    assert min(counts["right"], counts["told"]) > 5


def test_mangled_csv_files_as_raw_records(tmp_path):
    counts = ends(islice(csv_cases(2), 12), tmp_path, records=True)
    assert counts["told"] > 3


def yaml_end(case, folder) -> str:
    """Read a definition; give "right" where the untouched lines are read as ever, or "told"."""
    path = folder / "it.yml" if case.name == "kpi.yml" else folder / "m.yml"
    path.write_bytes(case.content)
    read = read_settings if case.name == "kpi.yml" else read_measure
    (folder / "sound").mkdir(exist_ok=True)
    (folder / "sound" / path.name).write_text(
        SOUND_SETTINGS if case.name == "kpi.yml" else SOUND_MEASURE
    )
    sound = read(folder / "sound" / path.name, case.name)
    try:
        with held():
            found = read(path, case.name)
    except KpiError:
        return "told"
    # A line that is pushed in below `teams` is a team to every reader of YAML.
    keys = {line.partition(":")[0] for line in case.untouched if line[:1] not in (" ", "t")}
    wrong = [
        (key, getattr(found, key))
        for key in sorted(keys)
        if getattr(found, key) != getattr(sound, key)
    ]
    return f"wrong: {wrong[:3]}" if wrong else "right"


def yaml_ends(cases, folder) -> Counter[str]:
    counts: Counter[str] = Counter()
    for n, case in enumerate(cases):
        end = yaml_end(case, folder)
        assert end in ("right", "told"), (n, case.how, end, case.content[:2000])
        counts[end] += 1
    print(dict(counts))
    return counts


def test_mangled_definitions(tmp_path):
    counts = yaml_ends(islice(spoilt_cases(1), 300), tmp_path)
    assert min(counts["right"], counts["told"]) > 20


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 16))
def test_3_000_mangled_csv_files(tmp_path, seed):
    counts = ends(islice(csv_cases(seed), 500), tmp_path)
    assert min(counts.values()) > 50


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 14))
def test_1_600_mangled_workbooks(tmp_path, seed):
    counts = ends(islice(book_cases(seed), 400), tmp_path)
    assert min(counts.values()) > 20


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20, 22))
def test_400_mangled_csv_files_as_raw_records(tmp_path, seed):
    counts = ends(islice(csv_cases(seed), 200), tmp_path, records=True)
    assert counts["told"] > 20


@pytest.mark.slow
def test_3_000_mangled_definitions(tmp_path):
    counts = yaml_ends(islice(spoilt_cases(10), 3000), tmp_path)
    assert min(counts.values()) > 200
