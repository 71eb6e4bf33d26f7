"""Checks for the exercises: each says at once whether an answer is right, and if not, which mistake it is.

Every check takes what the student wrote and returns a :class:`Feedback`. It judges what the answer does, not
how it is spelled; it never raises; and it leaves the student's networks, data, names and random numbers as
they were.
"""

from helpers.check.core import EXERCISES, Feedback, progress
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
from helpers.check.notebook_3 import (
    custom_dataset,
    dataloader_quiz,
    digit_files,
    hour_means,
    make_loaders,
    split_and_scale,
)
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

__all__ = ["Feedback", "progress", *(name for names in EXERCISES.values() for name in names)]
