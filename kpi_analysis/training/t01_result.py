"""T01: one well-worded result, and four around it; the design check answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from kpi_analysis.definitions.lint.check import WORD_RULES, lint_wording
from kpi_analysis.definitions.lint.rule import About
from kpi_analysis.definitions.lint.text import words as words_of
from kpi_analysis.definitions.lint.words import WEASELS
from kpi_analysis.errors import KpiError
from kpi_analysis.packs.html import Html
from kpi_analysis.training.answer import (
    Answer,
    Fields,
    Remark,
    Results,
    State,
    remarked,
    right,
    unanswered,
)
from kpi_analysis.training.folder import Folder
from kpi_analysis.training.given import text, texts

HOW_MANY = 5
# Rule -> (a wording that trips it, a better one); a test runs both through the check.
EXAMPLES = {
    "R01": (
        "Introduce a new booking system for repairs",
        "Tenants get a repair on the day they were promised",
    ),
    "R02": (
        "Residents receive high-quality care",
        "Residents who ring the bell are answered before they ring again",
    ),
    "R03": (
        "Passengers arrive on time and drivers feel respected",
        "Passengers reach the last stop when the timetable says",
    ),
    "R04": ("Scrap falls by 10 % by December", "Each roll of steel becomes parts that can be sold"),
    "R05": ("Be the best", "Parcels arrive undamaged"),
}
_GRAVE = ("R01", "R05")  # no measure can come of these; the others need another word or two
_WHY = {rule.id: rule.why for rule in WORD_RULES}


def remarks_on(exercise: str, wording: str) -> list[Remark]:
    """Give what the design check says of a result: found, why, the question back, an example."""
    return [
        Remark(
            f"{exercise}.{rule}",
            f"{_subject(hit.found)} {hit.found}: {_WHY[rule]}."
            f" {_asked_back(rule, hit.better, wording)}"
            f" Instead of “{EXAMPLES[rule][0]}”, for example, “{EXAMPLES[rule][1]}”.",
        )
        for rule, hit in lint_wording(About.RESULT, wording)
    ]


def _subject(found: str) -> str:
    return "The word" if found.startswith("'") else "It"


def _asked_back(rule: str, better: str, wording: str) -> str:
    if rule != "R02":
        return better
    said = dict.fromkeys(word for word in words_of(wording) if word in WEASELS)
    return " ".join(f"{word}: {WEASELS[word]}" for word in said) or better


def result(given: object) -> Answer:
    """Check the wording of one result."""
    wording, exercise = text(given), "T01.result"
    if not wording:
        return unanswered(exercise, "write one sentence that says what is so, and for whom.")
    remarks = remarks_on(exercise, wording)
    made = Fields({"result": wording})
    if not remarks:
        words = "it says what is so and for whom, without a target, an action or a second result."
        return right(exercise, words, made)
    if any(one.hint.endswith(_GRAVE) for one in remarks):
        return remarked(State.WRONG, remarks)
    return remarked(State.HALF, remarks, made)


def results_map(given: object) -> Answer:
    """Check five results, the one on top first; they become the learner's results map."""
    wordings, exercise = texts(given), "T01.map"
    if not wordings:
        return unanswered(exercise, "write the result on top first, then four that lead to it.")
    is_topped = not isinstance(given, list | tuple) or bool(text(given[0]))
    remarks = [*_twice(exercise, wordings), *_each(exercise, wordings)]
    if len(wordings) < HOW_MANY:
        open_ones = HOW_MANY - len(wordings)
        remarks.insert(0, Remark(f"{exercise}.open", f"{open_ones} of {HOW_MANY} still to write."))
    if len(wordings) > HOW_MANY:
        words = f"{len(wordings)} are too many for a first map: keep {HOW_MANY}."
        remarks.insert(0, Remark(f"{exercise}.too-many", words))
    if not is_topped:
        words = "The first place is empty: the large result, to which the others lead."
        return remarked(State.HALF, [Remark(f"{exercise}.top", words), *remarks])
    made = Results(tuple(wordings[:HOW_MANY]))
    if remarks:
        return remarked(State.HALF, remarks, made)
    return right(exercise, "five results, each a sentence of its own: the map can be drawn.", made)


def _each(exercise: str, wordings: list[str]) -> Iterator[Remark]:
    for n, wording in enumerate(wordings[:HOW_MANY], 1):
        for one in remarks_on(exercise, wording):
            yield Remark(one.hint, f"Result {n}: {one.words[0].lower()}{one.words[1:]}")


def _twice(exercise: str, wordings: list[str]) -> Iterator[Remark]:
    if len({one.casefold() for one in wordings}) < len(wordings):
        yield Remark(f"{exercise}.twice", "Two of them are the same sentence.")


def drawn(folder: Folder) -> Html:
    """Draw the learner's results map; say in words where there is none yet."""
    from kpi_analysis.charts.tree import tree
    from kpi_analysis.records.workspace import open_workspace
    from kpi_analysis.review.results_map import results_map as joined
    from kpi_analysis.training.frames import drawings, said

    try:
        workspace = open_workspace(folder.workspace) if folder.is_course else None
    except KpiError as error:
        return said(str(error))
    if workspace is None or workspace.results is None:
        return said("Five results, kept by the check above, draw a map here.")
    picture = joined(workspace.results, workspace.measures, {})
    return drawings(tree(picture), picture.alt)


def exercises(_folder: Folder) -> Mapping[str, Callable[[object], Answer]]:
    """Give the checkers of this lesson."""
    return {"result": result, "map": results_map}


def shows(folder: Folder) -> Mapping[str, Callable[[], Html]]:
    """Give what this lesson shows."""
    return {"map": lambda: drawn(folder)}
