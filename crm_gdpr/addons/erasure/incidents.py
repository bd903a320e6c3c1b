"""A deletion that was wrong is a personal data breach: 72 hours to notify, with the evidence (Art. 33)."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from crm_gdpr.addons.register.asking import Question, ask
from crm_gdpr.addons.register.links import console_link
from crm_gdpr.addons.register.owners import Owners
from crm_gdpr.policy import Text

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.errands import Errand
    from crm_gdpr.store.incidents import Incident

KIND = "incident"
WRONG = Text(sv="Felaktig radering: bedöm och anmäl före {by}", en="Wrong deletion: assess and notify before {by}")
BODY = (
    "<p>{why}</p><p>Artikel 33: anmälan till IMY inom 72 timmar om risk finns för personen. / "
    "Art. 33: notify the authority within 72 hours if there is a risk to the person.</p>"
    '<p><a href="{link}">{contact}</a></p><p>Loggboken / The ledger:</p><ul>{lines}</ul>'
)
DONE = "the officer has assessed it: the task in HubSpot is done"


def open_incident(env: Env, contact_id: str, *, why: str, by: str) -> None:
    """Start the clock for a deletion that was wrong; once for each person and case.

    Why stands in the task, and neither in the register nor in the ledger, which outlive the person.
    """
    case = env.store.cases.of(contact_id)
    key = f"{KIND}-{contact_id}-{case.opened_on if case else env.today()}"
    done = env.store.ledger.lines(subject=env.pseudonym(contact_id))
    incident = _registered(env, key)
    if incident is None:
        seen = ", ".join(str(line.seq) for line in done)
        incident = env.store.incidents.open(f"{key}: a wrong deletion; ledger lines {seen}", at=env.clock.now())
        before = incident.report_by.isoformat()
        env.record("incident.opened", actor=by, contact_id=contact_id, incident=incident.id, notify_before=before)
    by_then = f"{incident.report_by:%Y-%m-%d %H:%M} UTC"
    lines = "".join(f"<li>{line.seq} {line.at}: {line.action}, {escape(line.actor)}</li>" for line in done)
    link = console_link(env, f"people/{contact_id}")
    body = BODY.format(why=escape(why), link=link, contact=contact_id, lines=lines)
    said = Text(sv=WRONG.sv.format(by=by_then), en=WRONG.en.format(by=by_then))
    ask(env, Question(kind=KIND, key=key, owner=Owners(env).officer, subject=said, body=body,
                      contact_id=contact_id, due_on=incident.report_by.date(), urgent=True))  # fmt: skip


def close_incident(env: Env, errand: Errand) -> None:
    """Note that the officer has done what the task asks for."""
    incident = _registered(env, errand.key)
    if incident is not None:
        env.record("incident.closed", actor="somebody in HubSpot", contact_id=errand.contact_id, incident=incident.id)
        env.store.incidents.close(incident.id, DONE, at=env.clock.now())


def _registered(env: Env, key: str) -> Incident | None:
    return next((each for each in env.store.incidents.all() if each.what.startswith(f"{key}:")), None)
