"""Wine, MNIST and CSVDataset, against scikit-learn, torchvision and pandas."""

import errno
import gzip
import io
import pickle
import shutil
import tempfile

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler
from torch.utils.data import DataLoader, Subset
from torchvision import transforms
from torchvision.datasets import MNIST

from helpers import data
from helpers.data import DATA, CSVDataset, ImageDataset, mnist_folder, mnist_loaders, wine

BIKES = DATA / "bike_sharing_2011.csv"


# Wine


def test_wine_is_scikit_learns_scaled_and_as_cross_entropy_takes_it():
    X, y = wine()
    table = load_wine(as_frame=True)
    expected = StandardScaler().fit_transform(table.data[["alcohol", "color_intensity"]])
    np.testing.assert_allclose(X.numpy(), expected, atol=1e-6)
    np.testing.assert_array_equal(y.numpy(), table.target)
    assert (X.dtype, y.dtype) == (torch.float32, torch.int64)


# MNIST


@pytest.mark.parametrize(("mean", "std"), [(0.0, 1.0), (0.5, 0.5), (np.float32(0.1307), np.float32(0.3081))])
def test_mnist_batches_equal_torchvisions_to_the_last_bit(mean, std):
    steps = [transforms.ToTensor(), transforms.Normalize((float(mean),), (float(std),))]
    steps = transforms.Compose(steps[: 1 if std == 1 else 2])
    reference = MNIST(mnist_folder(), train=False, download=True, transform=steps)
    _, test_loader = mnist_loaders(64, mean=mean, std=std)
    images, labels = next(iter(test_loader))
    for i in range(64):
        image, label = reference[i]
        assert torch.equal(images[i], image) and labels[i] == label


def test_an_epoch_gives_every_digit_once_the_training_ones_in_a_new_order():
    train_loader, test_loader = mnist_loaders(999)
    loaders = (train_loader, train_loader, test_loader)
    first, second, tested = [torch.cat([labels for _, labels in loader]) for loader in loaders]
    assert len(first) == 60_000 and not torch.equal(first, second)
    assert torch.equal(first.bincount(), train_loader.dataset.labels.bincount())
    assert len(tested) == 10_000 and torch.equal(tested, test_loader.dataset.labels)


def test_all_loaders_share_one_copy_of_the_digits():
    places = {loader.dataset.images.data_ptr() for _ in range(3) for loader in mnist_loaders(20, mean=0.5)}
    assert len(places) == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda archive: archive.unlink(),
        lambda archive: shutil.copy(archive.with_name("train-labels-idx1-ubyte.gz"), archive),
    ],
    ids=["missing", "labels in place of images"],
)
def test_an_archive_that_is_not_the_original_is_named_until_it_is_restored(packed, change):
    raw, original = packed / "MNIST" / "raw", DATA / "MNIST" / "raw" / "train-images-idx3-ubyte.gz"
    change(raw / original.name)
    data._digits.cache_clear()
    with pytest.raises(RuntimeError, match=rf"{original.name} is missing or damaged.*git checkout -- data"):
        mnist_loaders(20)
    shutil.copy(original, raw)
    assert len(mnist_loaders(20)[0].dataset) == 60_000


@pytest.fixture
def packed(tmp_path, monkeypatch):
    """A copy of the course's data, nothing unpacked, and an empty home beside it."""
    ignore = shutil.ignore_patterns("*-ubyte")
    shutil.copytree(DATA / "MNIST", tmp_path / "data" / "MNIST", ignore=ignore)
    monkeypatch.setattr(data, "DATA", tmp_path / "data")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    return tmp_path / "data"


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS, errno.ENOSPC], ids=errno.errorcode.get)
def test_digits_are_unpacked_at_home_where_the_course_cannot_be_written_to(packed, monkeypatch, code):
    def refuse(dir, part=tempfile.TemporaryDirectory):
        if dir.is_relative_to(packed):
            raise OSError(code, "refused")
        return part(dir=dir)

    monkeypatch.setattr(tempfile, "TemporaryDirectory", refuse)
    folder = mnist_folder()
    assert folder.is_relative_to(packed.parent / "home")
    assert len(MNIST(folder, train=False)) == 10_000


def test_a_file_that_a_full_disk_cut_short_is_unpacked_again(packed):
    images = mnist_folder() / "MNIST" / "raw" / "t10k-images-idx3-ubyte"
    images.write_bytes(images.read_bytes()[:100_000])
    with pytest.raises(RuntimeError, match="invalid"):
        MNIST(packed, train=False)
    assert len(MNIST(mnist_folder(), train=False)) == 10_000


def test_a_disk_without_room_anywhere_is_said_and_leaves_no_part_of_a_file(packed, monkeypatch):
    def full(path, content):
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        mnist_folder()
    assert not list(packed.parent.rglob("*-ubyte"))


@pytest.fixture
def images():
    pixels = torch.randint(0, 256, (9, 4, 5), dtype=torch.uint8)
    return ImageDataset(pixels, torch.arange(9), mean=0.5, std=0.25)


@pytest.mark.parametrize("index", [slice(0, 5), [7, 2, 2], torch.tensor([0, 8])], ids=str)
def test_a_slice_or_a_list_of_images_is_a_batch_of_its_items(images, index):
    batch, labels = images[index]
    assert torch.equal(labels, torch.arange(9)[index])
    assert torch.equal(batch, torch.stack([images[int(label)][0] for label in labels]))
    assert batch.shape[1:] == (1, 4, 5)


def test_images_go_into_any_dataloader_and_subset(images):
    batch, labels = next(iter(DataLoader(Subset(images, [3, 8, 1]), batch_size=2)))
    assert torch.equal(batch, images[[3, 8]][0]) and labels.tolist() == [3, 8]


# Tables


@pytest.fixture
def write(tmp_path):
    """Write text to a CSV file and return its path."""

    def to_file(text: str, encoding: str = "utf-8"):
        path = tmp_path / "table.csv"
        path.write_text(text, encoding=encoding)
        return path

    return to_file


def bikes():
    return CSVDataset(BIKES, "bikers", drop=["casual", "registered"])


@pytest.mark.parametrize("source", [BIKES, str(BIKES), pd.read_csv(BIKES)], ids=["Path", "str", "DataFrame"])
def test_a_table_equals_what_pandas_reads(source):
    dataset = CSVDataset(source, "bikers", drop=["casual", "registered"])
    features = pd.read_csv(BIKES).drop(columns=["casual", "registered", "bikers"])
    assert dataset.feature_names == list(features.columns)
    np.testing.assert_array_equal(dataset.X.numpy(), features)
    np.testing.assert_array_equal(dataset.y.numpy(), pd.read_csv(BIKES)[["bikers"]])


def test_features_may_be_an_index_of_pandas():
    columns = pd.read_csv(BIKES).drop(columns=["casual", "registered", "bikers"]).columns
    assert CSVDataset(BIKES, "bikers", columns).feature_names == bikes().feature_names


def test_a_dataloader_gets_what_a_regression_needs():
    features, targets = next(iter(DataLoader(bikes(), batch_size=64)))
    assert (features.shape, targets.shape) == ((64, 12), (64, 1))
    assert (features.dtype, targets.dtype) == (torch.float32, torch.float32)


@pytest.mark.parametrize("loader", [DataLoader(bikes()), mnist_loaders(20)[1]], ids=["table", "digits"])
def test_loaders_can_be_sent_to_worker_processes_that_are_not_forks(loader):
    pickle.dumps((loader.dataset, loader.collate_fn))  # as on Windows and macOS


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("x;y\n1234,5;2\n-0,5;3\n", {"sep": ";", "decimal": ","}),
        ("x;y\n1.234,5;2\n-0,5;3\n", {"sep": ";", "decimal": ",", "thousands": "."}),
        ('"x";"y";;\n"1234.5";"2";;\n;;;\n-.5;3;;\n;;;\n;;;\n', {"sep": ";"}),
        ("sep=;\nx;y\n1234.5;2\n-0.5;3\n", {"sep": ";", "skiprows": 1}),
        ("x;y\n1 234,50;2\n-0,5;3\n", {"sep": ";", "decimal": ",", "thousands": " "}),
        ('x,y\n"1,234.5",2\n-0.5,3\n', {"thousands": ","}),
        ("x;y\n1.234,5;2\n-0,5;3\n", {"sep": ";", "thousands": "."}),
        ("x::y\n1234.5::2\n-.5::3\n", {"sep": "::", "engine": "python"}),
        ("x, y\n1234.5, 2\n-.5, 3\nsource: me\n", {"sep": ", ", "skipfooter": 1, "engine": "python"}),
        ("x,y\n1234.5,2\n-0.5,3\n7,8,9\n", {"on_bad_lines": "skip"}),
        ("# bikes\nx,y\n1234.5,2\n-0.5,3\n", {"comment": "#"}),
        ("1234.5,2\n-0.5,3\n", {"header": None, "names": ["x", "y"]}),
        (",x,y\n0,1234.5,2\n1,-0.5,3\n", {"index_col": 0}),
        (",x,y\n0,1234.5,2\n1,-0.5,3\n", {"drop": ["Unnamed: 0"]}),
        ("x,x.1,y\n1234.5,0,2\n-0.5,0,3\n", {"drop": ["x.1"]}),
        ("\ufeffx , y\r\n 1234.5, 2 \r\n\r\n -0.5 , 3\r\n", {}),
    ],
)
def test_tables_as_people_have_them_are_read(write, text, options):
    dataset = CSVDataset(write(text), "y", **options)
    assert dataset.feature_names == ["x"]
    assert dataset.X.tolist() == [[1234.5], [-0.5]] and dataset.y.tolist() == [[2.0], [3.0]]


def test_true_and_false_are_numbers(write):
    assert CSVDataset(write("x,y\nTrue,1\nFALSE,2\n"), "y").X.tolist() == [[1.0], [0.0]]


def test_an_uploaded_file_is_read_once():
    dataset = CSVDataset(io.BytesIO(b"x,y\n1,2\n3,4\n"), "y")  # as in Colab
    assert dataset.X.tolist() == [[1.0], [3.0]]


@pytest.mark.parametrize("target", [2, "2"])
def test_a_column_of_a_file_without_a_header_is_asked_for_by_its_number(write, target):
    dataset = CSVDataset(write("5,6,7\n8,9,10\n"), target, drop=0, header=None)
    assert (dataset.X.tolist(), dataset.y.tolist()) == ([[6.0], [9.0]], [[7.0], [10.0]])


@pytest.mark.parametrize("options", [{"sep": "::"}, {"skipfooter": 1, "sep": ","}], ids=str)
def test_a_warning_of_pandas_is_passed_on(write, options):
    text = "x,y\n1,2\n3,4\n".replace(",", options["sep"])
    with pytest.warns(pd.errors.ParserWarning, match="python"):
        assert CSVDataset(write(text), "y", **options).X[0] == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (gzip.compress(b"x,y\n1,2\n"), 'gzip.*pass compression="gzip"'),
        (b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00b\xee\x9dh", "workbook.*pd.read_excel"),
    ],
    ids=["gzip", "xlsx"],
)
def test_a_packed_file_is_not_told_to_be_in_another_encoding(tmp_path, content, message):
    (tmp_path / "table.csv").write_bytes(content)
    with pytest.raises(ValueError, match=message):
        CSVDataset(tmp_path / "table.csv", "y")


def test_a_table_from_excel_is_read_in_its_encoding(write):
    path = write("größe,y\n1,2\n", encoding="cp1252")
    with pytest.raises(ValueError, match=r'another encoding.*encoding="cp1252"'):
        CSVDataset(path, "y")
    assert CSVDataset(path, "y", encoding="cp1252").feature_names == ["größe"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x,y\n", "has no rows"),
        ("x,y\n1,2,3\n", "more cells than the header.*pass sep="),
        ("x,y\n1,2\n3,4,5\n", "more cells than the header.*line 3"),
        ('x,y\n1,2\n"3,4\n', "string"),
        ("x,x,y\n1,2,3\n", "has no name, or one that another column has.*drop=.'x.1'"),
        (",x,y\n0,1,2\n", "has no name.*drop=.'Unnamed: 0'"),
        ('"x";"y"\n1;2\n', "no column 'y'.*pass sep=\";\""),
        ('"x";"y"\n1,5;2\n', 'more cells than the header.*pass sep=";"'),
        ('"x";"y"\n1;2\n1,5;2\n', 'more cells than the header.*pass sep=";"'),
        ("x\ty\n1\t2\n", r"no column 'y'.*pass sep=\"\\t\""),
        ("sep=;\nx;y\n1;2\n", "no column 'y'.*not the header: pass skiprows=1"),
        ("# bikes of 2011\nx,y\n1,2\n", "not the header: pass skiprows=1"),
        ("5.1,3.5,setosa\n4.9,3.0,setosa\n", "no column 'y'.*no header: pass header=None"),
        ("x,year\n1,2\n", "no column 'y'. It has: x, year"),
    ],
)
def test_what_is_wrong_with_a_file_is_named(write, text, message):
    with pytest.raises(ValueError, match=message):
        CSVDataset(write(text), "y")


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "warm",
        "nan",
        "NA",
        "None",
        "inf",
        "-inf",
        "1e+39",
        "1_000",
        "0x1F",
        "1 000",
        "1\n2",
        "½",
        "٣",
        "#REF!",
        "'",
        "1" * 400,
        "x" * 100_000,
    ],
)
def test_a_cell_that_is_no_number_is_named_and_cut_short(write, cell):
    with pytest.raises(
        ValueError, match="'x' has no number that float32 can hold in 1 of its 2 ro"
    ) as caught:
        CSVDataset(write(f'x,y\n1,2\n"{cell}",4\n'), "y")
    assert f"first in row 2 below the header: {cell[:40]!r}. " in str(caught.value)


@pytest.mark.parametrize(
    ("rows", "decimal", "message"),
    [
        ("1,5;2\n;\n?;3\n2,5;4\n", ",", r"no number .* in 1 of its 3 rows, first in row 3 .*'\?'"),
        ("1.500;2\n", ",", r"'1\.500'. For numbers like 1.234,5"),  # 1.5 or 1500: who knows
        ("12.30;2\n", ",", r"'12\.30'. A point marks the decimals"),
        ("334.327,57;2\n", ".", "'334.327,57'. For numbers like 1.234,5 pass decimal=\",\" and thousands="),
    ],
)
def test_a_bad_cell_is_found_among_decimal_commas(write, rows, decimal, message):
    with pytest.raises(ValueError, match=message):
        CSVDataset(write("x;y\n" + rows), "y", sep=";", decimal=decimal)


@pytest.mark.parametrize("cell", ["01.05.2011", "12.30", "1.23", "1.2345", "1234.567,5", ".500", "1,5.000"])
def test_a_thousands_sign_stands_before_three_digits_only(write, cell):
    with pytest.raises(ValueError, match=r"'x' has no number.* first in row 2 "):
        CSVDataset(write(f"x;y\n1.234,5;1\n{cell};2\n"), "y", sep=";", decimal=",", thousands=".")


@pytest.mark.parametrize(
    ("cell", "advice"),
    [
        ("1,200.50", 'For numbers like 1,234.5 pass thousands=","'),
        ("1,200,300", 'For numbers like 1,234.5 pass thousands=","'),
        ("1.200,50", 'For numbers like 1.234,5 pass decimal="," and thousands="."'),
        ("1,5", 'pass decimal=","; where they mark thousands'),
        ("2011-01-31", "A date or a time is no number"),
        ("01.05.2011", "A date or a time is no number"),
        ("12:30", "A date or a time is no number"),
        ("warm", "Leave the column out with drop="),
        ("", "dropna"),
    ],
)
def test_a_cell_that_is_no_number_gets_the_advice_that_fits(write, cell, advice):
    with pytest.raises(ValueError) as caught:
        CSVDataset(write(f'x;y\n1;2\n"{cell}";4\n'), "y", sep=";")
    assert advice in str(caught.value)


def test_the_advice_for_us_thousands_can_be_followed(write):
    assert CSVDataset(write('x,y\n"1,200.50",2\n'), "y", thousands=",").X.item() == 1200.5


def test_a_text_target_is_a_class_and_not_to_be_left_out(write):
    with pytest.raises(ValueError, match=r"'setosa'\. If the target is a class, pass classes=True"):
        CSVDataset(write("x,y\n1,setosa\n"), "y")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (pd.DataFrame({"x": pd.to_datetime(["2011-01-01"]), "y": 1}), "'x' has no number .* in 1 of its 1"),
        (pd.DataFrame({"x": [1.0, None], "y": 1}), "'x' has no number .* in 1 of its 2 rows, first in row 2"),
        (pd.DataFrame([[1, 2, 3]], columns=["x", "x", "y"]), "has no name, or one that another column has"),
    ],
)
def test_what_is_wrong_with_a_dataframe_is_named(table, message):
    with pytest.raises(ValueError, match=message):
        CSVDataset(table, "y")


def test_a_dataframe_takes_no_options_of_files():
    with pytest.raises(TypeError, match="no options for reading a file, got sep"):
        CSVDataset(pd.read_csv(BIKES), "bikers", sep=";")


def test_a_dataframe_stays_as_it_was():
    table = pd.DataFrame({" x": [True, False], "y": [1, 2], 3: ["1", "2"]})
    before = table.copy()
    dataset = CSVDataset(table, "y")
    pd.testing.assert_frame_equal(table, before)
    assert dataset.feature_names == ["x", "3"] and dataset.X.tolist() == [[1.0, 1.0], [0.0, 2.0]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"target": "biker"}, "Did you mean 'bikers'"),
        ({"target": ["bikers"]}, r"no column \"\['bikers'\]\". Did you mean 'bikers'"),
        ({"drop": ["casula"]}, "no column 'casula'. Did you mean 'casual'"),
        ({"features": ["temp", "bikers"]}, "gives the answer away"),
        ({"features": []}, "at least one feature"),
    ],
)
def test_arguments_that_do_not_fit_the_table_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        CSVDataset(BIKES, **{"target": "bikers", **arguments})


@pytest.mark.parametrize(
    ("cells", "classes", "labels"),
    [
        (["pear", "apple", "pear"], ["apple", "pear"], [1, 0, 1]),
        (["10", "9", "1"], ["1", "9", "10"], [2, 1, 0]),
        (["007", "7", "7"], ["007", "7"], [0, 1, 1]),
        (["None", "NA", " nan"], ["NA", "None", "nan"], [1, 0, 2]),
    ],
)
def test_classes_are_called_as_in_the_file_and_numbers_sorted_by_size(write, cells, classes, labels):
    dataset = CSVDataset(write("x,k \n" + "".join(f"1,{cell}\n" for cell in cells)), "k", classes=True)
    assert dataset.classes == classes
    assert dataset.y.tolist() == labels and dataset.y.dtype == torch.int64


def test_one_name_is_as_good_as_a_list_of_one():
    assert CSVDataset(BIKES, "bikers", "temp").feature_names == ["temp"]
    assert "casual" not in CSVDataset(BIKES, "bikers", drop="casual").feature_names


def test_a_missing_class_is_refused(write):
    with pytest.raises(ValueError, match="'k' has no class in 1 of its 2 rows, first in row 2"):
        CSVDataset(write("x,k\n1,a\n2,\n"), "k", classes=True)


# A second file


def like_the_first(write, second, first="x,z,k\n1,0,pear\n3,0,apple\n5,0,fig\n", **options):
    train_set, _ = CSVDataset(write(first), "k", **options).split(test=[False, False, True])
    return CSVDataset(write(second), "k", like=train_set)


def test_a_second_file_has_the_first_ones_classes_features_and_scale(write):
    test_set = like_the_first(write, "k,x\nfig,4\npear,2\n", drop="z", classes=True)
    assert (test_set.classes, test_set.feature_names) == (["apple", "fig", "pear"], ["x"])
    assert test_set.y.tolist() == [1, 2]
    assert test_set[:][0].tolist() == [[2.0], [0.0]]  # the training rows are 1 and 3: mean 2, std 1


def test_a_second_file_of_a_regression_has_the_first_ones_scale(write):
    test_set = like_the_first(write, "x,z,k\n4,9,7\n", "x,z,k\n1,0,1\n3,0,2\n9,0,3\n")
    assert test_set[0][0].tolist() == [2.0, 9.0] and test_set.y.tolist() == [[7.0]]


def test_a_class_that_the_first_file_does_not_have_is_named(write):
    with pytest.raises(ValueError, match=r"'k' has a class that .* in 1 of its 2 rows.* row 2 .*'plum'"):
        like_the_first(write, "x,z,k\n4,0,fig\n2,0,plum\n", classes=True)


# Splitting


def test_scaling_is_fitted_on_the_training_rows_only():
    train, test = bikes().split(test=0.25, seed=1)
    scaler = StandardScaler().fit(train.X)
    for part in (train, test):
        np.testing.assert_allclose(part[:][0].numpy(), scaler.transform(part.X), atol=1e-5)


def test_a_split_holds_every_row_once_features_beside_their_target():
    whole = bikes()
    parts = whole.split(test=np.float32(0.2))
    assert list(map(len, parts)) == [6916, 1729]
    rows = [torch.cat([part.X, part.y], dim=1) for part in (whole, *parts)]
    assert sorted(rows[0].tolist()) == sorted(torch.cat(rows[1:]).tolist())
    assert torch.equal(whole[0][0], whole.X[0].float()), "the whole has been scaled, too"


@pytest.mark.parametrize("seed", [5, 2**70])
def test_a_split_is_settled_by_its_seed(seed):
    whole = bikes()
    assert torch.equal(whole.split(seed=seed)[1].X, whole.split(seed=seed)[1].X)
    assert not torch.equal(whole.split(seed=seed)[1].X, whole.split(seed=6)[1].X)


@pytest.mark.parametrize("kind", [list, np.array, pd.Series, torch.tensor])
def test_a_split_takes_a_row_by_row_choice(kind):
    whole = bikes()
    late = whole.X[:, whole.feature_names.index("day")] > 300
    train, test = whole.split(test=kind(late.tolist()))
    assert torch.equal(test.X, whole.X[late]) and torch.equal(train.y, whole.y[~late])


def test_a_constant_column_is_centred_not_divided_by_zero():
    train, _ = CSVDataset(pd.DataFrame({"a": [0.1] * 10, "y": range(10)}), "y").split(test=0.3)
    assert train[:][0].abs().max() < 1e-6


def test_large_numbers_that_differ_little_are_scaled():
    times = pd.DataFrame({"t": 1_700_000_000 + 60 * np.arange(50), "y": 0})
    features, _ = CSVDataset(times, "y").split()[0][:]
    assert abs(features.mean().item()) < 1e-6 and len(features.unique()) == 40


@pytest.mark.parametrize("test", [0.0, 5, 0.00001, [True] * 8645])
def test_a_split_that_leaves_nothing_to_train_or_test_on_is_refused(test):
    with pytest.raises(ValueError, match=r"both parts need at least one.* fraction between 0 and 1"):
        bikes().split(test=test)
