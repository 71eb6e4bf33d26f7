"""Kernel -> Interrupt at any moment: nothing is left half-done, and the next run works."""

import queue
import re
import sys
import time

import pytest
from jupyter_client.manager import KernelManager
from stored_notebooks import ROOT

SETUP = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from helpers.models import MLP
from helpers.plotting import boundary_film, plot_decision_boundary
from helpers.training import fit, seed_everything
seed_everything(0)
X, y = torch.randn(6000, 2), torch.arange(6000) % 3
loader, net, criterion = DataLoader(TensorDataset(X, y), batch_size=20), MLP(2, 64, 3), nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(net.parameters(), fused=True)
%matplotlib inline
"""


class Kernel:
    """A kernel of its own, with the messages that a notebook would see."""

    def __init__(self):
        self.manager = KernelManager()
        self.manager.kernel_spec.argv[0] = sys.executable
        self.manager.start_kernel()
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)
        self.run(SETUP)

    def run(self, code, interrupt_after=None, timeout=60):
        """Run a cell, interrupting it some seconds after its first output; return its status and what it showed."""
        # An error is no reason to drop what comes after it.
        request = self.client.execute(code, stop_on_error=False)
        shown, status, interrupted = [], None, False
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=3 if interrupted else timeout)
            except queue.Empty:
                if not interrupted:
                    raise
                self.manager.interrupt_kernel()  # Python loses an interrupt that falls into a callback: press again
                continue
            if message["parent_header"].get("msg_id") != request:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "stream":
                shown.append(content["text"])
                if interrupt_after is not None and not interrupted:
                    time.sleep(interrupt_after)
                    self.manager.interrupt_kernel()
                    interrupted = True
            elif kind == "error":
                status = content["ename"]
                shown += content["traceback"]
            elif kind == "status" and content["execution_state"] == "idle":
                return status or "ok", "".join(shown)

    def value(self, expression):
        status, printed = self.run(f"print({expression})")
        assert status == "ok", printed
        return printed.strip()


@pytest.fixture(scope="module")
def kernel():
    kernel = Kernel()
    yield kernel
    kernel.client.stop_channels()
    kernel.manager.shutdown_kernel(now=True)


FINITE = "all(torch.isfinite(w).all().item() for w in net.parameters())"
MOMENTS = [0.0, 0.013, 0.05, 0.11, 0.2]  # seconds into the second epoch, of which each takes about 0.2


@pytest.mark.parametrize("seconds", MOMENTS)
def test_interrupted_fit_returns_the_finished_epochs_and_can_be_run_again(kernel, seconds):
    status, printed = kernel.run("history = fit(loader, net, criterion, optimizer, epochs=500)", seconds)
    assert status == "ok" and "Interrupted. Finished epochs" in printed, printed
    finished = int(re.search(r"which the history holds: (\d+)", printed)[1])
    assert finished - printed.count("train loss") in (0, 1)  # stopped before the last one was printed
    assert kernel.value("{len(values) for values in history.values()}") == f"{{{finished}}}"
    assert kernel.value(FINITE) == "True"
    assert kernel.run("fit(loader, net, criterion, optimizer, epochs=1)")[0] == "ok"


@pytest.mark.parametrize("seconds", MOMENTS)
def test_interrupted_loop_of_the_lesson_leaves_finite_weights_and_can_be_run_again(kernel, seconds):
    loop = """
print("go", flush=True)
for _ in range({epochs}):
    for inputs, targets in loader:
        optimizer.zero_grad()
        loss = criterion(net(inputs), targets)
        loss.backward()
        optimizer.step()
"""
    assert kernel.run(loop.format(epochs=500), seconds)[0] == "KeyboardInterrupt"
    assert kernel.value(FINITE) == "True"
    # Once in some hundred interrupts PyTorch's step() leaves gradients off: the READMEs give the error and this line.
    kernel.run("torch.set_grad_enabled(True)")
    status, printed = kernel.run(loop.format(epochs=1))
    assert status == "ok", printed
    assert kernel.value(FINITE) == "True"


@pytest.mark.parametrize("seconds", MOMENTS)
def test_interrupted_plot_leaves_the_network_as_it_was_and_can_be_drawn_again(kernel, seconds):
    kernel.run("net.train(); before = [w.clone() for w in net.parameters()]; state = torch.get_rng_state()")
    plots = """
print("go", flush=True)
for _ in range({times}):
    plot_decision_boundary(net, X[:100], y[:100])
    boundary_film([net], X[:100], y[:100], ["a"])
    plt.close("all")
"""
    assert kernel.run(plots.format(times=500), seconds)[0] == "KeyboardInterrupt"
    assert kernel.value("net.training, all(map(torch.equal, before, net.parameters()))") == "True True"
    assert kernel.value("torch.equal(state, torch.get_rng_state())") == "True"
    assert kernel.run(plots.format(times=1))[0] == "ok"
