"""What several helpers ask of their arguments, with errors that say what was expected and what came."""

import operator
from typing import Any

__all__ = ["whole_number"]


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
