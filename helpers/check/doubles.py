"""Running a student's code so that nothing outside the check notices.

The code is made again on a namespace of its own, which doubles each of the notebook's objects when the code first
asks for it. The notebook itself is never touched, so there is nothing to put back, whatever happens meanwhile.
"""

from __future__ import annotations

import builtins
import contextlib
import copy
import functools
import inspect
import io
import linecache
import sys
import traceback
import types
import warnings
from collections import deque
from collections.abc import Callable
from types import CellType, FunctionType, MethodType
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from helpers.check.feedback import Mistake
from helpers.language import translate

# Libraries whose objects are not doubled: a copy of a figure would be shown beside the original.
LEFT_ALONE = ("matplotlib", "IPython", "ipykernel", "ipywidgets", "tqdm")


def names_of_the_notebook() -> dict[str, Any]:
    return vars(sys.modules["__main__"])


def double(answer: Any, stand_in: Callable[[Any], Any] = lambda value: value, **given: Any) -> Any:
    """Make a student's function, class or object again, among doubles of what the notebook holds.

    Args:
        answer: what the student handed in.
        stand_in: gets each object of the notebook that is asked for, and returns what takes its place; the same
            object where it is to be copied.
        given: names that hold these objects, whatever they hold in the notebook.
    """
    return Names(names_of_the_notebook(), stand_in, given).double(answer)


class Names(dict):
    """The notebook's names as a student's code finds them during a check: each is doubled when it is asked for."""

    def __init__(self, notebook: dict, stand_in: Callable[[Any], Any], given: dict) -> None:
        super().__init__(given, __builtins__=builtins, __name__="__main__")
        self.notebook, self.stand_in = notebook, stand_in
        # By identity, what is doubled, so that it lives on and its identity stays its own, and its double.
        self.memo = {id(notebook): (notebook, self)}

    def __missing__(self, name: str) -> Any:
        self[name] = self.double(self.notebook[name])  # on a KeyError Python looks among its builtins
        return self[name]

    def double(self, value: Any) -> Any:
        """Return the double of an object: always the same one for the same object."""
        if id(value) not in self.memo:
            new = self.stand_in(value)
            self._remember(value, self._made_again(value) if new is value else new)
        return self.memo[id(value)][1]

    def _remember(self, value: Any, new: Any) -> Any:
        """Note an object's double and return it, or the one that was made meanwhile, on the way round a circle."""
        return self.memo.setdefault(id(value), (value, new))[1]

    def _made_again(self, value: Any) -> Any:
        if isinstance(value, FunctionType):
            return self._function(value)
        if isinstance(value, type):
            return self._class(value)
        if isinstance(value, CellType):
            return self._cell(value)
        if isinstance(value, MethodType):
            return MethodType(self.double(value.__func__), self.double(value.__self__))
        if isinstance(value, (staticmethod, classmethod)):
            return type(value)(self.double(value.__func__))
        if isinstance(value, functools.partial):
            func, arguments, keywords = map(self.double, (value.func, value.args, value.keywords))
            return functools.partial(func, *arguments, **keywords)
        if isinstance(value, (list, deque, dict, set)):
            return self._container(value)
        if isinstance(value, tuple):
            items = [self.double(v) for v in value]
            return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
        if isinstance(value, Tensor):
            new = value.detach().clone().requires_grad_(value.requires_grad)
            return nn.Parameter(new, value.requires_grad) if isinstance(value, nn.Parameter) else new
        return self._object(value)

    def _function(self, function: FunctionType) -> FunctionType:
        """Return a function of the notebook, or one that decorates such a one, made again."""
        if inspect.unwrap(function).__globals__ is not self.notebook:
            return function
        names = self if function.__globals__ is self.notebook else function.__globals__
        cells = tuple(self.double(cell) for cell in function.__closure__ or ()) or None
        made = FunctionType(function.__code__, names, function.__name__, None, cells)
        new = self._remember(function, made)
        if new is made:
            new.__defaults__ = self.double(function.__defaults__)
            new.__kwdefaults__ = self.double(function.__kwdefaults__)
            new.__qualname__ = function.__qualname__
            vars(new).update(self.double(vars(function)))
        return new

    def _cell(self, cell: CellType) -> CellType:
        new = self._remember(cell, CellType())
        with contextlib.suppress(ValueError):  # an empty cell
            new.cell_contents = self.double(cell.cell_contents)
        return new

    def _class(self, cls: type) -> type:
        """Return a class of the notebook made again, and any other as it is."""
        if cls.__module__ != "__main__" or type(cls) is not type:
            return cls
        # Not what Python makes itself for each class: __dict__, __weakref__ and, with __slots__, one for each slot.
        made_by_python = (types.GetSetDescriptorType, types.MemberDescriptorType)
        attributes = {name: of for name, of in vars(cls).items() if not isinstance(of, made_by_python)}
        new = self._remember(cls, type(cls.__name__, self.double(cls.__bases__), attributes))
        for name, value in attributes.items():
            if isinstance(value, FunctionType) or not name.startswith("__"):
                setattr(new, name, self.double(value))
        return new

    def _container(self, value: Any) -> Any:
        new = self._remember(value, copy.copy(value))
        new.clear()
        if isinstance(value, dict):
            new.update({self.double(k): self.double(v) for k, v in value.items()})
        else:
            fill = new.update if isinstance(value, set) else new.extend
            fill([self.double(v) for v in value])
        return new

    def _object(self, value: Any) -> Any:
        cls = type(value)
        is_outside = isinstance(value, (types.ModuleType, io.IOBase))
        if is_outside or cls.__module__.partition(".")[0] in LEFT_ALONE:
            return value
        try:
            if hasattr(cls, "__deepcopy__") or not hasattr(value, "__dict__"):
                return copy.deepcopy(value)
            new = self._remember(value, self.double(cls).__new__(self.double(cls)))
        except Exception:  # some objects cannot be copied: a generator, a lock
            return value
        vars(new).update({name: self.double(v) for name, v in vars(value).items()})
        return new


class Call(NamedTuple):
    """What a call of the student's code gave."""

    result: Any
    shown: str  # what it printed and displayed


def run(function: Callable, *arguments: Any, what: str = "") -> Call:
    """Call a student's code, made again by :func:`double`, and keep what it shows out of the notebook.

    Args:
        function: what to call.
        arguments: what to call it with.
        what: what was called, for the sentence about an error, in the notebook's language; else "The function".

    Raises:
        Mistake: "raises", if the code stops with an error; the error is its ``__cause__``.
    """
    from IPython.utils.capture import capture_output

    try:
        with capture_output() as captured, warnings.catch_warnings(), torch.enable_grad():
            warnings.simplefilter("ignore")
            result = function(*arguments)
    except (Exception, SystemExit) as error:
        if nn.modules.loss._Loss.__init__.__code__ in [frame.f_code for frame, _ in _trace(error)]:
            raise loss_not_made() from error
        facts = {"what": what or translate("The function"), "error": _told(error)}
        raise Mistake("raises", "{what} stops with an error in {error}.", **facts) from error
    displayed = [str(text) for output in captured.outputs for text in output.data.values()]
    return Call(result, "\n".join([captured.stdout, captured.stderr, *displayed]))


def loss_not_made() -> Mistake:
    """Return the mistake of ``nn.CrossEntropyLoss(prediction, target)``."""
    return Mistake("loss-not-made", "A loss like `nn.CrossEntropyLoss` is a class: calling it makes the loss function, which is called afterwards. Write `nn.CrossEntropyLoss()(prediction, target)`: one pair of brackets makes it, the next calls it.")  # fmt: skip


def _told(error: BaseException) -> str:
    """Return an error in two parts: the student's line, where it can be told, and the message."""
    message = f"{type(error).__name__}: {' '.join(str(error).split())}".strip(": ")
    own = [(frame, number) for frame, number in _trace(error) if isinstance(frame.f_globals, Names)]
    if not own:
        return message
    frame, number = own[-1]
    line = linecache.getline(frame.f_code.co_filename, number).strip()
    return translate("line {number}, `{line}`: {message}", number=number, line=line, message=message)


def _trace(error: BaseException) -> list[tuple[types.FrameType, int]]:
    return list(traceback.walk_tb(error.__traceback__))
