"""The publication of this installation."""

from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections.domain import limits
from corrections.domain.errors import Rejected
from corrections.domain.text import clean, one_line
from corrections.domain.urls import canonical_url, host_of
from corrections.models import Publication
from corrections.services import numbers
from corrections.services.reports import email_address

NAME_AT_FIRST: Final = "Our publication"
HOME_AT_FIRST: Final = "http://localhost/"


def get(session: Session) -> Publication:
    """The publication; made with a name to be changed when there is none yet."""
    publication = session.scalars(select(Publication).order_by(Publication.id).limit(1)).one_or_none()
    if publication is None:
        publication = Publication(name=NAME_AT_FIRST, home_url=HOME_AT_FIRST, hosts=[], tag_authority="localhost")
        session.add(publication)
        session.flush()
    return publication


def describe(
    session: Session,
    publication: Publication,
    *,
    name: str,
    home_url: str,
    hosts: list[str] | None = None,
    licence: str | None = None,
    reply_address: str | None = None,
    policy: str | None = None,
) -> None:
    """Change what is said of the publication; None leaves a value as it is. Raises Rejected with fields."""
    problems: dict[str, str] = {}
    title = one_line(name)
    if not 0 < len(title) <= limits.NAME:
        problems["name"] = f"Give a name of at most {limits.NAME} characters."
    home = canonical_url(one_line(home_url))
    if home is None or len(home) > limits.URL:
        problems["home_url"] = "Give the whole address of the home page, such as https://example.org/"
    if reply_address and email_address(reply_address) is None:
        problems["reply_address"] = "This does not look like an e-mail address. One looks like: desk@example.org"
    if policy is not None and len(policy) > limits.POLICY:
        problems["policy"] = f"At most {limits.POLICY:,} characters fit."
    if licence is not None and len(licence) > limits.URL:
        problems["licence"] = f"At most {limits.URL:,} characters fit."
    wanted = [_host(host) for host in (publication.hosts if hosts is None else hosts) if host.strip()]
    if hosts is not None and None in wanted:
        problems["hosts"] = "One of these is not a host. A host looks like: www.example.org"
    if problems or home is None:
        raise Rejected("Please look at the marked fields.", problems)
    publication.name, publication.home_url = title, home
    own = host_of(home)
    publication.hosts = [host for host in dict.fromkeys([own, *wanted]) if host]
    if not numbers.current(session, numbers.Name.CORRECTION):
        publication.tag_authority = own or ""  # from the first correction on, the ids in the feeds stay
    publication.licence = one_line(licence) if licence is not None else publication.licence
    publication.reply_address = one_line(reply_address) if reply_address is not None else publication.reply_address
    publication.policy = clean(policy) if policy is not None else publication.policy
    numbers.take(session, numbers.Name.LOG)


def _host(typed: str) -> str | None:
    """The host, with its port if that is not the usual one, of a host or an address; None if it is neither."""
    word = typed.strip()
    found = canonical_url(word if "://" in word else f"https://{word}")
    return urlsplit(found).netloc if found else None
