"""The exercises of notebook 6: gradients of unequal shares, two functions tried in processes, and a quiz."""

from __future__ import annotations

import dis
import multiprocessing
import numbers
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import chain, combinations
from multiprocessing.connection import Connection, wait
from typing import Any

import torch
from torch import Tensor, nn
from torch import distributed as dist
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset

from helpers.check import student
from helpers.check.core import NOT_ATTEMPTED, Mistake, exercise, kind_of, refuse
from helpers.check.known import Ways, alike, is_right
from helpers.check.quizzes import judge_table
from helpers.check.student import copied, run
from helpers.processes import loopback

# So many seconds may all processes be silent before none will come to an end.
SECONDS = 6
WAITS = "waits"  # instead of what a call gives: it waits for another process, which has come to its end


@exercise(6, "whole_gradient(gradients, counts)")
def whole_gradient(fn: Callable) -> None:
    """Check ``fn(gradients, counts)``: from each share's gradient and size, the gradient of all samples."""
    fn = copied(fn)
    given = torch.tensor([[1.0, 2.0, -4.0], [3.0, -2.0, 0.5], [-1.0, 5.0, 2.0]])
    for counts in ([75, 25], [20, 50, 40]):
        gradients = list(given[: len(counts)].clone())
        result, _ = run(fn, gradients, list(counts))
        refuse("not-a-vector", not isinstance(result, Tensor) or result.shape != (3,), kind=_shape_of(result))
        weights, before = torch.tensor(counts) / sum(counts), given[: len(counts)]
        mistakes = {
            "plain-mean": before.mean(dim=0),
            "plain-sum": before.sum(dim=0),
            "not-divided": sum(counts) * weights @ before,
            "divided-by-shares": sum(counts) * weights @ before / len(counts),
            "weights-swapped": weights.flip(0) @ before,
        }
        is_wrong = not is_right(result, weights @ before, mistakes)
        refuse("fixed-weights", is_wrong and len(counts) == 3)
        refuse("wrong-gradient", is_wrong, result=result.tolist(), right=(weights @ before).tolist())
        refuse("changes-gradients", not torch.equal(torch.stack(gradients), before))


def _shape_of(value: Any) -> str:
    return f"{kind_of(value)} {list(value.shape)}" if isinstance(value, Tensor) else kind_of(value)


# What (total, count) are in process 0 and in process 1, call by call. In the last, process 1 has no samples.
CALLS = [((12.5, 5), (3.5, 7)), ((3.0, 2), (0.0, 0))]
MEANS = [16 / 12, 3 / 2]
# What the first call returns in process 0 and in process 1 where something is missing.
WRONG_MEANS = {
    "own-share": [12.5 / 5, 3.5 / 7],
    "mean-of-means": Ways([[1.5, 1.5], [3.0, 3.0]]),
    "sum-without-count": Ways([[16.0, 16.0], [8.0, 8.0]]),
    "own-count": [16 / 5, 16 / 7],
}


@exercise(6, "mean_over_processes(total, count)")
def mean_over_processes(fn: Callable) -> None:
    """Check ``fn(total, count)``, which returns the mean over the samples of all processes, in each of them.

    ``total`` is the sum of something over the samples of the process that calls it, and ``count`` their number.
    """
    outcomes = _in_processes(2, fn, _means)
    for number, right in enumerate(MEANS):
        first, second = _results(outcomes, number)
        facts = {"first": first, "second": second, "right": right}
        refuse("not-for-all", alike(first, right) != alike(second, right), **facts)
        mistakes = {} if number else WRONG_MEANS
        refuse("wrong-mean", not is_right([first, second], [right] * 2, mistakes, **facts), **facts)


def _means(fn: Callable, rank: int) -> Iterator[Any]:
    """Give what each call of ``mean_over_processes`` returns in this process."""

    def mean(total: float, count: int) -> float:
        result = fn(total, count)
        refuse("not-a-number", not isinstance(result, numbers.Real), kind=_shape_of(result))
        return float(result)

    for shares in CALLS:
        yield _call(mean, *shares[rank])


BATCH, SEED, EPOCHS = 120, 42, (1, 2)  # what the task names, and two epochs whose order is looked at
PROCESSES = 3  # not the 2 of the notebook, so that a 2 in place of world_size shows
TRAIN, TEST = 480, 25  # how many samples there are; those for testing do not divide by 3
BLANKS = 4


@exercise(6, "share_out(net, train_set, test_set)")
def share_out(fn: Callable) -> None:
    """Check ``fn(net, train_set, test_set)``: the network wrapped, and a process's loaders for both sets."""
    code = getattr(fn, "__code__", None)
    blanks = sum(step.argval is ... for step in dis.get_instructions(code)) if code else 0
    refuse(NOT_ATTEMPTED, blanks >= BLANKS)
    refuse("still-open", blanks, count=blanks)
    import torch._dynamo  # noqa: F401  # each process would, for DistributedDataParallel, which takes seconds

    shares = _results(_in_processes(PROCESSES, fn, _looked_at), 0)
    sizes = [len(batch) for share in shares for epoch in share["train"] for batch in epoch]
    refuse("batch-not-shared", sizes[0] == BATCH)
    refuse("batch-size", {*sizes} != {BATCH // PROCESSES}, size=sizes[0])
    dealt = [[list(chain(*epoch)) for epoch in share["train"]] for share in shares]
    refuse("same-share", any(a == b for a, b in combinations(dealt, 2)))
    refuse("not-shuffled", dealt[0][0] == sorted(dealt[0][0]))
    refuse("another-order", dealt != [_right_order(rank) for rank in range(PROCESSES)])
    first, *others = (share["test"] for share in shares)
    tested = [*chain(first, *others)]
    facts = {"counted": len(tested), "samples": TEST}
    refuse("test-whole", len(first) == TEST and others[0] == first, **facts)
    refuse("test-same", first and others[0] == first, **facts)
    refuse("test-twice", len(tested) > len({*tested}), **facts)
    refuse("test-missing", len(tested) < TEST, **facts)


def _right_order(rank: int) -> list[list[int]]:
    samples = TensorDataset(torch.arange(TRAIN))
    sampler: DistributedSampler = DistributedSampler(samples, PROCESSES, rank, seed=SEED)
    orders = []
    for epoch in EPOCHS:
        sampler.set_epoch(epoch)
        orders.append(list(sampler))
    return orders


def _looked_at(fn: Callable, rank: int) -> Iterator[Any]:
    """Give what can be told to another process of what a call of ``share_out`` returns."""
    net = nn.Linear(1, 1)
    train_set, test_set = ([(torch.tensor([n]), n) for n in range(size)] for size in (TRAIN, TEST))
    yield _call(lambda: _told(fn(net, train_set, test_set), net))


def _told(result: Any, net: nn.Module) -> dict[str, list]:
    refuse("not-three", not isinstance(result, (tuple, list)) or len(result) != 3, kind=_shape_of(result))
    ddp, *loaders = result
    refuse("not-wrapped", not isinstance(ddp, DistributedDataParallel), kind=kind_of(ddp))
    refuse("another-net", ddp.module is not net)
    refuse("not-loaders", not all(isinstance(loader, DataLoader) for loader in loaders))
    train, test = loaders
    refuse("no-sampler", not isinstance(train.sampler, DistributedSampler))
    epochs = []
    for epoch in EPOCHS:
        train.sampler.set_epoch(epoch)
        epochs.append([targets.tolist() for _, targets in train])
    try:
        return {"train": epochs, "test": [n for _, targets in test for n in targets.tolist()]}
    except IndexError:
        raise Mistake("beyond-the-end", samples=TEST) from None
    except TypeError:
        raise Mistake("not-numbers-of-samples") from None


def _in_processes(size: int, fn: Callable, look: Callable[[Callable, int], Iterator[Any]]) -> list[list]:
    """Try a function in so many processes; return what ``look(fn, rank)`` gave in each, if it came back.

    A process made by fork has all that the notebook has, however the function was written, and starts at once.
    """
    refuse("no-processes", not hasattr(os, "fork"))
    context = multiprocessing.get_context("fork")
    outcomes: list[list] = [[] for _ in range(size)]
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that there are threads: the process uses none of them
        ranks, processes = {}, []
        try:
            for rank in range(size):
                end, other_end = context.Pipe()
                ranks[end] = rank
                arguments = (fn, look, rank, size, f"{folder}/store", other_end)
                processes.append(context.Process(target=_work, args=arguments))
                processes[-1].start()
                other_end.close()  # so that this end is told when the process ends
            while ranks and (ready := wait(ranks, SECONDS)):
                for end in [end for end in ranks if end in ready]:
                    try:
                        outcomes[ranks[end]].append(end.recv())
                    except EOFError:
                        del ranks[end]
        finally:
            for process in processes:
                process.kill()
                process.join()
    return outcomes


def _work(fn: Callable, look: Callable, rank: int, size: int, store: str, end: Connection) -> None:
    """Be one of the processes: send what each call gives.

    Where one comes to its end and another still waits for it, the other gets an error at once.
    """
    silent = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(silent, stream)
    try:
        os.environ["GLOO_SOCKET_IFNAME"] = loopback()
        torch.set_num_threads(1)
        student.SECONDS = SECONDS - 2  # a loop without end tells its line before this process is given up
        dist.init_process_group("gloo", store=dist.FileStore(store, size), rank=rank, world_size=size)
        for outcome in look(copied(fn), rank):
            end.send(outcome)
            if isinstance(outcome, Mistake):
                break
    finally:
        os._exit(0)


def _call(fn: Callable, *arguments: Any) -> Any:
    """Return what a call gives: its result, the mistake that it is, or WAITS."""
    try:
        return run(fn, *arguments)[0]
    except Mistake as mistake:
        is_left_alone = "by peer" in str(mistake.__cause__)  # gloo's "Connection closed by peer", or reset
        return WAITS if is_left_alone else mistake


def _results(outcomes: list[list], number: int) -> list[Any]:
    """Return what a call gave in each process."""
    said = {rank: outcome[number] for rank, outcome in enumerate(outcomes) if len(outcome) > number}
    mistaken = [(rank, result) for rank, result in said.items() if isinstance(result, Mistake)]
    if mistaken:
        (rank, mistake), *others = mistaken
        alone = [] if others else [f"{mistake.code}-alone"]
        raise Mistake(mistake.code, *alone, *mistake.keys, **mistake.values, rank=rank)
    waiting = [rank for rank, result in said.items() if result == WAITS]
    refuse("not-in-all", waiting, waiting=waiting)
    refuse("both-wait", len(said) < len(outcomes), seconds=SECONDS)
    return list(said.values())


@exercise(6)
def processes_quiz(answers: Any) -> Iterator[Mistake]:
    """Check a dictionary {1: letter, ..., 5: letter}."""
    yield from judge_table(answers, right={1: "B", 2: "A", 3: "C", 4: "B", 5: "B"}, choices=("A", "B", "C"))
