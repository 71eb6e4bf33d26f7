"""The exercises of notebook 2: one step of SGD, by hand and with an optimizer, and four learning rates."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.optimizer import register_optimizer_step_pre_hook

from helpers.check.feedback import Mistake, check, kind_of, refuse
from helpers.check.quizzes import judge_table
from helpers.check.trial import SMOOTHED, WRONG_GRADIENTS, Trial


@check(2, "One step of plain SGD: `lr` times the gradient, off every parameter.", "sgd_by_hand(net, X, y, criterion, lr)")  # fmt: skip
def sgd_by_hand(fn: Callable) -> None:
    """Check ``fn(net, X, y, criterion, lr)``: one step of plain SGD without ``torch.optim``; it may return anything."""
    trial, batch, given = _trial(fn)
    names, weights = zip(*trial.net.named_parameters(), strict=True)
    before = [w.detach().clone() for w in weights]
    for w in weights:
        w.grad = torch.randn_like(w)  # of an earlier call
    stale = [w.grad.clone() for w in weights]
    right, softmax = (
        torch.autograd.grad(loss(trial.reference(given[1]), given[2]), list(trial.reference.parameters()))
        for loss in (trial.loss, lambda z, y: trial.loss(z.softmax(dim=1), y))
    )
    hook = register_optimizer_step_pre_hook(lambda *_: trial.used.add("optimizers"))
    try:
        notes = trial.run(*given, trial.lr, batches=batch)
    finally:
        hook.remove()
    steps = [(old - w.detach()) / trial.lr for old, w in zip(before, weights, strict=True)]
    moved = [i for i, step in enumerate(steps) if step.any()]
    is_new = any(w is not old for w, old in zip(trial.net.parameters(), weights, strict=True))
    refuse("uses-optimizer", "optimizers" in trial.used, "An optimizer takes the step. Take it yourself: `w -= lr * w.grad` for each parameter.")  # fmt: skip
    refuse("recorded-update", "in-place operation" in str(getattr(notes.mistake, "__cause__", "")), "PyTorch would have to note the update down for `backward()`, and refuses. Put it under `with torch.no_grad():`.")  # fmt: skip
    if notes.mistake:
        raise notes.mistake
    trial.refuse_decoys()
    refuse("binds-new-tensor", is_new or (not moved and "b" in notes.letters.lower()), "It goes backward, but the tensors in `net` stay as they are. `w = w - ...` makes another tensor and calls that `w`; `w -= ...` changes the one in the network.")  # fmt: skip
    refuse("weights-not-updated", not moved, "The weights stay as they are. One step is forward, loss, `backward()`, and `w -= lr * w.grad` for each parameter.")  # fmt: skip
    step, *others = (torch.cat([of[i].flatten() for i in moved]) for of in (steps, right, stale, softmax))
    _judge_step(trial, [f"`{name}`" for i, name in enumerate(names) if i not in moved], step, *others)


def _judge_step(trial: Trial, left_out: list[str], step: Tensor, *gradients: Tensor) -> None:
    """Compare what was taken off the parameters that moved, divided by lr, with the right gradient and with others."""
    right, stale, softmax = gradients

    def is_like(gradient: Tensor) -> bool:
        return torch.allclose(step, gradient, rtol=1e-3, atol=1e-5)

    factor = step @ right / (right @ right)
    is_parallel = is_like(factor * right)
    refuse("uphill", is_parallel and factor < 0, "The step goes uphill, and the loss rises. The gradient points uphill, so it is taken off: `w -= lr * w.grad`.")  # fmt: skip
    refuse("missing-zero-grad", is_like(right + stale), "The gradients of an earlier call were still there, and `backward()` has added to them. Clear them before: `net.zero_grad()`.")  # fmt: skip
    refuse("step-before-backward", is_like(stale), "The step uses the gradients of an earlier call. The order is forward, loss, `backward()`, and then the step.")  # fmt: skip
    refuse("softmax-before-loss", is_like(softmax), WRONG_GRADIENTS["softmax"][1])
    refuse("ignores-criterion", "criterion" not in trial.used, WRONG_GRADIENTS["own loss"][1])
    refuse("wrong-length", is_parallel and not is_like(right), "The direction is right, but the step is {factor:.3g} times as long as `lr` times the gradient.", factor=factor.item())  # fmt: skip
    refuse("wrong-step", not is_like(right), "The weights change, but not by `lr` times the gradient of this loss.")  # fmt: skip
    refuse("parameters-left-out", left_out, "The step is right for some parameters, but these stay as they are: {names}. `net.parameters()` gives all of them, weights and biases.", names=", ".join(left_out))  # fmt: skip


@check(2, "One step of the optimizer, from fresh gradients, and the loss before it.", "training_step(net, X, y, criterion, optimizer)")  # fmt: skip
def training_step(fn: Callable) -> list[Mistake]:
    """Check ``fn(net, X, y, criterion, optimizer)``: one step of training, returning the loss before it."""
    trial, batch, given = _trial(fn)
    first, second = (trial.run(*given, trial.optimizer, batches=batch) for _ in range(2))
    trial.refuse_decoys()
    trial.judge_training(first, second)
    refuse("missing-zero-grad", "B" in second.letters, "The first step is right, the second is not: `backward()` adds to the gradients of the step before. Clear them with `optimizer.zero_grad()`.")  # fmt: skip
    before, after, result = first.losses(trial.loss)[0], second.losses(trial.loss)[0], first.result
    try:
        value = float(result.detach() if isinstance(result, Tensor) else result)
    except (TypeError, ValueError, RuntimeError):
        value = math.nan
    refuse("loss-after-step", abs(value - after) < 1e-4, "The step is right, but the loss that it returns is the one after it. Return the loss that you went backward from.")  # fmt: skip
    refuse("wrong-loss", not abs(value - before) < 1e-4, "The step is right, but it returns {value}. Return the loss before the step, which was {right:.4f}.", value=kind_of(result) if math.isnan(value) else f"{value:.4f}", right=before)  # fmt: skip
    if isinstance(result, Tensor) and result.requires_grad:
        return [Mistake("keeps-graph", "One thing to know: it returns the loss together with its graph, and a list of such losses keeps every graph in memory. `loss.item()` is the number alone.")]  # fmt: skip
    return []


def _trial(fn: Callable) -> tuple[Trial, list[tuple[Tensor, Tensor]], tuple[Any, ...]]:
    """Return a trial, its only batch, and the arguments (net, X, y, criterion)."""
    trial = Trial(fn, [nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 4)], lr=0.3, loss=SMOOTHED)
    X, y = trial.data(8, shape=(3,))
    return trial, [(X, y)], (trial.net, X.to(trial.device), y.to(trial.device), trial.criterion)


@check(2, "All of them.")
def learning_rates(answers: Any) -> None:
    """Check ``{"A": learning rate, ..., "D": learning rate}``, the learning rate behind each of four loss curves."""
    hints = {
        "A": "A: the curve leaves at the top and never comes back. The steps were so large that the weights left the range of float32, and the loss is nan.",
        "B": "B: the curve falls fast, then ever more slowly, and never jumps: the steps are neither too small nor too large.",
        "C": "C: the curve hardly leaves ln 3, where an untrained network starts: the steps are tiny.",
        "D": "D: the curve jumps up and down without settling: the steps overshoot, but not so far that the loss becomes nan.",
    }
    judge_table(answers, {"A": 100, "B": 0.1, "C": 0.0001, "D": 10}, (0.0001, 0.1, 10, 100), hints)
