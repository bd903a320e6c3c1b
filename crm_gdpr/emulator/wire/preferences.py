"""Communication preferences as v4 and the dated versions have them: three states, opt-outs of everything, batches."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response

from crm_gdpr.emulator.communicating import address
from crm_gdpr.emulator.errors import Malformed, NotFound
from crm_gdpr.emulator.instants import text, to_ms
from crm_gdpr.emulator.preferences import NOT_SPECIFIED, PORTAL, SubscriptionType, wish
from crm_gdpr.emulator.wire.answers import answer, batch, missing_scopes
from crm_gdpr.emulator.wire.call import Call, needed, whole, words

_MOST = 100
_BATCH_SCOPES = ("communication_preferences.statuses.batch.read", "communication_preferences.statuses.batch.write")


def list_types(call: Call) -> Response:
    found = call.portal.preferences.of_unit(_unit(call))
    return _done(call, [shown_type(call, type_, translated=call.flag("includeTranslations")) for type_ in found])


def read_statuses(call: Call, email: str) -> Response:
    _channel(call)
    return _done(call, _statuses(call, address(email)))


def write_status(call: Call, email: str) -> Response:
    """Sets any state, also on who opted out: this version can re-subscribe."""
    _channel(call, call.body)
    return _done(call, [_write(call, email, call.body)])


def read_opt_outs(call: Call, email: str) -> Response:
    _channel(call)
    return _done(call, _wide(call, address(email)))


def unsubscribe_all(call: Call, email: str) -> Response:
    """Says what became of each type only when asked to."""
    _channel(call)
    _opt_out(call, email)
    return _done(call, _statuses(call, address(email), "UNSUBSCRIBE_FROM_ALL_OCCURRED") if call.flag("verbose") else [])


def make_links(call: Call) -> Response:
    _channel(call)
    email = address(str(needed(call.body, "subscriberIdString")))
    one = call.body.get("subscriptionId")
    token = base64.urlsafe_b64encode(f"{call.portal.portal_id}:{email}".encode()).decode()
    base = "https://preferences.example.com/hs/manage-preferences"
    links = {
        "subscriberIdString": email,
        "managePreferencesUrl": f"{base}/unsubscribe?d={token}",
        "unsubscribeAllUrl": f"{base}/unsubscribe-all?d={token}",
    }
    if one is not None:
        type_ = call.portal.preferences.type(whole(one, "subscriptionId"))
        links["unsubscribeSingleUrl"] = f"{base}/unsubscribe-single?d={token}&s={type_.id}"
    return answer(links)


def read_status_batch(call: Call) -> Response:
    return _batch(call, lambda email: {"subscriberIdString": email, "statuses": _statuses(call, email)})


def read_opt_out_batch(call: Call) -> Response:
    return _batch(call, lambda email: {"subscriberIdString": email, "wideStatuses": _wide(call, email)})


def unsubscribe_batch(call: Call) -> Response:
    def one(email: str) -> dict[str, Any]:
        _opt_out(call, email)
        told = {"statuses": _statuses(call, email, "UNSUBSCRIBE_FROM_ALL_OCCURRED")} if call.flag("verbose") else {}
        return {"subscriberIdString": email, **told}

    return _batch(call, one)


def write_status_batch(call: Call) -> Response:
    """What cannot be written is reported beside what was."""
    if not call.portal.switches.batch_preferences:
        return missing_scopes(_BATCH_SCOPES)
    results, errors = [], []
    for row in call.inputs(_MOST):
        try:
            _channel(call, row)
            results.append(_write(call, str(needed(row, "subscriberIdString")), row))
        except (Malformed, NotFound) as refusal:
            errors.append({"status": "error", "category": "VALIDATION_ERROR", "message": str(refusal)})
    return answer(batch(results, errors, call.portal.clock.now()))


def shown_type(call: Call, type_: SubscriptionType, *, translated: bool = False) -> dict[str, Any]:
    at = text(to_ms(call.portal.start))
    shown: dict[str, Any] = {
        "id": str(type_.id),
        "name": type_.name,
        "description": type_.description,
        "purpose": type_.purpose,
        "communicationMethod": "Email",
        "isActive": type_.is_active,
        "isDefault": type_.is_internal,
        "isInternal": type_.is_internal,
        "businessUnitId": type_.business_unit,
        "createdAt": at,
        "updatedAt": at,
    }
    return {**shown, "subscriptionTranslations": []} if translated else shown


def _batch(call: Call, one: Any) -> Response:
    if not call.portal.switches.batch_preferences:
        return missing_scopes(_BATCH_SCOPES)
    _channel(call)
    emails = words(needed(call.body, "inputs"), "inputs")
    if len(emails) > _MOST:
        raise Malformed(f"The maximum number of inputs supported in a batch is {_MOST}; received {len(emails)}")
    return _done(call, [one(address(email)) for email in emails])


def _write(call: Call, email: str, body: Mapping[str, Any]) -> dict[str, Any]:
    type_ = call.portal.preferences.type(whole(needed(body, "subscriptionId"), "subscriptionId"))
    state, required = str(needed(body, "statusState")), call.portal.switches.data_privacy
    wanted = wish(state, body.get("legalBasis"), body.get("legalBasisExplanation"), required=required)
    reason = call.portal.choose(email, type_.id, wanted, actor=call.actor)
    return _status(call, address(email), type_, reason)


def _opt_out(call: Call, email: str) -> None:
    call.portal.unsubscribe_all(email, source="API", unit=_unit(call) or PORTAL, actor=call.actor)


def _statuses(call: Call, email: str, reason: str = "") -> list[dict[str, Any]]:
    return [_status(call, email, type_, reason) for type_ in call.portal.preferences.of_unit(_unit(call))]


def _status(call: Call, email: str, type_: SubscriptionType, reason: str = "") -> dict[str, Any]:
    found = call.portal.preferences.choice(email, type_)
    shown = {
        "businessUnitId": type_.business_unit,
        "channel": "EMAIL",
        "subscriberIdString": email,
        "subscriptionId": type_.id,
        "subscriptionName": type_.name,
        "status": found.state,
        "source": found.source,
        "timestamp": text(found.at_ms),
        "legalBasis": found.legal_basis,
        "legalBasisExplanation": found.explanation,
        "setStatusSuccessReason": reason,
    }
    return {name: value for name, value in shown.items() if value not in (None, "")}


def _wide(call: Call, email: str) -> list[dict[str, Any]]:
    """The opt-out of the account, and that of the business unit asked about."""
    unit = _unit(call)
    found = []
    for one in dict.fromkeys((PORTAL, unit or PORTAL)):
        refused = call.portal.preferences.opt_out(email, one)
        found.append(
            {
                "businessUnitId": one,
                "channel": "EMAIL",
                "status": refused.state if refused else NOT_SPECIFIED,
                "subscriberIdString": email,
                "timestamp": text(refused.at_ms if refused else 0),
                "wideStatusType": "PORTAL_WIDE" if one == PORTAL else "BUSINESS_UNIT_WIDE",
            }
        )
    return found


def _done(call: Call, results: Sequence[object]) -> Response:
    return answer(batch(results, [], call.portal.clock.now()))


def _unit(call: Call) -> int | None:
    given = call.request.args.get("businessUnitId")
    return None if given is None else whole(given, "businessUnitId")


def _channel(call: Call, body: Mapping[str, Any] | None = None) -> None:
    """There is one channel, and it has to be named."""
    given = call.request.args.get("channel") if body is None else body.get("channel")
    if given != "EMAIL":
        raise Malformed(f"channel is required and must be EMAIL, not {given}")
