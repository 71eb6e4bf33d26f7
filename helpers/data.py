"""The course's three data sets, ready for PyTorch: wine, MNIST, and any table of numbers."""

from __future__ import annotations

import copy
import difflib
import gzip
import hashlib
import re
import reprlib
import textwrap
import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

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

    def __getitems__(self, indices: Sequence[int]) -> StackedBatch:
        """Return the samples with these indices, converted all at once."""
        rows = torch.as_tensor(indices, device=self.images.device)
        # index_select takes a quarter of the time of images[rows].
        return StackedBatch(
            self._scaled(self.images.index_select(0, rows)), self.labels.index_select(0, rows)
        )

    def _scaled(self, images: Tensor) -> Tensor:
        # The order of torchvision's ToTensor and Normalize, so that the numbers are the same to the last bit.
        # Bytes over a number are float32 already, unless the default type was changed.
        pixels = (images / 255).to(torch.float32).unsqueeze(-3)
        return pixels if (self.mean, self.std) == (0, 1) else pixels.sub_(self.mean).div_(self.std)


class StackedBatch(Sequence):
    """A batch that needs no stacking: (image, label) pairs to any DataLoader, two tensors to ``mnist_loaders``."""

    def __init__(self, images: Tensor, labels: Tensor) -> None:
        self.images, self.labels = images, labels

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        return self.images[index], self.labels[index]


def mnist_loaders(
    batch_size: int, *, mean: float = 0.0, std: float = 1.0, num_workers: int = 0
) -> tuple[DataLoader, DataLoader]:
    """Return loaders of MNIST's 60,000 training and 10,000 test digits.

    Each batch is (images, labels): float32 of shape [B, 1, 28, 28] from 0 to 1 unless ``mean`` and ``std`` say
    otherwise, and int64 of shape [B]. The training digits are shuffled anew each epoch; the last batch is
    shorter where ``batch_size`` does not divide their number. All loaders share one copy of the digits.

    Args:
        batch_size: samples per batch, of both loaders.
        mean, std: each pixel, scaled to 0..1, becomes (pixel - mean) / std. The lesson's SGD loop uses 0.5, 0.5.
        num_workers: processes that prepare batches. For data that is in memory 0 is the fastest.

    Raises:
        RuntimeError: if an archive in ``data/MNIST/raw`` is missing or damaged.

    Source: Y. LeCun, C. Cortes, C. Burges (CC BY-SA 3.0).
    """
    loaders = [
        DataLoader(
            ImageDataset(*_digits(part), mean, std),
            batch_size=batch_size,
            shuffle=part == "train",
            num_workers=num_workers,
            collate_fn=attrgetter("images", "labels"),
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
        table: the path of a CSV file, or a pandas DataFrame.
        target: name of the column to predict.
        features: names of the columns to predict it from; all others if None.
        drop: names of columns to leave out where ``features`` is None, for example one that gives the target away.
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
        FileNotFoundError: if there is no such file.
        ValueError: if it is not a table, a column is missing, or a cell is empty or no number; it says which.
    """

    def __init__(
        self,
        table: Path | str | pd.DataFrame,
        target: str,
        features: Sequence[str] | None = None,
        *,
        drop: Sequence[str] = (),
        classes: bool = False,
        **options: Any,
    ) -> None:
        table, where = _table_and_name(table, target, classes, options)
        self.feature_names = _chosen_features(list(table), target, features, drop, where)
        signs = {name: options[name] for name in ("decimal", "thousands") if name in options}
        # float64 until an item is asked for: large numbers that differ little would be alike in float32.
        self.X = torch.tensor(
            np.stack([_numbers(table[name], **signs) for name in self.feature_names], axis=1)
        )
        self.classes: list[str] = []
        if classes:
            self.classes, self.y = _classes(table[target])
        else:
            self.y = torch.tensor(_numbers(table[target], **signs), dtype=torch.float32).unsqueeze(1)
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
                f"This split of {len(self)} rows leaves {int((~held_out).sum())} for training and "
                f"{int(held_out.sum())} for testing: both need at least one. test is a fraction between 0 and 1, "
                "or one bool per row."
            )
        training = self.X[~held_out]
        mean, std = training.mean(dim=0), training.std(dim=0, correction=0)
        std[(training == training[0]).all(dim=0)] = 1  # rounding may leave it a little above 0
        parts = (copy.copy(self), copy.copy(self))
        for part, rows in zip(parts, (~held_out, held_out), strict=True):
            part.X, part.y, part.mean, part.std = self.X[rows], self.y[rows], mean, std
        return parts


def _table_and_name(
    table: Path | str | pd.DataFrame, target: str, classes: bool, options: dict[str, Any]
) -> tuple[pd.DataFrame, str]:
    """Return the table, less the empty columns and rows at its end, and what to call it in an error."""
    import pandas as pd

    if not isinstance(table, pd.DataFrame):
        where = Path(table).name
        table = _read(table, where, target, classes, options)
    elif options:
        raise TypeError(f"A DataFrame takes no options for reading a file, got {', '.join(options)}.")
    else:
        where = "The DataFrame"
        table = table.rename(columns=lambda name: str(name).strip())
    filled = table.notna().to_numpy()
    rows = filled.any(axis=1).nonzero()[0].max(initial=-1) + 1
    table = table.iloc[:rows, filled.any(axis=0) | ~table.columns.str.startswith("Unnamed: ")]
    if table.empty:
        raise ValueError(translate("{where} has no rows.", where=where))
    return table, where


def _read(path: Path | str, where: str, target: str, classes: bool, options: dict[str, Any]) -> pd.DataFrame:
    """Let pandas read a file; what it would guess or leave out becomes an error."""
    import pandas as pd
    from pandas.errors import EmptyDataError, ParserError, ParserWarning

    # Only an empty cell is missing: "None" and "NA" may be names of classes.
    strict = {"index_col": False, "skipinitialspace": True, "keep_default_na": False, "na_values": [""]}
    options = {**strict, **options}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ParserWarning)  # where pandas would cut longer rows short
            header = pd.read_csv(path, **{**options, "nrows": 0, "skipfooter": 0}).columns
            names = {name: str(name).strip() for name in header}
            _checked_names([target], list(names.values()), where)
            if classes:  # as text: the class 007 is not the class 7
                options = {"dtype": {name: str for name in header if names[name] == target}, **options}
            return pd.read_csv(path, **options).rename(columns=names)
    except (UnicodeError, EmptyDataError, ParserError, ParserWarning) as error:
        hint = (
            'Files from Excel often need encoding="cp1252", or "utf-16" where it calls them Unicode.'
            if isinstance(error, UnicodeError)
            else "Does each row have as many cells as the header, and each quotation mark its partner? "
            "If it is not commas that separate the cells, pass sep=."
        )
        reason = str(error).strip().rstrip(".")
        complaint = translate("{where} cannot be read as a table: {reason}.", where=where, reason=reason)
        raise ValueError(f"{complaint} {translate(hint)}") from error


def _chosen_features(
    known: list[str], target: str, features: Sequence[str] | None, drop: Sequence[str], where: str
) -> list[str]:
    """Return the features' names; refuse a column whose name pandas had to make up, unless it was asked for."""
    _checked_names([target], known, where)
    settled = {target, *_checked_names(drop, known, where)}
    if features is None:
        chosen = [name for name in known if name not in settled]
    else:
        chosen = _checked_names(features, known, where)
        settled.update(chosen)
    if not chosen or target in chosen:
        raise ValueError(
            f"Expected at least one feature, and not the target {target!r}, which gives the answer away; "
            f"got {chosen}."
        )
    counts = Counter(known)
    for place, name in enumerate(known):
        # pandas calls a column without a name "Unnamed: 0", and a second "x" "x.1".
        first = re.sub(r"\.[0-9]+$", "", name)
        nameless = features is None and (not name or name.startswith("Unnamed: "))
        twice = counts[name] > 1 or (first != name and first in counts)
        if (twice or nameless) and name not in settled:
            raise ValueError(
                translate(
                    "Column {number} of {where} has no name, or one that another column has; pandas calls it {name!r}. "
                    "Give it its own, leave it out with drop=[{name!r}], or list the columns to use as features=[...].",
                    number=place + 1,
                    where=where,
                    name=name,
                )
            )
    return chosen


def _checked_names(names: Iterable[str], known: Sequence[str], where: str) -> list[str]:
    """Return the column names as a list if each is known, else raise an error that helps."""
    if isinstance(names, str):
        raise ValueError(f'Expected a list of column names such as ["{known[0]}"], got {names!r}.')
    given = list(names)
    for name in given:
        if name not in known:
            complaint = translate("{where} has no column {name!r}.", where=where, name=name)
            shown = textwrap.shorten(", ".join(known), 500, placeholder=" ...")
            raise ValueError(f"{complaint} {_hint(name, known)}" + translate("It has: {known}.", known=shown))
    return given


def _hint(name: str, known: Sequence[str]) -> str:
    """Return what a header without that column suggests, with a space after it, or nothing."""
    separator = next((sep for sep in ";\t" if any(sep in other for other in known)), "")
    numbers = [other for other in known if other.replace(".", "").lstrip("+-").isdigit()]
    close = next(iter(difflib.get_close_matches(str(name), known, n=1)), "")
    if known[0].startswith("sep="):
        hint = "Its first line is for Excel alone: pass what it names as sep=, and skiprows=1."
    elif known[0].startswith("#"):
        hint = 'Its first line seems to be a comment: pass comment="#".'
    elif separator:
        hint = "Its cells seem to be separated by {separator!r}: pass sep={separator!r}."
    elif len(numbers) > len(known) / 2:
        hint = "Its first line holds numbers, so there seems to be no header: pass header=None, names=[...]."
    elif close:
        hint = "Did you mean {close!r}?"
    else:
        return ""
    return translate(hint, separator=separator, close=close) + " "


def _numbers(column: pd.Series, decimal: str = ".", thousands: str | None = None) -> np.ndarray:
    """Return a column as float64 of shape [N], or raise an error that names its first cell that is no number."""
    import pandas as pd

    if pd.api.types.is_numeric_dtype(column):
        values = column.to_numpy(np.float64, na_value=np.nan)
    else:  # one cell that is no number has left the whole column as text
        signs = str.maketrans({".": "?", thousands or decimal: "", decimal: "."})
        cells = [cell.translate(signs) if isinstance(cell, str) else str(cell) for cell in column]
        values = pd.to_numeric(pd.Series(cells), errors="coerce").to_numpy(np.float64)
    bad = ~(np.abs(values) <= np.finfo(np.float32).max)  # nan, too, is not smaller
    if not bad.any():
        return values
    first = bad.argmax()
    if not np.isnan(values[first]):
        complaint = (
            "Column {column!r} has a number too large for float32, first in row {row} below the header: {cell}. "
            "Write it in a larger unit, such as millions."
        )
    elif re.fullmatch(r"[-+]?\d+([., ]\d{3})*([.,]\d+)?", str(column.iloc[first])):
        complaint = (
            "Column {column!r} has a number written in another way, first in row {row} below the header: {cell}. "
            'For numbers like 1.234,5 pass decimal="," and thousands=".".'
        )
    else:
        complaint = (
            "Column {column!r} has no number in {bad} of its {all} rows, first in row {row} below the header: "
            "{cell}. Leave the column out with drop=[...], code text as numbers, or remove or fill rows without "
            "a value with pandas (dropna, fillna)."
        )
    raise _refusal(complaint, column, bad)


def _classes(column: pd.Series) -> tuple[list[str], Tensor]:
    """Return a column's distinct values as text, and each row's position among them, int64 of shape [N]."""
    cells = column.astype(str).str.strip()
    missing = (column.isna() | (cells == "")).to_numpy()
    if missing.any():
        raise _refusal(
            "Column {column!r} has no class in {bad} of its {all} rows, first in row {row} below the header. "
            "Remove or fill those rows with pandas (dropna, fillna).",
            column,
            missing,
        )
    names = sorted(set(cells))
    with suppress(ValueError):
        names = sorted(names, key=float)  # 9 before 10, where all are numbers
    label = {name: position for position, name in enumerate(names)}
    return names, torch.tensor([label[cell] for cell in cells])


def _refusal(complaint: str, column: pd.Series, bad: np.ndarray) -> ValueError:
    """Return the error that says which cells are bad; ``complaint`` is its template."""
    row = int(bad.argmax())
    cell = reprlib.repr(str(column.iloc[row]) if column.notna().iloc[row] else "")
    return ValueError(
        translate(complaint, column=column.name, row=row + 1, cell=cell, bad=bad.sum(), all=len(bad))
    )
