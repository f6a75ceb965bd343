"""What the proxies in front say of a request, and how many of them are believed."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, request
from werkzeug.datastructures import Headers

from corrections.web.requests import sender

HOPS = "192.0.2.1, 198.51.100.2, 198.51.100.3"


def seen(app: Flask, headers: dict[str, str]) -> tuple[str, str, str]:
    """Address, scheme and host of a request as the application sees them."""
    found = []

    @app.get("/seen")
    def look() -> str:
        found.append((request.remote_addr or "", request.scheme, request.host))
        return sender()

    app.test_client().get("/seen", headers=Headers(headers))
    return found[0]


@pytest.mark.parametrize(
    ("proxies", "address"), [(0, "127.0.0.1"), (1, "198.51.100.3"), (2, "198.51.100.2"), (3, "192.0.2.1")]
)
def test_as_many_proxies_are_believed_as_there_are(
    settings: dict[str, Any], request: pytest.FixtureRequest, proxies: int, address: str
) -> None:
    settings["PROXIES"] = proxies
    assert seen(request.getfixturevalue("app"), {"X-Forwarded-For": HOPS})[0] == address


@pytest.mark.parametrize("proxies", [1, 2])
def test_scheme_and_host_are_what_the_nearest_proxy_says(
    settings: dict[str, Any], request: pytest.FixtureRequest, proxies: int
) -> None:
    settings["PROXIES"] = proxies
    said = {"X-Forwarded-For": HOPS, "X-Forwarded-Proto": "https", "X-Forwarded-Host": "corrections.example.org"}
    assert seen(request.getfixturevalue("app"), said)[1:] == ("https", "corrections.example.org")


def test_without_proxies_nobody_is_believed(app: Flask) -> None:
    said = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "elsewhere.example.org"}
    assert seen(app, said)[1:] == ("http", "localhost")
