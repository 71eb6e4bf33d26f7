"""A student's function that goes through a loader, to train or to test: what ``forward``, ``run_epoch`` and ``evaluate`` share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from torch import Tensor, nn

from helpers.check.feedback import Mistake, kind_of, raise_together, refuse
from helpers.check.trial import WRONG_GRADIENTS, Notes, NotingLoader, Trial
from helpers.language import translate

UPDATES_IN_TEST = ("updates-in-test", "{case} the weights change. Testing only looks: `backward()` and `step()` are for training.")  # fmt: skip


class EpochTrial(Trial):
    """Calls of a student's function on a loader to train with and another, of another length, to test with.

    Args:
        fn: the student's function.
        classes: how many there are.
        sizes: the number of samples in each loader; the last batch is always a short one.
        options: of :class:`Trial`.
    """

    def __init__(self, fn: Callable, classes: int, sizes: tuple[int, int], **options: Any) -> None:
        layers = [nn.Flatten(), nn.Linear(784, classes), nn.Dropout(0.0)]  # a layer with a mode of its own
        super().__init__(fn, layers, lr=0.0005, **options)
        self.loaders = []
        for size in sizes:
            X, y = self.data(size, classes=classes)
            y[::2] = self.reference(X.to(self.device)).argmax(dim=1)[::2].cpu()  # many are right from the start
            self.loaders.append(NotingLoader(X, y))

    def of(self, mode: str) -> list[Notes]:
        return [notes for notes in self.calls if notes.mode == mode]

    def judge_passes(self) -> None:
        """Raise a Mistake unless each call has gone through its loader as its mode asks for, and done no more."""
        self.refuse_decoys()
        is_foreign = any(notes.foreign for notes in self.calls)
        is_unused = not all(loader.passes for loader in self.loaders)
        refuse([
            ("ignores-loader", self.decoy_loader.passes and (is_foreign or is_unused), "It takes its batches from another loader of the notebook, not from the `loader` that it is given. So training and testing would use the same data."),
            ("alters-batches", is_foreign, "The network gets other inputs than the `loader` gives. Loop over `loader`, and give the inputs to `net` as they come."),
        ])  # fmt: skip
        for notes in self.calls:
            if notes.mistake:
                raise notes.mistake
            seen, batches = len(notes.seen), len(notes.batches)
            refuse([
                ("no-batches", not seen, "{case} no batch ever reaches the network: loop over `loader` and call `net` on the inputs."),
                ("stops-after-first-batch", seen == 1, "{case} it stops after the first of {batches} batches. Is a `return` or a `break` inside the loop, or the report indented too far?"),
                ("skips-batches", seen < batches, "{case} the network sees {seen} of {batches} batches. An epoch is all of them, once each."),
            ], case=notes.case, seen=seen, batches=batches)  # fmt: skip
        raise_together([*self._wrong_modes(), *self._wrong_updates()])

    def _wrong_modes(self) -> Iterator[Mistake]:
        for notes in self.calls:
            if notes.mode == "train" and not all(notes.training):
                yield Mistake("train-mode-not-set", "{case} the network is in evaluation mode, so Dropout and BatchNorm would not train. Call `net.train()`.", case=notes.case)  # fmt: skip
            if notes.mode == "test" and any(notes.training):
                yield Mistake("eval-mode-not-set", "{case} the network is in training mode, so Dropout would switch neurons off while you test. Call `net.eval()`.", case=notes.case)  # fmt: skip

    def _wrong_updates(self) -> Iterator[Mistake]:
        moved = [notes.case for notes in self.of("test") if re.search("[sm]", notes.letters)]
        if moved:
            yield Mistake(*UPDATES_IN_TEST, case=moved[0])
        try:
            self.judge_training(*self.of("train"))
        except Mistake as mistake:
            yield mistake
        else:
            is_backward = any(re.search("[bB]", notes.letters) for notes in self.of("test"))
            later = [notes.letters for notes in self.of("train")[1:]] or ["fB"]  # a step may come at any time
            if is_backward and not moved and re.match("f+B", later[0]):
                yield Mistake("gradients-from-test", "It goes backward in testing too, and the next training step uses those gradients. `backward()` is for training.")  # fmt: skip

    def warnings(self) -> Iterator[Mistake]:
        """Give what is not ideal in a right answer."""
        if any(notes.kept for notes in self.calls):
            yield Mistake("keeps-graph", "One thing to know: the losses are kept together with their graphs, so the memory of every batch is held until the epoch ends. Keep `loss.item()` instead of `loss`.")  # fmt: skip

    def judge_means(self) -> None:
        """Raise a Mistake unless each call has returned the loss and the accuracy, both as means over its samples."""
        # What is computed for each batch, and what a slip makes of it: a softmax before the loss, the wrong axis.
        kinds = {
            "loss": (self.loss, lambda z, y: self.loss(z.softmax(dim=1), y)),
            "accuracy": (lambda z, y: _hits(z, y, dim=1), lambda z, y: _hits(z, y, dim=0)),
        }
        for notes in self.calls:
            for (what, both), value in zip(kinds.items(), _two_numbers(notes.result), strict=True):
                m, slip = (np.array(notes.losses(f)) for f in both)
                self._judge_mean(what, value, m, slip, np.array(notes.sizes()))

    def _judge_mean(self, what: str, value: float, m: np.ndarray, slip: np.ndarray, n: np.ndarray) -> None:
        """Compare a number with the mean over the samples, from means and sizes of the batches, and with wrong ones."""

        def is_(*numbers: float) -> bool:
            return any(
                abs(value - number) < 6e-4 for number in numbers
            )  # who rounds to three decimals is right too

        right = m @ n / n.sum()
        refuse([] if is_(right) else [
            ("softmax-before-loss", what == "loss" and is_(slip @ n / n.sum()), WRONG_GRADIENTS["softmax"][1]),
            ("argmax-over-batch", is_(slip @ n / n.sum()), "The `argmax` of the accuracy runs over the batch, dimension 0. The prediction for a sample is the class with the largest logit in its row: `argmax(dim=1)`."),
            ("last-batch-only", is_(m[-1]), "The {what} {value:.4f} is that of the last batch alone; of all samples it is {right:.4f}. Add up in the loop, divide after it."),
            ("mean-of-batch-means", is_(m.mean()), "The {what} {value:.4f} is the mean of the batches' means, where a sample of the short last batch counts for more; over the samples it is {right:.4f}. Multiply each mean by the samples of its batch, add up, and divide by all samples."),
            ("sum-instead-of-mean", is_(m @ n), "The {what} {value:g} is a sum over the samples. Divide it by their number: {right:.4f}."),
            ("wrong-divisor", is_(m.sum(), m.sum() / n.sum(), m @ n / len(n)), "The {what} {value:.4f} is not the mean over the samples, {right:.4f}. Multiply the mean of each batch by its samples, and divide the sum by the number of all samples, not of batches."),
            ("in-percent", is_(100 * right), "The {what} is given in percent, {value:.1f}; a fraction from 0 to 1 is asked for."),
            ("ignores-criterion", "criterion" not in self.used, WRONG_GRADIENTS["own loss"][1]),
            ("wrong-mean", True, "The {what} is {value:.4f}, and over all samples it would be {right:.4f}. (The loss comes first, then the accuracy.)"),
        ], what=translate(what), value=value, right=right)  # fmt: skip


def _hits(logits: Tensor, targets: Tensor, dim: int) -> Tensor:
    return (logits.argmax(dim) == targets).sum() / len(targets)


def _two_numbers(result: Any) -> tuple[float, float]:
    try:
        loss, accuracy = (float(v.detach() if isinstance(v, Tensor) else v) for v in result)
        return loss, accuracy
    except (TypeError, ValueError, RuntimeError):
        raise Mistake("not-two-numbers", "It returns {kind}. Two numbers are asked for, the loss and the accuracy.", kind=kind_of(result)) from None  # fmt: skip
