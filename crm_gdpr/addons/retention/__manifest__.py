"""Review, archive, erase; customers stay (Art. 5(1)(e))."""

from crm_gdpr.addon import Addon, ExportSection, Gauge, Job, Option, Property, Subscription
from crm_gdpr.addons.register.__manifest__ import kept_by_us, kept_in_hubspot
from crm_gdpr.addons.retention.answering import answered, take_undated
from crm_gdpr.addons.retention.applying import apply_plan, go_on
from crm_gdpr.addons.retention.bounces import propose
from crm_gdpr.addons.retention.customers import look_through
from crm_gdpr.addons.retention.debt import debt
from crm_gdpr.addons.retention.export import NAMES, read
from crm_gdpr.addons.retention.planning import plan_night
from crm_gdpr.addons.retention.reconsidering import reconsider
from crm_gdpr.addons.retention.reminding import remind
from crm_gdpr.addons.retention.unclear import ask_about_unclear
from crm_gdpr.policy import Text

CATEGORY = "retention"

ANSWERS = (
    Option(value="attest", label=Text(sv="Intyga ett samtal", en="Attest a talk")),
    Option(value="let_go", label=Text(sv="Släpp kontakten", en="Let go")),
    Option(value="hold", label=Text(sv="Be om att låsa", en="Ask for a hold")),
)


def said(name: str, label: Text, help_: Text, type_: str = "string", options: tuple[Option, ...] = ()) -> Property:
    """Something a colleague says about the person."""
    return Property(name=name, label=label, help=help_, type=type_, options=options, personal=True, category=CATEGORY)


def flagged(name: str, label: Text, type_: str = "string") -> Property:
    """The flag by which a person says that a company is a customer."""
    return Property(object="company", name=name, label=label, help=FLAG, type=type_)


def held(object_: str) -> tuple[Property, ...]:
    """A hold on a contact, or on a company or deal whose people inherit it."""
    personal = object_ == "contact"
    category = CATEGORY if personal else ""
    rows = (
        ("gdpr_hold_reason", Text(sv="Låst, orsak", en="Hold, reason"), "string"),
        ("gdpr_hold_by", Text(sv="Låst av", en="Hold by"), "string"),
        ("gdpr_hold_until", Text(sv="Låsningen omprövas", en="Hold reviewed on"), "date"),
    )
    return tuple(
        Property(object=object_, name=name, label=label, help=HOLD, type=type_, personal=personal, category=category)
        for name, label, type_ in rows
    )


HOLD = Text(
    sv="Sätts av dataskyddsombudet; låser kontakten, eller bolagets och affärens kontakter.",
    en="Set by the data protection officer; keeps the contact, or the contacts of the company or deal.",
)
FLAG = Text(sv="Skyddar bolagets kontakter.", en="Protects the company's contacts.")
REVIEW = Text(sv="Ditt svar när kontakten är i genomgång.", en="Your answer while the contact is in review.")
LEFT = Text(sv="Har slutat, eller adressen är död.", en="Has left, or the address is dead.")

addon = Addon(
    name="retention",
    summary="Plan, approve and carry out review, archive and erasure; customers stay.",
    depends=("register", "dialogue"),
    properties=(
        *(found for object_ in ("contact", "company", "deal") for found in held(object_)),
        said(
            "gdpr_restricted",
            Text(sv="Begränsad behandling", en="Restricted"),
            Text(sv="Artikel 18: bara lagring.", en="Art. 18: storage only."),
            "bool",
        ),
        said("gdpr_review_answer", Text(sv="Svar vid genomgång", en="Review answer"), REVIEW, "enumeration", ANSWERS),
        said("gdpr_review_answered_on", Text(sv="Svarat den", en="Answered on"), REVIEW, "date"),
        said("gdpr_not_relevant_since", Text(sv="Inte relevant sedan", en="Not relevant since"), LEFT, "date"),
        said("gdpr_not_relevant_why", Text(sv="Inte relevant, orsak", en="Not relevant, why"), LEFT),
        flagged("gdpr_customer", Text(sv="Kund (manuell flagga)", en="Customer (manual flag)"), "bool"),
        flagged("gdpr_customer_why", Text(sv="Kundflagga, orsak", en="Customer flag, reason")),
        flagged("gdpr_customer_by", Text(sv="Kundflagga satt av", en="Customer flag by")),
        flagged("gdpr_customer_until", Text(sv="Kundflaggan omprövas", en="Customer flag reviewed on"), "date"),
    ),
    subscriptions=(
        Subscription(event_type="contact.propertyChange", property_name="gdpr_review_answer", handler=answered),
    ),
    jobs=(
        Job(name="retention.take_undated", run=take_undated, cron="45 1 * * *"),
        Job(name="retention.plan", run=plan_night, after=("dialogue.conclude",)),
        Job(name="retention.remind", run=remind, after=("retention.plan",)),
        Job(name="retention.ask_about_unclear", run=ask_about_unclear, after=("retention.plan",)),
        Job(name="retention.reconsider", run=reconsider, after=("retention.plan",)),
        Job(name="retention.propose", run=propose, after=("retention.plan",)),
        Job(name="retention.look_through", run=look_through, cron="0 5 * * 0"),
        Job(name="retention.apply", run=apply_plan),
        Job(name="retention.go_on", run=go_on, cron="20 * * * *"),
    ),
    export_sections=(
        ExportSection(
            title=Text(sv="Låsning, begränsning och genomgång", en="Hold, restriction and review"),
            read=read,
            covers=frozenset(NAMES),
        ),
    ),
    holdings=(
        kept_in_hubspot(CATEGORY, "Låsning, begränsning, svar vid genomgång", "Hold, restriction, review answers"),
        kept_by_us("plans", "Planer", "Plans", "plans", Text(sv="36 månader", en="36 months")),
    ),
    gauges=(
        Gauge(
            name="crm_gdpr_promise_debt",
            help="People past their date, by what stands in the way",
            label="cause",
            read=debt,
        ),
    ),
)
