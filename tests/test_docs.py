"""What the manuals say is so: commands, options, settings, addresses, labels and files that they name are there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import click
import pytest
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from corrections import create_app
from corrections.cli import main
from corrections.settings import SETTINGS, Setting
from manuals import MANUALS, NAMES, ROOT, code_of, commands_in, problem_of, text_of

NOT_SETTINGS: Final = {"CORRECTIONS_INSTANCE", "CORRECTIONS_TEST_POSTGRES"}
OPERATORS: Final = "docs/operators.md"
PICTURES: Final = ROOT / "docs" / "pictures"
PICTURE_BYTES: Final = 200_000
ELSEWHERE: Final = ("/etc/", "/opt/", "/srv/", "/var/")  # files of a machine, which look like addresses of ours


@pytest.mark.parametrize("name", NAMES)
def test_commands_and_options_exist(name: str) -> None:
    problems = [problem_of(words) for words in commands_in(text_of(name))]
    assert [problem for problem in problems if problem] == []


@pytest.mark.parametrize("name", NAMES)
def test_settings_exist(name: str) -> None:
    named = set(re.findall(r"\bCORRECTIONS_[A-Z_]+\b", text_of(name))) - NOT_SETTINGS
    assert {one for one in named if one.removeprefix("CORRECTIONS_") not in SETTINGS and not one.endswith("_")} == set()


@pytest.mark.parametrize("name", NAMES)
def test_links_to_files_lead_somewhere(name: str) -> None:
    here = (ROOT / name).parent
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text_of(name))
    local = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in local if not (here / link).exists()] == []


@pytest.mark.parametrize("name", NAMES)
def test_make_targets_exist(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    asked = {line.split()[1] for line in code_of(text_of(name)) if re.match(r"make [a-z-]+", line)}
    assert asked <= targets


def test_every_setting_stands_in_the_manual() -> None:
    manuals = "\n".join(path.read_text("utf-8") for path in (ROOT / "docs").rglob("*.md"))
    assert {name for name in SETTINGS if not re.search(rf"\b{name}\b", manuals)} == set()


def test_every_command_stands_in_the_manual() -> None:
    manuals = "\n".join(path.read_text("utf-8") for path in MANUALS)
    assert {name for name in main.list_commands(click.Context(main)) if f"corrections {name}" not in manuals} == set()


def test_every_command_explains_itself() -> None:
    silent = []
    waiting: list[tuple[str, click.Command]] = [("corrections", main)]
    while waiting:
        path, command = waiting.pop()
        if not command.help:
            silent.append(path)
        silent += [
            f"{path} {p.opts[0]}" for p in command.params if isinstance(p, click.Option) and not p.help and not p.hidden
        ]
        if isinstance(command, click.Group):
            context = click.Context(command)
            found = {name: command.get_command(context, name) for name in command.list_commands(context)}
            waiting += [(f"{path} {name}", sub) for name, sub in found.items() if sub is not None]
    assert silent == []


def test_a_wrong_command_in_a_manual_would_be_seen() -> None:
    text = (
        "Run `corrections serv` or\n\n    .venv/bin/corrections --instance X serve --prot 80 > log\n"
        "    corrections init --publication 'A b'\n"
    )
    assert [problem_of(words) for words in commands_in(text)] == [
        "main has no command serv", "serve has no option --prot", ""
    ]  # fmt: skip


# The manual for operators ---------------------------------------------------------------------------------------------


def row_of(name: str, setting: Setting) -> str:
    """The line of the manual's table that tells of a setting."""
    value = setting.default
    default = "none" if value in (None, "", []) else f"`{str(value).lower() if isinstance(value, bool) else value}`"
    return f"| `{name}` | {default} | `{setting.example}` | {setting.about} |"


def test_the_table_of_settings_is_in_step_with_the_program() -> None:
    rows = [line for line in text_of(OPERATORS).splitlines() if re.match(r"\| `[A-Z_]+` \|", line)]
    assert rows == [row_of(name, setting) for name, setting in SETTINGS.items()]


def leaves(path: str, command: click.Command) -> Iterator[str]:
    """The commands that do something, with the groups they are in."""
    if not isinstance(command, click.Group):
        yield path
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from leaves(f"{path} {name}", found)


def test_the_table_of_commands_is_complete() -> None:
    _, _, table = text_of(OPERATORS).partition("\n## Commands\n")
    listed = re.findall(r"`(corrections [a-z ]+)`", table.partition("\n## ")[0])
    assert sorted(listed) == sorted(leaves("corrections", main))


# Links, addresses, labels, pictures -----------------------------------------------------------------------------------


def anchors_of(path: Path) -> set[str]:
    """The anchors that forges give to the headings of a file."""
    headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", NAMES)
def test_anchors_of_links_are_there(name: str) -> None:
    path = ROOT / name
    links = re.findall(r"\]\(([^)\s]*)#([^)\s]+)\)", path.read_text("utf-8"))
    local = [(file, anchor) for file, anchor in links if "://" not in file]
    assert [
        f"{file}#{anchor}" for file, anchor in local if anchor not in anchors_of((path.parent / file) if file else path)
    ] == []


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> MapAdapter:
    return create_app(instance=tmp_path_factory.mktemp("instance")).url_map.bind("corrections.example.org")


def addresses_in(text: str) -> Iterator[str]:
    """Addresses of ours: code that begins with a stroke, and whole ones at the host of the examples."""
    for code in code_of(text):
        if re.fullmatch(r"/[\w./-]*(\?\S*)?", code) and not code.startswith(ELSEWHERE):
            yield code
    yield from re.findall(r"https://corrections\.example\.org(/[^\s\"'`)]*)", text)


def is_answered(address: str, addresses: MapAdapter) -> bool:
    """Whether there is a page; capitals stand for a number or a name, and `/x/` for all below."""
    path = urlsplit(address).path.replace("NUMBER", "1").replace("SLUG", "a")
    if path.endswith("/") and any(rule.rule.startswith(path) for rule in addresses.map.iter_rules()):
        return True
    try:
        addresses.match(path, method="GET")
    except HTTPException:
        return False
    return True


@pytest.mark.parametrize("name", NAMES)
def test_addresses_are_answered(name: str, addresses: MapAdapter) -> None:
    text = text_of(name)
    assert [address for address in addresses_in(text) if not is_answered(address, addresses)] == []
    assert not is_answered("/correction/1", addresses), "the check itself works"


def test_what_editors_are_told_to_press_is_there() -> None:
    """What stands in bold in their manual is a label of the desk."""
    bold = re.findall(r"\*\*(.+?)\*\*", text_of("docs/editors.md"), re.DOTALL)
    sources = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "corrections" / "web").rglob("*.py")]
    labels = "\n".join(path.read_text("utf-8") for path in sources).replace("’", "'")
    wanted = {" ".join(label.split()).rstrip(".:") for label in bold}
    assert {label for label in wanted if f"_('{label}'" not in labels and f'_("{label}"' not in labels} == set()


def test_pictures_are_small_and_shown() -> None:
    manuals = "\n".join(path.read_text("utf-8") for path in MANUALS)
    pictures = sorted(PICTURES.glob("*"))
    assert pictures
    assert [path.name for path in pictures if path.stat().st_size > PICTURE_BYTES or path.name not in manuals] == []
