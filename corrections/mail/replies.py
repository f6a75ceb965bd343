"""Whose words are whose in the text of a mail: the sender's own, those quoted or forwarded, and the signature."""

import re
from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Final, NamedTuple

from corrections.mail import phrases
from corrections.mail.lines import Line, Mark

_WRAPPED: Final = 4  # lines over which a program wraps the line that introduces a quotation
_HEADER_LINES: Final = 12
_BETWEEN: Final = 2  # lines between two repeated header fields
_FIELDS: Final = 2  # more of them make a header
_VALUE: Final = 200  # characters of one
_SIGNATURE: Final = re.compile(r"^--[ \xa0]?$")
_SIGNATURE_LINES: Final = 12
_DASH_NAME: Final = re.compile(
    r"^\s{0,3}(?:-{1,2}|\u2013|\u2014) ?[A-ZÀ-ÞА-Я][\w.'’-]*(?: [A-ZÀ-ÞА-Я][\w.'’-]*){0,3}\s*$"
)


class Whose(IntEnum):
    """Whose words a line is."""

    OWN = 0
    QUOTED = 1
    SIGNATURE = 2


class Words(NamedTuple):
    """The text of a mail, taken apart. ``is_answer``: something in it shows that it answers another mail."""

    said: str
    quoted: str
    signature: str
    is_answer: bool


def split(lines: Sequence[Line], *, in_thread: bool, answers: bool = False) -> Words:
    """Take a mail apart. Outside a thread nothing is taken for a reply's quotation unless something introduced it.

    ``answers``: the subject says that it is an answer, which people also write above new mail.
    """
    return _Cutter(lines, in_thread, answers).words()


class _Cutter:
    def __init__(self, lines: Sequence[Line], in_thread: bool, answers: bool) -> None:
        self._lines = lines
        self._texts = [line.text.strip() for line in lines]
        self._whose = [Whose.OWN] * len(lines)
        self._in_thread = in_thread
        self._may_answer = in_thread or answers
        self._answers = False
        self._quotation = 0  # where it begins; what is quoted above it the sender quotes themselves

    def words(self) -> Words:
        self._by_form()
        self._repeated_mail()
        self._introduced()
        if self._in_thread or self._answers:
            self._set(
                Whose.QUOTED,
                (i for i, one in enumerate(self._lines) if one.mark is Mark.QUOTE and i >= self._quotation),
            )
        self._signatures()
        self._under_each_piece()
        said, quoted, signature = (self._joined(whose) for whose in Whose)
        if not said and signature and not quoted and not self._in_thread and not self._is_all_footer():
            said, signature = signature, ""
        return Words(said, quoted, signature, self._answers)

    def _by_form(self) -> None:
        for i, line in enumerate(self._lines):
            if line.mark is Mark.ANSWERED:
                self._whose[i] = Whose.QUOTED
                self._begins_at(i)
            elif line.mark is Mark.SIGNATURE:
                self._whose[i] = Whose.SIGNATURE

    def _set(self, whose: Whose, numbers: Iterable[int]) -> None:
        for i in numbers:
            self._whose[i] = whose

    def _begins_at(self, start: int) -> None:
        self._quotation = min(self._quotation, start) if self._answers else start
        self._answers = True

    def _repeated_mail(self) -> None:
        """A mail repeated in full, with its header fields: everything from there on is not the sender's."""
        for i, text in enumerate(self._texts):
            if self._whose[i] is not Whose.OWN or not text:
                continue
            if self._lines[i].depth:
                if self._header_begins(i) or self._introduced_within(i):
                    self._begins_at(i)
                continue
            sure = phrases.forwards(text)
            if sure == phrases.SURE or (sure and self._header_follows(i + 1)) or self._header_begins(i):
                start = i
                while start and (not self._texts[start - 1] or phrases.RULE.match(self._texts[start - 1])):
                    start -= 1
                self._set(Whose.QUOTED, range(start, len(self._lines)))
                self._begins_at(start)
                return

    def _introduced_within(self, i: int) -> bool:
        """Whether a quotation begins here with the line that introduces it, as telephones set it."""
        if i and (self._lines[i - 1].depth or self._lines[i].mark is not Mark.QUOTE):
            return False
        return any(
            phrases.introduces(" ".join(self._texts[i:end])) == phrases.SURE for end in range(i + 1, i + _WRAPPED)
        )

    def _header_follows(self, start: int) -> bool:
        return any(phrases.header_line(text)[0] == "from" for text in self._texts[start : start + 5])

    def _header_begins(self, start: int) -> bool:
        """At least three fields of different kinds, sender and subject or time among them, one under the other."""
        first, value = phrases.header_line(self._texts[start])
        if not first or first == "copy" or len(value) > _VALUE:
            return False
        if not self._may_answer and not any(self._texts[:start]):
            return False  # a form that was mailed begins so; a forwarded mail says that it is one
        kinds, others = {first}, 0
        for text in self._texts[start + 1 : start + _HEADER_LINES]:
            kind = phrases.header_line(text)[0]
            if kind:
                kinds.add(kind)
                others = 0
            elif text:
                others += 1
            if others > _BETWEEN:
                break
        return "from" in kinds and len(kinds - {"copy"}) > _FIELDS

    def _introduced(self) -> None:
        """Lines such as "On Monday Ann wrote:", and what they introduce."""
        for i, text in enumerate(self._texts):
            if self._whose[i] is not Whose.OWN or self._lines[i].depth or not text:
                continue
            if not phrases.may_introduce(text):
                continue
            start, sure = self._introduction(i)
            if not sure or (not phrases.ends(text) and self._goes_on(i)):
                continue
            follows = next((n for n in range(i + 1, len(self._lines)) if self._texts[n] or self._lines[n].depth), None)
            is_quoted = follows is not None and (self._lines[follows].mark in {Mark.QUOTE, Mark.ANSWERED})
            if sure == phrases.SURE or (self._may_answer and (is_quoted or follows is None)):
                self._cut_introduced(start, i, follows, is_quoted)

    def _goes_on(self, i: int) -> bool:
        """Whether the paragraph has another line."""
        return i + 1 < len(self._lines) and bool(self._texts[i + 1]) and not self._lines[i + 1].depth

    def _introduction(self, end: int) -> tuple[int, int]:
        """Where the introduction that ends in this line begins, and how sure it is."""
        best = (end, 0)
        for start in range(end, max(-1, end - _WRAPPED), -1):
            if not self._texts[start] or self._lines[start].depth or self._whose[start] is not Whose.OWN:
                break
            sure = phrases.introduces(" ".join(self._texts[start : end + 1]))
            if sure > best[1] or (sure == best[1] and sure and self._goes_with(start)):
                best = (start, sure)
            if best[1] == phrases.SURE and phrases.begins(self._texts[start]):
                break
        return best

    def _goes_with(self, start: int) -> bool:
        """Whether a line belongs to the introduction below it: it has the date, or the name before an address."""
        return phrases.has_date(self._texts[start]) or self._texts[start + 1].startswith("<")

    def _cut_introduced(self, start: int, end: int, follows: int | None, is_quoted: bool) -> None:
        has_own_above = any(self._texts[i] for i in range(start) if self._whose[i] is Whose.OWN)
        if is_quoted or follows is None or self._may_answer:
            self._set(Whose.QUOTED, range(start, end + 1))
            if is_quoted:
                self._begins_at(start)
        if not is_quoted and follows is not None and has_own_above and self._may_answer and not self._quotes_after(end):
            self._set(Whose.QUOTED, range(start, len(self._lines)))

    def _quotes_after(self, end: int) -> bool:
        return any(line.mark is Mark.QUOTE for line in self._lines[end + 1 :])

    def _signatures(self) -> None:
        i = 0
        while i < len(self._lines):
            line = self._lines[i]
            if self._whose[i] is Whose.OWN and not line.depth and _SIGNATURE.match(line.text):
                end = self._end_of_piece(i)
                is_short = sum(bool(text) for text in self._texts[i:end]) <= _SIGNATURE_LINES
                if is_short or line.text == "-- ":
                    self._set(Whose.SIGNATURE, range(i, end))
                i = end
            else:
                i += 1

    def _end_of_piece(self, start: int) -> int:
        return next(
            (i for i in range(start, len(self._lines)) if self._whose[i] is not Whose.OWN or self._lines[i].depth),
            len(self._lines),
        )

    def _under_each_piece(self) -> None:
        """Footers of telephones and lists stand under a piece of the sender's own words."""
        end = len(self._lines)
        while end > 0:
            if self._whose[end - 1] is not Whose.OWN:
                end -= 1
                continue
            start = end
            while start > 0 and self._whose[start - 1] is Whose.OWN:
                start -= 1
            self._under(start, end)
            end = start

    def _under(self, start: int, end: int) -> None:
        self._list_footer(start, end)
        last = end
        while last > start:
            text = self._texts[last - 1]
            if (
                not text
                or self._whose[last - 1] is Whose.SIGNATURE
                or phrases.RULE.match(text)
                or phrases.is_footer(text)
            ):
                last -= 1
                continue
            break
        if any(self._texts[i] and not phrases.RULE.match(self._texts[i]) for i in range(last, end)):
            self._set(Whose.SIGNATURE, range(last, end))
        self._dash_and_name(start, last)

    def _dash_and_name(self, start: int, last: int) -> None:
        """A last line such as "-Ann", after an empty one; among lines that begin with dashes it is one of a list."""
        above = self._texts[start : last - 1]
        if (
            any(above)
            and not above[-1]
            and _DASH_NAME.match(self._texts[last - 1])
            and not any(t[:1] == "-" for t in above)
        ):
            self._whose[last - 1] = Whose.SIGNATURE

    def _list_footer(self, start: int, end: int) -> None:
        for i in range(max(start, end - 12), end):
            if phrases.RULE.match(self._texts[i]) and any(
                phrases.is_of_list(text) for text in self._texts[i + 1 : end]
            ):
                self._set(Whose.SIGNATURE, range(i, end))
                return

    def _is_all_footer(self) -> bool:
        return all(not text or phrases.is_footer(text) or _SIGNATURE.match(text) for text in self._texts)

    def _joined(self, whose: Whose) -> str:
        found = [
            (line if whose is Whose.OWN else line._replace(depth=0))
            for line, one in zip(self._lines, self._whose, strict=True)
            if one is whose
        ]
        return "\n".join(str(line).rstrip() for line in found).strip("\n")
