"""Every way in which an address, a number or a name may stand in a text, as patterns.  Pure.

A word is found in any case, precomposed or not, escaped as in HTML or in a link, and with markup in between; it is not
found inside a longer one.  A short name alone is found only with its capital: per is a word, Per a man.
"""

from __future__ import annotations

import html.entities
import re
import unicodedata
from urllib.parse import quote

from crm_gdpr.policy.addresses import COUNTRY, phone_of

BEFORE, AFTER = r"(?<![^\W_])", r"(?![^\W_])"
GENITIVE = r"(?=(?:['’]?s)?(?![^\W_]))"
GAP = r"(?:\s|&nbsp;|&\#160;|%20|<[^<>]{0,200}>|[._,+-]){0,8}"
SPACE = r"(?:\s|&nbsp;|<[^<>]{0,200}>){1,8}"
CAPITAL = r"[A-ZÀ-ÖØ-Þ]"
DIGIT_GAP = r"(?:[\s()/.-]|&nbsp;|%20){0,3}"
SHORT = 5  # a name this long is sought in any case


def address(email: str) -> str:
    """An e-mail address, with any tag after its plus; not the end of a longer one."""
    local, _, domain = email.rpartition("@")
    tag = r"(?:(?:\+|%2B)[\w.-]+)?"
    return rf"(?i:(?<![^\W_])(?<!\w[.'+-]){_spelt(local)}{tag}{_char('@')}{_spelt(domain)}{AFTER})"


def number(phone: str) -> str:
    """A telephone number, with or without its country, however its digits are grouped."""
    known = phone_of(phone)
    if known is None:
        return rf"{BEFORE}{_spelt(phone)}{AFTER}"
    if not known.startswith(COUNTRY):
        return rf"(?<!\d)(?:\+|%2B|00)?{_grouped(known[1:])}(?!\d)"
    country = rf"(?:(?:\+|%2B|00)?{_grouped(COUNTRY[1:])}{DIGIT_GAP}(?:\(0\){DIGIT_GAP})?|0{DIGIT_GAP})"
    return rf"(?<!\d){country}{_grouped(known.removeprefix(COUNTRY))}(?!\d)"


def full(first: str, last: str) -> str:
    """A first and a last name together, in either order, with a middle name too."""
    given, family = _spelt(first), _spelt(last)
    initial = rf"{_char(first[0])}\.?" if first else given
    between = rf"{GAP}(?:(?-i:{CAPITAL})[\w'’-]{{0,30}}\.?{SPACE}){{0,1}}?"
    return rf"(?i:{BEFORE}(?:{given}{between}{family}|{initial}{GAP}{family}|{family}{GAP}{given}){GENITIVE})"


def alone(name: str) -> str:
    """A name by itself."""
    if len(name) >= SHORT:
        return rf"(?i:{BEFORE}{_spelt(name)}{GENITIVE})"
    cased = dict.fromkeys((name, name.title(), name.upper()))
    return rf"{BEFORE}(?:{'|'.join(map(_spelt, cased))}){GENITIVE}"


def _grouped(digits: str) -> str:
    return DIGIT_GAP.join(digits)


def _spelt(word: str) -> str:
    parts = unicodedata.normalize("NFC", word).split()
    return GAP.join("".join(map(_char, part)) for part in parts)


def _char(char: str) -> str:
    """One character, and its escapes where it has any in use."""
    if char.isascii() and char.isalnum():
        return char
    ways = [char, quote(char, safe="")]
    for each in {char, char.lower(), char.upper()}:
        ways += [f"&#{ord(each[0])};", f"&#x{ord(each[0]):x};", unicodedata.normalize("NFD", each)]
        ways += [f"&{name};" for name in (html.entities.codepoint2name.get(ord(each[0])),) if name]
    return rf"(?:{'|'.join(re.escape(way) for way in dict.fromkeys(ways))})"
