"""The suite passes with the network denied: to the tests, and to every kernel that runs a notebook."""

import socket

import nbformat
import pytest
from nbclient import NotebookClient


@pytest.mark.parametrize("host", ["198.51.100.1", "example.org"])  # an address that is nobody's, and a name
def test_tests_have_no_network(host):
    with pytest.raises(OSError, match="the tests deny the network"):
        socket.create_connection((host, 80), timeout=5)


def test_kernels_have_no_network():
    code = "import socket; socket.create_connection(('198.51.100.1', 80), timeout=5)"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    NotebookClient(notebook, allow_errors=True).execute()
    assert "the tests deny the network" in notebook.cells[0].outputs[0].evalue
