"""The exercises of notebook 4, all answered with numbers or letters: iterations, epochs, batch sizes, modes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

from helpers.check.feedback import Mistake, NotAttempted, check, kind_of
from helpers.check.quizzes import is_open, judge_letters, judge_table

DIGITS, BATCH, EPOCHS = 60_000, 64, 5
SIZES = (100, 20, 5)


@check(4, "938 batches in an epoch, the last one short, times 5 epochs.")
def count_iterations(answer: Any) -> None:
    """Check the number of iterations in 5 epochs of MNIST's training digits at a batch size of 64."""
    if is_open(answer):
        raise NotAttempted
    if isinstance(answer, bool) or not isinstance(answer, Real):
        raise Mistake("not-a-number", "Expected a number, got {kind}.", kind=kind_of(answer))
    per_epoch, batches = math.ceil(DIGITS / BATCH), DIGITS // BATCH
    mistakes = [
        (per_epoch, "one-epoch", "That is one epoch. There are 5."),
        (batches * EPOCHS, "last-batch-forgotten", "60,000 is not a multiple of 64. The rest makes a batch too, a shorter one."),
        (batches, "last-batch-forgotten", "60,000 is not a multiple of 64: the rest makes a batch too, a shorter one. And there are 5 epochs."),
        (DIGITS * EPOCHS, "counts-samples", "That counts samples. An iteration takes a whole batch of them."),
        (DIGITS / BATCH * EPOCHS, "not-whole", "There are no fractions of an iteration: in each epoch the last, shorter batch counts as one."),
        (math.ceil(DIGITS * EPOCHS / BATCH), "epochs-run-together", "The epochs do not run together: each ends with a short batch of its own."),
        (BATCH * EPOCHS, "no-data-size", "How many digits there are matters too: 60,000."),
    ]  # fmt: skip
    for value, code, sentence in mistakes:
        if math.isclose(answer, value):
            raise Mistake(code, sentence)
    if answer != per_epoch * EPOCHS:
        raise Mistake("wrong-number", "How many batches of 64 does it take to see 60,000 digits once? Round up, and think of all 5 epochs.")  # fmt: skip


@check(4, "Each step is small, and one pass over the data is not enough of them to get down.")
def epochs_quiz(answer: Any) -> None:
    """Check the letter of the quiz on why several epochs are needed; one of three is right."""
    hints = {
        "A": "A: shuffling helps, but it is not what makes several epochs work: with a fixed order the loss keeps falling too.",
        "C": "C: compare the loss after one epoch with the loss after three. What the later epochs bring is no small adjustment.",
    }
    judge_letters(answer, "B", hints)


@check(
    4, "Smaller batches make more steps in an epoch: each epoch takes longer, and no more epochs are needed."
)
def batch_sizes(results: Any) -> None:
    """Check what the student measured at batch sizes 100, 20 and 5.

    Args:
        results: for each batch size {"seconds": per epoch, "epochs": until the loss is below 1.6, or None if
            it did not get there}, and "conclusion": a letter.
    """
    if not isinstance(results, Mapping):
        raise Mistake(
            "not-a-dictionary", "Expected the dictionary of the exercise, got {kind}.", kind=kind_of(results)
        )
    rows = [results.get(size) for size in SIZES]
    if all(is_open(row) for row in rows):
        raise NotAttempted("Run `measure` for each batch size, and replace the `...` by what it reports.")
    for size, row in zip(SIZES, rows, strict=True):
        _judge_row(size, row)
    _judge_trend([row["seconds"] for row in rows], [row["epochs"] for row in rows])
    hints = {
        "A": "A: the seconds say the opposite. Each step has a cost of its own, and small batches make many steps.",
        "C": "C: look at the epochs again: with `zero_grad()` the small batches get below 1.6 too, and in no more epochs.",
    }
    if is_open(conclusion := results.get("conclusion")):
        raise Mistake("incomplete", "The conclusion is missing: choose a letter.")
    judge_letters(conclusion, "B", hints)


def _judge_row(size: int, row: Any) -> None:
    """Look for numbers that are missing or cannot be what was asked for."""
    if not isinstance(row, Mapping) or is_open(row.get("seconds")) or row.get("epochs", ...) is ...:
        raise Mistake("incomplete", "Seconds or epochs are missing for batch size {size}.", size=size)
    seconds, epochs = row["seconds"], row["epochs"]
    if isinstance(seconds, bool) or not isinstance(seconds, Real) or not 0 < seconds < 3600:
        raise Mistake("not-seconds", "The seconds per epoch at batch size {size} should be a number above 0, got {seconds!r}.", size=size, seconds=seconds)  # fmt: skip
    if epochs is not None and (isinstance(epochs, bool) or not isinstance(epochs, Integral) or epochs < 1):
        raise Mistake("not-epochs", "The epochs at batch size {size} should be a whole number, or None if 1.6 was not reached; got {epochs!r}.", size=size, epochs=epochs)  # fmt: skip


def _judge_trend(seconds: list[float], epochs: list[int | None]) -> None:
    """Compare the three with what the same loop gave wherever it was run."""
    if not seconds[0] < seconds[1] < seconds[2]:
        raise Mistake("seconds-do-not-grow", "A batch size of 5 makes 12,000 steps in an epoch and 100 makes 600, so the seconds should grow from 100 to 5. Was the computer busy, or are two of them swapped?")  # fmt: skip
    if None in epochs[1:]:
        size = 5 if epochs[2] is None else 20
        raise Mistake("gradients-accumulate", "At batch size {size} the loss should get below 1.6 within a few epochs. It does not where gradients add up: does your loop call `optimizer.zero_grad()`?", size=size)  # fmt: skip
    if epochs[0] is None or not 6 >= epochs[0] >= epochs[1] >= epochs[2] or epochs[0] < 2 or epochs[1] > 4:
        raise Mistake("epochs-unlikely", "Here batch size 100 took 3 epochs to get below 1.6, 20 took 2 and 5 took 1 or 2. Yours: {epochs}. Count the first epoch whose mean loss is below 1.6.", epochs=", ".join(map(str, epochs)))  # fmt: skip


@check(4, "All of them.")
def train_or_eval(answers: Any) -> None:
    """Check ``{1: "train" or "eval" or "neither", ...}``, the mode for each of five situations."""
    right = {1: "train", 2: "eval", 3: "train", 4: "eval", 5: "neither"}
    hints = {
        1: "1: while it learns, Dropout should switch neurons off and BatchNorm should collect its averages: `train()`.",
        2: "2: for the test accuracy the whole network should answer, and a digit's result should not depend on its batch: `eval()`.",
        3: "3: the next epoch trains again. Whoever tested after the last one has to go back: `train()`.",
        4: "4: a single digit has no batch to take averages over; BatchNorm needs those that it collected: `eval()`.",
        5: "5: whether gradients are recorded is not a matter of the mode: that is `torch.no_grad()`.",
    }
    judge_table(answers, right, ("train", "eval", "neither"), hints)
