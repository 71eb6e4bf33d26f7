"""Write the repository's public address into the notebooks and the READMEs.

    python .github/scripts/publish.py                                          the address of git's origin, branch main
    python .github/scripts/publish.py https://github.com/OWNER/NAME --ref v1   another address, branch or tag

Setup cells then know where Colab fetches the course from, and every notebook and README gets a link that opens it in
Colab. Outputs stay. On GitHub a workflow runs it whenever main changes, in every fork with the fork's own address.
The links in notebooks are words, not Google's badge: a picture from elsewhere would be asked for each time that
a notebook is opened, offline too.
"""

from __future__ import annotations

import argparse
import re
import subprocess
from pathlib import Path

from in_step import ROOT, editions, read, write

BADGE = "https://colab.research.google.com/assets/colab-badge.svg"
# For each edition its README, and what the links in its notebooks say.
READMES = ["README.md", "notebooks/pt-br/README.pt-br.md"]
WORDS = ["Open this notebook in Colab", "Abrir este notebook no Colab"]
# What publishing writes.
SETUP = re.compile(r'^(COURSE_URL, COURSE_REF, LANGUAGE = )".*?", ".*?"', re.MULTILINE)
LINK = re.compile(r"^\*\*\[.*\]\(https://colab\.research\.google\.com/.*\)\*\*\n\n")
BADGES = re.compile(r"(<!-- colab -->\n).*?(<!-- /colab -->)", re.DOTALL)


def main(arguments: list[str] | None = None, root: Path = ROOT) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url", nargs="?", help="https://github.com/OWNER/NAME (that of git's origin)")
    parser.add_argument("--ref", default="main", help="branch or tag that students get (main)")
    options = parser.parse_args(arguments)
    url = options.url or origin(root)
    # Colab opens notebooks from GitHub only. git calls an address https://…, ssh://git@… or git@github.com:….
    address = re.fullmatch(r"(?:\w+://)?(?:[^/@]+@)?github\.com[/:]([\w.-]+/[\w.-]+?)(?:\.git)?/?", url)
    if not address:
        parser.error(f"expected an address such as https://github.com/OWNER/NAME, got {url!r}")
    colab = f"https://colab.research.google.com/github/{address[1]}/blob/{options.ref}/"
    for paths, readme, words in zip(editions(root), READMES, WORDS, strict=True):
        links = [colab + path.relative_to(root).as_posix() for path in paths]
        for path, link in zip(paths, links, strict=True):
            notebook = read(path)
            cells = {cell.id: cell for cell in notebook.cells}
            line = rf'\1"https://github.com/{address[1]}", "{options.ref}"'
            cells["setup"].source = SETUP.sub(line, cells["setup"].source)
            cells["colab"].source = f"**[{words}]({link})**\n\n" + LINK.sub("", cells["colab"].source)
            write(path, notebook)
        badges = " ".join(f"[{i} ![Open in Colab]({BADGE})]({link})" for i, link in enumerate(links, 1))
        text = BADGES.sub(rf"\1{badges}\n\2", (root / readme).read_text(encoding="utf-8"))
        (root / readme).write_bytes(text.encode())  # with its own line ends, on Windows too
    print(f"Notebooks and READMEs now say https://github.com/{address[1]} at {options.ref}.")


def origin(root: Path) -> str:
    """Return the address that git has for origin, or nothing."""
    command = ["git", "remote", "get-url", "origin"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    main()
