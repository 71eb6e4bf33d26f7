"""The training and the test loop of lesson 4, and what surrounds them."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.utils.data import DataLoader

from helpers.language import say

__all__ = ["Epoch", "best_device", "mode", "random_state_kept", "seed_everything", "test", "train"]

Criterion = Callable[[Tensor, Tensor], Tensor]


class Epoch(NamedTuple):
    """What one pass over a loader gave.

    ``loss`` is the mean of the batches' losses, each batch weighted by its samples, so that a short last batch
    counts for what it is. ``accuracy`` is a fraction from 0 to 1 where the targets are classes (int64), else None.
    """

    loss: float
    accuracy: float | None


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
    return _run(loader, net, criterion, optimizer)


def test(loader: DataLoader, net: nn.Module, criterion: Criterion) -> Epoch:
    """Measure the network on a loader without training it: in evaluation mode, and without gradients.

    Otherwise as :func:`train`; nothing about the network changes.
    """
    return _run(loader, net, criterion)


def _run(
    loader: DataLoader, net: nn.Module, criterion: Criterion, optimizer: Optimizer | None = None
) -> Epoch:
    """Go through a loader once, training where there is an optimizer."""
    device = next(net.parameters(), torch.empty(0)).device
    losses, sizes, hits = [], [], []
    is_training = optimizer is not None
    # Interrupted inside step(), PyTorch may leave gradients off: at the end of `with` they are as they were.
    with mode(net, is_training), torch.set_grad_enabled(is_training):
        for inputs, targets in loader:
            inputs, targets = inputs.to(device), targets.to(device)
            predictions = net(inputs)
            loss = criterion(predictions, targets)
            if is_training:
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()

            losses.append(loss.detach().reshape(()))
            sizes.append(len(targets))
            hits.append(_count_hits(predictions.detach(), targets))
    if not losses:
        raise ValueError(say("training.no-batch"))
    # One transfer at the end: asking for every batch's loss would make an accelerator wait each time.
    total = torch.stack(losses).cpu().double() @ torch.tensor(sizes, dtype=torch.float64)
    accuracy = None if hits[0] is None else torch.stack(hits).sum().item() / sum(sizes)
    return Epoch(total.item() / sum(sizes), accuracy)


def _count_hits(predictions: Tensor, targets: Tensor) -> Tensor | None:
    """Return how many samples the network has right, or None where the targets are not classes."""
    are_classes = targets.dtype == torch.int64 and targets.shape == predictions.shape[:1]
    if not are_classes or predictions.dim() != 2 or predictions.shape[1] < 2:
        return None
    is_right = predictions.argmax(dim=1) == targets
    return (is_right & ~predictions.isnan().any(dim=1)).sum()  # argmax of nan is a class too
