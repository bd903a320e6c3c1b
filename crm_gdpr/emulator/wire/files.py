"""Files: uploaded, found, linked to, deleted and erased.

No official file is at hand; the shapes are those of HubSpot's reference pages (``developers.hubspot.com``,
files-files-v3: get-files-v3-files-fileId and its signed-url).
"""

import hashlib
import json
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, request

from crm_gdpr.emulator.errors import Malformed, NotFound
from crm_gdpr.emulator.files import StoredFile
from crm_gdpr.emulator.instants import text
from crm_gdpr.emulator.portal import Portal
from crm_gdpr.emulator.records import id_number
from crm_gdpr.emulator.wire.answers import answer, nothing
from crm_gdpr.emulator.wire.call import Call, whole

_PAGE, _MOST, _LINK_SECONDS = 100, 1_000, 3_600


def upload(call: Call) -> Response:
    """A form with the file, its folder, and who may see it."""
    given, form = call.request.files.get("file"), call.request.form
    if given is None:
        raise Malformed("file is required: send it as multipart/form-data")
    with given.stream as stream:
        content = stream.read()
    folder, name = form.get("folderPath") or "", form.get("fileName") or given.filename or "file"
    if not folder and not form.get("folderId"):
        raise Malformed("Either folderId or folderPath is required")
    made = call.portal.add_file(name, content, access=_access(form.get("options")), folder=folder or "/")
    return answer(_shown(call, call.portal.files.get(made)), 201)


def search_files(call: Call) -> Response:
    """By parts of the name, the extension or the ids, in order of id."""
    args, ids = call.request.args, call.names("ids")
    found = [
        one
        for one in call.portal.files.live()
        if args.get("name", "").lower() in one.file_name.lower()
        and args.get("extension") in (None, one.extension)
        and (not ids or str(one.id) in ids)
    ]
    start, limit = call.after(), call.number("limit", _PAGE, _MOST)
    body: dict[str, Any] = {"results": [_shown(call, one) for one in found[start : start + limit]]}
    if len(found) > start + limit:
        body["paging"] = {"next": call.beyond(str(start + limit))}
    return answer(body)


def read_file(call: Call, file_id: str) -> Response:
    return answer(_shown(call, call.portal.files.get(file_id)))


def sign_url(call: Call, file_id: str) -> Response:
    """A link to the content that anybody may follow for a while."""
    found = call.portal.files.get(file_id)
    seconds = whole(call.request.args.get("expirationSeconds") or _LINK_SECONDS, "expirationSeconds")
    expires_ms = call.portal.clock.now_ms() + seconds * 1000
    url = f"{_url(call, found)}?expires={expires_ms}&signature={found.signature(expires_ms)}"
    facts = {"name": found.name, "extension": found.extension, "type": found.type, "size": len(found.content)}
    return answer({**facts, "url": url, "expiresAt": text(expires_ms)})


def delete_file(call: Call, file_id: str) -> Response:
    call.portal.delete_file(file_id)
    return nothing()


def erase_file(call: Call, file_id: str) -> Response:
    """For good, also what was deleted before."""
    call.portal.files.erase(file_id)
    return nothing()


def content_blueprint(portal: Portal) -> Blueprint:
    """Where the links lead: no token, for whoever has the link."""
    blueprint = Blueprint("hubfs", __name__, url_prefix="/hubfs")

    @blueprint.get("/<int:portal_id>/<int:file_id>/<path:_name>")
    def content(portal_id: int, file_id: int, _name: str) -> Response:
        with portal.lock:
            try:
                found = portal.files.get(file_id)
            except NotFound:
                abort(404)
            if portal_id != portal.portal_id or not (found.is_public or _may_follow(portal, found)):
                abort(403)
            return Response(found.content, mimetype="application/octet-stream")

    return blueprint


def _may_follow(portal: Portal, found: StoredFile) -> bool:
    expires = request.args.get("expires", "")
    return id_number(expires) > portal.clock.now_ms() and request.args.get("signature") == found.signature(int(expires))


def _access(options: str | None) -> str:
    try:
        given = json.loads(options or "{}")
    except ValueError:
        raise Malformed("options must be JSON text") from None
    if not isinstance(given, dict) or not given.get("access"):
        raise Malformed("options with access are required")
    return str(given["access"])


def _url(call: Call, one: StoredFile) -> str:
    return f"{call.request.host_url}hubfs/{call.portal.portal_id}/{one.id}/{quote(one.file_name)}"


def _shown(call: Call, one: StoredFile) -> dict[str, Any]:
    at, url = text(one.created_ms), _url(call, one)
    return {
        "id": str(one.id),
        "createdAt": at,
        "updatedAt": at,
        "archived": False,
        "name": one.name,
        "path": one.path,
        "size": len(one.content),
        "type": one.type,
        "extension": one.extension,
        "defaultHostingUrl": url,
        "url": url,
        "isUsableInContent": one.is_public,
        "access": one.access,
        "fileMd5": hashlib.md5(one.content, usedforsecurity=False).hexdigest(),
        "sourceGroup": "CONTENT",
    }
