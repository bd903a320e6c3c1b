"""The words that several pages share: verdicts, steps, states.  Each stands beside its sign, never colour alone."""

from __future__ import annotations

from crm_gdpr.addons.access.conduct import RIGHT, STATUSES, action
from crm_gdpr.policy import Text

__all__ = ["ACTIONS", "COUNTS", "HTTP", "KINDS", "NOT_DONE", "RIGHT", "STATES", "STATUSES", "STEPS", "VERDICTS", "done"]

VERDICTS = {
    "keep": Text(sv="Behålls", en="Kept"),
    "review": Text(sv="Genomgång", en="Review"),
    "archive": Text(sv="Arkivering", en="Archive"),
    "erase": Text(sv="Radering", en="Erasure"),
    "unknown": Text(sv="Oklart", en="Unknown"),
    "unjudged": Text(sv="Inte bedömd", en="Not judged"),
}
STEPS = {name: VERDICTS[name] for name in ("review", "archive", "erase")}
STATES = {
    "waiting": Text(sv="Väntar", en="Waiting"),
    "done": Text(sv="Klart", en="Done"),
    "skipped": Text(sv="Hoppades över", en="Skipped"),
    "failed": Text(sv="Misslyckades", en="Failed"),
}
COUNTS = {
    "yes": Text(sv="Räknas", en="Counts"),
    "no": Text(sv="Räknas inte", en="Does not count"),
    "unknown": Text(sv="Oklart", en="Unknown"),
    "planned": Text(sv="Planerat", en="Planned"),
}
KINDS = {
    "email": Text(sv="E-post", en="E-mail"),
    "call": Text(sv="Samtal", en="Call"),
    "meeting": Text(sv="Möte", en="Meeting"),
    "communication": Text(sv="Meddelande", en="Message"),
    "form": Text(sv="Formulär", en="Form"),
    "ticket": Text(sv="Ärende", en="Ticket"),
    "deal": Text(sv="Affär", en="Deal"),
    "note": Text(sv="Anteckning", en="Note"),
    "task": Text(sv="Uppgift", en="Task"),
    "unsubscribe": Text(sv="Avregistrering", en="Unsubscription"),
}
WHOSE = {
    "person": Text(sv="Personens", en="The person's"),
    "organisation": Text(sv="Organisationens", en="The organisation's"),
    "attested": Text(sv="Intygat", en="Attested"),
}
ACTIONS = {
    "plan.approved": Text(sv="Planen godkändes", en="The plan was approved"),
    "plan.applied": Text(sv="Planen genomfördes", en="The plan was carried out"),
}
DEBT = {
    "dry_run": Text(sv="inget är skarpt", en="nothing is armed"),
    "paused": Text(sv="allt är stoppat", en="everything is stopped"),
    "unapproved": Text(sv="planen väntar på godkännande", en="the plan waits for approval"),
    "cap": Text(sv="taket är nått", en="the cap is reached"),
    "failed": Text(sv="HubSpot vägrade", en="HubSpot refused"),
    "unknown": Text(sv="något är oklart", en="something is unknown"),
    "hold_asked": Text(sv="en begärd låsning väntar på svar", en="a hold that was asked for waits for an answer"),
    "reminding": Text(sv="ägaren påminns och har tid att svara", en="the owner is reminded and has time to answer"),
    "no_owner": Text(sv="ingen ägare att fråga", en="no owner to ask"),
}
HTTP = {
    400: Text(
        sv="Sidan hade blivit för gammal. Ladda om den och försök igen.",
        en="The page had grown too old. Load it again and retry.",
    ),
    403: Text(sv="Det får bara dataskyddsombudet göra.", en="Only the data protection officer may do that."),
    404: Text(sv="Sidan finns inte.", en="There is no such page."),
    405: Text(sv="Så kan sidan inte användas.", en="The page cannot be used like that."),
    500: Text(sv="Något gick fel hos oss.", en="Something went wrong on our side."),
}
NOT_DONE = Text(sv="Det gick inte", en="It did not work")


def done(name: str) -> Text:
    """Return what an action of the ledger was."""
    return ACTIONS.get(name) or action(name)
