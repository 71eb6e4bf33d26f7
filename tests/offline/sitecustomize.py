"""Denies the network to every Python that has this folder on its path: connections stay on this computer.

Python imports this module by itself when it starts; tests/conftest.py puts the folder on the path of all kernels.
"""

import socket

LOCAL = ("127.0.0.1", "::1", "localhost", "0.0.0.0", "", None)
_connect, _connect_ex, _getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo


def denied(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOCAL:
        raise OSError(f"the tests deny the network, asked for {address}")


def connect(self, address):
    denied(self, address)
    return _connect(self, address)


def connect_ex(self, address):
    denied(self, address)
    return _connect_ex(self, address)


def getaddrinfo(host, *arguments, **options):
    if host not in LOCAL:
        raise OSError(f"the tests deny the network, asked for {host}")
    return _getaddrinfo(host, *arguments, **options)


socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo = connect, connect_ex, getaddrinfo
