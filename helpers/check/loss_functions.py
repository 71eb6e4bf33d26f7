"""The exercises of notebook 1: losses written by hand, held against torch.nn.functional."""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from helpers.check.feedback import Feedback, check, kind_of, not_yet, passed, said, waiting
from helpers.check.sandbox import call, is_untouched, takes
from helpers.language import translate

Loss = Callable[[Tensor, Tensor], Tensor]

# What each classic mistake computes, with its code. The first that fits the student's numbers is named.
MSE_MISTAKES: dict[str, Loss] = {
    "sum-instead-of-mean": lambda p, t: F.mse_loss(p, t, reduction="sum"),
    "no-square": F.l1_loss,
    "signs-cancel": lambda p, t: (p - t).mean(),
    "square-of-the-mean": lambda p, t: (p - t).mean() ** 2,
    "root": lambda p, t: F.mse_loss(p, t).sqrt(),
    "half": lambda p, t: F.mse_loss(p, t) / 2,
}
L1_MISTAKES: dict[str, Loss] = {
    "sum-instead-of-mean": lambda p, t: F.l1_loss(p, t, reduction="sum"),
    "square-instead-of-size": F.mse_loss,
    "signs-cancel": lambda p, t: (p - t).mean(),
    "signs-cancel ": lambda p, t: (t - p).mean(),
    "root": lambda p, t: F.mse_loss(p, t).sqrt(),
}
BCE_MISTAKES: dict[str, Loss] = {
    "sum-instead-of-mean": lambda p, t: F.binary_cross_entropy_with_logits(p, t, reduction="sum"),
    "wrong-sign": lambda p, t: -F.binary_cross_entropy_with_logits(p, t),
    "half-the-formula": lambda p, t: -(t * F.logsigmoid(p)).mean(),
    "half-the-formula ": lambda p, t: -((1 - t) * F.logsigmoid(-p)).mean(),
    "sigmoid-twice": lambda p, t: F.binary_cross_entropy_with_logits(torch.sigmoid(p), t),
    "classes-swapped": lambda p, t: F.binary_cross_entropy_with_logits(-p, t),
    "no-logarithm": lambda p, t: (torch.sigmoid(p) - t).abs().mean(),
    "squares-instead": lambda p, t: F.mse_loss(torch.sigmoid(p), t),
    "no-sigmoid": lambda p, t: -(t * p.log() + (1 - t) * (1 - p).log()).mean(),
}
CE_MISTAKES: dict[str, Loss] = {
    "sum-instead-of-mean": lambda p, t: F.cross_entropy(p, t, reduction="sum"),
    "wrong-sign": lambda p, t: -F.cross_entropy(p, t),
    "wrong-axis": lambda p, t: F.nll_loss(torch.log_softmax(p, dim=0), t),
    "softmax-twice": lambda p, t: F.cross_entropy(torch.softmax(p, dim=1), t),
    "mean-over-classes": lambda p, t: F.cross_entropy(p, t) / p.shape[1],
    "no-logarithm": lambda p, t: -torch.softmax(p, 1)[torch.arange(len(t)), t].mean(),
    "no-logarithm ": lambda p, t: 1 - torch.softmax(p, 1)[torch.arange(len(t)), t].mean(),
    "no-softmax": lambda p, t: -p[torch.arange(len(t)), t].mean(),
    "logarithm-of-the-mean": lambda p, t: -torch.softmax(p, 1)[torch.arange(len(t)), t].mean().log(),
    "another-base": lambda p, t: F.cross_entropy(p, t) / torch.log(torch.tensor(2.0)),
    "another-base ": lambda p, t: F.cross_entropy(p, t) / torch.log(torch.tensor(10.0)),
}

MESSAGES = {
    "sum-instead-of-mean": "It adds the losses of the samples up. A loss is their mean, so that it does not grow with the "
    "size of the batch: end with `.mean()`.",
    "no-square": "This is the mean of the sizes of the errors, which is L1. MSE squares each error.",
    "square-instead-of-size": "This is the mean of the squares, which is MSE. L1 takes the size of each error, `.abs()`.",
    "signs-cancel": "Errors above and below cancel out: an error of +1 and one of -1 make a loss of 0. "
    "Make each error positive before you average.",
    "square-of-the-mean": "It averages first and squares after, so errors above and below cancel out. Square each error first.",
    "root": "It takes a root. That has the unit of the target, but it is not this loss.",
    "half": "It is half of the loss. Some books put a 1/2 in front; PyTorch does not.",
    "wrong-sign": "The sign is wrong: the logarithm of a probability is negative, and a loss is minus that.",
    "half-the-formula": "It counts only the samples of one class. Every sample has a term: target times log p, "
    "plus (1 - target) times log(1 - p).",
    "sigmoid-twice": "The sigmoid is applied twice. Here the predictions are logits, and one sigmoid makes them probabilities.",
    "classes-swapped": "The two classes are swapped: p is the probability of target 1.",
    "no-logarithm": "The logarithm is missing: cross-entropy is minus the logarithm of the probability "
    "that the true class was given.",
    "squares-instead": "This is the mean squared error of the probabilities. Cross-entropy takes logarithms.",
    "no-sigmoid": "The predictions are logits, from minus to plus infinity, and it takes them for probabilities. "
    "Apply the sigmoid first.",
    "wrong-axis": "The softmax runs over the wrong axis: over the samples, dim 0. The probabilities of one sample, "
    "over its classes (dim 1), add up to 1.",
    "softmax-twice": "The softmax is applied twice: `log_softmax`, `F.cross_entropy` and `nn.CrossEntropyLoss` bring their own.",
    "mean-over-classes": "It averages over the classes too, not only over the samples: the result is C times too small. "
    "Pick the true class of each sample, then average over the samples.",
    "no-softmax": "It takes logits for log-probabilities. Apply `log_softmax` over the classes first.",
    "logarithm-of-the-mean": "It averages the probabilities and takes the logarithm after. Take each logarithm first.",
    "another-base": "The logarithm has another base. Cross-entropy uses the natural one, `torch.log`.",
    "overflow": "Right for small logits, but at logits of {logit:g} the result is {value}, where {right:.1f} would be right: "
    "{why} Work from the logit itself: {how}.",
    "clipped": "Right for small logits, but at logits of {logit:g} the result is {value}, where {right:.1f} would be right. "
    "Clipping or adding a small number hides the overflow and stops the learning. "
    "Work from the logit itself: {how}.",
    "zero-gradient": "The values are right, but at logits of {logit:g} the gradient is wrong, so the network could not learn "
    "from its worst mistakes. Work from the logit itself: {how}.",
    "no-gradient": "The value is right, but no gradient flows back to the prediction. Stay with tensors: "
    "`.item()`, `.detach()`, NumPy and `float()` cut the connection.",
    "wrong-gradient": "The value is right, but the gradient is not: part of the calculation is cut off from the prediction, "
    "for example by `.detach()` or `.item()`.",
    "not-scalar": "It returns shape {shape}, one loss per element. A loss is a single number: end with `.mean()`.",
    "returns-nothing": "It returns nothing. End the function with `return`.",
    "not-a-tensor": "It returns {kind}. A loss is a tensor with one number, so that `backward()` can start from it.",
    "changes-its-input": "It changes the tensors that it is given. Write `x = x - y` instead of `x -= y` "
    "or methods that end in `_`.",
    "wrong-value": "For predictions {prediction} and targets {target} it returns {value}; {right} would be right.",
    "depends-on-the-size": "It is right for some shapes only. For predictions of shape {shape} it returns {value}, "
    "where {right} would be right. Is a number of samples or classes written into it?",
    "raises": "It stops with an error in {error}.",
    "wrong-signature": "Expected a function of two arguments, `(prediction, target)`; got {kind}.",
}
_said = functools.partial(said, MESSAGES)


@check
def mse_loss(fn: Loss = ...) -> Feedback:
    """Check ``fn(prediction, target)``, the mean squared error of two float32 tensors of any one shape."""
    return _judge("mse_loss", fn, F.mse_loss, _regression(), MSE_MISTAKES)


@check
def l1_loss(fn: Loss = ...) -> Feedback:
    """Check ``fn(prediction, target)``, the mean absolute error of two float32 tensors of any one shape."""
    return _judge("l1_loss", fn, F.l1_loss, _regression(), L1_MISTAKES)


@check
def bce_with_logits(fn: Loss = ...) -> Feedback:
    """Check ``fn(logits, target)``, both float32 of one shape, targets 0 or 1: binary cross-entropy."""
    reference = F.binary_cross_entropy_with_logits
    inputs = [(torch.tensor([0.3, -1.2, 2.0, 0.7, -0.4]), torch.tensor([1.0, 0.0, 0.0, 1.0, 1.0]))]
    inputs += [
        (torch.tensor([[0.5], [-2.0]]), torch.tensor([[1.0], [1.0]])),
        (torch.tensor([1.5]), torch.tensor([0.0])),
    ]
    extreme = [
        (torch.full((2,), sign * size), torch.tensor([0.0, 1.0]))
        for size in (20.0, 150.0)
        for sign in (1, -1)
    ]
    how = translate("`F.softplus`, `F.logsigmoid`, or max(z, 0) - z * target + log(1 + exp(-|z|))")
    why = translate("the sigmoid has become exactly 0 or 1 there, and the logarithm of 0 is minus infinity.")
    return _judge("bce_with_logits", fn, reference, inputs, BCE_MISTAKES, extreme, how, why)


@check
def cross_entropy(fn: Loss = ...) -> Feedback:
    """Check ``fn(logits, target)``: float32 of shape [N, C], and int64 of shape [N]."""
    inputs = [
        (
            torch.tensor([[0.2, -1.0, 1.5], [2.0, 0.1, -0.3], [0.0, 0.4, 0.9], [1.0, 1.2, -2.0]]),
            torch.tensor([2, 1, 0, 1]),
        ),
        (torch.tensor([[0.5, -0.5]]), torch.tensor([1])),
        (torch.tensor([[0.1, 0.9, -1.0, 2.0, 0.3], [1.0, -1.0, 0.0, 0.2, 0.7]]), torch.tensor([3, 0])),
    ]
    extreme = [
        (torch.tensor([[size, 0.0, -size], [-size, 0.0, size]]), torch.tensor([target, 1]))
        for size in (20.0, 150.0, 1000.0)
        for target in (0, 2)
    ]
    how = translate("subtract each row's largest logit first, or use `torch.logsumexp` or `log_softmax`")
    why = translate("exp() of a large number is infinite, and the logarithm of 0 is too.")
    return _judge("cross_entropy", fn, F.cross_entropy, inputs, CE_MISTAKES, extreme, how, why)


def _regression() -> list[tuple[Tensor, Tensor]]:
    """Return predictions and targets of several shapes; no two of the mistakes give the same number on the first."""
    first = torch.tensor([2.0, -1.0, 0.5, 4.0, 1.0]), torch.tensor([1.0, 1.0, 0.0, 1.5, 5.0])
    return [
        first,
        (torch.tensor([[2.0], [-1.0], [7.0]]), torch.zeros(3, 1)),
        (torch.tensor([3.0]), torch.tensor([1.0])),
    ]


def _judge(
    name: str,
    fn: Loss,
    reference: Loss,
    inputs: list[tuple[Tensor, Tensor]],
    mistakes: dict[str, Loss],
    extreme: list[tuple[Tensor, Tensor]] | None = None,
    how: str = "",
    why: str = "",
) -> Feedback:
    """Compare a student's loss with PyTorch's: form, values, gradients, then large logits."""
    if is_untouched(fn):
        return waiting(name)
    if not takes(fn, 2):
        return not_yet(name, _said("wrong-signature", kind=kind_of(fn)))
    for number, (prediction, target) in enumerate(inputs):
        right = reference(prediction, target).item()
        value, finding = _run(fn, prediction, target)
        if finding == {"waiting": ""}:
            return waiting(name)
        if not finding and not _close(value.item(), right):
            finding = _wrong_value(value.item(), right, prediction, target, number, mistakes)
        if not finding:
            finding = _gradient_finding(fn, reference, prediction, target)
        if finding:
            return not_yet(name, finding)
    for prediction, target in extreme or []:
        finding = _extreme_finding(fn, reference, prediction, target, how, why)
        if finding:
            return not_yet(name, finding)
    if extreme:
        return passed(name, "Value and gradient are PyTorch's own, for large logits too.")
    return passed(name, "Value and gradient are PyTorch's own.")


def _run(fn: Loss, prediction: Tensor, target: Tensor) -> tuple[Tensor | None, dict[str, str]]:
    """Call the student's loss; return its value, or what is wrong with the form of the answer."""
    p, t = prediction.clone().requires_grad_(), target.clone()
    outcome = call(fn, p, t)
    if outcome.unfinished:
        return None, {"waiting": ""}
    if outcome.error:
        if "in-place operation" in outcome.error:
            return None, _said("changes-its-input")
        return None, _said("raises", error=outcome.error)
    value = outcome.result
    if not torch.equal(p, prediction) or not torch.equal(t, target):
        return None, _said("changes-its-input")
    if value is None:
        return None, _said("returns-nothing")
    if isinstance(value, (float, int, np.number)):
        return torch.tensor(float(value)), {}  # its value is judged first, and then that it has no gradient
    if not isinstance(value, Tensor):
        return None, _said("not-a-tensor", kind=kind_of(value))
    if value.numel() != 1:
        return None, _said("not-scalar", shape=list(value.shape))
    return value, {}


def _wrong_value(
    value: float, right: float, prediction: Tensor, target: Tensor, number: int, mistakes: dict[str, Loss]
) -> dict[str, str]:
    """Name the mistake that gives this value."""
    if number:  # it was right for the first input
        return _said(
            "depends-on-the-size", shape=list(prediction.shape), value=_show(value), right=_show(right)
        )
    for code, mistake in mistakes.items():
        if _close(value, mistake(prediction, target).item()):
            return _said(code.strip())
    shown = {"prediction": _numbers(prediction), "target": _numbers(target)}
    return _said("wrong-value", value=_show(value), right=_show(right), **shown)


def _gradient(fn: Loss, prediction: Tensor, target: Tensor) -> Tensor | None:
    """Return the gradient of a loss with respect to the prediction, or None where none flows."""
    p = prediction.clone().requires_grad_()
    value = call(fn, p, target.clone()).result
    if not isinstance(value, Tensor) or not value.requires_grad:
        return None
    (gradient,) = torch.autograd.grad(value.sum(), p, allow_unused=True)
    return gradient


def _gradient_finding(fn: Loss, reference: Loss, prediction: Tensor, target: Tensor) -> dict[str, str]:
    gradient = _gradient(fn, prediction, target)
    if gradient is None:
        return _said("no-gradient")
    if not torch.allclose(gradient, _gradient(reference, prediction, target), rtol=1e-3, atol=1e-5):
        return _said("wrong-gradient")
    return {}


def _extreme_finding(
    fn: Loss, reference: Loss, prediction: Tensor, target: Tensor, how: str, why: str
) -> dict[str, str]:
    """Look at large logits, where a formula that is right on paper leaves the range of float32."""
    right = reference(prediction, target).item()
    value, finding = _run(fn, prediction, target)
    if finding:
        return finding
    facts = {
        "logit": prediction.abs().max().item(),
        "value": _show(value.item()),
        "right": right,
        "how": how,
        "why": why,
    }
    if not torch.isfinite(value):
        return _said("overflow", **facts)
    if not _close(value.item(), right):
        return _said("clipped", **facts)
    gradient = _gradient(fn, prediction, target)
    if gradient is None or not torch.allclose(
        gradient, _gradient(reference, prediction, target), rtol=1e-3, atol=1e-5
    ):
        return _said("zero-gradient", **facts)
    return {}


def _close(value: float, expected: float) -> bool:
    return abs(value - expected) <= 1e-4 + 1e-4 * abs(expected) or (value != value and expected != expected)


def _show(value: float) -> str:
    return f"{value:.4g}"


def _numbers(values: Tensor) -> str:
    return str([round(v, 4) for v in values.tolist()] if values.dim() == 1 else values.tolist()).replace(
        "'", ""
    )
