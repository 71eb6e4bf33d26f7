"""Checks for the exercises: each says at once whether an answer is right, and if not, which mistake it is.

Every check takes what the student wrote and returns a :class:`Feedback`. It judges what the answer does, not
how it is spelled; it never raises; and it leaves the student's networks, data, names and random numbers as
they were.
"""

from helpers.check.core import Feedback, progress
from helpers.check.notebook_1 import (
    bce_by_hand,
    bce_with_logits,
    cross_entropy,
    first_loss,
    huber_loss,
    l1_loss,
    mse_loss,
    softmax,
    strict_mse,
    which_loss,
)
from helpers.check.notebook_2 import (
    accuracy,
    classify,
    count_parameters,
    fit,
    learning_rates,
    make_network,
    sgd_by_hand,
    standardise,
    steps_until,
    try_rates,
    walk,
)
from helpers.check.notebook_3 import custom_dataset, dataloader_quiz, make_loaders
from helpers.check.notebook_4 import batch_sizes, count_iterations, epochs_quiz, evaluate, mlp, train_or_eval
from helpers.check.notebook_5 import forward, run_epoch
from helpers.check.notebook_6 import mean_over_processes, processes_quiz, share_out, whole_gradient

__all__ = [  # noqa: RUF022
    "Feedback", "progress",
    "mse_loss", "l1_loss", "huber_loss", "strict_mse", "bce_by_hand", "bce_with_logits", "softmax", "cross_entropy",
    "first_loss", "which_loss",
    "standardise", "make_network", "count_parameters", "sgd_by_hand", "walk", "fit", "accuracy", "classify",
    "learning_rates", "steps_until", "try_rates",
    "custom_dataset", "make_loaders", "dataloader_quiz",
    "count_iterations", "epochs_quiz", "batch_sizes", "train_or_eval", "evaluate", "mlp",
    "forward", "run_epoch",
    "whole_gradient", "mean_over_processes", "share_out", "processes_quiz",
]  # fmt: skip
