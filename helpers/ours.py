"""The course's versions of exercises that later cells build on: they are used until a student's own pass."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

__all__ = ["accuracy", "bce_by_hand", "fit", "make_network", "steps_until", "walk"]


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
