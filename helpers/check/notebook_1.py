"""The exercises of notebook 1: losses by hand, held against PyTorch's, four errors to mend, which loss to choose."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from helpers.check.core import NOT_ATTEMPTED, Mistake, Warned, exercise, kind_of, refuse
from helpers.check.known import Ways, is_right
from helpers.check.quizzes import judge_table
from helpers.check.student import copied, run

Loss = Callable[..., Tensor]

# What each classic mistake computes, by its code: no two give the same on the first of the inputs.
MSE_MISTAKES: dict[str, list[Loss]] = {
    "no-square": [F.l1_loss],
    "signs-cancel": [lambda p, t: (p - t).mean()],
    "square-of-the-mean": [lambda p, t: (p - t).mean() ** 2],
    "root": [lambda p, t: F.mse_loss(p, t).sqrt()],
    "half": [lambda p, t: F.mse_loss(p, t) / 2],
}
L1_MISTAKES: dict[str, list[Loss]] = {
    "square-instead-of-size": [F.mse_loss],
    "signs-cancel": [lambda p, t: (p - t).mean(), lambda p, t: (t - p).mean()],
    "median-instead-of-mean": [lambda p, t: (p - t).abs().median()],
}
BCE_MISTAKES: dict[str, list[Loss]] = {
    "wrong-sign": [lambda z, t: -F.binary_cross_entropy_with_logits(z, t)],
    "half-the-formula": [lambda z, t: -(t * F.logsigmoid(z)).mean()],
    "minus-for-one-part": [lambda z, t: ((1 - t) * F.logsigmoid(-z) - t * F.logsigmoid(z)).mean()],
    "sigmoid-twice": [lambda z, t: F.binary_cross_entropy_with_logits(z.sigmoid(), t)],
    "classes-swapped": [lambda z, t: F.binary_cross_entropy_with_logits(-z, t)],
    "no-logarithm": [lambda z, t: -(t * z.sigmoid() + (1 - t) * (-z).sigmoid()).mean()],
    "squares-instead": [lambda z, t: F.mse_loss(z.sigmoid(), t)],
    "no-sigmoid": [lambda z, t: -(t * z.log() + (1 - t) * (1 - z).log()).mean()],
}
SOFTMAX_MISTAKES: dict[str, list[Loss]] = {
    "wrong-axis": [lambda z: z.softmax(0)],
    "no-keepdim": [lambda z: z.exp() / z.exp().sum(1)],
    "divided-by-all": [lambda z: z.exp() / z.exp().sum()],
    "not-divided": [torch.exp],
    "no-powers": [lambda z: z / z.sum(1, keepdim=True)],
    "logarithm-too": [lambda z: z.log_softmax(1)],
}
CE_MISTAKES: dict[str, list[Loss]] = {
    "wrong-sign": [lambda z, t: -F.cross_entropy(z, t)],
    "wrong-axis": [lambda z, t: F.nll_loss(z.log_softmax(0), t)],
    "softmax-twice": [lambda z, t: F.cross_entropy(z.softmax(1), t)],
    "mean-over-classes": [lambda z, t: F.cross_entropy(z, t) / z.shape[1]],
    "no-logarithm": [lambda z, t: F.nll_loss(z.softmax(1), t)],
    "no-softmax": [F.nll_loss],
    "columns-of-all-rows": [lambda z, t: -z.log_softmax(1)[:, t].mean()],
}


def _huber(near: Callable = lambda e, d: e**2 / 2, far: Callable = lambda e, d: d * (e - d / 2)) -> Loss:
    """Return a Huber loss of these two parts, which take the size of an error and delta."""

    def loss(p: Tensor, t: Tensor, d: float) -> Tensor:
        size = (p - t).abs()
        return torch.where(size <= d, near(size, d), far(size, d)).mean()

    return loss


HUBER_MISTAKES: dict[str, list[Loss]] = {
    "no-half": [_huber(near=lambda e, d: e**2)],
    "line-not-joined": [_huber(far=lambda e, d: d * e), _huber(far=lambda e, d: e)],
    "parts-swapped": [_huber(lambda e, d: d * (e - d / 2), lambda e, d: e**2 / 2)],
    "delta-ignored": [lambda p, t, d: F.huber_loss(p, t)],
    "size-forgotten": [lambda p, t, d: torch.where(p - t <= d, (p - t) ** 2 / 2, d * (p - t - d / 2)).mean()],
}

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
BINARY_LARGE = [
    (torch.full((2,), sign * size), torch.tensor([0.0, 1.0])) for size in (20.0, 150.0) for sign in (1, -1)
]
CLASSES = [
    (torch.tensor([[0.2, -1.0, 1.5], [2.0, 0.1, -0.3], [1.0, 1.2, -2.0]]), torch.tensor([2, 1, 1])),
    (torch.tensor([[0.5, -0.5]]), torch.tensor([1])),
    (torch.tensor([[0.1, 0.9, -1.0, 2.0, 0.3], [1.0, -1.0, 0.0, 0.2, 0.7]]), torch.tensor([3, 0])),
]
CLASSES_LARGE = [
    (torch.tensor([[size, 0.0, -size], [-size, 0.0, size]]), torch.tensor([target, 1]))
    for size in (20.0, 150.0, 1000.0)
    for target in (0, 2)
]


@exercise(1, "mse_loss(prediction, target)")
def mse_loss(fn: Loss) -> None:
    """Check ``fn(prediction, target)``, the mean squared error of two float32 tensors of any one shape."""
    _judge(copied(fn), F.mse_loss, MSE_MISTAKES, REGRESSION)


@exercise(1, "l1_loss(prediction, target)")
def l1_loss(fn: Loss) -> None:
    """Check ``fn(prediction, target)``, the mean absolute error of two float32 tensors of any one shape."""
    _judge(copied(fn), F.l1_loss, L1_MISTAKES, REGRESSION)


@exercise(1, "huber_loss(prediction, target, delta)")
def huber_loss(fn: Loss) -> None:
    """Check ``fn(prediction, target, delta)``, Huber's loss of two float32 tensors of any one shape."""
    given = [(*pair, delta) for delta in (0.75, 2.5) for pair in REGRESSION]
    _judge(copied(fn), _huber(), HUBER_MISTAKES, given)


@exercise(1, "strict_mse(prediction, target)")
def strict_mse(fn: Loss) -> Iterator[Mistake]:
    """Check ``fn(prediction, target)``: the mean squared error, or a ValueError that says which shapes differ."""
    fn = copied(fn)
    try:
        _judge(fn, F.mse_loss, MSE_MISTAKES, REGRESSION)
    except Mistake as mistake:
        refuse("refuses-equal-shapes", isinstance(mistake.__cause__, ValueError))
        raise
    for first, second in [((3, 1), (3,)), ((3,), (3, 1)), ((1, 3), (3, 1)), ((2, 1, 3), (2, 3))]:
        try:
            result, _ = run(fn, torch.ones(first), torch.zeros(second))
        except Mistake as mistake:
            error = mistake.__cause__
            if not isinstance(error, ValueError):
                name = type(error).__name__ if error else "NotImplementedError"
                is_raised = not error or re.search(rf"raise {name}|assert ", mistake.values.get("place", ""))
                refuse("other-error", is_raised, name=name)
                raise
            says_shapes = any(letter.isdigit() for letter in str(error))
        else:
            refuse("not-raised", not isinstance(result, Tensor), kind=kind_of(result))
            raise Mistake("no-error", first=list(first), second=list(second))
    if not says_shapes:
        yield Warned("no-shapes")


@exercise(1, "bce_by_hand(logits, target)")
def bce_by_hand(fn: Loss) -> None:
    """Check ``fn(logits, target)``: binary cross-entropy by its formula, for logits of a few units."""
    _judge(copied(fn), F.binary_cross_entropy_with_logits, BCE_MISTAKES, BINARY)


@exercise(1, "bce_with_logits(logits, target)")
def bce_with_logits(fn: Loss) -> None:
    """Check ``fn(logits, target)``, both float32 of one shape, targets 0 or 1: binary cross-entropy of any logits."""
    _judge(copied(fn), F.binary_cross_entropy_with_logits, BCE_MISTAKES, BINARY, BINARY_LARGE)


@exercise(1, "softmax(logits)")
def softmax(fn: Loss) -> None:
    """Check ``fn(logits)``: float32 of shape [N, C], and probabilities of the same shape."""
    _judge(copied(fn), lambda z: z.softmax(1), SOFTMAX_MISTAKES, [(z,) for z, _ in CLASSES])


@exercise(1, "cross_entropy(logits, target)")
def cross_entropy(fn: Loss) -> None:
    """Check ``fn(logits, target)``: float32 of shape [N, C], and int64 of shape [N]."""
    uneven = CLASSES[::-1]  # first the one where there are more classes than samples
    _judge(copied(fn), F.cross_entropy, CE_MISTAKES, uneven, CLASSES_LARGE)


@exercise(1, "first_loss(net, table)")
def first_loss(fn: Callable) -> None:
    """Check ``fn(net, table)``, in which four errors are to be mended: wrong types, a column, labels from 1."""
    import pandas as pd

    net = nn.Linear(2, 3)
    numbers, cultivar = torch.randn(8, 2), torch.tensor([1, 2, 3, 1, 3, 3, 2, 1])
    table = pd.DataFrame(numbers.double().numpy(), columns=["alcohol", "color"])
    table["cultivar"] = cultivar.numpy()

    def look(_: nn.Module, given: tuple[Tensor]) -> None:
        refuse("network-changed", net.weight.dtype != torch.float32)
        refuse(NOT_ATTEMPTED, given[0].dtype != torch.float32)  # the first of the four errors is still there

    net.register_forward_pre_hook(look)
    value = run(copied(fn), net, table)[0]
    refuse("not-a-tensor", not isinstance(value, Tensor), kind=kind_of(value))
    refuse("not-scalar", value.numel() != 1, shape=list(value.shape))
    right, renamed, cut = (
        F.cross_entropy(net(numbers), y) for y in (cultivar - 1, cultivar % 3, cultivar.clamp(max=2))
    )
    refuse("other-classes", _close(value, renamed) or _close(value, cut))
    refuse("wrong-loss", not _close(value, right), value=value.item(), right=right.item())
    refuse("no-gradient", not value.requires_grad)


@exercise(1)
def which_loss(answers: Any) -> Iterator[Mistake]:
    """Check ``{1: letter, ..., 5: letter}``, the loss for each of five problems.

    A: MSELoss, B: L1Loss or HuberLoss, C: BCEWithLogitsLoss, D: CrossEntropyLoss.
    """
    yield from judge_table(answers, {1: "A", 2: "B", 3: "C", 4: "D", 5: "C"}, ("A", "B", "C", "D"))


def _judge(
    fn: Loss, reference: Loss, mistakes: dict, inputs: list[tuple], large: Sequence[tuple] = ()
) -> None:
    """Compare a student's function with PyTorch's: form, value and gradient, for several shapes, and large logits."""
    for given in inputs:
        right, right_gradient = _value_and_gradient(reference, given)
        value, gradient = _value_and_gradient(fn, given, right.shape)
        facts = {"shape": list(given[0].shape), "value": _shown(value), "right": _shown(right)}
        if given is inputs[0]:
            if right.dim() == 0 and not _close(value, right) and _close(value, right * len(given[1])):
                raise Mistake("sum-instead-of-mean", "samples-added-up")
            known = {code: Ways(wrong(*given) for wrong in ways) for code, ways in mistakes.items()}
            is_wrong = not is_right(value, right, known, _close)
            refuse("wrong-value", is_wrong, **facts, given=", ".join(map(_shown, given)))
        refuse("depends-on-the-size", not _close(value, right), **facts)
        refuse("no-gradient", gradient is None or not _close(gradient, right_gradient))
    for given in large:
        right, right_gradient = _value_and_gradient(reference, given)
        value, gradient = _value_and_gradient(fn, given, right.shape)
        found: dict[str, Any] = {
            "logit": given[0].abs().max().item(),
            "value": value.item(),
            "right": right.item(),
        }
        refuse("overflow", not _close(value, right), **found)
        refuse("zero-gradient", gradient is None or not _close(gradient, right_gradient), **found)


def _value_and_gradient(
    fn: Loss, given: tuple, shape: torch.Size | None = None
) -> tuple[Tensor, Tensor | None]:
    """Call a function; return its value and a gradient with respect to its first argument, None where none flows."""
    first, *others = (part.clone() if isinstance(part, Tensor) else part for part in given)
    value = _called(fn, first.requires_grad_(), *others)
    same = [torch.equal(a, b) for a, b in zip((first, *others), given, strict=True) if isinstance(a, Tensor)]
    refuse("changes-its-input", not all(same))
    refuse("loss-not-made", isinstance(value, nn.modules.loss._Loss), name=type(value).__name__)
    if isinstance(value, (float, int, np.number)):
        return torch.tensor(float(value)), None
    refuse("not-a-tensor", not isinstance(value, Tensor), kind=kind_of(value))
    is_single = shape is not None and not shape
    refuse("not-scalar", is_single and value.numel() != 1, shape=list(value.shape))
    refuse("wrong-shape", shape and value.shape != shape, shape=list(value.shape), right=list(shape or ()))
    if not value.requires_grad:
        return value, None
    weights = torch.arange(1.0, value.numel() + 1).reshape(value.shape)  # a sum of softmaxes has no gradient
    try:
        return value.detach(), torch.autograd.grad((value * weights).sum(), first, allow_unused=True)[0]
    except RuntimeError as error:
        refuse("changed-in-place", "inplace operation" in str(error))
        raise


def _called(fn: Loss, *arguments: Any) -> Any:
    """Return what a student's function returns; an error that comes of a known mistake is named."""
    try:
        return run(fn, *arguments)[0]
    except Mistake as mistake:
        error = mistake.__cause__
        refuse("changes-its-input", "in-place operation" in str(error))
        files = [frame.filename for frame in traceback.extract_tb(error.__traceback__)] if error else []
        is_numpys = "numpy()" in str(error) or any("numpy" in file for file in files)
        refuse("uses-numpy", is_numpys)
        refuse("asks-all-at-once", "Boolean value of Tensor" in str(error))
        raise


def _shown(values: Any) -> str:
    """Return numbers for a sentence: a single one, or all of them."""
    if not isinstance(values, Tensor) or values.numel() == 1:
        return f"{float(values):.4g}"
    if values.is_floating_point():
        values = values.detach().double().round(decimals=4)
    return str(values.tolist())


def _close(value: Tensor, expected: Tensor) -> bool:
    if value.numel() != expected.numel():
        return False
    value = value.reshape(expected.shape).to(expected.dtype)  # float64 will do
    return torch.allclose(value, expected, rtol=1e-4, atol=1e-4, equal_nan=True)
