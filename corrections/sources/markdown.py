"""Markdown to an article: front matter or the first heading, and the text without its markup."""

import re
from typing import Final

from corrections.domain.articles import ArticleFacts
from corrections.sources import facts, markup

_FRONT_MATTER: Final = re.compile(r"\A(---|\+\+\+)[ \t]*\n(.*?)\n(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_PAIR: Final = re.compile(r"^([A-Za-z][\w-]*)[ \t]*[:=][ \t]*(.*)$")
_LIST_ITEM: Final = re.compile(r"^\s*-\s+(.*)$")
_HEADING: Final = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*#*$|^(\S[^\n]*)\n(?:={3,}|-{3,})[ \t]*$", re.MULTILINE)
_FENCE: Final = re.compile(r"^(```+|~~~+)[^\n]*\n(.*?)(?:^\1[ \t]*$|\Z)", re.DOTALL | re.MULTILINE)
_CODE: Final = re.compile(r"(`+)(?!`)([^\n]+?)(?<!`)\1(?!`)")
_RULES: Final = (
    (re.compile(r"<!--.*?-->", re.DOTALL), ""),
    (re.compile(r"^[ \t]{0,3}\[[^\]\n]+\]:[ \t]*\S.*$", re.MULTILINE), ""),  # where links and footnotes lead
    (re.compile(r"^[ \t]{0,3}(?:[-*_][ \t]*){3,}$", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+", re.MULTILINE), "\n"),
    (re.compile(r"^([^\n]+)\n[=-]{3,}[ \t]*$", re.MULTILINE), r"\n\1\n"),
    (re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*#*$", re.MULTILINE), r"\n\1\n"),
    (re.compile(r"!\[[^\]\n]*\](?:\([^)\n]*\)|\[[^\]\n]*\])"), ""),
    (re.compile(r"\[\^[^\]\n]+\]"), ""),
    (re.compile(r"\[([^\[\]\n]+)\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)?\)|\[[^\]\n]*\])"), r"\1"),
    (re.compile(r"<((?:https?://|mailto:)[^\s<>]+)>"), r"\1"),
    (re.compile(r"(\*\*\*|\*\*|\*)(?=\S)([^*\n]+?(?:\n[^*\n]+?)*)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<!\w)(___|__|_)(?=\S)([^_\n]+?(?:\n[^_\n]+?)*)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"~~(?=\S)([^~\n]+)~~"), r"\1"),
)
_MARK: Final = "\ue000"  # of private use: around the number of a piece that is to stay as it is
_TAGS: Final = re.compile(r"</?[a-zA-Z][^<>\n]*>")
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")


def article(text: str, origin: str) -> ArticleFacts:
    """The article in ``text``. Raises Refused when it has no title."""
    source = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff\n")
    told: dict[str, str] = {}
    if matter := _FRONT_MATTER.match(source):
        told, source = _told(matter[2]), source[matter.end() :]
    title = told.get("title")
    heading = _HEADING.search(source)
    if heading and (not title or (plain(heading[1] or heading[2]) == title and not source[: heading.start()].strip())):
        title = title or plain(heading[1] or heading[2])
        source = source[: heading.start()] + source[heading.end() :]
    return facts.article(
        title or plain(source.strip().partition("\n")[0]),
        origin,
        url=told.get("url") or told.get("canonical_url") or told.get("canonical"),
        byline=told.get("author") or told.get("authors") or told.get("byline"),
        section=told.get("section") or told.get("category") or told.get("categories"),
        published=told.get("date") or told.get("published"),
        language=told.get("lang") or told.get("language"),
        licence=told.get("license") or told.get("licence"),
        text=plain(source),
    )


def _told(matter: str) -> dict[str, str]:
    """The one-line values and the lists of front matter, in YAML or TOML; what is nested deeper is passed over."""
    told: dict[str, str] = {}
    last = ""
    for line in matter.splitlines():
        if pair := _PAIR.match(line):
            last = pair[1].lower()
            told[last] = (
                ", ".join(filter(None, map(_unquoted, pair[2].strip("[] ").split(","))))
                if pair[2].startswith("[")
                else _unquoted(pair[2])
            )
        elif last and (item := _LIST_ITEM.match(line)):
            told[last] = ", ".join(filter(None, (told[last], _unquoted(item[1]))))
    return told


def _unquoted(value: str) -> str:
    value = value.strip()
    quoted = re.match(r"""(["'])(.*)\1(?:\s+#.*)?\Z""", value)
    if not quoted:
        return re.sub(r"\s+#.*\Z", "", value)
    return quoted[2].replace("''", "'") if quoted[1] == "'" else quoted[2].replace('\\"', '"')


def plain(source: str) -> str:
    """The words of Markdown (CommonMark, mostly): paragraphs divided by an empty line, their lines joined."""
    kept: list[str] = []

    def put_by(literal: str) -> str:
        kept.append(literal)
        return f"{_MARK}{len(kept) - 1}{_MARK}"

    source = source.replace(_MARK, "")
    source = _FENCE.sub(lambda fence: f"\n\n{put_by(fence[2].rstrip())}\n\n", source)
    source = _CODE.sub(lambda code: put_by(code[2]), source)
    source = _ESCAPED.sub(lambda escaped: put_by(escaped[1]), source)
    for pattern, replacement in _RULES:
        source = pattern.sub(replacement, source)
    blocks = (markup.spoken(_TAGS.sub("", " ".join(block.split()))) for block in re.split(r"\n[ \t]*\n", source))
    text = "\n\n".join(block for block in blocks if block)
    return re.sub(f"{_MARK}(\\d+){_MARK}", lambda mark: kept[int(mark[1])], text)
