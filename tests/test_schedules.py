"""README.md's lines for a run every month hold: dates, names and options, off the platforms."""

import re
import runpy
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatch
from importlib.metadata import entry_points
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import MagicMock

import jinja2
import papermill
import pytest
import typer
import yaml

from kpi_analysis.cli import app

ROOT = Path(__file__).resolve().parents[1]
SECTION = (ROOT / "README.md").read_text(encoding="utf-8").split("## Every month by itself\n")[1]
SECTION = SECTION.split("\n## ")[0]
CRON = re.search(r"^    (15 6 3 \* \*)  (.+)$", SECTION, re.M)
WORKFLOW = yaml.safe_load(re.search(r"```yaml\n(.+?)```", SECTION, re.S)[1])
DAG = re.search(r"```python\n(.+?)```", SECTION, re.S)[1]
STEPS = WORKFLOW["jobs"]["packs"]["steps"]
SETUP, PACKS = (step["run"] for step in STEPS if "run" in step)

MONTH_BEFORE = {
    "2025-03-03": "2025-02",
    "2025-03-08": "2025-02",  # 08 is no octal number
    "2025-03-29": "2025-02",
    "2025-03-31": "2025-02",
    "2024-03-30": "2024-02",
    "2025-01-31": "2024-12",
    "2025-12-31": "2025-11",
}
FAKE_DATE = """#!/bin/sh
if [ "$1" = -d ]; then exec {date} -d "{today} $2" "$3"; fi
exec {date} -d {today} "$@"
"""


def asked(command, today, place):
    """What /bin/sh has `kpi` do on a day, in a folder that stands for /srv/kpi."""
    stubs = {
        ".venv/bin/kpi": '#!/bin/sh\necho "$@"\n',
        "bin/date": FAKE_DATE.format(date=shutil.which("date"), today=today),
    }
    for name, text in stubs.items():
        (place / name).parent.mkdir(parents=True)
        (place / name).write_text(text)
        (place / name).chmod(0o755)
    words = ["/bin/sh", "-c", command.replace("/srv/kpi", str(place))]
    path = {"PATH": f"{place / 'bin'}:/usr/bin:/bin"}  # cron knows no longer one
    done = subprocess.run(words, env=path, cwd=place, capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.skipif(sys.platform != "linux", reason="NOT TESTED: the lines are for GNU date")
@pytest.mark.parametrize(("today", "month"), MONTH_BEFORE.items())
def test_cron_and_workflow_ask_for_the_month_before(today, month, tmp_path):
    assert not re.search(r"(?<!\\)%", CRON[2]), "cron ends a command at a bare %"
    for name, command in {"cron": CRON[2].replace("\\%", "%"), "workflow": PACKS}.items():
        expected = ["packs", "my-org", "--period", month]
        assert asked(command, today, tmp_path / name) == expected


def test_the_workflow_sets_up_by_make_and_keeps_what_is_there_after_a_fault():
    assert WORKFLOW[True]["schedule"] == [{"cron": CRON[1]}]  # YAML 1.1 reads `on` as true
    assert re.search(rf"^{SETUP.removeprefix('make ')}:", (ROOT / "Makefile").read_text(), re.M)
    upload = STEPS[-1]
    assert (upload["uses"].split("@")[0], upload["if"]) == ("actions/upload-artifact", "always()")
    assert fnmatch("reports/2025-03", upload["with"]["path"])
    assert not fnmatch("reports/README.md", upload["with"]["path"])


@pytest.fixture
def airflow(monkeypatch, tmp_path):
    """The names that the DAG file leaves, run with stand-ins for Airflow's modules."""
    for module in re.findall(r"^from (airflow\S*) import", DAG, re.M):
        monkeypatch.setitem(sys.modules, module, MagicMock())
    (tmp_path / "dag.py").write_text(DAG, encoding="utf-8")
    return SimpleNamespace(**runpy.run_path(str(tmp_path / "dag.py")))


@pytest.mark.parametrize(("today", "month"), MONTH_BEFORE.items())
def test_airflow_asks_for_the_month_before_with_and_without_an_interval(today, month, airflow):
    at = datetime.fromisoformat(today).replace(hour=6, minute=15, tzinfo=UTC)
    macros = SimpleNamespace(timedelta=timedelta)
    template = jinja2.Template(airflow.MONTH, undefined=jinja2.StrictUndefined)
    two = {"data_interval_end": at, "dag_run": SimpleNamespace()}  # Airflow 2 has no run_after
    by_hand = {"dag_run": SimpleNamespace(run_after=at)}  # Airflow 3: a run without logical date
    assert template.render(macros=macros, **two) == month
    assert template.render(macros=macros, **by_hand) == month


def test_airflow_runs_the_command_and_the_notebook_that_are_there(airflow):
    assert airflow.DAG.call_args.kwargs["schedule"] == CRON[1]
    shell, notebook = (
        x.call_args.kwargs for x in (airflow.BashOperator, airflow.PapermillOperator)
    )
    command = "cd /srv/kpi && .venv/bin/kpi packs my-org --period "
    assert shell["bash_command"] == command + airflow.MONTH
    path = ROOT / Path(notebook["input_nb"]).relative_to("/srv/kpi")
    assert notebook["parameters"].keys() == papermill.inspect_notebook(path).keys()
    assert airflow.MONTH in notebook["output_nb"]  # no month is written over another


def test_every_option_of_kpi_and_dask_is_there():
    commands = {"kpi packs": typer.main.get_command(app).commands["packs"]}
    for name in ("scheduler", "worker"):
        commands[f"dask {name}"] = entry_points(group="dask_cli")[name].load()
    for name, command in commands.items():
        lines = re.findall(rf"{name}\b[^`#\n]*", SECTION)
        assert lines
        known = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", " ".join(lines))) <= known
