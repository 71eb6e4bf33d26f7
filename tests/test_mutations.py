"""Thousands of damaged tables: either what the file says or one clear error, never anything else."""

import csv
import io

import numpy as np
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.data import CSVDataset

LARGEST = float(np.finfo(np.float32).max)
# The same examples on every run: a failure that comes and goes helps nobody.
repeatable = settings(
    deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

good_cells = st.one_of(
    st.floats(-1e6, 1e6).map(repr),
    st.integers(-(10**6), 10**6).map(str),
    st.sampled_from(["0", "1e3", "-.5"]),
)
words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
odd_cells = st.one_of(
    words,
    st.sampled_from([
        "", " ", "nan", "NaN", "inf", "-Infinity", "1e39", "1e999", "1_000", "0x1F", "1,5", "1 000", "٣", "½",
        "True", "None", "null", "#REF!", '"', '""', "'", "1\n2", "1\r2", "1" * 400, "1" * 100_000, "x" * 100_000,
    ]),
)  # fmt: skip
odd_names = st.one_of(words, st.sampled_from(["", " ", "a", "b", "y", "b.1", "Unnamed: 0"]))


@st.composite
def tables(draw):
    """A table as rows of cells, of which some were changed; the first row is the header."""
    width, height = draw(st.integers(2, 4)), draw(st.integers(0, 5))
    header = [*"abc"[: width - 1], "y"]
    table = [header, *([draw(good_cells) for _ in range(width)] for _ in range(height))]
    for _ in range(draw(st.integers(0, 2))):
        row = table[draw(st.integers(0, len(table) - 1))]
        change = draw(st.sampled_from(["cell", "cell", "cell", "name", "drop", "add"]))
        if change == "name":
            header[draw(st.integers(0, len(header) - 1))] = draw(odd_names)
        elif change == "add":
            row.append(draw(odd_names if row is header else odd_cells))
        elif change == "cell" and row is not header and row:
            row[draw(st.integers(0, len(row) - 1))] = draw(odd_cells)
        elif row is not header and row:
            del row[draw(st.integers(0, len(row) - 1))]
    return table


def load(path, **options):
    """Return the dataset, or None after an error that is one clear sentence or two."""
    try:
        return CSVDataset(path, "y", **options)
    except ValueError as error:
        assert 20 < len(str(error)) < 1500, "an error is a sentence, not a dump"
        return None


def meant(cell):
    """Return the number that a person would read in a cell, or None: what float() reads, less its liberties."""
    if cell in ("True", "False"):
        return float(cell == "True")
    plain = cell.strip(" ")
    try:
        number = float(plain) if set(plain) <= set("0123456789+-.eE") else np.nan
    except ValueError:
        return None
    return number if abs(number) <= LARGEST else None


def assert_same(dataset, header, rows):
    """Assert that a dataset holds what stands in the rows, less the empty ones."""
    names = [name.strip() for name in header]
    numbers = [dict(zip(names, map(meant, row), strict=False)) for row in rows if any(c.strip() for c in row)]
    expected = torch.tensor([[row[name] for name in dataset.feature_names] for row in numbers])
    torch.testing.assert_close(dataset.X, expected.double())
    torch.testing.assert_close(dataset.y, torch.tensor([[row["y"]] for row in numbers]).float())
    assert {*dataset.feature_names, "y"} == {name for name in names if name}


@settings(repeatable, max_examples=600)
@given(
    table=tables(), sep=st.sampled_from(",;\t|"), quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
)
def test_changed_cells_give_the_table_that_was_written_or_an_error(tmp_path, table, sep, quoting):
    path = tmp_path / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=sep, quoting=quoting).writerows(table)
    dataset = load(path, sep=sep)
    header, *rows = table
    if dataset is not None:
        assert_same(dataset, header, rows)
        return
    names = {name.strip() for name in header} - {"", "b.1", "Unnamed: 0"}
    numbers = [[None if cell == "True" else meant(cell) for cell in row] for row in rows if row]
    is_right = numbers and "y" in names and all(len(row) == len(names) and None not in row for row in numbers)
    assert not is_right or len(names) != len(header), "a table that is right was refused"


@settings(repeatable, max_examples=500)
@given(data=st.data())
def test_changed_bytes_give_numbers_that_stand_in_the_file_or_an_error(tmp_path, data):
    content = bytearray("a;b;y\n1,5;-2;3\n4;5e2;6,25\n7;8;9\n", "utf-8")
    encoding = data.draw(st.sampled_from(["utf-8", "latin-1", "utf-16", "cp1252", "ascii"]))
    for _ in range(data.draw(st.integers(0, 4))):
        place = data.draw(st.integers(0, max(0, len(content) - 1)))
        change = data.draw(st.sampled_from(["put", "cut", "swap", "end"]))
        if change == "put":
            content[place:place] = data.draw(st.binary(max_size=4)).replace(b"\0", b"?")
        elif change == "swap" and content:
            content[place] = data.draw(st.sampled_from(list(b'";,.\n\r\t e-9\xff\xe9')))
        else:
            del content[place : len(content) if change == "end" else place + 1]
    path = tmp_path / "table.csv"
    path.write_bytes(bytes(content))

    dataset = load(path, sep=";", decimal=",", encoding=encoding)
    if dataset is not None:
        text = bytes(content).decode("utf-8-sig" if encoding == "utf-8" else encoding)
        header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=";")
        assert_same(dataset, header, [[cell.replace(",", ".") for cell in row] for row in rows])


@settings(repeatable, max_examples=300)
@given(cells=st.lists(st.one_of(good_cells, odd_cells), min_size=1, max_size=6))
def test_changed_classes_are_named_as_in_the_file_or_an_error(tmp_path, cells):
    path = tmp_path / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["a", "y"], *(["1", cell] for cell in cells)])
    dataset = load(path, classes=True)
    names = [cell.strip() for cell in cells]
    assert (dataset is None) == ("" in names)
    if dataset is not None:
        assert [dataset.classes[label] for label in dataset.y] == names
        assert sorted(dataset.classes) == sorted(set(names))
