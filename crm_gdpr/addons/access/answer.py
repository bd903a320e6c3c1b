"""Put the answer together: what was read, how long policy keeps it, and what Art. 15 says must come with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from crm_gdpr.addons.access.around import UNREAD
from crm_gdpr.addons.access.conduct import label
from crm_gdpr.addons.access.gather import gather
from crm_gdpr.addons.access.information import Circumstances, information
from crm_gdpr.addons.access.kinds import PERHAPS
from crm_gdpr.addons.access.language import spoken
from crm_gdpr.addons.access.meaning import same
from crm_gdpr.addons.access.model import Answer, Attached, Field, Part, Row
from crm_gdpr.addons.access.portability import provided_kinds
from crm_gdpr.addons.access.reader import Reader, not_allowed
from crm_gdpr.policy import Facts, Text, classify, decide, steps_ahead

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.requests import Request

OURS = frozenset({"rights", "requests", "packages", "ledger"})  # this very request is in them
OF_A_NO = frozenset({"objections", "suppression"})

FILES = Text(sv="Bifogade filer", en="Attached files")


def compose(env: Env, request: Request) -> tuple[Answer, dict[str, bytes]] | None:
    """Return the answer to a request with its files, before anything is hidden; None for somebody no longer known."""
    contact_id = str(request.contact_id)
    reader = Reader(env, contact_id)
    found = gather(reader, request.id)
    if reader.record is None:
        return None
    properties = reader.record.properties
    before = reader.calls.total()
    part, files, contents = attachments(reader, found.files)
    fetched = reader.calls.total() - before
    parts = (*found.parts, part)
    answer = Answer(
        contact_id=contact_id,
        controller=env.policy.controller.name,
        contact=env.policy.controller.contact,
        made_on=env.today().isoformat(),
        language=spoken(request.language, properties.get("hs_language")),
        information=information(_circumstances(env, contact_id, properties, parts)),
        parts=parts,
        people=found.people,
        files=files,
        own=found.own,
        calls=found.calls + fetched,
        calls_for_all=reader.calls_for_all.total(),
        absent=tuple(kind.title for kind in PERHAPS if kind.name in reader.lacking.names),
        looked_on=reader.lacking.on.isoformat() if reader.lacking.on else "",
        provided=provided_kinds(properties),
        own_domains=env.policy.people.own_domains,
    )
    return answer, contents


def attachments(reader: Reader, hanging: Iterable[Attached]) -> tuple[Part, tuple[Attached, ...], dict[str, bytes]]:
    """Fetch the files that hang on what was read, two calls for each; one that is gone is counted.

    Where files may not be read, they are counted too, and told with the scope that is missing.
    """
    found: dict[str, Attached] = {}
    contents: dict[str, bytes] = {}
    wanted = {each.id: each for each in hanging}
    lacking = ""
    for id_, each in wanted.items():
        try:
            file = reader.hubspot.attachment(id_)
            content = None if file is None else reader.hubspot.download(file.url)
        except Exception as error:
            lacking = not_allowed(error) or ""
            if not lacking:
                raise
            continue
        if file is not None and content is not None:
            found[id_], contents[id_] = replace(each, name=file.name, size=file.size), content
    rows = tuple(_file_row(each) for each in found.values())
    gone = len(wanted) - len(found)
    part = Part("files", FILES, "correspondence", rows, len(wanted), {UNREAD: gone} if gone else {}, not_read=lacking)
    return part, tuple(found.values()), contents


def _file_row(file: Attached) -> Row:
    told = {"file": file.name, "size": f"{file.size} B", "belongs_to": file.ref}
    fields = tuple(Field(name, label(name), same(value), value) for name, value in told.items())
    return Row(same(""), fields, f"files/{file.id}")


def _circumstances(
    env: Env, contact_id: str, properties: Mapping[str, str | None], parts: Iterable[Part]
) -> Circumstances:
    known = env.store.index.known(contact_id)
    facts = None if known is None else _as_if_answered(known.facts)
    parts = tuple(parts)
    verdict = None if facts is None else decide(facts, env.policy, env.today())
    return Circumstances(
        policy=env.policy,
        holdings=env.registry.holdings,
        present=frozenset(part.category for part in parts if part.included)
        | OURS
        | (OF_A_NO if properties.get("gdpr_objected_on") else frozenset()),
        parts=parts,
        properties=properties,
        facts=facts,
        verdict=verdict,
        steps=steps_ahead(facts, env.policy, env.today(), verdict.reached) if facts and verdict else (),
        source=classify(properties, env.policy),
        portable=bool(provided_kinds(properties)),
    )


def _as_if_answered(facts: Facts) -> Facts:
    """The period that will hold once this request is answered: an open request keeps, but only so long."""
    return replace(facts, contact=replace(facts.contact, request_open=False))
