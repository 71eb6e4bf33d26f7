"""The exercises of notebook 2: one step of SGD in a function, and four learning rates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor, nn

from helpers.check.feedback import Mistake, check, kind_of
from helpers.check.quizzes import judge_table
from helpers.check.trial import Trial


@check(
    2,
    "One step of the optimizer, from fresh gradients, and the loss before it.",
    "training_step(net, X, y, criterion, optimizer)",
)
def training_step(fn: Callable) -> list[Mistake]:
    """Check ``fn(net, X, y, criterion, optimizer)``: one step of training, returning the loss before it."""
    # No student's own loss has this smoothing: it shows who does not use the criterion.
    trial = Trial(
        fn,
        [nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 4)],
        lr=0.5,
        loss=nn.CrossEntropyLoss(label_smoothing=0.2),
    )
    X, y = trial.data(8, shape=(3,), classes=4)
    where = trial.device
    first, second = (
        trial.run(trial.net, X.to(where), y.to(where), trial.criterion, trial.optimizer, batches=[(X, y)])
        for _ in range(2)
    )
    trial.refuse_decoys()
    trial.judge_training(first, second)
    if "B" in second.letters:
        raise Mistake("missing-zero-grad", "The first step is right, the second is not: `backward()` adds to the gradients of the step before. Clear them with `optimizer.zero_grad()`.")  # fmt: skip
    _judge_loss(first.result, before=first.losses(trial.loss)[0], after=second.losses(trial.loss)[0])
    if isinstance(first.result, Tensor) and first.result.requires_grad:
        return [Mistake("keeps-graph", "One thing to know: it returns the loss together with its graph, and a list of such losses keeps every graph in memory. `loss.item()` is the number alone.")]  # fmt: skip
    return []


def _judge_loss(result: Any, before: float, after: float) -> None:
    """Compare what came back with the loss before the step."""
    if result is None:
        raise Mistake("no-loss-returned", "The step is right, but the loss is missing: return it.")
    try:
        value = float(result.detach() if isinstance(result, Tensor) else result)
    except (TypeError, ValueError, RuntimeError):
        raise Mistake("wrong-loss", "The step is right, but it returns {value}, where the loss before the step was {right:.4f}.", value=kind_of(result), right=before) from None  # fmt: skip
    if abs(value - before) < 1e-4:
        return
    if abs(value - after) < 1e-4:
        raise Mistake("loss-after-step", "The step is right, but the loss that it returns is the one after it. Return the loss that you went backward from.")  # fmt: skip
    raise Mistake("wrong-loss", "The step is right, but it returns {value}, where the loss before the step was {right:.4f}.", value=f"{value:.4f}", right=before)  # fmt: skip


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
