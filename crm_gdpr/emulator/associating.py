"""How records become associated: the unlabelled type, the primary company, and the events both fire."""

from crm_gdpr.emulator.account import Event, locked
from crm_gdpr.emulator.actor import Actor
from crm_gdpr.emulator.association_types import AssociationType
from crm_gdpr.emulator.errors import Malformed
from crm_gdpr.emulator.links import Node
from crm_gdpr.emulator.pipelines import Piping


class Associating(Piping):
    """Adds and removes associations between live records."""

    @locked
    def associate(self, one: Node, other: Node, type_id: int | None = None, *, actor: Actor) -> None:
        """Associate with the given type, or the unlabelled one; a primary one brings the unlabelled along."""
        self.record(*one)
        self.record(*other)
        default = self.type_between(one[0], other[0], None)
        wanted = default if type_id is None else self.type_between(one[0], other[0], type_id)
        self._add(one, other, default, actor)
        if wanted.is_primary:
            self._make_primary(one, other, wanted, actor)
        else:
            self._add(one, other, wanted, actor)
            if self.switches.first_company_is_primary:
                self._first_is_primary(one, other, actor)
        self._counted(one, other)

    @locked
    def dissociate(self, one: Node, other: Node, type_id: int | None = None, *, actor: Actor) -> None:
        """Remove one type, or every one; without the unlabelled type no label stays either."""
        present = self.links.between(one, other)
        default = self.type_between(one[0], other[0], None).id
        going = present if type_id in (None, default) else tuple(t for t in present if t == type_id)
        self._lag(one, other)
        for gone in going:
            self.links.remove(one, other, gone)
            self._told_of(one, other, self.type_between(one[0], other[0], gone), actor, removed=True)
        self._company_property(one)
        self._company_property(other)
        self._counted(one, other)

    def type_between(self, from_kind: str, to_kind: str, type_id: int | None) -> AssociationType:
        known = (
            self.types.unlabelled(from_kind, to_kind)
            if type_id is None
            else self.types.get(from_kind, to_kind, type_id)
        )
        if known is None:
            raise Malformed(f"Association type {type_id} does not exist from {from_kind} to {to_kind}")
        return known

    def primary_company(self, node: Node) -> int | None:
        """The company whose primary association this contact, deal or ticket has."""
        primary = self.types.primary(node[0], "companies")
        linked = self.links.of(node, "companies")
        return next((id_ for id_, types in linked.items() if primary and primary.id in types), None)

    def _add(self, one: Node, other: Node, type_: AssociationType, actor: Actor) -> None:
        self._lag(one, other)
        if self.links.add(one, other, type_):
            self._told_of(one, other, type_, actor, removed=False)

    def _lag(self, one: Node, other: Node) -> None:
        """Let the index find out later what is about to change."""
        if lag_ms := self.switches.association_lag_ms:
            now_ms = self.clock.now_ms()
            self.lagging.note(one, other, self.links.between(one, other), now_ms, lag_ms)
            self.lagging.note(other, one, self.links.between(other, one), now_ms, lag_ms)

    def _first_is_primary(self, one: Node, other: Node, actor: Actor) -> None:
        """Seen from either side: a contact, deal or ticket without a primary company takes this one."""
        for node, company in ((one, other), (other, one)):
            primary = self.types.primary(node[0], company[0]) if company[0] == "companies" else None
            if primary and self.primary_company(node) is None:
                self._make_primary(node, company, primary, actor)

    def _make_primary(self, one: Node, other: Node, type_: AssociationType, actor: Actor) -> None:
        node, company = (one, other) if other[0] == "companies" else (other, one)
        towards = type_ if other[0] == "companies" else self.type_between(node[0], "companies", type_.reverse_id)
        before = self.primary_company(node)
        if before is not None and before != company[1]:
            self.links.remove(node, ("companies", before), towards.id)
            self._told_of(node, ("companies", before), towards, actor, removed=True)
        self._add(node, company, towards, actor)
        self._company_property(node)

    def _company_property(self, node: Node) -> None:
        """Keep a contact's associatedcompanyid in step with its primary association."""
        contact = self.live["contacts"].get(node[1]) if node[0] == "contacts" else None
        if contact is not None:
            self._calculate(contact, {"associatedcompanyid": str(self.primary_company(node) or "")})

    def _counted(self, one: Node, other: Node) -> None:
        self._recount(one)
        self._recount(other)

    def _told_of(self, one: Node, other: Node, type_: AssociationType, actor: Actor, *, removed: bool) -> None:
        """One change is two events, one for each side."""
        if not self.listeners:
            return
        for here, there, type_id in ((one, other, type_.id), (other, one, type_.reverse_id)):
            if self.kinds[here[0]].is_told:
                name = f"{self.kinds[here[0]].singular}_to_{self.kinds[there[0]].singular}".upper()
                details = {
                    "associationType": name,
                    "fromObjectId": here[1],
                    "toObjectId": there[1],
                    "associationRemoved": removed,
                    "isPrimaryAssociation": type_.is_primary,
                }
                now_ms = self.clock.now_ms()
                towards = (there[0], type_id, type_.category)
                self.tell(Event(here[0], "associationChange", here[1], now_ms, actor, details, towards))
