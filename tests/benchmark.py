"""How fast the course's loops are, as ratios to the limit, all measured in one run of some four minutes.

    python tests/benchmark.py

The limit is what a loop costs when loading costs nothing: float tensors in memory, sliced by a permutation, the same
network, the same Adam. Times are the best of several rounds in which the contenders take turns, so that a busy moment
of the computer does not hit one of them alone.
"""

import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset
from torchvision import transforms
from torchvision.datasets import MNIST

from helpers.data import mnist_folder, mnist_loaders, wine
from helpers.many import train_many
from helpers.models import MLP
from helpers.training import seed_everything


def main() -> None:
    print(f"{time.strftime('%Y-%m-%d')}: {os.cpu_count()} cores, {torch.get_num_threads()} threads,")
    print(f"Python {platform.python_version()}, torch {torch.__version__}")
    for batch_size in (100, 20):
        compare(f"an epoch of MNIST, batch {batch_size}", epochs(batch_size), rounds=4)
    compare("a thousand wine networks, 200 iterations", wine_networks(1000), rounds=1)


def compare(title: str, contenders: dict[str, Callable[[], object]], rounds: int) -> None:
    """Print the shortest time of each contender, and its ratio to that of the first."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
    print(f"\n{title}")
    limit = min(next(iter(seconds.values())))
    for name, times in seconds.items():
        print(f"  {name:50}{min(times):10.4f} s{min(times) / limit:9.2f} x")


def epochs(batch_size: int) -> dict[str, Callable[[], object]]:
    """An epoch of MNIST with what a student could load it with."""
    digits = MNIST(mnist_folder(), train=True, transform=transforms.ToTensor())
    in_memory = TensorDataset(digits.data.float().div(255).flatten(1), digits.targets)
    loaders = {
        "ours: mnist_loaders": mnist_loaders(batch_size)[0],
        "DataLoader over TensorDataset": DataLoader(in_memory, batch_size, shuffle=True),
        "torchvision and ToTensor": DataLoader(digits, batch_size, shuffle=True),
    }

    def sliced() -> None:
        epoch(in_memory[rows] for rows in torch.randperm(len(in_memory)).split(batch_size))

    sliced()  # what is set up on first use is nobody's epoch
    limit = {"the limit: tensors sliced by a permutation": sliced}
    return limit | {name: lambda loader=loader: epoch(loader) for name, loader in loaders.items()}


def epoch(batches) -> None:
    """One epoch of the lesson's loop, unmodified."""
    seed_everything(0)
    net, criterion, losses = MLP(784, 128, 10), nn.CrossEntropyLoss(), []
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-4, fused=True)
    for images, labels in batches:
        optimizer.zero_grad()
        loss = criterion(net(images), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())


def wine_networks(count: int) -> dict[str, Callable[[], object]]:
    """So many of notebook 2's networks, trained as the notebook does, and one after another."""
    X, y = wine()
    rates = torch.logspace(-4, 0, count)

    def one_by_one() -> None:
        for rate in rates.tolist():
            seed_everything(42)
            net = MLP(2, 32, 3, hidden_layers=1)
            optimizer = torch.optim.SGD(net.parameters(), lr=rate)
            for _ in range(200):
                optimizer.zero_grad()
                F.cross_entropy(net(X), y).backward()
                optimizer.step()

    return {"all at once": lambda: train_many(rates, X, y), "one after another": one_by_one}


if __name__ == "__main__":
    main()
