"""A student's code: copied, so that a check changes nothing in the notebook, and run.

A function is copied as if it were sent to another process: pickled with all the notebook's names that it uses, and
made again from that. What it then changes are the copies.
"""

from __future__ import annotations

import _thread
import io
import linecache
import pickle
import signal
import sys
import threading
import traceback
import types
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import MagicMock

import torch
from torch import nn

from helpers.check.core import NOT_ATTEMPTED, Mistake, refuse
from helpers.language import say

try:  # scikit-learn's joblib brings it, as a package of its own or, before version 1.6, inside
    from cloudpickle import CloudPickler
except ImportError:
    from joblib.externals.cloudpickle import CloudPickler

SECONDS = 10  # so long may one call of a student's function take; what a check asks for takes far less
# A copy of a figure would be shown beside the original; a copy of a queue or a writer has no thread that empties it.
LEFT_ALONE = ("matplotlib", "IPython", "ipykernel", "ipywidgets", "tqdm")
WRITERS = ("torch.utils.tensorboard", "tensorboardX")  # what a check tries is not for a student's own curves
FOREIGN = (type(threading.Lock()), type(threading.RLock()), threading.Thread, threading.Condition, io.IOBase)


def copied(answer: Any, stand_in: Callable[[Any], Any] = lambda value: value) -> Any:
    """Return a student's function, class or object again, with copies of all that it uses of the notebook.

    Args:
        answer: what the student handed in.
        stand_in: gets each object that is to be copied, and returns what takes its place; the object itself where
            it is to be copied.
    """
    as_they_are: list[Any] = []
    while True:
        file = io.BytesIO()
        copier = _Copier(file, stand_in, as_they_are)
        try:
            copier.dump(answer)
            file.seek(0)
            return _Maker(file, copier.handed_on).load()
        except Exception:  # what cannot be copied, such as a generator, is handed on as it is
            if any(copier.last is value for value in as_they_are):
                raise
            as_they_are.append(copier.last)


def names_of(answer: Any) -> dict[str, Any]:
    """Return the names among which a function, a method, a partial or an object that is called looks others up."""
    function = getattr(answer, "func", answer)
    return getattr(function, "__globals__", None) or getattr(type(function).__call__, "__globals__", {})


class _Copier(CloudPickler):
    def __init__(self, file: io.BytesIO, stand_in: Callable[[Any], Any], as_they_are: list[Any]) -> None:
        super().__init__(file)
        self.stand_in, self.as_they_are, self.last = stand_in, as_they_are, None
        self.handed_on: list[Any] = []

    def persistent_id(self, value: Any) -> int | None:
        """Return a number for what is not copied."""
        is_writer = type(value).__module__.startswith(WRITERS)
        new = MagicMock() if is_writer else self.stand_in(value)  # it takes every call
        if new is value and not self._is_left_alone(value):
            return None
        self.handed_on.append(new)
        return len(self.handed_on) - 1

    def _is_left_alone(self, value: Any) -> bool:
        if isinstance(value, (type, types.FunctionType, types.ModuleType)):
            return False
        if isinstance(value, types.CodeType):
            return True  # it never changes, and knows its cell
        parts = [value, *getattr(value, "__dict__", {}).values()]
        is_outside = type(value).__module__.partition(".")[0] in LEFT_ALONE
        is_known = any(value is other for other in self.as_they_are)
        return is_outside or is_known or any(isinstance(part, FOREIGN) for part in parts)

    def reducer_override(self, value: Any) -> Any:
        """Make a class of the notebook again, whose methods use the copies: cloudpickle would hand on the class."""
        self.last = value
        if type(value) is type and value.__module__ == "__main__" and "__slots__" not in vars(value):
            made_by_python = ("__dict__", "__weakref__")
            attributes = {name: of for name, of in vars(value).items() if name not in made_by_python}
            return type, (value.__name__, value.__bases__, {}), attributes, None, None, _set_attributes
        return super().reducer_override(value)


def _set_attributes(cls: type, attributes: dict[str, Any]) -> None:
    for name, value in attributes.items():
        setattr(cls, name, value)


class _Maker(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, handed_on: list[Any]) -> None:
        super().__init__(file)
        self.handed_on = handed_on

    def persistent_load(self, number: int) -> Any:
        return self.handed_on[number]


def run(function: Callable, *arguments: Any, seconds: float | None = None) -> tuple[Any, str]:
    """Call a student's code; return its result and all that it showed, which stays out of the notebook.

    It may take SECONDS, or as many as are given here.

    Raises:
        Mistake: "raises", if the code stops with an error, which is its ``__cause__``; "takes-too-long";
            "leaves-gradients-off"; "loss-not-made"; NOT_ATTEMPTED where it says ``raise NotImplementedError``.
    """
    from IPython.utils.capture import capture_output

    limit = seconds or SECONDS
    try:
        with capture_output() as captured, warnings.catch_warnings(), torch.enable_grad(), _time_limit(limit):
            warnings.simplefilter("ignore")
            result = function(*arguments)
            is_off = not torch.is_grad_enabled()
    except Mistake:
        raise
    except TimeoutError as error:
        raise Mistake("takes-too-long", seconds=limit, place=_place(error.__context__)) from error
    except (Exception, SystemExit) as error:
        frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
        made = [type(f.f_locals.get("self")).__name__ for f in frames if _makes_a_loss(f)]
        refuse("loss-not-made", made, name=made[0] if made else "")
        line = traceback.extract_tb(error.__traceback__)[-1].line or ""  # PyTorch, too, raises such errors
        is_to_come = isinstance(error, NotImplementedError) and "raise" in line and _is_of_student(frames[-1])
        refuse(NOT_ATTEMPTED, is_to_come)
        message = f"{type(error).__name__}: {' '.join(str(error).split())}".strip(": ")
        raise Mistake("raises", place=_place(error), message=message) from error
    refuse("leaves-gradients-off", is_off)
    displayed = [str(text) for output in captured.outputs for text in output.data.values()]
    return result, "\n".join([captured.stdout, captured.stderr, *displayed])


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raise a TimeoutError in the code below if it takes too long: as Jupyter's interrupt would, in its midst."""
    main, is_late = threading.main_thread(), threading.Event()
    if threading.current_thread() is not main:
        yield
        return

    def interrupt() -> None:
        is_late.set()
        if sys.platform == "win32":
            _thread.interrupt_main()
        else:  # this ends the waiting for a lock, too
            signal.pthread_kill(main.ident, signal.SIGINT)

    timer = threading.Timer(seconds, interrupt)
    timer.start()
    try:
        yield
    except KeyboardInterrupt:
        if is_late.is_set():
            raise TimeoutError from None
        raise
    finally:
        timer.cancel()


def _makes_a_loss(frame: types.FrameType) -> bool:
    return (frame.f_code.co_name, frame.f_globals.get("__name__")) == ("__init__", nn.modules.loss.__name__)


def _place(error: BaseException | None) -> str:
    """Return in which line of the student's an error arose, where it can be told."""
    steps = list(traceback.walk_tb(error.__traceback__)) if error else []
    own = [(frame, number) for frame, number in steps if _is_of_student(frame)]
    if not own:
        return ""
    frame, number = own[-1]
    line = linecache.getline(frame.f_code.co_filename, number).strip()
    return say("in-line", number=number, line=line)


def _is_of_student(frame: types.FrameType) -> bool:
    return frame.f_globals.get("__name__") == "__main__"
