"""Calls that go wrong because they were told to: the answer, and what happens to the line under it."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Request, Response

from crm_gdpr.emulator.faults import Fault
from crm_gdpr.emulator.wire.answers import error, limited, missing_scopes
from crm_gdpr.emulator.wire.families import Family

LINE = "crm_gdpr.emulator.line"
"""Where the WSGI environment tells the server of trouble on the line."""

_CATEGORIES = {401: "EXPIRED_AUTHENTICATION", 404: "OBJECT_NOT_FOUND", 409: "CONFLICT", 423: "LOCKED", 477: "MIGRATION"}
_MIGRATION_SECONDS = 5
_TOLD = "The emulator was told to fail this"


@dataclass(frozen=True)
class Line:
    """``cut`` drops the connection in place of the answer, ``torn`` in the middle of its body."""

    cut: bool = False
    torn: bool = False
    dribble_ms: int = 0


def trouble(request: Request, fault: Fault) -> None:
    """Wait as told, and have the server trouble the line."""
    time.sleep(fault.delay_ms / 1000)
    request.environ[LINE] = Line(fault.reset, fault.reset_in_body, fault.dribble_ms)


def failed(fault: Fault) -> Response:
    """The answer of a call that goes wrong; a cut line has none, whatever is returned here."""
    response = _failed(fault.status or 503, fault)
    seconds = _MIGRATION_SECONDS if fault.status == 477 and fault.retry_after is None else fault.retry_after
    if seconds is not None:
        response.headers["Retry-After"] = str(seconds)
    return response


def _failed(status: int, fault: Fault) -> Response:
    if fault.page:
        return Response(f"<html><body><h1>{status}</h1></body></html>", status, content_type="text/html;charset=utf-8")
    if status == 429:
        return limited(fault.policy, f"You have reached your {fault.policy.lower()} limit.")
    if status == 403:
        return missing_scopes(["crm.objects.contacts.read"])
    return error(status, _CATEGORIES.get(status, "INTERNAL_ERROR"), f"{_TOLD} call.")


def failed_in_part(response: Response, family: Family, lost: Sequence[Mapping[str, Any]]) -> Response:
    """The answer to a batch whose first inputs came to nothing; an empty answer has no place to say so."""
    if not lost or response.status_code == 204:
        return response
    body = response.get_json()
    body["errors"] = [*(_of_input(one) for one in lost), *body.get("errors", [])]
    body["numErrors"] = len(body["errors"])
    response.set_data(orjson.dumps(body))
    if family.partial != 200:
        response.status_code = family.partial
    return response


def _of_input(one: Mapping[str, Any]) -> dict[str, Any]:
    end = one.get("from")
    id_ = one.get("id") or (end.get("id") if isinstance(end, dict) else None)
    context = {"context": {"ids": [str(id_)]}} if id_ is not None else {}
    return {"status": "error", "category": "INTERNAL_ERROR", "message": f"{_TOLD} input.", **context}
