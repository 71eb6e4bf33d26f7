"""What several helpers ask of their arguments, with errors that say what was expected and what came."""

import operator
from collections.abc import Callable, Sequence
from typing import Any

__all__ = ["listed", "shortened", "whole_number"]


def shortened(text: str) -> str:
    """Return a name or a cell of at most 40 characters: an error is a sentence, not a dump."""
    return text if len(text) <= 40 else text[:37] + "..."


def listed(names: Sequence[str], show: Callable[[str], str] = str) -> str:
    """Return names separated by commas, long ones and long lists cut short."""
    shown = [show(shortened(name)) for name in names[:20]]
    return ", ".join(shown) + (f" and {len(names) - 20} more" if len(names) > 20 else "")


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
        range_ = f"from {smallest} up" if largest is None else f"from {smallest} to {largest}"
        raise ValueError(f"{name} should be a whole number {range_}, got {value!r}.")
    return number
