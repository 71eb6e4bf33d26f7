"""Answers to the exercises of notebook 5, right and wrong, by the codes that the check should give them."""

from variants_replacer import replacer

RIGHT = """
def forward(loader, net, epoch, mode):
    if mode == "train":
        net.train()
    else:
        net.eval()
    epoch_loss = []
    for inputs, targets in loader:
        inputs, targets = inputs.to(args["device"]), targets.to(args["device"])
        prediction = net(inputs)
        loss = criterion(prediction, targets)
        if mode == "train":
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        epoch_loss.append(loss.item())
    print("epoch %d, %s: loss %.4f" % (epoch, mode, np.mean(epoch_loss)))
"""
but = replacer(RIGHT)
ZERO = "            optimizer.zero_grad()\n"
BACK = "            loss.backward()\n"
STEP = "            optimizer.step()\n"
UPDATE = ZERO + BACK + STEP
IF_TRAIN = '        if mode == "train":\n            optimizer'
MODE = '    if mode == "train":\n        net.train()\n    else:\n        net.eval()\n'
EMPTY = "    epoch_loss = []\n"
LOOP = "    for inputs, targets in loader:\n"
LOSS = "criterion(prediction, targets)"
KEEP = "        epoch_loss.append(loss.item())\n"
MEAN = "np.mean(epoch_loss)"
REPORT = '    print("epoch %d, %s: loss %.4f" % (epoch, mode, np.mean(epoch_loss)))\n'
AFTER = '    if mode == "train":\n        optimizer.zero_grad()\n        loss.backward()\n        optimizer.step()\n'

FORWARD = {
    "not-attempted": [
        "def forward(loader, net, epoch, mode):\n    ...  # your code here",
        'def forward(loader, net, epoch, mode):\n    """One for both."""',
        "def forward(loader, net, epoch, mode):\n    raise NotImplementedError",
        # a helper of its own that is still to come
        "def learn(loss):\n    raise NotImplementedError('later')\n"
        + but(UPDATE, "            learn(loss)\n"),
    ],
    "wrong-signature": [but("loader, net, epoch, mode", "net, loader, epoch, mode")],
    "raises": [
        but(LOSS, "criterium(prediction, targets)"),
        but(MODE, MODE + '    if mode == "test":\n        undefined\n'),
        but(LOSS, "criterion(targets, prediction)"),  # PyTorch's NotImplementedError, not a stub's
    ],
    "loss-not-made": [but(LOSS, "nn.CrossEntropyLoss(prediction, targets)")],
    "softmax-before-loss": [
        but(LOSS, "criterion(prediction.softmax(dim=1), targets)"),
        but(LOSS, 'criterion(prediction if mode == "train" else torch.softmax(prediction, 1), targets)'),
    ],
    # Modes
    "train-mode-not-set": [
        but(MODE, '    if mode == "test":\n        net.eval()\n'),
        but(MODE, '    net.train(mode == "Train")\n'),
    ],
    "eval-mode-not-set": [
        but(MODE, '    if mode == "train":\n        net.train()\n'),
        but("        net.eval()", "        net.eval"),
    ],
    "train-mode-not-set eval-mode-not-set": [but(MODE, ""), but(MODE, "", REPORT, MODE + REPORT)],
    # Updates
    "weights-not-updated": [but(STEP, ""), but(BACK, ""), but(UPDATE, "            pass\n")],
    "zero-grad-after-backward": [
        but(UPDATE, BACK + ZERO + STEP),
        but(UPDATE, BACK + "            optimizer.zero_grad(set_to_none=False)\n" + STEP),
    ],
    "updates-in-test": [but(IF_TRAIN, "        if True:\n            optimizer")],
    "updates-in-test weights-not-updated": [
        but(IF_TRAIN, '        if mode == "test":\n            optimizer')
    ],
    "step-before-backward": [but(UPDATE, STEP + ZERO + BACK), but(UPDATE, ZERO + STEP + BACK)],
    "not-one-step-each": [but(UPDATE, "            pass\n", REPORT, AFTER + REPORT), but(STEP, STEP + STEP)],
    "ignores-optimizer": [
        but(MODE, MODE + "    optimizer = torch.optim.Adam(net.parameters(), lr=0.1)\n"),
        but(
            STEP,
            "            with torch.no_grad():\n                for p in net.parameters(): p -= 0.0005 * p.grad\n",
        ),
    ],
    "wrong-training": [but("loss.backward()", "(2 * loss).backward()")],
    "gradients-from-test": [
        but(BACK, '        loss.backward()\n        if mode == "train":\n'),
        but(
            UPDATE,
            "            pass\n",
            KEEP,
            KEEP + '        loss.backward()\n        if mode == "train":\n' + STEP + ZERO,
        ),
    ],
    # Data and network
    "ignores-loader": [
        but("net(inputs)", "net(2 * inputs - 1)"),
        but(LOOP, "    for inputs, targets in train_loader:\n"),
        but(LOOP, '    for inputs, targets in train_loader if mode == "train" else test_loader:\n'),
    ],
    "ignores-net": [but("loader, net, epoch, mode", "loader, model, epoch, mode")],
    "skips-batches": [
        but(KEEP + REPORT, KEEP + "        return np.mean(epoch_loss)\n"),
        but(KEEP, KEEP + '        if mode == "test":\n            break\n'),
        but(LOOP, "    for inputs, targets in list(loader)[:-1]:\n"),
        "def forward(loader, net, epoch, mode):\n    epoch_loss = []",  # begun
    ],
    # Report
    "no-report": [
        but(REPORT, ""),
        but(REPORT, '    if mode == "train":\n    ' + REPORT),
        but(REPORT, '    print("accuracy %.3f" % 0.125)\n'),
    ],
    "sum-instead-of-mean": [but(MEAN, "np.sum(epoch_loss)")],
    "single-batch": [
        but(MEAN, "loss.item()"),
        but(REPORT, "", KEEP, KEEP + '        print("loss %.4f" % loss.item())\n'),
    ],
    "wrong-divisor": [
        but(MEAN, "sum(epoch_loss) / len(loader.dataset)"),
        but(MEAN, "sum(epoch_loss) / len(train_loader)"),
        but(
            KEEP,
            KEEP.replace("loss.item()", "loss.item() * len(targets)"),
            MEAN,
            "sum(epoch_loss) / len(train_loader.dataset)",
        ),
    ],
    "list-never-emptied": ["all_losses = []\n" + but(EMPTY, "    epoch_loss = all_losses\n")],
    # Right with a warning
    "missing-zero-grad": [
        but(ZERO, "", "loss.item()", "loss.cpu().data"),
        but(ZERO, "", LOOP, "    optimizer.zero_grad()\n" + LOOP),
    ],
    # Right
    "": [
        RIGHT,
        # a loss of each sample, averaged by hand
        "criterion = nn.CrossEntropyLoss(reduction='none')\n"
        + but(BACK, "            loss.mean().backward()\n", "loss.item()", "loss.mean().item()"),
        "criterion = nn.CrossEntropyLoss(reduction='sum')\n" + but(LOSS, LOSS + " / len(targets)"),
        but("net(inputs)", "net.forward(inputs)"),
        # losses with their graphs, which costs memory only
        but("loss.item()", "loss", MEAN, "sum(epoch_loss).item() / len(epoch_loss)"),
        but(EMPTY, "    total = 0\n", KEEP, "        total += loss\n", MEAN, "total.item() / len(loader)"),
        but(ZERO, "", LOOP, LOOP + "        optimizer.zero_grad()\n"),
        but(UPDATE, BACK + STEP + ZERO),
        but(ZERO, "            for p in net.parameters():\n                p.grad = None\n"),
        but(
            LOOP,
            '    torch.set_grad_enabled(mode == "train")\n' + LOOP,
            REPORT,
            "    torch.set_grad_enabled(True)\n" + REPORT,
        ),
        but(KEEP, KEEP + '        print("batch loss", loss.item())\n'),
        # as a Brazilian writes the number
        but(REPORT, '    print(f"perda {np.mean(epoch_loss):.3f}".replace(".", ","))\n'),
        # other names for the arguments
        but("loader, net, epoch, mode", "dados, rede, epoca, modo")
        .replace("mode", "modo")
        .replace("net", "rede")
        .replace("loader", "dados")
        .replace("epoch,", "epoca,"),
        but(REPORT, '    print("%d: %.2f +- %.2f" % (epoch, np.mean(epoch_loss), np.std(epoch_loss)))\n'),
        # clipped gradients
        but(STEP, "            nn.utils.clip_grad_norm_(net.parameters(), 0.5)\n" + STEP),
        but(STEP, "            nn.utils.clip_grad_value_(net.parameters(), 0.01)\n" + STEP),
        # a second forward pass for the accuracy, after the step
        but(KEEP, KEEP + "        right = (net(inputs).argmax(1) == targets).float().mean()\n"),
        # a closure
        but(
            UPDATE,
            "            def closure():\n                optimizer.zero_grad()\n                loss = criterion(net(inputs), targets)\n"
            "                loss.backward()\n                return loss\n            optimizer.step(closure)\n",
        ),
        # a scheduler of the notebook
        "scheduler = torch.optim.lr_scheduler.StepLR(torch.optim.SGD([torch.zeros(1, requires_grad=True)], 0.1), 1)\n"
        + but(REPORT, REPORT + "    scheduler.step()\n"),
        # a module without parameters
        "flatten = nn.Flatten()\n" + but("net(inputs)", "net(flatten(inputs))"),
        # a loss of its own that is the same one
        but(LOSS, "nn.CrossEntropyLoss()(prediction, targets)"),
        # a method
        "class Trainer:\n"
        + RIGHT.replace("\n", "\n    ").replace("(loader", "(self, loader")
        + "\nforward = Trainer().forward",
        # the mean over the samples
        """
def forward(loader, net, epoch, mode):
    training = mode == "train"
    net.train(training)
    total = count = 0
    for x, y in loader:
        with torch.inference_mode(not training):
            loss = criterion(net(x), y)
        if training:
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        total, count = total + loss.item() * len(y), count + len(y)
    return total / count
""",
        # functions of the notebook
        """
def learn(loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

def run(loader, net, update):
    losses = []
    for x, y in loader:
        loss = criterion(net(x), y)
        if update:
            learn(loss)
        losses.append(float(loss))
    return sum(losses) / len(losses)

def forward(loader, net, epoch, mode):
    net.train(mode == "train")
    with torch.set_grad_enabled(mode == "train"):
        return {"epoch": epoch, "loss": run(loader, net, mode == "train")}
""",
    ],
}

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
        run(
            STEP,
            "                for w in net.parameters():\n                    w.data -= 0.0005 * w.grad\n",
        ),
    ],
    "ignores-net": [
        OTHER
        + run(
            "loader, net",
            "loader, model",
            MODE,
            "    model.train(is_training)\n",
            "net(inputs)",
            "net(inputs.flatten(1))",
        )
    ],
    "trains-without-optimizer": [
        run(WHEN, "            if True:\n", GRAD, "    if True:\n"),
        run(
            "optimizer=None",
            "optimizer=None, is_training=True",
            "    is_training = optimizer is not None\n",
            "",
        ),
        run("optimizer=None", 'optimizer=None, mode="train"', "optimizer is not None", 'mode == "train"'),
    ],
    "updates-in-test": [
        run(
            "    is_training = optimizer is not None\n",
            "    is_training = optimizer is not None\n    optimizer = optimizer or torch.optim.SGD(net.parameters(), 0.1)\n",
            WHEN,
            "            if True:\n",
            GRAD,
            "    if True:\n",
        )
    ],
    "train-mode-not-set weights-not-updated": ["TRAIN = False\n" + run("optimizer is not None", "TRAIN")],
    "train-mode-not-set": [run(MODE, "    if not is_training:\n        net.eval()\n")],
    "eval-mode-not-set": [run(MODE, "    if is_training:\n        net.train()\n")],
    "train-mode-not-set eval-mode-not-set": [run(MODE, "")],
    "gradients-in-test": [run(GRAD, "    if True:\n")],
    "gradients-from-test": [
        run(
            GRAD,
            "    if True:\n",
            WHEN + ZERO + BACKWARD + STEP,
            "            loss.backward()\n" + WHEN + STEP + ZERO,
        )
    ],
    "zero-grad-after-backward": [run(ZERO, "", STEP, ZERO + STEP)],
    "step-before-backward": [run(BACKWARD, "", STEP, STEP + BACKWARD)],
    "missing-zero-grad": [
        run(ZERO, ""),
        run(ZERO, "", "optimizer=None", "optimizer=None, scheduler=None"),
        "VERBOSE = True\n" + run(ZERO, ""),
    ],
    "ignores-loader": [run("hits / samples", "hits / len(test_loader.dataset)")],
    "wrong-divisor": [run("loss.item() * len(targets)", "loss.item() * loader.batch_size")],
    "swapped": [run(RETURN, "return hits / samples, total_loss / samples")],
    "not-one-step-each": [run(STEP, STEP + STEP)],
    "ignores-criterion": [run("criterion(predictions", "F.cross_entropy(predictions")],
    "skips-batches": [run("    " + RETURN, "            " + RETURN)],
    "mean-of-batch-means": [
        run("total_loss / samples", "total_loss / len(loader)", "loss.item() * len(targets)", "loss.item()")
    ],
    "not-two-numbers": [
        run(RETURN, "print(total_loss / samples)"),
        run(RETURN, "return f'{total_loss / samples}', f'{hits / samples}'"),
    ],
    "still-a-tensor": [
        run("loss.item() *", "loss *"),
        run("loss.item() *", "loss.detach() *"),
        run(RETURN, "return torch.tensor([total_loss / samples, hits / samples])"),
    ],
    "uses-notebook": [
        run("    device = next(net.parameters()).device\n", "    device = args['device']\n"),
        "device = 'cpu'\n" + run("    device = next(net.parameters()).device\n", ""),
    ],
    "not-on-device": [
        run("            inputs, targets = inputs.to(device), targets.to(device)\n", ""),
        run("inputs.to(device), targets.to(device)", "inputs.to(device), targets"),
    ],
    "leaves-gradients-off": [run(GRAD, "    torch.set_grad_enabled(is_training)\n    if True:\n")],
    "": [
        RUN_SOURCE,
        run(
            ZERO,
            "",
            "            predictions",
            "            if is_training:\n                optimizer.zero_grad()\n            predictions",
        ),
        run(ZERO, "", STEP, STEP + ZERO),
        "from helpers import training\ndef f(loader, net, criterion, optimizer=None):\n    epoch = training.train(loader, net, criterion, optimizer) if optimizer else training.test(loader, net, criterion)\n    return epoch.loss, epoch.accuracy",
        "def learn(loader, net, criterion, optimizer):\n    for X, y in loader:\n        X, y = X.to('cpu'), y.to('cpu')\n        z = net(X)\n        loss = criterion(z, y)\n        optimizer.zero_grad()\n        loss.backward()\n        optimizer.step()\n        yield loss.detach() * len(y), (z.argmax(1) == y).sum(), len(y)\n@torch.no_grad()\ndef look(loader, net, criterion):\n    return [(criterion(z := net(X.to('cpu')), y.to('cpu')) * len(y), (z.argmax(1) == y.to('cpu')).sum(), len(y)) for X, y in loader]\ndef f(loader, net, criterion, optimizer=None):\n    net.train(optimizer is not None)\n    rows = list(learn(loader, net, criterion, optimizer)) if optimizer else look(loader, net, criterion)\n    loss, hits, n = (sum(column) for column in zip(*rows))\n    return (loss / n).item(), (hits / n).item()",
        run(
            "loss.item() * len(targets)",
            "loss.detach() * len(targets)",
            RETURN,
            "return {'loss': (total_loss / samples).item(), 'accuracy': hits / samples}.values()",
        ),
        "losses, name = [], 'cpu load'\n"
        + run("            hits", "            losses.append((name, loss))\n            hits"),
        "optimizer = torch.optim.Adam(nn.Linear(2, 2).parameters())\nnet = nn.Linear(2, 2)\n" + RUN_SOURCE,
        run(
            "optimizer=None",
            "optimizer=None, device=None",
            "    device = next",
            "    device = device or next",
        ),
        run(STEP, "                nn.utils.clip_grad_norm_(net.parameters(), 0.1)\n" + STEP),
    ],
}

OPERATIONS = dict(enumerate(["train", "test", "both", "train", "both", "train", "train", "test", "both"], 1))
SORT_OPERATIONS = {
    "not-attempted": [dict.fromkeys(range(1, 10), ...), {}],
    **{
        f"{number}-wrong": [
            OPERATIONS | {number: "test" if right == "both" else "both"},
            OPERATIONS | {number: "always"},
        ]
        for number, right in OPERATIONS.items()
    },
    "1-wrong 2-wrong": [OPERATIONS | {1: "test", 2: "train"}],
    "incomplete": [OPERATIONS | {4: ...}],
    "no-such-question": [OPERATIONS | {10: "both"}],
    "": [OPERATIONS, [*OPERATIONS.values()], {str(number): of.upper() for number, of in OPERATIONS.items()}],
}

EPOCHS = """
def f(forward, train_loader, test_loader, net, num_epochs):
    for epoch in range(1, num_epochs + 1):
        forward(train_loader, net, epoch, "train")
        forward(test_loader, net, epoch, "test")
        print("-" * 40)
"""
epochs = replacer(EPOCHS)
OF_TRAIN, OF_TEST = 'forward(train_loader, net, epoch, "train")', 'forward(test_loader, net, epoch, "test")'
FROM_1 = "range(1, num_epochs + 1)"
RUN_EPOCHS = {
    "not-attempted": ["def f(forward, train_loader, test_loader, net, num_epochs):\n    ..."],
    "wrong-signature": ["def f(forward, net):\n    return net"],
    "raises": [epochs("range(1, num", "range(1, number")],
    "never-calls-forward": [epochs("    for epoch in", "    return forward\n    for epoch in")],
    "counts-from-zero": [epochs(FROM_1, "range(num_epochs)")],
    "one-epoch-missing": [epochs(FROM_1, "range(1, num_epochs)")],
    "num-epochs-not-used": [
        epochs(FROM_1, "range(1, 4)"),
        epochs(FROM_1, "range(1, 11)"),
        'args["num_epochs"] = 3\n' + epochs("num_epochs + 1", 'args["num_epochs"] + 1'),
    ],
    "tests-first": [epochs(OF_TRAIN, "pass", OF_TEST, f"{OF_TEST}\n        {OF_TRAIN}")],
    "loaders-swapped": [
        epochs(OF_TRAIN, OF_TRAIN.replace("train_l", "test_l"), OF_TEST, OF_TEST.replace("test_l", "train_l"))
    ],
    "always-trains": [epochs('"test"', '"train"')],
    "never-tests": [epochs(f"        {OF_TEST}\n", "")],
    "one-after-the-other": [
        epochs(f"        {OF_TEST}\n", "") + f"    for epoch in {FROM_1}:\n        {OF_TEST}\n"
    ],
    "wrong-calls": [
        epochs('"train"', '"training"'),
        epochs(OF_TRAIN, OF_TRAIN.replace("net", "None")),
        epochs('"train"', '"Train"'),
        epochs(OF_TEST, OF_TEST.replace("test_loader, net", "net, test_loader")),
        epochs(FROM_1, "range(1, num_epochs + 2)"),
        epochs(OF_TEST, f"if epoch < num_epochs: {OF_TEST}"),
    ],
    "": [EPOCHS, epochs(OF_TRAIN, 'forward(mode="train", loader=train_loader, epoch=epoch, net=net)')],
}

REPAIRED = """
from torch import optim
from helpers.training import seed_everything
def f(make_network, loader, num_epochs, lr):
    seed_everything(42)
    net = make_network()
    optimizer = optim.Adam(net.parameters(), lr=lr)
    for epoch in range(1, num_epochs + 1):
        losses = []
        for inputs, targets in loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(net(inputs), targets)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        print(f"epoch {epoch}: loss {np.mean(losses):.4f}")
    return net
"""
repaired = replacer(REPAIRED)
SEED, MAKE = "    seed_everything(42)\n", "    net = make_network()\n"
ADAM, ALL_EPOCHS = "    optimizer = optim.Adam(net.parameters(), lr=lr)\n", "range(1, num_epochs + 1)"
BUG_HUNT = {
    "not-attempted": ["def f(make_network, loader, num_epochs, lr):\n    ..."],
    "wrong-signature": ["f = 3"],
    "raises": [repaired(MAKE, "")],
    "not-a-network": [repaired("    return net\n", "")],
    "another-network": [repaired("    return net\n", "    return nn.Linear(6, 3)\n")],
    "still-stale": [repaired(SEED + MAKE + ADAM, MAKE + ADAM + SEED + MAKE), repaired(ADAM, ADAM + MAKE)],
    "other-starts": [repaired(SEED, ""), repaired(SEED + MAKE, MAKE + SEED)],
    "wrong-start": [repaired("seed_everything(42)", "seed_everything(0)"), repaired(MAKE, MAKE + MAKE)],
    "weights-not-updated": [
        repaired("            optimizer.step()\n", ""),
        repaired("optimizer.step()", "optimizer.step"),
        repaired("            loss.backward()\n", ""),
    ],
    "zero-grad-after-backward": [
        repaired("loss.backward()\n", "loss.backward()\n            optimizer.zero_grad()\n")
    ],
    "step-before-backward": [
        repaired(
            "            loss.backward()\n            optimizer.step()\n",
            "            optimizer.step()\n            loss.backward()\n",
        )
    ],
    "missing-zero-grad": [repaired("            optimizer.zero_grad()\n", "")],
    "rate-not-used": [repaired("lr=lr", "lr=1e-4"), repaired(", lr=lr", "")],
    "epochs-not-used": [repaired(ALL_EPOCHS, "range(1)"), repaired("    return net", "        return net")],
    "one-epoch-missing": [repaired(ALL_EPOCHS, "range(1, num_epochs)")],
    "wrong-training": [repaired("optim.Adam", "optim.SGD")],
    "": [
        REPAIRED,
        repaired(SEED + MAKE + ADAM, MAKE + SEED + MAKE + ADAM),
        repaired(SEED + MAKE + ADAM, MAKE + ADAM + SEED + MAKE + ADAM),
        repaired(
            "            optimizer.zero_grad()\n",
            "",
            "optimizer.step()\n",
            "optimizer.step()\n            net.zero_grad()\n",
        ),
        repaired(ALL_EPOCHS, "range(num_epochs)"),
    ],
}

TREES = """
from sklearn.ensemble import HistGradientBoostingRegressor
def f(known, table):
    columns = ["hr", "workingday", "weekday", "season", "temp", "hum", "weathersit"]
    model = HistGradientBoostingRegressor(max_iter=40, random_state=0)
    return model.fit(known[columns], known["bikers"]).predict(table[columns])
"""
trees = replacer(TREES)
MEANS = """
def f(known, table):
    means = known.groupby(["hr", "workingday"])["bikers"].mean().rename("mean")
    return table.join(means, on=["hr", "workingday"])["mean"]
"""
means = replacer(MEANS)
NET = """
from torch.utils.data import DataLoader, TensorDataset
def features_of(table):
    turns = 2 * np.pi * table["hr"].to_numpy() / 24
    others = table[["workingday", "temp", "hum"]].to_numpy()
    return torch.tensor(np.column_stack([np.sin(turns), np.cos(turns), others])).float()
def f(known, table):
    X, y = features_of(known), torch.tensor(known[["bikers"]].to_numpy()).float()
    net = nn.Sequential(nn.Linear(5, 32), nn.ReLU(), nn.Linear(32, 1))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for inputs, targets in DataLoader(TensorDataset(X, y), batch_size=64, shuffle=True):
        optimizer.zero_grad()
        nn.functional.l1_loss(net(inputs), targets).backward()
        optimizer.step()
    return net(features_of(table))
"""
WRONG_PROJECTS = {
    "not-attempted": ["def f(known, table):\n    ..."],
    "wrong-signature": ["def f(table):\n    return table", "f = 3"],
    "raises": [trees("known[columns]", "know[columns]")],
    "not-numbers": [means('    return table.join(means, on=["hr", "workingday"])["mean"]\n', "")],
    "wrong-length": [means('table.join(means, on=["hr", "workingday"])["mean"]', "means")],
    "not-finite": [means("means, on", "means[means > 300], on")],
    "leaking-columns": [
        trees('"hum", ', '"hum", "registered", '),
        "def f(known, table):\n    return table.casual + table.registered",
        "def f(known, table):\n    return table['bikers']",
    ],
    "knows-other-hours": [
        'BIKE_TABLE = pd.read_csv(BIKES)\ndef f(known, table):\n    return BIKE_TABLE.loc[table.index, "bikers"]',
        "BIKE_TABLE = pd.read_csv(BIKES)\n" + trees("    columns", "    known = BIKE_TABLE\n    columns"),
        TREES.replace("def f", "def train").replace(".predict(table[columns])", "")
        + "COLUMNS = ['hr', 'workingday', 'weekday', 'season', 'temp', 'hum', 'weathersit']\nMODEL = train(pd.read_csv(BIKES), None)\ndef f(known, table):\n    return MODEL.predict(table[COLUMNS])",
    ],
}
PROJECT = {
    **WRONG_PROJECTS,
    "not-below-the-means": [
        MEANS,
        NET,
        means("known.groupby", 'known[known["day"] > known["day"].max() - 28].groupby'),
    ],
    "": [
        TREES,
        trees(".predict(table[columns])", ".predict(table[columns]).tolist()"),
        trees("    columns", "    known = known[known.day > 60]\n    columns"),
        trees(
            'known["bikers"]).',
            'np.log1p(known["bikers"])).',
            "return model",
            "return np.exp(model",
            "predict(table[columns])",
            "predict(table[columns])) - 1",
        ),
    ],
}
ASKS = "from helpers import check\n" + MEANS + "check.project_test(f)\n"
MEANS_BY_G, TREES_BY_G = (of.replace("def f(", "def g(") for of in (MEANS, TREES))
ASKS_BY_G = ASKS.replace(MEANS, MEANS_BY_G + "f = lambda known, table: g(known, table)\n")
PROJECT_TEST = {
    **WRONG_PROJECTS,
    "asked-before": [ASKS + TREES, ASKS + "f = lambda known, table: 1 / 0", ASKS_BY_G + TREES_BY_G],
    "": [TREES, MEANS, NET, ASKS + MEANS, ASKS_BY_G + MEANS_BY_G],
}

# Code, which defines f, and values.
CODE = {
    "forward": FORWARD,
    "run_epochs": RUN_EPOCHS,
    "bug_hunt": BUG_HUNT,
    "run_epoch": RUN_EPOCH,
    "project": PROJECT,
    "project_test": PROJECT_TEST,
}
ANSWERS = {"sort_operations": SORT_OPERATIONS}
