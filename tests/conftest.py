"""What holds for the whole suite."""

import os


def pytest_configure(config):
    # With `-n 2`, two kernels compute at once. On two cores, two threads in each would wait for each other's.
    if getattr(config.option, "numprocesses", None):
        os.environ.setdefault("OMP_NUM_THREADS", "1")
