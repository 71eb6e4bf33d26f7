"""Every check against right answers in several styles, every mistake that it names, stubs and junk."""

import ast
import functools
import html
import importlib
import linecache
import os
import re
import sys
import types
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import Dataset
from variants_5 import RIGHT, but

from helpers import check
from helpers.check.feedback import EXERCISES, Feedback
from helpers.data import DATA
from helpers.portuguese import MESSAGES

FILES = [importlib.import_module(f"variants_{number}") for number in EXERCISES]
CODE = {name: variants for file in FILES for name, variants in file.CODE.items()}
ANSWERS = {name: variants for file in FILES for name, variants in file.ANSWERS.items()}
CASES = [
    pytest.param(name, codes, number, id=f"{name}-{codes or 'right'}-{number}")
    for name, variants in (CODE | ANSWERS).items()
    for codes, answers in variants.items()
    for number in range(len(answers))
]
WARNINGS = {"keeps-graph", "no-no-grad"}  # what a right answer may be told


def answer(name: str, codes: str, number: int):
    """Return a student's answer: the value of a quiz, or what the code defines."""
    if name in ANSWERS:
        return ANSWERS[name][codes][number]
    names = notebook(CODE[name][codes][number], f"<{name}: {codes} {number}>")
    return names["forward" if name == "forward" else "f"]


def notebook(source: str, file: str = "<cell>") -> dict:
    """Run a cell in a notebook that has come as far as the last exercise; return the notebook's names."""
    source = source.strip() + "\n"
    linecache.cache[file] = (len(source), None, source.splitlines(True), file)  # as Jupyter does
    sys.modules["__main__"] = types.ModuleType("__main__")
    names = vars(sys.modules["__main__"])
    names |= {"np": np, "pd": pd, "torch": torch, "nn": nn, "F": F, "Dataset": Dataset}
    names |= {"args": {"device": torch.device("cpu")}, "net": nn.Linear(784, 10)}
    names["BIKES"] = DATA / "bike_sharing_2011.csv"
    names["train_loader"] = names["test_loader"] = torch.utils.data.DataLoader([(torch.ones(784), 3)])
    exec(compile(source, file, "exec"), names)
    return names


@pytest.fixture(autouse=True)
def _main_afterwards(monkeypatch):
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@functools.cache
def feedback(name: str, codes: str, number: int) -> Feedback:
    """Return what a check says, what is in the catalogue between « and », so that a sentence without shows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("helpers.language._messages", {message: f"«{message}»" for message in MESSAGES})
        return getattr(check, name)(answer(name, codes, number))


# What a check says


@pytest.mark.parametrize(("name", "codes", "number"), CASES)
def test_check_gives_the_codes_that_name_the_mistake(name, codes, number):
    found = feedback(name, codes, number)
    assert " ".join(found.codes) == codes, found.message
    warnings = WARNINGS | {"missing-zero-grad"} if name == "forward" else WARNINGS
    assert found.passed == (set(codes.split()) <= warnings)


def test_every_sentence_that_is_said_can_be_translated():
    lines = {line for case in CASES for line in feedback(*case.values).message.split("\n")}
    assert [line for line in lines if not re.fullmatch("«.*»", line)] == []


def test_html_says_the_same_as_the_plain_text():
    for found in (feedback(*case.values) for case in CASES):
        words = html.unescape(re.sub("<[^>]+>", "", found._repr_html_()))
        assert re.sub(r"\s", "", words) == re.sub(r"[`\s]", "", repr(found))


def test_every_code_has_a_variant():
    """Codes come first in calls of Mistake and refuse, and in the tables of mistakes, where they have a hyphen."""
    named = set()
    for file in Path(check.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Mistake", "refuse"):
                named |= {node.args[0].value} if isinstance(node.args[0], ast.Constant) else set()
            elif isinstance(node, ast.Tuple) and node.elts and isinstance(node.elts[0], ast.Constant):
                named |= set(re.findall("^[a-z]+(?:-[a-z]+)+$", str(node.elts[0].value)))
    tried = {code for variants in (CODE | ANSWERS).values() for codes in variants for code in codes.split()}
    assert named - tried == {"not-understood", "windows"}, "add variants for these"


def test_an_error_is_told_with_the_students_line():
    said = feedback("forward", "raises", 0).message
    assert "line 10, `loss = criterium(prediction, targets)`: NameError" in said


JUNK = ["<b>", 7, [], object(), int, lambda *a: 1 / 0, lambda: 3, {1: 2}, np.nan]


@pytest.mark.parametrize("name", sorted(CODE | ANSWERS))
@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: re.sub(r" at 0x[0-9a-f]+", "", str(junk)))
def test_no_check_raises_or_passes_on_junk(name, junk):
    found = getattr(check, name)(junk)
    assert not found.passed and found.codes and found.message
    assert "<b>" not in found._repr_html_()  # what a student types is shown, not rendered


@pytest.mark.parametrize("name", sorted(CODE | ANSWERS))
def test_a_check_without_an_answer_is_waiting(name):
    assert getattr(check, name)().outcome == getattr(check, name)(None).outcome == "waiting"


# What a check leaves as it was


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


def test_every_check_is_tried_here_and_exported():
    registered = {name for names in EXERCISES.values() for name in names}
    assert registered == set(CODE | ANSWERS) == set(check.__all__) - {"Feedback", "progress"}
