"""A web site on loopback, and a fetcher that may go there."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from corrections.sources.fetch import Fetcher
from loopback import Site, server_of


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    server = server_of(made)
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def fetcher() -> Fetcher:
    """May fetch from loopback."""
    here = frozenset({"127.0.0.1"})
    return Fetcher(
        hosts=here, private_hosts=here, user_agent="Corrections/test (+https://magazine.example/)", seconds=5
    )
