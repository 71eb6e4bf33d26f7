"""Kernel -> Interrupt at any moment: nothing is left half-done, and the next run works."""

import sys
import threading

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
from helpers.training import seed_everything, train
seed_everything(0)
X, y = torch.randn(6000, 2), torch.arange(6000) % 3
loader, net, criterion = DataLoader(TensorDataset(X, y), batch_size=20), MLP(2, 64, 3), nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(net.parameters(), fused=True)
%matplotlib inline
"""
PLOTS = """
print("go", flush=True)
for _ in range({times}):
    plot_decision_boundary(net, X[:100], y[:100])
    boundary_film([net], X[:100], y[:100], ["a"])
    plt.close("all")
"""


@pytest.fixture(scope="module")
def run():
    """Run a cell, interrupting it some seconds after its first output; return its error and what it printed."""
    manager = KernelManager()
    manager.kernel_spec.argv[0] = sys.executable
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)

    def run(code, interrupt_after=None):
        printed, begun, ended = [], threading.Event(), threading.Event()

        def press():
            begun.wait()
            seconds = interrupt_after
            while not ended.wait(seconds):
                manager.interrupt_kernel()
                seconds = 3  # Python loses an interrupt that falls into a callback: press again

        def note(message):
            if message["msg_type"] == "stream":
                printed.append(message["content"]["text"])
                begun.set()

        if interrupt_after is not None:
            threading.Thread(target=press, daemon=True).start()
        # An error is no reason to drop what comes after it.
        reply = client.execute_interactive(code, stop_on_error=False, timeout=60, output_hook=note)
        ended.set()
        return reply["content"].get("ename"), "".join(printed)

    assert run(SETUP)[0] is None
    yield run
    client.stop_channels()
    manager.shutdown_kernel(now=True)


MOMENTS = pytest.mark.parametrize("seconds", [0.013, 0.11])  # s into the second epoch, which takes about 0.2
FINITE = "all(torch.isfinite(w).all().item() for w in net.parameters())"


@MOMENTS
def test_interrupted_training_leaves_finite_weights_and_can_go_on(run, seconds):
    epochs = "for _ in range({}): train(loader, net, criterion, optimizer); print('trained')"
    assert run(epochs.format(500), seconds)[0] == "KeyboardInterrupt"
    assert run(f"print({FINITE}, torch.is_grad_enabled())")[1] == "True True\n"
    assert run(epochs.format(1)) == (None, "trained\n")


@MOMENTS
def test_interrupted_plot_leaves_the_network_as_it_was_and_can_be_drawn_again(run, seconds):
    run("net.train(); before = [w.clone() for w in net.parameters()]; state = torch.get_rng_state()")
    assert run(PLOTS.format(times=500), seconds)[0] == "KeyboardInterrupt"
    kept = "net.training, all(map(torch.equal, before, net.parameters())), torch.equal(state, torch.get_rng_state())"
    assert run(f"print({kept})")[1] == "True True True\n"
    assert run(PLOTS.format(times=1))[0] is None
