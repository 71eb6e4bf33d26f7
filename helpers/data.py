"""The course's three data sets, ready for PyTorch: wine, MNIST, and any table in a CSV file."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from helpers.arguments import listed, whole_number
from helpers.language import translate
from helpers.mnist import DATA, mnist_root, read_mnist

__all__ = ["DATA", "CSVDataset", "ImageDataset", "mnist_loaders", "mnist_root", "wine"]


def wine(
    features: Sequence[str] = ("alcohol", "color_intensity"), scale: bool = True
) -> tuple[Tensor, Tensor]:
    """Return scikit-learn's wine data: 178 Italian wines of three cultivars.

    Scaling takes mean and standard deviation from all 178 rows. That is fine for watching a network learn
    them; to measure how it does on wines that it has not seen, split first and scale after.

    Args:
        features: names of the columns, as ``sklearn.datasets.load_wine().feature_names`` lists them.
        scale: whether to standardise each feature to mean 0 and standard deviation 1.

    Returns:
        X: float32 of shape [178, len(features)].
        y: int64 of shape [178], the cultivar: 0, 1 or 2.

    Raises:
        ValueError: if a feature is unknown, named twice, or none is named.

    Source: M. Forina et al., via the UCI Machine Learning Repository (CC BY 4.0).
    """
    from sklearn.datasets import load_wine  # here, because importing scikit-learn takes a second

    data = load_wine()
    features = _checked_names(features, list(data.feature_names), "wine")
    X = data.data[:, [data.feature_names.index(name) for name in features]]
    if scale:
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
        self.images, self.labels, self.mean, self.std = images, labels, mean, std

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        """Return an image, float32 of shape [1, height, width], and its label, int64 of shape []."""
        image, label = self.images[index], self.labels[index]
        return self._scaled(image).unsqueeze(0), label

    def __getitems__(self, indices: Sequence[int]) -> Samples:
        """Return the samples with these indices, converted all at once."""
        rows = torch.as_tensor(indices, device=self.images.device)
        # index_select takes a quarter of the time of images[rows].
        images, labels = self.images.index_select(0, rows), self.labels.index_select(0, rows)
        return Samples(self._scaled(images).unsqueeze(1), labels)

    def _scaled(self, images: Tensor) -> Tensor:
        # The order of torchvision's ToTensor and Normalize, so that the numbers are the same to the last bit.
        # Bytes over a number are float32 already, unless the default type was changed.
        pixels = (images / 255).to(torch.float32)
        return pixels if (self.mean, self.std) == (0, 1) else pixels.sub_(self.mean).div_(self.std)


class Samples(Sequence):
    """Samples that are stacked already: a list of pairs to any DataLoader, and one pair of tensors to ours."""

    def __init__(self, images: Tensor, labels: Tensor) -> None:
        self.images, self.labels = images, labels

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        return self.images[index], self.labels[index]


def as_stacked(samples: Samples) -> tuple[Tensor, Tensor]:
    """Give a DataLoader the batch as it is: there is nothing left to stack."""
    return samples.images, samples.labels


def mnist_loaders(
    batch_size: int,
    *,
    mean: float = 0.0,
    std: float = 1.0,
    num_workers: int = 0,
    generator: torch.Generator | None = None,
    device: torch.device | str = "cpu",
    data: Path | str = DATA,
) -> tuple[DataLoader, DataLoader]:
    """Return loaders of MNIST's 60,000 training and 10,000 test digits.

    Each batch is (images, labels): float32 of shape [B, 1, 28, 28] from 0 to 1 unless ``mean`` and ``std`` say
    otherwise, and int64 of shape [B]. The training digits are shuffled anew each epoch; the last batch is
    shorter where ``batch_size`` does not divide their number.

    Args:
        batch_size: samples per batch, of both loaders.
        mean, std: each pixel, scaled to 0..1, becomes (pixel - mean) / std. The lesson's SGD loop uses 0.5, 0.5.
        num_workers: processes that prepare batches. For data that is in memory 0 is the fastest.
        generator: settles the order of the training digits; PyTorch's global one if None.
        device: where the digits are kept, and the batches come from. On a GPU they take 55 MB, and moving each batch
            there is saved; it does not go together with ``num_workers``.
        data: the folder that holds ``MNIST/raw/``.

    Raises:
        ValueError: if ``batch_size`` is not a positive whole number, or ``mean`` or ``std`` is no proper number.
        RuntimeError, OSError: if the digits cannot be unpacked, see :func:`helpers.mnist.mnist_root`.

    Source: Y. LeCun, C. Cortes, C. Burges (CC BY-SA 3.0).
    """
    batch_size = whole_number(batch_size, "batch_size")
    for name, value in [("mean", mean), ("std", std)]:
        if not isinstance(value, (int, float)) or not math.isfinite(value) or (name == "std" and value <= 0):
            complaint = "{name} should be a number, got {value!r}."
            if name == "std":
                complaint = "{name} should be a number above 0, got {value!r}."
            raise ValueError(translate(complaint, name=name, value=value))
    if num_workers and torch.device(device).type != "cpu":
        complaint = "Worker processes cannot hand out data from {device}: leave num_workers at 0 there."
        raise ValueError(translate(complaint, device=device))
    root = mnist_root(data)
    loaders = []
    for is_train in (True, False):
        images, labels = read_mnist(root, is_train)
        loaders.append(
            DataLoader(
                ImageDataset(images.to(device), labels.to(device), mean, std),
                batch_size=batch_size,
                shuffle=is_train,
                num_workers=num_workers,
                generator=generator if is_train else None,
                collate_fn=as_stacked,
            )
        )
    return loaders[0], loaders[1]


class CSVDataset(Dataset):
    """A table of numbers in a CSV file as a Dataset: ``dataset[i]`` is (features, target) of row i.

    Features are float32 of shape [F]. The target is float32 of shape [1] for a regression, so that it fits a
    network's output of shape [N, 1]; with ``classes=True`` it is int64 of shape [], as CrossEntropyLoss takes it,
    and ``dataset.classes[label]`` is what the file says.

    Scale after splitting::

        train_set, test_set = CSVDataset("table.csv", target="price").split(test=0.2)

    Both parts are then standardised with the mean and standard deviation of the training rows alone.

    Args:
        path: the CSV file, with a header line.
        target: name of the column to predict.
        features: names of the columns to predict it from; all others if None.
        drop: names of columns to leave out where ``features`` is None, for example one that gives the target away.
        classes: whether the target is a class (any text or number) rather than a quantity.
        sep, decimal, encoding: how the file is written; ";" and "," are common outside the English-speaking world.

    Attributes:
        feature_names: names of the features, in the order of the tensors.
        X: float64 of shape [N, F], unscaled.
        y: float32 of shape [N, 1], or int64 of shape [N].
        classes: the classes as the file names them, by label; empty for a regression.
        mean, std: float64 of shape [F], what ``dataset[i]`` is scaled with; 0 and 1 before ``split``.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if a column is missing, or a cell is empty or no number; it says which.
    """

    def __init__(
        self,
        path: Path | str,
        target: str,
        features: Sequence[str] | None = None,
        *,
        drop: Sequence[str] = (),
        classes: bool = False,
        sep: str = ",",
        decimal: str = ".",
        encoding: str = "utf-8",
    ) -> None:
        from helpers import tables

        table = tables.read_table(path, sep, encoding)
        known, file = list(table), Path(path).name
        _checked_names([target], known, file)
        left_out = {target, *_checked_names(drop, known, file, may_be_none=True)}
        if features is None:
            features = [name for name in known if name not in left_out]
        self.feature_names = _checked_names(features, known, file)
        if target in self.feature_names:
            complaint = "{target!r} is the target: as a feature it would give the answer away."
            raise ValueError(translate(complaint, target=target))

        self.target_name = target
        self.classes: list[str] = []
        # float64 until an item is asked for: large numbers that differ little would be alike in float32.
        self.X = torch.tensor(
            np.stack([tables.numbers(table[f], decimal) for f in self.feature_names], axis=1)
        )
        if classes:
            self.classes, labels = tables.classes(table[target], decimal)
            self.y = torch.tensor(labels)
        else:
            self.y = torch.tensor(tables.numbers(table[target], decimal), dtype=torch.float32).unsqueeze(1)
        self.mean, self.std = torch.zeros_like(self.X[0]), torch.ones_like(self.X[0])

    def __len__(self) -> int:
        return len(self.X)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        return ((self.X[index] - self.mean) / self.std).to(torch.float32), self.y[index]

    def split(
        self, test: float | Sequence[bool] | np.ndarray | Tensor = 0.2, seed: int = 0, scale: bool = True
    ) -> tuple[CSVDataset, CSVDataset]:
        """Return the training rows and the test rows, each a CSVDataset; this one stays as it is.

        Args:
            test: the fraction of rows to test on, drawn at random; or one bool per row, True for testing, where
                the rows depend on each other (hours of the same day) and whole stretches must be held out.
            seed: settles which rows are drawn.
            scale: whether to standardise both parts with the training rows' mean and standard deviation, or
                leave both unscaled. A feature that is constant there is only centred.

        Raises:
            ValueError: if a part would be empty, ``test`` is neither a fraction nor one bool per row, or a
                feature varies too much to be scaled.
        """
        held_out = self._held_out(test, seed)
        if held_out.all() or not held_out.any():
            raise ValueError(
                translate(
                    "A split of {rows} rows with test={test} leaves {training} for training and "
                    "{testing} for testing: both need at least one.",
                    rows=len(self),
                    test=test if isinstance(test, float) else "[...]",
                    training=int((~held_out).sum()),
                    testing=int(held_out.sum()),
                )
            )
        mean, std = (
            _mean_and_std(self.X[~held_out])
            if scale
            else (torch.zeros_like(self.mean), torch.ones_like(self.std))
        )
        parts = []
        for rows in (~held_out, held_out):
            part = CSVDataset.__new__(CSVDataset)
            part.__dict__ = {**self.__dict__, "X": self.X[rows], "y": self.y[rows], "mean": mean, "std": std}
            fits = torch.isfinite(part[:][0]).all(dim=0)
            if not fits.all():
                raise ValueError(
                    translate(
                        "Column {column!r} holds numbers of such different sizes that they cannot be scaled: "
                        "float32 has no room for the result. Take its logarithm, or leave it out.",
                        column=self.feature_names[fits.int().argmin()],
                    )
                )
            parts.append(part)
        return parts[0], parts[1]

    def _held_out(self, test: float | Sequence[bool] | np.ndarray | Tensor, seed: int) -> Tensor:
        """Return one bool per row, True for testing."""
        if isinstance(test, float):
            if not 0 < test < 1:
                complaint = "split expects test to be a fraction between 0 and 1, got {test!r}."
                raise ValueError(translate(complaint, test=test))
            seed = whole_number(seed, "seed", smallest=0)
            order = torch.randperm(len(self), generator=torch.Generator().manual_seed(seed))
            return order < round(test * len(self))
        rows = test.cpu().numpy() if isinstance(test, Tensor) else np.array(test)
        if rows.dtype != bool or rows.shape != (len(self),):
            raise ValueError(
                translate(
                    "split expects test to be a fraction such as 0.2, or {count} bools, one per row; "
                    "got {kind} of shape {shape} and type {dtype}.",
                    count=len(self),
                    kind=type(test).__name__,
                    shape=list(rows.shape),
                    dtype=rows.dtype,
                )
            )
        return torch.tensor(rows)


def _mean_and_std(X: Tensor) -> tuple[Tensor, Tensor]:
    """Return each column's mean and standard deviation, both of shape [F]; 1 for a constant column."""
    std = X.std(dim=0, correction=0)
    std[(X[0] == X).all(dim=0) | (std == 0)] = 1
    return X.mean(dim=0), std


def _checked_names(
    names: Iterable[str], known: Sequence[str], where: str, may_be_none: bool = False
) -> list[str]:
    """Return the column names as a list if each is known and named once, else raise an error that helps."""
    ordered = isinstance(names, Iterable) and not isinstance(names, (str, set, frozenset))
    given = list(names) if ordered else []
    if not ordered or not all(isinstance(name, str) for name in given):
        complaint = 'Expected a list of column names such as ["{example}"], got {names!r}.'
        raise ValueError(translate(complaint, example=known[0], names=names))
    known_set, seen = set(known), set()
    for name in given:
        if name not in known_set:
            close = difflib.get_close_matches(name[:100], known[:1000], n=1)
            facts = {"where": where, "name": name[:100], "known": listed(known)}
            if close:
                complaint = "{where} has no column {name!r}. Did you mean {close!r}? It has: {known}."
                raise ValueError(translate(complaint, close=close[0], **facts))
            raise ValueError(translate("{where} has no column {name!r}. It has: {known}.", **facts))
        if name in seen:
            raise ValueError(translate("Column {name!r} is named more than once.", name=name))
        seen.add(name)
    if not given and not may_be_none:
        complaint = "Name at least one feature; {where} has: {known}."
        raise ValueError(translate(complaint, where=where, known=listed(known)))
    return given
