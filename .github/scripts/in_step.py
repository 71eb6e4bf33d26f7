"""Note down that the English and the Portuguese notebooks say the same, cell by cell.

    python .github/scripts/in_step.py                after a change to both editions
    python .github/scripts/in_step.py 02/one-step    where one edition alone had a misprint, say

Each Portuguese cell carries, in its metadata under "in_step", a fingerprint of the English cell that it translates and
one of itself, as they were when this was run last. A test compares them with the cells, so that a change to one edition
is not forgotten in the other.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = re.compile(r"COURSE_URL, |.*\(https://colab\.research\.google\.com/")


def main(arguments: list[str] | None = None, root: Path = ROOT) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cells", nargs="*", help="cells that needed a change in one edition only")
    as_is = parser.parse_args(arguments).cells
    complaints = []
    for english, portuguese in zip(*editions(root), strict=True):
        number, original, translation = portuguese.name[:2], read(english), read(portuguese)
        alone = {cell.id for cell in original.cells} ^ {cell.id for cell in translation.cells}
        complaints += [f"{number}/{name}: the cell is in one edition only." for name in sorted(alone)]
        for a, b in twins(original, translation):
            name, now = f"{number}/{b.id}", fingerprints(a, b)
            noted = b.metadata.get("in_step", "- -")
            changed = [x != y for x, y in zip(now.split(), noted.split(), strict=True)]
            if sum(changed) == 1 and name not in as_is:
                edition = "English" if changed[0] else "Portuguese"
                complaints.append(
                    f"{name}: only the {edition} edition was changed. Change both, or name the cell."
                )
            else:
                b.metadata["in_step"] = now
        write(portuguese, translation)
    if complaints:
        sys.exit("\n".join(complaints))
    print("The editions are in step.")


def editions(root: Path = ROOT) -> tuple[list[Path], list[Path]]:
    """Return the paths of the English and of the Portuguese notebooks, without my_*, which are students' copies."""
    english, portuguese = (
        sorted((root / folder).glob("[0-9]*.ipynb")) for folder in ("notebooks", "notebooks/pt-br")
    )
    return english, portuguese


def twins(english: nbformat.NotebookNode, portuguese: nbformat.NotebookNode) -> list[tuple]:
    """Return the cells that both editions of a notebook have, by their ids."""
    by_id = {cell.id: cell for cell in portuguese.cells}
    return [(cell, by_id[cell.id]) for cell in english.cells if cell.id in by_id]


def fingerprint(cell: nbformat.NotebookNode) -> str:
    """Return a few letters that change with a cell's source; the lines that publishing writes do not count."""
    lines = [line for line in cell.source.splitlines() if line and not PUBLISHED.match(line)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def fingerprints(english: nbformat.NotebookNode, portuguese: nbformat.NotebookNode) -> str:
    """Return what a Portuguese cell that is in step carries."""
    return f"{fingerprint(english)} {fingerprint(portuguese)}"


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def write(path: Path, notebook: nbformat.NotebookNode) -> None:
    """Write a notebook as Jupyter does, with the same line ends on every system."""
    path.write_bytes((nbformat.writes(notebook) + "\n").encode())


if __name__ == "__main__":
    main()
