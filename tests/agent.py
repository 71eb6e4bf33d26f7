"""What torchrun's agent does, in a second: start a script in several processes, and again when one dies.

The processes are forks of a server that has imported PyTorch. They import this module, which therefore imports little.
"""

import multiprocessing
import os
import runpy
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import torch
import torch.distributed as dist

SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload(["torch._dynamo", "torch.distributed.run", "helpers.data"])


def worker(script, arguments, environment, output):
    """Run a script as torchrun's workers do."""
    os.environ.update(environment)
    torch.set_num_threads(1)
    sys.argv = [str(script), *arguments]
    os.chdir(Path(script).parent)
    with open(output, "w", buffering=1) as file, redirect_stdout(file), redirect_stderr(file):
        try:
            runpy.run_path(str(script), run_name="__main__")
        except Exception:
            traceback.print_exc()
            sys.exit(1)


class Agent:
    """Starts a script in several processes, as torchrun's agent does, with one store for all attempts."""

    def __init__(self, folder, world_size, *arguments, script):
        self.folder, self.world_size, self.arguments = folder, world_size, arguments
        (folder / "train.py").write_text(script)

    def start(self, attempt=0):
        if attempt == 0:
            self.store = dist.TCPStore("127.0.0.1", 0, is_master=True, wait_for_workers=False)
        shared = {"WORLD_SIZE": self.world_size, "LOCAL_WORLD_SIZE": self.world_size}
        shared |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": self.store.port, "CUDA_VISIBLE_DEVICES": ""}
        shared |= {"TORCHELASTIC_USE_AGENT_STORE": True, "TORCHELASTIC_RESTART_COUNT": attempt}
        self.workers = []
        for rank in range(self.world_size):
            own = {"RANK": rank, "LOCAL_RANK": rank}
            environment = {key: str(value) for key, value in {**shared, **own}.items()}
            arguments = (self.folder / "train.py", self.arguments, environment, self.folder / f"{rank}.out")
            self.workers.append(SERVER.Process(target=worker, args=arguments))
            self.workers[-1].start()

    def output(self, rank=0):
        file = self.folder / f"{rank}.out"
        return file.read_text() if file.exists() else ""

    def wait(self):
        """Return the exit codes of all processes."""
        for process in self.workers:
            process.join(60)
        return [process.exitcode for process in self.workers]

    def kill_all(self):
        for process in self.workers:
            process.kill()
            process.join()
