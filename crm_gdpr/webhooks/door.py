"""The door: verify, persist, answer.  Anything else belongs to a worker."""

from __future__ import annotations

import json
from typing import NoReturn

from flask import Blueprint, abort, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from crm_gdpr.env import Env
from crm_gdpr.metrics import DELIVERIES
from crm_gdpr.webhooks.signature import is_signed

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")
MAX_BYTES = 5 * 1024 * 1024  # a hundred events are about 30 kB; a property value is at most 64 kB


@blueprint.post("/hubspot")
def receive() -> tuple[str, int]:
    """Verify, persist, answer 204; what is acknowledged is in the store."""
    env: Env = current_app.extensions["crm_gdpr"]
    request.max_content_length = MAX_BYTES
    try:
        body = request.get_data()
    except RequestEntityTooLarge:
        _refuse(413, "oversized")
    if not _is_signed(env, body):
        _refuse(401, "unsigned")
    if not _is_array(body):
        _refuse(400, "no_array")
    delivery_id = env.store.inbox.add(body, env.clock.now())
    if delivery_id is None:
        DELIVERIES.labels("replayed").inc()
        return "", 204
    env.queue.wake("webhooks.drain")
    DELIVERIES.labels("accepted").inc()
    return "", 204


def _is_signed(env: Env, body: bytes) -> bool:
    settings = env.settings
    query = request.query_string.decode("ascii", "replace")
    path = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or ""
    uri = path.split("?")[0] or request.path
    return is_signed(
        request.headers,
        version=settings.signature,
        secret=settings.client_secret,
        method=request.method,
        uri=settings.public_url + uri + (f"?{query}" if query else ""),
        body=body,
        now_ms=int(env.clock.now().timestamp() * 1000),
    )


def _is_array(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), list)
    except (ValueError, RecursionError):
        return False


def _refuse(status: int, why: str) -> NoReturn:
    DELIVERIES.labels(why).inc()
    abort(status)
