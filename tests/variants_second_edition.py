"""Answers to the exercises of the second edition, right and wrong, by the codes that the check should give them.

Most are one right answer with a piece replaced, as a student's slip would replace it.
"""

from variants_forward import replacer

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
    "not-attempted": ["def f(net, X, y, criterion, lr):\n    ..."],
    "wrong-signature": [sgd("criterion, lr", "criterion, optimizer, lr")],
    "raises": [sgd("w.grad", "w.gradient"), sgd(CLEAR + "    loss = criterion(net(X), y)\n" + BACK, "    loss = criterion(net(X), y)\n", "w.grad", "loss.grad")],
    "uphill": [sgd("w -=", "w +="), sgd("w -=", "w +=", CLEAR, "")],
    "binds-new-tensor": [
        sgd(UPDATE, "            w = w - lr * w.grad\n"),
        sgd(UNDER + UPDATE, "    for w in net.parameters():\n        w = w - lr * w.grad\n"),
        sgd(UNDER + UPDATE, "    net[0].weight = nn.Parameter(net[0].weight - lr * net[0].weight.grad)\n"),
    ],
    "recorded-update": [sgd(UNDER + UPDATE, "    for w in net.parameters():\n        w -= lr * w.grad\n")],
    "missing-zero-grad": [sgd(CLEAR, ""), sgd(CLEAR, "", UPDATE, UPDATE + CLEAR)],
    "step-before-backward": ["def f(net, X, y, criterion, lr):\n    for w in net.parameters():\n        w.data -= lr * w.grad\n    net.zero_grad()\n    criterion(net(X), y).backward()"],
    "parameters-left-out": [
        sgd("net.parameters():\n", 'net.parameters():\n         if w.dim() > 1:\n'),
        sgd("for w in net.parameters()", "for w in [net[0].weight, net[2].weight]"),
    ],
    "uses-optimizer": [
        sgd(UNDER + UPDATE, OPTIMIZER),
        "net = nn.Linear(3, 4)\noptimizer = torch.optim.SGD(net.parameters(), lr=0.1)\n" + sgd(UNDER + UPDATE, "    optimizer.step()\n"),
    ],
    "weights-not-updated": [sgd(BACK, "", UPDATE, "            pass\n")],
    "ignores-criterion": [sgd("criterion(net(X), y)", "F.cross_entropy(net(X), y)")],
    "softmax-before-loss": [sgd("net(X)", "net(X).softmax(dim=1)")],
    "wrong-length": [sgd("lr *", "0.1 *"), sgd("lr *", "lr / len(X) *"), sgd("lr *", "")],
    "wrong-step": [
        sgd("criterion(net(X), y)", "criterion(net(X), y) + net(X).pow(2).mean()"),
        sgd("lr * w.grad", "lr * w.grad.sign()"),
    ],
    "": [
        SGD,
        sgd(UNDER + UPDATE, "    for w in net.parameters():\n        w.data -= lr * w.grad\n"),
        sgd(UNDER + UPDATE, "    for w in net.parameters():\n        w.data = w.data - lr * w.grad.data\n"),
        sgd(CLEAR, "    for w in net.parameters():\n        w.grad.zero_()\n"),
        sgd(UPDATE, "            w.copy_(w - lr * w.grad)\n            w.grad = None\n"),
        "def f(net, X, y, criterion, lr):\n    loss = criterion(net(X), y)\n    gradients = torch.autograd.grad(loss, list(net.parameters()))\n    with torch.no_grad():\n        for w, g in zip(net.parameters(), gradients):\n            w -= lr * g\n    return loss.item()",
        sgd("criterion, lr", "criterion, rate", "lr *", "rate *"),
        "@torch.no_grad()\ndef step(net, lr):\n    for w in net.parameters():\n        w -= lr * w.grad\n" + sgd(UNDER + UPDATE, "    step(net, lr)\n    return loss\n"),
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
    "not-attempted": ["class f(nn.Module):\n    def __init__(self, input_size, hidden_size, out_size):\n        ...\n    def forward(self, x):\n        ..."],
    "wrong-signature": [network("input_size, hidden_size, out_size):", "hidden_size, input_size, out_size):")],
    "no-super": [network("        super().__init__()\n", ""), network("super().__init__()", "super().__init__")],
    "raises": [network("self.features(x)", "self.feature(x)"), network("input_size, hidden_size),", "hidden_size, input_size),")],
    "plain-list": [IN_A_LIST, network("nn.Sequential(\n", "[\n", "nn.ReLU(),\n        )", "nn.ReLU(),\n        ]", "self.features(x)", "self.features[3](self.features[2](self.features[1](self.features[0](x))))")],
    "no-flattening": [network(FLATTEN, ""), one_by_one("self.flatten(x)", "x")],
    "flattens-batch": [network("x.view(x.size(0), -1)", "x.view(-1)"), network("x.view(x.size(0), -1)", "x.view(1, -1)")],
    "sizes-fixed": [
        network("x.view(x.size(0), -1)", "x.view(-1, 28 * 28)", FIRST, "nn.Linear(28 * 28, hidden_size)"),
        network(FIRST, "nn.Linear(input_size, 128)", SECOND, "nn.Linear(128, 128)", "nn.Linear(hidden_size, out_size)", "nn.Linear(128, out_size)"),
    ],
    "wrong-output": [network("return " + RUN, RUN), network(RUN, RUN + ".argmax(dim=1)")],
    "softmax-at-end": [network(RUN, f"torch.softmax({RUN}, dim=1)"), network(RUN, f"{RUN}.log_softmax(dim=1)"), one_by_one("return self.out(x)", "return nn.Softmax(dim=1)(self.out(x))"), network(RUN, f"torch.sigmoid({RUN})")],
    "relu-at-end": [network(RUN, f"torch.relu({RUN})")],
    "activation-missing": [network(RELU1, FIRST + ","), network(RELU2, SECOND + ","), one_by_one("torch.relu(self.hidden1(x))", "self.hidden1(x)", "torch.relu(self.hidden2(x))", "self.hidden2(x)")],
    "wrong-forward": [one_by_one("torch.relu(self.hidden1(x))", "torch.tanh(self.hidden1(x))"), one_by_one("        x = torch.relu(self.hidden2(x))\n", "")],
    "wrong-layers": [network("            " + RELU2 + "\n", ""), one_by_one("self.out(x)", "nn.Linear(x.size(1), 3)(x)", OUT, "        self.out_size = out_size\n")],
    "": [
        NETWORK,
        ONE_BY_ONE,
        IN_A_LIST.replace("[nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])]", "nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))"),
        "def f(input_size, hidden_size, out_size):\n    return nn.Sequential(nn.Flatten(), nn.Linear(input_size, hidden_size), nn.ReLU(), nn.Linear(hidden_size, hidden_size), nn.ReLU(), nn.Linear(hidden_size, out_size))",
        network("x.view(x.size(0), -1)", "torch.flatten(x, start_dim=1)"),
        network("nn.Sequential(\n", "nn.Sequential(\n            nn.Flatten(),\n", FLATTEN, "", OUT, OUT + "        self.all = [self.features, self.out]\n"),
        network(RELU1, FIRST + ",\n            nn.ReLU(inplace=True),", RELU2, RELU2 + "\n            nn.Dropout(0.2),"),
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
EVAL, NO_GRAD = "    net.eval()\n", "    with torch.no_grad():\n"
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
    "not-attempted": ["def f(loader, net, criterion):\n    ..."],
    "wrong-signature": [evaluate("loader, net, criterion", "net, loader, criterion")],
    "raises": [evaluate("criterion(logits, labels)", "criterion(logits, label)")],
    "eval-mode-not-set": [evaluate(EVAL, ""), evaluate("net.eval()", "net.eval")],
    "leaves-training-mode": [evaluate("    " + RESULT, "    net.train()\n    " + RESULT)],
    "updates-in-test": [
        evaluate(NO_GRAD, "    optimizer = torch.optim.SGD(net.parameters(), 0.1)\n    if True:\n", "            total", LEARN + "            optimizer.step()\n            total"),
        evaluate("            count", "            net[1].bias.add_(0.1)\n            count"),
    ],
    "ignores-optimizer": ["net = nn.Linear(784, 4)\noptimizer = torch.optim.SGD(net.parameters(), 0.1)\n" + evaluate(NO_GRAD, "    if True:\n", "            total", LEARN + "            optimizer.step()\n            total")],
    "gradients-from-test": [evaluate(NO_GRAD, "    if True:\n", "            total", LEARN + "            total")],
    "ignores-net": ["net = nn.Linear(784, 4)\n" + evaluate("loader, net,", "loader, model,", "net.eval()", "model.eval()", "net(images)", "net(images.flatten(1))")],
    "ignores-loader": ["test_loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.ones(4, 1, 28, 28), torch.arange(4)))\n" + evaluate("in loader", "in test_loader")],
    "ignores-criterion": [evaluate(LOSS, "F.cross_entropy(logits, labels)"), "criterion = nn.CrossEntropyLoss()\n" + evaluate("net, criterion)", "net, loss_function)")],
    "softmax-before-loss": [evaluate(LOSS, "criterion(logits.softmax(dim=1), labels)")],
    "skips-batches": [evaluate("    " + RESULT, "            " + RESULT)],
    "mean-of-batch-means": [MEANS, means("np.mean(losses)", "sum(losses) / len(loader)")],
    "single-batch": [means("np.mean(losses)", "losses[-1]"), evaluate("total += " + TOTAL, "total = criterion(logits, labels).item()", "total / count, right", "total, right")],
    "sum-instead-of-mean": [evaluate("right / count", "right"), evaluate("total / count", "total")],
    "wrong-divisor": [evaluate("total / count", "total / len(loader)"), evaluate(" * len(labels)", "")],
    "argmax-over-batch": [evaluate("argmax(dim=1)", "argmax(dim=0)")],
    "in-percent": [evaluate("right / count", "100 * right / count")],
    "wrong-mean": [evaluate(RESULT, "return right / count, total / count"), evaluate("logits.argmax(dim=1)", "logits.max(dim=1).values")],
    "not-two-numbers": [evaluate(RESULT, "print(total / count, right / count)"), evaluate("total / count, right / count", "total / count")],
    "no-no-grad": [evaluate(NO_GRAD, "    if True:\n")],
    "": [
        EVALUATE_SOURCE,
        "def f(loader, net, criterion):\n    was_training = net.training\n    net.eval()\n    with torch.inference_mode():\n        Z, y = zip(*((net(X), y) for X, y in loader))\n        Z, y = torch.cat(Z), torch.cat(y)\n        result = criterion(Z, y), (Z.argmax(1) == y).float().mean()\n    net.train(was_training)\n    return result",
        "@torch.no_grad()\n" + EVALUATE_SOURCE.strip(),
        evaluate(RESULT, "return torch.tensor(total / count), torch.tensor(right / count)"),
        evaluate("total / count, right / count", "total / len(loader.dataset), right / len(loader.dataset)"),
        "args = {'device': torch.device('cpu')}\n" + evaluate("            logits", "            images, labels = images.to(args['device']), labels.to(args['device'])\n            logits"),
        "from helpers import training\ndef f(loader, net, criterion):\n    result = training.test(loader, net, criterion)\n    return result.loss, result.accuracy",
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
    "not-attempted": ["def f(loader, net, criterion, optimizer=None):\n    ..."],
    "wrong-signature": [run("net, criterion, opt", "criterion, net, opt")],
    "optimizer-required": [run("optimizer=None", "optimizer")],
    "raises": [run("criterion(predictions", "criterium(predictions")],
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
        "TRAIN = False\n" + run("optimizer is not None", "TRAIN"),
    ],
    "train-mode-not-set": [run(MODE, "    if not is_training:\n        net.eval()\n")],
    "eval-mode-not-set": [run(MODE, "    if is_training:\n        net.train()\n")],
    "train-mode-not-set eval-mode-not-set": [run(MODE, "")],
    "gradients-in-test": [run(GRAD, "    if True:\n")],
    "gradients-from-test": [run(GRAD, "    if True:\n", WHEN + ZERO + BACKWARD + STEP, "            loss.backward()\n" + WHEN + STEP + ZERO)],
    "zero-grad-after-backward": [run(ZERO, "", STEP, ZERO + STEP)],
    "missing-zero-grad": [run(ZERO, "")],
    "not-one-step-each": [run(STEP, STEP + STEP)],
    "ignores-criterion": [run("criterion(predictions", "F.cross_entropy(predictions")],
    "skips-batches": [run("    " + RETURN, "            " + RETURN)],
    "mean-of-batch-means": [run("total_loss / samples", "total_loss / len(loader)", "loss.item() * len(targets)", "loss.item()")],
    "not-two-numbers": [run(RETURN, "print(total_loss / samples)")],
    "keeps-graph": [run("loss.item() *", "loss *"), "losses = []\n" + run("            hits", "            losses.append(loss)\n            hits")],
    "": [
        RUN_SOURCE,
        run(ZERO, "", "            predictions", "            if is_training:\n                optimizer.zero_grad()\n            predictions"),
        run(ZERO, "", STEP, STEP + ZERO),
        "from helpers import training\ndef f(loader, net, criterion, optimizer=None):\n    epoch = training.train(loader, net, criterion, optimizer) if optimizer else training.test(loader, net, criterion)\n    return epoch.loss, epoch.accuracy",
        "def learn(loader, net, criterion, optimizer):\n    for X, y in loader:\n        z = net(X)\n        loss = criterion(z, y)\n        optimizer.zero_grad()\n        loss.backward()\n        optimizer.step()\n        yield loss.detach() * len(y), (z.argmax(1) == y).sum(), len(y)\n@torch.no_grad()\ndef look(loader, net, criterion):\n    return [(criterion(z := net(X), y) * len(y), (z.argmax(1) == y).sum(), len(y)) for X, y in loader]\ndef f(loader, net, criterion, optimizer=None):\n    net.train(optimizer is not None)\n    rows = list(learn(loader, net, criterion, optimizer)) if optimizer else look(loader, net, criterion)\n    loss, hits, n = (sum(column) for column in zip(*rows))\n    return loss / n, hits / n",
        run("loss.item() * len(targets)", "loss.detach() * len(targets)", RETURN, "return {'loss': total_loss / samples, 'accuracy': hits / samples}.values()"),
        "optimizer = torch.optim.Adam(nn.Linear(2, 2).parameters())\nnet = nn.Linear(2, 2)\n" + RUN_SOURCE,
        run("optimizer=None", "optimizer=None, device=None", "    device = next", "    device = device or next"),
        run(STEP, "                nn.utils.clip_grad_norm_(net.parameters(), 0.1)\n" + STEP),
    ],
}  # fmt: skip
