"""Commands of a terminal, python's and torchrun's: what they print is shown at once, and no process is left behind."""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from helpers.language import translate

__all__ = ["free_port", "run"]

COURSE = Path(__file__).resolve().parents[1]
# What a cell types, and what is run: the Python of this kernel, whatever the PATH says.
PROGRAMS = {"python": [sys.executable], "torchrun": [sys.executable, "-m", "torch.distributed.run"]}


def run(*commands: str, folder: str | Path, then: Callable[[str], None] | None = None) -> None:
    """Run one command, or several at once, and print what they print.

    The helpers can be imported there, a GPU is not seen, each process computes with one thread, and the
    processes meet on this computer alone. Whether this ends well, with an error or by an interrupt, no process
    goes on. On Windows, where torchrun does not work, one line says what to do, and nothing is run.

    Args:
        commands: each begins with ``python`` or ``torchrun``.
        folder: where to run them; temporary files go there, too.
        then: called with each line, once it is printed.

    Raises:
        RuntimeError: if a command fails; with the first error that was written.
    """
    if os.name == "nt":
        print(translate("torchrun does not work on Windows. Use WSL or Colab, where it does."))
        return
    started = []
    reader, writer = os.pipe()
    with open(reader, encoding="utf-8") as output, tempfile.TemporaryFile("w+", dir=folder) as errors:
        try:
            with open(writer, "w") as end:  # closed, so that the loop below ends when the last process does
                for command in commands:
                    print("$", command, flush=True)
                    started.append(_start(command, folder, end, errors))
            for line in output:
                print(line, end="", flush=True)
                if then:
                    then(line.rstrip())
            codes = [process.wait() for process in started]
        finally:
            _stop(started)
        errors.seek(0)
        cause = _first_error(errors.read())
    for command, code in zip(commands, codes, strict=True):
        if code:
            raise RuntimeError(translate("`{command}` failed: {cause}", command=command, cause=cause))


def free_port() -> int:
    """Return a port of this computer that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def loopback() -> str:
    """Return the name of the network interface by which processes of this computer reach each other."""
    return next(name for _, name in socket.if_nameindex() if name.startswith("lo"))


def _start(command: str, folder: str | Path, output: TextIO, errors: TextIO) -> subprocess.Popen:
    program, *arguments = shlex.split(command)
    environment = {
        **os.environ,
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


def _first_error(text: str) -> str:
    """Return the line that names what went wrong first, not what torchrun says of it afterwards."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    named = (line for line in lines if re.match(r"[\w.]+(Error|Exception): |[\w.]+: error: ", line))
    return next(named, lines[-1] if lines else "")
