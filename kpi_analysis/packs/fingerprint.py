"""What a pack was made of, as one short text: where it is the same, the page is the same.

The notebook, this package, the definitions, the team's values and logs, what was found in them,
and the period. The day of the run is left out: a page that says nothing new is not made anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from pathlib import Path

import pandas as pd

import kpi_analysis
from kpi_analysis.packs.shared import Reviewed
from kpi_analysis.review.measure_review import MeasureReview

_SOURCES = ("*.py", "*.html", "*.css", "*.j2", "*.json")


def fingerprints(month: Reviewed, notebook: bytes) -> dict[str, str]:
    """Give the fingerprint of every team's pack (32 hexadecimal digits)."""
    common = blake2b(digest_size=16)
    common.update(notebook)
    _add(common, (_package(), month.period, month.workspace.settings))
    for finding in month.workspace.findings:
        if finding.team is None:
            _add(common, finding)
    out = {}
    for team, review in month.reviews.items():
        own = common.copy()
        _add(own, (team, review.team, review.board_limit))
        for finding in month.workspace.findings:
            if finding.team == team:
                _add(own, finding)
        for measure in review.measures:
            for part in _parts(measure):
                _add(own, part)
        out[team] = own.hexdigest()
    return out


def _parts(review: MeasureReview) -> Iterator[object]:
    yield review.measure.model_dump_json()
    yield review.period
    yield review.verdict.id, review.held_back, review.remarks
    yield review.points
    yield review.series.limit_changes
    yield review.recorded.actions
    yield review.recorded.events


def _add(digest: blake2b, part: object) -> None:
    if isinstance(part, pd.DataFrame):
        part = part.to_csv()
    digest.update(repr(part).encode())
    digest.update(b"\0")


@cache
def _package() -> str:
    """Digest of this package's own files: a new version makes new pages."""
    digest = blake2b(digest_size=16)
    root = Path(kpi_analysis.__file__).parent
    for path in sorted(path for pattern in _SOURCES for path in root.rglob(pattern)):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
