"""Notebook 6's training script in several processes, and what starts them.

Torchrun takes seconds to start, so most of these tests do its work themselves: see agent.py. Torchrun itself and plain
python start the script where the notebook is run, which compares their weights.
"""

import importlib.util
import os
import signal
import socket
import threading
import time
from pathlib import Path

import nbconvert
import pytest
import torch
from agent import Agent
from stored_notebooks import ENGLISH, PORTUGUESE, read, source_of
from torch import nn

from helpers import processes
from helpers.data import DATA, CSVDataset, mnist_loaders
from helpers.models import MLP
from helpers.processes import run
from helpers.training import seed_everything

pytestmark = pytest.mark.skipif(os.name == "nt", reason="torchrun does not work on Windows")
# What the scripts need of the notebook.
CELLS = ["imports", "exercise-mean-over-processes", "our-mean", "run-epoch", "script", "exercise-share-out"]
CELLS += ["our-share", "restart", "checkpoint", "survivor", "measure-script"]


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    """The cells of the notebook that define its scripts, unsolved, imported as a module."""
    file = tmp_path_factory.mktemp("lesson") / "lesson.py"
    notebook = read(ENGLISH[5])
    file.write_text("\n\n".join(source_of(notebook, name) for name in CELLS))
    spec = importlib.util.spec_from_file_location("lesson", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    processes.save_script(Path(module.folder.name, "measure.py"), module.measure)
    return module


@pytest.fixture(scope="module")
def script(lesson):
    """The script that survives a death."""
    return Path(lesson.folder.name, "restart.py").read_text()


@pytest.fixture(scope="module")
def agent(tmp_path_factory, script):
    """Make and start an agent; whatever it has started is ended after the tests."""
    made = []

    def start(world_size, script=script):
        made.append(Agent(tmp_path_factory.mktemp("agent"), world_size, "train.pt", script=script))
        made[-1].start()
        return made[-1]

    yield start
    for each in made:
        each.kill_all()


def weights(group):
    return nn.utils.parameters_to_vector(torch.load(group.folder / "train.pt")["net"].values())


def plain_loop():
    """Train as the script says it does, with nothing of torch.distributed; return the weights and the test accuracy."""
    train_loader, test_loader = mnist_loaders(1000)
    inputs, targets = train_loader.dataset[:6000]
    seed_everything(42)
    net, criterion = MLP(784, 128, 10), nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    for epoch in (1, 2):
        order = torch.randperm(6000, generator=torch.Generator().manual_seed(42 + epoch))
        for batch in order.split(120):
            optimizer.zero_grad()
            criterion(net(inputs[batch]), targets[batch]).backward()
            optimizer.step()
    with torch.no_grad():
        hits = sum((net(x).argmax(dim=1) == y).sum().item() for x, y in test_loader)
    return nn.utils.parameters_to_vector(net.parameters()).detach(), hits / 10_000


@pytest.fixture(scope="module")
def undisturbed(agent, script):
    """Two processes that trained for two epochs, in a folder with the checkpoint of an earlier run."""
    group = agent(2, script.replace("range(finished + 1, 3)", "range(finished + 1, 2)"))
    assert group.wait() == [0, 0], group.output()
    (group.folder / "train.py").write_text(script)
    group.start()
    assert group.wait() == [0, 0], group.output()
    return group


def test_a_checkpoint_of_an_earlier_run_is_not_taken_up(undisturbed):
    assert "attempt 1, finished epochs: 0" in undisturbed.output()


def test_one_process_reports_for_all(undisturbed):
    assert len(undisturbed.output(0).splitlines()) == 3 and undisturbed.output(1) == ""


def test_weights_and_accuracy_are_those_of_a_plain_loop(agent, undisturbed):
    # Where the 10,000 test digits do not divide, none may count twice.
    groups = {2: undisturbed} | {world_size: agent(world_size) for world_size in (1, 3, 4)}
    expected, accuracy = plain_loop()
    for world_size, group in groups.items():
        assert group.wait() == [0] * world_size, group.output()
        # Rounding alone: twenty times what was measured.
        assert (weights(group) - expected).abs().max() < 2e-5, world_size
        assert group.output().endswith(f"{accuracy:.2%} right\n"), world_size


BIKES = """
import os, torch, torch.distributed as dist
dist.init_process_group("gloo")
rank, world_size = dist.get_rank(), dist.get_world_size()
from helpers import processes
from helpers.data import DATA, CSVDataset
table = CSVDataset(DATA / "bike_sharing_2011.csv", target="bikers", drop=["casual", "registered"])
targets = torch.stack([table[row][1] for row in range(rank, len(table), world_size)]).double()
sums = torch.tensor([targets.sum(), len(targets)], dtype=torch.float64)
dist.all_reduce(sums)
if rank == 0:
    print(*sums.tolist())
"""


def test_slices_count_each_row_of_the_bike_table_once_on_two_processes(agent):
    group = agent(2, BIKES)
    assert group.wait() == [0, 0], group.output()
    table = CSVDataset(DATA / "bike_sharing_2011.csv", target="bikers", drop=["casual", "registered"])
    bikers = sum(table[row][1].item() for row in range(len(table)))
    assert group.output().split() == [str(bikers), "8645.0"]


MOMENTS = {
    "in the first epoch": lambda group: "processes" in group.output(),
    "after its checkpoint": lambda group: (group.folder / "train.pt").exists(),
    "in the second epoch": lambda group: "epoch 1:" in group.output(),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_and_started_again_it_ends_with_the_weights_of_an_undisturbed_run(agent, undisturbed, moment):
    group = agent(2)
    deadline = time.monotonic() + 60
    while not MOMENTS[moment](group) and time.monotonic() < deadline:
        time.sleep(0.002)
    os.kill(group.workers[1].pid, signal.SIGKILL)
    group.kill_all()  # as torchrun ends the others
    group.start(attempt=1)
    assert group.wait() == [0, 0], group.output()
    assert "attempt 2, finished epochs: " in group.output()
    assert torch.equal(weights(group), weights(undisturbed))


def test_nobody_waits_longer_than_the_patience_for_another(agent, script):
    late = "import time\nif os.environ['RANK'] == '0':\n    time.sleep(30)\nif __name__"
    group = agent(2, script.replace("if __name__", late).replace("seconds=30", "seconds=2"))
    group.workers[1].join(20)
    assert group.workers[1].exitcode == 1 and "timeout after 2000ms" in group.output(1)


# What makes scripts of a notebook's functions


def test_the_notebook_converted_to_a_script_needs_no_jupyter():
    # That its functions then become scripts, too, is what the lesson above relies on.
    for path in (ENGLISH[5], PORTUGUESE[5]):
        text, _ = nbconvert.PythonExporter().from_filename(str(path))
        compile(text, path.name, "exec")
        assert "get_ipython" not in text


NOTEBOOK = """
import sys
from typing import Optional
import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor
from torch.utils.data import DataLoader
LIMIT, net = 3, object()
def twice(n):
    return 2 * n
double, triple = twice, lambda n: 3 * n
def main():
    net = [double(n) for n in range(LIMIT)]
    print(np.array(net), dist.__name__, DataLoader.__name__, sys.argv[1:])
CONFIG, DTYPE, DEVICE, FACTOR, QUIET = {"seed": 42}, torch.float64, torch.device("cpu"), 2, False
@torch.no_grad()
def measured(batch: Tensor, factor: int = FACTOR) -> Optional[float]:
    return batch.to(DEVICE, DTYPE).sum().item() * factor + CONFIG["seed"]
def signed():
    print(QUIET or measured(torch.ones(3)))
def uses_an_object():
    print(net)
def uses_a_lambda():
    print(triple(1))
"""


@pytest.fixture
def functions(tmp_path):
    (tmp_path / "notebook.py").write_text(NOTEBOOK)
    spec = importlib.util.spec_from_file_location("notebook", tmp_path / "notebook.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_script_has_the_functions_names_and_imports_that_it_uses_and_no_other(functions, tmp_path, capfd):
    processes.save_script(tmp_path / "script.py", functions.main)
    run("python script.py 1", folder=tmp_path)
    assert capfd.readouterr().out.endswith("[0 2 4] torch.distributed DataLoader ['1']\n")
    text = (tmp_path / "script.py").read_text()
    assert "from torch.utils.data import DataLoader\n" in text and "triple" not in text


def test_a_script_has_what_signatures_and_decorators_name_and_values_that_can_be_written(
    functions, tmp_path, capfd
):
    processes.save_script(tmp_path / "script.py", functions.signed)
    run("python script.py", folder=tmp_path)
    assert capfd.readouterr().out.endswith("48.0\n")


@pytest.mark.parametrize(("name", "used"), [("uses_an_object", "net"), ("uses_a_lambda", "triple")])
def test_what_only_the_notebook_has_is_named(functions, tmp_path, name, used):
    with pytest.raises(TypeError, match=f"`{used}`"):
        processes.save_script(tmp_path / "script.py", getattr(functions, name))


# What starts processes


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def sleepers(tmp_path):
    """A folder with a script that says its process's number and sleeps."""
    # One write a line, so that two processes do not share one.
    sleep = "import os, time; os.write(1, f'{os.getpid()}\\n'.encode()); time.sleep(60)"
    (tmp_path / "sleep.py").write_text(sleep)
    return tmp_path


def test_an_interrupt_leaves_no_process_behind(sleepers):
    pids = []

    def interrupt_soon(line):
        pids.append(int(line))
        if len(pids) == 2:  # by then this process waits for the next line
            threading.Timer(0.3, os.kill, [os.getpid(), signal.SIGINT]).start()

    with pytest.raises(KeyboardInterrupt):
        run("torchrun --standalone --nproc-per-node 2 sleep.py", folder=sleepers, then=interrupt_soon)
    assert len(pids) == 2 and not any(map(is_alive, pids))


COUNT = """
import os, pathlib, runpy, sys
import torch.distributed as dist
made, destroyed, counts = dist.init_process_group, dist.destroy_process_group, []
def count():
    counts.append(len(os.listdir("/proc/self/task")))
def init_process_group(*arguments, **named):
    count()
    made(*arguments, **named)
def destroy_process_group():
    count()
    destroyed()
    count()
    pathlib.Path(pathlib.Path(sys.argv[0]).stem + "." + os.environ["RANK"]).write_text(" ".join(map(str, counts)))
dist.init_process_group, dist.destroy_process_group = init_process_group, destroy_process_group
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.mark.skipif(
    not os.path.isdir("/proc/self/task"), reason="only Linux tells how many threads there are"
)
def test_no_thread_of_the_group_outlives_it(lesson, tmp_path):
    # One that lives on may crash a process that ends.
    names = ("train", "restart", "measure")
    (tmp_path / "count.py").write_text(COUNT)
    for name in names:
        (tmp_path / f"{name}.py").write_text(Path(lesson.folder.name, f"{name}.py").read_text())
    torchrun = "torchrun --standalone --nproc-per-node 2 count.py"
    run(*(f"{torchrun} {name}.py {name}.pt" for name in names), folder=tmp_path)
    for name in names:
        for rank in (0, 1):
            before, meanwhile, afterwards = (tmp_path / f"{name}.{rank}").read_text().split()
            assert int(meanwhile) > int(before) == int(afterwards), name


def test_where_one_of_two_commands_fails_the_error_names_it_and_its_cause(sleepers, capfd):
    (sleepers / "fail.py").write_text("print('on its way')\nraise ValueError('no such digit')")
    with pytest.raises(RuntimeError, match=r"`python fail\.py` failed: ValueError: no such digit"):
        run("python fail.py", "python -c 1", folder=sleepers)
    assert "on its way\n" in capfd.readouterr().out


def test_where_one_of_two_commands_fails_the_other_is_ended(sleepers, capfd):
    (sleepers / "long.py").write_text(
        "import time; print('began', flush=True); time.sleep(60); print('ended')"
    )
    (sleepers / "fail.py").write_text("import time; time.sleep(1); 1 / 0")
    with pytest.raises(RuntimeError, match=r"`python fail\.py` failed: ZeroDivisionError"):
        run("python long.py", "python fail.py", folder=sleepers)
    shown = capfd.readouterr().out
    assert "began" in shown and "ended" not in shown


DIE = """
import os, signal, sys, time
if os.environ.get("RANK", "1") == "1":
    print("no more memory", file=sys.stderr, flush=True)
    os.kill(os.getpid(), signal.SIG{})
time.sleep(60)
"""


@pytest.mark.parametrize(
    ("command", "name", "cause"),
    [
        ("python die.py", "KILL", "the process was ended by SIGKILL; its last line: no more memory"),
        (
            "torchrun --standalone --nproc-per-node 2 die.py",
            "SEGV",
            "the process of rank 1 was ended by SIGSEGV; its last line: no more memory",
        ),
    ],
)
def test_a_death_by_a_signal_is_named(command, name, cause, tmp_path):
    (tmp_path / "die.py").write_text(DIE.format(name))
    with pytest.raises(RuntimeError) as raised:
        run(command, folder=tmp_path)
    assert str(raised.value) == f"`{command}` failed: {cause}"


def test_a_death_is_named_before_the_errors_of_those_that_miss_the_dead(tmp_path):
    (tmp_path / "die.py").write_text(DIE.format("ABRT").replace("time.sleep(60)", "1 / 0"))
    with pytest.raises(RuntimeError, match=r"`python die.py` failed: the process was ended by SIGABRT"):
        run("python -c 1/0", "python die.py", folder=tmp_path)


@pytest.mark.parametrize("place", ["", ".venv/lib/python3.11/site-packages/"])
def test_a_line_of_torchruns_is_not_the_cause(place):
    # Where the environment lies in the course's folder, as the README makes it, torchrun names its files from there.
    report = f"no more memory\nE1201 03:44:48.534000 6861 {place}torch/distributed/elastic/api.py:9] failed\n"
    assert processes.Failure("python train.py", 1, report).cause == "no more memory"


def test_a_silent_failure_is_told_by_its_exit_code(tmp_path):
    (tmp_path / "fail.py").write_text("raise SystemExit(3)")
    with pytest.raises(RuntimeError, match=r"failed: the exit code is 3$"):
        run("torchrun --standalone --nproc-per-node 2 fail.py", folder=tmp_path)


MEET = (
    "import torch.distributed as dist; dist.init_process_group('gloo'); print(dist.get_world_size(), 'met')"
)


def test_a_port_that_was_taken_meanwhile_is_not_the_end(tmp_path, capfd, monkeypatch):
    (tmp_path / "meet.py").write_text(MEET)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ports = iter([taken.getsockname()[1], processes._free_port()])
        monkeypatch.setattr(processes, "_free_port", lambda: next(ports))
        run("torchrun --nproc-per-node 1 --master-port PORT meet.py", folder=tmp_path)
    assert capfd.readouterr().out.endswith("1 met\n")


def test_what_another_training_left_in_the_environment_is_not_taken_over(tmp_path, capfd, monkeypatch):
    for name in ("RANK", "WORLD_SIZE", "LOCAL_RANK", "MASTER_ADDR", "MASTER_PORT", "TORCHELASTIC_RUN_ID"):
        monkeypatch.setenv(name, "7")
    names = "print([n for n in os.environ if re.search('RANK|WORLD|MASTER|ELASTIC', n)])"
    (tmp_path / "names.py").write_text("import os, re\n" + names)
    run("python names.py", folder=tmp_path)
    assert capfd.readouterr().out.endswith("[]\n")


def test_a_folder_with_a_space_in_its_path_does(tmp_path, capfd):
    folder = tmp_path / "my files"
    folder.mkdir()
    (folder / "meet.py").write_text(MEET)
    run("torchrun --standalone --nproc-per-node 1 meet.py", folder=folder)
    assert capfd.readouterr().out.endswith("1 met\n")


def test_a_port_in_use_is_named(sleepers):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(RuntimeError, match=f"(?s){port}.*(?i:in use|EADDRINUSE)"):
            run(f"torchrun --nproc-per-node 2 --master-port {port} sleep.py", folder=sleepers)
