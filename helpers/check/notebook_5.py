"""The exercises of notebook 5: one function for training and testing, a bug to find, and the project."""

from __future__ import annotations

import functools
import itertools
import operator
import sys
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn, optim
from torch.optim.optimizer import register_optimizer_step_post_hook

from helpers.check.core import Mistake, Warned, exercise, kind_of, refuse, takes
from helpers.check.known import Ways, is_right
from helpers.check.lab import SMOOTHED, Lab, weights_of
from helpers.check.notebook_3 import mean_of, one_for_each
from helpers.check.quizzes import judge_table
from helpers.check.student import copied, names_of, run
from helpers.data import DATA
from helpers.language import say
from helpers.ours import ANSWERS
from helpers.training import seed_everything

# Which of training and testing needs each operation, in the order of the exercise.
OPERATIONS = ["train", "test", "both", "train", "both", "train", "train", "test", "both"]
EPOCHS = (30, 40)  # numbers that no loss of the little network comes near


@exercise(5)
def sort_operations(answers: Any) -> Iterator[Mistake]:
    """Check which operations belong to training, which to testing, and which to both."""
    return judge_table(answers, dict(enumerate(OPERATIONS, 1)), ("train", "test", "both"))


@exercise(5, "forward(loader, net, epoch, mode)")
def forward(fn: Callable) -> Iterator[Mistake]:
    """Check ``fn(loader, net, epoch, mode)``, one function that trains or tests for an epoch.

    It takes ``args``, ``criterion`` and ``optimizer`` from the notebook around it, and reports a mean loss.
    """
    lab = Lab(fn)
    for epoch in EPOCHS:
        for mode, loader in lab.loaders.items():
            lab.net.train(mode == "test")  # the wrong one, so that it shows who does not set it
            lab.call(mode, loader, lab.net, epoch, mode)
    lab.judge_passes()
    found = [*lab.found_modes(), *lab.found_training()]
    # The lesson's own loop has no zero_grad(), so who writes it has solved the lesson's exercise.
    is_the_lessons = [mistake.code for mistake in found] == ["missing-zero-grad"]
    yield from [Warned("missing-zero-grad")] if is_the_lessons else found
    if is_the_lessons or not found:
        for call in lab.calls:
            lab.judge_report(call)


@exercise(5, "run_epochs(forward, train_loader, test_loader, net, num_epochs)")
def run_epochs(fn: Callable) -> None:
    """Check ``fn(...)``, which calls ``forward`` in each epoch, first for training and then for testing."""
    calls: list[tuple] = []

    def noted(loader: Any, net: Any, epoch: int, mode: str) -> float:
        calls.append((loader, net, epoch, mode))
        return 0.5

    noted.__qualname__ = "forward"  # as an error calls it

    train, test, net = ["training batches"], ["test batches"], nn.Linear(1, 1)
    count = 5  # the notebook's is 3
    run(copied(fn), noted, train, test, net, count)
    refuse("never-calls-forward", not calls)

    def made(
        epochs: Any = range(1, count + 1), loaders: tuple = (train, test), modes: tuple = ("train", "test")
    ) -> list:
        return [(at, net, e, mode) for e in epochs for at, mode in zip(loaders, modes, strict=True)]

    right = made()
    mistakes = {
        "counts-from-zero": made(range(count)),
        "one-epoch-missing": made(range(1, count)),
        "num-epochs-not-used": Ways(made(range(1, end)) for end in range(2, 32) if end != count + 2),
        "tests-first": made(loaders=(test, train), modes=("test", "train")),
        "loaders-swapped": made(loaders=(test, train)),
        "always-trains": made(modes=("train", "train")),
        "never-tests": made(loaders=(train,), modes=("train",)),
        "one-after-the-other": right[::2] + right[1::2],
    }
    if not is_right(calls, right, mistakes, operator.eq):
        pairs = enumerate(itertools.zip_longest(calls, right), 1)
        number, differ = next((n, pair) for n, pair in pairs if pair[0] != pair[1])
        names = {id(train): "train_loader", id(test): "test_loader", id(net): "net"}
        there, expected = (_as_typed(call, names) for call in differ)
        raise Mistake("wrong-calls", number=number, there=there, right=expected)


def _as_typed(call: tuple | None, names: dict[int, str]) -> str:
    """Return a call of ``forward`` as a student would type it."""
    if call is None:
        return say("no-call")
    plain = [repr(v)[:40] if isinstance(v, (str, int, float)) else type(v).__name__ for v in call]
    return f"`forward({', '.join(names.get(id(v), text) for v, text in zip(call, plain, strict=True))})`"


@exercise(5, "repaired(make_network, loader, num_epochs, lr)")
def bug_hunt(fn: Callable) -> None:
    """Check ``fn(make_network, loader, num_epochs, lr)``, a training whose optimizer holds the network's weights."""
    made: list[tuple[nn.Module, Tensor]] = []
    done: list[Any] = []  # in their order, for each backward() the network and for each step() the optimizer

    def make_network() -> nn.Module:
        net = nn.Linear(6, 3)
        net.weight.register_hook(lambda _: done.append(net))
        made.append((net, weights_of(net)))
        return net

    loader = [(torch.randn(4, 6), torch.tensor([0, 1, 2, 0])) for _ in range(3)]
    function, starts = copied(fn), []
    hook = register_optimizer_step_post_hook(lambda optimizer, *_: done.append(optimizer))
    try:
        for _ in range(2):
            net, _ = run(function, make_network, loader, 3, 0.1)
            refuse("not-a-network", not isinstance(net, nn.Module), kind=kind_of(net))
            starts += [start for one, start in made if one is net]
            refuse("another-network", not starts)
            refuse(_why_unchanged(net, done), torch.equal(starts[-1], weights_of(net)))
    finally:
        hook.remove()
    seed_everything(42)
    right = nn.Linear(6, 3)
    refuse("other-starts", not torch.equal(starts[0], starts[1]))
    refuse("wrong-start", not torch.equal(starts[0], weights_of(right)))
    trained = functools.partial(after_training, right, loader)
    mistakes = {
        "missing-zero-grad": trained(clears=False),
        "rate-not-used": Ways([trained(lr=1e-4), trained(lr=1e-3)]),
        "epochs-not-used": trained(epochs=1),
        "one-epoch-missing": trained(epochs=2),
    }
    refuse("wrong-training", not is_right(weights_of(net), trained(), mistakes))


def _why_unchanged(net: nn.Module, done: list[Any]) -> str:
    """Return the code of what keeps the weights of a network as they were."""
    steps = [one for one in done if isinstance(one, optim.Optimizer)]
    held = [id(w) for step in steps for group in step.param_groups for w in group["params"]]
    if not steps or len(steps) == len(done):
        return "weights-not-updated"
    if net not in done or id(net.weight) not in held:
        return "still-stale"
    return "step-before-backward" if done[0] in steps else "zero-grad-after-backward"


def after_training(
    start: nn.Module, loader: list, epochs: int = 3, lr: float = 0.1, clears: bool = True
) -> Tensor:
    """Return the weights that training with Adam leaves."""
    net = nn.Linear(6, 3)
    net.load_state_dict(start.state_dict())
    optimizer = optim.Adam(net.parameters(), lr=lr)
    for inputs, targets in loader * epochs:
        if clears:
            optimizer.zero_grad()
        nn.functional.cross_entropy(net(inputs), targets).backward()
        optimizer.step()
    return weights_of(net)


@exercise(5, "run_epoch(loader, net, criterion, optimizer)")
def run_epoch(fn: Callable) -> Iterator[Mistake]:
    """Check ``fn(loader, net, criterion, optimizer=None)``, which returns loss and accuracy, by samples."""
    refuse("optimizer-required", not takes(fn, "run_epoch(loader, net, criterion)"))
    lab = Lab(fn, SMOOTHED)
    lab.refuse_notebook()
    try:
        for _ in range(2):
            lab.net.eval()
            lab.call("train", lab.loaders["train"], lab.net, lab.criterion, lab.optimizer)
            lab.net.train()
            lab.call("test", lab.loaders["test"], lab.net, lab.criterion)
    except Mistake as mistake:
        is_testing = lab.calls[-1].mode == "test"
        refuse("trains-without-optimizer", is_testing and "'NoneType'" in str(mistake.__cause__))
        raise
    lab.judge_passes()
    found = [*lab.found_modes(), *lab.found_training()]
    yield from found
    if not found:
        refuse("gradients-in-test", any(p.recorded for call in lab.of("test") for p in call.passes))
        for call in lab.calls:
            lab.judge_means(call)


# The project

SECONDS = 180  # a network learns from 8,000 hours
# The last day that may be learnt from, and the last one to predict.
VALIDATION, TEST = (309, 337), (337, 365)
# What the test weeks have answered in a notebook since its kernel was started, and to whom.
_answered: WeakKeyDictionary[ModuleType, tuple[dict[str, float], Any]] = WeakKeyDictionary()


@exercise(5, "predict(known, table)")
def project(fn: Callable) -> Iterator[Mistake]:
    """Check ``fn(known, table)`` on the validation weeks: it has to beat the mean of hour and kind of day."""
    facts = measured(fn, *VALIDATION)
    refuse("not-below-the-means", facts["error"] >= facts["kind"], **facts)
    yield Warned("", "measured", **facts)


@exercise(5, "predict(known, table)")
def project_test(fn: Callable) -> Iterator[Mistake]:
    """Check ``fn(known, table)`` on the last four weeks, which answer once."""
    notebook = sys.modules["__main__"]
    if notebook not in _answered:
        _answered[notebook] = measured(fn, *TEST), identity(fn)
    facts, asked_by = _answered[notebook]
    yield Warned("", "measured", **facts)
    if identity(fn) != asked_by:
        yield Warned("asked-before")


def identity(fn: Callable) -> Any:
    """Return what stays the same when a function, and those that it calls, are defined again as they were."""
    codes, names = [getattr(fn, "__code__", None)], names_of(fn)
    for code in filter(None, codes):  # which grow meanwhile
        called = [names.get(name) for name in code.co_names]
        own = [f.__code__ for f in called if isinstance(f, FunctionType) and f.__globals__ is names]
        codes += [c for c in [*code.co_consts, *own] if isinstance(c, CodeType) and c not in codes]
    plain = [[value for value in c.co_consts if not isinstance(value, CodeType)] for c in codes if c]
    return [(c.co_code, c.co_names) for c in codes if c], plain or fn


def measured(fn: Callable, last_known: int, last: int) -> dict[str, float]:
    """Return the mean error of a function on the weeks after the last known day, and what it is beside."""
    bikes, function = pd.read_csv(DATA / "bike_sharing_2011.csv"), copied(fn)
    known = bikes[bikes["day"] <= last_known]
    weeks = bikes[(bikes["day"] > last_known) & (bikes["day"] <= last)]
    truth = weeks["bikers"].to_numpy()
    guess = predictions(function, known, weeks)
    refuse("not-finite", not np.isfinite(guess).all())
    refuse_other_knowledge(function, known)
    before = known[known["day"] > last_known - 28]
    kind = ["hr", "workingday"]
    means = {"hour": (known, ["hr"]), "kind": (known, kind), "before": (before, kind)}
    facts = {name: error_of(mean_of(of, weeks, by), truth) for name, (of, by) in means.items()}
    return {"error": error_of(guess, truth), **facts}


def predictions(function: Callable, known: pd.DataFrame, weeks: pd.DataFrame) -> np.ndarray:
    """Return what a student's function predicts; it does not get to see the answers."""
    try:
        result, _ = run(function, known.copy(), weeks.drop(columns=ANSWERS), seconds=SECONDS)
    except Mistake as mistake:
        is_missing = isinstance(mistake.__cause__, (KeyError, AttributeError, ValueError))
        used = [name for name in ANSWERS if is_missing and name in str(mistake.__cause__)]
        refuse("leaking-columns", used, columns=", ".join(f"`{name}`" for name in used))
        raise
    return one_for_each(result, weeks)


def refuse_other_knowledge(function: Callable, known: pd.DataFrame) -> None:
    """Refuse who answers from other hours than those given: where hardly anybody rides, it should predict so."""
    few = known[::12].copy()
    few[ANSWERS] = np.outer(np.arange(len(few)) % 3, [0, 1, 1])
    try:
        guess = predictions(function, few, known[6::60])
    except Mistake:
        return  # too little for its method
    guess = guess[np.isfinite(guess)]
    refuse("knows-other-hours", len(guess) and np.median(abs(guess)) > 30)


def error_of(guess: np.ndarray, truth: np.ndarray) -> float:
    return float(abs(guess - truth).mean())
