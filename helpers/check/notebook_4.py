"""The exercises of notebook 4: networks, loops that train and test, a step of Adam, numbers and letters."""

from __future__ import annotations

import copy
import functools
import itertools
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.parameter import UninitializedParameter

from helpers.check.core import NOT_ATTEMPTED, Mistake, Warned, exercise, kind_of, numbers_of, refuse
from helpers.check.known import Ways, is_right
from helpers.check.lab import SMOOTHED, Call, Lab, decimals_in, device_of_the_notebook, holds, losses_of
from helpers.check.quizzes import is_open, judge_letters, judge_table
from helpers.check.student import copied, run

DIGITS, BATCH, EPOCHS = 60_000, 128, 5
SIZES = (100, 20, 5)
EVERY = (3, 2)  # in the first call and in the second
OTHER_SIZES = (26, 14, 9)  # of a second network, which should share no size with the first


@exercise(4)
def count_iterations(answer: Any) -> None:
    """Check the number of iterations in 5 epochs of MNIST's training digits at a batch size of 128."""
    refuse(NOT_ATTEMPTED, is_open(answer))
    refuse("in-quotes", isinstance(answer, str))
    per_epoch, full = math.ceil(DIGITS / BATCH), DIGITS // BATCH
    mistakes = {
        "one-epoch": per_epoch,
        "last-batch-forgotten": full * EPOCHS,
        "one-epoch-and-last-batch-forgotten": full,
        "counts-samples": DIGITS * EPOCHS,
        "not-whole": DIGITS / BATCH * EPOCHS,
        "epochs-run-together": math.ceil(DIGITS * EPOCHS / BATCH),
    }
    refuse("wrong-number", not is_right(answer, per_epoch * EPOCHS, mistakes, math.isclose))


@exercise(4, "MLP(input_size, hidden_size, out_size)")
def mlp(cls: Callable) -> None:
    """Check ``cls(input_size, hidden_size, out_size)``: images [N, ...] to logits [N, C], by three linear layers."""
    _judge_network(cls, "MLP", (12, 5, 3), ((12, 5), (5, 5), (5, 3)))


@exercise(4, "deeper(input_size, hidden_size, out_size)")
def deeper(fn: Callable) -> None:
    """Check ``fn(input_size, hidden_size, out_size)``, which returns a network with one more pair of layers."""
    _judge_network(fn, "deeper", (12, 8, 3), ((12, 8), (8, 8), (8, 4), (4, 3)))


def _judge_network(make: Callable, name: str, sizes: tuple, expected: tuple[tuple[int, int], ...]) -> None:
    """Refuse what does not make a network of these linear layers, (inputs, outputs), with ReLUs between them."""
    make, images = copied(make), torch.randn(6, 1, 3, 4)
    net = _network(make, sizes)
    facts = {"call": f"{name}{sizes}", "expected": _arrows(expected)}
    refuse("no-network", not isinstance(net, nn.Module), kind=kind_of(net))
    made = {*net.modules()}
    held = [m for value in vars(net).values() if isinstance(value, (list, tuple)) for m in value]
    refuse("plain-list", any(isinstance(m, nn.Module) and m not in made for m in held))
    refuse("lazy-layers", any(isinstance(w, UninitializedParameter) for w in net.parameters()))
    _judge_shape(make, net, images)
    refuse("layers-in-forward", {*net.modules()} != made)
    found = _linear(net)
    sizes_of_others = {size for of in _linear(_network(make, OTHER_SIZES)) for size in of}
    refuse("sizes-fixed", sizes_of_others & {size for of in found for size in of})
    if sorted(found) != sorted(expected):
        key = "wrong-layers" if found else "no-linear"
        raise Mistake("wrong-layers", key, found=_arrows(found), **facts)
    layers = {(m.in_features, m.out_features): m for m in net.modules() if isinstance(m, nn.Linear)}
    torch.manual_seed(21)
    for size in expected:
        layers[size].weight.data.normal_()  # so that there are negative numbers before and after each layer
    _judge_activations(net, images, [layers[size] for size in expected])


def _linear(net: nn.Module) -> list[tuple[int, int]]:
    return [(m.in_features, m.out_features) for m in net.modules() if isinstance(m, nn.Linear)]


def _network(make: Callable, sizes: tuple[int, ...]) -> nn.Module:
    """Make the network, in evaluation mode, and name a missing ``super().__init__()``."""
    try:
        net, _ = run(make, *sizes)
    except Mistake as mistake:
        refuse("no-super", re.search(r"Module.__init__|'_modules'", str(mistake.__cause__)))
        raise
    return net.eval() if isinstance(net, nn.Module) else net


def _judge_shape(make: Callable, net: nn.Module, images: Tensor) -> None:
    """Refuse a network that does not make [N, 3] of these images."""
    shape = _shape(net, images)
    if shape == [6, 3]:
        refuse("squeezes", _shape(net, images[:1]) != [1, 3], shape=_shape(net, images[:1]))
        return
    refuse("no-flattening", _shape(net, images.flatten(1)) == [6, 3])
    refuse("flattens-batch", not shape and _shape(net, images[:1]) in ([3], [1, 3]))
    refuse("sizes-fixed", _shape(_network(make, (784, 128, 10)), torch.randn(6, 1, 28, 28)) == [6, 10])
    try:
        output, _ = run(net, images)
    except Mistake as mistake:
        refuse("sizes-fixed", re.search(r"shape '\[\d+, (-1|\d+)\]' is invalid", str(mistake.__cause__)))
        raise
    raise Mistake("wrong-output", kind=shape or kind_of(output))


def _shape(net: nn.Module, x: Tensor) -> list[int] | None:
    """Return the shape of what a network makes of an input, None where it makes nothing."""
    try:
        return list(run(net, x)[0].shape)
    except (Mistake, AttributeError):
        return None


def _judge_activations(net: nn.Module, images: Tensor, layers: list[nn.Linear]) -> None:
    """Find out what stands between the layers, and after them, from what comes out."""
    logits = run(net, images)[0]

    def outputs(activations: tuple[Callable, ...]) -> Tensor:
        x = images.flatten(1)
        for layer, activation in zip(layers, activations, strict=False):
            x = activation(layer(x))
        return layers[-1](x)

    choices: tuple[Callable, ...] = (F.relu, nn.Identity())
    right, *linear = possible = [
        outputs(activations) for activations in itertools.product(choices, repeat=len(layers) - 1)
    ]
    softmax = [s for z in possible for s in (z.softmax(1), z.log_softmax(1), z.softmax(0), z.sigmoid())]

    def is_in(tensors: list[Tensor]) -> bool:
        return any(torch.allclose(logits, z, atol=1e-4) for z in tensors)

    refuse("softmax-at-end", is_in(softmax))
    refuse("relu-at-end", is_in([F.relu(z) for z in possible]))
    refuse("activation-missing", is_in(linear))
    refuse("wrong-forward", not is_in([right]))
    logits, _ = run(net.train(), images)
    refuse("other-in-training", not is_in([right]))


def _arrows(layers: Any) -> str:
    return ", ".join(f"{m} → {n}" for m, n in layers)


@exercise(4, "train_epoch(loader, net, criterion, optimizer)")
def train_epoch(fn: Callable) -> Iterator[Mistake]:
    """Check ``fn(loader, net, criterion, optimizer)``, which trains, prints mean ± std, and returns the losses."""
    lab = _trained(fn, (), ())
    found = [*lab.found_modes(), *lab.found_training()]
    yield from found
    if not found:
        for call in lab.calls:
            _judge_losses(lab, call, 1)
            shown = decimals_in(call.shown)
            lab.judge_mean(call, "loss", shown, or_of_batches=True)
            losses = call.of_batches(lab.loss)
            stds = [losses.std(), losses.std(ddof=1)]
            refuse("no-std", not holds(shown, stds), right=stds[0])


@exercise(4)
def epochs_quiz(answer: Any) -> Iterator[Mistake]:
    """Check the letter of the quiz on why several epochs are needed; one of three is right."""
    return judge_letters(answer, "B", "ABC")


@exercise(4)
def batch_sizes(results: Any) -> None:
    """Check what the student measured at batch sizes 100, 20 and 5.

    Args:
        results: for each batch size {"seconds": of one epoch, "epochs": until the loss is below 1.6}, and
            "fastest": the size that gets there in the fewest seconds.
    """
    results = {str(key): value for key, value in results.items()}
    rows = [results.get(str(size), ...) for size in SIZES]
    refuse(NOT_ATTEMPTED, all(is_open(row) for row in rows))
    for size, row in zip(SIZES, rows, strict=True):
        refuse("wrong-form", not is_open(row) and not isinstance(row, dict), size=size, row=repr(row)[:40])
        is_short = is_open(row) or is_open(row.get("seconds")) or row.get("epochs", ...) is ...
        refuse("incomplete", is_short, size=size)
    seconds, epochs = ([_number(row[what]) for row in rows] for what in ("seconds", "epochs"))
    # Compared with what the same loop gave wherever it was run.
    late = [size for size, count in zip(SIZES, epochs, strict=True) if not count]
    refuse("gradients-accumulate", late and late != [100], size=late[-1] if late else 0)
    is_likely = (
        not late and 6 >= epochs[0] >= epochs[1] >= epochs[2] >= 1 and epochs[0] > 1 and epochs[1] <= 4
    )
    refuse("epochs-unlikely", not is_likely, epochs=", ".join("?" if e is None else f"{e:g}" for e in epochs))
    refuse("no-seconds", not all(seconds))
    if is_open(fastest := results.get("fastest", ...)):
        raise Mistake("incomplete", "fastest-missing")
    refuse("not-a-choice", _number(fastest) not in SIZES, choices="100, 20, 5", answer=str(fastest)[:60])
    totals = {size: s * e for size, s, e in zip(SIZES, seconds, epochs, strict=True)}
    told = "; ".join(f"{size}: {total:.3g} s" for size, total in totals.items())
    refuse("fastest-wrong", totals[int(_number(fastest))] > min(totals.values()), totals=told)


def _number(value: Any) -> float | None:
    """Return a number, which may come as text such as "0,8 s"; None where there is none, or none above 0."""
    found = re.match(r"\s*\d+(?:[.,]\d+)?(?:e-?\d+)?", str(value))
    return (float(found[0].replace(",", ".")) or None) if found else None


@exercise(4)
def train_or_eval(answers: Any) -> Iterator[Mistake]:
    """Check ``{1: "train" or "eval" or "neither", ...}``, the mode for each of five situations."""
    right = {1: "train", 2: "eval", 3: "train", 4: "eval", 5: "neither"}
    return judge_table(answers, right, ("train", "eval", "neither"))


@exercise(4, "evaluate(loader, net, criterion)")
def evaluate(fn: Callable) -> Iterator[Mistake]:
    """Check ``fn(loader, net, criterion)``, which tests and returns loss and accuracy, both by samples."""
    lab = Lab(fn, SMOOTHED, device=device_of_the_notebook())
    lab.refuse_notebook("uses-notebook")
    for mode, loader in lab.loaders.items():
        batches = lab.batches(mode)
        lab.net.train(mode == "train")
        lab.call("test", loader, lab.net, lab.criterion, batches=batches)
    lab.judge_passes()
    found = [*lab.found_modes()]
    found += [Mistake("updates-in-test", case=lab.case(call)) for call in lab.calls if call.moved]
    found += [Mistake("gradients-from-test") for call in lab.calls if call.backwards and not call.moved]
    yield from found
    if not found:
        for call in lab.calls:
            lab.judge_means(call)
            refuse("loader-twice", len(call.passes) > len(call.batches))
        if lab.net.training:
            yield Warned("leaves-training-mode")
        if any(p.recorded for call in lab.calls for p in call.passes):
            yield Warned("no-no-grad")


@exercise(4, "adam_step(weight, gradient, m, v, step, lr, weight_decay)")
def adam_step(fn: Callable) -> None:
    """Check ``fn(weight, gradient, m, v, step, lr, weight_decay)``: a step of Adam for one weight."""
    fn = copied(fn)
    # weight, gradient, m, v, step, lr, weight_decay
    trials = [
        (2.0, 4.0, 0.0, 0.0, 1, 0.1, 0.05),
        (1.5, -0.02, 0.3, 0.0002, 3, 0.2, 0.4),
        (0.5, 2e-8, 0.0, 0.0, 1, 0.1, 0.0),  # so small that 1e-8 is seen
        (0.0, 0.0, 1e-8, 1.0, 5, 1.0, 0.0),  # and where it is added
    ]
    answers = [run(fn, *trial)[0] for trial in trials]
    for answer in answers:
        refuse("not-three-numbers", len(numbers_of(answer) or ()) != 3, kind=kind_of(answer))
    there, right = np.array([numbers_of(answer) for answer in answers]), _adams(trials)
    is_close: Callable[..., Any] = functools.partial(np.isclose, rtol=1e-5, atol=0)  # float32 will do
    mistakes: dict[str, Any] = {code: _adams(trials, **changes) for code, changes in WRONG_ADAM.items()}
    eps = np.array([1e-8, 0, 0])
    mistakes["eps-outside"] = Ways([mistakes["no-eps"] + eps, mistakes["no-eps"] - eps])
    if is_right(there, right, mistakes, lambda a, b: bool(is_close(a, b).all())):
        return
    fits = is_close(there, right)
    refuse("wrong-averages", fits[:, 0].all())
    for name, column in (("m", 1), ("v", 2), ("", 0)):
        row = fits[:, column].argmin()  # the first trial that shows it
        facts = {"name": name, "value": there[row, column], "right": right[row, column]}
        refuse("wrong-average" if name else "wrong-weight", not fits[row, column], **facts)


WRONG_ADAM: dict[str, dict[str, Any]] = {
    "no-weight-decay": {"decay_goes": "nowhere"},
    "decay-as-in-adamw": {"decay_goes": "into the weight"},
    "no-correction": {"corrects": False},
    "returns-corrected": {"returns_corrected": True},
    "step-not-used": {"always_step": 1},
    "not-squared": {"power": 1},
    "no-root": {"root": 1},
    "eps-in-root": {"eps_in_root": True},
    "no-eps": {"eps": 0},
    "old-averages": {"from_old": True},
    "betas-swapped": {"betas": (0.999, 0.9)},
    "adam-uphill": {"sign": 1},
    "weight-not-moved": {"sign": 0},
    "returns-change": {"weight_counts": 0},
}


def _adams(trials: list[tuple], **changes: Any) -> np.ndarray:
    return np.array([_adam(*trial, **changes) for trial in trials])


def _adam(
    weight: float,
    gradient: float,
    m: float,
    v: float,
    step: int,
    lr: float,
    decay: float,
    *,
    decay_goes: str = "into the gradient",
    corrects: bool = True,
    returns_corrected: bool = False,
    always_step: int = 0,
    power: int = 2,
    root: float = 0.5,
    eps_in_root: bool = False,
    eps: float = 1e-8,
    from_old: bool = False,
    betas: tuple[float, float] = (0.9, 0.999),
    sign: int = -1,
    weight_counts: int = 1,
) -> tuple[float, float, float]:
    """Return the weight and both averages after a step of Adam, or after one with some mistake."""
    if decay_goes == "into the gradient":
        gradient += decay * weight
    old_m, old_v = m, v
    m = betas[0] * m + (1 - betas[0]) * gradient
    v = betas[1] * v + (1 - betas[1]) * gradient**power
    used_m, used_v = (old_m, old_v) if from_old else (m, v)
    if corrects:
        used_m, used_v = (
            x / (1 - beta ** (always_step or step)) for x, beta in zip((used_m, used_v), betas, strict=True)
        )
    below = (used_v + eps) ** root if eps_in_root else used_v**root + eps
    change = used_m / below
    if decay_goes == "into the weight":
        weight *= 1 - lr * decay
    moved = weight_counts * weight + sign * lr * change
    return (moved, used_m, used_v) if returns_corrected else (moved, m, v)


@exercise(4, "train_live(loader, model, loss_function, optimizer, every)")
def train_live(fn: Callable) -> Iterator[Mistake]:
    """Check ``fn(loader, model, loss_function, optimizer, every)``, which trains and reports while it does."""
    lab = _trained(fn, *((every,) for every in EVERY))
    found = [*lab.found_modes(), *lab.found_training()]
    yield from found
    if not found:
        for call, every in zip(lab.calls, EVERY, strict=True):
            _judge_losses(lab, call, every)
            shown, losses = decimals_in(call.shown), call.of_batches(lab.loss)
            is_shown = [holds([(v, d) for v, d in shown if d > 1], [loss]) for loss in losses]
            refuse("not-printed", not all(is_shown[::every]), every=every)
            refuse("prints-too-many", all(is_shown), every=every)


def _trained(fn: Callable, *epochs: tuple) -> Lab:
    """Return a laboratory in which the function has trained, an epoch with each of these last arguments."""
    lab = Lab(fn, SMOOTHED, device=device_of_the_notebook())
    lab.refuse_notebook("uses-notebook")
    for more in epochs:
        lab.net.eval()
        now = lab.call("train", lab.loaders["train"], lab.net, lab.criterion, lab.optimizer, *more)
        now.result = copy.copy(now.result)  # the next call may go on with the same list
    lab.judge_passes()
    return lab


def _judge_losses(lab: Lab, call: Call, every: int) -> None:
    """Refuse what is not the list of the losses of the batches 0, every, 2 * every ..., as plain numbers."""
    losses, values = call.of_batches(lab.loss), losses_of(call.result, may_be_detached=True)
    mean_and_std = [losses.mean(), losses.std()]
    refuse("not-a-list", len(values) == 2 and np.allclose(values, mean_and_std), kind=kind_of(call.result))
    before, right = lab.calls[: lab.calls.index(call)], losses[::every]
    earlier = [loss for c in before for loss in losses_of(c.result, may_be_detached=True)]
    mistakes = {
        "keeps-all": losses,
        "counts-from-one": losses[every - 1 :: every],
        "list-never-emptied": [*earlier, *right],
    }
    if every > 1:
        mistakes["every-not-used"] = Ways(losses[::other] for other in range(2, len(losses) + 1))
    facts: dict[str, Any] = {"case": lab.case(call), "shown": len(values), "every": every}
    is_wrong = not is_right(values, right, mistakes, **facts)
    refuse("other-count", len(values) != len(right), count=len(values), right=len(right))
    refuse("wrong-losses", is_wrong)
