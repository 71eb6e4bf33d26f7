"""A student's function that goes through a loader, to train or to test: what ``forward``, ``run_epoch`` and ``evaluate`` share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from torch import Tensor, nn

from helpers.check.feedback import Mistake, kind_of, raise_together, refuse
from helpers.check.trial import CLASSES, WRONG_GRADIENTS, Notes, Trial
from helpers.language import translate


class EpochTrial(Trial):
    """Calls of a student's function on one of two loaders of different length, both with a short last batch."""

    def __init__(self, fn: Callable, loss: nn.Module | None = None) -> None:
        layers = [nn.Flatten(), nn.Linear(784, CLASSES), nn.Dropout(0.0)]  # a layer with a mode of its own
        super().__init__(fn, layers, lr=0.0005, loss=loss)
        self.loaders = [self.loader(41), self.loader(29)]
        for loader in self.loaders:
            X, y = loader.dataset.tensors
            # Every second one is right from the start, so that the accuracy tells something.
            y[::2] = self.reference(X.to(self.device)).argmax(dim=1)[::2].cpu()

    def of(self, mode: str) -> list[Notes]:
        return [notes for notes in self.calls if notes.mode == mode]

    def judge_passes(self) -> None:
        """Raise a Mistake unless each call has gone through its loader as its mode asks for, and done no more."""
        self.refuse_decoys()
        refuse("ignores-loader", any(notes.foreign for notes in self.calls), "The network gets other inputs than the `loader` holds. Loop over the `loader` that the function is given, not over one of the notebook, and give the inputs to `net` as they come.")  # fmt: skip
        for notes in self.calls:
            if notes.mistake:
                raise notes.mistake
            seen, batches = len(notes.seen), len(notes.batches)
            refuse("skips-batches", seen < batches, "{case} the network sees {seen} of {batches} batches. Loop over `loader`, and call `net` on the inputs. Is a `return` or a `break` inside the loop, or the report indented too far?", case=notes.case, seen=seen, batches=batches)  # fmt: skip
        raise_together([*self._wrong_modes(), *self._wrong_updates()])

    def _wrong_modes(self) -> Iterator[Mistake]:
        for notes in self.calls:
            if notes.mode == "train" and not all(notes.training):
                yield Mistake("train-mode-not-set", "{case} the network is in evaluation mode, so Dropout and BatchNorm would not train. Call `net.train()`.", case=notes.case)  # fmt: skip
            if notes.mode == "test" and any(notes.training):
                yield Mistake("eval-mode-not-set", "{case} the network is in training mode, so Dropout would switch neurons off while you test. Call `net.eval()`.", case=notes.case)  # fmt: skip

    def _wrong_updates(self) -> Iterator[Mistake]:
        letters = {notes.case: notes.letters for notes in self.of("test")}
        moved = [case for case, of_call in letters.items() if re.search("[sm]", of_call)]
        if moved:
            yield Mistake("updates-in-test", "{case} the weights change. Testing only looks: `backward()` and `step()` are for training.", case=moved[0])  # fmt: skip
        try:
            self.judge_training(*self.of("train"))
        except Mistake as mistake:
            yield mistake
            return
        later = [notes.letters for notes in self.of("train")[1:]] or ["fB"]  # a step may come at any time
        if not moved and re.search("[bB]", "".join(letters.values())) and re.match("f+B", later[0]):
            yield Mistake("gradients-from-test", "It goes backward in testing too, and the next training step uses those gradients. `backward()` is for training.")  # fmt: skip

    def warnings(self) -> list[Mistake]:
        """Return what is not ideal in a right answer."""
        kept = Mistake("keeps-graph", "One thing to know: the losses are kept together with their graphs, so the memory of every batch is held until the epoch ends. Keep `loss.item()` instead of `loss`.")  # fmt: skip
        return [kept] if any(notes.kept for notes in self.calls) else []

    def judge_means(self) -> None:
        """Raise a Mistake unless each call has returned the loss and the accuracy, both as means over its samples."""
        for notes in self.calls:
            for what, value in zip(("loss", "accuracy"), _two_numbers(notes.result), strict=True):
                if not self.is_mean(notes, what, [(value, 3)]):
                    refuse("ignores-criterion", "criterion" not in self.used, WRONG_GRADIENTS["own loss"][1])
                    raise Mistake("wrong-mean", "{case} the {what} that it returns is {value:.4f}, which is not what the network makes of these batches. The loss comes first, then the accuracy.", case=notes.case, what=translate(what), value=value)  # fmt: skip

    def is_mean(self, notes: Notes, what: str, reported: list[tuple[float, int]]) -> bool:
        """Tell whether numbers, with how many decimals of each are known, hold a mean over a call's samples.

        Raises:
            Mistake: if they hold a wrong mean of this ``what``, "loss" or "accuracy".
        """
        # What is computed for each batch, and a slip in it.
        of, slip_of, slip_code, slip_words = {
            "loss": (self.loss, lambda z, y: self.loss(z.softmax(dim=1), y), *WRONG_GRADIENTS["softmax"]),
            "accuracy": (
                lambda z, y: (z.argmax(dim=1) == y).sum() / len(y),
                lambda z, y: (z.argmax(dim=0) == y).sum() / len(y),
                "argmax-over-batch",
                "The `argmax` of the accuracy runs over the batch, dimension 0. The prediction for a sample is the class with the largest logit in its row: `argmax(dim=1)`.",
            ),
        }[what]  # fmt: skip
        m, slip = np.array(notes.losses(of)), np.array(notes.losses(slip_of))
        n = np.array([len(notes.batches[i][1]) for i in notes.seen])
        right = m @ n / n.sum()
        if holds(reported, right):
            return True
        precise = [(value, decimals) for value, decimals in reported if decimals > 1]
        calls = self.calls[: self.calls.index(notes) + 1]
        earlier = np.mean([loss for call in calls for loss in call.losses(self.loss)])
        divided = [m.sum() / n.sum(), m @ n / len(n)]
        for loader in (*self.loaders, self.decoy_loader):
            divided += [m.sum() / len(loader), m @ n / len(loader.dataset)]
        shown = ", ".join(f"{value:.4f}" for value, _ in reported[:3])
        facts = {"case": notes.case, "what": translate(what), "right": right, "shown": shown}
        refuse(slip_code, holds(precise, slip.mean(), slip @ n / n.sum()), slip_words)
        refuse("single-batch", holds(precise, m[-1], m[0]), "{case} it reports {shown}, the {what} of a single batch; {right:.4f} is that of all. Collect in the loop, and average after it.", **facts)  # fmt: skip
        refuse("mean-of-batch-means", holds(precise, m.mean()), "{case} it reports {shown}, the mean of the batches' means, where a sample of the short last batch counts for more than others; {right:.4f} is the mean over the samples. Multiply each mean by the samples of its batch, add up, and divide by all samples.", **facts)  # fmt: skip
        refuse("sum-instead-of-mean", holds(precise, m @ n, m.sum()), "{case} it reports {shown}, a sum. Divide it by how many were added up.", **facts)  # fmt: skip
        refuse("wrong-divisor", holds(precise, *divided), "{case} it reports {shown}, a sum divided by something else than how many were added up; {right:.4f} would be right. A sum over batches goes with `len(loader)`, a sum over samples with their number.", **facts)  # fmt: skip
        refuse("list-never-emptied", holds(precise, earlier), "{case} it reports {shown}: losses of an earlier call are still in the list. Start each call with an empty one.", **facts)  # fmt: skip
        refuse("in-percent", holds(precise, 100 * right), "{case} it reports {shown} percent; a fraction from 0 to 1 is asked for.", **facts)  # fmt: skip
        return False


def holds(numbers: list[tuple[float, int]], *expected: float) -> bool:
    """Tell whether one of these numbers is one of the expected, rounded as its known decimals say."""
    margins = [(value, 0.51 * 10 ** -min(decimals, 6)) for value, decimals in numbers]
    return any(abs(value - e) <= margin + 2e-4 * abs(e) for value, margin in margins for e in expected)


def _two_numbers(result: Any) -> tuple[float, float]:
    try:
        loss, accuracy = (float(v.detach() if isinstance(v, Tensor) else v) for v in result)
        return loss, accuracy
    except (TypeError, ValueError, RuntimeError):
        raise Mistake("not-two-numbers", "It returns {kind}. Two numbers are asked for, the loss and the accuracy.", kind=kind_of(result)) from None  # fmt: skip
