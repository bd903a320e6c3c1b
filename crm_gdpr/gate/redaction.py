"""Take one person out of a text and leave the rest as it stands.  Pure: words in, text out.

Addresses, numbers and full names always go, however they are written: in any case, with markup, escapes or a tag after
the plus, the last name first, in the genitive.  A first or last name alone goes too, unless somebody else in the same
engagement bears it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from crm_gdpr.gate.spelling import address, alone, full, number
from crm_gdpr.policy.addresses import phone_of

MASK = "[raderad]"
ADDRESSES = ("email", "hs_additional_emails")
NUMBERS = ("phone", "mobilephone")
NAMES = ("firstname", "lastname")
IDENTIFYING = (*ADDRESSES, *NUMBERS, *NAMES)
SHORTEST = 2  # a name of one letter is no name
FEWEST = 7  # digits of a number that is read as none, such as an extension with its switchboard

Values = Mapping[str, str | None]


@dataclass(frozen=True)
class Words:
    """What identifies one person.  `addresses` and `full` names do so by themselves, `numbers` and `single` names only
    where nobody else there has the same."""

    addresses: frozenset[str] = frozenset()
    full: frozenset[tuple[str, str]] = frozenset()
    numbers: frozenset[str] = frozenset()
    single: frozenset[str] = frozenset()

    def beside(self, others: Iterable[Values]) -> Words:
        """Return the same words without those that others here have as well."""
        theirs = words_of(others)
        borne = {name.casefold() for name in theirs.single}
        return Words(
            self.addresses - theirs.addresses,
            self.full - theirs.full,
            self.numbers - theirs.numbers,
            frozenset(name for name in self.single if name.casefold() not in borne),
        )

    def telling(self) -> Words:
        """Return the words that identify without any other hint."""
        return Words(self.addresses, self.full, self.numbers)

    def hints(self) -> Words:
        """Return the names that may be the person's, or may be just a word."""
        return Words(single=self.single)

    def __or__(self, other: Words) -> Words:
        return Words(
            self.addresses | other.addresses,
            self.full | other.full,
            self.numbers | other.numbers,
            self.single | other.single,
        )

    def __bool__(self) -> bool:
        return bool(self.addresses or self.full or self.numbers or self.single)


def words_of(contacts: Iterable[Values]) -> Words:
    """Return what identifies someone by all they are, and were, called; several readings of one contact, or of many."""
    addresses, numbers, names, single = set(), set(), set(), set()
    for contact in contacts:
        addresses |= {part.casefold() for part in _parts(contact, ADDRESSES) if "@" in part}
        numbers |= {found for part in _parts(contact, NUMBERS) if (found := _number(part))}
        first, last = ((contact.get(name) or "").strip() for name in NAMES)
        single |= {name for name in (first, last) if _is_name(name)}
        if all(_is_name(name) and name[0].isalpha() for name in (first, last)):
            names.add((first.casefold(), last.casefold()))
    return Words(frozenset(addresses), frozenset(names), frozenset(numbers), frozenset(single))


def redact(text: str, words: Words) -> str:
    """Replace every word by a mask; headers that are JSON are read as such, so that no escape hides a name."""
    found = _json(text)
    if found is not None:
        masked = _inside(found, words)
        return text if masked == found else json.dumps(masked, ensure_ascii=False)
    return _masked(text, words)


def redacted(values: Values, words: Words) -> dict[str, str]:
    """Return the values that would change."""
    masked = {name: redact(value, words) for name, value in values.items() if value}
    return {name: value for name, value in masked.items() if value != values[name]}


def _parts(contact: Values, names: Iterable[str]) -> list[str]:
    return [part.strip() for name in names for part in (contact.get(name) or "").split(";") if part.strip()]


def _number(part: str) -> str | None:
    """Return what tells somebody in a field for a number; what is written for want of one tells nobody."""
    return phone_of(part) or (part if sum(map(str.isdecimal, part)) >= FEWEST else None)


def _is_name(word: str) -> bool:
    return sum(map(str.isalpha, unicodedata.normalize("NFC", word))) >= SHORTEST


def _json(text: str) -> Any:
    if not text.startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def _inside(value: Any, words: Words) -> Any:
    if isinstance(value, str):
        return _masked(value, words)
    if isinstance(value, list):
        return [_inside(each, words) for each in value]
    if not isinstance(value, dict):
        return value
    whole = any(isinstance(each, str) and each.strip().casefold() in words.addresses for each in value.values())
    return {key: MASK if whole and isinstance(each, str) else _inside(each, words) for key, each in value.items()}


def _masked(text: str, words: Words) -> str:
    for pattern in _patterns(words):
        text = pattern.sub(MASK, text)
    return text


@cache
def _patterns(words: Words) -> tuple[re.Pattern[str], ...]:
    """The addresses first, since a name may be part of one; the longest first, so that a part never hides the whole."""
    groups = (
        [address(each) for each in _longest(words.addresses)],
        [number(each) for each in _longest(words.numbers)],
        [full(*each) for each in sorted(words.full, key=lambda name: (-len("".join(name)), name))],
        [alone(each) for each in _longest(words.single)],
    )
    return tuple(re.compile("|".join(group)) for group in groups if group)


def _longest(words: Iterable[str]) -> list[str]:
    return sorted(words, key=lambda word: (-len(word), word))
