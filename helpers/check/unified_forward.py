"""The exercise of notebook 5: one ``forward(loader, net, epoch, mode)``, judged by what it does.

The student's function runs for two epochs, each in both modes, on twenty little images, with a network, loaders,
a loss and an optimizer that take notes, in place of the notebook's. What it should have done is computed beside it.
"""

from __future__ import annotations

import copy
import functools
import inspect
import re
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from helpers.check.feedback import Feedback, check, kind_of, not_yet, passed, said, waiting
from helpers.check.sandbox import Call, TooLong, call, instead, is_untouched, namespace, takes
from helpers.check.single_step import SpyingSGD
from helpers.language import translate

LEARNING_RATE = 0.0005  # small enough for the weights to stay in a region where every gradient counts
EPOCHS = (3, 4)  # numbers that no loss of the tiny problem comes near
BATCHES = 3  # of 4, 4 and 2 images
PASSES_BEFORE_TOO_LONG = 20

MESSAGES = {
    "wrong-signature": "Expected a function of four arguments in this order, `forward(loader, net, epoch, mode)`; got {kind}.",
    "raises": 'Called with mode "{mode}", it stops with an error in {error}.',
    "ignores-loader": "It takes its batches from another loader of the notebook, not from the `loader` that it is given. "
    "So training and testing would use the same data.",
    "ignores-net": "It uses another network of the notebook, not the `net` that it is given.",
    "no-batches": 'With mode "{mode}" no batch ever reaches the network: loop over `loader` and call `net` on the inputs.',
    "stops-after-first-batch": 'With mode "{mode}" it stops after the first of {batches} batches. '
    "Is a `return` or a `break` inside the loop, or the report indented too far?",
    "skips-batches": 'With mode "{mode}" the network sees {seen} of {batches} batches. An epoch is all of them, once each.',
    "train-mode-not-set": 'With mode "train" the network is in evaluation mode, so Dropout and BatchNorm would not train. '
    "Call `net.train()`.",
    "eval-mode-not-set": 'With mode "test" the network is in training mode, so Dropout would switch neurons off while you test. '
    "Call `net.eval()`.",
    "zero-grad-after-backward": "The gradients are cleared between `backward()` and `step()`, so the step finds none and the weights stay. "
    "Clear them before `backward()`.",
    "weights-not-updated": 'With mode "train" the weights stay as they are. {why}',
    "step-before-backward": "It steps before it goes backward, so each step uses the gradients of the batch before. "
    "The order is forward, loss, `backward()`, `step()`.",
    "one-step-per-epoch": "Steps for {batches} batches: {steps}. One iteration is one step: backward and step belong in the loop.",
    "wrong-training": "The weights change, but not as the notebook's `criterion` and `optimizer` would change them, "
    "one step for each batch.",
    "updates-in-test": 'With mode "test" the weights change. Testing only looks: backward and step belong under '
    '`if mode == "train":`.',
    "gradients-from-test": "It goes backward in testing too, and the first training step afterwards uses those gradients. "
    'Put `backward()` under `if mode == "train":`.',
    "no-report": 'With mode "{mode}" it reports no loss. Print or return the mean of the epoch\'s losses.',
    "wrong-average": 'With mode "{mode}" it reports {reported}, and the mean of the epoch\'s losses is {right:.4f}. {why}',
    "missing-zero-grad": "One thing to know: gradients are never cleared{when}, so each step uses the sum of all before it and goes on in old directions. The lesson's own "
    "solution does the same, and meets its challenge. But the loss stalls, or rises again: the "
    "end of this notebook measures it. `optimizer.zero_grad()` before `loss.backward()` cures it.",
    "keeps-graph": "One thing to know: the losses are kept together with their graphs, so the memory of every batch is held until "
    "the epoch ends. Keep `loss.item()` instead of `loss`.",
}
_said = functools.partial(said, MESSAGES)
# What a report may hold in place of the mean, and what to say then.
WRONG_AVERAGES = {
    "sum": "That is their sum: divide by the number of batches.",
    "last": "That is the loss of the last batch alone.",
    "first": "That is the loss of the first batch alone.",
    "by-dataset": "That is the sum of the batches' means divided by the number of samples. Either divide by the number of batches, "
    "or weigh each batch by its samples first.",
    "without-last": "The last, shorter batch is missing in it.",
    "both-epochs": "Losses of an earlier call are still in the list: start each call with an empty one.",
}


@check
def forward(fn: Callable = ...) -> Feedback:
    """Check ``fn(loader, net, epoch, mode)``, one function that trains or tests for an epoch.

    It takes ``args``, ``criterion`` and ``optimizer`` from the notebook around it.
    """
    if is_untouched(fn):
        return waiting("forward")
    if not takes(fn, 4) or not _in_order(fn):
        return not_yet("forward", _said("wrong-signature", kind=_kind(fn)))
    trial = Trial(fn)
    if trial.untouched():
        return waiting("forward")
    findings = trial.findings()
    if findings:
        return not_yet("forward", findings)
    praise = (
        'It trains with mode "train", only looks with mode "test", and reports the mean loss of the epoch.'
    )
    return passed("forward", praise, trial.warnings())


@dataclass
class Notes:
    """What the check's network saw during one call of the student's function."""

    mode: str
    images: Tensor
    labels: Tensor
    training: list[bool] = field(default_factory=list)  # the network's mode at each forward pass
    batches: list[int] = field(default_factory=list)  # which batch it was, -1 for data from elsewhere
    logits: list[Tensor] = field(default_factory=list)
    graphs: list[weakref.ref] = field(default_factory=list)
    kept: bool = False  # the first batch's graph was still alive at the third
    call: Call | None = None
    steps: int = 0
    before: Tensor | None = None  # weights
    after: Tensor | None = None

    def losses(self) -> list[float]:
        """Return the loss of each batch as the student's network saw it."""
        parts = self.labels.split(4)
        return [
            F.cross_entropy(z, parts[b]).item()
            for z, b in zip(self.logits, self.batches, strict=True)
            if b >= 0
        ]

    def sizes(self) -> list[int]:
        parts = self.labels.split(4)
        return [len(parts[b]) for b in self.batches if b >= 0]


class NotingNet(nn.Module):
    """A linear classifier that writes into the current notes what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(784, 10)
        self.dropout = nn.Dropout(0.0)  # so that the network has a layer with a mode of its own
        self.notes: Notes | None = None
        self.calls = 0

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        flat = x.reshape(len(x), -1)
        logits = self.dropout(self.linear(flat))
        if self.notes is None:
            return logits
        notes = self.notes
        notes.training.append(self.training)
        notes.batches.append(_which(flat, notes.images))
        notes.logits.append(logits.detach().cpu().clone())
        if len(notes.graphs) >= 2 and notes.graphs[0]() is not None:
            notes.kept = True
        token = _Token()
        notes.graphs.append(weakref.ref(token))
        return _Mark.apply(logits, token)


class _Token:
    """Lives as long as the graph that holds it."""


class _Mark(torch.autograd.Function):
    """Returns its input; the graph keeps the token alive."""

    @staticmethod
    def forward(ctx: Any, logits: Tensor, token: _Token) -> Tensor:
        ctx.token = token
        return logits.clone()

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        return gradient, None


class CountingLoader(DataLoader):
    """A plain DataLoader that does not let anybody go round for ever."""

    passes = 0

    def __iter__(self) -> Iterator:
        self.passes += 1
        if self.passes > PASSES_BEFORE_TOO_LONG:
            raise TooLong
        return super().__iter__()


class Trial:
    """Four calls of the student's function, and what they should have done."""

    def __init__(self, fn: Callable) -> None:
        torch.manual_seed(21)
        self.device = _device(namespace(fn))
        self.net, self.decoy = NotingNet().to(self.device), NotingNet().to(self.device)
        self.optimizer = SpyingSGD(self.net.parameters(), lr=LEARNING_RATE)
        self.criterion = nn.CrossEntropyLoss()
        self.data = {"train": _images(), "test": _images()}
        self.loaders = {
            mode: CountingLoader(TensorDataset(*data), batch_size=4) for mode, data in self.data.items()
        }
        self.decoy_loader = CountingLoader(TensorDataset(*_images()), batch_size=4)
        self.expected = {
            way: _reference(self.net, self.data["train"], way) for way in ("each step", "each epoch", "never")
        }
        self.notes: list[Notes] = []
        with instead(fn, self._stand_in, self._names(namespace(fn))):
            for epoch in EPOCHS:
                for mode in ("train", "test"):
                    self._run(fn, epoch, mode)

    def _names(self, names: dict[str, Any]) -> dict[str, Any]:
        """Return what the lesson's names hold for as long as the check lasts."""
        args = {"num_epochs": 2, "batch_size": 4, "num_classes": 10, "lr": LEARNING_RATE, "weight_decay": 0.0}
        own = names.get("args")
        args |= own if isinstance(own, dict) else {}
        args["device"] = self.device
        loaders = dict.fromkeys(("train_loader", "test_loader"), self.decoy_loader)
        return {
            "args": args,
            "criterion": self.criterion,
            "optimizer": self.optimizer,
            "net": self.decoy,
        } | loaders

    def _stand_in(self, name: str, value: Any) -> Any:
        """Nothing of the notebook's is trained, and none of its data is gone through."""
        if isinstance(value, torch.optim.Optimizer):
            return self.optimizer
        if isinstance(value, nn.modules.loss._Loss):
            return self.criterion
        if isinstance(value, nn.Module):
            return self.decoy
        if isinstance(value, DataLoader):
            return self.decoy_loader
        return value

    def _run(self, fn: Callable, epoch: int, mode: str) -> None:
        notes = Notes(mode, *self.data[mode], before=_flat(self.net))
        self.net.train(mode == "test")  # the wrong one, so that it shows who does not set it
        self.net.notes, steps = notes, self.optimizer.steps
        notes.call = call(fn, self.loaders[mode], self.net, epoch, mode)
        # A mode that the function left switched off must not spoil the next call.
        torch.set_grad_enabled(True)
        notes.after, notes.steps = _flat(self.net), self.optimizer.steps - steps
        self.net.notes = None
        self.notes.append(notes)

    def untouched(self) -> bool:
        """Tell whether the function did nothing at all, as a stub does."""
        calls = [notes.call for notes in self.notes]
        if any(c.unfinished for c in calls):
            return True
        idle = not self.net.calls and not self.decoy.calls and not any(n.steps for n in self.notes)
        silent = all(not c.printed.strip() and not c.error and c.result in (None, ...) for c in calls)
        return (
            idle
            and silent
            and not any(loader.passes for loader in [*self.loaders.values(), self.decoy_loader])
        )

    def findings(self) -> dict[str, str]:
        """Return what is wrong, by code. What explains the rest comes alone."""
        return (
            self._wrong_objects()
            or self._errors()
            or self._batches()
            or (self._modes() | self._updates())
            or self._reports()
        )

    def _wrong_objects(self) -> dict[str, str]:
        found = {}
        foreign = any(b < 0 for notes in self.notes for b in notes.batches)
        own_passes = [loader.passes for loader in self.loaders.values()]
        if foreign or (self.decoy_loader.passes and not all(own_passes)):
            found |= _said("ignores-loader")
        if self.decoy.calls:
            found |= _said("ignores-net")
        return found

    def _errors(self) -> dict[str, str]:
        for notes in self.notes:
            if notes.call.error:
                return _said("raises", mode=notes.mode, error=notes.call.error)
        return {}

    def _batches(self) -> dict[str, str]:
        for notes in self.notes:
            seen = len(notes.batches)
            if seen == 0:
                return _said("no-batches", mode=notes.mode)
            if seen == 1:
                return _said("stops-after-first-batch", mode=notes.mode, batches=BATCHES)
            if set(notes.batches) != set(range(BATCHES)):
                return _said("skips-batches", mode=notes.mode, seen=len(set(notes.batches)), batches=BATCHES)
        return {}

    def _modes(self) -> dict[str, str]:
        found = {}
        if not all(all(notes.training) for notes in self.notes if notes.mode == "train"):
            found |= _said("train-mode-not-set")
        if any(any(notes.training) for notes in self.notes if notes.mode == "test"):
            found |= _said("eval-mode-not-set")
        return found

    def _updates(self) -> dict[str, str]:
        """Compare the weights with what training should have made of them."""
        first, first_test, _, second_test = self.notes
        found = {}
        if not _same(first_test.before, first_test.after) or not _same(second_test.before, second_test.after):
            found |= _said("updates-in-test")
        if _same(first.before, first.after):
            return found | self._why_no_update()
        if found or self._way() is not None:
            return found
        if any(_same(first.after, after[0]) for after in self.expected.values()):
            return found | _said("gradients-from-test")
        if self.optimizer.first_was_early:
            return found | _said("step-before-backward")
        if 0 < first.steps < BATCHES:
            return found | _said("one-step-per-epoch", steps=first.steps, batches=BATCHES)
        return found | _said("wrong-training")

    def _why_no_update(self) -> dict[str, str]:
        if self.optimizer.cleared_too_early:
            return _said("zero-grad-after-backward")
        if self.optimizer.steps:
            why = translate(
                "`step()` is called, but there is no gradient for it. Is `loss.backward()` called before it?"
            )
        elif self.optimizer.backward_seen:
            why = translate("There are gradients, but nobody uses them: is `optimizer.step()` called?")
        else:
            why = translate(
                "Training is forward, loss, `loss.backward()` and `optimizer.step()` for each batch."
            )
        return _said("weights-not-updated", why=why)

    def _way(self) -> str | None:
        """Return how often the gradients were cleared, as the weights after both epochs tell."""
        trained = [notes.after for notes in self.notes if notes.mode == "train"]
        for way, expected in self.expected.items():
            if all(_same(weights, right) for weights, right in zip(trained, expected, strict=True)):
                return way
        return None

    def _reports(self) -> dict[str, str]:
        for index, notes in enumerate(self.notes):
            losses, sizes = notes.losses(), notes.sizes()
            means = [float(np.mean(losses)), float(np.average(losses, weights=sizes))]
            reported = numbers_in(notes.call.result) + numbers_in(notes.call.printed)
            if any(number.is_about(mean) for number in reported for mean in means):
                continue
            losses_so_far = [loss for n in self.notes[: index + 1] for loss in n.losses()]
            fractions = [number for number in reported if number.decimals]
            if not fractions:
                return _said("no-report", mode=notes.mode)
            wrong = {
                "sum": sum(losses),
                "last": losses[-1],
                "first": losses[0],
                "by-dataset": sum(losses) / sum(sizes),
                "without-last": float(np.mean(losses[:-1])),
                "both-epochs": float(np.mean(losses_so_far)),
            }
            why = next(
                (WRONG_AVERAGES[k] for k, v in wrong.items() if any(n.is_about(v) for n in fractions)), ""
            )
            shown = ", ".join(f"{number.value:.4f}" for number in fractions[:3])
            return _said("wrong-average", mode=notes.mode, reported=shown, right=means[0], why=translate(why))
        return {}

    def warnings(self) -> dict[str, str]:
        found = {}
        way = self._way()
        if way != "each step":
            when = translate(" within an epoch") if way == "each epoch" else ""
            found |= _said("missing-zero-grad", when=when)
        if any(notes.kept for notes in self.notes):
            found |= _said("keeps-graph")
        return found


@dataclass(frozen=True)
class Number:
    """A number in a report, and how many decimals of it are known."""

    value: float
    decimals: int

    def is_about(self, expected: float) -> bool:
        """Tell whether this is the expected number, rounded as it is here."""
        if self.decimals < 1:
            return False
        return abs(self.value - expected) <= 0.51 * 10 ** -min(self.decimals, 6) + 2e-4 * abs(expected)


def numbers_in(report: Any) -> list[Number]:
    """Return the numbers in what a function returned or printed, in any form and language."""
    if isinstance(report, str):
        found = re.findall(r"[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?", report)
        return [_read(number) for number in found]
    if isinstance(report, bool) or report is None:
        return []
    if isinstance(report, Tensor):
        report = report.detach().cpu().double().numpy()
    if isinstance(report, (int, float, np.number)):
        return [Number(float(report), 6)]
    if isinstance(report, np.ndarray):
        return [
            Number(float(v), 6) for v in report.flatten()[:1000] if np.issubdtype(report.dtype, np.number)
        ]
    if isinstance(report, dict):
        return [number for value in report.values() for number in numbers_in(value)]
    if isinstance(report, (list, tuple, set)):
        return [number for value in report for number in numbers_in(value)]
    return []


def _read(number: str) -> Number:
    digits = number.replace(",", ".")
    mantissa, _, exponent = digits.lower().partition("e")
    decimals = len(mantissa.partition(".")[2]) - int(exponent or 0)
    return Number(float(digits), max(decimals, 0))


def _images() -> tuple[Tensor, Tensor]:
    """Return ten images of shape [1, 28, 28] and their labels, whose batches have very different losses."""
    images = 0.5 * torch.randn(10, 1, 28, 28)
    images[4:8] *= 4
    images[8:] *= 2
    return images, torch.randint(0, 10, (10,))


def _which(flat: Tensor, images: Tensor) -> int:
    """Return which batch of four these images are, or -1 for images from elsewhere."""
    for index, part in enumerate(images.flatten(start_dim=1).split(4)):
        if flat.shape == part.shape and torch.equal(flat.detach().cpu(), part):
            return index
    return -1


def _reference(net: NotingNet, data: tuple[Tensor, Tensor], way: str) -> list[Tensor]:
    """Return the weights after each of two epochs of SGD that clears the gradients at each step, each epoch or never."""
    other = copy.deepcopy(net.linear).cpu()
    optimizer = torch.optim.SGD(other.parameters(), lr=LEARNING_RATE)
    after = []
    for _ in EPOCHS:
        if way == "each epoch":
            optimizer.zero_grad()
        for images, labels in zip(data[0].split(4), data[1].split(4), strict=True):
            if way == "each step":
                optimizer.zero_grad()
            F.cross_entropy(other(images.flatten(start_dim=1)), labels).backward()
            optimizer.step()
        after.append(torch.cat([w.detach().flatten() for w in other.parameters()]))
    return after


def _in_order(fn: Callable) -> bool:
    """Tell whether no parameter with one of the lesson's names stands in another one's place."""
    lesson = ["loader", "net", "epoch", "mode"]
    names = list(inspect.signature(fn).parameters)[:4]
    return all(name == lesson[place] for place, name in enumerate(names) if name in lesson)


def _device(names: dict[str, Any]) -> torch.device:
    """Return the device that the student's function will move its batches to."""
    args = names.get("args")
    candidates = [
        args.get("device") if isinstance(args, dict) else None,
        names.get("device"),
        names.get("dev"),
    ]
    for candidate in candidates:
        if isinstance(candidate, (str, torch.device)):
            return torch.device(candidate)
    return torch.device("cpu")


def _flat(net: NotingNet) -> Tensor:
    return torch.cat([w.detach().cpu().flatten() for w in net.parameters()])


def _same(a: Tensor, b: Tensor) -> bool:
    return torch.allclose(a, b, rtol=1e-4, atol=2e-6)


def _kind(fn: Any) -> str:
    """Return a function's arguments, since it is those that are wrong, or what else was handed in."""
    try:
        return kind_of(fn) if isinstance(fn, type) else f"`{inspect.signature(fn)}`"
    except (TypeError, ValueError):
        return kind_of(fn)
