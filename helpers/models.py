"""The network of the course: a multi-layer perceptron."""

from torch import Tensor, nn

from helpers.language import say

__all__ = ["MLP"]


class MLP(nn.Module):
    """A multi-layer perceptron that flattens its input and returns logits.

    ``features`` is an ``nn.Sequential`` of hidden layers, each a ``Linear`` and a ``ReLU``; ``out`` is the
    last linear layer. There is no softmax at the end: ``nn.CrossEntropyLoss`` applies it itself.

    Args:
        input_size: numbers per sample, 784 for a 28 x 28 image.
        hidden_size: neurons in each hidden layer.
        out_size: numbers to predict per sample: the number of classes, or 1 for a regression.
        hidden_layers: how many hidden layers; with 0 the network is linear.
    """

    def __init__(self, input_size: int, hidden_size: int, out_size: int, hidden_layers: int = 2) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        width = input_size
        for _ in range(hidden_layers):
            layers += [nn.Linear(width, hidden_size), nn.ReLU()]
            width = hidden_size
        self.features = nn.Sequential(*layers)
        self.out = nn.Linear(width, out_size)

    def forward(self, x: Tensor) -> Tensor:
        """Turn a batch, float32 of shape [N, ...] with ``input_size`` numbers per sample, into logits [N, out_size].

        Raises:
            ValueError: if it is a single sample, [input_size].
        """
        if x.dim() == 1:
            raise ValueError(say("models.single-sample", shape=list(x.shape)))
        return self.out(self.features(x.flatten(start_dim=1)))
