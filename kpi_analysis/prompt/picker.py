"""A choice of team, measure and rule set, for a notebook that runs: chart and reading follow it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import ipywidgets
from IPython.display import display
from markupsafe import Markup, escape

from kpi_analysis.errors import KpiError
from kpi_analysis.prompt.measure import MeasureView
from kpi_analysis.signals.rules import RULE_SETS

Options = Sequence[tuple[str, str]]
"""What a list offers: (words, id) each."""

SENTENCE = (
    "In JupyterLab this is a choice of team, measure and rule set; ws[team, measure] and its "
    "rule_sets() do the same."
)
_WIDGET = "application/vnd.jupyter.widget-view+json"
# On an exported page lists would choose nothing: no kernel. Only exports have this script.
_NOT_EXPORTED = Markup(
    ".jp-OutputArea-child:has(.kpi-pick)+.jp-OutputArea-child:has("
    'script[type="application/vnd.jupyter.widget-view+json"]){display:none}'
)


class Picker:
    """Three lists and what they choose, as `shown`; Jupyter shows it, a page says the sentence.

    `teams` are offered with the measures of each; `show` gives what is chosen by its ids, the
    rule set "" being that of the definition. `first` are the ids to begin with.
    """

    def __init__(
        self,
        teams: Options,
        measures: Mapping[str, Options],
        show: Callable[[str, str, str], MeasureView],
        first: tuple[str, str],
    ) -> None:
        rules = (("as defined", ""), *((name, name) for name in RULE_SETS))
        self._measures, self._show = measures, show
        team, measure = first
        self.team = ipywidgets.Dropdown(options=teams, value=team, description="Team")
        self.measure = ipywidgets.Dropdown(
            options=measures[team], value=measure, description="Measure", layout={"width": "auto"}
        )
        self.rules = ipywidgets.Dropdown(options=rules, description="Rule set")
        self.shown = ipywidgets.HTML()
        self.team.observe(self._offer, "value")
        for each in (self.measure, self.rules):
            each.observe(self._draw, "value")
        self._draw()

    def _offer(self, _change: object) -> None:
        """Offer the team's measures; what was chosen stays so where the team has it too."""
        offered, kept = self._measures[self.team.value], self.measure.value
        self.measure.unobserve(self._draw, "value")  # or it would be drawn three times
        self.measure.options = offered
        self.measure.value = kept if kept in {id for _, id in offered} else offered[0][1]
        self.measure.observe(self._draw, "value")
        self._draw()

    def _draw(self, _change: object = None) -> None:
        try:
            view = self._show(self.team.value, self.measure.value, self.rules.value)
            self.shown.value = view._repr_html_()
        except KpiError as error:  # a draft has no chart: the reason stands in its place
            self.shown.value = str(escape(error))

    def _ipython_display_(self) -> None:
        page = Markup('<style>{}</style><p class="kpi-pick">{}</p>').format(_NOT_EXPORTED, SENTENCE)
        _show({"text/html": page, "text/plain": SENTENCE})
        box = ipywidgets.VBox([self.team, self.measure, self.rules, self.shown])
        # where no widgets are, nothing stands for them: the sentence is there already
        _show({_WIDGET: box._repr_mimebundle_()[_WIDGET], "text/html": ""})

    def __repr__(self) -> str:
        return SENTENCE


def _show(data: Mapping[str, object]) -> None:
    display(data, raw=True)  # type: ignore[no-untyped-call]
