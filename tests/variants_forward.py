"""Answers to the exercise of notebook 5, right and wrong, each with the codes that the check should give.

Most are one right answer with a piece replaced, as a student's slip would replace it.
"""

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

STEP = """            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
"""
MODE = """    if mode == "train":
        net.train()
    else:
        net.eval()
"""
REPORT = '    print("epoch %d, %s: loss %.4f" % (epoch, mode, np.mean(epoch_loss)))\n'
LOOP = "    for inputs, targets in loader:\n"
KEEP = "        epoch_loss.append(loss.item())\n"


def but(*pairs: tuple[str, str]) -> str:
    """Return the right answer with some pieces replaced."""
    source = RIGHT
    for old, new in pairs:
        assert source.count(old) == 1, old
        source = source.replace(old, new)
    return source


WRONG_FORWARD = {
    # Waiting
    "untouched": ("def forward(loader, net, epoch, mode):\n    ...  # your code here", ["not-attempted"]),
    "docstring only": ('def forward(loader, net, epoch, mode):\n    """One for both."""', ["not-attempted"]),
    "pass": ("def forward(loader, net, epoch, mode):\n    pass", ["not-attempted"]),
    "not implemented": (
        "def forward(loader, net, epoch, mode):\n    raise NotImplementedError",
        ["not-attempted"],
    ),
    "does nothing yet": ("def forward(loader, net, epoch, mode):\n    epoch_loss = []", ["not-attempted"]),
    # Form
    "three arguments": ("def forward(loader, net, mode):\n    return 1", ["wrong-signature"]),
    "arguments in another order": (
        but(("loader, net, epoch, mode", "net, loader, epoch, mode")),
        ["wrong-signature"],
    ),
    "raises at once": (but((MODE, '    raise KeyError("mode")\n')), ["raises"]),
    "misspelled name": (
        but(("criterion(prediction, targets)", "criterium(prediction, targets)")),
        ["raises"],
    ),
    "raises in testing only": (but((MODE, MODE + '    if mode == "test":\n        undefined\n')), ["raises"]),
    "no grad in training": (
        but((LOOP, "    torch.set_grad_enabled(False)\n" + LOOP)),
        ["raises"],
    ),
    "never ends": (
        but((LOOP, "    while True:\n     for inputs, targets in loader: epoch_loss.append(0)\n" + LOOP)),
        ["raises"],
    ),
    # Modes
    "train mode not set": (
        but((MODE, '    if mode == "test":\n        net.eval()\n')),
        ["train-mode-not-set"],
    ),
    "eval mode not set": (
        but((MODE, '    if mode == "train":\n        net.train()\n')),
        ["eval-mode-not-set"],
    ),
    "no mode set": (but((MODE, "")), ["train-mode-not-set", "eval-mode-not-set"]),
    "always training mode": (but((MODE, "    net.train()\n")), ["eval-mode-not-set"]),
    "always evaluation mode": (but((MODE, "    net.eval()\n")), ["train-mode-not-set"]),
    "modes swapped": (
        but((MODE, '    net.train(mode == "test")\n')),
        ["train-mode-not-set", "eval-mode-not-set"],
    ),
    "modes misspelled": (
        but((MODE, '    net.train(mode == "Train")\n')),
        ["train-mode-not-set"],
    ),
    "mode set after the loop": (
        but((MODE, ""), (REPORT, MODE + REPORT)),
        ["train-mode-not-set", "eval-mode-not-set"],
    ),
    "mode named but not called": (but(("        net.eval()", "        net.eval")), ["eval-mode-not-set"]),
    # Updates
    "no step": (but(("            optimizer.step()\n", "")), ["weights-not-updated"]),
    "no backward": (but(("            loss.backward()\n", "")), ["weights-not-updated"]),
    "neither backward nor step": (but((STEP, "            pass\n")), ["weights-not-updated"]),
    "step named but not called": (but(("optimizer.step()", "optimizer.step")), ["weights-not-updated"]),
    "zero_grad between backward and step": (
        but(
            (
                STEP,
                "            loss.backward()\n            optimizer.zero_grad()\n            optimizer.step()\n",
            )
        ),
        ["zero-grad-after-backward"],
    ),
    "gradients of the network cleared too late": (
        but(
            (STEP, "            loss.backward()\n            net.zero_grad()\n            optimizer.step()\n")
        ),
        ["zero-grad-after-backward"],
    ),
    "gradients filled with zeros too late": (
        but(
            (
                STEP,
                "            loss.backward()\n            optimizer.zero_grad(set_to_none=False)\n            optimizer.step()\n",
            )
        ),
        ["zero-grad-after-backward"],
    ),
    "updates in both modes": (
        but(
            ('        if mode == "train":\n            optimizer', "        if True:\n            optimizer")
        ),
        ["updates-in-test"],
    ),
    "updates in testing only": (
        but(
            (
                '        if mode == "train":\n            optimizer',
                '        if mode == "test":\n            optimizer',
            )
        ),
        ["updates-in-test", "weights-not-updated"],
    ),
    "mode taken for a truth value": (
        but(
            (MODE, "    net.train(bool(mode))\n"),
            ('        if mode == "train":\n            optimizer', "        if mode:\n            optimizer"),
        ),
        ["eval-mode-not-set", "updates-in-test"],
    ),
    "step before backward": (
        but(
            (
                STEP,
                "            optimizer.step()\n            optimizer.zero_grad()\n            loss.backward()\n",
            )
        ),
        ["step-before-backward"],
    ),
    "one step after the loop": (
        but(
            (STEP, "            pass\n"),
            (
                REPORT,
                '    if mode == "train":\n        optimizer.zero_grad()\n        loss.backward()\n        optimizer.step()\n'
                + REPORT,
            ),
        ),
        ["one-step-per-epoch"],
    ),
    "two steps for each batch": (
        but(
            ("            optimizer.step()\n", "            optimizer.step()\n            optimizer.step()\n")
        ),
        ["wrong-training"],
    ),
    "trains on the negative loss": (but(("loss.backward()", "(-loss).backward()")), ["wrong-training"]),
    "an optimizer of its own": (
        but((MODE, MODE + "    optimizer = torch.optim.Adam(net.parameters(), lr=0.1)\n")),
        ["wrong-training"],
    ),
    "goes backward in testing, clears after the step": (
        but(
            (STEP, "            pass\n"),
            (
                KEEP,
                KEEP
                + '        loss.backward()\n        if mode == "train":\n            optimizer.step()\n            optimizer.zero_grad()\n',
            ),
        ),
        ["gradients-from-test"],
    ),
    # Data and network
    "the notebook's train_loader": (
        but((LOOP, "    for inputs, targets in train_loader:\n")),
        ["ignores-loader"],
    ),
    "the notebook's loaders by mode": (
        but((LOOP, '    for inputs, targets in train_loader if mode == "train" else test_loader:\n')),
        ["ignores-loader"],
    ),
    "the notebook's net": (but(("loader, net, epoch, mode", "loader, model, epoch, mode")), ["ignores-net"]),
    "return in the loop": (
        but((KEEP + REPORT, KEEP + "        return np.mean(epoch_loss)\n")),
        ["stops-after-first-batch"],
    ),
    "break in the loop": (but((KEEP, KEEP + "        break\n")), ["stops-after-first-batch"]),
    "only the first batch": (
        but((LOOP, "    for inputs, targets in [next(iter(loader))]:\n")),
        ["stops-after-first-batch"],
    ),
    "stops early in testing": (
        but((KEEP, KEEP + '        if mode == "test":\n            break\n')),
        ["stops-after-first-batch"],
    ),
    "leaves the last batch out": (
        but((LOOP, "    for inputs, targets in list(loader)[:-1]:\n")),
        ["skips-batches"],
    ),
    "no loop": (
        but((LOOP, "    for inputs, targets in []:\n"), (REPORT, "    print('done', 0.5)\n")),
        ["no-batches"],
    ),
    # Report
    "no report": (but((REPORT, "")), ["no-report"]),
    "reports the epoch only": (but((REPORT, '    print("epoch", epoch, mode)\n')), ["no-report"]),
    "reports in training only": (but((REPORT, '    if mode == "train":\n    ' + REPORT)), ["no-report"]),
    "reports the sum": (but(("np.mean(epoch_loss)", "np.sum(epoch_loss)")), ["wrong-average"]),
    "reports the last batch": (but(("np.mean(epoch_loss)", "loss.item()")), ["wrong-average"]),
    "reports the first batch": (but(("np.mean(epoch_loss)", "epoch_loss[0]")), ["wrong-average"]),
    "divides by the number of samples": (
        but(("np.mean(epoch_loss)", "sum(epoch_loss) / len(loader.dataset)")),
        ["wrong-average"],
    ),
    "divides by one batch too few": (
        but(("np.mean(epoch_loss)", "sum(epoch_loss) / (len(loader) - 1)")),
        ["wrong-average"],
    ),
    "report in the loop": (
        but((REPORT, ""), (KEEP, KEEP + '        print("loss %.4f" % loss.item())\n')),
        ["wrong-average"],
    ),
    "list never emptied": (
        "all_losses = []\n" + but(("    epoch_loss = []\n", "    epoch_loss = all_losses\n")),
        ["wrong-average"],
    ),
    "reports the accuracy alone": (
        but((REPORT, '    print("accuracy %.3f" % 0.125)\n')),
        ["wrong-average"],
    ),
}

RIGHT_FORWARD = {
    "plain": (RIGHT, []),
    "net.train with a condition": (but((MODE, '    net.train(mode == "train")\n')), []),
    "zero_grad first in the loop": (
        but(
            (STEP, "            loss.backward()\n            optimizer.step()\n"),
            (LOOP, LOOP + "        optimizer.zero_grad()\n"),
        ),
        [],
    ),
    "zero_grad after the step": (
        but(
            (
                STEP,
                "            loss.backward()\n            optimizer.step()\n            optimizer.zero_grad()\n",
            )
        ),
        [],
    ),
    "gradients cleared by hand": (
        but(
            (
                "            optimizer.zero_grad()\n",
                "            for p in net.parameters():\n                p.grad = None\n",
            )
        ),
        [],
    ),
    "no_grad in testing": (
        but(
            (LOOP, '    torch.set_grad_enabled(mode == "train")\n' + LOOP),
            (REPORT, "    torch.set_grad_enabled(True)\n" + REPORT),
        ),
        [],
    ),
    "inference mode": (
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
        [],
    ),
    "helper functions": (
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
    if mode == "train":
        net.train()
        return {"epoch": epoch, "loss": run(loader, net, True)}
    net.eval()
    with torch.no_grad():
        return {"epoch": epoch, "loss": run(loader, net, False)}
""",
        [],
    ),
    "two loops": (
        """
def forward(loader, net, epoch, mode):
    losses = []
    if mode == "train":
        net.train()
        for x, y in loader:
            optimizer.zero_grad()
            loss = criterion(net(x), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    elif mode == "test":
        net.eval()
        with torch.no_grad():
            for x, y in loader:
                losses.append(criterion(net(x), y).item())
    print(f"Época {epoch}: perda {np.mean(losses):.3f}".replace(".", ","))
""",
        [],
    ),
    "accuracy as well, returned as tensors": (
        """
def forward(loader, net, epoch, mode):
    net.train(mode == "train")
    losses, right = [], 0
    for i, (x, y) in enumerate(loader):
        z = net(x.view(-1, 28 * 28))
        loss = criterion(z, y)
        if mode == "train":
            optimizer.zero_grad(); loss.backward(); optimizer.step()
        losses.append(loss.detach())
        right += (z.argmax(1) == y).sum().item()
    return torch.stack(losses).mean(), right / len(loader.dataset)
""",
        [],
    ),
    "a report for each batch too": (but((KEEP, KEEP + '        print("batch loss", loss.item())\n')), []),
    "arguments with other names": (
        but(("loader, net, epoch, mode", "dados, rede, epoca, modo"))
        .replace("mode", "modo")
        .replace("net", "rede")
        .replace("loader", "dados")
        .replace("epoch,", "epoca,"),
        [],
    ),
    "mean and deviation": (
        but((REPORT, '    print("%d: %.2f +- %.2f" % (epoch, np.mean(epoch_loss), np.std(epoch_loss)))\n')),
        [],
    ),
    "notes in a list of the notebook": (
        "history = []\n" + but((REPORT, REPORT + "    history.append(np.mean(epoch_loss))\n")),
        [],
    ),
    "a callable object": (
        """
class Forward:
    def __call__(self, loader, net, epoch, mode):
        net.train(mode == "train")
        losses = []
        for x, y in loader:
            loss = criterion(net(x), y)
            if mode == "train":
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            losses.append(loss.item())
        return np.mean(losses)

forward = Forward()
""",
        [],
    ),
    # Right with a warning
    "the lesson's own": (
        but(("            optimizer.zero_grad()\n", ""), ("loss.item()", "loss.cpu().data")),
        ["missing-zero-grad"],
    ),
    "cleared once per epoch": (
        but(("            optimizer.zero_grad()\n", ""), (LOOP, "    optimizer.zero_grad()\n" + LOOP)),
        ["missing-zero-grad"],
    ),
    "keeps the losses with their graphs": (
        but(
            ("epoch_loss.append(loss.item())", "epoch_loss.append(loss)"),
            ("np.mean(epoch_loss)", "sum(epoch_loss).item() / len(epoch_loss)"),
        ),
        ["keeps-graph"],
    ),
    "adds up losses with their graphs": (
        but(
            ("    epoch_loss = []\n", "    total = 0\n"),
            (KEEP, "        total += loss\n"),
            ("np.mean(epoch_loss)", "total.item() / len(loader)"),
        ),
        ["keeps-graph"],
    ),
    "both warnings": (
        but(
            ("            optimizer.zero_grad()\n", ""),
            ("epoch_loss.append(loss.item())", "epoch_loss.append(loss)"),
            ("np.mean(epoch_loss)", "sum(epoch_loss).item() / len(epoch_loss)"),
        ),
        ["missing-zero-grad", "keeps-graph"],
    ),
}
