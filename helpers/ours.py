"""The course's versions of exercises that later cells build on: they are used until a student's own pass."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.optim import Optimizer
from torch.utils.data import DataLoader, Dataset, DistributedSampler, Subset

from helpers import training
from helpers.data import CSVDataset
from helpers.language import say

if TYPE_CHECKING:
    import pandas as pd

ANSWERS = ["casual", "registered", "bikers"]  # nobody knows these before the hour is over


def yours_or_ours(judge: Callable, yours: Any, other: Any = None) -> Any:
    """Return a student's function or class where its check has passed, else the course's; print whose it is.

    Args:
        judge: the check, ``check.fit`` say.
        yours: what the student wrote.
        other: what stands in for it; the one of this module with the name of the exercise if None.
    """
    has_passed = judge(yours).passed
    print(say("ours.yours" if has_passed else "ours.ours", name=judge.__name__))
    return yours if has_passed else other or globals()[judge.__name__]


def bce_by_hand(logits: Tensor, target: Tensor) -> Tensor:
    """Binary cross-entropy by its formula, which fails for large logits."""
    p = torch.sigmoid(logits)
    return -(target * p.log() + (1 - target) * (1 - p).log()).mean()


def make_network(neurons: int) -> nn.Sequential:
    """A network from 2 features to 3 classes, with so many hidden neurons."""
    return nn.Sequential(nn.Linear(2, neurons), nn.ReLU(), nn.Linear(neurons, 3))


def walk(slope: Callable, place: float | Tensor, lr: float, steps: int) -> list:
    """All places of a walk downhill, the first included."""
    places = [place]
    for _ in range(steps):
        places.append(places[-1] - lr * slope(places[-1]))
    return places


def fit(
    net: nn.Module, X: Tensor, y: Tensor, criterion: Callable, optimizer: Optimizer, iterations: int
) -> list[float]:
    """Train on all samples at once for so many iterations; return the loss of each."""
    losses = []
    for _ in range(iterations):
        optimizer.zero_grad()
        loss = criterion(net(X), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def accuracy(net: nn.Module, X: Tensor, y: Tensor) -> float:
    """The fraction of the samples that a network has right."""
    with torch.no_grad():
        return (net(X).argmax(dim=1) == y).float().mean().item()


def steps_until(losses: list[float], level: float) -> int | None:
    """The position of the first loss below a level, None if there is none."""
    return next((step for step, loss in enumerate(losses) if loss < level), None)


def deeper(input_size: int, hidden_size: int, out_size: int) -> nn.Sequential:
    """Notebook 4's network with one more pair of layers, which has half as many neurons."""
    half = hidden_size // 2
    hidden = [nn.Linear(input_size, hidden_size), nn.ReLU(), nn.Linear(hidden_size, hidden_size), nn.ReLU()]
    return nn.Sequential(
        nn.Flatten(), *hidden, nn.Linear(hidden_size, half), nn.ReLU(), nn.Linear(half, out_size)
    )


def train_epoch(loader: DataLoader, net: nn.Module, criterion: Callable, optimizer: Optimizer) -> list[float]:
    """Train for an epoch; print the mean and the standard deviation of the batches' losses, and return them."""
    losses = _train(loader, net, criterion, optimizer)
    print(f"{say('loss')} {np.mean(losses):.3f} ± {np.std(losses):.3f}")
    return losses


def train_live(
    loader: DataLoader, model: nn.Module, loss_function: Callable, optimizer: Optimizer, every: int = 100
) -> list[float]:
    """Train for an epoch; print the losses of the batches 0, every, 2 * every ..., and return these."""
    return _train(loader, model, loss_function, optimizer, every)[::every]


def _train(
    loader: DataLoader, net: nn.Module, criterion: Callable, optimizer: Optimizer, every: int = 0
) -> list[float]:
    device = next(net.parameters()).device
    losses: list[float] = []
    net.train()
    for inputs, targets in loader:
        optimizer.zero_grad()
        loss = criterion(net(inputs.to(device)), targets.to(device))
        loss.backward()
        optimizer.step()
        if every and len(losses) % every == 0:
            print(f"Batch: {len(losses)}/{len(loader)} | Loss: {loss.item():.4f}")
        losses.append(loss.item())
    return losses


def evaluate(loader: DataLoader, net: nn.Module, criterion: Callable) -> tuple[float, float]:
    """The mean loss and the accuracy over the samples; the network's mode stays as it was."""
    return training.test(loader, net, criterion)


def adam_step(
    weight: float,
    gradient: float,
    m: float,
    v: float,
    step: int,
    lr: float = 1e-4,
    weight_decay: float = 5e-4,
) -> tuple[float, float, float]:
    """A step of ``optim.Adam`` for one weight: its new value, and both averages."""
    gradient = gradient + weight_decay * weight
    m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
    root = (v / (1 - 0.999**step)) ** 0.5
    return weight - lr * m / (1 - 0.9**step) / (root + 1e-8), m, v


def custom_dataset(path: str | Path) -> CSVDataset:
    """Notebook 3's Dataset: an item is 12 features, unscaled, and the bikers."""
    return CSVDataset(path, target="bikers", drop=ANSWERS[:2])


def split_and_scale(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The training rows and the test rows, every fifth week, scaled by the training rows."""
    import pandas as pd

    in_test, scaled = (table["day"] - 1) // 7 % 5 == 4, table.drop(columns=ANSWERS)
    mean, std = scaled[~in_test].mean(), scaled[~in_test].std().replace(0, 1)
    scaled = pd.concat([(scaled - mean) / std, table[ANSWERS]], axis=1)
    return scaled[~in_test], scaled[in_test]


def make_loaders(train_set: Dataset, test_set: Dataset, batch_size: int) -> tuple[DataLoader, DataLoader]:
    """A loader that shuffles, and one that does not."""
    return DataLoader(train_set, batch_size, shuffle=True), DataLoader(test_set, batch_size)


def hour_means(train_rows: pd.DataFrame, test_rows: pd.DataFrame) -> pd.Series:
    """For each test row the mean of the training rows of its hour and kind of day."""
    kind = ["hr", "workingday"]
    means = train_rows.groupby(kind)["bikers"].mean().rename("mean")
    return test_rows.join(means, on=kind)["mean"]


def run_epochs(
    forward: Callable, train_loader: DataLoader, test_loader: DataLoader, net: nn.Module, num_epochs: int
) -> None:
    """Train and test in each epoch."""
    for epoch in range(1, num_epochs + 1):
        forward(train_loader, net, epoch, "train")
        forward(test_loader, net, epoch, "test")


def whole_gradient(gradients: list[Tensor], counts: list[int]) -> Tensor:
    """The gradient of all samples, from those of their shares and how many samples these have."""
    return torch.tensor(counts) / sum(counts) @ torch.stack(gradients)


def mean_over_processes(total: float, count: int) -> float:
    """The mean over the samples of all processes, in each of them."""
    sums = torch.tensor([total, count], dtype=torch.float64)
    dist.all_reduce(sums)
    return (sums[0] / sums[1]).item()


def share_out(
    net: nn.Module, train_set: Dataset, test_set: Dataset
) -> tuple[nn.Module, DataLoader, DataLoader]:
    """What belongs to a process: the network, wrapped, and a loader for its share of each set."""
    rank, world_size = dist.get_rank(), dist.get_world_size()
    sampler: DistributedSampler = DistributedSampler(train_set, world_size, rank, seed=42)
    train_loader = DataLoader(train_set, batch_size=120 // world_size, sampler=sampler)
    own = Subset(test_set, range(rank, len(test_set), world_size))  # type: ignore[arg-type]
    return DistributedDataParallel(net), train_loader, DataLoader(own, batch_size=1000)
