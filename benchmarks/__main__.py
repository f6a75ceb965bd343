"""`python -m benchmarks`: ours beside a bare Flask route and isso, interleaved, at two sizes; prints a table.

Nothing is installed into the environment of the product: isso gets one of its own, in a folder that is kept.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import load, systems
from benchmarks.load import Load
from benchmarks.systems import System

HERE = Path(__file__).resolve().parent
WORKS = {
    "W1": "submit one report",
    "W2": "public page of 50",
    "W4": "triage list of 50",
    "W7": "search the log",
}
Key = tuple[str, int, int, str]


def main() -> None:
    """Run all and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", default="1000,100000", help="how much is stored (default: 1000,100000)")
    options.add_argument("--rounds", type=int, default=5, help="how often each is measured (default: 5)")
    options.add_argument("--seconds", type=int, default=2, help="how long each time (default: 2)")
    options.add_argument(
        "--isso", type=Path, default=Path(tempfile.gettempdir()) / "corrections-bench-isso", help="environment for isso"
    )
    options.add_argument("--out", type=Path, help="also write the table here")
    given = options.parse_args()
    load.need_wrk()
    install_isso(given.isso)
    results: dict[Key, list[Load]] = defaultdict(list)
    starts: list[tuple[str, int, float, float]] = []
    for stored in map(int, given.sizes.split(",")):
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            running = start_all(folder, stored, given.isso, stack)
            time.sleep(2)
            starts += [(system.name, stored, system.started_in, load.memory_mib(system.pid)) for system in running]
            for _ in range(given.rounds):
                measure(running, stored, given.seconds, results)
    table = report(results, starts)
    print(table)
    if given.out:
        given.out.write_text(table)


def install_isso(venv: Path) -> None:
    """Isso in an environment of its own, made on first use."""
    if not (venv / "bin" / "isso").exists():
        subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
        subprocess.run([str(venv / "bin" / "python"), "-m", "pip", "install", "-q", "isso"], check=True)


def start_all(folder: Path, stored: int, venv: Path, stack: ExitStack) -> list[System]:
    """Every system, filled and answering; stopped at the end."""
    makers: list[Callable[[Path], System]] = [
        lambda path: systems.bare(path, stored, stack),
        lambda path: systems.isso(path, stored, stack, venv),
        lambda path: systems.ours(path, stored, stack),
    ]
    running = []
    for number, make in enumerate(makers):
        place = folder / str(number)
        place.mkdir()
        print(f"starting {number + 1} of {len(makers)}, {stored:,} stored", file=sys.stderr)
        running.append(make(place))
    return running


def measure(running: list[System], stored: int, seconds: int, results: dict[Key, list[Load]]) -> None:
    """One round: each work on each system in turn, so that what else the machine does hits all alike."""
    for work in WORKS:
        for connections in (1, 8, 32) if work == "W1" else (8,):
            for system in running:
                if work not in system.pages:
                    continue
                script = system.scripts.get(work)
                found = load.wrk(
                    system.base + system.pages[work],
                    system.pid,
                    connections=connections,
                    seconds=seconds,
                    script=HERE / script if script else None,
                    env=system.env,
                )
                results[work, stored, connections, system.name].append(found)
                print(f"{work} {stored:>7} {connections:>2} {system.name:<12} {found}", file=sys.stderr)


def report(results: dict[Key, list[Load]], starts: list[tuple[str, int, float, float]]) -> str:
    """The table, in Markdown: medians, and our rate as a multiple of isso's and of the bare route's."""
    lines = [
        f"Taken on {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}, medians.",
        "",
        "| work | stored | connections | system | per second | p99 ms | CPU ms each | errors | x isso | x bare |",
        "|--|--:|--:|--|--:|--:|--:|--:|--:|--:|",
    ]
    for (work, stored, connections, name), loads in results.items():
        rate = statistics.median(found.rate for found in loads)
        p99 = statistics.median(found.p99 for found in loads)
        cpu = statistics.median(found.cpu for found in loads)
        errors = sum(found.errors for found in loads)
        times = []
        for other in ("isso", "bare Flask"):
            theirs = results.get((work, stored, connections, other))
            base = statistics.median(found.rate for found in theirs) if theirs else 0.0
            times.append(f"{rate / base:.2f}" if base else "-")
        lines.append(
            f"| {work} {WORKS[work]} | {stored:,} | {connections} | {name} | {rate:,.0f} | {p99:,.1f} | {cpu:.2f}"
            f" | {errors} | {times[0]} | {times[1]} |"
        )
    lines += ["", "| W6 | stored | seconds to the first answer | MiB idle |", "|--|--:|--:|--:|"]
    lines += [f"| {name} | {stored:,} | {seconds:.2f} | {mib:.0f} |" for name, stored, seconds, mib in starts]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
