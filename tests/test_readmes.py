"""The READMEs of both editions and CONTRIBUTING.md: what they name is there, and what is there is named."""

import re

import pytest
from in_step import ROOT
from run_notebooks import FILM, film
from stored_notebooks import ENGLISH, read

from helpers.check.core import EXERCISES

CONTRIBUTING = ROOT / ".github" / "CONTRIBUTING.md"
README, LEIAME = ROOT / "README.md", ROOT / "notebooks" / "pt-br" / "README.pt-br.md"


@pytest.fixture(params=[README, LEIAME], ids=["English", "Portuguese"])
def readme(request):
    return request.param


def text_of(readme):
    return readme.read_text(encoding="utf-8")


def commands(readme):
    return set(re.findall(r"```(?:bash|powershell)\n(.*?)```", text_of(readme), flags=re.DOTALL))


@pytest.mark.parametrize("readme", [README, LEIAME, CONTRIBUTING], ids=lambda path: path.stem)
def test_links_lead_somewhere(readme):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", text_of(readme)):
        assert (readme.parent / target).exists(), target


def test_each_readme_links_to_the_other():
    assert "](notebooks/pt-br/README.pt-br.md)" in text_of(README) and "](../../README.md)" in text_of(LEIAME)


def test_both_give_the_same_commands():
    portuguese = {command.replace("notebooks/pt-br", "notebooks") for command in commands(LEIAME)}
    assert portuguese and portuguese <= commands(README)


def test_files_that_contributing_names_are_there():
    names = re.findall(r"`((?:tests|\.github|helpers|data)/[\w./*-]+)", text_of(CONTRIBUTING))
    assert names
    assert not [name for name in names if not list(ROOT.glob(name.replace("_N", "_*")))]


def test_tree_has_every_file_and_no_other():
    tree = re.search(r"```\n(helpers/\n.*?)```", text_of(CONTRIBUTING), flags=re.DOTALL)[1]
    named, folders = set(), []
    for indent, names in re.findall(r"^( *)([^\s,]+(?:, [^\s,]+)*)", tree, flags=re.MULTILINE):
        for name in names.split(", "):
            folders[len(indent) // 2 :] = [name]
            found = set(ROOT.glob("".join(folders)))
            assert found, f"there is no {name}"
            named |= found
    files = {path for folder in ("helpers", "tests", ".github") for path in (ROOT / folder).glob("**/*.py")}
    assert not {path.name for path in files - named} - {"__init__.py"}


def test_exercises_are_counted(readme):
    count = f"**{sum(map(len, EXERCISES.values()))} "
    assert count in text_of(readme), f"{readme.name} should say {count}exercises**"


def test_film_is_the_one_that_notebook_2_shows():
    assert (ROOT / FILM).read_bytes() == film(read(ENGLISH[1])), (
        "run `python .github/scripts/run_notebooks.py 02`"
    )
