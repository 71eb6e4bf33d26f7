"""The exercise of notebook 3: a Dataset for the bike table, tried on a small table of the check's own."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader

from helpers.check.feedback import Feedback, check, kind_of, not_yet, passed, said, waiting
from helpers.check.sandbox import call, is_stub
from helpers.language import translate

HEADER = "season,mnth,day,hr,holiday,weekday,workingday,weathersit,temp,atemp,hum,windspeed,casual,registered,bikers"
ROWS = 9
HOURS_IN_THE_REAL_TABLE = 8645

MESSAGES = {
    "not-a-class": "Expected a class that is called with the path of the table, `BikeTable(path)`; got {kind}.",
    "raises": "{what} stops with an error in {error}.",
    "no-length": "`len(dataset)` does not give a number: `__len__` returns how many rows there are.",
    "ignores-path": "It holds {length} rows, and the table that the check gave it has {rows}. "
    "Read the file at `path`, not a table of the notebook.",
    "off-by-one-length": "`len(dataset)` is {length} for a table of {rows} rows. Is the header line counted, or a row left out?",
    "wrong-length": "`len(dataset)` is {length} for a table of {rows} rows.",
    "not-a-pair": "`dataset[0]` is {kind}. An item is a pair: `return features, target`.",
    "numpy-instead-of-tensors": "The {part} is {kind}. PyTorch works with tensors: `torch.tensor(..., dtype=torch.float32)`.",
    "float64": "The {part} is float64, as pandas and NumPy count. A network's weights are float32: "
    "`torch.tensor(..., dtype=torch.float32)`.",
    "wrong-type": "The {part} is {dtype}, and float32 is needed: `torch.tensor(..., dtype=torch.float32)`.",
    "leaking-columns": "The features hold {columns}: nobody knows that before the hour is over, and it gives the target away. "
    "Leave it out.",
    "wrong-features-shape": "The features have shape {shape}; [12] is expected, one number for each of the 12 features.",
    "target-without-dimension": "The target has shape [], a number without a dimension. In a batch that makes [N], which the loss "
    "would pair with predictions of shape [N, 1] all against all. Put it into a list: `torch.tensor([bikers])`.",
    "wrong-target-shape": "The target has shape {shape}; [1] is expected.",
    "wrong-target": "The target of row {row} is {value}, and `bikers` is {right} there.",
    "rows-in-wrong-order": "Item {row} is another row of the table. Keep the rows in the order of the file.",
    "wrong-features": "The features of row {row} are not the table's. Expected, as they stand in the file: {right}; got {value}.",
    "changes-between-calls": "`dataset[0]` is not the same when it is asked for twice.",
    "no-index-error": "`dataset[{rows}]` is past the end and gives {what}. It must raise IndexError, or a `for` loop over the "
    "dataset does not know where to stop.",
    "reads-file-again": "It reads the file again for each item. That takes milliseconds every time, thousands of times an epoch. "
    "Read it once, in `__init__`.",
    "no-batches": "A DataLoader cannot make batches of it: {error}.",
}
_said = functools.partial(said, MESSAGES)


@check
def custom_dataset(cls: type = ...) -> Feedback:
    """Check ``cls(path)``: each item is 12 features, float32 of shape [12], and `bikers`, float32 of shape [1]."""
    if cls is ... or cls is None or _is_untouched(cls):
        return waiting("custom_dataset")
    if not callable(cls):
        return not_yet("custom_dataset", _said("not-a-class", kind=kind_of(cls)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "bikes.csv")
        table = _table()
        _write(path, table)
        made = call(cls, path)
        if made.unfinished:
            return waiting("custom_dataset")
        if made.error:
            return not_yet("custom_dataset", _said("raises", what="`BikeTable(path)`", error=made.error))
        finding = _length_finding(made.result) or _items_finding(made.result, table, path)
    if finding:
        return not_yet("custom_dataset", finding)
    return passed(
        "custom_dataset", "Twelve features and a target, float32, in the shapes that a regression needs."
    )


def _is_untouched(cls: Any) -> bool:
    """Tell whether none of the methods that the exercise asks for has a body."""
    methods = [getattr(cls, "__dict__", {}).get(name) for name in ("__init__", "__len__", "__getitem__")]
    if isinstance(cls, type):
        return all(method is None or is_stub(method) for method in methods)
    return callable(cls) and is_stub(cls)


def _table() -> np.ndarray:
    """Return a small bike table, float64 of shape [ROWS, 15], in which no two numbers of a row are alike."""
    random = np.random.default_rng(3)
    table = np.concatenate([random.integers(1, 400, (ROWS, 8)), random.random((ROWS, 4)).round(4)], axis=1)
    casual, registered = random.integers(500, 600, ROWS), random.integers(700, 900, ROWS)
    return np.column_stack([table, casual, registered, casual + registered])


def _write(path: Path, table: np.ndarray) -> None:
    lines = [",".join(f"{value:.10g}" for value in row) for row in table]
    path.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")


def _length_finding(dataset: Any) -> dict[str, str]:
    outcome = call(len, dataset)
    if outcome.error:
        return _said("no-length")
    length = outcome.result
    if length == ROWS:
        return {}
    if length == HOURS_IN_THE_REAL_TABLE:
        return _said("ignores-path", length=length, rows=ROWS)
    return _said("off-by-one-length" if abs(length - ROWS) == 1 else "wrong-length", length=length, rows=ROWS)


def _items_finding(dataset: Any, table: np.ndarray, path: Path) -> dict[str, str]:
    """Look at the form of an item, then at all values, then at what happens at the end and to the file."""
    items = []
    for row in range(ROWS):
        outcome = call(dataset.__getitem__, row)
        if outcome.error:
            return _said("raises", what=f"`dataset[{row}]`", error=outcome.error)
        finding = _form_finding(outcome.result, table[row])
        if finding:
            return finding
        items.append(outcome.result)
        if row == 0:
            _write(path, table + 1000)  # who reads the file again finds other numbers from here on
    finding = _values_finding(items, table)
    if finding:
        return finding
    again = call(dataset.__getitem__, 0).result
    if not torch.equal(again[0], items[0][0]) or not torch.equal(again[1], items[0][1]):
        return _said("changes-between-calls")
    return _end_finding(dataset) or _batch_finding(dataset)


def _form_finding(item: Any, row: np.ndarray) -> dict[str, str]:
    if not isinstance(item, (tuple, list)) or len(item) != 2:
        return _said("not-a-pair", kind=type(item).__name__)
    for part, value in zip((translate("features tensor"), translate("target")), item, strict=True):
        if not isinstance(value, Tensor):
            return _said("numpy-instead-of-tensors", part=part, kind=type(value).__name__)
    features, target = item
    values = set(features.flatten().tolist())
    leaks = [name for name, value in zip(HEADER.split(",")[12:], row[12:], strict=True) if value in values]
    if leaks:
        return _said("leaking-columns", columns=translate(" and ").join(f"`{name}`" for name in leaks))
    if features.shape != (12,):
        return _said("wrong-features-shape", shape=list(features.shape))
    if target.shape != (1,):
        code = "target-without-dimension" if target.dim() == 0 else "wrong-target-shape"
        return _said(code, shape=list(target.shape))
    for part, value in zip((translate("features tensor"), translate("target")), item, strict=True):
        if value.dtype == torch.float64:
            return _said("float64", part=part)
        if value.dtype != torch.float32:
            return _said("wrong-type", part=part, dtype=str(value.dtype).removeprefix("torch."))
    return {}


def _values_finding(items: list[tuple[Tensor, Tensor]], table: np.ndarray) -> dict[str, str]:
    right_X, right_y = torch.tensor(table[:, :12]).float(), torch.tensor(table[:, 14:]).float()
    X, y = torch.stack([features for features, _ in items]), torch.stack([target for _, target in items])
    if torch.allclose(X, right_X) and torch.allclose(y, right_y):
        return {}
    altered = torch.tensor(table + 1000).float()
    if torch.allclose(X[1:], altered[1:, :12]) or torch.allclose(y[1:], altered[1:, 14:]):
        return _said("reads-file-again")
    for row in range(ROWS):
        if not torch.allclose(X[row], right_X[row]) and any(
            torch.allclose(X[row], other) for other in right_X
        ):
            return _said("rows-in-wrong-order", row=row)
        if not torch.allclose(X[row], right_X[row]):
            shown = {"right": _numbers(right_X[row]), "value": _numbers(X[row])}
            return _said("wrong-features", row=row, **shown)
        if not torch.allclose(y[row], right_y[row]):
            return _said(
                "wrong-target", row=row, value=f"{y[row].item():g}", right=f"{right_y[row].item():g}"
            )
    return {}


def _end_finding(dataset: Any) -> dict[str, str]:
    """An item past the end must raise IndexError: that is how Python's for loop over a sequence ends."""
    try:
        dataset[ROWS]
    except IndexError:
        return {}
    except Exception as error:
        return _said("no-index-error", rows=ROWS, what=type(error).__name__)
    return _said("no-index-error", rows=ROWS, what=translate("an item"))


def _batch_finding(dataset: Any) -> dict[str, str]:
    outcome = call(lambda: next(iter(DataLoader(dataset, batch_size=4))))
    return _said("no-batches", error=outcome.error) if outcome.error else {}


def _numbers(values: Tensor) -> str:
    return str([round(value, 4) for value in values.tolist()])
