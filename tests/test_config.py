"""Settings: where they come from, which one wins, and what is said of a bad one."""

from __future__ import annotations

import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale, get_locale

from corrections import create_app
from corrections.config import BadSetting, load
from corrections.settings import SETTINGS

KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "instance"


def loaded(folder: Path, **overrides: Any) -> dict[str, Any]:
    app = Flask("settings", instance_path=str(folder))
    load(app, overrides)
    return dict(app.config)


def write(folder: Path, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "config.toml").write_text(text, "utf-8")


def test_with_none_at_all_everything_has_a_value(folder: Path) -> None:
    config = loaded(folder)
    assert config["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{folder / 'corrections.sqlite'}"
    assert (config["BASE_URL"], config["SESSION_COOKIE_SECURE"]) == ("http://127.0.0.1:8000", False)
    assert (config["MAIL_SERVER"], config["SQLITE_SYNCHRONOUS"]) == (None, "FULL")
    assert set(SETTINGS) <= set(config)


def test_every_default_is_accepted_and_every_example_can_be_read() -> None:
    for name, setting in SETTINGS.items():
        assert setting.accept(setting.default), name
        read = setting.read(setting.example)
        assert setting.accept(read), name
        assert setting.default is None or type(read) is type(setting.default), name
        assert setting.about.endswith("."), name


def test_the_environment_outranks_the_file_and_the_command_line_both(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, "PORT = 1111\nweb_threads = 7\n")
    assert loaded(folder)["PORT"] == 1111
    assert loaded(folder)["WEB_THREADS"] == 7, "small letters do as well"
    monkeypatch.setenv("CORRECTIONS_PORT", "2222")
    assert loaded(folder)["PORT"] == 2222
    assert loaded(folder, PORT=3333)["PORT"] == 3333
    assert loaded(folder, PORT=3333)["BASE_URL"] == "http://127.0.0.1:3333"


@pytest.mark.parametrize(
    ("variable", "text", "name", "value"),
    [
        ("CORRECTIONS_MAIL_USE_TLS", " Yes ", "MAIL_USE_TLS", True),
        ("CORRECTIONS_MAIL_USE_TLS", "", "MAIL_USE_TLS", False),
        ("CORRECTIONS_MAIL_SERVER", "", "MAIL_SERVER", None),
        ("CORRECTIONS_LOG_LEVEL", "debug", "LOG_LEVEL", "DEBUG"),
        ("CORRECTIONS_FETCH_PRIVATE_HOSTS", "a.internal, b:8080", "FETCH_PRIVATE_HOSTS", ["a.internal", "b:8080"]),
        ("CORRECTIONS_LOCALE", "pt-BR", "LOCALE", "pt_BR"),
        ("CORRECTIONS_BASE_URL", "https://corrections.example.org/", "BASE_URL", "https://corrections.example.org"),
    ],
)
def test_the_environment_is_text_and_is_read_for_what_it_means(
    folder: Path, monkeypatch: pytest.MonkeyPatch, variable: str, text: str, name: str, value: object
) -> None:
    monkeypatch.setenv(variable, text)
    assert loaded(folder)[name] == value


@pytest.mark.parametrize("locale", ["pt-BR", "pt_BR"])
def test_a_language_with_a_country_shapes_pages_and_mail_however_it_is_spelt(folder: Path, locale: str) -> None:
    app = create_app({"LOCALE": locale}, instance=folder)
    with app.test_request_context("/"):
        assert str(get_locale()) == "pt_BR"
        with force_locale(app.config["LOCALE"]):
            assert str(get_locale()) == "pt_BR"


def test_postgresql_is_reached_through_its_present_driver(folder: Path) -> None:
    uri = loaded(folder, SQLALCHEMY_DATABASE_URI="postgresql://u@h/n")["SQLALCHEMY_DATABASE_URI"]
    assert uri == "postgresql+psycopg://u@h/n"


def test_cookies_are_for_https_alone_where_there_is_https(folder: Path) -> None:
    assert loaded(folder, BASE_URL="https://corrections.example.org")["SESSION_COOKIE_SECURE"] is True


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("CORRECTIONS_PORT", "eighty"),
        ("CORRECTIONS_PORT", "70000"),
        ("CORRECTIONS_WEB_PROCESSES", "0"),
        ("CORRECTIONS_MAIL_USE_TLS", "perhaps"),
        ("CORRECTIONS_BASE_URL", "corrections.example.org"),
        ("CORRECTIONS_BASE_URL", "https://example.org/corrections"),
        ("CORRECTIONS_BASE_URL", "https://[example.org"),
        ("CORRECTIONS_SQLALCHEMY_DATABASE_URI", "mysql://h/n"),
        ("CORRECTIONS_TIMEZONE", "Berlin"),
        ("CORRECTIONS_TIMEZONE", "Europe"),
        ("CORRECTIONS_TIMEZONE", "../../etc/passwd"),
        ("CORRECTIONS_TIMEZONE", ""),
        ("CORRECTIONS_LOCALE", "english please"),
        ("CORRECTIONS_SQLITE_SYNCHRONOUS", "OFF"),
        ("CORRECTIONS_LOG_LEVEL", "LOUD"),
        ("CORRECTIONS_SECRET_KEY", "short"),
        ("CORRECTIONS_RATELIMIT_STORAGE_URI", "memcached://h"),
    ],
)
def test_a_bad_one_is_refused_with_its_name_and_an_example(
    folder: Path, monkeypatch: pytest.MonkeyPatch, variable: str, text: str
) -> None:
    monkeypatch.setenv(variable, text)
    with pytest.raises(BadSetting) as refusal:
        loaded(folder)
    said = str(refusal.value)
    assert variable in said
    assert f"Example: {SETTINGS[variable.removeprefix('CORRECTIONS_')].example}" in said


@pytest.mark.parametrize("name", ["SECRET_KEY", "MAIL_PASSWORD", "SQLALCHEMY_DATABASE_URI"])
def test_secrets_are_not_repeated(folder: Path, name: str) -> None:
    write(folder, f"{name} = 5\n")
    with pytest.raises(BadSetting, match="hidden"):
        loaded(folder)


@pytest.mark.parametrize(
    "line",
    [
        "PORT = '8000'",
        "PORT = true",
        "MAIL_USE_TLS = 1",
        "MAIL_SERVER = 5",
        "FETCH_PRIVATE_HOSTS = 'a'",
        "FETCH_PRIVATE_HOSTS = [1]",
    ],
)
def test_a_value_of_the_wrong_kind_in_the_file_is_refused(folder: Path, line: str) -> None:
    write(folder, line)
    with pytest.raises(BadSetting, match=line.split(" ", maxsplit=1)[0]):
        loaded(folder)


@pytest.mark.parametrize("line", ['PORT = "eighty"', "PORT = 70000"])
def test_a_bad_one_is_named_where_it_stands(folder: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    write(folder, line)
    with pytest.raises(BadSetting, match=r"^PORT in .*config\.toml is "):
        loaded(folder)
    monkeypatch.setenv("CORRECTIONS_PORT", "eighty")
    write(folder, "PORT = 8000")
    with pytest.raises(BadSetting, match=r"^CORRECTIONS_PORT is 'eighty': should be a whole number\."):
        loaded(folder)


def test_a_misspelt_name_is_refused_not_ignored(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder, 'MAIL_SEVER = "x"')
    with pytest.raises(BadSetting, match=r"MAIL_SEVER.*MAIL_SERVER"):
        loaded(folder)
    write(folder, "")
    monkeypatch.setenv("CORRECTIONS_MAIL_SEVER", "x")
    with pytest.raises(BadSetting, match="CORRECTIONS_MAIL_SEVER"):
        loaded(folder)


@pytest.mark.parametrize("content", [b"PORT 8000", b"PORT = ", b"\xff\xfe"])
def test_a_file_that_is_no_toml_is_refused_with_a_line_that_is(folder: Path, content: bytes) -> None:
    folder.mkdir()
    (folder / "config.toml").write_bytes(content)
    with pytest.raises(BadSetting, match="A line looks like"):
        loaded(folder)


def test_which_installation_is_no_setting(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORRECTIONS_INSTANCE", str(folder))
    assert loaded(folder)["PORT"] == 8000


# The secret key


def test_the_secret_is_made_once_and_kept_for_its_owner_alone(folder: Path) -> None:
    first = loaded(folder)["SECRET_KEY"]
    assert len(first) == 64
    assert loaded(folder)["SECRET_KEY"] == first
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["secret_key"]


def test_a_secret_that_is_set_is_not_kept_beside(folder: Path) -> None:
    assert loaded(folder, SECRET_KEY=KEY)["SECRET_KEY"] == KEY
    assert not (folder / "secret_key").exists()


def test_processes_that_start_together_agree_on_the_secret(folder: Path) -> None:
    seen: list[str] = []
    gate = threading.Barrier(8)

    def start() -> None:
        gate.wait()
        seen.append(loaded(folder)["SECRET_KEY"])

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8
    assert len(set(seen)) == 1
    assert len(seen[0]) == 64


def test_an_empty_secret_is_never_used(folder: Path) -> None:
    folder.mkdir()
    (folder / "secret_key").write_text("")
    with pytest.raises(BadSetting, match="secret_key"):
        loaded(folder)
