"""Form submissions: sent in with their consent, and read back form by form. Neither has an official file."""

import base64
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response

from crm_gdpr.emulator.errors import Malformed, NotFound
from crm_gdpr.emulator.form_definition import fields_of
from crm_gdpr.emulator.instants import DAY_MS
from crm_gdpr.emulator.records import id_number
from crm_gdpr.emulator.submissions import Communication, Consent, Form, Submission
from crm_gdpr.emulator.wire.answers import answer
from crm_gdpr.emulator.wire.call import Call, needed, rows, whole

_PAGE, _MOST, _MOST_FIELDS, _OLDEST_DAYS = 20, 50, 1_000, 31
CONSENT = "Freely given consent from contact"
_INTERESTS = {
    "CUSTOMER": ("LEGITIMATE_INTEREST_CLIENT", "Legitimate interest – existing customer"),
    "LEAD": ("LEGITIMATE_INTEREST_PQL", "Legitimate interest – prospect/lead"),
}
Problem = tuple[str, str]
"""HubSpot's errorType, and what it is about."""


def list_submissions(call: Call, form_id: str) -> Response:
    """Of one form, the newest first; there is no filter by person."""
    call.portal.form_book.get(form_id)
    found = call.portal.form_book.of(form_id)
    start, limit = _cursor(call.request.args.get("after")), call.number("limit", _PAGE, _MOST)
    body: dict[str, Any] = {"results": [_shown(one) for one in found[start : start + limit]]}
    if len(found) > start + limit:
        after = base64.b64encode(str(start + limit).encode()).decode()
        body["paging"] = {"next": call.beyond(after)}
    return answer(body)


def submit(call: Call, portal_id: str, form_id: str) -> Response:
    """The contact is made or changed at once; here nobody waits for an import."""
    if portal_id != str(call.portal.portal_id):
        raise NotFound("portal", portal_id)
    form, body = call.portal.form_book.get(form_id), call.body
    values = {str(needed(row, "name")): str(row.get("value") or "") for row in rows(needed(body, "fields"), "fields")}
    problems = [*_problems(form, values), *_time_problems(call, body)]
    if problems:
        return _refused(problems)
    at_ms = int(str(body["submittedAt"])) if body.get("submittedAt") else call.portal.clock.now_ms()
    context = _object(body.get("context"), "context")
    page, name = str(context.get("pageUri") or ""), str(context.get("pageName") or "")
    sent = Submission(call.portal.form_book.guid("submission"), form.id, at_ms, tuple(values.items()), page, name)
    call.portal.submit(sent, _consent(call, _object(body.get("legalConsentOptions"), "legalConsentOptions")))
    then = form.document["configuration"]["postSubmitAction"]
    return answer({"redirectUri" if then["type"] == "redirect_url" else "inlineMessage": then["value"]})


def _problems(form: Form, values: Mapping[str, str]) -> Iterator[Problem]:
    known = {str(field["name"]): field for field in fields_of(form.document)}
    if len(values) > _MOST_FIELDS:
        yield "INPUT_TOO_LARGE", "fields"
    for name in values.keys() - known.keys():
        yield "FIELD_NOT_IN_FORM_DEFINITION", f"fields.{name}"
    for name, field in known.items():
        if field.get("required") and not values.get(name):
            yield "REQUIRED_FIELD", f"fields.{name}"
    email = values.get("email")
    if email and ("@" not in email or "." not in email.rpartition("@")[2] or " " in email):
        yield "INVALID_EMAIL", "fields.email"


def _time_problems(call: Call, body: Mapping[str, Any]) -> Iterator[Problem]:
    """A submission is dated back by a month at most."""
    given, oldest = body.get("submittedAt"), call.portal.clock.now_ms() - _OLDEST_DAYS * DAY_MS
    if given and id_number(given) < oldest:
        yield "INVALID_METADATA", "submittedAt"


def _refused(problems: list[Problem]) -> Response:
    errors = [{"message": f"Error in '{where}'. {type_}", "errorType": type_} for type_, where in problems]
    body = {"status": "error", "message": "The request is not valid", "correlationId": str(uuid.uuid4())}
    return answer({**body, "errors": errors}, 400)


def _consent(call: Call, given: Mapping[str, Any]) -> Consent:
    """Consent that was ticked, or legitimate interest that was told of."""
    consent = _object(given.get("consent"), "consent")
    interest = _object(given.get("legitimateInterest"), "legitimateInterest")
    if interest.get("value"):
        basis, label = _INTERESTS.get(str(interest.get("legalBasis")), _INTERESTS["LEAD"])
        return Consent(label, (_communication(call, interest, basis),))
    ticked = [row for row in rows(consent.get("communications"), "communications") if row.get("value") is True]
    agreed = tuple(_communication(call, row, "CONSENT_WITH_NOTICE") for row in ticked)
    return Consent(CONSENT if consent.get("consentToProcess") is True else "", agreed)


def _communication(call: Call, row: Mapping[str, Any], basis: str) -> Communication:
    type_ = call.portal.preferences.type(whole(needed(row, "subscriptionTypeId"), "subscriptionTypeId"))
    return Communication(type_.id, basis, str(row.get("text") or ""))


def _object(value: object, name: str) -> Mapping[str, Any]:
    if value is not None and not isinstance(value, dict):
        raise Malformed(f"{name} must be an object")
    return value or {}


def _shown(one: Submission) -> dict[str, Any]:
    values = [{"name": name, "value": value, "objectTypeId": "0-1"} for name, value in one.values]
    shown = {"conversionId": one.id, "submittedAt": one.at_ms, "values": values}
    return {**shown, "pageUrl": one.page_url} if one.page_url else shown


def _cursor(after: str | None) -> int:
    try:
        return int(base64.b64decode(after or "MA=="))
    except ValueError:
        raise Malformed(f"after must be a cursor this API gave, not {after}") from None
