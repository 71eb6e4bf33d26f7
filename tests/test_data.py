"""Wine, MNIST's loaders and CSVDataset, against scikit-learn, torchvision and pandas."""

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler
from torch.utils.data import DataLoader, Subset
from torchvision import transforms
from torchvision.datasets import MNIST

from helpers.data import DATA, CSVDataset, ImageDataset, mnist_loaders, mnist_root, wine
from helpers.models import MLP
from helpers.training import fit, seed_everything

BIKES = DATA / "bike_sharing_2011.csv"


# Wine


def test_wine_equals_scikit_learns_scaled_columns():
    X, y = wine()
    table = load_wine(as_frame=True)
    expected = StandardScaler().fit_transform(table.data[["alcohol", "color_intensity"]])
    np.testing.assert_allclose(X.numpy(), expected, atol=1e-6)
    np.testing.assert_array_equal(y.numpy(), table.target)


def test_wine_has_the_types_that_cross_entropy_takes():
    X, y = wine()
    assert (X.dtype, y.dtype) == (torch.float32, torch.int64)
    assert (X.shape, y.shape) == ((178, 2), (178,))


def test_wine_without_scaling_is_as_measured():
    X, _ = wine(["proline"], scale=False)
    np.testing.assert_allclose(X.numpy(), load_wine(as_frame=True).data[["proline"]], rtol=1e-6)


def test_wine_keeps_the_order_of_the_features():
    X, _ = wine(["color_intensity", "alcohol"])
    torch.testing.assert_close(X.flip(1), wine()[0])


def test_wine_takes_any_sequence_of_names():
    assert torch.equal(wine(iter(["alcohol"]))[0], wine(["alcohol"])[0])


@pytest.mark.parametrize(
    "features", [["alkohol"], [], ["alcohol", "alcohol"], "alcohol", [3], None, 7, {"alcohol", "proline"}]
)
def test_wine_refuses_features_it_does_not_have(features):
    with pytest.raises(ValueError, match=r"alcohol|at least one"):
        wine(features)


def test_wine_suggests_the_name_that_was_meant():
    with pytest.raises(ValueError, match="Did you mean 'color_intensity'"):
        wine(["alcohol", "colour_intensity"])


# MNIST


@pytest.mark.parametrize(("mean", "std"), [(0.0, 1.0), (0.5, 0.5), (0.1307, 0.3081)])
def test_mnist_batches_equal_torchvisions_to_the_last_bit(mean, std):
    steps = [transforms.ToTensor(), transforms.Normalize((mean,), (std,))]
    reference = MNIST(mnist_root(), train=False, transform=transforms.Compose(steps[: 1 if std == 1 else 2]))
    _, test_loader = mnist_loaders(64, mean=mean, std=std)
    images, labels = next(iter(test_loader))
    for i in range(64):
        image, label = reference[i]
        assert torch.equal(images[i], image) and labels[i] == label


@pytest.mark.parametrize("batch_size", [20, 64, 999])
def test_mnist_loaders_give_every_digit_once_per_epoch(batch_size):
    train_loader, test_loader = mnist_loaders(batch_size)
    for loader, rows in [(train_loader, 60_000), (test_loader, 10_000)]:
        labels = torch.cat([labels for _, labels in loader])
        assert len(loader) == -(-rows // batch_size)
        assert torch.equal(labels.bincount(), loader.dataset.labels.bincount())


def test_mnist_loaders_are_plain_dataloaders():
    for loader in mnist_loaders(50):
        assert type(loader) is DataLoader
        assert loader.batch_size == 50


def test_mnist_training_digits_are_shuffled_anew_and_test_digits_are_not():
    train_loader, test_loader = mnist_loaders(100)
    first, second = next(iter(train_loader))[1], next(iter(train_loader))[1]
    assert not torch.equal(first, second)
    assert torch.equal(next(iter(test_loader))[1], test_loader.dataset.labels[:100])


def test_mnist_order_is_settled_by_the_generator():
    orders = []
    for _ in range(2):
        loader, _ = mnist_loaders(100, generator=torch.Generator().manual_seed(3))
        orders.append(next(iter(loader))[1])
    assert torch.equal(*orders)


def test_mnist_loaders_refuse_workers_for_data_on_an_accelerator():
    with pytest.raises(ValueError, match="num_workers at 0"):
        mnist_loaders(20, num_workers=2, device="cuda")


def test_losses_after_two_epochs_are_those_of_the_slow_path():
    """The same batches in the same order, once through torchvision's way and once through ours."""
    _, fast = mnist_loaders(500)
    slow = DataLoader(MNIST(mnist_root(), train=False, transform=transforms.ToTensor()), batch_size=500)
    losses = {}
    for name, loader in {"fast": fast, "slow": slow}.items():
        seed_everything(3)
        net = MLP(784, 32, 10)
        optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
        losses[name] = fit(loader, net, torch.nn.CrossEntropyLoss(), optimizer, epochs=2, verbose=False)[
            "loss"
        ]
    assert losses["fast"] == losses["slow"]


def test_mnist_loaders_work_with_worker_processes():
    _, test_loader = mnist_loaders(500, num_workers=1)
    assert test_loader.num_workers == 1
    assert sum(len(labels) for _, labels in test_loader) == 10_000


@pytest.mark.parametrize("batch_size", [0, -1, 2.5, "20", None, True])
def test_mnist_loaders_refuse_a_batch_size_that_is_no_count(batch_size):
    with pytest.raises(ValueError, match="batch_size"):
        mnist_loaders(batch_size)


@pytest.mark.parametrize("scale", [{"std": 0}, {"std": "0.5"}, {"std": float("inf")}, {"mean": float("nan")}])
def test_mnist_loaders_refuse_a_scale_that_is_none(scale):
    with pytest.raises(ValueError, match=next(iter(scale))):
        mnist_loaders(20, **scale)


def test_image_dataset_items_and_batches_agree():
    images = torch.randint(0, 256, (9, 4, 5), dtype=torch.uint8)
    dataset = ImageDataset(images, torch.arange(9), mean=0.5, std=0.25)
    samples = dataset.__getitems__([7, 2, 2])
    batch, labels = samples.images, samples.labels
    assert batch.shape == (3, 1, 4, 5)
    for row, index in enumerate([7, 2, 2]):
        image, label = dataset[index]
        assert torch.equal(batch[row], image) and labels[row] == label


def test_image_dataset_works_with_any_dataloader_and_subset():
    dataset = mnist_loaders(20)[1].dataset
    subset = Subset(dataset, range(100, 130))
    images, labels = next(iter(DataLoader(subset, batch_size=20)))
    assert torch.equal(images, torch.stack([dataset[i][0] for i in range(100, 120)]))
    assert torch.equal(labels, dataset.labels[100:120])


def test_image_dataset_leaves_the_bytes_as_they_were():
    images = torch.full((2, 3, 3), 200, dtype=torch.uint8)
    dataset = ImageDataset(images, torch.arange(2))
    dataset[0], dataset.__getitems__([0, 1])
    assert images.dtype == torch.uint8 and (images == 200).all()


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


def test_the_bike_table_is_the_one_that_data_readme_describes():
    table = pd.read_csv(BIKES)
    assert table.shape == (8645, 15)
    assert (table["casual"] + table["registered"] == table["bikers"]).all()


def test_csv_dataset_equals_what_pandas_reads():
    dataset, table = bikes(), pd.read_csv(BIKES)
    features = table.drop(columns=["casual", "registered", "bikers"])
    assert dataset.feature_names == list(features.columns)
    np.testing.assert_allclose(dataset.X.numpy(), features, rtol=1e-6)
    np.testing.assert_array_equal(dataset.y.numpy(), table[["bikers"]])


def test_csv_dataset_items_fit_a_regression():
    features, target = bikes()[0]
    assert (features.shape, features.dtype) == ((12,), torch.float32)
    assert (target.shape, target.dtype) == ((1,), torch.float32)


def test_csv_dataset_goes_into_a_plain_dataloader():
    features, targets = next(iter(DataLoader(bikes(), batch_size=64)))
    assert (features.shape, targets.shape) == ((64, 12), (64, 1))


def test_csv_dataset_ends_so_that_a_for_loop_ends():
    with pytest.raises(IndexError):
        bikes()[8645]


def test_csv_dataset_scaling_is_fitted_on_the_training_rows_only():
    train, test = bikes().split(test=0.25, seed=1)
    scaler = StandardScaler().fit(train.X.double())
    X_train, _ = train[:]
    X_test, _ = test[:]
    np.testing.assert_allclose(X_train.numpy(), scaler.transform(train.X.double()), atol=1e-5)
    np.testing.assert_allclose(X_test.numpy(), scaler.transform(test.X.double()), atol=1e-5)


def test_csv_dataset_split_holds_every_row_once():
    whole = bikes()
    train, test = whole.split(test=0.2)
    assert len(test) == round(0.2 * 8645) and len(train) + len(test) == 8645
    rows = torch.cat([train.X, test.X])
    assert torch.equal(rows.sum(dim=0), whole.X.sum(dim=0)) or torch.allclose(rows.mean(0), whole.X.mean(0))


def test_csv_dataset_split_leaves_the_whole_and_the_random_state_alone():
    whole = bikes()
    state = torch.get_rng_state()
    whole.split()
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.equal(whole[0][0], whole.X[0].float())


def test_csv_dataset_split_is_settled_by_its_seed():
    whole = bikes()
    assert torch.equal(whole.split(seed=5)[1].X, whole.split(seed=5)[1].X)
    assert not torch.equal(whole.split(seed=5)[1].X, whole.split(seed=6)[1].X)


def test_csv_dataset_split_takes_a_row_by_row_choice():
    whole = bikes()
    late = whole.X[:, whole.feature_names.index("day")] > 300
    train, test = whole.split(test=late)
    assert torch.equal(test.X, whole.X[late]) and torch.equal(train.y, whole.y[~late])


def test_csv_dataset_constant_column_is_centred_not_divided_by_zero(write):
    train, _ = CSVDataset(write("a,b,y\n5,1,1\n5,2,2\n5,3,3\n5,4,4\n"), "y").split(test=0.25)
    features, _ = train[:]
    assert torch.isfinite(features).all() and (features[:, 0] == 0).all()


@pytest.mark.parametrize("test", [0.0, 1.0, -0.1, [True, False], "half", 0.00001, float("nan")])
def test_csv_dataset_refuses_a_split_that_makes_no_sense(test):
    with pytest.raises(ValueError, match="split"):
        bikes().split(test=test)


def test_csv_dataset_codes_named_classes(write):
    dataset = CSVDataset(write("size,kind\n1,pear\n2,apple\n3,pear\n"), "kind", classes=True)
    assert dataset.classes == ["apple", "pear"]
    assert dataset.y.tolist() == [1, 0, 1] and dataset.y.dtype == torch.int64
    assert dataset[0][1].shape == ()


def test_csv_dataset_codes_numbered_classes_from_zero_in_order_of_size(write):
    dataset = CSVDataset(write("x,k\n1,10\n2,2\n3,1\n"), "k", classes=True)
    assert dataset.classes == ["1", "2", "10"] and dataset.y.tolist() == [2, 1, 0]


@pytest.mark.parametrize(
    ("cells", "classes"),
    [
        (["007", "7"], ["007", "7"]),
        (["9007199254740993", "9007199254740992"], ["9007199254740992", "9007199254740993"]),
        (["1_0", "10"], ["10", "1_0"]),
        (["inf", "Infinity"], ["Infinity", "inf"]),
    ],
)
def test_csv_dataset_keeps_classes_apart_that_only_look_like_one_number(write, cells, classes):
    assert CSVDataset(write(f"x,k\n1,{cells[0]}\n2,{cells[1]}\n"), "k", classes=True).classes == classes


def test_csv_dataset_drops_columns_however_they_are_listed(write):
    path = write("x,leak,y\n1,2,3\n")
    assert CSVDataset(path, "y", drop=(name for name in ["leak"])).feature_names == ["x"]


def test_csv_dataset_refuses_to_drop_what_is_not_there():
    with pytest.raises(ValueError, match=r"no column 'casula'.*'casual'"):
        CSVDataset(BIKES, "bikers", drop=["casula"])


def test_csv_dataset_ignores_spaces_around_names_and_numbers(write):
    dataset = CSVDataset(write("x , y\n 1, 2 \n"), "y")
    assert dataset.feature_names == ["x"] and dataset.X.tolist() == [[1.0]]


def test_csv_dataset_reads_a_byte_order_mark_and_windows_line_ends(write):
    assert CSVDataset(write("\ufeffx,y\r\n1,2\r\n"), "y").feature_names == ["x"]


def test_csv_dataset_does_not_care_for_the_ending_of_the_name(tmp_path):
    path = tmp_path / "table.gz"
    path.write_text("x,y\n1,2\n")
    assert len(CSVDataset(path, "y")) == 1


def test_csv_dataset_split_without_scaling_is_unscaled_even_for_a_part():
    train, _ = bikes().split()
    again, _ = train.split(scale=False)
    assert torch.equal(again[0][0], again.X[0].float())


def test_csv_dataset_split_keeps_features_and_targets_together():
    whole = bikes()
    rows = {tuple(x.tolist()): y.item() for x, y in zip(whole.X, whole.y, strict=True)}
    for part in whole.split(test=0.3, scale=False):
        assert all(rows[tuple(x.tolist())] == y.item() for x, y in zip(part.X[:200], part.y, strict=False))


def test_csv_dataset_scales_large_numbers_that_differ_little(write):
    text = "t,y\n" + "".join(f"{1_700_000_000 + 60 * i},{i}\n" for i in range(50))
    train, _ = CSVDataset(write(text), "y").split()
    features, _ = train[:]
    assert abs(features.mean().item()) < 1e-6 and len(features.unique()) == 40


def test_csv_dataset_refuses_what_cannot_be_scaled(write):
    path = write("x,y\n1e-45,1\n2e-45,2\n3e-45,3\n3e38,4\n")
    with pytest.raises(ValueError, match="'x' holds numbers of such different sizes"):
        CSVDataset(path, "y").split(test=[False, False, False, True])


@pytest.mark.parametrize(
    "options", [{"sep": ""}, {"sep": "::"}, {"sep": None}, {"decimal": "-"}, {"encoding": "no-such"}]
)
def test_csv_dataset_refuses_options_that_make_no_sense(options):
    with pytest.raises(ValueError, match=next(iter(options))):
        CSVDataset(BIKES, "bikers", **options)


@pytest.mark.parametrize("path", [5, None, "x" * 300, DATA])
def test_csv_dataset_refuses_what_is_no_file(path):
    with pytest.raises(ValueError, match=r"path of a CSV file|no file that can be read"):
        CSVDataset(path, "y")


def test_csv_dataset_takes_1_and_1_point_0_for_one_class(write):
    assert CSVDataset(write("x,k\n1,1\n2,1.0\n3,2\n"), "k", classes=True).classes == ["1", "2"]


def test_csv_dataset_refuses_a_missing_class(write):
    with pytest.raises(ValueError, match="no class in 1 of its 2 rows, first in line 3"):
        CSVDataset(write("x,k\n1,a\n2,NA\n"), "k", classes=True)


def test_csv_dataset_does_not_guess_about_points_where_the_comma_is_decimal(write):
    with pytest.raises(ValueError, match=r"'1\.500'"):
        CSVDataset(write("x;y\n1.500;2\n"), "y", sep=";", decimal=",")


def test_csv_dataset_reads_semicolons_and_decimal_commas(write):
    dataset = CSVDataset(write("x;y\n1,5;2\n-0,25;3,5\n"), "y", sep=";", decimal=",")
    assert dataset.X.tolist() == [[1.5], [-0.25]] and dataset.y.tolist() == [[2.0], [3.5]]


@pytest.fixture
def uci_hours(tmp_path):
    """The bike table in the form of UCI's hour.csv, with a date, a year and the target under another name."""
    table = pd.read_csv(BIKES)
    days = pd.Timestamp("2011-01-01") + pd.to_timedelta(table["day"] - 1, unit="D")
    table.insert(0, "instant", range(1, len(table) + 1))
    table.insert(1, "dteday", days.dt.strftime("%Y-%m-%d"))
    table.insert(3, "yr", 0)
    path = tmp_path / "hour.csv"
    table.drop(columns="day").rename(columns={"bikers": "cnt"}).to_csv(path, index=False)
    return path


def test_csv_dataset_reads_ucis_original_when_told_what_to_leave_out(uci_hours):
    dataset = CSVDataset(uci_hours, "cnt", drop=["instant", "dteday", "casual", "registered"])
    ours = bikes()
    common = [name for name in ours.feature_names if name != "day"]
    assert set(dataset.feature_names) == {*common, "yr"}
    columns = [dataset.feature_names.index(name) for name in common]
    assert torch.equal(dataset.X[:, columns], ours.X[:, [ours.feature_names.index(name) for name in common]])
    assert torch.equal(dataset.y, ours.y)


def test_csv_dataset_names_the_date_that_is_no_number_in_ucis_original(uci_hours):
    with pytest.raises(ValueError, match=r"'dteday' has text where a number belongs.*drop="):
        CSVDataset(uci_hours, "cnt")


def test_csv_dataset_reads_the_whole_table_with_semicolons_and_decimal_commas(tmp_path):
    path = tmp_path / "bikes.csv"
    pd.read_csv(BIKES).to_csv(path, sep=";", decimal=",", index=False, encoding="cp1252")
    dataset = CSVDataset(
        path, "bikers", drop=["casual", "registered"], sep=";", decimal=",", encoding="cp1252"
    )
    assert torch.equal(dataset.X, bikes().X) and torch.equal(dataset.y, bikes().y)


@pytest.mark.parametrize("kind", ["table", "digits"])
def test_datasets_reach_worker_processes_that_are_not_forks(kind):
    # As on Windows and macOS: the workers start anew and import the class from its module.
    dataset = bikes() if kind == "table" else mnist_loaders(20)[1].dataset
    loader = DataLoader(dataset, batch_size=2000, num_workers=1, multiprocessing_context="spawn")
    assert sum(len(targets) for _, targets in loader) == len(dataset)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("x,y\n", "no rows"),
        ("x,y\n1,2\n3,\n", "'y' has no value in 1 of its 2 rows, first in line 3"),
        ("x,y\n1,2\nNaN,4\n", "'x' has no value"),
        (
            "x,y\n1,2\nwarm,4\n",
            "'x' has text where a number belongs in 1 of its 2 rows, first in line 3 of the file: 'warm'",
        ),
        ("x,y\n1,2\ninf,4\n", "'x' has text"),
        ("x,y\n1,2\n1e39,4\n", "too large for float32"),
        ("x,x,y\n1,2,3\n", r"more than one column 'x'"),
        ("x,,y\n1,2,3\n", "no name for column 2.*index=False"),
        ("\n\nx,y\n1,2\n\n3,?\n", "first in line 6 of the file"),
        ('x,y\n"1"2,3\n', "cannot be read as a table"),
        ("x,y\n1" + "0" * 200_000 + ",3\n", "cannot be read as a table"),
        ("x,y\n" + "1" * 40_000 + "x,3\n", "'x' has text"),
        ("x,y\n1\0,3\n", "zero bytes"),
        ("x,y\n1_0,3\n", "'x' has text"),
        ("x,y\n1,2,3\n", "cannot be read as a table"),
        ("x;y\n1;2\n", "no column 'y'"),
        ("y\n1\n", "at least one feature"),
    ],
)
def test_csv_dataset_names_what_is_wrong_with_the_file(write, text, message):
    with pytest.raises(ValueError, match=message):
        CSVDataset(write(text), "y")


def test_csv_dataset_names_the_file_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.csv"):
        CSVDataset(tmp_path / "nowhere.csv", "y")


def test_csv_dataset_names_the_encoding_that_does_not_fit(write):
    path = write("größe,y\n1,2\n", encoding="latin-1")
    with pytest.raises(ValueError, match="encoding"):
        CSVDataset(path, "y")
    assert CSVDataset(path, "y", encoding="latin-1").feature_names == ["größe"]


def test_csv_dataset_refuses_the_target_as_a_feature():
    with pytest.raises(ValueError, match="give the answer away"):
        CSVDataset(BIKES, "bikers", ["temp", "bikers"])


def test_csv_dataset_suggests_the_column_that_was_meant():
    with pytest.raises(ValueError, match="Did you mean 'bikers'"):
        CSVDataset(BIKES, "biker")
