"""When two ways of writing an address or a telephone number mean the same person, and how to know them again unread.

The rule for e-mail: case, Unicode form and the script of the domain make no difference, and the tag after a plus is
dropped: a no given at jane+news@ is Jane's no.  Dots are kept, since at most employers they tell two people apart.  A
match too many costs a colleague a look at a task; one too few breaks a promise.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

COUNTRY = "+46"  # a number without a country is Swedish
_EXTENSION = re.compile(r"(?:;|,|x|ext|ankn|anknytning)[\s.:=a-z]*\d+\s*$")
_DIGITS = range(7, 16)  # as many as a number may have after its plus (E.164)


@dataclass(frozen=True)
class Addresses:
    """The normalised addresses and numbers by which one record can be known again."""

    emails: frozenset[str]
    phones: frozenset[str]

    @classmethod
    def of(cls, emails: Iterable[str | None], phones: Iterable[str | None]) -> Addresses:
        """Read a record's values; what is no address or number is left out."""
        return cls(frozenset(filter(None, map(email_of, emails))), frozenset(filter(None, map(phone_of, phones))))

    def telling(self) -> frozenset[tuple[str, str]]:
        """Those that tell a person from their colleagues: a number, which may be shared, only where no address is."""
        kind, values = ("email", self.emails) if self.emails else ("phone", self.phones)
        return frozenset((kind, each) for each in values)

    def every(self) -> frozenset[tuple[str, str]]:
        return frozenset({("email", each) for each in self.emails} | {("phone", each) for each in self.phones})


def email_of(text: str | None) -> str | None:
    """Return an e-mail address in the one form we compare, or None where it is none."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", _visible(text)).strip().casefold())
    local, at, domain = plain.rpartition("@")
    local = local.partition("+")[0] or local
    if not at or not local or any(mark.isspace() for mark in plain):
        return None
    try:
        return f"{local}@{domain.rstrip('.').encode('idna').decode()}" if domain.strip(".") else None
    except UnicodeError:
        return f"{local}@{domain}"


def phone_of(text: str | None) -> str | None:
    """Return a telephone number in E.164 form, or None where it is none."""
    plain = _EXTENSION.sub("", unicodedata.normalize("NFKC", _visible(text)).strip().casefold().removeprefix("tel:"))
    digits = "".join(mark for mark in plain.replace("(0)", "") if mark.isascii() and mark.isdigit())
    if plain.startswith("+") or digits.startswith("00"):
        number = "+" + digits.removeprefix("00")
    elif digits.startswith(COUNTRY[1:]) and len(digits) >= 10:
        number = "+" + digits
    else:  # national; a spreadsheet may have eaten the first zero
        number = COUNTRY + digits.removeprefix("0")
    number = re.sub(rf"^\{COUNTRY}0", COUNTRY, number)
    return number if len(number) - 1 in _DIGITS and digits else None


def _visible(text: str | None) -> str:
    """Leave out what nobody sees: joiners, soft hyphens and marks of direction come along when text is copied."""
    return "".join(mark for mark in text or "" if unicodedata.category(mark) != "Cf")


def digest(key: bytes, kind: str, value: str) -> str:
    """Know an address again without keeping it: same key, same address, no way back."""
    return hmac.new(key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()
