"""A measure split by a column of its raw records: a value for each part, by its own definition."""

from __future__ import annotations

from contextlib import closing

from kpi_analysis.definitions.measures import Measure
from kpi_analysis.definitions.settings import Team
from kpi_analysis.errors import DefinitionError, Level, RecordError
from kpi_analysis.records.asked import Asker
from kpi_analysis.records.cases import select_of
from kpi_analysis.records.cells import or_known
from kpi_analysis.records.collect import Collector
from kpi_analysis.records.logs import LOGS, Log
from kpi_analysis.records.series_table import SeriesTable
from kpi_analysis.records.sources import fault
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.organisation import review_teams


def by_column(
    workspace: Workspace, whole: MeasureReview, column: str
) -> list[tuple[str, MeasureReview]]:
    """Give a review for each word of a column of the raw records, in the order of the words.

    Every part is worked out as the whole is, up to the same period, with limits of its own. The
    logs are about the whole: they are left out. Raises DefinitionError where the measure keeps
    no raw records or they have no such column, RecordError where a part cannot be read.
    """
    measure = whole.measure
    columns = _columns(workspace, measure)
    if column not in columns:
        message = f"the records of '{measure.id}' have no column '{column}'"
        raise DefinitionError(fault(message + or_known(column, columns), field="data.split"))
    cases = _of_team(measure, whole.team, columns)
    named = measure.data.columns.model_copy(update={"team": column})
    data = measure.data.model_copy(update={"records": cases, "columns": named})
    split = _read(workspace, measure.model_copy(update={"data": data}))
    reviews = review_teams(split, whole.period)
    return [(part, one) for part in sorted(reviews) for one in reviews[part].measures]


def _columns(workspace: Workspace, measure: Measure) -> list[str]:
    """Give the columns of the raw records, of which not one row is fetched."""
    if not measure.data.records:
        message = (
            f"'{measure.id}' keeps no raw records to split: name them in data.records, or split a "
            "table of your own with kpi.split(frame, by=...)"
        )
        raise DefinitionError(fault(message, field="data.records"))
    if "$team" in measure.data.records:
        message = f"the records of '{measure.id}' use $team: name its column, to split them"
        raise DefinitionError(fault(message, field="data.records"))
    none = f"SELECT * FROM ({select_of(measure)}) AS cases LIMIT 0"  # noqa: S608 checked by read_query
    data = measure.data.model_copy(update={"records": None, "query": none})
    asker = Asker(workspace.root, workspace.settings)
    with closing(asker):
        table = asker.table(measure.model_copy(update={"data": data}))
    if table is None:
        raise DefinitionError(asker.findings)
    return [str(name) for name in table.rows.columns]


def _of_team(measure: Measure, team: str, columns: list[str]) -> str:
    """Give the SELECT for the cases of one team."""
    named = measure.data.columns.team or "team"
    if named not in columns:
        return select_of(measure)
    name, word = named.replace('"', '""'), team.replace("'", "''")
    own = f"CAST(\"{name}\" AS VARCHAR) = '{word}'"
    return f"SELECT * FROM ({select_of(measure)}) AS cases WHERE {own}"  # noqa: S608 checked by read_query


def _read(workspace: Workspace, measure: Measure) -> Workspace:
    """Read the measure as a workspace of its own, in which every part is a team."""
    settings = workspace.settings.model_copy(update={"teams": {}})
    collector = Collector(workspace.root, settings, {measure.id: measure}, set())
    with closing(collector.asker):
        series = SeriesTable(collector.tables())
    errors = [one for one in (*collector.findings, *series.faults) if one.level is Level.ERROR]
    if errors:
        raise RecordError(errors)
    return Workspace(
        root=workspace.root,
        settings=settings,
        measures={measure.id: measure},
        teams={part: Team(name=part) for part, _ in series},
        series=series,
        **dict.fromkeys(LOGS, Log(None)),
        results=None,
        findings=(),
        earlier=workspace.earlier,
    )
