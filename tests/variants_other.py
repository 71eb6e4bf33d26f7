"""Answers to the exercises of notebooks 1 to 4, right and wrong, each with the codes that the check should give."""

MSE = {
    "untouched": ("def f(prediction, target):\n    ...", ["not-attempted"]),
    "sum": ("f = lambda p, t: ((p - t) ** 2).sum()", ["sum-instead-of-mean"]),
    "no square": ("f = lambda p, t: (p - t).abs().mean()", ["no-square"]),
    "signs cancel": ("f = lambda p, t: (p - t).mean()", ["signs-cancel"]),
    "mean first": ("f = lambda p, t: (p - t).mean() ** 2", ["square-of-the-mean"]),
    "root": ("f = lambda p, t: ((p - t) ** 2).mean() ** 0.5", ["root"]),
    "half": ("f = lambda p, t: 0.5 * ((p - t) ** 2).mean()", ["half"]),
    "no mean": ("f = lambda p, t: (p - t) ** 2", ["not-scalar"]),
    "something else": ("f = lambda p, t: ((p - t) ** 4).mean()", ["wrong-value"]),
    "number of samples written in": ("f = lambda p, t: ((p - t) ** 2).sum() / 5", ["depends-on-the-size"]),
    "a number": ("f = lambda p, t: ((p - t) ** 2).mean().item()", ["no-gradient"]),
    "detached": ("f = lambda p, t: ((p.detach() - t) ** 2).mean()", ["no-gradient"]),
    "half detached": ("f = lambda p, t: ((p - t) * (p - t).detach()).mean()", ["wrong-gradient"]),
    "in place": (
        "def f(p, t):\n    t -= p.detach()\n    return ((p - (t + p.detach())) ** 2).mean()",
        ["changes-its-input"],
    ),
    "forgets to return": ("def f(p, t):\n    loss = ((p - t) ** 2).mean()", ["returns-nothing"]),
    "a string": ("f = lambda p, t: 'mse'", ["not-a-tensor"]),
    "raises": ("def f(p, t):\n    return ((p - target) ** 2).mean()", ["raises"]),
    "one argument": ("f = lambda p: p.mean()", ["wrong-signature"]),
    "right, by hand": ("f = lambda p, t: ((p - t) ** 2).mean()", []),
    "right, from the other side": ("f = lambda p, t: torch.mean(torch.square(t - p))", []),
    "right, with a sum": ("f = lambda p, t: ((p - t) * (p - t)).sum() / p.numel()", []),
    "right, PyTorch's": ("f = F.mse_loss", []),
    "right, a module": ("f = torch.nn.MSELoss()", []),
    "right, shape [1]": ("f = lambda p, t: ((p - t) ** 2).mean().reshape(1)", []),
    "right, in a loop": (
        "def f(p, t):\n    return sum((a - b) ** 2 for a, b in zip(p.flatten(), t.flatten())) / p.numel()",
        [],
    ),
}
L1 = {
    "untouched": ("def f(prediction, target):\n    '''L1.'''", ["not-attempted"]),
    "sum": ("f = lambda p, t: (p - t).abs().sum()", ["sum-instead-of-mean"]),
    "squares": ("f = lambda p, t: ((p - t) ** 2).mean()", ["square-instead-of-size"]),
    "signs cancel": ("f = lambda p, t: (t - p).mean()", ["signs-cancel"]),
    "mean first": ("f = lambda p, t: (p - t).mean().abs()", ["signs-cancel"]),
    "root": ("f = lambda p, t: ((p - t) ** 2).mean().sqrt()", ["root"]),
    "no mean": ("f = lambda p, t: (p - t).abs()", ["not-scalar"]),
    "NumPy": ("f = lambda p, t: np.abs(p.detach().numpy() - t.numpy()).mean()", ["no-gradient"]),
    "right": ("f = lambda p, t: (p - t).abs().mean()", []),
    "right, with max": ("f = lambda p, t: torch.maximum(p - t, t - p).mean()", []),
    "right, PyTorch's": ("f = F.l1_loss", []),
}
BCE = {
    "untouched": ("def f(logits, target):\n    pass", ["not-attempted"]),
    "sum": (
        "f = lambda z, t: F.binary_cross_entropy_with_logits(z, t, reduction='sum')",
        ["sum-instead-of-mean"],
    ),
    "wrong sign": (
        "f = lambda z, t: (t * F.logsigmoid(z) + (1 - t) * F.logsigmoid(-z)).mean()",
        ["wrong-sign"],
    ),
    "ones only": ("f = lambda z, t: -(t * F.logsigmoid(z)).mean()", ["half-the-formula"]),
    "zeros only": ("f = lambda z, t: -((1 - t) * F.logsigmoid(-z)).mean()", ["half-the-formula"]),
    "sigmoid twice": (
        "f = lambda z, t: F.binary_cross_entropy_with_logits(z.sigmoid(), t)",
        ["sigmoid-twice"],
    ),
    "classes swapped": ("f = lambda z, t: F.binary_cross_entropy_with_logits(z, 1 - t)", ["classes-swapped"]),
    "no sigmoid": ("f = lambda z, t: -(t * z.log() + (1 - t) * (1 - z).log()).mean()", ["no-sigmoid"]),
    "no logarithm": ("f = lambda z, t: (z.sigmoid() - t).abs().mean()", ["no-logarithm"]),
    "squares": ("f = lambda z, t: ((z.sigmoid() - t) ** 2).mean()", ["squares-instead"]),
    "as on paper": (
        "def f(z, t):\n    p = torch.sigmoid(z)\n    return -(t * p.log() + (1 - t) * (1 - p).log()).mean()",
        ["overflow"],
    ),
    "BCELoss": ("f = lambda z, t: F.binary_cross_entropy(z.sigmoid(), t)", ["clipped"]),
    "a small number added": (
        "def f(z, t):\n    p = torch.sigmoid(z)\n    return -(t * (p + 1e-7).log() + (1 - t) * (1 - p + 1e-7).log()).mean()",
        ["clipped"],
    ),
    "logits clipped": (
        "f = lambda z, t: F.binary_cross_entropy_with_logits(z.clamp(-30, 30), t)",
        ["clipped"],
    ),
    "gradient lost for large logits": (
        "f = lambda z, t: (F.binary_cross_entropy_with_logits(z.detach(), t) if z.abs().max() > 30 else F.binary_cross_entropy_with_logits(z, t)) + 0 * z.sum()",
        ["zero-gradient"],
    ),
    "right, softplus": ("f = lambda z, t: (F.softplus(z) - z * t).mean()", []),
    "right, logsigmoid": ("f = lambda z, t: -(t * F.logsigmoid(z) + (1 - t) * F.logsigmoid(-z)).mean()", []),
    "right, written out": (
        "f = lambda z, t: (z.clamp(min=0) - z * t + torch.log1p(torch.exp(-z.abs()))).mean()",
        [],
    ),
    "right, PyTorch's": ("f = torch.nn.BCEWithLogitsLoss()", []),
}
CE = {
    "untouched": ("def f(logits, target):\n    ...", ["not-attempted"]),
    "sum": ("f = lambda z, t: F.cross_entropy(z, t, reduction='sum')", ["sum-instead-of-mean"]),
    "wrong sign": ("f = lambda z, t: F.log_softmax(z, 1)[torch.arange(len(t)), t].mean()", ["wrong-sign"]),
    "wrong axis": ("f = lambda z, t: F.nll_loss(F.log_softmax(z, 0), t)", ["wrong-axis"]),
    "softmax twice": ("f = lambda z, t: F.cross_entropy(F.softmax(z, 1), t)", ["softmax-twice"]),
    "mean over classes": (
        "f = lambda z, t: -(F.one_hot(t, z.shape[1]) * F.log_softmax(z, 1)).mean()",
        ["mean-over-classes"],
    ),
    "no logarithm": (
        "f = lambda z, t: (1 - F.softmax(z, 1)[torch.arange(len(t)), t]).mean()",
        ["no-logarithm"],
    ),
    "no softmax": ("f = lambda z, t: -z[torch.arange(len(t)), t].mean()", ["no-softmax"]),
    "logarithm of the mean": (
        "f = lambda z, t: -F.softmax(z, 1)[torch.arange(len(t)), t].mean().log()",
        ["logarithm-of-the-mean"],
    ),
    "base two": (
        "f = lambda z, t: -F.softmax(z, 1)[torch.arange(len(t)), t].log2().mean()",
        ["another-base"],
    ),
    "as on paper": (
        "def f(z, t):\n    p = z.exp() / z.exp().sum(dim=1, keepdim=True)\n    return -p[torch.arange(len(t)), t].log().mean()",
        ["overflow"],
    ),
    "log of softmax": (
        "f = lambda z, t: -F.softmax(z, 1)[torch.arange(len(t)), t].log().mean()",
        ["overflow"],
    ),
    "a small number added": (
        "f = lambda z, t: -(F.softmax(z, 1)[torch.arange(len(t)), t] + 1e-9).log().mean()",
        ["clipped"],
    ),
    "one loss per sample": ("f = lambda z, t: F.cross_entropy(z, t, reduction='none')", ["not-scalar"]),
    "three classes written in": (
        "f = lambda z, t: -(F.one_hot(t, 3) * F.log_softmax(z, 1)).sum(1).mean()",
        ["raises"],
    ),
    "right, logsumexp": ("f = lambda z, t: (z.logsumexp(1) - z[torch.arange(len(t)), t]).mean()", []),
    "right, largest logit off": (
        "def f(z, t):\n    z = z - z.max(dim=1, keepdim=True).values\n    return (z.exp().sum(1).log() - z.gather(1, t[:, None]).squeeze(1)).mean()",
        [],
    ),
    "right, one-hot": (
        "f = lambda z, t: -(F.one_hot(t, z.shape[1]) * F.log_softmax(z, 1)).sum(1).mean()",
        [],
    ),
    "right, PyTorch's": ("f = F.cross_entropy", []),
}
_STEP = """
def f(net, X, y, criterion, optimizer):
    optimizer.zero_grad()
    loss = criterion(net(X), y)
    loss.backward()
    optimizer.step()
    return loss.item()
"""
STEP = {
    "untouched": ("def f(net, X, y, criterion, optimizer):\n    ...", ["not-attempted"]),
    "three arguments": ("def f(net, X, y):\n    return net(X)", ["wrong-signature"]),
    "raises": (_STEP.replace("net(X)", "net(x)"), ["raises"]),
    "the notebook's net": (
        "net = torch.nn.Linear(3, 4)\n" + _STEP.replace("f(net,", "f(model,"),
        ["ignores-arguments"],
    ),
    "no step": (_STEP.replace("    optimizer.step()\n", ""), ["weights-not-updated"]),
    "no backward": (_STEP.replace("    loss.backward()\n", ""), ["weights-not-updated"]),
    "neither": (_STEP.replace("    loss.backward()\n    optimizer.step()\n", ""), ["weights-not-updated"]),
    "step before backward": (
        _STEP.replace(
            "    loss.backward()\n    optimizer.step()\n", "    optimizer.step()\n    loss.backward()\n"
        ).replace("    optimizer.zero_grad()\n", ""),
        ["step-before-backward"],
    ),
    "step before backward, cleared": (
        _STEP.replace(
            "    loss.backward()\n    optimizer.step()\n", "    optimizer.step()\n    loss.backward()\n"
        ),
        ["step-before-backward"],
    ),
    "cleared too late": (
        _STEP.replace("    optimizer.zero_grad()\n", "").replace(
            "    optimizer.step()", "    optimizer.zero_grad()\n    optimizer.step()"
        ),
        ["zero-grad-after-backward"],
    ),
    "network cleared too late": (
        _STEP.replace("    optimizer.step()", "    net.zero_grad()\n    optimizer.step()"),
        ["zero-grad-after-backward"],
    ),
    "never cleared": (_STEP.replace("    optimizer.zero_grad()\n", ""), ["missing-zero-grad"]),
    "ten steps": (
        "def f(net, X, y, criterion, optimizer):\n    for _ in range(10):\n        optimizer.zero_grad()\n        loss = criterion(net(X), y)\n        loss.backward()\n        optimizer.step()\n    return loss.item()",
        ["several-steps"],
    ),
    "another loss": (_STEP.replace("criterion(net(X), y)", "net(X).pow(2).mean()"), ["wrong-step"]),
    "returns nothing": (_STEP.replace("    return loss.item()\n", ""), ["no-loss-returned"]),
    "loss after the step": (
        _STEP.replace("return loss.item()", "return criterion(net(X), y).item()"),
        ["loss-after-step"],
    ),
    "returns the prediction": (_STEP.replace("return loss.item()", "return net(X)"), ["wrong-loss"]),
    "returns twice the loss": (_STEP.replace("loss.item()", "2 * loss.item()"), ["wrong-loss"]),
    "right": (_STEP, []),
    "right, cleared after the step": (
        _STEP.replace("    optimizer.zero_grad()\n", "").replace(
            "    optimizer.step()", "    optimizer.step()\n    optimizer.zero_grad()"
        ),
        [],
    ),
    "right, network cleared": (_STEP.replace("optimizer.zero_grad()", "net.zero_grad()"), []),
    "right, detached": (_STEP.replace("loss.item()", "loss.detach()"), []),
    "right, by hand": (
        "def f(net, X, y, criterion, optimizer):\n    loss = criterion(net(X), y)\n    gradients = torch.autograd.grad(loss, list(net.parameters()))\n    lr = optimizer.param_groups[0]['lr']\n    with torch.no_grad():\n        for p, g in zip(net.parameters(), gradients):\n            p -= lr * g\n    return float(loss)",
        [],
    ),
    "warning, loss with its graph": (_STEP.replace("loss.item()", "loss"), ["keeps-graph"]),
}
_TABLE = """
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
_LAZY = """
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
DATASET = {
    "untouched": (
        "class f(Dataset):\n    def __init__(self, path):\n        ...\n    def __len__(self):\n        ...\n    def __getitem__(self, index):\n        ...",
        ["not-attempted"],
    ),
    "a function that does nothing": ("def f(path):\n    ...", ["not-attempted"]),
    "no class": ("f = 7", ["not-a-class"]),
    "raises in init": (_TABLE.replace("pd.read_csv(path)", "pd.read_csv(paht)"), ["raises"]),
    "raises in getitem": (_TABLE.replace("self.y[index]", "self.target[index]"), ["raises"]),
    "no length": (_TABLE.replace("        return len(self.y)\n", "        ...\n"), ["no-length"]),
    "one too few": (_TABLE.replace("return len(self.y)", "return len(self.y) - 1"), ["off-by-one-length"]),
    "first row taken for the header": (
        _TABLE.replace("pd.read_csv(path)", "pd.read_csv(path, skiprows=[1])"),
        ["off-by-one-length"],
    ),
    "counts columns": (_TABLE.replace("return len(self.y)", "return self.X.shape[1]"), ["wrong-length"]),
    "ignores the path": (_TABLE.replace("pd.read_csv(path)", "pd.read_csv(BIKES)"), ["ignores-path"]),
    "a dictionary": (
        _TABLE.replace("self.X[index], self.y[index]", '{"x": self.X[index], "y": self.y[index]}'),
        ["not-a-pair"],
    ),
    "features only": (_TABLE.replace("self.X[index], self.y[index]", "self.X[index]"), ["not-a-pair"]),
    "NumPy": (
        _TABLE.replace(
            "torch.tensor(features.to_numpy(), dtype=torch.float32)", "features.to_numpy('float32')"
        ),
        ["numpy-instead-of-tensors"],
    ),
    "a plain number for a target": (
        _TABLE.replace("self.y[index]", "self.y[index].item()"),
        ["numpy-instead-of-tensors"],
    ),
    "float64 features": (
        _TABLE.replace("features.to_numpy(), dtype=torch.float32", "features.to_numpy()"),
        ["float64"],
    ),
    "whole-number target": (
        _TABLE.replace(
            'table[["bikers"]].to_numpy(), dtype=torch.float32', 'table[["bikers"]].to_numpy().astype(int)'
        ),
        ["wrong-type"],
    ),
    "both leaks": (_TABLE.replace('["casual", "registered", "bikers"]', '["bikers"]'), ["leaking-columns"]),
    "one leak": (
        _TABLE.replace('["casual", "registered", "bikers"]', '["casual", "bikers"]'),
        ["leaking-columns"],
    ),
    "target among the features": (
        _TABLE.replace('["casual", "registered", "bikers"]', '["casual", "registered"]'),
        ["leaking-columns"],
    ),
    "a feature left out": (
        _TABLE.replace('["casual", "registered", "bikers"]', '["casual", "registered", "bikers", "season"]'),
        ["wrong-features-shape"],
    ),
    "features in a row": (
        _TABLE.replace("self.X[index],", "self.X[index : index + 1],"),
        ["wrong-features-shape"],
    ),
    "target without a dimension": (
        _TABLE.replace('table[["bikers"]]', 'table["bikers"]'),
        ["target-without-dimension"],
    ),
    "target with two": (_TABLE.replace("self.y[index]", "self.y[index][None]"), ["wrong-target-shape"]),
    "another target": (_TABLE.replace('table[["bikers"]]', 'table[["temp"]]'), ["wrong-target"]),
    "target divided": (_TABLE.replace("self.y[index]", "self.y[index] / 2"), ["wrong-target"]),
    "features scaled": (_TABLE.replace("self.X[index],", "self.X[index] / 10,"), ["wrong-features"]),
    "columns by the alphabet": (
        _TABLE.replace("features.to_numpy()", "features[sorted(features)].to_numpy()"),
        ["wrong-features"],
    ),
    "rows backwards": (
        _TABLE.replace("self.X[index], self.y[index]", "self.X[-1 - index], self.y[-1 - index]"),
        ["rows-in-wrong-order"],
    ),
    "rows shuffled": (
        _TABLE.replace("pd.read_csv(path)", "pd.read_csv(path).sample(frac=1, random_state=1)"),
        ["rows-in-wrong-order"],
    ),
    "another row each time": (
        _TABLE.replace(
            "        return self.X[index],", "        self.X[0] += 1\n        return self.X[index].clone(),"
        ),
        ["wrong-features"],
    ),
    "no end": (
        _TABLE.replace(
            "self.X[index], self.y[index]", "self.X[index % len(self)], self.y[index % len(self)]"
        ),
        ["no-index-error"],
    ),
    "KeyError at the end": (_LAZY.replace("iloc[index]", "loc[index]"), ["no-index-error"]),
    "reads the file for each item": (
        _LAZY.replace("        row = self.table", "        row = pd.read_csv(self.path)").replace(
            "        self.table = pd", "        self.path = path\n        self.table = pd"
        ),
        ["reads-file-again"],
    ),
    "right, all at once": (_TABLE, []),
    "right, item by item": (_LAZY, []),
    "right, with csv": (
        "import csv\nclass f:\n    def __init__(self, path):\n        with open(path) as file:\n            self.rows = [[float(v) for v in row] for row in list(csv.reader(file))[1:]]\n    def __len__(self):\n        return len(self.rows)\n    def __getitem__(self, i):\n        return torch.tensor(self.rows[i][:12]), torch.tensor(self.rows[i][14:])",
        [],
    ),
    "right, a list for an item": (
        _TABLE.replace("return self.X[index], self.y[index]", "return [self.X[index], self.y[index]]"),
        [],
    ),
}
# Quizzes: the answer itself instead of code.
WHICH_LOSS = {
    "untouched": ({1: ..., 2: ..., 3: ..., 4: ..., 5: ...}, ["not-attempted"]),
    "empty": ({}, ["not-attempted"]),
    "not all": ({1: "A", 2: "B", 3: "C", 4: "D", 5: ...}, ["incomplete"]),
    "all wrong": (
        {1: "B", 2: "A", 3: "D", 4: "C", 5: "D"},
        ["1-wrong", "2-wrong", "3-wrong", "4-wrong", "5-wrong"],
    ),
    "wrong in other ways": (
        {1: "C", 2: "C", 3: "A", 4: "A", 5: "A"},
        ["1-wrong", "2-wrong", "3-wrong", "4-wrong", "5-wrong"],
    ),
    "and in others": (
        {1: "D", 2: "D", 3: "B", 4: "B", 5: "B"},
        ["1-wrong", "2-wrong", "3-wrong", "4-wrong", "5-wrong"],
    ),
    "no such letter": ({1: "E", 2: "B", 3: "C", 4: "D", 5: "C"}, ["1-wrong"]),
    "a list": (["A", "B"], ["not-a-dictionary"]),
    "right": ({1: "A", 2: "B", 3: "C", 4: "D", 5: "C"}, []),
    "right, small letters": ({1: "a", 2: " b ", 3: "c", 4: "d", 5: "c"}, []),
}
LEARNING_RATES = {
    "untouched": ({"A": ..., "B": ..., "C": ..., "D": ...}, ["not-attempted"]),
    "all wrong": ({"A": 10, "B": 0.0001, "C": 0.1, "D": 100}, ["A-wrong", "B-wrong", "C-wrong", "D-wrong"]),
    "no such rate": ({"A": 1, "B": 0.1, "C": 0.0001, "D": 10}, ["A-wrong"]),
    "not all": ({"A": 100, "B": 0.1}, ["incomplete"]),
    "right": ({"A": 100, "B": 0.1, "C": 1e-4, "D": 10.0}, []),
}
DATALOADER_QUIZ = {
    "untouched": ({...}, ["not-attempted"]),
    "empty": (set(), ["not-attempted"]),
    "B and D": ({"B", "D"}, ["B-wrong", "D-wrong"]),
    "one of two": ({"A"}, ["incomplete"]),
    "one right, one wrong": ({"A", "B"}, ["B-wrong"]),
    "all four": ({"A", "B", "C", "D"}, ["B-wrong", "D-wrong"]),
    "no such letter": ({"A", "X"}, ["not-a-choice"]),
    "a number": (3, ["not-a-choice"]),
    "right": ({"A", "C"}, []),
    "right, as a string": ("a, c", []),
    "right, as a list": (["C", "A"], []),
}
EPOCHS_QUIZ = {
    "untouched": ({...}, ["not-attempted"]),
    "A": ({"A"}, ["A-wrong"]),
    "C": ("C", ["C-wrong"]),
    "B and A": ({"A", "B"}, ["A-wrong"]),
    "right": ({"B"}, []),
    "right, as a letter": ("b", []),
}
COUNT = {
    "untouched": (..., ["not-attempted"]),
    "one epoch": (938, ["one-epoch"]),
    "last batch forgotten": (937 * 5, ["last-batch-forgotten"]),
    "both": (937, ["last-batch-forgotten"]),
    "samples": (300_000, ["counts-samples"]),
    "a fraction": (60_000 / 64 * 5, ["not-whole"]),
    "epochs run together": (4688, ["epochs-run-together"]),
    "no data size": (320, ["no-data-size"]),
    "something else": (1234, ["wrong-number"]),
    "a word": ("many", ["not-a-number"]),
    "right": (4690, []),
    "right, as a float": (4690.0, []),
}
TRAIN_OR_EVAL = {
    "untouched": ({1: ..., 2: ..., 3: ..., 4: ..., 5: ...}, ["not-attempted"]),
    "all wrong": (
        {1: "eval", 2: "train", 3: "eval", 4: "train", 5: "eval"},
        ["1-wrong", "2-wrong", "3-wrong", "4-wrong", "5-wrong"],
    ),
    "no such mode": ({1: "training", 2: "eval", 3: "train", 4: "eval", 5: "neither"}, ["1-wrong"]),
    "right": ({1: "train", 2: "eval", 3: "train", 4: "eval", 5: "neither"}, []),
    "right, as calls": ({1: "train()", 2: "Eval", 3: "train", 4: "eval()", 5: "neither"}, []),
}


def _results(seconds=(0.5, 1.2, 4.0), epochs=(3, 2, 2), conclusion="B"):
    rows = {
        size: {"seconds": s, "epochs": e} for size, s, e in zip((100, 20, 5), seconds, epochs, strict=True)
    }
    return {**rows, "conclusion": conclusion}


BATCH_SIZES = {
    "untouched": (_results((...,) * 3, (...,) * 3, ...), ["not-attempted"]),
    "one size missing": (_results((0.5, 1.2, ...), (3, 2, ...)), ["incomplete"]),
    "no conclusion": (_results(conclusion=...), ["incomplete"]),
    "negative seconds": (_results((0.5, -1, 4.0)), ["not-seconds"]),
    "epochs in words": (_results(epochs=(3, "two", 2)), ["not-epochs"]),
    "seconds the wrong way round": (_results((4.0, 1.2, 0.5)), ["seconds-do-not-grow"]),
    "the lesson's figures": (_results((5, 13, 38), (7, 5, None)), ["gradients-accumulate"]),
    "never reached": (_results(epochs=(None, None, None)), ["gradients-accumulate"]),
    "epochs grow": (_results(epochs=(2, 3, 4)), ["epochs-unlikely"]),
    "conclusion A": (_results(conclusion="A"), ["A-wrong"]),
    "conclusion C": (_results(conclusion="C"), ["C-wrong"]),
    "no such conclusion": (_results(conclusion="Z"), ["not-a-choice"]),
    "a list": ([1, 2, 3], ["not-a-dictionary"]),
    "right": (_results(), []),
    "right, on a fast machine": (_results((0.05, 0.2, 0.9), (3, 2, 1), "b"), []),
}
