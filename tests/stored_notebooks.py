"""The notebooks as they are stored, for the tests that read them."""

import nbformat

from helpers.data import DATA

ROOT = DATA.parent
PATHS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))  # not my_*, a student's own copies


def read(path):
    return nbformat.read(path, as_version=4)


def tags(cell):
    return cell.metadata.get("tags", [])
