"""The words of objections: channels, scopes, states, tasks.  Every text for people in Swedish and English."""

from __future__ import annotations

from datetime import date

from crm_gdpr.policy import Text

CHANNELS = {
    "unsubscribe": Text(sv="Avregistrering i HubSpot", en="Unsubscribed in HubSpot"),
    "property": Text(sv="Angivet på kontakten", en="Set on the contact"),
    "link": Text(sv="Länken i informationen", en="The link in the notice"),
    "mail": Text(sv="Mejl", en="Mail"),
    "phone": Text(sv="Telefon", en="Phone"),
    "meeting": Text(sv="Möte", en="Meeting"),
    "told": Text(sv="På annat sätt", en="In another way"),
}
BY_COLLEAGUES = ("mail", "phone", "meeting", "told")
SCOPES = {
    "marketing": Text(sv="All direkt marknadsföring (artikel 21.2)", en="All direct marketing (Art. 21(2))"),
    "type": Text(sv="Ett slags utskick", en="One kind of mailing"),
    "processing": Text(sv="Behandlingen som sådan (artikel 21.1)", en="The processing as such (Art. 21(1))"),
}
STATES = {
    "holds": Text(sv="Gäller", en="Holds"),
    "withdrawn": Text(sv="Återtagen av personen", en="Withdrawn by the person"),
    "upheld": Text(sv="Bifallen", en="Upheld"),
    "overruled": Text(sv="Avslagen med skäl", en="Overruled with reasons"),
}
ENDED = Text(sv="Invändningen gäller inte längre.", en="The objection does not hold any more.")
NO_REASON = Text(sv="Skriv skälen.", en="Write the reasons.")
UNKNOWN = Text(sv="Invändningen finns inte.", en="There is no such objection.")
NOT_PENDING = Text(
    sv="Bara en invändning på andra grunder prövas, en gång.", en="Only an objection on other grounds is decided, once."
)
NOT_QUARANTINED = Text(
    sv="Kontakten är inte i karantän. Har personen ändrat sig: återta invändningen, med skäl.",
    en="The contact is not in quarantine. If the person changed their mind, withdraw the objection, with reasons.",
)
GONE = Text(sv="Kontakten finns inte i HubSpot.", en="The contact is not in HubSpot.")

TASK = Text(sv="Invändning: bekräfta, gör det ingen app når", en="Objection: confirm it, do what no app reaches")
QUARANTINE_TASK = Text(sv="Sagt nej tidigare: kontakta inte", en="Said no before: do not contact")
RESUBSCRIBED_TASK = Text(sv="Prenumererade igen trots sitt nej", en="Was subscribed again in spite of the no")
DECIDE_TASK = Text(sv="Invändning att pröva (artikel 21.1)", en="Objection to decide (Art. 21(1))")
QUARANTINED = Text(
    sv="Adressen tillhör någon som sagt nej {day} och kom tillbaka genom {source}. Ingen ägare, ingen marknadsföring. "
    "Är det någon annan: släpp i konsolen. Har personen ändrat sig: återta invändningen i konsolen.",
    en="The address belongs to somebody who said no on {day}, and it came back through {source}. No owner, no "
    "marketing. If it is somebody else, release it in the console. If they changed their mind, withdraw the objection.",
)
HELD_BACK = "[Nej / No] "
TO_DO = {
    "letter": Text(
        sv="Skicka bekräftelsen som ligger som anteckning.", en="Send the confirmation that lies here as a note."
    ),
    "marketable": Text(
        sv="Sätt kontakten som icke-marknadsföringskontakt: inget API når det.",
        en="Set the contact as a non-marketing contact: no API reaches that.",
    ),
    "sequence": Text(
        sv="Ta kontakten ur pågående sekvenser: inget API når dem.",
        en="Take the contact out of running sequences: no API reaches them.",
    ),
    "list": Text(
        sv="Undanta kontakten från den dynamiska listan {name}.", en="Exclude the contact from the active list {name}."
    ),
    "preferences": Text(
        sv="Avregistrera kontakten från alla utskick: HubSpot tog inte emot det.",
        en="Unsubscribe the contact from all mailings: HubSpot refused it.",
    ),
    "resubscribed": Text(
        sv="Kontakten är avregistrerad igen. Har personen själv valt att prenumerera: återta invändningen i konsolen.",
        en="The contact is unsubscribed again. If the person chose that, withdraw the objection in the console.",
    ),
    "decide": Text(
        sv="Pröva invändningen och svara personen med skäl, inom en månad; beslutet förs in i konsolen.",
        en="Decide the objection and answer the person with reasons within a month; enter the decision in the console.",
    ),
}


def both(text: Text) -> str:
    """Say it in both languages, for a portal that has but one."""
    return f"{text.sv} / {text.en}"


def channel(name: str) -> str:
    """Return what stands on the contact about how the no came."""
    return both(CHANNELS[name])


def quarantined(day: date, source: str) -> str:
    return both(QUARANTINED).format(day=day.isoformat(), source=source)
