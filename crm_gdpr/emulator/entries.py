"""How the people, companies and events of the population are entered into an account."""

from collections.abc import Mapping

from crm_gdpr.emulator.account import Owner
from crm_gdpr.emulator.actor import Actor, user
from crm_gdpr.emulator.instants import to_ms
from crm_gdpr.emulator.people import Firm, Person
from crm_gdpr.emulator.portal import Portal
from crm_gdpr.emulator.submissions import Submission


def as_user(owner: Owner) -> Actor:
    return user(owner.user_id)


def details(person: Person, firm: Firm, owner: Owner) -> dict[str, str]:
    return {
        "email": person.email,
        "firstname": person.first,
        "lastname": person.last,
        "jobtitle": person.title,
        "phone": person.phone,
        "company": "" if firm.life.get("without_company") else firm.name,
        "hubspot_owner_id": owner.id,
        "lifecyclestage": firm.life.get("stage", "lead"),
        "hs_lead_status": "CONNECTED" if firm.silence else "NEW",
        "hs_language": "sv-se",
    }


def enter_firm(portal: Portal, firm: Firm, owner: Owner, contract_end: str) -> None:
    values = {
        "name": firm.name,
        "domain": firm.domain,
        "country": "Sweden",
        "lifecyclestage": firm.life.get("stage", "lead"),
        "hubspot_owner_id": owner.id,
        "contract_end_date": contract_end,
    }
    firm.id = portal.add_company(actor=as_user(owner), **values)


def enter_person(portal: Portal, person: Person, firm: Firm, values: Mapping[str, str], actor: Actor) -> None:
    targets = [("companies", int(firm.id), None)] if firm.id else []
    made = portal.create("contacts", values, actor=actor, targets=targets, trusted=True)
    person.id = str(made.id)
    if actor.source == "FORM":
        _sent_in(portal, person, actor.id, values)


def _sent_in(portal: Portal, person: Person, form_id: str, values: Mapping[str, str]) -> None:
    """The form that made the contact; what it says of conversions is in the contact already."""
    answers = (("email", person.email), ("firstname", person.first), ("lastname", person.last))
    at_ms, page = to_ms(values["recent_conversion_date"]), values["hs_analytics_first_url"]
    sent = Submission(portal.form_book.guid("submission"), form_id, at_ms, answers, page, "produkt")
    portal.form_book.submissions.append(sent)


def enter_activity(portal: Portal, kind: str, values: Mapping[str, str], person: Person, firm: Firm) -> None:
    portal.log(kind, [person.id], [firm.id] if firm.id else [], **values)


def enter_deal(portal: Portal, firm: Firm, owner: Owner) -> str:
    return portal.add_deal(
        contacts=[firm.people[0].id],
        companies=[firm.id],
        actor=as_user(owner),
        dealname=f"{firm.name}: licenser",
        amount=str(25_000 + 1_000 * len(firm.people)),
        hubspot_owner_id=owner.id,
        dealstage="qualifiedtobuy",
    )


def enter_ticket(portal: Portal, subject: str, person: Person, firm: Firm) -> str:
    return portal.add_ticket(
        contacts=[person.id],
        companies=[firm.id],
        actor=Actor("EMAIL", "support@example.com"),
        subject=subject,
        content=subject,
        source_type="EMAIL",
    )
