"""The demo magazine as its files tell it: articles, editors, and every finding with its reports and steps."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from corrections.domain.actors import Channel, Role
from corrections.domain.screening import Sign

FINDINGS: Final = ("fixed", "open", "rejected")
FENCE: Final = "+++\n"
MOMENTS: Final = ("ago", "withdrawn", "merged")
UNITS: Final = {"d": "days", "h": "hours", "m": "minutes"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An editor of the magazine."""

    key: str
    name: str
    email: str
    role: Role
    notify: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """An article: the text as first published, mistakes and all, paragraphs divided by one empty line."""

    key: str
    title: str
    text: str
    byline: str
    section: str
    age: timedelta
    url: str | None = None
    aliases: tuple[str, ...] = ()
    earlier_title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One report of one reader; ``ago``, ``withdrawn`` and ``merged`` count back from the moment the story is told.

    ``merged`` is when a triager saw that it means the same as the first report.
    """

    ago: timedelta
    original: str
    corrected: str
    channel: Channel = Channel.WEB
    article_as_given: str = ""
    notes: str = ""
    name: str = ""
    email: str = ""
    confirmed: bool = True
    withdrawn: timedelta | None = None
    merged: timedelta | None = None
    signs: tuple[Sign, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that an editor did; ``said`` holds what the step needs, by its name in the files."""

    ago: timedelta
    by: str
    does: str
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One error, or what a reader took for one. ``place`` is where its first report is expected to end up:
    an anchor state, or ``screening``. ``article`` is None where no title given says which one it is.
    """

    key: str
    article: str | None
    place: str
    reports: tuple[Told, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Magazine:
    """All of it."""

    publication: Mapping[str, Any]
    people: tuple[Person, ...]
    pieces: Mapping[str, Piece]
    findings: tuple[Finding, ...]
    undelivered: Mapping[tuple[str, str], str]


def read() -> Magazine:
    """The magazine from the files beside this module."""
    here = files(__package__)
    head = tomllib.loads(_text(here / "magazine.toml"))
    pieces = [_piece(file) for file in sorted((here / "articles").iterdir(), key=lambda file: file.name)]
    findings = [
        _finding(entry)
        for name in FINDINGS
        for entry in tomllib.loads(_text(here / "errata" / f"{name}.toml"))["erratum"]
    ]
    return Magazine(
        publication=head["publication"],
        people=tuple(
            Person(key=key, **(person | {"role": Role(person["role"])})) for key, person in head["editors"].items()
        ),
        pieces={piece.key: piece for piece in pieces},
        findings=tuple(findings),
        undelivered={(mail["recipient"], mail["template"]): mail["error"] for mail in head["undelivered"]},
    )


def _text(file: Traversable) -> str:
    return file.read_text("utf-8")


def _piece(file: Traversable) -> Piece:
    _, head, text = _text(file).split(FENCE, 2)
    facts = tomllib.loads(head)
    return Piece(
        key=file.name.removesuffix(".md"),
        text=text.strip(),
        age=timedelta(days=facts.pop("days_ago")),
        aliases=tuple(facts.pop("aliases", ())),
        **facts,
    )


def _finding(entry: dict[str, Any]) -> Finding:
    """The first report says what the finding says; later ones say theirs where they differ."""
    common = {name: entry[name] for name in ("original", "corrected")}
    common["article_as_given"] = entry.get("article_as_given", "")
    return Finding(
        key=entry["key"],
        article=entry.get("article"),
        place=entry["place"],
        reports=tuple(_told(common | report) for report in entry["reports"]),
        steps=tuple(_step(dict(step)) for step in entry.get("steps", ())),
    )


def _told(report: dict[str, Any]) -> Told:
    moments: dict[str, Any] = {
        name: duration(report[name]) for name in ("ago", "withdrawn", "merged") if name in report
    }
    return Told(
        **report
        | moments
        | {
            "channel": Channel(report.get("channel", Channel.WEB)),
            "signs": tuple(Sign(sign) for sign in report.get("signs", ())),
        }
    )


def _step(step: dict[str, Any]) -> Step:
    return Step(ago=duration(step.pop("ago")), by=step.pop("by"), does=step.pop("does"), said=step)


def duration(words: str) -> timedelta:
    """``3d 4h 10m`` as a length of time."""
    parts = re.findall(r"(\d+)([dhm])", words)
    if "".join(f"{number}{unit}" for number, unit in parts) != words.replace(" ", ""):
        raise ValueError(f"not a length of time: {words!r}")
    return timedelta(**{UNITS[unit]: int(number) for number, unit in parts})
