"""Settings: defaults < ``instance/config.toml`` < ``CORRECTIONS_*`` environment; a bad one is refused with its name."""

import contextlib
import os
import secrets
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Flask

from corrections.settings import SECRET_LENGTH, SETTINGS

PREFIX: Final = "CORRECTIONS_"


class BadSetting(Exception):
    """A setting that cannot be used; the sentence names it, says what is wrong and gives an example."""


# What Flask and its extensions need and no operator should have to think about.
FIXED: Final[Mapping[str, Any]] = {
    "MAX_CONTENT_LENGTH": 1_000_000,
    "MAX_FORM_MEMORY_SIZE": 1_000_000,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_COOKIE_NAME": "corrections_desk",
    "WTF_CSRF_TIME_LIMIT": None,
}

# What may hold a password and is not repeated when it is refused.
HIDDEN: Final = frozenset(
    {
        "SECRET_KEY",
        "MAIL_PASSWORD",
        "MAIL_IN_IMAP",
        "MAIL_IN_IMAP_PASSWORD",
        "METRICS_TOKEN",
        "SQLALCHEMY_DATABASE_URI",
    }
)


def load(app: Flask, overrides: Mapping[str, Any] | None = None) -> None:
    """Read, check and set every setting; ``overrides`` come last and may hold the extensions' own names too.

    Raises BadSetting.
    """
    instance = Path(app.instance_path)
    values = {name: setting.default for name, setting in SETTINGS.items()}
    written = _from_file(instance / "config.toml")
    values |= written
    values |= (surrounding := _from_environment())
    given = dict(overrides or {})
    values |= {name: value for name, value in given.items() if name in SETTINGS}
    for name, value in values.items():
        _check(name, value, instance / "config.toml" if name in written.keys() - surrounding.keys() else None)
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
        raise BadSetting(
            f'{path}: not readable as TOML: {error}. A line looks like: MAIL_SERVER = "smtp.example.org"'
        ) from error
    values = {name.upper(): value for name, value in found.items()}
    for name, value in values.items():
        _must_be_known(name, where=str(path))
        default = SETTINGS[name].default
        if not _is_like(value, "" if default is None else default):
            raise BadSetting(_sentence(name, value, f"should be {_kind(default)}", path))
    return values


def _is_like(value: Any, default: Any) -> bool:
    if type(value) is not type(default):
        return False
    return not isinstance(value, list) or all(isinstance(word, str) for word in value)


def _kind(default: Any) -> str:
    return {bool: "true or false", int: "a whole number", list: "a list of words"}.get(type(default), "text in quotes")


def _from_environment() -> dict[str, Any]:
    values: dict[str, Any] = {}
    for variable, text in os.environ.items():
        name = variable.removeprefix(PREFIX)
        if name in {variable, "INSTANCE"}:
            continue
        _must_be_known(name, where="the environment", variable=variable)
        try:
            values[name] = SETTINGS[name].read(text.strip())
        except ValueError as error:
            raise BadSetting(_sentence(name, text, f"should be {_kind(SETTINGS[name].default)}")) from error
    return values


def _must_be_known(name: str, where: str, variable: str = "") -> None:
    if name not in SETTINGS:
        known = ", ".join(sorted(SETTINGS))
        raise BadSetting(f"{variable or name} in {where} is not a setting of Corrections. Known ones: {known}.")


def _check(name: str, value: Any, file: Path | None) -> None:
    setting = SETTINGS[name]
    if not setting.accept(value):
        raise BadSetting(_sentence(name, value, f"should be {setting.wanted}", file))


def _sentence(name: str, value: Any, wrong: str, file: Path | None = None) -> str:
    shown = "(hidden)" if name in HIDDEN else repr(value)
    where = f"{name} in {file}" if file else f"{PREFIX}{name}"
    return f"{where} is {shown}: {wrong}. Example: {SETTINGS[name].example}"


def _complete(app: Flask, instance: Path) -> None:
    """Fill in what depends on the instance folder."""
    config = app.config
    uri = config["SQLALCHEMY_DATABASE_URI"] or f"sqlite:///{(instance / 'corrections.sqlite').resolve()}"
    config["SQLALCHEMY_DATABASE_URI"] = uri.replace("postgresql://", "postgresql+psycopg://", 1)
    config["SECRET_KEY"] = config["SECRET_KEY"] or _kept_secret(instance / "secret_key")
    config["BABEL_DEFAULT_LOCALE"] = config["LOCALE"] = config["LOCALE"].replace("-", "_")  # as Babel spells it
    config["BABEL_DEFAULT_TIMEZONE"] = config["TIMEZONE"]
    config["ZONE"] = ZoneInfo(config["TIMEZONE"])
    host = f"[{config['HOST']}]" if ":" in config["HOST"] else config["HOST"]  # IPv6, RFC 3986
    config["BASE_URL"] = (config["BASE_URL"] or f"http://{host}:{config['PORT']}").rstrip("/")
    config["SESSION_COOKIE_SECURE"] = config["BASE_URL"].startswith("https://")


def _kept_secret(path: Path) -> str:
    """The secret key of this instance, made on first use, readable by its owner alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _make_secret(path)
    kept = path.read_text("ascii").strip()
    if len(kept) < SECRET_LENGTH:
        raise BadSetting(f"{path} is empty or cut off. Bring it back from a backup, or remove it: a new one is made.")
    return kept


def _make_secret(path: Path) -> None:
    """Appear whole or not at all: other processes start at the same moment."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=".secret", encoding="ascii") as draft:
        draft.write(secrets.token_hex(SECRET_LENGTH))
        draft.flush()
        os.fsync(draft.fileno())
        with contextlib.suppress(FileExistsError):  # another process was quicker
            os.link(draft.name, path)
