"""Running a student's code so that nothing outside the check notices."""

from __future__ import annotations

import contextlib
import copy
import dis
import functools
import inspect
import io
import linecache
import sys
from collections.abc import Callable, Iterator
from types import CellType, FunctionType
from typing import Any, NamedTuple

import torch

from helpers.language import translate
from helpers.training import random_state_kept

# What the bytecode of a function without a body of its own is made of, from Python 3.10 on.
_EMPTY_BODY = {
    "RESUME",
    "LOAD_CONST",
    "RETURN_VALUE",
    "RETURN_CONST",
    "NOP",
    "LOAD_COMMON_CONSTANT",
    "NOT_TAKEN",
}


class Call(NamedTuple):
    """What a call of the student's code gave: its result and what it printed, or the error and where it arose."""

    result: Any
    printed: str
    error: str = ""
    unfinished: bool = False  # it raised NotImplementedError, which is another way of leaving a stub


class TooLong(BaseException):
    """Raised inside a student's loop that does not come to an end; not an Exception, which they might catch."""


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Put random states, gradient mode and default type back as they were before."""
    grad_mode, default_type = torch.is_grad_enabled(), torch.get_default_dtype()
    with random_state_kept():
        try:
            yield
        finally:
            torch.set_grad_enabled(grad_mode)
            torch.set_default_dtype(default_type)


def call(function: Callable, *arguments: Any) -> Call:
    """Call a student's function, keep what it prints, and turn an error into words."""
    printed = io.StringIO()
    try:
        with _captured(printed):
            result = function(*arguments)
    except NotImplementedError:
        return Call(None, printed.getvalue(), unfinished=True)
    except (Exception, SystemExit, TooLong) as error:
        return Call(None, printed.getvalue(), error=describe(error, function))
    return Call(result, printed.getvalue())


def describe(error: BaseException, function: Callable) -> str:
    """Return an error in two parts: the student's line, where it can be told, and the message."""
    if isinstance(error, TooLong):
        message = translate("it goes through the data again and again without coming to an end")
    else:
        message = f"{type(error).__name__}: {error}".strip()
    told = message
    trace = error.__traceback__
    while trace is not None:
        frame, number = trace.tb_frame, trace.tb_lineno
        if frame.f_globals is namespace(function):
            line = linecache.getline(frame.f_code.co_filename, number).strip()
            told = translate("line {number}: {message}", number=number, message=message)
            if line:
                told = translate(
                    "line {number}, `{line}`: {message}", number=number, line=line, message=message
                )
        trace = trace.tb_next
    return told


def is_stub(function: Callable) -> bool:
    """Tell whether a function's body is still empty: only ``...``, ``pass`` or a docstring."""
    function = plain(function)
    if not isinstance(function, FunctionType):
        return False
    instructions = list(dis.get_instructions(function))
    constants = [i.argval for i in instructions if i.opname in ("LOAD_CONST", "RETURN_CONST")]
    only_empty = all(instruction.opname in _EMPTY_BODY for instruction in instructions)
    return only_empty and all(constant in (None, ...) for constant in constants)


def is_untouched(function: Any) -> bool:
    """Tell whether a function is still the placeholder of the exercise, or its stub."""
    return function is ... or function is None or (callable(function) and is_stub(function))


def takes(function: Any, arguments: int) -> bool:
    """Tell whether something can be called with so many positional arguments."""
    if not callable(function) or inspect.isclass(function):
        return False
    try:
        inspect.signature(function).bind(*[None] * arguments)
    except (TypeError, ValueError):
        return False
    return True


def plain(function: Callable) -> Callable:
    """Return the function under decorators, ``functools.partial``, methods, classes and callable objects."""
    while True:
        if isinstance(function, functools.partial):
            function = function.func
        elif inspect.isclass(function) and inspect.isfunction(vars(function).get("__init__")):
            function = vars(function)["__init__"]
        elif inspect.ismethod(function):
            function = function.__func__
        elif hasattr(function, "__wrapped__"):
            function = function.__wrapped__
        elif not isinstance(function, FunctionType) and inspect.isfunction(
            vars(type(function)).get("__call__")
        ):
            function = type(function).__call__
        else:
            return function


def namespace(function: Callable) -> dict[str, Any]:
    """Return the names that a function finds around it: the notebook's."""
    return getattr(plain(function), "__globals__", None) or sys.modules["__main__"].__dict__


@contextlib.contextmanager
def instead(function: Callable, replace: Callable[[str, Any], Any], added: dict[str, Any]) -> Iterator[None]:
    """Let a function, and those it calls in the notebook, find other objects, and put all back afterwards.

    Args:
        function: the student's function.
        replace: gets each name and object of the notebook and returns what stands in for it, or the same object.
            It is asked for what the function has closed over and for its defaults as well.
        added: names that are to hold these objects whatever they held before.
    """
    names = namespace(function)
    before = dict(names)
    cells, defaults = _closures(function), []
    contents = [(cell, cell.cell_contents) for cell in cells]
    for f in _functions(function, names):
        if f.__defaults__ or f.__kwdefaults__:
            defaults.append((f, f.__defaults__, f.__kwdefaults__))
    try:
        for name, value in before.items():
            if not name.startswith("_") and name not in ("In", "Out"):  # IPython's own history
                names[name] = replace(name, _own_copy(value))
        names.update(added)
        for cell, value in contents:
            cell.cell_contents = replace("", _own_copy(value))
        for f, positional, keyword in defaults:
            f.__defaults__ = positional and tuple(replace("", value) for value in positional)
            f.__kwdefaults__ = keyword and {name: replace(name, value) for name, value in keyword.items()}
        yield
    finally:
        for f, positional, keyword in defaults:
            f.__defaults__, f.__kwdefaults__ = positional, keyword
        for cell, value in contents:
            cell.cell_contents = value
        for name in [name for name in names if name not in before]:
            del names[name]
        names.update(before)


@contextlib.contextmanager
def _captured(into: io.StringIO) -> Iterator[None]:
    """Keep what is printed, and in a notebook what is displayed, out of the cell's output."""
    with contextlib.ExitStack() as stack:
        if "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
            from IPython.utils.capture import capture_output

            shown = stack.enter_context(capture_output())
            stack.callback(lambda: into.write("\n".join(str(output) for output in shown.outputs)))
        stack.enter_context(contextlib.redirect_stdout(into))
        stack.enter_context(contextlib.redirect_stderr(into))
        yield


def _own_copy(value: Any) -> Any:
    """Return a copy of lists, dicts and sets, all the way down, so that what is appended does not stay."""
    if type(value) is list:
        return [_own_copy(v) for v in value]
    if type(value) is dict:
        return {k: _own_copy(v) for k, v in value.items()}
    if isinstance(value, (list, dict, set)):
        return copy.copy(value)
    return value


def _closures(function: Callable) -> list[CellType]:
    """Return the cells of a function and of the functions in them, each once; empty ones left out."""
    found: dict[int, CellType] = {}
    todo = [plain(function)]
    while todo:
        for cell in getattr(todo.pop(), "__closure__", None) or ():
            with contextlib.suppress(ValueError):  # an empty cell
                if id(cell) not in found:
                    value = cell.cell_contents
                    found[id(cell)] = cell
                    if isinstance(value, FunctionType):
                        todo.append(value)
    return list(found.values())


def _functions(function: Callable, names: dict[str, Any]) -> list[FunctionType]:
    """Return the student's function and the notebook's own functions, which it may call."""
    candidates = [plain(function), *names.values()]
    own = [f for f in candidates if isinstance(f, FunctionType) and f.__globals__ is names]
    return list({id(f): f for f in own}.values())
