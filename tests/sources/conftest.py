"""A web site on loopback, and a fetcher that may go there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from corrections.sources.fetch import Fetcher
from loopback import Site, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as made:
        yield made


@pytest.fixture
def fetcher() -> Fetcher:
    """May fetch from loopback."""
    here = frozenset({"127.0.0.1"})
    return Fetcher(
        hosts=here, private_hosts=here, user_agent="Corrections/test (+https://magazine.example/)", seconds=60
    )
