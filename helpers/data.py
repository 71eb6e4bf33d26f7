"""The course's three data sets, ready for PyTorch: wine, MNIST, and any table of numbers."""

from __future__ import annotations

import copy
import difflib
import gzip
import hashlib
import re
import textwrap
import warnings
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, TensorDataset

from helpers.language import translate

if TYPE_CHECKING:
    import pandas as pd  # the functions import it where they need it, because that takes half a second

__all__ = ["DATA", "CSVDataset", "ImageDataset", "mnist_loaders", "wine"]

DATA = Path(__file__).resolve().parents[1] / "data"
# MNIST's archives below DATA / "MNIST" / "raw", and the MD5 of each, as torchvision has them.
MNIST_ARCHIVES = {
    "train-images-idx3-ubyte.gz": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
    "train-labels-idx1-ubyte.gz": "d53e105ee54ea40749a09fcbcd1e9432",
    "t10k-images-idx3-ubyte.gz": "9fb629c4189551a2d022fa330f9573f3",
    "t10k-labels-idx1-ubyte.gz": "ec29112dd5afa0611ce80d1b7f02629c",
}


def wine() -> tuple[Tensor, Tensor]:
    """Return alcohol and colour intensity of scikit-learn's 178 Italian wines, and their cultivars.

    Each feature has mean 0 and standard deviation 1 over all 178 rows. That is fine for watching a network
    learn them; to measure how it does on wines that it has not seen, split first and scale after.

    Returns:
        X: float32 of shape [178, 2].
        y: int64 of shape [178], the cultivar: 0, 1 or 2.

    Source: M. Forina et al., via the UCI Machine Learning Repository (CC BY 4.0).
    """
    from sklearn.datasets import load_wine  # here, because importing scikit-learn takes a second

    data = load_wine()
    X = data.data[:, [data.feature_names.index(name) for name in ("alcohol", "color_intensity")]]
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    return torch.tensor(X, dtype=torch.float32), torch.tensor(data.target, dtype=torch.int64)


class ImageDataset(Dataset):
    """Grey images that are kept as bytes and become float32 only when they are asked for.

    A DataLoader that finds ``__getitems__`` asks for a whole batch in one call instead of a sample at a time,
    which is most of the cost for images this small.

    Args:
        images: uint8 of shape [N, height, width], from 0 (black) to 255 (white).
        labels: int64 of shape [N].
        mean, std: each pixel, scaled to 0..1, becomes (pixel - mean) / std.
    """

    def __init__(self, images: Tensor, labels: Tensor, mean: float = 0.0, std: float = 1.0) -> None:
        self.images, self.labels, self.mean, self.std = images, labels, float(mean), float(std)

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int | slice | Sequence[int]) -> tuple[Tensor, Tensor]:
        """Return an image, float32 of shape [1, height, width], and its label, int64 of shape [].

        For a slice or a list of B indices the shapes are [B, 1, height, width] and [B].
        """
        return self._scaled(self.images[index]), self.labels[index]

    def __getitems__(self, indices: Sequence[int]) -> TensorDataset:
        """Return the samples with these indices, converted all at once.

        They are (image, label) pairs to any DataLoader that stacks them; ``mnist_loaders`` takes the two tensors.
        """
        rows = torch.tensor(indices)
        # index_select takes less than half the time of images[rows].
        images, labels = self.images.index_select(0, rows), self.labels.index_select(0, rows)
        return TensorDataset(self._scaled(images), labels)

    def _scaled(self, images: Tensor) -> Tensor:
        # The order of torchvision's ToTensor and Normalize, so that the numbers are the same to the last bit.
        pixels = (images / 255).unsqueeze(-3)
        return pixels if (self.mean, self.std) == (0, 1) else pixels.sub_(self.mean).div_(self.std)


def mnist_loaders(batch_size: int, *, mean: float = 0.0, std: float = 1.0) -> tuple[DataLoader, DataLoader]:
    """Return loaders of MNIST's 60,000 training and 10,000 test digits.

    Each batch is (images, labels): float32 of shape [B, 1, 28, 28] from 0 to 1 unless ``mean`` and ``std`` say
    otherwise, and int64 of shape [B]. The training digits are shuffled anew each epoch; the last batch is
    shorter where ``batch_size`` does not divide their number. All loaders share one copy of the digits.

    Args:
        batch_size: samples per batch, of both loaders.
        mean, std: each pixel, scaled to 0..1, becomes (pixel - mean) / std. The lesson's SGD loop uses 0.5, 0.5.

    Raises:
        RuntimeError: if an archive in ``data/MNIST/raw`` is missing or damaged.

    Source: Y. LeCun, C. Cortes, C. Burges (CC BY-SA 3.0).
    """
    loaders = [
        DataLoader(
            ImageDataset(*_digits(part), mean, std),
            batch_size=batch_size,
            shuffle=part == "train",
            collate_fn=attrgetter("tensors"),
        )
        for part in ("train", "t10k")
    ]
    return loaders[0], loaders[1]


@cache
def _digits(part: str) -> tuple[Tensor, Tensor]:
    """Return the images, uint8 of shape [N, 28, 28], and the labels, int64 of shape [N], read once per process.

    torchvision's class does the same, but importing torchvision takes a second and 100 MB.
    """
    # The format is idx: 16 bytes that tell the shape, then a byte per pixel; 8 bytes, then a byte per label.
    images = np.frombuffer(_unpacked(f"{part}-images-idx3-ubyte.gz"), np.uint8, offset=16)
    labels = np.frombuffer(_unpacked(f"{part}-labels-idx1-ubyte.gz"), np.uint8, offset=8)
    # copy(), because PyTorch wants memory that may be written to.
    return torch.from_numpy(images.copy()).view(-1, 28, 28), torch.from_numpy(labels.astype(np.int64))


def _unpacked(name: str) -> bytes:
    """Return what is in one of MNIST's archives, which must be the original to the last byte."""
    archive = DATA / "MNIST" / "raw" / name
    packed = archive.read_bytes() if archive.is_file() else b""
    if hashlib.md5(packed, usedforsecurity=False).hexdigest() != MNIST_ARCHIVES[name]:
        raise RuntimeError(
            translate(
                "{archive} is missing or damaged. Restore it with `git checkout -- data/MNIST/raw` in the course's "
                "folder, or copy data/MNIST/raw from a fresh download of the course.",
                archive=archive,
            )
        )
    return gzip.decompress(packed)


class CSVDataset(Dataset):
    """A table of numbers as a Dataset: ``dataset[i]`` is (features, target) of row i.

    Features are float32 of shape [F]. The target is float32 of shape [1] for a regression, so that it fits a
    network's output of shape [N, 1]; with ``classes=True`` it is int64 of shape [], as CrossEntropyLoss takes it,
    and ``dataset.classes[label]`` is what the table says.

    Scaling comes with splitting::

        train_set, test_set = CSVDataset("table.csv", target="price").split(test=0.2)

    Args:
        table: the path of a CSV file, or a pandas DataFrame. Rows without a single value are left out.
        target: name of the column to predict.
        features: name or names of the columns to predict it from; all others if None.
        drop: what to leave out where ``features`` is None, for example a column that gives the target away.
        classes: whether the target is a class (any text or number) rather than a quantity.
        options: how the file is written, for ``pandas.read_csv``: ``sep=";"``, ``decimal=","``,
            ``thousands="."``, ``encoding="cp1252"``, ``comment="#"``, ``header=None`` with ``names=[...]`` …

    Attributes:
        feature_names: names of the features, in the order of the tensors.
        X: float64 of shape [N, F], unscaled.
        y: float32 of shape [N, 1], or int64 of shape [N].
        classes: the classes as the table names them, by label; empty for a regression. Numbers are sorted by size.
        mean, std: float64 of shape [F], what ``dataset[i]`` is scaled with; 0 and 1 before ``split``.

    Raises:
        ValueError: if a column is missing, or a cell is empty or no number; it says which.
        Exception: what pandas raises where there is no such file, or where a row is longer than the header.
    """

    def __init__(
        self,
        table: Path | str | pd.DataFrame,
        target: str,
        features: str | Sequence[str] | None = None,
        *,
        drop: str | Sequence[str] = (),
        classes: bool = False,
        **options: Any,
    ) -> None:
        table = _table(table, target, classes, options)
        self.feature_names = _feature_names(list(table), target, features, drop)
        # float64 until an item is asked for: large numbers that differ little would be alike in float32.
        columns = [_numbers(table[name], **options) for name in self.feature_names]
        self.X = torch.tensor(np.stack(columns, axis=1))
        self.classes: list[str] = []
        if classes:
            self.classes, self.y = _classes(table[target])
        else:
            self.y = torch.tensor(_numbers(table[target], **options), dtype=torch.float32).unsqueeze(1)
        self.mean, self.std = torch.zeros_like(self.X[0]), torch.ones_like(self.X[0])

    def __len__(self) -> int:
        return len(self.X)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        return ((self.X[index] - self.mean) / self.std).to(torch.float32), self.y[index]

    def split(
        self, test: float | Sequence[bool] | np.ndarray | Tensor = 0.2, seed: int = 0
    ) -> tuple[CSVDataset, CSVDataset]:
        """Return the training rows and the test rows, each a CSVDataset; this one stays as it is.

        Both are scaled with the training rows' mean and standard deviation; a feature that is constant there
        is only centred.

        Args:
            test: the fraction of rows to test on, drawn at random; or one bool per row, True for testing, where
                the rows depend on each other (hours of the same day) and whole stretches must be held out.
            seed: settles which rows are drawn, a whole number from 0 up.

        Raises:
            ValueError: if a part would be empty.
        """
        if np.ndim(test) == 0:
            order = np.random.default_rng(seed).permutation(len(self))
            held_out = torch.tensor(order < round(test * len(self)))
        else:
            held_out = torch.from_numpy(np.asarray(test).astype(bool))
        if held_out.all() or not held_out.any():
            raise ValueError(
                f"Of {len(self)} rows, {held_out.sum()} would be for testing: both parts need at least one. "
                "test is a fraction between 0 and 1, or one bool per row."
            )
        training = self.X[~held_out]
        mean, std = training.mean(dim=0), training.std(dim=0, correction=0)
        std[(training == training[0]).all(dim=0)] = 1  # rounding may leave it a little above 0
        parts = (copy.copy(self), copy.copy(self))
        for part, rows in zip(parts, (~held_out, held_out), strict=True):
            part.X, part.y, part.mean, part.std = self.X[rows], self.y[rows], mean, std
        return parts


def _table(
    table: Path | str | pd.DataFrame, target: str, classes: bool, options: dict[str, Any]
) -> pd.DataFrame:
    """Return the table, its columns' names as text, without empty rows and empty columns that have no name."""
    import pandas as pd

    if not isinstance(table, pd.DataFrame):
        table = _read(table, target, classes, options)
    elif options:
        raise TypeError(f"A DataFrame takes no options for reading a file, got {', '.join(options)}.")
    # The index tells, from now on, which row of the file a cell is from.
    table = table.rename(columns=lambda name: str(name).strip()).reset_index(drop=True).dropna(how="all")
    if table.empty:
        raise ValueError(translate("The table has no rows."))
    return table.loc[:, table.notna().any().to_numpy() | ~table.columns.str.startswith("Unnamed: ")]


def _read(path: Path | str, target: str, classes: bool, options: dict[str, Any]) -> pd.DataFrame:
    """Let pandas read a file; what it would guess or leave out becomes an error."""
    import pandas as pd

    # Only an empty cell is missing: "None" and "NA" may be names of classes.
    strict = {"index_col": False, "skipinitialspace": True, "keep_default_na": False, "na_values": [""]}
    options = {**strict, **options}
    try:
        with warnings.catch_warnings():
            # pandas warns where it would cut longer rows short.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            empty = pd.read_csv(path, **{**options, "nrows": 0, "skipfooter": 0})
            header = {str(name).strip(): name for name in empty}
            _known([target], list(header))
            if classes:  # as text: the class 007 is not the class 7
                options = {"dtype": {header[target]: str}, **options}
            return pd.read_csv(path, **options)
    except pd.errors.ParserWarning as error:
        complaint = (
            "A row has more cells than the header. Where commas mark the decimals, something else separates "
            'the cells: pass sep=";", say, and decimal=",".'
        )
        raise ValueError(translate(complaint)) from error
    except UnicodeError as error:
        complaint = (
            "The file is in another encoding. Files from Excel often need "
            'encoding="cp1252", or "utf-16" where it calls them Unicode.'
        )
        raise ValueError(translate(complaint)) from error


def _feature_names(
    columns: list[str], target: str, features: str | Sequence[str] | None, drop: str | Sequence[str]
) -> list[str]:
    """Return the features' names; refuse a column whose name pandas had to make up, unless it was asked for."""
    _known([target], columns)
    dropped, listed = _known(drop, columns), _known([] if features is None else features, columns)
    all_others = [name for name in columns if name not in {target, *dropped}]
    chosen = all_others if features is None else listed
    if not chosen:
        raise ValueError("Expected at least one feature, but all columns except the target are left out.")
    if target in chosen:
        raise ValueError(f"The target {target!r} is among the features: it gives the answer away.")
    for name in columns:
        # pandas calls a second "x" "x.1", and a column without a name "Unnamed: 0".
        twice = columns.count(name) > 1 or (name.endswith(".1") and name[:-2] in columns)
        nameless = name.startswith("Unnamed: ") and not listed
        if (twice or nameless) and name not in {target, *dropped, *listed}:
            raise ValueError(
                translate(
                    "A column has no name, or one that another column has; pandas calls it {name!r}. "
                    "Give it its own, leave it out with drop=[{name!r}], or list the columns to use as features=[...].",
                    name=name,
                )
            )
    return chosen


def _known(names: str | Sequence[str], columns: list[str]) -> list[str]:
    """Return names of columns as a list, or raise an error that names the first that there is not, and what is."""
    names = [names] if isinstance(names, str) else list(names)
    for name in names:
        if name not in columns:
            complaint = translate("The table has no column {name!r}.", name=name)
            shown = textwrap.shorten(", ".join(columns), 500, placeholder=" ...")
            known = translate("It has: {known}.", known=shown)
            raise ValueError(f"{complaint}{_hint(name, columns)} {known}")
    return names


def _hint(name: str, columns: list[str]) -> str:
    """Return what a header without that column suggests, with a space before it, or nothing."""
    separator = next((sep for sep in ";\t" if any(sep in other for other in columns)), "")
    numbers = [other for other in columns if other.replace(".", "").lstrip("+-").isdigit()]
    close = next(iter(difflib.get_close_matches(str(name), columns, n=1)), "")
    if columns[0].startswith(("sep=", "#")):
        hint = "Its first line is not the header: pass skiprows=1, or as many as there are lines above the header."
    elif separator:
        hint = "Its cells seem to be separated by {separator!r}: pass sep={separator!r}."
    elif len(numbers) > len(columns) / 2:
        hint = "Its first line holds numbers, so there seems to be no header: pass header=None, names=[...]."
    elif close:
        hint = "Did you mean {close!r}?"
    else:
        return ""
    return " " + translate(hint, separator=separator, close=close)


def _numbers(column: pd.Series, decimal: str = ".", thousands: str | None = None, **_: Any) -> np.ndarray:
    """Return a column as float64 of shape [N], or raise an error that names its first cell that is no number."""
    import pandas as pd

    numbers = column
    if not pd.api.types.is_numeric_dtype(column):
        # One cell that is no number has left the whole column as text.
        signs = str.maketrans({".": "?", thousands or decimal: "", decimal: "."})
        numbers = pd.to_numeric(column.astype(str).str.translate(signs), errors="coerce")
    values = numbers.to_numpy(np.float64, na_value=np.nan)
    bad = ~(np.abs(values) <= np.finfo(np.float32).max)  # nan, too, is not smaller
    _refuse(bad, column, "number that float32 can hold")
    return values


def _classes(column: pd.Series) -> tuple[list[str], Tensor]:
    """Return a column's distinct values as text, and each row's position among them, int64 of shape [N]."""
    cells = column.astype(str).str.strip()
    _refuse((column.isna() | (cells == "")).to_numpy(), column, "class")
    names = sorted(set(cells))
    with suppress(ValueError):
        names = sorted(names, key=float)  # 9 before 10, where all are numbers
    return names, torch.tensor([names.index(cell) for cell in cells])


def _refuse(bad: np.ndarray, column: pd.Series, wanted: str) -> None:
    """Raise an error that names the first bad cell of a column, if there is one, and what was wanted there."""
    if not bad.any():
        return
    first = bad.argmax()
    cell = "" if column.isna().iloc[first] else str(column.iloc[first])[:40]
    if re.fullmatch(r"[-+]?\d+([., ]\d{3})*([.,]\d+)?", cell):
        advice = 'For numbers like 1.234,5 pass decimal="," and thousands=".".'
    else:
        advice = (
            "Leave the column out with drop=[...], code text as numbers, or remove or fill rows without "
            "a value with pandas (dropna, fillna)."
        )
    complaint = translate(
        "Column {column!r} has no {wanted} in {bad} of its {all} rows, first in row {row} below the header: {cell!r}.",
        column=column.name,
        wanted=translate(wanted),
        bad=bad.sum(),
        all=len(bad),
        row=column.index[first] + 1,
        cell=cell,
    )
    raise ValueError(f"{complaint} {translate(advice)}")
