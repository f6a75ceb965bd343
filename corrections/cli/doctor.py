"""``corrections doctor``: looks the installation over and says what to do."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from corrections.cli import checks
from corrections.cli.checks import Level

WORDS = {Level.OK: "ok      ", Level.WARNING: "warning ", Level.PROBLEM: "PROBLEM "}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON line a finding.")
@click.pass_obj
def doctor(folder: Path, *, as_json: bool) -> None:
    """Check settings, database, mail server, clock, disk and permissions; nothing is changed and no mail is sent.

    Exit code 1 when there is a problem; warnings alone are 0.
    """
    worst = Level.OK
    for finding in checks.findings(folder):
        worst = max(worst, finding.level)
        if as_json:
            click.echo(json.dumps(asdict(finding) | {"level": finding.level.name.lower()}, ensure_ascii=False))
        else:
            click.echo(f"{WORDS[finding.level]}{finding.subject}: {finding.found}")
            if finding.remedy:
                click.echo(f"        {finding.remedy}")
    if worst is Level.PROBLEM:
        raise click.exceptions.Exit(1)
