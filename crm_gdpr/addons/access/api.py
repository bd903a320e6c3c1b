"""The API of requests: open one, see how it stands, fetch its package.  Described by /access/openapi.json.

A caller brings the token of a user, and may do what that user's role may.  An error is always the same shape: code,
status, message, and errors by field where a value is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from flask import Blueprint as PlainBlueprint
from flask import Flask, Response, current_app, g, jsonify, request
from flask.blueprints import BlueprintSetupState
from flask.views import MethodView
from flask_smorest import Api, Blueprint, abort
from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed, NotFound

from crm_gdpr.addons.access.files import content_of
from crm_gdpr.addons.access.matching import people
from crm_gdpr.addons.access.package import schema as data_schema
from crm_gdpr.addons.access.steps import StepRefused, open_request, releasable
from crm_gdpr.addons.access.urging import is_overdue
from crm_gdpr.policy import Right

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.requests import Request

blueprint = Blueprint("access_api", __name__, url_prefix="/access", description="Requests under the GDPR")
ROLES = ("support", "officer")
BEARER = re.compile(r"Bearer ([A-Za-z0-9_-]{43})")
SECURITY: list[dict[str, list[str]]] = [{"token": []}]
CONFIG = {
    "API_TITLE": "crm_gdpr",
    "API_VERSION": "1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/access",
    "OPENAPI_JSON_PATH": "openapi.json",
}
RIGHTS = tuple(right.value for right in Right)
APPLIED_ON = date(2018, 5, 25)  # the GDPR; nobody asked under it before
ANY_METHOD = ("GET", "POST", "PUT", "PATCH", "DELETE")
HIGHEST = 2**63 - 1  # what the store can count to


class OpenedSchema(Schema):
    """What opens a request: a contact id or an address, and what was asked for."""

    class Meta:
        unknown = RAISE

    contact_id = fields.String(validate=validate.Regexp(r"\d{1,19}$"), metadata={"description": "HubSpot's id"})
    email = fields.Email(
        validate=validate.Length(max=254),
        metadata={"description": "an address; several matching people are all named, none is chosen"},
    )
    right = fields.String(load_default="A15", validate=validate.OneOf(RIGHTS), metadata={"description": "article"})
    received_on = fields.Date(
        validate=validate.Range(min=APPLIED_ON),
        metadata={"description": "the day of receipt; today where it is left out"},
    )
    language = fields.String(validate=validate.OneOf(("sv", "en")))

    @validates_schema
    def one_of_two(self, data: Mapping[str, Any], **_: Any) -> None:
        if ("contact_id" in data) == ("email" in data):
            raise ValidationError("give either contact_id or email", "contact_id")


class RequestSchema(Schema):
    """One request, as it stands."""

    id = fields.Integer(required=True)
    right = fields.String(required=True)
    status = fields.String(required=True)
    received_on = fields.Date(required=True)
    due_on = fields.Date(required=True)
    overdue = fields.Boolean(required=True)
    contact_id = fields.String(required=True, allow_none=True)
    candidates = fields.List(fields.String(), required=True, metadata={"description": "whom it may be about"})
    identity_confirmed = fields.Boolean(required=True)
    extended_on = fields.Date(required=True, allow_none=True)
    closed_on = fields.Date(required=True, allow_none=True)
    outcome = fields.String(required=True, allow_none=True)
    package = fields.String(required=True, metadata={"description": "none, drafted, reviewed, released or collected"})


class Documented(Api):  # type: ignore[misc]  # the library has no types
    """The document and its errors, for this API alone: the other pages of the process keep their own."""

    def _register_error_handlers(self) -> None:
        """Left to the blueprint."""


def set_up(state: BlueprintSetupState) -> None:
    """Serve the document that describes the API."""
    app = cast(Flask, state.app)
    app.config.update(CONFIG)
    scheme = {"type": "http", "scheme": "bearer", "description": "`crm-gdpr user token NAME` makes one"}
    api = Documented(app, spec_kwargs={"security": SECURITY})
    api.spec.components.security_scheme("token", scheme)
    app.extensions["flask-smorest"]["blp_name_to_api"][blueprint.name] = api
    blueprint.register_views_in_doc(api, app, api.spec, name=blueprint.name, parameters=None)


PUBLIC = f"{blueprint.name}.DataSchema"


@blueprint.before_request
def identify() -> None:
    """Let nobody in without the token of a user who has a role; the schema of the data is for everybody."""
    if request.endpoint == PUBLIC:
        return
    env: Env = current_app.extensions["crm_gdpr"]
    given = BEARER.fullmatch(request.headers.get("Authorization", ""))
    user = env.store.users.by_token(given.group(1)) if given else None
    if user is None:
        abort(401, message="Send the token of a user: Authorization: Bearer …")
    elif user.role not in ROLES:
        abort(403, message="This user's role may not handle requests.")
    else:
        g.user = user.name


@blueprint.errorhandler(HTTPException)
def failed(error: HTTPException) -> tuple[Response, int]:
    """Say what went wrong in the one shape; a value that is wrong is named."""
    told: Mapping[str, Any] = getattr(error, "data", None) or {}
    errors = told.get("errors") or told.get("messages")
    code = error.code or 500
    body = {"code": code, "status": error.name, "message": told.get("message") or error.description or error.name}
    return jsonify({**body, **({"errors": errors} if errors else {})}), code


@blueprint.errorhandler(Exception)
def refused(error: Exception) -> tuple[Response, int]:
    """Errors of ours are written for people; any other is a fault and stays one."""
    if not type(error).__module__.startswith("crm_gdpr."):
        where = f"{request.endpoint} {request.view_args or ''}".strip()
        current_app.logger.error("the API of requests failed: %s in %s", type(error).__name__, where)  # no value of it
        return cast("tuple[Response, int]", failed(InternalServerError()))
    code, status = (502, "Bad Gateway") if hasattr(error, "correlation_id") else (409, "Conflict")
    return jsonify({"code": code, "status": status, "message": str(error)}), code


def unknown(rest: str) -> Response:
    """No such address, or none with this method: said in the same shape as everything else."""
    adapter = current_app.create_url_adapter(request)
    for method in ANY_METHOD:
        if adapter is not None and adapter.match(method=method)[0] != request.endpoint:
            raise MethodNotAllowed
    raise NotFound(f"There is no {blueprint.url_prefix}/{rest}.")


@blueprint.route("/requests")
class Requests(MethodView):
    """All requests."""

    @blueprint.arguments(OpenedSchema)
    @blueprint.response(201, RequestSchema)
    def post(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Open a request.  Of several matching people none is chosen: support does that; of none, the answer is so."""
        env: Env = current_app.extensions["crm_gdpr"]
        found = people(env, wanted.get("contact_id") or wanted["email"])
        if "contact_id" in wanted and not found:
            abort(404, message="There is no such contact.")
        received_on = wanted.get("received_on") or env.today()
        if received_on > env.today():
            abort(422, message="A request is not received in the future.", errors={"received_on": ["in the future"]})
        zone = ZoneInfo(env.policy.controller.timezone)
        number = open_request(
            env,
            right=Right(wanted["right"]),
            received_on=received_on,
            received_at=min(datetime.combine(received_on, time(0), zone).astimezone(UTC), env.clock.now()),
            contact_id=found[0] if len(found) == 1 else None,
            candidates=found if len(found) > 1 else (),
            address=wanted.get("email") if len(found) != 1 else None,
            language=wanted.get("language"),
            by=g.user,
        )
        return shown(env, _known(env, number or 0))


@blueprint.route("/requests/<int:request_id>")
class One(MethodView):
    """One request."""

    @blueprint.response(200, RequestSchema)
    @blueprint.alt_response(404, description="There is no such request")
    def get(self, request_id: int) -> dict[str, Any]:
        """Show how a request stands."""
        env: Env = current_app.extensions["crm_gdpr"]
        return shown(env, _known(env, request_id))


@blueprint.route("/requests/<int:request_id>/package")
class Package(MethodView):
    """The answer to one request."""

    @blueprint.response(200, content_type="application/zip", description="The package, once reviewed")
    @blueprint.alt_response(404, description="There is no such request, or its package is deleted")
    @blueprint.alt_response(409, description="The identity is not confirmed, or nobody has read the answer through")
    def get(self, request_id: int) -> Response:
        """Fetch the package to hand it over another way; who fetched it stands in the ledger."""
        env: Env = current_app.extensions["crm_gdpr"]
        asked = _known(env, request_id)
        try:
            package = releasable(env, asked)
        except StepRefused as refusal:
            abort(409, message=refusal.why.en)
        content = content_of(env, package)
        if content is None:
            abort(404, message="The package is deleted.")
        env.record("package.exported", actor=g.user, contact_id=package.contact_id, request=request_id)
        headers = {"Content-Disposition": f'attachment; filename="request-{request_id}.zip"'}
        return Response(content, mimetype="application/zip", headers=headers)


@blueprint.route("/data.schema.json")
class DataSchema(MethodView):
    """The schema of data.json."""

    @blueprint.doc(security=[])
    @blueprint.response(200, content_type="application/schema+json", description="JSON Schema of data.json")
    def get(self) -> Response:
        """Show the published schema of the data in a package."""
        return Response(data_schema(), mimetype="application/schema+json")


def shown(env: Env, asked: Request) -> dict[str, Any]:
    """What the API tells of a request: ids and dates, never a name or an address."""
    return {
        **{name: getattr(asked, name) for name in ("id", "right", "status", "received_on", "due_on", "contact_id")},
        **{name: getattr(asked, name) for name in ("extended_on", "closed_on", "outcome")},
        "overdue": is_overdue(asked, env.today()),
        "candidates": list(asked.candidates) if asked.contact_id is None else [],
        "identity_confirmed": asked.status not in ("initiated", "acknowledged") and asked.identity_by is not None,
        "package": _state(env, asked),
    }


def _state(env: Env, asked: Request) -> str:
    package = env.store.requests.package_of(asked.id)
    if package is None:
        return "none"
    if package.collected_at is not None:
        return "collected"
    if package.token_hash is not None:
        return "released"
    return "reviewed" if package.reviewed_by else "drafted"


def _known(env: Env, request_id: int) -> Request:
    found = env.store.requests.get(request_id) if request_id <= HIGHEST else None
    if found is None:
        abort(404, message="There is no such request.")
    return cast("Request", found)


PlainBlueprint.add_url_rule(blueprint, "/<path:rest>", "unknown", unknown, methods=ANY_METHOD)
blueprint.record_once(set_up)  # after the routes, which it describes
