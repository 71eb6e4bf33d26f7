"""The notebooks as they are stored, for the tests that read them."""

import importlib.util
import re

import nbformat

from helpers.data import DATA

ROOT = DATA.parent
ENGLISH = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))  # not my_*, a student's own copies
PORTUGUESE = sorted((ROOT / "notebooks" / "pt-br").glob("[0-9]*.ipynb"))
PATHS = [*ENGLISH, *PORTUGUESE]


def read(path):
    return nbformat.read(path, as_version=4)


def tags(cell):
    return cell.metadata.get("tags", [])


def exercises(notebook):
    """Return the position of each exercise's code cell."""
    return [i for i, cell in enumerate(notebook.cells) if "exercise" in tags(cell)]


def folded(cell):
    """Return the summary and the body of each folded part of a cell."""
    return re.findall(
        r"<details>\n<summary>(.*?)</summary>\n\n(.*?)\n\n</details>", cell.source, flags=re.DOTALL
    )


def solution(cell):
    """Return the code of a cell's folded solution, which is its last folded part."""
    _, body = folded(cell)[-1]
    [code] = re.findall(r"```python\n(.*?)```", body, flags=re.DOTALL)
    return code


def text_of(cell):
    """Return what a cell's last expression shows, without what it prints."""
    return "\n".join(output.data.get("text/plain", "") for output in cell.outputs if "data" in output)


def source_of(notebook, name):
    """Return the source of the cell with this id."""
    return next(cell.source for cell in notebook.cells if cell.id == name)


def answered(notebook, place):
    """Return the source of the exercise at this position with its folded solution in place of the stub."""
    return solution(notebook.cells[place + 1]) + "\n\n" + notebook.cells[place].source.splitlines()[-1]


def maintainers_command(name):
    """Return one of the programs in .github/ as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / ".github" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
