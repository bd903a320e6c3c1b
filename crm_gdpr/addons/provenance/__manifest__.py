"""Where each person's data comes from, and on what lawful basis it is kept (Art. 6, 13-14)."""

from crm_gdpr.addon import Addon, ExportSection, Holding, Job, Option, Property, Subscription
from crm_gdpr.addons.provenance.export import read
from crm_gdpr.addons.provenance.handlers import created, tag_missed
from crm_gdpr.addons.provenance.tagging import TAGS
from crm_gdpr.addons.register.__manifest__ import kept_in_hubspot
from crm_gdpr.policy import Text

CATEGORY = "provenance"

SOURCES = (
    Option(value="outreach", label=Text(sv="Vi sökte upp personen", en="We looked the person up")),
    Option(value="inbound", label=Text(sv="Personen kontaktade oss", en="The person contacted us")),
    Option(value="website", label=Text(sv="Via webbplatsen", en="Through the website")),
    Option(value="customer", label=Text(sv="Kontakt hos kund", en="Contact at a customer")),
    Option(value="request", label=Text(sv="Begäran om rättigheter", en="A request about rights")),
    Option(value="other", label=Text(sv="Annan (leverantör, sökande ...)", en="Other (supplier, applicant ...)")),
    Option(value="unknown", label=Text(sv="Okänd", en="Unknown")),
)

HOLDING: Holding = kept_in_hubspot(CATEGORY, "Källa och rättslig grund", "Source and lawful basis")

addon = Addon(
    name="provenance",
    summary="Tag each contact with its source, the evidence for it, and the lawful basis.",
    depends=("register",),
    properties=(
        Property(
            name="gdpr_source",
            label=Text(sv="Källa (GDPR)", en="Source (GDPR)"),
            help=Text(sv="Hur personens uppgifter kom till oss.", en="How the person's data came to us."),
            type="enumeration",
            options=SOURCES,
            personal=True,
            category=CATEGORY,
        ),
        Property(
            name="gdpr_source_evidence",
            label=Text(sv="Belägg för källan", en="Evidence for the source"),
            help=Text(sv="Regeln som träffade och fälten den läste.", en="The rule that matched and what it read."),
            personal=True,
            category=CATEGORY,
        ),
        Property(
            name="gdpr_collected_on",
            label=Text(sv="Insamlad den", en="Collected on"),
            help=Text(sv="Dagen då uppgifterna kom in.", en="The day the data came in."),
            type="date",
            personal=True,
            category=CATEGORY,
        ),
        Property(
            name="gdpr_legal_basis",
            label=Text(sv="Rättslig grund", en="Lawful basis"),
            help=Text(sv="Grunden enligt artikel 6.", en="The ground of Art. 6."),
            personal=True,
            category=CATEGORY,
        ),
        Property(
            name="gdpr_policy_version",
            label=Text(sv="Policyversion", en="Policy version"),
            help=Text(sv="Versionen som märkningen följer.", en="The version that the tags follow."),
            personal=True,
            category=CATEGORY,
        ),
    ),
    subscriptions=(Subscription(event_type="contact.creation", handler=created),),
    jobs=(Job(name="provenance.tag_missed", run=tag_missed, cron="30 1 * * *"),),
    export_sections=(
        ExportSection(
            title=Text(sv="Källa och rättslig grund", en="Source and lawful basis"),
            read=read,
            covers=frozenset(TAGS),
        ),
    ),
    holdings=(HOLDING,),
)
