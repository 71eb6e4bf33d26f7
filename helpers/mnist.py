"""MNIST from the archives that travel with the course: verified, unpacked once, never left half-done."""

import errno
import os
import shutil
import tempfile
from pathlib import Path

import torch

__all__ = ["DATA", "mnist_root"]

DATA = Path(__file__).resolve().parents[1] / "data"
RAW = Path("MNIST", "raw")  # where torchvision looks, below its root

# Name of each unpacked file, the MD5 of its archive (torchvision's own list) and its size in bytes.
FILES = {
    "train-images-idx3-ubyte": ("f68b3c2dcbeaaa9fbdd348bbdeb94873", 47_040_016),
    "train-labels-idx1-ubyte": ("d53e105ee54ea40749a09fcbcd1e9432", 60_008),
    "t10k-images-idx3-ubyte": ("9fb629c4189551a2d022fa330f9573f3", 7_840_016),
    "t10k-labels-idx1-ubyte": ("ec29112dd5afa0611ce80d1b7f02629c", 10_008),
}
MEGABYTES_NEEDED = 70


def mnist_root(data: Path | str = DATA) -> Path:
    """Return a folder that ``torchvision.datasets.MNIST`` reads, unpacking the archives the first time.

    They are unpacked beside themselves, or into PyTorch's cache folder where that cannot be written to (a
    line says so). Notebooks that unpack at the same time do not harm each other.

    Args:
        data: the folder that holds ``MNIST/raw/`` with the four archives.

    Raises:
        RuntimeError: if an archive is damaged or missing and cannot be fetched again.
        OSError: if the disk is full, or neither folder can be written to.
    """
    data = Path(data)
    if _is_unpacked(data):
        return data
    try:
        _unpack(data, into=data)
        return data
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
    cache = Path(torch.hub.get_dir(), "course_data")
    if not _is_unpacked(cache):
        cache.mkdir(parents=True, exist_ok=True)
        _unpack(data, into=cache)
    print(f"{data} cannot be written to, so MNIST is unpacked in {cache}.")
    return cache


def _is_unpacked(root: Path) -> bool:
    """Tell whether all four files are there in full; torchvision itself asks only whether they exist."""
    files = [(root / RAW / name, size) for name, (_, size) in FILES.items()]
    return all(file.is_file() and file.stat().st_size == size for file, size in files)


def _unpack(data: Path, into: Path) -> None:
    """Unpack the archives in a folder of its own, then move each whole file to its place in one step."""
    from torchvision.datasets import MNIST  # here, because importing torchvision takes a second
    from torchvision.datasets.utils import check_integrity

    try:
        with tempfile.TemporaryDirectory(prefix=".unpacking-", dir=into) as scratch:
            staged = Path(scratch, RAW)
            staged.mkdir(parents=True)
            bad = []
            for name, (md5, _) in FILES.items():
                archive = data / RAW / f"{name}.gz"
                if check_integrity(archive, md5):
                    shutil.copyfile(archive, staged / archive.name)
                else:
                    bad.append(archive)
                    print(f"{archive} is {'damaged' if archive.exists() else 'missing'}: fetching it again.")
            try:
                MNIST(scratch, download=True)  # downloads what is not staged, verifies and unpacks all four
            except Exception as error:
                if not bad or (isinstance(error, OSError) and error.errno == errno.ENOSPC):
                    raise
                raise RuntimeError(_repair(bad)) from error

            (into / RAW).mkdir(parents=True, exist_ok=True)
            for name in FILES:
                _move(staged / name, into / RAW / name)
            for archive in bad:
                _move(staged / archive.name, into / RAW / archive.name)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise OSError(
            errno.ENOSPC,
            f"The disk is full: unpacking MNIST takes {MEGABYTES_NEEDED} MB in {into}. "
            "Nothing was left behind there; make room and run this again",
        ) from error


def _move(source: Path, target: Path) -> None:
    """Move a whole file into place; another notebook may have put the same one there and be reading it."""
    try:
        os.replace(source, target)
    except PermissionError:  # Windows does not replace a file that is open
        if not target.is_file() or target.stat().st_size != source.stat().st_size:
            raise


def _repair(archives: list[Path]) -> str:
    """Return what to tell a student whose archives are of no use."""
    names = ", ".join(str(archive) for archive in archives)
    return (
        f"MNIST cannot be unpacked: damaged or missing, and not to be fetched from the network: {names}. "
        "Repair it with `git checkout -- data/MNIST/raw` in the course's folder, "
        "or copy data/MNIST/raw from a fresh download of the course."
    )
