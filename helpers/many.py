"""Many small networks trained at once, one for each learning rate."""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from helpers.training import random_state_kept

__all__ = ["Many", "train_many"]

GROUP = 200  # as many networks at a time as a processor's cache holds


class Many(NamedTuple):
    """Networks of one hidden layer; each of their parameters has one dimension more, in front: which network."""

    weights: tuple[Tensor, ...]

    def logits(self, X: Tensor) -> Tensor:
        """Return what each network answers, of shape [networks, classes, samples]."""
        w1, b1, w2, b2 = self.weights
        return w2 @ F.relu(w1 @ X.T + b1) + b2  # the samples are the columns of X.T

    def losses(self, X: Tensor, y: Tensor) -> Tensor:
        """Return the cross-entropy of each network, of shape [networks]."""
        logits = self.logits(X)
        return F.cross_entropy(logits, y.expand(len(logits), -1), reduction="none").mean(dim=1)

    def accuracies(self, X: Tensor, y: Tensor) -> Tensor:
        """Return the fraction of the samples that each network has right, of shape [networks]."""
        return (self.logits(X).argmax(dim=1) == y).float().mean(dim=1)


def train_many(
    rates: Tensor, X: Tensor, y: Tensor, neurons: int = 32, iterations: int = 200, seed: int = 42
) -> Many:
    """Train a network for each learning rate with plain SGD on all samples, all from the same start.

    Args:
        rates: the learning rates, of shape [networks].
        X, y: the samples, float32 of shape [N, features], and their classes, int64 of shape [N].
        neurons: hidden neurons of each network.
        iterations: steps of each network.
        seed: settles the start, which is that of ``nn.Linear``.
    """
    with random_state_kept():
        torch.manual_seed(seed)
        start = [
            *nn.Linear(X.shape[1], neurons).parameters(),
            *nn.Linear(neurons, int(y.max()) + 1).parameters(),
        ]
    columns = [w.detach().reshape(len(w), -1).to(X.device) for w in start]  # a bias becomes a column
    groups = [_train(columns, some.to(X.device), X, y, iterations) for some in rates.split(GROUP)]
    return Many(tuple(torch.cat(parts).detach() for parts in zip(*groups, strict=True)))


def _train(start: list[Tensor], rates: Tensor, X: Tensor, y: Tensor, iterations: int) -> tuple[Tensor, ...]:
    many = Many(tuple(w.repeat(len(rates), 1, 1).requires_grad_() for w in start))
    for _ in range(iterations):
        many.losses(X, y).sum().backward()  # each network is in one of the losses only
        with torch.no_grad():
            for w in many.weights:
                w -= rates.reshape(-1, 1, 1) * w.grad
                w.grad = None
    return many.weights
