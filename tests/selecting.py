"""Elements of a page by a simple selector, without a library for it."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

STEP = re.compile(r"(?P<tag>[a-z0-9]*)(?P<classes>(?:\.[\w-]+)*)(?P<attributes>(?:\[[\w:-]+(?:=[^\]]*)?\])*)")


def find(element: HtmlElement, selector: str) -> list[HtmlElement]:
    """Those that ``section.day h2 time[datetime], a[rel=next]`` means: tags, classes, attributes, descendants."""
    return element.xpath(" | ".join(_path(alternative) for alternative in selector.split(",")))


def words(element: HtmlElement, selector: str) -> list[str]:
    """The text of each, with single blanks."""
    return [" ".join(found.text_content().split()) for found in find(element, selector)]


def _path(selector: str) -> str:
    return "." + "".join("//" + _step(step) for step in selector.split())


def _step(step: str) -> str:
    parts = STEP.fullmatch(step)
    assert parts is not None, f"not a selector that is understood here: {step}"
    classes = [
        f"[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]" for name in parts["classes"].split(".")[1:]
    ]
    pairs = [found.partition("=") for found in re.findall(r"\[([^\]]*)\]", parts["attributes"])]
    attributes = [f"[@{name}={value!r}]" if equals else f"[@{name}]" for name, equals, value in pairs]
    return (parts["tag"] or "*") + "".join(classes + attributes)
