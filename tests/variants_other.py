"""Answers to the exercises of notebooks 1 to 4, right and wrong, by the codes that the check should give them."""

import numpy as np
from variants_forward import replacer

MSE = {
    "not-attempted": ["def f(prediction, target):\n    ..."],
    "sum-instead-of-mean": ["f = lambda p, t: ((p - t) ** 2).sum()"],
    "no-square": ["f = lambda p, t: (p - t).abs().mean()"],
    "signs-cancel": ["f = lambda p, t: (p - t).mean()"],
    "square-of-the-mean": ["f = lambda p, t: (p - t).mean() ** 2"],
    "root": ["f = lambda p, t: ((p - t) ** 2).mean() ** 0.5"],
    "half": ["f = lambda p, t: 0.5 * ((p - t) ** 2).mean()"],
    "not-scalar": ["f = lambda p, t: (p - t) ** 2"],
    "wrong-value": ["f = lambda p, t: ((p - t) ** 4).mean()"],
    "depends-on-the-size": ["f = lambda p, t: ((p - t) ** 2).sum() / 5"],
    "no-gradient": [
        "f = lambda p, t: ((p - t) ** 2).mean().item()",
        "f = lambda p, t: ((p - t) * (p - t).detach()).mean()",
    ],
    "changes-its-input": [
        "def f(p, t):\n    t -= p.detach()\n    return (t ** 2).mean()",
        "def f(p, t):\n    p -= t\n    return (p ** 2).mean()",
    ],
    "not-a-tensor": ["def f(p, t):\n    loss = ((p - t) ** 2).mean()"],
    "loss-not-made": ["f = lambda p, t: nn.MSELoss(p, t)", "f = nn.MSELoss", "f = lambda p, t: nn.MSELoss()"],
    "raises": [
        "def f(p, t):\n    return ((p - target) ** 2).mean()",
        "f = lambda p, t: ((p - t) ^ 2).mean()",  # a NotImplementedError of PyTorch's
        "def f(p, t):\n    exit()",
    ],
    "wrong-signature": ["f = lambda p: p.mean()", "f = lambda target, prediction: 0", "f = 7"],
    "": [
        "f = lambda p, t: ((p - t) ** 2).mean()",
        "f = lambda p, t: torch.mean(torch.square(t - p))",
        "f = lambda p, t: ((p - t) * (p - t)).sum() / p.numel()",
        "f = F.mse_loss",
        "f = torch.nn.MSELoss()",
        "f = lambda p, t: ((p - t) ** 2).mean().reshape(1)",
        "def f(p, t):\n    return sum((a - b) ** 2 for a, b in zip(p.flatten(), t.flatten())) / p.numel()",
    ],
}  # fmt: skip
L1 = {
    "sum-instead-of-mean": ["f = lambda p, t: (p - t).abs().sum()"],
    "square-instead-of-size": ["f = lambda p, t: ((p - t) ** 2).mean()"],
    "signs-cancel": ["f = lambda p, t: (t - p).mean()", "f = lambda p, t: (p - t).mean().abs()"],
    "root": ["f = lambda p, t: ((p - t) ** 2).mean().sqrt()"],
    "median-instead-of-mean": ["f = lambda p, t: (p - t).abs().median()"],
    "no-gradient": ["f = lambda p, t: np.abs(p.detach().numpy() - t.numpy()).mean()"],
    "": ["f = lambda p, t: (p - t).abs().mean()", "f = lambda p, t: torch.maximum(p - t, t - p).mean()"],
}  # fmt: skip
BCE = {
    "sum-instead-of-mean": ["f = lambda z, t: F.binary_cross_entropy_with_logits(z, t, reduction='sum')"],
    "wrong-sign": ["f = lambda z, t: (t * F.logsigmoid(z) + (1 - t) * F.logsigmoid(-z)).mean()"],
    "half-the-formula": [
        "f = lambda z, t: -(t * F.logsigmoid(z)).mean()",
        "f = lambda z, t: -((1 - t) * F.logsigmoid(-z)).mean()",
    ],
    "sigmoid-twice": ["f = lambda z, t: F.binary_cross_entropy_with_logits(z.sigmoid(), t)"],
    "classes-swapped": ["f = lambda z, t: F.binary_cross_entropy_with_logits(z, 1 - t)"],
    "no-sigmoid": ["f = lambda z, t: -(t * z.log() + (1 - t) * (1 - z).log()).mean()"],
    "no-logarithm": ["f = lambda z, t: (z.sigmoid() - t).abs().mean()"],
    "squares-instead": ["f = lambda z, t: ((z.sigmoid() - t) ** 2).mean()"],
    "overflow": [
        "def f(z, t):\n    p = torch.sigmoid(z)\n    return -(t * p.log() + (1 - t) * (1 - p).log()).mean()",
        "f = lambda z, t: F.binary_cross_entropy(z.sigmoid(), t)",
        "def f(z, t):\n    p = torch.sigmoid(z)\n    return -(t * (p + 1e-7).log() + (1 - t) * (1 - p + 1e-7).log()).mean()",
    ],
    "zero-gradient": ["f = lambda z, t: (torch.where(z > 20, z, (1 + z.exp()).log()) - z * t).mean()"],
    "": [
        "f = lambda z, t: (F.softplus(z) - z * t).mean()",
        "f = lambda z, t: -(t * F.logsigmoid(z) + (1 - t) * F.logsigmoid(-z)).mean()",
        "f = lambda z, t: (z.clamp(min=0) - z * t + torch.log1p(torch.exp(-z.abs()))).mean()",
        "f = torch.nn.BCEWithLogitsLoss()",
    ],
}  # fmt: skip
CE = {
    "sum-instead-of-mean": ["f = lambda z, t: F.cross_entropy(z, t, reduction='sum')"],
    "wrong-sign": ["f = lambda z, t: F.log_softmax(z, 1)[torch.arange(len(t)), t].mean()"],
    "wrong-axis": ["f = lambda z, t: F.nll_loss(F.log_softmax(z, 0), t)"],
    "softmax-twice": ["f = lambda z, t: F.cross_entropy(F.softmax(z, 1), t)"],
    "mean-over-classes": ["f = lambda z, t: -(F.one_hot(t, z.shape[1]) * F.log_softmax(z, 1)).mean()"],
    "no-logarithm": ["f = lambda z, t: (1 - F.softmax(z, 1)[torch.arange(len(t)), t]).mean()"],
    "no-softmax": ["f = lambda z, t: -z[torch.arange(len(t)), t].mean()"],
    "loss-not-made": ["f = lambda z, t: nn.CrossEntropyLoss(z, t)"],
    "overflow": [
        "def f(z, t):\n    p = z.exp() / z.exp().sum(dim=1, keepdim=True)\n    return -p[torch.arange(len(t)), t].log().mean()",
        "f = lambda z, t: -(F.softmax(z, 1)[torch.arange(len(t)), t] + 1e-9).log().mean()",
    ],
    "not-scalar": ["f = lambda z, t: F.cross_entropy(z, t, reduction='none')"],
    "raises": ["f = lambda z, t: -(F.one_hot(t, 3) * F.log_softmax(z, 1)).sum(1).mean()"],
    "": [
        "f = lambda z, t: (z.logsumexp(1) - z[torch.arange(len(t)), t]).mean()",
        "def f(z, t):\n    z = z - z.max(dim=1, keepdim=True).values\n    return (z.exp().sum(1).log() - z.gather(1, t[:, None]).squeeze(1)).mean()",
        "f = lambda z, t: -(F.one_hot(t, z.shape[1]) * F.log_softmax(z, 1)).sum(1).mean()",
    ],
}  # fmt: skip

ZERO, BACK, STEP = "    optimizer.zero_grad()\n", "    loss.backward()\n", "    optimizer.step()\n"
LOSS, RETURN = "criterion(net(X), y)", "return loss.item()"
ONE_STEP = f"def f(net, X, y, criterion, optimizer):\n{ZERO}    loss = {LOSS}\n{BACK}{STEP}    {RETURN}\n"
one_step = replacer(ONE_STEP)
BY_HAND = """
def f(net, X, y, criterion, optimizer):
    loss = criterion(net(X), y)
    gradients = torch.autograd.grad(loss, list(net.parameters()))
    lr = optimizer.param_groups[0]['lr']
    with torch.no_grad():
        for p, g in zip(net.parameters(), gradients):
            p -= lr * g
    return float(loss)
"""
NET = "net = torch.nn.Linear(3, 4)\n"
TRAINING_STEP = {
    "not-attempted": ["def f(net, X, y, criterion, optimizer):\n    ..."],
    "wrong-signature": ["f = lambda X, y, net, criterion, optimizer: 0"],
    "raises": [one_step("net(X)", "net(x)")],
    "softmax-before-loss": [one_step("net(X)", "net(X).softmax(dim=1)")],
    "ignores-net": [NET + one_step("f(net,", "f(model,")],
    "ignores-optimizer": [
        BY_HAND,
        one_step(ZERO, "    optimizer = torch.optim.SGD(net.parameters(), lr=0.5)\n" + ZERO),
        NET + "optimizer = torch.optim.SGD(net.parameters(), lr=0.5)\n" + one_step("optimizer):", "optimiser):"),
    ],
    "ignores-criterion": [
        one_step(LOSS, "F.cross_entropy(net(X), y)"),
        "criterion = nn.CrossEntropyLoss()\n" + one_step("y, criterion", "y, loss_function"),
    ],
    "weights-not-updated": [one_step(STEP, ""), one_step(BACK, "")],
    "step-before-backward": [one_step(BACK + STEP, STEP + BACK, ZERO, ""), one_step(BACK + STEP, STEP + BACK)],
    "zero-grad-after-backward": [one_step(STEP, "    net.zero_grad()\n" + STEP)],
    "missing-zero-grad": [one_step(ZERO, "")],
    "not-one-step-each": [one_step(STEP, STEP + STEP)],
    "wrong-training": [one_step(LOSS, LOSS + " * 3")],
    "uphill": [one_step(BACK, "    (-loss).backward()\n")],
    "loss-after-step": [one_step(RETURN, f"return {LOSS}.item()")],
    "wrong-loss": [one_step("    " + RETURN + "\n", ""), one_step(RETURN, "return net(X)"), one_step("loss.item()", "2 * loss.item()")],
    "keeps-graph": [one_step("loss.item()", "loss")],
    "": [
        ONE_STEP,
        one_step(ZERO, "", STEP, STEP + ZERO),
        one_step("optimizer.zero_grad()", "net.zero_grad()"),
        one_step("loss.item()", "loss.detach()"),
        one_step("net(X)", "net.forward(X)"),
        one_step(ZERO + f"    loss = {LOSS}\n" + BACK + STEP, f"    def closure():\n    {ZERO}        loss = {LOSS}\n    {BACK}        return loss\n    loss = optimizer.step(closure)\n"),
        "losses = []\n" + one_step(STEP, STEP + "    losses.append(loss.item())\n"),
    ],
}  # fmt: skip

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

# Quizzes: the answer itself instead of code.
WHICH_LOSS = {
    "not-attempted": [{1: ..., 2: ..., 3: ..., 4: ..., 5: ...}, {}],
    "incomplete": [{1: "A", 2: "B", 3: "C", 4: "D", 5: ...}, {"1": "A"}],
    "1-wrong 2-wrong 3-wrong 4-wrong 5-wrong": [
        {1: "B", 2: "A", 3: "D", 4: "C", 5: "D"},
        {1: "C", 2: "C", 3: "A", 4: "A", 5: "A"},
    ],
    "1-wrong": [{1: "E", 2: "B", 3: "C", 4: "D", 5: "C"}],
    "": [
        {1: "A", 2: "B", 3: "C", 4: "D", 5: "C"},
        {1: "a", 2: " b ", 3: "c", 4: "d", 5: "c"},
        {"1": "A", "2": "B", "3": "C", "4": "D", "5": "C"},
    ],
}
LEARNING_RATES = {
    "not-attempted": [{"A": ..., "B": ..., "C": ..., "D": ...}],
    "A-wrong B-wrong C-wrong D-wrong": [{"A": 10, "B": 0.0001, "C": 0.1, "D": 100}],
    "A-wrong": [{"A": 1, "B": 0.1, "C": 0.0001, "D": 10}],
    "incomplete": [{"A": 100, "B": 0.1}, {100: "A", 0.1: "B", 0.0001: "C", 10: "D"}],
    "": [{"A": 100, "B": 0.1, "C": 1e-4, "D": 10.0}, {"a": 100, "b": np.float64(0.1), "c": 1e-4, "d": 10}],
}
DATALOADER_QUIZ = {
    "not-attempted": [{...}, set()],
    "B-wrong D-wrong": [{"B", "D"}, {"A", "B", "C", "D"}],
    "incomplete": [{"A"}],
    "B-wrong": [{"A", "B"}],
    "not-a-choice": [{"A", "X"}, 3],
    "": [{"A", "C"}, "a, c", ["C", "A"], "AC"],
}
EPOCHS_QUIZ = {
    "not-attempted": [{...}],
    "A-wrong": [{"A"}, {"A", "B"}],
    "C-wrong": ["C"],
    "": [{"B"}, "b"],
}
COUNT_ITERATIONS = {
    "not-attempted": [...],
    "one-epoch": [938],
    "last-batch-forgotten": [937 * 5, 937],
    "counts-samples": [300_000],
    "not-whole": [60_000 / 64 * 5],
    "epochs-run-together": [4688],
    "wrong-number": [1234],
    "": [4690, 4690.0, np.int64(4690), np.float32(4690)],
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
    "epochs-unlikely": [_results(epochs=(2, 3, 4))],
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
