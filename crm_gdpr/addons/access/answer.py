"""Put the answer together: read what is held, ask policy how long, and say what Art. 15 says must come with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crm_gdpr.addons.access.data import Reader
from crm_gdpr.addons.access.information import Circumstances, information
from crm_gdpr.addons.access.meaning import Meaning, same
from crm_gdpr.addons.access.model import Answer, Field, Part, Row
from crm_gdpr.addons.access.wording import label
from crm_gdpr.policy import Facts, Text, classify, decide

if TYPE_CHECKING:
    from crm_gdpr.env import Env

USAGE = "hs_analytics_"
CONTACT = Text(sv="Dina kontaktuppgifter", en="Your contact record")
WEBSITE = Text(sv="Hur du använt webbplatsen", en="How you used the website")


def compose(env: Env, contact_id: str) -> Answer | None:
    """Return the answer to one person; None when HubSpot no longer knows them."""
    reader = Reader(env, env.hubspot.interactive(), contact_id)
    meaning = reader.meaning("contacts")
    record = reader.contact(meaning.names)
    if record is None:
        return None
    sections = list(_sections(env, contact_id, meaning))
    covered = frozenset[str]().union(*(s.covers for s in env.registry.export_sections))
    own = {name: value for name, value in record.properties.items() if value and name not in covered}
    parts = (*_contact_parts(own, meaning), *reader.parts(), *sections)
    circumstances = _circumstances(env, contact_id, record.properties, parts)
    return Answer(
        contact_id=contact_id,
        controller=env.policy.controller.name,
        contact=env.policy.controller.contact,
        made_on=env.today(),
        information=information(circumstances),
        parts=parts,
    )


def _contact_parts(own: Mapping[str, str], meaning: Meaning) -> Iterator[Part]:
    """Split the contact's own values into contact details and usage."""
    usage = {name: value for name, value in own.items() if name.startswith(USAGE)}
    details = {name: value for name, value in own.items() if name not in usage}
    named = (("contacts", CONTACT, "contact_details", details), ("usage", WEBSITE, "usage", usage))
    for kind, title, category, values in named:
        fields = tuple(meaning.field(name, value) for name, value in sorted(values.items()))
        rows = (Row(same(""), fields),) if fields else ()
        yield Part(kind, title, category, rows, len(rows))


def _sections(env: Env, contact_id: str, meaning: Meaning) -> Iterator[Part]:
    """Read what each addon exports; sections without a value are left out."""
    category = {p.name: p.category for p in env.registry.properties}
    for section in env.registry.export_sections:
        rows = [row for each in section.read(env, contact_id) if (row := _row(each, meaning)).fields]
        kept = {category[name] for name in section.covers if name in category}
        if rows:
            yield Part("section", section.title, min(kept, default="rights"), tuple(rows), len(rows))


def _row(values: Mapping[str, Any], meaning: Meaning) -> Row:
    """A row that names a property is read in that property's words; any other as it stands."""
    name, value = values.get("name"), values.get("value")
    if isinstance(name, str):
        rest = {k: v for k, v in values.items() if k not in ("name", "value")}
        first = (meaning.field(name, str(value)),) if value else ()
        return Row(same(""), (*first, *_plain(rest)) if first else ())
    return Row(same(""), tuple(_plain(values)))


def _plain(values: Mapping[str, Any]) -> Iterator[Field]:
    """Values that are no property: a `Text` speaks for itself."""
    for name, value in values.items():
        if value not in (None, ""):
            text = value if isinstance(value, Text) else same(str(value))
            yield Field(name, label(name), text, text.en)


def _circumstances(
    env: Env, contact_id: str, properties: Mapping[str, str | None], parts: Iterable[Part]
) -> Circumstances:
    known = env.store.index.known(contact_id)
    facts = None if known is None else _as_if_answered(known.facts)
    present = {part.category for part in parts if part.included} | {"rights", "requests", "packages", "ledger"}
    return Circumstances(
        policy=env.policy,
        holdings=env.registry.holdings,
        present=frozenset(present),
        properties=properties,
        facts=facts,
        verdict=None if facts is None else decide(facts, env.policy, env.today()),
        source=classify(properties, env.policy),
    )


def _as_if_answered(facts: Facts) -> Facts:
    """The period that will hold once this request is answered: an open request keeps, but only so long."""
    return replace(facts, contact=replace(facts.contact, request_open=False))
