"""Answers to the exercises of notebook 4, right and wrong, by the codes that the check should give them."""

import numpy as np
from variants_replacer import replacer

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
    "layers-in-forward": [one_by_one("torch.relu(self.hidden1(x))", "torch.relu(self.hidden1(x))\n        self.hidden2 = nn.Linear(x.size(1), x.size(1))")],
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
EPOCHS_QUIZ = {
    "not-attempted": [{...}, ""],
    "A-wrong": [{"A"}, {"A", "B"}],
    "C-wrong": ["C"],
    "": [{"B"}, "b"],
}
COUNT_ITERATIONS = {
    "not-attempted": [...],
    "one-epoch": [469],
    "last-batch-forgotten": [468 * 5, 468],
    "counts-samples": [300_000],
    "not-whole": [60_000 / 128 * 5],
    "epochs-run-together": [2344],
    "wrong-number": [1234],
    "": [2345, 2345.0, np.int64(2345), np.float32(2345)],
}
TRAIN_OR_EVAL = {
    "not-attempted": [{1: ..., 2: ..., 3: ..., 4: ..., 5: ...}],
    "1-wrong 2-wrong 3-wrong 4-wrong 5-wrong": [{1: "eval", 2: "train", 3: "eval", 4: "train", 5: "eval"}],
    "1-wrong": [{1: "training", 2: "eval", 3: "train", 4: "eval", 5: "neither"}],
    "": [
        {1: "train", 2: "eval", 3: "train", 4: "eval", 5: "neither"},
        {1: "train()", 2: "Eval", 3: "train", 4: "eval()", 5: "neither"},
    ],
}


def _results(seconds=(0.5, 1.2, 4.0), epochs=(3, 2, 2), conclusion="B"):
    rows = {
        size: {"seconds": s, "epochs": e} for size, s, e in zip((100, 20, 5), seconds, epochs, strict=True)
    }
    return {**rows, "conclusion": conclusion}


BATCH_SIZES = {
    "not-attempted": [_results((...,) * 3, (...,) * 3, ...)],
    "incomplete": [
        _results((0.5, 1.2, ...), (3, 2, ...)),
        _results(conclusion=...),
        {100: {"seconds": 1, "epochs": 3}, "conclusion": "B"},
    ],
    "seconds-do-not-grow": [_results((4.0, 1.2, 0.5))],
    "gradients-accumulate": [_results((5, 13, 38), (7, 5, None)), _results(epochs=(None, None, None))],
    "epochs-unlikely": [_results(epochs=(2, 3, 4)), _results(epochs=(3, 2, 0))],
    "A-wrong": [_results(conclusion="A")],
    "C-wrong": [_results(conclusion="C")],
    "not-a-choice": [_results(conclusion="Z")],
    "": [
        _results(),
        _results((0.05, 0.2, 0.9), (3, 2, 1), "b"),
        _results(np.array([0.5, 1.2, 4.0]), np.array([3, 2, 2])),
        _results(epochs=(2, 2, 2)),
    ],
}

# Code, which defines f, and values.
CODE = {"mlp": MLP, "evaluate": EVALUATE}
ANSWERS = {
    "count_iterations": COUNT_ITERATIONS,
    "epochs_quiz": EPOCHS_QUIZ,
    "train_or_eval": TRAIN_OR_EVAL,
    "batch_sizes": BATCH_SIZES,
}
