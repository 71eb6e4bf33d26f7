"""The figures: what they show, what they refuse, and that the network does not notice."""

import contextlib
import io
import itertools
import random

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from matplotlib.colors import to_rgb
from PIL import Image
from torch import nn

from helpers.data import wine
from helpers.models import MLP
from helpers.plotting import (
    CLASS_COLORS,
    boundary_film,
    plot_boundary_grid,
    plot_confusion_matrix,
    plot_convergence,
    plot_decision_boundary,
    plot_digits,
    plot_lines,
    plot_network,
    plot_walks,
)

X, y = wine()


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


class ByFeature(nn.Module):
    """Class 0 where a feature is negative, class 1 where it is positive, never class 2."""

    def __init__(self, feature):
        super().__init__()
        self.feature = feature

    def forward(self, x):
        of_one = 9 * x[:, self.feature]
        return torch.stack([-of_one, of_one, torch.full_like(of_one, -99)], dim=1)


BLUE, ORANGE = (np.array(to_rgb(color)) for color in CLASS_COLORS[:2])


def is_like(pixels, color):
    """Tell whether pixels have a colour's hue, however pale: what they lack of white is what it lacks."""
    lack = (1 - pixels).reshape(-1, 3)
    return np.allclose(lack / lack.max(axis=1, keepdims=True), (1 - color) / (1 - color).max(), atol=0.02)


def background(ax):
    return np.asarray(ax.images[0].get_array())


def drawn_samples(ax):
    return [c for c in ax.collections if not hasattr(c, "levels")]


def test_boundary_colours_each_side_by_its_class():
    image = background(plot_decision_boundary(ByFeature(0), X, y))
    assert is_like(image[:, 2], BLUE) and is_like(image[:, -3], ORANGE)
    ax = plot_decision_boundary(ByFeature(1), X, y)
    assert is_like(background(ax)[2], BLUE) and is_like(background(ax)[-3], ORANGE)
    assert ax.images[0].origin == "lower"


def test_boundary_is_the_stronger_the_surer_the_network():
    row = background(plot_decision_boundary(ByFeature(0), X, y))[0]
    middle = np.abs(np.linspace(*plt.gca().get_xlim(), len(row))).argmin()
    assert (1 - row[middle]).max() < 0.3 * (1 - row[-1]).max()


def test_boundary_line_lies_where_the_classes_are_level():
    ax = plot_decision_boundary(ByFeature(0), X, y)
    lines = [path.vertices for c in ax.collections if hasattr(c, "levels") for path in c.get_paths()]
    points = np.concatenate([line for line in lines if len(line)])
    assert np.abs(points[:, 0]).max() < 0.05


def test_boundary_draws_every_sample():
    ax = plot_decision_boundary(MLP(2, 8, 3), X, y, class_names=["a", "b", "c"])
    for k, drawn in enumerate(drawn_samples(ax)):
        np.testing.assert_allclose(drawn.get_offsets(), X[y == k], rtol=1e-6)
        np.testing.assert_allclose(drawn.get_facecolor()[0, :3], to_rgb(CLASS_COLORS[k]))
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a", "b", "c"]


def test_boundary_draws_on_the_axes_that_it_is_given():
    _, axes = plt.subplots(1, 2)
    assert plot_decision_boundary(MLP(2, 8, 3), X, y, ax=axes[1]) is axes[1]
    assert not axes[0].images and len(plt.get_fignums()) == 1


def test_boundary_of_a_diverged_network_is_grey():
    net = MLP(2, 8, 3)
    nn.init.constant_(net.out.bias, torch.nan)
    np.testing.assert_array_equal(background(plot_decision_boundary(net, X, y)), 0.75)


class Then(nn.Module):
    """A network, and a function of what it returns."""

    def __init__(self, net, function):
        super().__init__()
        self.net, self.function = net, function

    def forward(self, x):
        return self.function(self.net(x))


LAST_LAYERS = {
    "softmax": lambda z: torch.softmax(z, dim=1),
    "log-softmax": lambda z: torch.log_softmax(z, dim=1),
    "logit": lambda z: z[:, 1:] - z[:, :1],
    "logit [M]": lambda z: z[:, 1] - z[:, 0],
    "sigmoid": lambda z: torch.sigmoid(z[:, 1:] - z[:, :1]),
    "sigmoid [M]": lambda z: torch.sigmoid(z[:, 1] - z[:, 0]),
    "sigmoid by hand": lambda z: 1 / (1 + torch.exp(z[:, :1] - z[:, 1:])),
}


@pytest.mark.parametrize("last", LAST_LAYERS.values(), ids=LAST_LAYERS)
def test_boundary_is_the_same_whatever_the_last_layer(last):
    torch.manual_seed(0)
    net, two = nn.Linear(2, 2), y < 2
    expected = background(plot_decision_boundary(net, X[two], y[two]))
    ax = plot_decision_boundary(Then(net, last), X[two], y[two])
    np.testing.assert_allclose(background(ax), expected, atol=0.05)


@pytest.mark.parametrize("shape", [[-1, 1], [-1]])
def test_logit_that_lies_between_0_and_1_everywhere_is_still_a_logit(shape):
    net = nn.Linear(2, 1)
    nn.init.zeros_(net.weight)
    nn.init.constant_(net.bias, 0.3)  # as a probability, it would speak for class 0
    ax = plot_decision_boundary(Then(net, lambda z: z.reshape(shape)), X[y < 2], y[y < 2, None].float())
    assert is_like(background(ax), ORANGE)


def test_network_of_three_classes_is_drawn_with_samples_of_two():
    net = MLP(2, 8, 3)
    ax = plot_decision_boundary(net, X[y < 2], y[y < 2], class_names=["a", "b", "c"])
    assert [len(drawn.get_offsets()) for drawn in drawn_samples(ax)] == [59, 71, 0]


@pytest.mark.parametrize("broken", [lambda x: None, lambda x: x[:9]], ids=["no return", "other rows"])
def test_network_that_returns_no_row_for_each_sample_is_refused(broken):
    with pytest.raises(ValueError, match="return a tensor of shape"):
        plot_decision_boundary(Then(nn.Identity(), broken), X, y)


@pytest.mark.parametrize(("labels", "held"), [(y + 1, "1 to 3"), (y - 1, "-1 to 1")])
def test_labels_that_do_not_count_from_0_are_named(labels, held):
    complaint = f"0 to 2 apart, but y holds labels from {held}. Count the classes from 0"
    with pytest.raises(ValueError, match=complaint):
        plot_decision_boundary(MLP(2, 8, 3), X, labels)


@pytest.mark.parametrize("names", [["a", "b", "c", "d"], "it"])
@pytest.mark.parametrize("argument", ["feature_names", "class_names", "titles"])
def test_names_must_fit(argument, names):
    with pytest.raises(ValueError, match=f"Expected {argument} to be a list of"):
        boundary_film([MLP(2, 8, 3)], X, y, **{argument: names})


class Restless(nn.Linear):
    """A layer that rolls dice, in evaluation mode too, and may be interrupted."""

    is_interrupted = False

    def forward(self, x):
        if self.is_interrupted:
            raise KeyboardInterrupt
        return super().forward(x) + 0 * (torch.rand(()) + random.random() + np.random.rand())


@pytest.mark.parametrize("is_interrupted", [False, True])
def test_drawing_changes_no_mode_weight_gradient_or_random_state(is_interrupted):
    net = nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), Restless(8, 3)).double()
    net[2].eval()
    net(X.double()).sum().backward()
    weights = {name: w.clone() for name, w in net.state_dict().items()}
    gradients = [p.grad.clone() for p in net.parameters()]
    random_state, others = torch.get_rng_state(), (random.getstate(), np.random.get_state()[1].tolist())
    net[3].is_interrupted = is_interrupted
    with pytest.raises(KeyboardInterrupt) if is_interrupted else contextlib.nullcontext():
        plot_decision_boundary(net, X, y)
    assert [module.training for module in net] == [True, True, False, True]
    assert all(torch.equal(w, weights[name]) for name, w in net.state_dict().items())
    assert all(torch.equal(p.grad, g) for p, g in zip(net.parameters(), gradients, strict=True))
    assert torch.equal(torch.get_rng_state(), random_state)
    assert (random.getstate(), np.random.get_state()[1].tolist()) == others


@pytest.mark.parametrize(("features", "labels"), [(3, 5), (2, 4)])
def test_samples_that_are_no_plane_are_refused(features, labels):
    with pytest.raises(ValueError, match="two features"):
        plot_decision_boundary(MLP(2, 8, 2), torch.zeros(5, features), torch.zeros(labels))


def test_digits_and_labels_of_different_number_are_refused_before_there_is_a_figure():
    with pytest.raises(ValueError, match="3 images, 2 and 2"):
        plot_digits(torch.zeros(3, 28, 28), [1, 2])
    with pytest.raises(ValueError, match="inconsistent numbers"):
        plot_confusion_matrix([1, 2], [1])
    assert plt.get_fignums() == []


def test_refused_network_leaves_no_figure_open():
    with pytest.raises(ValueError):
        plot_boundary_grid([MLP(2, 8, 3), MLP(2, 8, 2)], X, y)
    assert plt.get_fignums() == []


def test_grid_has_a_picture_for_each_network():
    axes = plot_boundary_grid([MLP(2, 8, 3) for _ in range(7)], X, y, [f"net {i}" for i in range(7)])
    assert [ax.get_title() for ax in axes] == [f"net {i}" for i in range(7)]
    assert all(ax.images for ax in axes)


def test_layers_of_a_network_are_not_taken_for_a_list_of_networks():
    with pytest.raises(ValueError, match=r"list of networks, \[net\] for a single .*got Sequential"):
        plot_boundary_grid(nn.Sequential(nn.Linear(2, 3)), X, y)


def frames(film):
    """Return a film's default picture and its frames, as uint8 of shape [height, width, 3], and their milliseconds."""
    picture = Image.open(io.BytesIO(film.data), formats=["PNG"])
    pixels, durations = [], []
    for i in range(picture.n_frames):
        picture.seek(i)
        pixels.append(np.asarray(picture.convert("RGB")))
        durations.append(picture.info.get("duration"))
    return pixels[0], pixels[1:], durations[1:]


def test_film_has_a_frame_for_each_network_and_stays_longest_on_the_last():
    default, shown, durations = frames(boundary_film([MLP(2, 8, 3) for _ in range(4)], X, y, list("abcd")))
    assert durations == [300, 300, 300, 1500]
    assert all(np.abs(a.astype(int) - b).mean() > 1 for a, b in itertools.pairwise(shown))
    np.testing.assert_array_equal(default, shown[-1])  # what is seen where nothing moves
    assert plt.get_fignums() == []


def test_film_keeps_the_colours_of_a_single_frame():
    blue, orange = (Then(nn.Identity(), lambda x, k=k: 9 * torch.eye(3)[k].repeat(len(x), 1)) for k in (0, 1))
    _, shown, _ = frames(boundary_film([blue] * 7 + [orange], X, y, list("abcdefgh")))
    pixels = shown[7].reshape(-1, 3) / 255
    colors, counts = np.unique(pixels[(pixels < 0.97).any(axis=1)], axis=0, return_counts=True)
    assert is_like(colors[counts.argmax()], ORANGE)


def test_digits_mark_mistakes():
    images = torch.stack([torch.zeros(1, 28, 28), torch.ones(1, 28, 28)])
    axes = plot_digits(images, torch.tensor([3, 4]), torch.tensor([3, 9]))
    assert [ax.get_title() for ax in axes] == ["3", "4, not 9"]
    assert [ax.title.get_color() for ax in axes] == ["black", "#C00000"]
    assert [ax.images[0].get_array().mean() for ax in axes] == [0, 1]


def test_confusion_matrix_counts_rows_as_true_and_columns_as_predicted():
    ax = plot_confusion_matrix(torch.tensor([0, 0, 1]), torch.tensor([0, 1, 1]))
    assert [text.get_text() for text in ax.texts] == ["1", "1", "0", "1"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted", "true")


def test_confusion_matrix_shades_a_rare_mistake_visibly():
    ax = plot_confusion_matrix([0] * 1000 + [1] * 1000, [0] * 962 + [1] * 1038)
    mistake = ax.images[0].cmap(ax.images[0].norm(38))[:3]
    assert min(mistake) < 0.6


def test_confusion_matrix_takes_classes_in_a_column():
    ax = plot_confusion_matrix(torch.tensor([[0.0], [0.0], [1.0]]), torch.tensor([[False], [True], [True]]))
    assert [text.get_text() for text in ax.texts] == ["1", "1", "0", "1"]


@pytest.mark.parametrize(
    ("predictions", "complaint"),
    [
        (torch.zeros(6, 3), r"got \[6, 3\]. For logits, pass logits.argmax\(dim=1\)"),
        (torch.full((6, 1), -1.5), r"got -1.5. For one logit per sample, pass \(logits > 0\)"),
        (torch.full((6,), 0.7), r"got 0.7. .*for a probability, \(probabilities > 0.5\)"),
        ([torch.zeros(4), torch.zeros(2)], r"a list of batches. .*torch.cat\(batches\)"),
        ([torch.zeros(3, 1), torch.zeros(3, 1)], r"a list of batches. .*torch.cat\(batches\)"),
    ],
)
def test_confusion_matrix_says_what_to_do_with_what_is_no_class(predictions, complaint):
    with pytest.raises(ValueError, match=complaint):
        plot_confusion_matrix(torch.zeros(6), predictions)
    assert plt.get_fignums() == []


def test_lines_are_drawn_by_name_against_their_x_or_counted_from_0():
    ax = plot_lines(
        {"loss": [3.0, 1.0], "fit": (torch.tensor([5.0, 7.0]), torch.tensor([2.0, 4.0]))}, ylabel="y"
    )
    drawn = {line.get_label(): (list(line.get_xdata()), list(line.get_ydata())) for line in ax.lines}
    assert drawn == {"loss": ([0, 1], [3, 1]), "fit": ([5, 7], [2, 4])}
    assert ax.get_ylabel() == "y" and len({line.get_linestyle() for line in ax.lines}) == 2


def test_network_has_a_circle_for_each_number_and_a_line_for_each_weight():
    ax = plot_network(["alcohol", "colour"], 5, ["a", "b", "c"])
    assert [len(circles.get_offsets()) for circles in ax.collections] == [2, 5, 3]
    assert len(ax.lines) == 2 * 5 + 5 * 3
    assert {text.get_text() for text in ax.texts} == {"2", "5", "3", "alcohol", "colour", "a", "b", "c"}


def test_walks_are_drawn_from_their_star_over_the_heights():
    places = [torch.tensor([2.0, 1.0]), torch.tensor([1.0, 0.5])]
    ax = plot_walks(lambda place: place.square().sum(), {"lr 2": places}, (-3, 3), heights="loss", xlabel="a")
    path, star = ax.lines
    assert path.get_xydata().tolist() == [[2, 1], [1, 0.5]] and star.get_xydata().tolist() == [[2, 1]]
    assert ax.get_xlabel() == "a" and ax.figure.axes[1].get_ylabel() == "loss"


# Losses, and walks


def test_convergence_shows_each_iteration_and_the_mean_of_each_epoch():
    ax = plot_convergence([[2.0, 1.0], [1.0, 0.0]])
    dots = np.concatenate([line.get_xydata() for line in ax.lines])
    assert dots.tolist() == [[0, 2], [0.5, 1], [1, 1], [1.5, 0]]
    assert [lines.get_segments()[0].tolist() for lines in ax.collections] == [
        [[0, 1.5], [1, 1.5]],
        [[1, 0.5], [2, 0.5]],
    ]


def test_walks_are_drawn_in_the_axes_that_are_given():
    _, ax = plt.subplots()
    walk = [torch.tensor([0.0, 1.0]), torch.tensor([1.0, 2.0])]
    assert plot_walks(lambda place: (place**2).sum(), {"one": walk}, (-3, 3), ax) is ax
    assert ax.lines[0].get_xydata().tolist() == [[0, 1], [1, 2]] and ax.lines[0].get_label() == "one"
    assert len(plt.gcf().axes) == 1 and ax.get_xlim() == ax.get_ylim() == (-3, 3)
