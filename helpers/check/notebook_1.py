"""The exercises of notebook 1: losses written by hand, held against torch.nn.functional, and which to choose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from helpers.check.doubles import double, loss_not_made, run
from helpers.check.feedback import Mistake, check, kind_of, refuse
from helpers.check.quizzes import judge_table
from helpers.language import translate

Loss = Callable[[Tensor, Tensor], Tensor]
Inputs = list[tuple[Tensor, Tensor]]

SIGNS = "Errors above and below cancel out: an error of +1 and one of -1 make a loss of 0. Make each error positive before you average."
SIGN = "The sign is wrong: the logarithm of a probability is negative, and a loss is minus that."
NO_LOGARITHM = "The logarithm is missing: cross-entropy is minus the logarithm of the probability that the true class was given."

# What each classic mistake computes, and what to say: no two give the same number on the first of the inputs.
MSE_MISTAKES = [
    ("no-square", F.l1_loss, "This is the mean of the sizes of the errors, which is L1. MSE squares each error."),
    ("signs-cancel", lambda p, t: (p - t).mean(), SIGNS),
    ("square-of-the-mean", lambda p, t: (p - t).mean() ** 2, "It averages first and squares after, so errors above and below cancel out. Square each error first."),
    ("root", lambda p, t: F.mse_loss(p, t).sqrt(), "It takes a root. That has the unit of the target, but it is not this loss."),
    ("half", lambda p, t: F.mse_loss(p, t) / 2, "It is half of the loss. Some books put a 1/2 in front; PyTorch does not."),
]  # fmt: skip
L1_MISTAKES = [
    ("square-instead-of-size", F.mse_loss, "This is the mean of the squares, which is MSE. L1 takes the size of each error, `.abs()`."),
    ("signs-cancel", lambda p, t: (p - t).mean(), SIGNS),
    ("signs-cancel", lambda p, t: (t - p).mean(), SIGNS),
    ("median-instead-of-mean", lambda p, t: (p - t).abs().median(), "It takes the median of the errors, which ignores how large the largest are. A loss is their mean: end with `.mean()`."),
]  # fmt: skip
BCE_MISTAKES = [
    ("wrong-sign", lambda p, t: -F.binary_cross_entropy_with_logits(p, t), SIGN),
    ("half-the-formula", lambda p, t: -(t * F.logsigmoid(p)).mean(), "It counts only the samples of one class. Every sample has a term: target times log p, plus (1 - target) times log(1 - p)."),
    ("sigmoid-twice", lambda p, t: F.binary_cross_entropy_with_logits(p.sigmoid(), t), "The sigmoid is applied twice. Here the predictions are logits, and one sigmoid makes them probabilities."),
    ("classes-swapped", lambda p, t: F.binary_cross_entropy_with_logits(-p, t), "The two classes are swapped: p is the probability of target 1."),
    ("no-logarithm", lambda p, t: -(t * p.sigmoid() + (1 - t) * (-p).sigmoid()).mean(), NO_LOGARITHM),
    ("squares-instead", lambda p, t: F.mse_loss(p.sigmoid(), t), "This is the mean squared error of the probabilities. Cross-entropy takes logarithms."),
    ("no-sigmoid", lambda p, t: -(t * p.log() + (1 - t) * (1 - p).log()).mean(), "The predictions are logits, from minus to plus infinity, and it takes them for probabilities. Apply the sigmoid first."),
]  # fmt: skip
CE_MISTAKES = [
    ("wrong-sign", lambda p, t: -F.cross_entropy(p, t), SIGN),
    ("wrong-axis", lambda p, t: F.nll_loss(p.log_softmax(0), t), "The softmax runs over the wrong axis: over the samples, dim 0. The probabilities of one sample, over its classes (dim 1), add up to 1."),
    ("softmax-twice", lambda p, t: F.cross_entropy(p.softmax(1), t), "The softmax is applied twice: `log_softmax`, `F.cross_entropy` and `nn.CrossEntropyLoss` bring their own."),
    ("mean-over-classes", lambda p, t: F.cross_entropy(p, t) / p.shape[1], "It averages over the classes too, not only over the samples: the result is C times too small. Pick the true class of each sample, then average over the samples."),
    ("no-logarithm", lambda p, t: F.nll_loss(p.softmax(1), t), NO_LOGARITHM),
    ("no-softmax", F.nll_loss, "It takes logits for log-probabilities. Apply `log_softmax` over the classes first."),
]  # fmt: skip


REGRESSION = [
    (torch.tensor([2.0, -1.0, 0.5, 4.0, 1.0]), torch.tensor([1.25, 1.0, 0.0, 1.5, 5.0])),
    (torch.tensor([[2.0], [-1.0], [7.0]]), torch.zeros(3, 1)),
    (torch.tensor([3.0]), torch.tensor([1.0])),
]
BINARY = [
    (torch.tensor([0.3, -1.2, 2.0, 0.7, -0.4]), torch.tensor([1.0, 0.0, 0.0, 1.0, 1.0])),
    (torch.tensor([[0.5], [-2.0]]), torch.tensor([[1.0], [1.0]])),
    (torch.tensor([1.5]), torch.tensor([0.0])),
]
BINARY_EXTREME = [
    (torch.full((2,), sign * size), torch.tensor([0.0, 1.0])) for size in (20.0, 150.0) for sign in (1, -1)
]
CLASSES = [
    (torch.tensor([[0.2, -1.0, 1.5], [2.0, 0.1, -0.3], [1.0, 1.2, -2.0]]), torch.tensor([2, 1, 1])),
    (torch.tensor([[0.5, -0.5]]), torch.tensor([1])),
    (torch.tensor([[0.1, 0.9, -1.0, 2.0, 0.3], [1.0, -1.0, 0.0, 0.2, 0.7]]), torch.tensor([3, 0])),
]
CLASSES_EXTREME = [
    (torch.tensor([[size, 0.0, -size], [-size, 0.0, size]]), torch.tensor([target, 1]))
    for size in (20.0, 150.0, 1000.0)
    for target in (0, 2)
]


@check(1, "Value and gradient are PyTorch's own.", "mse_loss(prediction, target)")
def mse_loss(fn: Loss) -> None:
    """Check ``fn(prediction, target)``, the mean squared error of two float32 tensors of any one shape."""
    _judge(double(fn), F.mse_loss, MSE_MISTAKES, REGRESSION)


@check(1, "Value and gradient are PyTorch's own.", "l1_loss(prediction, target)")
def l1_loss(fn: Loss) -> None:
    """Check ``fn(prediction, target)``, the mean absolute error of two float32 tensors of any one shape."""
    _judge(double(fn), F.l1_loss, L1_MISTAKES, REGRESSION)


@check(1, "Value and gradient are PyTorch's own, for large logits too.", "bce_with_logits(logits, target)")
def bce_with_logits(fn: Loss) -> None:
    """Check ``fn(logits, target)``, both float32 of one shape, targets 0 or 1: binary cross-entropy."""
    _judge(fn := double(fn), F.binary_cross_entropy_with_logits, BCE_MISTAKES, BINARY)
    why = translate("the sigmoid has become exactly 0 or 1 there, and the logarithm of 0 is minus infinity.")
    how = translate("`F.softplus`, `F.logsigmoid`, or max(z, 0) - z * target + log(1 + exp(-|z|))")
    _judge_extreme(fn, F.binary_cross_entropy_with_logits, BINARY_EXTREME, why=why, how=how)


@check(1, "Value and gradient are PyTorch's own, for large logits too.", "cross_entropy(logits, target)")
def cross_entropy(fn: Loss) -> None:
    """Check ``fn(logits, target)``: float32 of shape [N, C], and int64 of shape [N]."""
    _judge(fn := double(fn), F.cross_entropy, CE_MISTAKES, CLASSES)
    why = translate("exp() of a large number is infinite, and the logarithm of 0 is too.")
    how = translate("subtract each row's largest logit first, or use `torch.logsumexp` or `log_softmax`")
    _judge_extreme(fn, F.cross_entropy, CLASSES_EXTREME, why=why, how=how)


@check(1, "All of them.")
def which_loss(answers: Any) -> None:
    """Check ``{1: letter, ..., 5: letter}``, the loss for each of five problems.

    A: MSELoss, B: L1Loss or HuberLoss, C: BCEWithLogitsLoss, D: CrossEntropyLoss.
    """
    judge_table(answers, {1: "A", 2: "B", 3: "C", 4: "D", 5: "C"}, ("A", "B", "C", "D"), WHICH_LOSS_HINTS)


WHICH_LOSS_HINTS = {
    "1B": "1: that would work, but large errors are to count most here, and L1 and Huber count them least.",
    "1": "1: the price is a quantity, not yes or no, and not one of some classes.",
    "2A": "2: a wrong reading is a huge error, and MSE squares it: a few such readings decide the fit.",
    "2": "2: the temperature is a quantity, not yes or no, and not one of some classes.",
    "3A": "3: squared errors of probabilities hardly punish a network that is sure and wrong.",
    "3B": "3: there is no quantity here: the answer is yes or no.",
    "3D": "3: CrossEntropyLoss would need two logits, one for each answer. With one logit it is always 0.",
    "4": "4: the numbers of the digits are names. To take a 9 for an 8 is no smaller a mistake than for a 1.",
    "4C": "4: exactly one of ten classes is right; BCE would treat them as ten separate questions.",
    "5": "5: each topic is a yes or a no, not a quantity.",
    "5D": "5: CrossEntropyLoss expects exactly one right class, and an article may have several topics, or none.",
}


def _judge(fn: Loss, reference: Loss, mistakes: list[tuple[str, Loss, str]], inputs: Inputs) -> None:
    """Compare a student's loss with PyTorch's: form, value, gradient. The inputs have several shapes."""
    for number, (prediction, target) in enumerate(inputs):
        value, gradient = _value_and_gradient(fn, prediction, target)
        right, right_gradient = _value_and_gradient(reference, prediction, target)
        if not _close(value, right) and number == 0:
            _name_mistake(value, right, prediction, target, mistakes)
        refuse("depends-on-the-size", not _close(value, right), "It is right for some shapes only. For predictions of shape {shape} it returns {value:.4g}, where {right:.4g} would be right. Is a number of samples or classes written into it?", value=value.item(), right=right.item(), shape=list(prediction.shape))  # fmt: skip
        refuse("no-gradient", gradient is None or not _close(gradient, right_gradient), "The value is right, but the gradient does not flow back to the prediction, or only in part. Stay with tensors: `.item()`, `.detach()`, NumPy and `float()` cut the connection.")  # fmt: skip


def _name_mistake(value: Tensor, right: Tensor, prediction: Tensor, target: Tensor, mistakes: list) -> None:
    """Raise the mistake that gives this value."""
    refuse("sum-instead-of-mean", _close(value, right * len(target.flatten())), "It adds the losses of the samples up. A loss is their mean, so that it does not grow with the size of the batch: end with `.mean()`.")  # fmt: skip
    for code, mistake, sentence in mistakes:
        refuse(code, _close(value, mistake(prediction, target)), sentence)
    facts = {"prediction": prediction.double().round(decimals=4).tolist(), "target": target.tolist()}
    facts |= {"value": value.item(), "right": right.item()}
    raise Mistake("wrong-value", "For predictions {prediction} and targets {target} it returns {value:.4g}; {right:.4g} would be right.", **facts)  # fmt: skip


def _judge_extreme(fn: Loss, reference: Loss, inputs: Inputs, **words: str) -> None:
    """Look at large logits, where a formula that is right on paper leaves the range of float32."""
    for logits, target in inputs:
        value, gradient = _value_and_gradient(fn, logits, target)
        right, right_gradient = _value_and_gradient(reference, logits, target)
        refuse("overflow", not _close(value, right), "Right for small logits, but at logits of {logit:g} the result is {value:.4g}, where {right:.1f} would be right: {why} Clipping or adding a small number would only hide that and stop the learning. Work from the logit itself: {how}.", logit=logits.abs().max().item(), value=value.item(), right=right.item(), **words)  # fmt: skip
        refuse("zero-gradient", gradient is None or not _close(gradient, right_gradient), "The values are right, but at logits of {logit:g} the gradient is wrong, so the network could not learn from its worst mistakes. Work from the logit itself: {how}.", logit=logits.abs().max().item(), **words)  # fmt: skip


def _value_and_gradient(fn: Loss, prediction: Tensor, target: Tensor) -> tuple[Tensor, Tensor | None]:
    """Call a loss; return its value and its gradient with respect to the prediction, None where none flows."""
    p, t = prediction.clone().requires_grad_(), target.clone()
    in_place = Mistake("changes-its-input", "It changes the tensors that it is given. Write `x = x - y` instead of `x -= y` or methods that end in `_`.")  # fmt: skip
    try:
        value = run(fn, p, t).result
    except Mistake as mistake:
        raise in_place if "in-place operation" in str(mistake.__cause__) else mistake from None
    if not torch.equal(p, prediction) or not torch.equal(t, target):
        raise in_place
    if isinstance(value, nn.modules.loss._Loss):
        raise loss_not_made()
    if isinstance(value, (float, int, np.number)):
        return torch.tensor(float(value)), None
    refuse("not-a-tensor", not isinstance(value, Tensor), "It returns {kind}. End with `return` and a tensor that holds one number, so that `backward()` can start from it.", kind=kind_of(value))  # fmt: skip
    refuse("not-scalar", value.numel() != 1, "It returns shape {shape}, one loss per element. A loss is a single number: end with `.mean()`.", shape=list(value.shape))  # fmt: skip
    if not value.requires_grad:
        return value, None
    return value.detach(), torch.autograd.grad(value.sum(), p, allow_unused=True)[0]


def _close(value: Tensor, expected: Tensor) -> bool:
    return torch.allclose(value.reshape(expected.shape), expected, rtol=1e-4, atol=1e-4, equal_nan=True)
