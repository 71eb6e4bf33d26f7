"""The data as published, and that no module loads what a student may not need."""

import hashlib
import subprocess
import sys

import pytest
from stored_notebooks import ROOT

from helpers.data import DATA


@pytest.mark.parametrize("readme", ["README.md", "README.pt-br.md"])
@pytest.mark.parametrize(("pattern", "algorithm"), [("*.csv", "sha256"), ("MNIST/raw/*.gz", "md5")])
def test_data_are_the_files_whose_checksums_their_readme_gives(pattern, algorithm, readme):
    text, files = (DATA / readme).read_text(encoding="utf-8"), sorted(DATA.glob(pattern))
    assert files
    assert not [f.name for f in files if hashlib.new(algorithm, f.read_bytes()).hexdigest() not in text]


@pytest.mark.parametrize(
    ("modules", "unwanted"),
    [
        (
            "helpers.models, helpers.data, helpers.training",
            ["torchvision", "pandas", "sklearn", "matplotlib"],
        ),
        ("helpers.plotting", ["torchvision", "pandas", "sklearn"]),
        ("helpers.errors", ["torch", "torchvision", "pandas", "sklearn", "matplotlib"]),
    ],
)
def test_importing_a_module_loads_nothing_heavy_that_it_may_not_need(modules, unwanted):
    code = f"import sys, {modules}; print([m for m in {unwanted} if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert result.stdout.strip() == "[]", result.stderr
