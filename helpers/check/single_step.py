"""The exercise of notebook 2: one step of SGD in a function."""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn

from helpers.check.feedback import Feedback, check, kind_of, not_yet, passed, said, waiting
from helpers.check.sandbox import Call, call, instead, is_untouched, takes
from helpers.language import translate

LEARNING_RATE = 0.5

MESSAGES = {
    "wrong-signature": "Expected a function of five arguments, `(net, X, y, criterion, optimizer)`; got {kind}.",
    "raises": "It stops with an error in {error}.",
    "ignores-arguments": "It works with names of the notebook instead of the {what} that it is given. "
    "Use the function's own arguments, and it works for any network.",
    "weights-not-updated": "The weights stay as they are. {why}",
    "step-before-backward": "It steps before it has gone backward, so each step uses the gradients of the call before. "
    "The order is forward, loss, `backward()`, `step()`.",
    "zero-grad-after-backward": "The gradients are cleared between `backward()` and `step()`, so the step finds none. "
    "Clear them before `backward()`.",
    "missing-zero-grad": "The first step is right, the second is not: `backward()` adds to the gradients of the step before. "
    "Clear them with `optimizer.zero_grad()`.",
    "several-steps": "It takes {steps} steps. One call is one step: leave the loop to the caller.",
    "wrong-step": "The weights change, but not as one step of the optimizer on this loss would change them.",
    "no-loss-returned": "The step is right, but the loss is missing: return it.",
    "loss-after-step": "The step is right, but the loss that it returns is the one after it. "
    "Return the loss that you went backward from.",
    "wrong-loss": "The step is right, but it returns {value}, where the loss before the step was {right:.4f}.",
    "keeps-graph": "One thing to know: it returns the loss together with its graph, and a list of such losses keeps every "
    "graph in memory. `loss.item()` is the number alone.",
}
_said = functools.partial(said, MESSAGES)


@check
def training_step(fn: Callable = ...) -> Feedback:
    """Check ``fn(net, X, y, criterion, optimizer)``: one SGD step, returning the loss before it."""
    if is_untouched(fn):
        return waiting("training_step")
    if not takes(fn, 5):
        return not_yet("training_step", _said("wrong-signature", kind=kind_of(fn)))

    trial = _Trial(fn)
    if trial.calls[0].unfinished:
        return waiting("training_step")
    finding = trial.finding()
    if finding:
        return not_yet("training_step", finding)
    praise = "One step of the optimizer, from fresh gradients, and the loss before it."
    return passed("training_step", praise, trial.warning())


class _Trial:
    """Two calls of the student's function on a problem of the check's own, beside the same steps done right."""

    def __init__(self, fn: Callable) -> None:
        torch.manual_seed(11)
        self.net = nn.Linear(3, 4)
        self.X, self.y = torch.randn(8, 3), torch.arange(8) % 4
        self.criterion = nn.CrossEntropyLoss()
        self.optimizer = SpyingSGD(self.net.parameters(), lr=LEARNING_RATE)
        self.decoy = nn.Linear(3, 4)
        self.decoy_calls = 0
        self.decoy.register_forward_hook(self._count)
        self.start = copy.deepcopy(self.net.state_dict())
        self.right_losses, self.right_weights, self.accumulated = _reference(
            self.net, self.X, self.y, self.criterion
        )
        self.own_calls = 0
        self.net.register_forward_hook(self._count_own)
        self.calls: list[Call] = []
        self.weights: list[Tensor] = []
        with instead(fn, self._stand_in, {}):
            for _ in range(2):
                self.calls.append(call(fn, self.net, self.X, self.y, self.criterion, self.optimizer))
                self.weights.append(_flat(self.net))

    def _stand_in(self, name: str, value: Any) -> Any:
        """The notebook's networks and optimizers stay untouched: a decoy takes their places."""
        if isinstance(value, torch.optim.Optimizer):
            return torch.optim.SGD(self.decoy.parameters(), lr=LEARNING_RATE)
        if isinstance(value, nn.Module) and not isinstance(value, nn.modules.loss._Loss):
            return self.decoy
        return value

    def _count(self, *_: Any) -> None:
        self.decoy_calls += 1

    def _count_own(self, *_: Any) -> None:
        self.own_calls += 1

    def finding(self) -> dict[str, str]:
        """Return what is wrong, the most telling first."""
        first = self.calls[0]
        if self.decoy_calls and not self.own_calls:
            return _said("ignores-arguments", what="`net`")
        if first.error or self.calls[1].error:
            return _said("raises", error=first.error or self.calls[1].error)
        return self._step_finding() or self._loss_finding()

    def _step_finding(self) -> dict[str, str]:
        start = torch.cat([w.flatten() for w in self.start.values()])
        if _same(self.weights[0], start):
            return self._why_no_update(start)
        if _same(self.weights[0], self.right_weights[0]):
            if _same(self.weights[1], self.right_weights[1]):
                return {}
            if _same(self.weights[1], self.accumulated):
                return _said("missing-zero-grad")
        if self.optimizer.steps > 2:
            return _said("several-steps", steps=self.optimizer.steps // 2)
        return _said("wrong-step")

    def _why_no_update(self, start: Tensor) -> dict[str, str]:
        if self.optimizer.first_was_early and self.optimizer.backward_seen:
            return _said("step-before-backward")
        if self.optimizer.cleared_too_early:
            return _said("zero-grad-after-backward")
        if self.optimizer.steps:
            return _said(
                "weights-not-updated",
                why=translate(
                    "`step()` is called, but no gradient was there. Is `backward()` called before it?"
                ),
            )
        if self.optimizer.backward_seen:
            return _said(
                "weights-not-updated",
                why=translate("There are gradients, but no `step()` of the optimizer it is given."),
            )
        return _said(
            "weights-not-updated", why=translate("Neither `backward()` nor `step()` seems to be called.")
        )

    def _loss_finding(self) -> dict[str, str]:
        result = self.calls[0].result
        if result is None:
            return _said("no-loss-returned")
        try:
            value = float(result.detach() if isinstance(result, Tensor) else result)
        except (TypeError, ValueError):
            return _said("wrong-loss", value=type(result).__name__, right=self.right_losses[0])
        if abs(value - self.right_losses[0]) < 1e-4:
            return {}
        if abs(value - self.right_losses[1]) < 1e-4:
            return _said("loss-after-step")
        return _said("wrong-loss", value=f"{value:.4f}", right=self.right_losses[0])

    def warning(self) -> dict[str, str]:
        result = self.calls[0].result
        return _said("keeps-graph") if isinstance(result, Tensor) and result.requires_grad else {}


class SpyingSGD(torch.optim.SGD):
    """Plain SGD that remembers its steps, and what had become of the gradients by then."""

    def __init__(self, parameters: Iterable[nn.Parameter], lr: float) -> None:
        super().__init__(parameters, lr=lr)
        self.steps = 0
        self.backward_seen = False  # since the last step
        self.first_was_early = False  # the first step came before any backward
        self.cleared_too_early = False  # a step found no gradient although there had been a backward
        for p in self.param_groups[0]["params"]:
            p.register_post_accumulate_grad_hook(self._arrived)

    def _arrived(self, _: Tensor) -> None:
        self.backward_seen = True

    def step(self, closure: Any = None) -> Any:
        empty = all(p.grad is None or not p.grad.any() for p in self.param_groups[0]["params"])
        self.first_was_early = self.first_was_early or (self.steps == 0 and empty and not self.backward_seen)
        self.cleared_too_early = self.cleared_too_early or (empty and self.backward_seen)
        self.steps += 1
        result = super().step(closure)
        self.backward_seen = False
        return result


def _reference(
    net: nn.Module, X: Tensor, y: Tensor, criterion: nn.Module
) -> tuple[list[float], list[Tensor], Tensor]:
    """Return the losses and the weights after each of two right steps, and after two without zero_grad."""
    losses, weights = [], []
    for clear in (True, False):
        other = copy.deepcopy(net)
        optimizer = torch.optim.SGD(other.parameters(), lr=LEARNING_RATE)
        for _ in range(2):
            if clear:
                optimizer.zero_grad()
            loss = criterion(other(X), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            weights.append(_flat(other))
    return losses[:2], weights[:2], weights[3]


def _flat(net: nn.Module) -> Tensor:
    return torch.cat([w.detach().flatten().clone() for w in net.parameters()])


def _same(a: Tensor, b: Tensor) -> bool:
    return torch.allclose(a, b, atol=1e-6)
