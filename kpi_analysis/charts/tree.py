"""The results map as a drawing: results from left to right, the measures and verdicts at the end.

Every result stands level with the first of what is below it, so that a line is read across; a
tall map is cut between branches into several drawings that each fit a sheet of A4 landscape.
On a phone a nested list says the same: the page makes it from the same picture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from kpi_analysis.charts.scene import Format, Scene, Text, clip, plain
from kpi_analysis.charts.theme import Ink, Role
from kpi_analysis.charts.tree_sheet import BETWEEN, Column, Columns, Sheet
from kpi_analysis.review.map_picture import Branch, MapPicture

WIDTH = 1020.0  # px: within a page of 1120 and on A4 landscape
MOST_HEIGHT = 600.0  # px of one drawing, where the map can be cut: a page's heading fits above it
_ROOT_GAP = 22.0
_SHARES = (120.0, 145.0, 185.0)  # of the width, by level
_MEASURES, _VERDICTS = 240.0, 215.0  # and of what hangs below the results


def tree(picture: MapPicture) -> tuple[Scene, ...]:
    """Give the map as drawings of 1020 px width, one above the other; none where it is empty."""
    columns = _columns(picture)
    drawings = [_drawing(picture, columns, group) for group in _groups(picture, columns)]
    parts = (f"Results map, part {n} of {len(drawings)}" for n in range(2, len(drawings) + 1))
    alts = (plain(picture.alt), *parts)
    return tuple(replace(one, alt=alt) for one, alt in zip(drawings, alts, strict=False))


def _columns(picture: MapPicture) -> Columns:
    """Share the width out among the levels in use, the measures and the verdicts."""
    used = sorted({branch.level for branch in picture.all()})
    verdict = f"verdict, {picture.verdicts_of}" if picture.verdicts_of else "verdict"
    headings = (*(picture.levels[level] for level in used), "measure", verdict)
    shares = (*(_SHARES[level] for level in used), _MEASURES, _VERDICTS)
    scale = (WIDTH - BETWEEN * (len(shares) - 1)) / sum(shares)
    lefts = accumulate((share * scale + BETWEEN for share in shares[:-1]), initial=0.0)
    columns = [
        Column(left, left + share * scale, heading)
        for left, share, heading in zip(lefts, shares, headings, strict=True)
    ]
    return Columns(dict(zip(used, columns, strict=False)), columns[-2], columns[-1])


def _groups(picture: MapPicture, columns: Columns) -> Iterator[tuple[Branch, ...]]:
    """Give the roots of each drawing; a tall root comes several times, with a part of its own."""

    def fits(*roots: Branch) -> bool:
        return _drawing(picture, columns, roots).height <= MOST_HEIGHT

    group: tuple[Branch, ...] = ()
    for piece in (piece for root in picture.roots for piece in _pieces(root, fits)):
        if group and not fits(*group, piece):
            yield group
            group = ()
        group = (*group, piece)
    if group:
        yield group


def _pieces(branch: Branch, fits: Callable[[Branch], bool]) -> Iterator[Branch]:
    """Cut a tall result between those below it; its own measures stay with the first piece."""
    if fits(branch):
        yield branch
        return
    again = replace(branch, leaves=(), here=False, branches=())

    def fits_below(part: Branch) -> bool:
        return fits(replace(again, branches=(part,)))

    piece = replace(branch, branches=())
    for part in (part for below in branch.branches for part in _pieces(below, fits_below)):
        longer = replace(piece, branches=(*piece.branches, part))
        if (piece.branches or piece.leaves) and not fits(longer):
            yield piece
            longer = replace(again, branches=(part,))
        piece = longer
    yield piece


def _drawing(picture: MapPicture, columns: Columns, roots: Sequence[Branch]) -> Scene:
    sheet = Sheet(columns, of_team=bool(picture.here))
    y = 28.0
    for root in roots:
        y = sheet.branch(root, y) + _ROOT_GAP
    return Scene(
        format=Format.WIDE,
        width=WIDTH,
        height=round(y - _ROOT_GAP + 8),
        alt="",
        bands=tuple(sheet.bands),
        lines=tuple(sheet.lines),
        marks=tuple(sheet.marks),
        texts=tuple(text for text in (*_headings(columns, sheet), *sheet.texts) if text.text),
    )


def _headings(columns: Columns, sheet: Sheet) -> Iterator[Text]:
    """Name the columns that something stands in."""
    for column in (*columns.levels.values(), columns.measures, columns.verdicts):
        if any(column.left <= text.x < column.right for text in sheet.texts):
            words = clip(column.heading, Role.AXIS, column.right - column.left)
            yield Text(Role.AXIS, Ink.SOFT, column.left, 11, words)
