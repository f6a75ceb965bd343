"""Ports of 127.0.0.1 for what the tests start."""

from __future__ import annotations

import itertools
import os
import socket

# Below those that the system gives to outgoing connections: one of them could be taken before its server starts, or
# while it starts again, even by the very connection that asks whether it is there already.
FIRST, LAST = 10_000, 32_000
_numbers = itertools.count(101 * os.getpid())  # so that processes that test at the same time begin in different places


def free_port() -> int:
    """A port on which nothing listens, and which this process gives to nobody else."""
    for number in itertools.islice(_numbers, LAST - FIRST):
        port = FIRST + number % (LAST - FIRST)
        with socket.socket() as one:
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("there is no free port")
