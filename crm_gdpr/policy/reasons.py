"""The sentences in which a verdict explains itself.  Pure wording; the rules are in `retention.py`."""

from __future__ import annotations

from datetime import date

from crm_gdpr.policy.book import Ladder
from crm_gdpr.policy.dialogue import Considered
from crm_gdpr.policy.text import Text
from crm_gdpr.policy.verdict import ARCHIVE, ERASE, REVIEW, LastDialogue, Next, Reason

KINDS = {
    "emails": Text(sv="e-post {id}, mottagen {on}", en="email {id}, received {on}"),
    "calls": Text(sv="samtal {id}, genomfört {on}", en="call {id}, connected {on}"),
    "meetings": Text(sv="möte {id}, hållet {on}", en="meeting {id}, held {on}"),
    "communications": Text(sv="meddelande {id}, mottaget {on}", en="message {id}, received {on}"),
    "forms": Text(sv="formulär {id}, inskickat {on}", en="form {id}, submitted {on}"),
    "tickets": Text(sv="ärende {id}, öppnat {on}", en="ticket {id}, opened {on}"),
    "deals": Text(sv="affär {id}, flyttad {on}", en="deal {id}, moved {on}"),
    "attested": Text(sv="intygat samtal, räknat från {on}", en="attested talk, counted from {on}"),
}
OTHER = Text(sv="händelse {id}, {on}", en="event {id}, {on}")

STEPS = {
    REVIEW: Text(sv="genomgång", en="review"),
    ARCHIVE: Text(sv="arkivering", en="archive"),
    ERASE: Text(sv="radering", en="erasure"),
}


def named(ref: str, on: date) -> Text:
    """Name an event so that a person can find it: "meeting 48213, held 2025-02-03"."""
    kind, _, id_ = ref.partition("/")
    pattern = KINDS.get(kind, OTHER)
    return Text(sv=pattern.sv.format(id=id_, on=on), en=pattern.en.format(id=id_, on=on))


def rests_on(last: LastDialogue) -> Reason:
    what = named(last.ref, last.on)
    of = last.whose == "organisation"
    return Reason(
        "last_dialogue",
        Text(
            sv=f"Senaste dialogen{' med organisationen' if of else ''}: {what.sv}.",
            en=f"Last dialogue{' with the organisation' if of else ''}: {what.en}.",
        ),
        last.ref,
    )


def no_dialogue(created_on: date) -> Reason:
    text = Text(
        sv=f"Ingen dialog finns; räknat från att kontakten skapades {created_on}.",
        en=f"No dialogue on record; counted from the creation of the contact on {created_on}.",
    )
    return Reason("no_dialogue", text)


def no_clock() -> Reason:
    text = Text(
        sv="Varken dialog eller skapandedag är känd, så ingen frist kan räknas.",
        en="Neither a dialogue nor the day of creation is known, so no period can be counted.",
    )
    return Reason("no_clock", text)


def ended(on: date) -> Reason:
    text = Text(
        sv=f"Kundrelationen upphörde {on}; fristen räknas därifrån.",
        en=f"The relationship ended on {on}; the period counts from there.",
    )
    return Reason("relationship_ended", text)


def unanswered(ladder: Ladder) -> Reason:
    text = Text(
        sv=f"Vi sökte upp personen, som aldrig svarat: kortare frist, {ladder.erase_months} månader.",
        en=f"We looked the person up and they never answered: the shorter period, {ladder.erase_months} months.",
    )
    return Reason("unanswered", text)


def kept_by(code: str, ref: str | None = None, until: date | None = None) -> Reason:
    """One thing that keeps the record, whatever the dates."""
    text = KEEPS[code]
    tail = f" ({until})" if until else ""
    return Reason(code, Text(sv=f"{text.sv}{tail}.", en=f"{text.en}{tail}."), ref)


KEEPS = {
    "hold": Text(
        sv="Uppgifterna är låsta (tvist eller annat rättsligt skäl)",
        en="The record is on hold (a dispute or another legal ground)",
    ),
    "restricted": Text(sv="Behandlingen är begränsad (artikel 18)", en="Processing is restricted (Art. 18)"),
    "request_open": Text(sv="Personen har en obesvarad begäran", en="The person has an open request"),
    "customer": Text(sv="Organisationen är kund", en="The organisation is a customer"),
    "contract_runs": Text(sv="Avtalet gäller fortfarande", en="The contract still runs"),
    "open_deal": Text(sv="En affär är öppen", en="A deal is open"),
    "open_ticket": Text(sv="Ett ärende är öppet", en="A ticket is open"),
}


def planned(considered: Considered) -> Reason:
    event = considered.event
    text = Text(sv=f"Ett möte är planerat den {event.on}.", en=f"A meeting is planned for {event.on}.")
    return Reason("planned_meeting", text, event.ref)


def at_once(code: str, since: date) -> Reason:
    text = AT_ONCE[code]
    return Reason(code, Text(sv=text.sv.format(on=since), en=text.en.format(on=since)))


AT_ONCE = {
    "objected": Text(sv="Personen invände den {on} (artikel 21).", en="The person objected on {on} (Art. 21)."),
    "not_relevant": Text(
        sv="Kontakten är inte längre relevant sedan {on}.", en="The contact has not been relevant since {on}."
    ),
    "let_go": Text(
        sv="Ägaren släppte kontakten vid genomgången {on}.", en="The owner let the contact go in the review on {on}."
    ),
}


def erasure_requested(on: date) -> Reason:
    text = Text(
        sv=f"Personen begärde radering den {on} (artikel 17).", en=f"The person asked for erasure on {on} (Art. 17)."
    )
    return Reason("erasure_requested", text)


def person_decides() -> Reason:
    text = Text(
        sv="Kontakten hör till en kund: en människa avgör begäran inom en månad.",
        en="The contact belongs to a customer: a person decides on the request within a month.",
    )
    return Reason("customer_decision", text)


def due(step: str, since: date) -> Reason:
    what = STEPS[step]
    return Reason(
        f"{step}_due",
        Text(
            sv=f"{what.sv.capitalize()} är aktuell sedan {since}.", en=f"{what.en.capitalize()} is due since {since}."
        ),
    )


def standing(step: str, began: date, next_: Next) -> Reason:
    what, then = STEPS[step], STEPS[next_.step]
    text = Text(
        sv=f"{what.sv.capitalize()} pågår sedan {began}; {then.sv} tidigast {next_.on}.",
        en=f"{what.en.capitalize()} began on {began}; {then.en} no sooner than {next_.on}.",
    )
    return Reason(f"{step}_began", text)


def silent_until(next_: Next) -> Reason:
    text = Text(sv=f"Inget är aktuellt före {next_.on}.", en=f"Nothing is due before {next_.on}.")
    return Reason("not_due", text)


def unclear(considered: Considered) -> Reason:
    event, why = considered.event, considered.why
    text = Text(
        sv=f"Det är oklart om {event.ref} är en dialog. {why.sv}",
        en=f"It is not clear whether {event.ref} is a dialogue. {why.en}",
    )
    return Reason("unknown_event", text, event.ref)


def not_read(fact: str) -> Reason:
    text = Text(
        sv=f"{FACTS[fact].sv} är inte känt och kan skydda kontakten.",
        en=f"{FACTS[fact].en} is not known and may protect the contact.",
    )
    return Reason("unknown_fact", text, fact)


FACTS = {
    "hold": Text(sv="Om uppgifterna är låsta", en="Whether the record is on hold"),
    "restricted": Text(sv="Om behandlingen är begränsad", en="Whether processing is restricted"),
    "request_open": Text(sv="Om en begäran är öppen", en="Whether a request is open"),
    "attested": Text(sv="Om ett samtal är intygat", en="Whether a talk is attested"),
    "dialogue": Text(sv="Personens dialog", en="The person's dialogue"),
    "organisation": Text(sv="Organisationen", en="The organisation"),
    "organisation.customer": Text(sv="Om organisationen är kund", en="Whether the organisation is a customer"),
    "organisation.contract_until": Text(sv="Avtalets slut", en="The end of the contract"),
    "organisation.relationship_ended_on": Text(sv="Kundrelationens slut", en="The end of the relationship"),
    "organisation.open_deals": Text(sv="Om en affär är öppen", en="Whether a deal is open"),
    "organisation.open_tickets": Text(sv="Om ett ärende är öppet", en="Whether a ticket is open"),
    "organisation.dialogue": Text(sv="Organisationens dialog", en="The organisation's dialogue"),
}


def strange(value: str) -> Reason:
    text = Text(
        sv=f"Värdet är inte känt för policyn och räknas som okänt: {value}.",
        en=f"The policy does not know this value and takes it for unknown: {value}.",
    )
    return Reason("unknown_value", text)
