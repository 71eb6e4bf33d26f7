"""Build the course's site from the notebooks as they are stored: python .github/scripts/build_site.py FOLDER

Both editions are laid out in a temporary folder and built by Sphinx, and Pagefind makes their search. FOLDER then
holds en/, pt-br/ and a page that chooses between them by the browser's language. A warning, such as a link that leads
nowhere, ends the build. Once publish.py has written an address into the notebooks, the site leads to the repository.
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
    (target / "index.html").write_text(root.replace("{home}", home), encoding="utf-8")
    (target / ".nojekyll").touch()  # without it GitHub Pages leaves out the folders that begin with _
    shutil.rmtree(target / "pagefind", ignore_errors=True)  # what was to be found before
    pagefind = [
        "pagefind",
        "--silent",
        "--root-selector",
        "article",
        "--exclude-selectors",
        ".notice, .headerlink",
    ]
    subprocess.run([sys.executable, "-m", *pagefind, "--site", target], check=True)


def start_sphinx(pages: Path, site: Path, folder: str, url: str, home: str) -> subprocess.Popen:
    """Start to build an edition, both at the same time."""
    language = EDITIONS[folder]["language"]
    sphinx = [
        sys.executable,
        "-m",
        "sphinx",
        "-q",
        "-W",
        "--keep-going",
        "-c",
        SITE,
        "-D",
        f"language={language}",
    ]
    told = {"COURSE_EDITION": folder, "COURSE_URL": url, "COURSE_HOME": home}
    return subprocess.Popen([*sphinx, pages, site], env={**os.environ, **told})


def lay_out(folder: Path, edition: dict, url: str, ref: str) -> None:
    """Write an edition's pages side by side in one folder: index.md, the notebooks, data.md."""
    folder.mkdir(parents=True)
    paths = sorted((ROOT / edition["notebooks"]).glob("[0-9]*.ipynb"))
    files = f"{url}/blob/{ref}" if url else ""

    def buttons(path: Path) -> str:
        """Return the ways into a notebook, as they are below its title and in the table of all notebooks."""
        address = publish.colab(url, ref, path.relative_to(ROOT))
        colab = f'<a class="button" href="{address}">{edition["colab"]}</a> ' if url else ""
        return f'{colab}<a class="button" href="{path.name}" download>{edition["download"]}</a>'

    readme = ROOT / edition["readme"]
    text = publish.BADGES.sub("", readme.read_text(encoding="utf-8").partition(edition["maintainers"])[0])
    for image in re.findall(r"!\[[^\]]*\]\((?!http)([^)]*)\)", text):
        shutil.copy(readme.parent / image, folder)
    for path in paths:  # in its row of the table
        link = re.compile(rf"^\| \[[^\]]*\]\([^)]*{path.name}\)", re.MULTILINE)
        text = link.sub(lambda match, path=path: f"{match[0]}<br>{buttons(path)}", text)
    contents = [f"{edition['home']} <self>", *(path.stem for path in paths), "data"]
    contents = "\n".join(["```{toctree}", ":hidden:", "", *contents, "```"])
    write(folder / "index.md", f"{linked(text, readme, files)}\n{contents}\n")
    data = ROOT / edition["data"]
    write(folder / "data.md", linked(data.read_text(encoding="utf-8"), data, files))
    for path in paths:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        course = (
            f' <a class="button" href="{publish.course(url, ref)}">{edition["course"]}</a>' if url else ""
        )
        notice = f'<div class="notice">\n\n{edition["reading"]}\n\n{buttons(path)}{course}\n\n</div>'
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                dress(cell, edition["folds"])
            else:
                text = notice if cell["id"] == "colab" else "".join(cell["source"])
                cell["source"] = framed(cell["id"], linked(text, path, files))
        write(folder / path.name, json.dumps(notebook))


def dress(cell: dict, folds: dict[str, str]) -> None:
    """Tell myst-nb what to fold of a code cell, and under which words; what its figures show; what to leave out."""
    tags = cell["metadata"].setdefault("tags", [])
    if cell["id"] in folds or cell["metadata"].get("jupyter", {}).get("source_hidden"):
        tags.append("hide-input")
    if {"exercise", "progress"} & {*tags, cell["id"]}:
        tags.append("remove-output")  # it waits for an answer, which nobody can give here
    words = folds.get(cell["id"]) or next((folds[tag] for tag in tags if tag in folds), "")
    figures = {
        "scale": "100%",
        "alt": cell["metadata"].get("alt", ""),
    }  # with a scale, Sphinx links to the file
    cell["metadata"]["mystnb"] = {"code_prompt_show": words, "code_prompt_hide": words, "image": figures}


def framed(name: str, text: str) -> str:
    """Return a cell's text with its edge of an exercise's box: from below the task's heading to after the hints."""
    if name.startswith("task-"):
        *before, task = re.split(r"^(#+ .*\n)", f"{text}\n", flags=re.MULTILINE)
        return "".join([*before, '\n<div class="exercise">\n\n', task])
    return f"{text}\n\n</div>" if name.startswith("hints-") else text


def linked(text: str, path: Path, files: str) -> str:
    """Return a file's Markdown with links to the site's pages, or to the file on GitHub, or else the words alone.

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
    """Mend what Sphinx wrote, for search and screen readers."""
    heading = re.compile(r'(<section) id="([^"]+)"(>\n(?:<span id="[^"]*"></span>)*<h\d)>')
    for page in folder.glob("*.html"):
        text = heading.sub(
            r'\1\3 id="\2">', page.read_text(encoding="utf-8")
        )  # Pagefind leads to headings with an id
        text = text.replace(
            ' aria-label="Toggle hidden content"', ""
        )  # heard in place of the words of a fold
        for english, translation in labels.items():  # Furo has them in English only
            text = text.replace(f'aria-label="{english}"', f'aria-label="{translation}"')
        write(page, text)


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
