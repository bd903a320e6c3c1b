"""What we hold about a person, and everything that must come with it (Art. 12, 15)."""

from crm_gdpr.addon import Addon, Check, ExportSection, Job, Option, Property, Subscription
from crm_gdpr.addons.access.account import look_at_kinds
from crm_gdpr.addons.access.api import blueprint as api
from crm_gdpr.addons.access.conduct import RIGHT
from crm_gdpr.addons.access.export import erase, read
from crm_gdpr.addons.access.handlers import ASKED, chatted, look_through_mail, person_asked, ticket_opened
from crm_gdpr.addons.access.jobs import acknowledge, forget, prepare
from crm_gdpr.addons.access.merging import merged
from crm_gdpr.addons.access.urging import look, urge
from crm_gdpr.addons.access.views import blueprint
from crm_gdpr.addons.register.__manifest__ import kept_by_us
from crm_gdpr.policy import Text

addon = Addon(
    name="access",
    summary="Answer the people who ask what is stored about them.",
    depends=("register", "objection"),
    properties=(
        Property(
            name=ASKED,
            label=Text(sv="Bad om (GDPR)", en="Asked for (GDPR)"),
            help=Text(
                sv="Välj vad personen bad om på telefon eller på annat sätt; en begäran öppnas och fältet töms.",
                en="Choose what the person asked for by telephone; a request opens and the field is cleared.",
            ),
            type="enumeration",
            options=tuple(Option(value=code, label=text) for code, text in RIGHT.items()),
            personal=True,
            category="requests",
        ),
    ),
    subscriptions=(
        Subscription(event_type="ticket.creation", handler=ticket_opened),
        Subscription(event_type="contact.merge", handler=merged),
        Subscription(event_type="conversation.newMessage", handler=chatted),
        Subscription(event_type="contact.propertyChange", property_name=ASKED, handler=person_asked),
    ),
    jobs=(
        Job(name="access.look_through_mail", run=look_through_mail, cron="10 * * * *"),
        Job(name="access.acknowledge", run=acknowledge, queue="interactive"),
        Job(name="access.prepare", run=prepare, queue="interactive"),
        Job(name="access.look_at_kinds", run=look_at_kinds, cron="1 0 * * *"),
        Job(name="access.forget", run=forget, cron="45 4 * * *"),
        Job(name="access.urge", run=urge, cron="15 6 * * *"),
    ),
    checks=(Check(what="requests", look=look),),
    blueprints=(blueprint, api),
    export_sections=(
        ExportSection(
            title=Text(sv="Dina begäranden och vad vi gjort", en="Your requests and what we have done"),
            read=read,
            covers=frozenset({ASKED}),
            erase=erase,
        ),
    ),
    holdings=(
        kept_by_us(
            "requests",
            "Begäranden om rättigheter",
            "Requests about rights",
            "requests",
            Text(sv="24 månader efter att begäran avslutats", en="24 months after the request was closed"),
        ),
        kept_by_us(
            "incidents",
            "Incidenter med personuppgifter",
            "Personal data breaches",
            "incidents",
            Text(sv="5 år, som dokumentation enligt artikel 33.5", en="5 years, as documentation under Art. 33(5)"),
        ),
        kept_by_us(
            "packages",
            "Registerutdrag som väntar på att hämtas eller nyss hämtats",
            "Access answers waiting to be collected, or just collected",
            "packages",
            Text(
                sv="14 dagar efter hämtning, 30 dagar om utdraget inte hämtas",
                en="14 days after delivery, 30 days when it is not collected",
            ),
        ),
    ),
)
