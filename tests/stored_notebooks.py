"""What tests share: the notebooks as they are stored."""

import re
import runpy

import in_step

ROOT, read = in_step.ROOT, in_step.read
ENGLISH, PORTUGUESE = in_step.editions()
PATHS = [*ENGLISH, *PORTUGUESE]


def number(path):
    """Return the number of a notebook, which its name begins with."""
    return int(path.name[:2])


def tags(cell):
    return cell.metadata.get("tags", [])


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


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


def answered(notebook, place):
    """Return the source of the exercise at this position with its folded solution in place of the stub."""
    return solution(notebook.cells[place + 1]) + "\n\n" + notebook.cells[place].source.splitlines()[-1]


def shown(cell):
    """Return all that a cell shows in words."""
    return "\n".join(
        o.get("text") or o.get("data", {}).get("text/plain", "") for o in cell.get("outputs", [])
    )


def source_of(notebook, name):
    """Return the source of the cell with this id."""
    return next(cell.source for cell in notebook.cells if cell.id == name)


def claims_of(path):
    """Return what must hold after each cell of a notebook: {id: [(expression, words that it holds), ...]}."""
    file = ROOT / "tests" / "claims" / f"notebook_{number(path)}.py"
    claims = {}
    for cell, expression, words in runpy.run_path(str(file))["CLAIMS"] if file.exists() else []:
        claims.setdefault(cell, []).append((expression, words))
    return claims
