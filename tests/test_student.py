"""What a check does to the notebook around the answer: nothing."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from test_check import answer, notebook
from torch.nn import functional as F
from variants_5 import RIGHT, but

from helpers import check


@pytest.fixture(autouse=True)
def _main_afterwards(monkeypatch):
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


def test_a_check_leaves_random_numbers_and_modes_alone():
    def reseeding(prediction, target):
        torch.manual_seed(0)
        np.random.seed(0)
        torch.set_grad_enabled(False)
        torch.set_default_dtype(torch.float64)
        return F.mse_loss(prediction, target)

    torch.manual_seed(5)
    states = torch.get_rng_state(), np.random.get_state()[1].tolist()
    check.mse_loss(reseeding)
    assert torch.equal(torch.get_rng_state(), states[0]) and np.random.get_state()[1].tolist() == states[1]
    assert torch.is_grad_enabled() and torch.get_default_dtype() == torch.float32


LESSON = """
import collections, functools, types
class Meter:
    values = []
    def __init__(self):
        self.seen = []
    def add(self, value):
        self.seen.append(value)
        self.values.append(value)
class Tally:
    __slots__ = ("n",)
args = {"device": torch.device("cpu"), "num_epochs": 3}
net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10), nn.Dropout(0.5))
net.activation = net(torch.ones(1, 1, 28, 28))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(net.parameters())
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 1)
data = torch.utils.data.TensorDataset(torch.randn(6, 1, 28, 28), torch.arange(6))
train_loader = test_loader = torch.utils.data.DataLoader(data, batch_size=2)
history, curves, calls = [1.5], collections.defaultdict(list), 0
recent = collections.deque([net.activation.sum()], maxlen=3)
counts, total, table, meter = np.zeros(2), torch.zeros(2), pd.DataFrame({"loss": [1.5]}), Meter()
state = types.SimpleNamespace(best=9.0, rng=np.random.default_rng(0))
itself, x = [], globals()
itself.append(itself)
tally, seen = Tally(), {1.5}
tally.n = 0
def note(value, into=[]):
    global calls
    calls += 1
    into.append(value)
record = functools.partial(note, into=history)
def counter():
    n = 0
    def count():
        nonlocal n
        n += 1
        return n
    return count
count = counter()
"""
# What a student's code may do to the notebook on the way; each ends up in a right forward.
CHANGES = [
    "history.append(0.5); recent.append(0.5); curves[mode].append(0.5)",
    "counts[0] += 1; total.add_(1); table.loc[len(table)] = 0.5",
    "tally.n += 1; Tally().n = 2; seen.add(0.5)",
    "meter.add(0.5); state.best = 0.5; state.rng.random()",
    "note(0.5); record(0.5); count()",
    "scheduler.step(); optimizer.param_groups[0]['lr'] *= 1",
    "global net_2; net_2 = net; itself.append(x); x['y'] = 1",
    "args['num_epochs'] = 1; args['new'] = 1",
    "forward.calls = 1",
]


def picture(names: dict) -> str:
    """Return what a notebook holds, in words."""
    weights = [w.tolist() for w in names["net"].state_dict().values()]
    meter, note, state = names["meter"], names["note"], names["state"]
    held = [
        names[name]
        for name in [
            "args",
            "history",
            "recent",
            "curves",
            "counts",
            "total",
            "table",
            "seen",
            "itself",
            "calls",
        ]
    ]
    objects = sorted((name, id(value)) for name, value in names.items())
    inside = [
        meter.seen,
        meter.values,
        note.__defaults__,
        state.best,
        names["tally"].n,
        state.rng.bit_generator.state,
    ]
    optimizer, scheduler = vars(names["optimizer"]), names["scheduler"].last_epoch
    return repr(
        [objects, weights, names["net"].training, held, inside, optimizer, scheduler, vars(names["forward"])]
    )


@pytest.mark.parametrize("change", CHANGES)
def test_a_right_answer_passes_and_changes_nothing_in_its_notebook(change):
    names = notebook(LESSON + but("    epoch_loss = []\n", f"    {change}\n    epoch_loss = []\n"))
    before = picture(names)
    assert check.forward(names["forward"]).outcome == "passed"
    assert picture(names) == before and names["count"]() == 1


def test_an_interrupt_comes_through_and_spoils_nothing():
    names = notebook(
        LESSON + but("    epoch_loss = []\n", "    history.append(2)\n    raise KeyboardInterrupt\n")
    )
    before = picture(names)
    with pytest.raises(KeyboardInterrupt):
        check.forward(names["forward"])
    assert picture(names) == before


def test_a_check_prints_nothing(capsys):
    check.forward(notebook(RIGHT)["forward"])
    assert capsys.readouterr().out == ""


def test_a_displayed_report_is_seen_and_kept_out_of_the_notebook():
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    shown = []
    shell.display_pub.publish = lambda data, *a, **k: shown.append(data)
    try:
        names = notebook("from IPython.display import display\n" + RIGHT.replace("print(", "display("))
        assert check.forward(names["forward"]).outcome == "passed" and not shown
    finally:
        InteractiveShell.clear_instance()


def test_a_dataset_that_keeps_its_file_open_passes_on_windows(monkeypatch):
    def refuse(path, **_):
        raise PermissionError(13, "The process cannot access the file because it is being used", path)

    monkeypatch.setattr(os, "unlink", refuse)  # as Windows does
    assert check.custom_dataset(answer("custom_dataset", "", 0)).outcome == "passed"


WRITER = """
class SummaryWriter:
    said = []
    def add_scalar(self, *values):
        self.said.append(values)
    close = add_scalar
SummaryWriter.__module__ = "torch.utils.tensorboard.writer"
writer, written = SummaryWriter(), SummaryWriter.said
log = writer.add_scalar
"""


@pytest.mark.parametrize(
    "logs", ["writer.add_scalar('loss', 0.5, epoch); writer.close()", "log('loss', 0.5)"]
)
def test_an_answer_that_logs_for_tensorboard_leaves_the_students_run_alone(logs):
    names = beginning(logs, WRITER)
    assert check.forward(names["forward"]).outcome == "passed" and not names["written"]


# What cannot be copied is handed on as it is

QUEUE = """
import queue, threading
log, seen = queue.Queue(maxsize=1), []
def empty():
    while (value := log.get()) is not None:
        seen.append(value)
        log.task_done()
threading.Thread(target=empty, daemon=True).start()
"""
BEGIN = "    epoch_loss = []\n"


def beginning(line, before=""):
    """Return a notebook whose forward, right otherwise, begins with this line."""
    return notebook(before + but(BEGIN, f"{BEGIN}    {line}\n"))


def test_an_answer_that_logs_into_a_queue_ends():
    names = beginning("log.put(epoch); log.join()", QUEUE)
    assert check.forward(names["forward"]).outcome == "passed"
    assert names["seen"] == [30, 30, 40, 40]
    names["log"].put(None)


def test_an_answer_that_writes_into_an_open_file_of_the_notebook_passes(tmp_path):
    names = beginning("print(epoch, file=log)", f"log = open({str(tmp_path / 'log.txt')!r}, 'w')\n")
    assert check.forward(names["forward"]).outcome == "passed"
    names["log"].close()


def test_an_answer_that_asks_a_generator_passes():
    names = beginning("next(numbers)", "numbers = (x for x in range(9))\n")
    assert check.forward(names["forward"]).outcome == "passed"


def test_a_file_that_an_answer_writes_does_not_replace_one_of_the_student(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("checkpoint.pt").write_text("of the trained network")
    names = beginning("torch.save(net.state_dict(), 'checkpoint.pt')")
    assert check.forward(names["forward"]).outcome == "passed"
    assert Path("checkpoint.pt").read_text() == "of the trained network" and os.listdir() == ["checkpoint.pt"]


def test_an_answer_without_an_end_is_ended_and_its_line_named(monkeypatch):
    monkeypatch.setattr("helpers.check.student.SECONDS", 0.3)
    names = beginning("while True: pass")
    found = check.forward(names["forward"])
    assert found.codes == ("takes-too-long",) and "`while True: pass`" in found.message


def test_an_answer_that_waits_for_nobody_is_ended(monkeypatch):
    monkeypatch.setattr("helpers.check.student.SECONDS", 0.3)
    names = beginning("lock.acquire(); lock.acquire()", "import threading\nlock = threading.Lock()\n")
    assert check.forward(names["forward"]).codes == ("takes-too-long",)
