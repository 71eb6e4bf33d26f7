"""The MLP: shapes, logits, what it says to wrong input, and its weights in a file."""

import pickle
import re

import pytest
import torch
from stored_notebooks import PATHS, read
from torch import nn

from helpers.models import MLP


@pytest.mark.parametrize("shape", [(5, 12), (5, 3, 4), (5, 1, 3, 4), (1, 12)])
def test_mlp_flattens_any_input_shape(shape):
    assert MLP(12, 8, 3)(torch.rand(shape)).shape == (shape[0], 3)


def test_mlp_has_features_and_out_as_the_lesson_does():
    net = MLP(784, 128, 10)
    linear = [layer for layer in net.features if isinstance(layer, nn.Linear)]
    assert [(layer.in_features, layer.out_features) for layer in linear] == [(784, 128), (128, 128)]
    assert (net.out.in_features, net.out.out_features) == (128, 10)


def test_mlp_equals_its_layers_written_out():
    net, x = MLP(4, 6, 3), torch.rand(7, 4)
    first, second = net.features[0], net.features[2]
    hidden = torch.relu(x @ first.weight.T + first.bias)
    hidden = torch.relu(hidden @ second.weight.T + second.bias)
    torch.testing.assert_close(net(x), hidden @ net.out.weight.T + net.out.bias)


def test_mlp_returns_logits_not_probabilities():
    torch.manual_seed(0)
    rows = MLP(4, 6, 3)(10 * torch.randn(50, 4)).sum(dim=1)
    assert (rows - 1).abs().min() > 1e-3


def test_mlp_without_hidden_layers_is_linear():
    net, x = MLP(4, 6, 3, hidden_layers=0), torch.rand(7, 4)
    torch.testing.assert_close(net(x), nn.functional.linear(x, net.out.weight, net.out.bias))


@pytest.mark.parametrize(
    "bad", [{"input_size": 0}, {"hidden_size": 2.5}, {"out_size": -1}, {"hidden_layers": -1}]
)
def test_mlp_names_the_size_that_is_no_positive_whole_number(bad):
    sizes = {"input_size": 4, "hidden_size": 6, "out_size": 3, **bad}
    with pytest.raises(ValueError, match=next(iter(bad))):
        MLP(**sizes)


def test_mlp_takes_an_empty_batch():
    assert MLP(12, 8, 3)(torch.zeros(0, 12)).shape == (0, 3)


@pytest.mark.parametrize("shape", [(5, 11), (12,), ()])
def test_mlp_says_what_shape_it_expected(shape):
    with pytest.raises(ValueError, match="12 numbers per sample"):
        MLP(12, 8, 3)(torch.rand(shape))


def test_saved_weights_load_without_running_any_code(tmp_path):
    net, restored = MLP(4, 6, 3), MLP(4, 6, 3)
    torch.save(net.state_dict(), tmp_path / "weights.pt")
    restored.load_state_dict(torch.load(tmp_path / "weights.pt", weights_only=True))
    assert all(map(torch.equal, net.parameters(), restored.parameters()))


class RunsCode:
    """What an attacker would put into a file of weights: loading it creates a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_tampered_weights_are_refused_before_their_code_runs(tmp_path):
    weights = {**MLP(4, 6, 3).state_dict(), "extra": RunsCode(tmp_path / "was-here")}
    torch.save(weights, tmp_path / "weights.pt")
    with pytest.raises(pickle.UnpicklingError):
        torch.load(tmp_path / "weights.pt", weights_only=True)
    assert not (tmp_path / "was-here").exists()


def test_notebooks_save_weights_alone_and_load_nothing_else():
    code = [cell.source for path in PATHS for cell in read(path).cells if cell.cell_type == "code"]
    saved = [call for cell in code for call in re.findall(r"torch\.save\((.*)", cell)]
    loaded = [call for cell in code for call in re.findall(r"torch\.load\((.*)", cell)]
    assert saved and all("state_dict()" in call for call in saved)
    assert loaded and all("weights_only=True" in call for call in loaded)
