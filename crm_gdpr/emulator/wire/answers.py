"""HubSpot's envelopes: JSON answers, batch answers, and every documented kind of error."""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from flask import Response

from crm_gdpr.emulator.errors import Invalid, Problem

JSON = "application/json;charset=utf-8"
_MISSING_PAGE = (
    '<html>\n<head>\n<meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>\n'
    "<title>Error 404 Not Found</title>\n</head>\n<body><h2>HTTP ERROR 404</h2>\n"
    "<p>Resource not found</p>\n</body>\n</html>\n"
)
_SCOPES_PAGE = "https://developers.hubspot.com/scopes"


def answer(data: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(orjson.dumps(data), status, dict(headers or {}), content_type=JSON)


def nothing(content_type: str = "") -> Response:
    """Nothing, and so of no type; now and then HubSpot names one all the same."""
    response = Response(status=204, content_type=content_type or None)
    if not content_type:
        del response.headers["Content-Type"]
    return response


def error(status: int, category: str, message: str, **more: object) -> Response:
    return answer(error_body(category, message, **more), status)


def error_body(category: str, message: str, **more: object) -> dict[str, object]:
    found = {"status": "error", "message": message, "correlationId": str(uuid.uuid4()), "category": category}
    return {**found, **more}


def invalid(refusal: Invalid, portal_id: int, **more: object) -> dict[str, object]:
    """The problems twice: as JSON text inside the message, and as a list."""
    inner = json.dumps([_told(problem, portal_id) for problem in refusal.problems], separators=(",", ":"))
    errors = [
        {"message": problem.message, "code": problem.code, "context": {"propertyName": [problem.name]}}
        for problem in refusal.problems
    ]
    return error_body("VALIDATION_ERROR", f"Property values were not valid: {inner}", errors=errors, **more)


def _told(problem: Problem, portal_id: int) -> dict[str, object]:
    return {
        "isValid": False,
        "message": problem.message,
        "error": problem.code,
        "name": problem.name,
        "localizedErrorMessage": problem.message,
        "portalId": portal_id,
    }


def missing_page() -> Response:
    """What a read of a single missing record is answered with in reality: a page, not JSON."""
    headers = {"X-HubSpot-NotFound": "true"}
    return Response(_MISSING_PAGE, 404, headers, content_type="text/html;charset=iso-8859-1")


def missing_scopes(scopes: Sequence[str]) -> Response:
    message = (
        "This app hasn't been granted all required scopes to make this call. "
        f"Read more about required scopes here: {_SCOPES_PAGE}."
    )
    detail = {
        "message": "One or more of the following scopes are required.",
        "context": {"requiredGranularScopes": list(scopes)},
    }
    return error(403, "MISSING_SCOPES", message, errors=[detail], links={"scopes": _SCOPES_PAGE})


def limited(policy: str, message: str) -> Response:
    more = {"errorType": "RATE_LIMIT", "policyName": policy, "requestId": str(uuid.uuid4())}
    return error(429, "RATE_LIMITS", message, **more)


def batch(results: Iterable[object], errors: Sequence[Mapping[str, object]], now: str) -> dict[str, Any]:
    """A batch that is done; errors are mentioned only where there are any."""
    body: dict[str, Any] = {"status": "COMPLETE", "results": list(results), "startedAt": now, "completedAt": now}
    if errors:
        body |= {"numErrors": len(errors), "errors": list(errors)}
    return body
