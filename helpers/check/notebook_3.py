"""The exercises of notebook 3: a Dataset and two loaders, tried on small tables of the check's own, and a quiz."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor
from torch.utils.data import DataLoader

from helpers.check.doubles import double, run
from helpers.check.feedback import check, kind_of, refuse
from helpers.check.quizzes import judge_letters
from helpers.language import translate

HEADER = "season,mnth,day,hr,holiday,weekday,workingday,weathersit,temp,atemp,hum,windspeed,casual,registered,bikers"
NAMES = HEADER.split(",")
ROWS = 9


@check(3, "Twelve features and a target, float32, in the shapes that a regression needs.", "BikeTable(path)")
def custom_dataset(cls: type) -> None:
    """Check ``cls(path)``: each item is 12 features, float32 of shape [12], and `bikers`, float32 of shape [1]."""
    # A Dataset may keep its file open, and Windows does not delete an open file.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path, table = Path(folder, "bikes.csv"), _table(ROWS)
        _write(path, table)
        dataset = run(double(cls), path, what="`BikeTable(path)`").result
        length = run(len, dataset, what="`len(dataset)`").result
        refuse("wrong-length", length != ROWS, "`len(dataset)` is {length} for a table of {rows} rows. Is the header line counted, a row left out, or a table of the notebook read instead of the file at `path`?", length=length, rows=ROWS)  # fmt: skip
        items = [_item(dataset, 0, table)]
        _write(path, table + 1000)  # who reads the file again finds other numbers from here on
        items += [_item(dataset, row, table) for row in range(1, ROWS)]
        _judge_values(items, table)


def _table(rows: int) -> np.ndarray:
    """Return a bike table, float64 of shape [rows, 15], in which each number of bikers comes once."""
    random = np.random.default_rng(3)
    table = np.concatenate([random.integers(1, 400, (rows, 8)), random.random((rows, 4)).round(4)], axis=1)
    casual, registered = random.integers(500, 600, rows), 1000 + 100 * random.permutation(rows)
    return np.column_stack([table, casual, registered, casual + registered])


def _write(path: Path, table: np.ndarray) -> None:
    np.savetxt(path, table, fmt="%.10g", delimiter=",", header=HEADER, comments="", encoding="utf-8")


def _item(dataset: Any, row: int, table: np.ndarray) -> tuple[Tensor, Tensor]:
    """Return an item of the dataset, if it has the right form."""
    item = run(dataset.__getitem__, row, what=f"`dataset[{row}]`").result
    features, target = _tensors(item, "`dataset[0]`")
    columns = zip(NAMES[12:], table[row, 12:], strict=True)
    _judge_form(features, target, [], [name for name, value in columns if (features == value).any()])
    return features.clone(), target.clone()


def _pair(value: Any, what: str, *names: str) -> tuple[Any, Any]:
    refuse("not-a-pair", not isinstance(value, (tuple, list)) or len(value) != 2, "{what} is {kind}. A pair is expected: `{names}`.", what=what, kind=kind_of(value), names=", ".join(names))  # fmt: skip
    return value[0], value[1]


def _tensors(value: Any, what: str) -> tuple[Tensor, Tensor]:
    """Return features and target, if that is what an item or a batch is made of."""
    pair = _pair(value, what, "features", "target")
    for part, tensor in zip(PARTS, pair, strict=True):
        refuse("numpy-instead-of-tensors", not isinstance(tensor, Tensor), "The {part} is {kind}. PyTorch works with tensors: `torch.tensor(..., dtype=torch.float32)`.", part=translate(part), kind=kind_of(tensor))  # fmt: skip
    return pair


PARTS = ("features tensor", "target")


def _judge_form(features: Tensor, target: Tensor, rows: list[int], leaks: list[str]) -> None:
    """Compare columns, shapes and types with what is asked for; ``rows`` is [] for an item, [N] for batches."""
    shape, target_shape = list(features.shape), list(target.shape)
    refuse("leaking-columns", leaks, "The features hold {columns}: nobody knows that before the hour is over, and it gives the target away. Leave it out.", columns=translate(" and ").join(f"`{name}`" for name in leaks))  # fmt: skip
    refuse("wrong-features-shape", shape != [*rows, 12], "The features have shape {shape}; {right} is expected, one number for each of the 12 features.", shape=shape, right=[*rows, 12])  # fmt: skip
    refuse("wrong-target-shape", target_shape != [*rows, 1], "The target has shape {target}; {right_target} is expected. A batch of numbers without a dimension of their own has shape [N], which the loss would pair with predictions of shape [N, 1] all against all. Put the number into a list, `torch.tensor([bikers])`, and the column too: `table[['bikers']]`.", target=target_shape, right_target=[*rows, 1])  # fmt: skip
    for part, value in zip(PARTS, (features, target), strict=True):
        refuse("not-float32", value.dtype != torch.float32, "The {part} is {dtype}, as pandas and NumPy count. A network's weights are float32: `torch.tensor(..., dtype=torch.float32)`.", part=translate(part), dtype=str(value.dtype).removeprefix("torch."))  # fmt: skip


def _judge_values(items: list[tuple[Tensor, Tensor]], table: np.ndarray) -> None:
    X, y = (torch.stack(parts) for parts in zip(*items, strict=True))
    right_X, right_y = torch.tensor(table[:, :12]).float(), torch.tensor(table[:, 14:]).float()
    refuse("reads-file-again", torch.allclose(X[1:], right_X[1:] + 1000) or torch.allclose(y[1:], right_y[1:] + 1000), "It reads the file again for each item. That takes milliseconds every time, thousands of times an epoch. Read it once, in `__init__`.")  # fmt: skip
    for row in range(ROWS):
        refuse("wrong-features", not torch.allclose(X[row], right_X[row]), "The features of row {row} are not the table's. Expected, as they stand in the file: {right}; got {value}.", row=row, right=right_X[row].double().round(decimals=4).tolist(), value=X[row].double().round(decimals=4).tolist())  # fmt: skip
        refuse("wrong-target", not torch.allclose(y[row], right_y[row]), "The target of row {row} is {value:g}, and `bikers` is {right:g} there.", row=row, value=y[row].item(), right=right_y[row].item())  # fmt: skip


@check(3, "Whole weeks kept aside, scaled by the training rows alone, all rows in batches.", "make_loaders(table)")  # fmt: skip
def make_loaders(fn: Callable) -> None:
    """Check ``fn(table)``, a training and a test loader of features [B, 12] and `bikers` [B, 1]."""
    values = _table(420)
    values[:, 0], values[:, 2] = 2, np.arange(420) // 6 + 1  # one season, six hours on each of 70 days
    in_test = (values[:, 2] - 1) // 7 % 5 == 4
    values[in_test, 8:12] += 1  # so that the test rows' scale is another
    table = pd.DataFrame(values, columns=NAMES).astype(dict.fromkeys(NAMES[:8] + NAMES[12:], int))
    before = table.copy()
    loaders = _pair(run(double(fn), table).result, "`make_loaders(table)`", "train_loader", "test_loader")
    passes = [_gone_through(loader, values) for loader in (*loaders, loaders[0])]
    (X, train, sizes), (test_X, test, test_sizes), (_, again, _) = passes
    missing, right_test = 420 - len({*train, *test}), {*np.flatnonzero(in_test)}
    refuse("changes-the-table", not table.equals(before), "It changes the `table` that it is given, and the notebook goes on with it. Work on a copy: `table.copy()`, or `drop` without `inplace`.")  # fmt: skip
    refuse("rows-in-both", {*train} & {*test}, "Some rows are in both loaders. Whoever is tested on what it was trained with looks better than it is.")  # fmt: skip
    refuse("drops-last-batch", 0 < missing < 64 and {64} in ({*sizes}, {*test_sizes}), "The short last batch is missing: {missing} rows in all. Leave `drop_last` out.", missing=missing)  # fmt: skip
    refuse("rows-lost", missing or len(train) + len(test) > 420, "Each row belongs in one loader, once. In neither: {missing}.", missing=missing)  # fmt: skip
    refuse("loaders-swapped", {*train} == right_test, "The two are swapped: the training loader comes first.")
    refuse("wrong-split", {*test} != right_test, "The test rows are others: those where `(table['day'] - 1) // 7 % 5 == 4`.")  # fmt: skip
    refuse("wrong-batch-size", (sizes[0], test_sizes[0]) != (64, 64), "The batches hold {sizes[0]} and {test_sizes[0]} rows; 64 is asked for.", sizes=sizes, test_sizes=test_sizes)  # fmt: skip
    refuse("train-not-shuffled", train == sorted(train), "The training rows come in the table's order. Shuffle them: `shuffle=True`.")  # fmt: skip
    refuse("shuffled-once", train == again, "The training rows come in the same order in each epoch. `shuffle=True` in the `DataLoader` shuffles them anew.")  # fmt: skip
    refuse("test-shuffled", test != sorted(test), "The test rows are shuffled. Keep the table's order, so that prediction number i belongs to row i.")  # fmt: skip
    _judge_scale(values[:, :12], train, test, np.concatenate([X, test_X]))


def _gone_through(loader: Any, table: np.ndarray) -> tuple[np.ndarray, list[int], list[int]]:
    """Return all features [N, 12], which rows of the table they belong to, and the size of each batch."""
    if isinstance(loader, DataLoader):
        loader.num_workers = 0  # other processes would take seconds to start
    batches = run(lambda: list(itertools.islice(loader, 1000))).result
    refuse("no-batches", not batches, "A loader gives no batch.")
    pairs = [_tensors(batch, translate("A batch")) for batch in batches]
    X, y = (torch.cat(parts).cpu() for parts in zip(*pairs, strict=True))
    numbers = {bikers: row for row, bikers in enumerate(table[:, 14])}
    rows = [numbers.get(bikers, -1) for bikers in y.flatten().tolist()]
    refuse("wrong-target", -1 in rows, "The targets are not the column `bikers` of the `table` that it is given, as it stands there. Are they scaled, or from a table of the notebook?")  # fmt: skip
    with np.errstate(all="ignore"):  # a constant column has no correlation
        alike = (abs(np.corrcoef(X.reshape(len(X), -1).T, table[rows, 12:].T))[:-3, -3:] > 0.9999).any(axis=0)
    _judge_form(X, y, [len(rows)], list(np.array(NAMES[12:])[alike]))
    return X.numpy(), rows, [len(features) for features, _ in batches]


def _judge_scale(raw: np.ndarray, train: list[int], test: list[int], X: np.ndarray) -> None:
    """Compare the scaled rows, those for training first, with rows scaled by the right ones and by others."""

    def scaled(rows: list[int], by: list[int]) -> np.ndarray:
        std = raw[by].std(axis=0)
        return (raw[rows] - raw[by].mean(axis=0)) / np.where(std == 0, 1, std)

    def is_like(train_part: np.ndarray, test_part: np.ndarray) -> bool:
        return np.allclose(X, np.concatenate([train_part, test_part]), atol=0.02)  # ddof is 0 or 1

    right, raw_test = (scaled(train, train), scaled(test, train)), raw[test]
    column = int((abs(X - np.concatenate(right)) > 0.02).any(axis=0).argmax())
    refuse("divides-by-zero", not np.isfinite(X).all(), "Features are nan or infinite. A column that is constant in the training rows has deviation 0: divide it by 1.")  # fmt: skip
    refuse("not-scaled", is_like(raw[train], raw_test), "The features are not scaled.")
    refuse("test-not-scaled", is_like(right[0], raw_test), "The test rows are not scaled. They need the same mean and standard deviation, those of the training rows.")  # fmt: skip
    refuse("scaled-by-all-rows", is_like(scaled(train, train + test), scaled(test, train + test)), "The scale is that of all rows, so something of the test rows enters the training. Split first, and take mean and standard deviation of the training rows.")  # fmt: skip
    refuse("each-by-its-own", is_like(right[0], scaled(test, test)), "The test rows are scaled by themselves, so the same number means something else there. Use mean and standard deviation of the training rows for both.")  # fmt: skip
    refuse("wrong-scale", not is_like(*right), "`{column}` is not scaled by mean and standard deviation of the training rows: the first training row has {value:.4f} there, and {right:.4f} is expected.", column=NAMES[column], value=X[0, column], right=right[0][0, column])  # fmt: skip


@check(3, "It divides the data into batches, and can prepare the next one while the processor works on this one.")  # fmt: skip
def dataloader_quiz(answer: Any) -> None:
    """Check the letters of the quiz on what a DataLoader is good for; two of four are right."""
    hints = {
        "B": "B: a DataLoader hands the data out as the Dataset gives it. Normalising is up to you, in the Dataset or before.",
        "D": "D: transformations run as you wrote them, in the Dataset. The DataLoader can run them in other processes, but it does not make them any better.",
    }
    judge_letters(answer, "AC", hints)
