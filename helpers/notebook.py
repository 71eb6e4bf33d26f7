"""What a cell needs to report while it runs: progress, a figure that is redrawn in place, an expected error."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from helpers.language import translate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["LiveFigure", "expect_error", "progress_bar"]


def progress_bar(iterable: Iterable, desc: str = "", **options: Any) -> tqdm:
    """Return a progress bar around what a loop goes through: ``for lr in progress_bar(rates, "training"): ...``.

    tqdm's own bar for notebooks is a widget, which a stored notebook shows as "0%" or not at all, and its bar for
    terminals is shown in red, as an error. This one is what a cell prints: a reader sees its last state.

    Args:
        iterable: what to go through.
        desc: a few words to the left of the bar.
        options: as for ``tqdm.tqdm``.
    """
    return tqdm(iterable, desc, file=sys.stdout, ncols=90, **options)


class LiveFigure:
    """A place in the cell's output where each figure replaces the one before.

    ::

        live = LiveFigure()
        for iteration in range(201):
            ...  # one training step
            if iteration % 10 == 0:
                live.show(plot_decision_boundary(net, X, y))
    """

    def __init__(self) -> None:
        self._handle: Any = None

    def show(self, ax: Axes) -> None:
        """Show the figure that ``ax`` is part of, and close it: nothing is left open however long the loop."""
        import matplotlib.pyplot as plt
        from IPython.display import display

        if self._handle is None:
            self._handle = display(ax.figure, display_id=True)
        else:
            self._handle.update(ax.figure)
        plt.close(ax.figure)


@contextmanager
def expect_error(kind: type[Exception] = Exception) -> Iterator[None]:
    """Show the error that the code below raises, in one line instead of a traceback, and go on.

    The notebooks provoke errors to explain them, and "Run all" must get past those cells. Code that was mended
    raises nothing, and is told so.

    Args:
        kind: the class of the error that is expected; any other is raised as usual.
    """
    try:
        yield
    except kind as error:
        print(f"{type(error).__name__}:", " ".join(str(error).split()))
    else:
        print(translate("No {kind} this time: it ran without an error.", kind=kind.__name__))
