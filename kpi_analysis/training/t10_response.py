"""T10: a response that changes the work, what followed an action, and polls read honestly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache, partial

from kpi_analysis.definitions.lint.text import words as words_of
from kpi_analysis.errors import KpiError
from kpi_analysis.packs.html import Html
from kpi_analysis.periods import Period
from kpi_analysis.records.polls import published_polls
from kpi_analysis.review.action_check import ActionCheck, check_action
from kpi_analysis.review.picture import Note
from kpi_analysis.signals.shares import Interval, wilson, within_poll
from kpi_analysis.training.answer import (
    Answer,
    Fields,
    Remark,
    State,
    remarked,
    right,
    unanswered,
)
from kpi_analysis.training.folder import Folder
from kpi_analysis.training.frames import charts, table
from kpi_analysis.training.given import by_number, fields, listed, number, text, word
from kpi_analysis.training.series import Planted, review, unread
from kpi_analysis.training.t00_kinds import STATEMENTS, how_sure

ACTION = ("problem", "cause", "checked by", "countermeasure", "owner", "expected", "check on")
START = Period.parse("2025-04-07")  # the day on which the action of the story begins
_ASKS = {
    "problem": "what is not as it should be, since when?",
    "cause": "what in the work leads to it?",
    "checked by": "who went to see whether that is so, and how?",
    "countermeasure": "what is done differently from now on?",
    "owner": "which role looks after it?",
    "expected": "what should the chart show, and from when?",
    "check on": "on which day is the chart looked at again?",
}
_TRY_HARDER = re.compile(
    r"\b(?:remind|tell|urge|ask|warn|instruct|email|e-mail|motivate|encourage|appeal)\b"
    r"|\bbe (?:more )?careful\b|\bpay (?:more )?attention\b|\btry harder\b|\bawareness\b",
    re.IGNORECASE,
)
_BLAME = re.compile(
    r"\b(?:careless\w*|lazy|laziness|inattenti\w+|human error|attitude|negligen\w+|forget\w*|forgot"
    r"|fault of|blame|incompeten\w+|do not care|don't care)\b",
    re.IGNORECASE,
)
_SEEN = re.compile(r"\d|\b(?:below|above|under|over|average|limit|run|level|signal|half)\b", re.I)

POLLS = ("strengths", "weaknesses", "opportunities", "threats")  # in the published order
MOST, LEAST = published_polls().votes_at_most, published_polls().votes_at_least

_P = partial(Planted, count=34, first="2022-06")
_AT = 24
EFFECTS = (
    (_P("Residents asleep at the round", "higher", 72.0, 2.4, 2, moves=((25, 6.5),)), "yes"),
    (_P("Damp repairs opened again", "lower", 8.0, 0.8, 1, bumps=((22, 4.5),)), "no"),
    (_P("Scrap per tonne", "lower", 33.0, 2.0, 1, unit="kg"), "no"),
    (_P("Buses leaving late", "lower", 15.0, 1.2, 1, moves=((26, -6.0),)), "yes"),
    (_P("Letters answered in ten days", "higher", 64.0, 2.6, 1, bumps=((24, 3.0),)), "no"),
    (_P("Minutes to change a tool", "lower", 41.0, 2.2, 2, unit="minutes",
        moves=((24, -4.4),)), "yes"),
)  # fmt: skip


def action(given: object) -> Answer:
    """Check one action: problem, cause, checked by, countermeasure, owner, expected, check on."""
    sheet, exercise = fields(given), "T10.action"
    filled = {name: text(sheet.get(name)) for name in ACTION}
    if not any(filled.values()):
        return unanswered(exercise, "fill in the seven lines of the action.")
    empty = [name for name in ACTION if not filled[name]]
    remarks = [Remark(f"{exercise}.{_id(name)}", f"{name}: {_ASKS[name]}") for name in empty]
    remarks += _on_words(exercise, filled)
    if not remarks:
        words = "a cause that was seen, a change of the work, and a day on which to look again."
        return right(exercise, words)
    grave = any(one.hint.endswith(("asks-people", "blames")) for one in remarks)
    return remarked(State.WRONG if grave or len(empty) > 4 else State.HALF, remarks)


def _id(name: str) -> str:
    return name.replace(" ", "-")


def _on_words(exercise: str, filled: Mapping[str, str]) -> Iterator[Remark]:
    if _TRY_HARDER.search(filled["countermeasure"]):
        words = "countermeasure: it asks people to try harder. What in the work makes it easy?"
        yield Remark(f"{exercise}.asks-people", words)
    if _BLAME.search(filled["cause"]):
        words = "cause: it blames people. What in the work let it happen, to anybody?"
        yield Remark(f"{exercise}.blames", words)
    if filled["expected"] and not _SEEN.search(filled["expected"]):
        words = "expected: say it so that the chart can answer: which level, below or above what?"
        yield Remark(f"{exercise}.not-seen", words)
    if filled["check on"]:
        yield from _on_day(exercise, filled["check on"])


def _on_day(exercise: str, written: str) -> Iterator[Remark]:
    try:
        day = Period.parse(written)
    except KpiError as error:
        yield Remark(f"{exercise}.no-day", f"check on: {error}")
        return
    weeks = (day.start - START.start).days // 7
    if weeks < 0:
        yield Remark(f"{exercise}.before", "check on: that lies before the action begins.")
    elif weeks < 8:
        words = f"check on: after {weeks} weeks a run of eight cannot be there: wait for eight."
        yield Remark(f"{exercise}.too-early", words)


@cache
def checks() -> tuple[ActionCheck, ...]:
    """Give the six actions held against the limits from before them."""
    found = []
    for planted, _ in EFFECTS:
        started = planted.periods[_AT].start
        one = check_action(review(planted), {"started": started, "opened": started})
        if one is not None:
            found.append(one)
    return tuple(found)


def effects(given: object) -> Answer:
    """Say of six actions whether a signal in the wanted direction followed: {1: "yes", ...}."""
    exercise = "T10.effects"
    answers = {n: one for n, one in by_number(given).items() if 1 <= n <= len(EFFECTS)}
    if not answers:
        return unanswered(exercise, "write yes or no behind each number.")
    remarks = [
        Remark(
            f"{exercise}.{n}", f"{n}: {'not ' if one in ('yes', 'no') else ''}{one}. {_followed(n)}"
        )
        for n, one in sorted(answers.items())
        if one != EFFECTS[n - 1][1]
    ]
    good = len(answers) - len(remarks)
    if len(answers) < len(EFFECTS):
        rest = ", ".join(str(n) for n in range(1, len(EFFECTS) + 1) if n not in answers)
        remarks.append(Remark(f"{exercise}.open", f"Still without an answer: {rest}."))
    if not remarks:
        words = "three were followed by a signal. Followed by: the chart cannot say caused by."
        return right(exercise, words)
    count = Remark(f"{exercise}.count", f"{good} of {len(EFFECTS)} right.")
    state = State.HALF if 2 * good >= len(answers) else State.WRONG
    return remarked(state, (count, *remarks))


def _followed(n: int) -> str:
    return f"Against the limits from before it: {checks()[n - 1].words}."


def with_actions() -> Html:
    """Show the six charts with the action marked, unread."""
    shown = []
    for n, ((planted, _), check) in enumerate(zip(EFFECTS, checks(), strict=True), 1):
        if check.picture:
            flag = (Note(_AT, "action", action=True),)
            shown.append((f"{n}: {planted.caption}", replace(unread(check.picture), notes=flag)))
    return charts(shown)


def polls(given: object) -> Answer:
    """Say whether first and second can be told apart, with 75 votes: {"strengths": "no", ...}."""
    if not isinstance(given, Mapping):
        given = dict(zip(POLLS, listed(given), strict=False))
    sheet, exercise = fields(given), "T10.polls"
    answers = {name: word(sheet.get(name)) for name in POLLS}
    if not any(answers.values()):
        return unanswered(exercise, "write yes or no behind each of the four polls.")
    remarks = []
    for name, poll in zip(POLLS, published_polls().polls, strict=True):
        first, second, *_ = (option.share for option in poll.options)
        truth = "yes" if _apart(first, second, LEAST).low > 0 else "no"
        if answers[name] and answers[name] != truth:
            words = f"{name}: {_margins(first, second)} So: {truth}."
            remarks.append(Remark(f"{exercise}.{name}", words))
    good = sum(map(bool, answers.values())) - len(remarks)
    open_ones = [name for name, one in answers.items() if not one]
    if open_ones:
        remarks.append(Remark(f"{exercise}.open", f"Still open: {', '.join(open_ones)}."))
    if not remarks:
        words = "with 75 votes even the first two strengths or weaknesses may be in either order."
        return right(exercise, words)
    return remarked(State.HALF if good >= 2 else State.WRONG, remarks)


def _apart(first: int, second: int, votes: int) -> Interval:
    return within_poll(first / 100, second / 100, votes)


def _margins(first: int, second: int) -> str:
    spans = {n: _apart(first, second, n) for n in (LEAST, MOST)}
    at = {n: round(50 * (high - low)) for n, (low, high) in spans.items()}
    return (
        f"{first} less {second} is {first - second} points, give or take {at[LEAST]} with {LEAST}"
        f" votes, {at[MOST]} with {MOST}."
    )


def shares() -> Html:
    """Show the sixteen shares with their intervals at 300 and at 75 votes."""
    rows = [
        (name, one.words, f"{one.share} %", _interval(one.share, MOST), _interval(one.share, LEAST))
        for name, poll in zip(POLLS, published_polls().polls, strict=True)
        for one in poll.options
    ]
    heads = ("Poll", "Answer", "Share", f"Interval, {MOST} votes", f"Interval, {LEAST} votes")
    return table(heads, rows)


def _interval(share: int, n: int) -> str:
    low, high = wilson(share / 100, n)
    return f"{100 * low:.0f} to {100 * high:.0f} %"


def response(given: object) -> Answer:
    """Check who does what when the learner's own chart speaks: who, within days, first step."""
    sheet, exercise = fields(given), "T10.response"
    who, step = text(sheet.get("who")), text(sheet.get("first step"))
    days = number(sheet.get("within days"))
    if not (who or step or days is not None):
        return unanswered(exercise, "say who does what first, and within how many days.")
    remarks = []
    if not who:
        remarks.append(Remark(f"{exercise}.who", "who: which role in the team?"))
    if days is None or days < 1 or days != int(days):
        words = "within days: a whole number of days. A rule without one is a wish."
        remarks.append(Remark(f"{exercise}.days", words))
    if len(words_of(step)) < 3:
        words = "first step: what is done first? Best: go and see where it shows."
        remarks.append(Remark(f"{exercise}.first-step", words))
    if remarks:
        return remarked(State.HALF if len(remarks) < 3 else State.WRONG, remarks)
    duty = {"who": who, "within_days": int(days or 0), "first_step": step}
    rule = {"signal_of_concern": duty, "predictably_missing": duty, "improvement": duty}
    words = "from now on a red is not an end of the talk, but the start of this."
    return right(exercise, words, Fields({"response": rule}))


def after(folder: Folder, given: object) -> Answer:
    """Take how sure the learner feels now, and show it beside the answer of T00."""
    answer = how_sure("after", "T10.after", given)
    before = folder.self_checks().get("before") if folder.is_course else None
    if answer.state is not State.RIGHT or not before:
        return answer
    listed = ", ".join(str(one) for one in before)
    remark = Remark(
        "T10.after.right", f"before the course you wrote {listed}. Nobody else sees it."
    )
    return replace(answer, remarks=(remark,))


def exercises(folder: Folder) -> Mapping[str, Callable[[object], Answer]]:
    """Give the checkers of this lesson."""
    return {
        "action": action,
        "effects": effects,
        "polls": polls,
        "response": response,
        "after": lambda given: after(folder, given),
    }


def shows(_folder: Folder) -> Mapping[str, Callable[[], Html]]:
    """Give what this lesson shows."""
    heads = ("", "How sure are you? 1 (not at all) to 5 (fully)")
    statements = table(heads, enumerate(STATEMENTS, 1))
    return {"effects": with_actions, "shares": shares, "statements": lambda: statements}
