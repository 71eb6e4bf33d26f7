"""MNIST from the archives that travel with the course: verified, unpacked once, never left half-done."""

import contextlib
import errno
import os
import shutil
import tempfile
import time
import zlib
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from helpers.language import translate

__all__ = ["DATA", "mnist_root", "read_mnist"]

DATA = Path(__file__).resolve().parents[1] / "data"
READ_ONLY = (errno.EACCES, errno.EPERM, errno.EROFS)
DISK_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))  # or the user's share of it
RAW = Path("MNIST", "raw")  # where torchvision looks, below its root

# Name of each unpacked file: the MD5 of its archive (torchvision's own list), its size in bytes and its CRC-32.
FILES = {
    "train-images-idx3-ubyte": ("f68b3c2dcbeaaa9fbdd348bbdeb94873", 47_040_016, 0xE9F4D8B3),
    "train-labels-idx1-ubyte": ("d53e105ee54ea40749a09fcbcd1e9432", 60_008, 0xE0CB4AD2),
    "t10k-images-idx3-ubyte": ("9fb629c4189551a2d022fa330f9573f3", 7_840_016, 0x91373BDF),
    "t10k-labels-idx1-ubyte": ("ec29112dd5afa0611ce80d1b7f02629c", 10_008, 0x4AB9EFF9),
}
MEGABYTES_NEEDED = 70
SCRATCH = ".unpacking-"
_found_whole: set[tuple[Path, int]] = set()  # files that this process has checked, as they were then


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
        if error.errno not in READ_ONLY:
            raise
    cache = Path(torch.hub.get_dir(), "course_data")
    if not _is_unpacked(cache):
        try:
            _unpack(data, into=cache)
        except OSError as error:
            if error.errno not in READ_ONLY:
                raise
            raise OSError(
                error.errno,
                translate(
                    "MNIST cannot be unpacked: neither {data} nor {cache} can be read and written. "
                    "Set the environment variable TORCH_HOME to a folder of your own and restart the kernel",
                    data=data,
                    cache=cache,
                ),
            ) from error
    print(translate("{data} cannot be written to, so MNIST is unpacked in {cache}.", data=data, cache=cache))
    return cache


def _is_unpacked(root: Path) -> bool:
    """Tell whether all four files are there, whole and undamaged; torchvision itself asks only whether they exist."""
    for name, (_, size, crc) in FILES.items():
        file = root / RAW / name
        if not file.is_file() or file.stat().st_size != size:
            return False
        seen = (file, file.stat().st_mtime_ns)
        if seen not in _found_whole:
            if _crc(file) != crc:
                return False
            _found_whole.add(seen)
    return True


def read_mnist(root: Path, train: bool) -> tuple[Tensor, Tensor]:
    """Return the images, uint8 of shape [N, 28, 28], and the labels, int64 of shape [N], of an unpacked MNIST.

    torchvision's class does the same, but importing torchvision takes a second and 100 MB.

    Args:
        root: as :func:`mnist_root` returns it.
        train: the 60,000 training digits, or else the 10,000 test digits.
    """
    kind = "train" if train else "t10k"
    # The format is idx: 16 bytes that tell the shape, then a byte per pixel; 8 bytes, then a byte per label.
    pixels = np.fromfile(root / RAW / f"{kind}-images-idx3-ubyte", dtype=np.uint8, offset=16)
    labels = np.fromfile(root / RAW / f"{kind}-labels-idx1-ubyte", dtype=np.uint8, offset=8)
    return torch.from_numpy(pixels).view(-1, 28, 28), torch.from_numpy(labels.astype(np.int64))


def _crc(file: Path) -> int:
    """Return a file's CRC-32, read in pieces: memory is what the course is short of on a small laptop."""
    crc = 0
    with file.open("rb") as opened:
        while piece := opened.read(2**20):
            crc = zlib.crc32(piece, crc)
    return crc


def _unpack(data: Path, into: Path) -> None:
    """Unpack the archives in a folder of its own, then move each whole file to its place in one step."""
    raw = into / RAW
    try:
        raw.mkdir(parents=True, exist_ok=True)
        _sweep(raw)
        # Inside the very folder: moving a file is one step only on the same disk.
        with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=raw) as scratch:
            bad = _stage(data, Path(scratch))
            for name in FILES:
                _move(Path(scratch, RAW, name), raw / name)
            for archive in bad:
                _move(Path(scratch, RAW, archive.name), raw / archive.name)
    except OSError as error:
        if error.errno not in DISK_FULL:
            raise
        raise OSError(
            error.errno,
            translate(
                "The disk is full: unpacking MNIST takes {megabytes} MB in {folder}. "
                "Nothing was left behind there; make room and run this again",
                megabytes=MEGABYTES_NEEDED,
                folder=into,
            ),
        ) from error


def _stage(data: Path, scratch: Path) -> list[Path]:
    """Let torchvision verify and unpack copies of the archives; return the archives that it had to fetch again."""
    from torchvision.datasets import MNIST  # here, because importing torchvision takes a second
    from torchvision.datasets.utils import check_integrity

    (scratch / RAW).mkdir(parents=True)
    bad = []
    for name, (md5, _, _) in FILES.items():
        archive = data / RAW / f"{name}.gz"
        if check_integrity(archive, md5):
            shutil.copyfile(archive, scratch / RAW / archive.name)
        else:
            bad.append(archive)
            news = "{archive} is missing: fetching it again."
            if archive.exists():
                news = "{archive} is damaged: fetching it again."
            print(translate(news, archive=archive))
    try:
        MNIST(scratch, download=True)  # downloads what is not staged, verifies and unpacks all four
    except Exception as error:
        if not bad or (isinstance(error, OSError) and error.errno in DISK_FULL):
            raise
        raise RuntimeError(_repair(bad)) from error
    return bad


def _sweep(raw: Path) -> None:
    """Remove what a kernel that was killed while unpacking has left; a younger one may still be at work."""
    for left in raw.glob(f"{SCRATCH}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > 3600:
                shutil.rmtree(left)


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
    return translate(
        "MNIST cannot be unpacked: damaged or missing, and not to be fetched from the network: {names}. "
        "Repair it with `git checkout -- data/MNIST/raw` in the course's folder, "
        "or copy data/MNIST/raw from a fresh download of the course.",
        names=names,
    )
