"""The example of CONTRIBUTING.md works: its judge gives its answers the codes under which they stand."""

import re

import pytest
from stored_notebooks import ROOT
from test_check import notebook

from helpers.check import notebook_1
from helpers.messages.en import MESSAGES

BLOCKS = re.findall(
    r"```python\n(.*?)```", (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.DOTALL
)


def test_example_of_an_exercise_works(monkeypatch):
    variants, judge, sentences = BLOCKS
    monkeypatch.setattr("helpers.check.core.EXERCISES", {})
    monkeypatch.setattr("helpers.language._messages", MESSAGES | eval("{" + sentences + "}"))
    monkeypatch.setitem(__import__("sys").modules, "__main__", None)
    exec(judge, names := dict(vars(notebook_1)))
    exec(variants, names)
    for code, answers in names["RMSE"].items():
        for answer in answers:
            assert " ".join(names["rmse"](notebook(answer)["f"]).codes) == code


@pytest.mark.parametrize("block", BLOCKS, ids=["variants", "judge", "sentences"])
def test_example_fits_a_line(block):
    assert max(map(len, block.splitlines())) <= 120
