"""The rows of a log by team, told apart once: a thousand teams cost one pass over it."""

from __future__ import annotations

import numpy as np
import pandas as pd


class ByTeam:
    """Where the rows of each team lie in a log; those without a team are about all of them."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self._rows = rows
        found = rows.groupby("team").indices
        self._places = {str(team): places for team, places in found.items()}

    def of(self, *teams: str) -> pd.DataFrame:
        """Give the rows about these teams and about all, in the order of the log."""
        places = [self._places[team] for team in ("", *teams) if team in self._places]
        return self._rows.iloc[np.sort(np.concatenate(places)) if places else []]
