"""Answers to the exercises of notebook 2, right and wrong, by the codes that the check should give them."""

import numpy as np
from variants_replacer import replacer

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
    "uphill": [sgd("w -=", "w +="), sgd(BACK, "    (-loss).backward()\n")],
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
LEARNING_RATES = {
    "not-attempted": [{"A": ..., "B": ..., "C": ..., "D": ...}],
    "A-wrong B-wrong C-wrong D-wrong": [{"A": 10, "B": 0.0001, "C": 0.1, "D": 100}],
    "A-wrong": [{"A": 1, "B": 0.1, "C": 0.0001, "D": 10}],
    "incomplete": [{"A": 100, "B": 0.1}],
    "no-such-question": [{100: "A", 0.1: "B", 0.0001: "C", 10: "D"}],
    "": [{"A": 100, "B": 0.1, "C": 1e-4, "D": 10.0}, {"a": 100, "b": np.float64(0.1), "c": 1e-4, "d": 10}],
}

# Code, which defines f, and values.
CODE = {"sgd_by_hand": SGD_BY_HAND, "training_step": TRAINING_STEP}
ANSWERS = {"learning_rates": LEARNING_RATES}
