"""What a cell needs to show an error on purpose."""

from collections.abc import Iterator
from contextlib import contextmanager

from helpers.language import say

__all__ = ["expect_error"]


@contextmanager
def expect_error(kind: type[Exception]) -> Iterator[None]:
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
        print(say("errors.none", kind=kind.__name__))
