"""Answers to the exercises of notebook 3, right and wrong, by the codes that the check should give them."""

from variants_replacer import replacer

TABLE = """
class f(Dataset):
    def __init__(self, path):
        table = pd.read_csv(path)
        features = table.drop(columns=["casual", "registered", "bikers"])
        self.X = torch.tensor(features.to_numpy(), dtype=torch.float32)
        self.y = torch.tensor(table[["bikers"]].to_numpy(), dtype=torch.float32)

    def __len__(self):
        return len(self.y)

    def __getitem__(self, index):
        return self.X[index], self.y[index]
"""
table = replacer(TABLE)
LAZY = """
class f(Dataset):
    def __init__(self, path):
        self.table = pd.read_csv(path)
        self.names = [n for n in self.table.columns if n not in ("casual", "registered", "bikers")]

    def __len__(self):
        return len(self.table)

    def __getitem__(self, index):
        row = self.table.iloc[index]
        features = torch.tensor(row[self.names].to_numpy(dtype="float32"))
        target = torch.tensor([row["bikers"]], dtype=torch.float32)
        return features, target
"""
OPEN = """
class f:
    def __init__(self, path):
        self.file = open(path)
        self.rows = [[float(v) for v in line.split(",")] for line in list(self.file)[1:]]

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, i):
        return torch.tensor(self.rows[i][:12]), torch.tensor(self.rows[i][14:])
"""
DROPPED, ITEM = '["casual", "registered", "bikers"]', "self.X[index], self.y[index]"
READ = "pd.read_csv(path)"
CUSTOM_DATASET = {
    "not-attempted": [
        "class f(Dataset):\n    def __init__(self, path):\n        ...\n    def __len__(self):\n        ...",
        "class f(Dataset):\n    pass",
    ],
    "wrong-signature": ["class f(Dataset):\n    def __init__(self):\n        self.n = 3"],
    "raises": [
        table(READ, "pd.read_csv(paht)"),
        table(f"return {ITEM}", "return self.X[index], self.target[index]"),
        table("def __getitem__", "def __getitem"),  # a NotImplementedError of PyTorch's
    ],
    "no-length": [
        table("__len__", "length"),
        table("return len(self.y)", "len(self.y)"),
        table("return len(self.y)", "return self.y"),
    ],
    "wrong-length": [
        table("return len(self.y)", "return len(self.y) - 1"),
        table(READ, "pd.read_csv(path, skiprows=[1])"),
        table(READ, "pd.read_csv(BIKES)"),
    ],
    "not-a-pair": [table(ITEM, '{"x": self.X[index], "y": self.y[index]}'), table(ITEM, "self.X[index]")],
    "numpy-instead-of-tensors": [
        table("torch.tensor(features.to_numpy(), dtype=torch.float32)", "features.to_numpy('float32')"),
        table(ITEM, "self.X[index], self.y[index].item()"),
    ],
    "not-float32": [
        table("features.to_numpy(), dtype=torch.float32", "features.to_numpy()"),
        table(
            'table[["bikers"]].to_numpy(), dtype=torch.float32', 'table[["bikers"]].to_numpy().astype(int)'
        ),
    ],
    "leaking-columns": [table(DROPPED, '["bikers"]'), table(DROPPED, '["casual", "registered"]')],
    "wrong-features-shape": [
        table(DROPPED, '["casual", "registered", "bikers", "season"]'),
        table(ITEM, "self.X[index : index + 1], self.y[index]"),
    ],
    "wrong-target-shape": [
        table('table[["bikers"]]', 'table["bikers"]'),
        table(ITEM, "self.X[index], self.y[index][None]"),
    ],
    "wrong-target": [table('table[["bikers"]]', 'table[["temp"]]')],
    "wrong-features": [
        table(ITEM, "self.X[index] / 10, self.y[index]"),
        table("features.to_numpy()", "features[sorted(features)].to_numpy()"),
        table(READ, "pd.read_csv(path).sample(frac=1, random_state=1)"),
    ],
    "reads-file-again": [
        LAZY.replace("        row = self.table", "        row = pd.read_csv(self.path)").replace(
            "        self.table = pd", "        self.path = path\n        self.table = pd"
        ),
    ],
    "never-ends": [
        table(ITEM, "self.X[min(index, len(self) - 1)], self.y[min(index, len(self) - 1)]"),
        table(ITEM, "self.X[index % len(self)], self.y[index % len(self)]"),
    ],
    "": [
        TABLE,
        LAZY,
        OPEN,
        LAZY.replace("self.table.iloc[index]", "self.table.loc[index]"),
        table(f"return {ITEM}", f"return [{ITEM}]"),
        table("        table = pd", "        super(f, self).__init__()\n        table = pd"),
    ],
}

SPLIT = """
FEATURES = "season mnth day hr holiday weekday workingday weathersit temp atemp hum windspeed".split()
def f(table):
    in_test = (table["day"] - 1) // 7 % 5 == 4
    train_table, test_table = table[~in_test].copy(), table[in_test].copy()
    mean, std = train_table[FEATURES].mean(), train_table[FEATURES].std()
    std[std == 0] = 1
    for part in (train_table, test_table):
        part[FEATURES] = (part[FEATURES] - mean) / std
    return train_table, test_table
"""
split = replacer(SPLIT)
WITH_SCALER = """
from sklearn.preprocessing import StandardScaler
def f(table):
    table = table.astype(float)
    in_test = ((table.day - 1) // 7 % 5 == 4).to_numpy()
    columns = [name for name in table.columns if name not in ("casual", "registered", "bikers")]
    scaler = StandardScaler().fit(table.loc[~in_test, columns])
    table[columns] = scaler.transform(table[columns])
    return table[~in_test], table[in_test]
"""
scaler = replacer(WITH_SCALER)
IN_TEST, PARTS = '(table["day"] - 1) // 7 % 5 == 4', "table[~in_test].copy(), table[in_test].copy()"
ZERO, SCALE, BOTH = (
    "    std[std == 0] = 1\n",
    "(part[FEATURES] - mean) / std",
    "return train_table, test_table",
)
MEAN = "train_table[FEATURES].mean(), train_table[FEATURES].std()"
SPLIT_AND_SCALE = {
    "not-attempted": ["def f(table):\n    ...", "def f(table):\n    raise NotImplementedError"],
    "wrong-signature": ["f = 3"],
    "raises": [split("[~in_test]", "[~is_test]")],
    "not-a-pair": [split(BOTH, "return train_table"), split("    " + BOTH + "\n", "")],
    "not-a-table": [split(BOTH, "return train_table.to_numpy(), test_table")],
    "changes-the-table": [
        split(
            "    in_test",
            '    table["week"] = 1\n    in_test',
            BOTH,
            'return train_table.drop(columns="week"), test_table.drop(columns="week")',
        ),
        split("    mean", '    table.drop(columns=["casual", "registered"], inplace=True)\n    mean'),
    ],
    "wrong-columns": [
        split("    mean", '    train_table["week"] = test_table["week"] = 1\n    mean'),
        split(BOTH, "return train_table[FEATURES], test_table[FEATURES]"),
    ],
    "bikers-changed": [
        scaler(
            "table.columns if name not in",
            "table.columns if name in",
            '("casual", "registered", "bikers")',
            "table",
        ),
        scaler('("casual", "registered", "bikers")', '("bikers",)'),
        "BIKE_TABLE = pd.read_csv(BIKES)\n"
        + split("def f(table):\n", "def f(table):\n    table = BIKE_TABLE\n"),
    ],
    "day-not-shifted": [split(IN_TEST, 'table["day"] // 7 % 5 == 4')],
    "weeks-by-rows": [
        split(IN_TEST, "pd.Series(np.arange(len(table)) // 7 % 5 == 4)"),
        split(IN_TEST, "pd.Series(np.arange(len(table)) // 168 % 5 == 4)"),
    ],
    "parts-swapped": [split(BOTH, "return test_table, train_table")],
    "rows-in-both": [split(PARTS, "table.copy(), table[in_test].copy()")],
    "rows-lost": [split(PARTS, 'table[~in_test & (table["day"] > 7)].copy(), table[in_test].copy()')],
    "wrong-split": [
        split(IN_TEST, '(table["day"] - 1) // 7 % 5 == 0'),
        split(IN_TEST, "pd.Series(np.random.default_rng(0).random(len(table)) < 0.2)"),
        split(IN_TEST, 'table["day"] > 42'),
        split(IN_TEST, '(table["day"] - 1) % 7 // 5 == 4'),  # none
    ],
    "wrong-order": [split("table[~in_test].copy()", "table[~in_test].sample(frac=1)")],
    "divides-by-zero": [split(ZERO, ""), split(ZERO, "", SCALE, f"({SCALE}).fillna(0)")],
    "divides-by-nearly-zero": [split(ZERO, "    std = std + 1e-8\n")],
    "constant-column": [
        split(ZERO, "", SCALE, f"({SCALE}).fillna(0).replace([np.inf, -np.inf], 0)"),
        split(ZERO, "", SCALE, f"np.nan_to_num({SCALE}, posinf=0, neginf=0)"),
    ],
    "not-scaled": [split(SCALE, "part[FEATURES]")],
    "test-not-scaled": [
        split("(train_table, test_table)", "(train_table,)"),
        split("mean) / std", "train_table[FEATURES].mean()) / train_table[FEATURES].std().replace(0, 1)"),
    ],
    "mean-taken-late": [split("- mean", "- train_table[FEATURES].mean()")],
    "scaled-by-all-rows": [
        split(MEAN, "table[FEATURES].mean(), table[FEATURES].std()"),
        scaler("table.loc[~in_test, columns]", "table[columns]"),
    ],
    "each-by-its-own": [
        split(SCALE, "(part[FEATURES] - part[FEATURES].mean()) / part[FEATURES].std().replace(0, 1)")
    ],
    "wrong-scale": [
        split(SCALE, SCALE + " / 2"),
        scaler(
            "StandardScaler().fit", "__import__('sklearn.preprocessing').preprocessing.MinMaxScaler().fit"
        ),
    ],
    "": [
        SPLIT,
        WITH_SCALER,
        split(ZERO, "    std = std.replace(0, 1)\n"),
        split(ZERO, "    std = np.where(std == 0, 1, std)\n"),
        scaler(
            "def f(table):\n    table = table.astype(float)",
            "def f(table):\n    table = table.astype({name: float for name in table.columns})",
        ),
    ],
}

LOADERS = """
from torch.utils.data import DataLoader
def f(train_set, test_set, batch_size):
    train_loader = DataLoader(train_set, batch_size=batch_size, shuffle=True)
    test_loader = DataLoader(test_set, batch_size=batch_size)
    return train_loader, test_loader
"""
loaders = replacer(LOADERS)
TRAIN, TEST = "train_set, batch_size=batch_size, shuffle=True", "test_set, batch_size=batch_size"
RETURN = "return train_loader, test_loader"
MAKE_LOADERS = {
    "not-attempted": ["def f(train_set, test_set, batch_size):\n    ..."],
    "wrong-signature": ["f = 3", "def f(train_set, test_set):\n    return train_set, test_set"],
    "raises": [loaders(TRAIN, "train_sat, batch_size=batch_size")],
    "not-a-pair": [
        loaders(RETURN, "return train_loader"),
        loaders("    " + RETURN + "\n", ""),
        loaders(TRAIN, "[features for features, target in train_set], batch_size=batch_size, shuffle=True"),
    ],
    "datasets-returned": [loaders(RETURN, "return train_set, test_set")],
    "iterator-returned": [loaders(RETURN, "return iter(train_loader), iter(test_loader)")],
    "no-batches": ["def f(train_set, test_set, batch_size):\n    return [], []"],
    "other-data": [
        "data = torch.utils.data.TensorDataset(torch.ones(45, 12), 1000 + torch.rand(45, 1))\n"
        + loaders(TRAIN, "data, batch_size=batch_size, shuffle=True"),
        loaders(RETURN, "return train_loader, [(X, y[:, 0]) for X, y in test_loader]"),
        loaders(RETURN, "return train_loader, [(X + 1, y) for X, y in test_loader]"),
    ],
    "loaders-swapped": [loaders(RETURN, "return test_loader, train_loader")],
    "drops-last-batch": [
        loaders(TRAIN, TRAIN + ", drop_last=True"),
        loaders(TEST, TEST + ", drop_last=True"),
    ],
    "rows-lost": [
        loaders(RETURN, "return train_loader, list(test_loader)[1:]"),
        loaders(
            TRAIN, "[train_set[i] for i in range(7, len(train_set))], batch_size=batch_size, shuffle=True"
        ),
        loaders(TEST, "train_set, batch_size=batch_size"),
    ],
    "rows-mixed": [
        "from torch.utils.data import random_split\n"
        + loaders(
            "    train_loader",
            "    train_set, test_set = random_split(train_set + test_set, [45, 23])\n    train_loader",
        )
    ],
    "wrong-batch-size": [loaders(TRAIN, "train_set, batch_size=64, shuffle=True"), loaders(TEST, "test_set")],
    "train-not-shuffled": [loaders(", shuffle=True", "")],
    "shuffled-once": [
        loaders(TRAIN, "[train_set[int(i)] for i in torch.randperm(len(train_set))], batch_size=batch_size"),
        loaders(RETURN, "return list(train_loader), test_loader"),
    ],
    "test-shuffled": [loaders(TEST, TEST + ", shuffle=True")],
    "": [
        LOADERS,
        loaders(RETURN, "return [train_loader, test_loader]"),
        loaders(TRAIN, "train_set, batch_size, True", TEST, "test_set, batch_size, False"),
        loaders(TEST, TEST + ", num_workers=2, persistent_workers=True"),
        loaders(TRAIN, "train_set, batch_size, sampler=torch.utils.data.RandomSampler(train_set)"),
    ],
}

MEANS = """
def f(train_rows, test_rows):
    kind = ["hr", "workingday"]
    means = train_rows.groupby(kind)["bikers"].mean().rename("mean")
    return test_rows.join(means, on=kind)["mean"]
"""
means = replacer(MEANS)
LOOP = """
def f(train_rows, test_rows):
    means = train_rows.groupby(["hr", "workingday"])["bikers"].mean()
    predictions = []
    for hr, workingday in zip(test_rows["hr"], test_rows["workingday"]):
        predictions.append(means[hr, workingday])
    return predictions
"""
KIND, JOIN = '["hr", "workingday"]', 'test_rows.join(means, on=kind)["mean"]'
HOUR_MEANS = {
    "not-attempted": ["def f(train_rows, test_rows):\n    ..."],
    "wrong-signature": ["def f(table):\n    return table"],
    "raises": [means("train_rows.groupby", "train_row.groupby")],
    "not-numbers": [means(f"    return {JOIN}\n", ""), means(JOIN, "means.to_dict()")],
    "wrong-length": [means(JOIN, "means"), means(JOIN, "test_rows.join(means, on=kind)")],
    "not-finite": [means(JOIN, 'test_rows.assign(hr=test_rows["hr"] + 0.5).join(means, on=kind)["mean"]')],
    "mean-of-all": [
        'def f(train_rows, test_rows):\n    return np.full(len(test_rows), train_rows["bikers"].mean())'
    ],
    "hour-only": [
        'def f(train_rows, test_rows):\n    return test_rows["hr"].map(train_rows.groupby("hr")["bikers"].mean())'
    ],
    "kind-of-day-only": [means(KIND, '["workingday"]')],
    "learns-from-test-rows": [means("train_rows.groupby", "test_rows.groupby")],
    "learns-from-all-rows": [means("train_rows.groupby", "pd.concat([train_rows, test_rows]).groupby")],
    "median": [means(".mean()", ".median()")],
    "the-answers": [means(JOIN, 'test_rows["bikers"]')],
    "wrong-order": [means(JOIN, 'test_rows.join(means, on=kind)["mean"].sort_values()')],
    "wrong-means": [means(JOIN, JOIN + " / 2")],
    "changes-the-rows": [
        means("return " + JOIN, f"test_rows['bikers'] = {JOIN}\n    return test_rows['bikers']")
    ],
    "": [
        MEANS,
        LOOP,
        means(JOIN, "torch.tensor(test_rows.join(means, on=kind)['mean'].to_numpy())"),
        means(JOIN, "test_rows.join(means, on=kind)['mean'].round().to_numpy()"),
        'def f(train_rows, test_rows):\n    test_rows["sum"] = 0\n    return [train_rows[(train_rows.hr == row.hr) & (train_rows.workingday == row.workingday)].bikers.mean() for row in test_rows.itertuples()]',
    ],
}

FILES = """
from pathlib import Path
from PIL import Image
class f(Dataset):
    def __init__(self, folder, transform):
        self.paths = sorted(Path(folder).glob("*/*.png"))
        self.transform = transform

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        path = self.paths[index]
        with Image.open(path) as image:
            return self.transform(image), int(path.parent.name)
"""
files = replacer(FILES)
PATHS, NUMBER, GLOB = 'sorted(Path(folder).glob("*/*.png"))', "int(path.parent.name)", '"*/*.png"'
WITH = "        with Image.open(path) as image:\n            return self.transform(image), " + NUMBER + "\n"
KEEPS = "self.transform = transform\n"
DIGIT_FILES = {
    "not-attempted": ["class f(Dataset):\n    def __init__(self, folder, transform):\n        ..."],
    "wrong-signature": [files("folder, transform", "folder", KEEPS, "pass\n")],
    "raises": [files("self.paths[index]", "paths[index]")],
    "no-image": [files("self.transform(image)", "self.transform(path)")],
    "transforms-at-once": [
        files(
            KEEPS,
            KEEPS + "        self.images = [transform(Image.open(path)) for path in self.paths]\n",
            WITH,
            f"        return self.images[index], {NUMBER}\n",
        ),
    ],
    "wrong-length": [files(GLOB, '"*.png"'), files("return len(self.paths)", "return 10")],
    "not-transformed": [files("self.transform(image)", "image.copy()")],
    "reads-all-at-once": [
        files(
            KEEPS,
            KEEPS + "        self.images = [Image.open(path).copy() for path in self.paths]\n",
            WITH,
            f"        return self.transform(self.images[index]), {NUMBER}\n",
        ),
    ],
    "label-not-whole": [
        files(NUMBER, "path.parent.name"),
        files(NUMBER, f"float({NUMBER})"),
        files(NUMBER, f"torch.tensor(float({NUMBER}))"),
    ],
    "wrong-label": [files(NUMBER, "index"), files(NUMBER, "int(path.parent.name) % 7")],
    "wrong-order": [files(PATHS, f"{PATHS}[::-1]")],
    "wrong-items": [files("self.paths[index]", "self.paths[0]")],
    "transforms-once": [
        files(
            KEEPS,
            KEEPS + "        self.kept = {}\n",
            WITH,
            f"        if index not in self.kept:\n            self.kept[index] = self.transform(Image.open(path))\n        return self.kept[index], {NUMBER}\n",
        ),
    ],
    "not-a-pair": [files(f"self.transform(image), {NUMBER}", "self.transform(image)")],
    "never-ends": [files("self.paths[index]", "self.paths[index % len(self.paths)]")],
    "": [
        FILES,
        files(WITH, f"        return self.transform(Image.open(path)), {NUMBER}\n"),
        files(NUMBER, f"torch.tensor({NUMBER})"),
        "import os\n"
        + files(
            PATHS,
            "sorted(Path(folder, of, name) for of in os.listdir(folder) for name in os.listdir(Path(folder, of)))",
        ),
    ],
}
DATALOADER_QUIZ = {
    "not-attempted": [{...}, set()],
    "B-wrong D-wrong": [{"B", "D"}, {"A", "B", "C", "D"}],
    "more-are-right": [{"A"}],
    "B-wrong": [{"A", "B"}],
    "not-a-choice": [{"A", "X"}, 3],
    "": [{"A", "C"}, "a, c", ["C", "A"], "AC"],
}

# Code, which defines f, and values.
CODE = {
    "custom_dataset": CUSTOM_DATASET,
    "split_and_scale": SPLIT_AND_SCALE,
    "make_loaders": MAKE_LOADERS,
    "hour_means": HOUR_MEANS,
    "digit_files": DIGIT_FILES,
}
ANSWERS = {"dataloader_quiz": DATALOADER_QUIZ}
