"""The exercises of notebook 4: an MLP, a loop that tests, and answers in numbers or letters."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from helpers.check.doubles import double, run
from helpers.check.epochs import EpochTrial
from helpers.check.feedback import Mistake, NotAttempted, check, kind_of, refuse
from helpers.check.quizzes import is_open, judge_letters, judge_table
from helpers.check.trial import SMOOTHED
from helpers.language import translate

DIGITS, BATCH, EPOCHS = 60_000, 128, 5
SIZES = (100, 20, 5)


@check(4, "469 batches in an epoch, the last one short, times 5 epochs.")
def count_iterations(answer: Any) -> None:
    """Check the number of iterations in 5 epochs of MNIST's training digits at a batch size of 128."""
    if is_open(answer):
        raise NotAttempted
    per_epoch, batches = math.ceil(DIGITS / BATCH), DIGITS // BATCH
    mistakes = [
        ("one-epoch", per_epoch, "That is one epoch. There are 5."),
        ("last-batch-forgotten", batches * EPOCHS, "60,000 is not a multiple of 128. The rest makes a batch too, a shorter one."),
        ("last-batch-forgotten", batches, "60,000 is not a multiple of 128: the rest makes a batch too, a shorter one. And there are 5 epochs."),
        ("counts-samples", DIGITS * EPOCHS, "That counts samples. An iteration takes a whole batch of them."),
        ("not-whole", DIGITS / BATCH * EPOCHS, "There are no fractions of an iteration: in each epoch the last, shorter batch counts as one."),
        ("epochs-run-together", math.ceil(DIGITS * EPOCHS / BATCH), "The epochs do not run together: each ends with a short batch of its own."),
    ]  # fmt: skip
    for code, value, sentence in mistakes:
        refuse(code, math.isclose(answer, value), sentence)
    refuse("wrong-number", answer != per_epoch * EPOCHS, "How many batches of 128 does it take to see 60,000 digits once? Round up, and think of all 5 epochs.")  # fmt: skip


@check(4, "It flattens, keeps its layers where the optimizer finds them, and returns logits.", "MLP(input_size, hidden_size, out_size)")  # fmt: skip
def mlp(cls: Callable) -> None:
    """Check ``cls(input_size, hidden_size, out_size)``: images [N, ...] to logits [N, C], by three linear layers."""
    cls, images = double(cls), torch.randn(6, 1, 3, 4)
    net = _network(cls, 12, 5, 3)
    made = {*net.modules()}
    held = [m for value in vars(net).values() if isinstance(value, (list, tuple)) for m in value]
    refuse("plain-list", any(isinstance(m, nn.Module) and m not in {*net.modules()} for m in held), "In a plain list `nn.Module` does not find the layers, so `net.parameters()` lacks their weights and no optimizer trains them. Put them into an `nn.Sequential` or an `nn.ModuleList`.")  # fmt: skip
    fixed = "Sizes are written into the class. Use `input_size`, `hidden_size` and `out_size`, and it works for images and layers of any size."
    if (shape := _shape(net, images)) != [6, 3]:
        refuse("no-flattening", _shape(net, images.flatten(1)) == [6, 3], "It works on rows of numbers, not on images [N, 1, H, W]. Flatten them first: `x = x.view(x.size(0), -1)`.")  # fmt: skip
        refuse("flattens-batch", not shape and _shape(net, images[:1]) in ([3], [1, 3]), "It puts all images of a batch into one long row. Keep dimension 0, which counts the images: `x.view(x.size(0), -1)`.")  # fmt: skip
        refuse("sizes-fixed", _shape(_network(cls, 784, 128, 10), torch.randn(6, 1, 28, 28)) == [6, 10], fixed)  # fmt: skip
        output = run(net, images, what="`net(x)`").result
        raise Mistake("wrong-output", "For 6 images and 3 classes `net(x)` gives {kind}; logits of shape [6, 3] are expected.", kind=shape or kind_of(output))  # fmt: skip
    refuse("layers-in-forward", {*net.modules()} != made, "Layers that `forward` makes start anew at every call, and no optimizer knows them: make them in `__init__`.")  # fmt: skip
    layers = {(m.in_features, m.out_features): m for m in net.modules() if isinstance(m, nn.Linear)}
    refuse("sizes-fixed", not {size for sizes in layers for size in sizes} <= {12, 5, 3}, fixed)
    refuse("wrong-layers", layers.keys() != {(12, 5), (5, 5), (5, 3)}, "`MLP(12, 5, 3)` has these linear layers: {found}. It should have three, made in `__init__`: 12 → 5, 5 → 5 and 5 → 3.", found=", ".join(f"{m} → {n}" for m, n in layers))  # fmt: skip
    torch.manual_seed(21)
    for size in ((12, 5), (5, 5), (5, 3)):
        layers[size].weight.data.normal_()  # so that there are negative numbers before and after each layer
    _judge_activations(run(net, images).result, images.flatten(1), layers[12, 5], layers[5, 5], layers[5, 3])


def _network(cls: Callable, *sizes: int) -> nn.Module:
    try:
        return run(lambda: cls(*sizes).eval(), what=f"`MLP{sizes}`").result
    except Mistake as mistake:
        is_unprepared = re.search(r"Module.__init__|'_modules'", str(mistake.__cause__))
        refuse("no-super", is_unprepared, "`nn.Module` is not ready to hold layers: `__init__` begins with `super().__init__()`.")  # fmt: skip
        raise


def _shape(net: nn.Module, x: Tensor) -> list[int] | None:
    """Return the shape of what a network makes of an input, None where it makes nothing."""
    try:
        return list(run(net, x).result.shape)
    except (Mistake, AttributeError):
        return None


def _judge_activations(logits: Tensor, x: Tensor, *layers: nn.Linear) -> None:
    """Find out what stands between three layers, and after them, from what comes out."""
    first, second, last = layers
    between = itertools.product((F.relu, nn.Identity()), repeat=2)
    right, *linear = outputs = [last(g(second(f(first(x))))) for f, g in between]
    softmax = [s for z in outputs for s in (z.softmax(1), z.log_softmax(1), z.softmax(0), z.sigmoid())]
    relu = [F.relu(z) for z in outputs]

    def is_in(outputs: list[Tensor]) -> bool:
        return any(torch.allclose(logits, z, atol=1e-5) for z in outputs)

    refuse("softmax-at-end", is_in(softmax), "It ends in a softmax or sigmoid. Leave that out: `nn.CrossEntropyLoss` takes the logits as they are, and brings its own softmax.")  # fmt: skip
    refuse("relu-at-end", is_in(relu), "It ends in a ReLU, which makes every negative logit 0. Logits may be negative: leave it out after the last layer.")  # fmt: skip
    refuse("activation-missing", is_in(linear), "A ReLU is missing: each of the two hidden layers is followed by one. Without it, two linear layers can do no more than one.")  # fmt: skip
    refuse("wrong-forward", not is_in([right]), "The logits are not those of Linear, ReLU, Linear, ReLU, Linear, one after the other.")  # fmt: skip


@check(4, "Each step is small, and one pass over the data is not enough of them to get down.")
def epochs_quiz(answer: Any) -> None:
    """Check the letter of the quiz on why several epochs are needed; one of three is right."""
    hints = {
        "A": "A: shuffling helps, but it is not what makes several epochs work: with a fixed order the loss keeps falling too.",
        "C": "C: compare the loss after one epoch with the loss after three. What the later epochs bring is no small adjustment.",
    }
    judge_letters(answer, "B", hints)


@check(4, "All of them.")
def train_or_eval(answers: Any) -> None:
    """Check ``{1: "train" or "eval" or "neither", ...}``, the mode for each of five situations."""
    right = {1: "train", 2: "eval", 3: "train", 4: "eval", 5: "neither"}
    hints = {
        "1": "1: while it learns, Dropout should switch neurons off and BatchNorm should collect its averages: `train()`.",
        "2": "2: for the test accuracy the whole network should answer, and a digit's result should not depend on its batch: `eval()`.",
        "3": "3: the next epoch trains again. Whoever tested after the last one has to go back: `train()`.",
        "4": "4: a single digit has no batch to take averages over; BatchNorm needs those that it collected: `eval()`.",
        "5": "5: whether gradients are recorded is not a matter of the mode: that is `torch.no_grad()`.",
    }
    judge_table(answers, right, ("train", "eval", "neither"), hints)


@check(4, "Loss and accuracy of all samples, in evaluation mode, and nothing has changed.", "evaluate(loader, net, criterion)")  # fmt: skip
def evaluate(fn: Callable) -> list[Mistake]:
    """Check ``fn(loader, net, criterion)``, which tests and returns loss and accuracy, both by samples."""
    trial = EpochTrial(fn, SMOOTHED)
    case = translate("In testing")
    for loader, was_training in zip(trial.loaders, (True, False), strict=True):
        trial.net.train(was_training)
        trial.run(loader, trial.net, trial.criterion, batches=list(loader), mode="test", case=case)
    trial.judge_passes()
    trial.judge_means()
    refuse("leaves-training-mode", trial.net.training, "A network that was in evaluation mode is in training mode afterwards. Leave it in evaluation mode, or give it back the mode that it had.")  # fmt: skip
    if any(notes.recorded for notes in trial.calls):
        return [Mistake("no-no-grad", "One thing to know: it records what `backward()` would need, and never goes backward. Under `torch.no_grad()` it takes less time and memory.")]  # fmt: skip
    return []


@check(4, "Smaller batches make more steps in an epoch: each epoch takes longer, and no more epochs are needed.")  # fmt: skip
def batch_sizes(results: Any) -> None:
    """Check what the student measured at batch sizes 100, 20 and 5.

    Args:
        results: for each batch size {"seconds": per epoch, "epochs": until the loss is below 1.6, or None if
            it did not get there}, and "conclusion": a letter.
    """
    rows = [results.get(size) for size in SIZES]
    if all(is_open(row) for row in rows):
        raise NotAttempted("Run `measure` for each batch size, and replace the `...` by what it reports.")
    for size, row in zip(SIZES, rows, strict=True):
        refuse("incomplete", is_open(row) or is_open(row.get("seconds")) or row.get("epochs", ...) is ..., "Seconds or epochs are missing for batch size {size}.", size=size)  # fmt: skip
    seconds, epochs = ([row[what] for row in rows] for what in ("seconds", "epochs"))
    # Compared with what the same loop gave wherever it was run.
    refuse("seconds-do-not-grow", not seconds[0] < seconds[1] < seconds[2], "A batch size of 5 makes 12,000 steps in an epoch and 100 makes 600, so the seconds should grow from 100 to 5. Was the computer busy, or are two of them swapped?")  # fmt: skip
    refuse("gradients-accumulate", None in epochs[1:], "At batch size {size} the loss should get below 1.6 within a few epochs. It does not where gradients add up: does your loop call `optimizer.zero_grad()`?", size=5 if epochs[2] is None else 20)  # fmt: skip
    refuse("epochs-unlikely", epochs[0] is None or not 6 >= epochs[0] >= epochs[1] >= epochs[2] or epochs[0] < 2 or epochs[1] > 4 or epochs[2] < 1, "Here batch size 100 took 3 epochs to get below 1.6, 20 took 2 and 5 took 1 or 2. Yours: {epochs}. Count the first epoch whose mean loss is below 1.6.", epochs=", ".join(map(str, epochs)))  # fmt: skip
    hints = {
        "A": "A: the seconds say the opposite. Each step has a cost of its own, and small batches make many steps.",
        "C": "C: look at the epochs again: with `zero_grad()` the small batches get below 1.6 too, and in no more epochs.",
    }
    refuse("incomplete", is_open(conclusion := results.get("conclusion")), "The conclusion is missing: choose a letter.")  # fmt: skip
    judge_letters(conclusion, "B", hints)
