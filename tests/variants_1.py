"""Answers to the exercises of notebook 1, right and wrong, by the codes that the check should give them."""

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
    "median-instead-of-mean": ["f = lambda p, t: (p - t).abs().median()"],
    "no-gradient": ["f = lambda p, t: np.abs(p.detach().numpy() - t.numpy()).mean()"],
    "": ["f = lambda p, t: (p - t).abs().mean()", "f = lambda p, t: torch.maximum(p - t, t - p).mean()"],
}  # fmt: skip
BCE = {
    "sum-instead-of-mean": ["f = lambda z, t: F.binary_cross_entropy_with_logits(z, t, reduction='sum')"],
    "wrong-sign": ["f = lambda z, t: (t * F.logsigmoid(z) + (1 - t) * F.logsigmoid(-z)).mean()"],
    "half-the-formula": ["f = lambda z, t: -(t * F.logsigmoid(z)).mean()"],
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
}  # fmt: skip
CE = {
    "sum-instead-of-mean": ["f = lambda z, t: F.cross_entropy(z, t, reduction='sum')"],
    "wrong-sign": ["f = lambda z, t: F.log_softmax(z, 1)[torch.arange(len(t)), t].mean()"],
    "wrong-axis": ["f = lambda z, t: F.nll_loss(F.log_softmax(z, 0), t)"],
    "softmax-twice": ["f = lambda z, t: F.cross_entropy(F.softmax(z, 1), t)"],
    "mean-over-classes": ["f = lambda z, t: -(F.one_hot(t, z.shape[1]) * F.log_softmax(z, 1)).mean()"],
    "no-logarithm": ["f = lambda z, t: -F.softmax(z, 1)[torch.arange(len(t)), t].mean()"],
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

# Code, which defines f, and values.
CODE = {"mse_loss": MSE, "l1_loss": L1, "bce_with_logits": BCE, "cross_entropy": CE}
ANSWERS = {"which_loss": WHICH_LOSS}
