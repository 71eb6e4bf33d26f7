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
    "raises": [
        sgd("w.grad", "w.gradient"),
        sgd(
            CLEAR + "    loss = criterion(net(X), y)\n" + BACK,
            "    loss = criterion(net(X), y)\n",
            "w.grad",
            "loss.grad",
        ),
    ],
    "zero-grad-after-backward": [
        sgd(BACK, BACK + "    net.zero_grad(set_to_none=False)\n"),
        sgd(CLEAR, "", BACK, BACK + "    net.zero_grad()\n"),
    ],
    "backward-missing": [sgd(BACK, "")],
    "uphill": [sgd("w -=", "w +="), sgd(BACK, "    (-loss).backward()\n")],
    "binds-new-tensor": [
        sgd(UPDATE, "            w = w - lr * w.grad\n"),
        sgd(UNDER + UPDATE, "    for w in net.parameters():\n        w = w - lr * w.grad\n"),
        sgd(UNDER + UPDATE, "    net[0].weight = nn.Parameter(net[0].weight - lr * net[0].weight.grad)\n"),
    ],
    "recorded-update": [sgd(UNDER + UPDATE, "    for w in net.parameters():\n        w -= lr * w.grad\n")],
    "nothing-recorded": [
        "def f(net, X, y, criterion, lr):\n    with torch.no_grad():\n        criterion(net(X), y).backward()\n        for w in net.parameters():\n            w -= lr * w.grad"
    ],
    "missing-zero-grad": [sgd(CLEAR, ""), sgd(CLEAR, "", UPDATE, UPDATE + CLEAR)],
    "step-before-backward": [
        "def f(net, X, y, criterion, lr):\n    for w in net.parameters():\n        w.data -= lr * w.grad\n    net.zero_grad()\n    criterion(net(X), y).backward()"
    ],
    "parameters-left-out": [
        sgd("net.parameters():\n", "net.parameters():\n         if w.dim() > 1:\n"),
        sgd("for w in net.parameters()", "for w in [net[0].weight, net[2].weight]"),
    ],
    "uses-optimizer": [
        sgd(UNDER + UPDATE, OPTIMIZER),
        "net = nn.Linear(3, 4)\noptimizer = torch.optim.SGD(net.parameters(), lr=0.1)\n"
        + sgd(UNDER + UPDATE, "    optimizer.step()\n"),
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
        "@torch.no_grad()\ndef step(net, lr):\n    for w in net.parameters():\n        w -= lr * w.grad\n"
        + sgd(UNDER + UPDATE, "    step(net, lr)\n    return loss\n"),
    ],
}

STANDARDISE = {
    "not-attempted": ["def f(table):\n    ..."],
    "mean-of-all": ["f = lambda t: (t - t.mean()) / t.std()"],
    "rows-for-columns": ["f = lambda t: ((t.T - t.mean(axis=1)) / t.std(axis=1)).T"],
    "only-centred": ["f = lambda t: t - t.mean(axis=0)"],
    "not-centred": ["f = lambda t: t / t.std(axis=0)"],
    "variance": ["f = lambda t: (t - t.mean(axis=0)) / t.var(axis=0)"],
    "brackets": ["f = lambda t: t - t.mean(axis=0) / t.std(axis=0)"],
    "by-one-less": [
        "f = lambda t: (t - t.mean(axis=0)) / t.std(axis=0, ddof=1)",
        "def f(t):\n    t = pd.DataFrame(t)\n    return (t - t.mean()) / t.std()",
    ],
    "wrong-numbers": ["f = lambda t: (t - t.min(axis=0)) / (t.max(axis=0) - t.min(axis=0))"],
    "not-an-array": ["f = lambda t: t.mean(axis=0)", "def f(t):\n    t = t - t.mean(axis=0)"],
    "changes-the-table": ["def f(t):\n    t -= t.mean(axis=0)\n    return t / t.std(axis=0)"],
    "raises": ["f = lambda t: (t - t.mean(axis=1)) / t.std(axis=1)"],
    "": [
        "f = lambda t: (t - t.mean(axis=0)) / t.std(axis=0)",
        "from sklearn.preprocessing import StandardScaler\nf = lambda t: StandardScaler().fit_transform(t)",
        "f = lambda t: np.column_stack([(c - c.mean()) / c.std() for c in t.T])",
    ],
}
NETWORK = """
def f(neurons):
    return nn.Sequential(nn.Linear(2, neurons), nn.ReLU(), nn.Linear(neurons, 3))
"""
network = replacer(NETWORK)
MAKE_NETWORK = {
    "not-attempted": ["def f(neurons):\n    ..."],
    "not-sequential": [
        network("return ", "net = "),
        "f = lambda neurons: [nn.Linear(2, neurons), nn.ReLU(), nn.Linear(neurons, 3)]",
    ],
    "no-relu": [network("nn.ReLU(), ", "")],
    "softmax-at-end": [network("3))", "3), nn.Softmax(dim=1))")],
    "wrong-parts": [
        network("nn.Linear(2, neurons)", "nn.Linear(2, 32)", "nn.Linear(neurons, 3)", "nn.Linear(32, 3)"),
        network("3))", "3), nn.ReLU())"),
        network("ReLU", "Tanh"),
        network("3)", "3, bias=False)"),
        network("nn.Linear(neurons, 3)", "nn.Linear(neurons, 2)"),
    ],
    "raises": [network("nn.ReLU()", "nn.Relu()"), network("nn.Linear(2, neurons)", "nn.Linear(2)")],
    "": [
        NETWORK,
        network("nn.ReLU()", "nn.ReLU(inplace=True)"),
        "def f(neurons):\n    net = nn.Sequential()\n    net.append(nn.Linear(2, neurons))\n    net.append(nn.ReLU())\n    net.append(nn.Linear(neurons, 3))\n    return net",
    ],
}
COUNT = """
def f(net):
    count = 0
    for w in net.parameters():
        count += w.numel()
    return count
"""
count = replacer(COUNT)
COUNT_PARAMETERS = {
    "not-attempted": ["def f(net):\n    ..."],
    "counts-tensors": ["f = lambda net: len(list(net.parameters()))", count("w.numel()", "1")],
    "biases-left-out": ["f = lambda net: net[0].weight.numel() + net[2].weight.numel()"],
    "counts-rows": [count("w.numel()", "len(w)")],
    "still-a-tensor": [count("w.numel()", "w.sum()")],
    "not-a-number": [count("    return count\n", ""), count("return count", "return str(count)")],
    "wrong-number": [
        count("    return", "        return"),
        "f = lambda net: 195",
        count("count += w", "count = w"),
    ],
    "": [
        COUNT,
        "f = lambda net: sum(w.numel() for w in net.parameters())",
        "f = lambda net: sum(np.prod(w.shape) for w in net.state_dict().values())",
    ],
}
WALK = """
def f(slope, place, lr, steps):
    places = [place]
    for _ in range(steps):
        place = place - lr * slope(place)
        places.append(place)
    return places
"""
walk = replacer(WALK)
WALKS = {
    "not-attempted": ["def f(slope, place, lr, steps):\n    ..."],
    "changes-places": [walk("place = place - lr", "place -= lr")],
    "first-missing": [walk("[place]", "[]")],
    "last-missing": [
        walk("range(steps)", "range(steps - 1)"),
        "def f(slope, place, lr, steps):\n    places = []\n    for _ in range(steps):\n        places.append(place)\n        place = place - lr * slope(place)\n    return places",
    ],
    "first-twice": [
        walk(
            "        place = place - lr * slope(place)\n        places.append(place)\n",
            "        places.append(place)\n        place = place - lr * slope(place)\n",
        )
    ],
    "changes-the-start": [
        walk(
            "[place]",
            "[place * 1]",
            "place = place - lr",
            "place -= lr",
            "append(place)",
            "append(place * 1)",
        )
    ],
    "uphill": [walk("place - lr", "place + lr")],
    "no-rate": [walk("lr * slope", "slope")],
    "slope-of-the-first": [
        walk(
            "    places = [place]\n",
            "    places, s = [place], slope(place)\n",
            "slope(place)\n        p",
            "s\n        p",
        )
    ],
    "wrong-count": [walk("range(steps)", "range(60)"), walk("    return", "        return")],
    "wrong-places": [walk("lr * slope(place)", "lr"), walk("slope(place)", "2 * place")],
    "not-a-list": [walk("return places", "return place"), walk("    return places\n", "")],
    "not-places": [
        walk("places.append(place)", "places.append('here')"),
        walk("append(place)", "append([place, lr])"),
    ],
    "raises": [walk("slope(place)", "slope[place]")],
    "": [
        WALK,
        "def f(slope, place, lr, steps):\n    places = [place]\n    while len(places) <= steps:\n        places.append(places[-1] - lr * slope(places[-1]))\n    return places",
        "def f(slope, place, lr, steps):\n    return [place] + (f(slope, place - lr * slope(place), lr, steps - 1) if steps else [])",
    ],
}
ZERO, BACK, STEP = (
    "        optimizer.zero_grad()\n",
    "        loss.backward()\n",
    "        optimizer.step()\n",
)
LOSS, NOTE = "criterion(net(X), y)", "losses.append(loss.item())"
FIT = f"""
def f(net, X, y, criterion, optimizer, iterations):
    losses = []
    for _ in range(iterations):
{ZERO}        loss = {LOSS}
{BACK}{STEP}        {NOTE}
    return losses
"""
fit = replacer(FIT)
BY_HAND = """
def f(net, X, y, criterion, optimizer, iterations):
    losses = []
    for _ in range(iterations):
        loss = criterion(net(X), y)
        gradients = torch.autograd.grad(loss, list(net.parameters()))
        with torch.no_grad():
            for p, g in zip(net.parameters(), gradients):
                p -= optimizer.param_groups[0]['lr'] * g
        losses.append(float(loss))
    return losses
"""
NET = "net = torch.nn.Linear(3, 4)\n"
FITS = {
    "not-attempted": ["def f(net, X, y, criterion, optimizer, iterations):\n    ..."],
    "wrong-signature": ["f = lambda X, y, net, criterion, optimizer, iterations: 0"],
    "raises": [fit("net(X)", "net(x)"), fit(LOSS, LOSS + ".item()")],
    "softmax-before-loss": [fit("net(X)", "net(X).softmax(dim=1)")],
    "ignores-net": [NET + fit("f(net,", "f(model,")],
    "ignores-data": [
        "X = torch.ones(8, 3)\n" + fit("net, X,", "net, inputs,"),
        fit("net(X)", "net(X[:4])", ", y)\n", ", y[:4])\n"),
    ],
    "ignores-optimizer": [
        BY_HAND,
        fit(ZERO, "        optimizer = torch.optim.SGD(net.parameters(), lr=0.5)\n" + ZERO),
        NET
        + "optimizer = torch.optim.SGD(net.parameters(), lr=0.5)\n"
        + fit("criterion, optimizer", "criterion, optimiser"),
    ],
    "ignores-criterion": [
        fit(LOSS, "F.cross_entropy(net(X), y)"),
        "criterion = nn.CrossEntropyLoss()\n" + fit("y, criterion", "y, loss_function"),
    ],
    "weights-not-updated": [
        fit(STEP, ""),
        fit(BACK, ""),
        fit("loss.backward()", "loss.backward"),
        fit("optimizer.step()", "optimizer.step"),
    ],
    "step-before-backward": [
        fit(BACK + STEP, STEP + BACK, ZERO, ""),
        fit(BACK + STEP, STEP + BACK),  # the next iteration clears them before its step
    ],
    "zero-grad-after-backward": [fit(STEP, "        net.zero_grad()\n" + STEP)],
    "missing-zero-grad": [
        fit(ZERO, ""),
        fit(ZERO, "", "    losses = []\n", "    losses = []\n    optimizer.zero_grad()\n"),
        fit("zero_grad()", "zero_grad"),
    ],
    "not-one-step-each": [
        fit(STEP, STEP + STEP),
        fit("range(iterations)", "range(200)"),
        fit("    return", "        return"),
    ],
    "wrong-training": [fit(LOSS, LOSS + " * 3")],
    "loss-after-step": [fit(NOTE, f"losses.append({LOSS}.item())")],
    "wrong-losses": [fit("loss.item()", "2 * loss.item()"), fit("return losses", "return losses[::-1]")],
    "wrong-count": [
        fit("return losses", "return losses[-1:]"),
        fit("    return", f"    losses.append({LOSS}.item())\n    return"),
    ],
    "list-never-emptied": [
        "losses = []\n" + fit("    losses = []\n", ""),
        fit("iterations):\n    losses = []\n", "iterations, losses=[]):\n"),
    ],
    "still-a-tensor": [fit("loss.item()", "loss"), fit("loss.item()", "loss.detach()")],
    "not-plain-numbers": [fit("loss.item()", "f'{loss.item():.4f}'")],
    "not-a-list": [
        fit("    return losses\n", ""),
        fit("return losses", "return loss.item()"),
        fit("return losses", "return sum(losses)"),
    ],
    "leaves-gradients-off": [fit("    return", "    torch.set_grad_enabled(False)\n    return")],
    "": [
        FIT,
        fit(ZERO, "", STEP, STEP + ZERO),
        fit("optimizer.zero_grad()", "net.zero_grad()"),
        fit("loss.item()", "float(loss)"),
        fit("loss.item()", "loss.detach().numpy().item()"),
        fit("net(X)", "net.forward(X)"),
        fit("    return losses", "    return np.array(losses)"),
        fit(
            ZERO + f"        loss = {LOSS}\n" + BACK + STEP,
            f"        def closure():\n    {ZERO}            loss = {LOSS}\n    {BACK}            return loss\n        loss = optimizer.step(closure)\n",
        ),
        "history = []\n" + fit(NOTE, NOTE + "\n        history.append(loss.item())"),
        "def step(net, X, y, criterion, optimizer):\n    optimizer.zero_grad()\n    loss = criterion(net(X), y)\n    loss.backward()\n    optimizer.step()\n    return loss.item()\ndef f(net, X, y, criterion, optimizer, iterations):\n    return [step(net, X, y, criterion, optimizer) for _ in range(iterations)]",
    ],
}
ACCURACY = """
def f(net, X, y):
    with torch.no_grad():
        predicted = net(X).argmax(dim=1)
    return (predicted == y).float().mean().item()
"""
accuracy = replacer(ACCURACY)
ACCURACIES = {
    "not-attempted": ["def f(net, X, y):\n    ..."],
    "ignores-net": ["net = nn.Linear(4, 3)\n" + accuracy("f(net,", "f(model,")],
    "still-a-tensor": [accuracy(".item()", "")],
    "a-count": [accuracy("float().mean()", "sum()")],
    "in-percent": [accuracy(".item()", ".item() * 100")],
    "counts-the-wrong-ones": [accuracy("==", "!=")],
    "not-a-number": [
        accuracy("return ", "share = "),
        accuracy(".item()", ".item()", "return (", "return f'{0}', ("),
        accuracy("return ", "return str(", ".item()", ".item())"),
    ],
    "wrong-number": [accuracy("argmax", "argmin"), "f = lambda net, X, y: 0.5"],
    "raises": [accuracy("dim=1", "dim=0"), accuracy(".float()", "")],
    "no-no-grad": [accuracy("    with torch.no_grad():\n        predicted", "    predicted")],
    "leaves-gradients-off": [
        accuracy("with torch.no_grad():\n        ", "torch.set_grad_enabled(False)\n    ")
    ],
    "": [
        ACCURACY,
        accuracy(".float().mean().item()", ".sum().item() / len(y)"),
        accuracy("net(X)", "net.forward(X)"),
        "def f(net, X, y):\n    with torch.no_grad():\n        return sum(int(row.argmax()) == int(t) for row, t in zip(net(X), y)) / len(y)",
        "@torch.no_grad()\ndef f(net, X, y):\n    return np.mean((net(X).argmax(1) == y).numpy())",
    ],
}
CLASSIFY = """
def f(net, scaler, alcohol, color):
    row = scaler.transform([[alcohol, color]])
    wine = torch.tensor(row, dtype=torch.float32).to(dev)
    with torch.no_grad():
        logits = net(wine)
    return logits.argmax(dim=1).item()
"""
classify = replacer("dev = torch.device('cpu')\n" + CLASSIFY)
CLASSES = {
    "not-attempted": ["def f(net, scaler, alcohol, color):\n    ..."],
    "not-scaled": [classify("scaler.transform([[alcohol, color]])", "[[alcohol, color]]")],
    "features-swapped": [classify("[[alcohol, color]]", "[[color, alcohol]]")],
    "scaled-by-itself": [classify("scaler.transform", "scaler.fit_transform")],
    "still-a-tensor": [classify(".item()", "")],
    "not-a-class": [
        classify("logits.argmax(dim=1).item()", "logits.softmax(1).max().item()"),
        classify("return ", "cultivar = "),
        classify("return logits.argmax(dim=1).item()", "return f'cultivar {logits.argmax()}'"),
    ],
    "wrong-classes": [
        classify("argmax", "argmin"),
        classify(".item()", ".item() + 1"),
        classify("scaler.transform([[alcohol, color]])", "([[alcohol, color]] - scaler.mean_) / scaler.var_"),
    ],
    "raises": [classify("[[alcohol, color]]", "[alcohol, color]"), classify(", dtype=torch.float32", "")],
    "": [
        classify(),
        classify(".to(dev)", ""),
        classify(
            "[[alcohol, color]]",
            "np.array([[alcohol, color]])",
            "logits.argmax(dim=1).item()",
            "int(logits.argmax())",
        ),
        classify(
            "dev = torch.device('cpu')", "dev = torch.device('meta')"
        ),  # as on a GPU, which the check does not need
    ],
}
STEPS = """
def f(losses, level):
    for step, loss in enumerate(losses):
        if loss < level:
            return step
    return None
"""
steps = replacer(STEPS)
STEPS_UNTIL = {
    "not-attempted": ["def f(losses, level):\n    ..."],
    "from-1": [steps("enumerate(losses)", "enumerate(losses, 1)")],
    "the-last": [
        "def f(losses, level):\n    found = None\n    for step, loss in enumerate(losses):\n        if loss < level:\n            found = step\n    return found"
    ],
    "or-equal": [steps("<", "<=")],
    "the-loss": [steps("return step", "return loss")],
    "none-expected": [steps("return None", "return -1"), steps("return None", "return len(losses)")],
    "wrong-position": [
        steps("<", ">"),
        steps("return None", "    return None"),
        "f = lambda losses, level: sum(loss > level for loss in losses)",
        "f = lambda losses, level: losses.index(min(losses))",
        "f = lambda losses, level: sum(loss < level for loss in losses)",
        steps("level:", "0.5:"),
    ],
    "changes-the-list": [
        "def f(losses, level):\n    step = 0\n    while losses:\n        if losses.pop(0) < level:\n            return step\n        step += 1"
    ],
    "raises": [
        steps("enumerate(losses)", "losses"),
        "f = lambda losses, level: [loss < level for loss in losses].index(True)",
    ],
    "": [
        STEPS,
        steps("    return None\n", ""),
        "f = lambda losses, level: next((i for i, loss in enumerate(losses) if loss < level), None)",
        "def f(losses, level):\n    for i in range(len(losses)):\n        if losses[i] < level:\n            return i",
    ],
}
RATES = """
from torch import optim
def f(rates, X_train, y_train, X_val, y_val):
    losses = []
    for lr in rates:
        net = new_network()
        optimizer = optim.SGD(net.parameters(), lr=lr)
        train(net, X_train, y_train, criterion, optimizer, 200)
        with torch.no_grad():
            loss = criterion(net(X_val), y_val)
        losses.append(loss.item())
    return losses
"""
rates = replacer(RATES)
NEW = "        net = new_network()\n"
TRY_RATES = {
    "not-attempted": ["def f(rates, X_train, y_train, X_val, y_val):\n    ..."],
    "one-network": [rates(NEW, "", "    losses = []\n", "    losses, net = [], new_network()\n")],
    "training-loss": [
        rates("net(X_val), y_val", "net(X_train), y_train"),
        rates("        train(", "        during = train(", "loss.item()", "during[-1]"),
    ],
    "not-trained": [
        rates("        train(net, X_train, y_train, criterion, optimizer, 200)\n", ""),
        "net = nn.Linear(2, 3)\n"
        + rates("net = new", "model = new", "train(net", "train(model", "criterion(net", "criterion(model"),
    ],
    "wrong-losses": [
        rates("lr=lr", "lr=0.1"),
        rates("200", "20"),
        rates("train(net, X_train, y_train", "train(net, X_val, y_val"),
    ],
    "wrong-count": [rates("    return", "        return")],
    "not-a-list": [rates("return losses", "return min(losses)"), rates("    return losses\n", "")],
    "still-a-tensor": [rates("loss.item()", "loss")],
    "not-plain-numbers": [rates("loss.item()", "f'{loss.item():.6f}'")],
    "softmax-before-loss": [rates("net(X_val)", "net(X_val).softmax(dim=1)")],
    "raises": [rates("train(net, ", "train("), rates("new_network()", "new_net()")],
    "": [
        RATES,
        rates(
            "        train(net, X_train, y_train, criterion, optimizer, 200)\n",
            "        for _ in range(200):\n            optimizer.zero_grad()\n            criterion(net(X_train), y_train).backward()\n            optimizer.step()\n",
        ),
        rates("losses.append(loss.item())", "losses.append(float(loss))"),
        "def trained(X, y, lr, neurons=32, seed=42):\n    net = new_network(neurons, seed)\n    return net, train(net, X, y, criterion, torch.optim.SGD(net.parameters(), lr), 200)\n"
        "def f(rates, X_train, y_train, X_val, y_val):\n    nets = [trained(X_train, y_train, lr)[0] for lr in rates]\n    return [criterion(net(X_val), y_val).item() for net in nets]",
        "import functools\n"
        + rates("def f(rates", "def g(losses, rates", "losses = []", "pass")
        + "f = functools.partial(g, [])",
        "def one(lr, X_train, y_train, X_val, y_val):\n    net = new_network()\n    train(net, X_train, y_train, criterion, torch.optim.SGD(net.parameters(), lr), 200)\n    return criterion(net(X_val), y_val).item()\n"
        "def f(rates, *parts):\n    return [one(lr, *parts) for lr in rates]",
    ],
}
LEARNING_RATES = {
    "not-attempted": [{"A": ..., "B": ..., "C": ..., "D": ...}],
    "A-wrong B-wrong C-wrong D-wrong": [{"A": 10, "B": 0.0001, "C": 0.1, "D": 100}],
    "A-wrong": [{"A": 1, "B": 0.1, "C": 0.0001, "D": 10}],
    "incomplete": [{"A": 100, "B": 0.1}],
    "no-such-question": [{100: "A", 0.1: "B", 0.0001: "C", 10: "D"}],
    "": [
        {"A": 100, "B": 0.1, "C": 1e-4, "D": 10.0},
        {"a": 100, "b": np.float64(0.1), "c": 1e-4, "d": 10},
        {"A": "100", "B": "0.1", "C": "0.0001", "D": "10"},
    ],
}

# Code, which defines f, and values.
CODE = {
    "standardise": STANDARDISE,
    "make_network": MAKE_NETWORK,
    "count_parameters": COUNT_PARAMETERS,
    "sgd_by_hand": SGD_BY_HAND,
    "walk": WALKS,
    "fit": FITS,
    "accuracy": ACCURACIES,
    "classify": CLASSES,
    "steps_until": STEPS_UNTIL,
    "try_rates": TRY_RATES,
}
ANSWERS = {"learning_rates": LEARNING_RATES}
