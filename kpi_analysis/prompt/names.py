"""What is in hand answers a wrong name with the right one, as its keys do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpi_analysis.definitions.nearest import did_you_mean, nearest


class Suggesting:
    """A thing at the prompt: its names complete, and a misspelt one is answered.

    >>> import kpi_analysis as kpi
    >>> kpi.xmr([3, 5, 4, 6, 4, 5]).chrat()
    Traceback (most recent call last):
    AttributeError: no 'chrat' here: did you mean 'chart'?
    """

    def __dir__(self) -> list[str]:
        """Offer what people call, and none of what Python keeps for itself."""
        return [name for name in super().__dir__() if not name.startswith("_")]

    if not TYPE_CHECKING:  # a type checker would take any name for a right one

        def __getattr__(self, name: str) -> None:
            """Answer a name that is not there."""
            near = "" if name.startswith("_") else did_you_mean(nearest(name, dir(self)))
            raise AttributeError(f"no '{name}' here{near}", name=name, obj=self)
