"""The report as PDF, by typst; without the `pdf` extra there is none, and the HTML is whole.

What people wrote goes to typst as data, never as its language: nothing in it is run, fetched or set.
"""

from __future__ import annotations

import json
import re
from importlib import resources
from typing import Any

from crm_gdpr.addons.access.model import Answer, Part, Row
from crm_gdpr.addons.access.wording import (
    ALL_OF_IT,
    MANIFEST,
    MANIFEST_HEAD,
    REASON,
    REPORT_TITLE,
    THE_DATA,
    THE_INFORMATION,
    UNDER_ARTICLE_15,
    why_not_read,
)
from crm_gdpr.policy import Text

try:
    import typst
except ImportError:  # the extra is not installed
    typst = None  # type: ignore[assignment]

# What cannot be printed, and what turns the direction of the words after it.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
UNBROKEN = re.compile(r"\S{30}(?=\S)")  # an address on the web would run off the page
LONGEST = 20_000  # characters of one value on paper; the HTML and the data have it whole


def pdf(answer: Answer) -> bytes | None:
    """Return the report in the person's language; None without the extra."""
    if typst is None:
        return None
    source = resources.files("crm_gdpr.addons.access").joinpath("templates/access/report.typ").read_bytes()
    content: bytes = typst.compile(source, sys_inputs={"answer": json.dumps(_told(answer), ensure_ascii=False)})
    return content


def _told(answer: Answer) -> dict[str, Any]:
    def say(text: Text) -> str:
        return _clean(text.in_(answer.language))

    return {
        "language": answer.language,
        "title": say(REPORT_TITLE),
        "lead": f"{_clean(answer.controller)} · {answer.made_on} · {say(UNDER_ARTICLE_15)}",
        "information_title": say(THE_INFORMATION),
        "data_title": say(THE_DATA),
        "manifest_title": say(MANIFEST),
        "information": [
            {"title": f"{say(e.title)} ({e.article})", "lines": [say(line) for line in e.lines]}
            for e in answer.information
        ],
        "parts": [
            {"title": say(part.title), "records": [_record(row, answer.language) for row in part.rows]}
            for part in answer.parts
            if part.rows
        ],
        "whole": say(ALL_OF_IT),
        "manifest": [
            [say(part.title), str(part.found), str(part.included), say(_left_out(part))] for part in answer.parts
        ],
        "manifest_head": [say(each) for each in MANIFEST_HEAD],
    }


def _left_out(part: Part) -> Text:
    """Return what of a part is left out and why, in a few words."""
    said = [Text(sv=f"{REASON[code].sv}: {n}", en=f"{REASON[code].en}: {n}") for code, n in part.withheld.items()]
    said += [
        Text(sv=f"värden, {REASON[code].sv}: {n}", en=f"values, {REASON[code].en}: {n}")
        for code, n in part.redacted.items()
    ]
    if part.not_read:
        said.append(why_not_read(part.not_read))
    return Text(sv="; ".join(each.sv for each in said) or "–", en="; ".join(each.en for each in said) or "–")


def _record(row: Row, language: str) -> dict[str, Any]:
    fields = [[_clean(each.label.in_(language)), _clean(each.value.in_(language))] for each in row.fields]
    return {"title": _clean(row.title.in_(language)), "fields": fields}


def _clean(text: str) -> str:
    """Keep what can be printed; a value beyond all measure is cut, and says so."""
    printable = CONTROL.sub("", text)
    whole = printable if len(printable) <= LONGEST else f"{printable[:LONGEST]} […]"
    return UNBROKEN.sub(lambda run: f"{run.group()}\u200b", whole)
