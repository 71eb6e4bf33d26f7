"""A student changes the obvious numbers, in all cells at once, and runs on: each lesson gets to its end."""

import itertools
import re

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell
from stored_notebooks import ENGLISH, code_cells, read

# What a number is called, and the factors by which those of this name are changed in turn: some up, more of them in
# the direction in which the notebook takes less time.
FACTORS = {
    "lr|rates?|learning_rates?": [3, 0.25],
    "batch_sizes?": [3, 0.5, 3, 3, 3],
    "epoch|(?:num_|max_)?epochs": [1.4, 0.2, 0.2, 0.2],
    "iterations?|steps": [1.5, 0.2, 0.2, 0.2, 0.2],
}
# lr=0.1, "lr": 0.1, rates = [0.1, 1], for learning_rate in (0.1, 1), for epoch in range(1, 31)
VALUES = r'(?:"?: | ?= ?| in )(?:range)?[\[(]?[\d., e-]*\d'
NUMBER = r"(?<![\w.])\d[\d.]*(?:e-?\d+)?"
SEED = r"\b((?:seed_everything|manual_seed)\(|(?:seed|random_state) ?= ?)(\d+)"


def other(number, factor):
    """Return a number as it stands in the code, changed by a factor; a whole one stays one, and at least 1."""
    new = float(number) * factor
    return str(max(1, round(new))) if number.isdigit() else f"{new:g}"


def changed(sources):
    """Return the sources of a notebook's cells with other learning rates, batch sizes, steps, epochs and seeds."""
    for names, factors in FACTORS.items():
        turns = itertools.cycle(factors)

        def with_others(values, turns=turns):
            factor = next(turns)
            return re.sub(NUMBER, lambda number: other(number[0], factor), values[0])

        sources = [re.sub(rf"\b(?:{names}){VALUES}", with_others, source) for source in sources]
    return [re.sub(SEED, lambda seed: seed[1] + str(int(seed[2]) + 100), source) for source in sources]


# Notebook 6 takes this for Windows, where torchrun does not work.
WINDOWS = "from helpers import processes; processes.os = type('os', (), {'name': 'nt'})"


@pytest.mark.weekly
@pytest.mark.parametrize("path", ENGLISH, ids=lambda path: path.stem)
def test_notebook_runs_to_its_end_with_other_numbers(path):
    notebook = read(path)
    cells = code_cells(notebook)
    for cell, source in zip(cells, changed([cell.source for cell in cells]), strict=True):
        cell.source = source
    if path == ENGLISH[5]:
        notebook.cells.insert(notebook.cells.index(cells[0]) + 1, new_code_cell(WINDOWS))
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()
    assert ("Use WSL or Colab" in str([cell.outputs for cell in cells])) == (path == ENGLISH[5])
