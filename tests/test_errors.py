"""Errors that a cell shows on purpose."""

import pytest
from torch import nn

from helpers.errors import expect_error


def test_expected_error_is_shown_in_one_line(capsys):
    with expect_error(RuntimeError):
        nn.Linear(2, 3).load_state_dict(nn.Linear(4, 3).state_dict())
    printed = capsys.readouterr().out
    assert printed.startswith(
        "RuntimeError: Error(s) in loading state_dict for Linear: size mismatch for weight"
    )
    assert printed.count("\n") == 1


def test_expected_error_that_does_not_come_is_said_and_nothing_is_raised(capsys):
    with expect_error(ValueError):
        int("3")
    assert capsys.readouterr().out == "No ValueError this time: it ran without an error.\n"


def test_error_of_another_kind_is_raised_as_usual():
    with pytest.raises(ZeroDivisionError), expect_error(ValueError):
        1 / 0  # noqa: B018
