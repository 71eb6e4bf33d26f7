"""Reading a table of numbers from a CSV file, strictly: a correct table or one clear error.

pandas guesses where a file is ambiguous (a longer row makes an index of the first column, a second "hour"
becomes "hour.1", "1"2 is read as 12). For looking at data that is convenient; a data set had better not rest on it.
"""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import numpy as np

from helpers.arguments import listed, shortened
from helpers.language import translate

__all__ = ["Column", "classes", "numbers", "read_table"]

MISSING = {"", "nan", "-nan", "na", "n/a", "null", "none"}  # what a cell holds, in any case, without a value
LONGEST_NUMBER = 400  # characters; float64 has no use for more


class Column(NamedTuple):
    """A column's name, the text of its cells, and the line of the file that each stands in."""

    name: str
    cells: list[str]
    lines: list[int]


def read_table(path: Path | str, sep: str = ",", encoding: str = "utf-8") -> dict[str, Column]:
    """Read a CSV file with a header line, and return its columns by name.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is not a table with a name for each column and at least one row, or ``sep`` or
            ``encoding`` make no sense.
    """
    if not isinstance(sep, str) or len(sep) != 1 or sep in '"\r\n':
        complaint = 'sep is the one character between two cells, such as "," or ";", got {sep!r}.'
        raise ValueError(translate(complaint, sep=sep))
    name, content = _read_text(path, encoding)
    try:
        reader = csv.reader(io.StringIO(content, newline=""), delimiter=sep, strict=True)
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if row]
    except csv.Error as error:
        raise ValueError(
            translate(
                "{file} cannot be read as a table, near line {line}: {error}. "
                "Open it in a text editor: is a quotation mark out of place, or a cell huge?",
                file=name,
                line=reader.line_num,
                error=error,
            )
        ) from error
    if not rows:
        raise ValueError(translate("{file} is empty: expected a header line and rows.", file=name))
    header = _checked_header(rows.pop(0)[1], name)
    for line, row in rows:
        if len(row) != len(header):
            raise ValueError(
                translate(
                    "{file} cannot be read as a table separated by {sep!r}: line {line} has {cells} cells "
                    'and the header has {names}. For semicolons pass sep=";".',
                    file=name,
                    sep=sep,
                    line=line,
                    cells=len(row),
                    names=len(header),
                )
            )
    if not rows:
        raise ValueError(translate("{file} has a header line but no rows.", file=name))
    lines = [line for line, _ in rows]
    columns = zip(*(row for _, row in rows), strict=True)
    return {title: Column(title, list(cells), lines) for title, cells in zip(header, columns, strict=True)}


def numbers(column: Column, decimal: str = ".") -> np.ndarray:
    """Return a column as float64 of shape [N].

    Raises:
        ValueError: if a cell is empty, holds text, or a number that float32 cannot hold; it names the column
            and the first such line of the file. Also if ``decimal`` is neither "." nor ",".
    """
    pattern = _number_pattern(decimal)
    _refuse(
        column,
        [cell.lower() in MISSING for cell in column.cells],
        "Column {column!r} has no value in {bad} of its {all} rows, "
        "first in line {line} of the file: {cell!r}. "
        "Drop or fill those rows with pandas (dropna, fillna) and save the table again.",
    )
    _refuse(
        column,
        [len(cell) > LONGEST_NUMBER or not pattern.fullmatch(cell) for cell in column.cells],
        "Column {column!r} has text where a number belongs in {bad} of its {all} rows, "
        "first in line {line} of the file: {cell!r}. "
        "Leave the column out with drop=[...], or code it as numbers first.",
    )
    values = np.array([float(cell.replace(decimal, ".")) for cell in column.cells], dtype=np.float64)
    _refuse(
        column,
        ~(np.abs(values) <= np.finfo(np.float32).max),
        "Column {column!r} has a number too large for float32 in {bad} of its {all} rows, "
        "first in line {line} of the file: {cell!r}. "
        "Write it in a larger unit, such as millions.",
    )
    return values


def classes(column: Column, decimal: str = ".") -> tuple[list[str], np.ndarray]:
    """Return a column's distinct values, and each row's position among them, int64 of shape [N].

    Numbers are sorted by size, and 1 and 1.0 are one class; anything else is text. A class is called what the
    file says where it first occurs.

    Raises:
        ValueError: if a cell is empty.
    """
    _refuse(
        column,
        [cell.lower() in MISSING for cell in column.cells],
        "Column {column!r} has no class in {bad} of its {all} rows, "
        "first in line {line} of the file: {cell!r}. "
        "Drop or fill those rows with pandas (dropna, fillna) and save the table again.",
    )
    pattern = _number_pattern(decimal)
    # 007 is a name: nobody writes a number like that.
    plain = [
        len(c) <= LONGEST_NUMBER and pattern.fullmatch(c) and not re.match("[+-]?0[0-9]", c)
        for c in column.cells
    ]
    keys = [Decimal(cell.replace(decimal, ".")) for cell in column.cells] if all(plain) else column.cells
    names: dict = {}
    for key, cell in zip(keys, column.cells, strict=True):
        names.setdefault(key, cell)
    position = {key: code for code, key in enumerate(sorted(names))}
    return [names[key] for key in position], np.array([position[key] for key in keys], dtype=np.int64)


def _read_text(path: Path | str, encoding: str) -> tuple[str, str]:
    """Return a file's name and its text."""
    if not isinstance(path, (str, Path)):
        raise ValueError(translate("Expected the path of a CSV file, got {path!r}.", path=path))
    path = Path(path)
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileNotFoundError(
            translate(
                "There is no file {path!r}. A relative path starts at the working directory, "
                "{folder!r}: check the name, or build the path from the course's folder.",
                path=str(path),
                folder=str(Path.cwd()),
            )
        ) from error
    except (OSError, ValueError) as error:
        complaint = "{path!r} is no file that can be read: {error}."
        raise ValueError(translate(complaint, path=str(path)[:200], error=error)) from error
    try:
        content = data.decode("utf-8-sig" if encoding in ("utf-8", "utf8", "UTF-8") else encoding)
    except (UnicodeError, LookupError, TypeError) as error:
        raise ValueError(
            translate(
                "{file} is not text in the encoding {encoding!r}. Save it as UTF-8, "
                'or name its encoding, for example encoding="latin-1".',
                file=path.name,
                encoding=encoding,
            )
        ) from error
    if "\0" in content:
        raise ValueError(
            translate(
                "{file} holds zero bytes, so it is no text in the encoding {encoding!r}. "
                'A file saved as "Unicode" by a spreadsheet may need encoding="utf-16".',
                file=path.name,
                encoding=encoding,
            )
        )
    return path.name, content


def _checked_header(header: list[str], file: str) -> list[str]:
    nameless = [str(place) for place, name in enumerate(header, 1) if not name]
    if nameless:
        raise ValueError(
            translate(
                "{file} has no name for column {places} in its header line. A table saved by pandas "
                "gets such a column from its index: save it with index=False.",
                file=file,
                places=", ".join(nameless[:5]),
            )
        )
    seen: set[str] = set()
    twice = sorted({name for name in header if name in seen or seen.add(name)})
    if twice:
        complaint = "{file} names more than one column {names}: give each its own name."
        raise ValueError(translate(complaint, file=file, names=listed(twice, repr)))
    return header


def _number_pattern(decimal: str) -> re.Pattern:
    """Return what a person would call a number (float() also takes "inf" and "1_000"), with this decimal sign.

    Where that is a comma, "1.500" is most likely fifteen hundred, and no guess is made.
    """
    if decimal not in (".", ","):
        complaint = 'decimal is the sign before the fraction, "." or ",", got {decimal!r}.'
        raise ValueError(translate(complaint, decimal=decimal))
    point = re.escape(decimal)
    return re.compile(rf"[+-]?([0-9]+({point}[0-9]*)?|{point}[0-9]+)([eE][+-]?[0-9]{{1,4}})?")


def _refuse(column: Column, bad: list[bool] | np.ndarray, complaint: str) -> None:
    """Raise an error that names the first bad cell, where there is one; ``complaint`` is its template."""
    if any(bad):
        first = [bool(b) for b in bad].index(True)
        raise ValueError(
            translate(
                complaint,
                column=shortened(column.name),
                bad=sum(map(bool, bad)),
                all=len(column.cells),
                line=column.lines[first],
                cell=shortened(column.cells[first]),
            )
        )
