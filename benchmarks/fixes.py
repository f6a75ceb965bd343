"""Are fixes that people made found again? Each report has the words, the correction, and where they stand.

    python -m benchmarks.fixes REPORTS.jsonl [ARTICLES.jsonl] [--wrong]

A report needs ``wrong_text``, ``suggested_text``, ``collection`` and ``match`` (start, end, and ``text_file`` unless
``article_ref`` names a line of ARTICLES); ``location`` is told as a note. Files are looked for beside REPORTS.
"""

import argparse
import statistics
import time
from collections import Counter
from pathlib import Path

from benchmarks.finding import Line, lines_of
from corrections.domain import prose
from corrections.domain.anchors import Anchor
from corrections.domain.finding import Finding, find
from corrections.domain.sayings import Saying


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reports", type=Path)
    parser.add_argument("articles", type=Path, nargs="?")
    parser.add_argument("--wrong", action="store_true", help="show what was not found")
    asked = parser.parse_args()
    texts = {one["id"]: one["text"] for one in lines_of(asked.articles)} if asked.articles else {}
    counted: dict[str, Counter[str]] = {}
    times: list[float] = []
    for report in lines_of(asked.reports):
        text = _text_of(report, texts, asked.reports.parent)
        if text is None:
            continue
        began = time.perf_counter()
        found = find(_saying(report), text)
        times.append(1000 * (time.perf_counter() - began))
        outcome = _outcome(report, found, text)
        counted.setdefault(report["collection"], Counter())[outcome] += 1
        if asked.wrong and outcome != "right":
            print(report["id"], outcome, repr(report["wrong_text"][:100]), found.place, found.change, sep="\n  ")
    _print(counted)
    print(f"\nPer report: median {statistics.median(times):.2f} ms, most {max(times):.1f} ms")


def _text_of(report: Line, texts: dict[str, str], folder: Path) -> str | None:
    match = report.get("match")
    if not match:
        return None
    if "text_file" in match:
        name: str = match["text_file"]
        if name not in texts:
            texts[name] = (folder / name).read_text("utf-8", "replace")
        return texts[name]
    return texts.get(report["article_ref"])


def _saying(report: Line) -> Saying:
    anchor = Anchor(exact=report["wrong_text"] or "")
    return prose.read_fields("", "", anchor, report["suggested_text"] or "", report.get("location") or "")


def _outcome(report: Line, found: Finding, text: str) -> str:
    """Right: the place lies in the true one, and the text then reads as it should, but for white space."""
    start, end = found.place.start, found.place.end
    if start is None or end is None:
        return found.place.state.value
    true = report["match"]
    if not (true["start"] <= start and end <= true["end"]):
        return "elsewhere"
    made = text[:start] + found.change.corrected + text[end:]
    wanted = text[: true["start"]] + (report["suggested_text"] or "") + text[true["end"] :]
    return "right" if made.split() == wanted.split() else "another change"


def _print(counted: dict[str, Counter[str]]) -> None:
    names = sorted({name for counts in counted.values() for name in counts})
    print("| collection | reports |", " | ".join(names), "|")
    print("| --- | --: |" + " --: |" * len(names))
    for collection, counts in counted.items():
        print("|", collection, "|", counts.total(), "|", " | ".join(str(counts[name]) for name in names), "|")


if __name__ == "__main__":
    main()
