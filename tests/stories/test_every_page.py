"""Every page of the demo, found by following links: valid HTML, WCAG 2.2 AA, nothing wider than a telephone."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from lxml import html

from navigators import Desk
from running import Installation, Server
from tools import AXE, VNU
from visitors import WithMouse

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ALIKE: Final = 2  # pages of one kind that are looked at
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES: Final = {
    "desk, light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "telephone, dark": {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark", "has_touch": True},
}
A_MAIL: Final = "/html"  # a mail as it was sent, in a frame of its own where no script may run
# Where no link leads, and what a reader or an editor may still come to see.
BESIDES: Final = (
    "/nothing-here",
    "/corrections/99999",
    "/?q=%22nothing+has+these+words%22",
    "/?kind=correction",
    "/?year=2019",
    "/report/known?article=eels",
    "/report?url=https://harbour-review.example/nowhere&quote=teh",
    "/reports/not-a-reference",
    "/reset",
    "/wan-signin",
    "/desk/?q=is:rejected",
    "/desk/?q=nonsense:word",
    "/desk/?tab=all&sort=reports",
    "/desk/errata/99999",
    "/desk/?q=is:likely",
    "/desk/inbox?tray=lists",
    "/desk/inbox?tray=failed",
    "/desk/inbox/99999",
)
FROM_A_READER: Final = "From: Ann Reader <ann@readers.test>\nTo: typos@newsroom.test\nMIME-Version: 1.0\n"
PIXEL: Final = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
WITH_A_PICTURE: Final = (
    'Subject: a picture\nMessage-ID: <1@readers.test>\nContent-Type: multipart/mixed; boundary="b"\n\n--b\n\n'
    'In "What the eels know" you wrote "eals" instead of "eels".\n\n-- \nAnn\n--b\nContent-Type: image/png\n'
    f'Content-Disposition: attachment; filename="page.png"\nContent-Transfer-Encoding: base64\n\n{PIXEL}\n--b--\n'
)
MAILS: Final = (
    WITH_A_PICTURE,
    "Subject: ten boats\nMessage-ID: <2@readers.test>\nList-Id: <boats.readers.test>\n\nTen boats to see.\n",
    "Subject: two errors\nMessage-ID: <3@readers.test>\n\nThe bell that strikes thirteen: clapper, not claper.\n",
)


@dataclass
class Site:
    """The demo, being served, with all pages that links lead to."""

    server: Server
    login: dict[str, str]
    public: dict[str, str] = field(default_factory=dict)
    desk: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"


@pytest.fixture(scope="module")
def site(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("demo") / "instance"
    installation = Installation(folder)
    said = installation.must("demo")
    email, password = (re.search(rf"{what}:\s+(\S+)", said) for what in ("Log in as", "Password"))
    assert email
    assert password
    for number, mail in enumerate(MAILS):
        (folder.parent / f"{number}.eml").write_text(FROM_A_READER + mail, "utf-8")
        installation.must("mail", "import", str(folder.parent / f"{number}.eml"))
    with installation.serving("--no-worker") as server:
        site = Site(server, _logged_in(browser, server, email[1], password[1]))
        site.public = pages(browser, site, {}, ["/", "/report", "/login", *(b for b in BESIDES if "/desk" not in b)])
        known = {kind_of(address) for address in site.public}
        site.desk = pages(browser, site, site.login, ["/desk/", *(b for b in BESIDES if "/desk" in b)], known)
        yield site


def _logged_in(browser: Any, server: Server, email: str, password: str) -> dict[str, Any]:
    context = browser.new_context(base_url=f"http://127.0.0.1:{server.port}")
    Desk(WithMouse(context.new_page())).logs_in(email, password)
    state: dict[str, Any] = context.storage_state()
    context.close()
    return state


def kind_of(address: str) -> str:
    """Pages that only show other rows are of one kind."""
    parts = urlsplit(address)
    path = re.sub(r"(?<=/articles/)[\w-]+|(?<=/reports/)[\w-]+|\d+", "x", parts.path)
    return f"{path} {sorted(parse_qs(parts.query))}"


def pages(
    browser: Any, site: Site, state: dict[str, Any], starts: list[str], known: AbstractSet[str] = frozenset()
) -> dict[str, str]:
    """Follow the links of every page; the addresses of all kinds of pages but the known ones, with their HTML."""
    context = browser.new_context(base_url=site.address, storage_state=state or None)
    found: dict[str, str] = {}
    seen = Counter(map(kind_of, starts))
    waiting = list(starts)
    while waiting:
        address = waiting.pop(0)
        answer = context.request.get(address)
        assert answer.status < 500, f"{answer.status} for {address}"
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        found[address] = answer.text()
        for link in html.fromstring(found[address]).xpath("//a/@href"):
            target = urlsplit(urljoin(f"{site.address}{address}", link))
            there = target._replace(scheme="", netloc="", fragment="").geturl()
            ours = f"{target.scheme}://{target.netloc}" == site.address and not there.startswith("/static/")
            kind = kind_of(there)
            fresh = kind not in known and there not in found and there not in waiting
            if ours and fresh and seen[kind] < ALIKE and (state or not there.startswith("/desk")):
                seen[kind] += 1
                waiting.append(there)
    context.close()
    return found


def test_links_lead_to_every_kind_of_page(site: Site) -> None:
    public, desk = ({kind_of(address).split()[0] for address in part} for part in (site.public, site.desk))
    assert public >= {"/", "/corrections/x", "/articles/x", "/report", "/policy", "/login", "/reset"}
    assert desk >= {
        "/desk/", "/desk/errata/x", "/desk/articles", "/desk/articles/x", "/desk/corrections", "/desk/corrections/x",
        "/desk/outbox", "/desk/outbox/x", "/desk/settings", "/desk/account", "/desk/screening", "/desk/inbox",
        "/desk/inbox/x",
    }  # fmt: skip


@pytest.mark.htmlcheck
def test_the_nu_checker_has_nothing_to_say(site: Site, tmp_path: Path) -> None:
    files = {}
    for number, (address, source) in enumerate({**site.public, **site.desk}.items()):
        path = tmp_path / f"{number}.html"
        path.write_text(source, "utf-8")
        files[str(path)] = address
    command = ["java", "-Xmx512m", "-jar", str(VNU), "--stdout", "--format", "json", "--exit-zero-always", *files]
    said = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout)
    problems = {
        f"{files[one['url'].removeprefix('file:')]}: {one['message']}: {one.get('extract', '')[:120]!r}"
        for one in said["messages"]
        if one["type"] != "info" or one.get("subType") == "warning"
    }
    assert sorted(problems) == []


@pytest.mark.axe
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("part", ["public", "desk"])
def test_everybody_can_use_it(browser: Any, site: Site, part: str, size: str) -> None:
    """axe finds nothing; at no width has anybody to scroll sideways; no script and no policy complains."""
    state = site.login if part == "desk" else None
    context = browser.new_context(base_url=site.address, storage_state=state, **SIZES[size])
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
    page.on("console", lambda said: _note(problems, page.url, said))
    axe = AXE.read_text("utf-8")
    for address in getattr(site, part):
        if address.endswith(A_MAIL):
            continue
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        page.evaluate(axe)
        found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
        problems += [
            f"{address}: {violation['id']}: {violation['help']}: {violation['nodes'][0]['html'][:150]}"
            for violation in found["violations"]
        ]
        wide, window = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        if wide > window:
            problems.append(f"{address}: {wide} pixels wide in a window of {window}")
    context.close()
    assert problems == []


def _note(problems: list[str], address: str, said: Any) -> None:
    """What the console says of a page; that an address answers 404 is what it was opened for."""
    if said.type == "error" and "the server responded with a status of 4" not in said.text:
        problems.append(f"{address}: {said.text}")


def test_every_page_says_what_it_is(site: Site) -> None:
    for address, source in {**site.public, **site.desk}.items():
        if address.endswith(A_MAIL):
            continue
        page = html.fromstring(source)
        assert page.get("lang") == "en-GB", address
        assert len(page.xpath("//h1")) == 1, address
        assert len(page.xpath("//main[@id='main']")) == 1, address
        assert page.findtext(".//title").strip(), address
        assert not page.xpath("//*[@style] | //script[not(@src)][not(@nonce)][@type!='application/ld+json']"), address
    titles = Counter(html.fromstring(source).findtext(".//title") for source in site.public.values())
    assert titles.most_common(1)[0][1] <= 8, "pages have titles of their own"
