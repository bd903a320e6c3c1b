"""Forget completely, or say why not (Art. 17, 19)."""

from crm_gdpr.addon import Addon, ExportSection, Job, Property, Subscription
from crm_gdpr.addons.erasure.aftermath import tell_recipient
from crm_gdpr.addons.erasure.export import read
from crm_gdpr.addons.erasure.handlers import deleted_in_hubspot, follow_up
from crm_gdpr.addons.erasure.requests import answer_requests
from crm_gdpr.addons.erasure.watching import REQUESTED, created, deleted, restored, watch
from crm_gdpr.addons.register.__manifest__ import kept_by_us, kept_in_hubspot
from crm_gdpr.policy import Text

CATEGORY = "erasure"

addon = Addon(
    name="erasure",
    summary="Erase a person for good, and prove by reading that they are gone.",
    depends=("register", "dialogue", "retention", "access"),
    properties=(
        Property(
            name=REQUESTED,
            label=Text(sv="Begärde radering den", en="Asked for erasure on"),
            help=Text(sv="Personen vill bli glömd (artikel 17).", en="The person wants to be forgotten (Art. 17)."),
            type="date",
            personal=True,
            category=CATEGORY,
        ),
    ),
    subscriptions=(
        Subscription(event_type="contact.privacyDeletion", handler=deleted_in_hubspot),
        Subscription(event_type="contact.deletion", handler=deleted),
        Subscription(event_type="contact.restore", handler=restored),
        Subscription(event_type="contact.creation", handler=created, many=True),
    ),
    jobs=(
        Job(name="erasure.answer", run=answer_requests, cron="*/15 * * * *"),
        Job(name="erasure.watch_bin", run=watch, cron="30 1 * * *"),
        Job(name="erasure.tell_recipient", run=tell_recipient),
        Job(name="erasure.follow_up", run=follow_up, cron="0 3 * * *"),
    ),
    export_sections=(
        ExportSection(
            title=Text(sv="Begäran om radering", en="Request for erasure"), read=read, covers=frozenset((REQUESTED,))
        ),
    ),
    holdings=(
        kept_in_hubspot(CATEGORY, "Begäran om radering", "Request for erasure"),
        kept_by_us("erasures", "Raderingslista", "Erasure list", "cases", Text(sv="36 månader", en="36 months")),
    ),
)
