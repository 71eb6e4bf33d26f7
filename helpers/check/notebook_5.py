"""The exercise of notebook 5: one ``forward(loader, net, epoch, mode)``, judged by what it does.

The student's function runs for two epochs, each in both modes, on a few little images.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
from torch import nn

from helpers.check.doubles import notebook_of
from helpers.check.feedback import Mistake, NotAttempted, check, raise_together
from helpers.check.trial import WRONG_GRADIENTS, Notes, NotingLoader, Trial
from helpers.language import translate

EPOCHS = (30, 40)  # numbers that no loss of the tiny problem comes near


@check(
    5,
    'It trains with mode "train", only looks with mode "test", and reports the mean loss of the epoch.',
    "forward(loader, net, epoch, mode)",
)
def forward(fn: Callable) -> list[Mistake]:
    """Check ``fn(loader, net, epoch, mode)``, one function that trains or tests for an epoch.

    It takes ``args``, ``criterion`` and ``optimizer`` from the notebook around it.
    """
    trial = _ForwardTrial(fn)
    if trial.is_idle() and not any(loader.passes for loader in (*trial.loaders.values(), trial.decoy_loader)):
        raise NotAttempted
    trial.refuse_decoys()
    _judge_loaders(trial)
    for notes, mode in trial.each():
        if notes.mistake:
            raise notes.mistake
        _judge_batches(notes, mode)
    train, test = trial.calls[::2], trial.calls[1::2]
    raise_together([*_wrong_modes(train, test), *_wrong_updates(trial, train, test)])
    for notes, mode in trial.each():
        _judge_report(trial, notes, mode)
    return [*_missing_zero_grad(train), *_kept_graphs(trial.calls)]


class _ForwardTrial(Trial):
    """Four calls of a student's forward, on loaders of different lengths."""

    def __init__(self, fn: Callable) -> None:
        args = {"num_epochs": 2, "batch_size": 4, "num_classes": 10, "lr": 0.0005, "weight_decay": 0.0}
        given = (
            {}
            if "args" in (names := notebook_of(fn))
            else {"args": args | {"device": names.get("device", "cpu")}}
        )
        layers = [nn.Flatten(), nn.Linear(784, 10), nn.Dropout(0.0)]  # so that a layer has a mode of its own
        super().__init__(fn, layers, lr=0.0005, from_notebook=True, **given)
        self.loaders = {"train": NotingLoader(*self.data(10)), "test": NotingLoader(*self.data(22))}
        for epoch in EPOCHS:
            for mode, loader in self.loaders.items():
                self.net.train(mode == "test")  # the wrong one, so that it shows who does not set it
                what = translate('With mode "{mode}" the function', mode=mode)
                self.run(loader, self.net, epoch, mode, batches=loader.batches, what=what)

    def each(self) -> Iterator[tuple[Notes, str]]:
        """Give the notes of each call with its mode."""
        return zip(self.calls, ("train", "test") * len(EPOCHS), strict=True)


def _judge_loaders(trial: _ForwardTrial) -> None:
    is_foreign = any(notes.foreign for notes in trial.calls)
    if trial.decoy_loader.passes and (
        is_foreign or not all(loader.passes for loader in trial.loaders.values())
    ):
        raise Mistake("ignores-loader", "It takes its batches from another loader of the notebook, not from the `loader` that it is given. So training and testing would use the same data.")  # fmt: skip
    if is_foreign:
        raise Mistake("alters-batches", "The network gets other inputs than the `loader` gives. Loop over `loader`, and give the inputs to `net` as they come.")  # fmt: skip


def _judge_batches(notes: Notes, mode: str) -> None:
    facts = {"mode": mode, "seen": len(notes.seen), "batches": len(notes.batches)}
    if not notes.seen:
        raise Mistake("no-batches", 'With mode "{mode}" no batch ever reaches the network: loop over `loader` and call `net` on the inputs.', **facts)  # fmt: skip
    if len(notes.seen) == 1:
        raise Mistake("stops-after-first-batch", 'With mode "{mode}" it stops after the first of {batches} batches. Is a `return` or a `break` inside the loop, or the report indented too far?', **facts)  # fmt: skip
    if len(notes.seen) < len(notes.batches):
        raise Mistake("skips-batches", 'With mode "{mode}" the network sees {seen} of {batches} batches. An epoch is all of them, once each.', **facts)  # fmt: skip


def _wrong_modes(train: list[Notes], test: list[Notes]) -> Iterator[Mistake]:
    if not all(all(notes.training) for notes in train):
        yield Mistake("train-mode-not-set", 'With mode "train" the network is in evaluation mode, so Dropout and BatchNorm would not train. Call `net.train()`.')  # fmt: skip
    if any(any(notes.training) for notes in test):
        yield Mistake("eval-mode-not-set", 'With mode "test" the network is in training mode, so Dropout would switch neurons off while you test. Call `net.eval()`.')  # fmt: skip


def _wrong_updates(trial: Trial, train: list[Notes], test: list[Notes]) -> Iterator[Mistake]:
    if any(notes.changed for notes in test):
        yield Mistake("updates-in-test", 'With mode "test" the weights change. Testing only looks: backward and step belong under `if mode == "train":`.')  # fmt: skip
    try:
        trial.judge_training(*train)
    except Mistake as mistake:
        yield mistake
    else:
        went_backward = any(re.search("[bB]", notes.letters) for notes in test)
        if went_backward and not any(notes.changed for notes in test) and re.match("f+B", train[1].letters):
            yield Mistake("gradients-from-test", 'It goes backward in testing too, and the first training step afterwards uses those gradients. Put `backward()` under `if mode == "train":`.')  # fmt: skip


def _judge_report(trial: _ForwardTrial, notes: Notes, mode: str) -> None:
    """Look for the mean of the epoch's losses in what a call has returned, printed or displayed."""
    losses = notes.losses(trial.loss)
    means = [float(np.mean(losses)), float(np.average(losses, weights=notes.sizes()))]
    reported = _numbers_in(f"{notes.result}\n{notes.shown}")
    if any(_holds(reported, mean) for mean in means):
        return
    precise = [(value, decimals) for value, decimals in reported if decimals > 1]
    shown = ", ".join(f"{value:.4f}" for value, _ in reported[:3])
    facts = {"mode": mode, "right": means[0], "reported": shown}
    for why, values in _wrong_averages(trial, notes, losses).items():
        if any(_holds(precise, value) for value in values):
            raise Mistake("wrong-average", "With mode \"{mode}\" it reports {reported}, and the mean of the epoch's losses is {right:.4f}. {why}", why=translate(why), **facts)  # fmt: skip
    if _holds(precise, float(np.mean(notes.losses(lambda z, y: trial.loss(z.softmax(dim=1), y))))):
        raise Mistake(*WRONG_GRADIENTS["softmax"])
    if reported:
        raise Mistake("no-report", "With mode \"{mode}\" it reports {reported}, and none of this is the mean of the epoch's losses, {right:.4f}. Print or return that too.", **facts)  # fmt: skip
    raise Mistake("no-report", "With mode \"{mode}\" it reports no loss. Print or return the mean of the epoch's losses.", mode=mode)  # fmt: skip


def _wrong_averages(trial: _ForwardTrial, notes: Notes, losses: list[float]) -> dict[str, list[float]]:
    """Return what to say of a wrong average, with the numbers that it may be."""
    sizes, loaders = notes.sizes(), (*trial.loaders.values(), trial.decoy_loader)
    calls = trial.calls[: trial.calls.index(notes) + 1]
    return {
        "That is their sum: divide by the number of batches.": [sum(losses)],
        "That is the loss of the last batch alone.": [losses[-1]],
        "That is the loss of the first batch alone.": [losses[0]],
        "That is the sum of the batches' means divided by the number of samples. Either divide by the number of batches, or weigh each batch by its samples first.": [sum(losses) / sum(sizes)],
        "The last, shorter batch is missing in it.": [np.mean(losses[:-1])],
        "That is their sum divided by one batch too few.": [sum(losses) / (len(losses) - 1)],
        "Losses of an earlier call are still in the list: start each call with an empty one.": [np.mean([loss for call in calls for loss in call.losses(trial.loss)])],
        "That is their sum divided by the length of another loader: take that of `loader`.": [
            *(sum(losses) / len(loader) for loader in loaders),
            *(np.dot(losses, sizes) / len(loader.dataset) for loader in loaders),
        ],
    }  # fmt: skip


def _missing_zero_grad(train: list[Notes]) -> Iterator[Mistake]:
    if any("B" in notes.letters for notes in train):
        once_each = all("b" in notes.letters for notes in train)
        yield Mistake("missing-zero-grad", "One thing to know: gradients are never cleared{when}, so each step uses the sum of all before it and goes on in old directions. The lesson's own solution does the same, and meets its challenge. But the loss stalls, or rises again: the end of this notebook measures it. `optimizer.zero_grad()` before `loss.backward()` cures it.", when=translate(" within an epoch") if once_each else "")  # fmt: skip


def _kept_graphs(calls: list[Notes]) -> Iterator[Mistake]:
    if any(notes.kept for notes in calls):
        yield Mistake("keeps-graph", "One thing to know: the losses are kept together with their graphs, so the memory of every batch is held until the epoch ends. Keep `loss.item()` instead of `loss`.")  # fmt: skip


def _numbers_in(report: str) -> list[tuple[float, int]]:
    """Return the fractions in a report, in any language, each with how many of its decimals are known."""
    found = []
    for number in re.findall(r"[-+]?\d+[.,]\d+(?:[eE][-+]?\d+)?", report):
        mantissa, _, exponent = number.replace(",", ".").lower().partition("e")
        decimals = len(mantissa.partition(".")[2]) - int(exponent or 0)
        found.append((float(number.replace(",", ".")), decimals))
    return found


def _holds(numbers: list[tuple[float, int]], expected: float) -> bool:
    """Tell whether one of these is the expected number, rounded as it is there."""
    margins = [(value, 0.51 * 10 ** -min(decimals, 6) + 2e-4 * abs(expected)) for value, decimals in numbers]
    return any(abs(value - expected) <= margin for value, margin in margins)
