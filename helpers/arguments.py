"""What several helpers ask of their arguments, with errors that say what was expected and what came."""

import operator
from collections.abc import Callable, Sequence
from typing import Any

from helpers.language import translate

__all__ = ["listed", "shortened", "whole_number"]


def shortened(words: str) -> str:
    """Return a name or a cell of at most 40 characters: an error is a sentence, not a dump."""
    return words if len(words) <= 40 else words[:37] + "..."


def listed(names: Sequence[str], show: Callable[[str], str] = str) -> str:
    """Return names separated by commas, long ones and long lists cut short."""
    shown = ", ".join(show(shortened(name)) for name in names[:20])
    return (
        shown
        if len(names) <= 20
        else translate("{names} and {count} more", names=shown, count=len(names) - 20)
    )


def whole_number(value: Any, name: str, smallest: int = 1, largest: int | None = None) -> int:
    """Return a whole number as an int, NumPy's and PyTorch's included.

    Raises:
        ValueError: if it is none, or out of range; ``name`` says what it was to be.
    """
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if (
        number is None
        or isinstance(value, bool)
        or number < smallest
        or (largest is not None and number > largest)
    ):
        complaint = "{name} should be a whole number from {smallest} to {largest}, got {value!r}."
        if largest is None:
            complaint = "{name} should be a whole number from {smallest} up, got {value!r}."
        raise ValueError(translate(complaint, name=name, smallest=smallest, largest=largest, value=value))
    return number
