"""Checks for the exercises: each says at once whether an answer is right, and if not, which mistake it is.

Every check takes what the student wrote and returns a :class:`Feedback`. It judges what the answer does, not
how it is spelled; it never raises; and it leaves the student's networks, data, names and random numbers as
they were.
"""

from helpers.check import notebook_1, notebook_2, notebook_3, notebook_4, notebook_5, notebook_6  # noqa: F401
from helpers.check.core import EXERCISES, Feedback, progress

# Each notebook's module has entered its exercises: check.mse_loss, check.fit ...
CHECKS = {name: check for checks in EXERCISES.values() for name, check in checks.items()}
globals().update(CHECKS)

__all__ = ["Feedback", "progress", *CHECKS]
