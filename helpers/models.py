"""The network of the course: a multi-layer perceptron."""

import math

from torch import Tensor, nn

from helpers.arguments import whole_number
from helpers.language import translate

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

    Raises:
        ValueError: if a size is not a positive whole number, or when the network is called with a batch
            whose samples do not hold ``input_size`` numbers each.
    """

    def __init__(self, input_size: int, hidden_size: int, out_size: int, hidden_layers: int = 2) -> None:
        super().__init__()
        input_size = whole_number(input_size, "input_size")
        hidden_size = whole_number(hidden_size, "hidden_size")
        out_size = whole_number(out_size, "out_size")
        hidden_layers = whole_number(hidden_layers, "hidden_layers", smallest=0)
        self.input_size = input_size

        layers: list[nn.Module] = []
        width = input_size
        for _ in range(hidden_layers):
            layers += [nn.Linear(width, hidden_size), nn.ReLU()]
            width = hidden_size
        self.features = nn.Sequential(*layers)
        self.out = nn.Linear(width, out_size)

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits.

        Args:
            x: float32 of shape [N, ...], each sample holding ``input_size`` numbers in any shape.

        Returns:
            float32 of shape [N, out_size].
        """
        if x.dim() < 2 or math.prod(x.shape[1:]) != self.input_size:
            raise ValueError(
                translate(
                    "This MLP expects a batch of shape [N, ...] with {size} numbers per sample, "
                    "got shape {shape}. The first dimension counts the samples: "
                    "for a single one, add it with x.unsqueeze(0).",
                    size=self.input_size,
                    shape=list(x.shape),
                )
            )
        return self.out(self.features(x.flatten(start_dim=1)))
