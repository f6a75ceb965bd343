"""``corrections reports`` and ``corrections match``: reports of the past in, where each was placed out, and why."""

import json
from pathlib import Path

import click


@click.group()
def reports() -> None:
    """Bring in reports of the past; list where each report was placed."""


@reports.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True), metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="Print the counts and refusals as one JSON object.")
@click.pass_obj
def import_(folder: Path, files: tuple[Path, ...], *, as_json: bool) -> None:
    """Take in the reports of each FILE, JSON Lines; "-" is standard input. Doing it again makes none twice.

    A line has some of: id, received, channel, article, url, original_text, corrected_text, notes, selector (exact,
    prefix, suffix), name, email. Only one of original_text, notes and selector.exact must be there. Nobody is written
    to. Exit code 1 when a line was refused.
    """
    from corrections.cli import taking  # brings the database; `--help` can do without

    with taking.begun(folder) as taker:
        tally = taker.take_in(files)
    if as_json:
        click.echo(json.dumps(tally.as_facts(), ensure_ascii=False))
    else:
        for refusal in tally.refusals:
            click.echo(f"Refused: {refusal}", err=True)
        click.echo(tally.sentence())
    if tally.refusals:
        raise click.exceptions.Exit(1)


@reports.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON line a report.")
@click.pass_obj
def export(folder: Path, *, as_json: bool) -> None:
    """List all reports, the oldest first: where each was placed, and how surely."""
    from corrections.cli import taking  # brings the database; `--help` can do without

    for line in taking.placed(folder):
        if as_json:
            click.echo(json.dumps(line, ensure_ascii=False))
            continue
        where = line["article_title"] or "no article"
        number = f"#{line['erratum']}" if line["erratum"] else "no erratum"
        click.echo(
            f"{line['reference']}  {number}  {line['certainty']}, {line['anchor_state'] or line['screening']}  {where}"
        )


@click.command()
@click.argument("article")
@click.argument("original", default="")
@click.argument("corrected", default="")
@click.option("--notes", default="", help="What else the reader wrote.")
@click.option("--json", "as_json", is_flag=True, help="Print all of it as one JSON object.")
@click.pass_obj
def match(folder: Path, article: str, original: str, corrected: str, notes: str, *, as_json: bool) -> None:
    """Explain what would become of a report: which article ARTICLE means, where ORIGINAL stands, and why.

    ARTICLE is a title or an address, loosely typed; "" for none. Nothing is stored.
    """
    from corrections.cli import matching  # brings the database; `--help` can do without

    told = matching.explain(folder, article, original, corrected, notes)
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else matching.as_text(told))
