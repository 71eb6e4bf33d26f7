"""The exercises of notebook 2: data and network, steps of SGD by hand, the training loop, learning rates."""

from __future__ import annotations

import copy
import math
import operator
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim.optimizer import register_optimizer_step_pre_hook

from helpers import ours
from helpers.check.core import Mistake, Warned, exercise, kind_of, refuse
from helpers.check.known import Ways, alike, is_right
from helpers.check.lab import FROM_NOTEBOOK, SMOOTHED, Call, Lab, losses_of, softmax_first, taken
from helpers.check.quizzes import judge_table
from helpers.check.student import copied, names_of, run

RATE = 0.3


@exercise(2, "standardise(table)")
def standardise(fn: Callable) -> None:
    """Check ``fn(table)``: an array [N, F], each column with mean 0 and standard deviation 1."""
    table = torch.randn(9, 3).double().numpy() * [0.8, 2.3, 5.0] + [13.0, 5.0, -2.0]
    given = table.copy()
    result = run(copied(fn), given)[0]
    refuse("changes-the-table", not np.array_equal(given, table))
    shape = f" {list(np.shape(result))}" if np.ndim(result) else ""
    refuse("not-an-array", np.shape(result) != table.shape, kind=kind_of(result) + shape)
    mean, std = table.mean(axis=0), table.std(axis=0)
    mistakes = {
        "mean-of-all": (table - table.mean()) / table.std(),
        "rows-for-columns": (table.T - table.mean(axis=1)).T / table.std(axis=1, keepdims=True),
        "only-centred": table - mean,
        "not-centred": table / std,
        "variance": (table - mean) / std**2,
        "brackets": table - mean / std,
        "by-one-less": (table - mean) / table.std(axis=0, ddof=1),
    }
    refuse("wrong-numbers", not is_right(result, (table - mean) / std, mistakes))


@exercise(2, "make_network(neurons)")
def make_network(fn: Callable) -> None:
    """Check ``fn(neurons)``: an ``nn.Sequential`` of Linear(2, neurons), ReLU and Linear(neurons, 3)."""
    fn = copied(fn)
    for neurons in (5, 8):
        net = run(fn, neurons)[0]
        refuse("not-sequential", not isinstance(net, nn.Sequential), kind=kind_of(net))
        parts = [str(part).replace("in_features=", "").replace("out_features=", "") for part in net]
        parts = [part.replace(", bias=True", "").replace("inplace=True", "") for part in parts]
        wanted = [f"Linear(2, {neurons})", "ReLU()", f"Linear({neurons}, 3)"]
        refuse("softmax-at-end", parts and parts[-1].startswith(("Softmax", "LogSoftmax", "Sigmoid")))
        refuse("no-relu", parts == [wanted[0], wanted[2]])
        facts = {"neurons": neurons, "parts": ", ".join(parts), "wanted": ", ".join(wanted)}
        refuse("wrong-parts", parts != wanted, **facts)


@exercise(2, "count_parameters(net)")
def count_parameters(fn: Callable) -> None:
    """Check ``fn(net)``: how many numbers the parameters of a network hold."""
    net = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 6))
    value = run(copied(fn), net)[0]
    refuse("still-a-tensor", isinstance(value, Tensor))
    refuse("not-a-number", not isinstance(value, (int, float, np.number)), kind=kind_of(value))
    parts = [*net.parameters()]
    right = sum(w.numel() for w in parts)
    mistakes = {
        "counts-tensors": len(parts),
        "biases-left-out": sum(w.numel() for w in parts if w.dim() > 1),
        "counts-rows": sum(map(len, parts)),
    }
    refuse("wrong-number", not is_right(value, right, mistakes), value=value, expected=right)


@exercise(2, "sgd_by_hand(net, X, y, criterion, lr)")
def sgd_by_hand(fn: Callable) -> None:
    """Check ``fn(net, X, y, criterion, lr)``: one step of plain SGD without ``torch.optim``; it may return anything."""
    lab, (X, y) = _lab(fn, nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 4))
    names, weights = zip(*lab.net.named_parameters(), strict=True)
    before = [w.detach().clone() for w in weights]
    for w in weights:
        w.grad = torch.randn_like(w)  # of an earlier call
    stale = [w.grad.clone() for w in weights]
    call = _called_without_optimizer(lab, X, y)
    refuse("ignores-net", lab.taken(nn.Module), name=lab.taken(nn.Module))
    steps = [(old - w.detach()) / RATE for old, w in zip(before, weights, strict=True)]
    moved = [i for i, step in enumerate(steps) if step.any()]
    is_new = any(w is not old for w, old in zip(lab.net.parameters(), weights, strict=True))
    is_cleared = all(w.grad is not None and not w.grad.any() for w in weights)
    refuse("zero-grad-after-backward", not moved and not is_new and call.backwards and is_cleared)
    refuse("binds-new-tensor", is_new or (not moved and call.backwards))
    refuse("weights-not-updated", not moved)

    def of_moved(gradients: Sequence[Tensor]) -> Tensor:
        return torch.cat([gradients[i].flatten() for i in moved])

    right, softmax = (
        of_moved(torch.autograd.grad(loss(lab.start(X), y), [*lab.start.parameters()]))
        for loss in (lab.loss, softmax_first(lab.loss))
    )
    _judge_step(lab, of_moved(steps), right, of_moved(stale), softmax)
    left_out = ", ".join(f"`{name}`" for i, name in enumerate(names) if i not in moved)
    refuse("parameters-left-out", left_out, names=left_out)


def _called_without_optimizer(lab: Lab, X: Tensor, y: Tensor) -> Call:
    """Return the call of a function that takes its step itself; an error that comes of a known mistake is named."""
    steps_of_optimizers: list[Any] = []
    hook = register_optimizer_step_pre_hook(lambda *given: steps_of_optimizers.append(given))
    try:
        return lab.call("train", lab.net, X, y, lab.criterion, RATE, batches=[(X, y)])
    except Mistake as mistake:
        cause = str(mistake.__cause__)
        refuse("recorded-update", not steps_of_optimizers and "in-place operation" in cause)
        refuse("nothing-recorded", not steps_of_optimizers and "does not require grad" in cause)
        if "'NoneType'" in cause and all(w.grad is None for w in lab.net.parameters()):
            refuse("zero-grad-after-backward", lab.calls[-1].backwards)
            raise Mistake("backward-missing") from None
        raise
    finally:
        hook.remove()
        refuse("uses-optimizer", steps_of_optimizers)


def _judge_step(lab: Lab, step: Tensor, right: Tensor, stale: Tensor, softmax: Tensor) -> None:
    """Compare what was taken off the parameters that moved, divided by lr, with the right gradient and with others."""

    def is_like(gradient: Tensor) -> bool:
        return torch.allclose(step, gradient, rtol=1e-3, atol=1e-5)

    factor = step @ right / (right @ right)
    is_parallel = is_like(factor * right)
    refuse("uphill", is_parallel and factor < 0)
    refuse("missing-zero-grad", is_like(right + stale))
    refuse("step-before-backward", is_like(stale))
    refuse("softmax-before-loss", is_like(softmax))
    refuse("ignores-criterion", not lab.criterion_used)
    refuse("wrong-length", is_parallel and not is_like(right), factor=factor.item())
    refuse("wrong-step", not is_like(right))


@exercise(2, "walk(slope, place, lr, steps)")
def walk(fn: Callable) -> None:
    """Check ``fn(slope, place, lr, steps)``: the places, the first included, each a number or a tensor."""
    fn = copied(fn)
    for start in (5.0, torch.tensor([5.0, -3.0])):
        slope, lr, steps = (lambda place: 3 * place), 0.1, 4
        given = start.clone() if isinstance(start, Tensor) else start
        places = run(fn, slope, given, lr, steps)[0]
        refuse("not-a-list", not isinstance(places, (list, tuple)), kind=kind_of(places))
        try:
            path = np.array([np.asarray(place, dtype=float) for place in places])
        except (TypeError, ValueError):
            raise Mistake("not-places", kind=kind_of(places)) from None
        is_one = len(path) == steps + 1 and (path == path[-1]).all()
        refuse("changes-places", isinstance(start, Tensor) and is_one)
        first, i = np.asarray(start, dtype=float), np.arange(steps + 1).reshape(-1, *[1] * np.ndim(start))
        right = first * 0.7**i
        mistakes = {
            "first-missing": right[1:],
            "last-missing": right[:-1],
            "first-twice": np.concatenate([right[:1], right[:-1]]),
            "uphill": first * 1.3**i,
            "no-rate": first * (-2.0) ** i,
            "slope-of-the-first": first * (1 - 0.3 * i),
        }
        is_wrong = not is_right(path, right, mistakes)
        refuse("wrong-count", len(path) != len(right), count=len(path), iterations=len(right))
        refuse("wrong-places", is_wrong)
        refuse("changes-the-start", not alike(given, start))


@exercise(2, "fit(net, X, y, criterion, optimizer, iterations)")
def fit(fn: Callable) -> None:
    """Check ``fn(net, X, y, criterion, optimizer, iterations)``: it trains, and returns the list of losses, numbers."""
    lab, (X, y) = _lab(fn, nn.Linear(3, 4))
    for iterations in (4, 3):
        given = (lab.net, X, y, lab.criterion, lab.optimizer, iterations)
        call = lab.call("train", *given, batches=[(X, y)] * iterations)
        call.result = copy.copy(call.result)  # a list that is never emptied goes on growing
    for code in ("ignores-net", "ignores-optimizer"):
        refuse(code, lab.taken(*FROM_NOTEBOOK[code]), name=lab.taken(*FROM_NOTEBOOK[code]))
    refuse("ignores-data", any(p.batch < 0 for call in lab.calls for p in call.passes))
    lab.judge_training()
    net = copy.deepcopy(lab.start)
    optimizer = torch.optim.SGD(net.parameters(), lab.optimizer.param_groups[0]["lr"])
    losses = ours.fit(net, X, y, lab.loss, optimizer, sum(len(call.batches) for call in lab.calls) + 1)
    for call, begin in zip(lab.calls, (0, 4), strict=True):
        _judge_losses(call.result, losses[begin : begin + len(call.batches) + 1], losses[:begin])


def _judge_losses(result: Any, right: list[float], earlier: list[float]) -> None:
    """Compare what a loop returned with the losses of its iterations; the last of the right ones is after the last."""
    numbers = losses_of(result)
    refuse("list-never-emptied", earlier and len(result) == len(earlier) + len(right) - 1)
    facts = {"count": len(result), "iterations": len(right) - 1}
    refuse("wrong-count", len(result) != len(right) - 1, **facts)
    refuse("wrong-losses", not is_right(numbers, right[:-1], {"loss-after-step": right[1:]}))


@exercise(2, "accuracy(net, X, y)")
def accuracy(fn: Callable) -> Iterator[Mistake]:
    """Check ``fn(net, X, y)``, the fraction of the samples that a network has right."""
    net, X, y = nn.Linear(4, 3), torch.randn(17, 4), torch.arange(17) % 3
    recorded: list[bool] = []
    hits, forward, fn = int((net(X).argmax(dim=1) == y).sum()), net.forward, copied(fn)

    def noting(x: Tensor) -> Tensor:
        logits = forward(x)
        recorded.append(logits.requires_grad)
        return logits

    vars(net)["forward"] = noting
    result = run(fn, net, X, y)[0]
    refuse("ignores-net", not recorded and taken(fn, nn.Module), name=taken(fn, nn.Module))
    refuse("still-a-tensor", isinstance(result, Tensor))
    refuse("not-a-number", not isinstance(result, (int, float, np.number)), kind=kind_of(result))
    mistakes = {"a-count": hits, "in-percent": 100 * hits / 17, "counts-the-wrong-ones": 1 - hits / 17}
    facts = {"value": f"{float(result):.4f}", "expected": f"{hits / 17:.4f}"}
    refuse("wrong-number", not is_right(result, hits / 17, mistakes), **facts)
    if any(recorded):
        yield Warned("no-no-grad")


@exercise(2, "classify(net, scaler, alcohol, color)")
def classify(fn: Callable) -> None:
    """Check ``fn(net, scaler, alcohol, color)``, the class of one wine as a number, from its measurements."""
    from sklearn.preprocessing import StandardScaler

    wines = np.array([[13.5, 8.0], [12.0, 9.0], [11.0, 7.0], [11.0, 11.5], [14.0, 10.0], [14.5, 1.5]])
    scaler = StandardScaler().fit(wines)
    net = nn.Linear(2, 3)
    with torch.no_grad():
        net.weight.copy_(torch.tensor([[1.0, 0.0], [-1.0, -0.5], [-0.2, 1.0]]))
        net.bias.copy_(torch.tensor([0.0, 0.3, 0.0]))
    fn = copied(fn, lambda value: torch.device("cpu") if isinstance(value, torch.device) else value)
    found = [run(fn, net, copy.deepcopy(scaler), *map(float, wine))[0] for wine in wines]
    refuse("still-a-tensor", any(isinstance(value, Tensor) for value in found))
    is_class = [isinstance(value, (int, np.integer)) for value in found]
    refuse("not-a-class", not all(is_class), kind=kind_of(found[0]))

    def classes(table: np.ndarray) -> np.ndarray:
        return net(torch.tensor(table, dtype=torch.float32)).argmax(dim=1).numpy()

    mistakes = {
        "not-scaled": classes(wines),
        "features-swapped": classes(scaler.transform(wines[:, ::-1])),
        "scaled-by-itself": classes(np.zeros_like(wines)),
    }
    refuse("wrong-classes", not is_right(found, classes(scaler.transform(wines)), mistakes))


@exercise(2)
def learning_rates(answers: Any) -> Iterator[Mistake]:
    """Check ``{"A": learning rate, ..., "D": learning rate}``, the learning rate behind each of four loss curves."""
    yield from judge_table(answers, {"A": 100, "B": 0.1, "C": 0.0001, "D": 10}, (0.0001, 0.1, 10, 100))


@exercise(2, "steps_until(losses, level)")
def steps_until(fn: Callable) -> None:
    """Check ``fn(losses, level)``: the position of the first loss below the level, None if there is none."""
    fn = copied(fn)
    trials = [
        ([1.1, 0.9, 0.6, 0.4, 0.2, 0.7, 0.3, 0.8], 0.5),
        ([0.8, 1.0, 0.4], 1.0),
        ([0.3, 0.5, 0.1], 0.3),
        ([1.0, 0.9, math.nan], 0.5),
    ]
    given = [list(losses) for losses, _ in trials]
    found = [run(fn, losses, level)[0] for losses, (_, level) in zip(given, trials, strict=True)]
    right = [3, 0, 2]
    mistakes = {
        "from-1": [4, 1, 3],
        "the-last": [6, 2, 2],
        "or-equal": [3, 0, 0],
        "the-loss": [0.4, 0.8, 0.1],
    }
    if not is_right(found[:3], right, mistakes, operator.eq):
        n = next(n for n in range(3) if found[n] != right[n])
        facts = {"losses": trials[n][0], "level": trials[n][1], "value": found[n], "right": right[n]}
        raise Mistake("wrong-position", **facts)
    refuse("none-expected", found[3] is not None, value=repr(found[3]))
    refuse("changes-the-list", given[:3] != [losses for losses, _ in trials[:3]])


@exercise(2, "try_rates(rates, X_train, y_train, X_val, y_val)")
def try_rates(fn: Callable) -> None:
    """Check ``fn(rates, X_train, y_train, X_val, y_val)``: a network for each rate, and its loss on validation data."""
    start, loss = nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 3)), nn.CrossEntropyLoss()
    X, y = torch.randn(24, 2), torch.arange(24) % 3
    parts, rates = (X[:15], y[:15], X[15:], y[15:]), [0.5, 0.05]

    def new_network(*_: Any, **__: Any) -> nn.Module:
        return copy.deepcopy(start)

    fn = copied(fn)
    names_of(fn).update(new_network=new_network, train=ours.fit, criterion=loss)
    found = losses_of(run(fn, list(rates), *parts)[0])
    refuse("wrong-count", len(found) != len(rates), count=len(found), iterations=len(rates))

    def trained(begin: Callable[[], nn.Module] = new_network, iterations: int = 200) -> Iterator:
        for lr in rates:
            net = begin()
            yield net, ours.fit(net, *parts[:2], loss, torch.optim.SGD(net.parameters(), lr), iterations)

    def losses(X: Tensor, y: Tensor, of: Callable = loss, **how: Any) -> list[float]:
        return [of(net(X), y).item() for net, _ in trained(**how)]

    one = copy.deepcopy(start)
    mistakes = {
        "one-network": lambda: losses(*parts[2:], begin=lambda: one),
        "training-loss": Ways([lambda: losses(*parts[:2]), lambda: [during[-1] for _, during in trained()]]),
        "not-trained": lambda: losses(*parts[2:], iterations=0),
        "softmax-before-loss": lambda: losses(*parts[2:], of=softmax_first(loss)),
    }
    refuse("wrong-losses", not is_right(found, losses(*parts[2:]), mistakes))


def _lab(fn: Callable, *layers: nn.Module) -> tuple[Lab, tuple[Tensor, Tensor]]:
    """Return a laboratory with a small network, and its data, which are one batch."""
    lab = Lab(fn, SMOOTHED, nn.Sequential(*layers), shape=(3,))
    return lab, lab.data(8)
