"""Scripts made of a notebook's functions, and commands of a terminal, python's and torchrun's, that run them.

What they print is shown at once, and no process is left behind.
"""

from __future__ import annotations

import ast
import dis
import inspect
import math
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
import typing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple, TextIO

import torch

from helpers.language import say

__all__ = ["run", "save_script"]

COURSE = Path(__file__).resolve().parents[1]
# What a cell types, and what is run: the Python of this kernel, whatever the PATH says.
PROGRAMS = {"python": [sys.executable], "torchrun": [sys.executable, "-m", "torch.distributed.run"]}
# Left in the kernel by another training, these would send the processes to its meeting point.
OTHERS = re.compile("((LOCAL|GROUP|ROLE)_)?(RANK|WORLD_SIZE)|MASTER_(ADDR|PORT)|TORCHELASTIC_.*|PET_.*")
TRIES = 3
# So many seconds may the other commands take to end by themselves once one of them has failed.
PATIENCE = 2


def run(*commands: str, folder: str | Path, then: Callable[[str], None] | None = None) -> None:
    """Run one command, or several at once, and print what they print.

    The helpers can be imported there, a GPU is not seen, each process computes with one thread, and the
    processes meet on this computer alone. Whether this ends well, with an error or by an interrupt, no process
    goes on; where one of several commands fails, the others are ended. On Windows, where torchrun does not work,
    one line says what to do, and nothing is run.

    Args:
        commands: each begins with ``python`` or ``torchrun``. The word PORT becomes a free port, the same in all.
        folder: where to run them; temporary files go there, too.
        then: called with each line, once it is printed.

    Raises:
        RuntimeError: if a command fails; with the signal that ended a process, or the first error that was written.
    """
    if os.name == "nt":
        print(say("processes.windows"))
        return
    finds_a_port = any(re.search(r"\bPORT\b|--standalone", command) for command in commands)
    for tries_left in reversed(range(TRIES)):
        port = str(_free_port())
        failures = _run_once([re.sub(r"\bPORT\b", port, command) for command in commands], folder, then)
        # A port that was free when it was looked for may be another program's by now.
        is_taken = any(re.search("EADDRINUSE|address already in use", failure.report) for failure in failures)
        if not (is_taken and finds_a_port and tries_left):
            break
    if failures:
        # Where a process died, the errors of the others only say that they miss it.
        first = min(failures, key=lambda failure: failure.signal is None)
        raise RuntimeError(say("processes.failed", command=first.command, cause=first.cause))


class Failure(NamedTuple):
    """A command that failed, with its exit code and what it wrote as errors."""

    command: str
    code: int
    report: str

    @property
    def root(self) -> tuple[str | None, int]:
        """The rank of the process that ended first, as far as torchrun tells it, and its exit code."""
        found = re.search(r"Root Cause.*?rank +: (\d+).*?exitcode +: (-?\d+)", self.report, re.DOTALL)
        return (found[1], int(found[2])) if found else (None, self.code)

    @property
    def signal(self) -> str | None:
        """The name of the signal that ended that process, if one did."""
        _, code = self.root
        return signal.Signals(-code).name if code < 0 else None

    @property
    def cause(self) -> str:
        """What went wrong first, in a line, and not what torchrun says of it afterwards."""
        rank, code = self.root
        lines = self._own_lines()
        last = lines[-1] if lines else ""
        if self.signal:
            key = "processes.ended-by" if rank is None else "processes.rank-ended-by"
            cause = say(key, rank=rank, signal=self.signal)
            return say("processes.last-line", cause=cause, line=last) if last else cause
        named = (line for line in lines if re.match(r"[\w.]+(Error|Exception): |[\w.]+: error: ", line))
        return next(named, last or say("processes.exit-code", code=code))

    def _own_lines(self) -> list[str]:
        """Return the lines that the processes wrote themselves, without tracebacks."""
        before_summary = self.report.split(
            "torch.distributed.elastic.multiprocessing.errors.ChildFailedError"
        )[0]
        lines = [re.sub(r"^\[rank\d+\]: ?", "", line) for line in before_summary.splitlines()]
        not_own = re.compile(r"\s|$|Traceback |[DIWEC]\d{4} \S+ \d+ \S*torch/distributed/|(\W)\1*$")
        return [line.strip() for line in lines if not not_own.match(line)]


def _run_once(commands: list[str], folder: str | Path, then: Callable[[str], None] | None) -> list[Failure]:
    """Run commands at once, print what they print, and return those that failed, in the order of their ends."""
    reader, writer = os.pipe()
    with ExitStack() as stack:
        output = stack.enter_context(open(reader, encoding="utf-8"))
        errors = [stack.enter_context(tempfile.TemporaryFile("w+", dir=folder)) for _ in commands]
        watcher = stack.enter_context(ThreadPoolExecutor(1))
        started = []
        try:
            with open(writer, "w") as end:  # closed, so that the loop below ends when the last process does
                for command, file in zip(commands, errors, strict=True):
                    print("$", command, flush=True)
                    started.append(_start(command, folder, end, file))
            failed = watcher.submit(_wait, started)
            for line in output:
                print(line, end="", flush=True)
                if then:
                    then(line.rstrip())
            numbers = failed.result()
        finally:
            _stop(started)
        for file in errors:
            file.seek(0)
        return [Failure(commands[n], started[n].returncode, errors[n].read()) for n in numbers]


def _wait(processes: list[subprocess.Popen]) -> list[int]:
    """Wait for the end of all; return the numbers of those that fail, the first first.

    torchrun would wait for minutes for another torchrun that has failed, so the others are then ended.
    """
    failed: list[int] = []
    running, last_moment = set(range(len(processes))), math.inf
    while running and time.monotonic() < last_moment:
        time.sleep(0.02)
        ended = {n for n in running if processes[n].poll() is not None}
        running -= ended
        failed += [n for n in ended if processes[n].returncode]
        if failed:
            last_moment = min(last_moment, time.monotonic() + PATIENCE)
    _stop([processes[n] for n in running])
    return failed


def save_script(file: str | Path, main: Callable[[], None]) -> None:
    """Write a script that calls ``main``: this function, those of the notebook that it uses, and what they import.

    Args:
        file: where to; a script that is there is replaced.
        main: a function of the notebook, written with ``def``, as are those that it uses.

    Raises:
        TypeError: if one of them uses what a script does not have, such as a network that the notebook holds.
    """
    script = _Script(inspect.unwrap(main).__globals__)
    script.add(main.__name__)
    start = f'if __name__ == "__main__":\n    {main.__name__}()\n'
    parts = ["\n".join(sorted(script.imports)), *script.parts, start]
    Path(file).write_text("\n\n\n".join(parts), encoding="utf-8")


class _Script:
    """What a script holds, so that functions of a notebook, whose names are these, run in it."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.names, self.seen = names, set[str]()
        self.imports, self.parts = set[str](), list[str]()

    def add(self, name: str) -> None:
        """Add what it takes for this name to stand for what it does in the notebook."""
        if name in self.seen or name not in self.names:  # a builtin
            return
        self.seen.add(name)
        value = self.names[name]
        is_of_typing = getattr(typing, getattr(value, "__name__", ""), None) is value  # Optional is no class
        is_defined = isinstance(value, (type, FunctionType, BuiltinFunctionType)) or is_of_typing
        if isinstance(value, ModuleType):
            self._import(value.__name__, name)
        elif isinstance(value, FunctionType) and inspect.unwrap(value).__globals__ is self.names:
            self._define(inspect.unwrap(value), name)
        elif is_defined and value.__module__ != self.names["__name__"]:
            self._import(f"{_home(value)}.{value.__name__}", name)
        elif isinstance(value, (torch.dtype, torch.device)):
            self.imports.add("import torch")
            self.parts.append(f"{name} = torch.{repr(value).removeprefix('torch.')}")
        elif _is_literal(value):
            self.parts.append(f"{name} = {value!r}")
        else:
            raise TypeError(say("processes.not-in-a-script", name=name))

    def _import(self, path: str, name: str) -> None:
        package, _, last = path.rpartition(".")
        line = f"from {package} import {last}" if package else f"import {last}"
        self.imports.add(line if last == name else f"{line} as {name}")

    def _define(self, function: FunctionType, name: str) -> None:
        if function.__name__ == "<lambda>":
            raise TypeError(say("processes.not-in-a-script", name=name))
        source = textwrap.dedent(inspect.getsource(function)).strip()
        for used in [*_globals_in(function.__code__), *_names_around(source)]:
            self.add(used)
        self.parts.append(source)
        if function.__name__ != name:
            self.parts.append(f"{name} = {function.__name__}")


def _globals_in(code: CodeType) -> list[str]:
    """Return the names that a function looks up outside itself, in the order of their use."""
    names = [step.argval for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL"]
    inner = [const for const in code.co_consts if isinstance(const, CodeType)]
    return list(dict.fromkeys([*names, *(name for each in inner for name in _globals_in(each))]))


def _names_around(source: str) -> list[str]:
    """Return the names in a function's decorators, annotations and defaults."""
    function: Any = ast.parse(source).body[0]
    function.body = []
    return [node.id for node in ast.walk(function) if isinstance(node, ast.Name)]


def _is_literal(value: Any) -> bool:
    """Tell whether a script can hold this value as it is written."""
    try:
        return bool(ast.literal_eval(repr(value)) == value)
    except (ValueError, SyntaxError):
        return False


def _home(value: Any) -> str:
    """Return the package that offers a class or function: the shortest name that will do."""
    parts = value.__module__.split(".")
    packages = [".".join(parts[:count]) for count in range(1, len(parts) + 1)]
    return next(p for p in packages if getattr(sys.modules.get(p), value.__name__, None) is value)


def _free_port() -> int:
    """Return a port of this computer that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def loopback() -> str:
    """Return the name of the network interface by which processes of this computer reach each other."""
    return next(name for _, name in socket.if_nameindex() if name.startswith("lo"))


def _start(command: str, folder: str | Path, output: TextIO, errors: TextIO) -> subprocess.Popen:
    program, *arguments = shlex.split(command)
    environment = {
        **{name: value for name, value in os.environ.items() if not OTHERS.fullmatch(name)},
        "PYTHONPATH": os.pathsep.join(filter(None, [str(COURSE), os.environ.get("PYTHONPATH")])),
        "PYTHONUNBUFFERED": "1",
        "OMP_NUM_THREADS": "1",  # as torchrun does it, but for a single process and without a warning
        "CUDA_VISIBLE_DEVICES": "",
        "TMPDIR": str(folder),  # torchrun leaves a folder for its logs
        "PET_RDZV_CONF": "join_timeout=60",  # seconds that torchrun waits for another machine; its own are 600
        # Many a computer does not find its own name in the network.
        "PET_LOCAL_ADDR": "127.0.0.1",
        "GLOO_SOCKET_IFNAME": loopback(),
    }
    # In a session of its own, so that Jupyter's interrupt reaches this process, which then ends the others in order.
    return subprocess.Popen(
        [*PROGRAMS[program], *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
        start_new_session=True,
    )


def _stop(processes: list[subprocess.Popen]) -> None:
    """End what still runs. torchrun ends its workers first; if it does not, their own patience does."""
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
