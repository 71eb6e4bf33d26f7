"""The course's figures. Drawing changes nothing: a copy of the network is asked, and random states are kept."""

from __future__ import annotations

import copy
import io
from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from torch import Tensor, nn
from torch.nn.parameter import UninitializedParameter

from helpers.arguments import whole_number
from helpers.language import translate
from helpers.training import random_state_kept

__all__ = [
    "CLASS_COLORS",
    "boundary_film",
    "plot_boundary_grid",
    "plot_confusion_matrix",
    "plot_decision_boundary",
    "plot_digits",
    "plot_history",
]

# Okabe and Ito's palette, which colour-blind readers tell apart, without its yellow (too light on white).
CLASS_COLORS = ["#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#8C564B"]
MARKERS = ["o", "s", "^", "D", "v"]  # shapes too, for print and for eyes that see no colour
MOST_CLASSES = 35  # pairs of a colour and a marker
MESH = 150  # points along each axis of the mesh that the network is asked for


def plot_decision_boundary(
    net: nn.Module,
    X: Tensor | np.ndarray,
    y: Tensor | np.ndarray,
    ax: Axes | None = None,
    *,
    title: str | None = None,
    feature_names: Sequence[str] | None = None,
    class_names: Sequence[str] | None = None,
) -> Axes:
    """Colour the plane by the class that the network predicts there, and draw the samples on it.

    The stronger the colour, the surer the network; dark lines part the regions of two classes. A network that
    returns nan, as one that has diverged does, is drawn in grey.

    Args:
        net: takes float32 of shape [M, 2] and returns logits of shape [M, C], or [M, 1] for two classes.
        X: the samples, of shape [N, 2], in the units that the network was trained on.
        y: their classes, whole numbers 0 .. C-1, of shape [N].
        ax: where to draw; a new figure if None.
        title, feature_names, class_names: what to write on it; features and classes are numbered if None.

    Returns:
        The axes drawn on.

    Raises:
        ValueError: if X or y has another shape, or the network does not take two features or does not return
            one logit per class of y.
    """
    picture = _Boundary(X, y)
    feature_names = feature_names if feature_names is not None else _numbered_features()
    if class_names is None:
        class_names = [translate("class {number}", number=k) for k in range(picture.classes)]
    if len(feature_names) != 2 or len(class_names) != picture.classes:
        raise ValueError(
            translate(
                "Expected 2 feature names and {classes} class names, got {features} and {names}.",
                classes=picture.classes,
                features=len(feature_names),
                names=len(class_names),
            )
        )
    rgb, lead = picture.ask(net)
    if ax is None:
        _, ax = plt.subplots(figsize=(5.2, 4.2), layout="constrained")
    samples = picture.draw(ax, rgb, lead, title)
    ax.set(xlabel=feature_names[0], ylabel=feature_names[1])
    ax.legend(samples, list(class_names), loc="upper left", fontsize="small", framealpha=0.9)
    return ax


def plot_boundary_grid(
    nets: Sequence[nn.Module],
    X: Tensor | np.ndarray,
    y: Tensor | np.ndarray,
    titles: Sequence[str] | None = None,
    columns: int = 5,
) -> np.ndarray:
    """Draw the boundaries of several networks, or of one at several times, side by side.

    Args:
        nets: networks such as :func:`plot_decision_boundary` takes; ``copy.deepcopy(net)`` keeps one as it is.
        X, y: the samples, as there.
        titles: one above each picture.
        columns: pictures per row.

    Returns:
        The axes, one per network.

    Raises:
        ValueError: as there, or if there is no network or another number of titles.
    """
    titles = _checked_titles(nets, titles)
    columns = min(whole_number(columns, "columns"), len(nets))
    picture = _Boundary(X, y)
    answers = [picture.ask(net) for net in nets]  # before a figure is opened, in case one of them refuses
    rows = -(-len(nets) // columns)
    size = (1.8 * columns, 1.65 * rows)
    _, axes = plt.subplots(rows, columns, figsize=size, layout="constrained", squeeze=False)
    for ax, (rgb, lead), title in zip(axes.flat, answers, titles, strict=False):
        picture.draw(ax, rgb, lead, title, size=5)
        ax.title.set_fontsize("small")
    for ax in axes.flat:
        ax.set(xticks=[], yticks=[])
    for ax in axes.flat[len(nets) :]:
        ax.set_visible(False)
    return axes.flatten()[: len(nets)]


def boundary_film(
    nets: Sequence[nn.Module],
    X: Tensor | np.ndarray,
    y: Tensor | np.ndarray,
    titles: Sequence[str] | None = None,
    *,
    feature_names: Sequence[str] | None = None,
    milliseconds: int = 300,
) -> Film:
    """Show the boundaries of several networks one after another, as an animated image (GIF).

    Args:
        nets, X, y, titles: as for :func:`plot_boundary_grid`.
        feature_names: what to write along the axes; the features are numbered if None.
        milliseconds: how long each frame stays; the last one stays five times as long.

    Returns:
        A film that a notebook shows as the last expression of a cell; ``film.save("boundary.gif")`` keeps it.

    Raises:
        ValueError: as for :func:`plot_boundary_grid`.
    """
    from PIL import Image

    titles = _checked_titles(nets, titles)
    feature_names = feature_names if feature_names is not None else _numbered_features()
    # A canvas of its own, beside pyplot: no figure opens or closes that a notebook could see.
    canvas = FigureCanvasAgg(Figure(figsize=(4.6, 3.8), dpi=90, layout="constrained"))
    picture, frames = _Boundary(X, y), []
    for net, title in zip(nets, titles, strict=True):
        canvas.figure.clear()
        ax = canvas.figure.add_subplot()
        picture.draw(ax, *picture.ask(net), title)
        ax.set(xlabel=feature_names[0], ylabel=feature_names[1])
        canvas.draw()
        frames.append(Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3]))
    # One palette for all frames, or the colours flicker; from every frame, or some colour is missing in it.
    strip = Image.fromarray(np.concatenate([np.asarray(frame)[::2, ::2] for frame in frames]))
    palette = strip.quantize(200)
    frames = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    gif = io.BytesIO()
    frames[0].save(
        gif,
        format="GIF",
        save_all=True,
        append_images=frames[1:],
        duration=[milliseconds] * (len(frames) - 1) + [5 * milliseconds],
        loop=0,
    )
    return Film(gif.getvalue())


class Film:
    """An animated GIF that Jupyter shows."""

    def __init__(self, gif: bytes) -> None:
        self.gif = gif

    def save(self, path: str) -> None:
        """Write the GIF to a file."""
        with open(path, "wb") as file:
            file.write(self.gif)

    def __repr__(self) -> str:
        return translate("Film (an animated GIF)")

    def _repr_png_(self) -> bytes:
        # Labelled as PNG because nbconvert, and GitHub with it, passes over image/gif and would show text
        # instead; browsers look at the bytes, not at the label, and play it.
        return self.gif


def plot_history(history: dict[str, Sequence[float]], title: str | None = None) -> np.ndarray:
    """Draw loss, and accuracy where there is one, against the epoch.

    The band around the training loss is one standard deviation of the batches' losses to either side.

    Args:
        history: as :func:`helpers.training.fit` returns it.
        title: written above the figure.

    Returns:
        The axes, one or two.

    Raises:
        ValueError: if the history holds no finished epoch.
    """
    if not history.get("loss"):
        raise ValueError(
            translate("This history holds no finished epoch: train for at least one, then plot.")
        )
    panels = 2 if "accuracy" in history else 1
    figure, axes = plt.subplots(1, panels, figsize=(4.4 * panels, 3.2), layout="constrained", squeeze=False)
    epochs = np.arange(1, len(history["loss"]) + 1)
    parts = [(translate("training"), "", CLASS_COLORS[0]), (translate("test"), "test_", CLASS_COLORS[3])]
    for name, prefix, color in parts:
        for ax, key in zip(axes.flat, ["loss", "accuracy"], strict=False):
            if values := history.get(prefix + key):
                ax.plot(epochs, values, "o-", color=color, markersize=4, label=name)
    loss, std = np.asarray(history["loss"]), np.asarray(history.get("std", [0] * len(epochs)))
    axes[0, 0].fill_between(epochs, loss - std, loss + std, color=CLASS_COLORS[0], alpha=0.15, linewidth=0)
    for ax, name in zip(axes.flat, [translate("loss"), translate("accuracy")], strict=False):
        ax.set(xlabel=translate("epoch"), ylabel=name)
        ax.xaxis.get_major_locator().set_params(integer=True)
        ax.legend()
        ax.grid(alpha=0.3)
    if title:
        figure.suptitle(title)
    return axes.flatten()


def plot_digits(
    images: Tensor | np.ndarray,
    labels: Sequence[int] | Tensor,
    predictions: Sequence[int] | Tensor | None = None,
    columns: int = 10,
) -> np.ndarray:
    """Draw digits with their labels and, where given, what the network takes them for, mistakes in red.

    Args:
        images: of shape [N, 28, 28] or [N, 1, 28, 28], in any scale.
        labels: the digits that they are, of shape [N].
        predictions: the digits that the network takes them for, of shape [N].
        columns: pictures per row.

    Returns:
        The axes, one per digit.

    Raises:
        ValueError: if the three do not have the same number of samples, or there is none.
    """
    pixels = _array(images)
    labels = _array(labels)
    predictions = labels if predictions is None else _array(predictions)
    if not len(pixels) or not labels.shape == predictions.shape == (len(pixels),):
        shapes = [list(values.shape) for values in (pixels, labels, predictions)]
        complaint = "plot_digits expects as many labels and predictions as images, got the shapes {shapes}."
        raise ValueError(translate(complaint, shapes=shapes))
    if pixels.ndim not in (3, 4) or (pixels.ndim == 4 and pixels.shape[1] != 1):
        complaint = "plot_digits expects grey images of shape [N, 28, 28], got {shape}."
        raise ValueError(translate(complaint, shape=list(pixels.shape)))
    columns = min(whole_number(columns, "columns"), len(pixels))
    rows = -(-len(pixels) // columns)
    _, axes = plt.subplots(
        rows, columns, figsize=(0.95 * columns, 1.2 * rows), layout="constrained", squeeze=False
    )
    for ax in axes.flat:
        ax.axis("off")
    for i, ax in enumerate(axes.flat[: len(pixels)]):
        ax.imshow(pixels[i].reshape(pixels.shape[-2:]), cmap="gray_r")
        caption, color = str(int(labels[i])), "black"
        if predictions[i] != labels[i]:
            caption = translate("{label}, not {prediction}", label=caption, prediction=int(predictions[i]))
            color = "#C00000"
        ax.set_title(caption, color=color, fontsize=9, pad=2)
    return axes.flatten()[: len(pixels)]


def plot_confusion_matrix(
    labels: Sequence[int] | Tensor,
    predictions: Sequence[int] | Tensor,
    class_names: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how often each class (row) was taken for each other (column).

    Args:
        labels: the true classes, of shape [N].
        predictions: the predicted ones, of shape [N].
        class_names: one per class.
        ax: where to draw; a new figure if None.

    Returns:
        The axes drawn on.

    Raises:
        ValueError: if the two have different lengths or none.
    """
    from sklearn.metrics import ConfusionMatrixDisplay

    labels, predictions = _array(labels), _array(predictions)
    if labels.shape != predictions.shape or labels.ndim != 1 or not len(labels):
        complaint = "Expected as many predictions as labels, got {predictions} and {labels}."
        raise ValueError(translate(complaint, predictions=len(predictions), labels=len(labels)))
    classes = None if class_names is None else np.arange(len(class_names))
    if classes is not None and not np.isin(np.concatenate([labels, predictions]), classes).all():
        complaint = "There are classes beyond the {count} that class_names names."
        raise ValueError(translate(complaint, count=len(classes)))
    if ax is None:
        _, ax = plt.subplots(figsize=(5.4, 5.0), layout="constrained")
    ConfusionMatrixDisplay.from_predictions(
        labels,
        predictions,
        labels=classes,
        display_labels=class_names,
        cmap="Blues",
        colorbar=False,
        ax=ax,
        text_kw={"fontsize": 8},
    )
    ax.set(xlabel=translate("predicted"), ylabel=translate("true"))
    return ax


class _Boundary:
    """The mesh over a set of samples, and how a network's answers on it are drawn."""

    def __init__(self, X: Tensor | np.ndarray, y: Tensor | np.ndarray) -> None:
        try:
            self.X, self.y = _array(X).astype(float), _array(y).astype(float)
        except (TypeError, ValueError) as error:
            raise ValueError(translate("Expected X and y to hold numbers: {error}.", error=error)) from error
        if self.X.ndim != 2 or self.X.shape[1] != 2 or self.y.shape != self.X.shape[:1] or not len(self.X):
            raise ValueError(
                translate(
                    "A decision boundary is drawn for two features: expected X of shape [N, 2] "
                    "and y of shape [N], got {X} and {y}.",
                    X=list(self.X.shape),
                    y=list(self.y.shape),
                )
            )
        if not np.isfinite(self.X).all() or not np.isin(self.y, np.arange(MOST_CLASSES)).all():
            complaint = "Expected finite features, and classes as whole numbers from 0 to {largest}."
            raise ValueError(translate(complaint, largest=MOST_CLASSES - 1))
        self.y = self.y.astype(int)
        self.classes = max(2, int(self.y.max()) + 1)
        low, high = self.X.min(axis=0), self.X.max(axis=0)
        pad = 0.08 * np.where(high > low, high - low, 1)
        (self.left, self.bottom), (self.right, self.top) = low - pad, high + pad
        self.xs = np.linspace(self.left, self.right, MESH)
        self.ys = np.linspace(self.bottom, self.top, MESH)
        self.mesh = np.stack(np.meshgrid(self.xs, self.ys), axis=-1).reshape(-1, 2)
        self.colors = np.array([to_rgb(CLASS_COLORS[k % len(CLASS_COLORS)]) for k in range(self.classes)])

    def ask(self, net: nn.Module) -> tuple[np.ndarray, np.ndarray]:
        """Return the mesh's colours, shape [MESH, MESH, 3], and each class's lead over the next best."""
        probabilities = self._probabilities(net)
        ordered = np.sort(probabilities, axis=1)
        best, second = ordered[:, -1:], ordered[:, -2:-1]
        lead = np.where(probabilities == best, probabilities - second, probabilities - best)
        # From white, where the classes are level, towards the colour of the class that leads.
        # In steps, because a picture of smooth gradients weighs five times as much in a stored notebook.
        strength = 0.08 + 0.37 * np.round(8 * (best - second)) / 8
        rgb = 1 - strength * (1 - self.colors[probabilities.argmax(axis=1)])
        rgb[np.isnan(probabilities).any(axis=1)] = 0.75
        return rgb.reshape(MESH, MESH, 3), lead.reshape(MESH, MESH, -1)

    def _probabilities(self, net: nn.Module) -> np.ndarray:
        """Ask the network once for the whole mesh; return float of shape [MESH * MESH, classes]."""
        logits = _quietly(net, self.mesh)
        if logits.shape == (len(self.mesh), 1) and self.classes == 2:
            of_one = torch.sigmoid(logits.double())
            return torch.cat([1 - of_one, of_one], dim=1).numpy()
        if logits.shape != (len(self.mesh), self.classes):
            raise ValueError(
                translate(
                    "y holds {classes} classes, so the network should return {classes} logits per sample; "
                    "for {samples} samples it returned shape {shape}. Check its last layer.",
                    classes=self.classes,
                    samples=len(self.mesh),
                    shape=list(logits.shape),
                )
            )
        return torch.softmax(logits.double(), dim=1).numpy()

    def draw(
        self, ax: Axes, rgb: np.ndarray, lead: np.ndarray, title: str | None, size: float = 22
    ) -> list[Artist]:
        """Draw the colours, the lines between the regions, and the samples; return the samples by class."""
        extent = (self.left, self.right, self.bottom, self.top)
        ax.imshow(rgb, origin="lower", extent=extent, aspect="auto", interpolation="nearest")
        for k in range(self.classes):
            leads = lead[..., k][np.isfinite(lead[..., k])]
            if len(leads) and leads.min() < 0 < leads.max():  # else the class rules nowhere or everywhere
                ax.contour(self.xs, self.ys, lead[..., k], levels=[0], colors="0.25", linewidths=0.9)
        samples = [
            ax.scatter(
                *self.X[self.y == k].T,
                s=size,
                color=self.colors[k],
                marker=MARKERS[k % len(MARKERS)],
                edgecolors="0.15",
                linewidths=0.4,
            )
            for k in range(self.classes)
        ]
        ax.set(xlim=extent[:2], ylim=extent[2:])
        if title:
            ax.set_title(title)
        return samples


def _quietly(net: nn.Module, rows: np.ndarray) -> Tensor:
    """Return what a copy of the network answers, on the CPU.

    A copy, because a forward pass may change a network even in evaluation mode: a lazy layer takes its shape from
    it, and a module may keep a count.
    """
    if not isinstance(net, nn.Module):
        complaint = "Expected a network, an object of a subclass of nn.Module; got {net!r}."
        raise ValueError(translate(complaint, net=net))
    net = copy.deepcopy(net).eval()
    weights = next((p for p in net.parameters() if not isinstance(p, UninitializedParameter)), torch.empty(0))
    inputs = torch.as_tensor(rows, dtype=weights.dtype, device=weights.device)
    with torch.no_grad(), random_state_kept():
        try:
            answer = net(inputs)
        except Exception as error:  # whatever a student's forward() raises
            raise ValueError(
                translate(
                    "A decision boundary is drawn for a network that takes two features, "
                    "a batch of shape [N, 2]. Asked with {shape}, this one raised {kind}: {error}",
                    shape=list(inputs.shape),
                    kind=type(error).__name__,
                    error=error,
                )
            ) from error
    if not isinstance(answer, Tensor):
        complaint = "Expected the network to return a tensor of logits, got {kind}."
        raise ValueError(translate(complaint, kind=type(answer).__name__))
    return answer.detach().cpu()


def _numbered_features() -> list[str]:
    return [translate("feature {number}", number=number) for number in (1, 2)]


def _checked_titles(nets: Sequence[nn.Module], titles: Sequence[str] | None) -> Sequence[str | None]:
    """Return a title, or None, for each network."""
    if not len(nets):
        raise ValueError(translate("Expected at least one network to draw, got none: did the loop keep any?"))
    if titles is not None and len(titles) != len(nets):
        complaint = "Expected a title for each of the {networks} networks, got {titles}."
        raise ValueError(translate(complaint, networks=len(nets), titles=len(titles)))
    return titles if titles is not None else [None] * len(nets)


def _array(values: Any) -> np.ndarray:
    """Return a tensor, on any device, or anything like an array, as a NumPy array."""
    if isinstance(values, Tensor):
        values = values.detach().cpu()
        return (values.float() if values.dtype == torch.bfloat16 else values).numpy()  # NumPy has no bfloat16
    return np.asarray(values)
