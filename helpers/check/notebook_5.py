"""The exercises of notebook 5: one ``forward(loader, net, epoch, mode)``, and ``run_epoch``, which is given all it uses."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator

from helpers.check.core import Mistake, Warned, exercise, refuse, takes
from helpers.check.lab import SMOOTHED, Lab

EPOCHS = (30, 40)  # numbers that no loss of the little network comes near


@exercise(5, "forward(loader, net, epoch, mode)")
def forward(fn: Callable) -> Iterator[Mistake]:
    """Check ``fn(loader, net, epoch, mode)``, one function that trains or tests for an epoch.

    It takes ``args``, ``criterion`` and ``optimizer`` from the notebook around it, and reports a mean loss.
    """
    lab = Lab(fn)
    for epoch in EPOCHS:
        for mode, loader in lab.loaders.items():
            lab.net.train(mode == "test")  # the wrong one, so that it shows who does not set it
            lab.call(mode, loader, lab.net, epoch, mode)
    lab.judge_passes()
    found = [*lab.found_modes(), *lab.found_training()]
    # The lesson's own loop has no zero_grad(), so who writes it has solved the lesson's exercise.
    is_the_lessons = [mistake.code for mistake in found] == ["missing-zero-grad"]
    yield from [Warned("missing-zero-grad")] if is_the_lessons else found
    if is_the_lessons or not found:
        for call in lab.calls:
            lab.judge_report(call)


@exercise(5, "run_epoch(loader, net, criterion, optimizer)")
def run_epoch(fn: Callable) -> Iterator[Mistake]:
    """Check ``fn(loader, net, criterion, optimizer=None)``, which returns loss and accuracy, by samples."""
    refuse("optimizer-required", not takes(fn, "run_epoch(loader, net, criterion)"))
    lab = Lab(fn, SMOOTHED)
    lab.refuse_notebook()
    try:
        for _ in range(2):
            lab.net.eval()
            lab.call("train", lab.loaders["train"], lab.net, lab.criterion, lab.optimizer)
            lab.net.train()
            lab.call("test", lab.loaders["test"], lab.net, lab.criterion)
    except Mistake as mistake:
        is_of_none, flag = "'NoneType'" in str(mistake.__cause__), _flag(lab.fn)
        refuse("mode-by-flag", is_of_none and flag, flag=flag)
        refuse("trains-without-optimizer", is_of_none)
        raise
    lab.judge_passes()
    found, flag = [*lab.found_modes(), *lab.found_training()], _flag(lab.fn)
    refuse("mode-by-flag", found and flag, flag=flag)
    yield from found
    if not found:
        refuse("gradients-in-test", any(p.recorded for call in lab.of("test") for p in call.passes))
        for call in lab.calls:
            lab.judge_means(call)


def _flag(fn: Callable) -> str:
    """Return what a function may take in place of the optimizer as the sign that it should train."""
    names = [name for name, value in getattr(fn, "__globals__", {}).items() if isinstance(value, bool)]
    return next(iter([*names, *list(inspect.signature(fn).parameters)[4:]]), "")
