"""The command that writes the public address, and that notebooks and READMEs say what it wrote."""

import re
import shutil
import subprocess

import publish
import pytest
from stored_notebooks import PATHS, ROOT, read, source_of

URL = "https://github.com/some-school/pytorch.notebooks"
LINK = r"https://colab\.research\.google\.com/github/([^)]*?)/blob/([^)]*?)/(notebooks/[^)]*?\.ipynb)"
FILES = [*PATHS, *(ROOT / name for name in publish.READMES)]


@pytest.fixture
def copy(tmp_path):
    """The files that carry the address, in a folder of their own."""
    for path in FILES:
        (tmp_path / path.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, tmp_path / path.relative_to(ROOT))
    return tmp_path


def contents(folder):
    return {path: (folder / path.relative_to(ROOT)).read_bytes() for path in FILES}


def addresses(folder):
    """Return every address that the files say, as (OWNER/NAME, ref), and every file that a link opens."""
    found, linked = set(), []
    for path in map(folder.joinpath, (path.relative_to(ROOT) for path in FILES)):
        if path.suffix == ".ipynb":
            line = r'^COURSE_URL, COURSE_REF, LANGUAGE = "(.*)", "(.*)", '
            [(url, ref)] = re.findall(line, source_of(read(path), "setup"), re.MULTILINE)
            found.add((url.removeprefix("https://github.com/"), ref))
        links = re.findall(LINK, path.read_text(encoding="utf-8"))
        clones = re.findall(
            r"^git clone (?:-b (\S+) )?https://github\.com/(\S+)", path.read_text(encoding="utf-8"), re.M
        )
        found |= {link[:2] for link in links} | {(name, ref or "main") for ref, name in clones}
        linked += [link[2] for link in links]
    return found, linked


# Each notebook links to itself, and so does its README; the order is that of FILES.
ALL = [path.relative_to(ROOT).as_posix() for path in [*PATHS, *PATHS]]


def test_stored_notebooks_and_readmes_say_one_address_and_link_to_themselves_if_it_is_there():
    found, linked = addresses(ROOT)
    assert len(found) == 1, "run .github/scripts/publish.py"
    [(repository, _)] = found
    assert linked == (ALL if repository else []), "run .github/scripts/publish.py"


def test_publishing_writes_address_and_links_everywhere_and_a_second_time_nothing(copy):
    publish.main([URL, "--ref", "v1.2"], copy)
    assert addresses(copy) == ({("some-school/pytorch.notebooks", "v1.2")}, ALL)
    once = contents(copy)
    publish.main([URL, "--ref", "v1.2"], copy)
    assert contents(copy) == once


def test_publishing_changes_two_cells_and_keeps_the_rest_byte_for_byte(copy):
    publish.main([URL], copy)
    for path in PATHS:
        published = copy / path.relative_to(ROOT)
        before, after = (p.read_text(encoding="utf-8").splitlines() for p in (path, published))
        new = [line for line in after if line not in before]
        assert all("COURSE_URL, " in line or "colab.research" in line for line in new), path.name
        changed = [b.id for b, a in zip(read(path).cells, read(published).cells, strict=True) if b != a]
        assert set(changed) <= {"colab", "setup"}


@pytest.mark.parametrize(("ref", "clone"), [("main", "git clone"), ("v1.2", "git clone -b v1.2")])
def test_published_readmes_say_how_to_get_the_course_with_git_or_as_a_zip_file(copy, ref, clone):
    publish.main([URL, "--ref", ref], copy)
    for name in publish.READMES:
        readme = (copy / name).read_text(encoding="utf-8")
        assert f"\n{clone} {URL}\n" in readme and f"]({URL}/archive/{ref}.zip)" in readme


@pytest.mark.parametrize(
    "origin",
    ["https://github.com/other/fork", "git@github.com:other/fork.git", "ssh://git@github.com/other/fork.git"],
)
def test_fork_is_published_at_the_address_of_its_origin(copy, origin):
    publish.main([URL, "--ref", "v1"], copy)
    for command in (["init", "--quiet"], ["remote", "add", "origin", origin]):
        subprocess.run(["git", *command], cwd=copy, check=True)
    publish.main([], copy)
    assert addresses(copy) == ({("other/fork", "main")}, ALL)


@pytest.mark.parametrize("url", ["", "https://gitlab.com/owner/name", f"{URL}/tree/main"])
def test_what_colab_cannot_open_is_refused_and_nothing_is_written(copy, capsys, url):
    before = contents(copy)
    with pytest.raises(SystemExit):
        publish.main([url], copy)
    assert "expected" in capsys.readouterr().err and contents(copy) == before
