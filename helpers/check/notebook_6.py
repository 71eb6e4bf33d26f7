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
from helpers.check.feedback import Mistake, check, kind_of, refuse
from helpers.check.quizzes import judge_table
from helpers.processes import loopback

# What (total, count) are in process 0 and in process 1, call by call. In the last, process 1 has no samples.
CALLS = [((12.5, 5), (3.5, 7)), ((3.0, 2), (0.0, 0))]
RIGHT = [16 / 12, 3 / 2]
# So long may both processes be silent before it is a loop without end.
SECONDS = 5
WAITS = "waits"  # instead of what a call gives: it waits for the other process, which has come to its end

MEAN_OF_MEANS = "That comes from the means of the processes: {first:.4g}. Process 1 has more samples than process 0, so its mean should weigh more: add up totals and counts, and divide at the end."
TOTAL_ALONE = "The total of all processes is in that, but not their count: {first:.4g}. Divide by the samples of all processes, not by the number of processes: add up `count`, too."
# What the first call returns in process 0 and in process 1 where something is missing, and what to say.
WRONG_MEANS = [
    ("own-share", 12.5 / 5, 3.5 / 7, "Process 0 returns {first:.4g} and process 1 {second:.4g}, each the mean of its own share. Nothing has gone from one to the other: add up with `dist.all_reduce` before you divide."),
    ("mean-of-means", 1.5, 1.5, MEAN_OF_MEANS),
    ("mean-of-means", 3.0, 3.0, MEAN_OF_MEANS),
    ("sum-without-count", 16.0, 16.0, TOTAL_ALONE),
    ("sum-without-count", 8.0, 8.0, TOTAL_ALONE),
    ("own-count", 16 / 5, 16 / 7, "The total is that of all processes, but it is divided by the `count` of one: add up `count`, too."),
]  # fmt: skip


@check(6, "In two processes with shares of unequal size, both return the mean over all samples, even where one has none.", "mean_over_processes(total, count)")  # fmt: skip
def mean_over_processes(fn: Callable) -> None:
    """Check ``fn(total, count)``, which returns the mean over the samples of all processes, in each of them.

    ``total`` is the sum of something over the samples of the process that calls it, and ``count`` their number.
    """
    refuse("windows", not hasattr(os, "fork"), "This check needs processes that talk to each other, and on Windows PyTorch's do not. Use WSL or Colab.")  # fmt: skip
    outcomes = _in_two_processes(fn)
    for number, right in enumerate(RIGHT):
        said = {rank: outcome[number] for rank, outcome in enumerate(outcomes) if len(outcome) > number}
        for result in said.values():
            if isinstance(result, tuple):
                raise Mistake(result[0], "{words}", words=result[1])
        waiting = [rank for rank, result in said.items() if result == WAITS]
        refuse("not-in-all", waiting, "Process {waiting[0]} waits for ever: it is at an `all_reduce` that the other process does not get to. Every process has to call it, whatever its rank, and even with a `count` of 0.", waiting=waiting)  # fmt: skip
        refuse("no-end", len(said) < 2, "It has not come to an end in {seconds} seconds. Is there a loop, or does each process wait for what only the other could send?", seconds=SECONDS)  # fmt: skip
        _judge(number, right, *said.values())


def _judge(number: int, right: float, first: Any, second: Any) -> None:
    """Judge what a call has returned in the two processes."""
    for result in (first, second):
        refuse("not-a-number", not isinstance(result, float), "It returns {kind}. End with `return` and one number, the mean.", kind=result)  # fmt: skip
    facts = {"first": first, "second": second, "right": right}
    is_right = [abs(value - right) < 1e-4 for value in (first, second)]
    if all(is_right):
        return
    refuse("not-for-all", any(is_right), "One process returns the right mean and the other does not: {first:.4g} and {second:.4g}. `dist.reduce` hands the sum to one process alone, `dist.all_reduce` to all.", **facts)  # fmt: skip
    for code, wrong_first, wrong_second, sentence in WRONG_MEANS if number == 0 else []:
        is_this = abs(first - wrong_first) < 1e-4 and abs(second - wrong_second) < 1e-4
        refuse(code, is_this, sentence, **facts)
    raise Mistake("wrong-mean", "The processes return {first:.4g} and {second:.4g}; the total of all divided by the count of all is {right:.4g}.", **facts)  # fmt: skip


def _in_two_processes(fn: Callable) -> list[list]:
    """Call a student's function in two processes; return what the calls gave in each, as far as they came back.

    A process made by fork has all that the notebook has, however the function was written, and starts at once.
    """
    context = multiprocessing.get_context("fork")
    outcomes: list[list] = [[], []]
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that there are threads: the process uses none of them
        ranks, processes = {}, []
        try:
            for rank in (0, 1):
                end, other_end = context.Pipe()
                ranks[end] = rank
                processes.append(context.Process(target=_work, args=(fn, rank, f"{folder}/store", other_end)))
                processes[-1].start()
                other_end.close()  # so that this end is told when the process ends
            while ranks and (ready := wait(ranks, SECONDS)):
                for end in ready:
                    try:
                        outcomes[ranks[end]].append(end.recv())
                    except EOFError:
                        del ranks[end]
        finally:
            for process in processes:
                process.kill()
                process.join()
    return outcomes


def _work(fn: Callable, rank: int, store: str, end: Connection) -> None:
    """Be one of the two processes: send what each call gives.

    Where one comes to its end and the other still waits for it, the other gets an error at once.
    """
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
    finally:
        os._exit(0)


def _result(fn: Callable, total: float, count: int) -> Any:
    """Return what a call gives: a number, the kind of anything else, WAITS, or a mistake's code and words."""
    try:
        result = run(fn, total, count).result
    except Mistake as mistake:
        is_left_alone = "by peer" in str(mistake.__cause__)  # gloo's "Connection closed by peer", or reset
        return WAITS if is_left_alone else next(iter(mistake.findings.items()))
    try:
        return kind_of(result) if isinstance(result, str) else float(result)
    except Exception:
        return kind_of(result)


@check(6, "Five of five. One order dealt out, one batch shared, one report, one file: that is all there is to it.")  # fmt: skip
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
    judge_table(answers, right={1: "B", 2: "A", 3: "C", 4: "B", 5: "B"}, choices=("A", "B", "C"), hints=hints)
