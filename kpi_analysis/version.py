"""The version of this package, as its own metadata has it."""

from importlib.metadata import version

VERSION = version("kpi-analysis")
