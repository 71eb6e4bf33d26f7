"""The exercises of notebook 5: one ``forward(loader, net, epoch, mode)``, and ``run_epoch``, which is given all it uses.

The student's function runs for two epochs, in each to train and to test, on a few little images.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable

import numpy as np

from helpers.check.doubles import names_of_the_notebook
from helpers.check.epochs import EpochTrial, holds
from helpers.check.feedback import Mistake, check, fits, refuse
from helpers.check.trial import SMOOTHED, Notes
from helpers.language import translate

EPOCHS = (30, 40)  # numbers that no loss of the tiny problem comes near


@check(5, 'It trains with mode "train", only looks with mode "test", and reports the mean loss of the epoch.', "forward(loader, net, epoch, mode)")  # fmt: skip
def forward(fn: Callable) -> list[Mistake]:
    """Check ``fn(loader, net, epoch, mode)``, one function that trains or tests for an epoch.

    It takes ``args``, ``criterion`` and ``optimizer`` from the notebook around it.
    """
    trial = EpochTrial(fn)
    for epoch in EPOCHS:
        for mode, loader in zip(("train", "test"), trial.loaders, strict=True):
            trial.net.train(mode == "test")  # the wrong one, so that it shows who does not set it
            case = translate('With mode "{mode}"', mode=mode)
            trial.run(loader, trial.net, epoch, mode, batches=list(loader), mode=mode, case=case)
    trial.judge_passes()
    for notes in trial.calls:
        _judge_report(trial, notes)
    if not any("B" in notes.letters for notes in trial.of("train")):
        return trial.warnings()
    return [Mistake("missing-zero-grad", "One thing to know: gradients are not cleared for each batch, so each step uses the sum of all before it and goes on in old directions. The lesson's own solution does the same, and meets its challenge. But the loss stalls, or rises again: the end of this notebook measures it. `optimizer.zero_grad()` before `loss.backward()` cures it."), *trial.warnings()]  # fmt: skip


@check(5, "It trains with an optimizer, tests without one, and uses only what it is given.", "run_epoch(loader, net, criterion, optimizer)")  # fmt: skip
def run_epoch(fn: Callable) -> list[Mistake]:
    """Check ``fn(loader, net, criterion, optimizer=None)``, which returns loss and accuracy, by samples."""
    refuse("optimizer-required", not fits(fn, "run_epoch(loader, net, criterion)"), "It cannot be called without an optimizer: give that argument the default `None`.")  # fmt: skip
    trial = EpochTrial(fn, SMOOTHED)
    (train, test), given = trial.loaders, (trial.net, trial.criterion)
    for _ in range(2):
        trial.net.eval()
        case = translate("With an optimizer")
        trial.run(train, *given, trial.optimizer, batches=list(train), case=case)
        trial.net.train()
        trial.run(test, *given, batches=list(test), mode="test", case=translate("Without an optimizer"))
    try:
        trial.judge_passes()
    except Mistake as mistake:
        notebook, names = names_of_the_notebook(), getattr(getattr(fn, "__code__", None), "co_names", ())
        flags = [name for name in names if isinstance(notebook.get(name), (bool, str))]
        flags += list(inspect.signature(fn).parameters)[4:]
        is_of_mode = re.search("mode-not-set|not-updated|updates-in-test|raises", " ".join(mistake.findings))
        refuse("mode-by-flag", flags and is_of_mode, "Whether it trains hangs on `{flag}`, and should on the optimizer alone: `is_training = optimizer is not None`.", flag=flags[0] if flags else "")  # fmt: skip
        refuse("trains-without-optimizer", "'NoneType'" in str(mistake.__cause__), "Without an optimizer it still trains: `optimizer` is None then, which has no `zero_grad()` and no `step()`. Train only where `optimizer is not None`.")  # fmt: skip
        raise
    refuse("missing-zero-grad", any("B" in notes.letters for notes in trial.calls), "`backward()` adds to the gradients of the step before, and nothing clears them. Call `optimizer.zero_grad()` for each batch.")  # fmt: skip
    refuse("gradients-in-test", any(notes.recorded for notes in trial.of("test")), "Without an optimizer it records what `backward()` would need, which costs time and memory. Put the loop under `torch.set_grad_enabled(False)` or `torch.no_grad()` then.")  # fmt: skip
    trial.judge_means()
    return trial.warnings()


def _judge_report(trial: EpochTrial, notes: Notes) -> None:
    """Look for the mean of the epoch's losses, over samples or batches, in what a call has returned or shown."""
    reported = _numbers_in(f"{notes.result}\n{notes.shown}")
    refuse("no-report", not reported, "{case} it reports no loss. Print or return the mean of the epoch's losses.", case=notes.case)  # fmt: skip
    right = np.mean(notes.losses(trial.loss))
    if not holds(reported, right) and not trial.is_mean(notes, "loss", reported):
        shown = ", ".join(f"{value:.4f}" for value, _ in reported[:3])
        raise Mistake("no-report", "{case} it reports {shown}, and none of this is the mean of the epoch's losses, {right:.4f}. Print or return that too.", case=notes.case, shown=shown, right=right)  # fmt: skip


def _numbers_in(report: str) -> list[tuple[float, int]]:
    """Return the fractions in a report, in any language, each with how many of its decimals are known."""
    found = re.findall(r"([-+]?\d+)[.,](\d+)", report)
    return [(float(f"{whole}.{decimals}"), len(decimals)) for whole, decimals in found]
