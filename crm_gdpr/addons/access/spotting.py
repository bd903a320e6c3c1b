"""What in a text may be somebody's: addresses, numbers, and words that look like names.  Pure, and rather too much.

A person decides about everything that is found; what is not found is only met by whoever reads the answer through.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
IDENTITY = re.compile(r"(?<!\d)(?:19|20)?\d{6}[-+]\d{4}(?!\d)")  # personnummer
PHONE = re.compile(r"(?<![\w/.:-])[+(]?\d[\d\s()/.\u2010-\u2013-]{6,}\d(?![\w-])")
DIALLED = re.compile(r"[+(0]|\d{3}[-. ]\d{3}[-. ]\d{4}$")  # a record's id or an amount begins otherwise
NO_PHONE = re.compile(r"\d{4}[-.]\d{2}[-.]\d{2}|[1-9]\d{0,2}(?:\.\d{1,3}){3}$")  # a day, an IP address
WORD = re.compile(r"[^\W\d_]+(?:[-'\u2019][^\W\d_]+)*")
PARTICLES = frozenset(WORD.findall("von af de la van der den di da du del bin al el ten ter"))
NO_NAMES = frozenset(
    WORD.findall(
        "hej hejsan hallå kära bästa tack ring hälsa hälsar hälsningar mvh vänliga varma med från till sv re vd fw vh "
        "och hi hello dear thanks thank regards best kind from to call and"
    )
)


def addresses(text: str) -> list[str]:
    return ADDRESS.findall(text)


def identities(text: str) -> list[str]:
    return IDENTITY.findall(text)


def phones(text: str) -> Iterator[str]:
    """Yield numbers that somebody can be called by, however they are spaced."""
    for found in PHONE.findall(text):
        number = found.strip()
        digits = re.sub(r"\D", "", number)
        if 8 <= len(digits) <= 15 and DIALLED.match(number) and not NO_PHONE.match(number):
            yield number


def names(text: str, known: Collection[str]) -> Iterator[str]:
    """Yield two words or more that begin like names; `known` are folded names that are looked for anyway."""
    for run in _runs(text):
        for part in _between(run, known):
            words = _trimmed(part)
            if sum(not _is_particle(word) for word in words) > 1:
                yield " ".join(words)


def _runs(text: str) -> Iterator[list[str]]:
    """Yield words that follow each other on a line and are written like names, with the particles between them."""
    run: list[str] = []
    end = -1
    for found in WORD.finditer(text):
        word, gap = found.group(), text[end : found.start()]
        if run and (gap.strip(" \u00a0") or not gap or not _fits(word)):
            yield run
            run = []
        if _fits(word) and (run or not _is_particle(word)):
            run.append(word)
        end = found.end()
    yield run


def _fits(word: str) -> bool:
    written = word[0].isupper() and (any(letter.islower() for letter in word[1:]) or len(word) > 2)
    return written or _is_particle(word)


def _is_particle(word: str) -> bool:
    return word in PARTICLES


def _between(run: list[str], known: Collection[str]) -> Iterator[list[str]]:
    """Yield what is left of a run when the names that are known are taken out of it."""
    rest: list[str] = []
    at = 0
    while at < len(run):
        length = next((n for n in range(len(run) - at, 1, -1) if _is_known(run[at : at + n], known)), 0)
        if length:
            yield rest
            rest = []
        else:
            rest.append(run[at])
        at += length or 1
    yield rest


def _is_known(words: list[str], known: Collection[str]) -> bool:
    name = " ".join(words).casefold()
    return name in known or name.removesuffix("s") in known  # Bo Bergs


def _trimmed(words: list[str]) -> list[str]:
    """Drop greetings and the like around a name."""
    kept = list(words)
    while kept and (kept[0].casefold() in NO_NAMES or _is_particle(kept[0])):
        kept.pop(0)
    while kept and (kept[-1].casefold() in NO_NAMES or _is_particle(kept[-1])):
        kept.pop()
    return kept
