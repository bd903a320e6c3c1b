"""Marketing forms: their definitions, read and written as whole documents."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from crm_gdpr.emulator.errors import Malformed
from crm_gdpr.emulator.instants import text
from crm_gdpr.emulator.submissions import Form
from crm_gdpr.emulator.wire.answers import answer, nothing
from crm_gdpr.emulator.wire.call import Call, needed, rows

_PAGE, _MOST = 20, 500
_PARTS = ("name", "fieldGroups", "configuration", "displayOptions", "legalConsentOptions")


def list_forms(call: Call) -> Response:
    """Forms of this account are all of type hubspot."""
    types = call.names("formTypes")
    if types and not {"hubspot", "all"} & set(types):
        return answer({"results": []})
    found = [
        one for one in call.portal.form_book.forms.values() if (one.archived_ms is not None) is call.flag("archived")
    ]
    start, limit = call.after(), call.number("limit", _PAGE, _MOST)
    body: dict[str, Any] = {"results": [_shown(one) for one in found[start : start + limit]]}
    if len(found) > start + limit:
        body["paging"] = {"next": call.beyond(str(start + limit))}
    return answer(body)


def read_form(call: Call, form_id: str) -> Response:
    return answer(_shown(call.portal.form_book.get(form_id, archived=call.flag("archived"))))


def create_form(call: Call) -> Response:
    needed(call.body, "name")
    return answer(_shown(call.portal.form_book.create(_given(call.body), call.portal.clock.now_ms())), 201)


def update_form(call: Call, form_id: str) -> Response:
    """PUT and PATCH alike: what is given replaces what was there."""
    return answer(_shown(call.portal.form_book.change(form_id, _given(call.body), call.portal.clock.now_ms())))


def archive_form(call: Call, form_id: str) -> Response:
    """Takes nothing in from now on; gone for good after three months."""
    call.portal.form_book.get(form_id).archived_ms = call.portal.clock.now_ms()
    return nothing()


def _given(body: Mapping[str, Any]) -> dict[str, Any]:
    for group in rows(body.get("fieldGroups"), "fieldGroups"):
        for field in rows(group.get("fields"), "fields"):
            needed(field, "name")
            _dependent(field)
    if any(not isinstance(body[part], dict) for part in _PARTS[2:] if body.get(part) is not None):
        raise Malformed(f"Invalid input JSON: {', '.join(_PARTS[2:])} must be objects")
    return {part: body[part] for part in _PARTS if body.get(part) is not None}


def _dependent(field: Mapping[str, Any]) -> None:
    for one in rows(field.get("dependentFields"), "dependentFields"):
        if not isinstance(one.get("dependentField"), dict):
            raise Malformed("Invalid input JSON: dependentField must be an object")


def _shown(one: Form) -> dict[str, Any]:
    shown = {
        **one.document,
        "id": one.id,
        "createdAt": text(one.created_ms),
        "updatedAt": text(one.updated_ms),
        "archived": one.archived_ms is not None,
    }
    return shown if one.archived_ms is None else {**shown, "archivedAt": text(one.archived_ms)}
