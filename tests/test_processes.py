"""Notebook 6's training script in several processes, and what starts them.

Torchrun takes seconds to start, so most of these tests do its work themselves: see agent.py. Torchrun itself starts the
script where the notebook is run.
"""

import os
import signal
import socket
import threading
import time

import pytest
import torch
from agent import Agent
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell
from stored_notebooks import ENGLISH, code_cells, read, source_of
from test_changed_numbers import changed
from torch import nn

from helpers.data import DATA, CSVDataset, mnist_loaders
from helpers.models import MLP
from helpers.processes import free_port, run
from helpers.training import seed_everything

pytestmark = pytest.mark.skipif(os.name == "nt", reason="torchrun does not work on Windows")
NOTEBOOK = next(path for path in ENGLISH if path.name.startswith("06"))
SCRIPT = "".join(
    source_of(read(NOTEBOOK), "script").splitlines(True)[2:]
)  # without %%capture and %%writefile


@pytest.fixture
def agent(tmp_path):
    """Make an agent; whatever it has started is ended after the test."""
    made = []

    def make(*arguments, **options):
        made.append(Agent(tmp_path, *arguments, **{"script": SCRIPT, **options}))
        return made[-1]

    yield make
    for each in made:
        each.kill_all()


def weights(file):
    return nn.utils.parameters_to_vector(torch.load(file)["net"].values())


def plain_loop(epochs, batch_size=100):
    """Train as the script says it does, with nothing of torch.distributed; return the weights and the test accuracy."""
    train_loader, test_loader = mnist_loaders(1000)
    inputs, targets = train_loader.dataset[:6000]
    seed_everything(42)
    net, criterion = MLP(784, 128, 10), nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    for epoch in range(1, epochs + 1):
        order = torch.randperm(6000, generator=torch.Generator().manual_seed(42 + epoch))
        for batch in order.split(batch_size):
            optimizer.zero_grad()
            criterion(net(inputs[batch]), targets[batch]).backward()
            optimizer.step()
    with torch.no_grad():
        hits = sum((net(x).argmax(dim=1) == y).sum().item() for x, y in test_loader)
    return nn.utils.parameters_to_vector(net.parameters()).detach(), hits / 10_000


@pytest.mark.parametrize("world_size", [1, 2, 4])
def test_weights_are_those_of_a_plain_loop(agent, world_size):
    group = agent(world_size, "--epochs", "2")
    group.start()
    assert group.wait() == [0] * world_size, group.output()
    # Rounding alone: twenty times what was measured.
    assert (weights(group.folder / "train.pt") - plain_loop(2)[0]).abs().max() < 2e-5


def test_accuracy_on_three_processes_is_that_of_one(agent):
    group = agent(3, "--epochs", "1", "--batch-size", "150")  # 10,000 does not divide by 3
    group.start()
    assert group.wait() == [0] * 3, group.output()
    assert f"{plain_loop(1, 150)[1]:.2%} right" in group.output().splitlines()[-1]


def test_one_process_reports_for_all(agent):
    group = agent(2, "--epochs", "1")
    group.start()
    assert group.wait() == [0, 0]
    assert len(group.output(0).splitlines()) == 3 and group.output(1) == ""


def test_plain_python_needs_no_launcher(tmp_path, capfd):
    (tmp_path / "train.py").write_text(SCRIPT)
    run("python train.py --epochs 1", folder=tmp_path)
    assert "epoch 1, test" in capfd.readouterr().out
    assert (weights(tmp_path / "train.pt") - plain_loop(1)[0]).abs().max() < 2e-5


BIKES = """
import os, torch, torch.distributed as dist
dist.init_process_group("gloo")
rank, world_size = dist.get_rank(), dist.get_world_size()
from helpers.data import DATA, CSVDataset
table = CSVDataset(DATA / "bike_sharing_2011.csv", target="bikers", drop=["casual", "registered"])
targets = torch.stack([table[row][1] for row in range(rank, len(table), world_size)]).double()
sums = torch.tensor([targets.sum(), len(targets)], dtype=torch.float64)
dist.all_reduce(sums)
if rank == 0:
    print(*sums.tolist())
"""


def test_slices_count_each_row_of_the_bike_table_once_on_two_processes(agent):
    group = agent(2, script=BIKES)
    group.start()
    assert group.wait() == [0, 0], group.output()
    table = CSVDataset(DATA / "bike_sharing_2011.csv", target="bikers", drop=["casual", "registered"])
    bikers = sum(table[row][1].item() for row in range(len(table)))
    assert group.output().split() == [str(bikers), "8645.0"]


def test_an_indivisible_batch_is_refused(agent):
    group = agent(3)
    group.start()
    assert group.wait() == [2, 2, 2]
    assert group.output().endswith("error: a batch of 100 does not divide by 3 processes\n")


@pytest.fixture(scope="module")
def calm_weights(tmp_path_factory):
    """The weights of two processes that nobody disturbs."""
    group = Agent(tmp_path_factory.mktemp("calm"), 2, "--epochs", "3", script=SCRIPT)
    group.start()
    assert group.wait() == [0, 0], group.output()
    return weights(group.folder / "train.pt")


@pytest.mark.parametrize("moment", ["processes", "epoch 1, test", "epoch 2, train"])
def test_killed_and_started_again_it_ends_with_the_weights_of_an_undisturbed_run(agent, calm_weights, moment):
    group = agent(2, "--epochs", "3")
    group.start()
    deadline = time.monotonic() + 60
    while moment not in group.output() and time.monotonic() < deadline:
        time.sleep(0.002)
    os.kill(group.workers[1].pid, signal.SIGKILL)
    group.kill_all()  # as torchrun ends the others
    group.start(attempt=1)
    assert group.wait() == [0, 0], group.output()
    assert "attempt 2, finished epochs: " in group.output()
    assert torch.equal(weights(group.folder / "train.pt"), calm_weights)


def test_a_checkpoint_of_an_earlier_run_is_not_taken_up(agent):
    for _ in range(2):
        group = agent(1, "--epochs", "1")
        group.start()
        assert group.wait() == [0]
        assert "attempt 1, finished epochs: 0" in group.output()


def test_nobody_waits_longer_than_the_patience_for_another(agent):
    alone = SCRIPT.replace("seconds=30", "seconds=2").replace(
        "\njoin()", "\nif rank == 0: time.sleep(30)\njoin()"
    )
    group = agent(2, script=alone)
    group.start()
    group.workers[1].join(20)
    assert group.workers[1].exitcode == 1 and "timeout after 2000ms" in group.output(1)


# What starts processes

# One write a line, so that two processes do not share one.
SLEEPER = "import os, time; os.write(1, f'{os.getpid()}\\n'.encode()); time.sleep(60)"


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def sleepers(tmp_path):
    """A folder with a script that says its process's number and sleeps."""
    (tmp_path / "sleep.py").write_text(SLEEPER)
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


def test_a_command_that_takes_too_long_is_ended(sleepers):
    pids = []
    with pytest.raises(TimeoutError, match="longer than 1 s"):
        run("python sleep.py", folder=sleepers, then=lambda line: pids.append(int(line)), seconds=1)
    assert pids and not is_alive(pids[0])


def test_where_one_of_two_commands_fails_the_error_names_it_and_its_cause(sleepers, capfd):
    (sleepers / "fail.py").write_text("print('on its way')\nraise ValueError('no such digit')")
    with pytest.raises(RuntimeError, match=r"`python fail\.py` failed: ValueError: no such digit"):
        run("python fail.py", "python -c 1", folder=sleepers)
    assert "on its way\n" in capfd.readouterr().out


def test_a_port_in_use_is_named(sleepers):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(RuntimeError, match=f"(?s){port}.*(?i:in use|EADDRINUSE)"):
            run(f"torchrun --nproc-per-node 2 --master-port {port} sleep.py", folder=sleepers)


def test_a_free_port_can_be_listened_on():
    socket.create_server(("127.0.0.1", free_port())).close()


def test_notebook_runs_to_its_end_with_other_numbers_where_torchrun_does_not_work():
    notebook = read(NOTEBOOK)
    cells = code_cells(notebook)
    for cell, source in zip(cells, changed([cell.source for cell in cells]), strict=True):
        cell.source = source
    setup = next(i for i, cell in enumerate(notebook.cells) if cell.id == "setup")
    windows = new_code_cell('from helpers import processes; processes.os = type("os", (), {"name": "nt"})')
    notebook.cells.insert(setup + 1, windows)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(NOTEBOOK.parent)}}).execute()
    shown = str([cell.outputs for cell in cells])
    assert "Use WSL or Colab" in shown and "nan" in shown
