"""environment.yml and the lock file say the same as pyproject.toml, their one source."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]

# Where conda-forge's name is not PyPI's. The -base and -core packages leave out a GUI or LaTeX;
# conda's dask holds what PyPI's extras dataframe and distributed add.
CONDA_NAMES = {
    "PyYAML": "pyyaml",
    "matplotlib": "matplotlib-base",
    "seaborn": "seaborn-base",
    "nbconvert": "nbconvert-core",
    "playwright": "playwright-python",
    "types-PyYAML": "types-pyyaml",
    "duckdb": "python-duckdb",
    "SQLAlchemy": "sqlalchemy",
}
NOT_ON_CONDA_FORGE = {"axe-playwright-python"}
DEVELOPERS_EXTRAS = ("dev",)


def split(requirement):
    name, bounds = re.fullmatch(r"([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?(.*)", requirement).groups()
    return name, bounds.strip()


@pytest.fixture(scope="module")
def pyproject():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def environment():
    return yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def wanted(pyproject):
    extras = pyproject["optional-dependencies"]
    lines = [*pyproject["dependencies"], *(x for name in DEVELOPERS_EXTRAS for x in extras[name])]
    return dict(split(line) for line in lines)


def test_conda_has_every_dependency_with_the_same_bounds(pyproject, environment):
    plain = [one for one in environment["dependencies"] if isinstance(one, str)]
    (pip,) = [one["pip"] for one in environment["dependencies"] if isinstance(one, dict)]
    given = dict(split(line) for line in [*plain, *(x for x in pip if x != "-e .")])
    expected = {CONDA_NAMES.get(name, name): bounds for name, bounds in wanted(pyproject).items()}
    expected |= {"python": pyproject["requires-python"], "pip": ""}
    assert given == expected


def test_pip_in_conda_installs_this_checkout_and_what_conda_lacks(environment):
    (pip,) = [one["pip"] for one in environment["dependencies"] if isinstance(one, dict)]
    assert {split(line)[0] for line in pip if line != "-e ."} == NOT_ON_CONDA_FORGE
    assert pip[-1] == "-e ."


def test_the_lock_file_holds_every_dependency_with_hashes_and_no_address(pyproject):
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    pins = re.findall(
        r"^([a-z0-9._-]+)==\S+.*?((?:\n +--hash=sha256:[0-9a-f]{64}.*?)+)", text, re.M
    )
    locked = {name for name, _ in pins}
    missing = {re.sub(r"[._]", "-", name.lower()) for name in wanted(pyproject)} - locked
    assert not missing
    assert len(re.findall(r"^[a-z0-9._-]+==", text, re.M)) == len(pins)
