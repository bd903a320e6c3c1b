"""What is left of an erased person where no API removes it: named in the case, and asked of the officer once.

What was sent through forms outlives a contact that went by the recycle bin; it is known again by the keyed hashes of
the addresses that the case keeps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from crm_gdpr.addons.register.asking import Question, ask
from crm_gdpr.addons.register.links import console_link, record_link
from crm_gdpr.addons.register.owners import Owners
from crm_gdpr.policy import Text
from crm_gdpr.policy.addresses import email_of

if TYPE_CHECKING:
    from datetime import date

    from crm_gdpr.env import Env
    from crm_gdpr.store.cases import Case
    from crm_gdpr.sync.submissions import Submission

SUBJECT = Text(
    sv="Ta bort det som är kvar av en raderad person: {n}", en="Remove what is left of an erased person: {n}"
)
WHAT = {
    "files": Text(sv="Nämner filen personen? Radera den då.", en="Does the file name the person? Then delete it."),
    "forms": Text(sv="Radera det inskickade svaret.", en="Delete the submission."),
    "threads": Text(
        sv="Är konversationen personens egen: radera den. Annars: radera det i den som nämner personen.",
        en="If the conversation is the person's own, delete it. Otherwise delete what in it names the person.",
    ),
    "feedback_submissions": Text(sv="Radera enkätsvaret.", en="Delete the survey answer."),
}
TEXT = Text(
    sv="Nämner texten personen? HubSpot minns ändringar: gör posten utan namnet om den ska vara fri från det.",
    en="Does the text name the person? HubSpot remembers changes: make the record anew without the name if it is to be "
    "free of it.",
)
STILL = Text(
    sv="Vad personen heter går att läsa i HubSpots papperskorg till och med {on}.",
    en="What the person is called can be read in HubSpot's recycle bin until {on}.",
)


def ask_for_rest(env: Env, case: Case, *, until: date | None = None) -> None:
    """Lay one task with a link to each place that is new since the last one; `until` the bin still tells the name."""
    asked = case.frozen.get("asked", ())
    new = [ref for ref in case.frozen.get("left", ()) if ref not in asked]
    if not new:
        return
    key = f"left-{case.contact_id}-{case.opened_on}-{len(asked)}"
    said = Text(sv=SUBJECT.sv.format(n=len(new)), en=SUBJECT.en.format(n=len(new)))
    case_link = f'<p><a href="{console_link(env, f"people/{case.contact_id}")}">{case.contact_id}</a></p>'
    case_link += f"<p>{STILL.sv.format(on=until)} / {STILL.en.format(on=until)}</p>" if until else ""
    body = f"{case_link}<ul>{''.join(_line(env, ref) for ref in new)}</ul>"
    ask(env, Question(kind="left", key=key, owner=Owners(env).officer, subject=said, body=body,
                      contact_id=case.contact_id, due_on=until))  # fmt: skip
    env.store.cases.keep(case.contact_id, {"asked": new})


def name_submissions(env: Env, cases: Iterable[Case]) -> None:
    """Look through the forms once for what some erased people sent, and name it in their cases; unread ones too."""
    whose: dict[str, str] = {}
    for case in cases:
        whose |= dict.fromkeys(case.frozen.get("addresses", ()), case.contact_id)
    if not whose:
        return
    found: dict[str, list[str]] = {contact_id: [] for contact_id in whose.values()}
    forms = env.hubspot.known_forms()
    unread = ["forms"] if forms is None else []
    for form in forms or ():
        submitted = env.hubspot.submitted(form.id)
        if submitted is None:
            unread.append(f"forms/{form.id}")
        for sent in submitted or ():
            for contact_id in {whose[each] for each in _digests(env, sent) if each in whose}:
                found[contact_id].append(f"forms/{form.id}/{sent.at and sent.at.isoformat()}")
    for contact_id, refs in found.items():
        env.store.cases.keep(contact_id, {"left": refs, "unread": unread})


def _digests(env: Env, sent: Submission) -> frozenset[str]:
    values: Sequence[str] = [value for _, value in sent.values if "@" in value]
    return env.digests([("email", email_of(value) or value.lower()) for value in values])


def _line(env: Env, ref: str) -> str:
    kind, _, id_ = ref.partition("/")
    words: Mapping[str, Text] = WHAT
    what = words.get(kind, TEXT)
    return f'<li><a href="{record_link(env, kind, id_)}">{ref}</a>: {what.sv} / {what.en}</li>'
