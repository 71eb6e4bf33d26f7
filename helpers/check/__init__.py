"""Checks for the exercises: each says at once whether an answer is right, and if not, which mistake it is.

Every check takes what the student wrote and returns a :class:`Feedback`. It judges what the answer does, not
how it is spelled; it never raises; and it leaves the student's networks, data, names and random numbers as
they were.
"""

from helpers.check.core import Feedback, progress
from helpers.check.notebook_1 import bce_with_logits, cross_entropy, l1_loss, mse_loss, which_loss
from helpers.check.notebook_2 import learning_rates, sgd_by_hand, training_step
from helpers.check.notebook_3 import custom_dataset, dataloader_quiz, make_loaders
from helpers.check.notebook_4 import (
    adam_step,
    batch_sizes,
    count_iterations,
    deeper,
    epochs_quiz,
    evaluate,
    mlp,
    train_epoch,
    train_live,
    train_or_eval,
)
from helpers.check.notebook_5 import forward, run_epoch
from helpers.check.notebook_6 import mean_over_processes, processes_quiz, share_out, whole_gradient

__all__ = [  # noqa: RUF022
    "Feedback", "progress",
    "mse_loss", "l1_loss", "bce_with_logits", "cross_entropy", "which_loss",
    "sgd_by_hand", "training_step", "learning_rates",
    "custom_dataset", "make_loaders", "dataloader_quiz",
    "count_iterations", "mlp", "deeper", "train_epoch", "epochs_quiz", "batch_sizes", "train_or_eval", "evaluate",
    "adam_step", "train_live",
    "forward", "run_epoch",
    "whole_gradient", "mean_over_processes", "share_out", "processes_quiz",
]  # fmt: skip
