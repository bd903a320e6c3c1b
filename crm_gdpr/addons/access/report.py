"""The readable report: one page of HTML that opens offline, loads nothing, and shows every value as text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from crm_gdpr.addons.access.model import Answer, Field, Part, Row
from crm_gdpr.addons.access.wording import REASON, not_read, why_not_read
from crm_gdpr.policy import Text


@dataclass(frozen=True)
class Table:
    """One table of the report: a record's fields line by line, or several lines with the same columns."""

    caption: Text
    fields: tuple[Field, ...]
    lines: tuple[Row, ...] = ()


FORMULA = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"[+-]?[\d\s().,/-]+")


def inert(text: str) -> str:
    """Keep a spreadsheet that opens the page from taking what somebody wrote for a formula."""
    begins = text.lstrip()
    return f"'{text}" if begins.startswith(FORMULA) and not NUMBER.fullmatch(begins) else text


def report(answer: Answer, language: str) -> str:
    """Return the report in Swedish or English."""

    def t(text: Text | str, en: str = "") -> str:
        return inert(text.in_(language) if isinstance(text, Text) else Text(sv=text, en=en).in_(language))

    words = {"t": t, "reason": REASON, "not_read": not_read, "why_not_read": why_not_read}
    return _template().render(answer=answer, language=language, tables=tables, **words)


def tables(part: Part) -> Iterator[Table]:
    """Yield a table for each record; lines without a title are laid together."""
    for title, rows in groupby(part.rows, key=lambda row: row.title):
        if title.sv:
            yield from (Table(title, row.fields) for row in rows)
        else:
            yield from _together(part.title, rows)


def _together(title: Text, rows: Iterable[Row]) -> Iterator[Table]:
    for several, alike in groupby(
        rows, key=lambda row: tuple(f.name for f in row.fields) if len(row.fields) > 1 else ()
    ):
        lines = tuple(alike)
        if several and len(lines) > 1:
            yield Table(title, lines[0].fields, lines)
        else:
            yield Table(title, tuple(field for line in lines for field in line.fields))


@cache
def _template() -> Template:
    loader = PackageLoader("crm_gdpr.addons.access")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("access/report.html")
