"""Settings: defaults < ``instance/config.toml`` < ``CORRECTIONS_*`` environment; a bad one is refused with its name."""

import os
import secrets
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from flask import Flask

PREFIX: Final = "CORRECTIONS_"
TRUE: Final = frozenset({"1", "true", "yes", "on"})
FALSE: Final = frozenset({"0", "false", "no", "off", ""})


class BadSetting(Exception):  # noqa: N818 - reads as what it is in `except BadSetting`
    """A setting that cannot be used; the sentence names it, says what is wrong and gives an example."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its default, how a string is read, what is accepted, and a line for the manual."""

    default: Any
    read: Callable[[str], Any]
    example: str
    about: str
    accept: Callable[[Any], bool] = lambda _: True
    wanted: str = ""


def _flag(text: str) -> bool:
    if text.lower() in TRUE:
        return True
    if text.lower() in FALSE:
        return False
    raise ValueError("neither true nor false")


def _words(text: str) -> list[str]:
    return [word for word in text.replace(",", " ").split() if word]


def _optional(text: str) -> str | None:
    return text or None


def _is_origin(value: Any) -> bool:
    parts = urlsplit(str(value))
    return not value or (parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.path in {"", "/"})


def _is_database(value: Any) -> bool:
    return str(value).startswith(("sqlite://", "postgresql+psycopg://", "postgresql://"))


def _between(low: float, high: float) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int | float) and low <= value <= high


def _one_of(*values: str) -> Callable[[Any], bool]:
    return lambda value: value in values


SETTINGS: Final[Mapping[str, Setting]] = {
    "BASE_URL": Setting("", str, "https://corrections.example.org", "Address of this installation as readers see it; makes the links in mail and feeds.", _is_origin, "an http(s) address without a path"),
    "HOST": Setting("127.0.0.1", str, "127.0.0.1", "Address that `serve` listens on."),
    "PORT": Setting(8000, int, "8000", "Port that `serve` listens on.", _between(0, 65535), "a port between 0 and 65535"),
    "WEB_PROCESSES": Setting(2, int, "2", "Web processes that `serve` starts.", _between(1, 64), "a number from 1 to 64"),
    "WEB_THREADS": Setting(4, int, "4", "Threads of each web process.", _between(1, 64), "a number from 1 to 64"),
    "PROXIES": Setting(0, int, "1", "How many proxies in front add X-Forwarded-For; their last entries are believed.", _between(0, 10), "a number from 0 to 10"),
    "SECRET_KEY": Setting("", str, "64 random characters", "Signs links and sessions; made once and kept in the instance folder when empty.", lambda v: not v or len(str(v)) >= 32, "at least 32 characters"),  # noqa: PLR2004 - said in the sentence beside it
    "SQLALCHEMY_DATABASE_URI": Setting("", str, "postgresql+psycopg://user:password@host/name", "The database; empty means SQLite in the instance folder.", lambda v: not v or _is_database(v), "an address that begins with sqlite:// or postgresql+psycopg://"),
    "SQLITE_SYNCHRONOUS": Setting("FULL", str.upper, "FULL", "FULL: no acknowledged report is lost even on power failure. NORMAL: faster, may lose the last moment.", _one_of("FULL", "NORMAL"), "FULL or NORMAL"),
    "LOCALE": Setting("en", str, "en", "Language of pages and mail."),
    "TIMEZONE": Setting("UTC", str, "Europe/Berlin", "Time zone of the dates on pages and in mail.", lambda v: v in available_timezones(), "a name such as Europe/Berlin"),
    "MAIL_SERVER": Setting(None, _optional, "smtp.example.org", "SMTP server; without one, messages wait and can be read at the desk."),
    "MAIL_PORT": Setting(25, int, "587", "Port of the SMTP server.", _between(1, 65535), "a port between 1 and 65535"),
    "MAIL_USE_TLS": Setting(False, _flag, "true", "STARTTLS (port 587)."),
    "MAIL_USE_SSL": Setting(False, _flag, "true", "TLS from the start (port 465)."),
    "MAIL_USERNAME": Setting(None, _optional, "corrections", "Name to log in with at the SMTP server."),
    "MAIL_PASSWORD": Setting(None, _optional, "secret", "Password to log in with at the SMTP server."),
    "MAIL_DEFAULT_SENDER": Setting(None, _optional, "corrections@example.org", "Address that mail comes from; the publication's reply address when empty."),
    "MAIL_TIMEOUT": Setting(30, int, "30", "Seconds to wait for the SMTP server.", _between(1, 600), "seconds from 1 to 600"),
    "FETCH_PRIVATE_HOSTS": Setting([], _words, "cms.internal, 127.0.0.1:8080", "Hosts in private networks that articles may be fetched from."),
    "KEEP_REPORTER_DAYS": Setting(365, int, "365", "Days after an outcome until a reporter's name and address are erased.", _between(1, 36500), "days from 1 to 36500"),
    "REPORTS_PER_SENDER": Setting(30, int, "30", "Reports an hour from one network address.", _between(1, 1_000_000), "a number from 1"),
    "REPORTS_PER_ARTICLE": Setting(300, int, "300", "Reports an hour about one article.", _between(1, 1_000_000), "a number from 1"),
    "RATELIMIT_ENABLED": Setting(True, _flag, "true", "Limits on log-in attempts and look-ups."),
    "RATELIMIT_STORAGE_URI": Setting("memory://", str, "redis://127.0.0.1:6379/0", "Where those limits are counted; in memory each process counts for itself.", lambda v: str(v).startswith(("memory://", "redis://", "rediss://")), "memory:// or a redis:// address"),
    "METRICS_TOKEN": Setting("", str, "a long random word", "Bearer token for /metrics from elsewhere than this machine."),
    "LOG_LEVEL": Setting("INFO", str.upper, "INFO", "How much is logged.", _one_of("DEBUG", "INFO", "WARNING", "ERROR"), "DEBUG, INFO, WARNING or ERROR"),
}

# What Flask and its extensions need and no operator should have to think about.
FIXED: Final[Mapping[str, Any]] = {
    "MAX_CONTENT_LENGTH": 1_000_000,
    "MAX_FORM_MEMORY_SIZE": 1_000_000,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_COOKIE_NAME": "corrections_desk",
    "WTF_CSRF_TIME_LIMIT": None,
}


def load(app: Flask, overrides: Mapping[str, Any] | None = None) -> None:
    """Read, check and set every setting; ``overrides`` come last and may hold the extensions' own names too.

    Raises BadSetting.
    """
    instance = Path(app.instance_path)
    values = {name: setting.default for name, setting in SETTINGS.items()}
    values |= _from_file(instance / "config.toml")
    values |= _from_environment()
    given = dict(overrides or {})
    values |= {name: value for name, value in given.items() if name in SETTINGS}
    for name, value in values.items():
        _check(name, value)
    app.config.update(FIXED)
    app.config.update(values)
    app.config.update(given)
    _complete(app, instance)


def _from_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"{path}: not readable as TOML: {error}. A line looks like: MAIL_SERVER = \"smtp.example.org\"") from error
    values = {name.upper(): value for name, value in found.items()}
    for name, value in values.items():
        _must_be_known(name, where=str(path))
        default = SETTINGS[name].default
        if default is not None and type(value) is not type(default):
            raise BadSetting(_sentence(name, value, f"should be {_kind(default)}"))
    return values


def _kind(default: Any) -> str:
    return {bool: "true or false", int: "a whole number", list: "a list of words"}.get(type(default), "text in quotes")


def _from_environment() -> dict[str, Any]:
    values: dict[str, Any] = {}
    for variable, text in os.environ.items():
        name = variable.removeprefix(PREFIX)
        if name == variable or name == "INSTANCE":
            continue
        _must_be_known(name, where="the environment", variable=variable)
        try:
            values[name] = SETTINGS[name].read(text.strip())
        except ValueError as error:
            raise BadSetting(_sentence(name, text, f"cannot be read: {error}")) from error
    return values


def _must_be_known(name: str, where: str, variable: str = "") -> None:
    if name not in SETTINGS:
        known = ", ".join(sorted(SETTINGS))
        raise BadSetting(f"{variable or name} in {where} is not a setting of Corrections. Known ones: {known}.")


def _check(name: str, value: Any) -> None:
    setting = SETTINGS[name]
    if not setting.accept(value):
        raise BadSetting(_sentence(name, value, f"should be {setting.wanted}"))


def _sentence(name: str, value: Any, wrong: str) -> str:
    shown = "(hidden)" if name in {"SECRET_KEY", "MAIL_PASSWORD", "METRICS_TOKEN", "SQLALCHEMY_DATABASE_URI"} else repr(value)
    return f"{PREFIX}{name} is {shown}: {wrong}. Example: {SETTINGS[name].example}"


def _complete(app: Flask, instance: Path) -> None:
    """Fill in what depends on the instance folder."""
    config = app.config
    uri = config["SQLALCHEMY_DATABASE_URI"] or f"sqlite:///{(instance / 'corrections.sqlite').resolve()}"
    config["SQLALCHEMY_DATABASE_URI"] = uri.replace("postgresql://", "postgresql+psycopg://", 1)
    config["SECRET_KEY"] = config["SECRET_KEY"] or _kept_secret(instance / "secret_key")
    config["BABEL_DEFAULT_LOCALE"] = config["LOCALE"]
    config["BABEL_DEFAULT_TIMEZONE"] = config["TIMEZONE"]
    config["ZONE"] = ZoneInfo(config["TIMEZONE"])
    config["BASE_URL"] = (config["BASE_URL"] or f"http://{config['HOST']}:{config['PORT']}").rstrip("/")
    config["SESSION_COOKIE_SECURE"] = config["BASE_URL"].startswith("https://")


def _kept_secret(path: Path) -> str:
    """The secret key of this instance, made on first use, readable by its owner alone."""
    try:
        return path.read_text("ascii").strip()
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was quicker
        return path.read_text("ascii").strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32))
    return path.read_text("ascii").strip()
