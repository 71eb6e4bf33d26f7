"""How fast the course's loops are, as ratios to the limit, all measured in one run.

    python tests/benchmark.py            the whole table, some minutes
    python tests/benchmark.py --quick    fewer repeats, without scikit-learn, under a minute

The limit is what a loop costs when loading costs nothing: float tensors in memory, sliced by a permutation, the same
network, the same Adam. Times are the best of several rounds in which the contenders take turns, so that a busy moment
of the computer does not hit one of them alone. What would disturb the others has a process of its own.
"""

import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset
from torchvision import transforms
from torchvision.datasets import MNIST

from helpers.data import DATA, mnist_loaders, wine
from helpers.many import train_many
from helpers.models import MLP
from helpers.training import seed_everything

LEARNING_RATE = 1e-4


def main(quick: bool) -> None:
    print(f"{time.strftime('%Y-%m-%d')}: {os.cpu_count()} cores, {torch.get_num_threads()} threads,")
    print(f"Python {platform.python_version()}, torch {torch.__version__}")
    show_epochs(100, quick)
    show_epochs(20, quick)
    show_first_calls()
    show_memory()
    count = 50 if quick else 1000
    one_by_one, at_once = in_a_process(f"print(*wine_networks({count}))")
    times = {"all at once": at_once, "one after another": one_by_one}
    show(f"{count:,} wine networks, 200 iterations", times, limit="all at once")


def show(section: str, values: dict[str, float], unit: str = "s", limit: str | None = None) -> None:
    """Print a section of the table: numbers in a unit, and their ratios to one of its rows."""
    print(f"\n{section}")
    for name, value in values.items():
        ratio = f"{value / values[limit]:9.2f} x" if limit else ""
        print(f"  {name:50}{value:10.{1 if unit == 'MB' else 4}f} {unit}{ratio}", flush=True)


def best(contenders: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return the shortest time of each contender, in seconds; they take turns."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
    return {name: min(times) for name, times in seconds.items()}


def in_a_process(code: str) -> list[float]:
    """Run code in a process of its own that has all of this module; return the numbers that it prints."""
    command = [sys.executable, "-W", "ignore", "-c", f"from benchmark import *\n{code}"]
    result = subprocess.run(command, cwd=ROOT / "tests", stdout=subprocess.PIPE, text=True, check=True)
    return [float(number) for number in result.stdout.splitlines()[-1].split()]


def new_network() -> tuple[nn.Module, torch.optim.Optimizer]:
    seed_everything(0)
    net = MLP(784, 128, 10)
    return net, torch.optim.Adam(net.parameters(), lr=LEARNING_RATE, fused=True)


def epoch(batches) -> None:
    """One epoch of the lesson's loop, unmodified."""
    net, optimizer = new_network()
    criterion, losses = nn.CrossEntropyLoss(), []
    for images, labels in batches:
        optimizer.zero_grad()
        loss = criterion(net(images), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())


def digits_of_torchvision() -> MNIST:
    return MNIST(DATA, train=True, transform=transforms.ToTensor(), download=True)


def digits_in_memory() -> TensorDataset:
    """Return the digits as a student would keep them: float32 of shape [60000, 784], and labels, int64."""
    digits = digits_of_torchvision()
    return TensorDataset(digits.data.float().div(255).flatten(1), digits.targets)


def show_epochs(batch_size: int, quick: bool) -> None:
    """One epoch of MNIST in everything that a student could use instead."""
    in_files, in_memory = digits_of_torchvision(), digits_in_memory()
    limit = "the limit: tensors sliced by a permutation"
    loaders = {
        "ours: mnist_loaders": mnist_loaders(batch_size)[0],
        "DataLoader over TensorDataset": DataLoader(in_memory, batch_size, shuffle=True),
        "torchvision and ToTensor, 0 workers": DataLoader(in_files, batch_size, shuffle=True),
    }
    if not quick:
        workers = DataLoader(in_files, batch_size, shuffle=True, num_workers=4)
        loaders["torchvision and ToTensor, 4 workers"] = workers
    contenders = {name: lambda loader=loader: epoch(loader) for name, loader in loaders.items()}

    def sliced() -> None:
        epoch(in_memory[rows] for rows in torch.randperm(len(in_memory)).split(batch_size))

    sliced()  # what is set up on first use is nobody's epoch
    seconds = best({limit: sliced, **contenders}, rounds=2 if quick else 4)
    if not quick:
        (seconds["scikit-learn MLPClassifier"],) = in_a_process(f"print(seconds_of_sklearn({batch_size}))")
    show(f"epoch, batch {batch_size}", seconds, limit=limit)


def seconds_of_sklearn(batch_size: int) -> float:
    from sklearn.neural_network import MLPClassifier

    X, y = (part.numpy() for part in digits_in_memory().tensors)
    net = MLPClassifier((128, 128), batch_size=batch_size, learning_rate_init=LEARNING_RATE, max_iter=1)
    return best({"": lambda: net.fit(X, y)}, rounds=2)[""]


def show_first_calls() -> None:
    """Making the loaders: the first time, when the archives are read, and again."""
    call = "t = time.perf_counter(); mnist_loaders(100); print(time.perf_counter() - t, end=' ')\n"
    first, second = in_a_process(2 * call)
    show("mnist_loaders", {"first call": first, "second call": second})


def show_memory() -> None:
    """The most that a process holds: what the benchmark imports, and what comes on top of it."""
    if not Path("/proc/self/status").exists():  # not Linux
        return
    # The high-water mark of this program alone; what getrusage says starts with that of its parent.
    peak = "print(*[line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')])"
    programs = {
        "importing torch and torchvision": "",
        "mnist_loaders, one call, adds": "kept = mnist_loaders(100)\n",
        "mnist_loaders, eight calls, add": "kept = [mnist_loaders(100) for _ in range(8)]\n",
        "an epoch adds": "epoch(mnist_loaders(100)[0])\n",
        "an epoch of digits kept as floats adds": "epoch(DataLoader(digits_in_memory(), 100, shuffle=True))\n",
    }
    peaks = {name: in_a_process(code + peak)[0] / 2**10 for name, code in programs.items()}
    first, *others = peaks
    show("memory", {first: peaks[first], **{name: peaks[name] - peaks[first] for name in others}}, unit="MB")


def wine_networks(count: int) -> tuple[float, float]:
    """Return the seconds of training so many of notebook 2's networks: one after another, and as the notebook does."""
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

    return best({"": one_by_one}, 1)[""], best({"": lambda: train_many(rates, X, y)}, 3)[""]


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["--quick"]):
        sys.exit(__doc__)
    main(quick="--quick" in sys.argv)
