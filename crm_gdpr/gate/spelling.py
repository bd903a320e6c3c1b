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
SPACE = r"(?:[^\S\r\n]|&nbsp;|</?(?:a|b|em|font|i|span|strong|u)\b[^<>]{0,200}>){1,8}"  # nothing that ends a line
NO_NAME_BEFORE = r"(?<![^\W\d_]\s)"  # in "Per Ek, Eva Berg" nobody is called Eva Ek
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
    """A first and a last name together, in either order, with a middle name too; never the names of two people."""
    given, family = _spelt(first), _spelt(last)
    initial = rf"(?-i:{_capital(first)})\."
    middle = rf"{SPACE}(?-i:{CAPITAL})[\w'’-]{{0,30}}\.?{SPACE}"
    turned = rf"{NO_NAME_BEFORE}{family}{GAP}{given}"
    return rf"(?i:{BEFORE}(?:{given}(?:{GAP}|{middle}){family}|{initial}{GAP}{family}|{turned}){GENITIVE})"


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


def _capital(name: str) -> str:
    """The first letter of a name, precomposed or not, as a capital only."""
    letter = unicodedata.normalize("NFC", name)[0].upper()
    escapes = [f"&{entity};" for entity in (html.entities.codepoint2name.get(ord(letter[0])),) if entity]
    ways = (letter, unicodedata.normalize("NFD", letter), f"&#{ord(letter[0])};", *escapes)
    return rf"(?:{'|'.join(re.escape(way) for way in dict.fromkeys(ways))})"


def _char(char: str) -> str:
    """One character, and its escapes where it has any in use."""
    if char.isascii() and char.isalnum():
        return char
    ways = [char, quote(char, safe="")]
    for each in {char, char.lower(), char.upper()}:
        ways += [f"&#{ord(each[0])};", f"&#x{ord(each[0]):x};", unicodedata.normalize("NFD", each)]
        ways += [f"&{name};" for name in (html.entities.codepoint2name.get(ord(each[0])),) if name]
    return rf"(?:{'|'.join(re.escape(way) for way in dict.fromkeys(ways))})"
