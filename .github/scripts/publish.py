"""Write the repository's public address into the notebooks and the READMEs.

    python .github/scripts/publish.py                                          that of git's origin, branch main
    python .github/scripts/publish.py https://github.com/OWNER/NAME --ref v1   another address, branch or tag

Setup cells then know where Colab fetches the course from; notebooks and READMEs get links that open them in Colab;
READMEs say how to get the course. Outputs stay. On GitHub a workflow runs it whenever main changes, in every fork
with the fork's own address. The links in notebooks are words, not Google's badge: a picture from elsewhere would be
asked for each time that a notebook is opened, offline too.
"""

from __future__ import annotations

import argparse
import re
import subprocess
from pathlib import Path, PurePath

from in_step import ROOT, editions, read, write

BADGE = "https://colab.research.google.com/assets/colab-badge.svg"
# For each edition its README, what the links in its notebooks say, and how to get the course.
READMES = ["README.md", "notebooks/pt-br/README.pt-br.md"]
WORDS = ["Open this notebook in Colab", "Abrir este notebook no Colab"]
GET = [
    "Get the course [as a ZIP file]({zip}) and unpack it, or with git:",
    "Baixe o curso [como arquivo ZIP]({zip}) e descompacte-o, ou use o git:",
]
# What publishing writes.
SETUP = re.compile(r'^(COURSE_URL, COURSE_REF, LANGUAGE = )"(.*?)", "(.*?)"', re.MULTILINE)
LINK = re.compile(r"^\*\*\[.*\]\(https://colab\.research\.google\.com/.*\)\*\*\n\n")
BADGES = re.compile(r"(<!-- colab -->\n).*?(<!-- /colab -->)", re.DOTALL)
COURSE = re.compile(r"(<!-- course -->\n).*?(<!-- /course -->)", re.DOTALL)


def main(arguments: list[str] | None = None, root: Path = ROOT) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url", nargs="?", help="https://github.com/OWNER/NAME (that of git's origin)")
    parser.add_argument("--ref", default="main", help="branch or tag that students get (main)")
    options = parser.parse_args(arguments)
    url = options.url or origin(root)
    # Colab opens notebooks from GitHub only. git says https://…, ssh://git@… or git@github.com:….
    on_github = re.fullmatch(r"(?:\w+://)?(?:[^/@]+@)?github\.com[/:]([\w.-]+/[\w.-]+?)(?:\.git)?/?", url)
    if not on_github:
        parser.error(f"expected an address such as https://github.com/OWNER/NAME, got {url!r}")
    url, ref = f"https://github.com/{on_github[1]}", options.ref
    clone = f"```bash\ngit clone{'' if ref == 'main' else f' -b {ref}'} {url}\n```"
    for paths, readme, words, get in zip(editions(root), READMES, WORDS, GET, strict=True):
        links = [colab(url, ref, path.relative_to(root)) for path in paths]
        for path, link in zip(paths, links, strict=True):
            notebook = read(path)
            cells = {cell.id: cell for cell in notebook.cells}
            cells["setup"].source = SETUP.sub(rf'\1"{url}", "{ref}"', cells["setup"].source)
            cells["colab"].source = f"**[{words}]({link})**\n\n" + LINK.sub("", cells["colab"].source)
            write(path, notebook)
        badges = " ".join(f"[{i} ![Open in Colab]({BADGE})]({link})" for i, link in enumerate(links, 1))
        text = BADGES.sub(rf"\1{badges}\n\2", (root / readme).read_text(encoding="utf-8"))
        text = COURSE.sub(rf"\1{get.format(zip=course(url, ref))}\n\n{clone}\n\2", text)
        (root / readme).write_bytes(text.encode())  # with its own line ends, on Windows too
    print(f"Notebooks and READMEs now say {url} at {ref}.")


def colab(url: str, ref: str, path: PurePath) -> str:
    """Return the address that opens a file of the repository in Colab."""
    return f"{url.replace('github.com', 'colab.research.google.com/github')}/blob/{ref}/{path.as_posix()}"


def course(url: str, ref: str) -> str:
    """Return the address of the whole course as a ZIP file."""
    return f"{url}/archive/{ref}.zip"


def address(root: Path = ROOT) -> tuple[str, str]:
    """Return the address and the branch or tag that the notebooks say; the address is "" if they say none."""
    for path in editions(root)[0]:
        setup = next(cell.source for cell in read(path).cells if cell.id == "setup")
        _, url, ref = SETUP.search(setup).groups()
        return url, ref
    return "", "main"


def origin(root: Path) -> str:
    """Return the address that git has for origin, or nothing."""
    command = ["git", "remote", "get-url", "origin"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    main()
