"""Communication preferences as v3 has them: subscribed or not, one type at a time, and no way back from an opt-out."""

from typing import Any

from flask import Response

from crm_gdpr.emulator.communicating import address
from crm_gdpr.emulator.errors import Malformed
from crm_gdpr.emulator.preferences import PORTAL, SUBSCRIBED, UNSUBSCRIBED, SubscriptionType, wish
from crm_gdpr.emulator.wire.answers import answer
from crm_gdpr.emulator.wire.call import Call, needed, whole
from crm_gdpr.emulator.wire.preferences import shown_type


def list_definitions(call: Call) -> Response:
    found = call.portal.preferences.types.values()
    return answer({"subscriptionDefinitions": [shown_type(call, type_) for type_ in found]})


def read_subscriptions(call: Call, email: str) -> Response:
    found = [_status(call, address(email), type_) for type_ in call.portal.preferences.types.values()]
    return answer({"recipient": address(email), "subscriptionStatuses": found})


def subscribe(call: Call) -> Response:
    """Who opted out cannot be subscribed again this way."""
    email, type_ = _asked(call)
    if call.portal.preferences.choice(email, type_).state == UNSUBSCRIBED:
        raise Malformed(f"{email} has unsubscribed from subscription {type_.id} and cannot be subscribed again")
    return _choose(call, email, type_, SUBSCRIBED)


def resubscribe(call: Call) -> Response:
    email, type_ = _asked(call)
    return _choose(call, email, type_, SUBSCRIBED)


def unsubscribe(call: Call) -> Response:
    email, type_ = _asked(call)
    return _choose(call, email, type_, UNSUBSCRIBED)


def _asked(call: Call) -> tuple[str, SubscriptionType]:
    type_ = call.portal.preferences.type(whole(needed(call.body, "subscriptionId"), "subscriptionId"))
    return address(str(needed(call.body, "emailAddress"))), type_


def _choose(call: Call, email: str, type_: SubscriptionType, state: str) -> Response:
    """Data privacy settings ask for a legal basis to write to people on, and for none to stop."""
    required = state == SUBSCRIBED and call.portal.switches.data_privacy
    given = call.body.get
    wanted = wish(state, given("legalBasis"), given("legalBasisExplanation"), required=required)
    call.portal.choose(email, type_.id, wanted, actor=call.actor)
    return answer(_status(call, email, type_))


def _status(call: Call, email: str, type_: SubscriptionType) -> dict[str, Any]:
    """Never asked and refused look the same here."""
    found = call.portal.preferences.choice(email, type_)
    covering = call.portal.preferences.covering(email, type_)
    wide = "" if covering is None else "PORTAL_WIDE_STATUS" if covering[0] == PORTAL else "BRAND_WIDE_STATUS"
    shown = {
        "id": str(type_.id),
        "name": type_.name,
        "description": type_.description,
        "status": SUBSCRIBED if found.state == SUBSCRIBED else "NOT_SUBSCRIBED",
        "sourceOfStatus": wide or "SUBSCRIPTION_STATUS",
        "legalBasis": found.legal_basis,
        "legalBasisExplanation": found.explanation,
    }
    return {name: value for name, value in shown.items() if value not in (None, "")}
