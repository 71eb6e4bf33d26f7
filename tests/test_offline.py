"""The suite passes with the network denied: to the tests, and to every kernel that runs a notebook."""

import socket
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

TRY = (
    "import socket; socket.create_connection(('198.51.100.1', 80), timeout=5)"  # an address that is nobody's
)


def test_tests_have_no_network():
    with pytest.raises(OSError, match="the tests deny the network"):
        socket.create_connection(("198.51.100.1", 80), timeout=5)


def test_names_are_not_looked_up():
    with pytest.raises(OSError, match="the tests deny the network"):
        socket.getaddrinfo("example.org", 80)


def test_programs_that_tests_start_have_no_network():
    result = subprocess.run([sys.executable, "-c", TRY], capture_output=True, text=True)
    assert "the tests deny the network" in result.stderr


def test_kernels_have_no_network():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(TRY)])
    NotebookClient(notebook, allow_errors=True).execute()
    assert "the tests deny the network" in notebook.cells[0].outputs[0].evalue
