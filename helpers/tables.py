"""Reading a table of numbers from a CSV file, strictly: a correct table or one clear error."""

import csv
import re
from pathlib import Path

import numpy as np
import pandas as pd

__all__ = ["MISSING", "numbers", "read_table"]

MISSING = ["", "nan", "na", "n/a", "null"]  # what a cell holds, in any case, where there is no value


def read_table(path: Path | str, sep: str = ",", encoding: str = "utf-8") -> pd.DataFrame:
    """Read a CSV file with a header line as text, one column of strings for each name.

    pandas guesses where a file is ambiguous (a longer row makes an index of the first column, a second
    "hour" becomes "hour.1", an empty cell NaN); a data set had better not rest on a guess.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is not a table with a name for each column and at least one row.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(
            f"There is no file {str(path)!r}. A relative path starts at the working directory, "
            f"{str(Path.cwd())!r}: check the name, or build the path from the course's folder."
        )
    try:
        table = pd.read_csv(
            path, sep=sep, encoding=encoding, header=None, dtype=str, keep_default_na=False, na_filter=False
        )
    except UnicodeError as error:
        raise ValueError(
            f"{path.name} is not text in the encoding {encoding!r}. Save it as UTF-8, "
            'or name its encoding, for example encoding="latin-1".'
        ) from error
    except pd.errors.EmptyDataError as error:
        raise ValueError(f"{path.name} is empty: expected a header line and rows.") from error
    except (pd.errors.ParserError, csv.Error, ValueError, LookupError, OverflowError) as error:
        raise ValueError(
            f"{path.name} cannot be read as a table separated by {sep!r}: {str(error).strip()}. "
            'Open it in a text editor; for semicolons pass sep=";".'
        ) from error

    names = [str(name).strip() for name in table.iloc[0]]
    nameless = [str(i + 1) for i, name in enumerate(names) if not name]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if nameless:
        raise ValueError(f"{path.name} has no name for column {', '.join(nameless)} in its header line.")
    if twice:
        raise ValueError(f"{path.name} names more than one column {twice}: give each its own name.")
    if len(table) == 1:
        raise ValueError(f"{path.name} has a header line but no rows.")
    rows = table.iloc[1:].reset_index(drop=True)
    rows.columns = names
    return rows


def numbers(column: pd.Series, decimal: str = ".") -> np.ndarray:
    """Return a column of strings as float64 of shape [N].

    Raises:
        ValueError: if a cell is empty, holds text or a number that float32 cannot hold. It names the
            column and the first such line of the file.
    """
    if len(decimal) != 1 or decimal.isalnum():
        raise ValueError(f'decimal is the sign before the fraction, such as "." or ",", got {decimal!r}.')
    text = column.str.strip()
    # Only what a person would call a number (float() also takes "inf" and "1_000"), and with this decimal sign:
    # where it is a comma, "1.500" is most likely fifteen hundred, and no guess is made.
    point = re.escape(decimal)
    looks_right = text.str.fullmatch(rf"[+-]?([0-9]+{point}?[0-9]*|{point}[0-9]+)([eE][+-]?[0-9]+)?")
    _refuse(
        column,
        text.str.lower().isin(MISSING),
        "no value",
        "Drop or fill those rows with pandas (dropna, fillna) and save the table again.",
    )
    _refuse(
        column,
        ~looks_right.astype(bool),
        "text where a number belongs",
        "Leave the column out with drop=[...], or code it as numbers first.",
    )
    values = text.str.replace(decimal, ".", regex=False).to_numpy(dtype=np.float64)
    _refuse(
        column,
        ~(np.abs(values) <= np.finfo(np.float32).max),
        "a number too large for float32",
        "Divide the column by a suitable unit.",
    )
    return values


def _refuse(column: pd.Series, bad: pd.Series | np.ndarray, what: str, repair: str) -> None:
    """Raise an error that names the first bad cell, where there is one."""
    bad = np.asarray(bad, dtype=bool)
    if bad.any():
        first = int(bad.argmax())
        cell = column.iloc[first]
        shown = repr(cell if len(cell) <= 40 else cell[:37] + "...")
        raise ValueError(
            f"Column {column.name!r} has {what} in {bad.sum()} of its {len(bad)} rows, "
            f"first in row {first + 1}: {shown}. {repair}"
        )
