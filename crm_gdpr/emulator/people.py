"""Invented people and companies. Every address lies under example.se, which belongs to nobody."""

import random
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Firm:
    """One company of the population. Its id is known once it has been entered."""

    name: str
    domain: str
    silence: int  # days since anybody there last took part in a dialogue; 0 if nobody ever did
    life: Mapping[str, Any]
    people: list["Person"] = field(default_factory=list)
    id: str = ""


@dataclass
class Person:
    first: str
    last: str
    email: str
    title: str
    phone: str
    source: str
    joined: int  # days ago
    id: str = ""


class Inventor:
    """Draws names without repeating an address or a domain."""

    def __init__(self, chance: random.Random, names: Mapping[str, Sequence[str]]) -> None:
        self._chance, self._names = chance, names
        self._used: set[str] = set()

    def firm(self, life: Mapping[str, Any], silence: int) -> Firm:
        first, last = self._one("company_first"), self._one("company_last")
        domain = self._unused(f"{_plain(first)}{_plain(last)}", ".example.se")
        return Firm(f"{first}{last} {self._one('company_form')}", domain, silence, life)

    def person(self, firm: Firm, source: str, joined: int) -> Person:
        first, last = self._one("first"), self._one("last")
        email = self._unused(f"{_plain(first)}.{_plain(last)}", f"@{firm.domain}")
        # a series the Swedish regulator keeps for fiction
        phone = f"+46 70 174 06 {self._chance.randrange(5, 100):02d}"
        return Person(first, last, email, self._one("titles"), phone, source, joined)

    def _one(self, of: str) -> str:
        return self._chance.choice(self._names[of])

    def _unused(self, start: str, end: str) -> str:
        number, made = 1, start + end
        while made in self._used:
            number += 1
            made = f"{start}{number}{end}"
        self._used.add(made)
        return made


def _plain(text: str) -> str:
    """Å and ä become a, ö becomes o: what stands in an address."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower().replace(" ", "")
