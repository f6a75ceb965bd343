"""Real processes that do the same thing at the same moment, each with a database connection of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent

_START: Final = """
import sys
sys.path[:0] = [{root!r}, {tests!r}]
from flask import Flask
from corrections import config, db as database
from corrections.db import db, transaction
app = Flask("process", instance_path={instance!r})
config.load(app, {{"SQLALCHEMY_DATABASE_URI": {uri!r}, "SECRET_KEY": "k" * 40, "SQLITE_SYNCHRONOUS": "NORMAL"}})
database.init_app(app)
with app.app_context():
    db.session.connection()
    db.session.rollback()
    print("ready", flush=True)
    sys.stdin.readline()
    ME = {me}
"""


def at_once(code: str, uri: str, *, times: int) -> list[list[str]]:
    """Run ``code`` in so many processes that begin together; the lines that each printed.

    It finds ``app``, ``db``, ``transaction`` and ``ME``, the number of its process from 0. Raises RuntimeError with
    what was said when one fails.
    """
    body = "\n".join(f"    {line}" for line in code.strip().splitlines())
    processes = []
    for me in range(times):
        start = _START.format(root=str(ROOT), tests=str(ROOT / "tests"), instance="/nowhere", uri=uri, me=me)
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        processes.append(subprocess.Popen([sys.executable, "-c", start + body], text=True, **pipes))
    for process in processes:
        _must(process, _line(process) == "ready\n")
    for process in processes:
        _say(process, "go\n")
    said = []
    for process in processes:
        out, err = process.communicate(timeout=120)
        if process.returncode:
            raise RuntimeError(err)
        said.append(out.split("\n")[:-1])
    return said


def _line(process: subprocess.Popen[str]) -> str:
    return process.stdout.readline() if process.stdout is not None else ""


def _say(process: subprocess.Popen[str], line: str) -> None:
    if process.stdin is not None:
        process.stdin.write(line)
        process.stdin.flush()


def _must(process: subprocess.Popen[str], condition: bool) -> None:
    if not condition:
        raise RuntimeError(process.communicate()[1])
