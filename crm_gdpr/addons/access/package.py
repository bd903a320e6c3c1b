"""The package: a readable report in both languages, a PDF in the person's, the same as data, and the attachments."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Mapping
from importlib import resources
from io import BytesIO
from typing import Any

from crm_gdpr.addons.access.model import Answer, Attached, Part, Row
from crm_gdpr.addons.access.pdf import pdf
from crm_gdpr.addons.access.portability import portable
from crm_gdpr.addons.access.report import report
from crm_gdpr.policy import Text

SCHEMA = "crm_gdpr.access/2"
REPORTS = {"sv": "report.sv.html", "en": "report.en.html"}
DATA, PORTABILITY, PDF, SCHEMA_FILE = "data.json", "portability.json", "report.pdf", "data.schema.json"


def packed(answer: Answer, files: Mapping[str, bytes]) -> bytes:
    """Return the package of an answer that has been read through; without the pdf extra it has no PDF."""
    content = BytesIO()
    printed = pdf(answer)
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for language, name in REPORTS.items():
            package.writestr(name, report(answer, language))
        if printed is not None:
            package.writestr(PDF, printed)
        package.writestr(DATA, _json(to_json(answer)))
        package.writestr(PORTABILITY, _json(portable(answer)))
        package.writestr(SCHEMA_FILE, schema())
        for name, file in file_names(answer).items():
            package.writestr(name, files[file.id])
    return content.getvalue()


def unpacked(content: bytes, name: str) -> bytes:
    """Return one file of a package."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        return package.read(name)


def schema() -> str:
    """Return the published schema of data.json."""
    return resources.files("crm_gdpr.addons.access").joinpath("data.schema.json").read_text()


def file_names(answer: Answer) -> dict[str, Attached]:
    """Name the attachments in the package: a name from the CRM leads nowhere else and hides nothing."""
    return {f"attachments/{each.id}-{safe_name(each.name)}": each for each in answer.files}


def safe_name(name: str) -> str:
    """Return a file name of plain letters, digits and dots, with its ending."""
    plain = re.sub(r"[^\w.-]+", "-", name.rpartition("/")[2].rpartition("\\")[2]).strip(".-")
    return plain[-80:] or "file"


def to_json(answer: Answer) -> dict[str, Any]:
    """Return the answer as data; texts in both languages, values as stored and as they read."""
    return {
        "schema": SCHEMA,
        "controller": {"name": answer.controller, "contact": answer.contact},
        "made_on": answer.made_on,
        "contact_id": answer.contact_id,
        "language": answer.language,
        "information": [
            {"article": e.article, "title": _both(e.title), "lines": [_both(line) for line in e.lines]}
            for e in answer.information
        ],
        "data": [
            {"kind": p.kind, "title": _both(p.title), "category": p.category, "records": [_record(r) for r in p.rows]}
            for p in answer.parts
        ],
        "manifest": [counted(part) for part in answer.parts],
        "calls": answer.calls,
        "calls_for_all": answer.calls_for_all,
        "absent": {"kinds": [_both(title) for title in answer.absent], "looked_on": answer.looked_on or None},
    }


def counted(part: Part) -> dict[str, Any]:
    """One line of the manifest."""
    return {
        "kind": part.kind,
        "title": _both(part.title),
        "found": part.found,
        "included": part.included,
        "withheld": dict(part.withheld),
        "redacted": dict(part.redacted),
        "not_read": part.not_read or None,
    }


def _record(row: Row) -> dict[str, Any]:
    fields = [{"name": f.name, "label": _both(f.label), "value": f.raw, "meaning": _both(f.value)} for f in row.fields]
    return {"ref": row.ref, "title": row.title.sv, "fields": fields}


def _both(text: Text) -> dict[str, str]:
    return {"sv": text.sv, "en": text.en}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
