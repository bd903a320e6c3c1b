"""The package: a readable report in both languages and the same as data, in one zip."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from typing import Any

from crm_gdpr.addons.access.model import Answer, Part, Row
from crm_gdpr.addons.access.report import report
from crm_gdpr.policy import Text

SCHEMA = "crm_gdpr.access/1"
REPORTS = {"sv": "report.sv.html", "en": "report.en.html"}
DATA = "data.json"


def zipped(answer: Answer) -> bytes:
    """Return the package of an answer."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for language, name in REPORTS.items():
            package.writestr(name, report(answer, language))
        package.writestr(DATA, json.dumps(to_json(answer), ensure_ascii=False, indent=2))
    return content.getvalue()


def unzipped(content: bytes, name: str) -> bytes:
    """Return one file of a package."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        return package.read(name)


def to_json(answer: Answer) -> dict[str, Any]:
    """Return the answer as data; texts in both languages, values as stored and as they read."""
    return {
        "schema": SCHEMA,
        "controller": {"name": answer.controller, "contact": answer.contact},
        "made_on": answer.made_on.isoformat(),
        "contact_id": answer.contact_id,
        "information": [
            {"article": e.article, "title": _both(e.title), "lines": [_both(line) for line in e.lines]}
            for e in answer.information
        ],
        "data": [
            {"kind": p.kind, "title": _both(p.title), "category": p.category, "records": [_record(r) for r in p.rows]}
            for p in answer.parts
        ],
        "manifest": [_counted(part) for part in answer.parts],
    }


def _counted(part: Part) -> dict[str, Any]:
    return {
        "kind": part.kind,
        "title": _both(part.title),
        "found": part.found,
        "included": part.included,
        "withheld": dict(part.withheld),
    }


def _record(row: Row) -> dict[str, Any]:
    fields = [{"name": f.name, "label": _both(f.label), "value": f.raw, "meaning": _both(f.value)} for f in row.fields]
    return {"title": row.title.sv, "fields": fields}


def _both(text: Text) -> dict[str, str]:
    return {"sv": text.sv, "en": text.en}
