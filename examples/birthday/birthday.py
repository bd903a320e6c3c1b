"""Keep the day of the next birthday greeting on each contact whose birthday is known."""

from datetime import date, timedelta

from crm_gdpr.addon import Addon, ExportSection, Holding, Job, Property
from crm_gdpr.policy import Text

NAME, READ = "birthday_greeting_on", ("date_of_birth", "birthday_greeting_on", "gdpr_objected_on")
TITLE = Text(sv="Nästa födelsedagshälsning", en="Next birthday greeting")


def next_greeting(born: str | None, today: date) -> str | None:
    """Return the next birthday, today included; who is born on 29 February is greeted on 1 March in other years."""
    try:
        birthday = date.fromisoformat(born or "")
    except ValueError:  # HubSpot's field takes any text
        return None
    first, days = birthday.replace(day=1), timedelta(birthday.day - 1)
    return min(d for d in (first.replace(year=today.year + n) + days for n in (0, 1)) if d >= today).isoformat()


def move_on(env):
    """Write the next greeting where it changed; nobody who objected is greeted (Art. 21)."""
    for page in env.hubspot.pages("contacts", READ):
        for contact in page:
            born, had, objected = (contact.properties.get(name) or None for name in READ)
            wanted = None if objected else next_greeting(born, env.today())
            if wanted != had:
                env.hubspot.update("contacts", contact.id, {NAME: wanted or ""})


def read(env, contact_id):
    """Return what the access answer says (Art. 15)."""
    contact = env.hubspot.read("contacts", contact_id, [NAME])
    return [] if contact is None else [{"name": NAME, "value": contact.properties.get(NAME)}]


held = {"purpose": "sales", "legal_basis": "legitimate_interest", "where": "HubSpot: contact"}
period = Text(sv="Så länge kontakten finns kvar.", en="For as long as the contact is kept.")
addon = Addon(
    name="birthday",
    summary="Say when each contact is to be wished a happy birthday.",
    depends=("objection",),
    properties=(Property(name=NAME, label=TITLE, help=TITLE, type="date", personal=True, category="birthday"),),
    jobs=(Job(name="birthday.move_on", run=move_on, cron="0 5 * * *"),),
    export_sections=(ExportSection(title=TITLE, read=read, covers=frozenset({NAME})),),
    holdings=(Holding(category="birthday", title=TITLE, period=period, **held),),
)
