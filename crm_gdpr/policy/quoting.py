"""What the writer of a mail says themselves, and what was written before and stands quoted below or between.  Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

# What was written before: an answer quotes it, and it was not this person who asked.
_QUOTED = re.compile(
    r"^\s*(?:>|-{2,}\s*(?:ursprungligt meddelande|original message|forwarded|vidarebefordrat)|_{8,}|"
    r"(?:den|on)\s.{4,80}(?:skrev|wrote)\b|(?:från|from):\s.*@)",
    re.IGNORECASE,
)
_FORWARDED = re.compile(r"^\W*(?:forwarded message|vidarebefordrat meddelande)", re.IGNORECASE)
_HEADS, _BELOW = re.compile(r"^\s*(?:från|from):\s", re.IGNORECASE), 3
_UNDER_A_HEAD = re.compile(r"^\s*(?:skickat|datum|till|ämne|sent|date|to|subject):", re.IGNORECASE)
_WROTE = re.compile(r"\b(?:skrev|wrote)\b.{0,80}:\s*$", re.IGNORECASE)


def own_words(text: str) -> str:
    """Return what the writer says themselves: nothing that is quoted below or between.

    What a colleague forwards without a word of their own is the words of whoever wrote it.
    """
    lines = text.splitlines()
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if lines and _FORWARDED.match(lines[first]):
        head = next((number for number in range(first, len(lines)) if not lines[number].strip()), first)
        lines = lines[head + 1 :]
    return "\n".join(_before_quotes(lines))


def _before_quotes(lines: list[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        if line.lstrip().startswith(">"):
            continue
        if _QUOTED.match(line) or _heads_a_quote(line, lines[number + 1 : number + 1 + _BELOW]):
            return  # all that follows was written before
        yield line


def _heads_a_quote(line: str, below: list[str]) -> bool:
    """Tell the head of what was written before: sender and date, on one line or on several."""
    if _HEADS.match(line):
        return any(_UNDER_A_HEAD.match(each) for each in below)
    return bool(re.match(r"\s*(?:den|on)\s", line, re.IGNORECASE) and below and _WROTE.search(below[0]))
