"""Load from wrk, and what the servers spent meanwhile: CPU seconds and memory of their processes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True, slots=True)
class Load:
    """One run: requests a second, the 99th percentile in ms, CPU ms a request, answers that were not 2xx or 3xx."""

    rate: float
    p99: float
    cpu: float
    errors: int


def need_wrk() -> None:
    """Ends the program with a plain sentence when wrk is not there."""
    if shutil.which("wrk") is None:
        raise SystemExit("The benchmarks need wrk (on Debian: apt-get install wrk).")


def wrk(url: str, pid: int, *, connections: int, seconds: int, script: Path | None = None, env: dict[str, str]) -> Load:
    """Put load on ``url``, served by process ``pid`` and those below it."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "--latency"]
    if script is not None:
        command += ["-s", str(script)]
    before = cpu_seconds(pid)
    out = subprocess.run([*command, url], check=True, capture_output=True, text=True, env=os.environ | env).stdout
    spent = cpu_seconds(pid) - before
    found = re.search(r"(\d+) requests in", out)
    requests = int(found[1]) if found else 0
    rate = re.search(r"Requests/sec:\s+([\d.]+)", out)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s|m)", out)
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    cut = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", out)
    return Load(
        rate=float(rate[1]) if rate else 0.0,
        p99=float(p99[1]) * UNITS[p99[2]] if p99 else 0.0,
        cpu=spent / requests * 1000 if requests else 0.0,
        errors=(int(refused[1]) if refused else 0) + (sum(map(int, cut.groups())) if cut else 0),
    )


def family(pid: int) -> list[int]:
    """The process and all below it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += family(int(child))
    return found


def cpu_seconds(pid: int) -> float:
    """User and system time of the process and all below it, those that ended included."""
    total = 0.0
    for member in family(pid):
        fields = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
        total += sum(map(int, fields[11:15])) / TICK
    return total


def memory_mib(pid: int) -> float:
    """Proportional set size of the process and all below it: what is shared counts once."""
    total = 0
    for member in family(pid):
        found = re.search(r"Pss:\s+(\d+)", Path(f"/proc/{member}/smaps_rollup").read_text())
        total += int(found[1]) if found else 0
    return total / 1024
