"""Every operation of communication preferences, each in the versions that have it."""

from crm_gdpr.emulator import Portal
from tests.emulator.contract import Judge

ANNA, CHANNEL = "anna%40example.se", "channel=EMAIL"
BASIS = {"legalBasis": "CONSENT_WITH_NOTICE", "legalBasisExplanation": "Asked for it at a fair"}
WISH = {"channel": "EMAIL", "statusState": "SUBSCRIBED", "subscriptionId": 1102, **BASIS}


def call_preferences(judge: Judge, portal: Portal) -> None:
    call_statuses(judge)
    portal.switches = portal.switches.changed(batch_preferences=True)
    call_batches(judge)
    old = {"emailAddress": "cia@example.se", "subscriptionId": "1104", **BASIS}
    for area, path in (
        ("subscriptions", "/subscribe"),
        ("subscriptions", "/unsubscribe"),
        ("resubscription", "/resubscribe"),
    ):
        if judge.family.base(area):
            judge(area, "POST", path, old)
    if judge.family.base("subscriptions"):
        judge("subscriptions", "GET", "/status/email/<email>", email=ANNA)
    if judge.family.base("old_definitions"):
        judge("old_definitions", "GET", "/definitions")


def call_statuses(judge: Judge) -> None:
    one, all_ = "/statuses/<email>", "/statuses/<email>/unsubscribe-all"
    judge("preferences", "GET", "/definitions", query="includeTranslations=true&businessUnitId=0")
    judge("preferences", "GET", one, query=CHANNEL, email=ANNA)
    judge("preferences", "POST", one, WISH, email=ANNA)
    judge("preferences", "GET", one, query=f"{CHANNEL}&businessUnitId=0", email=ANNA)
    judge("preferences", "GET", all_, query=CHANNEL, email=ANNA)
    judge("preferences", "POST", all_, query=f"{CHANNEL}&verbose=true", email=ANNA)
    judge("preferences", "GET", all_, query=f"{CHANNEL}&businessUnitId=7", email=ANNA)
    asked = {"subscriberIdString": "anna@example.se", "subscriptionId": 1102}
    judge("preferences", "POST", "/links/generate", asked, query=CHANNEL)


def call_batches(judge: Judge) -> None:
    both = {"inputs": ["anna@example.se", "bo@example.se"]}
    judge("preference_batches", "POST", "/statuses/batch/read", both, query=CHANNEL)
    judge("preference_batches", "POST", "/statuses/batch/unsubscribe-all", both, query=f"{CHANNEL}&verbose=true")
    judge("preference_batches", "POST", "/statuses/batch/unsubscribe-all/read", both, query=CHANNEL)
    rows = [{**WISH, "subscriberIdString": "bo@example.se", "subscriptionId": id_} for id_ in (1102, 7)]
    judge("preference_batches", "POST", "/statuses/batch/write", {"inputs": rows})
