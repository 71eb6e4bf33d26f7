"""The command that writes the public address, and that notebooks and READMEs say what it wrote."""

import re
import shutil

import pytest
from stored_notebooks import PATHS, ROOT, maintainers_command, read, source_of

publish = maintainers_command("publish")

URL = "https://github.com/some-school/pytorch.notebooks"
LINK = r"https://colab\.research\.google\.com/github/([^)]*?)/blob/([^)]*?)/(notebooks/[^)]*?\.ipynb)"


@pytest.fixture
def copy(tmp_path):
    """The files that carry the address, in a folder of their own."""
    for path in [*PATHS, *(ROOT / name for name in publish.READMES)]:
        (tmp_path / path.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, tmp_path / path.relative_to(ROOT))
    return tmp_path


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*.*")
        if path.is_file()
    }


def address(notebook):
    """Return the address and the ref in a notebook's setup cell."""
    line = r'^COURSE_URL, COURSE_REF, LANGUAGE = "(.*?)", "(.*?)", "'
    return re.search(line, source_of(notebook, "setup"), re.MULTILINE).groups()


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_stored_notebook_links_to_itself_at_the_address_of_its_setup_cell(path):
    notebook = read(path)
    url, ref = address(notebook)
    links = [link for cell in notebook.cells for link in re.findall(LINK, cell.source)]
    name = path.relative_to(ROOT).as_posix()
    assert links == ([(url.removeprefix("https://github.com/"), ref, name)] if url else []), (
        "run .github/publish.py"
    )


def test_all_notebooks_and_readmes_say_the_same_address():
    addresses = {address(read(path)) for path in PATHS}
    assert len(addresses) == 1, "run .github/publish.py"
    [(url, ref)] = addresses
    for name in publish.READMES:
        links = re.findall(LINK, (ROOT / name).read_text(encoding="utf-8"))
        assert {link[:2] for link in links} == (
            {(url.removeprefix("https://github.com/"), ref)} if url else set()
        )


def test_publishing_writes_address_and_links_everywhere(copy, capsys):
    publish.main([URL, "--ref", "v1.2"], copy)
    for path in PATHS:
        name = path.relative_to(ROOT).as_posix()
        notebook = read(copy / name)
        assert address(notebook) == (URL, "v1.2")
        colab = source_of(notebook, "colab")
        assert (
            f"(https://colab.research.google.com/github/some-school/pytorch.notebooks/blob/v1.2/{name})"
            in colab
        )
    for readme, folder in publish.READMES.items():
        listed = [path.relative_to(ROOT).as_posix() for path in PATHS if path.parent == ROOT / folder]
        assert re.findall(LINK, (copy / readme).read_text(encoding="utf-8")) == [
            ("some-school/pytorch.notebooks", "v1.2", name) for name in listed
        ]


def test_publishing_changes_nothing_but_the_two_cells(copy):
    publish.main([URL], copy)
    for path in PATHS:
        before, after = read(path), read(copy / path.relative_to(ROOT))
        assert [b.id for b, a in zip(before.cells, after.cells, strict=True) if b != a] == ["colab", "setup"]


def test_publishing_twice_is_publishing_once(copy):
    publish.main([URL, "--ref", "v1"], copy)
    once = contents(copy)
    publish.main([URL, "--ref", "v1"], copy)
    assert contents(copy) == once


def test_publishing_a_fork_replaces_the_first_address(copy):
    publish.main([URL, "--ref", "v1"], copy)
    publish.main(["https://github.com/other/fork.git", "--ref", "main"], copy)
    assert not [name for name, content in contents(copy).items() if b"some-school" in content]


def test_stored_form_is_the_one_that_jupyter_writes(copy):
    import nbformat

    publish.main([URL], copy)
    for path in PATHS:
        stored = copy / path.relative_to(ROOT)
        assert stored.read_text(encoding="utf-8") == nbformat.writes(read(stored)) + "\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["github.com/owner/name"], ["https://gitlab.com/owner/name"], ["https://github.com/owner"],
        ["https://github.com/owner/name/tree/main"], [URL, "--ref", ""], [URL, "--ref", 'x", print("y'],
        [URL, "--ref", "abc1234"],  # git fetches a commit by its whole id only
    ],
)  # fmt: skip
def test_an_address_that_colab_cannot_open_is_refused_and_nothing_is_written(copy, capsys, arguments):
    before = contents(copy)
    with pytest.raises(SystemExit):
        publish.main(arguments, copy)
    assert "expected" in capsys.readouterr().err and contents(copy) == before


def test_a_notebook_without_a_setup_cell_is_named_and_nothing_is_written(copy, capsys):
    last = copy / PATHS[-1].relative_to(ROOT)
    last.write_text(
        last.read_text(encoding="utf-8").replace('"id": "setup"', '"id": "other"'), encoding="utf-8"
    )
    before = contents(copy)
    with pytest.raises(SystemExit):
        publish.main([URL], copy)
    assert last.name in capsys.readouterr().err and contents(copy) == before
