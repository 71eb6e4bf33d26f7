"""Answers to the exercises of the second edition, right and wrong, by the codes that the check should give them.

Most are one right answer with a piece replaced, as a student's slip would replace it.
"""

from collections.abc import Callable


def replacer(source: str) -> Callable[..., str]:
    """Return a function that gives this source with some pieces replaced: old, new, old, new ..."""

    def but(*pieces: str) -> str:
        changed = source
        for old, new in zip(pieces[::2], pieces[1::2], strict=True):
            assert changed.count(old) == 1, old
            changed = changed.replace(old, new)
        return changed

    return but


SGD = """
def f(net, X, y, criterion, lr):
    net.zero_grad()
    loss = criterion(net(X), y)
    loss.backward()
    with torch.no_grad():
        for w in net.parameters():
            w -= lr * w.grad
"""
sgd = replacer(SGD)
CLEAR, BACK, UPDATE = "    net.zero_grad()\n", "    loss.backward()\n", "            w -= lr * w.grad\n"
UNDER = "    with torch.no_grad():\n        for w in net.parameters():\n"
OPTIMIZER = "    optimizer = torch.optim.SGD(net.parameters(), lr=lr)\n    optimizer.step()\n"
SGD_BY_HAND = {
    "not-attempted": ["def f(net, X, y, criterion, lr):\n    ...", "def f(net, X, y, criterion, lr):\n    raise NotImplementedError"],
    "wrong-signature": ["def f(net, X, y, lr):\n    return net(X)", sgd("criterion, lr", "criterion, optimizer, lr")],
    "raises": [sgd("w.grad", "w.gradient"), sgd("criterion(net", "criterium(net"), sgd(CLEAR + "    loss = criterion(net(X), y)\n" + BACK, "    loss = criterion(net(X), y)\n", "w.grad", "loss.grad")],
    "uphill": [sgd("w -=", "w +="), sgd(BACK, "    (-loss).backward()\n"), sgd("w -=", "w +=", CLEAR, "")],
    "binds-new-tensor": [
        sgd(UPDATE, "            w = w - lr * w.grad\n"),
        sgd(UNDER + UPDATE, "    for w in net.parameters():\n        w = w - lr * w.grad\n"),
        sgd(UPDATE, "            w - lr * w.grad\n"),
        sgd(UNDER + UPDATE, "    net[0].weight = nn.Parameter(net[0].weight - lr * net[0].weight.grad)\n"),
        sgd(UNDER + UPDATE, ""),
    ],
    "recorded-update": [sgd(UNDER + UPDATE, "    for w in net.parameters():\n        w -= lr * w.grad\n"), sgd(UNDER + UPDATE, "    for w in net.parameters():\n        w.sub_(lr * w.grad)\n")],
    "missing-zero-grad": [sgd(CLEAR, ""), sgd(CLEAR, "", UPDATE, UPDATE + CLEAR), sgd(CLEAR, "", BACK, BACK + "    gradients = [w.grad for w in net.parameters()]\n")],
    "step-before-backward": ["def f(net, X, y, criterion, lr):\n    for w in net.parameters():\n        w.data -= lr * w.grad\n    net.zero_grad()\n    criterion(net(X), y).backward()"],
    "parameters-left-out": [
        sgd("net.parameters():\n", 'net.parameters():\n         if w.dim() > 1:\n'),
        sgd("for w in net.parameters()", "for w in [net[0].weight, net[2].weight]"),
        sgd("for w in net.parameters()", "for w in net[2].parameters()"),
        sgd("for w in net.parameters()", "for w in [p for p in net.parameters()][:-1]"),
    ],
    "uses-optimizer": [
        sgd(UNDER + UPDATE, OPTIMIZER),
        "net = nn.Linear(3, 4)\noptimizer = torch.optim.SGD(net.parameters(), lr=0.1)\n" + sgd(UNDER + UPDATE, "    optimizer.step()\n"),
    ],
    "weights-not-updated": [sgd(BACK, "", UPDATE, "            pass\n"), "def f(net, X, y, criterion, lr):\n    loss = criterion(net(X), y)"],
    "ignores-net": ["net = nn.Linear(3, 4)\n" + sgd("(net, X", "(model, X")],
    "ignores-criterion": [sgd("criterion(net(X), y)", "F.cross_entropy(net(X), y)"), sgd("criterion(net(X), y)", "net(X).pow(2).mean()")],
    "softmax-before-loss": [sgd("net(X)", "net(X).softmax(dim=1)")],
    "loss-not-made": [sgd("criterion(net(X), y)", "nn.CrossEntropyLoss(net(X), y)")],
    "wrong-length": [sgd("lr *", "0.1 *"), sgd("lr *", "lr / len(X) *"), sgd("lr *", ""), sgd("lr * w.grad", "2 * lr * w.grad")],
    "wrong-step": [
        sgd("criterion(net(X), y)", "criterion(net(X), y) + net(X).pow(2).mean()"),
        sgd("lr * w.grad", "lr * w.grad.sign()"),
        "def f(net, X, y, criterion, lr):\n    for _ in range(10):\n        net.zero_grad()\n        criterion(net(X), y).backward()\n        for w in net.parameters():\n            w.data -= lr * w.grad\n",
    ],
    "": [
        SGD,
        sgd("        for w in net.parameters():\n            w -= lr * w.grad", "        for w in net.parameters():\n            w.sub_(lr * w.grad)"),
        sgd(UNDER + UPDATE, "    for w in net.parameters():\n        w.data -= lr * w.grad\n"),
        sgd(UNDER + UPDATE, "    for w in net.parameters():\n        w.data = w.data - lr * w.grad.data\n"),
        sgd(CLEAR, "    for w in net.parameters():\n        w.grad = None\n"),
        sgd(CLEAR, "    for w in net.parameters():\n        w.grad.zero_()\n"),
        sgd(UPDATE, "            w.copy_(w - lr * w.grad)\n            w.grad = None\n"),
        "def f(net, X, y, criterion, lr):\n    loss = criterion(net(X), y)\n    gradients = torch.autograd.grad(loss, list(net.parameters()))\n    with torch.no_grad():\n        for w, g in zip(net.parameters(), gradients):\n            w -= lr * g\n    return loss.item()",
        sgd(UNDER + UPDATE, "    gradients = dict((n, p.grad) for n, p in net.named_parameters())\n    net.load_state_dict({n: w - lr * gradients[n] for n, w in net.state_dict().items()})\n"),
        sgd(UNDER + UPDATE, "    for layer in net:\n        if isinstance(layer, nn.Linear):\n            layer.weight.data.add_(layer.weight.grad, alpha=-lr)\n            layer.bias.data.add_(layer.bias.grad, alpha=-lr)\n"),
        sgd("criterion, lr", "criterion, rate", "lr *", "rate *"),
        "@torch.no_grad()\ndef step(net, lr):\n    for w in net.parameters():\n        w -= lr * w.grad\n" + sgd(UNDER + UPDATE, "    step(net, lr)\n    return loss\n"),
        "from torch.nn.utils import parameters_to_vector, vector_to_parameters\n" + sgd(UNDER + UPDATE, "    g = parameters_to_vector([w.grad for w in net.parameters()])\n    vector_to_parameters(parameters_to_vector(net.parameters()) - lr * g, net.parameters())\n"),
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
    "not-attempted": ["def f(table):\n    ...", "def f(table):\n    '''Two loaders.'''\n    raise NotImplementedError"],
    "wrong-signature": ["def f():\n    return 1, 2", "f = 3"],
    "raises": [loaders("[~in_test]", "[~is_test]"), loaders("return train_loader, test_loader", "return 1, 2")],
    "not-a-pair": [loaders("return train_loader, test_loader", "return train_loader"), loaders("return train_loader, test_loader", "pass"), loaders("return TensorDataset(X, y)", "return TensorDataset(X)")],
    "no-batches": [loaders(TEST, "[]")],
    "changes-the-table": [
        loaders(SPLIT, SPLIT + '\n    table["test"] = in_test', LEFT_OUT, '("casual", "registered", "bikers", "test")'),
        loaders("train_loader = Data", 'table.drop(columns=["casual", "registered"], inplace=True)\n    train_loader = Data'),
    ],
    "numpy-instead-of-tensors": ["rows = [([1.0], [2.0])]\nf = lambda table: (rows, rows)"],
    "leaking-columns": [loaders(LEFT_OUT, '("bikers",)'), loaders(LEFT_OUT, '("casual", "registered")'), loaders(LEFT_OUT, '("registered", "bikers", "hr")')],
    "wrong-features-shape": [loaders(LEFT_OUT, '("casual", "registered", "bikers", "day")'), loaders(TEST, "as_dataset(test_rows)")],
    "target-without-dimension": [loaders('[["bikers"]]', '["bikers"]')],
    "wrong-target-shape": [loaders("dtype=torch.float32)\n        return", "dtype=torch.float32)[:, None]\n        return")],
    "float64": [loaders("torch.tensor(" + TRANSFORM + ", dtype=torch.float32)", "torch.tensor(" + TRANSFORM + ")")],
    "wrong-type": [loaders('[["bikers"]].to_numpy(), dtype=torch.float32', '[["bikers"]].to_numpy()')],
    "wrong-target": ["bikes = pd.read_csv(BIKES)\n" + loaders(SPLIT, "table = bikes\n    " + SPLIT), loaders('[["bikers"]].to_numpy()', '[["bikers"]].to_numpy() / 100'), loaders('[["bikers"]]', '[["temp"]]')],
    "rows-in-both": [loaders("table[~in_test], table[in_test]", "table, table[in_test]")],
    "drops-last-batch": [loaders("shuffle=True", "shuffle=True, drop_last=True"), loaders(TRAIN, TRAIN[:-1] + ", drop_last=True)", TEST, TEST[:-1] + ", drop_last=True)")],
    "rows-lost": [
        loaders("return train_loader, test_loader", "return train_loader, list(test_loader)[1:]"),
        loaders("table[~in_test], table[in_test]", 'table[~in_test & (table["day"] > 7)], table[in_test]'),
        loaders("shuffle=True", "sampler=torch.utils.data.RandomSampler(as_dataset(train_rows), replacement=True)"),
    ],
    "loaders-swapped": [loaders("return train_loader, test_loader", "return test_loader, train_loader"), loaders("table[~in_test], table[in_test]", "table[in_test], table[~in_test]")],
    "wrong-split": [
        loaders("== 4", "== 0"),
        loaders(SPLIT, "in_test = pd.Series(np.random.default_rng(0).random(len(table)) < 0.2)"),
        loaders(SPLIT, "in_test = pd.Series(np.arange(len(table)) >= 0.8 * len(table))"),
        loaders('(table["day"] - 1)', 'table["day"]'),
    ],
    "wrong-batch-size": [loaders("batch_size=64, shuffle", "batch_size=32, shuffle"), loaders(TEST, TEST.replace("64", "1000"))],
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
        by_hand("(X - mean) / std", "torch.where(std == 1, X, (X - mean) / std)"),
        loaders(FIT, "StandardScaler().fit(test_rows[columns])"),
        loaders("table.columns if", "sorted(table.columns) if"),
    ],
    "": [
        LOADERS,
        BY_HAND,
        by_hand("    std[std == 0] = 1\n", "    std = std + 1e-8\n"),
        by_hand("    std[std == 0] = 1\n", "    std = torch.where(std > 0, std, torch.ones(12))\n"),
        by_hand("    std[std == 0] = 1\n", "", "(X - mean) / std", "torch.nan_to_num((X - mean) / std)"),
        "from helpers.data import CSVDataset\nfrom torch.utils.data import DataLoader\ndef f(table):\n    dataset = CSVDataset(table, target='bikers', drop=['casual', 'registered'])\n    train, test = dataset.split(test=(table['day'] - 1) // 7 % 5 == 4)\n    return DataLoader(train, batch_size=64, shuffle=True), DataLoader(test, batch_size=64)",
        loaders(TRAIN, TRAIN.replace("shuffle=True", "sampler=torch.utils.data.RandomSampler(train_rows.to_numpy())")),
        loaders("return train_loader, test_loader", "return [train_loader, test_loader]"),
        loaders(TEST, TEST[:-1] + ", num_workers=2, persistent_workers=True)"),
        loaders("def f(table):\n", "def f(table):\n    table = table.copy()\n    table['week'] = (table['day'] - 1) // 7\n", SPLIT, "in_test = table['week'] % 5 == 4", LEFT_OUT, '("casual", "registered", "bikers", "week")'),
    ],
}  # fmt: skip

NETWORK = """
class f(nn.Module):
    def __init__(self, input_size, hidden_size, out_size):
        super().__init__()
        self.features = nn.Sequential(
            nn.Linear(input_size, hidden_size),
            nn.ReLU(),
            nn.Linear(hidden_size, hidden_size),
            nn.ReLU(),
        )
        self.out = nn.Linear(hidden_size, out_size)

    def forward(self, x):
        x = x.view(x.size(0), -1)
        return self.out(self.features(x))
"""
network = replacer(NETWORK)
ONE_BY_ONE = """
class f(nn.Module):
    def __init__(self, input_size, hidden_size, out_size):
        super(f, self).__init__()
        self.flatten = nn.Flatten()
        self.hidden1 = nn.Linear(input_size, hidden_size)
        self.hidden2 = nn.Linear(hidden_size, hidden_size)
        self.out = nn.Linear(hidden_size, out_size)

    def forward(self, x):
        x = self.flatten(x)
        x = torch.relu(self.hidden1(x))
        x = torch.relu(self.hidden2(x))
        return self.out(x)
"""
one_by_one = replacer(ONE_BY_ONE)
FLATTEN, RUN = "        x = x.view(x.size(0), -1)\n", "self.out(self.features(x))"
FIRST, SECOND = "nn.Linear(input_size, hidden_size)", "nn.Linear(hidden_size, hidden_size)"
RELU1, RELU2 = FIRST + ",\n            nn.ReLU(),", SECOND + ",\n            nn.ReLU(),"
OUT = "        self.out = nn.Linear(hidden_size, out_size)\n"
IN_A_LIST = """
class f(nn.Module):
    def __init__(self, input_size, hidden_size, out_size):
        super().__init__()
        sizes = [input_size, hidden_size, hidden_size]
        self.layers = [nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])]
        self.out = nn.Linear(hidden_size, out_size)

    def forward(self, x):
        x = x.flatten(1)
        for layer in self.layers:
            x = F.relu(layer(x))
        return self.out(x)
"""
MLP = {
    "not-attempted": ["class f(nn.Module):\n    def __init__(self, input_size, hidden_size, out_size):\n        ...\n    def forward(self, x):\n        ...", "class f(nn.Module):\n    pass"],
    "wrong-signature": ["class f(nn.Module):\n    def __init__(self, sizes):\n        super().__init__()", network("input_size, hidden_size, out_size):", "hidden_size, input_size, out_size):")],
    "no-super": [network("        super().__init__()\n", ""), network("super().__init__()", "super().__init__"), IN_A_LIST.replace("        super().__init__()\n", "").replace("        self.out = nn.Linear(hidden_size, out_size)\n", "        self.layers.append(nn.Linear(hidden_size, out_size))\n")],
    "raises": [network("self.features(x)", "self.feature(x)"), network(SECOND, "nn.Linear(input_size, hidden_size)"), network("input_size, hidden_size),", "hidden_size, input_size),")],
    "plain-list": [IN_A_LIST, IN_A_LIST.replace("x = F", "x = 1 * F"), network("nn.Sequential(\n", "[\n", "nn.ReLU(),\n        )", "nn.ReLU(),\n        ]", "self.features(x)", "self.features[3](self.features[2](self.features[1](self.features[0](x))))")],
    "no-flattening": [network(FLATTEN, ""), one_by_one("self.flatten(x)", "x")],
    "flattens-batch": [network("x.view(x.size(0), -1)", "x.view(-1)"), network("x.view(x.size(0), -1)", "x.flatten()"), network("x.view(x.size(0), -1)", "x.view(1, -1)"), one_by_one("nn.Flatten()", "nn.Flatten(0)")],
    "sizes-fixed": [
        network(FIRST, "nn.Linear(784, hidden_size)"),
        network("x.view(x.size(0), -1)", "x.view(-1, 784)"),
        network("x.view(x.size(0), -1)", "x.view(-1, 28 * 28)", FIRST, "nn.Linear(28 * 28, hidden_size)"),
        network("nn.Linear(hidden_size, out_size)", "nn.Linear(hidden_size, 10)"),
        network(FIRST, "nn.Linear(input_size, 128)", SECOND, "nn.Linear(128, 128)", "nn.Linear(hidden_size, out_size)", "nn.Linear(128, out_size)"),
    ],
    "wrong-output": [network("return " + RUN, RUN), network(RUN, RUN + ".argmax(dim=1)"), network(RUN, RUN + "[0]"), network("    def forward(self, x):\n" + FLATTEN + "        return " + RUN, "    def forward(self, x):\n        ...")],
    "softmax-at-end": [network(RUN, f"torch.softmax({RUN}, dim=1)"), network(RUN, f"{RUN}.log_softmax(dim=1)"), one_by_one("return self.out(x)", "return nn.Softmax(dim=1)(self.out(x))"), network(RUN, f"torch.sigmoid({RUN})"), network(RUN, f"{RUN}.softmax(dim=1)", RELU1, FIRST + ",")],
    "relu-at-end": [network(RUN, f"torch.relu({RUN})"), one_by_one("return self.out(x)", "return F.relu(self.out(x))")],
    "activation-missing": [network(RELU1, FIRST + ","), network(RELU2, SECOND + ","), one_by_one("torch.relu(self.hidden1(x))", "self.hidden1(x)", "torch.relu(self.hidden2(x))", "self.hidden2(x)")],
    "wrong-forward": [one_by_one("torch.relu(self.hidden1(x))", "torch.tanh(self.hidden1(x))"), one_by_one("        x = torch.relu(self.hidden2(x))\n", ""), one_by_one("return self.out(x)", "return 2 * self.out(x)")],
    "wrong-layers": [network("            " + RELU2 + "\n", ""), network(FIRST, "nn.Linear(input_size, out_size)", SECOND, "nn.Linear(out_size, hidden_size)")],
    "layers-in-forward": [one_by_one("self.out(x)", "nn.Linear(x.size(1), 3)(x)", OUT, "        self.out_size = out_size\n")],
    "": [
        NETWORK,
        ONE_BY_ONE,
        IN_A_LIST.replace("[nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])]", "nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))"),
        "def f(input_size, hidden_size, out_size):\n    return nn.Sequential(nn.Flatten(), nn.Linear(input_size, hidden_size), nn.ReLU(), nn.Linear(hidden_size, hidden_size), nn.ReLU(), nn.Linear(hidden_size, out_size))",
        network("x.view(x.size(0), -1)", "torch.flatten(x, start_dim=1)"),
        network("nn.Sequential(\n", "nn.Sequential(\n            nn.Flatten(),\n", FLATTEN, "", OUT, OUT + "        self.all = [self.features, self.out]\n"),
        network("input_size, hidden_size, out_size):", "n_in, n_hidden, n_out):", FIRST, "nn.Linear(n_in, n_hidden)", SECOND, "nn.Linear(n_hidden, n_hidden)", "nn.Linear(hidden_size, out_size)", "nn.Linear(n_hidden, n_out)"),
        network(RELU1, FIRST + ",\n            nn.ReLU(inplace=True),", RELU2, RELU2 + "\n            nn.Dropout(0.2),"),
        network("x.view(x.size(0), -1)", "x.reshape(len(x), -1)", OUT, "", "        self.features", OUT + "        self.features"),
    ],
}  # fmt: skip

EVALUATE_SOURCE = """
def f(loader, net, criterion):
    net.eval()
    total, right, count = 0.0, 0, 0
    with torch.no_grad():
        for images, labels in loader:
            logits = net(images)
            total += criterion(logits, labels).item() * len(labels)
            right += (logits.argmax(dim=1) == labels).sum().item()
            count += len(labels)
    return total / count, right / count
"""
evaluate = replacer(EVALUATE_SOURCE)
EVAL, NO_GRAD, IN_LOADER = "    net.eval()\n", "    with torch.no_grad():\n", "        for images, labels in loader:\n"
TOTAL, LOSS = "criterion(logits, labels).item() * len(labels)", "criterion(logits, labels)"
LEARN = "            loss = criterion(logits, labels)\n            loss.backward()\n"
RESULT = "return total / count, right / count"
MEANS = """
def f(loader, net, criterion):
    net.eval()
    losses, rates = [], []
    with torch.no_grad():
        for images, labels in loader:
            logits = net(images)
            losses.append(criterion(logits, labels).item())
            rates.append((logits.argmax(dim=1) == labels).float().mean().item())
    return np.mean(losses), np.mean(rates)
"""
means = replacer(MEANS)
EVALUATE = {
    "not-attempted": ["def f(loader, net, criterion):\n    ...", "def f(loader, net, criterion):\n    raise NotImplementedError"],
    "wrong-signature": ["def f(net, loader):\n    return 1, 2", evaluate("loader, net, criterion", "net, loader, criterion")],
    "raises": [evaluate("criterion(logits, labels)", "criterion(logits, label)"), evaluate("total / count, right", "total / counts, right"), evaluate(LOSS, "criterion(labels, logits)")],
    "loss-not-made": [evaluate(LOSS, "nn.CrossEntropyLoss(logits, labels)")],
    "eval-mode-not-set": [evaluate(EVAL, ""), evaluate("net.eval()", "net.eval"), evaluate(EVAL, "    net.train()\n")],
    "leaves-training-mode": [evaluate("    " + RESULT, "    net.train()\n    " + RESULT)],
    "updates-in-test": [
        evaluate(NO_GRAD, "    optimizer = torch.optim.SGD(net.parameters(), 0.1)\n    if True:\n", "            total", LEARN + "            optimizer.step()\n            total"),
        "net = nn.Linear(784, 4)\noptimizer = torch.optim.SGD(net.parameters(), 0.1)\n" + evaluate(NO_GRAD, "    if True:\n", "            total", LEARN + "            optimizer.step()\n            total"),
        evaluate("            count", "            net[1].bias.add_(0.1)\n            count"),
    ],
    "gradients-from-test": [evaluate(NO_GRAD, "    if True:\n", "            total", LEARN + "            total")],
    "ignores-net": ["net = nn.Linear(784, 4)\n" + evaluate("loader, net,", "loader, model,", "net.eval()", "model.eval()", "net(images)", "net(images.flatten(1))")],
    "ignores-loader": ["test_loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.ones(4, 1, 28, 28), torch.arange(4)))\n" + evaluate("in loader", "in test_loader")],
    "alters-batches": [evaluate("net(images)", "net(images / 255)")],
    "ignores-criterion": [evaluate(LOSS, "F.cross_entropy(logits, labels)"), "criterion = nn.CrossEntropyLoss()\n" + evaluate("net, criterion)", "net, loss_function)")],
    "softmax-before-loss": [evaluate(LOSS, "criterion(logits.softmax(dim=1), labels)")],
    "no-batches": ["def f(loader, net, criterion):\n    return 0.5, 0.5"],
    "stops-after-first-batch": [evaluate("    " + RESULT, "            " + RESULT), evaluate(IN_LOADER, "        for images, labels in [next(iter(loader))]:\n")],
    "skips-batches": [evaluate(IN_LOADER, "        for images, labels in list(loader)[:-1]:\n")],
    "mean-of-batch-means": [MEANS, means("np.mean(losses)", "sum(losses) / len(loader)"), evaluate(RESULT, "return total / count, rate", "            count", "            rate = 1\n            count").replace("rate = 1", "rates.append((logits.argmax(1) == labels).float().mean())").replace("total, right", "rates, total, right").replace("= 0.0", "= [], 0.0").replace("count, rate", "count, sum(rates) / len(rates)")],
    "single-batch": [means("np.mean(losses)", "losses[-1]"), evaluate("total += " + TOTAL, "total = criterion(logits, labels).item()", "total / count, right", "total, right"), evaluate(RESULT, "return total / count, (logits.argmax(1) == labels).float().mean()")],
    "sum-instead-of-mean": [evaluate("right / count", "right"), evaluate("total / count", "total"), evaluate(" * len(labels)", "", "total / count", "total")],
    "wrong-divisor": [evaluate("total / count", "total / len(loader)"), evaluate(" * len(labels)", ""), evaluate("right / count", "right / len(loader)")],
    "argmax-over-batch": [evaluate("argmax(dim=1)", "argmax(dim=0)"), evaluate("(logits.argmax(dim=1) == labels)", "(logits.max(0).indices == labels)")],
    "in-percent": [evaluate("right / count", "100 * right / count")],
    "wrong-mean": [evaluate(RESULT, "return right / count, total / count"), evaluate("total / count", "total / count / 2"), evaluate("logits.argmax(dim=1)", "logits.argmin(dim=1)"), evaluate("logits.argmax(dim=1)", "logits.max(dim=1).values")],
    "not-two-numbers": [evaluate(RESULT, "print(total / count, right / count)"), evaluate("total / count, right / count", "total / count"), evaluate(RESULT, "return 'loss', 'accuracy'"), evaluate(RESULT, "return total / count, right / count, count")],
    "no-no-grad": [evaluate(NO_GRAD, "    if True:\n")],
    "": [
        EVALUATE_SOURCE,
        evaluate("argmax(dim=1) == labels).sum()", "argmax(dim=1) == labels).float().mean()", "            count", "            #\n            count").replace("mean().item()", "mean().item() * len(labels)"),
        "def f(loader, net, criterion):\n    was_training = net.training\n    net.eval()\n    with torch.inference_mode():\n        Z, y = zip(*((net(X), y) for X, y in loader))\n        Z, y = torch.cat(Z), torch.cat(y)\n        result = criterion(Z, y), (Z.argmax(1) == y).float().mean()\n    net.train(was_training)\n    return result",
        "@torch.no_grad()\n" + EVALUATE_SOURCE.strip(),
        evaluate(RESULT, "return torch.tensor(total / count), torch.tensor(right / count)"),
        evaluate(RESULT, "return [round(total / count, 3), round(right / count, 3)]"),
        evaluate("total / count, right / count", "total / len(loader.dataset), right / len(loader.dataset)"),
        "args = {'device': torch.device('cpu')}\n" + evaluate("            logits", "            images, labels = images.to(args['device']), labels.to(args['device'])\n            logits"),
        evaluate("net(images)", "net(images.view(-1, 28 * 28))", "logits.argmax(dim=1)", "logits.max(1)[1]"),
        "from helpers import training\ndef f(loader, net, criterion):\n    result = training.test(loader, net, criterion)\n    return result.loss, result.accuracy",
        means("return np.mean(losses), np.mean(rates)", "return np.average(losses, weights=sizes), np.average(rates, weights=sizes)", "losses, rates = [], []", "losses, rates, sizes = [], [], []", "            logits", "            sizes.append(len(labels))\n            logits"),
        evaluate(NO_GRAD, "    net.requires_grad_(False)\n    if True:\n", "    " + RESULT, "    net.requires_grad_(True)\n    " + RESULT),
    ],
}  # fmt: skip

RUN_SOURCE = """
def f(loader, net, criterion, optimizer=None):
    is_training = optimizer is not None
    device = next(net.parameters()).device
    net.train(is_training)
    total_loss, hits, samples = 0.0, 0, 0
    with torch.set_grad_enabled(is_training):
        for inputs, targets in loader:
            inputs, targets = inputs.to(device), targets.to(device)
            predictions = net(inputs)
            loss = criterion(predictions, targets)
            if is_training:
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            total_loss += loss.item() * len(targets)
            hits += (predictions.argmax(dim=1) == targets).sum().item()
            samples += len(targets)
    return total_loss / samples, hits / samples
"""
run = replacer(RUN_SOURCE)
MODE, GRAD = "    net.train(is_training)\n", "    with torch.set_grad_enabled(is_training):\n"
ZERO, BACKWARD = "                optimizer.zero_grad()\n", "                loss.backward()\n"
STEP, WHEN = "                optimizer.step()\n", "            if is_training:\n"
RETURN = "return total_loss / samples, hits / samples"
OTHER = "net = nn.Linear(784, 4)\noptimizer = torch.optim.SGD(net.parameters(), 0.1)\n"
RUN_EPOCH = {
    "not-attempted": ["def f(loader, net, criterion, optimizer=None):\n    ...", "def f(loader, net, criterion, optimizer=None):\n    raise NotImplementedError"],
    "wrong-signature": ["def f(loader, net, criterion):\n    return 1, 2", run("net, criterion, opt", "criterion, net, opt")],
    "optimizer-required": [run("optimizer=None", "optimizer")],
    "raises": [run("criterion(predictions", "criterium(predictions"), run("hits / samples", "hit / samples")],
    "ignores-optimizer": [
        OTHER + run("optimizer=None", "opt=None", "optimizer is not", "opt is not"),
        run(ZERO, "                optimizer = torch.optim.SGD(net.parameters(), lr=0.1)\n" + ZERO),
        run(STEP, "                for w in net.parameters():\n                    w.data -= 0.0005 * w.grad\n"),
    ],
    "ignores-net": [OTHER + run("loader, net", "loader, model", MODE, "    model.train(is_training)\n", "net(inputs)", "net(inputs.flatten(1))")],
    "trains-without-optimizer": [run(WHEN, "            if True:\n", GRAD, "    if True:\n")],
    "updates-in-test": [run("    is_training = optimizer is not None\n", "    is_training = optimizer is not None\n    optimizer = optimizer or torch.optim.SGD(net.parameters(), 0.1)\n", WHEN, "            if True:\n", GRAD, "    if True:\n")],
    "mode-by-flag": [
        run("optimizer=None", "optimizer=None, is_training=True", "    is_training = optimizer is not None\n", ""),
        run("optimizer=None", 'optimizer=None, mode="train"', "optimizer is not None", 'mode == "train"'),
        'mode = "train"\n' + run("optimizer is not None", 'mode == "train"'),
        "TRAIN = False\n" + run("optimizer is not None", "TRAIN"),
    ],
    "train-mode-not-set": [run(MODE, "    if not is_training:\n        net.eval()\n")],
    "eval-mode-not-set": [run(MODE, "    if is_training:\n        net.train()\n"), run(MODE, "    net.train()\n")],
    "train-mode-not-set eval-mode-not-set": [run(MODE, ""), run(MODE, "    net.train(optimizer is None)\n")],
    "gradients-in-test": [run(GRAD, "    if True:\n"), run(GRAD, "    with torch.enable_grad():\n")],
    "gradients-from-test": [run(GRAD, "    if True:\n", WHEN + ZERO + BACKWARD + STEP, "            loss.backward()\n" + WHEN + STEP + ZERO)],
    "weights-not-updated": [run(STEP, ""), run(BACKWARD, "")],
    "zero-grad-after-backward": [run(ZERO, "", STEP, ZERO + STEP)],
    "step-before-backward": [run(STEP, "", BACKWARD, STEP + BACKWARD)],
    "missing-zero-grad": [run(ZERO, ""), run(ZERO, "", GRAD, "    net.zero_grad()\n" + GRAD)],
    "not-one-step-each": [run(STEP, STEP + STEP)],
    "uphill": [run(BACKWARD, "                (-loss).backward()\n")],
    "ignores-criterion": [run("criterion(predictions", "F.cross_entropy(predictions")],
    "softmax-before-loss": [run("criterion(predictions", "criterion(predictions.softmax(1)")],
    "stops-after-first-batch": [run("    " + RETURN, "            " + RETURN)],
    "mean-of-batch-means": [run("total_loss / samples", "total_loss / len(loader)", "loss.item() * len(targets)", "loss.item()")],
    "sum-instead-of-mean": [run("hits / samples", "hits")],
    "single-batch": [run("total_loss / samples", "loss.item()")],
    "argmax-over-batch": [run("argmax(dim=1)", "argmax(dim=0)")],
    "in-percent": [run("hits / samples", "100 * hits / samples")],
    "wrong-divisor": [run("loss.item() * len(targets)", "loss.item()")],
    "not-two-numbers": [run(RETURN, "print(total_loss / samples)")],
    "keeps-graph": [run("loss.item() *", "loss *"), "losses = []\n" + run("            hits", "            losses.append(loss)\n            hits")],
    "": [
        RUN_SOURCE,
        run(ZERO, "", "            predictions", "            if is_training:\n                optimizer.zero_grad()\n            predictions"),
        run(ZERO, "", STEP, STEP + ZERO),
        run("optimizer is not None", "bool(optimizer)"),
        run(MODE, "    if optimizer:\n        net.train()\n    else:\n        net.eval()\n"),
        run("optimizer=None", "opt=None", "optimizer is", "opt is", ZERO + BACKWARD + STEP, "                opt.zero_grad()\n                loss.backward()\n                opt.step()\n"),
        "from helpers import training\ndef f(loader, net, criterion, optimizer=None):\n    epoch = training.train(loader, net, criterion, optimizer) if optimizer else training.test(loader, net, criterion)\n    return epoch.loss, epoch.accuracy",
        "def learn(loader, net, criterion, optimizer):\n    for X, y in loader:\n        z = net(X)\n        loss = criterion(z, y)\n        optimizer.zero_grad()\n        loss.backward()\n        optimizer.step()\n        yield loss.detach() * len(y), (z.argmax(1) == y).sum(), len(y)\n@torch.no_grad()\ndef look(loader, net, criterion):\n    return [(criterion(z := net(X), y) * len(y), (z.argmax(1) == y).sum(), len(y)) for X, y in loader]\ndef f(loader, net, criterion, optimizer=None):\n    net.train(optimizer is not None)\n    rows = list(learn(loader, net, criterion, optimizer)) if optimizer else look(loader, net, criterion)\n    loss, hits, n = (sum(column) for column in zip(*rows))\n    return loss / n, hits / n",
        run("loss.item() * len(targets)", "loss.detach() * len(targets)", RETURN, "return {'loss': total_loss / samples, 'accuracy': hits / samples}.values()"),
        "optimizer = torch.optim.Adam(nn.Linear(2, 2).parameters())\nnet = nn.Linear(2, 2)\n" + RUN_SOURCE,
        run("optimizer=None", "optimizer=None, device=None", "    device = next", "    device = device or next"),
        run(STEP, "                nn.utils.clip_grad_norm_(net.parameters(), 0.1)\n" + STEP),
    ],
}  # fmt: skip
