"""The table of all settings: default, how each is read and checked, a line for the manual."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

TRUE: Final = frozenset({"1", "true", "yes", "on"})
FALSE: Final = frozenset({"0", "false", "no", "off", ""})
SECRET_LENGTH: Final = 32
_LOCAL_PART: Final = 64  # characters before the @ (RFC 5321, section 4.5.3.1.1)
_REPLY_TOKEN: Final = 40  # characters that mail.addresses.token makes at most


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
    try:
        parts = urlsplit(str(value or ""))
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    bare = parts.path in {"", "/"} and not (parts.query or parts.fragment)
    return not value or (parts.scheme in {"http", "https"} and named and bare)


def _is_listening_place(value: Any) -> bool:
    try:
        parts = urlsplit(f"//{value}")
        return not value or bool(parts.hostname and parts.port and f"//{parts.netloc}" == f"//{value}")
    except ValueError:
        return False


def _is_mailbox(value: Any) -> bool:
    """Whether the address of an IMAP mailbox has all it needs, and no password, which has a setting of its own."""
    try:
        parts = urlsplit(str(value or ""))
        said = bool(parts.hostname and parts.username and parts.password is None and parts.port != 0)
    except ValueError:
        return False
    return not value or (parts.scheme in {"imap", "imaps"} and said and not (parts.query or parts.fragment))


def _is_mail_address(value: str) -> bool:
    """Whether it is an address, or a domain behind its ``@``."""
    return value.count("@") == 1 and not value.endswith("@")


def _is_database(value: Any) -> bool:
    return str(value).startswith(("sqlite://", "postgresql+psycopg://", "postgresql://"))


def _is_locale(value: Any) -> bool:
    from babel import Locale, UnknownLocaleError  # not needed for `corrections --help`

    try:
        Locale.parse(str(value), sep="-" if "-" in str(value) else "_")
    except (UnknownLocaleError, ValueError):
        return False
    return True


def _is_zone(value: Any) -> bool:
    try:
        ZoneInfo(str(value))
    except (ValueError, OSError, KeyError):  # not a name, a folder of names, no such name
        return False
    return True


def _is_reply_address(value: Any) -> bool:
    local, at, host = str(value).rpartition("@")
    plain = str(value).isascii() and str(value).isprintable() and not set(str(value)) & set(' ,;:<>()[]\\"')
    fits = len(local) - len("{token}") + _REPLY_TOKEN <= _LOCAL_PART
    return bool(at and host) and local.count("{token}") == 1 and "{" not in host and plain and fits


def _between(low: float, high: float) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int | float) and low <= value <= high


def _one_of(*values: str) -> Callable[[Any], bool]:
    return lambda value: value in values


SETTINGS: Final[Mapping[str, Setting]] = {
    "BASE_URL": Setting(
        "",
        str,
        "https://corrections.example.org",
        "Address of this installation as readers see it; makes the links in mail and feeds.",
        _is_origin,
        "an http(s) address without a path",
    ),
    "HOST": Setting("127.0.0.1", str, "127.0.0.1", "Address that `serve` listens on."),
    "PORT": Setting(
        8000, int, "8000", "Port that `serve` listens on.", _between(0, 65535), "a port between 0 and 65535"
    ),
    "WEB_PROCESSES": Setting(
        2, int, "2", "Web processes that `serve` starts.", _between(1, 64), "a number from 1 to 64"
    ),
    "WEB_THREADS": Setting(4, int, "4", "Threads of each web process.", _between(1, 64), "a number from 1 to 64"),
    "PROXIES": Setting(
        0,
        int,
        "1",
        "How many proxies in front add X-Forwarded-For; their last entries are believed.",
        _between(0, 10),
        "a number from 0 to 10",
    ),
    "SECRET_KEY": Setting(
        "",
        str,
        "the output of: openssl rand -hex 32",
        "Signs links and sessions; made once and kept in the instance folder when empty.",
        lambda v: not v or len(str(v)) >= SECRET_LENGTH,
        "at least 32 characters",
    ),
    "SQLALCHEMY_DATABASE_URI": Setting(
        "",
        str,
        "postgresql+psycopg://user:password@host/name",
        "The database; empty means SQLite in the instance folder.",
        lambda v: not v or _is_database(v),
        "an address that begins with sqlite:// or postgresql+psycopg://",
    ),
    "SQLITE_SYNCHRONOUS": Setting(
        "FULL",
        str.upper,
        "FULL",
        "FULL: no acknowledged report is lost even on power failure. NORMAL: faster, may lose the last moment.",
        _one_of("FULL", "NORMAL"),
        "FULL or NORMAL",
    ),
    "LOCALE": Setting("en", str, "en", "Language of pages and mail.", _is_locale, "a language such as en or pt-BR"),
    "TIMEZONE": Setting(
        "UTC",
        str,
        "Europe/Berlin",
        "Time zone of the dates on pages and in mail.",
        _is_zone,
        "a name such as Europe/Berlin",
    ),
    "MAIL_SERVER": Setting(
        None, _optional, "smtp.example.org", "SMTP server; without one, messages wait and can be read at the desk."
    ),
    "MAIL_PORT": Setting(25, int, "587", "Port of the SMTP server.", _between(1, 65535), "a port between 1 and 65535"),
    "MAIL_USE_TLS": Setting(False, _flag, "true", "STARTTLS (port 587)."),
    "MAIL_USE_SSL": Setting(False, _flag, "true", "TLS from the start (port 465)."),
    "MAIL_USERNAME": Setting(None, _optional, "corrections", "Name to log in with at the SMTP server."),
    "MAIL_PASSWORD": Setting(None, _optional, "secret", "Password to log in with at the SMTP server."),
    "MAIL_DEFAULT_SENDER": Setting(
        None,
        _optional,
        "corrections@example.org",
        "Address that mail comes from; the publication's reply address when empty.",
    ),
    "MAIL_TIMEOUT": Setting(
        30, int, "30", "Seconds to wait for the SMTP server.", _between(1, 600), "seconds from 1 to 600"
    ),
    "MAIL_IN_ADDRESSES": Setting(
        [],
        _words,
        "typos@example.org, @corrections.example.org",
        "Addresses, or whole domains, that mail to us is taken for by LMTP and SMTP; any when empty.",
        lambda v: all(map(_is_mail_address, v)),
        "addresses such as typos@example.org or domains such as @corrections.example.org",
    ),
    "MAIL_IN_LMTP": Setting(
        "",
        str,
        "127.0.0.1:8024",
        "Address and port where `serve` and `worker` take mail by LMTP; nowhere when empty.",
        _is_listening_place,
        "an address and a port",
    ),
    "MAIL_IN_IMAP": Setting(
        "",
        str,
        "imaps://typos@example.org@imap.example.org/INBOX",
        "Mailbox that `serve` and `worker` fetch mail from; none when empty.",
        _is_mailbox,
        "imaps://USER@HOST/FOLDER, or imap:// for STARTTLS, without the password",
    ),
    "MAIL_IN_IMAP_PASSWORD": Setting("", str, "secret", "Password of that mailbox."),
    "MAIL_IN_IMAP_HANDLED": Setting(
        "Handled",
        str,
        "Handled",
        "Folder of that mailbox where mail is moved to once it is stored; made if missing.",
        bool,
        "the name of a folder",
    ),
    "MAIL_REPLY_ADDRESS": Setting(
        "",
        str,
        "{token}@replies.example.org",
        "Where answers to mail go, with `{token}` where the signed name stands; when empty, and mail comes in, the"
        " publication's reply address with it after a plus sign.",
        lambda v: not v or _is_reply_address(v),
        "an address with {token} before the @",
    ),
    "MAIL_PLUS_ADDRESSING": Setting(
        True,
        _flag,
        "false",
        "Whether mail to name+anything@host reaches name@host; without it and without `MAIL_REPLY_ADDRESS` answers are"
        " known by the mail they answer.",
    ),
    "MAIL_TRUSTED_AUTHSERV": Setting(
        "",
        str,
        "mx.example.org",
        "The name that your mail server writes first in Authentication-Results; then editors' orders by mail need a"
        " pass of DKIM, SPF or DMARC there.",
    ),
    "FETCH_PRIVATE_HOSTS": Setting(
        [], _words, "cms.internal, 127.0.0.1:8080", "Hosts in private networks that articles may be fetched from."
    ),
    "KEEP_REPORTER_DAYS": Setting(
        365,
        int,
        "365",
        "Days after an outcome until a reporter's name and address are erased.",
        _between(1, 36500),
        "days from 1 to 36500",
    ),
    "REPORTS_PER_SENDER": Setting(
        30, int, "30", "Reports an hour from one network address.", _between(1, 1_000_000), "a number from 1"
    ),
    "REPORTS_PER_ARTICLE": Setting(
        300, int, "300", "Reports an hour about one article.", _between(1, 1_000_000), "a number from 1"
    ),
    "RATELIMIT_ENABLED": Setting(
        True, _flag, "true", "Limits on attempts to log in and on requests for a new password."
    ),
    "RATELIMIT_STORAGE_URI": Setting(
        "memory://",
        str,
        "redis://127.0.0.1:6379/0",
        "Where those limits are counted; in memory each process counts for itself.",
        lambda v: str(v).startswith(("memory://", "redis://", "rediss://")),
        "memory:// or a redis:// address",
    ),
    "METRICS_TOKEN": Setting(
        "", str, "a long random word", "Bearer token for /metrics from elsewhere than this machine."
    ),
    "LOG_LEVEL": Setting(
        "INFO",
        str.upper,
        "INFO",
        "How much is logged.",
        _one_of("DEBUG", "INFO", "WARNING", "ERROR"),
        "DEBUG, INFO, WARNING or ERROR",
    ),
}
