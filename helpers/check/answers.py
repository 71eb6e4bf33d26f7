"""Looking at what a student hands in, before any of it is run."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable
from types import FunctionType
from typing import Any

from helpers.language import translate


def _empty() -> None: ...


def _documented() -> None:
    """A stub may have a docstring."""


def is_stub(answer: Any) -> bool:
    """Tell whether a function, or every method of a class, is still empty: only ``...``, ``pass`` or a docstring."""
    if isinstance(answer, type):
        return all(is_stub(method) for method in vars(answer).values() if isinstance(method, FunctionType))
    code = getattr(plain(answer), "__code__", None)
    empty = (_empty.__code__.co_code, _documented.__code__.co_code)
    return code is not None and code.co_code in empty and code.co_consts[-1] is None


def misfit(answer: Any, form: str) -> str | None:
    """Return the signature of what cannot be called as in "name(argument, argument)", None if it can or is unknown.

    A parameter with the name of one of the arguments has to stand in its place.
    """
    arguments = re.findall(r"\w+", form)[1:]
    try:
        signature = inspect.signature(answer)
    except (TypeError, ValueError):
        return None
    names = list(signature.parameters)[: len(arguments)]
    in_place = all(name == argument or name not in arguments for name, argument in zip(names, arguments, strict=False))
    try:
        signature.bind(*arguments)
    except TypeError:
        in_place = False
    return None if in_place else str(signature)


def kind_of(answer: Any) -> str:
    """Return what an answer is, where something else was expected."""
    return translate("a class") if isinstance(answer, type) else type(answer).__name__


def plain(function: Any) -> Any:
    """Return the function under decorators, ``functools.partial``, methods, classes and callable objects."""
    while not isinstance(function, FunctionType) or hasattr(function, "__wrapped__"):
        if isinstance(function, functools.partial):
            function = function.func
        elif inspect.ismethod(function):
            function = function.__func__
        elif hasattr(function, "__wrapped__"):
            function = function.__wrapped__
        elif isinstance(function, type):
            methods = [value for value in vars(function).values() if isinstance(value, FunctionType)]
            if not methods:
                return function
            function = methods[0]
        elif isinstance(vars(type(function)).get("__call__"), FunctionType):
            function = type(function).__call__
        else:
            return function
    return function
