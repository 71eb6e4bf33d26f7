"""The one idea of the checks: compute what each known mistake would have produced, and see which the answer equals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from torch import Tensor

from helpers.check.core import Mistake


class Ways(tuple):
    """What a mistake gives that can be made in several ways: ``Ways([one, another])``."""


def alike(there: Any, expected: Any) -> bool:
    """Tell whether numbers, lists, arrays or tensors have the same shape and, but for rounding, the same values."""
    a, b = (
        np.asarray(v.detach().cpu() if isinstance(v, Tensor) else v, dtype=float) for v in (there, expected)
    )
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-4, atol=1e-5, equal_nan=True)


def is_right(
    there: Any,
    right: Any,
    mistakes: Mapping[str, Any],
    is_like: Callable[[Any, Any], bool] = alike,
    /,
    **values: Any,
) -> bool:
    """Tell whether an answer is right, False where it is wrong in a way that nobody knows.

    Args:
        there: what the answer gave.
        right: what it should give.
        mistakes: by its code, what each known mistake gives; or a function that works this out; or Ways.
        is_like: tells whether two of these are the same.
        values: for the placeholders of the mistakes' sentences.

    Raises:
        Mistake: the first that gives what is there.
    """
    if is_like(there, right):
        return True
    for code, ways in mistakes.items():
        for wrong in ways if isinstance(ways, Ways) else [ways]:
            if is_like(there, wrong() if callable(wrong) else wrong):
                raise Mistake(code, **values)
    return False
