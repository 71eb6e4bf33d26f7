"""What holds for every run of the suite or a part of tests/: no network, and threads that do not wait for each other.

A notebook that is run alone, `pytest notebooks/02_sgd_wine.ipynb`, goes without.
"""

import os
import runpy
from pathlib import Path

OFFLINE = Path(__file__).parent / "offline"


def pytest_configure(config):
    # Kernels and other programs that tests start inherit the path, and with it the denial; this one gets it here.
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(OFFLINE), os.environ.get("PYTHONPATH")]))
    runpy.run_path(str(OFFLINE / "sitecustomize.py"))
    # With `-n 2`, two kernels compute at once. On two cores, two threads in each would wait for each other's.
    if getattr(config.option, "numprocesses", None):
        os.environ.setdefault("OMP_NUM_THREADS", "1")
