"""The exercises of notebook 6: a mean over several processes, tried in two real ones, and a quiz."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import warnings
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from typing import Any

import torch
from torch import distributed as dist

from helpers.check.doubles import double, run
from helpers.check.feedback import Mistake, NotAttempted, check, kind_of
from helpers.check.quizzes import judge_table
from helpers.processes import loopback

# What (total, count) are in process 0 and in process 1, call by call. In the last, process 1 has no samples.
CALLS = [((12.5, 5), (3.5, 7)), ((3.0, 2), (0.0, 0))]
RIGHT = [16 / 12, 3 / 2]
# Seconds until both calls should have come back in one process, and from then on in the other.
FIRST, SECOND = 4, 2

# What the first call returns in process 0 and in process 1 where something is missing, and what to say.
WRONG_MEANS = {
    "own-share": ((12.5 / 5, 3.5 / 7), "Process 0 returns {first:.4g} and process 1 {second:.4g}, each the mean of its own share. Nothing has gone from one to the other: add up with `dist.all_reduce` before you divide."),
    "mean-of-means": ((1.5, 1.5), "That is the mean of the processes' means, {first:.4g}. Process 1 has more samples than process 0, so its mean should weigh more: add up totals and counts, and divide at the end."),
    "sum-of-means": ((3.0, 3.0), "That is the sum of the processes' means, {first:.4g}. Do not divide before you add up: first the sum of the totals and that of the counts, then one division."),
    "sum-without-count": ((16.0, 16.0), "That is the total of all processes, {first:.4g}. For the mean it has to be divided by the samples of all processes: add up `count`, too."),
    "divided-by-processes": ((8.0, 8.0), "That is the total of all processes divided by the number of processes. Divide it by the number of samples: add up `count`, too."),
    "own-count": ((16 / 5, 16 / 7), "The total is that of all processes, but it is divided by the `count` of one: add up `count`, too."),
    "own-total": ((12.5 / 12, 3.5 / 12), "The count is that of all processes, but what is divided by it is the `total` of one: add up `total`, too."),
    "upside-down": ((0.75, 0.75), "That is count over total. The mean is total over count."),
    "whole-numbers": ((15 / 12, 15 / 12), "The totals have lost their decimals: 12.5 and 3.5 were added up as 12 and 3. Make the tensor of a floating-point type."),
    "floor-division": ((1.0, 1.0), "The mean has lost its decimals: `//` rounds down. Divide with `/`."),
}  # fmt: skip


@check(
    6,
    "In two processes with shares of unequal size, both return the mean over all samples, even where one has none.",
    "mean_over_processes(total, count)",
)
def mean_over_processes(fn: Callable) -> None:
    """Check ``fn(total, count)``, which returns the mean over the samples of all processes, in each of them.

    ``total`` is the sum of something over the samples of the process that calls it, and ``count`` their number.
    """
    if not hasattr(os, "fork"):
        raise Mistake("windows", "This check needs processes that talk to each other, and on Windows PyTorch's do not. Use WSL or Colab.")  # fmt: skip
    outcomes = _in_two_processes(fn)
    for number, right in enumerate(RIGHT):
        said = [outcome[number] for outcome in outcomes if len(outcome) > number]
        for result in said:
            if isinstance(result, dict):
                _raise_again(result)
        if not said:
            raise Mistake("no-end", "Neither process has come to an end in {seconds} seconds. Is there a loop, or does each wait for what only the other could send?", seconds=FIRST)  # fmt: skip
        if len(said) == 1:
            _refuse_waiting(outcomes, number)
        _judge(number, right, *said)


def _raise_again(findings: dict[str, str]) -> None:
    """Raise what stopped the student's function in one of the processes."""
    if not findings:
        raise NotAttempted
    mistake = Mistake.__new__(Mistake)
    mistake.findings = findings  # in words already
    raise mistake


def _refuse_waiting(outcomes: list[list], number: int) -> None:
    waiting = min((0, 1), key=lambda rank: len(outcomes[rank]))
    if number == 0:
        raise Mistake("not-in-all", "Process {waiting} waits for ever: it is at an `all_reduce` that the other process does not get to. Every process has to call it, whatever its rank.", waiting=waiting)  # fmt: skip
    raise Mistake("not-when-empty", "Where process 1 has no samples, process {waiting} waits for ever, because the other does not get to the `all_reduce`. Every process has to call it, even with a `count` of 0.", waiting=waiting)  # fmt: skip


def _judge(number: int, right: float, first: Any, second: Any) -> None:
    """Judge what a call has returned in the two processes."""
    for result in (first, second):
        if result is None:
            raise Mistake(
                "returns-nothing", "The function returns nothing. End it with `return` and the mean."
            )
        if not isinstance(result, float):
            raise Mistake("not-a-number", "Expected one number, the mean, got {kind}.", kind=result)
    facts = {"first": first, "second": second, "right": right}
    is_right = [abs(value - right) < 1e-4 for value in (first, second)]
    if all(is_right):
        return
    if any(is_right):
        raise Mistake("not-for-all", "One process returns the right mean and the other does not: {first:.4g} and {second:.4g}. `dist.reduce` hands the sum to one process alone, `dist.all_reduce` to all.", **facts)  # fmt: skip
    for code, (values, sentence) in WRONG_MEANS.items():
        if number == 0 and all(abs(a - b) < 1e-4 for a, b in zip((first, second), values, strict=True)):
            raise Mistake(code, sentence, **facts)
    raise Mistake("wrong-mean", "The processes return {first:.4g} and {second:.4g}; the total of all divided by the count of all is {right:.4g}.", **facts)  # fmt: skip


def _in_two_processes(fn: Callable) -> list[list]:
    """Call a student's function in two processes; return what the calls gave in each, as far as they came back.

    A process made by fork has all that the notebook has, however the function was written, and starts at once.
    """
    context = multiprocessing.get_context("fork")
    outcomes: list[list] = [[], []]
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that there are threads: the process uses none of them
        ends, processes = [], []
        try:
            for rank in (0, 1):
                end, other_end = context.Pipe()
                processes.append(context.Process(target=_work, args=(fn, rank, f"{folder}/store", other_end)))
                processes[-1].start()
                ends.append(end)
            seconds = FIRST
            while any(len(outcome) < len(CALLS) for outcome in outcomes):
                ready = wait(ends, seconds)
                for end in ready:
                    outcomes[ends.index(end)].append(end.recv())
                if not ready:
                    break
                if any(len(outcome) == len(CALLS) for outcome in outcomes):
                    seconds = SECOND
        finally:
            for process in processes:
                process.kill()
                process.join()
    return outcomes


def _work(fn: Callable, rank: int, store: str, end: Connection) -> None:
    """Be one of the two processes: send what each call gives, and wait for the end."""
    silent = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(silent, stream)
    try:
        os.environ["GLOO_SOCKET_IFNAME"] = loopback()
        torch.set_num_threads(1)
        dist.init_process_group("gloo", store=dist.FileStore(store, 2), rank=rank, world_size=2)
        fn = double(fn)
        for shares in CALLS:
            end.send(_result(fn, *shares[rank]))
        end.recv()  # never: until both are ended, so that neither misses the other
    finally:
        os._exit(0)


def _result(fn: Callable, total: float, count: int) -> Any:
    """Return what a call gives: a number, None, the kind of anything else, or the findings about an error."""
    try:
        result = run(fn, total, count).result
    except NotAttempted:
        return {}
    except Mistake as mistake:
        return mistake.findings
    if result is None or isinstance(result, str):
        return result and kind_of(result)
    if isinstance(result, torch.Tensor) and result.numel() != 1:
        return f"Tensor {list(result.shape)}"
    try:
        return float(result)
    except Exception:
        return kind_of(result)


@check(
    6,
    "Five of five. One order dealt out, one batch shared, one report, one file: that is all there is to it.",
)
def processes_quiz(answers: Any) -> None:
    """Check a dictionary {1: letter, ..., 5: letter}."""
    hints = {
        "1A": "1: If each takes what it likes, some samples come twice in an epoch and others not at all. Let all shuffle with the same seed, so that they have one order, and deal that out.",
        "1C": "1: With seeds of their own they have four different orders, and shares of these overlap. What makes the shares fit together is that all shuffle with the same seed.",
        "2B": "2: Four times 120 would be a batch of 480: a quarter of the steps, and another training.",
        "2C": "2: The batch is what all processes compute together in one step: 120, in four shares.",
        "3A": "3: The gradients are averaged, not added up. The same total batch gives the same gradient, however many processes share it.",
        "3B": "3: The mean of four gradients is not larger than one of them, so there is nothing to divide by. The same total batch gives the same gradient, and needs the same rate.",
        "4A": "4: All would write to the same file at once, and leave anything there. They all hold the same weights, so one copy is enough.",
        "4C": "4: After every step all processes hold the same weights: four files would be four copies.",
        "5A": "5: While rank 0 tests, the others go on to the next epoch, and wait there for rank 0. It is slow, and ends in an error where a wait is longer than their patience.",
        "5C": "5: `DistributedSampler` repeats samples until all shares have one size, so some would count twice. Slices, with sums of hits and samples, count each once.",
    }  # fmt: skip
    judge_table(answers, right={1: "B", 2: "A", 3: "C", 4: "B", 5: "B"}, choices="ABC", hints=hints)
