"""The date of the last real dialogue, per person and per organisation, and the event it rests on."""

from crm_gdpr.addon import Addon, ExportSection, Job, Option, Property
from crm_gdpr.addons.dialogue.export import ATTESTED, read_standing
from crm_gdpr.addons.dialogue.handlers import SUBSCRIPTIONS, keep_up_waiting
from crm_gdpr.addons.dialogue.mirror import MIRROR
from crm_gdpr.addons.dialogue.reconcile import finish, nightly, read, weekly
from crm_gdpr.addons.register.__manifest__ import kept_in_hubspot
from crm_gdpr.policy import Text

CATEGORY = "dialogue"

STEPS = (
    Option(value="review", label=Text(sv="Genomgång", en="Review")),
    Option(value="archive", label=Text(sv="Arkivering", en="Archive")),
    Option(value="erase", label=Text(sv="Radering", en="Erasure")),
)


def shown(name: str, label: Text, help_: Text, type_: str = "string", options: tuple[Option, ...] = ()) -> Property:
    """A property about the person that follows the contact's own period."""
    return Property(name=name, label=label, help=help_, type=type_, options=options, personal=True, category=CATEGORY)


OURS = Text(sv="Beräknas varje natt; ändringar här skrivs över.", en="Computed every night; edits here are put back.")
BLOCKED = Text(
    sv="Personens tid har gått ut: undanta från utskick.", en="The person's time is up: leave out of mailings."
)
YOURS = Text(
    sv="Fyll i när ni talats vid utanför HubSpot; räknas i högst 12 månader.",
    en="Fill in after a talk outside HubSpot; counts for at most 12 months.",
)

addon = Addon(
    name="dialogue",
    summary="Find the last real dialogue of everyone, every night, and name the event.",
    depends=("register",),
    properties=(
        shown("gdpr_last_dialogue_on", Text(sv="Senaste dialog", en="Last dialogue"), OURS, "date"),
        shown("gdpr_last_dialogue_event", Text(sv="Händelsen bakom", en="The event behind it"), OURS),
        shown("gdpr_stage", Text(sv="Steg", en="Stage"), OURS, "enumeration", STEPS[:2]),
        shown("gdpr_next_step", Text(sv="Nästa steg", en="Next step"), OURS, "enumeration", STEPS),
        shown("gdpr_next_step_on", Text(sv="Nästa steg den", en="Next step on"), OURS, "date"),
        shown("gdpr_next_step_why", Text(sv="Varför", en="Why"), OURS),
        shown("gdpr_marketing_blocked", Text(sv="Ingen marknadsföring", en="No marketing"), BLOCKED, "bool"),
        shown("gdpr_attested_on", Text(sv="Intygat samtal den", en="Attested talk on"), YOURS, "date"),
        shown("gdpr_attested_reason", Text(sv="Om det intygade samtalet", en="About the attested talk"), YOURS),
    ),
    subscriptions=SUBSCRIPTIONS,
    jobs=(
        Job(name="dialogue.reconcile", run=nightly, cron="0 2 * * 1-6"),
        Job(name="dialogue.reconcile_fully", run=weekly, cron="0 2 * * 0"),
        Job(name="dialogue.read", run=read),
        Job(name="dialogue.keep_up", run=keep_up_waiting, cron="*/10 * * * *", queue="interactive", patient=True),
        Job(name="dialogue.conclude", run=finish),
    ),
    export_sections=(
        ExportSection(
            title=Text(sv="Senaste dialog och nästa steg", en="Last dialogue and next step"),
            read=read_standing,
            covers=frozenset((*MIRROR, *ATTESTED)),
        ),
    ),
    holdings=(kept_in_hubspot(CATEGORY, "Senaste dialog och vad som följer", "Last dialogue and what follows"),),
)
