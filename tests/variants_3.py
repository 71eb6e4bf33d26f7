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
        table("__len__", "length"),
        table(f"return {ITEM}", "return self.X[index], self.target[index]"),
        table("def __getitem__", "def __getitem"),  # a NotImplementedError of PyTorch's
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
        table('table[["bikers"]].to_numpy(), dtype=torch.float32', 'table[["bikers"]].to_numpy().astype(int)'),
    ],
    "leaking-columns": [table(DROPPED, '["bikers"]'), table(DROPPED, '["casual", "registered"]')],
    "wrong-features-shape": [
        table(DROPPED, '["casual", "registered", "bikers", "season"]'),
        table(ITEM, "self.X[index : index + 1], self.y[index]"),
    ],
    "wrong-target-shape": [table('table[["bikers"]]', 'table["bikers"]'), table(ITEM, "self.X[index], self.y[index][None]")],
    "wrong-target": [table('table[["bikers"]]', 'table[["temp"]]')],
    "wrong-features": [
        table(ITEM, "self.X[index] / 10, self.y[index]"),
        table("features.to_numpy()", "features[sorted(features)].to_numpy()"),
        table(READ, "pd.read_csv(path).sample(frac=1, random_state=1)"),
    ],
    "reads-file-again": [
        LAZY.replace("        row = self.table", "        row = pd.read_csv(self.path)").replace("        self.table = pd", "        self.path = path\n        self.table = pd"),
    ],
    "": [
        TABLE,
        LAZY,
        OPEN,
        table(f"return {ITEM}", f"return [{ITEM}]"),
        table("        table = pd", "        super(f, self).__init__()\n        table = pd"),
    ],
}  # fmt: skip

LOADERS = """
from torch.utils.data import DataLoader, TensorDataset
from sklearn.preprocessing import StandardScaler
def f(table):
    in_test = (table["day"] - 1) // 7 % 5 == 4
    train_rows, test_rows = table[~in_test], table[in_test]
    columns = [name for name in table.columns if name not in ("casual", "registered", "bikers")]
    scaler = StandardScaler().fit(train_rows[columns])

    def as_dataset(rows):
        X = torch.tensor(scaler.transform(rows[columns]), dtype=torch.float32)
        y = torch.tensor(rows[["bikers"]].to_numpy(), dtype=torch.float32)
        return TensorDataset(X, y)

    train_loader = DataLoader(as_dataset(train_rows), batch_size=64, shuffle=True)
    test_loader = DataLoader(as_dataset(test_rows), batch_size=64)
    return train_loader, test_loader
"""
loaders = replacer(LOADERS)
BY_HAND = """
from torch.utils.data import DataLoader
def f(table):
    in_test = ((table.day - 1) // 7 % 5 == 4).to_numpy()
    X = torch.tensor(table.drop(columns=["casual", "registered", "bikers"]).to_numpy(), dtype=torch.float32)
    y = torch.tensor(table.bikers.to_numpy(), dtype=torch.float32).reshape(-1, 1)
    mean, std = X[~in_test].mean(dim=0), X[~in_test].std(dim=0)
    std[std == 0] = 1
    X = (X - mean) / std
    train = list(zip(X[~in_test], y[~in_test]))
    test = list(zip(X[in_test], y[in_test]))
    return DataLoader(train, 64, shuffle=True), DataLoader(test, 64)
"""
by_hand = replacer(BY_HAND)
FIT, TRANSFORM = "StandardScaler().fit(train_rows[columns])", "scaler.transform(rows[columns])"
TRAIN = "DataLoader(as_dataset(train_rows), batch_size=64, shuffle=True)"
TEST = "DataLoader(as_dataset(test_rows), batch_size=64)"
SPLIT = 'in_test = (table["day"] - 1) // 7 % 5 == 4'
LEFT_OUT = '("casual", "registered", "bikers")'
MAKE_LOADERS = {
    "not-attempted": ["def f(table):\n    ..."],
    "wrong-signature": ["f = 3"],
    "raises": [loaders("[~in_test]", "[~is_test]")],
    "not-a-pair": [loaders("return train_loader, test_loader", "return train_loader"), loaders("return TensorDataset(X, y)", "return TensorDataset(X)")],
    "changes-the-table": [
        loaders(SPLIT, SPLIT + '\n    table["test"] = in_test', LEFT_OUT, '("casual", "registered", "bikers", "test")'),
        loaders("train_loader = Data", 'table.drop(columns=["casual", "registered"], inplace=True)\n    train_loader = Data'),
    ],
    "leaking-columns": [loaders(LEFT_OUT, '("bikers",)'), loaders(LEFT_OUT, '("casual", "registered")')],
    "wrong-features-shape": [loaders(LEFT_OUT, '("casual", "registered", "bikers", "day")')],
    "wrong-target-shape": [loaders('[["bikers"]]', '["bikers"]')],
    "not-float32": [loaders('[["bikers"]].to_numpy(), dtype=torch.float32', '[["bikers"]].to_numpy()')],
    "wrong-target": ["bikes = pd.read_csv(BIKES)\n" + loaders(SPLIT, "table = bikes\n    " + SPLIT), loaders('[["bikers"]].to_numpy()', '[["bikers"]].to_numpy() / 100')],
    "rows-in-both": [loaders("table[~in_test], table[in_test]", "table, table[in_test]")],
    "drops-last-batch": [loaders("shuffle=True", "shuffle=True, drop_last=True")],
    "rows-lost": [
        loaders("return train_loader, test_loader", "return train_loader, list(test_loader)[1:]"),
        loaders("table[~in_test], table[in_test]", 'table[~in_test & (table["day"] > 7)], table[in_test]'),
    ],
    "loaders-swapped": [loaders("return train_loader, test_loader", "return test_loader, train_loader")],
    "no-batches": ["def f(table):\n    return [], []"],
    "wrong-split": [
        loaders("== 4", "== 0"),
        loaders(SPLIT, "in_test = pd.Series(np.random.default_rng(0).random(len(table)) < 0.2)"),
    ],
    "wrong-batch-size": [loaders("batch_size=64, shuffle", "batch_size=32, shuffle")],
    "train-not-shuffled": [loaders(", shuffle=True", "")],
    "shuffled-once": [loaders(", shuffle=True", "", "table[~in_test],", "table[~in_test].sample(frac=1),")],
    "test-shuffled": [loaders(TEST, TEST[:-1] + ", shuffle=True)")],
    "scaled-by-all-rows": [loaders(FIT, "StandardScaler().fit(table[columns])"), by_hand("X[~in_test].mean(dim=0), X[~in_test].std(dim=0)", "X.mean(dim=0), X.std(dim=0)")],
    "each-by-its-own": [loaders(TRANSFORM, "StandardScaler().fit_transform(rows[columns])")],
    "test-not-scaled": [loaders(TRANSFORM, "scaler.transform(rows[columns]) if rows is train_rows else rows[columns].to_numpy()")],
    "not-scaled": [loaders(TRANSFORM, "rows[columns].to_numpy()")],
    "divides-by-zero": [by_hand("    std[std == 0] = 1\n", "")],
    "wrong-scale": [
        loaders(TRANSFORM, "scaler.transform(rows[columns]) / 2"),
        loaders("StandardScaler().fit", "__import__('sklearn.preprocessing').preprocessing.MinMaxScaler().fit"),
    ],
    "": [
        LOADERS,
        BY_HAND,
        by_hand("    std[std == 0] = 1\n", "    std = std + 1e-8\n"),
        by_hand("    std[std == 0] = 1\n", "", "(X - mean) / std", "torch.nan_to_num((X - mean) / std)"),
        "from helpers.data import CSVDataset\nfrom torch.utils.data import DataLoader\ndef f(table):\n    dataset = CSVDataset(table, target='bikers', drop=['casual', 'registered'])\n    train, test = dataset.split(test=(table['day'] - 1) // 7 % 5 == 4)\n    return DataLoader(train, batch_size=64, shuffle=True), DataLoader(test, batch_size=64)",
        loaders(TEST, TEST[:-1] + ", num_workers=2, persistent_workers=True)"),
        loaders("def f(table):\n", "def f(table):\n    table = table.copy()\n    table['week'] = (table['day'] - 1) // 7\n", SPLIT, "in_test = table['week'] % 5 == 4", LEFT_OUT, '("casual", "registered", "bikers", "week")'),
    ],
}  # fmt: skip
DATALOADER_QUIZ = {
    "not-attempted": [{...}, set()],
    "B-wrong D-wrong": [{"B", "D"}, {"A", "B", "C", "D"}],
    "incomplete": [{"A"}],
    "B-wrong": [{"A", "B"}],
    "not-a-choice": [{"A", "X"}, 3],
    "": [{"A", "C"}, "a, c", ["C", "A"], "AC"],
}

# Code, which defines f, and values.
CODE = {"custom_dataset": CUSTOM_DATASET, "make_loaders": MAKE_LOADERS}
ANSWERS = {"dataloader_quiz": DATALOADER_QUIZ}
