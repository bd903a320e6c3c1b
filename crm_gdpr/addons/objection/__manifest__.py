"""No more contact, and it stays that way (Art. 21)."""

from crm_gdpr.addon import Addon, ExportSection, Holding, Job, Option, Property, Subscription
from crm_gdpr.addons.objection.effects import enforce
from crm_gdpr.addons.objection.export import read
from crm_gdpr.addons.objection.handlers import arrived, deleted, heard, meet_waiting
from crm_gdpr.addons.objection.person import MARK, NO_CONTACT, OURS, OWNER, QUARANTINE, RESTRICTED
from crm_gdpr.addons.objection.scan import forget, scan, scan_fully
from crm_gdpr.addons.objection.taking import take_later
from crm_gdpr.addons.objection.views import blueprint
from crm_gdpr.addons.register.__manifest__ import kept_in_hubspot
from crm_gdpr.policy import Text

CATEGORY = "objection"
SAYS_NO = (
    Option(value="no_contact", label=Text(sv="Vill inte bli kontaktad", en="No more contact")),
    Option(value="on_grounds", label=Text(sv="Invänder mot behandlingen", en="Objects to the processing")),
)
WHILE = Text(
    sv="Så länge nejet gäller; det som återtagits i 24 månader.",
    en="While the no holds; what was withdrawn for 24 months.",
)


def shown(name: str, label: Text, help_: Text, type_: str = "string", options: tuple[Option, ...] = ()) -> Property:
    """Something that stands on the contact about its no."""
    return Property(name=name, label=label, help=help_, type=type_, options=options, personal=True, category=CATEGORY)


def kept(category: str, title: Text, where: str) -> Holding:
    """What we keep to honour the no: an obligation of ours (Art. 21(3))."""
    return Holding(
        category=category,
        title=title,
        purpose="keep_records_right",
        legal_basis="legal_obligation",
        where=f"store: {where}",
        period=WHILE,
    )


OURS_ALONE = Text(sv="Sätts av systemet; ändringar här skrivs över.", en="Set by the system; edits here are put back.")
MOVED = "contact.propertyChange"
SAID = ("hs_email_optout", NO_CONTACT, *MARK, *QUARANTINE, RESTRICTED)
KNOWN_BY = ("email", "phone", "mobilephone")

addon = Addon(
    name="objection",
    summary="Take a no, make it hold on every channel, and know people who said it when they come back.",
    depends=("register", "retention"),
    properties=(
        shown(
            NO_CONTACT,
            Text(sv="Personen säger nej", en="The person says no"),
            Text(sv="Fyll i när personen säger nej till er.", en="Fill in when the person says no to you."),
            "enumeration",
            SAYS_NO,
        ),
        shown("gdpr_objected_on", Text(sv="Invände den", en="Objected on"), OURS_ALONE, "date"),
        shown("gdpr_objected_how", Text(sv="Invände hur", en="Objected how"), OURS_ALONE),
        shown("gdpr_quarantined_on", Text(sv="I karantän den", en="In quarantine on"), OURS_ALONE, "date"),
        shown("gdpr_quarantine_why", Text(sv="I karantän, varför", en="In quarantine, why"), OURS_ALONE),
    ),
    subscriptions=(
        Subscription(event_type="contact.creation", handler=arrived, many=True),
        Subscription(event_type="contact.merge", handler=arrived, many=True),
        Subscription(event_type="contact.restore", handler=arrived, many=True),
        Subscription(event_type="contact.deletion", handler=deleted, many=True),
        *(
            Subscription(event_type=MOVED, property_name=name, handler=arrived, many=True)
            for name in (*KNOWN_BY, OWNER)
        ),
        *(Subscription(event_type=MOVED, property_name=name, handler=heard, many=True) for name in SAID),
    ),
    jobs=(
        Job(name="objection.take", run=take_later, queue="interactive", lasting=True),
        Job(name="objection.enforce", run=enforce, queue="interactive"),
        Job(name="objection.meet_waiting", run=meet_waiting, cron="*/10 * * * *", queue="interactive"),
        Job(name="objection.scan", run=scan, cron="20 1 * * 1-6"),
        Job(name="objection.scan_fully", run=scan_fully, cron="20 1 * * 0"),
        Job(name="objection.forget", run=forget, cron="50 4 * * *"),
    ),
    blueprints=(blueprint,),
    export_sections=(
        ExportSection(
            title=Text(sv="Invändning mot kontakt", en="Objection to contact"), read=read, covers=frozenset(OURS)
        ),
    ),
    holdings=(
        kept_in_hubspot(CATEGORY, "Invändning mot kontakt", "Objection to contact"),
        kept("objections", Text(sv="Invändningar", en="Objections"), "objections"),
        kept(
            "suppression",
            Text(
                sv="Spärrlista: kodade kontrollsummor av adresser och telefonnummer",
                en="Suppression list: keyed hashes of addresses and telephone numbers",
            ),
            "suppressions",
        ),
    ),
)
