"""Checks for the exercises: each says at once whether an answer is right, and if not, which mistake it is.

Every check takes what the student wrote and returns a :class:`Feedback`. It judges what the answer does, not
how it is spelled; it never raises; and it leaves the student's networks, data, names and random numbers as
they were.
"""

from helpers.check.feedback import Feedback, progress
from helpers.check.notebook_1 import bce_with_logits, cross_entropy, l1_loss, mse_loss, which_loss
from helpers.check.notebook_2 import learning_rates, training_step
from helpers.check.notebook_3 import custom_dataset, dataloader_quiz
from helpers.check.notebook_4 import batch_sizes, count_iterations, epochs_quiz, train_or_eval
from helpers.check.notebook_5 import forward
from helpers.check.notebook_6 import mean_over_processes, processes_quiz

__all__ = [
    "Feedback",
    "batch_sizes",
    "bce_with_logits",
    "count_iterations",
    "cross_entropy",
    "custom_dataset",
    "dataloader_quiz",
    "epochs_quiz",
    "forward",
    "l1_loss",
    "learning_rates",
    "mean_over_processes",
    "mse_loss",
    "processes_quiz",
    "progress",
    "train_or_eval",
    "training_step",
    "which_loss",
]
