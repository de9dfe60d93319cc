"""One drawing of the results map while it is laid out: results, measures, verdicts and lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kpi_analysis.charts.scene import Box, Line, Mark, Spot, Text, clip, plain
from kpi_analysis.charts.theme import Ink, Pen, Role, Shape, text_width
from kpi_analysis.review.map_picture import Branch, Leaf, Said
from kpi_analysis.review.picture import Tone

BETWEEN = 26.0  # px between columns
ROW = 15.0  # px from line to line
_GAP = 10.0  # px from one node to the next
_MOST_ROWS = 4
_HERE = 20.0  # px that the words "you are here" take
_INDENT, _MOST_INDENT = 14.0, 56.0
_SHAPES = {
    Tone.CONCERN: (Shape.CONCERN, Ink.CONCERN, 4.4),
    Tone.IMPROVEMENT: (Shape.IMPROVEMENT, Ink.IMPROVEMENT, 3.4),
    Tone.CHANGE: (Shape.CHANGE, Ink.NEUTRAL, 3.0),
    None: (Shape.POINT, Ink.INK, 2.6),
}


@dataclass(frozen=True)
class Column:
    """A column of words, edges in px."""

    left: float
    right: float
    heading: str


@dataclass(frozen=True)
class Columns:
    """The columns: `levels` by the level of a result; the last ends at the drawing's edge."""

    levels: dict[int, Column]
    measures: Column
    verdicts: Column


class _Trunk:
    """The line from a result to what hangs below it, drawn once however many branch off it."""

    def __init__(self, lines: list[Line], start: Spot, spine: float) -> None:
        self._lines = lines
        self._spine = spine
        self._reached = {Pen.HAIR: start, Pen.VALUE: start}

    def reach(self, left: float, y: float, *, own: bool) -> None:
        """Draw on to what stands at `left` with its top at `y`; `own`: the team's own way."""
        pen = Pen.VALUE if own else Pen.HAIR
        x, from_y = self._reached[pen]
        turn = self._spine, y + ROW / 2
        spots = ((x, from_y), (self._spine, from_y), turn, (left - 5, turn[1]))
        self._lines.append(Line(pen, tuple(dict.fromkeys(spots))))
        for covered in (Pen.HAIR, pen):
            self._reached[covered] = turn


class Sheet:
    """What is laid out so far; `of_team`: the team's own part stands out, the rest steps back."""

    def __init__(self, columns: Columns, *, of_team: bool) -> None:
        self.columns = columns
        self.of_team = of_team
        self.texts: list[Text] = []
        self.lines: list[Line] = []
        self.marks: list[Mark] = []
        self.bands: list[Box] = []

    def branch(self, branch: Branch, y: float, indent: float = 0.0) -> float:
        """Lay a result and all below it from `y` downwards; give where they end."""
        column = self.columns.levels[branch.level]
        left = column.left + indent
        y = self._here(branch, left, y)
        role = Role.NUMBER if branch.here else Role.WORD
        rows = _rows(branch.words, role, column.right - left)
        self._write(rows, role, self._ink(_leads_here(branch)), left, y)
        start = left + text_width(rows[0], role) + 6, y + ROW / 2
        foot = y + ROW * len(rows)
        leaves = self._leaves(branch, start, y)
        if branch.here:
            self._band(Box(left - 8, y - 6, self.columns.verdicts.right, max(foot, leaves) + 5))
        y = leaves + _GAP if leaves > y else y
        return self._level(branch, max(foot, leaves, self._lower(branch, start, y)), left, foot)

    def _lower(self, branch: Branch, start: Spot, y: float) -> float:
        """Lay the results of a lower level beside their parent; give where they end, or 0."""
        spine = self.columns.levels[branch.level].right + BETWEEN / 2
        trunk, bottom = _Trunk(self.lines, start, spine), 0.0
        for one in (one for one in branch.branches if one.level > branch.level):
            left = self.columns.levels[one.level].left
            trunk.reach(left, y + self._shift(one, left, y), own=_leads_here(one))
            bottom = self.branch(one, y)
            y = bottom + _GAP
        return bottom

    def _level(self, branch: Branch, bottom: float, left: float, foot: float) -> float:
        """Lay the results of the same level beneath their parent; give where they end."""
        trunk = _Trunk(self.lines, (left + 4, foot + 3), left + 4)
        edge = self.columns.levels[branch.level].left
        inner = min(left - edge + _INDENT, _MOST_INDENT)
        for one in (one for one in branch.branches if one.level == branch.level):
            y = bottom + _GAP
            shift = self._shift(one, edge + inner, y)
            trunk.reach(edge + inner, y + shift, own=_leads_here(one))
            bottom = self.branch(one, y, inner)
        return bottom

    def _here(self, branch: Branch, left: float, y: float) -> float:
        """Say "you are here" over the first of the team's own results; give where it begins."""
        shift = self._shift(branch, left, y)
        if shift:
            self.texts.append(Text(Role.MARK, Ink.INK, left, y + 10, "you are here"))
        return y + shift

    def _shift(self, branch: Branch, left: float, y: float) -> float:
        return _HERE if branch.here and not self._goes_on(left, y) else 0.0

    def _goes_on(self, left: float, y: float) -> bool:
        """Tell whether the band of the result before reaches down to here."""
        last = self.bands[-1] if self.bands else None
        return last is not None and last.left == left - 8 and y - last.bottom <= _GAP

    def _band(self, box: Box) -> None:
        if self._goes_on(box.left + 8, box.top + 6):
            box = replace(box, top=self.bands.pop().top)
        self.bands.append(box)

    def _leaves(self, branch: Branch, start: Spot, y: float) -> float:
        """Lay the measures with their verdicts; give where they end, `y` where there are none."""
        column = self.columns.measures
        trunk = _Trunk(self.lines, start, column.left - BETWEEN / 2)
        if branch.unmeasured:
            trunk.reach(column.left, y, own=False)
            return self._write(("no measure yet",), Role.WORD, Ink.SOFT, column.left, y)
        for leaf in branch.leaves:
            left = column.left + _INDENT * leaf.driver
            trunk.reach(left, y, own=leaf.here)
            words = f"driver: {leaf.name}" if leaf.driver else leaf.name
            rows = _rows(words, Role.WORD, column.right - left)
            foot = self._write(rows, Role.WORD, self._ink(leaf.here), left, y)
            y = max(foot, self._verdicts(leaf, y)) + _GAP
        return y - _GAP if branch.leaves else y

    def _verdicts(self, leaf: Leaf, y: float) -> float:
        left = self.columns.verdicts.left + 18
        for said in leaf.said:
            y = self._verdict(said, left, y)
        return self._write((leaf.note,), Role.WORD, Ink.SOFT, left, y) if leaf.note else y

    def _verdict(self, said: Said, left: float, y: float) -> float:
        shape, ink, radius = _SHAPES[said.tone]
        self.marks.append(Mark(shape, left - 12, y + ROW / 2, radius))
        room = self.columns.verdicts.right - left
        y = self._write(_rows(said.words, Role.NUMBER, room), Role.NUMBER, ink, left, y)
        team = _rows(said.team, Role.AXIS, room) if said.team else ()
        return self._write(team, Role.AXIS, Ink.SOFT, left, y)

    def _ink(self, own: bool) -> Ink:
        return Ink.INK if own or not self.of_team else Ink.SOFT

    def _write(self, rows: Sequence[str], role: Role, ink: Ink, x: float, y: float) -> float:
        """Write rows from `y` downwards; give where they end."""
        for n, row in enumerate(rows):
            self.texts.append(Text(role, ink, x, y + 11.5 + ROW * n, row))
        return y + ROW * len(rows)


def _leads_here(branch: Branch) -> bool:
    return any(one.here for one in branch.all())


def _rows(text: str, role: Role, room: float) -> tuple[str, ...]:
    """Give `text` in at most four rows of `room` px; the rest is clipped."""
    rows = [""]
    for word in plain(text).split():
        longer = f"{rows[-1]} {word}".strip()
        if text_width(longer, role) <= room or not rows[-1] or len(rows) == _MOST_ROWS:
            rows[-1] = longer
        else:
            rows.append(word)
    return tuple(clip(row, role, room) for row in rows)
