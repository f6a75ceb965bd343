"""robots.txt as RFC 9309 has it: the group of the most fitting name, the longest matching rule, ``*`` and ``$``.

The standard library's reader takes the first rule instead of the longest and knows no ``*``.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

_MOST_LINES: Final = 20_000
_KEPT: Final = "/%:@!&'()+,;=~$*?-._"


@dataclass(frozen=True, slots=True)
class Rule:
    """One ``allow`` or ``disallow`` line: the pieces of its path between stars, and whether it is closed by ``$``."""

    allows: bool
    pieces: tuple[str, ...]
    closed: bool
    length: int

    def matches(self, path: str) -> bool:
        """Whether the rule speaks of ``path``; each piece is looked for once, so no pattern can take long."""
        first, *others = self.pieces
        if not path.startswith(first):
            return False
        place = len(first)
        last = others.pop() if others and self.closed else None
        for piece in others:
            place = path.find(piece, place)
            if place < 0:
                return False
            place += len(piece)
        if last is not None:
            return len(path) - len(last) >= place and path.endswith(last)
        return place == len(path) if self.closed else True


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules that hold for us on one host."""

    rules: tuple[Rule, ...] = ()

    def allow(self, url: str) -> bool:
        """Whether ``url`` may be fetched; of rules of the same length the allowing one holds."""
        parts = urlsplit(url)
        path = _written(parts.path or "/") + (f"?{_written(parts.query)}" if parts.query else "")
        said = [rule for rule in self.rules if rule.matches(path)]
        return max(said, key=lambda rule: (rule.length, rule.allows)).allows if said else True


def parse(text: str, name: str) -> Robots:
    """The rules of ``text`` for the robot ``name``; those for ``*`` where it is not named."""
    groups: dict[str, list[Rule]] = {}
    named: list[str] = []
    in_rules = False
    for line in text.splitlines()[:_MOST_LINES]:
        field, colon, value = line.partition("#")[0].partition(":")
        field, value = field.strip().lower(), value.strip()
        if not colon:
            continue
        if field == "user-agent":
            named = [] if in_rules else named
            in_rules = False
            named.append(value.split("/")[0].strip().lower())
            groups.setdefault(named[-1], [])
        elif field in {"allow", "disallow"}:
            in_rules = True
            for one in named if value else ():
                groups[one].append(_rule(value, allows=field == "allow"))
    return Robots(tuple(groups.get(name.lower(), groups.get("*", []))))


def _rule(value: str, *, allows: bool) -> Rule:
    path = _written(value)
    closed = path.endswith("$")
    return Rule(allows, tuple((path[:-1] if closed else path).split("*")), closed, len(path))


def _written(path: str) -> str:
    return quote(path, safe=_KEPT)
