"""No more contact, and it stays that way (Art. 21)."""

from crm_gdpr.addon import Addon, ExportSection, Property, Subscription
from crm_gdpr.addons.objection.export import read
from crm_gdpr.addons.objection.handlers import NAMES, unsubscribed
from crm_gdpr.addons.register.__manifest__ import kept_in_hubspot
from crm_gdpr.policy import Text

CATEGORY = "objection"

addon = Addon(
    name="objection",
    summary="Record that a person does not want to be contacted.",
    depends=("register",),
    properties=(
        Property(
            name="gdpr_objected_on",
            label=Text(sv="Invände den", en="Objected on"),
            help=Text(sv="Kontakta inte personen igen.", en="Do not contact the person again."),
            type="date",
            personal=True,
            category=CATEGORY,
        ),
        Property(
            name="gdpr_objected_how",
            label=Text(sv="Invände hur", en="Objected how"),
            help=Text(sv="Kanalen invändningen kom genom.", en="The channel the objection came through."),
            personal=True,
            category=CATEGORY,
        ),
    ),
    subscriptions=(
        Subscription(event_type="contact.propertyChange", property_name="hs_email_optout", handler=unsubscribed),
    ),
    export_sections=(
        ExportSection(
            title=Text(sv="Invändning mot kontakt", en="Objection to contact"), read=read, covers=frozenset(NAMES)
        ),
    ),
    holdings=(kept_in_hubspot(CATEGORY, "Invändning mot kontakt", "Objection to contact"),),
)
