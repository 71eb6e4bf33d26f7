"""Run notebooks anew, from a fresh kernel to their last cell, and store what they show.

    python .github/scripts/run_notebooks.py          all, in both editions: some minutes
    python .github/scripts/run_notebooks.py 02 05    these two, in both editions

Nothing is stored of a notebook in which a cell fails. Each code cell gets, in its metadata under "ran", the fingerprint
of the source that was run, so that a test sees an output that is older than its code. Figures have twice the pixels
that Jupyter shows, in 256 colours: sharp on today's screens, and light. What answers a prediction, tagged hide-output,
is stored folded. The README's film is taken from notebook 2.
"""

from __future__ import annotations

import argparse
import base64
import io
from pathlib import Path

import nbformat
import numpy as np
import PIL.Image
from in_step import ROOT, editions, fingerprint, read, write
from nbclient import NotebookClient

FILM = Path(".github", "images", "boundary.png")
# What Jupyter would add says which Python the notebook was run with last, and changes from one machine to the next.
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "name": "python"},
}


def main(arguments: list[str] | None = None, root: Path = ROOT) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("numbers", nargs="*", help="numbers of notebooks, such as 02 (all)")
    numbers = tuple(number.zfill(2) for number in parser.parse_args(arguments).numbers)
    english, portuguese = editions(root)
    for path in [*english, *portuguese]:
        if path.name.startswith(numbers or ""):
            print(path.relative_to(root))
            notebook = run(path)
            write(path, notebook)
            if path in english and path.name.startswith("02"):
                (root / FILM).write_bytes(film(notebook))


def run(path: Path) -> nbformat.NotebookNode:
    """Return a notebook with the outputs of a fresh kernel, and nothing that differs from run to run for no reason."""
    notebook = read(path)
    NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=600,
        coalesce_streams=True,
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(path.parent)}},
        extra_arguments=["--InlineBackend.figure_formats={'retina'}"],
    ).execute()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.metadata["ran"] = fingerprint(cell)
            for data in (output.get("data", {}) for output in cell.outputs):
                if "image/png" in data:
                    data["image/png"] = lighter(data["image/png"])
            # JupyterLab and Colab then show a bar in place of the output, until the cell is run.
            if "hide-output" in cell.metadata.get("tags", []):
                cell.metadata |= {"jupyter": {"outputs_hidden": True}, "collapsed": True}
    notebook.metadata = nbformat.from_dict(METADATA)
    return notebook


def lighter(png: str) -> str:
    """Return a figure in 256 colours, base64 as it came, a third of its weight; a film has fewer already."""
    picture = PIL.Image.open(io.BytesIO(base64.b64decode(png)))
    if getattr(picture, "n_frames", 1) > 1:
        return png
    picture = picture.convert("RGB")
    few = picture.quantize(255, PIL.Image.Quantize.FASTOCTREE, dither=PIL.Image.Dither.NONE)
    pixels = np.array(few)
    pixels[(np.array(picture) == 255).all(axis=2)] = 255  # white stays white
    light = PIL.Image.fromarray(pixels, "P")
    light.putpalette([*few.getpalette()[: 3 * 255], *[0] * 3 * 255][: 3 * 255] + [255] * 3)
    light.save(packed := io.BytesIO(), "PNG", optimize=True)
    return base64.b64encode(packed.getvalue()).decode()


def film(notebook: nbformat.NotebookNode) -> bytes:
    """Return the animated PNG that notebook 2 shows."""
    outputs = next(cell.outputs for cell in notebook.cells if cell.id == "boundary-film")
    return next(base64.b64decode(o.data["image/png"]) for o in outputs if "image/png" in o.get("data", {}))


if __name__ == "__main__":
    main()
