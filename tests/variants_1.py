"""Answers to the exercises of notebook 1, right and wrong, by the codes that the check should give them."""

from variants_replacer import replacer

MSE = {
    "not-attempted": [
        "def f(prediction, target):\n    ...",
        "def f(prediction, target):\n    raise NotImplementedError",
    ],
    "uses-numpy": ["f = lambda p, t: np.mean((p - t) ** 2)", "f = lambda p, t: np.square(p - t).mean()"],
    "sum-instead-of-mean": ["f = lambda p, t: ((p - t) ** 2).sum()"],
    "no-square": ["f = lambda p, t: (p - t).abs().mean()"],
    "signs-cancel": ["f = lambda p, t: (p - t).mean()"],
    "square-of-the-mean": ["f = lambda p, t: (p - t).mean() ** 2"],
    "root": ["f = lambda p, t: ((p - t) ** 2).mean() ** 0.5"],
    "half": ["f = lambda p, t: 0.5 * ((p - t) ** 2).mean()"],
    "not-scalar": ["f = lambda p, t: (p - t) ** 2"],
    "wrong-value": ["f = lambda p, t: ((p - t) ** 4).mean()"],
    "depends-on-the-size": ["f = lambda p, t: ((p - t) ** 2).sum() / 5"],
    "changed-in-place": ["def f(p, t):\n    error = p - t\n    error *= error\n    return error.mean()"],
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
        "f = lambda p, t: ((p.double() - t.double()) ** 2).mean()",
        "def f(p, t):\n    return sum((a - b) ** 2 for a, b in zip(p.flatten(), t.flatten())) / p.numel()",
    ],
}
L1 = {
    "sum-instead-of-mean": ["f = lambda p, t: (p - t).abs().sum()"],
    "square-instead-of-size": ["f = lambda p, t: ((p - t) ** 2).mean()"],
    "signs-cancel": ["f = lambda p, t: (t - p).mean()", "f = lambda p, t: (p - t).mean().abs()"],
    "median-instead-of-mean": ["f = lambda p, t: (p - t).abs().median()"],
    "no-gradient": ["f = lambda p, t: np.abs(p.detach().numpy() - t.numpy()).mean()"],
    "": ["f = lambda p, t: (p - t).abs().mean()", "f = lambda p, t: torch.maximum(p - t, t - p).mean()"],
}
BCE = {
    "sum-instead-of-mean": ["f = lambda z, t: F.binary_cross_entropy_with_logits(z, t, reduction='sum')"],
    "wrong-sign": ["f = lambda z, t: (t * F.logsigmoid(z) + (1 - t) * F.logsigmoid(-z)).mean()"],
    "half-the-formula": ["f = lambda z, t: -(t * F.logsigmoid(z)).mean()"],
    "minus-for-one-part": ["f = lambda z, t: (-t * F.logsigmoid(z) + (1 - t) * F.logsigmoid(-z)).mean()"],
    "sigmoid-twice": ["f = lambda z, t: F.binary_cross_entropy_with_logits(z.sigmoid(), t)"],
    "classes-swapped": ["f = lambda z, t: F.binary_cross_entropy_with_logits(z, 1 - t)"],
    "no-sigmoid": ["f = lambda z, t: -(t * z.log() + (1 - t) * (1 - z).log()).mean()"],
    "no-logarithm": ["f = lambda z, t: -(t * z.sigmoid() + (1 - t) * (1 - z.sigmoid())).mean()"],
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
}
CE = {
    "sum-instead-of-mean": ["f = lambda z, t: F.cross_entropy(z, t, reduction='sum')"],
    "wrong-sign": ["f = lambda z, t: F.log_softmax(z, 1)[torch.arange(len(t)), t].mean()"],
    "wrong-axis": ["f = lambda z, t: F.nll_loss(F.log_softmax(z, 0), t)"],
    "softmax-twice": ["f = lambda z, t: F.cross_entropy(F.softmax(z, 1), t)"],
    "mean-over-classes": ["f = lambda z, t: -(F.one_hot(t, z.shape[1]) * F.log_softmax(z, 1)).mean()"],
    "no-logarithm": ["f = lambda z, t: -F.softmax(z, 1)[torch.arange(len(t)), t].mean()"],
    "no-softmax": ["f = lambda z, t: -z[torch.arange(len(t)), t].mean()"],
    "columns-of-all-rows": ["f = lambda z, t: -F.log_softmax(z, 1)[:, t].mean()"],
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
}
HUBER = """
def f(prediction, target, delta):
    size = (prediction - target).abs()
    return torch.where(size <= delta, size**2 / 2, delta * (size - delta / 2)).mean()
"""
huber = replacer(HUBER)
HUBER_LOSS = {
    "not-attempted": ["def f(prediction, target, delta):\n    ..."],
    "wrong-signature": ["f = lambda p, t: F.huber_loss(p, t)"],
    "sum-instead-of-mean": [huber(".mean()", ".sum()")],
    "no-half": [huber("size**2 / 2", "size**2")],
    "line-not-joined": [
        huber("delta * (size - delta / 2)", "delta * size"),
        huber("delta * (size - delta / 2)", "size"),
    ],
    "parts-swapped": [huber("<=", ">")],
    "asks-all-at-once": [
        "def f(p, t, delta):\n    e = (p - t).abs()\n    return (e**2 / 2 if e <= delta else delta * (e - delta / 2)).mean()"
    ],
    "loss-not-made": ["f = lambda p, t, delta: nn.HuberLoss(p, t)"],
    "delta-ignored": ["f = lambda p, t, delta: F.huber_loss(p, t)"],
    "size-forgotten": [huber(".abs()", "")],
    "wrong-value": [
        huber("delta * (size - delta / 2)", "delta * (size - delta)"),
        "f = lambda p, t, delta: F.mse_loss(p, t)",
    ],
    "not-scalar": [huber(".mean()", "")],
    "": [
        HUBER,
        huber("size <=", "size <"),
        "f = lambda p, t, delta: F.huber_loss(p, t, delta=delta)",
        "def f(p, t, delta):\n    e = (p - t).abs()\n    small = e.clamp(max=delta)\n    return (small**2 / 2 + delta * (e - small)).mean()",
    ],
}
STRICT = """
def f(prediction, target):
    if prediction.shape != target.shape:
        raise ValueError(f"{prediction.shape} against {target.shape}")
    return F.mse_loss(prediction, target)
"""
strict = replacer(STRICT)
STRICT_MSE = {
    "not-attempted": ["def f(prediction, target):\n    ..."],
    "no-error": [
        "f = F.mse_loss",
        strict("prediction.shape != target.shape", "len(prediction) != len(target)"),
        strict("prediction.shape != target.shape", "prediction.dim() != target.dim()"),
        strict("raise ValueError(", "print("),
        "f = lambda p, t: F.mse_loss(p, t.reshape(p.shape))",
        strict("prediction.shape != target.shape", "prediction.shape[::2] != target.shape[::2]"),
    ],
    "not-raised": [
        strict("raise", "return"),
        strict(
            "    return F.mse_loss", "    else:\n        return F.mse_loss", "raise ValueError(", "print("
        ),
    ],
    "raises": [strict('f"{prediction.shape} against {target.shape}"', "'shapes ' + prediction.shape")],
    "refuses-equal-shapes": [strict("!=", "==")],
    "other-error": [
        strict("ValueError", "TypeError"),
        strict("ValueError", "NotImplementedError"),
        "def f(p, t):\n    assert p.shape == t.shape\n    return F.mse_loss(p, t)",
    ],
    "no-square": [strict("F.mse_loss", "F.l1_loss")],
    "no-shapes": [
        "def f(p, t):\n    if p.shape == t.shape:\n        return ((p - t) ** 2).mean()\n    raise ValueError('shapes')",
    ],
    "": [
        STRICT,
        strict("prediction.shape != target.shape", "list(prediction.size()) != list(target.size())"),
    ],
}
BY_HAND = """
def f(logits, target):
    p = torch.sigmoid(logits)
    return -(target * p.log() + (1 - target) * (1 - p).log()).mean()
"""
by_hand = replacer(BY_HAND)
BCE_BY_HAND = {
    "not-attempted": ["def f(logits, target):\n    ..."],
    "wrong-sign": [by_hand("-(", "(")],
    "half-the-formula": [by_hand(" + (1 - target) * (1 - p).log()", "")],
    "no-sigmoid": [by_hand("torch.sigmoid(logits)", "logits"), by_hand("torch.sigmoid", "F.logsigmoid")],
    "no-logarithm": [by_hand("p.log()", "p", "(1 - p).log()", "(1 - p)")],
    "sum-instead-of-mean": [by_hand(".mean()", ".sum()")],
    "not-scalar": [by_hand(".mean()", "")],
    "uses-numpy": [by_hand("p.log() +", "np.log(p) +")],
    "raises": [
        by_hand("torch.sigmoid(logits)", "sigmoid(logits)"),
        by_hand("torch.sigmoid(logits)", "math.sigmoid(logits)"),
    ],
    "": [
        BY_HAND,
        "f = lambda z, t: F.binary_cross_entropy(z.sigmoid(), t)",
        "f = torch.nn.BCEWithLogitsLoss()",
        "f = lambda z, t: -torch.where(t == 1, torch.sigmoid(z), 1 - torch.sigmoid(z)).log().mean()",
    ],
}
SOFTMAX = {
    "not-attempted": ["def f(logits):\n    ..."],
    "wrong-axis": ["f = lambda z: z.exp() / z.exp().sum(dim=0)", "f = lambda z: torch.softmax(z, 0)"],
    "no-keepdim": ["f = lambda z: z.exp() / z.exp().sum(dim=1)"],
    "divided-by-all": ["f = lambda z: z.exp() / z.exp().sum()"],
    "not-divided": ["f = lambda z: z.exp()"],
    "no-powers": ["f = lambda z: z / z.sum(dim=1, keepdim=True)"],
    "logarithm-too": ["f = lambda z: F.log_softmax(z, 1)"],
    "uses-numpy": ["f = lambda z: np.exp(z) / np.exp(z).sum(1, keepdims=True)"],
    "wrong-shape": ["f = lambda z: z.softmax(1).flatten()"],
    "wrong-value": ["f = lambda z: z.sigmoid()"],
    "depends-on-the-size": ["f = lambda z: z.exp() / z.exp().sum(1).view(-1, 1) * 3 / z.shape[1]"],
    "no-gradient": ["f = lambda z: z.softmax(1).detach()"],
    "not-a-tensor": ["def f(z):\n    p = z.softmax(1)", "f = lambda z: z.softmax(1).tolist()"],
    "": [
        "f = lambda z: z.exp() / z.exp().sum(dim=1, keepdim=True)",
        "f = lambda z: z.softmax(1)",
        "f = lambda z: (z.exp().T / z.exp().sum(1)).T",
        "def f(z):\n    z = z - z.max(dim=1, keepdim=True).values\n    return z.exp() / z.exp().sum(1).unsqueeze(1)",
        "f = nn.Softmax(dim=1)",
    ],
}
FIRST = """
def f(net, table):
    X = torch.tensor(table[["alcohol", "color"]].to_numpy(), dtype=torch.float32)
    y = torch.tensor(table["cultivar"].to_numpy(), dtype=torch.int64)
    y = y - 1
    logits = net(X)
    return nn.CrossEntropyLoss()(logits, y)
"""
first = replacer(FIRST)
DOUBLE, MINUS = ", dtype=torch.float32)", "    y = y - 1\n"
STUB = first(DOUBLE, ")", '["cultivar"]', '[["cultivar"]]', "int64", "float32", MINUS, "")
FIRST_LOSS = {
    "not-attempted": [STUB, "def f(net, table):\n    ...", first(DOUBLE, ")")],
    "raises": [
        first('["cultivar"]', '[["cultivar"]]', "int64", "float32", MINUS, ""),
        first("int64", "float32"),
        first(MINUS, ""),
        first("nn.CrossEntropyLoss()(logits, y)", "nn.CrossEntropyLoss()(logits)"),
    ],
    "network-changed": [first(DOUBLE, ")", "net(X)", "net.double()(X)")],
    "other-classes": [first("y - 1", "y % 3"), first("y - 1", "y.clamp(max=2)")],
    "wrong-loss": [first("(logits, y)", "(logits.softmax(1), y)")],
    "no-gradient": [first("(logits, y)", "(logits, y).detach()")],
    "not-a-tensor": [first("return ", "loss = "), first("(logits, y)", "(logits, y).item()")],
    "not-scalar": [first("nn.CrossEntropyLoss()", "nn.CrossEntropyLoss(reduction='none')")],
    "loss-not-made": [first("nn.CrossEntropyLoss()(logits, y)", "nn.CrossEntropyLoss(logits, y)")],
    "": [
        FIRST,
        "def f(net, table):\n    X = torch.tensor(table[['alcohol', 'color']].to_numpy()).float()\n    y = torch.tensor(table[['cultivar']].to_numpy()).squeeze(1).long() - 1\n    return F.cross_entropy(net(X), y)",
        "def f(net, table):\n    y = torch.tensor(table.pop('cultivar').to_numpy()) - 1\n    return F.cross_entropy(net(torch.FloatTensor(table.to_numpy())), y)",
    ],
}
WHICH_LOSS = {
    "not-attempted": [{1: ..., 2: ..., 3: ..., 4: ..., 5: ...}, {}],
    "incomplete": [{1: "A", 2: "B", 3: "C", 4: "D", 5: ...}, {"1": "A"}],
    "1-wrong 2-wrong 3-wrong 4-wrong 5-wrong": [
        {1: "B", 2: "A", 3: "D", 4: "C", 5: "D"},
        {1: "C", 2: "C", 3: "A", 4: "A", 5: "A"},
    ],
    "not-a-dictionary": ["ABCDC", 3],
    "3-wrong": [{1: "A", 2: "B", 3: "B", 4: "D", 5: "C"}],
    "1-wrong": [{1: "E", 2: "B", 3: "C", 4: "D", 5: "C"}],
    "": [
        {1: "A", 2: "B", 3: "C", 4: "D", 5: "C"},
        {1: "a", 2: " b ", 3: "c", 4: "d", 5: "c"},
        {"1": "A", "2": "B", "3": "C", "4": "D", "5": "C"},
        ["A", "B", "C", "D", "C"],
    ],
}

# Code, which defines f, and values.
CODE = {
    "mse_loss": MSE,
    "l1_loss": L1,
    "huber_loss": HUBER_LOSS,
    "strict_mse": STRICT_MSE,
    "bce_by_hand": BCE_BY_HAND,
    "bce_with_logits": BCE,
    "softmax": SOFTMAX,
    "cross_entropy": CE,
    "first_loss": FIRST_LOSS,
}
ANSWERS = {"which_loss": WHICH_LOSS}
