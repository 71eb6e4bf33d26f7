"""Denies the network to every Python that has this folder on its path: connections stay on this computer.

Python imports this module by itself when it starts; tests/conftest.py puts the folder on the path of all kernels.
"""

import sys

LOCAL = ("127.0.0.1", "::1", "localhost", "0.0.0.0", "", None)


def deny(event, arguments):
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):  # a Unix socket has a path
        host = arguments[1][0]
    else:
        return
    if host not in LOCAL:
        raise OSError(f"the tests deny the network, asked for {host}")


sys.addaudithook(deny)
