"""Checks for the exercises: each says at once whether an answer is right, and if not, which mistake it is.

Every check takes what the student wrote and returns a :class:`Feedback`. It judges what the answer does, not
how it is spelled; it never raises; and it leaves the student's networks, data, names and random numbers as
they were.
"""

from helpers.check.core import Feedback, progress
from helpers.check.notebook_1 import bce_with_logits, cross_entropy, l1_loss, mse_loss, which_loss
from helpers.check.notebook_2 import learning_rates, sgd_by_hand, training_step
from helpers.check.notebook_3 import (
    custom_dataset,
    dataloader_quiz,
    digit_files,
    hour_means,
    make_loaders,
    split_and_scale,
)
from helpers.check.notebook_4 import batch_sizes, count_iterations, epochs_quiz, evaluate, mlp, train_or_eval
from helpers.check.notebook_5 import (
    bug_hunt,
    forward,
    project,
    project_test,
    run_epoch,
    run_epochs,
    sort_operations,
)
from helpers.check.notebook_6 import mean_over_processes, processes_quiz, share_out, whole_gradient

__all__ = [  # noqa: RUF022
    "Feedback", "progress",
    "mse_loss", "l1_loss", "bce_with_logits", "cross_entropy", "which_loss",
    "sgd_by_hand", "training_step", "learning_rates",
    "custom_dataset", "split_and_scale", "make_loaders", "hour_means", "digit_files", "dataloader_quiz",
    "count_iterations", "epochs_quiz", "batch_sizes", "train_or_eval", "evaluate", "mlp",
    "sort_operations", "forward", "run_epochs", "bug_hunt", "run_epoch", "project", "project_test",
    "whole_gradient", "mean_over_processes", "share_out", "processes_quiz",
]  # fmt: skip
