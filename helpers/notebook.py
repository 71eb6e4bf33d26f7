"""What a cell needs to report while it runs: progress, an expected error."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from helpers.language import translate

if TYPE_CHECKING:
    from tqdm import tqdm

__all__ = ["expect_error", "progress_bar"]


def progress_bar(iterable: Iterable, desc: str = "", **options: Any) -> tqdm:
    """Return a progress bar around what a loop goes through: ``for lr in progress_bar(rates, "training"): ...``.

    tqdm's own bar for notebooks is a widget, which a stored notebook shows as "0%" or not at all. This one is
    a line of text that is replaced as it grows: a reader of the stored notebook sees its last state.

    Args:
        iterable: what to go through.
        desc: a few words to the left of the bar.
        options: as for ``tqdm.tqdm``.
    """
    from IPython import get_ipython
    from tqdm import tqdm

    if get_ipython() is None:  # a script: tqdm's bar for terminals
        return tqdm(iterable, desc, **options)
    return tqdm(iterable, desc, file=_LineOnPage(), ascii=False, **{"ncols": 90, **options})


class _LineOnPage(io.StringIO):
    """Where tqdm writes its bar: each text replaces the one before, in a single output of the cell."""

    _handle: Any = None

    def write(self, text: str) -> int:
        from IPython.display import display

        shown = {"text/plain": text.strip()}
        if not text.startswith("\r"):
            pass  # a line feed, or a move of the cursor between nested bars
        elif self._handle is None:
            self._handle = display(shown, raw=True, display_id=True)
        else:
            self._handle.update(shown, raw=True)
        return len(text)


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
