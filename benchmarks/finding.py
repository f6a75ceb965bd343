"""How often is the right article, place and change found? Measured against reports with the truth beside them.

    python -m benchmarks.finding --published P.jsonl --reports R.jsonl|R.mbox --truth T.jsonl [--database URL] [--wrong]

The articles are imported, each report goes through ``reports.submit`` (or, from an mbox, the mail door), and what
``corrections reports export`` says of it is compared with the truth.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from corrections.cli import installation
from corrections.cli.importing import begun
from corrections.cli.taking import as_report
from corrections.db import db, transaction
from corrections.domain.errors import Rejected
from corrections.domain.text import folded, word_difference
from corrections.domain.urls import url_key
from corrections.queries import placed
from corrections.services import reports

Line = dict[str, Any]

MEASURES: Final = ("article", "place", "place, to the letter", "texts", "duplicates together")


@dataclass(slots=True)
class Score:
    """Hits of tries by measure, and what was wrong, for looking at."""

    hits: Counter[str] = field(default_factory=Counter)
    tries: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def note(self, measure: str, right: bool, about: str) -> None:
        """One try."""
        self.tries[measure] += 1
        self.hits[measure] += right
        if not right:
            self.wrong[measure].append(about)

    def line(self, measure: str) -> str:
        """The share, as a row of a table."""
        hits, tries = self.hits[measure], self.tries[measure]
        return f"| {measure} | {hits:,} of {tries:,} | {100 * hits / max(tries, 1):.2f} % |"


def lines_of(file: Path) -> Iterator[Line]:
    """The objects of a file of JSON Lines."""
    with file.open(encoding="utf-8") as opened:
        yield from (json.loads(line) for line in opened if line.strip())


def as_line(made: Line) -> bytes:
    """A made report of a form as a line of ``corrections reports import``."""
    form = made["form"]
    line = {
        "id": made["id"],
        "received": made["received"],
        "channel": made["channel"],
        "article": form.get("article") or form.get("page_title", ""),
        "url": form.get("page_url", ""),
        "original_text": form.get("error", ""),
        "corrected_text": form.get("correction", ""),
        "notes": form.get("comment", ""),
        "selector": form.get("selection"),
    }
    return json.dumps(line).encode()


def submit_forms(file: Path, timed: Callable[[float], None]) -> None:
    """Each report of the file through the verb that all doors call, with a commit each."""
    for made in lines_of(file):
        new, act = as_report(as_line(made))
        began = time.perf_counter()
        try:
            with transaction() as session:
                reports.submit(session, new, act)
        except Rejected as refused:
            print(f"Refused: {made['id']}: {refused.fields}", file=sys.stderr)
        timed(time.perf_counter() - began)
        db.session.remove()


def submit_mails(file: Path, timed: Callable[[float], None]) -> None:
    """Each mail of the mailbox through the mail door."""
    from corrections.mail import mailboxes, receiving
    from corrections.models import Way

    for kept in mailboxes.messages(file):
        began = time.perf_counter()
        receiving.take(kept.raw, Way.IMPORT)
        receiving.read_waiting()
        timed(time.perf_counter() - began)
        db.session.remove()


def judge(truths: list[Line], found: dict[str, Line], address_of: dict[str, str]) -> Score:
    """Compare what was found with the truth."""
    score = Score()
    for truth in truths:
        _judge_one(score, truth, found.get(truth["report_id"], {}), address_of)
    _judge_groups(score, truths, found)
    return score


def _judge_one(score: Score, truth: Line, line: Line, address_of: dict[str, str]) -> None:
    about = f"{truth['report_id']} {truth['title_form']}/{truth['where_form']}/{truth['kind']}: {_short(truth, line)}"
    right_article = bool(line) and _name(line) == address_of.get(truth["article_id"] or "")
    if truth["article_id"] and truth["article_clue"] != "none":
        score.note("article", right_article, about)
    surely = line.get("certainty") == "certain" and line.get("anchor_state") == "anchored"
    overlaps = right_article and _overlaps(truth, line)
    if surely:
        score.note("certain ones right", overlaps, about)
    if truth["article_clue"] != "none" and _can_be_placed(truth):
        exact = right_article and (line.get("start"), line.get("end")) == (truth["start"], truth["end"])
        score.note("place", overlaps, about)
        score.note("place, to the letter", exact, about)
    if truth["place_clue"] in {"quote", "word"} and truth["where_form"] != "selection":
        score.note("texts", _same_texts(truth, line), about)


def _name(line: Line) -> str:
    return url_key(line["article_url"]) if line.get("article_url") else folded(line.get("article_title") or "")


def _short(truth: Line, line: Line) -> str:
    names = ("certainty", "anchor_state", "start", "end", "original_text", "corrected_text", "article_title")
    shown = {name: line.get(name) for name in names}
    return f"{truth['wrong']!r}->{truth['right']!r} at {truth['start']}; {shown}"


def _can_be_placed(truth: Line) -> bool:
    if truth["place_clue"] == "quote":
        return True
    told = truth["places"] == 1 or truth["where_form"] == "paragraph and word"
    return bool(truth["place_clue"] == "word" and told)


def _overlaps(truth: Line, line: Line) -> bool:
    if line.get("start") is None or truth["start"] is None:
        return False
    return bool(line["start"] < truth["end"] and truth["start"] < line["end"])


def _same_texts(truth: Line, line: Line) -> bool:
    """Whether the change is the true one, however much was quoted around it; no correction is no wrong one."""
    original, corrected = line.get("original_text") or "", line.get("corrected_text") or ""
    wrong, right = folded(truth["wrong"]), folded(truth["right"])
    if wrong not in folded(original):
        return False
    if not corrected:
        return True
    made = folded(original).replace(wrong, right, 1)
    return folded(corrected) == made or right in folded(corrected) or _changed(original, corrected) == (wrong, right)


def _changed(original: str, corrected: str) -> tuple[str, str]:
    pieces = word_difference(original, corrected)
    was = folded("".join(piece.text for piece in pieces if piece.kind == "was"))
    return was, folded("".join(piece.text for piece in pieces if piece.kind == "now"))


def _judge_groups(score: Score, truths: list[Line], found: dict[str, Line]) -> None:
    by_id = {truth["report_id"]: truth for truth in truths}
    for truth in truths:
        first = by_id.get(truth["duplicate_of"] or "")
        if first is None or "none" in {truth["article_clue"], first["article_clue"]}:
            continue
        if not (_can_be_placed(truth) and _can_be_placed(first)):
            continue
        numbers = {found.get(one["report_id"], {}).get("erratum") for one in (truth, first)}
        shown = _short(truth, found.get(truth["report_id"], {}))
        about = f"{truth['report_id']} with {first['report_id']}: {numbers} {shown}"
        score.note("duplicates together", len(numbers) == 1 and None not in numbers, about)
    groups: dict[int, list[Line]] = defaultdict(list)
    for truth in truths:
        if (number := found.get(truth["report_id"], {}).get("erratum")) is not None:
            groups[number].append(truth)
    for number, members in groups.items():
        for one in members[1:]:
            same = one["error_id"] == members[0]["error_id"]
            both = f"{members[0]['report_id']} and {one['report_id']}"
            about = f"erratum {number}: {both}: {members[0]['wrong']!r}, {one['wrong']!r}"
            score.note("groupings right", same, about)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--published", type=Path, required=True)
    parser.add_argument("--reports", type=Path, required=True)
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument("--padding", type=Path, help="further articles, JSON Lines")
    parser.add_argument("--database", default="", help="address of an empty database; SQLite in a new folder if none")
    parser.add_argument("--wrong", action="store_true", help="show what was not found")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run(asked, Path(folder) / "instance")


def run(asked: argparse.Namespace, folder: Path) -> None:
    """Import, submit, compare, print."""
    settings = {"SQLALCHEMY_DATABASE_URI": asked.database} if asked.database else {}
    app = installation.made(folder, settings)
    if asked.database:
        (folder / "config.toml").write_text(f'SQLALCHEMY_DATABASE_URI = "{asked.database}"\n')
    with begun(folder, ()) as importer:
        importer.take_in([str(file) for file in (asked.published, asked.padding) if file is not None])
    address_of = {
        one["id"]: url_key(one["url"]) if one.get("url") else folded(one["title"]) for one in lines_of(asked.published)
    }
    times: list[float] = []
    is_mail = asked.reports.read_bytes()[:5] == b"From "
    with app.app_context():
        (submit_mails if is_mail else submit_forms)(asked.reports, times.append)
        found: dict[str, Line] = {}
        for line in placed.reports(db.session()):
            found.setdefault(line["id"] or line["reference"], line)
    score = judge(list(lines_of(asked.truth)), found, address_of)
    print("| measure | right | share |\n| --- | --- | --- |")
    for measure in (*MEASURES, "certain ones right", "groupings right"):
        print(score.line(measure))
    spent = [1000 * seconds for seconds in times]
    slow = sorted(spent)[len(spent) * 99 // 100]
    print(f"\nPer report: median {statistics.median(spent):.1f} ms, 99th of 100 {slow:.1f} ms")
    if asked.wrong:
        for measure, lines in score.wrong.items():
            print(f"\n{measure}:", *lines, sep="\n  ")


if __name__ == "__main__":
    main()
