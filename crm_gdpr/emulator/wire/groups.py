"""Property groups over HTTP."""

from typing import Any

from flask import Response

from crm_gdpr.emulator.properties import Group
from crm_gdpr.emulator.wire.answers import answer, nothing
from crm_gdpr.emulator.wire.call import Call, needed
from crm_gdpr.emulator.wire.definitions import order


def list_groups(call: Call, kind: str) -> Response:
    groups = call.portal.catalogue(call.kind(kind)).groups.values()
    return answer({"results": [_shown(group) for group in groups]})


def create_group(call: Call, kind: str) -> Response:
    body = call.body
    group = Group(str(needed(body, "name")), str(needed(body, "label")), order(body.get("displayOrder")))
    return answer(_shown(call.portal.catalogue(call.kind(kind)).create_group(group)), 201)


def read_group(call: Call, kind: str, name: str) -> Response:
    return answer(_shown(call.portal.catalogue(call.kind(kind)).group(name)))


def update_group(call: Call, kind: str, name: str) -> Response:
    body, changes = call.body, dict[str, Any]()
    if body.get("label") is not None:
        changes["label"] = str(body["label"])
    if "displayOrder" in body:
        changes["display_order"] = order(body["displayOrder"])
    return answer(_shown(call.portal.catalogue(call.kind(kind)).update_group(name, **changes)))


def archive_group(call: Call, kind: str, name: str) -> Response:
    call.portal.catalogue(call.kind(kind)).archive_group(name)
    return nothing()


def _shown(group: Group) -> dict[str, Any]:
    return {"name": group.name, "label": group.label, "displayOrder": group.display_order, "archived": False}
