"""The exercises of notebook 5: one ``forward(loader, net, epoch, mode)``, and ``run_epoch``, which is given all it uses.

The student's function runs for two epochs, in each to train and to test, on a few little images.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable

import numpy as np
from torch import nn

from helpers.check.doubles import notebook_of
from helpers.check.epochs import EpochTrial, holds
from helpers.check.feedback import Mistake, check, fits, plain, refuse
from helpers.check.trial import Notes
from helpers.language import translate

EPOCHS = (30, 40)  # numbers that no loss of the tiny problem comes near


@check(5, 'It trains with mode "train", only looks with mode "test", and reports the mean loss of the epoch.', "forward(loader, net, epoch, mode)")  # fmt: skip
def forward(fn: Callable) -> list[Mistake]:
    """Check ``fn(loader, net, epoch, mode)``, one function that trains or tests for an epoch.

    It takes ``args``, ``criterion`` and ``optimizer`` from the notebook around it.
    """
    trial = EpochTrial(fn, classes=10, sizes=(10, 22), from_notebook=True)
    for epoch in EPOCHS:
        for mode, loader in zip(("train", "test"), trial.loaders, strict=True):
            trial.net.train(mode == "test")  # the wrong one, so that it shows who does not set it
            case = translate('With mode "{mode}"', mode=mode)
            trial.run(loader, trial.net, epoch, mode, batches=loader.batches, mode=mode, case=case)
    trial.judge_passes()
    for notes in trial.calls:
        _judge_report(trial, notes)
    train = trial.of("train")
    if not any("B" in notes.letters for notes in train):
        return trial.warnings()
    when = translate(" within an epoch") if all("b" in notes.letters for notes in train) else ""
    return [Mistake("missing-zero-grad", "One thing to know: gradients are never cleared{when}, so each step uses the sum of all before it and goes on in old directions. The lesson's own solution does the same, and meets its challenge. But the loss stalls, or rises again: the end of this notebook measures it. `optimizer.zero_grad()` before `loss.backward()` cures it.", when=when), *trial.warnings()]  # fmt: skip


@check(5, "It trains with an optimizer, tests without one, and uses only what it is given.", "run_epoch(loader, net, criterion, optimizer)")  # fmt: skip
def run_epoch(fn: Callable) -> list[Mistake]:
    """Check ``fn(loader, net, criterion, optimizer=None)``, which returns loss and accuracy, by samples."""
    if not fits(fn, "run_epoch(loader, net, criterion)"):
        raise Mistake("optimizer-required", "It cannot be called without an optimizer: give that argument the default `None`.")  # fmt: skip
    # No student's own loss has this smoothing: it shows who does not use the criterion.
    trial = EpochTrial(fn, classes=4, sizes=(41, 29), loss=nn.CrossEntropyLoss(label_smoothing=0.2))
    (train, test), given = trial.loaders, (trial.net, trial.criterion)
    for _ in range(2):
        trial.net.eval()
        case = translate("With an optimizer")
        trial.run(train, *given, trial.optimizer, batches=train.batches, case=case)
        trial.net.train()
        trial.run(test, *given, batches=test.batches, mode="test", case=translate("Without an optimizer"))
    try:
        trial.judge_passes()
    except Mistake as mistake:
        _judge_flags(fn, mistake)
        raise
    refuse([
        ("missing-zero-grad", any("B" in notes.letters for notes in trial.calls), "`backward()` adds to the gradients of the step before, and nothing clears them. Call `optimizer.zero_grad()` for each batch."),
        ("gradients-in-test", any(notes.recorded for notes in trial.of("test")), "Without an optimizer it records what `backward()` would need, which costs time and memory. Put the loop under `torch.set_grad_enabled(False)` or `torch.no_grad()` then."),
    ])  # fmt: skip
    trial.judge_means()
    return trial.warnings()


def _judge_flags(fn: Callable, mistake: Mistake) -> None:
    """See whether a mistake comes from a flag that says when to train, or from the optimizer that is not there."""
    notebook, code = notebook_of(fn), getattr(plain(fn), "__code__", None)
    flags = [name for name in getattr(code, "co_names", ()) if isinstance(notebook.get(name), (bool, str))]
    flags += list(inspect.signature(fn).parameters)[4:]
    of_modes = {"train-mode-not-set", "eval-mode-not-set", "weights-not-updated", "updates-in-test", "raises"}
    refuse([
        ("mode-by-flag", flags and mistake.findings.keys() & of_modes, "Whether it trains hangs on `{flag}`, and should on the optimizer alone: `is_training = optimizer is not None`."),
        ("trains-without-optimizer", "'NoneType' object has no attribute" in str(mistake.__cause__), "Without an optimizer it still trains: `optimizer` is None then, which has no `zero_grad()` and no `step()`. Train only where `optimizer is not None`."),
    ], flag=flags[0] if flags else "")  # fmt: skip


def _judge_report(trial: EpochTrial, notes: Notes) -> None:
    """Look for the mean of the epoch's losses, over samples or batches, in what a call has returned or shown."""
    reported = _numbers_in(f"{notes.result}\n{notes.shown}")
    if not reported:
        raise Mistake("no-report", "{case} it reports no loss. Print or return the mean of the epoch's losses.", case=notes.case)  # fmt: skip
    right = np.mean(notes.losses(trial.loss))
    if not holds(reported, right) and not trial.is_mean(notes, "loss", reported):
        shown = ", ".join(f"{value:.4f}" for value, _ in reported[:3])
        raise Mistake("no-report", "{case} it reports {shown}, and none of this is the mean of the epoch's losses, {right:.4f}. Print or return that too.", case=notes.case, shown=shown, right=right)  # fmt: skip


def _numbers_in(report: str) -> list[tuple[float, int]]:
    """Return the fractions in a report, in any language, each with how many of its decimals are known."""
    found = []
    for number in re.findall(r"[-+]?\d+[.,]\d+(?:[eE][-+]?\d+)?", report):
        mantissa, _, exponent = number.replace(",", ".").lower().partition("e")
        decimals = len(mantissa.partition(".")[2]) - int(exponent or 0)
        found.append((float(number.replace(",", ".")), decimals))
    return found
