"""The MLP: shapes and logits."""

import pytest
import torch
from torch import nn

from helpers.models import MLP


@pytest.mark.parametrize("shape", [(5, 12), (1, 12), (5, 1, 3, 4), (0, 12)])
def test_mlp_flattens_any_input_shape(shape):
    assert MLP(12, 8, 3)(torch.rand(shape)).shape == (shape[0], 3)


def test_mlp_equals_its_layers_written_out():
    net, x = MLP(4, 6, 3), torch.rand(7, 4)
    first, second = net.features[0], net.features[2]
    hidden = torch.relu(x @ first.weight.T + first.bias)
    hidden = torch.relu(hidden @ second.weight.T + second.bias)
    torch.testing.assert_close(net(x), hidden @ net.out.weight.T + net.out.bias)


def test_mlp_without_hidden_layers_is_linear():
    net, x = MLP(4, 6, 3, hidden_layers=0), torch.rand(7, 4)
    torch.testing.assert_close(net(x), nn.functional.linear(x, net.out.weight, net.out.bias))


def test_a_single_sample_is_refused_with_the_remedy():
    with pytest.raises(ValueError, match=r"got shape \[2\]. For a single sample, pass x.unsqueeze\(0\)"):
        MLP(2, 8, 3)(torch.zeros(2))
