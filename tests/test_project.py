"""The layout, and what the project promises about what it installs and imports."""

import ast
import re
import subprocess
import sys

import pytest

from helpers.data import DATA
from helpers.mnist import FILES, RAW

ROOT = DATA.parent


def requirements(name="requirements.txt"):
    lines = (ROOT / name).read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def version(text):
    return tuple(int(part) for part in text.split("."))


def test_top_level_is_as_agreed():
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listing.returncode:
        pytest.skip("not a git checkout")
    names = {line.split("/")[0] for line in listing.stdout.splitlines()}
    agreed = {"notebooks", "helpers", "data", "tests", "requirements.txt", "README.md", "LICENSE"}
    assert {name for name in names if not name.startswith(".")} <= agreed


def test_requirements_have_lower_bounds_only():
    assert all(re.fullmatch(r"[a-z-]+>=[\d.]+", line) for line in requirements())


def test_requirements_accept_what_colab_has():
    bounds = dict(line.split(">=") for line in requirements())
    colab = dict(line.split("==") for line in requirements("tests/constraints-colab.txt"))
    assert {"torch", "torchvision", "numpy"} <= bounds.keys() & colab.keys()
    for package in bounds.keys() & colab.keys():
        assert version(bounds[package]) <= version(colab[package]), package


def test_data_readme_gives_the_checksums_of_the_files():
    import hashlib

    text = (DATA / "README.md").read_text(encoding="utf-8")
    bikes = hashlib.sha256((DATA / "bike_sharing_2011.csv").read_bytes()).hexdigest()
    archives = [hashlib.md5((DATA / RAW / f"{name}.gz").read_bytes()).hexdigest() for name in FILES]
    assert all(checksum in text for checksum in [bikes, *archives])


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("models", ["torchvision", "pandas", "sklearn", "matplotlib"]),
        ("data", ["torchvision", "pandas", "sklearn", "matplotlib"]),
        ("training", ["torchvision", "pandas", "sklearn", "matplotlib"]),
        ("plotting", ["torchvision", "pandas", "sklearn"]),
        ("notebook", ["torch", "torchvision", "pandas", "sklearn", "matplotlib"]),
    ],
)
def test_importing_a_module_loads_nothing_heavy_that_it_may_not_need(module, unwanted):
    code = f"import sys, helpers.{module}; print([m for m in {unwanted} if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert result.stdout.strip() == "[]", result.stderr


def test_helpers_rely_on_no_one_system():
    # Windows has no fork and another separator; Path joins names on every system.
    for path in (ROOT / "helpers").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                assert node.attr not in ("fork", "set_start_method", "getuid", "sep"), path.name
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not re.match(r"(/[a-z]+/|[A-Z]:\\|~)", node.value), (path.name, node.value)


def test_datasets_are_defined_in_modules_that_worker_processes_can_import():
    from torch.utils.data import Dataset

    import helpers.data

    for name in ("CSVDataset", "ImageDataset"):
        assert issubclass(getattr(helpers.data, name), Dataset)
        assert getattr(helpers.data, name).__module__ == "helpers.data"


@pytest.mark.parametrize("system", ["ubuntu", "macos", "windows"])
def test_workflow_runs_the_tests_on_every_system_and_on_the_oldest_python(system):
    workflow = (ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8")
    oldest = re.search(r"Python (3\.\d+) or newer", (ROOT / "README.md").read_text(encoding="utf-8"))[1]
    assert f"{system}-latest" in workflow and f'"{oldest}"' in workflow
