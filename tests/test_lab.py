"""The laboratory of the checks: what is read off weights and numbers can be told apart."""

import itertools

import pytest
import torch
from torch import nn

from helpers import training
from helpers.check.core import SEED
from helpers.check.lab import RIGHT, SMOOTHED, WRONG, Elsewhere, Lab


def run_epoch(loader, net, criterion, optimizer=None):
    return (
        training.train(loader, net, criterion, optimizer)
        if optimizer
        else training.test(loader, net, criterion)
    )


@pytest.fixture
def lab():
    torch.manual_seed(SEED)
    lab = Lab(run_epoch, SMOOTHED)
    for _ in range(2):
        lab.call("train", lab.loaders["train"], lab.net, lab.criterion, lab.optimizer)
        lab.call("test", lab.loaders["test"], lab.net, lab.criterion)
    return lab


def test_no_two_mistakes_in_a_mean_give_the_same_number(lab):
    for call, what in itertools.product(lab.calls, ("loss", "accuracy")):
        right, mistakes = lab.means(call, what)
        del mistakes["wrong-divisor"]  # many numbers, looked for last
        numbers = {"": [right], **mistakes}
        for (code, some), (other, others) in itertools.combinations(numbers.items(), 2):
            alike = [(a, b) for a in some for b in others if abs(a - b) < 1e-3]
            # A first call has no earlier one.
            assert not alike or (code, other) == ("mean-of-batch-means", "list-never-emptied"), (what, alike)


def test_no_two_mistakes_in_a_loop_leave_the_same_weights(lab):
    lab.longest, lab.largest = 0.5, 0.05  # clipped, as a student may
    ways = {
        code: [lab.trained(recipe)[-1] for recipe in recipes]
        for code, recipes in {"": RIGHT, **WRONG}.items()
    }
    for some, others in itertools.combinations(ways.values(), 2):
        assert min((a - b).norm() / (a - lab.calls[0].before).norm() for a in some for b in others) > 0.01


def test_helpers_own_loop_is_told_from_each_wrong_one(lab):
    assert lab.has(RIGHT[0])
    assert not [code for code, recipes in WRONG.items() if any(map(lab.has, recipes))]


def test_a_batch_from_elsewhere_has_to_be_moved_to_where_the_network_is(monkeypatch):
    X = torch.ones(2, 3).as_subclass(Elsewhere)
    for home, move in (
        ("cpu", X.cuda),
        ("cpu", lambda: X.to(0)),
        ("cuda", X.cpu),
        ("mps", lambda: X.to("cpu")),
    ):
        monkeypatch.setattr(Elsewhere, "home", torch.device(home))
        with pytest.raises(Exception, match="not-on-device"):
            move()


def test_a_batch_from_elsewhere_has_to_be_moved_as_one_on_another_device(monkeypatch):
    monkeypatch.setattr(Elsewhere, "home", torch.device("cpu"))
    net, X = nn.Linear(3, 2), torch.ones(2, 3).as_subclass(Elsewhere)
    with pytest.raises(Exception, match="not-on-device"):
        net(X.float().flatten(1).to(torch.float32))
    assert type(net(X.flatten(1).to("cpu"))) is torch.Tensor
    assert type(net(X.to(net.weight.device))) is type(net(X.cpu())) is torch.Tensor
