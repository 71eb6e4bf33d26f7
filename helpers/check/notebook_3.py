"""The exercises of notebook 3: a Dataset for the bike table, tried on a small table of the check's own, and a quiz."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader

from helpers.check.doubles import double, run
from helpers.check.feedback import Mistake, NotAttempted, check, kind_of
from helpers.check.quizzes import judge_letters
from helpers.language import translate

HEADER = "season,mnth,day,hr,holiday,weekday,workingday,weathersit,temp,atemp,hum,windspeed,casual,registered,bikers"
ROWS = 9
HOURS_IN_THE_REAL_TABLE = 8645


@check(3, "Twelve features and a target, float32, in the shapes that a regression needs.", "BikeTable(path)")
def custom_dataset(cls: type) -> None:
    """Check ``cls(path)``: each item is 12 features, float32 of shape [12], and `bikers`, float32 of shape [1]."""
    # A Dataset may keep its file open, and Windows does not delete an open file.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path, table = Path(folder, "bikes.csv"), _table()
        _write(path, table)
        dataset = run(double(cls), path, what="`BikeTable(path)`").result
        _judge_length(dataset)
        items = [_item(dataset, 0, table)]
        _write(path, table + 1000)  # who reads the file again finds other numbers from here on
        items += [_item(dataset, row, table) for row in range(1, ROWS)]
        _judge_values(items, table)
        again = run(dataset.__getitem__, 0).result
        if not all(map(torch.equal, again, items[0])):
            raise Mistake("changes-between-calls", "`dataset[0]` is not the same when it is asked for twice.")
        _judge_end(dataset)
        run(lambda: next(iter(DataLoader(dataset, batch_size=4))), what=translate("A DataLoader of it"))


def _table() -> np.ndarray:
    """Return a small bike table, float64 of shape [ROWS, 15], in which no two numbers of a row are alike."""
    random = np.random.default_rng(3)
    table = np.concatenate([random.integers(1, 400, (ROWS, 8)), random.random((ROWS, 4)).round(4)], axis=1)
    casual, registered = random.integers(500, 600, ROWS), random.integers(700, 900, ROWS)
    return np.column_stack([table, casual, registered, casual + registered])


def _write(path: Path, table: np.ndarray) -> None:
    np.savetxt(path, table, fmt="%.10g", delimiter=",", header=HEADER, comments="", encoding="utf-8")


def _judge_length(dataset: Any) -> None:
    try:
        length = run(len, dataset).result
    except (Mistake, NotAttempted):
        raise Mistake("no-length", "`len(dataset)` does not give a number: `__len__` returns how many rows there are.") from None  # fmt: skip
    if length == HOURS_IN_THE_REAL_TABLE:
        raise Mistake("ignores-path", "It holds {length} rows, and the table that the check gave it has {rows}. Read the file at `path`, not a table of the notebook.", length=length, rows=ROWS)  # fmt: skip
    if abs(length - ROWS) == 1:
        raise Mistake("off-by-one-length", "`len(dataset)` is {length} for a table of {rows} rows. Is the header line counted, or a row left out?", length=length, rows=ROWS)  # fmt: skip
    if length != ROWS:
        raise Mistake(
            "wrong-length", "`len(dataset)` is {length} for a table of {rows} rows.", length=length, rows=ROWS
        )


def _item(dataset: Any, row: int, table: np.ndarray) -> tuple[Tensor, Tensor]:
    """Return an item of the dataset, if it has the right form."""
    item = run(dataset.__getitem__, row, what=f"`dataset[{row}]`").result
    if not isinstance(item, (tuple, list)) or len(item) != 2:
        raise Mistake("not-a-pair", "`dataset[0]` is {kind}. An item is a pair: `return features, target`.", kind=kind_of(item))  # fmt: skip
    parts = dict(zip((translate("features tensor"), translate("target")), item, strict=True))
    for part, value in parts.items():
        if not isinstance(value, Tensor):
            raise Mistake("numpy-instead-of-tensors", "The {part} is {kind}. PyTorch works with tensors: `torch.tensor(..., dtype=torch.float32)`.", part=part, kind=kind_of(value))  # fmt: skip
    features, target = item
    columns = zip(HEADER.split(",")[12:], table[row, 12:], strict=True)
    leaks = [f"`{name}`" for name, value in columns if (features == value).any()]
    if leaks:
        raise Mistake("leaking-columns", "The features hold {columns}: nobody knows that before the hour is over, and it gives the target away. Leave it out.", columns=translate(" and ").join(leaks))  # fmt: skip
    if features.shape != (12,):
        raise Mistake("wrong-features-shape", "The features have shape {shape}; [12] is expected, one number for each of the 12 features.", shape=list(features.shape))  # fmt: skip
    if target.dim() == 0:
        raise Mistake("target-without-dimension", "The target has shape [], a number without a dimension. In a batch that makes [N], which the loss would pair with predictions of shape [N, 1] all against all. Put it into a list: `torch.tensor([bikers])`.")  # fmt: skip
    if target.shape != (1,):
        raise Mistake(
            "wrong-target-shape", "The target has shape {shape}; [1] is expected.", shape=list(target.shape)
        )
    for part, value in parts.items():
        if value.dtype == torch.float64:
            raise Mistake("float64", "The {part} is float64, as pandas and NumPy count. A network's weights are float32: `torch.tensor(..., dtype=torch.float32)`.", part=part)  # fmt: skip
        if value.dtype != torch.float32:
            raise Mistake("wrong-type", "The {part} is {dtype}, and float32 is needed: `torch.tensor(..., dtype=torch.float32)`.", part=part, dtype=str(value.dtype).removeprefix("torch."))  # fmt: skip
    return features.clone(), target.clone()


def _judge_values(items: list[tuple[Tensor, Tensor]], table: np.ndarray) -> None:
    X, y = (torch.stack(parts) for parts in zip(*items, strict=True))
    right_X, right_y = torch.tensor(table[:, :12]).float(), torch.tensor(table[:, 14:]).float()
    if torch.allclose(X[1:], right_X[1:] + 1000) or torch.allclose(y[1:], right_y[1:] + 1000):
        raise Mistake("reads-file-again", "It reads the file again for each item. That takes milliseconds every time, thousands of times an epoch. Read it once, in `__init__`.")  # fmt: skip
    for row in range(ROWS):
        if not torch.allclose(X[row], right_X[row]):
            if any(torch.allclose(X[row], other) for other in right_X):
                raise Mistake("rows-in-wrong-order", "Item {row} is another row of the table. Keep the rows in the order of the file.", row=row)  # fmt: skip
            raise Mistake("wrong-features", "The features of row {row} are not the table's. Expected, as they stand in the file: {right}; got {value}.", row=row, right=_numbers(right_X[row]), value=_numbers(X[row]))  # fmt: skip
        if not torch.allclose(y[row], right_y[row]):
            raise Mistake("wrong-target", "The target of row {row} is {value:g}, and `bikers` is {right:g} there.", row=row, value=y[row].item(), right=right_y[row].item())  # fmt: skip


def _judge_end(dataset: Any) -> None:
    """An item past the end must raise IndexError: that is how Python's for loop over a sequence ends."""
    what = translate("an item")
    try:
        run(dataset.__getitem__, ROWS)
    except Mistake as mistake:
        if isinstance(mistake.__cause__, IndexError):
            return
        what = type(mistake.__cause__).__name__
    raise Mistake("no-index-error", "`dataset[{rows}]` is past the end and gives {what}. It must raise IndexError, or a `for` loop over the dataset does not know where to stop.", rows=ROWS, what=what)  # fmt: skip


def _numbers(values: Tensor) -> str:
    return str([round(value, 4) for value in values.tolist()])


@check(
    3, "It divides the data into batches, and can prepare the next one while the processor works on this one."
)
def dataloader_quiz(answer: Any) -> None:
    """Check the letters of the quiz on what a DataLoader is good for; two of four are right."""
    hints = {
        "B": "B: a DataLoader hands the data out as the Dataset gives it. Normalising is up to you, in the Dataset or before.",
        "D": "D: transformations run as you wrote them, in the Dataset. The DataLoader can run them in other processes, but it does not make them any better.",
    }
    judge_letters(answer, "AC", hints)
