"""Build the course's site from the notebooks as they are stored: python .github/scripts/build_site.py FOLDER

Both editions are laid out in a temporary folder and built by Sphinx, and Pagefind makes their search. FOLDER
then holds en/, pt-br/ and a page that chooses between them by the browser's language. A warning ends the build,
such as a link that leads nowhere. Once publish.py has written an address, the site leads to the repository.
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

import publish

ROOT = publish.ROOT
SITE = Path(__file__).resolve().parents[1] / "site"
# For each edition, by its folder: where its pages come from, and all that the site says by itself.
EDITIONS = json.loads((SITE / "editions.json").read_text(encoding="utf-8"))


def main(target: Path) -> None:
    url, ref = publish.address(ROOT)
    owner, _, name = url.removeprefix("https://github.com/").partition("/")
    home = url and f"https://{owner.lower()}.github.io/{name}/"
    with tempfile.TemporaryDirectory() as scratch:
        pages, site = Path(scratch, "pages"), Path(scratch, "site")
        for folder, edition in EDITIONS.items():
            lay_out(pages / folder, edition, url, ref)
        builds = [start_sphinx(pages / folder, site / folder, folder, url, home) for folder in EDITIONS]
        for build in builds:
            if build.wait():
                raise subprocess.CalledProcessError(build.returncode, build.args)
        for folder, edition in EDITIONS.items():
            finish(site / folder, edition["labels"])
            for notebook in (ROOT / edition["notebooks"]).glob("[0-9]*.ipynb"):
                shutil.copy(notebook, site / folder)  # as it is stored, to be downloaded
            shutil.copytree(site / folder, target / folder, dirs_exist_ok=True)
    root = (SITE / "templates" / "root.html").read_text(encoding="utf-8")
    write(target / "index.html", root.replace("{home}", home))
    (target / ".nojekyll").touch()  # without it GitHub Pages leaves out the folders that begin with _
    shutil.rmtree(target / "pagefind", ignore_errors=True)  # what was to be found before
    only = ["--root-selector", "article", "--exclude-selectors", ".notice, .headerlink"]
    subprocess.run([sys.executable, "-m", "pagefind", "--silent", *only, "--site", target], check=True)


def start_sphinx(pages: Path, site: Path, folder: str, url: str, home: str) -> subprocess.Popen:
    """Start to build an edition, both at the same time."""
    strictly = ["-q", "-W", "--keep-going", "-c", SITE, "-D", f"language={EDITIONS[folder]['language']}"]
    told = {"COURSE_EDITION": folder, "COURSE_URL": url, "COURSE_HOME": home}
    command = [sys.executable, "-m", "sphinx", *strictly, pages, site]
    return subprocess.Popen(command, env={**os.environ, **told})


def lay_out(folder: Path, edition: dict, url: str, ref: str) -> None:
    """Write an edition's pages side by side in one folder: index.md, the notebooks, data.md."""
    folder.mkdir(parents=True)
    paths = sorted((ROOT / edition["notebooks"]).glob("[0-9]*.ipynb"))
    files = url and f"{url}/blob/{ref}"

    def buttons(path: Path, *more: str) -> str:
        """Return the ways into a notebook: below its title, and in the table of all notebooks."""
        address = publish.colab(url, ref, path.relative_to(ROOT))
        colab = [f'<a class="button" href="{address}">{edition["colab"]}</a>'] if url else []
        return " ".join(
            [*colab, f'<a class="button" href="{path.name}" download>{edition["download"]}</a>', *more]
        )

    readme, data = ROOT / edition["readme"], ROOT / edition["data"]
    maintainers = re.compile(rf"^{edition['maintainers']}.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    text = maintainers.sub("", publish.BADGES.sub("", readme.read_text(encoding="utf-8")))
    for image in re.findall(r"!\[[^\]]*\]\((?!http)([^)]*)\)", text):
        shutil.copy(readme.parent / image, folder)
    for path in paths:  # in its row of the table
        link = re.compile(rf"^\| \[[^\]]*\]\([^)]*{path.name}\)", re.MULTILINE)
        text = link.sub(lambda match, path=path: f"{match[0]}<br>{buttons(path)}", text)
    contents = "\n".join([f"{edition['home']} <self>", *(path.stem for path in paths), "data"])
    contents = f"```{{toctree}}\n:hidden:\n\n{contents}\n```"
    write(folder / "index.md", f"{linked(text, readme, files)}\n{contents}\n")
    write(folder / "data.md", linked(data.read_text(encoding="utf-8"), data, files))
    course = [f'<a class="button" href="{publish.course(url, ref)}">{edition["course"]}</a>'] if url else []
    for path in paths:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                dress(cell, edition["folds"])
            elif cell["id"] == "colab":
                ways = f"{edition['reading']}\n\n{buttons(path, *course)}"
                cell["source"] = f'<div class="notice">\n\n{ways}\n\n</div>'
            else:
                cell["source"] = linked("".join(cell["source"]), path, files)
        put_exercises_into_boxes(notebook["cells"])
        write(folder / path.name, json.dumps(notebook))


def put_exercises_into_boxes(cells: list[dict]) -> None:
    """Put a box around each exercise, from below the heading of its task to the end of its hints."""
    for task, stub, hints in zip(cells, cells[1:], cells[2:], strict=False):
        if "exercise" in stub["metadata"].get("tags", []):
            *before, words = re.split(r"^(#+ .*\n)", task["source"] + "\n", flags=re.MULTILINE)
            task["source"] = "".join([*before, '\n<div class="exercise">\n\n', words])
            hints["source"] += "\n\n</div>"


def dress(cell: dict, folds: dict[str, str]) -> None:
    """Tell myst-nb what to fold of a code cell, under which words, what to leave out, what figures show."""
    tags = cell["metadata"].setdefault("tags", [])
    if cell["id"] in folds or cell["metadata"].get("jupyter", {}).get("source_hidden"):
        tags.append("hide-input")
    if "exercise" in tags or cell["id"] == "progress":
        tags.append("remove-output")  # it waits for an answer, which nobody can give here
    words = folds.get(cell["id"]) or next((folds[tag] for tag in tags if tag in folds), "")
    # Because of the scale, Sphinx makes the figure a link to its file.
    figure = {"scale": "100%", "alt": cell["metadata"].get("alt", "")}
    cell["metadata"]["mystnb"] = {"code_prompt_show": words, "code_prompt_hide": words, "image": figure}


def linked(text: str, path: Path, files: str) -> str:
    """Return Markdown with links to the site's pages, or to the file on GitHub, or else the words alone.

    The link to the other edition goes: conf.py gives each page one.
    """
    text = re.sub(r"^\*?\[(In English|Em português)\]\(.*\)\*?\n", "", text, flags=re.MULTILINE)

    def lead(match: re.Match) -> str:
        mark, words, target = match.groups()
        there = (path.parent / target.partition("#")[0]).resolve()
        if there.suffix in (".ipynb", ".png"):
            return f"{mark}[{words}]({there.name})"
        if there.name.startswith("README"):
            return f"[{words}]({'data' if there.parent.name == 'data' else 'index'}.md)"
        return f"[{words}]({files}/{there.relative_to(ROOT).as_posix()})" if files else words

    return re.sub(r"(!?)\[((?:[^\[\]]|`[^`]*`)*)\]\((?!https?:|#)([^)\s]+)\)", lead, text)


def finish(folder: Path, labels: dict[str, str]) -> None:
    """Mend what Sphinx wrote, for search and for screen readers."""
    section = re.compile(r'(<section) id="([^"]+)"(>\n(?:<span id="[^"]*"></span>)*<h\d)>')
    for page in folder.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        text = section.sub(r'\1\3 id="\2">', text)  # Pagefind finds the headings that have an id
        text = text.replace(' aria-label="Toggle hidden content"', "")  # a fold has better words
        for english, translation in labels.items():  # Furo has them in English only
            text = text.replace(f'aria-label="{english}"', f'aria-label="{translation}"')
        write(page, text)


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
