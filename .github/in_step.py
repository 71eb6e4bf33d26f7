"""Note down that the English and the Portuguese notebooks say the same, cell by cell.

    python .github/in_step.py                       after a change to both editions
    python .github/in_step.py --as-is 02/sgd-loop   where one edition alone had a misprint, say

For each cell, tests/editions.json holds a fingerprint of both editions. A test compares them with the notebooks, so
that a change to one edition is not forgotten in the other.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import publish

ROOT = Path(__file__).resolve().parents[1]
NOTED = Path("tests", "editions.json")


def main(arguments: list[str] | None = None, root: Path = ROOT) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--as-is", nargs="+", default=[], metavar="CELL", help="cells that need a change in one edition only"
    )
    options = parser.parse_args(arguments)
    now, noted = fingerprints(root), read_noted(root)
    unknown = sorted(set(options.as_is) - now.keys())
    if unknown:
        parser.error(f"there is no cell {', '.join(unknown)}; cells are named like {min(now)}")
    behind = {cell: edition for cell, edition in out_of_step(now, noted).items() if cell not in options.as_is}
    for cell, edition in behind.items():
        print(
            f"{cell}: only the {edition} edition was changed. Change the other one as well, or name it with --as-is."
        )
    if behind:
        sys.exit(1)
    (root / NOTED).write_bytes((json.dumps(now, indent=0) + "\n").encode())  # the same line ends everywhere
    anew = sum(noted.get(cell) != both for cell, both in now.items())
    print(f"{len(now)} cells are in step; {anew} were noted down anew.")


def fingerprints(root: Path) -> dict[str, list[str]]:
    """Return for each cell, by notebook and id, a fingerprint of the English and of the Portuguese one."""
    english, portuguese = (editions(root / folder) for folder in publish.READMES.values())
    cells = list(dict.fromkeys([*english, *portuguese]))
    return {cell: [english.get(cell, ""), portuguese.get(cell, "")] for cell in cells}


def editions(folder: Path) -> dict[str, str]:
    """Return the fingerprint of each cell of one edition; what publishing writes is left out of it."""
    found = {}
    for path in sorted(folder.glob("[0-9]*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            text = publish.NOTEBOOK_LINK.sub("", publish.SETUP_LINE.sub("", publish.source(cell)))
            found[f"{path.name[:2]}/{cell['id']}"] = hashlib.sha256(text.encode()).hexdigest()[:12]
    return found


def read_noted(root: Path) -> dict[str, list[str]]:
    path = root / NOTED
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def out_of_step(now: dict[str, list[str]], noted: dict[str, list[str]]) -> dict[str, str]:
    """Return the cells that were changed in one edition only since they were noted down, and which that is."""
    changed = {
        cell: [a != b for a, b in zip(both, noted.get(cell, ["", ""]), strict=True)]
        for cell, both in now.items()
    }
    return {
        cell: "English" if of_english else "Portuguese"
        for cell, (of_english, other) in changed.items()
        if of_english != other
    }


if __name__ == "__main__":
    main()
