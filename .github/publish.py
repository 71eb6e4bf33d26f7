"""Write the repository's public address into the notebooks and the READMEs.

    python .github/publish.py https://github.com/OWNER/NAME --ref main

Setup cells then know where Colab fetches the course from, and every notebook and README gets a link that opens it in
Colab. It may be run again at any time, with the same address or another: for a fork, or a new ref. Outputs stay.
The links in notebooks are words, not Google's badge: a picture from elsewhere would be asked for each time that
a notebook is opened, offline too.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# The README of each edition, and the folder of the notebooks that it lists.
READMES = {"README.md": "notebooks", "notebooks/pt-br/README.pt-br.md": "notebooks/pt-br"}
BADGE = "https://colab.research.google.com/assets/colab-badge.svg"
# What publishing writes, each in a line of its own.
SETUP_LINE = re.compile(r'^COURSE_URL, COURSE_REF, LANGUAGE = ".*", ".*", ("[\w-]+")$', re.MULTILINE)
NOTEBOOK_LINK = re.compile(
    r"^\*\*\[[^\]]*\]\(https://colab\.research\.google\.com/.*\)\*\*\n\n", re.MULTILINE
)
README_LINKS = re.compile(r"(<!-- colab -->\n).*?(<!-- /colab -->)", re.DOTALL)
WORDS = {'"en"': "Open this notebook in Colab", '"pt-BR"': "Abrir este notebook no Colab"}


def main(arguments: list[str] | None = None, root: Path = ROOT) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url", help="https://github.com/OWNER/NAME")
    parser.add_argument(
        "--ref", default="main", help="branch, tag or full commit id that students get (main)"
    )
    options = parser.parse_args(arguments)
    try:
        repository, ref = checked(options.url, options.ref)
        written = published(root, repository, ref)  # everything is worked out before anything is written
    except ValueError as error:
        parser.error(str(error))
    for path, text in written.items():
        path.write_bytes(text.encode())  # with its own line ends, on Windows too
    print(f"{len(written)} files now say https://github.com/{repository} at {ref}.")


def checked(url: str, ref: str) -> tuple[str, str]:
    """Return the repository as OWNER/NAME, and the ref; Colab opens notebooks from GitHub only."""
    match = re.fullmatch(r"https://github\.com/([\w.-]+/[\w.-]+?)(\.git)?/?", url)
    if not match:
        raise ValueError(f"expected an address such as https://github.com/OWNER/NAME, got {url!r}")
    # git fetches a commit by its whole id only.
    if not re.fullmatch(r"\w[\w./-]*", ref) or re.fullmatch(r"[0-9a-f]{7,39}", ref):
        raise ValueError(f"expected the name of a branch or a tag, or the full id of a commit, got {ref!r}")
    return match[1], ref


def colab(repository: str, ref: str, path: str) -> str:
    """Return the address under which Colab opens a file of the repository."""
    return f"https://colab.research.google.com/github/{repository}/blob/{ref}/{path}"


def published(root: Path, repository: str, ref: str) -> dict[Path, str]:
    """Return the new text of each file that carries the address."""
    texts = {}
    for name, folder in READMES.items():
        paths = sorted((root / folder).glob("[0-9]*.ipynb"))
        texts |= {path: notebook(path, root, repository, ref) for path in paths}
        texts[root / name] = links_in_readme(root / name, root, paths, repository, ref)
    return texts


def notebook(path: Path, root: Path, repository: str, ref: str) -> str:
    """Return a notebook's JSON with the address in its setup cell and the link in the cell named colab."""
    content = json.loads(path.read_text(encoding="utf-8"))
    cells = {cell["id"]: cell for cell in content["cells"]}
    name = path.relative_to(root).as_posix()
    if not {"setup", "colab"} <= cells.keys():
        raise ValueError(f"{name} has no cells with the ids setup and colab")
    setup, found = SETUP_LINE.subn(
        rf'COURSE_URL, COURSE_REF, LANGUAGE = "https://github.com/{repository}", "{ref}", \1',
        source(cells["setup"]),
    )
    if found != 1:
        raise ValueError(
            f"the setup cell of {name} has no line that sets COURSE_URL, COURSE_REF and LANGUAGE"
        )
    language = SETUP_LINE.search(setup)[1]
    link = f"**[{WORDS[language]}]({colab(repository, ref, name)})**\n\n"
    set_source(cells["setup"], setup)
    set_source(cells["colab"], link + NOTEBOOK_LINK.sub("", source(cells["colab"])))
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def links_in_readme(readme: Path, root: Path, paths: list[Path], repository: str, ref: str) -> str:
    """Return a README with a badge for each notebook between its two comments."""
    addresses = [(path.name[1], colab(repository, ref, path.relative_to(root).as_posix())) for path in paths]
    badges = " ".join(f"[{number} ![Open in Colab]({BADGE})]({address})" for number, address in addresses)
    text, found = README_LINKS.subn(rf"\1{badges}\n\2", readme.read_text(encoding="utf-8"))
    if found != 1:
        raise ValueError(f"{readme.name} has no lines <!-- colab --> and <!-- /colab -->")
    return text


def source(cell: dict) -> str:
    return "".join(cell["source"])


def set_source(cell: dict, text: str) -> None:
    cell["source"] = text.splitlines(keepends=True)


if __name__ == "__main__":
    sys.exit(main())
