"""The course's figures. Drawing leaves a network's mode and weights, and the random states, as they were."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import PIL.Image
import torch
from IPython.display import Image
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from torch import Tensor, nn
from torch.nn.modules.module import register_module_forward_hook

from helpers.language import say
from helpers.training import mode, random_state_kept

__all__ = [
    "CLASS_COLORS",
    "boundary_film",
    "plot_boundary_grid",
    "plot_confusion_matrix",
    "plot_convergence",
    "plot_decision_boundary",
    "plot_digits",
    "plot_lines",
    "plot_network",
    "plot_walks",
]

# Okabe and Ito's palette, which colour-blind readers tell apart, without its yellow (too light on white).
CLASS_COLORS = ["#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#8C564B"]
MARKERS = ["o", "s", "^", "D", "v"]  # shapes too, for print and for eyes that see no colour
MESH = 150  # points along each axis of the mesh that the network is asked for

Array = Tensor | np.ndarray
Nets = Sequence[nn.Module]
Names = Sequence[str] | None  # numbered if None


def plot_decision_boundary(
    net: nn.Module,
    X: Array,
    y: Array,
    ax: Axes | None = None,
    *,
    title: str | None = None,
    feature_names: Names = None,
    class_names: Names = None,
) -> Axes:
    """Colour the plane by the class that the network predicts there, and draw the samples on it.

    The stronger the colour, the surer the network; dark lines part the regions of two classes. A network that
    returns nan, as one that has diverged does, is drawn in grey.

    Args:
        net: takes a float tensor of shape [M, 2] and returns logits, log-probabilities or probabilities of shape
            [M, C], or for two classes one number per sample, of shape [M, 1] or [M]. Rows of positive numbers
            that add up to 1 are taken for probabilities. One number per sample is taken for the probability of
            class 1 if it always lies between 0 and 1 and is not what an ``nn.Linear`` returned, else for a logit.
        X: the samples, of shape [N, 2], in the units that the network was trained on.
        y: their classes, whole numbers from 0 to C-1, of shape [N] or [N, 1]; not all of them need occur.
        ax: where to draw; a new figure if None.
        title, feature_names, class_names: what to write on it; features and classes are numbered if None.

    Returns:
        The axes drawn on.

    Raises:
        ValueError: if X, y, the names or what the network returns have another shape, or y holds a class that
            the network does not know.
    """
    picture = _Boundary(X, y, feature_names, class_names)
    probabilities = picture.ask(net)  # before a figure is opened, in case the network is refused
    if ax is None:
        _, ax = plt.subplots(figsize=(5.2, 4.2), layout="constrained")
    picture.label(ax, picture.draw(ax, probabilities, title))
    return ax


def plot_boundary_grid(nets: Nets, X: Array, y: Array, titles: Names = None, columns: int = 5) -> np.ndarray:
    """Draw the boundaries of several networks, or of one at several times, side by side; return their axes.

    Args:
        nets: networks such as :func:`plot_decision_boundary` takes; ``copy.deepcopy(net)`` keeps one as it is.
        X, y: the samples, as there.
        titles: one above each picture.
        columns: pictures per row.

    Raises:
        ValueError: as there, or if ``nets`` is no list, or there is another number of titles.
    """
    captions = _titles(nets, titles)
    picture = _Boundary(X, y)
    answers = [picture.ask(net) for net in nets]
    axes = _many_axes(len(nets), columns, width=1.8, height=1.65)
    for ax, probabilities, title in zip(axes, answers, captions, strict=True):
        picture.draw(ax, probabilities, title, size=5)
        ax.title.set_fontsize("small")
        ax.set(xticks=[], yticks=[])
    return axes


def boundary_film(
    nets: Nets,
    X: Array,
    y: Array,
    titles: Names = None,
    *,
    feature_names: Names = None,
    class_names: Names = None,
) -> Image:
    """Show the boundaries of several networks one after another, as an animated image (PNG).

    Args:
        nets, X, y, titles: as for :func:`plot_boundary_grid`.
        feature_names, class_names: as for :func:`plot_decision_boundary`.

    Returns:
        What a notebook shows as the last expression of a cell; the file is its ``data``. Each frame stays 0.3 s,
        the last one 1.5 s.

    Raises:
        ValueError: as for :func:`plot_boundary_grid`.
    """
    captions = _titles(nets, titles)
    # A canvas of its own, beside pyplot: no figure opens or closes that a notebook could see.
    canvas = FigureCanvasAgg(Figure(figsize=(4.6, 3.8), dpi=90, layout="constrained"))
    ax = canvas.figure.add_subplot()
    picture, frames = _Boundary(X, y, feature_names, class_names), []
    for net, title in zip(nets, captions, strict=True):
        ax.clear()
        picture.label(ax, picture.draw(ax, picture.ask(net), title))
        canvas.draw()
        canvas.figure.set_layout_engine("none")  # all frames as the first one: nothing jumps
        frames.append(PIL.Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3]))
    # One palette for all frames, or the colours flicker; from every frame, or some colour is missing in it.
    strip = PIL.Image.fromarray(np.concatenate([np.asarray(frame)[::2, ::2] for frame in frames]))
    palette = strip.quantize(200)
    frames = [frame.quantize(palette=palette, dither=PIL.Image.Dither.NONE) for frame in frames]
    png = io.BytesIO()
    frames[-1].save(  # first the last one, by itself: what is seen where nothing moves, as on paper
        png,
        format="PNG",
        save_all=True,
        default_image=True,
        append_images=frames,
        duration=[300] * (len(frames) - 1) + [1500],  # milliseconds
        loop=0,
    )
    return Image(png.getvalue())


def plot_lines(curves: Mapping[str, Any], ax: Axes | None = None, **labels: Any) -> Axes:
    """Draw curves, each in a style of its own, with a legend and a grid.

    Args:
        curves: by name, the values of y, or a pair (x, y); without x they are counted from 0.
        ax: where to draw; a new figure if None.
        labels: what ``ax.set`` takes: xlabel, ylabel, title, xlim, ylim, xscale, ...

    Returns:
        The axes drawn on.
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(6.2, 3.4), layout="constrained")
    for (name, curve), style in zip(curves.items(), itertools.cycle(["-", "--", ":", "-."]), strict=False):
        x, y = curve if isinstance(curve, tuple) else (range(len(curve)), curve)
        ax.plot(_array(x), _array(y), style, linewidth=2, label=name)
    ax.set(**labels)
    ax.legend(fontsize="small")
    ax.grid(alpha=0.3)
    return ax


def plot_network(inputs: Sequence[str], hidden: int, outputs: Sequence[str]) -> Axes:
    """Draw a network with one hidden layer: a circle for each number, a line for each weight.

    Args:
        inputs, outputs: the names of what goes in, and of the classes that come out.
        hidden: how many hidden neurons there are.

    Returns:
        The axes drawn on.
    """
    _, ax = plt.subplots(figsize=(5.2, 3), layout="constrained")
    sizes = [len(inputs), hidden, len(outputs)]
    spans = [0.5, 1.0, 0.6]  # how much of the height a layer takes
    layers = [
        np.linspace(span, -span, n) if n > 1 else np.zeros(1) for span, n in zip(spans, sizes, strict=True)
    ]
    for x, (before, after) in enumerate(itertools.pairwise(layers)):
        for a, b in itertools.product(before, after):
            ax.plot([x, x + 1], [a, b], color="0.8", linewidth=0.5, zorder=1)
    colors = ["0.55", "0.3", CLASS_COLORS[: len(outputs)]]
    for x, (heights, color, size) in enumerate(
        zip(layers, colors, (180, 900 / max(hidden, 6), 180), strict=True)
    ):
        ax.scatter([x] * len(heights), heights, s=size, c=color, edgecolors="white", zorder=2)
        ax.text(x, 1.1, str(len(heights)), ha="center", fontsize="large", fontweight="bold")
    for name, height in zip(inputs, layers[0], strict=True):
        ax.text(-0.09, height, name, ha="right", va="center")
    for name, height in zip(outputs, layers[2], strict=True):
        ax.text(2.09, height, name, ha="left", va="center")
    ax.set(xlim=(-0.9, 2.6), ylim=(-1.1, 1.25))
    ax.axis("off")
    return ax


def plot_walks(
    height: Callable[[Tensor], Tensor],
    walks: Mapping[str, Any],
    span: tuple[float, float],
    ax: Axes | None = None,
    *,
    heights: str = "",
    **labels: str,
) -> Axes:
    """Draw walks over a landscape, seen from above: the darker the blue, the higher the ground.

    Args:
        height: takes a place, a tensor of two numbers, and returns how high the ground is there.
        walks: by name, the places one after another; a star marks the first.
        span: from where to where both axes go.
        ax: where to draw, without a scale of the heights; a new figure if None.
        heights: what the heights are called.
        labels: what ``ax.set`` takes: xlabel, ylabel, title.

    Returns:
        The axes drawn on.
    """
    grid = torch.linspace(*span, 45)
    with torch.no_grad():
        ground = [[float(height(torch.stack([a, b]))) for a in grid] for b in grid]
    if is_alone := ax is None:
        _, ax = plt.subplots(figsize=(6.5, 4.4), layout="constrained")
    surface = ax.contourf(grid, grid, ground, levels=25, cmap="Blues")
    if is_alone:
        ax.figure.colorbar(surface, label=heights)
    for (name, places), color in zip(
        walks.items(), itertools.cycle(["black", "#D55E00", "#009E73"]), strict=False
    ):
        path = np.stack([_array(place) for place in places])
        ax.plot(*path.T, "o-", color=color, markersize=3, linewidth=0.9, label=name)
        ax.plot(*path[0], "*", color="black", markersize=13)
    ax.set(xlim=span, ylim=span, **labels)
    ax.legend()
    return ax


def plot_digits(
    images: Array, labels: Array | Sequence[int], predictions: Array | Sequence[int] | None = None
) -> np.ndarray:
    """Draw digits with their labels and, where given, what the network takes them for, mistakes in red.

    Args:
        images: of shape [N, 28, 28], [N, 1, 28, 28] or [N, 784], in any scale.
        labels: the digits that they are, of shape [N].
        predictions: the digits that the network takes them for, of shape [N].

    Returns:
        The axes, one per digit.

    Raises:
        ValueError: if there are not as many labels or predictions as images.
    """
    pixels, labels = _array(images).reshape(len(images), 28, 28), _array(labels)
    predictions = labels if predictions is None else _array(predictions)
    counts: dict[str, Any] = {"images": len(pixels), "labels": len(labels), "predictions": len(predictions)}
    if len({*counts.values()}) > 1:
        raise ValueError(say("plotting.images", **counts))
    axes = _many_axes(len(pixels), columns=10, width=0.95, height=1.2)
    for i, ax in enumerate(axes):
        ax.axis("off")
        ax.imshow(pixels[i], cmap="gray_r")
        label, prediction = int(labels[i]), int(predictions[i])
        caption, color = str(label), "black"
        if prediction != label:
            caption = say("plotting.mistaken", label=label, prediction=prediction)
            color = "#C00000"
        ax.set_title(caption, color=color, fontsize=9, pad=2)
    return axes


def plot_confusion_matrix(labels: Array | Sequence[int], predictions: Array | Sequence[int]) -> Axes:
    """Draw how often each class (row) was taken for each other (column).

    The shades end at twice the most frequent mistake: beside the right answers, all mistakes would look alike.

    Args:
        labels: the true classes, of shape [N] or [N, 1].
        predictions: the predicted ones, likewise.

    Returns:
        The axes drawn on.

    Raises:
        ValueError: if they are no classes, as logits are not, or not as many predictions as labels.
    """
    from sklearn.metrics import ConfusionMatrixDisplay, confusion_matrix
    from sklearn.utils.multiclass import unique_labels

    labels, predictions = _classes(labels, "labels"), _classes(predictions, "predictions")
    counts = confusion_matrix(labels, predictions)  # refuses what does not fit before there is a figure
    _, ax = plt.subplots(figsize=(5.4, 5.0), layout="constrained")
    matrix = ConfusionMatrixDisplay(counts, display_labels=unique_labels(labels, predictions))
    matrix.plot(cmap="Blues", colorbar=False, ax=ax, text_kw={"fontsize": 8})
    darkest = 2 * counts[~np.eye(len(counts), dtype=bool)].max(initial=0) or counts.max()
    matrix.im_.set_clim(0, darkest)
    for text, count in zip(matrix.text_.flat, counts.flat, strict=True):
        text.set_color("white" if count > 0.6 * darkest else "black")
    ax.set(xlabel=say("plotting.predicted"), ylabel=say("plotting.true"))
    return ax


def plot_convergence(history: Sequence[Sequence[float]]) -> Axes:
    """Draw the loss of every iteration as a dot, and the mean of each epoch as a line; return the axes.

    Args:
        history: for each epoch, the losses of its iterations.
    """
    _, ax = plt.subplots(figsize=(7, 3.4), layout="constrained")
    for epoch, losses in enumerate(history):
        when = epoch + np.arange(len(losses)) / len(losses)
        ax.plot(when, losses, ".", markersize=2, alpha=0.5, color="0.6")
        ax.hlines(np.mean(losses), epoch, epoch + 1, color=CLASS_COLORS[3], linewidth=2.5)
    ax.set(xlabel=say("plotting.epochs"), ylabel=say("loss"), ylim=(0, 2.5))
    ax.legend([say("plotting.iteration"), say("plotting.mean")], markerscale=3)
    return ax


def _many_axes(count: int, columns: int, width: float, height: float) -> np.ndarray:
    """Open a figure of rows of axes; return as many as are wanted, each of this size in inches."""
    rows, columns = -(-count // columns), min(columns, count)
    size = (width * columns, height * rows)
    _, axes = plt.subplots(rows, columns, figsize=size, layout="constrained", squeeze=False)
    for ax in axes.flat[count:]:
        ax.set_visible(False)
    return axes.flatten()[:count]


class _Boundary:
    """The mesh over a set of samples, and how a network's answers on it are drawn."""

    def __init__(self, X: Array, y: Array, feature_names: Names = None, class_names: Names = None) -> None:
        X, y = _array(X), _array(y)
        if X.ndim != 2 or X.shape[1] != 2 or y.size != len(X):
            raise ValueError(say("plotting.two-features", X=list(X.shape), y=list(y.shape)))
        self.X, self.y = X.astype(float), y.reshape(-1)  # BCELoss wants y of shape [N, 1]
        numbered = [say("plotting.feature", number=number) for number in (1, 2)]
        self.feature_names = _checked(feature_names, 2, "feature_names") or numbered
        self.class_names = class_names
        low, high = self.X.min(axis=0), self.X.max(axis=0)
        pad = 0.08 * np.where(high > low, high - low, 1)
        (self.left, self.bottom), (self.right, self.top) = low - pad, high + pad
        self.xs = np.linspace(self.left, self.right, MESH)
        self.ys = np.linspace(self.bottom, self.top, MESH)
        self.mesh = np.stack(np.meshgrid(self.xs, self.ys), axis=-1).reshape(-1, 2)

    def ask(self, net: nn.Module) -> np.ndarray:
        """Ask the network once for the whole mesh; return probabilities of shape [MESH * MESH, classes]."""
        probabilities = _probabilities(net, self.mesh)
        classes = probabilities.shape[1]
        if not np.isin(self.y, np.arange(classes)).all():
            low, high = self.y.min(), self.y.max()
            raise ValueError(say("plotting.labels", last=classes - 1, low=low, high=high))
        _checked(self.class_names, classes, "class_names")
        return probabilities

    def draw(self, ax: Axes, probabilities: np.ndarray, title: str | None, size: float = 22) -> list[Artist]:
        """Draw the colours, the lines between the regions, and the samples; return the samples by class."""
        classes = probabilities.shape[1]
        colors = np.array([to_rgb(CLASS_COLORS[k % len(CLASS_COLORS)]) for k in range(classes)])
        ordered = np.sort(probabilities, axis=1)
        best, second = ordered[:, -1:], ordered[:, -2:-1]
        # From white, where the classes are level, towards the colour of the class that leads.
        # In steps, because a picture of smooth gradients weighs five times as much in a stored notebook.
        strength = 0.08 + 0.37 * np.round(8 * (best - second)) / 8
        rgb = 1 - strength * (1 - colors[probabilities.argmax(axis=1)])
        rgb[np.isnan(probabilities).any(axis=1)] = 0.75
        extent = (self.left, self.right, self.bottom, self.top)
        rgb = rgb.reshape(MESH, MESH, 3)
        ax.imshow(rgb, origin="lower", extent=extent, aspect="auto", interpolation="nearest")

        lead = np.where(probabilities == best, probabilities - second, probabilities - best)
        for of_one in lead.T:
            if np.nanmin(of_one, initial=0) < 0 < np.nanmax(of_one, initial=0):  # else nowhere or everywhere
                line = of_one.reshape(MESH, MESH)
                ax.contour(self.xs, self.ys, line, levels=[0], colors="0.25", linewidths=0.9)
        look: dict[str, Any] = {"s": size, "edgecolors": "0.15", "linewidths": 0.4}
        samples: list[Artist] = [
            ax.scatter(*self.X[self.y == k].T, color=colors[k], marker=MARKERS[k % len(MARKERS)], **look)
            for k in range(classes)
        ]
        ax.set(xlim=extent[:2], ylim=extent[2:])
        if title:
            ax.set_title(title)
        return samples

    def label(self, ax: Axes, samples: list[Artist]) -> None:
        """Name the features along the axes, and the classes in a legend."""
        numbered = [say("plotting.class", number=k) for k in range(len(samples))]
        names = self.class_names if self.class_names is not None else numbered
        ax.set(xlabel=self.feature_names[0], ylabel=self.feature_names[1])
        ax.legend(samples, names, loc="upper left", fontsize="small", framealpha=0.9)


def _probabilities(net: nn.Module, rows: np.ndarray) -> np.ndarray:
    """Return the probability of each class by row, of shape [rows, classes], whatever the network's last layer."""
    answer, of_linear = _answer(net, rows)
    if isinstance(answer, Tensor) and answer.shape == rows.shape[:1]:
        answer = answer.unsqueeze(1)
    if not isinstance(answer, Tensor) or answer.dim() != 2 or len(answer) != len(rows):
        got = list(answer.shape) if isinstance(answer, Tensor) else type(answer).__name__
        raise ValueError(say("plotting.no-logits", samples=len(rows), got=got))
    # The same memory: squeezed or reshaped, it is still what the layer returned.
    is_linear = any(answer.data_ptr() == output.data_ptr() for output in of_linear)
    # In what follows nan, which no comparison holds for, contradicts nothing.
    answer = answer.cpu().double()
    if answer.shape[1] == 1:
        is_logit = is_linear or ((answer < 0) | (answer > 1)).any()
        of_one = torch.sigmoid(answer) if is_logit else answer
        return torch.cat([1 - of_one, of_one], dim=1).numpy()
    are_logits = (answer < 0).any() or ((answer.sum(dim=1) - 1).abs() > 0.01).any()
    # Log-probabilities need no other treatment: softmax turns them back into the probabilities.
    return (torch.softmax(answer, dim=1) if are_logits else answer).numpy()


def _answer(net: nn.Module, rows: np.ndarray) -> tuple[Any, list[Tensor]]:
    """Return what a network answers in evaluation mode, and what its Linear layers returned meanwhile."""
    of_linear: list[Tensor] = []

    def note(module: nn.Module, _args: tuple, output: Any) -> None:
        if isinstance(module, nn.Linear):
            of_linear.append(output)

    weights = next(net.parameters(), torch.empty(0))
    inputs = torch.as_tensor(rows, dtype=weights.dtype, device=weights.device)
    with mode(net, training=False), torch.no_grad(), random_state_kept(), register_module_forward_hook(note):
        return net(inputs), of_linear


def _titles(nets: Nets, titles: Names) -> Sequence[str | None]:
    """Return a title, or None, for each network."""
    if isinstance(nets, nn.Module):  # nn.Sequential would be taken for a list of its layers
        raise ValueError(say("plotting.no-list", kind=type(nets).__name__))
    return _checked(titles, len(nets), "titles") or [None] * len(nets)


def _checked(names: Names, count: int, argument: str) -> list[str] | None:
    """Return names if there are as many as it takes; a single string would be taken for its letters."""
    if names is None:
        return None
    if isinstance(names, str) or len(names) != count:
        raise ValueError(say("plotting.names", argument=argument, count=count, names=names))
    return list(names)


def _classes(values: Any, what: str) -> np.ndarray:
    """Return classes of shape [N] or [N, 1] as an array of shape [N]; refuse what only leads to classes."""
    if isinstance(values, list | tuple) and any(isinstance(part, Array) and part.ndim for part in values):
        raise ValueError(say("plotting.batches", what=what))
    classes = _array(values)
    if classes.ndim == 2 and classes.shape[1] == 1:
        classes = classes[:, 0]
    if classes.ndim != 1:
        raise ValueError(say("plotting.not-classes", what=what, shape=list(classes.shape)))
    if classes.dtype.kind == "f" and (classes % 1).any():
        raise ValueError(say("plotting.one-logit", what=what, value=classes[(classes % 1).nonzero()][0]))
    return classes.astype(int) if classes.dtype.kind in "fb" else classes


def _array(values: Any) -> np.ndarray:
    """Return a tensor, on any device, or anything like an array, as a NumPy array."""
    return np.asarray(values.detach().cpu() if isinstance(values, Tensor) else values)
