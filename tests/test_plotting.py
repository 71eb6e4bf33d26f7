"""The figures: what they show, what they refuse, and that the network does not notice."""

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
    plot_decision_boundary,
    plot_digits,
    plot_history,
)


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


def test_boundary_colours_each_side_by_its_class():
    X, y = wine()
    image = background(plot_decision_boundary(ByFeature(0), X, y))
    assert is_like(image[:, 2], BLUE) and is_like(image[:, -3], ORANGE)
    ax = plot_decision_boundary(ByFeature(1), X, y)
    assert is_like(background(ax)[2], BLUE) and is_like(background(ax)[-3], ORANGE)
    assert ax.images[0].origin == "lower"


def test_boundary_is_the_stronger_the_surer_the_network():
    X, y = wine()
    row = background(plot_decision_boundary(ByFeature(0), X, y))[0]
    middle = np.abs(np.linspace(*plt.gca().get_xlim(), len(row))).argmin()
    assert (1 - row[middle]).max() < 0.3 * (1 - row[-1]).max()


def test_boundary_line_lies_where_the_classes_are_level():
    X, y = wine()
    ax = plot_decision_boundary(ByFeature(0), X, y)
    lines = [path.vertices for c in ax.collections if hasattr(c, "levels") for path in c.get_paths()]
    points = np.concatenate([line for line in lines if len(line)])
    assert np.abs(points[:, 0]).max() < 0.05


def test_boundary_draws_every_sample():
    X, y = wine()
    ax = plot_decision_boundary(MLP(2, 8, 3), X, y, class_names=["a", "b", "c"])
    drawn = [c for c in ax.collections if not hasattr(c, "levels")]
    for k, samples in enumerate(drawn):
        np.testing.assert_allclose(samples.get_offsets(), X[y == k], rtol=1e-6)
        np.testing.assert_allclose(samples.get_facecolor()[0, :3], to_rgb(CLASS_COLORS[k]))
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a", "b", "c"]


def test_boundary_asks_the_network_once():
    X, y = wine()
    net, calls = MLP(2, 8, 3), []
    net.register_forward_hook(lambda *_: calls.append(1))
    plot_decision_boundary(net, X, y)
    assert len(calls) == 1


def test_boundary_draws_on_the_axes_that_it_is_given():
    X, y = wine()
    _, axes = plt.subplots(1, 2)
    assert plot_decision_boundary(MLP(2, 8, 3), X, y, ax=axes[1]) is axes[1]
    assert not axes[0].images and len(plt.get_fignums()) == 1


def test_boundary_of_a_diverged_network_is_grey():
    X, y = wine()
    net = MLP(2, 8, 3)
    with torch.no_grad():
        net.out.bias.fill_(torch.nan)
    np.testing.assert_array_equal(background(plot_decision_boundary(net, X, y)), 0.75)


def test_boundary_takes_one_logit_for_two_classes():
    X, y = wine()
    net = nn.Linear(2, 1)
    with torch.no_grad():
        net.weight.copy_(torch.tensor([[1e6, 0.0]]))  # sure to the point of infinity
    image = background(plot_decision_boundary(net, X[y < 2], y[y < 2]))
    assert is_like(image[:, 2], BLUE) and is_like(image[:, -3], ORANGE)


def test_boundary_on_the_same_axes_again_has_one_legend_entry_per_class():
    X, y = wine()
    ax = plot_decision_boundary(MLP(2, 8, 3), X, y)
    plot_decision_boundary(MLP(2, 8, 3), X, y, ax=ax)
    assert len(ax.get_legend().get_texts()) == 3


def test_boundary_of_many_classes_tells_them_apart():
    X, y = torch.randn(60, 2), torch.arange(60) % 12
    ax = plot_decision_boundary(MLP(2, 8, 12), X, y)
    drawn = [c for c in ax.collections if not hasattr(c, "levels")]
    looks = {(tuple(c.get_facecolor()[0]), c.get_paths()[0].vertices.tobytes()) for c in drawn}
    assert len(looks) == 12


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_boundary_takes_features_of_any_precision(dtype):
    X, y = wine()
    ax = plot_decision_boundary(MLP(2, 8, 3), X.to(dtype), y)
    assert background(ax).shape == (150, 150, 3)


@pytest.mark.parametrize(
    "broken",
    [lambda x: x[:, 2], lambda x: (x, x), lambda x: None, lambda x: 1 / 0],
    ids=["index", "tuple", "none", "error"],
)
def test_network_that_is_no_classifier_of_a_plane_is_refused(broken):
    X, y = wine()
    net = MLP(2, 8, 3)
    net.forward = broken
    with pytest.raises(ValueError, match=r"two features|tensor of logits|logits per sample"):
        plot_decision_boundary(net, X, y)


@pytest.mark.parametrize("net", [MLP, None, "net"])
def test_what_is_no_network_is_refused(net):
    with pytest.raises(ValueError, match="Expected a network"):
        plot_decision_boundary(net, *wine())


@pytest.mark.parametrize("names", [{"feature_names": ["a"]}, {"class_names": ["a", "b"]}])
def test_names_must_fit(names):
    with pytest.raises(ValueError, match="Expected 2 feature names and 3 class names"):
        plot_decision_boundary(MLP(2, 8, 3), *wine(), **names)


class Restless(nn.Linear):
    """A layer that counts and rolls dice at every call, in evaluation mode too, and notes whether a graph is wanted."""

    def __init__(self, *sizes):
        super().__init__(*sizes)
        self.register_buffer("calls", torch.zeros(()))

    def forward(self, x):
        self.calls += 1
        return super().forward(x) + 0 * (torch.rand(()) + random.random() + np.random.rand())


def test_drawing_a_lazy_network_leaves_it_lazy():
    net = nn.Sequential(nn.LazyLinear(3))
    plot_decision_boundary(net, *wine())
    assert isinstance(net[0], nn.LazyLinear)


@pytest.mark.parametrize(
    "draw",
    [
        plot_decision_boundary,
        lambda net, X, y: plot_boundary_grid([net], X, y),
        lambda net, X, y: boundary_film([net], X, y),
    ],
    ids=["one", "grid", "film"],
)
def test_drawing_changes_nothing_in_the_network(draw):
    X, y = wine()
    net = nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), Restless(8, 3)).double()
    net.train()
    net[2].eval()
    net(X.double()).sum().backward()
    weights = {name: w.clone() for name, w in net.state_dict().items()}
    gradients = [p.grad.clone() for p in net.parameters()]
    random_state, figure_settings = torch.get_rng_state(), dict(matplotlib.rcParams)
    others = random.getstate(), np.random.get_state()[1].tolist()
    draw(net, X, y)
    assert [module.training for module in net] == [True, True, False, True]
    assert all(torch.equal(w, weights[name]) for name, w in net.state_dict().items())
    assert all(torch.equal(p.grad, g) for p, g in zip(net.parameters(), gradients, strict=True))
    assert torch.equal(torch.get_rng_state(), random_state)
    assert (random.getstate(), np.random.get_state()[1].tolist()) == others
    assert dict(matplotlib.rcParams) == figure_settings and torch.is_grad_enabled()


def test_mode_is_restored_when_the_network_refuses():
    X, y = wine()
    net = MLP(3, 8, 3).train()
    with pytest.raises(ValueError, match="two features"):
        plot_decision_boundary(net, X, y)
    assert net.training


@pytest.mark.parametrize("classes", [2, 4])
def test_network_with_another_number_of_classes_is_refused(classes):
    X, y = wine()
    with pytest.raises(ValueError, match="y holds 3 classes"):
        plot_decision_boundary(MLP(2, 8, classes), X, y)


@pytest.mark.parametrize(
    ("X", "y"),
    [
        (torch.zeros(5, 3), torch.zeros(5)),
        (torch.zeros(5, 2), torch.zeros(4)),
        (torch.zeros(5), torch.zeros(5)),
        (torch.zeros(0, 2), torch.zeros(0)),
        (torch.full((5, 2), torch.nan), torch.zeros(5)),
        (torch.zeros(5, 2), torch.full((5,), 0.5)),
        (torch.zeros(5, 2), torch.full((5,), -1)),
    ],
)
def test_samples_that_are_no_plane_are_refused(X, y):
    with pytest.raises(ValueError, match=r"two features|finite features"):
        plot_decision_boundary(MLP(2, 8, 2), X, y)


@pytest.mark.parametrize(
    "draw",
    [
        lambda X, y: plot_decision_boundary(MLP(2, 8, 5), X, y),
        lambda X, y: plot_decision_boundary(MLP(2, 8, 3), X, y, feature_names=["a"]),
        lambda X, y: plot_boundary_grid([MLP(2, 8, 3), MLP(3, 8, 3)], X, y),
        lambda X, y: plot_boundary_grid([MLP(2, 8, 3)], X, y, columns=0),
        lambda X, y: plot_digits(torch.zeros(3, 28, 28), [1, 2, 3], [[1], [2], [3]]),
        lambda X, y: plot_digits(torch.zeros(3, 784), [1, 2, 3]),
        lambda X, y: plot_confusion_matrix([0, 2], [0, 2], class_names=["a", "b"]),
    ],
)
def test_refused_plot_leaves_no_figure_open(draw):
    with pytest.raises(ValueError):
        draw(*wine())
    assert plt.get_fignums() == []


def test_grid_has_a_picture_for_each_network():
    X, y = wine()
    axes = plot_boundary_grid([MLP(2, 8, 3) for _ in range(7)], X, y, [f"net {i}" for i in range(7)])
    assert [ax.get_title() for ax in axes] == [f"net {i}" for i in range(7)]
    assert all(ax.images for ax in axes)


def test_grid_without_networks_is_refused():
    with pytest.raises(ValueError, match="at least one network"):
        plot_boundary_grid([], *wine())


def test_grid_wants_a_title_for_each_network():
    with pytest.raises(ValueError, match="title for each of the 2"):
        plot_boundary_grid([MLP(2, 8, 3), MLP(2, 8, 3)], *wine(), ["only one"])


def test_film_is_an_animated_gif_with_a_frame_for_each_network(tmp_path):
    nets = [MLP(2, 8, 3) for _ in range(4)]
    film = boundary_film(nets, *wine(), [f"net {i}" for i in range(4)])
    film.save(tmp_path / "film.gif")
    picture = Image.open(tmp_path / "film.gif")
    assert picture.format == "GIF" and picture.n_frames == 4 and picture.info["loop"] == 0
    frames = []
    for i in range(4):
        picture.seek(i)
        frames.append(np.asarray(picture.convert("RGB"), dtype=int))
    assert all(np.abs(a - b).mean() > 1 for a, b in itertools.pairwise(frames))


def test_film_keeps_the_colours_of_a_single_frame():
    X, y = wine()
    always = [nn.Linear(2, 3), nn.Linear(2, 3)]
    for k, net in enumerate(always):
        nn.init.zeros_(net.weight)
        with torch.no_grad():
            net.bias.copy_(torch.eye(3)[k] * 9)
    picture = Image.open(io.BytesIO(boundary_film([always[0]] * 7 + [always[1]], X, y, list("abcdefgh")).gif))
    picture.seek(7)
    pixels = np.asarray(picture.convert("RGB")).reshape(-1, 3) / 255
    shown, counts = np.unique(pixels[(pixels < 0.97).any(axis=1)], axis=0, return_counts=True)
    assert is_like(shown[counts.argmax()], ORANGE)


def test_film_stays_longest_on_its_last_frame():
    picture = Image.open(
        io.BytesIO(boundary_film([MLP(2, 8, 3)] * 3, *wine(), list("abc"), milliseconds=100).gif)
    )
    durations = []
    for i in range(picture.n_frames):
        picture.seek(i)
        durations.append(picture.info["duration"])
    assert durations[0] == 100 and durations[-1] == 500


def test_film_is_shown_by_notebooks_and_by_their_converters():
    film = boundary_film([MLP(2, 8, 3)], *wine())
    assert Image.open(io.BytesIO(film._repr_png_())).format == "GIF"


def test_film_opens_no_figure():
    boundary_film([MLP(2, 8, 3)], *wine())
    assert plt.get_fignums() == []


def test_history_curves_hold_the_numbers_of_the_history():
    history = {
        "loss": [2.0, 1.0],
        "std": [0.5, 0.25],
        "accuracy": [0.5, 0.75],
        "test_loss": [1.5, 1.25],
        "test_accuracy": [0.6, 0.7],
        "seconds": [1, 1],
    }
    loss, accuracy = plot_history(history)
    assert [list(line.get_ydata()) for line in loss.lines] == [[2, 1], [1.5, 1.25]]
    assert [list(line.get_ydata()) for line in accuracy.lines] == [[0.5, 0.75], [0.6, 0.7]]
    band = loss.collections[0].get_paths()[0].vertices
    assert {(1.0, 1.5), (1.0, 2.5), (2.0, 0.75), (2.0, 1.25)} <= set(map(tuple, band.tolist()))
    assert (loss.get_ylabel(), accuracy.get_ylabel(), loss.get_xlabel()) == ("loss", "accuracy", "epoch")


def test_history_of_a_regression_has_one_panel():
    assert len(plot_history({"loss": [2.0], "std": [0.5], "seconds": [1.0]})) == 1


def test_history_without_an_epoch_is_refused():
    with pytest.raises(ValueError, match="no finished epoch"):
        plot_history({})


def test_digits_mark_mistakes():
    images = torch.stack([torch.zeros(1, 28, 28), torch.ones(1, 28, 28)])
    axes = plot_digits(images, torch.tensor([3, 4]), torch.tensor([3, 9]))
    assert [ax.get_title() for ax in axes] == ["3", "4, not 9"]
    assert [ax.title.get_color() for ax in axes] == ["black", "#C00000"]
    assert [ax.images[0].get_array().mean() for ax in axes] == [0, 1]


def test_digits_want_as_many_labels_as_images():
    with pytest.raises(ValueError, match="as many labels"):
        plot_digits(torch.zeros(2, 28, 28), [1])


def test_confusion_matrix_counts_rows_as_true_and_columns_as_predicted():
    ax = plot_confusion_matrix(torch.tensor([0, 0, 1]), torch.tensor([0, 1, 1]))
    assert [text.get_text() for text in ax.texts] == ["1", "1", "0", "1"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted", "true")


def test_confusion_matrix_names_classes_that_do_not_occur():
    ax = plot_confusion_matrix([0, 2], [0, 2], class_names=["a", "b", "c"])
    assert [label.get_text() for label in ax.get_xticklabels()] == ["a", "b", "c"]


def test_confusion_matrix_wants_as_many_predictions_as_labels():
    with pytest.raises(ValueError, match="as many predictions"):
        plot_confusion_matrix([0, 1], [0])
