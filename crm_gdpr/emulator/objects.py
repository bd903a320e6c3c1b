"""Records come to be and change: history is kept, associations follow, apps are told."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crm_gdpr.emulator.account import Event, locked
from crm_gdpr.emulator.actor import Actor
from crm_gdpr.emulator.checking import Checking
from crm_gdpr.emulator.errors import Malformed, NotFound
from crm_gdpr.emulator.instants import text, to_ms
from crm_gdpr.emulator.kind import Kind
from crm_gdpr.emulator.mail_headers import mail_ends
from crm_gdpr.emulator.pipelines import STAGE_OF
from crm_gdpr.emulator.records import Record, id_number
from crm_gdpr.emulator.stages import Stage, closing
from crm_gdpr.emulator.unique import ADDITIONAL, held

Target = tuple[str, int, int | None]
"""What to associate a new record with: object type, id, association type (None is the unlabelled one)."""


class Objects(Checking):
    """Create, read and update."""

    @locked
    def create(
        self,
        kind: str,
        properties: Mapping[str, object],
        *,
        actor: Actor,
        targets: Sequence[Target] = (),
        trusted: bool = False,
    ) -> Record:
        """Make a record. ``trusted`` callers own the account: they may set what is read-only and date it back."""
        values = self._in_order(kind, properties, actor, targets, trusted=trusted)
        record = self._put(self.kinds[kind], values, actor)
        dated_back = self.kinds[kind].created in values
        self._announce(record, actor, self.clock.now_ms() if dated_back else record.created_ms)
        self._associate_new(record, targets, actor)
        return record

    @locked
    def update(
        self, kind: str, id_: int, properties: Mapping[str, object], *, actor: Actor, trusted: bool = False
    ) -> list[str]:
        """Change a live record; return the names whose values became other than they were."""
        record = self.record(kind, id_)
        values = self.acceptable(kind, properties, record, actor=actor, trusted=trusted)
        values |= self._addresses_beside(record, values)
        names_it = bool(values.keys() & {*self.catalogues[kind].unique, ADDITIONAL})
        if names_it:
            self._unindex(record)
        changed = record.write(values, self.clock.now_ms(), actor)
        if names_it:
            self._index(record)
        if changed:
            self._changed(record, changed, actor)
        return changed

    def _addresses_beside(self, record: Record, values: Mapping[str, str]) -> dict[str, str]:
        """What becomes of a contact's additional addresses when its first is another."""
        before, after = record.properties.get("email", ""), values.get("email", "")
        if record.kind != "contacts" or after in ("", before) or ADDITIONAL in values:
            return {}
        beside = [one for one in record.properties.get(ADDITIONAL, "").split(";") if one not in ("", after)]
        stays = [before] if before and self.switches.old_address_stays else []
        return {ADDITIONAL: ";".join([*beside, *stays])}

    @locked
    def reachable(self, kind: str, targets: Sequence[Target]) -> None:
        """Refuses to associate with what is not there or in a way that does not exist."""
        for to_kind, to_id, type_id in targets:
            self.record(to_kind, to_id)
            self.type_between(kind, to_kind, type_id)

    @locked
    def find(
        self, kind: str, value: str, by: str | None = None, *, archived: bool = False, merged: bool = True
    ) -> Record:
        """Look a record up by id, where ``merged`` ones lead to their heir, or by a unique property."""
        shelf = self.bin[kind] if archived else self.live[kind]
        if by in (None, "hs_object_id"):
            found = shelf.get(self.heir(kind, id_number(value)) if merged else id_number(value))
        else:
            found = self._holder(kind, str(by), value, archived=archived)
        if found is None:
            raise NotFound(self.kinds[kind].singular, value)
        return found

    def _in_order(
        self, kind: str, properties: Mapping[str, Any], actor: Actor, targets: Sequence[Target], *, trusted: bool
    ) -> Mapping[str, str]:
        """The values of a new record, when nothing speaks against it. A population is known to be in order."""
        if self.in_bulk:
            return properties
        self.reachable(kind, targets)
        return self.acceptable(kind, properties, actor=actor, trusted=trusted)

    def _holder(self, kind: str, by: str, value: str, *, archived: bool) -> Record | None:
        """Whoever has this unique value as its own; an additional address only if the switch says so."""
        if by not in self.catalogues[kind].unique:
            raise Malformed(f"Property {by} does not hold unique values")
        wanted = value.strip().lower()
        if archived:
            return next((r for r in self.bin[kind] if wanted in held(r, by)), None)
        found = self.live[kind].get(self._holders.get(kind, by, wanted) or -1)
        is_first = found is not None and found.properties.get(by, "").lower() == wanted
        return found if is_first or self.switches.find_by_additional_email else None

    def _put(self, kind: Kind, values: Mapping[str, str], actor: Actor) -> Record:
        at = values.get(kind.created) or self.clock.now()
        at_ms = to_ms(at)
        given = {name: value for name, value in values.items() if value != ""}
        record = Record(kind.name, next(self._ids), at_ms, at_ms, actor, {**actor.provenance(), **given})
        record.note({"hs_object_id": str(record.id), kind.created: at, "hs_createdate": at, **self._own(record)})
        self._stamp(record, at_ms)
        self.live[kind.name].put(record)
        self._index(record)
        self._expect(record)
        self._company_from_property(record, actor)
        return record

    def _own(self, record: Record) -> dict[str, str]:
        """What HubSpot fills in on every new record of this type."""
        values = record.properties
        own = closing(record.kind, self._stage(record), values, text(record.created_ms))
        if record.kind in ("contacts", "companies"):
            own["lifecyclestage"] = values.get("lifecyclestage", self.switches.first_lifecycle_stage)
        if record.kind == "contacts":
            domain = values.get("email", "").partition("@")[2]
            own |= {"hs_is_contact": "true", "hs_all_contact_vids": str(record.id), "hs_email_domain": domain}
        if record.kind == "emails":
            own |= mail_ends(values.get("hs_email_headers", ""))
        if record.kind == "deals" and "dealstage" in values:
            own["pipeline"] = values.get("pipeline") or self._pipeline_with("deals", values["dealstage"])
        if record.kind == "tickets":
            pipeline = values.get("hs_pipeline") or self._pipeline_with("tickets", values.get("hs_pipeline_stage", ""))
            own |= {"hs_pipeline": pipeline, "hs_ticket_id": str(record.id)}
        if values.get("hubspot_owner_id"):
            own["hubspot_owner_assigneddate"] = text(record.created_ms)
        return own | self._stage_entered(record, values, record.created_ms)

    def _stage(self, record: Record) -> Stage | None:
        return self.stage(record.kind, record.properties.get(STAGE_OF.get(record.kind, "")))

    def _pipeline_with(self, kind: str, stage_id: str) -> str:
        found = (p.id for p in self.pipelines_of(kind) for s in p.stages if s.id == stage_id)
        return next(found, "")

    def _stage_entered(self, record: Record, names: Iterable[str], at_ms: int) -> dict[str, str]:
        """The moment a deal or ticket came to the stage it is in."""
        stage = STAGE_OF.get(record.kind, "")
        return {"hs_v2_date_entered_current_stage": text(at_ms)} if stage in names else {}

    def _associate_new(self, record: Record, targets: Sequence[Target], actor: Actor) -> None:
        for to_kind, to_id, type_id in targets:
            self.associate((record.kind, record.id), (to_kind, to_id), type_id, actor=actor)
        self._recount((record.kind, record.id))

    def _announce(self, record: Record, actor: Actor, at_ms: int) -> None:
        """A creation, and one property change for every value that came with it, all at one moment."""
        if self.kinds[record.kind].is_told and self.listeners:
            self.tell(Event(record.kind, "creation", record.id, at_ms, actor, {"changeFlag": "CREATED"}))
            self._tell_values(record, record.properties, at_ms, actor)

    def _changed(self, record: Record, names: Sequence[str], actor: Actor) -> None:
        self._stamp(record, self.clock.now_ms())
        if "email" in names:
            self._calculate(record, {"hs_email_domain": record.properties.get("email", "").partition("@")[2]})
        self._calculate(record, closing(record.kind, self._stage(record), record.properties, self.clock.now()))
        self._calculate(record, self._stage_entered(record, names, record.updated_ms))
        if "hubspot_owner_id" in names:
            assigned = self.clock.now() if record.properties.get("hubspot_owner_id") else ""
            self._calculate(record, {"hubspot_owner_assigneddate": assigned})
        if "associatedcompanyid" in names:
            self._company_from_property(record, actor)
        if "hs_timestamp" in names:
            self._expect(record)
        if self.kinds[record.kind].is_activity:
            self._recount_around((record.kind, record.id))
        if self.kinds[record.kind].is_told:
            self._tell_values(record, names, record.updated_ms, actor)

    def _tell_values(self, record: Record, names: Iterable[str], at_ms: int, actor: Actor) -> None:
        catalogue = self.catalogues[record.kind].properties
        for name in list(names):
            if catalogue[name].is_told:
                value = {"propertyName": name, "propertyValue": record.properties.get(name, "")}
                self.tell(Event(record.kind, "propertyChange", record.id, at_ms, actor, value))

    def _index(self, record: Record) -> None:
        self._holders.add(record, self.catalogues[record.kind].unique)

    def _unindex(self, record: Record) -> None:
        self._holders.remove(record, self.catalogues[record.kind].unique)

    def _company_from_property(self, record: Record, actor: Actor) -> None:
        """Writing associatedcompanyid sets or clears the primary association; a company not there does neither."""
        if record.kind != "contacts":
            return
        node, wanted = ("contacts", record.id), record.properties.get("associatedcompanyid")
        primary = self.types.primary("contacts", "companies")
        present = self.primary_company(node)
        if primary and wanted and int(float(wanted)) in self.live["companies"]:
            self.associate(node, ("companies", int(float(wanted))), primary.id, actor=actor)
        elif primary and present is not None and not wanted:
            self.dissociate(node, ("companies", present), primary.id, actor=actor)
        if wanted:
            self._company_property(node)
