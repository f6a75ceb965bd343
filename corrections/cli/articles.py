"""``corrections articles``: the articles that errors are reported in."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corrections.domain.text import one_line

if TYPE_CHECKING:
    from corrections.cli.importing import Tally

allow_host = click.option(
    "--allow-host",
    "allowed",
    multiple=True,
    metavar="HOST",
    help="Fetch from HOST (or HOST:PORT) too. Otherwise only from the publication's hosts. May be repeated.",
)
as_json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print the counts and refusals as one JSON object."
)


@click.group()
def articles() -> None:
    """Bring articles in from feeds, sitemaps, pages and files."""


@articles.command("import")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@allow_host
@as_json_option
@click.option("--yes", is_flag=True, help="Fetch from the hosts of the given addresses without asking.")
@click.pass_obj
def import_(folder: Path, sources: tuple[str, ...], allowed: tuple[str, ...], *, as_json: bool, yes: bool) -> None:
    """Take in the articles of each SOURCE; doing it again updates them.

    A SOURCE is an http(s) address of a page, a feed (RSS, Atom, JSON Feed) or a sitemap, or a file or folder of saved
    HTML, plain text (the first line is the title), Markdown, feeds, sitemaps, CSV, JSON or JSON Lines (url, title,
    byline, section, published, lang, text), also packed with gzip; "-" is standard input. What it is, is told by what
    is in it. Pages that a feed or sitemap lists are fetched one after another, as robots.txt allows.

    An article is the same by its address, or without one by its title. A new text is kept beside the old one; earlier
    titles and addresses still lead to the article. Exit code 1 when anything was refused.
    """
    from corrections.cli import importing  # brings the database; `--help` can do without

    with importing.begun(folder, allowed) as importer:
        importer.ask_for_hosts(sources, agreed=yes)
        tally = importer.take_in(sources)
    _report(tally, as_json=as_json)


@articles.command()
@allow_host
@as_json_option
@click.pass_obj
def refresh(folder: Path, allowed: tuple[str, ...], *, as_json: bool) -> None:
    """Fetch the page of every article that has an address, the newest first, and keep what changed."""
    from corrections.cli import importing  # brings the database; `--help` can do without

    with importing.begun(folder, allowed) as importer:
        tally = importer.take_in(importing.known_addresses())
    _report(tally, as_json=as_json)


@articles.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON line an article.")
@click.pass_obj
def list_(folder: Path, *, as_json: bool) -> None:
    """List the articles, the newest first: when published, title, address."""
    from corrections.cli import importing  # brings the database; `--help` can do without

    for article in importing.listed(folder):
        published = article["published"] or "no date"
        line = f"{published[:10]}  {article['title']}  {article['url'] or '(no address)'}"
        click.echo(json.dumps(article, ensure_ascii=False) if as_json else line)


def _report(tally: "Tally", *, as_json: bool) -> None:
    """Say what came of it; exit code 1 when anything was refused."""
    if as_json:
        click.echo(json.dumps(tally.as_facts(), ensure_ascii=False))
    else:
        for refusal in tally.refusals:
            click.echo(one_line(f"Refused: {refusal.origin}: {refusal.reason}"), err=True)
        click.echo(
            "{new:,} new, {changed:,} changed, {unchanged:,} unchanged, {refused:,} refused.".format_map(
                tally.as_facts()
            )
        )
        if tally.without_text:
            click.echo(f"{tally.without_text:,} came with a title only: their text was neither given nor fetched.")
    if tally.refusals:
        raise click.exceptions.Exit(1)
