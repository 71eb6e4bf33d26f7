"""Build the course's site from the notebooks as they are stored: python .github/scripts/build_site.py FOLDER

Both editions are laid out in a temporary folder and built by Sphinx; FOLDER then holds en/, pt-br/ and a page that
chooses between them by the browser's language. A warning, such as a link that leads nowhere, ends the build.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / ".github" / "site"
# Each edition's folder: its language for Sphinx, its README and where the reader's part of it ends, notebooks, data.
EDITIONS = {
    "en": ("en", "README.md", "## For maintainers", "notebooks", "data/README.md"),
    "pt-br": ("pt_BR", "notebooks/pt-br/README.pt-br.md", "## Para quem", "notebooks/pt-br", "data/README.pt-br.md"),
}  # fmt: skip


def main(target: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        pages, site = Path(scratch, "pages"), Path(scratch, "site")
        for folder, (_, *sources) in EDITIONS.items():
            lay_out(pages / folder, *sources)
        for folder, (language, *_) in EDITIONS.items():
            sphinx = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-c", SITE]
            sphinx += ["-D", f"language={language}", "-d", Path(scratch, "cache", folder)]
            environment = {**os.environ, "COURSE_LANGUAGE": language}
            subprocess.run([*sphinx, pages / folder, site / folder], env=environment, check=True)
            shutil.copytree(site / folder, target / folder, dirs_exist_ok=True)
    shutil.copy(SITE / "static" / "root.html", target / "index.html")
    (target / ".nojekyll").touch()  # without it GitHub Pages leaves out the folders that begin with _


def lay_out(folder: Path, readme: str, end: str, notebooks: str, data: str) -> None:
    """Write an edition's pages side by side in one folder: index.md, the notebooks, data.md."""
    folder.mkdir(parents=True)
    paths = sorted((ROOT / notebooks).glob("[0-9]*.ipynb"))
    student, found, _ = (ROOT / readme).read_text(encoding="utf-8").partition(end)
    assert found, f"{readme} has no heading {end!r}"
    for image in re.findall(r"!\[[^\]]*\]\((?!http)([^)]*)\)", student):
        shutil.copy((ROOT / readme).parent / image, folder)
    contents = "\n".join(["```{toctree}", ":hidden:", "", *(path.stem for path in paths), "data", "```"])
    write(folder / "index.md", f"{student}\n{contents}\n")
    write(folder / "data.md", (ROOT / data).read_text(encoding="utf-8"))
    for path in paths:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "markdown":
                cell["source"] = linked("".join(cell["source"]))
            elif cell["metadata"].get("jupyter", {}).get("source_hidden"):
                cell["metadata"].setdefault("tags", []).append("hide-input")
        (folder / path.name).write_text(json.dumps(notebook), encoding="utf-8")


def write(page: Path, text: str) -> None:
    """Write a page without its link to the other edition: conf.py gives each page one."""
    without = re.sub(r"^\[(In English|Em português)\]\(.*\)\n", "", text, flags=re.MULTILINE)
    page.write_text(linked(without), encoding="utf-8")


def linked(text: str) -> str:
    """Return Markdown whose links lead to the site's pages; where the site has none, the words alone stay."""
    text = re.sub(r"!\[([^\]]*)\]\(https?:[^)]*\)", r"\1", text)  # Colab's badge is a picture from elsewhere

    def lead(match: re.Match) -> str:
        mark, words, target = match.groups()
        path = Path(target.partition("#")[0])
        if path.suffix in (".ipynb", ".png"):
            return f"{mark}[{words}]({path.name})"
        if path.name.startswith("README"):
            return f"[{words}]({'data' if path.parent.name == 'data' else 'index'}.md)"
        return words

    return re.sub(r"(!?)\[((?:[^\[\]]|`[^`]*`)*)\]\((?!https?:|#)([^)\s]+)\)", lead, text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
