"""What a month consists of: a pack for every team, and the pages about all of them.

    notebooks/packs/team_pack.ipynb     run once a team      TEAM.html
    notebooks/packs/NAME.ipynb          run once a month     NAME.html, linked from the index

Any other notebook in that folder makes a page about all teams. It takes the parameters
`workspace`, `period` and `made_on`; its metadata may give a `title`, and with `needs` a file of the
workspace without which there is no such page.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kpi_analysis.errors import PackError
from kpi_analysis.packs.fingerprint import fingerprints
from kpi_analysis.packs.jobs import PackJob
from kpi_analysis.packs.notebooks import TEAM_PACK
from kpi_analysis.packs.plan import Plan
from kpi_analysis.packs.publish import MonthFolder, page_names
from kpi_analysis.packs.runner import default_engine
from kpi_analysis.records.workspace import Workspace


@dataclass(frozen=True)
class Target:
    """A page to have: a team's, or (`team` is "") one about all teams.

    `name` is the page's without .html; `fingerprint` says what it is to be made of.
    """

    name: str
    team: str
    title: str
    notebook: Path
    fingerprint: str

    def job(self, plan: Plan, folder: MonthFolder) -> PackJob:
        """Give the job that makes the page, aside of the folder of the period."""
        about = {"team": self.team} if self.team else {}
        common = {"period": str(plan.period), "made_on": plan.made_on}
        return PackJob(
            team=self.team,
            title=f"{self.title}: {plan.period.label}",
            notebook=self.notebook,
            parameters={"workspace": str(plan.workspace), **about, **common},
            page=folder.aside / f"{self.name}.html",
            executed=folder.aside / "notebooks" / f"{self.name}.ipynb",
            engine=plan.engine or default_engine(),
        )


@dataclass(frozen=True)
class Targets:
    """The pages of a month by name, teams first; `index` is the fingerprint of the index."""

    by_name: Mapping[str, Target]
    index: str

    @property
    def page_of(self) -> dict[str, str]:
        """The page's name of every team."""
        return {one.team: one.name for one in self.by_name.values() if one.team}

    @property
    def about_all(self) -> tuple[Target, ...]:
        """The pages about all teams."""
        return tuple(one for one in self.by_name.values() if not one.team)


def targets(workspace: Workspace, plan: Plan, notebooks: Path, folder: MonthFolder) -> Targets:
    """Give what a month of a workspace has. Raises PackError where the team's notebook is absent.

    The notebooks are copied aside as they are now: they may be edited while packs are built.
    """
    texts = {path.stem: path.read_bytes() for path in sorted(notebooks.glob("*.ipynb"))}
    if TEAM_PACK not in texts:
        raise PackError(f"'{notebooks}' has no {TEAM_PACK}.ipynb: put it back")
    for stem, text in texts.items():
        (folder.aside / f"{stem}.ipynb").write_bytes(text)
    pack, names = texts.pop(TEAM_PACK), page_names(texts)
    texts = {stem: text for stem, text in texts.items() if _has_its_file(text, workspace)}
    prints = fingerprints(workspace, plan.period, pack, texts)
    every = [*_packs(workspace, prints.packs, set(names.values()), folder)]
    every += [
        Target(names[stem], "", _title(text, stem), folder.aside / f"{stem}.ipynb", made_of)
        for (stem, text), made_of in zip(texts.items(), prints.pages.values(), strict=True)
    ]
    return Targets({one.name: one for one in every}, prints.index)


def _packs(
    workspace: Workspace, prints: Mapping[str, str], taken: set[str], folder: MonthFolder
) -> Iterator[Target]:
    names = page_names(workspace.teams, taken)
    for team, about in workspace.teams.items():
        title = f"{about.name or team}: review"
        yield Target(names[team], team, title, folder.aside / f"{TEAM_PACK}.ipynb", prints[team])


def _has_its_file(text: bytes, workspace: Workspace) -> bool:
    needs = _metadata(text, "needs")
    return not needs or (workspace.root / needs).exists()


def _title(text: bytes, stem: str) -> str:
    return _metadata(text, "title") or stem.replace("_", " ")


def _metadata(text: bytes, name: str) -> str:
    """Give a word of a notebook's metadata, or ""; what is no notebook is told later."""
    try:
        return str(json.loads(text)["metadata"][name] or "")
    except (ValueError, KeyError, TypeError):
        return ""
