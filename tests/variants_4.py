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
OF_PARAMETERS = """
class f(nn.Module):
    def __init__(self, input_size, hidden_size, out_size):
        super().__init__()
        self.a = nn.Parameter(torch.randn(hidden_size, input_size))
        self.b = nn.Parameter(torch.randn(hidden_size, hidden_size))
        self.c = nn.Parameter(torch.randn(out_size, hidden_size))

    def forward(self, x):
        x = x.view(x.size(0), -1)
        return F.linear(F.relu(F.linear(F.relu(F.linear(x, self.a)), self.b)), self.c)
"""
MLP = {
    "not-attempted": [
        "class f(nn.Module):\n    def __init__(self, input_size, hidden_size, out_size):\n        ...\n    def forward(self, x):\n        ..."
    ],
    "wrong-signature": [
        network("input_size, hidden_size, out_size):", "hidden_size, input_size, out_size):")
    ],
    "no-super": [
        network("        super().__init__()\n", ""),
        network("super().__init__()", "super().__init__"),
    ],
    "raises": [
        network("self.features(x)", "self.feature(x)"),
        network("input_size, hidden_size),", "hidden_size, input_size),"),
    ],
    "plain-list": [
        IN_A_LIST,
        network(
            "nn.Sequential(\n",
            "[\n",
            "nn.ReLU(),\n        )",
            "nn.ReLU(),\n        ]",
            "self.features(x)",
            "self.features[3](self.features[2](self.features[1](self.features[0](x))))",
        ),
    ],
    "no-flattening": [network(FLATTEN, ""), one_by_one("self.flatten(x)", "x")],
    "flattens-batch": [
        network("x.view(x.size(0), -1)", "x.view(-1)"),
        network("x.view(x.size(0), -1)", "x.view(1, -1)"),
    ],
    "sizes-fixed": [
        network("x.view(x.size(0), -1)", "x.view(-1, 28 * 28)", FIRST, "nn.Linear(28 * 28, hidden_size)"),
        network("x.view(x.size(0), -1)", "x.view(20, -1)"),
        network("x.view(x.size(0), -1)", "x.view(100, 784)"),
        network(
            FIRST,
            "nn.Linear(input_size, 128)",
            SECOND,
            "nn.Linear(128, 128)",
            "nn.Linear(hidden_size, out_size)",
            "nn.Linear(128, out_size)",
        ),
    ],
    "softmax-at-end": [
        network(RUN, f"torch.softmax({RUN}, dim=1)"),
        network(RUN, f"{RUN}.log_softmax(dim=1)"),
        one_by_one("return self.out(x)", "return nn.Softmax(dim=1)(self.out(x))"),
        network(RUN, f"torch.sigmoid({RUN})"),
    ],
    "relu-at-end": [network(RUN, f"torch.relu({RUN})")],
    "activation-missing": [
        network(RELU1, FIRST + ","),
        network(RELU2, SECOND + ","),
        one_by_one(
            "torch.relu(self.hidden1(x))", "self.hidden1(x)", "torch.relu(self.hidden2(x))", "self.hidden2(x)"
        ),
    ],
    "wrong-forward": [
        one_by_one("torch.relu(self.hidden1(x))", "torch.tanh(self.hidden1(x))"),
        one_by_one("        x = torch.relu(self.hidden2(x))\n", ""),
    ],
    "layers-in-forward": [
        one_by_one(
            "torch.relu(self.hidden1(x))",
            "torch.relu(self.hidden1(x))\n        self.hidden2 = nn.Linear(x.size(1), x.size(1))",
        )
    ],
    "wrong-output": [network("return " + RUN, RUN), network(RUN, RUN + ".argmax(dim=1)")],
    "no-network": [network("class f(nn.Module)", "class f")],
    "squeezes": [network(RUN, RUN + ".squeeze()"), network(FLATTEN, "        x = x.squeeze().flatten(1)\n")],
    "lazy-layers": [network(FIRST, "nn.LazyLinear(hidden_size)")],
    "other-in-training": [
        network(
            RELU1,
            FIRST + ",\n            nn.ReLU(inplace=True),",
            RELU2,
            RELU2 + "\n            nn.Dropout(0.2),",
        ),
        network(RELU1, RELU1 + "\n            nn.BatchNorm1d(hidden_size),"),
    ],
    "wrong-layers": [
        OF_PARAMETERS,
        network("            " + RELU2 + "\n", ""),
        one_by_one("self.out(x)", "nn.Linear(x.size(1), 3)(x)", OUT, "        self.out_size = out_size\n"),
        one_by_one(
            OUT,
            OUT + "        self.hidden3 = nn.Linear(hidden_size, hidden_size)\n",
            "return self.out(x)",
            "return self.out(torch.relu(self.hidden3(x)))",
        ),
    ],
    "": [
        NETWORK,
        ONE_BY_ONE,
        IN_A_LIST.replace(
            "[nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])]",
            "nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))",
        ),
        "def f(input_size, hidden_size, out_size):\n    return nn.Sequential(nn.Flatten(), nn.Linear(input_size, hidden_size), nn.ReLU(), nn.Linear(hidden_size, hidden_size), nn.ReLU(), nn.Linear(hidden_size, out_size))",
        network("x.view(x.size(0), -1)", "torch.flatten(x, start_dim=1)"),
        network(
            "nn.Sequential(\n",
            "nn.Sequential(\n            nn.Flatten(),\n",
            FLATTEN,
            "",
            OUT,
            OUT + "        self.all = [self.features, self.out]\n",
        ),
        network(RELU1, FIRST + ",\n            nn.ReLU(inplace=True),"),
    ],
}

DEEPER_SOURCE = """
def f(input_size, hidden_size, out_size):
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(input_size, hidden_size),
        nn.ReLU(),
        nn.Linear(hidden_size, hidden_size),
        nn.ReLU(),
        nn.Linear(hidden_size, hidden_size // 2),
        nn.ReLU(),
        nn.Linear(hidden_size // 2, out_size),
    )
"""
deeper = replacer(DEEPER_SOURCE)
THIRD, LAST = "nn.Linear(hidden_size, hidden_size // 2)", "nn.Linear(hidden_size // 2, out_size)"
DEEPER = {
    "not-attempted": ["def f(input_size, hidden_size, out_size):\n    ..."],
    "wrong-signature": ["def f(input_size, hidden_size):\n    return nn.Linear(input_size, hidden_size)"],
    "no-network": [
        deeper("return nn.Sequential(", "nn.Sequential("),
        deeper("nn.Sequential(\n", "[\n", LAST + ",\n    )", LAST + ",\n    ]"),
    ],
    "raises": [deeper(LAST, "nn.Linear(hidden_size, out_size)")],
    "no-flattening": [deeper("        nn.Flatten(),\n", "")],
    "flattens-batch": [deeper("nn.Flatten()", "nn.Flatten(0)")],
    "sizes-fixed": [deeper(THIRD, "nn.Linear(hidden_size, 64)", LAST, "nn.Linear(64, out_size)")],
    "wrong-layers": [
        deeper("        " + THIRD + ",\n        nn.ReLU(),\n", "", LAST, "nn.Linear(hidden_size, out_size)"),
        deeper(THIRD, "nn.Linear(hidden_size, hidden_size)", LAST, "nn.Linear(hidden_size, out_size)"),
        deeper(
            THIRD, "nn.Linear(hidden_size, hidden_size * 2)", LAST, "nn.Linear(hidden_size * 2, out_size)"
        ),
    ],
    "activation-missing": [deeper(THIRD + ",\n        nn.ReLU(),", THIRD + ",")],
    "softmax-at-end": [deeper(LAST + ",", LAST + ",\n        nn.Softmax(dim=1),")],
    "relu-at-end": [deeper(LAST + ",", LAST + ",\n        nn.ReLU(),")],
    "other-in-training": [deeper(THIRD, "nn.Dropout(0.5),\n        " + THIRD)],
    "": [
        DEEPER_SOURCE,
        NETWORK.replace("class f", "class MLP")
        + "\ndef f(i, h, o):\n    net = MLP(i, h, h // 2)\n    return nn.Sequential(net, nn.ReLU(), nn.Linear(h // 2, o))",
    ],
}

TRAIN_SOURCE = """
def f(loader, net, criterion, optimizer):
    net.train()
    losses = []
    for images, labels in loader:
        images, labels = images.to(args["device"]), labels.to(args["device"])
        optimizer.zero_grad()
        prediction = net(images)
        loss = criterion(prediction, labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    print(f"loss {np.mean(losses):.3f} ± {np.std(losses):.3f}")
    return losses
"""
train = replacer(TRAIN_SOURCE)
ZERO, BACK, STEP = (
    "        optimizer.zero_grad()\n",
    "        loss.backward()\n",
    "        optimizer.step()\n",
)
MOVE, KEEP = (
    '        images, labels = images.to(args["device"]), labels.to(args["device"])\n',
    "        losses.append(loss.item())\n",
)
REPORT, LOSSES = '    print(f"loss {np.mean(losses):.3f} ± {np.std(losses):.3f}")\n', "    losses = []\n"
TRAIN_LOSS = "criterion(prediction, labels)"
TRAIN_EPOCH = {
    "not-attempted": [
        "def f(loader, net, criterion, optimizer):\n    ...",
        "def f(loader, net, criterion, optimizer):\n    raise NotImplementedError",
    ],
    "wrong-signature": [train("loader, net,", "net, loader,")],
    "raises": [
        train("prediction, labels)", "pred, labels)"),
        train("losses.append(loss.item())", "losses.append(loss)"),
        train('images.to(args["device"])', "images.to('gpu')"),
    ],
    "train-mode-not-set": [
        train("    net.train()\n", ""),
        train("net.train()", "net.train"),
        train("net.train()", "net.training = True"),
    ],
    "not-on-device": [
        train(MOVE, ""),
        train(MOVE, '        images = images.to(args["device"])\n'),
        train(MOVE, "        images, labels = images.cuda(), labels.cuda()\n"),
        train(MOVE, "        images, labels = images.to('cuda'), labels.to('cuda')\n"),
    ],
    "missing-zero-grad": [train(ZERO, ""), train(ZERO, "", LOSSES, LOSSES + "    optimizer.zero_grad()\n")],
    "zero-grad-after-backward": [train(ZERO, "", BACK, BACK + ZERO)],
    "step-before-backward": [
        train(ZERO, "", BACK, "", STEP, STEP + ZERO + BACK),
        train(BACK, "", STEP, STEP + BACK),
    ],
    "weights-not-updated": [train(STEP, ""), train(BACK, ""), train("optimizer.step()", "optimizer.step")],
    "softmax-before-loss": [train(TRAIN_LOSS, "criterion(prediction.softmax(dim=1), labels)")],
    "ignores-criterion": [train(TRAIN_LOSS, "F.cross_entropy(prediction, labels)")],
    "ignores-net": [
        "net = nn.Linear(784, 4)\n"
        + train("net, criterion", "model, criterion", "net(images)", "net(images.flatten(1))")
    ],
    "ignores-optimizer": [
        "optimizer = torch.optim.SGD(net.parameters(), 0.1)\n"
        + train("criterion, optimizer)", "criterion, optim)")
    ],
    "ignores-loader": [
        train("in loader", "in train_loader"),
        train("np.mean(losses)", "sum(losses) / len(train_loader)"),
    ],
    "skips-batches": [
        train(
            REPORT, REPORT.replace("    print", "        print"), "    return losses", "        return losses"
        )
    ],
    "not-one-step-each": [train(STEP, "", KEEP, KEEP + "    optimizer.step()\n")],
    "not-a-list": [
        train("    return losses\n", ""),
        train("return losses", "return np.mean(losses)"),
        train("return losses", "return np.mean(losses), np.std(losses)"),
    ],
    "not-plain-numbers": [
        train("return losses", "return [str(loss) for loss in losses]"),
        train("return losses", "return [*enumerate(losses)]"),
    ],
    "other-count": [
        train(KEEP, "", REPORT, "    losses.append(loss.item())\n" + REPORT),
        train(KEEP, "        if not len(labels) % 4:\n    " + KEEP),
    ],
    "wrong-losses": [
        train(
            KEEP, "        losses.append(loss.item() / len(labels))\n", "np.mean(losses)", "np.mean(losses)"
        )
    ],
    "list-never-emptied": ["losses = []\n" + train(LOSSES, "")],
    "still-a-tensor": [
        train(
            "loss.item()",
            "loss",
            "np.mean(losses)",
            "np.mean([x.item() for x in losses])",
            "np.std(losses)",
            "0.0",
        )
    ],
    "no-report": [train(REPORT, ""), train("np.mean(losses)", "losses[0] * 9")],
    "no-std": [train(" ± {np.std(losses):.3f}", ""), train("np.std(losses)", "np.var(losses)")],
    "single-batch": [train("np.mean(losses)", "losses[-1]")],
    "": [
        TRAIN_SOURCE,
        train("np.std(losses)", "torch.tensor(losses).std()"),
        train("loss.item()", "loss.cpu().data"),
        train("net(images)", "net.forward(images)"),
        train("np.mean(losses):.3f", "np.mean(losses):.3e"),
        train(ZERO, "", BACK, "        net.zero_grad()\n" + BACK),
        train(
            MOVE,
            "        device = next(net.parameters()).device\n        images, labels = images.to(device), labels.to(device)\n",
        ),
        train("    return losses", "    return np.array(losses)"),
    ],
}

LIVE_SOURCE = """
def f(loader, model, loss_function, optimizer, every=100):
    model.train()
    reported = []
    for batch_idx, (data, target) in enumerate(loader):
        data, target = data.to(args["device"]), target.to(args["device"])
        optimizer.zero_grad()
        output = model(data)
        loss = loss_function(output, target)
        loss.backward()
        optimizer.step()
        if batch_idx % every == 0:
            print(f"Batch: {batch_idx}/{len(loader)} | Loss: {loss.item():.4f}")
            reported.append(loss.item())
    return reported
"""
live = replacer(LIVE_SOURCE)
LIVE = {
    "not-attempted": ["def f(loader, model, loss_function, optimizer, every=100):\n    ..."],
    "wrong-signature": [live(", every=100", "")],
    "train-mode-not-set": [live("    model.train()\n", "")],
    "missing-zero-grad": [live("        optimizer.zero_grad()\n", "")],
    "not-a-list": [live("    return reported\n", "")],
    "not-plain-numbers": [live("append(loss.item())", "append(f'{loss.item():.6f}')")],
    "still-a-tensor": [live("append(loss.item())", "append(loss)")],
    "keeps-all": [live("            reported", "        reported")],
    "counts-from-one": [live("enumerate(loader)", "enumerate(loader, 1)")],
    "every-not-used": [live("% every", "% 100"), live("% every", "% 3"), live("% every", "% 2")],
    "ignores-criterion": [live("loss_function(output", "criterion(output")],
    "other-count": [
        live(
            "        if",
            "    if",
            "            print",
            "        print",
            "            reported",
            "        reported",
        ),
    ],
    "wrong-losses": [live("append(loss.item())", "append(loss.item() / len(data))")],
    "list-never-emptied": ["reported = []\n" + live("    reported = []\n", "")],
    "not-printed": [live("            print(", "            str(")],
    "prints-too-many": [
        live(
            "            print(",
            "            pass\n        print(",
            "            reported",
            "        if batch_idx % every == 0: reported",
        )
    ],
    "": [
        LIVE_SOURCE,
        live(
            "        output = model(data)\n",
            "        data = data.view(data.size(0), -1)\n        output = model(data)\n",
        ),
        live("    return", "    print('done: 0.5')\n    return"),
    ],
}

ADAM_SOURCE = """
def f(weight, gradient, m, v, step, lr=1e-4, weight_decay=5e-4):
    gradient = gradient + weight_decay * weight
    m = 0.9 * m + 0.1 * gradient
    v = 0.999 * v + 0.001 * gradient**2
    m_corrected = m / (1 - 0.9**step)
    v_corrected = v / (1 - 0.999**step)
    weight = weight - lr * m_corrected / (v_corrected**0.5 + 1e-8)
    return weight, m, v
"""
adam = replacer(ADAM_SOURCE)
DECAY, V = "    gradient = gradient + weight_decay * weight\n", "    v = 0.999 * v + 0.001 * gradient**2\n"
MOVE_WEIGHT = "    weight = weight - lr * m_corrected / (v_corrected**0.5 + 1e-8)\n"
WITH_PYTORCH = """
def f(weight, gradient, m, v, step, lr=1e-4, weight_decay=5e-4):
    w = nn.Parameter(torch.tensor(weight, dtype=torch.float64))
    optimizer = torch.optim.Adam([w], lr=lr, weight_decay=weight_decay)
    state = {"step": torch.tensor(step - 1.0), "exp_avg": torch.tensor(m, dtype=torch.float64), "exp_avg_sq": torch.tensor(v, dtype=torch.float64)}
    optimizer.state[w] = state
    w.grad = torch.tensor(gradient, dtype=torch.float64)
    optimizer.step()
    return w.item(), state["exp_avg"].item(), state["exp_avg_sq"].item()
"""
ADAM_STEP = {
    "not-attempted": ["def f(weight, gradient, m, v, step, lr=1e-4, weight_decay=5e-4):\n    ..."],
    "wrong-signature": [adam(", lr=1e-4, weight_decay=5e-4", "")],
    "raises": [adam("return weight", "return weigth")],
    "not-three-numbers": [
        adam("return weight, m, v", "return weight"),
        adam("    return weight, m, v\n", ""),
        adam("return weight, m, v", "return weight, m"),
        adam("return weight, m, v", "return str(weight), str(m), str(v)"),
    ],
    "no-weight-decay": [adam(DECAY, "")],
    "decay-as-in-adamw": [
        adam(DECAY, "    weight = weight - lr * weight_decay * weight\n"),
        adam(
            DECAY,
            "",
            MOVE_WEIGHT,
            MOVE_WEIGHT.replace(
                "lr * m_corrected / (v_corrected**0.5 + 1e-8)",
                "lr * (m_corrected / (v_corrected**0.5 + 1e-8) + weight_decay * weight)",
            ),
        ),
    ],
    "no-correction": [adam("lr * m_corrected / (v_corrected**0.5", "lr * m / (v**0.5")],
    "returns-corrected": [adam("return weight, m, v", "return weight, m_corrected, v_corrected")],
    "step-not-used": [adam("0.9**step", "0.9", "0.999**step", "0.999")],
    "not-squared": [adam("gradient**2", "gradient")],
    "no-root": [adam("v_corrected**0.5", "v_corrected")],
    "no-eps": [adam(" + 1e-8)", ")")],
    "eps-outside": [
        adam("(v_corrected**0.5 + 1e-8)", "v_corrected**0.5 + 1e-8"),
        adam("m_corrected / (v_corrected**0.5 + 1e-8)", "(m_corrected / v_corrected**0.5 + 1e-8)"),
    ],
    "eps-in-root": [adam("(v_corrected**0.5 + 1e-8)", "(v_corrected + 1e-8) ** 0.5")],
    "old-averages": [
        adam(
            "    m = 0.9",
            "    old_m, old_v = m, v\n    m = 0.9",
            "= m / (1",
            "= old_m / (1",
            "= v / (1",
            "= old_v / (1",
        )
    ],
    "betas-swapped": [
        adam(
            "0.9 * m + 0.1",
            "0.999 * m + 0.001",
            "0.999 * v + 0.001",
            "0.9 * v + 0.1",
            "(1 - 0.9**step)",
            "(1 - 0.999**step)",
            "v / (1 - 0.999**step)",
            "v / (1 - 0.9**step)",
        )
    ],
    "adam-uphill": [adam("weight - lr", "weight + lr")],
    "weight-not-moved": [adam(MOVE_WEIGHT, "")],
    "returns-change": [adam("weight = weight - lr", "weight = -lr")],
    "wrong-averages": [adam("return weight, m, v", "return weight, v, m")],
    "wrong-average": [adam("0.1 * gradient", "0.01 * gradient"), adam("0.001 * gradient", "0.01 * gradient")],
    "wrong-weight": [
        adam("weight - lr", "weight - 2 * lr"),
        adam("lr * m_corrected", "1e-4 * m_corrected"),
        adam("0.9**step", "0.9 * step"),
    ],
    "": [
        ADAM_SOURCE,
        WITH_PYTORCH,
        adam("v_corrected**0.5", "np.sqrt(v_corrected)"),
        adam(
            "    gradient =",
            "    weight, gradient, m, v = map(torch.tensor, (weight, gradient, m, v))\n    gradient =",
            "return weight, m, v",
            "return weight.item(), m.item(), v.item()",
        ),
        adam("return weight, m, v", "return [weight, m, v]"),
    ],
}

EVALUATE_SOURCE = """
def f(loader, net, criterion):
    net.eval()
    total, right, count = 0.0, 0, 0
    with torch.no_grad():
        for images, labels in loader:
            images, labels = images.to(args["device"]), labels.to(args["device"])
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
TWICE = """
def f(loader, net, criterion):
    net.eval()
    with torch.no_grad():
        loader = [(X.to(args["device"]), y.to(args["device"])) for X, y in loader]
        count = sum(len(y) for X, y in loader)
        loss = sum(criterion(net(X), y).item() * len(y) for X, y in loader) / count
        right = sum((net(X).argmax(dim=1) == y).sum().item() for X, y in loader) / count
    return loss, right
"""
MEANS = """
def f(loader, net, criterion):
    net.eval()
    losses, rates = [], []
    with torch.no_grad():
        for images, labels in loader:
            images, labels = images.to(args["device"]), labels.to(args["device"])
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
    "eval-mode-not-set": [
        evaluate(EVAL, ""),
        evaluate("net.eval()", "net.eval"),
        evaluate("net.eval()", "net.training = False"),
    ],
    "leaves-training-mode": [evaluate("    " + RESULT, "    net.train()\n    " + RESULT)],
    "updates-in-test": [
        evaluate(
            NO_GRAD,
            "    optimizer = torch.optim.SGD(net.parameters(), 0.1)\n    if True:\n",
            "            total",
            LEARN + "            optimizer.step()\n            total",
        ),
        evaluate("            count", "            net[1].bias.add_(0.1)\n            count"),
    ],
    "ignores-optimizer": [
        "net = nn.Linear(784, 4)\noptimizer = torch.optim.SGD(net.parameters(), 0.1)\n"
        + evaluate(
            NO_GRAD,
            "    if True:\n",
            "            total",
            LEARN + "            optimizer.step()\n            total",
        )
    ],
    "gradients-from-test": [
        evaluate(NO_GRAD, "    if True:\n", "            total", LEARN + "            total")
    ],
    "ignores-net": [
        "net = nn.Linear(784, 4)\n"
        + evaluate(
            "loader, net,",
            "loader, model,",
            "net.eval()",
            "model.eval()",
            "net(images)",
            "net(images.flatten(1))",
        )
    ],
    "ignores-loader": [
        "test_loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.ones(4, 1, 28, 28), torch.arange(4)))\n"
        + evaluate("in loader", "in test_loader"),
        evaluate("total / count", "total / len(test_loader.dataset)"),
    ],
    "ignores-criterion": [
        evaluate(LOSS, "F.cross_entropy(logits, labels)"),
        "criterion = nn.CrossEntropyLoss()\n" + evaluate("net, criterion)", "net, loss_function)"),
    ],
    "softmax-before-loss": [evaluate(LOSS, "criterion(logits.softmax(dim=1), labels)")],
    "skips-batches": [evaluate("    " + RESULT, "            " + RESULT)],
    "mean-of-batch-means": [MEANS, means("np.mean(losses)", "sum(losses) / len(loader)")],
    "single-batch": [
        means("np.mean(losses)", "losses[-1]"),
        evaluate(
            "total += " + TOTAL,
            "total = criterion(logits, labels).item()",
            "total / count, right",
            "total, right",
        ),
    ],
    "sum-instead-of-mean": [evaluate("right / count", "right"), evaluate("total / count", "total")],
    "wrong-divisor": [
        evaluate("total / count", "total / len(loader)"),
        evaluate(" * len(labels)", ""),
        evaluate(" * len(labels)", " * loader.batch_size"),
        evaluate("right / count", "right / (len(loader) * loader.batch_size)"),
    ],
    "argmax-over-batch": [evaluate("argmax(dim=1)", "argmax(dim=0)")],
    "compares-all-pairs": [
        evaluate("argmax(dim=1)", "argmax(dim=1, keepdim=True)"),
        evaluate("== labels)", "== labels[:, None])"),
    ],
    "swapped": [evaluate(RESULT, "return right / count, total / count")],
    "in-percent": [evaluate("right / count", "100 * right / count")],
    "wrong-mean": [
        evaluate("logits.argmax(dim=1)", "logits.max(dim=1).values"),
    ],
    "not-two-numbers": [
        evaluate(RESULT, "print(total / count, right / count)"),
        evaluate("total / count, right / count", "total / count"),
        evaluate(RESULT, "return str(total / count), str(right / count)"),
    ],
    "still-a-tensor": [
        evaluate(RESULT, "return torch.tensor(total / count), torch.tensor(right / count)"),
        evaluate(TOTAL, "criterion(logits, labels) * len(labels)", NO_GRAD, "    if True:\n"),
    ],
    "not-on-device": [
        evaluate('            images, labels = images.to(args["device"]), labels.to(args["device"])\n', "")
    ],
    "leaves-gradients-off": [evaluate(NO_GRAD, "    torch.set_grad_enabled(False)\n    if True:\n")],
    "leaves-weights-frozen": [evaluate(NO_GRAD, "    net.requires_grad_(False)\n    if True:\n")],
    "loader-twice": [TWICE],
    "counts-the-wrong-ones": [evaluate("== labels", "!= labels")],
    "no-no-grad": [evaluate(NO_GRAD, "    if True:\n")],
    "": [
        EVALUATE_SOURCE,
        "def f(loader, net, criterion):\n    was_training = net.training\n    net.eval()\n    with torch.inference_mode():\n        Z, y = zip(*((net(X.to(args['device'])), y.to(args['device'])) for X, y in loader))\n        Z, y = torch.cat(Z), torch.cat(y)\n        result = criterion(Z, y).item(), (Z.argmax(1) == y).float().mean().item()\n    net.train(was_training)\n    return result",
        "@torch.no_grad()\n" + EVALUATE_SOURCE.strip(),
        evaluate("total / count, right / count", "total / len(loader.dataset), right / len(loader.dataset)"),
        evaluate(
            EVAL,
            EVAL + "    device = next(net.parameters()).device\n",
            '(args["device"]), labels.to(args["device"])',
            "(device), labels.to(device)",
        ),
        "from helpers import training\ndef f(loader, net, criterion):\n    result = training.test(loader, net, criterion)\n    return result.loss, result.accuracy",
        evaluate(
            NO_GRAD,
            "    net.requires_grad_(False)\n    if True:\n",
            "    " + RESULT,
            "    net.requires_grad_(True)\n    " + RESULT,
        ),
    ],
}
EPOCHS_QUIZ = {
    "not-attempted": [{...}, ""],
    "A-wrong": [{"A"}, {"A", "B"}],
    "C-wrong": ["C"],
    "": [{"B"}, "b"],
}
COUNT_ITERATIONS = {
    "not-attempted": [...],
    "one-epoch": [469],
    "last-batch-forgotten": [468 * 5],
    "one-epoch-and-last-batch-forgotten": [468],
    "counts-samples": [300_000],
    "not-whole": [60_000 / 128 * 5],
    "epochs-run-together": [2344],
    "wrong-number": [1234],
    "in-quotes": ["2345"],
    "": [2345, 2345.0, np.int64(2345), np.float32(2345)],
}
TRAIN_OR_EVAL = {
    "not-attempted": [{1: ..., 2: ..., 3: ..., 4: ..., 5: ...}],
    "1-wrong 2-wrong 3-wrong 4-wrong 5-wrong": [{1: "eval", 2: "train", 3: "eval", 4: "train", 5: "eval"}],
    "1-wrong": [{1: "training", 2: "eval", 3: "train", 4: "eval", 5: "neither"}],
    "": [
        {1: "train", 2: "eval", 3: "train", 4: "eval", 5: "neither"},
        ["train", "eval", "train", "eval", "neither"],
        {1: "train()", 2: "Eval", 3: "train", 4: "eval()", 5: "neither"},
    ],
}


def _results(seconds=(0.5, 1.2, 4.0), epochs=(3, 2, 2), fastest=100):
    rows = {
        size: {"seconds": s, "epochs": e} for size, s, e in zip((100, 20, 5), seconds, epochs, strict=True)
    }
    return {**rows, "fastest": fastest}


BATCH_SIZES = {
    "not-attempted": [_results((...,) * 3, (...,) * 3, ...)],
    "incomplete": [
        _results((0.5, 1.2, ...), (3, 2, ...)),
        _results(fastest=...),
        {100: {"seconds": 1, "epochs": 3}, "fastest": 100},
    ],
    "wrong-form": [{100: 0.5, 20: 1.2, 5: 4.0, "fastest": 100}, {100: (0.5, 3), 20: (1.2, 2), 5: (4.0, 2)}],
    "no-seconds": [_results(("fast", 1.2, 4.0)), _results((0, 1.2, 4.0))],
    "gradients-accumulate": [_results((5, 13, 38), (7, 5, None)), _results(epochs=(None, None, None))],
    "epochs-unlikely": [
        _results(epochs=(2, 3, 4)),
        _results(epochs=(3, 2.5, 3)),
        _results(epochs=(None, 2, 2)),
    ],
    "fastest-wrong": [_results(fastest=5), _results(fastest="20")],
    "not-a-choice": [_results(fastest="B"), _results(fastest=3)],
    "": [
        _results(),
        _results((0.05, 0.2, 0.9), (3, 2, 1)),
        _results(np.array([0.5, 1.2, 4.0]), np.array([3, 2, 2])),
        _results(epochs=(2, 2, 2)),
        _results((2.0, 1.5, 4.0), fastest=20),
        {str(key): value for key, value in _results(("0.5", "1,2 s", "4"), fastest="100").items()},
    ],
}

# Code, which defines f, and values.
CODE = {
    "mlp": MLP,
    "deeper": DEEPER,
    "train_epoch": TRAIN_EPOCH,
    "evaluate": EVALUATE,
    "adam_step": ADAM_STEP,
    "train_live": LIVE,
}
ANSWERS = {
    "count_iterations": COUNT_ITERATIONS,
    "epochs_quiz": EPOCHS_QUIZ,
    "train_or_eval": TRAIN_OR_EVAL,
    "batch_sizes": BATCH_SIZES,
}
