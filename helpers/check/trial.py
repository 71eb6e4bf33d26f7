"""A network, a loss and an optimizer that take notes of what a student's function does with them.

What happens in a call is noted as a string of letters, so that a mistake is a pattern of them:

    f  a forward pass
    b  a backward pass on clear gradients
    B  a backward pass on top of gradients that an earlier one left
    s  a step of the optimizer
    n  a step of the optimizer that found no gradients
    m  weights moved by something other than the optimizer
"""

from __future__ import annotations

import copy
import gc
import re
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils import parameters_to_vector, vector_to_parameters
from torch.optim.lr_scheduler import LambdaLR, LRScheduler
from torch.utils.data import DataLoader, TensorDataset

from helpers.check.doubles import double, names_of_the_notebook, run
from helpers.check.feedback import Mistake, refuse
from helpers.language import translate

CLASSES = 4
SMOOTHED = nn.CrossEntropyLoss(label_smoothing=0.2)  # nobody's own: it shows who does not use the criterion

# What the letters of a call that should train tell: the first pattern that is found is named.
TRAINING_MISTAKES = [
    ("ignores-optimizer", "m", "The weights are moved, but not by the `optimizer`: by another one, or by hand. Call `optimizer.step()`."),
    ("zero-grad-after-backward", "[bB]n", "The gradients are cleared between `backward()` and `step()`, so the step finds none. Clear them before `backward()`."),
    ("step-before-backward", "f[sn][bB]|^[sn]f", "It steps before it goes backward, so each step uses the gradients of the step before. The order is forward, loss, `backward()`, `step()`."),
    ("weights-not-updated", "^[^sm]*$", "The weights stay as they are. For each batch, `loss.backward()` computes the gradients, and then `optimizer.step()` uses them. Are both called, with their brackets?"),
]  # fmt: skip
# What may be wrong with a gradient, by what it is the gradient of.
WRONG_GRADIENTS = {
    "softmax": ("softmax-before-loss", "A softmax stands before the loss, and `nn.CrossEntropyLoss` brings its own, so the gradients are small and learning is slow. Give it the logits as they are."),
    "own loss": ("ignores-criterion", "It uses a loss of its own, not the `criterion` that it is given. Use the function's own arguments, and it works for any other too."),
    "other": ("wrong-training", "The weights change, but not as one step of the `optimizer` for each batch, on the gradient of the `criterion`, would change them."),
}  # fmt: skip


@dataclass(eq=False)
class Notes:
    """What was noted in one call of the student's function."""

    batches: list[tuple[Tensor, Tensor]]  # what the call should go through
    mode: str  # "train" or "test", what it should do
    case: str  # the beginning of a sentence about it, in the notebook's language
    letters: str = ""
    seen: list[int] = field(default_factory=list)  # the batches, in the order in which each first came
    logits: list[Tensor] = field(default_factory=list)  # what the network said to each of them then
    training: list[bool] = field(default_factory=list)  # and the mode that it was in
    gradients: list[str] = field(default_factory=list)  # of which loss each step took the gradient
    recorded: bool = False  # gradients could have been computed
    foreign: bool = False  # other data than these batches came
    kept: bool = False  # the graph of a batch was still held two batches later
    result: Any = None
    shown: str = ""
    mistake: Mistake | None = None  # with which the call ended

    def losses(self, criterion: Callable[[Tensor, Tensor], Tensor]) -> list[float]:
        """Return the loss of each batch, as the student's function saw it."""
        targets = [self.batches[i][1] for i in self.seen]
        return [criterion(z, y).item() for z, y in zip(self.logits, targets, strict=True)]


class NotingNet(nn.Sequential):
    """Layers that tell of each forward pass."""

    tell: Callable[[Tensor, Tensor], None] = staticmethod(lambda x, logits: None)

    def forward(self, x: Tensor) -> Tensor:
        logits = super().forward(x)
        self.tell(x, logits)
        return logits


class Trial:
    """Calls of a student's function on a network of the check's own, and what each of them did.

    The notebook's networks, optimizers and loaders are replaced by a decoy's; ``used`` holds which of them were.

    Args:
        answer: the student's function.
        layers: of the network, for inputs [N, ...] and logits [N, C].
        lr: the optimizer's learning rate.
        loss: what ``criterion`` computes; without it, cross-entropy, and the function finds ``criterion`` and
            ``optimizer`` in the notebook.
    """

    def __init__(
        self, answer: Any, layers: Sequence[nn.Module], lr: float, loss: nn.Module | None = None
    ) -> None:
        self.device, self.lr, self.loss = _device(names_of_the_notebook()), lr, loss or nn.CrossEntropyLoss()
        nets = [NotingNet(*copy.deepcopy(layers)).to(self.device) for _ in range(3)]
        self.net, self.decoy, self.reference = nets  # the reference computes the right gradients
        self.criterion = copy.deepcopy(self.loss)
        self.optimizer = torch.optim.SGD(self.net.parameters(), lr)
        self.decoy_optimizer = torch.optim.SGD(self.decoy.parameters(), lr)
        self.decoy_loader = self.loader(30)

        self.used: set[str] = set()
        self.net.tell = self._went_forward
        self.decoy.tell = lambda x, logits: self.used.add("net")
        self.criterion.register_forward_hook(lambda *_: self.used.add("criterion"))
        self.optimizer.register_step_pre_hook(lambda *_: self._look_for_moves())
        self.optimizer.register_step_post_hook(lambda *_: self._stepped())
        self.decoy_optimizer.register_step_post_hook(lambda *_: self.used.add("optimizer"))

        self.calls: list[Notes] = []
        self.from_notebook = loss is None
        given = {"criterion": self.criterion, "optimizer": self.optimizer} if self.from_notebook else {}
        self.fn = double(answer, self._stand_in, **given)

    def data(self, size: int, shape: Sequence[int] = (1, 28, 28)) -> tuple[Tensor, Tensor]:
        """Return random inputs and targets; each batch is on another scale, and so are the losses."""
        scale = torch.tensor([0.5, 2.0, 1.0, 1.5])[torch.arange(size) // 4 % 4]
        X = torch.randn(size, *shape) * scale.reshape(-1, *[1] * len(shape))
        return X, torch.randint(0, CLASSES, (size,))

    def loader(self, size: int) -> DataLoader:
        return DataLoader(TensorDataset(*self.data(size)), batch_size=4)

    def run(self, *arguments: Any, batches: list, mode: str = "train", case: str = "") -> Notes:
        """Call the student's function, which should go through these batches; an error is in the notes."""
        what = translate("{case} the function", case=case) if case else ""
        self.notes = notes = Notes(batches, mode, case)
        self.hooks: dict[int, weakref.ref] = {}  # of each batch's graph: alive as long as the graph
        self.current = -1  # the batch of the last forward pass
        self.weights = self._weights()  # as they were last seen
        self.leftover = torch.zeros_like(self.weights)  # the gradients that the last backward pass found
        try:
            notes.result, notes.shown = run(self.fn, *arguments, what=what)
        except Mistake as mistake:
            notes.mistake = mistake
        self._look_for_moves()
        self.calls.append(notes)
        return notes

    def refuse_decoys(self) -> None:
        """Raise a Mistake where a call has used what the notebook holds in place of its own arguments."""
        sentence = "It uses a `{what}` of the notebook. Use only what the function is given, and it works for any other too."
        for what in ("net", "optimizer"):
            refuse(f"ignores-{what}", what in self.used, sentence, what=what)

    def judge_training(self, *calls: Notes) -> None:
        """Raise a Mistake where one of these calls has not trained the network with a right step for each batch."""
        for notes in calls:
            if notes.mistake:
                raise notes.mistake
            for code, pattern, sentence in TRAINING_MISTAKES:
                refuse(code, re.search(pattern, notes.letters), sentence)
            steps, batches = notes.letters.count("s"), len(notes.batches)
            refuse("not-one-step-each", steps != batches, "Steps of the optimizer: {steps}; {batches} would be right, one for each batch.", steps=steps, batches=batches)  # fmt: skip
        wrong = [of for notes in calls for of in notes.gradients if of != "right"]
        if wrong:
            is_own = wrong[0] == "other" and "criterion" not in self.used and not self.from_notebook
            raise Mistake(*WRONG_GRADIENTS["own loss" if is_own else wrong[0]])

    # What happens in a call

    def _went_forward(self, x: Tensor, logits: Tensor) -> None:
        self._look_for_moves()
        self.notes.letters += "f"
        notes, index = self.notes, self._which(x)
        notes.recorded |= logits.requires_grad
        if index < 0:
            notes.foreign = True
            return
        self.current = index
        if index not in notes.seen:
            notes.kept = notes.kept or self._is_held(notes.seen[-2:-1])
            notes.seen.append(index)
            notes.logits.append(logits.detach().cpu().clone())
            notes.training.append(self.net.training)
        if logits.requires_grad:
            hook = lambda gradient: self._went_backward()  # noqa: E731
            logits.register_hook(hook)
            self.hooks.setdefault(index, weakref.ref(hook))

    def _went_backward(self) -> None:
        if not self.notes.letters.endswith(("b", "B")):
            self.leftover = self._gradient()
            self.notes.letters += "B" if self.leftover.any() else "b"

    def _stepped(self) -> None:
        gradient = self._gradient()
        self.notes.letters += "s" if gradient.any() else "n"
        if gradient.any():
            self.notes.gradients.append(self._compared(gradient))
        self.weights = self._weights()

    def _look_for_moves(self) -> None:
        """See whether the weights were moved since the last look, other than by the optimizer."""
        before, now = self.weights, self._weights()
        if not torch.equal(before, now):
            self.notes.letters += "m"
            self.notes.gradients.append(self._compared((before - now) / self.lr))
            self.weights = now

    def _which(self, x: Tensor) -> int:
        """Return which of the call's batches these inputs are, or -1 for data from elsewhere."""
        flat = x.detach().cpu().flatten(start_dim=1)
        same = (i for i, (X, _) in enumerate(self.notes.batches) if torch.equal(flat, X.flatten(start_dim=1)))
        return next(same, -1)

    def _is_held(self, earlier: list[int]) -> bool:
        """Tell whether the graph of an earlier batch is still alive."""
        hooks = [self.hooks[index] for index in earlier if index in self.hooks]
        if any(hook() for hook in hooks):
            gc.collect(1)  # not only because nobody has tidied up yet; the whole heap would take too long
        return any(hook() for hook in hooks)

    # Comparing weights and gradients, all of them as one vector

    def _weights(self) -> Tensor:
        return parameters_to_vector(self.net.parameters()).detach().clone()

    def _gradient(self) -> Tensor:
        gradients = [torch.zeros_like(w) if w.grad is None else w.grad for w in self.net.parameters()]
        return parameters_to_vector(gradients).detach().clone()

    def _compared(self, gradient: Tensor) -> str:
        """Return of which loss this is the gradient, on top of what was left over."""
        losses = {
            "right": self.loss,
            "softmax": lambda z, y: self.loss(z.softmax(dim=1), y),
        }
        rights = {of: self.gradient_of(loss) + self.leftover for of, loss in losses.items()}
        return next((of for of, right in rights.items() if is_like(gradient, right)), "other")

    def gradient_of(self, loss: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
        """Return the gradient of a loss of the last batch, with the weights as they were last seen."""
        vector_to_parameters(self.weights, self.reference.parameters())
        X, y = (part.to(self.device) for part in self.notes.batches[max(self.current, 0)])
        with torch.enable_grad():
            value = loss(self.reference(X), y)
        return parameters_to_vector(torch.autograd.grad(value, list(self.reference.parameters())))

    def _stand_in(self, value: Any) -> Any:
        """Nothing of the notebook's is trained, and none of its data is gone through."""
        if isinstance(value, torch.optim.Optimizer):
            return self.optimizer if self.from_notebook else self.decoy_optimizer
        if isinstance(value, LRScheduler):
            return LambdaLR(self.decoy_optimizer, lambda _: 1.0)
        if isinstance(value, nn.modules.loss._Loss) and self.from_notebook:
            return self.criterion
        if isinstance(value, nn.Module) and any(True for _ in value.parameters()):
            return self.decoy
        if isinstance(value, DataLoader):
            return self.decoy_loader
        return value


def is_like(gradient: Tensor, right: Tensor) -> bool:
    """Tell whether this is the right gradient, whole or clipped, by its norm or by its values."""
    largest = gradient.abs().max()
    shorter = (gradient @ right / (right @ right)).clamp(0, 1)
    candidates = (right, shorter * right, right.clamp(-largest, largest))
    return any((gradient - candidate).norm() <= 1e-3 * candidate.norm() for candidate in candidates)


def _device(names: dict[str, Any]) -> torch.device:
    """Return the device that the student's function will move its batches to."""
    args = names.get("args")
    devices = [args.get("device") if isinstance(args, dict) else None, names.get("device"), names.get("dev")]
    return torch.device(next((d for d in devices if isinstance(d, (str, torch.device))), "cpu"))
