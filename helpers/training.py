"""The training and the test loop of lesson 4, and what surrounds them."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.utils.data import DataLoader

from helpers.language import translate

__all__ = ["Epoch", "best_device", "fit", "mode", "random_state_kept", "seed_everything", "test", "train"]

Criterion = Callable[[Tensor, Tensor], Tensor]


class Epoch(NamedTuple):
    """What one pass over a loader gave.

    ``loss`` and ``std`` are the mean and the standard deviation of the batches' losses, each batch weighted
    by its samples, so that a short last batch counts for what it is. ``accuracy`` is a fraction from 0 to 1
    where the targets are classes (int64), else None. ``seconds`` is wall-clock time.
    """

    loss: float
    std: float
    accuracy: float | None
    seconds: float


def best_device() -> torch.device:
    """Return the device to compute on: the accelerator that is there (CUDA, MPS, ...), or else the CPU."""
    if torch.accelerator.is_available():
        best = torch.accelerator.current_accelerator()
        with suppress(Exception):  # a driver may say that it is there, and fail at the first number
            torch.ones(1, device=best).sum().item()
            return best
    return torch.device("cpu")


def seed_everything(seed: int) -> None:
    """Seed Python's, NumPy's and PyTorch's random numbers with 0 .. 2**32 - 1, so that a run can be repeated.

    A DataLoader that shuffles takes its order from PyTorch's generator, so this settles it too.
    """
    np.random.seed(seed)  # first, because it refuses what is no seed
    torch.manual_seed(seed)  # every device's generator, not only the CPU's
    random.seed(int(seed))  # Python takes no number of NumPy's


@contextmanager
def random_state_kept() -> Iterator[None]:
    """Put Python's, NumPy's and PyTorch's random states back as they were, a CUDA device's included."""
    python_state, numpy_state = random.getstate(), np.random.get_state()
    devices = range(torch.cuda.device_count()) if torch.cuda.is_initialized() else []
    with torch.random.fork_rng(devices=devices):
        try:
            yield
        finally:
            random.setstate(python_state)
            np.random.set_state(numpy_state)


@contextmanager
def mode(net: nn.Module, training: bool) -> Iterator[None]:
    """Put a network in training or evaluation mode, and each of its modules back as it was afterwards."""
    before = [(module, module.training) for module in net.modules()]
    net.train(training)
    try:
        yield
    finally:
        for module, was_training in before:
            module.training = was_training


def train(loader: DataLoader, net: nn.Module, criterion: Criterion, optimizer: Optimizer) -> Epoch:
    """Train for one epoch: for each batch, forward, loss, backward and one step of the optimizer.

    Batches are moved to the network's device. The network is in training mode meanwhile, and in the mode
    that it had before when this returns.

    Args:
        loader: gives batches (inputs, targets) such as ``net`` and ``criterion`` take.
        net: the network; its weights change.
        criterion: the loss function, which averages over the batch.
        optimizer: holds the parameters of ``net``.

    Raises:
        ValueError: if the loader gives no batch.
    """
    start = time.perf_counter()
    losses, sizes, hits = [], [], []
    # enable_grad: interrupted inside step(), PyTorch may leave gradients off, and every later run would fail.
    with mode(net, training=True), torch.enable_grad():
        for inputs, targets in on_device_of(net, loader):
            optimizer.zero_grad()
            predictions = net(inputs)
            loss = criterion(predictions, targets)
            loss.backward()
            optimizer.step()

            losses.append(loss.detach().reshape(()))
            sizes.append(len(targets))
            hits.append(count_hits(predictions.detach(), targets))
    return summarise(losses, sizes, hits, start)


def test(loader: DataLoader, net: nn.Module, criterion: Criterion) -> Epoch:
    """Measure the network on a loader without training it: in evaluation mode, and without gradients.

    Otherwise as :func:`train`; nothing about the network changes.
    """
    start = time.perf_counter()
    losses, sizes, hits = [], [], []
    with mode(net, training=False), torch.no_grad():
        for inputs, targets in on_device_of(net, loader):
            predictions = net(inputs)

            losses.append(criterion(predictions, targets).reshape(()))
            sizes.append(len(targets))
            hits.append(count_hits(predictions, targets))
    return summarise(losses, sizes, hits, start)


def fit(
    train_loader: DataLoader,
    net: nn.Module,
    criterion: Criterion,
    optimizer: Optimizer,
    epochs: int,
    test_loader: DataLoader | None = None,
    verbose: bool = True,
) -> dict[str, list[float]]:
    """Train for several epochs, testing after each where there is a test loader.

    Kernel -> Interrupt ends it early: what comes back then holds the finished epochs, and the network keeps
    what it has learnt.

    Args:
        train_loader, net, criterion, optimizer: as for :func:`train`.
        epochs: how many passes over ``train_loader``.
        test_loader: measured after each epoch, as by :func:`test`.
        verbose: print a line for each epoch.

    Returns:
        The history, one number per epoch in each list: "loss" and "std" of the training, "accuracy" where
        the targets are classes, "seconds"; and "test_loss", "test_std", "test_accuracy", "test_seconds"
        with a test loader. ``pandas.DataFrame(history)`` shows it as a table.

    Raises:
        ValueError: if a loader gives no batch, as a generator does when it is gone through again.
    """
    finished: list[dict[str, float]] = []  # an epoch is added in one piece: an interrupt cannot halve it
    try:
        for number in range(1, epochs + 1):
            trained = train(train_loader, net, criterion, optimizer)
            tested = test(test_loader, net, criterion) if test_loader is not None else None
            numbers = trained._asdict()
            if tested:
                numbers |= {f"test_{key}": value for key, value in tested._asdict().items()}
            finished.append({key: value for key, value in numbers.items() if value is not None})
            if verbose:
                print(describe(number, epochs, trained, tested))
    except KeyboardInterrupt:
        count = len(finished)
        print(translate("Interrupted. Finished epochs, which the history holds: {count}.", count=count))
    return {key: [numbers[key] for numbers in finished] for key in (finished[0] if finished else {})}


def on_device_of(net: nn.Module, loader: DataLoader) -> Iterator[tuple[Tensor, Tensor]]:
    """Give the loader's batches, moved to where the network's weights are."""
    device = next(net.parameters(), torch.empty(0)).device
    for inputs, targets in loader:
        yield inputs.to(device), targets.to(device)


def count_hits(predictions: Tensor, targets: Tensor) -> Tensor | None:
    """Return how many samples the network has right, or None where the targets are not classes."""
    are_classes = targets.dtype == torch.int64 and targets.shape == predictions.shape[:1]
    if not are_classes or predictions.dim() != 2 or predictions.shape[1] < 2:
        return None
    is_right = predictions.argmax(dim=1) == targets
    return (is_right & ~predictions.isnan().any(dim=1)).sum()  # argmax of nan is a class too


def summarise(losses: list[Tensor], sizes: list[int], hits: list[Tensor | None], start: float) -> Epoch:
    """Turn what an epoch's batches gave into its numbers, each batch weighted by its samples."""
    if not losses:
        complaint = (
            "The loader gave no batch: is its dataset empty, drop_last on with too few rows, "
            "or is it a generator, which ends after one epoch?"
        )
        raise ValueError(translate(complaint))
    # One transfer at the end: asking for every batch's loss would make an accelerator wait each time.
    loss = torch.stack(losses).cpu().double()
    weight = torch.tensor(sizes, dtype=torch.float64) / sum(sizes)
    mean = (weight * loss).sum()
    std = (weight * (loss - mean) ** 2).sum().sqrt()
    accuracy = None if hits[0] is None else torch.stack(hits).sum().item() / sum(sizes)
    return Epoch(mean.item(), std.item(), accuracy, time.perf_counter() - start)


def describe(number: int, epochs: int, trained: Epoch, tested: Epoch | None) -> str:
    """Return the line that :func:`fit` prints for an epoch."""
    parts = [translate("epoch {number}/{epochs}", number=f"{number:{len(str(epochs))}}", epochs=epochs)]
    names = ["train loss {loss:.3f} ± {std:.3f}", "test loss {loss:.3f} ± {std:.3f}"]
    for template, epoch in zip(names, (trained, tested), strict=True):
        if epoch:
            part = translate(template, loss=epoch.loss, std=epoch.std)
            if epoch.accuracy is not None:
                part += ", " + translate("{accuracy:.1%} right", accuracy=epoch.accuracy)
            parts.append(part)
    seconds = trained.seconds + (tested.seconds if tested else 0)
    return " | ".join([*parts, f"{seconds:.1f} s"])
