"""Where each person's data comes from, and on what lawful basis it is kept (Art. 6, 13-14)."""

from crm_gdpr.addon import Addon, Check, ExportSection, Gauge, Holding, Job, Subscription
from crm_gdpr.addons.provenance.export import COVERED, read
from crm_gdpr.addons.provenance.handlers import (
    company_changed,
    contact_changed,
    deal_changed,
    tag_waiting,
    ticket_opened,
)
from crm_gdpr.addons.provenance.mailings import keep_mailings
from crm_gdpr.addons.provenance.properties import CATEGORY, PROPERTIES
from crm_gdpr.addons.provenance.scanning import tag_everyone, tag_missed
from crm_gdpr.addons.provenance.watching import assessments, counted, legal_basis, raise_alarm, unknown_sources
from crm_gdpr.addons.register.__manifest__ import kept_by_us, kept_in_hubspot
from crm_gdpr.policy import Text

TELLING = ("contact.creation", "contact.restore", "contact.merge", "contact.associationChange")
CONTACT = (
    *("lifecyclestage", "associatedcompanyid", "jobtitle", "company", "email"),
    *("gdpr_found_at", "gdpr_source", "gdpr_legal_basis", "gdpr_class", "hs_legal_basis"),
)
TAGGING = ("provenance.tag_waiting", "provenance.tag_missed", "provenance.tag_everyone")
COMPANY = ("lifecyclestage", "contract_end_date", "gdpr_customer", "type", "name")

HOLDING: Holding = kept_in_hubspot(CATEGORY, "Källa och rättslig grund", "Source and lawful basis")

addon = Addon(
    name="provenance",
    summary="Tag each contact with its source, the evidence for it, and the lawful basis.",
    depends=("register",),
    properties=PROPERTIES,
    subscriptions=(
        *(Subscription(event_type=type_, handler=contact_changed, many=True) for type_ in TELLING),
        *(
            Subscription(event_type="contact.propertyChange", property_name=name, handler=contact_changed, many=True)
            for name in CONTACT
        ),
        *(
            Subscription(event_type="company.propertyChange", property_name=name, handler=company_changed, many=True)
            for name in COMPANY
        ),
        Subscription(event_type="deal.creation", handler=deal_changed, many=True),
        Subscription(event_type="deal.propertyChange", property_name="dealstage", handler=deal_changed, many=True),
        Subscription(event_type="ticket.creation", handler=ticket_opened, many=True),
    ),
    jobs=(
        Job(name="provenance.tag_waiting", run=tag_waiting, cron="*/10 * * * *", queue="interactive"),
        Job(name="provenance.tag_missed", run=tag_missed, cron="30 1 * * 1-6"),
        Job(name="provenance.tag_everyone", run=tag_everyone, cron="30 1 * * 0"),
        Job(name="provenance.raise_alarm", run=raise_alarm, cron="0 6 * * *"),
        Job(name="provenance.keep_mailings", run=keep_mailings, after=TAGGING, patient=True),
    ),
    export_sections=(
        ExportSection(
            title=Text(sv="Källa och rättslig grund", en="Source and lawful basis"),
            read=read,
            covers=frozenset(COVERED),
        ),
    ),
    holdings=(
        HOLDING,
        kept_by_us(
            "waiting_lists",
            "Listor över kontakter som ska märkas eller ses över (endast id)",
            "Lists of contacts to be tagged or looked at (ids only)",
            "lists",
            Text(sv="Tills de är märkta eller borta.", en="Until they are tagged, or gone."),
        ),
    ),
    checks=(
        Check(what="unknown sources", look=unknown_sources),
        Check(what="balancing tests", look=assessments),
        Check(what="HubSpot's legal basis", look=legal_basis),
    ),
    gauges=(
        Gauge(
            name="crm_gdpr_unknown_sources",
            help="Contacts whose source nobody knows; late is more than 24 hours",
            label="age",
            read=counted,
        ),
    ),
)
