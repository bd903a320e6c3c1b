"""Take one person out of a text and leave the rest as it stands.  Pure: words in, text out.

Addresses, numbers and full names always go.  A first or last name alone goes too, unless somebody else in the same
engagement bears it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

MASK = "[raderad]"
ADDRESSES = ("email", "hs_additional_emails")
NUMBERS = ("phone", "mobilephone")
NAMES = ("firstname", "lastname")
IDENTIFYING = (*ADDRESSES, *NUMBERS, *NAMES)
SHORTEST = 2  # a name of one letter is no name


@dataclass(frozen=True)
class Words:
    """What identifies one person: `whole` by itself, `single` only together with the engagement."""

    whole: tuple[str, ...]
    single: tuple[str, ...] = ()

    def beside(self, others: Iterable[Mapping[str, str | None]]) -> Words:
        """Return the same words without the single names that others here bear."""
        borne = {(other.get(name) or "").strip().casefold() for other in others for name in NAMES}
        return Words(self.whole, tuple(word for word in self.single if word.casefold() not in borne))

    def whole_only(self) -> Words:
        """Return the words that identify without any other hint."""
        return Words(self.whole)


def words_of(contact: Mapping[str, str | None]) -> Words:
    """Return what identifies a contact, the longest first so that a part never hides the whole."""
    parts = [p.strip() for name in (*ADDRESSES, *NUMBERS) for p in (contact.get(name) or "").split(";")]
    names = [(contact.get(name) or "").strip() for name in NAMES]
    full = [" ".join(names), f"{names[1]}, {names[0]}", f"{names[1]} {names[0]}"] if all(names) else []
    whole = sorted({word for word in (*parts, *full) if word}, key=lambda word: (-len(word), word))
    return Words(tuple(whole), tuple(sorted({name for name in names if len(name) >= SHORTEST})))


def redact(text: str, words: Words) -> str:
    """Replace every word by a mask; headers that are JSON are read as such, so that no escape hides a name."""
    found = _json(text)
    if found is not None:
        masked = _inside(found, words)
        return text if masked == found else json.dumps(masked, ensure_ascii=False)
    return _masked(text, words)


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
    return {key: _inside(each, words) for key, each in value.items()} if isinstance(value, dict) else value


def _masked(text: str, words: Words) -> str:
    for word in (*words.whole, *words.single):
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", MASK, text, flags=re.IGNORECASE)
    return text
