"""What all tests share: a fresh migrated database each, the application on it, editors logged in, a clock to set.

``--database`` chooses sqlite (the default), postgresql, or both, which runs every test that touches a database twice.
For PostgreSQL the tests start a server of their own, unless CORRECTIONS_TEST_POSTGRES=postgresql://user@host:port/name
names one on which databases may be made.
"""

from __future__ import annotations

import contextvars
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from lxml import html
from sqlalchemy.orm import Session

import factories
import postgres_server
import tools
from corrections import create_app, migrating
from corrections.config import load as load_settings
from corrections.db import configure, db
from corrections.db import init_app as init_db
from corrections.domain import clock as product_clock
from corrections.domain.actors import Role
from corrections.models import Editor, Publication

DATABASES = ("sqlite", "postgresql")
POSTGRES = "CORRECTIONS_TEST_POSTGRES"
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
CHEAP_ARGON = {"argon2__time_cost": 1, "argon2__memory_cost": 8, "argon2__parallelism": 1}


# What is tried is the same in every run, and a busy machine is no fault.
hypothesis.settings.register_profile(
    "tests", derandomize=True, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("tests")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("corrections")
    group.addoption("--database", choices=(*DATABASES, "both"), default="sqlite", help="what the tests run on")
    group.addoption(
        "--complete", action="store_true", help="refuse to start when something would be skipped for want of a tool"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "database(name): makes sense on this database only")
    if "postgresql" in chosen(config) and POSTGRES not in os.environ and (folder := postgres_server.programs()):
        server = postgres_server.start(folder)
        config.add_cleanup(server.stop)
        os.environ[POSTGRES] = server.uri  # the workers of pytest-xdist inherit it
        config.add_cleanup(lambda: os.environ.pop(POSTGRES, None))
    config.stash[SERVER] = os.environ.get(POSTGRES, "")
    missing = tools.missing() | (
        {} if config.stash[SERVER] or "postgresql" not in chosen(config) else {"postgresql": NO_SERVER}
    )
    config.stash[MISSING] = missing
    if missing and config.getoption("--complete"):
        raise pytest.UsageError("; ".join(missing.values()))


SERVER = pytest.StashKey[str]()
MISSING = pytest.StashKey[dict[str, str]]()
NO_SERVER = f"no PostgreSQL server (Debian: apt-get install postgresql), and {POSTGRES} names none"


def chosen(config: pytest.Config) -> tuple[str, ...]:
    """The databases to run on."""
    option = config.getoption("--database")
    return DATABASES if option == "both" else (option,)


def pytest_report_header(config: pytest.Config) -> list[str]:
    return [f"databases: {', '.join(chosen(config))}", *(f"skipped: {why}" for why in config.stash[MISSING].values())]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "databases" not in metafunc.fixturenames:
        return
    only = metafunc.definition.get_closest_marker("database")
    names = [name for name in chosen(metafunc.config) if only is None or name in only.args]
    metafunc.parametrize("databases", names, indirect=True, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    missing = config.stash[MISSING]
    for item in items:
        needed = {mark.name for mark in item.iter_markers()}
        if isinstance(item, pytest.Function) and hasattr(item, "callspec"):
            needed.add(str(item.callspec.params.get("databases", "")))
        for name in missing.keys() & needed:
            item.add_marker(pytest.mark.skip(reason=missing[name]))


@pytest.fixture(scope="session", autouse=True)
def _no_settings_from_outside() -> Iterator[None]:
    """What the caller's environment sets must not change what is tested."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("CORRECTIONS_")]:
            patch.delenv(name)
        yield


# Databases ----------------------------------------------------------------------------------------------------------


def _migrate(uri: str) -> None:
    engine = sa.create_engine(uri)
    configure(engine, synchronous="NORMAL")
    migrating.upgrade(engine)
    engine.dispose()


@dataclass(frozen=True, slots=True)
class SqliteDatabases:
    """Copies of one migrated file."""

    template: Path

    @contextmanager
    def fresh(self, folder: Path) -> Iterator[str]:
        path = folder / "corrections.sqlite"
        shutil.copyfile(self.template, path)
        yield f"sqlite:///{path}"

    @contextmanager
    def empty(self, folder: Path) -> Iterator[str]:
        yield f"sqlite:///{folder / 'empty.sqlite'}"


@dataclass(frozen=True, slots=True)
class PostgresDatabases:
    """Copies of one migrated database of a server."""

    server: str
    template: str

    def __post_init__(self) -> None:
        self._do(f'CREATE DATABASE "{self.template}"')
        _migrate(self._uri(self.template))

    @contextmanager
    def fresh(self, _: Path) -> Iterator[str]:
        with self._made(f'TEMPLATE "{self.template}" {self._quickest()}') as uri:
            yield uri

    @contextmanager
    def empty(self, _: Path) -> Iterator[str]:
        with self._made("") as uri:
            yield uri

    @contextmanager
    def _made(self, how: str) -> Iterator[str]:
        name = f"test_{secrets.token_hex(6)}"
        self._do(f'CREATE DATABASE "{name}" {how}')
        try:
            yield self._uri(name)
        finally:
            self._do(f'DROP DATABASE "{name}" WITH (FORCE)')

    def close(self) -> None:
        self._do(f'DROP DATABASE "{self.template}" WITH (FORCE)')

    def _uri(self, name: str) -> str:
        return (
            sa.make_url(self.server)
            .set(drivername="postgresql+psycopg", database=name)
            .render_as_string(hide_password=False)
        )

    def _do(self, statement: str) -> None:
        with self._connected() as connection:
            connection.execute(statement)

    def _quickest(self) -> str:
        with self._connected() as connection:
            return "STRATEGY FILE_COPY" if connection.info.server_version >= 150000 else ""

    def _connected(self) -> Any:
        import psycopg  # the tests on SQLite run without it

        return psycopg.connect(self.server, autocommit=True)


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The maker of databases: ``fresh(folder)`` and ``empty(folder)`` are context managers that give an address."""
    if request.param == "sqlite":
        template = tmp_path_factory.mktemp("template") / "template.sqlite"
        _migrate(f"sqlite:///{template}")
        yield SqliteDatabases(template)
        return
    made = PostgresDatabases(request.config.stash[SERVER], f"template_{secrets.token_hex(6)}")
    yield made
    made.close()


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    """An instance folder of this test's own."""
    folder = tmp_path / "instance"
    folder.mkdir()
    return folder


@pytest.fixture
def database(databases: Any, instance: Path) -> Iterator[str]:
    """The address of a fresh database with all tables and no rows of ours."""
    with databases.fresh(instance) as uri:
        yield uri


@pytest.fixture
def empty_database(database: str, databases: Any, tmp_path: Path) -> Iterator[str]:  # noqa: ARG001 - its skip counts here too
    """The address of a database without any table."""
    with databases.empty(tmp_path) as uri:
        yield uri


# The application ----------------------------------------------------------------------------------------------------


class Client(FlaskClient):
    """A test client whose requests see nothing of the test's own application context, as in life."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("buffered", True)
        return contextvars.Context().run(super().open, *args, **kwargs)


@pytest.fixture
def settings(database: str) -> dict[str, Any]:
    """The settings of the application under test; a test may change them before it asks for ``app``."""
    return {
        "TESTING": True,
        "SECRET_KEY": "a key for tests, and for nothing else at all",
        "SQLALCHEMY_DATABASE_URI": database,
        "SQLITE_SYNCHRONOUS": "NORMAL",
        "BASE_URL": "http://localhost",
        "RATELIMIT_ENABLED": False,
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": CHEAP_ARGON,
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "test_environment": True},
    }


class CompiledTemplates(BytecodeCache):
    """Templates, compiled once for all applications of this process."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = CompiledTemplates()


@pytest.fixture
def app(settings: dict[str, Any], instance: Path) -> Iterator[Flask]:
    """The whole application on a fresh database."""
    app = create_app(settings, instance=instance)
    app.test_client_class = Client
    app.jinja_env.bytecode_cache = COMPILED
    yield app
    _close(app)


def _close(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor without a cookie."""
    return app.test_client()


@pytest.fixture
def below_the_doors(settings: dict[str, Any], instance: Path) -> Iterator[Flask]:
    """Just enough of an application for a session; it is made in a hundredth of the time."""
    bare = Flask("below", instance_path=str(instance))
    load_settings(bare, settings)
    init_db(bare)
    yield bare
    _close(bare)


@pytest.fixture
def session(request: pytest.FixtureRequest, database: str) -> Iterator[Session]:  # noqa: ARG001 - seen by --database
    """A session in an application context (that of ``app`` if the test has one), to call services with.

    Commit with ``transaction()`` before a client or another process is to see it; afterwards ``session.expire_all()``
    before looking again.
    """
    app = request.getfixturevalue("app" if "app" in request.fixturenames else "below_the_doors")
    with app.app_context():
        yield db.session()


@pytest.fixture
def publication(session: Session) -> Publication:
    """The magazine that all factories write for; committed."""
    return factories.make_publication(session)


@pytest.fixture
def editors(session: Session) -> dict[Role, Editor]:
    """One editor of each role, with the password ``factories.PASSWORD``; committed."""
    return factories.make_editors(session)


@pytest.fixture
def desk_client(app: Flask, editors: dict[Role, Editor]) -> Callable[[Role], FlaskClient]:
    """``desk_client(Role.EDITOR)``: a client logged in through the log-in page."""
    addresses = {role: editor.email for role, editor in editors.items()}

    def logged_in(role: Role = Role.EDITOR) -> FlaskClient:
        client = app.test_client()
        page = html.fromstring(client.get("/login").data)
        form = next(form for form in page.forms if "password" in form.fields)
        sent = {**dict(form.form_values()), "email": addresses[role], "password": factories.PASSWORD}
        answer = client.post(form.action or "/login", data=sent)
        assert answer.status_code in {302, 303}, answer.text
        return client

    return logged_in


# Time and cost ------------------------------------------------------------------------------------------------------


@dataclass
class Clock:
    """The product's clock, stopped; it moves when told."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at

    def set(self, moment: datetime) -> None:
        self.at = moment

    def advance(self, by: timedelta | None = None, **parts: float) -> datetime:
        """``advance(hours=2)``; gives the new moment."""
        self.at += by if by is not None else timedelta(**parts)
        return self.at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands at noon of a Monday in May until it is moved."""
    stopped = Clock()
    monkeypatch.setattr(product_clock, "now", stopped.now)
    return stopped


@dataclass
class Queries:
    """The statements that were run."""

    statements: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.statements)


@pytest.fixture
def count_queries(app: Flask) -> Callable[[], AbstractContextManager[Queries]]:
    """``with count_queries() as queries: client.get(...)``, then ``len(queries)`` and ``queries.statements``."""

    @contextmanager
    def counting() -> Iterator[Queries]:
        queries = Queries()

        def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
            queries.statements.append(statement)

        with app.app_context():
            engine = db.engine
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            yield queries
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)

    return counting
