"""The layout of the code holds: order of stations, drawing only, notebook rules, lazy door."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "kpi_analysis"
STATIONS = ["errors", "version", "periods", "definitions", "records", "signals", "review", "charts",
            "packs", "prompt", "training", "commands", "cli"]  # fmt: skip
NOT_FOR_SIGNALS = {"definitions", "records"}
DECIDES = {"pandas", "signals", "records", "definitions"}
SIGNALS_MAY = {"numpy", "pandas", "kpi_analysis"}
MODULES = sorted(PACKAGE.rglob("*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"))


def station(path):
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[0]


def imports(path):
    """All dotted names a module imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


def own(path):
    return {name.split(".")[1] for name in imports(path) if name.startswith("kpi_analysis.")}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_from_its_own_station_or_an_earlier_one(path):
    here = station(path)
    if here in ("__init__", "__main__"):
        return  # the door names every station
    used = own(path)
    assert used <= set(STATIONS[: STATIONS.index(here) + 1])
    if here == "signals":
        assert not used & NOT_FOR_SIGNALS
        others = {name.split(".")[0] for name in imports(path)} - set(sys.stdlib_module_names)
        assert others <= SIGNALS_MAY
    if here == "definitions":
        assert not {name.split(".")[0] for name in imports(path)} & {"pandas", "matplotlib"}
    if here == "charts":
        outside = {name.split(".")[0] for name in imports(path)} | used
        assert not outside & DECIDES, "charts draw what is worked out"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_charts_draw(path):
    drawing = {name.split(".")[0] for name in imports(path)} & {"matplotlib", "seaborn"}
    assert not drawing or station(path) == "charts"


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("__init__.py")), ids=str)
def test_a_station_opens_with_its_docstring_and_nothing_else(path):
    if path.parent != PACKAGE:
        body = ast.parse(path.read_text(encoding="utf-8")).body
        assert len(body) == 1
        assert isinstance(body[0].value, ast.Constant)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebooks_only_call_and_show(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code":
            continue
        assert not cell["outputs"]
        assert cell["execution_count"] is None
        assert len(source.splitlines()) <= 10
        tree = ast.parse("\n".join(x for x in source.splitlines() if not x.startswith(("%", "!"))))
        forbidden = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
        assert not [node for node in ast.walk(tree) if isinstance(node, forbidden)]
        modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        assert not [name for name in modules if name.startswith("kpi_analysis.")], "the one door"


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks" / "packs").glob("*.ipynb")), ids=str)
def test_pack_notebooks_take_parameters_in_one_tagged_cell(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    tagged = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
    assert len(tagged) == 1
    names = [node.targets[0].id for node in ast.parse("".join(tagged[0]["source"])).body]
    about = ["team"] if path.stem == "team_pack" else []  # the others are about all teams
    assert names == ["workspace", *about, "period", "made_on"]


def loaded(statement):
    code = (
        f"import sys; {statement}; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_door_is_lazy():
    heavy = {"matplotlib", "seaborn", "papermill", "nbconvert", "pandas", "numpy", "pydantic"}
    assert not loaded("import kpi_analysis") & heavy


def test_detect_needs_numpy_and_pandas_only():
    code = "import kpi_analysis as kpi, pandas as pd; "
    code += "kpi.detect(pd.DataFrame({'period': [1, 2], 'value': [1.0, 2.0]}), by=())"
    heavy = {"matplotlib", "seaborn", "papermill", "nbconvert", "pydantic", "yaml", "scipy"}
    assert not loaded(code) & heavy


def test_every_name_of_the_door_is_there_and_documented():
    import kpi_analysis

    assert dir(kpi_analysis) == sorted(kpi_analysis.__all__)
    for name in kpi_analysis.__all__:
        assert (getattr(kpi_analysis, name).__doc__ or "").strip(), name
    with pytest.raises(AttributeError, match="kpi_analysis has no 'dtect'"):
        _ = kpi_analysis.dtect


def test_no_top_level_folder_but_the_five():
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\n")  # fmt: skip
    folders = {line.split("/")[0] for line in tracked if "/" in line}
    named = {one for one in folders if not one.startswith(".")}
    assert named <= {"notebooks", "kpi_analysis", "reports", "data", "tests"}
