"""The layers of the house, its budgets and its words, read from the source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parent.parent
PACKAGE: Final = ROOT / "corrections"

# Who may import whom. A layer may always import itself.
DOORS: Final = frozenset({"web", "api", "mail", "cli", "worker"})
BELOW: Final = {"domain", "db", "models", "queries", "services"}
EVERYTHING: Final = BELOW | {
    "settings",
    "config",
    "links",
    "sources",
    "publishers",
    "migrating",
    "logs",
    "corrections",
    "handover",
}
ALLOWED: Final[dict[str, set[str]]] = {
    "domain": set(),
    "sources": {"domain"},
    "publishers": {"domain"},
    "db": {"domain"},
    "models": {"domain", "db"},
    "queries": {"domain", "db", "models"},
    "services": {"domain", "db", "models", "queries"},
    "migrating": {"db", "corrections"},
    "migrations": {"db", "models", "domain", "migrating", "queries"},
    "settings": {"domain"},
    "config": {"domain", "settings"},
    "logs": {"domain", "config"},
    "links": {"domain"},
    **dict.fromkeys(DOORS, EVERYTHING),
    # What puts doors together or starts them.
    "demo": EVERYTHING,
    "server": EVERYTHING | DOORS,
    "handover": set(),
    "__main__": {"cli", "handover"},
    "corrections": {"config", "db", "links", "logs", *DOORS},
}
# One door may ask another for exactly this, because the other is the only one who knows.
BETWEEN_DOORS: Final[dict[str, set[str]]] = {
    "web": {"mail"},  # the desk shows a message as it goes out
    "worker": {"mail"},  # the worker is the hand that carries the mail out
    "cli": {"worker", "server", "demo", "mail"},  # the command line starts the others
}
FLASK: Final = re.compile(r"^(flask|werkzeug|wtforms|jinja2|gunicorn)(_|\.|$)")
MAY_USE_FLASK: Final = DOORS | {"corrections", "config", "db", "links", "logs", "server"}
FLASK_EXCEPTIONS: Final = {
    "models/editor.py": {"flask_security.core"},  # the log-in library wants its mixins on the table
    "db.py": {"flask", "flask_sqlalchemy"},
}

LINES_OF_FILE: Final = 450
LINES_OF_FUNCTION: Final = 60
LINES_OF_TEMPLATE: Final = 150
VAGUE: Final = re.compile(r"(^|_)(utils?|helpers?|misc|common|stuff)($|_)")


@dataclass(frozen=True)
class Module:
    """One source file of the package."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(PACKAGE).as_posix()

    @property
    def layer(self) -> str:
        first = self.path.relative_to(PACKAGE).parts[0]
        return "corrections" if first == "__init__.py" else first.removesuffix(".py")

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text("utf-8"), filename=self.name)

    def imports(self) -> Iterator[str]:
        """The full names of what is imported anywhere in the file, inside functions too."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = self._absolute(node)
                yield base
                yield from (f"{base}.{alias.name}" for alias in node.names)

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        folder = self.path.parent.relative_to(ROOT).parts
        parts = [*folder[: len(folder) - node.level + 1], *([node.module] if node.module else [])]
        return ".".join(parts)

    def imported_layers(self) -> set[str]:
        """The layers of ours that are imported."""
        found = set()
        for name in self.imports():
            parts = name.split(".")
            if parts[0] == "corrections" and len(parts) > 1:
                found.add(parts[1] if parts[1] in LAYERS else "corrections")
        return found - {self.layer}

    def __str__(self) -> str:
        return self.name


def _sources() -> list[Module]:
    return [Module(path) for path in sorted(PACKAGE.rglob("*.py")) if "__pycache__" not in path.parts]


MODULES: Final = _sources()
LAYERS: Final = {module.layer for module in MODULES}
TEMPLATES: Final = sorted((ROOT / "templates").rglob("*.*"))
TESTS: Final = sorted((ROOT / "tests").rglob("*.py"))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_layer_imports_only_what_lies_below_it(module: Module) -> None:
    assert module.layer in ALLOWED, f"{module.layer} is a new layer: say in ALLOWED what it may import"
    allowed = ALLOWED[module.layer] | BETWEEN_DOORS.get(module.layer, set())
    assert module.imported_layers() - allowed == set()


@pytest.mark.parametrize("module", [m for m in MODULES if m.layer not in MAY_USE_FLASK or m.layer == "db"], ids=str)
def test_the_web_framework_is_known_to_the_doors_only(module: Module) -> None:
    used = {name for name in module.imports() if FLASK.match(name)}
    excused = FLASK_EXCEPTIONS.get(module.name, set())
    assert {name for name in used if not any(name == one or name.startswith(f"{one}.") for one in excused)} == set()


@pytest.mark.parametrize("module", [m for m in MODULES if m.layer in {"domain", "sources", "publishers"}], ids=str)
def test_rules_and_sources_know_no_database(module: Module) -> None:
    assert {
        name for name in module.imports() if name.partition(".")[0] in {"sqlalchemy", "alembic", "psycopg"}
    } == set()


@pytest.mark.parametrize("module", [m for m in MODULES if m.layer in {"domain", "services", "queries"}], ids=str)
def test_time_is_asked_of_the_one_clock(module: Module) -> None:
    if module.name == "domain/clock.py":
        return  # the one
    asked = [
        f"line {node.lineno}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"datetime.now", "datetime.utcnow", "date.today", "time.time"}
    ]
    assert asked == []


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_only_one_place_commits(module: Module) -> None:
    commits = [
        f"line {node.lineno}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    assert module.name == "db.py" or commits == []


@pytest.mark.parametrize(
    "module", [m for m in MODULES if m.layer in {"services", "queries", "models", "domain"}], ids=str
)
def test_what_lies_below_the_doors_speaks_no_translated_words(module: Module) -> None:
    assert {name for name in module.imports() if "gettext" in name or name.startswith("flask_babel")} == set()


# A migration is a record of its day: written once, in one piece, and left alone.
@pytest.mark.parametrize("module", [m for m in MODULES if m.layer != "migrations"], ids=str)
def test_files_and_functions_stay_short(module: Module) -> None:
    assert len(module.path.read_text("utf-8").splitlines()) <= LINES_OF_FILE
    lengths = {f.name: (f.end_lineno or f.lineno) - f.lineno + 1 for f in functions(module.tree)}
    assert {name: length for name, length in lengths.items() if length > LINES_OF_FUNCTION} == {}


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_tests_stay_short_and_use_real_parts(path: Path) -> None:
    source = path.read_text("utf-8")
    assert len(source.splitlines()) <= LINES_OF_FILE
    names = {alias.name for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Import) for alias in n.names}
    names |= {n.module or "" for n in ast.walk(ast.parse(source)) if isinstance(n, ast.ImportFrom)}
    assert not {name for name in names if name.startswith(("unittest", "mock"))}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_templates_stay_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LINES_OF_TEMPLATE


@pytest.mark.parametrize(
    "path", [m.path for m in MODULES] + TEMPLATES + TESTS, ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_names_come_from_the_newsroom(path: Path) -> None:
    relative = path.relative_to(ROOT)
    assert not [part for part in relative.parts if VAGUE.search(part.partition(".")[0])]


@pytest.mark.parametrize("module", [m for m in MODULES if m.layer != "migrations"], ids=str)
def test_everything_public_says_what_it_is(module: Module) -> None:
    tree = module.tree
    assert ast.get_docstring(tree), "the module has no docstring"
    assert _undocumented(tree) == []


def _undocumented(node: ast.Module | ast.ClassDef) -> list[str]:
    """Public functions and classes, at the top or in a class, without a docstring."""
    missing = []
    for child in node.body:
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or child.name.startswith("_"):
            continue
        if not ast.get_docstring(child):
            missing.append(child.name)
        if isinstance(child, ast.ClassDef):
            missing += [f"{child.name}.{name}" for name in _undocumented(child)]
    return missing


# The rules above must be able to fail: what they would say of a file that breaks them.


@pytest.fixture
def breaker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(globals(), "PACKAGE", tmp_path / "corrections")
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    path = tmp_path / "corrections" / "services" / "triage.py"
    path.parent.mkdir(parents=True)
    return path


@pytest.mark.parametrize(
    "line",
    [
        "from corrections.web import desk",
        "import corrections.web.desk",
        "from corrections import web",
        "from ..web import desk",
        "from .. import web",
        "def later():\n    from corrections.web.desk import bp",
    ],
)
def test_an_import_from_above_is_seen_however_it_is_written(breaker: Path, line: str) -> None:
    breaker.write_text(line)
    assert "web" in Module(breaker).imported_layers()
    with pytest.raises(AssertionError):
        test_a_layer_imports_only_what_lies_below_it(Module(breaker))


def test_a_commit_a_clock_a_framework_and_silence_are_seen(breaker: Path) -> None:
    breaker.write_text("import datetime\nfrom flask import g\ndef move(session):\n    session.commit()\n")
    module = Module(breaker)
    for rule in (
        test_only_one_place_commits,
        test_the_web_framework_is_known_to_the_doors_only,
        test_everything_public_says_what_it_is,
    ):
        with pytest.raises(AssertionError):
            rule(module)
