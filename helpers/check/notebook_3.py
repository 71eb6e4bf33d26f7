"""The exercises of notebook 3: Datasets, a split, loaders, a baseline, a quiz; on small data of the check's own."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, TensorDataset

from helpers.check.core import Mistake, exercise, kind_of, refuse
from helpers.check.known import Ways, is_right
from helpers.check.quizzes import judge_letters
from helpers.check.student import copied, run
from helpers.language import say

HEADER = "season,mnth,day,hr,holiday,weekday,workingday,weathersit,temp,atemp,hum,windspeed,casual,registered,bikers"
NAMES = HEADER.split(",")
ROWS = 9


def numbers(rows: int) -> np.ndarray:
    """Return a bike table, float64 of shape [rows, 15], in which each number of bikers comes once.

    No column is like another one: whoever lets one of them leak is told of that one.
    """
    random = np.random.default_rng(3)
    table = np.concatenate([random.integers(1, 400, (rows, 8)), random.random((rows, 4)).round(4)], axis=1)
    casual = 1000 + (rows + 1) * random.permutation(rows)
    registered = 3000 + rows * random.permutation(rows)
    return np.column_stack([table, casual, registered, casual + registered])


def pair(value: Any, what: str, *names: str) -> tuple[Any, Any]:
    """Return a pair, if it is one."""
    is_pair = isinstance(value, (tuple, list)) and len(value) == 2
    refuse("not-a-pair", not is_pair, what=what, kind=kind_of(value), names=", ".join(names))
    return value[0], value[1]


def length_of(dataset: Any) -> int:
    """Return ``len(dataset)``, if there is a ``__len__`` that returns a whole number."""
    try:
        return run(len, dataset)[0]
    except Mistake as mistake:
        refuse("no-length", isinstance(mistake.__cause__, TypeError) and not mistake.values["place"])
        raise


def refuse_endless(dataset: Any, length: int) -> None:
    """Refuse a Dataset that has an item after its last one: a loop over it would never end."""
    try:
        run(dataset.__getitem__, length)
    except Mistake:
        return
    raise Mistake("never-ends", length=length)


# A Dataset of table rows


@exercise(3, "BikeTable(path)")
def custom_dataset(cls: type) -> None:
    """Check ``cls(path)``: each item is 12 features, float32 of shape [12], and `bikers`, float32 of shape [1]."""
    path, table = Path("bikes.csv").resolve(), numbers(ROWS)
    write(path, table)
    dataset, _ = run(copied(cls), path)
    length = length_of(dataset)
    refuse("wrong-length", length != ROWS, length=length, rows=ROWS)
    items = [item(dataset, 0, table)]
    write(path, table + 10_000)  # who reads the file again finds other numbers from here on
    items += [item(dataset, row, table) for row in range(1, ROWS)]
    X, y = (torch.stack(parts) for parts in zip(*items, strict=True))
    right_X, right_y = torch.tensor(table[:, :12]).float(), torch.tensor(table[:, 14:]).float()
    refuse("reads-file-again", torch.allclose(y[1:], right_y[1:] + 10_000))
    for row in range(ROWS):
        right, value = (part[row].double().round(decimals=4).tolist() for part in (right_X, X))
        refuse("wrong-features", not torch.allclose(X[row], right_X[row]), row=row, right=right, value=value)
        facts = {"row": row, "right": right_y[row].item(), "value": y[row].item()}
        refuse("wrong-target", not torch.allclose(y[row], right_y[row]), **facts)
    refuse_endless(dataset, ROWS)


def write(path: Path, table: np.ndarray) -> None:
    np.savetxt(path, table, fmt="%.10g", delimiter=",", header=HEADER, comments="", encoding="utf-8")


def item(dataset: Any, row: int, table: np.ndarray) -> tuple[Tensor, Tensor]:
    """Return an item of the dataset, if it has the right form."""
    parts = pair(run(dataset.__getitem__, row)[0], "`dataset[0]`", "features", "target")
    for name, part in zip(("features", "target"), parts, strict=True):
        refuse("numpy-instead-of-tensors", not isinstance(part, Tensor), part=say(name), kind=kind_of(part))
    features, target = parts
    answers = zip(NAMES[12:], table[row, 12:], strict=True)
    leaks = [f"`{name}`" for name, value in answers if (features == value).any()]
    refuse("leaking-columns", leaks, columns=say("and").join(leaks))
    refuse("wrong-features-shape", features.shape != (12,), shape=list(features.shape))
    refuse("wrong-target-shape", target.shape != (1,), shape=list(target.shape))
    for name, part in zip(("features", "target"), parts, strict=True):
        dtype = str(part.dtype).removeprefix("torch.")
        refuse("not-float32", part.dtype != torch.float32, part=say(name), dtype=dtype)
    return features.clone(), target.clone()


# Two tables

HOURS = 840
# The test rows as those take them who make this mistake.
WRONG_SPLITS: dict[str, list[Callable[[np.ndarray], np.ndarray]]] = {
    "day-not-shifted": [lambda day: day // 7 % 5 == 4],
    "weeks-by-rows": [
        lambda day: np.arange(len(day)) // 7 % 5 == 4,
        lambda day: np.arange(len(day)) // (7 * 24) % 5 == 4,
    ],
    "parts-swapped": [lambda day: (day - 1) // 7 % 5 != 4],
}
# What train and test rows are scaled by, where that is a mistake.
WRONG_SCALES = {
    "not-scaled": (None, None),
    "test-not-scaled": ("train", None),
    "mean-taken-late": ("train", "deviation"),
    "scaled-by-all-rows": ("all", "all"),
    "each-by-its-own": ("train", "test"),
}


@exercise(3, "split_and_scale(table)")
def split_and_scale(fn: Callable) -> None:
    """Check ``fn(table)``, a table of training rows and one of test rows, scaled by the training rows."""
    table = hours()
    before, result = table.copy(), run(copied(fn), table)[0]
    refuse("changes-the-table", not table.equals(before))
    parts = pair(result, "`split_and_scale(table)`", "train_table", "test_table")
    for part in parts:
        refuse("not-a-table", not isinstance(part, pd.DataFrame), kind=kind_of(part))
        refuse("wrong-columns", [*part.columns] != NAMES, names=", ".join(map(str, part.columns)))
    known = {bikers: row for row, bikers in enumerate(before["bikers"])}
    train, test = ([known.get(bikers, -1) for bikers in part["bikers"]] for part in parts)
    refuse("bikers-changed", -1 in [*train, *test])
    judge_rows(train, test, before["day"].to_numpy())
    X = pd.concat(parts)[NAMES].to_numpy(dtype=float)
    refuse("bikers-changed", not np.array_equal(X[:, 12:], before.to_numpy()[[*train, *test], 12:]))
    refuse("divides-by-zero", not np.isfinite(X).all())
    judge_scale(before.to_numpy()[:, :12], X[:, :12], train, test)


def hours() -> pd.DataFrame:
    """Return 140 days of six hours. The test rows are on another scale, and they alone have several seasons."""
    values = numbers(HOURS)
    values[:, 0], values[:, 2] = 2, np.arange(HOURS) // 6 + 1
    in_test = (values[:, 2] - 1) // 7 % 5 == 4
    values[in_test, 0] = 2 + np.arange(in_test.sum()) % 3
    values[in_test, 8:12] += 1
    return pd.DataFrame(values, columns=NAMES).astype(dict.fromkeys(NAMES[:8] + NAMES[12:], int))


def judge_rows(train: list[int], test: list[int], day: np.ndarray) -> None:
    """Compare the rows of both parts, by their numbers, with those that belong there."""
    mistakes = {
        code: Ways(np.flatnonzero(wrong(day)) for wrong in ways) for code, ways in WRONG_SPLITS.items()
    }
    is_wrong = not is_right(sorted(test), np.flatnonzero((day - 1) // 7 % 5 == 4), mistakes)
    refuse("rows-in-both", {*train} & {*test})
    missing = len(day) - len({*train, *test})
    refuse("rows-lost", missing or len(train) + len(test) > len(day), missing=missing)
    refuse("wrong-split", is_wrong)
    refuse("wrong-order", [*train, *test] != [*sorted(train), *sorted(test)])


def judge_scale(raw: np.ndarray, X: np.ndarray, train: list[int], test: list[int]) -> None:
    """Compare the features, training rows first, with rows scaled as they should be, and as a mistake scales them."""
    groups = {"train": train, "test": test, "all": [*train, *test]}

    def scaled(rows: list[int], by: str | None) -> np.ndarray:
        if by is None:
            return raw[rows]
        of = raw[groups.get(by, train)]
        mean, std = of.mean(axis=0) * (by in groups), of.std(axis=0)
        return (raw[rows] - mean) / np.where(std == 0, 1, std)

    def off_by(train_by: str | None, test_by: str | None) -> np.ndarray:
        return abs(X - np.concatenate([scaled(train, train_by), scaled(test, test_by)]))

    # The deviation may be that of the rows or, a little more, of all rows like these: pandas and NumPy differ.
    off, tolerance = off_by("train", "train"), 0.02
    wrong = (off > tolerance).any(axis=0)
    for code, scales in WRONG_SCALES.items():
        refuse(code, wrong.any() and not (off_by(*scales) > tolerance).any())
    refuse("divides-by-nearly-zero", abs(X).max() > 1e4)
    right = scaled([*train, *test], "train")
    row, column = np.unravel_index(off.argmax(), X.shape)
    facts = {"column": NAMES[column], "value": X[row, column], "right": right[row, column]}
    refuse("constant-column", wrong.tolist() == [True] + [False] * 11, column=NAMES[0])
    refuse("wrong-scale", wrong.any(), **facts)


# Two loaders


@exercise(3, "make_loaders(train_set, test_set, batch_size)")
def make_loaders(fn: Callable) -> None:
    """Check ``fn(train_set, test_set, batch_size)``, a loader of each Dataset."""
    sizes = (45, 23)
    item_numbers = [torch.arange(sizes[0]).float(), 100 + torch.arange(sizes[1]).float()]
    train_set, test_set = (TensorDataset(n.repeat(12, 1).T, n.unsqueeze(1)) for n in item_numbers)
    result, _ = run(copied(fn), train_set, test_set, 10)
    loaders = pair(result, "`make_loaders(...)`", "train_loader", "test_loader")
    for loader in loaders:
        refuse("datasets-returned", isinstance(loader, Dataset))
        refuse("iterator-returned", isinstance(loader, Iterator))
    (train, train_batches), (test, test_batches), (again, _) = map(epoch, (*loaders, loaders[0]))
    right_train, right_test = (n.tolist() for n in item_numbers)
    given = [*right_train, *right_test]
    refuse("other-data", not {*train, *test} <= {*given})
    refuse("loaders-swapped", sorted(train) == right_test)
    missing = len(given) - len({*train, *test})
    is_dropped = 0 < missing < 20 and {10} in ({*train_batches}, {*test_batches})
    refuse("drops-last-batch", is_dropped, missing=missing)
    is_whole = (sorted(train), sorted(test)) == (right_train, right_test)
    refuse("rows-lost", not is_whole and missing, missing=missing)
    refuse("rows-mixed", not is_whole)
    found = (train_batches[0], test_batches[0])
    refuse("wrong-batch-size", found != (10, 10), train=found[0], test=found[1])
    refuse("train-not-shuffled", train == right_train)
    refuse("shuffled-once", train == again)
    refuse("test-shuffled", test != right_test)


def epoch(loader: Any) -> tuple[list[float], list[int]]:
    """Return the targets of all items that a loader gives, in its order, and the size of each batch."""
    if isinstance(loader, DataLoader):
        loader.num_workers = 0  # other processes would take seconds to start
    batches, _ = run(lambda: list(itertools.islice(loader, 1000)))
    refuse("no-batches", not batches)
    pairs = [pair(batch, say("a-batch"), "features", "targets") for batch in batches]
    X, y = (torch.cat(parts) for parts in zip(*pairs, strict=True))
    refuse("other-data", X.shape != (len(y), 12) or y.shape != (len(y), 1) or (y != X).any())
    return y.flatten().tolist(), [len(of_batch) for _, of_batch in pairs]


# A baseline


@exercise(3, "hour_means(train_rows, test_rows)")
def hour_means(fn: Callable) -> None:
    """Check ``fn(train_rows, test_rows)``: for each test row the mean of its hour and kind of day in training."""
    random = np.random.default_rng(5)
    columns = {"hr": (0, 4), "workingday": (0, 2), "temp": (0, 9), "bikers": (1, 900)}
    table = pd.DataFrame({name: random.integers(*ends, 110) for name, ends in columns.items()})
    table["bikers"] += 500 * table["hr"] + 300 * table["workingday"]
    train, test = table[:80], table[80:]
    given = train.copy(), test.copy()
    result, _ = run(copied(fn), *given)
    for part, before in zip(given, (train, test), strict=True):
        refuse("changes-the-rows", not part.reindex(columns=before.columns).equals(before))
    got = one_for_each(result, test)
    refuse("not-finite", not np.isfinite(got).all())
    kind = ["hr", "workingday"]
    right = mean_of(train, test, kind)
    if np.allclose(got, right, atol=0.51):  # whole bikers will do
        return
    mistakes = {
        "mean-of-all": np.full(len(test), train["bikers"].mean()),
        "hour-only": mean_of(train, test, ["hr"]),
        "kind-of-day-only": mean_of(train, test, ["workingday"]),
        "learns-from-test-rows": mean_of(test, test, kind),
        "learns-from-all-rows": mean_of(table, test, kind),
        "median": mean_of(train, test, kind, "median"),
        "the-answers": test["bikers"],
    }
    is_right(got, right, mistakes)
    refuse("wrong-order", np.allclose(sorted(got), sorted(right)))
    row = int(abs(got - right).argmax())
    raise Mistake("wrong-means", row=row, right=right[row], value=got[row])


def mean_of(of: pd.DataFrame, rows: pd.DataFrame, columns: list[str], how: str = "mean") -> np.ndarray:
    """Return the mean of ``bikers`` in ``of``, over its rows that agree in these columns, for each of the rows."""
    means = of.groupby(columns)["bikers"].agg(how).rename("mean")
    return rows.join(means, on=columns)["mean"].to_numpy(dtype=float)


# A lazy Dataset

# In no order that a file system would give them back in by chance.
DIGITS = {
    "3/001.png": 30,
    "7/000.png": 70,
    "0/002.png": 90,
    "3/000.png": 50,
    "0/003.png": 110,
    "7/002.png": 130,
}


@exercise(3, "DigitFiles(folder, transform)")
def digit_files(cls: type) -> None:
    """Check ``cls(folder, transform)``: image files that are opened, and transformed, when they are asked for."""
    folder, transformed = Path("digits").resolve(), []
    paint(folder)

    def transform(image: Any) -> float:
        refuse("no-image", not isinstance(image, Image.Image), kind=kind_of(image))
        transformed.append(image)
        return np.asarray(image).mean() / 1000

    dataset, _ = run(copied(cls), str(folder), transform)
    refuse("transforms-at-once", transformed)
    length = length_of(dataset)
    refuse("wrong-length", length != len(DIGITS), length=length, rows=len(DIGITS))
    paint(folder, brighter=1)  # who has kept the images, in place of their paths, does not see it
    parts = [pair(run(dataset.__getitem__, i)[0], "`dataset[0]`", "image", "label") for i in range(length)]
    refuse("not-transformed", not transformed or any(isinstance(image, Image.Image) for image, _ in parts))
    refuse("reads-all-at-once", {image for image, _ in parts} == {gray / 1000 for gray in DIGITS.values()})
    order = sorted(DIGITS)
    labels = [label for _, label in parts]
    for label in labels:
        is_whole = isinstance(label, (int, np.integer))
        is_whole |= isinstance(label, Tensor) and not label.dim() and not label.is_floating_point()
        refuse("label-not-whole", not is_whole, label=repr(label) if isinstance(label, str) else label)
    right = [((DIGITS[name] + 1) / 1000, int(name[0])) for name in order]
    is_in_order = [image for image, _ in parts] == [image for image, _ in right]
    for path, label, (_, right_label) in zip(order, labels, right, strict=True):
        refuse("wrong-label", is_in_order and label != right_label, path=path, label=int(label))
    refuse("wrong-order", sorted(parts) == sorted(right) and parts != right)
    refuse("wrong-items", parts != right)
    before = len(transformed)
    run(dataset.__getitem__, 0)
    refuse("transforms-once", len(transformed) == before)
    refuse_endless(dataset, length)


def paint(folder: Path, brighter: int = 0) -> None:
    for name, gray in DIGITS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (4, 4), gray + brighter).save(folder / name)


# A quiz


@exercise(3)
def dataloader_quiz(answer: Any) -> Iterator[Mistake]:
    """Check the letters of the quiz on what a DataLoader is good for; two of four are right."""
    return judge_letters(answer, "AC", "ABCD")


def one_for_each(result: Any, rows: pd.DataFrame) -> np.ndarray:
    """Return what an answer predicts for the rows of a table, float64 of shape [N]."""
    if isinstance(result, Tensor):
        result = result.detach().cpu()
    is_numbers = isinstance(result, (pd.Series, pd.DataFrame, np.ndarray, Tensor, list, tuple))
    refuse("not-numbers", not is_numbers, kind=kind_of(result))
    numbers = np.asarray(result, dtype=float).ravel()
    refuse("wrong-length", len(numbers) != len(rows), length=len(numbers), rows=len(rows))
    return numbers
