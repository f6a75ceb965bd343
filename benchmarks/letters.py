"""Is a mail taken for what it is, and the person's own words found in it? Measured against labelled mails.

    python -m benchmarks.letters MAIL.jsonl [--wrong]

A line needs ``file`` (beside MAIL.jsonl), ``format`` (eml; body-text and body-html are bodies without a header),
``class`` (report, reply, bounce, autoreply, spam, newsletter, malformed), ``label_by`` and ``expected_reply_text``.
"""

import argparse
import statistics
import time
from collections import Counter
from pathlib import Path
from typing import Final

from benchmarks.finding import Line, lines_of
from corrections.mail.kinds import kind_of
from corrections.mail.parse import parse

PERSONS: Final = frozenset({"report", "reply"})
RIGHT: Final = {
    "report": PERSONS,
    "reply": PERSONS,
    "bounce": {"bounce"},
    "autoreply": {"autoreply"},
    "newsletter": {"list"},
    "spam": {"spam"},
}
HEADER: Final = "From: a@example.org\nIn-Reply-To: <b@example.org>\nContent-Type: text/{}; charset=utf-8\n\n"


def main() -> None:
    """Measure and print tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mails", type=Path)
    parser.add_argument("--wrong", action="store_true", help="show what was taken for something else")
    asked = parser.parse_args()
    hits: Counter[str] = Counter()
    tries: Counter[str] = Counter()
    times: list[float] = []
    harmful: list[str] = []
    for line in lines_of(asked.mails):
        if line["format"] == "mbox":
            continue
        raw = _raw(line, asked.mails.parent)
        began = time.perf_counter()
        parsed = parse(raw)
        kind = kind_of(parsed, None).kind.value
        times.append(1000 * (time.perf_counter() - began))
        name, wanted = _name(line), RIGHT.get(line["class"])
        if wanted is not None:
            tries[name] += 1
            hits[name] += kind in wanted
            if asked.wrong and kind not in wanted:
                print(f"{line['file']}: {line['class']}, taken for {kind}")
            if kind in PERSONS and wanted is not PERSONS:
                harmful.append(line["file"])
        if line.get("expected_reply_text"):
            whole = f"{parsed.said}\n\n{parsed.signature}"
            for what, words in (("reply text", parsed.said), ("reply text, or it and the signature", whole)):
                tries[what] += 1
                hits[what] += _same_words(line, parsed.said) or _same_words(line, words)
    print("| labelled | right | share |\n| --- | --- | --: |")
    for name in sorted(tries):
        print(f"| {name} | {hits[name]} of {tries[name]} | {100 * hits[name] / tries[name]:.1f} % |")
    sure = [name for name in tries if name in RIGHT]
    right, all_sure = sum(hits[name] for name in sure), sum(tries[name] for name in sure)
    print(f"| all certain ones | {right} of {all_sure} | {100 * right / all_sure:.1f} % |")
    print(f"\nTaken for a person's, though none: {len(harmful)}", *harmful, sep="\n  ")
    print(f"\nPer mail: median {statistics.median(times):.2f} ms, most {max(times):.0f} ms")


def _raw(line: Line, folder: Path) -> bytes:
    raw: bytes = (folder / line["file"]).read_bytes()
    subtype = {"body-text": "plain", "body-html": "html"}.get(line["format"])
    return HEADER.format(subtype).encode() + raw if subtype else raw


def _name(line: Line) -> str:
    return f"{line['class']} (unsure)" if "unsure" in line["label_by"] else str(line["class"])


def _same_words(line: Line, words: str) -> bool:
    if line["format"] == "body-html":
        return "".join(line["expected_reply_text"].split()) == "".join(words.split())
    lines = [[one.rstrip() for one in text.strip().splitlines()] for text in (line["expected_reply_text"], words)]
    return lines[0] == lines[1]


if __name__ == "__main__":
    main()
