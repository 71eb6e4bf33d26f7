"""Every check against right answers in several styles, every mistake that it names, stubs and junk.

The whole text that a student sees is compared with tests/feedback.txt, so that a change of wording shows.
``UPDATE_FEEDBACK=1 pytest tests/test_check.py`` writes that file anew.
"""

import html
import linecache
import os
import re
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
import variants_forward
import variants_other as other
from torch.nn import functional as F
from torch.utils.data import Dataset

from helpers import check
from helpers.check.feedback import EXERCISES, Feedback
from helpers.data import DATA

CODE = {
    "mse_loss": other.MSE,
    "l1_loss": other.L1,
    "bce_with_logits": other.BCE,
    "cross_entropy": other.CE,
    "training_step": other.STEP,
    "custom_dataset": other.DATASET,
    "forward": variants_forward.WRONG_FORWARD | variants_forward.RIGHT_FORWARD,
}
ANSWERS = {
    "which_loss": other.WHICH_LOSS,
    "learning_rates": other.LEARNING_RATES,
    "dataloader_quiz": other.DATALOADER_QUIZ,
    "epochs_quiz": other.EPOCHS_QUIZ,
    "count_iterations": other.COUNT,
    "train_or_eval": other.TRAIN_OR_EVAL,
    "batch_sizes": other.BATCH_SIZES,
}
CASES = [
    (name, case, codes) for name, cases in (CODE | ANSWERS).items() for case, (_, codes) in cases.items()
]
WARNINGS = {"missing-zero-grad", "keeps-graph"}
TEXTS = Path(__file__).with_name("feedback.txt")


def answer(name: str, case: str):
    """Return a student's answer: the value of a quiz, or what the code defines."""
    if name in ANSWERS:
        return ANSWERS[name][case][0]
    source = CODE[name][case][0].strip() + "\n"
    file = f"<{name}: {case}>"
    linecache.cache[file] = (
        len(source),
        None,
        source.splitlines(True),
        file,
    )  # as a notebook does for its cells
    names = {
        "np": np,
        "pd": pd,
        "torch": torch,
        "F": F,
        "Dataset": Dataset,
        "BIKES": DATA / "bike_sharing_2011.csv",
    }
    exec(compile(source, file, "exec"), names)
    return names["forward" if name == "forward" else "f"]


def stored_texts() -> dict[str, str]:
    parts = re.split(r"^=== (.*)\n", TEXTS.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], (part.rstrip("\n") for part in parts[1::2]), strict=True))


@pytest.mark.parametrize(("name", "case", "codes"), CASES, ids=[f"{name}-{case}" for name, case, _ in CASES])
def test_check_gives_the_codes_that_name_the_mistake(name, case, codes):
    feedback = getattr(check, name)(answer(name, case))
    assert list(feedback.codes) == codes
    is_warning = name in ("forward", "training_step") and codes and set(codes) <= WARNINGS
    expected_pass = not codes or (is_warning and (name, codes) != ("training_step", ["missing-zero-grad"]))
    assert feedback.passed == bool(expected_pass) == bool(feedback)


def test_the_whole_text_of_every_feedback_is_as_stored():
    texts = {f"{name}: {case}": repr(getattr(check, name)(answer(name, case))) for name, case, _ in CASES}
    if os.environ.get("UPDATE_FEEDBACK"):
        blocks = [f"=== {title}\n{text}\n" for title, text in texts.items()]
        TEXTS.write_text("\n".join(blocks), encoding="utf-8", newline="\n")
    assert stored_texts() == texts


@pytest.mark.parametrize(("name", "case", "codes"), CASES[::7], ids=[f"{n}-{c}" for n, c, _ in CASES[::7]])
def test_html_says_the_same_as_the_plain_text(name, case, codes):
    feedback = getattr(check, name)(answer(name, case))
    words = html.unescape(re.sub("<[^>]+>", " ", feedback._repr_html_())).split()
    assert words == repr(feedback).replace("`", " ").split() or "".join(words) == re.sub(
        r"[`\s]", "", repr(feedback)
    )


def test_the_four_outcomes_look_different():
    shown = [
        Feedback("x", *found, "text")
        for found in [(False, ("not-attempted",)), (True, ()), (True, ("w",)), (False, ("e",))]
    ]
    assert len({f.outcome for f in shown}) == len({repr(f) for f in shown}) == 4
    assert len({re.search("solid (#[0-9a-f]+)", f._repr_html_()).group(1) for f in shown}) == 4


def test_the_forward_check_is_held_against_enough_answers():
    assert len(variants_forward.WRONG_FORWARD) >= 30 and len(variants_forward.RIGHT_FORWARD) >= 10


@pytest.mark.parametrize("name", sorted(CODE | ANSWERS))
@pytest.mark.parametrize(
    "junk",
    [
        None,
        "a string",
        7,
        [],
        object(),
        int,
        lambda *a: 1 / 0,
        lambda *a: None,
        lambda: 3,
        {1: 2},
        np.nan,
        print,
        "<b>",
    ],
    ids=lambda junk: re.sub(r" at 0x[0-9a-f]+", "", str(junk)),
)
def test_no_check_raises_or_passes_on_junk(name, junk):
    feedback = getattr(check, name)(junk)
    assert not feedback.passed and feedback.codes and feedback.message
    if junk == "<b>":
        assert "<b>" not in feedback._repr_html_()  # what a student types is shown, not rendered


@pytest.mark.parametrize("name", sorted(CODE | ANSWERS))
def test_a_check_without_an_answer_is_waiting(name):
    assert getattr(check, name)().outcome == "waiting"


@pytest.mark.parametrize("name", sorted(CODE))
def test_a_check_leaves_random_numbers_and_modes_alone(name):
    mischief = answer(name, next(case for case, (_, codes) in CODE[name].items() if not codes))

    def reseeding(*arguments):
        torch.manual_seed(0)
        np.random.seed(0)
        torch.set_grad_enabled(False)
        torch.set_default_dtype(torch.float64)
        return mischief(*arguments)

    torch.manual_seed(5)
    states = torch.get_rng_state(), np.random.get_state()[1].tolist()
    getattr(check, name)(reseeding)
    assert torch.equal(torch.get_rng_state(), states[0]) and np.random.get_state()[1].tolist() == states[1]
    assert torch.is_grad_enabled() and torch.get_default_dtype() == torch.float32


@pytest.mark.parametrize("name", sorted(CODE))
def test_a_check_takes_less_than_a_second(name):
    right = answer(name, next(case for case, (_, codes) in CODE[name].items() if not codes))
    getattr(check, name)(right)  # what is imported on first use is not the check's
    start = time.perf_counter()
    getattr(check, name)(right)
    assert time.perf_counter() - start < 1


# What check.forward does to the notebook that it runs in


class Notebook:
    """The names of a notebook in the middle of lesson 5, with a student's forward in it."""

    def __init__(self, source: str) -> None:
        self.names = {"np": np, "torch": torch}
        exec(
            "import torch\n"
            "args = {'device': torch.device('cpu'), 'num_epochs': 3}\n"
            "net = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 10), torch.nn.Dropout(0.5))\n"
            "criterion = torch.nn.CrossEntropyLoss()\n"
            "optimizer = torch.optim.Adam(net.parameters())\n"
            "data = torch.utils.data.TensorDataset(torch.randn(6, 1, 28, 28), torch.arange(6))\n"
            "train_loader = test_loader = torch.utils.data.DataLoader(data, batch_size=2)\n"
            "history = [1.5]\n",
            self.names,
        )
        exec(source, self.names)

    def photograph(self) -> dict:
        weights = [w.clone() for w in self.names["net"].state_dict().values()]
        objects = {name: id(value) for name, value in self.names.items()}
        return {"objects": objects, "weights": weights, "history": list(self.names["history"])}


@pytest.mark.parametrize(
    "source",
    [
        variants_forward.RIGHT,
        variants_forward.but(
            ("loader, net, epoch, mode", "a, b, epoch, mode"), ("in loader", "in train_loader")
        ),
        "def forward(loader, net, epoch, mode):\n    global net_2\n    net_2 = net\n    history.append(2)",
        "def forward(loader, net, epoch, mode):\n    global optimizer\n    del optimizer\n    optimizer.step()",
        "def forward(loader, net, epoch, mode):\n    args['device'] = 'nowhere'\n    args['new'] = 1",
    ],
    ids=["right", "uses the notebook's", "assigns", "deletes", "writes into args"],
)
def test_forward_check_leaves_the_notebook_as_it_was(source):
    notebook = Notebook(source)
    before = notebook.photograph()
    check.forward(notebook.names["forward"])
    after = notebook.photograph()
    assert after["objects"] == before["objects"] and after["history"] == before["history"]
    assert all(torch.equal(a, b) for a, b in zip(after["weights"], before["weights"], strict=True))
    assert notebook.names["args"] == {"device": torch.device("cpu"), "num_epochs": 3}
    assert not notebook.names["optimizer"].state and notebook.names["net"].training


def test_forward_check_finds_its_objects_in_closures_and_defaults_too():
    def make():
        net = torch.nn.Linear(784, 10)
        criterion, optimizer = torch.nn.CrossEntropyLoss(), torch.optim.SGD(net.parameters(), 0.1)

        def forward(loader, net, epoch, mode, loss_of=criterion):
            net.train(mode == "train")
            losses = []
            for x, y in loader:
                loss = loss_of(net(x), y)
                if mode == "train":
                    optimizer.zero_grad()
                    loss.backward()
                    optimizer.step()
                losses.append(loss.item())
            return np.mean(losses)

        return forward, optimizer

    forward, optimizer = make()
    feedback = check.forward(forward)
    assert feedback.passed and not feedback.codes, feedback
    assert forward.__closure__[0].cell_contents is optimizer


def test_forward_check_names_the_students_line():
    feedback = check.forward(answer("forward", "misspelled name"))
    assert "line 10, `loss = criterium(prediction, targets)`" in feedback.message


def test_forward_check_prints_nothing(capsys):
    check.forward(answer("forward", "plain"))
    assert capsys.readouterr().out == ""


def test_progress_lists_the_exercises_of_the_notebook_and_their_state():
    check.count_iterations(4690)
    check.epochs_quiz({"A"})
    shown = repr(check.progress())
    assert "✓ count_iterations: passed" in shown and "✗ epochs_quiz: not yet" in shown
    assert all(name in shown for name in EXERCISES[4])


def test_every_exercise_has_a_check_and_every_check_an_exercise():
    named = {name for names in EXERCISES.values() for name in names}
    assert named == set(CODE | ANSWERS) == set(check.__all__) - {"Feedback", "progress"}
