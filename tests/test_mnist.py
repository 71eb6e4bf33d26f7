"""Unpacking MNIST: never a partial file taken for whole, whatever goes wrong."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.error import URLError

import pytest
import torch
import torchvision.datasets.mnist
import torchvision.datasets.utils

from helpers import mnist
from helpers.mnist import DATA, FILES, RAW, mnist_root


@pytest.fixture
def data(tmp_path):
    """A data folder with the four archives, not unpacked."""
    folder = tmp_path / "data"
    (folder / RAW).mkdir(parents=True)
    for name in FILES:
        shutil.copy(DATA / RAW / f"{name}.gz", folder / RAW)
    return folder


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_, **__):
        raise URLError("no network")

    monkeypatch.setattr(torchvision.datasets.utils, "_get_redirect_url", refuse)
    monkeypatch.setattr(torchvision.datasets.utils, "_urlretrieve", refuse)


def assert_whole(root: Path):
    digits = torchvision.datasets.MNIST(root, train=True)
    assert digits.data.shape == (60_000, 28, 28) and digits.data.float().mean().item() == pytest.approx(
        33.318, abs=1e-3
    )
    assert not list(root.rglob(".unpacking*"))


def test_archives_are_unpacked_beside_themselves(data, no_network):
    assert mnist_root(data) == data
    assert_whole(data)


def test_second_call_unpacks_nothing(data, monkeypatch):
    mnist_root(data)
    monkeypatch.setattr(mnist, "_unpack", lambda *_, **__: pytest.fail("unpacked again"))
    assert mnist_root(data) == data


def test_half_unpacked_file_is_unpacked_again(data):
    mnist_root(data)
    file = data / RAW / "train-images-idx3-ubyte"
    file.write_bytes(file.read_bytes()[:1000])
    mnist_root(data)
    assert_whole(data)


def test_file_of_the_right_size_with_other_bytes_is_unpacked_again(data):
    mnist_root(data)
    file = data / RAW / "train-images-idx3-ubyte"
    file.write_bytes(bytes(file.stat().st_size))
    mnist_root(data)
    assert_whole(data)


def test_what_a_killed_kernel_left_is_swept_away(data):
    left = data / RAW / ".unpacking-old"
    left.mkdir()
    os.utime(left, (0, 0))
    mnist_root(data)
    assert_whole(data)


@pytest.mark.parametrize("damage", ["truncate", "replace", "delete"])
def test_damaged_archive_is_named_and_leaves_nothing_unpacked(data, no_network, damage):
    archive = data / RAW / "t10k-images-idx3-ubyte.gz"
    if damage == "delete":
        archive.unlink()
    else:
        archive.write_bytes(
            archive.read_bytes()[:1000] if damage == "truncate" else b"<html>Forbidden</html>"
        )
    with pytest.raises(RuntimeError, match=r"t10k-images-idx3-ubyte\.gz.*git checkout") as error:
        mnist_root(data)
    assert "train-images" not in str(error.value)
    assert sorted(p.suffix for p in (data / RAW).iterdir()) == [".gz"] * (3 if damage == "delete" else 4)


def test_damaged_archive_is_fetched_again_where_there_is_a_network(data, monkeypatch):
    archive = data / RAW / "t10k-labels-idx1-ubyte.gz"
    archive.write_bytes(b"damaged")

    def fetch(url, filename, *_, **__):
        shutil.copy(DATA / RAW / Path(url).name, filename)

    monkeypatch.setattr(torchvision.datasets.utils, "_get_redirect_url", lambda url, **_: url)
    monkeypatch.setattr(torchvision.datasets.utils, "_urlretrieve", fetch)
    mnist_root(data)
    assert_whole(data)
    assert archive.read_bytes() == (DATA / RAW / archive.name).read_bytes()


def test_error_page_from_the_network_is_not_taken_for_an_archive(data, monkeypatch):
    (data / RAW / "t10k-labels-idx1-ubyte.gz").unlink()
    monkeypatch.setattr(torchvision.datasets.utils, "_get_redirect_url", lambda url, **_: url)
    monkeypatch.setattr(
        torchvision.datasets.utils, "_urlretrieve", lambda url, filename, *_: Path(filename).write_text("404")
    )
    with pytest.raises(RuntimeError, match="t10k-labels"):
        mnist_root(data)
    assert not (data / RAW / "t10k-labels-idx1-ubyte").exists()


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS])
def test_folder_that_cannot_be_written_to_is_unpacked_into_the_cache(
    data, tmp_path, monkeypatch, capsys, code
):
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "cache"))
    make = mnist.tempfile.TemporaryDirectory

    def refuse(*args, dir, **options):
        if Path(dir) == data / RAW:
            raise OSError(code, "read-only")
        return make(*args, dir=dir, **options)

    monkeypatch.setattr(mnist.tempfile, "TemporaryDirectory", refuse)
    root = mnist_root(data)
    assert root == tmp_path / "cache" / "course_data"
    assert_whole(root)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 and "cannot be written to" in lines[0]
    monkeypatch.setattr(mnist, "_unpack", lambda *_, **__: pytest.fail("unpacked into the cache again"))


def test_nowhere_to_write_is_one_clear_error(data, monkeypatch, tmp_path):
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "cache"))

    def refuse(*_, **__):
        raise OSError(errno.EROFS, "read-only")

    monkeypatch.setattr(mnist.tempfile, "TemporaryDirectory", refuse)
    with pytest.raises(OSError, match=r"neither .* nor .* TORCH_HOME"):
        mnist_root(data)


def test_other_errors_do_not_lead_to_the_cache(data, monkeypatch):
    def fail(*_, **__):
        raise OSError(errno.EIO, "the disk is broken")

    monkeypatch.setattr(mnist.tempfile, "TemporaryDirectory", fail)
    with pytest.raises(OSError, match="the disk is broken"):
        mnist_root(data)


def test_missing_data_folder_names_the_archives(tmp_path, no_network):
    with pytest.raises(RuntimeError, match=r"train-images-idx3-ubyte\.gz"):
        mnist_root(tmp_path / "nowhere")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_full_disk_gives_a_clear_error_and_leaves_nothing(data, monkeypatch, code):
    def fill_up(*_, **__):
        raise OSError(code, "No space left on device")

    monkeypatch.setattr(mnist.shutil, "copyfile", fill_up)
    with pytest.raises(OSError, match="The disk is full: unpacking MNIST takes 70 MB"):
        mnist_root(data)
    assert sorted(p.suffix for p in (data / RAW).iterdir()) == [".gz"] * 4


def test_interrupted_unpacking_leaves_nothing_and_the_next_call_works(data, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(torchvision.datasets.mnist, "read_image_file", interrupt)
        mnist_root(data)
    assert sorted(p.suffix for p in (data / RAW).iterdir()) == [".gz"] * 4
    mnist_root(data)
    assert_whole(data)


def test_two_processes_unpacking_at_once_do_not_harm_each_other(data):
    call = f"from helpers.mnist import mnist_root; mnist_root({str(data)!r})"
    here = Path(__file__).parents[1]
    both = [subprocess.Popen([sys.executable, "-c", call], cwd=here) for _ in range(2)]
    assert [process.wait(timeout=120) for process in both] == [0, 0]
    assert_whole(data)
