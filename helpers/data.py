"""The course's three data sets, ready for PyTorch: wine, MNIST, and any table of numbers."""

from __future__ import annotations

import copy
import difflib
import gzip
import hashlib
import re
import tempfile
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

from helpers.language import say

if TYPE_CHECKING:
    import pandas as pd  # the functions import it where they need it, because that takes half a second

__all__ = ["DATA", "CSVDataset", "ImageDataset", "mnist_folder", "mnist_loaders", "wine"]

Columns = str | int | Sequence[str | int]
DATA = Path(__file__).resolve().parents[1] / "data"
# MNIST's archives below DATA / "MNIST" / "raw": the MD5 of each, as torchvision has it, and its bytes once unpacked.
MNIST_ARCHIVES = {
    "train-images-idx3-ubyte.gz": ("f68b3c2dcbeaaa9fbdd348bbdeb94873", 16 + 60_000 * 28 * 28),
    "train-labels-idx1-ubyte.gz": ("d53e105ee54ea40749a09fcbcd1e9432", 8 + 60_000),
    "t10k-images-idx3-ubyte.gz": ("9fb629c4189551a2d022fa330f9573f3", 16 + 10_000 * 28 * 28),
    "t10k-labels-idx1-ubyte.gz": ("ec29112dd5afa0611ce80d1b7f02629c", 8 + 10_000),
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
    if hashlib.md5(packed, usedforsecurity=False).hexdigest() != MNIST_ARCHIVES[name][0]:
        raise RuntimeError(say("data.archive", archive=archive))
    return gzip.decompress(packed)


def mnist_folder() -> Path:
    """Return the folder for ``torchvision.datasets.MNIST``, with the archives unpacked in it.

    This is ``DATA`` or, where nobody may write to the course or its disk is full, a folder in the student's home.
    A file that was cut short, as by a full disk, is unpacked again: torchvision would take it as it is.

    Raises:
        RuntimeError: if an archive is missing or damaged.
        OSError: if there is no room in the student's home either.
    """
    with suppress(OSError):
        return _unpack_all(DATA)
    return _unpack_all(Path.home() / ".cache" / "pytorch-course")


def _unpack_all(folder: Path) -> Path:
    """Unpack what is not yet there, each file whole or not at all; return the folder."""
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    for name, (_, size) in MNIST_ARCHIVES.items():
        file = raw / name.removesuffix(".gz")
        if not file.is_file() or file.stat().st_size != size:
            # In a folder of its own, because another notebook may do the same at this moment.
            with tempfile.TemporaryDirectory(dir=raw) as part:
                Path(part, file.name).write_bytes(_unpacked(name))
                Path(part, file.name).replace(file)
    return folder


class CSVDataset(Dataset):
    """A table of numbers as a Dataset: ``dataset[i]`` is (features, target) of row i.

    Features are float32 of shape [F]. The target is float32 of shape [1], so that it fits a regression's output of
    shape [N, 1]; with ``classes=True`` it is int64 of shape [], as CrossEntropyLoss takes it. Scaling comes with
    splitting, and a second file takes over features, classes and scale of the first::

        train_set, val_set = CSVDataset("train.csv", "price").split(test=0.2)
        test_set = CSVDataset("test.csv", "price", like=train_set)

    Args:
        table: the path of a CSV file, or whatever else ``pandas.read_csv`` takes, or a DataFrame.
        target: the column to predict: its name or, in a file without a header, its number.
        features, drop: the columns to predict it from; all others if None, but for those to drop.
        classes: whether the target is a class (any text or number) rather than a quantity.
        options: how the file is written, for ``pandas.read_csv``: ``sep=";"``, ``encoding="cp1252"`` … Numbers like
            1.234,5 need ``decimal=",", thousands="."``; a thousands sign stands before three digits, nowhere else.

    Attributes:
        X, y: all rows, unscaled: float64 of shape [N, F]; float32 of shape [N, 1], or int64 of shape [N].
        feature_names, classes: the names of the columns of ``X``, and of the labels (none for a regression).
        mean, std: float64 of shape [F], what ``dataset[i]`` is scaled with; 0 and 1 before ``split``.

    Raises:
        ValueError: if a column is missing, or a cell is empty or no number; it says which.
    """

    def __init__(
        self,
        table: Any,
        target: str | int,
        features: Columns | None = None,
        *,
        drop: Columns = (),
        classes: bool = False,
        like: CSVDataset | None = None,
        **options: Any,
    ) -> None:
        if like is not None:
            features, drop, classes = like.feature_names, (), bool(like.classes)
        cells = _cells(table, options)
        self.feature_names: list[str]
        target, self.feature_names = _columns(list(cells), target, features, drop)
        # float64 until an item is asked for: large numbers that differ little would be alike in float32.
        columns = [_numbers(cells[name], options) for name in self.feature_names]
        self.X = torch.tensor(np.stack(columns, axis=1))
        self.classes: list[str] = []
        if classes:
            self.classes, self.y = _classes(cells[target], like.classes if like is not None else [])
        else:
            y = _numbers(cells[target], options, "data.cell-target")
            self.y = torch.tensor(y, dtype=torch.float32).unsqueeze(1)
        self.mean: Tensor = like.mean if like is not None else torch.zeros_like(self.X[0])
        self.std: Tensor = like.std if like is not None else torch.ones_like(self.X[0])

    def __len__(self) -> int:
        return len(self.X)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        return ((self.X[index] - self.mean) / self.std).to(torch.float32), self.y[index]

    def split(self, test: float | Sequence[bool] = 0.2, seed: int = 0) -> tuple[CSVDataset, CSVDataset]:
        """Return the training rows and the test rows, each a CSVDataset; this one stays as it is.

        Both are scaled with the training rows' mean and standard deviation; a constant feature is only centred.

        Args:
            test: the fraction of rows to test on, drawn at random; or one bool per row, True for testing, where
                the rows depend on each other (hours of the same day) and whole stretches must be held out.
            seed: settles which rows are drawn, a whole number from 0 up.
        """
        chosen = np.asarray(test)
        if chosen.ndim == 0:
            chosen = np.random.default_rng(seed).permutation(len(self)) < round(chosen.item() * len(self))
        held_out = torch.tensor(chosen.astype(bool))
        if held_out.all() or not held_out.any():
            raise ValueError(say("data.split", rows=len(self), testing=held_out.sum()))
        training = self.X[~held_out]
        mean, std = training.mean(dim=0), training.std(dim=0, correction=0)
        std[(training == training[0]).all(dim=0)] = 1  # rounding may leave it a little above 0
        parts = (copy.copy(self), copy.copy(self))
        for part, rows in zip(parts, (~held_out, held_out), strict=True):
            part.X, part.y, part.mean, part.std = self.X[rows], self.y[rows], mean, std
        return parts


def _cells(table: Any, options: dict[str, Any]) -> pd.DataFrame:
    """Return a table with all cells and names as text, without empty rows and empty columns that have no name."""
    import pandas as pd

    written = {name: value for name, value in options.items() if name not in ("decimal", "thousands")}
    if not isinstance(table, pd.DataFrame):
        table = _read(table, written)
    elif written:
        raise TypeError(say("data.options", options=", ".join(written)))
    cells = table.astype(str).mask(table.isna(), "").apply(lambda column: column.str.strip())
    # The index tells, from now on, which row of the file a cell is from.
    cells = cells.rename(columns=lambda name: str(name).strip()).reset_index(drop=True)
    cells = cells[(cells != "").any(axis=1)]
    if cells.empty:
        raise ValueError(say("data.no-rows"))
    return cells.loc[:, (cells != "").any().to_numpy() | ~cells.columns.str.startswith("Unnamed: ")]


def _read(file: Any, options: dict[str, Any]) -> pd.DataFrame:
    """Let pandas read a file's cells as text, once; where it would leave out some, that is an error."""
    import pandas as pd

    as_text = {"dtype": str, "keep_default_na": False, "index_col": False, "skipinitialspace": True}
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            table = pd.read_csv(file, **{**as_text, "on_bad_lines": "warn", **options})
    except UnicodeDecodeError as error:
        packed = {b"\x1f\x8b": "data.gzip", b"PK": "data.excel", b"\xd0\xcf": "data.excel"}
        raise ValueError(say(packed.get(error.object[:2], "data.encoding"))) from error
    for warning in caught:
        said = str(warning.message).strip()
        if said.startswith(("Length of header", "Skipping line")) and "on_bad_lines" not in options:
            hint = _first(HEADERS, "\n".join(map(str, table))) or "data.decimals"
            raise ValueError(say("data.long-row", hint=say(hint), said=said))
        warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
    return table


def _columns(
    columns: list[str], target: str | int, features: Columns | None, drop: Columns
) -> tuple[str, list[str]]:
    """Return the target's and the features' names; refuse what pandas had to make up, unless it is asked for."""
    [target], dropped = _known([target], columns), _known(drop, columns)
    others = [name for name in columns if name not in (target, *dropped)]
    chosen = others if features is None else _known(features, columns)
    if target in chosen or not chosen:
        raise ValueError(say("data.target-is-feature" if chosen else "data.no-feature", target=target))
    for name in (target, *chosen):
        # pandas calls a second "x" "x.1", and a column without a name "Unnamed: 0".
        made_up = name.startswith("Unnamed: ") or (name.endswith(".1") and name[:-2] in columns)
        if columns.count(name) > 1 or (made_up and name in others and features is None):
            raise ValueError(say("data.no-name", name=name))
    return target, chosen


def _known(names: Columns, columns: list[str]) -> list[str]:
    """Return names of columns as text, or raise an error that names the first that there is not, and what is."""
    wanted = [str(name) for name in ([names] if isinstance(names, str | int) else names)]
    for name in wanted:
        if name not in columns:
            close = "".join(difflib.get_close_matches(name, columns, n=1))
            hint = _first(HEADERS, "\n".join(columns)) or ("data.close" if close else "data.nothing-close")
            known = textwrap.shorten(", ".join(columns), 500, placeholder=" ...")
            raise ValueError(say("data.no-column", name=name, hint=say(hint, close=close), known=known))
    return wanted


# What a header or a cell looks like that was read amiss, and the message on it: the first that fits.
HEADERS = {
    r"(sep=|#).*": "data.header-skiprows",
    r".*;.*": "data.header-semicolon",
    r".*\t.*": "data.header-tab",
    r"(?!0\n1\b)[-+]?[\d.]+(\n.*|$)": "data.header-none",  # with header=None, pandas calls them 0, 1 …
}
CELLS = {
    r"": "data.cell-empty",
    r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}\b.*|\d{1,2}:\d\d.*": "data.cell-date",
    r"[-+]?\d{1,3}(,\d{3})+(,\d{3}|\.\d*)": "data.cell-us",
    r"[-+]?\d*,\d+": "data.cell-comma",
    r"[-+]?\d{1,3}(\.\d{3})+(,\d*)?": "data.cell-european",
    r"[-+]?\d*\.\d+": "data.cell-point",
}


def _first(table: dict[str, str], text: str) -> str | None:
    return next((code for pattern, code in table.items() if re.fullmatch(pattern, text, re.DOTALL)), None)


def _numbers(cells: pd.Series, options: dict[str, Any], otherwise: str = "data.cell-text") -> np.ndarray:
    """Return a column as float64 of shape [N], or raise an error that names its first cell that is no number."""
    import pandas as pd

    text, thousands = cells.str.lower(), options.get("thousands")
    decimal = options.get("decimal", "," if thousands == "." else ".")
    if thousands:
        groups = rf"[-+]?\d{{1,3}}({re.escape(thousands)}\d{{3}})+({re.escape(decimal)}\d*)?"
        text = text.mask(text.str.fullmatch(groups), text.str.replace(thousands, "", regex=False))
    if decimal != ".":
        text = text.str.translate(str.maketrans({".": "?", decimal: "."}))
    numbers = pd.to_numeric(text.replace({"true": "1", "false": "0"}), errors="coerce").astype(float)
    # nan, too, is not smaller.
    _refuse(~(numbers.abs() <= np.finfo(np.float32).max), cells, "data.no-number", otherwise)
    return numbers.to_numpy()


def _classes(cells: pd.Series, names: list[str]) -> tuple[list[str], Tensor]:
    """Return the classes, these if there are any, and each row's position among them, int64 of shape [N]."""
    _refuse(cells == "", cells, "data.no-class")
    if not names:
        names = sorted(set(cells))
        with suppress(ValueError):
            names = sorted(names, key=float)  # 9 before 10, where all are numbers
    _refuse(~cells.isin(names), cells, "data.new-class")
    return names, torch.tensor([names.index(cell) for cell in cells])


def _refuse(bad: pd.Series, cells: pd.Series, code: str, otherwise: str = "data.cell-text") -> None:
    """Raise an error that names the first bad cell of a column, if there is one, and what to do about it."""
    if bad.any():
        first = bad.argmax()
        cell, row = cells.iloc[first][:40], cells.index[first] + 1
        found = {"column": cells.name, "bad": bad.sum(), "all": len(bad), "row": row, "cell": cell}
        raise ValueError(say(code, **found, advice=say(_first(CELLS, cell) or otherwise)))
