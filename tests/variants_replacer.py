"""Most answers are one right answer with a piece replaced, as a student's slip would replace it."""

from collections.abc import Callable


def replacer(source: str) -> Callable[..., str]:
    """Return a function that gives this source with some pieces replaced: old, new, old, new ..."""

    def but(*pieces: str) -> str:
        changed = source
        for old, new in zip(pieces[::2], pieces[1::2], strict=True):
            assert changed.count(old) == 1, old
            changed = changed.replace(old, new)
        return changed

    return but
