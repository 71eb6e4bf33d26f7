"""How fast the course's loops are, as ratios to the limit, all measured in one run.

    python tests/benchmark.py            the whole table, some minutes
    python tests/benchmark.py --quick    fewer repeats, no peers and no notebooks, under a minute
    python tests/benchmark.py --json     the same for machines

The limit is what a loop costs when loading costs nothing: float tensors in memory, sliced by a permutation, the same
network, the same Adam. Times are the best of several rounds in which the contenders take turns, so that a busy moment of
the computer does not hit one of them alone; skorch, Lightning and Keras follow in processes of their own, because importing
some of them slows all of PyTorch down. This is a benchmark: no test fails on a time.
"""

from __future__ import annotations

import argparse
import copy
import importlib.util
import json
import os
import platform
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.func import functional_call, grad, vmap
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from helpers.data import mnist_loaders, mnist_root, wine
from helpers.models import MLP
from helpers.plotting import boundary_film, plot_boundary_grid, plot_decision_boundary
from helpers.training import seed_everything

LEARNING_RATE = 1e-4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--quick", action="store_true", help="fewer repeats, no peers and no notebooks, under a minute"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--part", nargs=2, metavar=("NAME", "SIZE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    warnings.simplefilter("ignore")  # e.g. of scikit-learn, which is stopped after one epoch on purpose
    if options.part:
        name, size = options.part[0], int(options.part[1])
        print(json.dumps(thousand(size) if name == "thousand" else peer(name, size)))
        return

    rows: list[dict] = []
    for batch_size in (100, 20):
        rows += epochs(batch_size, everyone=not options.quick)
    rows += loading(20)
    rows += memory(everyone=not options.quick)
    rows += in_a_process_of_its_own("thousand", 50 if options.quick else 1000)
    rows += boundaries()
    if not options.quick:
        rows += imports()
        rows += notebooks()

    report = {
        "machine": machine(),
        "date": time.strftime("%Y-%m-%d"),
        "rows": rows,
        "not_measured": missing(),
    }
    print(json.dumps(report, indent=1) if options.json else as_table(report))


def best(contenders: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return the shortest time of each contender, in seconds; they take turns."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
    return {name: min(times) for name, times in seconds.items()}


def row(section: str, name: str, seconds: float, ratio: float | None = None, unit: str = "s") -> dict:
    return {"section": section, "name": name, "value": seconds, "unit": unit, "ratio": ratio}


def new_network() -> tuple[nn.Module, torch.optim.Optimizer]:
    seed_everything(0)
    net = MLP(784, 128, 10)
    return net, torch.optim.Adam(net.parameters(), lr=LEARNING_RATE, fused=True)


def lesson_epoch(batches, net: nn.Module, optimizer: torch.optim.Optimizer) -> list[float]:
    """One epoch of the lesson's loop, unmodified."""
    criterion = nn.CrossEntropyLoss()
    losses = []
    for images, labels in batches:
        optimizer.zero_grad()
        loss = criterion(net(images), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def torchvision_digits():
    from torchvision import transforms
    from torchvision.datasets import MNIST

    return MNIST(mnist_root(), train=True, transform=transforms.ToTensor())


def in_memory(digits) -> tuple[torch.Tensor, torch.Tensor]:
    """Return torchvision's digits as a student would keep them: float32 of shape [60000, 784], and labels, int64."""
    return digits.data.float().div(255).flatten(1), digits.targets


def epochs(batch_size: int, everyone: bool) -> list[dict]:
    """One epoch of MNIST in everything that a student could use instead."""
    ours, _ = mnist_loaders(batch_size)
    digits = torchvision_digits()
    X, y = in_memory(digits)

    def permuted():
        for rows in torch.randperm(len(X)).split(batch_size):
            yield X[rows], y[rows]

    def with_loader(loader) -> Callable[[], object]:
        return lambda: lesson_epoch(loader, *new_network())

    limit = "the limit: tensors sliced by a permutation"
    contenders = {
        limit: lambda: lesson_epoch(permuted(), *new_network()),
        "ours: mnist_loaders": with_loader(ours),
        "DataLoader over TensorDataset": with_loader(
            DataLoader(TensorDataset(X, y), batch_size, shuffle=True)
        ),
        "torchvision and ToTensor, 0 workers": with_loader(DataLoader(digits, batch_size, shuffle=True)),
    }
    if everyone:
        workers = DataLoader(digits, batch_size, shuffle=True, num_workers=4)
        contenders["torchvision and ToTensor, 4 workers"] = with_loader(workers)
        contenders["scikit-learn MLPClassifier"] = lambda: scikit_learn(X, y, batch_size)
    contenders["ours: mnist_loaders"]()  # what is set up on first use is nobody's epoch
    seconds = best(contenders, 4 if everyone else 2)
    if everyone:
        seconds |= {
            name: in_a_process_of_its_own(name, batch_size) for name in PEERS if name not in missing()
        }
    section = f"epoch, batch {batch_size}"
    faster = seconds["torchvision and ToTensor, 0 workers"] / seconds["ours: mnist_loaders"]
    return [
        *(row(section, name, s, s / seconds[limit]) for name, s in seconds.items()),
        row(section, "torchvision and ToTensor, 0 workers, over ours", faster, unit="x"),
    ]


def scikit_learn(X, y, batch_size: int) -> None:
    from sklearn.neural_network import MLPClassifier

    MLPClassifier((128, 128), batch_size=batch_size, learning_rate_init=LEARNING_RATE, max_iter=1).fit(
        X.numpy(), y.numpy()
    )


def in_a_process_of_its_own(name: str, size: int) -> Any:
    """Return what a part of the benchmark measures where nothing else was imported or has used the memory before.

    Importing Lightning or Keras makes all of PyTorch slower by a third, and so does a fragmented memory.
    """
    command = [sys.executable, __file__, "--part", name, str(size)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(result.stdout.splitlines()[-1])


def peer(name: str, batch_size: int) -> float:
    """Return the seconds of an epoch in a framework."""
    return best({name: PEERS[name](*in_memory(torchvision_digits()), batch_size)}, 2)[name]


def skorch_epoch(X, y, batch_size: int) -> Callable[[], object]:
    import skorch

    def run() -> None:
        net = skorch.NeuralNetClassifier(
            new_network()[0], criterion=nn.CrossEntropyLoss, optimizer=torch.optim.Adam, lr=LEARNING_RATE,
            batch_size=batch_size, max_epochs=1, train_split=None, iterator_train__shuffle=True, verbose=0,
            optimizer__fused=True,
        )  # fmt: skip
        net.fit(X, y)

    return run


def lightning_epoch(X, y, batch_size: int) -> Callable[[], object]:
    import logging

    import lightning

    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)

    class Module(lightning.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.net = new_network()[0]

        def training_step(self, batch, _):
            return F.cross_entropy(self.net(batch[0]), batch[1])

        def configure_optimizers(self):
            return torch.optim.Adam(self.parameters(), lr=LEARNING_RATE, fused=True)

    def run() -> None:
        trainer = lightning.Trainer(
            max_epochs=1, accelerator="cpu", logger=False, enable_checkpointing=False,
            enable_progress_bar=False, enable_model_summary=False,
        )  # fmt: skip
        trainer.fit(Module(), DataLoader(TensorDataset(X, y), batch_size, shuffle=True))

    return run


def keras_epoch(X, y, batch_size: int) -> Callable[[], object]:
    os.environ.setdefault("KERAS_BACKEND", "torch")
    import keras

    def run() -> None:
        layers = [keras.layers.Dense(128, "relu"), keras.layers.Dense(128, "relu"), keras.layers.Dense(10)]
        model = keras.Sequential([keras.Input((784,)), *layers])
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(keras.optimizers.Adam(LEARNING_RATE), loss)
        model.fit(X.numpy(), y.numpy(), batch_size=batch_size, epochs=1, verbose=0)

    return run


PEERS = {"skorch": skorch_epoch, "lightning": lightning_epoch, "keras": keras_epoch}


def missing() -> list[str]:
    return [name for name in PEERS if not importlib.util.find_spec(name)]


def loading(batch_size: int) -> list[dict]:
    """Going through the training loader once, without training."""

    def go_through(loader) -> Callable[[], None]:
        def run() -> None:
            for _ in loader:
                pass

        return run

    contenders = {
        "ours: mnist_loaders": go_through(mnist_loaders(batch_size)[0]),
        "torchvision and ToTensor, 0 workers": go_through(
            DataLoader(torchvision_digits(), batch_size, shuffle=True)
        ),
    }
    seconds = best(contenders, 2)
    ours = seconds["ours: mnist_loaders"]
    return [row(f"loading alone, batch {batch_size}", name, s, s / ours) for name, s in seconds.items()]


def memory(everyone: bool) -> list[dict]:
    """The most memory that a process holds: importing torch, and training an epoch on top of it."""
    if not Path("/proc/self/status").exists():  # not Linux
        return []
    # The high-water mark of this program alone; what getrusage says starts with that of its parent.
    peak = "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    optimizer = (
        "import torch; from helpers.models import MLP\n"
        "net = MLP(784, 128, 10); optimizer = torch.optim.Adam(net.parameters(), fused=True)\n"
    )
    loader = (
        "from helpers.data import mnist_loaders; from helpers.training import train\n"
        "batches = mnist_loaders(100)[0]\n"
    )
    floats = (
        "every = batches.dataset.__getitems__(range(60_000))\n"
        "kept = torch.utils.data.TensorDataset(every.images, every.labels)\n"
        "batches = torch.utils.data.DataLoader(kept, 100, shuffle=True)\n"
    )
    train = "train(batches, net, torch.nn.CrossEntropyLoss(), optimizer)\n"
    programs = {
        "torch": "import torch\n",
        "optimizer": optimizer,
        "epoch": optimizer + loader + train,
    }
    if everyone:
        programs["epoch of floats"] = optimizer + loader + floats + train
    peaks = {}
    for name, code in programs.items():
        result = subprocess.run(
            [sys.executable, "-c", code + peak], cwd=ROOT, capture_output=True, text=True, check=True
        )
        peaks[name] = int(result.stdout) / 2**10
    adds = {
        "making an optimizer adds (torch imports its compiler)": peaks["optimizer"] - peaks["torch"],
        "an epoch of MNIST adds": peaks["epoch"] - peaks["optimizer"],
    }
    if everyone:
        adds["an epoch of MNIST kept as floats adds"] = peaks["epoch of floats"] - peaks["optimizer"]
    return [
        row("memory", name, value, unit="MB")
        for name, value in {"importing torch": peaks["torch"], **adds}.items()
    ]


def thousand(how_many: int) -> list[dict]:
    """Notebook 2's networks, one after another and all at once, in chunks that fit in the processor's cache."""
    X, y = wine()
    seed_everything(42)
    net = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 3))
    rates = torch.logspace(-4, 0, how_many)
    # glibc gives freed memory back to the system, and gets it anew at each step, until it has seen a larger block freed;
    # that takes longer than the arithmetic. In the notebook, figures with such blocks come first.
    torch.zeros(30 * 2**20 // 4)

    def one_after_another() -> torch.Tensor:
        losses = []
        for rate in rates.tolist():
            one = copy.deepcopy(net)
            optimizer = torch.optim.SGD(one.parameters(), lr=rate)
            for _ in range(200):
                optimizer.zero_grad()
                F.cross_entropy(one(X), y).backward()
                optimizer.step()
            losses.append(F.cross_entropy(one(X), y).detach())
        return torch.stack(losses)

    def loss_of(weights, X, y):
        return F.cross_entropy(functional_call(net, weights, (X,)), y)

    def one_step(weights, rate):
        gradients = grad(loss_of)(weights, X, y)
        return {name: weight - rate * gradients[name] for name, weight in weights.items()}

    step_of_all = vmap(one_step)

    def all_at_once() -> torch.Tensor:
        losses = []
        for some in rates.split(200):
            weights = {name: w.detach().expand(len(some), *w.shape) for name, w in net.named_parameters()}
            for _ in range(200):
                weights = step_of_all(weights, some)
            losses.append(vmap(loss_of, in_dims=(0, None, None))(weights, X, y))
        return torch.cat(losses)

    section = f"{how_many:,} wine networks, 200 iterations"
    results = {}

    def keeping(name: str, run: Callable[[], torch.Tensor]) -> Callable[[], None]:
        return lambda: results.update({name: run()})

    seconds = best({"all at once": keeping("at once", all_at_once)}, 3)
    seconds |= best({"one after another": keeping("one by one", one_after_another)}, 1)
    difference = (results["at once"] - results["one by one"]).abs()
    rows = [row(section, name, s, s / seconds["all at once"]) for name, s in seconds.items()]
    return [
        *rows,
        row(
            section,
            "largest difference of the final losses",
            difference.max().item(),
            unit="",
        ),
    ]


def boundaries() -> list[dict]:
    """The decision boundary: one frame, the grid of 20, the film of 20."""
    X, y = wine()
    seed_everything(42)
    nets = [nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 3)) for _ in range(20)]
    titles = [f"network {i}" for i in range(20)]

    def frame() -> None:
        plot_decision_boundary(nets[0], X, y)

    def drawn(plot: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            plot()
            plt.gcf().canvas.draw()
            plt.close("all")

        return run

    contenders = {
        "one frame": frame,
        "one frame, drawn to pixels": drawn(frame),
        "grid of 20, drawn to pixels": drawn(lambda: plot_boundary_grid(nets, X, y, titles)),
        "film of 20": lambda: boundary_film(nets, X, y, titles),
    }
    contenders["film of 20"]()  # fonts are loaded on first use
    seconds = best(contenders, 3)
    plt.close("all")
    return [row("decision boundary", name, s) for name, s in seconds.items()]


def imports() -> list[dict]:
    """What importing a module of helpers adds to importing what it uses."""
    rows = []
    used = {"models": "torch", "data": "torch, numpy", "training": "torch, numpy", "plotting": "torch, matplotlib.pyplot",
            "notebook": "io", "check": "torch, numpy, tempfile"}  # fmt: skip
    for module, needs in used.items():
        code = f"import time, {needs}, torch.utils.data; t = time.perf_counter(); import helpers.{module}; print(time.perf_counter() - t)"
        result = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
        )
        rows.append(row("imports", f"helpers.{module} adds", float(result.stdout)))
    return rows


def notebooks() -> list[dict]:
    """Each notebook from top to bottom, as it is stored."""
    import nbformat
    from nbclient import NotebookClient

    rows = []
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        start = time.perf_counter()
        NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(path.parent)}}).execute()
        rows.append(row("notebooks", path.stem, time.perf_counter() - start))
    return [*rows, row("notebooks", "all five", sum(r["value"] for r in rows))]


def machine() -> str:
    versions = f"Python {platform.python_version()}, torch {torch.__version__.split('+')[0]}"
    return f"{os.cpu_count()} cores ({torch.get_num_threads()} threads), {platform.machine()}, {platform.system()}, {versions}"


def as_table(report: dict) -> str:
    lines = [f"Measured on {report['date']}: {report['machine']}"]
    section = None
    for r in report["rows"]:
        if r["section"] != section:
            section = r["section"]
            lines += ["", section]
        ratio = f"{r['ratio']:8.2f} x" if r["ratio"] is not None else ""
        lines.append(f"  {r['name']:52} {shown(r['value'], r['unit']):>10}{ratio}")
    if report["not_measured"]:
        lines += ["", f"Not measured, because not installed: {', '.join(report['not_measured'])}."]
        lines.append(f"  pip install {' '.join(report['not_measured'])}")
    return "\n".join(lines)


def shown(value: float, unit: str) -> str:
    if unit == "x":
        return f"{value:.2f} x"
    if unit == "s":
        return f"{value * 1000:.1f} ms" if value < 0.1 else f"{value:.2f} s"
    return f"{value:.0f} {unit}" if unit else f"{value:.1e}"


if __name__ == "__main__":
    main()
