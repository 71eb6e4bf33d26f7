"""Every check against right answers in several styles, every mistake that it names, stubs and junk."""

import functools
import html
import importlib
import linecache
import re
import sys
import types
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import Dataset

from helpers import check
from helpers.check.core import EXERCISES, Feedback
from helpers.data import DATA
from helpers.messages.en import MESSAGES

FILES = [importlib.import_module(f"variants_{number}") for number in EXERCISES]
CODE = {name: variants for file in FILES for name, variants in file.CODE.items()}
ANSWERS = {name: variants for file in FILES for name, variants in file.ANSWERS.items()}
CASES = [
    pytest.param(name, codes, number, id=f"{name}-{codes or 'right'}-{number}")
    for name, variants in (CODE | ANSWERS).items()
    for codes, answers in variants.items()
    for number in range(len(answers))
]
# What a right answer may be told.
WARNINGS = {"asked-before", "leaves-training-mode", "no-no-grad", "no-shapes"}


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
    names |= {"criterion": nn.CrossEntropyLoss(), "optimizer": torch.optim.Adam(names["net"].parameters())}
    names["BIKES"] = DATA / "bike_sharing_2011.csv"
    names["train_loader"] = names["test_loader"] = torch.utils.data.DataLoader([(torch.ones(784), 3)])
    exec(compile(source, file, "exec"), names)
    return names


@pytest.fixture(autouse=True)
def _main_afterwards(monkeypatch):
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


class Noting(dict):
    """Messages that note which of them were said."""

    said: ClassVar[set[str]] = set()

    def __getitem__(self, key):
        self.said.add(key)
        return super().__getitem__(key)


@functools.cache
def feedback(name: str, codes: str, number: int) -> Feedback:
    """Return what a check says of an answer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("helpers.language._messages", Noting(MESSAGES))
        found = getattr(check, name)(answer(name, codes, number))
        repr(found)
        return found


# What a check says


@pytest.mark.parametrize(("name", "codes", "number"), CASES)
def test_check_gives_the_codes_that_name_the_mistake(name, codes, number):
    found = feedback(name, codes, number)
    assert " ".join(found.codes) == codes, found.message
    warnings = WARNINGS | {"missing-zero-grad"} if name == "forward" else WARNINGS
    assert found.passed == (set(codes.split()) <= warnings)


def test_html_says_the_same_as_the_plain_text():
    for found in (feedback(*case.values) for case in CASES):
        words = html.unescape(re.sub("<[^>]+>", "", found._repr_html_()))
        assert re.sub(r"\s", "", words) == re.sub(r"[`\s]", "", repr(found))


def test_every_message_of_the_checks_is_said_to_some_answer():
    for case in CASES:
        feedback(*case.values)
    of_others = {
        key for key in MESSAGES if re.match("(data|plotting|models|training|errors|processes|ours)\\.", key)
    }
    kept_for_surprises = {"not-understood", "not-run", "progress", "no-processes"}
    assert MESSAGES.keys() - Noting.said - of_others == kept_for_surprises, "add variants for these"


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


def test_every_check_is_tried_here():
    assert set(CODE | ANSWERS) == check.CHECKS.keys()
